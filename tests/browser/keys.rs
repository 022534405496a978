//! Deeds of every day by keyboard alone, on a laptop and on a phone. That Tab finds all there is, `pages` looks at.

use crate::browser::scene::{PASSWORD, Scene, welcome};
use crate::browser::{Browser, SCHEMES, WIDTHS};
use fantoccini::key::Key;
use testmail::{Reply, Times};

impl Browser {
    /// Goes to what this finds by Tab, and presses a key there.
    fn presses(&self, css: &str, key: Key) {
        self.tab_onto(css);
        self.press(key);
    }

    /// Goes to a field by Tab, and writes into it.
    fn types(&self, css: &str, text: &str) {
        self.tab_onto(css);
        self.type_text(text);
    }
}

#[test]
fn a_keyboard_is_enough_and_shows_where_it_is() {
    let mut scene = Scene::new();
    let browser = Browser::start();
    comes_in(&browser, &mut scene);
    brings_files_in(&browser, &scene);
    reads_a_card(&browser, &scene);
    browser.forget();
    signs_in_and_turns_pages(&browser, &scene);
    for width in WIDTHS {
        browser.look_at(width, SCHEMES[0]);
        asks_and_passes_on(&browser, &scene, width);
        changes_settings(&browser, &scene, width);
        judges_a_household(&browser, &scene, width);
        hangs_a_frame(&browser, &scene);
        chooses_and_shares(&browser, &scene);
    }
    sends_again_and_stops(&browser, &mut scene);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// The first account of a house is made, on a phone.
fn comes_in(browser: &Browser, scene: &mut Scene) {
    browser.look_at(WIDTHS[1], SCHEMES[0]);
    let first = welcome(&mut scene.a, None);
    browser.goto(&format!("{}{first}", scene.new));
    browser.types("[name=name]", "ann");
    browser.types("[name=password]", PASSWORD);
    browser.types("[name=again]", PASSWORD);
    browser.presses("form .btn", Key::Enter);
    browser.until("signed in", || browser.at() == "/");
}

fn brings_files_in(browser: &Browser, scene: &Scene) {
    for width in WIDTHS {
        browser.look_at(width, SCHEMES[0]);
        let file = scene.a.folder.join(format!("notes-{width}.txt"));
        std::fs::write(&file, format!("Seen at {width}.\n")).expect("a file");
        browser.goto(&format!("{}/", scene.new));
        let field = "form.adding input[type=file]";
        browser.tab_onto(field);
        browser.fill(field, file.to_str().expect("text"));
        browser.until("the file", || browser.at() == "/?added=1&fresh=1");
    }
}

fn reads_a_card(browser: &Browser, scene: &Scene) {
    browser.sign_in(&scene.bare, "carol");
    browser.look_at(WIDTHS[1], SCHEMES[0]);
    browser.goto(&format!("{}/card", scene.bare));
    browser.types("[name=album-name]", "Spain");
    browser.presses("[name=private]", Key::Space);
    browser.presses("form .btn", Key::Enter);
    let done = ".tell a[href='/']";
    browser.until("its pictures", || browser.has(done));
    browser.presses(done, Key::Enter);
    browser.until("the album", || browser.at() == "/");
    assert!(browser.has(".rows .mine"), "for her alone");
}

fn signs_in_and_turns_pages(browser: &Browser, scene: &Scene) {
    browser.look_at(WIDTHS[0], SCHEMES[0]);
    browser.goto(&format!("{}/", scene.base));
    browser.types("[name=name]", "bob");
    browser.types("[name=password]", PASSWORD);
    browser.press(Key::Enter);
    browser.until("signed in", || browser.at() == "/");
    browser.presses("[href='/received']", Key::Enter);
    browser.until("what came", || browser.at() == "/received");
    let share = format!("/received/{}", scene.bay);
    let link = format!("[href='{share}']");
    browser.presses(&link, Key::Enter);
    browser.until("the share", || browser.at() == share);
    let picture = |name| scene.viewer(&scene.bay, name);
    let first = picture("lake-dusk.jpg");
    browser.presses(&format!("[href='{first}']"), Key::Enter);
    for (key, name) in [
        (Key::Right, "lake-dusk.jpg"),
        (Key::Right, "kite-dunes.jpg"),
        (Key::Left, "lighthouse.jpg"),
        (Key::Escape, "kite-dunes.jpg"),
    ] {
        let page = picture(name);
        browser.until(name, || browser.at() == page);
        browser.until_shown();
        // The way back, from where the keys still do what they do.
        browser.presses(&link, key);
    }
    browser.until("back", || browser.at() == share);
}

fn asks_and_passes_on(browser: &Browser, scene: &Scene, width: u32) {
    let (asked, to) = match width == WIDTHS[0] {
        true => (&scene.snow, "home-b+bea@b.example"),
        false => (&scene.counted, "home-b+ida@b.example"),
    };
    browser.goto(&format!("{}/received/{asked}", scene.base));
    browser.presses("main summary", Key::Enter);
    browser.presses("[name=wish]", Key::Space);
    browser.types(".ask textarea", "For the wall");
    browser.presses(".ask .btn", Key::Enter);
    browser.until("that it is asked", || browser.at() == "/received");

    browser.goto(&format!("{}/received/{}/pass-on", scene.base, scene.bay));
    browser.types("[name=also]", to);
    browser.presses("[name=do][value=check]", Key::Enter);
    let go = "[name=do][value=send]";
    browser.until("what will happen", || browser.has(go));
    browser.presses(go, Key::Enter);
    browser.until("passed on", || browser.at().contains("/passed-on"));
}

fn changes_settings(browser: &Browser, scene: &Scene, width: u32) {
    let page = format!("{}/settings", scene.base);
    let told = if width == WIDTHS[0] { "daily" } else { "none" };
    browser.goto(&page);
    // Tab leads to the chosen one, an arrow to the next.
    browser.presses("[name=when]", Key::Down);
    browser.presses("form[action='/settings/notices'] button", Key::Enter);
    let chosen = format!("[name=when][value={told}]:checked");
    browser.until(told, || {
        browser.has("main > [role=status]") && browser.has(&chosen)
    });
    for (name, language) in [("Deutsch", "de"), ("English", "en")] {
        browser.goto(&page);
        browser.types("[name=language]", name);
        browser.presses("form[action='/language'] button", Key::Enter);
        let spoken = format!("html[lang={language}]");
        browser.until(name, || browser.has(&spoken));
    }
}

fn judges_a_household(browser: &Browser, scene: &Scene, width: u32) {
    let who = scene.c.home.me();
    browser.goto(&format!("{}/households/{who}", scene.base));
    if width == WIDTHS[0] {
        browser.presses("form[action$='/verify'] .btn", Key::Enter);
        browser.until("compared", || browser.has("details.tell"));
    }
    for (now, then) in [("block", "unblock"), ("unblock", "block")] {
        browser.presses(&format!("form[action$='/{now}'] button"), Key::Enter);
        let then = format!("form[action$='/{then}']");
        browser.until(&then, || browser.has(&then));
    }
}

fn hangs_a_frame(browser: &Browser, scene: &Scene) {
    browser.goto(&format!("{}/frame/choose", scene.base));
    browser.presses("[name=own]", Key::Space);
    browser.types("[name=stays]", "3600");
    browser.presses("form .btn", Key::Enter);
    browser.until("the frame", || browser.at().starts_with("/frame?"));
    let at = browser.at();
    assert!(at.contains("own=yes") && at.contains("stays=3600&"), "{at}");
    browser.presses("a.skip", Key::Enter);
    browser.until("the way back", || browser.at() == "/settings");
}

fn chooses_and_shares(browser: &Browser, scene: &Scene) {
    browser.goto(&format!("{}/", scene.base));
    let cottage = format!("[name=picture][value='{}']", scene.own[6]);
    browser.presses(&cottage, Key::Space);
    browser.presses(".chosen > .btn", Key::Enter);
    browser.until("the share page", || browser.at().starts_with("/share"));
    browser.presses("[name=to]", Key::Space);
    browser.until_at_rest();
    browser.presses("[name=do][value=share]", Key::Enter);
    browser.until("recorded", || browser.at().starts_with("/sent/"));
}

fn sends_again_and_stops(browser: &Browser, scene: &mut Scene) {
    let faults = scene.village.server.faults();
    let no = Reply::new(550, "5.7.1 not today");
    faults.smtp_rcpt("home-a@a.example", no, Times::Always);
    for (width, stopped) in WIDTHS.into_iter().zip([&scene.sent, &scene.fresh]) {
        browser.look_at(width, SCHEMES[0]);
        scene.village.sync(&mut scene.b);
        let again = "form[action$='/again'] button";
        browser.goto(&format!("{}/sent/{}", scene.base, scene.fresh));
        browser.presses(again, Key::Enter);
        browser.until("that it goes", || !browser.has(again));
        browser.goto(&format!("{}/sent/{stopped}", scene.base));
        browser.presses("#stop form button", Key::Enter);
        browser.until("that it is stopped", || !browser.has("#stop form"));
    }
}
