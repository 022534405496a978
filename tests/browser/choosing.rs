//! Pictures of the album are chosen by mouse, keyboard and fingers.

use crate::browser::{Browser, SCHEMES, WIDTHS, chosen};
use crate::house::Village;
use crate::open::Open;
use fantoccini::key::Key;
use serde_json::{Value, json};

const NAMES: [&str; 4] = ["balloon", "kite-dunes", "lake-dusk", "poppies"];

/// The pictures of ann's album in the order of the page, which is open.
fn album() -> (Village, Open, Browser, Vec<String>) {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    for name in NAMES {
        open.import(0, &format!("{name}.jpg"));
    }
    let ann = open.browser(0, "ann");
    ann.goto(&format!("{}/", open.base(0)));
    ann.until_shown();
    let order = "return [...document.querySelectorAll('.tick input')].map((one) => one.value);";
    let order = ann.run(order, vec![]);
    let order = order.as_array().expect("a list").iter();
    let order = order.map(|one| one.as_str().expect("a name").to_owned());
    let order = order.collect();
    (village, open, ann, order)
}

impl Browser {
    /// The middle of that picture in the window, away from its tick.
    fn middle(&self, item: &str) -> (f64, f64) {
        let script = "const at = document.querySelector(`.grid a[href$=\"${arguments[0]}\"]`);
            at.scrollIntoView({ block: 'center' });
            const box = at.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];";
        let at = self.run(script, vec![item.into()]);
        let number = |at: &Value| at.as_f64().expect("a number");
        (number(&at[0]), number(&at[1]))
    }

    fn shift_click(&self, item: &str) {
        let (x, y) = self.middle(item);
        for kind in ["mousePressed", "mouseReleased"] {
            let shift = 8;
            self.command(
                "Input.dispatchMouseEvent",
                json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1, "modifiers": shift }),
            );
        }
    }

    fn focus_on(&self, item: &str) {
        let script = "document.querySelector(`.grid a[href$=\"${arguments[0]}\"]`).focus();";
        self.run(script, vec![item.into()]);
    }
}

#[test]
fn with_shift_all_from_the_last_one_on_are_chosen_by_mouse_and_by_keyboard() {
    let (_village, _open, ann, all) = album();
    ann.run("document.querySelector('.tick input').click();", vec![]);
    assert_eq!(chosen(&ann), all[..1]);
    ann.shift_click(&all[2]);
    ann.until("three", || chosen(&ann) == all[..3]);
    assert_eq!(ann.at(), "/", "the picture is not looked at meanwhile");

    ann.focus_on(&all[1]);
    ann.press(Key::Space);
    ann.until("one less", || chosen(&ann) == [&*all[0], &*all[2]]);
    ann.focus_on(&all[3]);
    let shift = char::from(Key::Shift);
    ann.hold(&[shift, ' ']);
    ann.until("up to the last", || chosen(&ann) == all);
    assert_eq!(ann.at(), "/");
    assert_eq!(ann.complaints(), Vec::<String>::new());
}

#[test]
fn a_long_press_chooses_and_from_then_on_each_touch_does() {
    let (_village, _open, ann, all) = album();
    ann.look_at(WIDTHS[1], SCHEMES[0]);
    ann.command(
        "Emulation.setTouchEmulationEnabled",
        json!({ "enabled": true, "maxTouchPoints": 1 }),
    );
    let (x, y) = ann.middle(&all[0]);
    let none: [Value; 0] = [];
    let finger = |kind: &str, points: Value| {
        ann.command(
            "Input.dispatchTouchEvent",
            json!({ "type": kind, "touchPoints": points }),
        );
    };
    finger("touchStart", json!([{ "id": 0, "x": x, "y": y }]));
    ann.until("the press", || chosen(&ann) == all[..1]);
    finger("touchEnd", json!(none));
    ann.touch(&[&[ann.middle(&all[1])]]);
    ann.until("a second", || chosen(&ann) == all[..2]);
    ann.touch(&[&[ann.middle(&all[0])]]);
    ann.until("the first no more", || chosen(&ann) == all[1..2]);
    ann.touch(&[&[ann.middle(&all[1])]]);
    ann.until("none", || chosen(&ann).is_empty());
    // Where none is chosen, it is looked at.
    let page = format!("/album/{}", all[1]);
    ann.touch(&[&[ann.middle(&all[1])]]);
    ann.until("the picture", || ann.at() == page);
    assert_eq!(ann.complaints(), Vec::<String>::new());
}

#[test]
fn what_was_chosen_stays_so_through_a_search() {
    let (_village, _open, ann, all) = album();
    for at in [0, 1] {
        let tick = "document.querySelectorAll('.tick input')[arguments[0]].click();";
        ann.run(tick, vec![at.into()]);
    }
    ann.click(".search input");
    ann.type_text("poppies");
    ann.press(Key::Enter);
    ann.until("what is found", || ann.at().contains("q=poppies"));
    ann.until("the choice", || chosen(&ann).len() == 2);
    let names = "return [...document.querySelectorAll('.grid img')].map((one) => one.alt);";
    let names = ann.run(names, vec![]).to_string();
    assert!(names.contains("poppies"), "{names}");
    let before = |ann: &Browser| {
        let mut all = chosen(ann);
        all.sort();
        all
    };
    let mut two = all[..2].to_vec();
    two.sort();
    assert_eq!(before(&ann), two);
    // It is shared as it was chosen; and with nothing looked for any more it is where it was.
    ann.run(
        "document.querySelector('.search input').value = '';",
        vec![],
    );
    ann.run(
        "document.querySelector('form.search').requestSubmit();",
        vec![],
    );
    ann.until("all", || ann.at().starts_with("/?q=&"));
    ann.until("all of them", || {
        ann.run(
            "return document.querySelectorAll('.tick input').length;",
            vec![],
        ) == all.len()
    });
    assert_eq!(before(&ann), two);
    ann.click(".chosen > button.btn");
    ann.until("the share page", || ann.at().starts_with("/share?"));
    let at = ann.at();
    assert!(two.iter().all(|item| at.contains(item)), "{at}");
    assert_eq!(ann.complaints(), Vec::<String>::new());
}
