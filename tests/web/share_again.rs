//! The last choice that was made for a household is offered first next time, and gives nobody more than somebody chose.

use crate::share::{Scene, scene};
use hearthpost::sharing::requests::asking::Wish;

const BOB: &str = "home-b+bob@b.example";

impl Scene {
    /// The page, after what stands in the form was looked at as it was offered.
    fn offered(&mut self, fields: &[(&str, &str)]) -> String {
        let page = [&[("may", "look"), ("offered", "look")], fields].concat();
        self.share(&page).text()
    }
}

fn chosen(text: &str) -> Vec<&str> {
    let all = ["look", "keep", "all", "each"].into_iter();
    let is = |preset: &&str| {
        let each = if *preset == "each" {
            " id=\"each\""
        } else {
            ""
        };
        text.contains(&format!("name=\"may\" value=\"{preset}\"{each} checked"))
    };
    all.filter(is).collect()
}

#[test]
fn what_was_chosen_last_is_chosen_first() {
    let mut s = scene();
    let text = s.offered(&[("to", BOB)]);
    assert_eq!(chosen(&text), ["look"]);
    assert!(!text.contains("Chosen as the last time"), "{text}");
    s.recorded(&[("to", BOB), ("may", "keep")]);
    let text = s.offered(&[("to", BOB)]);
    assert_eq!(chosen(&text), ["keep"], "{text}");
    assert!(
        text.contains("Chosen as the last time") && text.contains("keep the originals"),
        "{text}"
    );
    s.a.wait(60);
    s.site.set_clock(&s.a);
    s.recorded(&[("to", BOB), ("may", "all")]);
    assert_eq!(chosen(&s.offered(&[("to", BOB)])), ["all"]);
    // Who chooses otherwise is not overruled, and whoever is new is not given more.
    let mut other = vec![("to", BOB), ("may", "look"), ("offered", "all")];
    assert_eq!(chosen(&s.share(&other).text()), ["look"]);
    other[1].1 = "all";
    other.push(("to", "home-b+bea@b.example"));
    let text = s.share(&other).text();
    assert_eq!(chosen(&text), ["each"], "{text}");
    assert!(text.contains("bea can look at these for 30 days"), "{text}");
    assert!(
        text.contains("bob can look at these, print them and keep the originals"),
        "{text}"
    );
    // Nobody is left who was given anything.
    let fields = [("may", "all"), ("offered", "all")];
    assert_eq!(chosen(&s.share(&fields).text()), ["look"]);
    // What is pressed is what is done.
    let done = [
        ("to", BOB),
        ("may", "look"),
        ("offered", "look"),
        ("do", "share"),
    ];
    assert_eq!(chosen(&s.share(&done).text()), ["look"]);
}

#[test]
fn what_was_chosen_for_a_person_is_chosen_for_them_again() {
    let mut s = scene();
    let field = |name: &str| format!("{name} {BOB}");
    let (look, size, long, name) = (field("look"), field("size"), field("long"), field("name"));
    s.recorded(&[
        ("to", BOB),
        ("may", "each"),
        ("for", BOB),
        (&look, "on"),
        (&size, "small"),
        (&long, "7"),
        (&name, "on"),
    ]);
    let text = s.offered(&[("to", BOB)]);
    assert_eq!(chosen(&text), ["each"], "{text}");
    for has in [
        "<option value=\"small\" selected>",
        "<option value=\"7\" selected>",
        "name=\"name home-b+bob@b.example\" checked",
    ] {
        assert!(text.contains(has), "{has}: {text}");
    }
    // What others of the house gave is theirs.
    let mut abe = s.site.signed_in(&mut s.a, "abe");
    let form = [
        ("picture", s.items[0].as_str()),
        ("to", BOB),
        ("may", "look"),
        ("offered", "look"),
    ];
    assert_eq!(chosen(&abe.post("/share", &form).text()), ["look"]);
}

/// Who asks for more and gets it was not chosen for more.
#[test]
fn a_yes_to_a_request_is_no_choice_for_what_is_shared_next() {
    let mut s = scene();
    let share = s.recorded(&[("to", BOB), ("may", "look")]);
    s.arrive();
    for wish in [Wish::Print, Wish::PassOn, Wish::Keep] {
        s.given(&share, wish);
        let given = s.a.home.sent().expect("listed").remove(0);
        let rules = &given.destinations[0].stations[0].rules;
        let may = match wish {
            Wish::Print => rules.print.is_some(),
            Wish::PassOn => rules.forward,
            _ => rules.store.is_some(),
        };
        assert!(may, "the yes counts there");
        let page = s.offered(&[("to", BOB)]);
        assert_eq!(chosen(&page), ["look"], "{wish:?}: {page}");
    }
    // For the last one it had to be sealed anew.
    assert_eq!(s.a.home.sent().expect("listed").len(), 2);
    // What somebody chooses counts again.
    s.recorded(&[("to", BOB), ("may", "keep")]);
    assert_eq!(chosen(&s.offered(&[("to", BOB)])), ["keep"]);
}

impl Scene {
    /// Bob asks for more of it, and is given it.
    fn given(&mut self, share: &str, wish: Wish) {
        self.a.wait(60);
        self.b.wait(60);
        self.site.set_clock(&self.a);
        let (bob, now) = ("bob".parse().expect("a person"), self.b.clock());
        let asked = self.b.home.ask_for(share, &bob, &[wish], "", now);
        asked.expect("asked");
        self.arrive();
        let request = self.a.home.requests().expect("rows").remove(0).request;
        let now = self.a.clock();
        let answered = self.a.home.answer(&request, true, "", now);
        answered.expect("answered");
        self.arrive();
    }
}
