//! A card that was pulled out half way: the rest comes as it was begun, and to nobody who is not meant.

use std::fs;

use crate::house::picture;
use crate::reader::{ALL, scene};
use hearthpost::address::StationName;
use hearthpost::album::Lamp;
use hearthpost::sharing::own::Wanted;
use hearthpost::sharing::own::import::Adding;

#[test]
fn one_pulled_out_half_way_leaves_whole_files_and_the_rest_comes_next_time() {
    let mut s = scene();
    let (card, away) = (s.card.clone(), s.house.folder.join("in-the-hand"));
    let pulled = s.bring_in_as(&Adding::default(), &mut |progress| {
        if progress.file.ends_with("IMG_0003.JPG") && card.exists() {
            fs::rename(&card, &away).expect("pulled out");
        }
    });
    let fault = pulled.expect_err("it is gone");
    assert_eq!(fault.code, "card_gone");
    assert!(fault.message.contains("2 of 4"), "{fault}");
    assert!(matches!(
        s.lamp(),
        Lamp::Stopped {
            done: 2,
            total: 4,
            ..
        }
    ));
    assert_eq!(s.items(), ALL[1..3]);
    assert!(s.cards().is_empty());
    fs::rename(&away, &card).expect("put in");
    assert_eq!(s.count_new(), 2);
    let rest = s.bring_in().expect("it is read");
    assert_eq!((rest.items.len(), rest.known), (2, 0));
    assert_eq!(s.items(), ALL);
}

#[test]
fn the_rest_comes_as_it_was_begun_at_the_command_line_too() {
    let mut s = scene();
    let ann: StationName = "ann".parse().expect("a station");
    let begun = Adding {
        album: Some("Spain".to_owned()),
        person: Some(ann.clone()),
        private: true,
    };
    let (card, away) = (s.card.clone(), s.house.folder.join("in-the-hand"));
    let pulled = s.bring_in_as(&begun, &mut |progress| {
        if progress.file.ends_with("IMG_0003.JPG") && card.exists() {
            fs::rename(&card, &away).expect("pulled out");
        }
    });
    assert_eq!(pulled.expect_err("it is gone").code, "card_gone");
    fs::rename(&away, &card).expect("put in");
    let of_bob = Adding {
        person: Some("bob".parse().expect("a station")),
        ..Adding::default()
    };
    let fault = s.bring_in_as(&of_bob, &mut |_| {});
    assert_eq!(fault.expect_err("it is Ann's alone").code, "begun_alone");
    // One more has come since; the others go on as they were begun.
    picture(&s.card.join("DCIM/100CANON/IMG_0004.JPG"), 350, 200);
    let brought = s.bring_in_as(&of_bob, &mut |_| {}).expect("one is free");
    assert_eq!((brought.items.len(), brought.skipped.len()), (1, 2));
    assert_eq!(s.bring_in().expect("it is read").items.len(), 2);
    let seen = |name: &str| {
        let viewer = name.parse().expect("a station");
        let page = s.house.home.album_items(Some(&viewer), &Wanted::default());
        page.expect("a page").items.len()
    };
    assert_eq!((seen("ann"), seen("bob")), (5, 1));
    let albums = s.house.home.albums(None).expect("albums");
    assert_eq!((albums[0].name.as_str(), albums[0].items), ("Spain", 4));
}

#[test]
fn what_one_began_alone_who_has_left_goes_to_nobody_unasked() {
    let mut s = scene();
    let (ann, bob): (StationName, StationName) = (
        "ann".parse().expect("a station"),
        "bob".parse().expect("a station"),
    );
    let begun = Adding {
        person: Some(ann.clone()),
        private: true,
        ..Adding::default()
    };
    let (card, away) = (s.card.clone(), s.house.folder.join("in-the-hand"));
    let pulled = s.bring_in_as(&begun, &mut |_| {
        if card.exists() {
            fs::rename(&card, &away).expect("pulled out");
        }
    });
    assert_eq!(pulled.expect_err("it is gone").code, "card_gone");
    fs::rename(&away, &card).expect("put in");
    let now = s.house.now();
    s.house.home.remove_person(&ann, now).expect("removed");
    let again = "ann@a.example".parse().expect("a mailbox");
    s.house
        .home
        .add_person(ann.clone(), again, now)
        .expect("another Ann");
    assert_eq!(s.bring_in().expect_err("for whom?").code, "nobody");
    let of_bob = Adding {
        person: Some(bob.clone()),
        ..Adding::default()
    };
    let brought = s.bring_in_as(&of_bob, &mut |_| {}).expect("it is read");
    assert_eq!(brought.items.len(), 4);
    let seen = s.house.home.album_items(Some(&ann), &Wanted::default());
    assert!(seen.expect("a page").items.is_empty(), "it is Bob's alone");
}
