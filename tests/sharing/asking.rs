//! A second grant of the same share is one small mail; people ask for more, and are answered.

use crate::house::{House, Village, order, picture, visitor};
use hearthpost::album::{DestinationState, RequestState, ShareState};
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::import::Adding;
use hearthpost::sharing::narrow::Narrowing;

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

fn scene(rules: &str) -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let mut b = village.house("b", &["bob", "bea"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 2400, 1600);
    let items = a.import(&[path]);
    let share = a
        .share(&order(&[&items[0]], &["home-b+bob@b.example"], rules))
        .expect("recorded")
        .share;
    village.settle(&mut [&mut a, &mut b]);
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

fn again(house: &mut House, share: &str, to: &str, rules: &str) -> Result<(), String> {
    let order = ForwardOrder {
        share: share.to_owned(),
        to: vec![to.to_owned()],
        rules: Some(Narrowing {
            rules: parse_rules(rules).expect("rules"),
            says_what: true,
            ..Narrowing::default()
        }),
        yes: true,
        ..ForwardOrder::default()
    };
    let done = house.forward_order(order);
    done.map(drop).map_err(|fault| fault.code.to_owned())
}

fn may(house: &mut House, share: &str, person: &str, action: Action) -> bool {
    let item = house.items(share).remove(0).reference;
    house.view(&item, person, action).is_ok()
}

#[test]
fn more_rights_are_one_small_mail_and_others_keep_theirs() {
    let mut s = scene("display=1280");
    assert!(!may(&mut s.b, &s.share, "bob", Action::Print));
    again(&mut s.a, &s.share, "home-b+bea@b.example", "display=640").expect("granted");
    s.village.sync(&mut s.a);
    let mails = s.village.inbox(&s.b);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].len() < 20_000, "{}", mails[0].len());
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(may(&mut s.b, &s.share, "bea", Action::Display));
    assert!(may(&mut s.b, &s.share, "bob", Action::Display));

    again(
        &mut s.a,
        &s.share,
        "home-b+bob@b.example",
        "display=1280,print=1280",
    )
    .expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(may(&mut s.b, &s.share, "bob", Action::Print));
    let state = s.a.destinations(&s.share).remove(0).state;
    assert_eq!(state, DestinationState::Delivered);
}

#[test]
fn fewer_rights_take_the_old_permit_back_and_with_it_what_stood_on_it() {
    let mut s = scene("display=1280,forward=yes");
    s.b.forward(&s.share, "bob", &["home-c+carol@c.example"], "display=1280")
        .expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert!(may(&mut s.c, &s.share, "carol", Action::Display));
    again(&mut s.a, &s.share, "home-b+bob@b.example", "display=640").expect("granted");
    s.village.sync(&mut s.a);
    // The revocation would take away what the new permit allows, if it came first; so it waits for the receipt.
    let sizes: Vec<usize> = s.village.inbox(&s.b).iter().map(Vec::len).collect();
    assert!(sizes.len() == 1 && sizes[0] < 20_000, "{sizes:?}");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    // Bob may still look, smaller; nothing had to be sent again, and the copy that stood on the old permit is gone.
    let item = s.b.items(&s.share).remove(0).reference;
    let (viewed, _) = s.b.view(&item, "bob", Action::Display).expect("looks");
    assert_eq!(viewed.width, Some(640));
    assert!(!may(&mut s.c, &s.share, "carol", Action::Display));
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Revoked);
    assert_eq!(s.c.blobs().len(), 0);
}

#[test]
fn fewer_rights_narrow_what_was_passed_on_within_the_house() {
    let mut s = scene("display=1280,forward=yes");
    s.b.forward(&s.share, "bob", &["home-b+bea@b.example"], "display=1280")
        .expect("passed on");
    let looks = |b: &mut House, share: &str| {
        let item = b.items(share).remove(0).reference;
        let seen = b.view(&item, "bea", Action::Display);
        seen.ok().and_then(|(viewed, _)| viewed.width)
    };
    assert_eq!(looks(&mut s.b, &s.share), Some(1280));
    let bob = "home-b+bob@b.example";
    again(&mut s.a, &s.share, bob, "display=640,forward=yes").expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(looks(&mut s.b, &s.share), Some(640));
    again(&mut s.a, &s.share, bob, "display=640").expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(looks(&mut s.b, &s.share), None);
}

#[test]
fn views_and_period_do_not_start_anew_with_a_second_grant() {
    let mut s = scene("display=1280,views=2,period=PT1H");
    assert!(may(&mut s.b, &s.share, "bob", Action::Display));
    s.b.wait(1_200);
    assert!(may(&mut s.b, &s.share, "bob", Action::Display));
    let bob = "home-b+bob@b.example";
    let more = |views| format!("display=1280,print=1280,views={views},period=PT1H");
    again(&mut s.a, &s.share, bob, &more(2)).expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    s.b.wait(1_200);
    assert!(
        !may(&mut s.b, &s.share, "bob", Action::Display),
        "twice is twice"
    );
    again(&mut s.a, &s.share, bob, &more(9)).expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(may(&mut s.b, &s.share, "bob", Action::Display));
    s.b.wait(1_200);
    assert!(
        !may(&mut s.b, &s.share, "bob", Action::Display),
        "the hour began with the first"
    );
}

#[test]
fn views_of_the_second_grant_bind_those_who_were_passed_it_inside() {
    let mut s = scene("display=1280,forward=yes");
    s.b.forward(&s.share, "bob", &["home-b+bea@b.example"], "display=1280")
        .expect("passed on");
    assert!(may(&mut s.b, &s.share, "bea", Action::Display));
    // Longer than one view lasts.
    s.b.wait(1_200);
    assert!(may(&mut s.b, &s.share, "bea", Action::Display));
    let once = "display=1280,forward=yes,views=2";
    again(&mut s.a, &s.share, "home-b+bob@b.example", once).expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    s.b.wait(1_200);
    assert!(
        !may(&mut s.b, &s.share, "bea", Action::Display),
        "those before count"
    );
    assert!(may(&mut s.b, &s.share, "bob", Action::Display));
}

#[test]
fn a_household_that_does_not_answer_is_told_of_the_revocation_after_a_day() {
    let mut s = scene("display=1280");
    again(&mut s.a, &s.share, "home-b+bob@b.example", "display=640").expect("granted");
    s.village.sync(&mut s.a);
    s.village.take_mail(&s.b);
    s.a.wait(86_400);
    s.village.sync(&mut s.a);
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(
        !may(&mut s.b, &s.share, "bob", Action::Display),
        "the old rights are over"
    );
}

#[test]
fn a_person_asks_and_yes_brings_it() {
    let mut s = scene("display=1280");
    let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
    let rules = parse_rules("print=1280").expect("rules");
    let bob = "bob".parse().expect("a station");
    s.b.home
        .ask(&s.share, &bob, Some(rules.into()), "For the wall?", now)
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
    let bob = "bob".parse().expect("a station");
    for (rules, words) in [("print=full", "first"), ("print=1280", "second")] {
        s.b.wait(60);
        let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
        let rules = parse_rules(rules).expect("rules");
        s.b.home
            .ask(&s.share, &bob, Some(rules.into()), words, now)
            .expect("asked");
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
    let rules = parse_rules("store=full").expect("rules");
    let bob = "bob".parse().expect("a station");
    let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
    let asked = s.b.home.ask(&share, &bob, Some(rules.into()), "", now);
    asked.expect("asked");
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
    let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
    let rules = parse_rules("display=full,store=full").expect("rules");
    let bob = "bob".parse().expect("a station");
    s.b.home
        .ask(&s.share, &bob, Some(rules.into()), "", now)
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
    let now = b.home.tick(&b.reading(), &[]).expect("time");
    let rules = parse_rules("display=full,store=full").expect("rules");
    let bob = "bob".parse().expect("a station");
    b.home
        .ask(share, &bob, Some(rules.into()), "", now)
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
    let bob = "bob".parse().expect("a station");
    let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
    s.b.home
        .ask(
            &s.share,
            &bob,
            Some(parse_rules("print=320").expect("rules").into()),
            "",
            now,
        )
        .expect("asked");
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
        let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
        let person = person.parse().expect("a station");
        let asks = s.b.home.ask(
            &s.share,
            &person,
            Some(parse_rules("print=320").expect("rules").into()),
            "",
            now,
        );
        asks.expect("asked");
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
        let reading = s.b.reading();
        let now = s.b.home.tick(&reading, &[]).expect("time");
        let bob = "bob".parse().expect("a station");
        s.b.home
            .ask(
                &s.share,
                &bob,
                Some(parse_rules("print=320").expect("rules").into()),
                "please",
                now,
            )
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
