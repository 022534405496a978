//! A share that a second implementation made comes in through the front door: its mails in the mailbox, the real poller.

use crate::elsewhere::{folder, identity, keys, read};
use crate::house::{House, Village};
use hearthpost::album::{Keys, ShareState};
use hearthpost::envelope::StorageKey;
use hearthpost::rules::Action;

/// The house whose keys the vectors publish, and which knows their sender.
fn house_b(village: &Village) -> House {
    let mut b = village.house("b", &["bob", "bea"]);
    b.take_keys(Keys {
        identity: identity("home-b"),
        encryption: keys("home-b"),
        storage: StorageKey::random(),
        former: Vec::new(),
        authority: None,
    });
    let now = b.now();
    let sender = "home-a@a.example".parse().expect("a mailbox");
    b.home
        .add_contact_file(&sender, &read("home-a/card.pem"), now)
        .expect("a contact");
    b
}

fn deliver(village: &Village, mail: &[u8]) {
    let crlf = String::from_utf8(mail.to_vec())
        .expect("ASCII")
        .replace("\r\n", "\n")
        .replace('\n', "\r\n");
    village
        .server
        .deliver("home-b@b.example", "INBOX", crlf.as_bytes())
        .expect("delivered");
}

#[test]
fn a_foreign_share_arrives_and_its_limits_are_carried_out() {
    let village = Village::new("ab");
    let mut b = house_b(&village);
    let missing = std::process::Command::new("sh")
        .arg("make-parts-original-02")
        .current_dir(folder("share-1"))
        .output()
        .expect("sh runs");
    assert!(missing.status.success());
    for part in [
        "about-01",
        "thumb-01",
        "preview-01",
        "original-01",
        "original-03",
    ] {
        deliver(&village, &read(&format!("share-1/parts-{part}.eml")));
    }
    deliver(&village, &read("share-1/letter.eml"));
    village.sync(&mut b);
    let shares = b.home.album.rows().shares().expect("rows");
    assert_eq!(
        shares[0].state,
        ShareState::Arriving,
        "one mail is still on its way"
    );
    deliver(&village, &missing.stdout);
    let done = village.sync(&mut b);
    assert_eq!(done.refused, Vec::<String>::new());
    let share = b.home.album.rows().shares().expect("rows").remove(0);
    assert_eq!(
        (share.state, share.title.as_str()),
        (ShareState::Complete, "Summer at the lake")
    );
    assert!(
        village
            .server
            .messages("home-b@b.example", "INBOX")
            .is_empty()
    );

    let items = b.home.album.rows().share_items(share.id).expect("rows");
    let lake = items[0].reference.clone();
    let (_, kept) = b.view(&lake, "bob", Action::Store).expect("bob keeps");
    assert!(kept == read("share-1/lake.jpg"));
    let (printed, marked) = b
        .view(&lake, "bob", Action::Print)
        .expect("with his name across it");
    assert_eq!((printed.width, printed.height), (Some(900), Some(600)));
    let (seen, plain) = b
        .view(&lake, "bea", Action::Display)
        .expect("bea is everyone");
    assert_eq!((seen.width, seen.height), (Some(900), Some(600)));
    let pixels = |jpeg: &[u8]| {
        let picture = image::load_from_memory(jpeg).expect("a picture");
        picture.to_rgb8().into_raw()
    };
    let pairs = pixels(&marked).into_iter().zip(pixels(&plain));
    let far = pairs.filter(|(a, b)| a.abs_diff(*b) > 30).count();
    assert!(far > 3_000, "bob's name is across it");
    assert!(b.view(&lake, "bea", Action::Store).is_err());
    let (_, big) = b
        .view(&items[2].reference, "bob", Action::Store)
        .expect("two parts");
    assert_eq!(big.len(), 4_195_304);
}
