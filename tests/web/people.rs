//! The people of the house in the settings: where they are told, and what goes with one who is removed.

use crate::house::{House, Village};
use crate::site::{PASSWORD, Site, shows_code_of};
use axum::http::StatusCode;

fn mail_of(house: &House, name: &str) -> String {
    let people = house.home.people().expect("rows").into_iter();
    let mut named = people.filter(|one| one.station.as_str() == name);
    let mail = named.next().expect("of the house").mail;
    mail.map_or_else(String::new, |mail| mail.to_string())
}

#[test]
fn everybody_says_where_they_are_told_and_the_keeper_for_others_too() {
    let village = Village::new("b");
    let mut b = village.house("b", &["ann", "bob"]);
    let site = Site::of(&b);
    let (mut ann, mut bob) = (site.signed_in(&mut b, "ann"), site.signed_in(&mut b, "bob"));
    let page = bob.post("/settings/mail", &[("mail", " bob@new.example ")]);
    assert_eq!(page.header("location"), "/settings?done=mail");
    assert_eq!(mail_of(&b, "bob"), "bob@new.example");
    let shown = bob.get("/settings").text();
    assert!(shown.contains("value=\"bob@new.example\""), "{shown}");
    assert!(!shown.contains("/settings/people/mail"), "{shown}");
    let other = [("whose", "ann"), ("mail", "x@y.example")];
    let refused = bob.post("/settings/people/mail", &other);
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let other = [("whose", "bob"), ("mail", "bob@third.example")];
    ann.post("/settings/people/mail", &other);
    assert_eq!(mail_of(&b, "bob"), "bob@third.example");
    for (name, mail) in [("bob", "nowhere"), ("zoe", "zoe@b.example")] {
        let form = [("whose", name), ("mail", mail)];
        let page = ann.post("/settings/people/mail", &form);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{name}");
        let shown = page.text();
        assert!(shown.contains(&format!("value=\"{mail}\"")), "{shown}");
        let chosen = shown.contains("<option value=\"bob\" selected>");
        assert_eq!(chosen, name == "bob", "{shown}");
    }
    assert_eq!(mail_of(&b, "bob"), "bob@third.example");
    let form = [("name", "Oma Erna"), ("mail", "oma@b.example")];
    let shown = ann.post("/settings/people", &form).text();
    assert!(shown.contains("value=\"Oma Erna\"") && shown.contains("value=\"oma@b.example\""));
    // Left empty, no mail tells them.
    bob.post("/settings/mail", &[("mail", " ")]);
    assert_eq!(mail_of(&b, "bob"), "");
    let shown = bob.get("/settings").text();
    assert!(shown.contains("there is no address for you"), "{shown}");
}

#[test]
fn who_has_no_mail_address_is_added_too_and_comes_in_by_a_link() {
    let village = Village::new("b");
    let mut b = village.house("b", &["ann"]);
    let site = Site::of(&b);
    let mut ann = site.signed_in(&mut b, "ann");
    let page = ann.post("/settings/people", &[("name", "cid"), ("mail", " ")]);
    assert_eq!(page.header("location"), "/settings?done=person");
    assert_eq!(mail_of(&b, "cid"), "");
    let shown = ann.get(page.header("location")).text();
    assert!(shown.contains("a link by which they come in"), "{shown}");
    let link = ann.post("/settings/people/cid/link", &[]);
    assert_eq!(link.status, StatusCode::OK);
    let url = link.links("http://localhost:8480/welcome/").remove(0);
    assert!(shows_code_of(&link.text(), &url), "a phone reads it: {url}");
}

#[test]
fn where_a_keeper_is_told_is_changed_with_the_own_password_alone() {
    let village = Village::new("b");
    let mut b = village.house("b", &["ann", "bob"]);
    let bob = "bob".parse().expect("a station");
    let site = Site::of(&b);
    let mut ann = site.signed_in(&mut b, "ann");
    let _password = site.signed_in(&mut b, "bob");
    b.home.set_keeper(&bob, true).expect("a keeper, too");
    let before = (mail_of(&b, "ann"), mail_of(&b, "bob"));
    let of_bob = [("whose", "bob"), ("mail", "")];
    let own = [("mail", "ann@away.example")];
    for (path, form) in [
        ("/settings/people/mail", &of_bob[..]),
        ("/settings/mail", &own[..]),
    ] {
        let asked = ann.post(path, form);
        assert_eq!(asked.links(path).len(), 1, "{}", asked.text());
        let wrong = [form, &[("password", "not that one at all")]].concat();
        let refused = ann.post(path, &wrong);
        assert!(refused.text().contains("That is not your password."));
        assert_eq!((mail_of(&b, "ann"), mail_of(&b, "bob")), before);
    }
    for (path, form) in [
        ("/settings/people/mail", &of_bob[..]),
        ("/settings/mail", &own[..]),
    ] {
        let right = [form, &[("password", PASSWORD)]].concat();
        let done = ann.post(path, &right);
        assert_eq!(done.header("location"), "/settings?done=mail");
    }
    assert_eq!(mail_of(&b, "ann"), "ann@away.example");
    assert_eq!(mail_of(&b, "bob"), "");
}

#[test]
fn whoever_removes_a_person_is_told_first_what_goes_with_them() {
    let village = Village::new("b");
    let mut b = village.house("b", &["ann", "bob"]);
    let path = b.folder.join("lake.jpg");
    crate::house::picture(&path, 320, 200);
    let item = b.import(&[path]).remove(0);
    let bob_alone = hearthpost::sharing::own::import::Adding {
        album: None,
        person: Some("bob".parse().expect("a station")),
        private: true,
    };
    let hill = b.folder.join("hill.jpg");
    crate::house::picture(&hill, 200, 320);
    let now = b.now();
    let added = b.home.import_as(&[hill], &bob_alone, now, &mut |_| {});
    assert_ne!(added.expect("imported").items[0].id, item.id);
    let site = Site::of(&b);
    let (mut ann, mut bob) = (site.signed_in(&mut b, "ann"), site.signed_in(&mut b, "bob"));
    let path = "/settings/people/bob/remove";
    assert!(
        ann.get("/settings")
            .text()
            .contains(&format!("href=\"{path}\""))
    );
    let asked = ann.get(path);
    assert_eq!(asked.status, StatusCode::OK);
    assert!(
        asked.text().contains("One thing in the album"),
        "{}",
        asked.text()
    );
    // One click of an old page removes nobody either.
    let asked = ann.post(path, &[]);
    assert_eq!(asked.hidden("sure"), "yes", "{}", asked.text());
    assert_eq!(bob.get("/settings").status, StatusCode::OK);
    assert_eq!(bob.get(path).status, StatusCode::FORBIDDEN);
    assert!(
        ann.get("/settings/people/zoe/remove")
            .status
            .is_client_error()
    );
    let gone = ann.post(path, &[("sure", "yes")]);
    assert_eq!(gone.header("location"), "/settings?done=people");
    assert_eq!(bob.get("/settings").status, StatusCode::SEE_OTHER);
    assert_eq!(b.home.people().expect("rows").len(), 1);
}
