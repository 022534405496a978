//! A house of two people with an album of its own, and what each of them finds there.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::PathBuf;

use hearthpost::address::StationName;
use hearthpost::album::{NewItem, OwnItem};
use hearthpost::envelope::{Digest, Id};
use hearthpost::rules::Kind;
use hearthpost::sharing::Fault;
use hearthpost::sharing::own::import::Adding;
use hearthpost::sharing::own::{Page, Wanted};

use crate::house::{House, Village};

pub const DAY: u64 = 24 * 60 * 60;

pub fn house() -> (Village, House) {
    let village = Village::new("a");
    let house = village.house("a", &["ann", "bob"]);
    (village, house)
}

pub fn who(name: &str) -> Option<StationName> {
    Some(name.parse().expect("a station"))
}

/// Adds a file as a person of the house, or as nobody in particular.
pub fn add(house: &mut House, name: &str, person: &str, private: bool) -> (OwnItem, bool) {
    let path = house.folder.join(name);
    let adding = Adding {
        album: None,
        person: (!person.is_empty()).then(|| person.parse().expect("a station")),
        private,
    };
    let now = house.now();
    let imported = house.home.import_as(&[path], &adding, now, &mut |_| {});
    let mut imported = imported.expect("import");
    assert!(imported.skipped.is_empty(), "{:?}", imported.skipped);
    (imported.items.remove(0), imported.known == 1)
}

/// A file with a text of its own in it.
pub fn note(house: &House, name: &str, text: &str) -> PathBuf {
    let path = house.folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

/// Rows of items taken at these times, without any file behind them.
pub fn rows(house: &mut House, items: &[(&str, Option<&str>)]) {
    let now = house.now();
    let added = house.home.album.commit(|rows| {
        for (name, taken) in items {
            let new = NewItem {
                file: Id::random(),
                sha256: Digest::of(Id::random().to_string().as_bytes()),
                size: 1,
                kind: Kind::Picture,
                name: (*name).to_owned(),
                media_type: "image/jpeg".to_owned(),
                taken: taken.map(str::to_owned),
                dimensions: Some((4, 3)),
                source: String::new(),
                added_by: None,
                private: false,
            };
            rows.add_item(&new, now)?;
        }
        Ok::<_, Fault>(())
    });
    added.expect("added");
}

pub fn page(house: &House, viewer: &str, wanted: &Wanted) -> Page {
    let viewer = (!viewer.is_empty()).then(|| viewer.parse().expect("a station"));
    let page = house.home.album_items(viewer.as_ref(), wanted);
    page.expect("a page")
}

pub fn names(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.name.as_str()).collect()
}

pub fn found(house: &House, viewer: &str, text: &str) -> Vec<String> {
    let wanted = Wanted {
        text: text.to_owned(),
        ..Wanted::default()
    };
    let page = page(house, viewer, &wanted);
    names(&page).into_iter().map(str::to_owned).collect()
}

pub fn code<T: std::fmt::Debug>(done: Result<T, Fault>) -> &'static str {
    done.expect_err("refused").code
}
