//! The identity of the household in the browser, for who keeps it: it goes to another box, is replaced, or ended.

mod password;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, Once};

use crate::kept::{self, Scene};
use crate::site::{Browser, PASSWORD, Page};
use axum::http::StatusCode;
use hearthpost::album::Trust;
use hearthpost::envelope::Fingerprint;
use hearthpost::sharing::contacts::households::Standing;
use hearthpost::sharing::identity::{Ending, Passphrase};

const HERE: &str = "/settings/identity";
const WORDS: &str = "seven otters under one umbrella";
const SITE: &str = "http://localhost:8480";

/// A password that somebody chooses who has none of the house.
const OTHER: &str = "staple battery horse wrong";

/// The two households know each other.
fn scene() -> Scene {
    let mut s = kept::scene("abn");
    s.village.introduce(&mut s.a, &mut s.b);
    s
}

impl Scene {
    /// A form of the page, sent by the keeper.
    fn send(&mut self, form: &str, fields: &[(&str, &str)]) -> Page {
        self.bob.post(&format!("{HERE}/{form}"), fields)
    }

    /// The form that replaces the identity, of a page that showed this one.
    fn rekey(&mut self, shown: Fingerprint, fields: &[(&str, &str)]) -> Page {
        let shown = shown.to_string();
        let of = [("of", shown.as_str())];
        self.send("rekey", &[&of, fields].concat())
    }

    /// The keeper asks for a link with which that person chooses a password.
    fn link(&mut self, name: &str, fields: &[(&str, &str)]) -> Page {
        self.bob
            .post(&format!("/settings/people/{name}/link"), fields)
    }

    /// Whoever has the link on that page chooses a password by it, in a browser of their own.
    fn come_in(&self, page: &Page) -> (Browser, StatusCode) {
        let link = page.links(&format!("{SITE}/welcome/")).remove(0);
        let mut browser = self.site.browser();
        let form = [("password", OTHER), ("again", OTHER)];
        let path = link.strip_prefix(SITE).expect("of this site");
        let status = browser.post(path, &form).status;
        (browser, status)
    }

    fn set_keeper(&mut self, name: &str) {
        let name = name.parse().expect("a name");
        self.b.home.set_keeper(&name, true).expect("a keeper");
    }

    /// Gives a file in, to see whose it is.
    fn give(&mut self, bytes: &[u8]) -> Page {
        let file = ["file", "e", "application/octet-stream"];
        self.bob.bring(&format!("{HERE}/end"), file, bytes)
    }

    fn export(&mut self, passphrase: &str, again: &str, password: &str) -> Page {
        let typed = [
            ("passphrase", passphrase),
            ("again", again),
            ("password", password),
        ];
        self.send("export", &typed)
    }
}

fn is_saved(page: &Page, name: &str) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let disposition = format!("attachment; filename=\"{name}\"");
    assert_eq!(page.header("content-disposition"), disposition);
    assert_eq!(page.header("cache-control"), "no-store");
}

/// How many links to choose a password stand on a page.
fn opens(page: &Page) -> usize {
    page.links(&format!("{SITE}/welcome/")).len()
}

/// The page says in an alert what could not be done.
fn is_trouble(page: &Page, status: StatusCode, words: &str) {
    assert_eq!(page.status, status, "{}", page.text());
    let text = page.text();
    let alert = text.split("role=\"alert\">").nth(1).expect("an alert");
    assert!(alert.starts_with(words), "{alert}");
}

/// All that the program logs in this process, at any level.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock()
            .expect("no panic with it")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log_all() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let all = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(|| Log);
        tracing::subscriber::set_global_default(all.finish()).expect("the only one");
    });
}

fn files(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => files(&path, found),
            path if path.is_file() => found.push(fs::read(path).expect("a file")),
            _ => {}
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|at| at == text.as_bytes())
}

#[test]
fn sealed_file_from_the_page_moves_the_household_to_another_box() {
    let mut s = scene();
    let page = s.export(WORDS, WORDS, PASSWORD);
    is_saved(&page, "hearthpost-identity.txt");
    assert!(!page.text().contains("PRIVATE"));
    let mut new = s.village.house("n", &[]);
    let file = new.folder.join("identity.txt");
    fs::write(&file, &page.body).expect("carried");
    let reading = new.reading();
    let now = new.home.tick(&reading, &[]).expect("time");
    let other = Passphrase::new(format!("{WORDS}s"));
    assert!(new.home.import_identity(&file, &other, now).is_err());
    let passphrase = Passphrase::new(WORDS.to_owned());
    let done = new.home.import_identity(&file, &passphrase, now);
    let done = done.expect("imported");
    assert_eq!((done.fingerprint, done.contacts), (s.b.home.me(), 1));
}

#[test]
fn neither_passphrase_nor_password_nor_sealed_file_is_left_on_disk_or_in_the_log() {
    log_all();
    let mut s = scene();
    is_saved(&s.export(WORDS, WORDS, PASSWORD), "hearthpost-identity.txt");
    let sure = [("password", PASSWORD), ("sure", "on")];
    let me = s.b.home.me();
    assert_eq!(s.rekey(me, &sure).header("location"), HERE);
    let mut all = Vec::new();
    files(&s.b.folder, &mut all);
    assert!(
        all.iter().any(|file| holds(file, "PRIVATE")),
        "keys are read"
    );
    let log = LOG.lock().expect("no panic with it").clone();
    assert!(holds(&log, "this household has a new identity"));
    all.push(log);
    for bytes in &all {
        for text in [WORDS, PASSWORD, "HEARTHPOST IDENTITY"] {
            assert!(!holds(bytes, text), "{text}");
        }
    }
}

#[test]
fn passphrase_that_is_short_or_typed_otherwise_the_second_time_gives_no_file() {
    let mut s = scene();
    let page = s.export(WORDS, "seven otters under two umbrellas", PASSWORD);
    let words = "the two passphrases are not the same";
    is_trouble(&page, StatusCode::BAD_REQUEST, words);
    let page = s.export("otters", "otters", PASSWORD);
    let words = "a passphrase has at least 12 characters";
    is_trouble(&page, StatusCode::BAD_REQUEST, words);
}

#[test]
fn new_identity_is_made_for_who_read_what_happens_and_others_see_a_claim() {
    let mut s = scene();
    let was = s.b.home.me();
    let before = s.bob.get(HERE).text();
    assert!(before.contains(&was.words().replace(' ', "</li><li>")));
    assert!(!before.contains("had another identity before"));
    let page = s.rekey(was, &[("password", PASSWORD)]);
    is_trouble(
        &page,
        StatusCode::CONFLICT,
        "all other households take nothing",
    );
    s.village.sync(&mut s.b);
    assert_eq!(s.b.home.me(), was, "nothing was replaced");

    let sure = [("password", PASSWORD), ("sure", "on")];
    assert!(before.contains(&format!("name=\"of\" value=\"{was}\"")));
    assert_eq!(s.rekey(was, &sure).header("location"), HERE);
    s.village.sync(&mut s.b);
    s.village.sync(&mut s.a);
    let me = s.b.home.me();
    assert_ne!(me, was);
    let standing = |who| s.a.home.household(who).expect("known").standing;
    assert_eq!(
        (standing(was), standing(me)),
        (Standing::Ended, Standing::Claims)
    );
    // The browser stays signed in, and shows the new words and what is left to do.
    let after = s.bob.get(HERE).text();
    assert!(after.contains(&me.words().replace(' ', "</li><li>")));
    assert!(after.contains("had another identity before") && after.contains("tls --new"));

    let now = s.a.now();
    let compared = s.a.home.verify_contact(&s.b.mailbox, &me, now);
    assert_eq!(compared.expect("compared").trust, Trust::Verified);
}

#[test]
fn message_for_the_worst_case_is_saved_here_and_ends_the_identity_from_the_page_of_another() {
    let mut s = scene();
    let page = s.send("ended", &[("password", PASSWORD)]);
    is_saved(&page, "ended.pem");
    assert!(!page.text().contains("PRIVATE"));
    assert_eq!(
        Ending::of_bytes(&page.body).expect("one").fingerprint,
        s.b.home.me()
    );
    // A gave its own to Bob.
    let now = s.a.now();
    let kept = s.a.home.own_ending(now).expect("signed").text();
    let who = s.a.home.me();
    let shown = s.give(kept.as_bytes());
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    let text = shown.text().replace("&#x2f;", "/");
    assert!(
        text.contains("ends the identity of House A (home-a@a.example)"),
        "{text}"
    );
    let mut lines = kept.lines();
    lines.find(|line| line.starts_with("-----BEGIN"));
    let line = lines.next().expect("a line of it");
    assert_eq!(line.len(), 64);
    assert!(text.contains(line), "{line} comes along: {text}");
    let ended = |s: &Scene| s.b.home.ended(who).expect("rows").is_some();
    assert!(!ended(&s), "so far it was looked at");

    let form = [("ending", kept.as_str()), ("password", "not that one")];
    let page = s.send("end/send", &form);
    is_trouble(&page, StatusCode::FORBIDDEN, "That is not your password.");
    assert!(page.text().contains("House A") && !ended(&s));
    let form = [("ending", kept.as_str()), ("password", PASSWORD)];
    let page = s.send("end/send", &form);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("This identity has ended"));
    assert!(ended(&s));
    assert!(
        s.give(kept.as_bytes())
            .text()
            .contains("known here already")
    );
}

#[test]
fn own_end_is_sent_only_with_a_tick() {
    let mut s = scene();
    let now = s.b.now();
    let kept = s.b.home.own_ending(now).expect("signed").text();
    let page = s.give(kept.as_bytes()).text();
    assert!(page.contains("your own household, for good") && page.contains("name=\"sure\""));
    let mut form = vec![("ending", kept.as_str()), ("password", PASSWORD)];
    let page = s.send("end/send", &form);
    is_trouble(&page, StatusCode::CONFLICT, "that is this household");
    let me = s.b.home.me();
    assert!(s.b.home.ended(me).expect("rows").is_none());
    form.push(("sure", "on"));
    assert_eq!(s.send("end/send", &form).status, StatusCode::OK);
    assert!(s.bob.get(HERE).text().contains("This identity has ended:"));
    s.village.sync(&mut s.b);
    s.village.sync(&mut s.a);
    assert_eq!(
        s.a.home.household(me).expect("known").standing,
        Standing::Ended
    );
}

#[test]
fn file_that_ends_nobody_is_refused() {
    let mut s = scene();
    let card = s.a.home.own_card_pem().expect("a card");
    for bytes in [b"".as_slice(), b"nonsense", card.as_bytes()] {
        let words = "That is no message that ends an identity";
        is_trouble(&s.give(bytes), StatusCode::BAD_REQUEST, words);
        let text = String::from_utf8_lossy(bytes).into_owned();
        let form = [("ending", text.as_str()), ("password", PASSWORD)];
        is_trouble(&s.send("end/send", &form), StatusCode::BAD_REQUEST, words);
    }
    let words = "That file is too large";
    let page = s.give(&[b'x'; 100_000]);
    is_trouble(&page, StatusCode::PAYLOAD_TOO_LARGE, words);
}

#[test]
fn each_deed_takes_the_password_and_a_few_wrong_ones_only() {
    let mut s = scene();
    let me = s.b.home.me();
    let wrong = ("password", "not that one");
    for _ in 0..3 {
        let words = "That is not your password.";
        let page = s.export(WORDS, WORDS, "not that one");
        is_trouble(&page, StatusCode::FORBIDDEN, words);
        let page = s.rekey(me, &[wrong, ("sure", "on")]);
        is_trouble(&page, StatusCode::FORBIDDEN, words);
        is_trouble(&s.send("ended", &[wrong]), StatusCode::FORBIDDEN, words);
    }
    is_trouble(&s.send("ended", &[wrong]), StatusCode::FORBIDDEN, "That is");
    // Now not even the right one counts for a while, in this browser.
    let page = s.rekey(me, &[("password", PASSWORD), ("sure", "on")]);
    let words = "There were too many wrong passwords";
    is_trouble(&page, StatusCode::TOO_MANY_REQUESTS, words);
    s.village.sync(&mut s.b);
    assert_eq!(s.b.home.me(), me);
}

#[test]
fn a_form_that_is_sent_twice_replaces_the_identity_once() {
    let mut s = scene();
    let was = s.b.home.me();
    let sure = [("password", PASSWORD), ("sure", "on")];
    assert_eq!(s.rekey(was, &sure).header("location"), HERE);
    s.village.sync(&mut s.b);
    let me = s.b.home.me();
    assert_ne!(me, was);
    assert_eq!(s.rekey(was, &sure).header("location"), HERE);
    s.village.sync(&mut s.b);
    assert_eq!(s.b.home.me(), me);
    // A form that does not say what it is about does nothing.
    let page = s.send("rekey", &sure);
    assert!(page.status.is_client_error(), "{}", page.status);
    let page = s.send("rekey", &[&sure[..], &[("of", "that one")]].concat());
    is_trouble(&page, StatusCode::BAD_REQUEST, "Open this page again");
    s.village.sync(&mut s.b);
    assert_eq!(s.b.home.me(), me);
    // Once it was read anew, it is another wish.
    assert_eq!(s.rekey(me, &sure).header("location"), HERE);
    s.village.sync(&mut s.b);
    assert_ne!(s.b.home.me(), me);
}

#[test]
fn who_does_not_keep_the_house_gets_none_of_it() {
    let mut s = scene();
    let me = s.b.home.me();
    let now = s.b.now();
    let own = s.b.home.own_ending(now).expect("signed").text();
    let of = me.to_string();
    let all = [
        ("of", of.as_str()),
        ("passphrase", WORDS),
        ("again", WORDS),
        ("password", PASSWORD),
        ("sure", "on"),
        ("ending", own.as_str()),
    ];
    assert_eq!(s.bea.get(HERE).status, StatusCode::FORBIDDEN);
    for form in ["export", "rekey", "ended", "end", "end/send"] {
        let page = s.bea.post(&format!("{HERE}/{form}"), &all);
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{form}");
        assert_eq!(page.header("content-disposition"), "", "{form}");
    }
    assert!(!s.bea.get("/settings").text().contains(HERE));
    assert!(s.bob.get("/settings").text().contains(HERE));
    s.village.sync(&mut s.b);
    assert_eq!(s.b.home.me(), me);
    assert!(s.b.home.ended(me).expect("rows").is_none());
}

#[test]
fn page_speaks_german_too() {
    let mut s = scene();
    s.bob.headers = vec![("accept-language".to_owned(), "de".to_owned())];
    let page = s.bob.get(HERE).text();
    assert!(page.contains("Auf eine andere Box umziehen"), "{page}");
    let page = s.send("ended", &[("password", "falsch")]);
    is_trouble(&page, StatusCode::FORBIDDEN, "Das ist nicht dein Passwort.");
    let now = s.a.now();
    let kept = s.a.home.own_ending(now).expect("signed").text();
    let page = s.give(kept.as_bytes()).text();
    assert!(
        page.contains("Das beendet die Identität von House A"),
        "{page}"
    );
}
