//! What was shared is given again, with more rights or fewer: one small mail, and it leaves others what is theirs.

use crate::house::House;
use crate::house::given::{may, scene};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;

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
