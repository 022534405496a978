//! Settings in the browser: when people are told, the language, and, for the keeper alone, how the box stands.

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Page, Site};
use axum::http::StatusCode;
use hearthpost::album::WhenTold;

const DAY: u64 = 86_400;

struct Scene {
    village: Village,
    b: House,
    site: Site,
    /// Who keeps the house.
    bob: Browser,
    bea: Browser,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let mut b = village.house("b", &["bob", "bea"]);
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    let bea = site.signed_in(&mut b, "bea");
    Scene {
        village,
        b,
        site,
        bob,
        bea,
    }
}

impl Scene {
    fn told(&self, name: &str) -> WhenTold {
        let people = self.b.home.people().expect("rows");
        let mut named = people.iter().filter(|one| one.station.as_str() == name);
        named.next().expect("a person").told
    }
}

fn is_chosen(page: &Page, value: &str) -> bool {
    let text = page.text();
    text.contains(&format!("value=\"{value}\" checked"))
        || text.contains(&format!("value=\"{value}\" lang=\"{value}\" selected"))
}

#[test]
fn each_person_says_when_to_be_told() {
    let mut s = scene();
    assert!(is_chosen(&s.bea.get("/settings"), "at-once"));
    for (when, told) in [
        ("daily", WhenTold::Daily),
        ("none", WhenTold::Never),
        ("at-once", WhenTold::AtOnce),
        ("daily", WhenTold::Daily),
    ] {
        let page = s.bea.post("/settings/notices", &[("when", when)]);
        assert_eq!(page.header("location"), "/settings?done=notices");
        assert_eq!(s.told("bea"), told);
        assert!(is_chosen(&s.bea.get("/settings"), when));
    }
    // It is said that it was done, and nothing that an address makes up.
    let said = |page: Page| page.text().contains("Saved.");
    assert!(said(s.bea.get("/settings?done=notices")));
    assert!(!said(s.bea.get("/settings?done=everything")));
    assert_eq!(s.told("bob"), WhenTold::AtOnce);
    let page = s.bea.post("/settings/notices", &[("when", "hourly")]);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(s.told("bea"), WhenTold::Daily);
}

#[test]
fn a_language_that_was_chosen_is_spoken_in_every_browser_of_that_person() {
    let mut s = scene();
    let chosen = |s: &Scene, name: &str| {
        let people = s.b.home.people().expect("rows");
        let mut named = people.iter().filter(|one| one.station.as_str() == name);
        named.next().expect("a person").language.clone()
    };
    let form = [("language", "en"), ("next", "/settings")];
    let page = s.bea.post("/language", &form);
    assert_eq!(page.header("location"), "/settings");
    assert_eq!(chosen(&s, "bea").as_deref(), Some("en"));
    assert_eq!(chosen(&s, "bob"), None);
    let mut phone = s.site.signed_in(&mut s.b, "bea");
    phone.headers = vec![("accept-language".to_owned(), "tlh".to_owned())];
    assert!(is_chosen(&phone.get("/settings"), "en"));
    s.bea
        .post("/language", &[("language", ""), ("next", "/settings")]);
    assert_eq!(chosen(&s, "bea"), None);
    assert!(!is_chosen(&phone.get("/settings"), "en"));
}

#[test]
fn a_language_can_be_chosen_before_signing_in_and_only_one_that_is_spoken() {
    let mut s = scene();
    let mut nobody = s.site.browser();
    let page = nobody.post("/language", &[("language", "en"), ("next", "/sign-in")]);
    assert_eq!(page.header("location"), "/sign-in");
    assert_eq!(nobody.holds("-language"), Some("en"));
    let away = [("language", "en"), ("next", "//evil.example")];
    assert_eq!(nobody.post("/language", &away).header("location"), "/");
    for language in ["tlh", "EN", "en; Path=/", "en\r\nset-cookie: x=y"] {
        for browser in [&mut nobody, &mut s.bea] {
            let page = browser.post("/language", &[("language", language)]);
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{language:?}");
        }
    }
    nobody.post("/language", &[("language", "")]);
    assert_eq!(nobody.holds("-language"), None);
}

#[test]
fn the_keeper_sees_the_room_and_the_box_and_nobody_else_does() {
    let mut s = scene();
    let mut a = s.village.house("a", &["ann"]);
    s.village.introduce(&mut a, &mut s.b);
    let before = s.b.home.room().expect("rows");
    let path = a.folder.join("lake.jpg");
    picture(&path, 900, 600);
    let items = a.import(std::slice::from_ref(&path));
    a.share(&order(&[&items[0]], &["home-b@b.example"], "display=full"))
        .expect("recorded");
    let there = a.home.room().expect("rows");
    assert!(there.shared > 0 && there.received == 0);
    assert!(
        s.bob.get("/settings").text().contains("not yet"),
        "never read"
    );
    s.village.settle(&mut [&mut a, &mut s.b]);
    s.b.import(std::slice::from_ref(&path));
    let after = s.b.home.room().expect("rows");
    assert_eq!((before.own, before.received), (0, 0));
    let size = std::fs::metadata(&path).expect("a file").len();
    assert_eq!(after.own, size);
    assert!(after.received > size && after.small > 0 && after.shared == 0);
    let page = s.bob.get("/settings").text();
    let version = env!("CARGO_PKG_VERSION");
    for shown in ["home-b@b.example", version, "100 GB", "<progress"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!page.contains("not yet"), "the mailbox was read");
    let page = s.bea.get("/settings").text();
    for hidden in ["home-b@b.example", version, "<progress"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
}

#[test]
fn what_was_turned_away_is_told_in_words_for_thirty_days() {
    let mut s = scene();
    let mut a = s.village.house("a", &["ann"]);
    s.village.introduce(&mut a, &mut s.b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 300, 200);
    let items = a.import(&[path]);
    a.share(&order(&[&items[0]], &["home-b@b.example"], "display=full"))
        .expect("recorded");
    s.village.sync(&mut a);
    // One letter is spoilt on its way.
    for mut mail in s.village.take_mail(&s.b) {
        let at = mail.windows(4).position(|four| four == b"\r\n\r\n");
        let middle = (at.expect("a body") + mail.len()) / 2;
        mail[middle] = if mail[middle] == b'A' { b'B' } else { b'A' };
        s.village.deliver(&s.b, &mail);
    }
    s.village.sync(&mut s.b);
    let reading = s.b.reading();
    let now = s.b.home.tick(&reading, &[]).expect("time");
    let all = s.b.home.turned_away(now).expect("rows");
    assert!(!all.is_empty());
    let page = s.bob.get("/settings").text();
    assert!(page.contains(&all[0].words), "{}: {page}", all[0].words);
    assert!(!s.bea.get("/settings").text().contains(&all[0].words));
    s.b.wait(31 * DAY);
    s.site.set_clock(&s.b);
    let later = s.bob.get("/settings").text();
    assert!(!later.contains(&all[0].words), "told long enough");
}

#[test]
fn what_is_no_mail_address_is_said_once() {
    let mut s = scene();
    let form = [("name", "ida"), ("mail", "nowhere")];
    let page = s.bob.post("/settings/people", &form);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(page.text().matches("is not a mail address").count(), 1);
    s.bob.headers = vec![("accept-language".to_owned(), "de".to_owned())];
    let page = s.bob.post("/settings/people", &form).text();
    assert_eq!(page.matches("ist keine Mailadresse").count(), 1, "{page}");
}

#[test]
fn the_keeper_has_the_box_looked_at() {
    let mut s = scene();
    let page = s.bob.post("/settings/check", &[]);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("<strong>clock</strong>: fine"));
    for looked_at in ["data folder", "keys", "clock", "disk"] {
        assert!(page.text().contains(looked_at), "{looked_at}");
    }
    assert_eq!(
        s.bea.post("/settings/check", &[]).status,
        StatusCode::FORBIDDEN
    );
    let mut nobody = s.site.browser();
    assert_eq!(
        nobody.post("/settings/check", &[]).status,
        StatusCode::UNAUTHORIZED
    );
}

/// When a browser was used is noted once an hour.
#[test]
fn no_browser_is_said_to_have_been_used_at_a_time_when_it_was_not() {
    let mut s = scene();
    let mut other = s.site.signed_in(&mut s.b, "bea");
    s.b.wait(7 * 60);
    s.site.set_clock(&s.b);
    other.get("/");
    let page = s.bea.get("/settings").text();
    let counted = |words: &str| page.matches(words).count();
    assert_eq!(counted("this browser, in use now"), 1, "{page}");
    assert_eq!(counted("last used within the hour after"), 1, "{page}");
    assert_eq!(counted("last used"), 1, "{page}");
}
