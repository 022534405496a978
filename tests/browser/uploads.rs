//! Files on their way in from a browser: gone on with, told of one by one, and found again.

use std::io::Read;

use crate::browser::Browser;
use crate::browser::checks::axe;
use crate::house::Village;
use crate::open::Open;
use hearthpost::sharing::own::Wanted;
use serde_json::{Value, json};

/// A file of the browser's own making: its name, its bytes in MiB, and when it was changed last.
fn file(name: &str, mib: u64, changed: u64) -> Value {
    json!({ "name": name, "size": mib << 20, "changed": changed })
}

/// The byte of such a file at a place.
fn byte(at: usize) -> u8 {
    (at % 251) as u8
}

/// From now on the page's requests for uploads are noted in `window.asked`, and after so many pieces of a file none gets through.
const WATCH: &str = "const real = window.fetch;
    const most = arguments[0];
    const sent = {};
    window.asked = [];
    window.fetch = (path, options = {}) => {
        const method = options.method ?? 'GET';
        if (!String(path).startsWith('/album/uploads')) return real(path, options);
        const id = String(path).split('?')[0];
        if (method === 'PUT' && (sent[id] = (sent[id] ?? 0) + 1) > most) return new Promise(() => {});
        window.asked.push(`${method} ${String(path).replace(/[a-z0-9]{20,}/, 'ID')}`);
        return real(path, options).then((answer) => { window.answered = window.asked.length; return answer; });
    };";

/// Chooses files as a person does with the button of the page.
const CHOOSE: &str = "const input = document.querySelector('form.adding input[type=file]');
    input.files = chosen.files;
    input.dispatchEvent(new Event('change'));";

/// Drags them over what is found and lets them go there; whether the page took both for its own.
const DROP: &str = "const over = document.querySelector(arguments[1]);
    return ['dragover', 'drop'].map((type) =>
        !over.dispatchEvent(new DragEvent(type, { dataTransfer: chosen, bubbles: true, cancelable: true })));";

/// The files for both.
const FILES: &str = "const chosen = new DataTransfer();
    for (const one of arguments[0]) {
        const bytes = Uint8Array.from({ length: one.text ? 0 : one.size }, (_, at) => at % 251);
        chosen.items.add(new File([one.text ?? bytes], one.name, { lastModified: one.changed }));
    }";

impl Browser {
    fn watch(&self, pieces: u64) {
        self.run(WATCH, vec![pieces.into()]);
    }

    fn choose(&self, files: &[Value]) {
        self.run(&format!("{FILES}{CHOOSE}"), vec![json!(files)]);
    }

    fn drop(&self, files: &[Value], css: &str) {
        let both = self.run(&format!("{FILES}{DROP}"), vec![json!(files), css.into()]);
        assert_eq!(both, json!([true, true]), "{css}");
    }

    fn asked(&self) -> Vec<String> {
        let asked = self.run("return window.asked;", vec![]);
        serde_json::from_value(asked).expect("lines")
    }
}

/// The names of what is in the album of the first house, newest first.
fn names(open: &Open) -> Vec<String> {
    let home = &open.houses[0].home;
    let page = home.album_items(None, &Wanted::default()).expect("a page");
    page.items.into_iter().map(|item| item.name).collect()
}

#[test]
fn the_same_file_chosen_again_goes_on_where_it_stood_and_another_one_begins_anew() {
    let village = Village::new("abc");
    let open = Open::of(|x, who| village.house(x, &[who]));
    let ann = open.browser(0, "ann");
    let album = format!("{}/", open.base(0));
    let film = file("film.bin", 9, 1_700_000_000_000);
    ann.goto(&album);
    ann.watch(1);
    ann.choose(std::slice::from_ref(&film));
    ann.until("one piece is there", || {
        ann.asked().len() == 2 && ann.run("return window.answered;", vec![]) == 2
    });

    // Somebody leaves the page, comes back and chooses a file that looks like it, but was changed since.
    ann.goto(&album);
    ann.watch(0);
    ann.choose(&[file("film.bin", 9, 1_700_000_001_000)]);
    ann.until("another file", || !ann.asked().is_empty());
    assert_eq!(ann.asked()[0], "POST /album/uploads");

    // Then the same.
    ann.goto(&album);
    ann.watch(9);
    let stay = "window.addEventListener('beforeunload', () => { sessionStorage.asked = JSON.stringify(window.asked); });";
    ann.run(stay, vec![]);
    ann.choose(&[film]);
    ann.until("the file", || names(&open) == ["film.bin"]);
    let asked = "return window.asked ? JSON.stringify(window.asked) : sessionStorage.asked;";
    let asked = ann.run(asked, vec![]);
    let asked = asked.as_str().expect("lines").to_owned();
    let asked: Vec<String> = serde_json::from_str(&asked).expect("lines");
    assert_eq!(
        asked[..4],
        [
            "GET /album/uploads/ID",
            "PUT /album/uploads/ID?offset=4194304",
            "PUT /album/uploads/ID?offset=8388608",
            "POST /album/uploads/ID"
        ]
    );
    let home = &open.houses[0].home;
    let page = home.album_items(None, &Wanted::default()).expect("a page");
    let original = home.own_original(None, &page.items[0].reference);
    let mut whole = Vec::new();
    original
        .expect("it is there")
        .read_to_end(&mut whole)
        .expect("it is read");
    let right: Vec<u8> = (0..9 << 20).map(byte).collect();
    assert!(whole == right, "{} bytes, mixed", whole.len());
}

#[test]
fn each_file_in_hand_is_named_with_how_far_it_is_beside_all_of_them() {
    let village = Village::new("abc");
    let open = Open::of(|x, who| village.house(x, &[who]));
    let ann = open.browser(0, "ann");
    ann.look_at(390, "light");
    ann.goto(&format!("{}/", open.base(0)));
    ann.watch(1);
    let three = [
        file("film.bin", 9, 1),
        file("song.bin", 13, 2),
        file("third.bin", 5, 3),
    ];
    ann.choose(&three);
    let bars = "return [...document.querySelectorAll('.strip progress')].filter((bar) => bar.checkVisibility())
        .map((bar) => [bar.ariaLabel, bar.value >> 20, bar.max >> 20]);";
    let expected = json!([
        ["All of it", 8, 27],
        ["film.bin", 4, 9],
        ["song.bin", 4, 13]
    ]);
    ann.until("a piece of each of two", || {
        ann.run(bars, vec![]) == expected
    });
    let said = ann.run("return document.querySelector('.strip').innerText;", vec![]);
    let said = said.as_str().expect("words").to_owned();
    for words in ["Adding 3: 0 in", "film.bin", "4.2 MB / 9.4 MB", "song.bin"] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(!said.contains("third.bin"), "it waits: {said}");
    ann.run(&axe(), vec![]);
    assert_eq!(ann.barriers(), Vec::<String>::new());
}

#[test]
fn what_is_said_of_files_that_stayed_out_stays_until_it_is_closed() {
    let village = Village::new("abc");
    let open = Open::of(|x, who| village.house(x, &[who]));
    let ann = open.browser(0, "ann");
    ann.look_at(390, "light");
    ann.goto(&format!("{}/", open.base(0)));
    ann.choose(&[file("empty.bin", 0, 1), file("song.bin", 5, 2)]);
    ann.until("both", || ann.says("Added 2: 1 in, 1 stayed out"));
    let strip = "return document.querySelector('.strip').innerText;";
    let said = ann.run(strip, vec![]);
    let said = said.as_str().expect("words").to_owned();
    assert!(said.contains("empty.bin") && said.contains("the file is empty"));
    ann.run(&axe(), vec![]);
    assert_eq!(ann.barriers(), Vec::<String>::new());
    ann.click(".strip button");
    ann.until("the album", || ann.has(".grid"));
    let gone = "return document.querySelector('.strip').checkVisibility();";
    assert_eq!(ann.run(gone, vec![]), false);

    // Where the album is shown already, the page stays as it is.
    ann.choose(&[file("empty.bin", 0, 1)]);
    ann.until("it", || ann.says("Added 1: 0 in, 1 stayed out"));
    ann.click(".strip button");
    assert_eq!(ann.run(gone, vec![]), false);
    ann.choose(&[file("nothing.bin", 0, 1)]);
    ann.until("the next one alone", || {
        ann.says("Added 1: 0 in, 1 stayed out") && ann.says("nothing.bin")
    });
    assert!(!ann.says("empty.bin"));
    ann.click(".strip button");

    // Of a file that was here before that is said, beside what stayed out and alone.
    ann.choose(&[file("empty.bin", 0, 1), file("song.bin", 5, 3)]);
    ann.until("both again", || {
        ann.says("Added 2: 1 in, 1 here before, 1 stayed out")
    });
    ann.click(".strip button");
    ann.choose(&[file("song.bin", 5, 4)]);
    ann.until("it alone", || ann.at() == "/?added=1&fresh=0");
    assert!(ann.says("1 file was here before; it is in the album once."));
    assert_eq!(names(&open), ["song.bin"]);
}

#[test]
fn what_was_just_added_is_one_link_away_and_chosen_there() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    open.import(0, "lake-dusk.jpg");
    let ann = open.browser(0, "ann");
    ann.goto(&format!("{}/", open.base(0)));
    ann.choose(&[file("song.bin", 5, 1), file("film.bin", 9, 2)]);
    ann.until("both", || ann.at() == "/?added=2&fresh=2");
    ann.click(".tell a");
    ann.until("them", || ann.at() == "/?new=2");
    let chosen = "return [...document.querySelectorAll('.tick :checked')].map((one) => one.labels[0].innerText.trim());";
    assert_eq!(
        ann.run(chosen, vec![]).as_array().expect("names").len(),
        2,
        "and not what was there"
    );
    assert_eq!(names(&open).len(), 3);

    // Where something stayed out, and where somebody chose something meanwhile, the page stays.
    ann.choose(&[file("empty.bin", 0, 1), file("third.bin", 3, 2)]);
    ann.until("the third", || names(&open).len() == 4);
    ann.until("its place", || ann.says("third.bin"));
    assert_eq!(ann.run(chosen, vec![]).as_array().expect("names").len(), 2);
    let none =
        "for (const one of document.querySelectorAll('.tick :checked')) one.checked = false;";
    ann.run(none, vec![]);
    ann.until("what is said", || ann.says("Added 2: 1 in, 1 stayed out"));
    let link = "return document.querySelector('.strip a').getAttribute('href');";
    assert_eq!(ann.run(link, vec![]), "/?new=1");
    assert_eq!(ann.at(), "/?new=2");

    // What was chosen there at once is let go of like anything else.
    ann.goto(&format!("{}/?new=3", open.base(0)));
    ann.click(".chosen button");
    ann.until("none", || ann.at() == "/?new=yes");
    assert_eq!(ann.run(chosen, vec![]), json!([]));
}

#[test]
fn a_file_that_another_page_is_adding_is_called_that() {
    let village = Village::new("abc");
    let open = Open::of(|x, who| village.house(x, &[who]));
    let ann = open.browser(0, "ann");
    ann.goto(&format!("{}/", open.base(0)));
    // Each piece is there already when this page sends it; how far it is, is not said in time.
    let other = "const real = window.fetch;
        let late = false;
        window.fetch = async (path, options = {}) => {
            if (options.method === 'PUT') await real(path, options);
            else if (late) return new Promise(() => {});
            late = options.method === 'PUT';
            return real(path, options);
        };";
    ann.run(other, vec![]);
    ann.choose(&[file("film.bin", 9, 1)]);
    ann.until("why it waits", || {
        ann.says("Another page is adding it already; this one waits.")
    });
    assert!(!ann.says("The line is gone"));
}

#[test]
fn what_is_dropped_onto_the_page_comes_in() {
    let village = Village::new("abc");
    let open = Open::of(|x, who| village.house(x, &[who]));
    let ann = open.browser(0, "ann");
    ann.goto(&format!("{}/", open.base(0)));
    // Where nothing is yet, there is a place for it; later it is anywhere.
    ann.drop(&[file("film.bin", 5, 1)], ".drop");
    ann.until("the first", || ann.at() == "/?added=1&fresh=1");
    ann.drop(&[file("one.bin", 1, 2), file("two.bin", 2, 3)], ".grid");
    ann.until("both", || ann.at() == "/?added=2&fresh=2");
    let mut all = names(&open);
    all.sort();
    assert_eq!(all, ["film.bin", "one.bin", "two.bin"]);
    assert_eq!(ann.complaints(), Vec::<String>::new());
}
