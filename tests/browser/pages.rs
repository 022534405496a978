//! The station in a real browser: at the width of a laptop and of a phone, by day and by night, and without
//! script. `HEARTHPOST_PICTURES` names a folder into which the pictures for the documentation are written.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::browser::list::{pages, walk};
use crate::browser::look::Looking;
use crate::browser::scene::{Scene, sample};
use crate::browser::{Browser, SCHEMES, WIDTHS, checks};
use crate::house::Village;
use crate::open::Open;

#[test]
fn no_page_keeps_anybody_out_or_says_more_than_the_window_holds() {
    let axe = checks::axe();
    let mut scene = Scene::new();
    let mut pages = pages(&mut scene);
    let looking = Looking::wanted();
    pages.retain(|page| looking.at(page));
    let browser = Browser::start();
    let pictures = std::env::var_os("HEARTHPOST_PICTURES").map(PathBuf::from);
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for width in WIDTHS {
        browser.look_at(width, SCHEMES[0]);
        walk(&browser, &pages, |page| {
            let mut found = |what: &str, found: Vec<String>| {
                let place = format!("{} at {width}, {what}", page.name);
                faults.extend(found.into_iter().map(|one| format!("{place}: {one}")));
            };
            browser.until_shown();
            let page_of = browser.run("return document.body.dataset.page;", vec![]);
            seen.insert(page_of.as_str().unwrap_or_default().to_owned());
            if let Some(folder) = &pictures
                && page.pictured.contains(&width)
            {
                let file = folder.join(format!("{}-{width}.jpg", page.name));
                std::fs::write(file, browser.picture("jpeg")).expect("a folder for the pictures");
            }
            if looking.draw(&browser, page, width) {
                return;
            }
            let mut log = browser.complaints();
            log.retain(|line| !pages.iter().any(|page| page.is_refusal(line)));
            found("console", log);
            browser.run(&axe, vec![]);
            found("by day", browser.barriers());
            browser.look_at(width, SCHEMES[1]);
            found("by night", browser.colour_barriers());
            browser.look_at(width, SCHEMES[0]);
            found("Tab", browser.unreached());
            found("width", browser.sticks_out(width));
            found("size", browser.small_targets());
            found("focus", browser.unseen_focus());
        });
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let of_all = looking.is_at_all();
    assert!(
        !of_all || seen == templates(),
        "{seen:?} and {:?}",
        templates()
    );
}

/// The templates that are pages by themselves.
fn templates() -> BTreeSet<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("templates/web");
    let files = std::fs::read_dir(folder).expect("the templates");
    let pages = files.filter_map(|file| {
        let path = file.expect("a file").path();
        let name = path
            .file_name()?
            .to_str()?
            .strip_suffix(".html")?
            .to_owned();
        let text = std::fs::read_to_string(&path).expect("text");
        (name != "base" && text.starts_with("{% extends")).then_some(name)
    });
    pages.collect()
}

#[test]
fn style_and_script_stay_small() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("templates/web");
    for (name, most) in [("style.css", 20_000), ("script.js", 30_000)] {
        let size = std::fs::metadata(folder.join(name)).expect("a file").len();
        assert!(size < most, "{name} has {size} bytes");
    }
}

#[test]
fn without_script_everything_still_works() {
    let mut scene = Scene::new();
    let mut pages = pages(&mut scene);
    pages.retain(|page| !page.needs_script);
    let browser = Browser::start();
    browser.without_script();
    browser.sign_in(&scene.base, "bob");
    browser.click("nav a[href='/received']");
    browser.click(&format!("a[href='/received/{}']", scene.bay));
    let picture = scene.viewer(&scene.bay, "lake-dusk.jpg");
    browser.click(&format!("a[href='{picture}']"));
    browser.until("the picture", || browser.at() == picture);
    let prevented = "return !document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));";
    assert_eq!(browser.run(prevented, vec![]), false, "script is off");
    let width = "return document.querySelector('.stage img').naturalWidth;";
    browser.until_shown();
    assert_eq!(browser.run(width, vec![]), 780);
    let next = scene.viewer(&scene.bay, "kite-dunes.jpg");
    browser.click("a[rel=next]");
    browser.until("the next", || browser.at() == next);
    browser.click("a[rel=prev]");
    browser.until("the one before", || browser.at() == picture);
    browser.click("a[download]");
    let kept = browser.kept("lake-dusk.jpg");
    let original = std::fs::read(sample("lake-dusk.jpg")).expect("a sample");
    assert!(kept == original, "it is kept as it was sent");
    browser.click("summary");
    let open = "return document.querySelector('.allowed > div').checkVisibility();";
    assert_eq!(browser.run(open, vec![]), true);

    walk(&browser, &pages, |page| {
        let heading = "return document.querySelector('main h1').textContent.trim().length;";
        let length = browser.run(heading, vec![]);
        assert!(length.as_u64() > Some(0), "{}", page.name);
    });
}

#[test]
fn without_script_a_file_comes_in_and_is_shared() {
    let village = Village::new("abc");
    let open = Open::of(|x, who| village.house(x, &[who]));
    let bob = Browser::start();
    bob.without_script();
    bob.sign_in(&open.base(1), "bob");
    let file = sample("balloon.jpg");
    bob.fill("form.adding input[type=file]", file.to_str().expect("text"));
    bob.click("form.adding button");
    bob.until("the album", || bob.at().contains("added=1"));
    bob.click(".rows .tick");
    bob.click(".chosen > .btn");
    bob.until("the share page", || bob.at().starts_with("/share"));
    bob.click(".people input[value='home-a@a.example'] + .face");
    bob.click("noscript button[value=check]");
    bob.until("what they may do", || bob.says("can look at these"));
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.at().starts_with("/sent/"));
    let sent = open.houses[1].home.sent().expect("rows").remove(0);
    assert_eq!((sent.count, sent.destinations.len()), (1, 1));
}
