//! Links that open once, also where two programs of the house have them in hand at the same moment.

use std::net::{IpAddr, Ipv4Addr};

use hearthpost::address::StationName;
use hearthpost::crash::meanwhile;
use hearthpost::sharing::Fault;
use hearthpost::sharing::accounts::{Origin, Password};

use crate::house::{House, Village};

fn name(text: &str) -> StationName {
    text.parse().expect("a station")
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

/// A link for somebody, or for the first keeper.
fn link(house: &mut House, who: Option<&str>) -> String {
    let (who, now) = (who.map(name), house.now());
    let secret = house.home.welcome(who.as_ref(), now).expect("a link");
    secret.text().to_owned()
}

/// Comes in by a link, under that name where it is the first one.
fn come_in(house: &mut House, link: &str, named: &str, typed: &str) -> Result<(), Fault> {
    let origin = Origin {
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        known: None,
        browser: "a browser",
    };
    let (now, mail) = (house.now(), "people@p.example".parse().expect("a mailbox"));
    let (named, typed) = (name(named), password(typed));
    let come = house
        .home
        .come_in(link, &named, Some(mail), &typed, origin, now);
    come.map(drop)
}

/// What another program of the house does while the password is hashed.
fn while_it_is_hashed(house: &House, what: impl FnOnce(&mut House) + 'static) {
    let mut twin = house.twin();
    meanwhile("welcome.before_commit", move || what(&mut twin));
}

fn keepers(house: &House) -> u64 {
    house.home.album.rows().keepers().expect("rows")
}

#[test]
fn a_link_lets_one_in_where_two_open_it_at_once() {
    let village = Village::new("b");
    let mut house = village.house("b", &["bob"]);
    let bobs = link(&mut house, Some("bob"));
    let same = bobs.clone();
    while_it_is_hashed(&house, move |twin| {
        come_in(twin, &same, "bob", "whoever was first").expect("in");
    });
    let late = come_in(&mut house, &bobs, "bob", "somebody else").expect_err("used");
    assert_eq!(late.code, "link_over");
    let signed_in = house.home.sessions(&name("bob")).expect("rows");
    assert_eq!(signed_in.len(), 1, "whoever was first stays signed in");
}

#[test]
fn the_first_link_makes_one_keeper_where_two_open_it_at_once() {
    let village = Village::new("b");
    let mut house = village.house("b", &[]);
    let first = link(&mut house, None);
    let same = first.clone();
    while_it_is_hashed(&house, move |twin| {
        come_in(twin, &same, "bea", "whoever was first").expect("in");
    });
    let late = come_in(&mut house, &first, "mallory", "somebody else").expect_err("used");
    assert_eq!(late.code, "link_over");
    let people = house.home.people().expect("rows");
    let people: Vec<&str> = people.iter().map(|one| one.station.as_str()).collect();
    assert_eq!((people, keepers(&house)), (vec!["bea"], 1));
}

#[test]
fn no_link_of_before_lets_in_who_became_a_keeper_while_it_was_opened() {
    let village = Village::new("b");
    let mut house = village.house("b", &["bob"]);
    let now = house.now();
    let given = house
        .home
        .set_password(&name("bob"), &password("of bob himself"), now);
    given.expect("a password");
    house
        .home
        .add_person(
            name("bea"),
            "people@p.example".parse().expect("a mailbox"),
            now,
        )
        .expect("added");
    let given = house
        .home
        .set_password(&name("bea"), &password("of bea herself"), now);
    given.expect("a password");
    let beas = link(&mut house, Some("bea"));
    while_it_is_hashed(&house, |twin| {
        let keeper = twin.home.set_keeper(&name("bea"), true);
        keeper.expect("a keeper");
    });
    let late = come_in(&mut house, &beas, "bea", "of somebody else").expect_err("ended");
    assert_eq!((late.code, keepers(&house)), ("link_over", 2));
    assert!(house.home.sessions(&name("bea")).expect("rows").is_empty());
}

#[test]
fn nobody_comes_in_who_was_removed_while_their_link_was_opened() {
    let village = Village::new("b");
    let mut house = village.house("b", &["bob"]);
    let bobs = link(&mut house, Some("bob"));
    while_it_is_hashed(&house, |twin| {
        let now = twin.now();
        twin.home.remove_person(&name("bob"), now).expect("removed");
    });
    let late = come_in(&mut house, &bobs, "bob", "of bob himself").expect_err("gone");
    assert_eq!(late.code, "link_over");
    assert!(house.home.people().expect("rows").is_empty());
}
