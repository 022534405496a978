//! What a person whose browser speaks German reads on the pages; what a program reads beside it.

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Site};
use axum::http::StatusCode;

const DAY: u64 = 86_400;

/// A share of house A at B, for a month; at B's page, two browsers of Bob: one that asks for German, one that asks for nothing.
struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
    site: Site,
    german: Browser,
    english: Browser,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 900, 600);
    let items = a.import(&[path]);
    let order = order(
        &[&items[0]],
        &["home-b+bob@b.example"],
        "display=1280,period=P30D",
    );
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let english = site.signed_in(&mut b, "bob");
    let mut german = english.clone();
    german.headers = vec![(
        "accept-language".to_owned(),
        "de-AT,de;q=0.9,en;q=0.5".to_owned(),
    )];
    Scene {
        village,
        a,
        b,
        share,
        site,
        german,
        english,
    }
}

#[test]
fn one_file_stays_out_and_two_do_in_the_words_of_each_language() {
    let mut s = scene();
    let album = s.german.get("/").text();
    for words in [
        "data-failed=\"blieb draußen\"",
        "data-several-failed=\"blieben draußen\"",
    ] {
        assert!(album.contains(words), "{album}");
    }
    let album = s.english.get("/").text();
    assert!(
        album.contains("data-several-failed=\"stayed out\""),
        "{album}"
    );
}

#[test]
fn every_page_is_german_for_a_browser_that_asks_for_it() {
    let mut s = scene();
    let share = format!("/received/{}", s.share);
    for (path, words) in [
        ("/", "Leg hier deine ersten Bilder ab"),
        ("/received", "1 Bild, bis "),
        ("/sent", "Nichts ist draußen"),
        ("/households", "Namen für Leute"),
        ("/settings", "Wenn etwas ankommt"),
        ("/settings/programs", "Ein Programm einlassen"),
        ("/card", "Karte und Kamera"),
        ("/frame/choose", "Wie viele Sekunden ein Bild bleibt"),
        (&share, "Erlaubt"),
    ] {
        let (german, english) = (s.german.get(path), s.english.get(path));
        assert_eq!(german.status, StatusCode::OK, "{path}");
        let text = german.text();
        assert!(text.contains("<html lang=\"de\">"), "{path}");
        assert!(text.contains("Einstellungen"), "{path}: {text}");
        assert!(english.text().contains("<html lang=\"en\">"), "{path}");
        assert!(text.contains(words), "{path}: {text}");
    }
}

/// The text that a page shows, that is read out, and that a script says; without what people wrote themselves.
fn shown(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        text += before;
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        for attribute in [
            "alt",
            "title",
            "placeholder",
            "aria-label",
            "data-adding",
            "data-again",
        ] {
            let value = tag.split(&format!(" {attribute}=\"")).nth(1);
            let value = value.and_then(|value| value.split('"').next());
            text += &format!(" | {} | ", value.unwrap_or_default());
        }
        rest = match tag.starts_with("style") || tag.starts_with("script") {
            true => after.split_once("</").map_or("", |(_, after)| after),
            false => after,
        };
    }
    (text + rest)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What stands in almost every English sentence, and in no German one. None of these is a word that people compare: those are
/// English in any language.
const ENGLISH: [&str; 12] = [
    " the ", " The ", " of ", " and ", " with ", " is ", " are ", " not ", " no ", " to ",
    " your ", " cannot ",
];

fn assert_german(what: &str, page: &str) {
    let text = format!(" {} ", shown(page));
    for english in ENGLISH {
        assert!(!text.contains(english), "{what}: {english:?}: {text}");
    }
}

#[test]
fn no_page_and_no_refusal_says_a_word_of_english() {
    let mut s = scene();
    let bob = "bob".parse().expect("a station");
    s.b.home.set_keeper(&bob, true).expect("a keeper");
    let mut todo: Vec<String> = [
        "/",
        "/?bin=yes",
        "/?q=zzz",
        "/settings/programs",
        "/card",
        "/frame/choose",
    ]
    .into_iter()
    .chain([
        "/share",
        "/join",
        "/welcome/none",
        "/nowhere",
        "/album/none",
        "/received/none",
        "/sent/none",
    ])
    .chain(["/households/none", "/households/invitations/none", "/frame"])
    .map(str::to_owned)
    .collect();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(path) = todo.pop() {
        if path.starts_with("/m/") || path.starts_with("/assets/") || !seen.insert(path.clone()) {
            continue;
        }
        let page = s.german.get(&path);
        if page.header("content-type").starts_with("text/html") {
            assert_german(&path, &page.text());
            let links = page.links("/").into_iter();
            todo.extend(links.filter(|link| link.parse::<axum::http::Uri>().is_ok()));
        }
    }
    assert!(seen.len() > 25, "{seen:?}");
    let english = shown(&s.english.get("/settings").text());
    assert!(
        ENGLISH.iter().any(|word| english.contains(word)),
        "{english}"
    );
    // What is asked for by nobody's form is refused in words, too.
    for route in hearthpost::web::all_routes() {
        let path = route.path.replace("{share}", &s.share);
        let path = path.replace(['{', '}'], "");
        let ours = [
            "/api/",
            "/m/",
            "/assets/",
            "/sign-out",
            "/settings/elsewhere",
        ];
        if ours.iter().any(|begin| path.starts_with(begin)) {
            continue;
        }
        for form in [
            &[][..],
            &[("name", ""), ("mailbox", "\"x"), ("when", "never")],
        ] {
            let answer = s.german.post(&path, form);
            let kind = answer.header("content-type").to_owned();
            if kind.starts_with("text/") {
                assert!(kind.starts_with("text/html"), "{path}: {}", answer.text());
                assert_german(&path, &answer.text());
            }
        }
    }
}

#[test]
fn sentences_days_and_denials_are_german_and_programs_are_told_english() {
    let mut s = scene();
    let share = format!("/received/{}", s.share);
    let text = s.german.get(&share).text();
    let sentence = "Du kannst sie bis 30 Tage nach der Ankunft in Bildschirmgröße ansehen.";
    assert!(text.contains(sentence), "{text}");
    let text = s.english.get(&share).text();
    let sentence = "You can look at these for 30 days after they arrive, at screen size.";
    assert!(text.contains(sentence), "{text}");
    let mut program = s.site.program(&mut s.b, "bob", "read");
    program
        .0
        .headers
        .push(("accept-language".to_owned(), "de".to_owned()));
    let answer = program.get("/api/v1/received").text();
    assert!(answer.contains(sentence), "{answer}");
    let missing = program.get("/api/v1/items/nothing").text();
    assert!(missing.contains("there is no item"), "{missing}");

    let page = s.german.get("/received/nothing");
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.text().contains("Das gibt es hier nicht."),
        "{}",
        page.text()
    );
    s.b.wait(40 * DAY);
    s.site.set_clock(&s.b);
    let headers = std::mem::take(&mut s.german.headers);
    s.german = s.site.signed_in(&mut s.b, "bob");
    s.german.headers = headers;
    let text = s.german.get(&share).text();
    assert!(text.contains("Du konntest das bis "), "{text}");
    assert!(text.contains(" Uhr UTC ansehen. Möchtest du "), "{text}");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
}

#[test]
fn the_language_is_chosen_at_the_door_and_on_the_welcome_page() {
    let mut s = scene();
    let name = "bea".parse().expect("a station");
    let now = s.b.now();
    let secret = s.b.home.welcome(Some(&name), now).expect("a link");
    let link = format!("/welcome/{}", secret.text());
    let mut phone = s.site.browser();
    let page = phone.get(&link).text().replace("&#x2f;", "/");
    let next = format!("name=\"next\" value=\"{link}\"");
    assert!(page.contains(&next), "{page}");
    let page = phone.post("/language", &[("language", "de"), ("next", &link)]);
    assert_eq!(page.header("location"), link);
    let page = phone.get(&link).text();
    assert!(page.contains("Willkommen, bea"), "{page}");
    // It was looked at, not opened.
    let form = [("password", "kurz"), ("again", "kurz")];
    let page = phone.post(&link, &form);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let words = "Ein Passwort hat mindestens";
    assert!(page.text().contains(words), "{}", page.text());
    assert!(phone.get("/sign-in").text().contains("Wer ist da?"));
    let wrong = [("name", "bea"), ("password", "falsch")];
    let page = phone.post("/sign-in", &wrong);
    let words = "Dieser Name und dieses Passwort gehören nicht zusammen.";
    assert!(page.text().contains(words), "{}", page.text());
}
