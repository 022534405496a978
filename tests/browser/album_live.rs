//! The album lies open while others of the house change it: what is other is put in, and nothing that somebody is about to
//! do is lost.

use crate::browser::scene::sample;
use crate::browser::{Browser, chosen};
use crate::house::{House, Village};
use crate::open::Open;
use hearthpost::address::StationName;
use hearthpost::album::NewItem;
use hearthpost::envelope::{Digest, Id};
use hearthpost::rules::Kind;
use hearthpost::sharing::Fault;
use hearthpost::sharing::own::import::Adding;

/// Rows of as many pictures, each taken a day before the other, without files behind them.
fn rows(house: &mut House, count: usize) -> Vec<String> {
    let now = house.now();
    let added = house.home.album.commit(|rows| {
        let mut items = Vec::new();
        for number in 0..count {
            let (month, day) = (12 - number / 28 % 12, 28 - number % 28);
            let year = 2020 - number / (28 * 12);
            let new = NewItem {
                file: Id::random(),
                sha256: Digest::of(Id::random().to_string().as_bytes()),
                size: 1,
                kind: Kind::Document,
                name: format!("picture {number}"),
                media_type: "image/jpeg".to_owned(),
                taken: Some(format!("{year}-{month:02}-{day:02}T12:00:00")),
                dimensions: None,
                source: String::new(),
                added_by: None,
                private: false,
            };
            items.push(rows.add_item(&new, now)?.reference);
        }
        Ok::<_, Fault>(items)
    });
    added.expect("added")
}

/// How many pictures the grid has.
fn count(browser: &Browser) -> usize {
    let count = browser.run(
        "return document.querySelectorAll('.grid li').length;",
        vec![],
    );
    count.as_u64().expect("a number") as usize
}

/// Where that picture is in the window.
fn top(browser: &Browser, item: &str) -> f64 {
    let script = "return document.querySelector(`.grid a[href$=\"${arguments[0]}\"]`).getBoundingClientRect().top;";
    let top = browser.run(script, vec![item.into()]);
    top.as_f64().expect("a number")
}

#[test]
fn what_others_change_is_put_in_and_choice_place_and_focus_stay() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let items = rows(&mut open.houses[0], 400);
    let ann = open.browser(0, "ann");
    ann.goto(&format!("{}/", open.base(0)));
    assert_eq!(count(&ann), 150);

    // At the top, something new comes in first, and nothing else moves.
    let first = open.import(0, "lake-dusk.jpg");
    let newest = format!(".grid li:first-child a[href='/album/{first}']");
    ann.until("the new picture", || ann.has(&newest));
    ann.until_shown();
    assert_eq!(count(&ann), 150, "no more than a page");

    // Far below, two are chosen, one has the focus, and a name for an album is half written.
    let down = "document.querySelector('.older').scrollIntoView();";
    ann.run(down, vec![]);
    ann.until("older ones", || count(&ann) >= 300);
    let pick = "for (const one of arguments) document.querySelector(`input[value=\"${one}\"]`).click();
        document.querySelector(`.grid a[href$=\"${arguments[2]}\"]`).scrollIntoView({ block: 'center' });
        document.querySelector(`.grid a[href$=\"${arguments[2]}\"]`).focus();
        document.querySelector('.into').open = true;
        document.querySelector('.into input').value = 'Sum';";
    let these = [&items[3], &items[200], &items[250]].map(Clone::clone);
    let arguments: Vec<_> = these.iter().map(|one| one.as_str().into()).collect();
    ann.run(pick, arguments);
    assert_eq!(chosen(&ann), these);
    let before = (top(&ann, &items[250]), count(&ann));

    // Others bring more, say what is on one, take one away and make an album.
    for name in ["kite-dunes.jpg", "balloon.jpg", "poppies.jpg"] {
        open.import(0, name);
    }
    let home = &mut open.houses[0].home;
    let said = home.set_caption(None, &items[200], "Where we lost the map");
    said.expect("a caption");
    let now = open.houses[0].now();
    let home = &mut open.houses[0].home;
    let deleted = home.delete_items(None, &items[3..4], now);
    deleted.expect("in the bin");
    home.create_album("Summer", now).expect("an album");
    ann.until("what they did", || {
        ann.has(".grid li:nth-child(4)")
            && ann.says("Where we lost the map")
            && ann.has("nav option[value=Summer], datalist option[value=Summer]")
            && !chosen(&ann).contains(&items[3])
    });
    assert_eq!(chosen(&ann), these[1..], "what is left of it");
    assert!(count(&ann) >= before.1, "as far as it was shown");
    assert!((top(&ann, &items[250]) - before.0).abs() < 2.0, "it stays");
    let state =
        "return [document.activeElement.getAttribute('href'), document.querySelector('.into').open,
        document.querySelector('.into input').value];";
    let state = ann.run(state, vec![]);
    let focus = format!("/album/{}", items[250]);
    assert_eq!(state, serde_json::json!([focus, true, "Sum"]));

    // The rest comes as before, none twice.
    ann.run(down, vec![]);
    ann.until("the oldest", || {
        ann.run(down, vec![]);
        count(&ann) == 400 + 4 - 1
    });
    let twice = "const all = [...document.querySelectorAll('.tick input')].map((one) => one.value);
        const heads = [...document.querySelectorAll('.month h2')].map((one) => one.textContent);
        return [new Set(all).size === all.length, new Set(heads).size === heads.length];";
    assert_eq!(ann.run(twice, vec![]), serde_json::json!([true, true]));
    assert_eq!(ann.complaints(), Vec::<String>::new());
}

#[test]
fn an_empty_album_fills_and_what_is_one_persons_alone_comes_to_nobody_else() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let ann = open.browser(0, "ann");
    ann.goto(&format!("{}/", open.base(0)));
    assert!(ann.has(".drop"));
    let house = &mut open.houses[0];
    let al: StationName = "al".parse().expect("a station");
    let now = house.now();
    let mail = "people@p.example".parse().expect("a mailbox");
    let added = house.home.add_person(al.clone(), mail, now);
    added.expect("added");
    let adding = Adding {
        album: None,
        person: Some(al.clone()),
        private: true,
    };
    let path = [sample("poppies.jpg")];
    let imported = house.home.import_as(&path, &adding, now, &mut |_| {});
    let own = imported.expect("import").items.remove(0).reference;
    let lake = open.import(0, "lake-dusk.jpg");
    let has = |item: &str| ann.has(&format!(".grid a[href='/album/{item}']"));
    ann.until("the first picture", || has(&lake));
    assert!(!has(&own) && count(&ann) == 1);
    let home = &mut open.houses[0].home;
    let shown = home.set_private(Some(&al), std::slice::from_ref(&own), false);
    shown.expect("it is his");
    ann.until("his picture", || has(&own));
    // What the page is still fetching when it is hidden, it rightly does not get.
    ann.until_shown();
    let home = &mut open.houses[0].home;
    let hidden = home.set_private(Some(&al), std::slice::from_ref(&own), true);
    hidden.expect("it is his");
    ann.until("that it is gone", || !has(&own));
    assert_eq!(ann.complaints(), Vec::<String>::new());
}

#[test]
fn at_the_top_of_a_picture_its_day_runs_into_nothing() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let item = rows(&mut open.houses[0], 1).remove(0);
    let ann = open.browser(0, "ann");
    ann.look_at(390, "light");
    ann.goto(&format!("{}/album/{item}", open.base(0)));
    assert!(ann.says("28 December 2020"));
    let gaps = "const ends = [...document.querySelectorAll('.over > *')].map((one) => {
            const range = document.createRange();
            range.selectNodeContents(one);
            const box = range.getBoundingClientRect();
            return [box.left, box.right];
        });
        return [ends[1][0] - ends[0][1], ends[2][0] - ends[1][1], innerWidth - ends[2][1]];";
    let gaps = ann.run(gaps, vec![]);
    for gap in gaps.as_array().expect("numbers") {
        assert!(gap.as_f64().expect("a number") >= 8.0, "{gaps}");
    }
}

#[test]
fn each_album_is_named_in_a_room_of_its_own_however_many_there_are() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let own = open.import(0, "balloon.jpg");
    let mut last = String::new();
    for name in [
        "Summer at the lake",
        "Grandma's birthday",
        "The garden",
        "Oma",
        "Winter",
    ] {
        let house = &mut open.houses[0];
        let now = house.now();
        let album = house.home.create_album(name, now).expect("an album");
        let added = house
            .home
            .add_to_album(None, &album, std::slice::from_ref(&own));
        added.expect("added");
        last = album;
    }
    let ann = open.browser(0, "ann");
    let spills = "return [...document.querySelectorAll('nav.tabs a')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent);";
    for width in [390, 1280] {
        ann.look_at(width, "light");
        ann.goto(&format!("{}/", open.base(0)));
        ann.until_painted();
        assert_eq!(ann.run(spills, vec![]), serde_json::json!([]), "{width}");
    }
    // The one that is open is in sight, and where there is room all are.
    let within = "const row = document.querySelector('nav.tabs').getBoundingClientRect();
        return [...document.querySelectorAll(arguments[0])].every((one) => {
            const box = one.getBoundingClientRect();
            return box.left >= row.left && box.right <= row.right + 1;
        });";
    for (width, which) in [(390, "nav.tabs a[aria-current]"), (1280, "nav.tabs a")] {
        ann.look_at(width, "light");
        ann.goto(&format!("{}/?album={last}", open.base(0)));
        ann.until_painted();
        assert_eq!(ann.run(within, vec![which.into()]), true, "{width}");
    }
}
