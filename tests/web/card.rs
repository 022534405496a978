//! Memory cards in the browser: the lamp on every page, what is new, and bringing it in.

use std::fs;
use std::path::PathBuf;

use crate::alone::alone;
use crate::camera::plugged_in;
use crate::house::{House, Village, picture};
use crate::site::{Browser, Page, Site};
use axum::http::StatusCode;
use hearthpost::sharing::Household;
use hearthpost::sharing::own::Wanted;
use hearthpost::sharing::own::import::Adding;

struct Scene {
    _village: Village,
    b: House,
    site: Site,
    bob: Browser,
    card: PathBuf,
}

/// A household whose reader has a card with three pictures in it.
fn scene() -> Scene {
    scene_with("cards = [\"reader\"]")
}

fn scene_with(import: &str) -> Scene {
    let village = Village::new("b");
    let mut b = village.house("b", &["bob", "bea"]);
    let card = b.folder.join("reader/<b>EOS");
    fs::create_dir_all(card.join("DCIM/100")).expect("a folder");
    for number in 1..=3 {
        let path = card.join(format!("DCIM/100/IMG_{number}.JPG"));
        picture(&path, 320 + number, 200);
    }
    let config = b.folder.join("hearthpost.toml");
    let mut text = fs::read_to_string(&config).expect("settings");
    text += &format!("\n[import]\n{import}\n");
    fs::write(&config, text).expect("settings");
    b.home = Household::open(&config).expect("opens");
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    Scene {
        _village: village,
        b,
        site,
        bob,
        card,
    }
}

impl Scene {
    fn page(&mut self) -> Page {
        let page = self.bob.get("/card");
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page
    }

    fn id(&self) -> String {
        let cards = self.b.home.mounted_cards().expect("cards");
        cards[0].id.clone()
    }

    fn count(&self, name: &str) -> usize {
        let viewer = name.parse().expect("a station");
        let page = self.b.home.album_items(Some(&viewer), &Wanted::default());
        page.expect("a page").items.len()
    }
}

/// The lamp of a page.
fn lamp(page: &Page) -> String {
    let text = page.text();
    let (_, lamp) = text.split_once("<p class=\"lamp").expect("a lamp");
    let (lamp, _) = lamp.split_once("</p>").expect("its end");
    lamp.to_owned()
}

#[test]
fn what_is_new_is_offered_on_every_page_and_brought_in_by_a_form() {
    let mut s = scene();
    let page = s.page();
    assert!(page.text().contains("&lt;b&gt;EOS"), "its name is escaped");
    assert!(
        page.text()
            .contains("<form action=\"/card\" method=\"post\"")
    );
    for path in ["/", "/received", "/sent", "/settings", "/card"] {
        let lamp = lamp(&s.bob.get(path));
        assert!(
            lamp.contains("3 new") && lamp.contains("href=\"/card\""),
            "{path}: {lamp}"
        );
    }
    let id = s.id();
    let form = [
        ("card", id.as_str()),
        ("album-name", "Spain"),
        ("private", "yes"),
    ];
    let sent = s.bob.post("/card", &form);
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/card")
    );
    assert_eq!((s.count("bob"), s.count("bea")), (3, 0));
    let albums = s.b.home.albums(None).expect("albums");
    assert_eq!((albums[0].name.as_str(), albums[0].items), ("Spain", 3));
    let page = s.page();
    assert!(
        !page.text().contains("<form action=\"/card\""),
        "nothing is new"
    );
    let done = lamp(&page);
    assert!(
        done.starts_with("\"") && done.contains("take the card out"),
        "{done}"
    );
    // Once more it brings nothing twice.
    assert_eq!(s.bob.post("/card", &form).status, StatusCode::SEE_OTHER);
    assert_eq!(s.count("bob"), 3);
}

#[test]
fn while_a_card_is_read_the_lamp_is_on_whoever_reads_it() {
    let mut s = scene();
    let id = s.id();
    let path = s.b.folder.join("own.jpg");
    picture(&path, 400, 300);
    let own = format!("/album/{}", s.b.import(&[path]).remove(0).reference);
    let reading = s.b.home.begin_card(None, &Adding::default());
    let reading = reading.expect("in hand");
    for path in ["/", "/card", &own] {
        let lamp = lamp(&s.bob.get(path));
        assert!(
            lamp.starts_with(" on\"") && lamp.contains("data-total=\"3\""),
            "{lamp}"
        );
    }
    let page = s.page();
    assert!(
        page.text().contains("http-equiv=\"refresh\""),
        "it goes on without script"
    );
    assert!(!page.text().contains("<form action=\"/card\""));
    s.bob.headers = vec![("accept".to_owned(), "application/json".to_owned())];
    let part = s.bob.get("/card/lamp");
    assert!(lamp(&part).starts_with(" on\"") && !part.text().contains("<html"));
    s.bob.headers.clear();
    // A second one has to wait.
    let busy = s.bob.post("/card", &[("card", id.as_str())]);
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    let now = s.b.now();
    let read = s.b.home.read_card(reading, now, &mut |_| {});
    assert_eq!(read.expect("it is read").items.len(), 3);
    let after = lamp(&s.bob.get("/card/lamp"));
    assert!(
        after.starts_with("\"") && after.contains("take the card out"),
        "{after}"
    );
}

#[test]
fn one_that_is_not_there_or_pulled_out_is_told_of() {
    let mut s = scene();
    let none = s.bob.post("/card", &[("card", "/etc")]);
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let reading = s.b.home.begin_card(None, &Adding::default());
    let reading = reading.expect("in hand");
    fs::remove_dir_all(&s.card).expect("pulled out");
    let now = s.b.now();
    let read = s.b.home.read_card(reading, now, &mut |_| {});
    assert_eq!(read.expect_err("it is gone").code, "card_gone");
    let page = s.page();
    assert!(lamp(&page).contains("too early"));
    assert!(page.text().contains("0 of 3"), "{}", page.text());
}

/// What of the page of the card a person fills in: the album, and whether for them alone.
fn filled_in(page: &Page) -> Option<(String, bool)> {
    let text = page.text();
    let (_, form) = text.split_once("<form action=\"/card\"")?;
    let (form, _) = form.split_once("</form>").expect("its end");
    let (_, album) = form.split_once("name=\"album-name\"").expect("a field");
    let (album, _) = album.split_once('>').expect("its end");
    let value = album.split_once("value=\"").map(|(_, value)| value);
    let value = value.and_then(|value| value.split('"').next());
    let private = form.contains("name=\"private\" value=\"yes\" checked");
    Some((value.unwrap_or_default().to_owned(), private))
}

/// It is begun so, and pulled out before the first file is in; then it is put in again.
fn pulled_out(s: &mut Scene, begun: &Adding) {
    let reading = s.b.home.begin_card(None, begun).expect("in hand");
    let (now, away) = (s.b.now(), s.b.folder.join("in-the-hand"));
    fs::rename(&s.card, &away).expect("pulled out");
    let read = s.b.home.read_card(reading, now, &mut |_| {});
    assert_eq!(read.expect_err("it is gone").code, "card_gone");
    fs::rename(&away, &s.card).expect("put in");
}

#[test]
fn the_rest_of_a_card_comes_in_as_it_was_begun_and_for_nobody_else() {
    let mut s = scene();
    let mut bea = s.site.signed_in(&mut s.b, "bea");
    let begun = Adding {
        album: Some("Trip two".to_owned()),
        person: Some("bob".parse().expect("a station")),
        private: true,
    };
    let id = s.id();
    let reading = s.b.home.begin_card(None, &begun).expect("in hand");
    let (now, away) = (s.b.now(), s.b.folder.join("in-the-hand"));
    let card = s.card.clone();
    let read = s.b.home.read_card(reading, now, &mut |progress| {
        if progress.file.ends_with("IMG_2.JPG") && card.exists() {
            fs::rename(&card, &away).expect("pulled out");
        }
    });
    assert_eq!(read.expect_err("it is gone").code, "card_gone");
    fs::rename(&away, &s.card).expect("put in");
    // The station may have started anew meanwhile.
    s.b.home = Household::open(&s.b.folder.join("hearthpost.toml")).expect("opens");
    s.site = Site::of(&s.b);
    assert_eq!(filled_in(&s.page()), Some(("Trip two".to_owned(), true)));

    // For others it is not there to be had, whatever they send.
    let page = bea.get("/card");
    assert_eq!(filled_in(&page), None);
    assert!(page.text().contains("2 files on it"), "{}", page.text());
    assert!(!page.text().contains("Trip two") && !page.text().contains("bob"));
    for form in [
        vec![("card", id.as_str())],
        vec![("card", id.as_str()), ("begun", "yes")],
        vec![("card", id.as_str()), ("private", "yes")],
    ] {
        assert_eq!(bea.post("/card", &form).status, StatusCode::CONFLICT);
    }
    assert_eq!((s.count("bob"), s.count("bea")), (1, 0));

    // What was taken since then is nobody's yet.
    picture(&s.card.join("DCIM/100/IMG_4.JPG"), 400, 200);
    assert_eq!(filled_in(&bea.get("/card")), Some((String::new(), false)));
    let sent = bea.post("/card", &[("card", id.as_str())]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!((s.count("bob"), s.count("bea")), (2, 1));

    // A page from before it was pulled out knows nothing of the choice.
    let sent = s.bob.post("/card", &[("card", id.as_str())]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!((s.count("bob"), s.count("bea")), (4, 1));
    let albums = s.b.home.albums(None).expect("albums");
    assert_eq!((albums[0].name.as_str(), albums[0].items), ("Trip two", 3));
    assert_eq!(albums.len(), 1);
    assert_eq!(filled_in(&s.page()), None);
}

#[test]
fn who_did_not_begin_a_card_is_told_who_did_and_what_they_can_do() {
    let mut s = scene();
    let mut bea = s.site.signed_in(&mut s.b, "bea");
    let begun = Adding {
        album: Some("Trip two".to_owned()),
        person: Some("bob".parse().expect("a station")),
        private: false,
    };
    pulled_out(&mut s, &begun);
    let own = s.page().text();
    assert!(own.contains("What you chose then is filled in."), "{own}");
    let page = bea.get("/card");
    let text = page.text();
    let told =
        "What bob chose is filled in; you can bring in the rest so or otherwise, in your own name.";
    assert!(text.contains(told), "{text}");
    assert!(!text.contains("bring in the rest here"), "{text}");
    assert_eq!(filled_in(&page), Some(("Trip two".to_owned(), false)));
    let id = s.id();
    let form = [("card", id.as_str()), ("begun", "yes"), ("private", "yes")];
    assert_eq!(bea.post("/card", &form).status, StatusCode::SEE_OTHER);
    assert_eq!((s.count("bob"), s.count("bea")), (0, 3));
}

#[test]
fn what_nobody_of_the_house_began_is_told_of_without_a_name() {
    let mut s = scene();
    let begun = Adding {
        album: Some("Trip two".to_owned()),
        ..Adding::default()
    };
    pulled_out(&mut s, &begun);
    let text = s.page().text();
    let told = "What was chosen then is filled in; you can bring in the rest so or otherwise";
    assert!(text.contains(told), "{text}");
}

#[test]
fn whoever_began_a_card_may_choose_otherwise_for_the_rest() {
    let mut s = scene();
    let begun = Adding {
        album: Some("Trip two".to_owned()),
        person: Some("bob".parse().expect("a station")),
        private: true,
    };
    pulled_out(&mut s, &begun);
    assert_eq!(filled_in(&s.page()), Some(("Trip two".to_owned(), true)));
    let id = s.id();
    let form = [("card", id.as_str()), ("begun", "yes")];
    assert_eq!(s.bob.post("/card", &form).status, StatusCode::SEE_OTHER);
    assert_eq!((s.count("bob"), s.count("bea")), (3, 3));
    assert!(s.b.home.albums(None).expect("albums").is_empty());
}

#[test]
fn the_lamp_tells_a_page_that_lies_open_what_is_put_in() {
    let mut s = scene();
    let told = |lamp: String| {
        let (_, told) = lamp.split_once("data-cards=\"").expect("what is in");
        told.split('"').next().expect("its end").to_owned()
    };
    let before = told(lamp(&s.page()));
    assert_eq!(told(lamp(&s.bob.get("/card/lamp"))), before);
    let away = s.b.folder.join("in-the-hand");
    fs::rename(&s.card, &away).expect("pulled out");
    // A look at the page is one at the cards.
    let without = told(lamp(&s.page()));
    assert_ne!(without, before);
    assert!(s.page().text().contains("shows here in a moment"));
    fs::rename(&away, &s.card).expect("put in");
    assert_eq!(told(lamp(&s.page())), before);
    picture(&s.card.join("DCIM/100/IMG_4.JPG"), 400, 200);
    assert_ne!(told(lamp(&s.page())), before);
}

#[test]
fn cards_are_for_the_people_of_the_house() {
    let mut s = scene();
    let mut stranger = s.site.browser();
    for path in ["/card", "/card/lamp"] {
        assert_eq!(stranger.get(path).status, StatusCode::SEE_OTHER, "{path}");
    }
    let id = s.id();
    let form = [("card", id.as_str())];
    assert_eq!(
        stranger.post("/card", &form).status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(s.count("bob"), 0);
    assert!(lamp(&s.page()).contains("3 new"));
}

/// What is offered of that name: its new files, and how it is brought in.
fn offered(page: &Page, name: &str) -> String {
    let text = page.text();
    let (_, set) = text.split_once(&format!(">{name}</h2>")).expect("listed");
    let (set, _) = set.split_once("</section>").expect("its end");
    set.to_owned()
}

#[test]
fn a_watched_folder_is_offered_too_and_need_not_be_waited_for() {
    let mut s = scene_with("cards = []\nwatch = [\"reader/<b>EOS\"]");
    let set = offered(&s.page(), "&lt;b&gt;EOS");
    assert!(
        set.contains("3 ") && set.contains("<form action=\"/card\""),
        "{set}"
    );
    let form = [("card", &*s.id()), ("private", "yes")];
    assert_eq!(s.bob.post("/card", &form).status, StatusCode::SEE_OTHER);
    assert_eq!((s.count("bob"), s.count("bea")), (3, 0));
    assert!(!offered(&s.page(), "&lt;b&gt;EOS").contains("<form"));
}

#[test]
fn a_camera_that_does_not_mount_is_offered_and_brought_in() {
    let test = "card::a_camera_that_does_not_mount_is_offered_and_brought_in";
    if alone(test, "/usr/bin:/bin", plugged_in).is_none() {
        return;
    }
    let mut s = scene_with("cards = []");
    let page = s.page();
    let set = offered(&page, "Canon EOS 350D (PTP mode)");
    assert!(
        set.contains("3 ") && set.contains("<form action=\"/card\""),
        "{set}"
    );
    let camera = page.hidden("card");
    let sent = s
        .bob
        .post("/card", &[("card", &camera), ("private", "yes")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!((s.count("bob"), s.count("bea")), (3, 0));
    assert!(!offered(&s.page(), "Canon EOS 350D (PTP mode)").contains("<form"));
}
