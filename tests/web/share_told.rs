//! What the share page says, and to whom: nothing is done that it did not say, nothing twice, and nobody learns there with
//! whom others share.

use std::thread;

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Page, Site};
use axum::http::StatusCode;
use hearthpost::album::{Contact, Trust};
use hearthpost::sharing::own::import::Adding;

const B: &str = "home-b@b.example";
const BEA: &str = "home-b+bea@b.example";

/// Ann's house, which abe keeps, and Bob's and bea's, whose words were never compared.
struct Scene {
    _village: Village,
    a: House,
    c: House,
    site: Site,
    ann: Browser,
    abe: Browser,
    items: Vec<String>,
}

fn scene() -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann", "abe"]);
    let mut b = village.house("b", &["bob", "bea"]);
    let c = village.house("c", &["cleo"]);
    village.introduce(&mut a, &mut b);
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    let seen = Contact {
        trust: Trust::Seen,
        ..contact
    };
    let put = a.home.album.commit(|rows| rows.put_contact(&seen));
    put.expect("noted");
    let mut items = Vec::new();
    for number in 0..3 {
        let path = a.folder.join(format!("{number}.jpg"));
        picture(&path, 200 + number, 150);
        items.push(a.import(&[path]).remove(0).reference);
    }
    let site = Site::of(&a);
    let abe = site.signed_in(&mut a, "abe");
    let ann = site.signed_in(&mut a, "ann");
    Scene {
        _village: village,
        a,
        c,
        site,
        ann,
        abe,
        items,
    }
}

impl Scene {
    fn share(&mut self, fields: &[(&str, &str)]) -> Page {
        form(&mut self.ann, &self.items, fields)
    }

    fn sent(&self) -> usize {
        self.a.home.sent().expect("rows").len()
    }
}

fn form(browser: &mut Browser, items: &[String], fields: &[(&str, &str)]) -> Page {
    let pictures = items.iter().map(|id| ("picture", id.as_str()));
    let form: Vec<(&str, &str)> = pictures.chain(fields.iter().copied()).collect();
    browser.press("/share", &form)
}

#[test]
fn nothing_is_shared_that_the_page_has_not_said() {
    let mut s = scene();
    let share = ("do", "share");
    // Without script somebody is chosen, and the button is pressed.
    let untold = s.share(&[("to", B), ("may", "keep"), ("yes", "on"), share]);
    assert_eq!(untold.status, StatusCode::OK);
    let text = untold.text();
    assert!(text.contains("Read what they may do here"), "{text}");
    assert!(text.contains("keep the originals"), "{text}");
    assert_eq!(s.sent(), 0);
    let told = untold.hidden("checked");
    let told = ("checked", told.as_str());
    // What was said was said of another choice.
    for other in [
        [("to", B), ("may", "all"), told, share],
        [("to", BEA), ("may", "keep"), told, share],
    ] {
        let page = s.share(&[&other[..], &[("yes", "on")]].concat());
        assert_eq!(page.status, StatusCode::OK);
    }
    assert_eq!(s.sent(), 0);
    let page = s.share(&[("to", B), ("may", "keep"), ("yes", "on"), told, share]);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    assert_eq!(s.sent(), 1);
}

#[test]
fn what_is_asked_first_is_said_before_and_its_answer_stays() {
    let mut s = scene();
    let looked = s.share(&[("to", B), ("may", "keep")]);
    let text = looked.text();
    assert!(text.contains("name=\"yes\""), "{text}");
    // Each look is another page, with the answer that was given.
    let again = s.share(&[("to", B), ("may", "keep"), ("yes", "on")]).text();
    assert!(again.contains("name=\"yes\" checked"), "{again}");
    let told = looked.hidden("checked");
    let fields = [("to", B), ("may", "keep"), ("checked", told.as_str())];
    let page = s.share(&[&fields[..], &[("do", "share")]].concat());
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "it was not answered");
    assert_eq!(s.sent(), 0);
    let page = s.share(&[&fields[..], &[("do", "share"), ("yes", "on")]].concat());
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
}

#[test]
fn what_stays_at_home_is_said_before_and_after() {
    let mut s = scene();
    let card = s.a.folder.join("card");
    std::fs::create_dir_all(&card).expect("a folder");
    picture(&card.join("RAW--3.JPG"), 320, 240);
    let raw = b"II*\0\x10\0\0\0CR\x02\0 not really one";
    std::fs::write(card.join("RAW--3.DNG"), raw).expect("a file");
    let items = s.a.import(&[card]);
    let jpeg = items.iter().find(|item| item.name == "RAW--3.JPG");
    s.items = vec![jpeg.expect("it").reference.clone()];
    let fields = [("to", B), ("may", "keep"), ("yes", "on")];
    let looked = s.share(&fields);
    // How its file is called is not why.
    let said = "Stays at home: RAW--3.DNG: this camera raw file";
    assert!(looked.text().contains(said), "{}", looked.text());
    let told = looked.hidden("checked");
    let told = ("checked", told.as_str());
    let done = s.share(&[&fields[..], &[told, ("do", "share")]].concat());
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = s.ann.get(done.header("location")).text();
    assert!(page.contains(said), "{page}");
    // With its place it goes along.
    let with_place = [&fields[..], &[("place", "on")]].concat();
    let looked = s.share(&with_place).text();
    assert!(!looked.contains("Stays at home"), "{looked}");
    // Of what goes whole or not at all that is said, and not how it is told at the command line.
    let looked = s.share(&[("to", B), ("may", "look")]).text();
    let said = "Stays at home: RAW--3.DNG can only be given as a file to keep whole";
    assert!(
        looked.contains(said) && !looked.contains("--store"),
        "{looked}"
    );
}

#[test]
fn a_button_that_is_pressed_twice_shares_once() {
    let mut s = scene();
    let looked = s.share(&[("to", B), ("title", "Lake")]);
    let (told, once) = (looked.hidden("checked"), looked.hidden("once"));
    let fields = |title: &'static str| {
        vec![
            ("to", B.to_owned()),
            ("checked", told.clone()),
            ("once", once.clone()),
            ("title", title.to_owned()),
            ("do", "share".to_owned()),
        ]
    };
    let press = |title: &'static str| {
        let (mut browser, items, fields) = (s.ann.clone(), s.items.clone(), fields(title));
        thread::spawn(move || {
            let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let page = form(&mut browser, &items, &fields);
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
            page.header("location").to_owned()
        })
    };
    // Both at once, and once more after they are done.
    let both = [press("Lake"), press("Lake")];
    let mut all: Vec<String> = both.map(|one| one.join().expect("no panic")).into();
    all.push(press("Lake").join().expect("no panic"));
    all.dedup();
    assert_eq!((all.len(), s.sent()), (1, 1), "{all:?}");
    // Who goes back and writes something else shares something else.
    let other = press("Another lake").join().expect("no panic");
    assert_ne!(other, all[0]);
    assert_eq!(s.sent(), 2);
}

#[test]
fn what_was_stopped_is_shared_anew_by_who_was_told_so() {
    let mut s = scene();
    let looked = s.share(&[("to", B)]);
    let told = looked.hidden("checked");
    let press = |s: &mut Scene, once: &str| {
        let checked = ("checked", told.as_str());
        s.share(&[("to", B), checked, ("once", once), ("do", "share")])
    };
    let once = looked.hidden("once");
    let first = press(&mut s, &once).header("location").to_owned();
    let share = first.split('?').next().expect("a share");
    s.ann.post(&format!("{share}/stop"), &[]);
    // Back, and once more.
    let page = press(&mut s, &once);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let text = page.text();
    assert!(text.contains("has ended since: it was stopped"), "{text}");
    assert_eq!(s.sent(), 1);
    let anew = press(&mut s, &page.hidden("once"));
    assert_eq!(anew.status, StatusCode::SEE_OTHER, "{}", anew.text());
    assert!(!anew.header("location").starts_with(share));
    assert_eq!(s.sent(), 2);
}

#[test]
fn where_a_form_is_not_kept_any_more_that_is_said() {
    let mut s = scene();
    let page = s.ann.get("/share?sent=nothing");
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let text = page.text();
    assert!(text.contains("What was chosen is not kept any more."));
}

#[test]
fn pictures_that_are_gone_are_left_out_and_nothing_that_was_typed_is_lost() {
    let mut s = scene();
    let fields = [("to", B), ("title", "The lake"), ("message", "Look!")];
    let told = s.share(&fields).hidden("checked");
    let bin = [("picture", s.items[0].as_str())];
    s.ann.post("/album/delete", &bin);
    let nowhere = "nothere2".to_owned();
    s.items.push(nowhere.clone());
    let share = [("do", "share"), ("checked", told.as_str())];
    let page = s.share(&[&fields[..], &share].concat());
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let text = page.text();
    assert!(text.contains("2 pictures are not in the album any more"));
    assert!(
        text.contains("The lake") && text.contains("Look!"),
        "{text}"
    );
    assert!(!text.contains(&s.items[0]) && !text.contains(&nowhere));
    assert!(text.contains(&s.items[1]) && text.contains("can look at these"));
    assert_eq!(s.sent(), 0);
    // The page that came goes on with the others.
    let told = page.hidden("checked");
    s.items = s.items[1..3].to_vec();
    let share = [("do", "share"), ("checked", told.as_str())];
    let page = s.share(&[&fields[..], &share].concat());
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let sent = s.a.home.sent().expect("rows");
    assert_eq!((sent[0].title.as_str(), sent[0].count), ("The lake", 2));
}

#[test]
fn what_would_happen_is_said_without_opening_a_file() {
    let mut s = scene();
    std::fs::remove_dir_all(s.a.folder.join("data/files")).expect("removed");
    for (may, said) in [("keep", "keep the originals"), ("look", "look")] {
        let page = s.share(&[("to", B), ("may", may)]).text();
        assert!(page.contains(said), "{page}");
        assert!(!page.contains("role=\"alert\""), "{page}");
    }
}

#[test]
fn nobody_learns_on_the_share_page_with_whom_another_of_the_house_shares() {
    let mut s = scene();
    let mut order = order(&[], &["home-b+secretfriend@b.example"], "display=1280");
    order.what = s.items[..1].to_vec();
    order.viewer = Some("ann".parse().expect("a station"));
    s.a.share(&order).expect("recorded");
    let now = s.a.now();
    let mail = "people@p.example".parse().expect("mail");
    let added =
        s.a.home
            .add_person("amy".parse().expect("a name"), mail, now);
    added.expect("added");
    let mut amy = s.site.signed_in(&mut s.a, "amy");
    let page = format!("/share?picture={}", s.items[0]);
    let faces = amy.get(&page).text();
    assert!(faces.contains("House B"), "{faces}");
    assert!(!faces.contains("secretfriend"), "{faces}");
    for browser in [&mut s.ann, &mut s.abe] {
        assert!(browser.get(&page).text().contains("secretfriend"));
    }
}

#[test]
fn a_stranger_that_takes_the_name_of_a_household_stands_in_nobodys_way() {
    let mut s = scene();
    let card = s.c.home.own_card_pem().expect("a card");
    let now = s.a.now();
    let added =
        s.a.home
            .add_contact_file(&s.c.mailbox, card.as_bytes(), now);
    let mut stranger = Contact {
        name: "House B".to_owned(),
        trust: Trust::Pending,
        accepted: false,
        ..added.expect("added")
    };
    for trust in [Trust::Pending, Trust::Seen] {
        stranger.trust = trust;
        let put = s.a.home.album.commit(|rows| rows.put_contact(&stranger));
        put.expect("noted");
        let page = s.share(&[("who", "house b")]).text();
        assert!(!page.contains("role=\"alert\""), "{trust:?}: {page}");
        assert!(page.contains("can look at these"), "{trust:?}: {page}");
    }
}

#[test]
fn what_is_one_persons_alone_is_not_shown_to_the_keeper_with_what_they_sent() {
    let mut s = scene();
    let ann = Some("ann".parse().expect("a station"));
    let path = s.a.folder.join("gift.jpg");
    picture(&path, 640, 480);
    let adding = Adding {
        album: None,
        person: ann.clone(),
        private: true,
    };
    let now = s.a.now();
    let imported = s.a.home.import_as(&[path], &adding, now, &mut |_| {});
    let gift = imported.expect("imported").items.remove(0).reference;
    let mut order = order(&[], &[BEA], "display=1280");
    order.what = vec![gift.clone(), s.items[0].clone()];
    order.viewer = ann;
    let share = s.a.share(&order).expect("recorded").share;
    for page in ["/sent".to_owned(), format!("/sent/{share}")] {
        let shown = s.ann.get(&page).text();
        assert!(shown.contains(&gift), "{page}: {shown}");
        let shown = s.abe.get(&page).text();
        assert!(shown.contains(&s.items[0]), "{page}: {shown}");
        assert!(!shown.contains(&gift), "{page}: {shown}");
    }
}
