//! What is given with less while the first of it is still on its way: what was more does not go out any more, nor again.

use crate::house::passed::{A, B, shared};
use crate::house::returned::{group, id_of, postfix};
use crate::house::{order, picture};
use hearthpost::album::DestinationState;
use hearthpost::rules::Tier;

const WIDE: &str = "display=full,store=full";
const TO_B: [&str; 1] = ["home-b+bea@b.example"];

#[test]
fn a_wider_grant_that_waits_does_not_go_out_nor_do_its_parts() {
    let mut s = shared(WIDE);
    s.stall(A);
    s.pass(A);
    s.houses[A]
        .forward(&s.share, "ann", &TO_B, "display=200")
        .expect("narrowed");
    s.go_on(A);
    let grants = s.waiting(B).into_iter().filter(|kind| *kind == "grant");
    assert_eq!(grants.count(), 1);
    s.settle();
    assert_eq!(s.houses[B].held_tiers(&s.share), [Tier::Thumb, Tier::About]);
    let state = s.houses[A].destinations(&s.share).remove(0).state;
    assert_eq!(state, DestinationState::Delivered);
}

#[test]
fn parts_that_come_back_after_it_was_narrowed_do_not_go_again() {
    let mut s = shared(WIDE);
    s.village.sync(&mut s.houses[A]);
    let mails = s.village.take_mail(&s.houses[B]);
    // The wide grant arrived, its parts did not.
    s.village.deliver(&s.houses[B], &mails[0]);
    s.village.sync(&mut s.houses[B]);
    s.houses[A]
        .forward(&s.share, "ann", &TO_B, "display=200")
        .expect("narrowed");
    s.village.sync(&mut s.houses[A]);
    s.village.take_mail(&s.houses[B]);
    for mail in &mails[1..] {
        let full = group(
            "home-b@b.example",
            "failed",
            "5.2.2",
            "552 5.2.2 over quota",
        );
        let bounce = postfix(&full, &id_of(mail)).replace('\n', "\r\n");
        s.village.deliver(&s.houses[A], bounce.as_bytes());
    }
    s.village.sync(&mut s.houses[A]);
    s.houses[A].wait(86_400);
    s.village.sync(&mut s.houses[A]);
    let share = s.houses[A].share_named(&s.share).id;
    let parts = s.houses[A].home.album.rows().parts(share).expect("rows");
    let names = |mail: &Vec<u8>| {
        let text = String::from_utf8_lossy(mail).into_owned();
        let better = parts.iter().filter(|part| part.tier > Tier::Thumb);
        better
            .filter(|part| text.contains(&format!("<{}@", part.digest)))
            .count()
    };
    assert!(mails.iter().map(names).sum::<usize>() > 0, "they were sent");
    let came = s.village.inbox(&s.houses[B]);
    assert_eq!(came.iter().map(names).sum::<usize>(), 0, "they went again");
}

#[test]
fn who_might_keep_before_is_named_when_it_is_taken_back() {
    let mut s = shared(WIDE);
    s.settle();
    for again in ["display=200", "display=100"] {
        s.houses[A]
            .forward(&s.share, "ann", &TO_B, again)
            .expect("narrowed");
        s.settle();
    }
    let revoked = s.houses[A].revoke(&s.share, None).expect("taken back");
    assert_eq!(revoked.may_have_kept, ["bea of home-b@b.example"]);
}

#[test]
fn who_got_the_letter_and_not_all_of_the_parts_is_named_too() {
    let mut s = shared(WIDE);
    s.settle();
    let path = s.houses[A].folder.join("large.jpg");
    picture(&path, 2400, 1600);
    let items = s.houses[A].import(&[path]);
    let recorded = s.houses[A].share(&order(&[&items[0]], &TO_B, WIDE));
    s.share = recorded.expect("recorded").share;
    // The letter, which goes first, is shorter than the picture.
    let faults = s.village.server.faults();
    faults.smtp_cut_data(100_000, testmail::Times::Always);
    s.pass(A);
    assert_eq!(s.waiting(B)[0], "grant");
    let state = s.houses[A].destinations(&s.share).remove(0).state;
    assert_eq!(state, DestinationState::Queued);
    s.houses[A]
        .forward(&s.share, "ann", &TO_B, "display=200")
        .expect("narrowed");
    let revoked = s.houses[A].revoke(&s.share, None).expect("taken back");
    assert_eq!(revoked.may_have_kept, ["bea of home-b@b.example"]);
}

#[test]
fn whom_the_wider_grant_never_reached_is_not_named() {
    let mut s = shared(WIDE);
    s.stall(A);
    s.pass(A);
    s.houses[A]
        .forward(&s.share, "ann", &TO_B, "display=200")
        .expect("narrowed");
    s.go_on(A);
    s.settle();
    let revoked = s.houses[A].revoke(&s.share, None).expect("taken back");
    assert_eq!(revoked.may_have_kept, Vec::<String>::new());
}
