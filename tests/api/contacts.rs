//! The households that a program is told of: those that the house hears, as its pages tell its people.

use crate::house::Village;
use crate::site::Site;
use hearthpost::album::Contact;

#[test]
fn a_program_is_told_of_no_household_that_waits_or_is_kept_out() {
    let village = Village::new("abcd");
    let mut a = village.house("a", &["ann", "abe"]);
    let mut others = ["b", "c", "d"].map(|x| village.house(x, &[]));
    for other in &mut others {
        village.introduce(&mut a, other);
    }
    let [_, waits, blocked] = others.each_ref().map(|house| house.mailbox.clone());
    let contact = a.home.contact_at(&waits).expect("known");
    let stranger = Contact {
        accepted: false,
        ..contact
    };
    let put = a.home.album.commit(|rows| rows.put_contact(&stranger));
    put.expect("noted");
    a.home.block_contact(&blocked, true).expect("blocked");
    let site = Site::of(&a);
    site.signed_in(&mut a, "ann");
    for person in ["ann", "abe"] {
        let mut program = site.program(&mut a, person, "read");
        let told = program.get("/api/v1/contacts").done(200);
        let told = told["contacts"].as_array().expect("a list");
        let mailboxes: Vec<_> = told.iter().map(|one| one["mailbox"].clone()).collect();
        assert_eq!(mailboxes, ["home-b@b.example"], "{person}");
        for flag in ["accepted", "blocked", "relay"] {
            assert_eq!(told[0].get(flag), None, "the keeper's: {flag}");
        }
    }
}
