//! Other households in the browser: getting to know them, comparing words, blocking, and names for people.

use crate::house;
use crate::house::{START, order, picture};
use crate::kept::{Scene, scene};
use crate::old_key::old_key;
use crate::site::{Browser, Page, shows_code_of};
use axum::http::StatusCode;
use hearthpost::album::{Contact, Trust};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::Card;

const A: &str = "home-a@a.example";
const B: &str = "home-b@b.example";

impl Scene {
    fn contact(&self) -> Option<Contact> {
        let mailbox = A.parse().expect("a mailbox");
        self.b.home.contact_at(&mailbox).ok()
    }

    /// The page of `a`.
    fn page(&self) -> String {
        format!("/households/{}", self.a.home.me())
    }

    /// A button on the page of `a`, pressed by the keeper.
    fn press(&mut self, button: &str) -> Page {
        let page = format!("{}/{button}", self.page());
        self.bob.post(&page, &[])
    }
}

pub fn upload(browser: &mut Browser, bytes: &[u8]) -> Page {
    let file = ["file", "a.pem", "application/x-pem-file"];
    browser.bring("/households/file", file, bytes)
}

#[test]
fn a_household_is_added_by_its_file_and_is_checked_by_that() {
    let mut s = scene("abc");
    let pem = s.a.home.own_card_pem().expect("a card");
    let page = upload(&mut s.bob, pem.as_bytes());
    assert_eq!(page.header("location"), s.page());
    let contact = s.contact().expect("known");
    assert_eq!((contact.trust, contact.accepted), (Trust::Verified, true));
    let json = format!("{{\"pem\": {:?}}}", pem);
    assert_eq!(
        upload(&mut s.bob, json.as_bytes()).header("location"),
        s.page()
    );
    for (bytes, status) in [
        (b"nonsense".to_vec(), StatusCode::BAD_REQUEST),
        (vec![b'x'; 100_000], StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let page = upload(&mut s.bob, &bytes);
        assert_eq!(page.status, status);
        assert!(page.text().contains("role=\"alert\""), "{}", page.text());
    }
    let own = s.b.home.own_card_pem().expect("a card");
    assert_eq!(
        upload(&mut s.bob, own.as_bytes()).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(s.b.home.contacts().expect("rows").len(), 1);
}

#[test]
fn our_own_file_is_what_another_household_adds_us_by() {
    let mut s = scene("abc");
    let page = s.bea.get("/households/introduction");
    assert!(
        page.header("content-disposition").starts_with("attachment"),
        "{}",
        page.header("content-disposition")
    );
    let now = s.a.now();
    let added = s.a.home.add_household_file(&page.body, now);
    assert_eq!(added.expect("added").mailbox.as_str(), B);
}

#[test]
fn a_household_that_is_asked_waits_until_it_answers_and_can_be_forgotten() {
    let mut s = scene("abc");
    let page = s
        .bob
        .post("/households/ask", &[("mailbox", " home-a@a.example ")]);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let asked = |s: &Scene| s.b.home.asked().expect("rows").len();
    assert_eq!(asked(&s), 1);
    // It may be somebody's for whom a share waits, and nobody else's business.
    assert!(s.bob.get("/households").text().contains(A));
    assert!(!s.bea.get("/households").text().contains(A));
    let other = [("mailbox", "home-c@c.example")];
    s.bob.post("/households/ask", &other);
    assert_eq!(asked(&s), 2);
    s.bob.post("/households/forget", &other);
    assert_eq!(asked(&s), 1);
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let contact = s.contact().expect("known");
    assert_eq!((contact.trust, contact.accepted), (Trust::Seen, true));
    for nonsense in ["", "nobody", B] {
        let page = s.bob.post("/households/ask", &[("mailbox", nonsense)]);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[test]
fn who_wrote_waits_and_is_let_in_or_blocked_by_the_keeper() {
    let mut s = scene("abc");
    let now = s.a.now();
    let b = B.parse().expect("a mailbox");
    s.a.home.request_card(&b, now).expect("queued");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let is_in = |s: &Scene| s.contact().is_some_and(|contact| contact.accepted);
    let page = s.bob.get("/households").text();
    assert!(page.contains("House A") && page.contains("class=\"wait\""));
    assert!(s.bob.get("/received").text().contains("class=\"new\""));
    // Who is not let in is the keeper's business.
    assert!(!s.bea.get("/households").text().contains("House A"));
    assert_eq!(s.bea.get(&s.page()).status, StatusCode::NOT_FOUND);
    assert_eq!(s.press("block").status, StatusCode::SEE_OTHER);
    assert!(s.contact().expect("known").blocked && !is_in(&s));
    assert!(!s.bob.get("/households").text().contains("class=\"wait\""));
    s.press("unblock");
    assert_eq!(s.press("accept").header("location"), s.page());
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(s.contact().expect("known").trust, Trust::Seen);
    assert!(s.bea.get("/households").text().contains("House A"));
}

#[test]
fn it_is_said_whether_letters_to_a_household_are_safe_from_a_quantum_computer() {
    let mut s = scene("abc");
    let keys = &s.a.home.keys;
    let old = old_key(&keys.identity, Timestamp::from_unix(START - 3600));
    let of_before = Card {
        identity: keys.identity.certificate().clone(),
        encryption: vec![old.certificate().clone()],
    };
    for (card, said) in [
        (of_before, "are not safe yet from the quantum computers"),
        (s.a.home.keys.card(), "are safe from the quantum computers"),
    ] {
        let pem = card.to_pem().expect("PEM");
        upload(&mut s.bob, pem.as_bytes());
        let page = s.bea.get(&s.page()).text();
        assert!(
            page.contains(&format!("Letters to House A {said}")),
            "{page}"
        );
    }
}

#[test]
fn words_are_compared_by_looking_or_by_typing_and_other_words_are_refused() {
    let mut s = scene("abc");
    s.bob.post("/households/ask", &[("mailbox", A)]);
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let text = s.bea.get(&s.page()).text();
    for fingerprint in [s.a.home.me(), s.b.home.me()] {
        let words = fingerprint.words();
        let items: Vec<String> = words.split(' ').map(|w| format!("<li>{w}</li>")).collect();
        assert!(text.contains(&items.concat()), "24 words of each");
    }
    let ours = s.b.home.me().to_string();
    assert!(shows_code_of(&text, &ours), "a code to photograph");
    let verify = format!("{}/verify", s.page());
    let mine = s.b.home.me().words();
    for (read, status) in [
        (mine.as_str(), StatusCode::CONFLICT),
        ("ember ladder otter", StatusCode::BAD_REQUEST),
    ] {
        let page = s.bob.post(&verify, &[("read", read)]);
        assert_eq!(page.status, status, "{read}");
        assert_eq!(s.contact().expect("known").trust, Trust::Seen);
    }
    let theirs = s.a.home.me().to_string();
    let page = s.bob.post(&verify, &[("read", &theirs)]);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    assert_eq!(s.contact().expect("known").trust, Trust::Verified);
}

#[test]
fn the_button_for_the_same_words_checks_and_no_other_button_does() {
    let mut s = scene("abc");
    s.bob.post("/households/ask", &[("mailbox", A)]);
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    for button in ["block", "unblock", "accept"] {
        s.press(button);
        assert_eq!(s.contact().expect("known").trust, Trust::Seen, "{button}");
    }
    s.press("verify");
    assert_eq!(s.contact().expect("known").trust, Trust::Verified);
}

#[test]
fn another_that_claims_a_known_mailbox_cannot_take_its_place_nor_get_it_blocked() {
    let mut s = scene("abc");
    let pem = s.a.home.own_card_pem().expect("a card");
    upload(&mut s.bob, pem.as_bytes());
    // Somebody in the mailbox of `a` writes with another identity.
    let (now, b) = (s.a.now(), B.parse().expect("a mailbox"));
    let folder = s.village.folder.path().join("mallory");
    let mut mallory = house::Plot {
        mailbox: A,
        name: "House M",
        imap_url: &format!("imap+plain://127.0.0.1:{}", s.village.server.imap_port()),
        smtp_url: &format!("smtp+plain://127.0.0.1:{}", s.village.server.smtp_port()),
        password: "secret",
        ca_file: None,
        people_at: "people@p.example",
    }
    .build(&folder, &[]);
    mallory.home.request_card(&b, now).expect("queued");
    s.village.sync(&mut mallory);
    s.village.sync(&mut s.b);
    let theirs = format!("/households/{}", mallory.home.me());
    assert!(s.bob.get("/households").text().contains("House M"));
    assert_eq!(
        s.bob.post(&format!("{theirs}/accept"), &[]).status,
        StatusCode::CONFLICT
    );
    let page = s.bob.get(&s.page()).text();
    assert!(page.contains("The words are the same"), "{page}");
    s.press("verify");
    let page = s.bob.get(&s.page()).text();
    assert!(
        !page.contains("says that this mailbox is its own"),
        "{page}"
    );
    assert!(!page.contains("The words are the same"), "{page}");
    s.bob.post(&format!("{theirs}/unblock"), &[]);
    assert!(
        s.bob
            .get(&s.page())
            .text()
            .contains("this mailbox is its own")
    );
    s.bob.post(&format!("{theirs}/block"), &[]);
    let page = s.bob.get(&s.page()).text();
    assert!(
        !page.contains("says that this mailbox is its own"),
        "{page}"
    );
    let contact = s.contact().expect("known");
    assert_eq!(contact.fingerprint, s.a.home.me());
    assert!(contact.accepted && !contact.blocked);
    assert_eq!(
        s.bob.post(&format!("{theirs}/remove"), &[]).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(s.b.home.contacts().expect("rows").len(), 1);
}

#[test]
fn identity_that_ended_is_said_and_its_successor_comes_in_by_typed_words_alone() {
    let mut s = scene("abc");
    let pem = s.a.home.own_card_pem().expect("a card");
    upload(&mut s.bob, pem.as_bytes());
    let b = s.b.home.own_card_pem().expect("a card");
    let at_b = B.parse().expect("a mailbox");
    let now = s.a.now();
    let added = s.a.home.add_contact_file(&at_b, b.as_bytes(), now);
    added.expect("added");
    let old = s.page();
    let reading = s.a.reading();
    let now = s.a.home.tick(&reading, &[]).expect("time");
    s.a.home.rekey(true, now).expect("replaced");
    s.village.sync(&mut s.a);
    s.village.sync(&mut s.b);
    let gone = s.bob.get(&old).text();
    assert!(gone.contains("this identity is no more"), "{gone}");
    assert!(
        !gone.contains("class=\"words\""),
        "nothing is compared: {gone}"
    );
    let unblocked = s.bob.post(&format!("{old}/unblock"), &[]);
    assert_eq!(unblocked.status, StatusCode::CONFLICT);
    let page = s.bob.get(&s.page()).text();
    assert!(page.contains("takes the place of the old one"), "{page}");
    for button in ["accept", "verify"] {
        assert_eq!(s.press(button).status, StatusCode::CONFLICT, "{button}");
    }
    let words = s.a.home.me().words();
    let page = format!("{}/verify", s.page());
    let typed = s.bob.post(&page, &[("read", words.as_str())]);
    assert_eq!(typed.status, StatusCode::SEE_OTHER);
    let contact = s.contact().expect("known");
    assert_eq!(contact.fingerprint, s.a.home.me());
    assert_eq!(contact.trust, Trust::Verified);
    let page = s.bob.get(&old).text();
    assert!(page.contains("this identity is no more"), "{page}");
    assert!(!page.contains("takes the place"), "it never does: {page}");
}

#[test]
fn a_household_is_removed_unless_something_was_shared_with_it() {
    let mut s = scene("abc");
    let pem = s.a.home.own_card_pem().expect("a card");
    upload(&mut s.bob, pem.as_bytes());
    assert_eq!(s.press("remove").header("location"), "/households");
    assert!(s.contact().is_none());
    assert_eq!(s.bob.get(&s.page()).status, StatusCode::NOT_FOUND);
    upload(&mut s.bob, pem.as_bytes());
    let path = s.b.folder.join("lake.jpg");
    picture(&path, 60, 40);
    let items = s.b.import(&[path]);
    s.b.share(&order(&[&items[0]], &[A], "display=full"))
        .expect("recorded");
    assert_eq!(s.press("remove").status, StatusCode::CONFLICT);
    assert!(s.contact().is_some());
}

#[test]
fn names_for_people_are_set_and_forgotten() {
    let mut s = scene("abc");
    let addresses = "home-a+ann@a.example,\n home-c@c.example";
    let form = [("word", "choir"), ("addresses", addresses)];
    assert_eq!(
        s.bob.post("/households/words", &form).status,
        StatusCode::SEE_OTHER
    );
    let words = |s: &Scene| s.b.home.keywords().expect("rows").len();
    assert_eq!(words(&s), 2);
    assert!(
        s.bea
            .get("/households")
            .text()
            .contains("home-a+ann@a.example")
    );
    for (word, addresses) in [("two words", A), ("ida", "nobody"), ("ida", ""), ("a@b", A)] {
        let form = [("word", word), ("addresses", addresses)];
        let page = s.bob.post("/households/words", &form);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{word}: {addresses}");
    }
    s.bob.post("/households/words/remove", &[("word", "choir")]);
    assert_eq!(words(&s), 0);
}

#[test]
fn the_keeper_lets_a_household_use_this_one_as_a_relay_and_ends_that() {
    let mut s = scene("abc");
    let pem = s.a.home.own_card_pem().expect("a card");
    upload(&mut s.bob, pem.as_bytes());
    let (page, who) = (format!("{}/relay", s.page()), s.a.home.me());
    for (word, allowed) in [("on", true), ("off", false), ("on", true), ("", false)] {
        let done = s.bob.post(&page, &[("relay", word)]);
        assert_eq!(done.header("location"), s.page());
        assert_eq!(s.b.home.relays_for(who).expect("rows"), allowed, "{word}");
    }
    // The page offers the other of the two, to the keeper alone.
    let own = s.page();
    assert!(s.bob.get(&own).text().contains("value=\"on\""));
    s.bob.post(&page, &[("relay", "on")]);
    let shown = s.bob.get(&own).text();
    assert!(shown.contains("value=\"off\"") && !shown.contains("value=\"on\""));
    assert!(!s.bea.get(&own).text().contains("/relay"));
    assert_eq!(
        s.bea.post(&page, &[("relay", "off")]).status,
        StatusCode::FORBIDDEN
    );
    // Who is blocked does not get it.
    s.press("block");
    let refused = s.bob.post(&page, &[("relay", "on")]);
    assert!(refused.text().contains("role=\"alert\""));
}

#[test]
fn only_the_keeper_changes_anything() {
    let mut s = scene("abc");
    let pem = s.a.home.own_card_pem().expect("a card");
    upload(&mut s.bob, pem.as_bytes());
    let page = s.page();
    let of_one =
        ["accept", "verify", "block", "unblock", "remove"].map(|one| format!("{page}/{one}"));
    let others = ["ask", "forget", "words", "words/remove", "requests/x"];
    let others = others.map(|one| format!("/households/{one}"));
    for path in of_one.iter().chain(&others) {
        let form = [
            ("mailbox", A),
            ("word", "x"),
            ("addresses", A),
            ("answer", "no"),
        ];
        assert_eq!(
            s.bea.post(path, &form).status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        let mut nobody = s.site.browser();
        assert_eq!(
            nobody.post(path, &form).status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    assert_eq!(
        upload(&mut s.bea, pem.as_bytes()).status,
        StatusCode::FORBIDDEN
    );
    let contact = s.contact().expect("known");
    assert!(contact.accepted && !contact.blocked);
    let text = s.bea.get("/households").text() + &s.bea.get(&page).text();
    assert!(!text.contains("method=\"post\""), "nothing to press");
}

#[test]
fn what_others_call_themselves_cannot_become_a_tag() {
    let mut s = scene("abc");
    let folder = s.village.folder.path().join("x");
    let mut x = house::Plot {
        mailbox: "home-c@c.example",
        name: "<script>alert(1)",
        imap_url: &format!("imap+plain://127.0.0.1:{}", s.village.server.imap_port()),
        smtp_url: &format!("smtp+plain://127.0.0.1:{}", s.village.server.smtp_port()),
        password: "secret",
        ca_file: None,
        people_at: "people@p.example",
    }
    .build(&folder, &[]);
    let (now, b) = (x.now(), B.parse().expect("a mailbox"));
    x.home.request_card(&b, now).expect("queued");
    s.village.sync(&mut x);
    s.village.sync(&mut s.b);
    for path in [
        "/households".to_owned(),
        format!("/households/{}", x.home.me()),
    ] {
        let text = s.bob.get(&path).text();
        assert!(text.contains("&lt;script&gt;alert"), "{path}");
        assert!(!text.contains("<script>alert"), "{path}");
    }
}
