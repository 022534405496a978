//! Copies travel on with rewrapped keys and never more rights, and are taken back wherever they went.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{CopyState, DestinationState, ShareState};
use hearthpost::rules::{Action, Tier};
use hearthpost::sharing::forward::ForwardOrder;

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    d: House,
    share: String,
    original: Vec<u8>,
}

/// `a` shares a large picture with bea of `b`, by these rules and ceiling; all know their neighbours, and `a` all.
fn scene(rules: &str, onward: Option<&str>) -> Scene {
    let village = Village::new("abcd");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea", "bob"]);
    let mut c = village.house("c", &["carol", "carl"]);
    let mut d = village.house("d", &["dora", "dan"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut c, &mut d);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    let original = picture(&path, 2400, 1600);
    let items = a.import(&[path]);
    let mut order = order(&[&items[0]], &["home-b+bea@b.example"], rules);
    order.onward = onward.map(|text| hearthpost::rules::parse_rules(text).expect("rules"));
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    Scene {
        village,
        a,
        b,
        c,
        d,
        share,
        original,
    }
}

fn looks(house: &mut House, share: &str, person: &str) -> Result<Option<u32>, String> {
    let item = house.items(share).remove(0).reference;
    match house.view(&item, person, Action::Display) {
        Ok((viewed, _)) => Ok(viewed.width),
        Err(fault) => Err(fault.code.to_owned()),
    }
}

#[test]
fn three_hops_each_narrower_with_other_rights_for_each_person_and_the_same_digests_at_the_end() {
    let further = "display=full,print=full,store=full,forward=yes";
    let mut s = scene(further, Some(further));
    let to_c = [
        "home-c+carol@c.example".to_owned(),
        "home-c+carl@c.example".to_owned(),
    ];
    let rules = |text| hearthpost::rules::parse_rules(text).expect("rules");
    let order = ForwardOrder {
        share: s.share.clone(),
        person: Some("bea".parse().expect("a station")),
        stations: vec![
            (
                to_c[0].parse().expect("address"),
                rules("display=full,store=full,forward=yes").into(),
            ),
            (
                to_c[1].parse().expect("address"),
                rules("display=320").into(),
            ),
        ],
        onward: Some(rules("display=2000,store=full")),
        yes: true,
        ..ForwardOrder::default()
    };
    s.b.forward_order(order).expect("b passes it on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Ok(Some(2400)));
    assert_eq!(looks(&mut s.c, &s.share, "carl"), Ok(Some(320)));
    let item = s.c.items(&s.share).remove(0).reference;
    let (_, kept) = s.c.view(&item, "carol", Action::Store).expect("kept");
    assert_eq!(kept, s.original);

    let to = ["home-d+dora@d.example"];
    s.c.forward(&s.share, "carol", &to, "display=1024")
        .expect("c passes it on");
    s.village
        .settle(&mut [&mut s.a, &mut s.b, &mut s.c, &mut s.d]);
    assert_eq!(s.d.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(looks(&mut s.d, &s.share, "dora"), Ok(Some(1024)));
    assert_eq!(looks(&mut s.d, &s.share, "dan"), Err("denied".to_owned()));

    // The digests at the end are those at the beginning, and nothing above the preview is there.
    assert_eq!(
        s.d.held_tiers(&s.share),
        [Tier::Preview, Tier::Thumb, Tier::About]
    );
    for name in s.d.blobs() {
        let name = name
            .file_name()
            .map(std::ffi::OsStr::to_owned)
            .expect("a name");
        assert!(s.c.blobs().iter().any(|blob| blob.ends_with(&name)));
        let listed = s.a.home.show(&s.share).expect("shown");
        assert_eq!(listed.items.len(), 1);
        let rows = s.a.home.album.rows();
        let parts = rows.parts(s.a.share_named(&s.share).id).expect("rows");
        let name = name.to_string_lossy();
        assert!(parts.iter().any(|part| part.digest.to_string() == name));
    }

    // The origin sees every copy, and who passed it on.
    let sent = s.a.home.sent().expect("listed").remove(0);
    let ways: Vec<_> = sent
        .copies
        .iter()
        .map(|copy| (copy.by, copy.household))
        .collect();
    let (b, c, d) = (s.b.home.me(), s.c.home.me(), s.d.home.me());
    assert!(ways.contains(&(b, c)) && ways.contains(&(c, d)), "{ways:?}");
    assert_eq!(ways.len(), 2);
}

#[test]
fn without_the_right_nothing_leaves_the_house() {
    let mut s = scene("display=full", None);
    let to = ["home-c+carol@c.example"];
    let fault = s.b.forward(&s.share, "bea", &to, "").expect_err("no right");
    assert_eq!(fault.code, "denied");
    assert_eq!(s.b.queued(), 0);
}

#[test]
fn what_may_be_passed_on_once_goes_no_further() {
    let mut s = scene("display=1280,forward=yes", None);
    let fault =
        s.b.forward(
            &s.share,
            "bea",
            &["home-c+carol@c.example"],
            "display=1280,forward=yes",
        )
        .expect_err("no further");
    assert_eq!(fault.code, "wider");
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=640")
        .expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Ok(Some(640)));
    let fault =
        s.c.forward(&s.share, "carol", &["home-d+dora@d.example"], "")
            .expect_err("no further");
    assert_eq!(fault.code, "denied");
    // Bob of the same house was granted nothing and passes nothing on.
    let fault =
        s.b.forward(&s.share, "bob", &["home-c+carol@c.example"], "")
            .expect_err("not his");
    assert_eq!(fault.code, "denied");
    let ask = format!("hearthpost ask {} --as bob --forward yes", s.share);
    let hint = fault.hint.unwrap_or_default();
    assert!(hint.contains("House A") && hint.contains(&ask), "{hint}");
}

#[test]
fn taken_back_by_the_origin_it_goes_everywhere_and_everyone_says_so() {
    let further = "display=full,store=full,forward=yes";
    let mut s = scene(further, Some(further));
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], further)
        .expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    s.c.forward(&s.share, "carol", &["home-d+dora@d.example"], "display=640")
        .expect("passed on");
    s.village
        .settle(&mut [&mut s.a, &mut s.b, &mut s.c, &mut s.d]);
    let revoked = s.a.revoke(&s.share, None).expect("taken back");
    // Carol may keep; whether `d` may nobody but `c` knows, and its quality allows a small one.
    let kept = [
        "bea of home-b@b.example",
        "someone of home-c@c.example",
        &format!("someone of {}", s.d.home.me().short()),
    ];
    assert_eq!(revoked.may_have_kept, kept);
    s.village
        .settle(&mut [&mut s.a, &mut s.b, &mut s.c, &mut s.d]);
    for house in [&mut s.b, &mut s.c, &mut s.d] {
        assert_eq!(house.share_named(&s.share).state, ShareState::Revoked);
        assert_eq!(house.blobs(), Vec::<std::path::PathBuf>::new());
        let rows = house.home.album.rows();
        let share = house.share_named(&s.share).id;
        for holding in rows.holdings(share).expect("rows") {
            let keys = rows.holding_grant(holding.id).expect("rows");
            assert_eq!(keys, None, "no key stays");
        }
    }
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Err("denied".to_owned()));
    let destination = s.a.destinations(&s.share).remove(0);
    assert_eq!(destination.state, DestinationState::Deleted);
    let rows = s.a.home.album.rows();
    let copies = rows
        .onward_copies(s.a.share_named(&s.share).id)
        .expect("rows");
    // `a` and `c` know each other, so `c` says it itself; of `d`, whom `a` does not know, `c` learns.
    let state_of = |who| {
        copies
            .iter()
            .find(|copy| copy.holder == who)
            .map(|copy| copy.state)
    };
    assert_eq!(state_of(s.c.home.me()), Some(CopyState::Deleted));
    assert_eq!(state_of(s.d.home.me()), Some(CopyState::Revoked));
    let at_c = s.c.destinations(&s.share).remove(0);
    assert_eq!(at_c.state, DestinationState::Deleted);
    // A grant that was held back and comes now finds it revoked.
    assert_eq!(s.a.queued() + s.b.queued() + s.c.queued() + s.d.queued(), 0);
}

#[test]
fn a_revocation_that_overtakes_its_grant_still_counts() {
    let mut s = scene("display=full,forward=yes", None);
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=640")
        .expect("passed on");
    s.village.sync(&mut s.b);
    let held_back = s.village.take_mail(&s.c);
    s.village.sync(&mut s.a);
    s.a.revoke(&s.share, None).expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    for mail in &held_back {
        s.village.deliver(&s.c, mail);
    }
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert!(held_back.len() > 1);
    assert_eq!(s.c.home.album.rows().shares().expect("rows").len(), 0);
    assert_eq!(s.c.blobs(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn the_forwarder_takes_back_what_it_gave_and_nothing_else() {
    let mut s = scene("display=full,forward=yes", None);
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=640")
        .expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    s.b.revoke(&s.share, Some("home-c@c.example"))
        .expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Err("denied".to_owned()));
    assert_eq!(looks(&mut s.b, &s.share, "bea"), Ok(Some(2400)));
    assert_eq!(
        s.b.destinations(&s.share).remove(0).state,
        DestinationState::Deleted
    );
}

#[test]
fn the_origin_ends_one_copy_further_on_without_the_one_who_passed_it_on() {
    let mut s = scene("display=full,forward=yes", None);
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=640")
        .expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    s.a.revoke(&s.share, Some("home-c@c.example"))
        .expect("taken back");
    // `b` is away.
    s.village.settle(&mut [&mut s.a, &mut s.c]);
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Err("denied".to_owned()));
    assert_eq!(looks(&mut s.b, &s.share, "bea"), Ok(Some(2400)));
}

#[test]
fn a_copy_of_which_the_word_comes_after_the_revocation_is_ended_too() {
    let mut s = scene("display=full,forward=yes", None);
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=640")
        .expect("passed on");
    s.village.sync(&mut s.b);
    s.a.revoke(&s.share, None).expect("taken back");
    // `b` is away for good: what ends the copy of `c` is the word of the origin alone.
    s.village.settle(&mut [&mut s.a, &mut s.c]);
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Err("denied".to_owned()));
    let share = s.a.share_named(&s.share).id;
    let copies = s.a.home.album.rows().onward_copies(share).expect("rows");
    let states: Vec<_> = copies.iter().map(|copy| copy.state).collect();
    assert_eq!(states, [CopyState::Deleted]);
}

/// As in `scene`, with a copy at `c` that stands on the first permit of `b`; then `b` is given more.
fn given_more_since() -> Scene {
    let mut s = scene("display=1280,forward=yes", None);
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=640")
        .expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    again(&mut s.a, &s.share, "display=1280,print=1280,forward=yes");
    s
}

fn again(a: &mut House, share: &str, rules: &str) {
    a.forward(share, "ann", &["home-b+bea@b.example"], rules)
        .expect("granted once more");
}

#[test]
fn what_is_taken_back_from_a_household_goes_on_each_permit_that_it_was_given() {
    let mut s = given_more_since();
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Ok(Some(640)));
    s.a.revoke(&s.share, Some("home-b@b.example"))
        .expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    for (house, person) in [(&mut s.b, "bea"), (&mut s.c, "carol")] {
        assert_eq!(looks(house, &s.share, person), Err("denied".to_owned()));
        assert_eq!(house.blobs(), Vec::<std::path::PathBuf>::new());
    }
}

#[test]
fn what_is_taken_back_before_the_second_grant_arrived_ends_the_first() {
    let mut s = given_more_since();
    s.a.revoke(&s.share, Some("home-b@b.example"))
        .expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(looks(&mut s.b, &s.share, "bea"), Err("denied".to_owned()));
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Err("denied".to_owned()));
}

#[test]
fn less_than_the_second_grant_ends_what_stood_on_the_first_too() {
    let mut s = given_more_since();
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    again(&mut s.a, &s.share, "display=200");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(looks(&mut s.b, &s.share, "bea"), Ok(Some(200)));
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Err("denied".to_owned()));
}

#[test]
fn what_is_taken_back_while_a_second_grant_waits_for_a_certificate_ends_the_first() {
    let mut s = scene("display=1280,forward=yes", None);
    let year = 366 * 86_400;
    for house in [&mut s.a, &mut s.b] {
        house.wait(year);
    }
    again(&mut s.a, &s.share, "display=1280,print=1280,forward=yes");
    let state = s.a.destinations(&s.share).remove(0).state;
    assert_eq!(state, DestinationState::Waiting);
    s.a.revoke(&s.share, None).expect("taken back");
    let share = s.a.share_named(&s.share).id;
    let rows = s.a.home.album.rows();
    assert_eq!(rows.recalls(share, s.b.home.me()).expect("rows").len(), 1);
}

#[test]
fn within_the_house_it_is_passed_on_without_mail_and_narrowed_the_same_way() {
    let mut s = scene("display=1280,forward=yes", None);
    let fault =
        s.b.forward(&s.share, "bea", &["home-b+bob@b.example"], "display=2048")
            .expect_err("wider");
    assert_eq!(fault.code, "wider");
    assert_eq!(looks(&mut s.b, &s.share, "bob"), Err("denied".to_owned()));
    s.b.forward(&s.share, "bea", &["home-b+bob@b.example"], "display=640")
        .expect("passed on");
    assert_eq!(looks(&mut s.b, &s.share, "bob"), Ok(Some(640)));
    // Bea goes on as before, also to other households.
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=320")
        .expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(looks(&mut s.c, &s.share, "carol"), Ok(Some(320)));
    let letters = s.village.inbox(&s.a).len();
    s.village.sync(&mut s.b);
    assert_eq!(
        s.village.inbox(&s.a).len(),
        letters,
        "no mail to the sender"
    );
    s.a.revoke(&s.share, None).expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    assert_eq!(looks(&mut s.b, &s.share, "bob"), Err("denied".to_owned()));
}

#[test]
fn what_is_over_is_not_passed_on_but_forgotten() {
    let mut s = scene("display=1280,forward=yes,period=PT1H", None);
    s.b.wait(3_600);
    let fault =
        s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "")
            .expect_err("over");
    assert_eq!(fault.code, "denied");
    s.village.sync(&mut s.b);
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Expired);
    let fault =
        s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "")
            .expect_err("forgotten");
    assert_eq!(fault.code, "denied");
    s.a.wait(3_600);
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(
        s.a.destinations(&s.share).remove(0).state,
        DestinationState::Deleted
    );
}

#[test]
fn one_item_of_two_is_passed_on_and_the_other_cannot_be_opened_there() {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let mut b = village.house("b", &["bea"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let paths = ["one.jpg", "two.jpg"].map(|name| a.folder.join(name));
    picture(&paths[0], 640, 400);
    picture(&paths[1], 500, 300);
    let items = a.import(&paths);
    let rules = "display=full,store=full,forward=yes";
    let order = order(&[&items[0], &items[1]], &["home-b+bea@b.example"], rules);
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let one = b.items(&share).remove(0);
    b.forward_order(ForwardOrder {
        share: share.clone(),
        items: vec![one.reference.clone()],
        person: Some("bea".parse().expect("a station")),
        to: vec!["home-c+carol@c.example".to_owned()],
        ..ForwardOrder::default()
    })
    .expect("passed on");
    village.settle(&mut [&mut a, &mut b, &mut c]);
    let at_c = c.items(&share);
    c.view(&at_c[0].reference, "carol", Action::Store)
        .expect("the one");
    c.view(&at_c[1].reference, "carol", Action::Display)
        .expect_err("not the other");
    assert_eq!(at_c[1].name, None, "not even its name");
}

#[test]
fn what_may_travel_on_says_nothing_where_nobody_may_pass_it_on() {
    let further = "display=full,forward=yes";
    let mut s = scene(further, Some(further));
    let rules = |text: &str| hearthpost::rules::parse_rules(text).expect("rules");
    let order = |share: &str, given: &str, person: Option<&str>| ForwardOrder {
        share: share.to_owned(),
        person: person.map(|name| name.parse().expect("a station")),
        stations: vec![(
            "home-c@c.example".parse().expect("address"),
            rules(given).into(),
        )],
        onward: Some(rules("display=320")),
        yes: true,
        ..ForwardOrder::default()
    };
    let share = s.share.clone();
    let there = s.b.forward_order(order(&share, "display=320", Some("bea")));
    let own = s.a.forward_order(order(&share, "display=320", None));
    for refused in [there, own] {
        let fault = refused.expect_err("nobody may pass it on");
        assert_eq!((fault.code, fault.usage), ("onward", true), "{fault}");
    }
    let given = order(&share, "display=320,forward=yes", Some("bea"));
    s.b.forward_order(given).expect("she may, and so may they");
}
