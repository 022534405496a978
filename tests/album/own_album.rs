//! The household's own album, as each person of the house sees it: pages and search, captions, what is one person's
//! alone, and named albums.

use std::time::{Duration, Instant};

use crate::house::state::files_below;
use crate::house::{Village, order, picture};
use crate::own::{DAY, add, code, found, house, names, note, page, rows, who};
use hearthpost::address::StationName;
use hearthpost::encoding::Timestamp;
use hearthpost::sharing::own::{Size, Wanted};

#[test]
fn items_come_newest_first_and_page_after_page_whatever_is_added_meanwhile() {
    let (_village, mut house) = house();
    rows(
        &mut house,
        &[
            ("b", Some("2024-05-03T10:00:00")),
            ("d", Some("2023-12-31T23:59:59+02:00")),
            // Added now, in 2027.
            ("undated", None),
            ("c", Some("2024-05-03T10:00:00")),
            ("a", Some("2024-06-01T00:00:00")),
        ],
    );
    let mut wanted = Wanted {
        limit: 2,
        ..Wanted::default()
    };
    let first = page(&house, "ann", &wanted);
    assert_eq!(names(&first), ["undated", "a"]);
    rows(&mut house, &[("new", Some("2024-07-01T00:00:00"))]);
    wanted.after = first.next;
    let second = page(&house, "ann", &wanted);
    assert_eq!(
        names(&second),
        ["c", "b"],
        "of one moment, the later row first"
    );
    let cursor = second.next.expect("there is more").to_string();
    wanted.after = Some(cursor.parse().expect("a cursor"));
    let last = page(&house, "ann", &wanted);
    assert_eq!(names(&last), ["d"]);
    assert_eq!(last.next, None);
    let months = house.home.album_months(None, &Wanted::default());
    let months = months.expect("months");
    let months: Vec<(&str, usize)> = months.iter().map(|(m, n)| (m.as_str(), *n)).collect();
    let expected = [
        ("2027-01", 1),
        ("2024-07", 1),
        ("2024-06", 1),
        ("2024-05", 2),
        ("2023-12", 1),
    ];
    assert_eq!(months, expected);
}

#[test]
fn dates_bound_what_is_shown_and_take_in_all_they_name() {
    let (_village, mut house) = house();
    rows(
        &mut house,
        &[
            ("a", Some("2023-12-31T23:59:59")),
            ("b", Some("2024-01-01T00:00:00")),
            ("c", Some("2024-05-31T23:59:59")),
            ("d", Some("2024-06-01T00:00:00")),
        ],
    );
    let between = |from: &str, until: &str| {
        let date = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let wanted = Wanted {
            from: date(from),
            until: date(until),
            ..Wanted::default()
        };
        names(&page(&house, "", &wanted)).concat()
    };
    assert_eq!(between("2024", ""), "dcb");
    assert_eq!(between("", "2023"), "a");
    assert_eq!(between("2024-01", "2024-05"), "cb");
    assert_eq!(between("2024-05-31", "2024-05-31"), "c");
    assert_eq!(between("2024-06", "2024-05"), "");
    let wrong = Wanted {
        from: Some("May".to_owned()),
        ..Wanted::default()
    };
    assert_eq!(code(house.home.album_items(None, &wrong)), "date");
}

#[test]
fn what_was_taken_then_is_found_by_the_date_as_people_write_it() {
    let (_village, mut house) = house();
    rows(
        &mut house,
        &[
            ("a", Some("2026-07-02T10:00:00")),
            ("b", Some("2026-07-31T23:59:59")),
            ("c", Some("2025-07-02T10:00:00")),
            ("d 2025", Some("2024-01-01T10:00:00")),
            ("July 2026, cut", Some("2024-02-01T10:00:00")),
        ],
    );
    let found = |text: &str| found(&house, "ann", text).join("|");
    for month in ["July 2026", "Juli 2026", "jul 2026", "2026-07"] {
        assert!(found(month).starts_with("b|a"), "{month}");
    }
    assert_eq!(found("July 2026"), "b|a|July 2026, cut");
    assert_eq!(found("2026"), "b|a|July 2026, cut");
    assert_eq!(found("2025"), "c|d 2025");
    assert_eq!(found("july"), "b|a|c|July 2026, cut");
    for day in ["2026-07-02", "02.07.2026", "2.7.2026", "2. Juli 2026"] {
        assert_eq!(found(day), "a", "{day}");
    }
    assert_eq!(found("2.7."), "a|c");
    assert_eq!(found("cut July 2026"), "July 2026, cut");
    assert_eq!(found("March 2026"), "");
}

#[test]
fn what_somebody_of_the_house_added_is_found_by_their_name() {
    let (_village, mut house) = house();
    note(&house, "lake.txt", "1");
    note(&house, "secret.txt", "2");
    note(&house, "bobbin.txt", "3");
    add(&mut house, "lake.txt", "bob", false);
    add(&mut house, "secret.txt", "bob", true);
    add(&mut house, "bobbin.txt", "ann", false);
    let sorted = |person: &str, text: &str| {
        let mut names = found(&house, person, text);
        names.sort();
        names
    };
    assert_eq!(sorted("ann", "Bob"), ["bobbin.txt", "lake.txt"]);
    assert_eq!(sorted("ann", "bob lake"), ["lake.txt"]);
    assert_eq!(
        sorted("bob", "bob"),
        ["bobbin.txt", "lake.txt", "secret.txt"]
    );
}

#[test]
fn text_is_found_in_names_and_captions_in_any_case_and_all_words_must_be_there() {
    let (_village, mut house) = house();
    note(&house, "Ärger am See.txt", "1");
    note(&house, "Berg_100%.txt", "2");
    let (see, _) = add(&mut house, "Ärger am See.txt", "ann", false);
    add(&mut house, "Berg_100%.txt", "ann", false);
    assert_eq!(found(&house, "bob", "ärger"), ["Ärger am See.txt"]);
    assert_eq!(found(&house, "bob", "SEE ärg"), ["Ärger am See.txt"]);
    assert_eq!(found(&house, "bob", "see berg"), [""; 0]);
    assert_eq!(
        found(&house, "bob", "100%"),
        ["Berg_100%.txt"],
        "no pattern"
    );
    assert_eq!(found(&house, "bob", "' OR 1=1"), [""; 0]);
    let caption = "  Großmutter\u{202e} lacht\r\nam Steg  ";
    let home = &mut house.home;
    home.set_caption(who("bob").as_ref(), &see.reference, caption)
        .expect("written");
    let item = home.album_item(None, &see.reference).expect("is there");
    assert_eq!(item.caption, "Großmutter lacht\nam Steg");
    let long = "x".repeat(2_001);
    assert_eq!(
        code(home.set_caption(None, &see.reference, &long)),
        "caption"
    );
    assert_eq!(found(&house, "ann", "GROSSMUTTER"), [""; 0]);
    assert_eq!(
        found(&house, "ann", "GROßMUTTER steg"),
        ["Ärger am See.txt"]
    );
}

#[test]
fn page_of_ten_thousand_items_comes_at_once() {
    let (_village, mut house) = house();
    let all: Vec<(String, String)> = (0..10_000)
        .map(|n| {
            let day = format!(
                "20{:02}-{:02}-{:02}T10:00:00",
                n % 24,
                n % 12 + 1,
                n % 28 + 1
            );
            (format!("IMG_{n:05}.JPG"), day)
        })
        .collect();
    let all: Vec<(&str, Option<&str>)> = all
        .iter()
        .map(|(name, day)| (name.as_str(), Some(day.as_str())))
        .collect();
    rows(&mut house, &all);
    let bob = who("bob");
    let best = |wanted: &Wanted| -> Duration {
        let times = (0..5).map(|_| {
            let begun = Instant::now();
            let page = house.home.album_items(bob.as_ref(), wanted);
            assert!(!page.expect("a page").items.is_empty());
            begun.elapsed()
        });
        times.min().expect("five times")
    };
    let middle = Wanted {
        after: Some("2012-06-15T10:00:00.5000".parse().expect("a cursor")),
        ..Wanted::default()
    };
    let rare = Wanted {
        text: "img_00007".to_owned(),
        ..Wanted::default()
    };
    // Without an index each would read and sort all of it. In this build all of it takes many times as long.
    for (what, wanted) in [
        ("first", Wanted::default()),
        ("middle", middle),
        ("rare", rare),
    ] {
        let took = best(&wanted);
        eprintln!("{what}: {took:?}");
        assert!(took < Duration::from_millis(60), "{what}: {took:?}");
    }
}

#[test]
fn what_one_person_has_alone_does_not_exist_for_another() {
    let (_village, mut house) = house();
    picture(&house.folder.join("gift.jpg"), 320, 200);
    let (gift, _) = add(&mut house, "gift.jpg", "ann", true);
    let (ann, bob) = (who("ann"), who("bob"));
    let home = &mut house.home;
    home.create_album("Surprise", Timestamp::from_unix(house.wall))
        .expect("made");
    let gifts = [gift.reference.clone()];
    home.add_to_album(ann.as_ref(), "Surprise", &gifts)
        .expect("added");
    let nothing = "nothing".to_owned();
    for reference in [&gift.reference, &nothing] {
        let one = std::slice::from_ref(reference);
        let now = Timestamp::from_unix(house.wall);
        let bob = bob.as_ref();
        let faults = [
            home.album_item(bob, reference).map(drop),
            home.set_caption(bob, reference, "x"),
            home.set_private(bob, one, false),
            home.delete_items(bob, one, now),
            home.undelete_items(bob, one),
            home.add_to_album(bob, "Surprise", one),
            home.take_from_album(bob, "Surprise", one),
            home.own_picture(bob, reference, Size::Thumb).map(drop),
            home.own_original(bob, reference).map(drop),
            home.albums_of(bob, reference).map(drop),
        ];
        for fault in faults {
            let fault = fault.expect_err("refused");
            let words = format!("there is no item {reference:?} in the album");
            assert_eq!((fault.code, fault.message), ("unknown_item", words));
        }
    }
    let of = |home: &hearthpost::sharing::Household, viewer: &Option<StationName>| {
        let albums = home.albums(viewer.as_ref()).expect("albums");
        (albums[0].items, albums[0].cover.is_some())
    };
    assert_eq!(of(home, &bob), (0, false));
    assert_eq!(of(home, &ann), (1, true));
    assert_eq!(found(&house, "bob", "gift"), [""; 0]);
    assert_eq!(
        found(&house, "", "gift"),
        ["gift.jpg"],
        "the command line sees all"
    );
    let months = house.home.album_months(bob.as_ref(), &Wanted::default());
    assert_eq!(months, Ok(Vec::new()));
    let home = &mut house.home;
    home.set_private(ann.as_ref(), &gifts, false).expect("said");
    assert_eq!(
        code(home.set_private(bob.as_ref(), &gifts, true)),
        "not_yours"
    );
    assert_eq!(found(&house, "bob", "gift"), ["gift.jpg"]);
}

#[test]
fn adding_what_another_has_alone_gives_an_item_of_ones_own_and_tells_nothing() {
    let (_village, mut house) = house();
    picture(&house.folder.join("gift.jpg"), 320, 200);
    let (hers, _) = add(&mut house, "gift.jpg", "ann", true);
    let (his, known) = add(&mut house, "gift.jpg", "bob", false);
    assert!(!known);
    assert_ne!(his.reference, hers.reference);
    assert_eq!(his.reference.len(), hers.reference.len());
    assert_eq!(
        (his.private, his.added_by.as_ref()),
        (false, who("bob").as_ref())
    );
    // Each finds their own again; nobody in particular finds the one that all see.
    for (person, private, item) in [
        ("ann", true, &hers),
        ("bob", false, &his),
        ("bob", true, &his),
        ("", false, &his),
    ] {
        let (found, known) = add(&mut house, "gift.jpg", person, private);
        assert_eq!(
            (&found.reference, known),
            (&item.reference, true),
            "{person}"
        );
    }
    assert_eq!(files_below(&house.folder.join("data/files")).len(), 2);
    let (bob, both) = (who("bob"), [his.reference.clone()]);
    // Somebody at the command line added it too: hiding it would take it from them.
    assert_eq!(
        code(house.home.set_private(bob.as_ref(), &both, true)),
        "not_yours"
    );
    // One's end is not the other's.
    let now = house.now();
    house
        .home
        .delete_items(bob.as_ref(), &both, now)
        .expect("deleted");
    assert_eq!(found(&house, "ann", "gift"), ["gift.jpg"]);
    assert_eq!(found(&house, "bob", "gift"), [""; 0]);
}

#[test]
fn a_later_person_of_the_same_name_does_not_see_what_the_former_had_alone() {
    let (_village, mut house) = house();
    note(&house, "diary.txt", "dear diary");
    add(&mut house, "diary.txt", "ann", true);
    let ann: StationName = "ann".parse().expect("a station");
    let now = house.now();
    house.home.remove_person(&ann, now).expect("removed");
    let mail = "ann@p.example".parse().expect("a mailbox");
    house.home.add_person(ann, mail, now).expect("added");
    assert_eq!(found(&house, "ann", "diary"), [""; 0]);
    assert_eq!(found(&house, "", "diary"), ["diary.txt"]);
}

#[test]
fn albums_are_made_renamed_and_removed_and_their_items_stay() {
    let (_village, mut house) = house();
    note(&house, "note.txt", "a note");
    let (item, _) = add(&mut house, "note.txt", "ann", false);
    let now = house.now();
    let one = [item.reference.clone()];
    let home = &mut house.home;
    let walks = home.create_album(" Walks\n", now).expect("made");
    assert_eq!(code(home.create_album("Walks", now)), "exists");
    home.create_album("Lakes", now).expect("made");
    assert_eq!(code(home.rename_album("Walks", "Lakes")), "exists");
    home.rename_album(&walks, "Hills").expect("renamed");
    home.rename_album("Hills", "Hills").expect("as it was");
    // The name is free again, and its reference is not.
    let new = home.create_album("Walks", now).expect("made");
    assert_ne!(new, walks);
    for name in ["", " \u{202e} ", &"x".repeat(201)] {
        assert_eq!(code(home.create_album(name, now)), "album_name");
    }
    home.add_to_album(None, "Hills", &one).expect("added");
    home.add_to_album(None, "Hills", &one)
        .expect("once is enough");
    let of = home.albums_of(None, &item.reference).expect("albums");
    assert_eq!(of, [(walks.clone(), "Hills".to_owned())]);
    let wanted = Wanted {
        album: Some(walks.clone()),
        ..Wanted::default()
    };
    assert_eq!(names(&page(&house, "bob", &wanted)), ["note.txt"]);
    let home = &mut house.home;
    home.take_from_album(None, "Hills", &one).expect("taken");
    home.add_to_album(None, "Hills", &one).expect("added");
    home.remove_album(&walks).expect("removed");
    assert_eq!(code(home.remove_album(&walks)), "unknown_album");
    assert_eq!(code(home.album_items(None, &wanted)), "unknown_album");
    assert_eq!(found(&house, "bob", ""), ["note.txt"]);
}

#[test]
fn caption_travels_and_a_person_shares_only_what_is_theirs_to_see() {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann", "bob"]),
        village.house("b", &["bea"]),
    );
    village.introduce(&mut a, &mut b);
    picture(&a.folder.join("lake.jpg"), 320, 200);
    let (lake, _) = add(&mut a, "lake.jpg", "ann", true);
    a.home
        .set_caption(who("ann").as_ref(), &lake.reference, "At the lake")
        .expect("written");
    let mut wish = order(&[&lake], &["home-b+bea@b.example"], "display=320");
    wish.viewer = who("bob");
    let not_his = a.share(&wish).expect_err("refused");
    wish.what = vec!["nothing".to_owned()];
    let nothing = a.share(&wish).expect_err("refused");
    assert_eq!(not_his.code, nothing.code);
    assert_eq!(
        not_his.message.replace(&lake.reference, "nothing"),
        nothing.message
    );
    // Nor any file of the box.
    let path = a.folder.join("lake.jpg");
    wish.what = vec![path.to_string_lossy().into_owned()];
    assert_eq!(code(a.share(&wish).map(drop)), "unknown_item");

    wish.what = vec![lake.reference.clone()];
    wish.viewer = who("ann");
    let one = [lake.reference.clone()];
    let now = a.now();
    a.home.delete_items(None, &one, now).expect("deleted");
    assert_eq!(code(a.share(&wish).map(drop)), "in_bin");
    a.home.undelete_items(None, &one).expect("restored");
    a.share(&wish).expect("recorded");
    a.home.delete_items(None, &one, now).expect("deleted");
    a.wait(31 * DAY);
    b.wait(31 * DAY);
    village.sync(&mut a);
    assert_eq!(a.home.album.rows().items().expect("rows").len(), 0);
    village.settle(&mut [&mut a, &mut b]);
    let rows = b.home.album.rows();
    let share = rows.shares().expect("shares").remove(0);
    let items = rows.share_items(share.id).expect("items");
    assert_eq!(items[0].caption.as_deref(), Some("At the lake"));
    let seen = b.view(
        &items[0].reference,
        "bea",
        hearthpost::rules::Action::Display,
    );
    assert!(seen.is_ok(), "what was shared stays: {seen:?}");
}
