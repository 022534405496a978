//! What went to an identity that its household has replaced since is taken back from that household all the same.

use hearthpost::album::{CopyState, DestinationState};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, Receipt, ReceiptState};
use hearthpost::sharing::identity::Passphrase;

use crate::house::identity::{rekey, share};
use crate::house::{House, Village};

const AT_B: &str = "home-b@b.example";

/// A shared with B, which has another identity since. No mail went after that.
fn scene() -> (Village, House, House, String) {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let own = share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(state_at(&b), "complete");
    rekey(&mut b);
    later(60, &mut [&mut a, &mut b]);
    (village, a, b, own)
}

/// The same, and the words of the new one are compared in both houses' favour: A knows who B is now.
fn known_anew() -> (Village, House, House, String) {
    let (village, mut a, mut b, own) = scene();
    village.settle(&mut [&mut b, &mut a]);
    compare(&mut a, &b);
    village.settle(&mut [&mut a, &mut b]);
    (village, a, b, own)
}

/// A shared with B, which passed it on to C; and that has another identity since, whose words B has compared.
fn passed_on_and_known_anew() -> (Village, House, House, House, String) {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let mut c = village.house("c", &["cid"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    let theirs = b.home.received().expect("a list")[0].share.clone();
    b.forward(&theirs, "bob", &["home-c+cid@c.example"], "")
        .expect("passed on");
    village.settle(&mut [&mut b, &mut c, &mut a]);
    assert_eq!(state_at(&c), "complete");
    rekey(&mut c);
    later(60, &mut [&mut a, &mut b, &mut c]);
    village.settle(&mut [&mut c, &mut b]);
    compare(&mut b, &c);
    village.settle(&mut [&mut b, &mut c]);
    (village, a, b, c, theirs)
}

fn later(seconds: u64, houses: &mut [&mut House]) {
    houses.iter_mut().for_each(|house| house.wait(seconds));
}

/// The keeper here compares words with the people there.
fn compare(here: &mut House, there: &House) {
    let (who, now) = (there.home.me(), here.time());
    let compared = here.home.verify_contact(&there.mailbox, &who, now);
    compared.expect("compared");
}

/// How the only share stands that was received.
fn state_at(house: &House) -> &'static str {
    house.home.received().expect("a list")[0].state
}

fn sent_state(house: &House, share: &str) -> DestinationState {
    house.destinations(share)[0].state
}

#[test]
fn what_is_taken_back_is_taken_back_from_who_the_household_is_now() {
    let (village, mut a, mut b, own) = known_anew();
    let revoked = a.revoke(&own, None).expect("taken back");
    assert_eq!(revoked.households, [AT_B]);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(state_at(&b), "revoked");
    // And that the copy is gone is known here.
    assert_eq!(sent_state(&a, &own), DestinationState::Deleted);
    later(86_401, &mut [&mut a, &mut b]);
    assert_eq!(village.sync(&mut a).submitted, 0, "nothing more is said");
}

#[test]
fn what_was_taken_back_before_words_were_compared_is_told_then_however_late() {
    for days in [1, 40] {
        let (village, mut a, mut b, own) = scene();
        village.settle(&mut [&mut b, &mut a]);
        a.revoke(&own, None).expect("taken back");
        village.settle(&mut [&mut a, &mut b]);
        assert_eq!(
            state_at(&b),
            "complete",
            "nothing goes to the one of before"
        );
        for _ in 0..days {
            later(86_401, &mut [&mut a, &mut b]);
            village.settle(&mut [&mut a, &mut b]);
        }
        assert_eq!(state_at(&b), "complete");
        compare(&mut a, &b);
        village.settle(&mut [&mut a, &mut b]);
        assert_eq!(state_at(&b), "revoked", "{days} days");
        assert_eq!(sent_state(&a, &own), DestinationState::Deleted);
    }
}

#[test]
fn who_took_the_place_without_a_word_of_the_end_is_told_too() {
    let (village, mut a, mut b, own) = scene();
    village.sync(&mut b);
    // The word that the old one has ended is lost.
    let mails = village.take_mail(&a);
    for mail in &mails[1..] {
        village.deliver(&a, mail);
    }
    village.sync(&mut a);
    compare(&mut a, &b);
    assert_eq!(
        a.home
            .ended(b.home.keys.former[0].fingerprint())
            .expect("rows"),
        None
    );
    village.settle(&mut [&mut a, &mut b]);
    a.revoke(&own, Some(AT_B)).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(state_at(&b), "revoked");
    assert_eq!(sent_state(&a, &own), DestinationState::Deleted);
}

#[test]
fn household_that_moved_after_that_is_told_where_it_is() {
    let (village, mut a, b, own) = known_anew();
    let was = a.destinations(&own)[0].contact;
    let file = b.folder.join("b.identity");
    let words = || Passphrase::new("four ducks on a pond".to_owned());
    let done = b.home.export_identity(&file, &words(), b.time());
    done.expect("exported");
    let mut new = village.house("n", &["bob"]);
    new.wall = b.wall;
    let reading = new.reading();
    let now = new.home.tick(&reading, &[]).expect("time");
    let done = new.home.import_identity(&file, &words(), now);
    done.expect("imported");
    for _ in 0..3 {
        later(60, &mut [&mut a, &mut new]);
        village.settle(&mut [&mut new, &mut a]);
    }
    assert_eq!(
        a.home.contact_of(new.home.me()).expect("known").mailbox,
        new.mailbox
    );
    village.take_mail(&new);
    // What was shared lies in the old box, and is not known in the new one: that it gets there is all that is asked here.
    a.revoke(&own, Some("home-n@n.example"))
        .expect("taken back");
    assert_eq!(a.destinations(&own)[0].contact, was);
    village.sync(&mut a);
    let kinds: Vec<&str> = village
        .inbox(&new)
        .iter()
        .map(|mail| new.read(mail).body.kind())
        .collect();
    assert_eq!(kinds, ["revocation"]);
}

#[test]
fn copy_further_on_is_taken_back_from_who_its_household_is_now() {
    let (village, mut a, mut b, mut c, theirs) = passed_on_and_known_anew();
    let own = a.home.sent().expect("a list")[0].share.clone();
    a.revoke(&own, None).expect("taken back");
    for _ in 0..2 {
        village.settle(&mut [&mut a, &mut b, &mut c]);
    }
    assert_eq!((state_at(&b), state_at(&c)), ("revoked", "revoked"));
    assert_eq!(sent_state(&b, &theirs), DestinationState::Deleted);
    let copies = a.home.album.rows().onward_copies(1).expect("rows");
    assert!(copies.iter().all(|copy| copy.state != CopyState::Forwarded));
}

#[test]
fn both_of_whom_have_another_identity_by_then_take_back_and_say_so() {
    let (village, mut a, mut b, own) = known_anew();
    rekey(&mut a);
    later(60, &mut [&mut a, &mut b]);
    village.settle(&mut [&mut a, &mut b]);
    compare(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    a.revoke(&own, None).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(state_at(&b), "revoked");
    assert_eq!(sent_state(&a, &own), DestinationState::Deleted);
}

#[test]
fn what_both_identities_were_given_is_taken_back_from_the_household_at_once() {
    let (village, mut a, mut b, mut c, theirs) = passed_on_and_known_anew();
    b.forward(&theirs, "bob", &["home-c+cid@c.example"], "")
        .expect("given anew");
    village.settle(&mut [&mut b, &mut c, &mut a]);
    assert_eq!(b.destinations(&theirs).len(), 2);
    let revoked = b.revoke(&theirs, Some("home-c@c.example"));
    assert_eq!(
        revoked.expect("taken back").households,
        ["home-c@c.example"]
    );
    village.settle(&mut [&mut b, &mut c, &mut a]);
    assert_eq!((state_at(&b), state_at(&c)), ("complete", "revoked"));
    let destinations = b.destinations(&theirs);
    let states: Vec<_> = destinations.iter().map(|one| one.state).collect();
    assert_eq!(states, [DestinationState::Deleted; 2]);
}

#[test]
fn that_a_copy_is_gone_nobody_else_says() {
    let (village, mut a, mut b, own) = known_anew();
    let mut c = village.house("n", &[]);
    village.introduce(&mut a, &mut c);
    a.revoke(&own, None).expect("taken back");
    village.sync(&mut a);
    let given = a.destinations(&own)[0].clone();
    let share = a
        .home
        .album
        .rows()
        .share(&own)
        .expect("rows")
        .expect("known");
    let receipt = Body::Receipt(Receipt {
        share: share.wire,
        origin: share.origin,
        state: ReceiptState::Deleted,
        reason: None,
        letter: None,
        chain: given.chain().into_iter().map(Bytes).collect(),
    });
    let mail = c.letter(&a, &c.header(&a), &receipt);
    village.deliver(&a, &mail);
    let refused = village.sync(&mut a).refused;
    assert_eq!(refused, ["the chain does not lead to whom it is signed by"]);
    assert_eq!(sent_state(&a, &own), DestinationState::Revoked);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(sent_state(&a, &own), DestinationState::Deleted);
    village.sync(&mut c);
}

#[test]
fn what_the_one_of_before_was_given_is_not_sent_again_and_it_is_said_what_to_do() {
    let (village, mut a, b, own) = known_anew();
    let now = a.clock();
    let fault = a.home.resend(&own, Some(&b.mailbox), now);
    let fault = fault.expect_err("of before");
    assert_eq!(fault.code, "replaced_there", "{fault}");
    assert!(fault.message.contains(AT_B), "{fault}");
    assert!(
        fault
            .hint
            .expect("a way on")
            .contains("share the pictures anew")
    );
    assert!(village.inbox(&b).is_empty());
}

#[test]
fn who_cannot_be_told_before_words_are_compared_is_said_not_to_be() {
    let (village, mut a, mut b, own) = scene();
    village.settle(&mut [&mut b, &mut a]);
    let back = a.revoke(&own, None).expect("taken back");
    let (asked, unreached) = (back.households, back.unreached);
    assert_eq!((asked, unreached), (Vec::new(), vec![AT_B.to_owned()]));
    village.settle(&mut [&mut a, &mut b]);
    let stands = |a: &House| {
        let one = a.home.sent().expect("listed").remove(0).destinations;
        (one[0].state, one[0].unreached)
    };
    assert_eq!(stands(&a), ("revoked", true));
    assert_eq!(state_at(&b), "complete");
    compare(&mut a, &b);
    assert_eq!(stands(&a), ("revoked", false), "it is told now");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(stands(&a), ("deleted", false));
}
