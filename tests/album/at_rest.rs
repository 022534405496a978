//! What lies on the disk of a household, and how names from outside become names here.

use std::path::Path;

use crate::house::forge::{Handmade, OpenGrant};
use crate::house::state::files_below;
use crate::house::{House, Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::rendition;
use hearthpost::rules::{Action, Tier};

const PART: usize = 4 << 20;

/// Bytes that look like nothing else.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ len as u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
    .take(len)
    .collect()
}

fn pair() -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    (village, a, b)
}

#[test]
fn files_of_every_awkward_length_are_kept_bit_for_bit() {
    let (village, mut a, mut b) = pair();
    let lengths = [1, 2, 57, PART - 1, PART, PART + 1, 9_000_000];
    let files = lengths.map(|len| {
        let path = a.folder.join(format!("{len}.bin"));
        std::fs::write(&path, noise(len)).expect("a file");
        path
    });
    let items = a.import(&files);
    let items: Vec<_> = items.iter().collect();
    let shared = a.share(&order(&items, &["home-b@b.example"], "store=full"));
    let share = shared.expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    let rows = b.home.album.rows();
    let last = b.items(&share).pop().expect("seven items");
    let parts = rows.tier_parts(last.id, Tier::Original).expect("rows");
    assert_eq!(parts.len(), 3);
    for (item, len) in b.items(&share).iter().zip(lengths) {
        let (viewed, kept) = b.view(&item.reference, "bob", Action::Store).expect("kept");
        assert_eq!(viewed.size, len as u64);
        assert!(kept == noise(len), "{len} bytes");
    }
}

/// Whether any file below a folder holds one of these slices of 32 bytes.
fn found(folder: &Path, slices: &[&[u8]]) -> bool {
    files_below(folder).iter().any(|file| {
        let bytes = std::fs::read(file).expect("a file");
        slices
            .iter()
            .any(|slice| bytes.windows(32).any(|window| window == *slice))
    })
}

#[test]
fn nothing_of_a_picture_or_file_lies_in_plain_on_either_disk() {
    let (village, mut a, mut b) = pair();
    let (lake, paper) = (a.folder.join("lake.jpg"), a.folder.join("paper.bin"));
    let original = picture(&lake, 1200, 800);
    std::fs::write(&paper, noise(300_000)).expect("a file");
    let items = a.import(&[lake, paper]);
    let rules = "display=full,store=full";
    let shared = a.share(&order(
        &[&items[0], &items[1]],
        &["home-b@b.example"],
        rules,
    ));
    let share = shared.expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    let tiers = rendition::tiers(&original).expect("tiers");
    let item = b.items(&share).remove(0).reference;
    let (_, shown) = b.view(&item, "bob", Action::Display).expect("shown");
    let (paper, middle) = (noise(300_000), |bytes: &[u8]| bytes.len() / 2);
    let mut slices: Vec<&[u8]> = Vec::new();
    for bytes in [&original, &tiers.preview, &tiers.thumb, &shown, &paper] {
        let at = middle(bytes);
        slices.push(&bytes[at..at + 32]);
        slices.push(&bytes[bytes.len() - 40..bytes.len() - 8]);
    }
    assert!(found(&a.folder, &slices), "the search works");
    for house in [&a, &b] {
        assert!(!found(&house.folder.join("data"), &slices));
        let temporary = files_below(&house.folder.join("data/temporary"));
        assert_eq!(temporary, Vec::<std::path::PathBuf>::new());
    }
    for mail in village.server.messages("people@p.example", "INBOX") {
        assert!(!mail.bytes.windows(5).any(|w| w == b"image"));
    }
}

#[test]
fn key_file_and_folders_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_village, a, _) = pair();
    for (name, mode) in [
        ("keys.toml", 0o600),
        ("album.sqlite", 0o600),
        ("parts", 0o700),
    ] {
        let path = a.folder.join("data").join(name);
        let found = std::fs::metadata(&path).expect("it is there").permissions();
        assert_eq!(found.mode() & 0o777, mode, "{name}");
    }
}

#[test]
fn names_from_outside_cannot_leave_their_folder_or_hide_their_end() {
    let (village, a, mut b) = pair();
    let about = serde_json::json!({
        "name": "../../etc/\u{7}ca\u{202e}gpj.exe", "media_type": "text/html\n", "caption": "a\u{1b}[2Jb",
        "taken": null, "width": null, "height": null, "duration_ms": null, "goes_with": null,
    });
    let about = about.to_string();
    let made = Handmade::new(
        &a,
        &[
            (Tier::Original, b"<script>"),
            (Tier::About, about.as_bytes()),
        ],
        |_, truth| truth,
    );
    let mut grant = OpenGrant::of(&made, &a, &b, "store=full");
    grant.grant.title = "Summer\r\nBcc: all\u{202e}".to_owned();
    village.deliver(&b, &grant.mail(&a, &b));
    village.deliver(&b, &made.mail(&a));
    village.sync(&mut b);
    let share = b.home.album.rows().shares().expect("rows").remove(0);
    assert_eq!(share.state, ShareState::Complete);
    assert_eq!(share.title, "Summer  Bcc: all");
    let item = b.items(&share.reference).remove(0);
    assert_eq!(item.name.as_deref(), Some("cagpj.exe"));
    assert_eq!(item.caption.as_deref(), Some("a[2Jb"));
    let (viewed, _) = b.view(&item.reference, "bob", Action::Store).expect("kept");
    assert_ne!(
        viewed.media_type, "text/html",
        "the sender's word counts for nothing"
    );
}

#[test]
fn about_that_cannot_be_read_costs_the_name_and_nothing_else() {
    let (village, a, mut b) = pair();
    let made = Handmade::new(
        &a,
        &[(Tier::Original, b"hello"), (Tier::About, b"{\"name\":1}")],
        |_, truth| truth,
    );
    let grant = OpenGrant::of(&made, &a, &b, "store=full");
    village.deliver(&b, &grant.mail(&a, &b));
    village.deliver(&b, &made.mail(&a));
    let done = village.sync(&mut b);
    assert_eq!((done.refused.len(), done.notified), (0, 1));
    let share = b.home.album.rows().shares().expect("rows").remove(0);
    let item = b.items(&share.reference).remove(0);
    assert_eq!(item.name, None);
    let (_, kept) = b.view(&item.reference, "bob", Action::Store).expect("kept");
    assert_eq!(kept, b"hello");
}

#[test]
fn bomb_in_a_picture_denies_itself_alone() {
    let (village, a, mut b) = pair();
    // A PNG of 64k by 64k pixels, and a JPEG that is cut short.
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend([
        0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 2, 0, 0, 0, 0, 0, 0, 0,
    ]);
    let jpeg = picture(&a.folder.join("cut.jpg"), 320, 200);
    for bytes in [png.as_slice(), &jpeg[..jpeg.len() / 2]] {
        let made = Handmade::new(
            &a,
            &[(Tier::Original, bytes), (Tier::About, b"{}")],
            |_, truth| truth,
        );
        let grant = OpenGrant::of(&made, &a, &b, "display=full,store=full,views=1");
        village.deliver(&b, &grant.mail(&a, &b));
        village.deliver(&b, &made.mail(&a));
        village.sync(&mut b);
        let shares = b.home.album.rows().shares().expect("rows");
        let share = shares.iter().find(|s| s.wire == made.manifest.share);
        let reference = share.expect("taken").reference.clone();
        let item = b.items(&reference).remove(0).reference;
        let fault = b.view(&item, "bob", Action::Display).expect_err("broken");
        assert_eq!(fault.code, "broken", "{}", fault.message);
        let (_, kept) = b.view(&item, "bob", Action::Store).expect("kept");
        assert!(kept == bytes);
    }
}
