//! People ask for more of what was shared with them, and are answered.

use crate::house::given::{may, scene};
use crate::house::{House, Village, order, picture, visitor};
use hearthpost::album::RequestState;
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;
use hearthpost::sharing::own::import::Adding;

#[test]
fn a_person_asks_and_yes_brings_it() {
    let mut s = scene("display=1280");
    s.b.asks(&s.share, "bob", "print=1280", "For the wall?")
        .expect("asked");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let asked = s.a.home.requests().expect("listed").remove(0);
    assert_eq!(
        (asked.message.as_str(), asked.state),
        ("For the wall?", "open")
    );
    assert_eq!(asked.station.as_str(), "bob");
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    s.a.home
        .answer(&asked.request, true, "With love", now)
        .expect("answered");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(may(&mut s.b, &s.share, "bob", Action::Print));
    assert!(may(&mut s.b, &s.share, "bob", Action::Display), "as before");
    let own = s.b.home.requests().expect("listed").remove(0);
    assert_eq!((own.answer.as_str(), own.state), ("With love", "yes"));
    let twice = s.a.home.answer(&asked.request, false, "", now);
    assert_eq!(twice.expect_err("answered").code, "answered");
}

#[test]
fn whoever_used_up_their_looks_and_asks_by_rules_or_without_gets_some() {
    for asked in [
        None,
        Some("views=1"),
        Some("print=640"),
        Some("display=1280,views=1"),
    ] {
        let mut s = scene("display=1280,views=1");
        assert!(may(&mut s.b, &s.share, "bob", Action::Display));
        s.b.wait(601);
        assert!(!may(&mut s.b, &s.share, "bob", Action::Display));
        let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
        let bob = "bob".parse().expect("a station");
        let rules = asked.map(|text| Narrowing::parse(text).expect("rules"));
        let done = s.b.home.ask(&s.share, &bob, rules, "", now);
        done.expect("asked");
        s.village.settle(&mut [&mut s.a, &mut s.b]);
        let request = s.a.home.requests().expect("listed").remove(0).request;
        let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
        let share = s.a.home.answer(&request, true, "", now);
        let share = share.expect("answered").expect("granted");
        s.village.settle(&mut [&mut s.a, &mut s.b]);
        let item = s.b.items(&share).remove(0).reference;
        let seen = s.b.view(&item, "bob", Action::Display);
        assert!(seen.is_ok(), "{asked:?}: {:?}", seen.err());
    }
}

#[test]
fn who_asks_anew_has_one_request_on_both_sides() {
    let mut s = scene("display=1280");
    for (rules, words) in [("print=full", "first"), ("print=1280", "second")] {
        s.b.wait(60);
        s.b.asks(&s.share, "bob", rules, words).expect("asked");
    }
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    for house in [&s.a, &s.b] {
        let open = house.home.requests().expect("listed");
        let words: Vec<&str> = open.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(words, ["second"]);
    }
}

#[test]
fn a_yes_to_what_was_cut_cuts_it_anew() {
    let mut s = scene("display=1280,excerpt=yes");
    let note = s.a.folder.join("note.txt");
    std::fs::write(&note, "A line.\n".repeat(40)).expect("written");
    let items = s.a.import(&[note]);
    let to = "home-b+bob@b.example";
    let mut cut = order(&[&items[0]], &[to], "display=1280,excerpt=yes");
    cut.excerpt.lines = Some(3);
    let share = s.a.share(&cut).expect("recorded").share;
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    s.b.asks(&share, "bob", "store=full", "").expect("asked");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let asked = s.a.home.requests().expect("listed").remove(0);
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    let anew = s.a.home.answer(&asked.request, true, "", now);
    let anew = anew.expect("answered").expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(may(&mut s.b, &anew, "bob", Action::Store));
    assert!(may(&mut s.b, &anew, "bob", Action::Display));
}

#[test]
fn what_is_not_kept_any_more_is_shared_anew_on_a_yes() {
    let mut s = scene("display=640");
    // The preview is all that was ever sealed for sending; the original is asked for.
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    s.b.asks(&s.share, "bob", "display=full,store=full", "")
        .expect("asked");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let asked = s.a.home.requests().expect("listed").remove(0);
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    let share = s.a.home.answer(&asked.request, true, "", now);
    let share = share.expect("answered").expect("granted");
    assert_ne!(share, s.share);
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(may(&mut s.b, &share, "bob", Action::Store));
}

/// Bob asks `a` for the originals and is told yes: what he is given then.
fn asked_and_granted(village: &Village, a: &mut House, b: &mut House, share: &str) -> String {
    b.asks(share, "bob", "display=full,store=full", "")
        .expect("asked");
    village.settle(&mut [a, b]);
    let asked = a.home.requests().expect("listed").remove(0);
    let now = a.home.tick(&a.reading(), &[]).expect("time");
    let anew = a.home.answer(&asked.request, true, "", now);
    anew.expect("answered").expect("granted")
}

#[test]
fn a_yes_shares_anew_for_whoever_shared_it_and_nothing_that_another_has_alone() {
    let village = Village::new("ab");
    let mut a = village.house("a", &["ann", "ben"]);
    let mut b = village.house("b", &["bob"]);
    village.introduce(&mut a, &mut b);
    let lake = a.folder.join("lake.jpg");
    picture(&lake, 1200, 800);
    // Ben has the sound to it for himself alone.
    let sound = a.folder.join("lake.wav");
    std::fs::write(&sound, include_bytes!("../fixtures/sounds/mill.wav")).expect("a file");
    let (ann, ben) = (visitor("ann"), visitor("ben"));
    let adding = Adding {
        album: None,
        person: Some(ben.station.clone()),
        private: false,
    };
    let now = a.now();
    let taken = a.home.import_as(&[lake, sound], &adding, now, &mut |_| {});
    let mut taken = taken.expect("imported").items;
    let (sound, item) = (taken.remove(1), taken.remove(0));
    assert_eq!(sound.goes_with, Some(item.id));
    a.home
        .set_private(Some(&ben.station), &[sound.reference], true)
        .expect("private");
    let mut shared = order(&[&item], &["home-b+bob@b.example"], "display=640");
    shared.viewer = Some(ann.station.clone());
    let share = a.share(&shared).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let anew = asked_and_granted(&village, &mut a, &mut b, &share);
    assert_ne!(anew, share);
    village.settle(&mut [&mut a, &mut b]);
    let names: Vec<String> = b
        .items(&anew)
        .into_iter()
        .filter_map(|one| one.name)
        .collect();
    assert_eq!(names, ["lake.jpg"]);
    let of_ann = a.home.sent_by(&ann).expect("listed");
    assert!(of_ann.iter().any(|one| one.share == anew));
    assert!(a.home.sent_by(&ben).expect("listed").is_empty());
}

#[test]
fn a_yes_gives_no_items_that_were_not_given_before() {
    let village = Village::new("ab");
    let mut a = village.house("a", &[]);
    let mut b = village.house("b", &["bob"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    let paths = ["lake.jpg", "hill.jpg"].map(|name| a.folder.join(name));
    picture(&paths[0], 1200, 800);
    picture(&paths[1], 900, 700);
    let items = a.import(&paths);
    let own = order(
        &[&items[0], &items[1]],
        &["home-c+carol@c.example"],
        "display=640",
    );
    let share = a.share(&own).expect("recorded").share;
    let first = a.items(&share).remove(0);
    // The other household is given one of the two.
    a.forward_order(ForwardOrder {
        share: share.clone(),
        items: vec![first.reference],
        stations: vec![(
            "home-b+bob@b.example".parse().expect("an address"),
            parse_rules("display=640").expect("rules").into(),
        )],
        yes: true,
        ..ForwardOrder::default()
    })
    .expect("given");
    village.settle(&mut [&mut a, &mut b]);
    let anew = asked_and_granted(&village, &mut a, &mut b, &share);
    village.settle(&mut [&mut a, &mut b]);
    let names: Vec<String> = b
        .items(&anew)
        .into_iter()
        .filter_map(|one| one.name)
        .collect();
    assert_eq!(names, ["lake.jpg"]);
}

#[test]
fn no_is_no_and_strangers_to_the_share_cannot_ask() {
    let mut s = scene("display=640");
    let now = s.b.clock();
    s.b.asks(&s.share, "bob", "print=320", "").expect("asked");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let asked = s.a.home.requests().expect("listed").remove(0);
    s.a.home
        .answer(&asked.request, false, "Not this one", now)
        .expect("answered");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let rows = s.b.home.album.rows();
    assert_eq!(rows.requests().expect("rows")[0].state, RequestState::No);

    // The same letter by `c`, which was granted nothing.
    s.village.introduce(&mut s.a, &mut s.c);
    let share = s.a.share_named(&s.share);
    let body = hearthpost::message::Body::GrantRequest(hearthpost::message::GrantRequest {
        share: share.wire,
        origin: share.origin,
        station: "carol".parse().expect("a station"),
        rules: parse_rules("display=full").expect("rules"),
        message: String::new(),
    });
    let mail = s.c.letter(&s.a, &s.c.header(&s.a), &body);
    s.village.deliver(&s.a, &mail);
    let done = s.village.sync(&mut s.a);
    assert_eq!(done.refused.len(), 1);
    assert_eq!(s.a.home.requests().expect("listed").len(), 1);
}

#[test]
fn what_was_answered_is_listed_for_a_year_and_what_waits_as_long_as_it_does() {
    let mut s = scene("display=640");
    for person in ["bob", "bea"] {
        s.b.asks(&s.share, person, "print=320", "").expect("asked");
    }
    s.village.sync(&mut s.b);
    let mails = s.village.inbox(&s.a);
    s.village.sync(&mut s.a);
    let asked = s.a.home.requests().expect("listed");
    let bob = asked.iter().find(|one| one.station.as_str() == "bob");
    let bob = bob.expect("he asked").request.clone();
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    s.a.home.answer(&bob, false, "", now).expect("answered");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let listed = |house: &House| house.home.requests().expect("listed").len();
    for (days, left) in [(364, 2), (2, 1)] {
        for house in [&mut s.a, &mut s.b] {
            house.wait(days * 86_400);
            s.village.sync(house);
            assert_eq!(listed(house), left, "of {}", house.mailbox);
        }
    }
    // The letters that asked, once more.
    for mail in mails {
        s.village.deliver(&s.a, &mail);
    }
    s.village.sync(&mut s.a);
    assert_eq!(listed(&s.a), 1);
    assert_eq!(
        s.a.home.requests().expect("listed")[0].station.as_str(),
        "bea"
    );
}

#[test]
fn who_is_blocked_is_answered_nothing() {
    for before in [true, false] {
        let mut s = scene("display=1280");
        s.b.asks(&s.share, "bob", "print=320", "please")
            .expect("asked");
        s.village.settle(&mut [&mut s.b, &mut s.a]);
        let asked = s.a.home.requests().expect("listed").remove(0);
        let reading = s.a.reading();
        let now = s.a.home.tick(&reading, &[]).expect("time");
        let b = s.b.mailbox.clone();
        if before {
            s.a.home.block_contact(&b, true).expect("blocked");
        }
        s.a.home
            .answer(&asked.request, false, "These are for us.", now)
            .expect("answered");
        // It may be blocked just after that too, while the answer waits.
        s.a.home.block_contact(&b, true).expect("blocked");
        s.village.sync(&mut s.a);
        assert_eq!(s.village.inbox(&s.b), Vec::<Vec<u8>>::new(), "{before}");
        assert_eq!(s.a.queued(), 0);
        let state = s.a.home.requests().expect("listed").remove(0).state;
        assert_eq!(state, "no");
    }
}
