//! An identity is replaced after a theft: the others take nothing more of the old one, and nothing of the new one before they
//! have compared words.

use crate::house::identity::{look_at_all, received, rekey, share, thief_grant, trust_of};
use crate::house::{House, Village, order};
use hearthpost::album::Trust;
use hearthpost::envelope::Identity;
use hearthpost::sharing::Household;
use hearthpost::sharing::contacts::households::Standing;

/// What somebody has who took the disk: the box as it was.
fn steal(house: &House) -> Identity {
    house.identity().clone()
}

#[test]
fn after_a_theft_the_old_identity_is_nobody_and_the_new_one_is_heard_once_words_are_compared() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let own = share(&mut a, "own.jpg", &b).expect("shared");
    share(&mut b, "theirs.jpg", &a).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    let (was, thief) = (a.home.me(), steal(&a));
    let theirs = a.home.received().expect("a list")[0].share.clone();

    let done = rekey(&mut a);
    assert_eq!((done.was, done.contacts), (was, 1));
    let me = a.home.me();
    assert_eq!(done.fingerprint, me);
    assert_ne!(me, was);
    a.wait(60);
    b.wait(60);
    village.settle(&mut [&mut a, &mut b]);

    // What is stored stays readable, also after a start, and what was sent stays listed.
    a.home = Household::open(&a.folder.join("hearthpost.toml")).expect("opens");
    assert_eq!(look_at_all(&mut a, "ann"), 1);
    let sent = a.home.sent().expect("a list");
    let states = sent.iter().flat_map(|share| &share.destinations);
    assert_eq!(
        states.map(|one| one.state).collect::<Vec<_>>(),
        ["delivered"]
    );

    // To b the old one has ended, and the new one is a stranger that claims its mailbox.
    assert_eq!(trust_of(&b, was), (Trust::Pending, false, true));
    assert_eq!(trust_of(&b, me), (Trust::Pending, false, false));
    let standing = |b: &House, who| b.home.household(who).expect("known").standing;
    assert_eq!(standing(&b, was), Standing::Ended);
    assert_eq!(standing(&b, me), Standing::Claims);
    assert_eq!(b.home.waiting_households().expect("a count"), 0);
    let now = b.time();
    let fault = b.home.accept_contact(me, now).expect_err("words first");
    assert_eq!(fault.code, "asks_first");
    let fault = b.home.block_contact(was, false).expect_err("for good");
    assert_eq!(fault.code, "ended");

    // Neither the thief nor the new identity gets anything in before that.
    let (before, grant) = (received(&b), thief_grant(&mut a, &b, &thief));
    village.deliver(&b, &grant);
    share(&mut a, "early.jpg", &b).expect("shared");
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(received(&b), before);

    b.home
        .verify_contact(&a.mailbox, &me, b.time())
        .expect("compared");
    b.wait(60);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(received(&b), before + 1, "what waited is taken");
    share(&mut b, "again.jpg", &a).expect("shared");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(look_at_all(&mut a, "ann"), 2);
    assert_eq!(look_at_all(&mut b, "bob"), 2);

    // What stands on the old identity is not given on, and is taken back all the same.
    let fault = a.forward(&theirs, "ann", &["home-b@b.example"], "");
    assert_eq!(fault.expect_err("of before").code, "replaced");
    a.revoke(&own, None).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    let listed = b.home.received().expect("a list");
    let states: Vec<&str> = listed.iter().map(|share| share.state).collect();
    assert_eq!(
        states.iter().filter(|state| **state == "revoked").count(),
        1,
        "{states:?}"
    );
}

#[test]
fn what_was_begun_before_the_identity_was_replaced_is_refused_and_not_lost() {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let was = a.home.me();
    let early = share(&mut a, "early.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    // Somebody else replaces it while pictures are made ready here, by the keys until now.
    let config = a.folder.join("hearthpost.toml");
    let mut other = Household::open(&config).expect("opens");
    let reading = a.reading();
    let now = other.tick(&reading, &[]).expect("time");
    let me = other.rekey(true, now).expect("replaced").fingerprint;
    assert_eq!(a.home.me(), was, "not learnt yet");
    let nobody = "home-n@n.example".parse().expect("a mailbox");
    let now = a.now();
    let asked = a.home.request_card(&nobody, now);
    assert_eq!(asked.expect_err("of before").code, "replaced");
    let fault = share(&mut a, "late.jpg", &b).expect_err("of before");
    assert_eq!(fault.code, "replaced");
    // Nor to a household that is not known yet, which would be asked for its card.
    let path = a.folder.join("late.jpg");
    let items = a.import(&[path]);
    let to_nobody = order(&[&items[0]], &["home-n@n.example"], "display=full");
    assert_eq!(a.share(&to_nobody).expect_err("of before").code, "replaced");
    let fault = a.revoke(&early, None).expect_err("of before");
    assert_eq!(fault.code, "replaced");
    assert_eq!(a.home.sent().expect("a list").len(), 1, "nothing of it");

    // The last word of the old one went all the same, and whoever does it again is heard.
    a.home = Household::open(&config).expect("opens");
    assert_eq!(a.home.me(), me);
    a.wait(60);
    b.wait(60);
    village.settle(&mut [&mut a, &mut b]);
    let standing = |b: &House, who| b.home.household(who).expect("known").standing;
    assert_eq!(standing(&b, was), Standing::Ended);
    assert_eq!(standing(&b, me), Standing::Claims);
    let now = b.time();
    b.home
        .verify_contact(&a.mailbox, &me, now)
        .expect("compared");
    let before = received(&b);
    share(&mut a, "late.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(received(&b), before + 1);
    a.revoke(&early, None).expect("taken back");
}

#[test]
fn without_the_last_word_of_the_old_one_the_new_one_is_an_alarm_and_verifying_it_shuts_the_old_one_out()
 {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let was = a.home.me();
    rekey(&mut a);
    village.sync(&mut a);
    // The letter that ends it is lost.
    let mails = village.take_mail(&b);
    assert_eq!(mails.len(), 2);
    village.deliver(&b, &mails[1]);
    village.sync(&mut b);
    let me = a.home.me();
    assert_eq!(trust_of(&b, was), (Trust::Verified, true, false));
    assert!(b.home.household(was).expect("known").is_claimed);
    assert_eq!(
        b.home.household(me).expect("known").standing,
        Standing::Claims
    );
    let now = b.time();
    b.home
        .verify_contact(&a.mailbox, &me, now)
        .expect("compared");
    assert_eq!(trust_of(&b, me), (Trust::Verified, true, false));
    assert_eq!(trust_of(&b, was), (Trust::Pending, false, true));
    assert!(!b.home.household(me).expect("known").is_claimed);
}

#[test]
fn share_that_waits_for_a_household_under_the_old_identity_fails_and_says_why() {
    let village = Village::new("ab");
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    // Nobody knows b yet: its card is asked for.
    share(&mut a, "lake.jpg", &b).expect("waits");
    let state = |a: &House| {
        let sent = a.home.sent().expect("a list").remove(0);
        let one = sent.destinations.into_iter().next().expect("one");
        (one.state, one.error.unwrap_or_default())
    };
    assert_eq!(state(&a).0, "waiting");
    rekey(&mut a);
    let (state, why) = state(&a);
    assert_eq!(state, "failed");
    assert!(why.contains("share it anew"), "{why}");
}

#[test]
fn own_share_of_before_is_not_taken_back_in_from_another_household() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let own = share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    rekey(&mut a);
    a.wait(60);
    b.wait(60);
    village.settle(&mut [&mut a, &mut b]);
    let (me, time) = (a.home.me(), b.time());
    let compared = b.home.verify_contact(&a.mailbox, &me, time);
    compared.expect("compared");
    village.settle(&mut [&mut b, &mut a]);

    // To `b` it is a household that has no copy.
    b.wait(60);
    b.forward(&own, "bob", &["home-a+ann@a.example"], "")
        .expect("passed on");
    village.sync(&mut b);
    let before = a.visible();
    let refused = village.sync(&mut a).refused;
    assert_eq!(refused, ["a grant of this household's own share"]);
    assert_eq!(a.visible(), before);
    village.sync(&mut b);
    let sent = b.home.sent().expect("a list").remove(0);
    assert_eq!(sent.destinations[0].state, "refused");
    a.revoke(&own, None).expect("taken back all the same");
}
