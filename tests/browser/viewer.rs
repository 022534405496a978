//! What may be looked at only leaves no picture on paper; and the keys of the viewer.

use crate::browser::Browser;
use crate::house::{Village, order};
use crate::open::Open;
use crate::tool::{browser_film, is_here};
use fantoccini::key::Key;
use serde_json::json;

/// How many pictures and films are seen, and whether it is said why none is.
const SEEN: &str = "
    const seen = (css) => [...document.querySelectorAll(css)].filter((one) => one.checkVisibility());
    const words = seen('.no-paper').map((one) => one.innerText.trim()).filter(Boolean);
    return [seen('img, video').length, words.length];";

impl Browser {
    /// As the page is on paper or on the screen: pictures, and sentences that say why there are none.
    fn seen_on(&self, media: &str) -> (u64, u64) {
        self.command("Emulation.setEmulatedMedia", json!({ "media": media }));
        let seen = self.run(SEEN, vec![]);
        self.command("Emulation.setEmulatedMedia", json!({ "media": "" }));
        let number = |at: usize| seen[at].as_u64().expect("a number");
        (number(0), number(1))
    }
}

#[test]
fn what_came_is_printed_by_its_own_print_alone() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let own = open.import(1, "balloon.jpg");
    let picture = crate::browser::scene::sample("lake-dusk.jpg");
    let ann = &mut open.houses[0];
    let picture = ann.import(&[picture]).remove(0);
    let bob = ["home-b+bob@b.example"];
    let mut shares = Vec::new();
    for rules in ["display=1280,forward=yes", "display=1280,print=full"] {
        let share = ann.share(&order(&[&picture], &bob, rules));
        shares.push(share.expect("recorded").share);
    }
    if is_here("ffmpeg") {
        let path = ann.folder.join("film.mp4");
        std::fs::write(&path, browser_film("film.mp4")).expect("a file");
        let item = ann.import(&[path]).remove(0);
        let rules = "display=full,store=full";
        let share = ann.share(&order(&[&item], &bob, rules));
        shares.push(share.expect("recorded").share);
    }
    let mut houses: Vec<_> = open.houses.iter_mut().collect();
    village.settle(&mut houses);
    let viewer = |share: &String| {
        let item = open.houses[1].items(share).remove(0);
        format!("/received/{share}/{}", item.reference)
    };
    let bob = open.browser(1, "bob");
    let to = |page: &str| bob.goto(&format!("{}{page}", open.base(1)));
    let mut pages = vec![
        "/received".to_owned(),
        format!("/received/{}/pass-on", shares[0]),
        "/frame".to_owned(),
    ];
    for share in &shares {
        pages.push(format!("/received/{share}"));
        pages.push(viewer(share));
    }
    for page in &pages {
        to(page);
        bob.until("its pictures", || bob.seen_on("screen").0 > 0);
        assert_eq!(bob.seen_on("screen").1, 0, "{page}");
        assert_eq!(bob.seen_on("print"), (0, 1), "{page}");
    }
    to(&format!("{}?print=yes", viewer(&shares[1])));
    assert_eq!(bob.seen_on("print"), (1, 0), "what may be printed");
    for page in ["/".to_owned(), format!("/album/{own}")] {
        to(&page);
        assert_eq!(bob.seen_on("print"), (1, 0), "{page}: their own");
    }
}

#[test]
fn escape_closes_what_lies_open_before_it_leaves() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let own = open.import(0, "balloon.jpg");
    let ann = open.browser(0, "ann");
    let page = format!("/album/{own}");
    ann.goto(&format!("{}{page}", open.base(0)));
    ann.until_painted();
    ann.type_text("i");
    ann.until("it opens", || ann.has("details.allowed[open]"));
    ann.press(Key::Escape);
    ann.until("it closes", || !ann.has("details.allowed[open]"));
    assert_eq!(ann.at(), page, "it is still looked at");
    // While somebody types there, too.
    ann.type_text("i");
    ann.until("it opens again", || ann.has("details.allowed[open]"));
    ann.click("details.allowed textarea");
    ann.press(Key::Escape);
    ann.until("it closes again", || !ann.has("details.allowed[open]"));
    assert_eq!(ann.at(), page);
    ann.press(Key::Escape);
    ann.until("the album", || ann.at() == "/");
}

/// Not a black page: the picture stays, with the word that the line is gone.
#[test]
fn who_goes_on_without_a_line_is_told_so_and_gets_there_once_it_is_back() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let ann = &mut open.houses[0];
    let pictures = ["balloon.jpg", "lake-dusk.jpg"].map(crate::browser::scene::sample);
    let items = ann.import(&pictures);
    let bob = ["home-b+bob@b.example"];
    let order = order(&[&items[0], &items[1]], &bob, "display=1280");
    let share = ann.share(&order).expect("recorded").share;
    let mut houses: Vec<_> = open.houses.iter_mut().collect();
    village.settle(&mut houses);
    let pages = open.houses[1].items(&share);
    let page = |at: usize| format!("/received/{share}/{}", pages[at].reference);
    let bob = open.browser(1, "bob");
    let line = |gone: bool| {
        let numbers = json!({ "offline": gone, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        bob.command("Network.emulateNetworkConditions", numbers);
    };
    bob.command("Network.enable", json!({}));
    bob.goto(&format!("{}{}", open.base(1), page(0)));
    bob.until_shown();
    assert!(!bob.says("No connection to your box."));
    line(true);
    bob.click(".turn.next");
    bob.until("the word", || bob.says("No connection to your box."));
    assert_eq!(bob.at(), page(0));
    bob.click("[data-lost] button");
    assert!(bob.says("No connection to your box.") && bob.at() == page(0));
    line(false);
    bob.until("the next picture", || bob.at() == page(1));
    // By hand, where nothing tells that it is back.
    line(true);
    bob.click(".turn.prev");
    bob.until("the word", || bob.says("No connection to your box."));
    let silent = "addEventListener('online', (event) => event.stopImmediatePropagation(), true);";
    bob.run(silent, vec![]);
    line(false);
    bob.until("the picture before", || {
        if bob.at() == page(1) {
            bob.run(
                "document.querySelector('[data-lost] button')?.click();",
                vec![],
            );
        }
        bob.at() == page(0)
    });
}
