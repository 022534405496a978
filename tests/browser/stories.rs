//! What happens while pages lie open, in real browsers: a picture frame stands for three days; what failed is sent again; what
//! is over is gone.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::browser::{Browser, SCHEMES, WIDTHS};
use crate::house::{House, START, Village};
use crate::open::{ARRIVED, Open};
use fantoccini::key::Key;
use hearthpost::rules::parse_rules;
use hearthpost::sharing::share::Order;
use serde_json::{Value, json};
use testmail::{Reply, Times};

const B: &str = "home-b@b.example";

/// Three households in a row, and their mail.
struct Story {
    village: Village,
    open: Open,
}

impl Deref for Story {
    type Target = Open;

    fn deref(&self) -> &Open {
        &self.open
    }
}

impl DerefMut for Story {
    fn deref_mut(&mut self) -> &mut Open {
        &mut self.open
    }
}

impl Story {
    fn new() -> Self {
        let village = Village::new("abc");
        let open = Open::of(|x, who| village.house(x, &[who]));
        Story { village, open }
    }

    fn settle(&mut self) {
        let mut houses: Vec<&mut House> = self.open.houses.iter_mut().collect();
        self.village.settle(&mut houses);
    }

    /// Shares from the first house with the second.
    fn share(&mut self, item: &str, rules: &str, title: &str) -> String {
        let order = Order {
            what: vec![item.to_owned()],
            to: vec![B.to_owned()],
            rules: Some(parse_rules(rules).expect("rules")),
            title: title.to_owned(),
            yes: true,
            ..Order::default()
        };
        self.houses[0].share(&order).expect("recorded").share
    }
}

impl Browser {
    /// The scale and the place of the picture in the viewer.
    fn near(&self) -> [f64; 3] {
        let script = "const m = new DOMMatrix(getComputedStyle(document.querySelector('.stage img')).transform);
            return [m.a, m.e, m.f];";
        let found = self.run(script, vec![]);
        [0, 1, 2].map(|at| found[at].as_f64().expect("a number"))
    }

    /// Fingers go this way, in steps.
    pub fn touch(&self, ways: &[&[(f64, f64)]]) {
        let points = |step: usize| -> Vec<Value> {
            let point = |(id, way): (usize, &&[(f64, f64)])| json!({ "id": id, "x": way[step].0, "y": way[step].1 });
            ways.iter().enumerate().map(point).collect()
        };
        for step in 0..ways[0].len() {
            let kind = if step == 0 { "touchStart" } else { "touchMove" };
            let touch = json!({ "type": kind, "touchPoints": points(step) });
            self.command("Input.dispatchTouchEvent", touch);
        }
        let none: [Value; 0] = [];
        let end = json!({ "type": "touchEnd", "touchPoints": none });
        self.command("Input.dispatchTouchEvent", end);
    }
}

#[test]
fn what_failed_is_sent_again_by_a_button_and_the_page_says_when_it_came() {
    let mut story = Story::new();
    let item = story.import(0, "balloon.jpg");
    let share = story.share(&item, "display=1280", "The balloon");
    let faults = story.village.server.faults();
    faults.smtp_rcpt(B, Reply::new(550, "5.7.1 not today"), Times::Always);
    story.village.sync(&mut story.open.houses[0]);
    faults.clear();
    let ann = story.browser(0, "ann");
    ann.goto(&format!("{}/sent/{share}", story.base(0)));
    assert!(ann.says("Could not be sent"));
    ann.click("form[action$='/again'] button");
    ann.until("that it goes", || {
        ann.says("Goes out as soon as the line allows")
    });
    assert!(!ann.has("form[action$='/again']"), "once is enough");
    story.settle();
    ann.until("its arrival", || ann.has(ARRIVED));
    assert_eq!(ann.complaints(), Vec::<String>::new());
}

#[test]
fn what_is_over_by_the_clock_is_gone_from_pages_that_lie_open() {
    let mut story = Story::new();
    let item = story.import(0, "poppies.jpg");
    let until = hearthpost::encoding::Timestamp::from_unix(START + 3_600);
    let share = story.share(
        &item,
        &format!("display=1280,forward=yes,until={until}"),
        "Poppies",
    );
    story.settle();
    let item = story.houses[1].items(&share).remove(0).reference;
    story.wait(3_600 - 2);
    let [viewer, pass_on] = [&item, "pass-on"].map(|end| format!("/received/{share}/{end}"));
    let list = "/received".to_owned();
    for (path, css) in [
        (viewer, ".stage img"),
        (pass_on, ".rows img"),
        (list, ".mosaic img"),
    ] {
        story.time.store(START + 3_600 - 2, Ordering::SeqCst);
        let bob = story.browser(1, "bob");
        bob.goto(&format!("{}{path}", story.base(1)));
        bob.until_shown();
        assert!(bob.has(css), "{path} before");
        // Nothing tells the page but its own clock.
        story.time.store(START + 3_600, Ordering::SeqCst);
        bob.until("the end", || !bob.has(css));
    }
}

#[test]
fn what_is_over_is_gone_where_the_line_is_gone_too() {
    let mut story = Story::new();
    let item = story.import(0, "poppies.jpg");
    let until = hearthpost::encoding::Timestamp::from_unix(START + 3_600);
    let share = story.share(&item, &format!("display=1280,until={until}"), "Poppies");
    story.settle();
    let item = story.houses[1].items(&share).remove(0).reference;
    story.wait(3_600 - 4);
    let viewer = format!("/received/{share}/{item}");
    for (path, css) in [(&*viewer, ".stage img"), ("/frame?stays=60", "figure img")] {
        story.time.store(START + 3_600 - 4, Ordering::SeqCst);
        let bob = story.browser(1, "bob");
        bob.goto(&format!("{}{path}", story.base(1)));
        bob.until_shown();
        assert!(bob.has(css), "{path} before");
        // A frame knows of ends by its list.
        let read = "return performance.getEntriesByType('resource').some((one) => one.name.includes('/frame/pictures'));";
        bob.until("its list", || {
            path == viewer || bob.run(read, vec![]) == true
        });
        bob.command("Network.enable", json!({}));
        let line = |gone: bool| {
            bob.command(
                "Network.emulateNetworkConditions",
                json!({ "offline": gone, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
            );
        };
        line(true);
        story.time.store(START + 3_600, Ordering::SeqCst);
        bob.until("the end", || !bob.has(css));
        if path == viewer {
            // Not a black page.
            assert!(bob.says("No connection to your box."), "{path}");
            let covered =
                "const box = document.querySelector('[data-lost]').getBoundingClientRect();
                return !document.querySelector('[data-lost]').contains(
                    document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));";
            assert_eq!(bob.run(covered, vec![]), false, "it is seen");
        }
        line(false);
        assert!(!bob.has(css), "{path} after");
    }
}

#[test]
fn a_picture_that_went_with_the_line_is_there_again_where_the_box_still_gives_it() {
    let mut story = Story::new();
    let item = story.import(0, "poppies.jpg");
    let until = hearthpost::encoding::Timestamp::from_unix(START + 3_600);
    let share = story.share(&item, &format!("display=1280,until={until}"), "Poppies");
    story.settle();
    let item = story.houses[1].items(&share).remove(0).reference;
    story.wait(3_600 - 4);
    let bob = story.browser(1, "bob");
    bob.goto(&format!("{}/received/{share}/{item}", story.base(1)));
    bob.until_shown();
    let at = story.sites[1].1;
    drop(story.sites.remove(1));
    bob.until("the end by its own clock", || !bob.has(".stage img"));
    assert!(bob.says("No connection to your box."));
    // For the box it is not over.
    let site = story.open(1, at);
    story.sites.insert(1, site);
    bob.until("the picture", || bob.has(".stage img"));
    assert!(!bob.says("No connection to your box."));
}

#[test]
fn what_may_not_be_passed_on_is_said_on_a_page_that_stays() {
    let mut story = Story::new();
    let item = story.import(0, "poppies.jpg");
    let until = hearthpost::encoding::Timestamp::from_unix(START + 86_400);
    let rules = format!("display=1280,forward=yes,until={until}");
    let share = story.share(&item, &rules, "Poppies");
    story.settle();
    let bob = story.browser(1, "bob");
    bob.goto(&format!("{}/received/{share}/pass-on", story.base(1)));
    bob.click("[name=to][value='home-c@c.example']");
    let later = "document.querySelector('[name=until]').value = '2035-01-01';";
    bob.run(later, vec![]);
    bob.click("[name=do][value=check]");
    bob.until("why not", || {
        bob.at().contains("?sent=") && bob.has("[role=alert]")
    });
    // The page looks at itself whenever something comes, and not from the beginning.
    let count = "const line = fetch;
        window.looks = 0;
        window.fetch = (...what) => line(...what).finally(() => { looks += 1; });";
    bob.run(count, vec![]);
    for (looks, name) in [(1, "balloon.jpg"), (2, "lake-dusk.jpg")] {
        let other = story.import(0, name);
        story.share(&other, "display=1280", name);
        story.settle();
        bob.until("a look", || {
            bob.run("return window.looks;", vec![]).as_u64() >= Some(looks)
        });
    }
    assert!(bob.has("[role=alert]") && bob.has("[value='home-c@c.example']:checked"));
    let typed = "return document.querySelector('[name=until]').value;";
    assert_eq!(bob.run(typed, vec![]), "2035-01-01");
}

#[test]
fn the_picture_comes_nearer_by_keys_wheel_and_fingers_and_a_finger_still_turns_pages() {
    let mut story = Story::new();
    let items = ["kite-dunes.jpg", "lake-dusk.jpg"].map(|name| story.import(0, name));
    let ann = story.browser(0, "ann");
    ann.look_at(WIDTHS[1], SCHEMES[0]);
    ann.command(
        "Emulation.setTouchEmulationEnabled",
        json!({ "enabled": true, "maxTouchPoints": 2 }),
    );
    let page = format!("/album/{}", items[1]);
    ann.goto(&format!("{}{page}", story.base(0)));
    ann.until_shown();
    ann.until_painted();
    assert_eq!(ann.near(), [1.0, 0.0, 0.0]);

    // Keys.
    ann.type_text("+");
    let [scale, ..] = ann.near();
    assert!(scale > 1.4, "{scale}");
    ann.press(Key::Right);
    assert_eq!(ann.at(), page, "what is near is moved, not turned");
    assert!(ann.near()[1] < 0.0);
    ann.type_text("-");
    assert_eq!(ann.near(), [1.0, 0.0, 0.0]);

    // Two fingers.
    let (left, right): (Vec<_>, Vec<_>) = (0..5)
        .map(|step| {
            let away = 30.0 + 20.0 * f64::from(step);
            ((195.0 - away, 400.0), (195.0 + away, 400.0))
        })
        .unzip();
    ann.touch(&[&left, &right]);
    let [scale, ..] = ann.near();
    assert!((3.0..4.5).contains(&scale), "{scale}");
    // One finger moves it then.
    ann.touch(&[&[(195.0, 400.0), (150.0, 400.0), (100.0, 400.0)]]);
    assert_eq!(ann.at(), page);
    assert!(ann.near()[1] < -50.0, "{:?}", ann.near());
    // A double tap takes it back, and brings it near.
    for wanted in [1.0, 2.5] {
        ann.touch(&[&[(200.0, 300.0)]]);
        ann.touch(&[&[(200.0, 300.0)]]);
        assert!((ann.near()[0] - wanted).abs() < 0.01, "{:?}", ann.near());
    }
    ann.press(Key::Escape);
    assert_eq!((ann.near()[0], ann.at()), (1.0, page.clone()));
    // The wheel.
    let wheel = json!({ "type": "mouseWheel", "x": 200, "y": 400, "deltaX": 0, "deltaY": -300 });
    ann.command("Input.dispatchMouseEvent", wheel);
    ann.until("the wheel", || ann.near()[0] > 1.5);
    ann.press(Key::Escape);

    // Not near, a finger turns the page.
    ann.touch(&[&[(300.0, 300.0), (200.0, 300.0), (120.0, 300.0)]]);
    let other = format!("/album/{}", items[0]);
    ann.until("the other picture", || ann.at() == other);
    assert_eq!(ann.complaints(), Vec::<String>::new());
}

/// In the page, an hour goes by as soon as what was to be done in it is done: timers end at once, and the clock shows it.
const FAST: &str = "(() => {
    const soon = setTimeout.bind(window);
    const now = Date.now.bind(Date);
    let ahead = 0;
    Date.now = () => now() + ahead;
    window.setTimeout = (does, ms = 0) => soon(() => { ahead += ms; does(); }, 0);
    Object.defineProperty(window, 'hours', { get: () => ahead / 3600000 });
})();";

/// What the page holds, after what is of no use was swept out: bytes of its script, and nodes.
fn held(browser: &Browser) -> (f64, f64) {
    browser.command("HeapProfiler.collectGarbage", json!({}));
    let metrics = browser.command("Performance.getMetrics", json!({}));
    let all = metrics["metrics"].as_array().expect("a list").clone();
    let one = |name: &str| {
        let mut all = all.iter();
        let found = all.find(|one| one["name"] == name).expect("a metric");
        found["value"].as_f64().expect("a number")
    };
    (one("JSHeapUsedSize"), one("Nodes"))
}

#[test]
fn a_frame_that_stands_for_three_days_grows_no_larger_and_goes_on_whatever_happens() {
    let mut story = Story::new();
    for name in ["lake-dusk.jpg", "kite-dunes.jpg", "poppies.jpg"] {
        let item = story.import(0, name);
        story.share(&item, "display=1280", name);
    }
    story.settle();
    let frame = story.browser(1, "bob");
    let script = json!({ "source": FAST });
    frame.command("Page.addScriptToEvaluateOnNewDocument", script);
    for domain in [
        "Performance.enable",
        "HeapProfiler.enable",
        "Network.enable",
    ] {
        frame.command(domain, json!({}));
    }
    frame.goto(&format!("{}/frame?stays=1200", story.base(1)));
    let hours = || {
        frame
            .run("return window.hours;", vec![])
            .as_f64()
            .expect("a number")
    };
    // A hundred pictures, each fetched and shown.
    let after = |wanted: f64| {
        frame.until_within(Duration::from_secs(180), "the hours", || hours() >= wanted)
    };
    let picture = "return document.querySelector('figure:last-of-type img')?.src ?? '';";
    let shown = || {
        frame
            .run(picture, vec![])
            .as_str()
            .expect("a path")
            .to_owned()
    };

    after(3.0);
    let begun = held(&frame);
    after(36.0);

    // Something comes, and is shown without anybody doing anything.
    let balloon = story.import(0, "balloon.jpg");
    let share = story.share(&balloon, "display=1280", "The balloon");
    story.settle();
    let known = "return fetch(document.querySelector('main').dataset.list).then((answer) => answer.json()).then((all) => all[0].show);";
    let newest = frame.run(known, vec![]);
    let newest = newest.as_str().expect("a path").to_owned();
    frame.until("what came", || shown().ends_with(&newest));

    // The line is gone for hours: the last picture stays.
    let line = |offline: bool| {
        let numbers = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        frame.command("Network.emulateNetworkConditions", numbers);
    };
    line(true);
    let gone = hours();
    after(gone + 6.0);
    assert!(frame.has("figure img"), "it does not go dark");
    line(false);
    let last = shown();
    frame.until("the next one", || shown() != last);

    // The box is started anew.
    let at = story.sites[1].1;
    drop(story.sites.remove(1));
    let gone = hours();
    after(gone + 6.0);
    let site = story.open(1, at);
    story.sites.insert(1, site);
    let last = shown();
    frame.until("the next one", || shown() != last);

    // What is taken back is not shown any more.
    story.houses[0].revoke(&share, None).expect("taken back");
    story.settle();
    let end = hours();
    after(end.max(66.0) + 6.0);
    assert!(hours() >= 72.0);
    for _ in 0..3 {
        let before = shown();
        assert!(!before.ends_with(&newest), "it was taken back");
        frame.until("the next one", || shown() != before);
    }
    let (bytes, nodes) = held(&frame);
    assert!(
        bytes < begun.0 * 1.2 + 200_000.0,
        "{bytes} bytes, {begun:?} at first"
    );
    assert!(nodes < begun.1 + 60.0, "{nodes} nodes, {begun:?} at first");
}
