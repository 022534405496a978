//! What the household's own album keeps, and how long: pictures to look at, originals, the bin, and a backup of it all.

use std::io::{Read, Seek, SeekFrom};
use std::time::Instant;

use crate::backups::{back_up, bring_back, while_closed};
use crate::house::state::files_below;
use crate::house::{House, order, picture};
use crate::own::{DAY, add, code, found, house, note, page, rows, who};
use hearthpost::sharing::own::{Size, Wanted};

#[test]
fn pictures_to_look_at_are_made_by_the_import_and_lie_sealed() {
    let (_village, mut house) = house();
    let bytes = picture(&house.folder.join("lake.jpg"), 2600, 1300);
    let (item, _) = add(&mut house, "lake.jpg", "ann", false);
    assert_eq!(house.home.own_pictures_missing(10), Ok(Vec::new()));
    let bob = who("bob");
    for (size, edges) in [(Size::Thumb, (320, 160)), (Size::Screen, (2048, 1024))] {
        let shown = house.home.own_picture(bob.as_ref(), &item.reference, size);
        let shown = shown.expect("a picture");
        let decoded = image::load_from_memory(&shown.jpeg).expect("a JPEG");
        assert_eq!((shown.width, shown.height), edges);
        assert_eq!((decoded.width(), decoded.height()), edges);
    }
    let begun = Instant::now();
    let thumb = house.home.own_picture(None, &item.reference, Size::Thumb);
    eprintln!("a thumb from the disk: {:?}", begun.elapsed());
    let thumb = thumb.expect("a picture").jpeg;
    let data = house.folder.join("data");
    for path in files_below(&data) {
        let stored = std::fs::read(&path).expect("a file");
        let holds = |part: &[u8]| stored.windows(part.len()).any(|window| window == part);
        assert!(
            !holds(&thumb[thumb.len() / 2..][..48]),
            "{}",
            path.display()
        );
        assert!(
            !holds(&bytes[bytes.len() / 2..][..48]),
            "{}",
            path.display()
        );
    }
}

#[test]
fn lost_or_damaged_pictures_are_made_again_and_what_is_none_is_said() {
    let (_village, mut house) = house();
    picture(&house.folder.join("lake.jpg"), 640, 400);
    let (item, _) = add(&mut house, "lake.jpg", "", false);
    let text = note(&house, "note.txt", "a note");
    let text = house.import(&[text]).remove(0);
    let show =
        |house: &mut House, reference: &str| house.home.own_picture(None, reference, Size::Thumb);
    let first = show(&mut house, &item.reference).expect("a picture");
    let pictures = house.folder.join("data/pictures");
    let only = |pictures| {
        let mut files = files_below(pictures);
        assert_eq!(files.len(), 1, "one file at a time");
        files.remove(0)
    };
    let stored = only(&pictures);
    let mut damaged = std::fs::read(&stored).expect("a file");
    damaged[200] ^= 1;
    std::fs::write(&stored, damaged).expect("written");
    assert_eq!(show(&mut house, &item.reference).as_ref(), Ok(&first));
    assert_ne!(only(&pictures), stored);
    std::fs::remove_file(only(&pictures)).expect("removed");
    assert_eq!(show(&mut house, &item.reference).as_ref(), Ok(&first));
    only(&pictures);
    assert_eq!(code(show(&mut house, &text.reference)), "no_picture");
    assert_eq!(code(show(&mut house, "nothing")), "unknown_item");
    // A row of earlier times, whose file was damaged since.
    rows(&mut house, &[("old.jpg", None)]);
    let missing = house.home.own_pictures_missing(10).expect("a list");
    assert_eq!(missing.len(), 1);
    assert_eq!(house.home.make_own_pictures(&missing), Ok(0));
    assert_eq!(code(show(&mut house, &missing[0])), "disk");
}

#[test]
fn original_is_read_at_any_place_without_a_copy_on_disk() {
    let (_village, mut house) = house();
    let bytes: Vec<u8> = (0..9_000_000u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(house.folder.join("film.bin"), &bytes).expect("a file");
    let (item, _) = add(&mut house, "film.bin", "ann", true);
    let before = files_below(&house.folder.join("data")).len();
    let ann = who("ann");
    let mut reader = house
        .home
        .own_original(ann.as_ref(), &item.reference)
        .expect("opens");
    assert_eq!((reader.name.as_str(), reader.size), ("film.bin", 9_000_000));
    reader.seek(SeekFrom::Start(4_194_300)).expect("sought");
    let mut piece = [0; 10];
    reader.read_exact(&mut piece).expect("read");
    assert_eq!(piece, bytes[4_194_300..4_194_310]);
    reader.seek(SeekFrom::End(-3)).expect("sought");
    let mut end = Vec::new();
    reader.read_to_end(&mut end).expect("read");
    assert_eq!(end, bytes[8_999_997..]);
    assert_eq!(files_below(&house.folder.join("data")).len(), before);
    let hidden = house
        .home
        .own_original(who("bob").as_ref(), &item.reference);
    assert_eq!(code(hidden.map(drop)), "unknown_item");
}

#[test]
fn what_is_deleted_lies_in_the_bin_for_thirty_days_and_is_then_gone_with_its_files() {
    let (village, mut house) = house();
    for name in ["lake.jpg", "hill.jpg"] {
        picture(&house.folder.join(name), 320 + name.len() as u32, 201);
    }
    picture(&house.folder.join("hill.jpg"), 330, 200);
    let (lake, _) = add(&mut house, "lake.jpg", "ann", false);
    let (hill, _) = add(&mut house, "hill.jpg", "ann", false);
    let now = house.now();
    let home = &mut house.home;
    let album = home.create_album("Walks", now).expect("made");
    let both = [lake.reference.clone(), hill.reference.clone()];
    home.add_to_album(None, &album, &both).expect("added");
    home.delete_items(who("bob").as_ref(), &both, now)
        .expect("deleted");
    assert_eq!(found(&house, "ann", ""), [""; 0]);
    assert_eq!(house.home.albums(None).expect("albums")[0].items, 0);
    let bin = Wanted {
        deleted: true,
        ..Wanted::default()
    };
    assert_eq!(page(&house, "ann", &bin).items.len(), 2);
    let shared = house.share(&order(&[&lake], &["home-a@a.example"], "display=640"));
    assert_eq!(code(shared.map(drop)), "self", "nobody is known here");
    house
        .home
        .undelete_items(who("ann").as_ref(), &both[1..])
        .expect("restored");
    assert_eq!(house.home.albums(None).expect("albums")[0].items, 1);

    house.wait(30 * DAY - 60);
    village.sync(&mut house);
    assert_eq!(page(&house, "ann", &bin).items.len(), 1);
    house.wait(120);
    village.sync(&mut house);
    assert_eq!(page(&house, "ann", &bin).items.len(), 0);
    assert_eq!(
        code(house.home.album_item(None, &lake.reference)),
        "unknown_item"
    );
    let files = |folder: &str| files_below(&house.folder.join("data").join(folder)).len();
    assert_eq!((files("files"), files("pictures")), (1, 1));
    assert_eq!(found(&house, "bob", ""), ["hill.jpg"]);
}

#[test]
fn adding_what_lies_in_the_bin_takes_it_out() {
    let (_village, mut house) = house();
    note(&house, "note.txt", "a note");
    let (item, _) = add(&mut house, "note.txt", "ann", false);
    let now = house.now();
    let one = [item.reference.clone()];
    house.home.delete_items(None, &one, now).expect("deleted");
    // For oneself alone it is another one: what is in the bin was everyone's.
    let (own, known) = add(&mut house, "note.txt", "bob", true);
    assert!(!known && own.reference != item.reference);
    let (again, known) = add(&mut house, "note.txt", "ann", false);
    assert_eq!((again.reference, known), (item.reference, true));
    assert_eq!(again.deleted, None);
    assert_eq!(found(&house, "ann", ""), ["note.txt"]);
}

#[test]
fn backup_leaves_out_what_can_be_made_again_and_what_was_still_coming() {
    let (_village, mut house) = house();
    picture(&house.folder.join("lake.jpg"), 640, 400);
    note(&house, "diary.txt", "dear diary");
    let (lake, _) = add(&mut house, "lake.jpg", "ann", false);
    let (diary, _) = add(&mut house, "diary.txt", "bob", true);
    let (ann, now) = (who("ann"), house.now());
    let home = &mut house.home;
    let diaries = [diary.reference.clone()];
    home.gather(None, "Papers", &diaries, now).expect("made");
    home.set_caption(None, &lake.reference, "At the lake")
        .expect("written");
    let upload = home.begin_upload(ann.as_ref(), "film.bin", 100, now);
    let upload = upload.expect("begun");
    let thumb = home.own_picture(None, &lake.reference, Size::Thumb);
    let file = house.folder.join("a.backup");
    assert_eq!(back_up(&mut house, &file).files, 2);
    let (mut house, done) = while_closed(house, |house| {
        bring_back(house, &file, true).expect("restored")
    });
    assert_eq!(done.missing.items, 0);
    assert_eq!(files_below(&house.folder.join("data/pictures")).len(), 0);
    assert_eq!(files_below(&house.folder.join("data/files")).len(), 2);
    let home = &mut house.home;
    assert_eq!(code(home.upload_state(None, upload)), "unknown_upload");
    let again = home.own_picture(who("bob").as_ref(), &lake.reference, Size::Thumb);
    assert_eq!(again, thumb);
    let item = home.album_item(None, &lake.reference).expect("is there");
    assert_eq!(item.caption, "At the lake");
    assert_eq!(found(&house, "ann", "diary"), [""; 0]);
    assert_eq!(found(&house, "bob", "diary"), ["diary.txt"]);
    assert_eq!(house.home.albums(None).expect("albums")[0].items, 1);
}
