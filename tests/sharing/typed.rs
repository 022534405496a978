//! Addresses as telephones write them, with a capital at the beginning: who is known is found all the same, and who is not
//! known yet answers for it.

use hearthpost::address::{Mailbox, StationAddress};
use hearthpost::album::{OwnItem, Trust};
use hearthpost::sharing::listing::SentTo;

use crate::house::{House, Village, order, picture};
use crate::invited::{houses, invite, join};

const B: &str = "home-b@b.example";

fn with_picture(village: &Village) -> (House, OwnItem) {
    let mut a = village.house("a", &["ann"]);
    let item = lake(&mut a);
    (a, item)
}

fn lake(a: &mut House) -> OwnItem {
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    a.import(&[path]).remove(0)
}

fn share(a: &mut House, item: &OwnItem, to: &str) -> String {
    let recorded = a.share(&order(&[item], &[to], "display=1280"));
    recorded.expect("recorded").share
}

/// The only household to which a share goes.
fn destination(a: &House, share: &str) -> SentTo {
    let sent = a.home.sent().expect("rows");
    let sent = sent.into_iter().find(|one| one.share == share);
    let mut all = sent.expect("a share").destinations;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn mailbox(text: &str) -> Mailbox {
    text.parse().expect("a mailbox")
}

/// The mailboxes of all whom a house knows.
fn known(house: &House) -> Vec<String> {
    let contacts = house.home.contacts().expect("rows").into_iter();
    contacts.map(|one| one.mailbox.to_string()).collect()
}

#[test]
fn whom_one_knows_is_found_however_the_address_is_written() {
    let village = Village::new("ab");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    for (typed, station) in [
        ("Home-B@B.example", "everyone"),
        ("HOME-B+Bob@b.EXAMPLE", "bob"),
    ] {
        let share = share(&mut a, &item, typed);
        let sent = destination(&a, &share);
        assert_eq!(
            (sent.mailbox.as_str(), sent.state),
            (B, "queued"),
            "{typed}"
        );
        assert_eq!(sent.stations[0].address.station.as_str(), station);
        let reading = a.reading();
        let now = a.home.tick(&reading, &[]).expect("time");
        let there = mailbox("Home-B@b.example");
        let again = a.home.resend(&share, Some(&there), now);
        assert_eq!(again.expect("sent again").households.len(), 1);
        village.settle(&mut [&mut a, &mut b]);
        assert_eq!(destination(&a, &share).state, "delivered");
        let revoked = a.revoke(&share, Some("Home-B@b.example"));
        assert_eq!(revoked.expect("taken back").households, [B]);
    }
    assert_eq!(known(&a), [B]);
    assert_eq!(a.home.asked().expect("rows"), []);
}

#[test]
fn what_is_said_of_a_household_is_said_of_the_one_that_is_known() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let now = a.now();
    let typed = mailbox("Home-B@b.example");
    let bob: StationAddress = "Home-B+Bob@b.example".parse().expect("an address");
    a.home.set_keyword("uncle", &[bob]).expect("set");
    let words = a.home.keywords().expect("rows");
    assert_eq!(words[0].1.to_string(), "home-b+bob@b.example");
    assert_eq!(
        a.home.contact_at(&typed).expect("known").mailbox.as_str(),
        B
    );
    let met = a.home.meet(&typed, now).expect("known").expect("a contact");
    assert_eq!(met.mailbox.as_str(), B);
    let who = b.home.me();
    let verified = a.home.verify_contact(&typed, &who, now).expect("compared");
    assert_eq!(verified.mailbox.as_str(), B);
    let asked = a.home.request_card(&typed, now).expect("asked");
    assert_eq!(asked.as_str(), B);
    let own = a.home.request_card(&mailbox("Home-A@a.example"), now);
    assert_eq!(own.expect_err("its own").code, "self");
    let pem = b.home.own_card_pem().expect("a card");
    let added = a.home.add_contact_file(&typed, pem.as_bytes(), now);
    assert_eq!(added.expect("the same").mailbox.as_str(), B);
    assert_eq!(known(&a), [B]);
    let removed = a
        .home
        .remove_named(&typed.as_str().parse().expect("a name"), a.time());
    assert_eq!(removed.expect("forgotten").mailbox.as_str(), B);
}

#[test]
fn the_people_of_this_house_are_no_other_household() {
    let village = Village::new("a");
    let (mut a, item) = with_picture(&village);
    let fault = a.share(&order(&[&item], &["Home-A+Ann@a.example"], "display=1280"));
    assert_eq!(fault.expect_err("its own people").code, "self");
}

#[test]
fn of_several_none_is_chosen() {
    let village = Village::new("abc");
    let (mut a, item) = with_picture(&village);
    let mut b = village.house("b", &["bob"]);
    let mut c = village.house_at("c", "HOME-B@b.example", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    // Each is found by its very own.
    for there in [B, "HOME-B@b.example"] {
        let share = share(&mut a, &item, there);
        assert_eq!(destination(&a, &share).mailbox.as_str(), there);
    }
    let fault = a.share(&order(&[&item], &["Home-B@b.example"], "display=1280"));
    let fault = fault.expect_err("either");
    assert_eq!(fault.code, "several");
    assert!(
        fault.message.contains("HOME-B@b.example, home-b@b.example"),
        "{fault}"
    );
}

#[test]
fn a_share_for_somebody_new_goes_once_the_card_has_come() {
    let village = Village::new("ab");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    let shares = ["Home-B+Bob@B.example", "HOME-B@b.example", B].map(|typed| {
        let share = share(&mut a, &item, typed);
        assert_eq!(destination(&a, &share).state, "waiting", "{typed}");
        share
    });
    // What was taken back under any of its spellings stays so.
    let back = a.revoke(&shares[1], Some("home-b@b.example"));
    back.expect("taken back");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(known(&a), [B]);
    assert_eq!(a.home.asked().expect("rows"), []);
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    assert_eq!(contact.trust, Trust::Seen);
    for (share, state) in [(&shares[0], "sent"), (&shares[2], "sent")] {
        let sent = destination(&a, share);
        assert_eq!((sent.mailbox.as_str(), sent.state), (B, state));
    }
    let now = b.now();
    b.home.accept_contact(&a.mailbox, now).expect("accepted");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(destination(&a, &shares[0]).state, "delivered");
    assert!(b.knows(&shares[0]) && !b.knows(&shares[1]));
}

#[test]
fn who_is_asked_answers_and_nobody_else_stays_asked() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    let now = a.now();
    let typed = mailbox("Home-B@b.example");
    let bob: StationAddress = "Home-B+Bob@b.example".parse().expect("an address");
    a.home.set_keyword("uncle", &[bob]).expect("set");
    a.home.request_card(&typed, now).expect("asked");
    a.home.request_card(&typed, now).expect("asked twice");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(known(&a), [B]);
    assert_eq!(a.home.asked().expect("rows"), []);
    assert!(
        a.home
            .album
            .rows()
            .card_requests()
            .expect("rows")
            .is_empty()
    );
    let words = a.home.keywords().expect("rows");
    assert_eq!(words[0].1.to_string(), "home-b+bob@b.example");
    // One that never answers is forgotten by any of its spellings.
    a.home
        .request_card(&mailbox("Home-X@b.example"), now)
        .expect("asked");
    let named = "home-x@b.example".parse().expect("a name");
    assert_eq!(
        a.home
            .remove_named(&named, a.time())
            .expect("forgotten")
            .mailbox
            .as_str(),
        "Home-X@b.example"
    );
    assert_eq!(a.home.asked().expect("rows"), []);
}

/// Somebody answers there whose mailbox is another one: `b` reads what comes for it.
#[test]
fn who_answers_for_another_mailbox_is_not_asked_without_end() {
    let village = Village::new("abc");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let share = share(&mut a, &item, "home-c@c.example");
    let mut asked = 0;
    for _ in 0..4 {
        village.sync(&mut a);
        for mail in village
            .server
            .messages("home-c@c.example", "INBOX")
            .split_off(asked)
        {
            asked += 1;
            village.deliver(&b, &mail.bytes);
        }
        village.settle(&mut [&mut b, &mut a]);
    }
    assert_eq!(asked, 1, "asked once");
    assert_eq!(destination(&a, &share).state, "waiting");
    let asked = a.home.asked().expect("rows");
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].mailbox.as_str(), "home-c@c.example");
}

#[test]
fn what_waits_goes_to_the_household_that_was_brought_in_by_an_invitation() {
    let (village, [mut a, mut b]) = houses();
    let (_, _, words) = invite(&mut a, None);
    join(
        &mut b,
        &words.replace("home-a@a.example", "Home-A@a.example"),
    );
    let item = lake(&mut b);
    let share = share(&mut b, &item, "Home-A@a.example");
    village.settle(&mut [&mut b, &mut a]);
    let sent = destination(&b, &share);
    assert_eq!(
        (sent.mailbox.as_str(), sent.state),
        ("home-a@a.example", "delivered")
    );
    assert_eq!(known(&b), ["home-a@a.example"]);
    assert_eq!(b.home.asked().expect("rows"), []);
}
