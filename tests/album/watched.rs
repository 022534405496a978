//! Watched folders come in by themselves, and never for more people than somebody began to bring them in for.

use std::fs;
use std::path::PathBuf;

use crate::house::{House, Village, picture};
use hearthpost::address::StationName;
use hearthpost::sharing::own::Wanted;
use hearthpost::sharing::own::import::Adding;

struct Scene {
    _village: Village,
    house: House,
    scans: PathBuf,
    bob: StationName,
}

/// Two pictures lie in a watched folder, and Bob began to bring them in for himself alone, when the folder went away.
fn begun_alone() -> Scene {
    let village = Village::new("a");
    let mut house = village.house("a", &["ann", "bob"]);
    let scans = house.folder.join("scans");
    fs::create_dir_all(&scans).expect("a folder");
    for (name, width) in [("a.jpg", 320), ("b.jpg", 330)] {
        picture(&scans.join(name), width, 200);
    }
    house.home.config.import.cards = Vec::new();
    house.home.config.import.watch = vec![scans.clone()];
    let bob: StationName = "bob".parse().expect("a station");
    let alone = Adding {
        person: Some(bob.clone()),
        private: true,
        ..Adding::default()
    };
    let away = house.folder.join("away");
    let now = house.now();
    let gone = house.home.bring_in(Some("scans"), &alone, now, &mut |_| {
        if scans.exists() {
            fs::rename(&scans, &away).expect("moved away");
        }
    });
    assert_eq!(gone.expect_err("it is gone").code, "card_gone");
    fs::rename(&away, &scans).expect("moved back");
    Scene {
        _village: village,
        house,
        scans,
        bob,
    }
}

impl Scene {
    /// Looks at the folders until they have been still.
    fn watch(&mut self) {
        let now = self.house.now();
        for uptime in [100, 120] {
            let next = self.house.home.bring_in_watched(uptime, now);
            assert!(next.is_some(), "one is watched");
        }
    }

    fn seen_by(&self, who: &str) -> Vec<String> {
        let who = who.parse().expect("a station");
        let page = self.house.home.album_items(Some(&who), &Wanted::default());
        let items = page.expect("a page").items;
        let mut names: Vec<String> = items.into_iter().map(|item| item.name).collect();
        names.sort();
        names
    }
}

#[test]
fn what_one_began_to_bring_in_alone_comes_in_for_that_one_alone() {
    let mut s = begun_alone();
    picture(&s.scans.join("c.jpg"), 340, 200);
    s.watch();
    assert_eq!(s.seen_by("bob"), ["a.jpg", "b.jpg", "c.jpg"]);
    assert_eq!(s.seen_by("ann"), ["c.jpg"], "nobody chose for this one");
}

#[test]
fn what_one_began_alone_who_has_left_stays_out_and_keeps_nothing_else_out() {
    let mut s = begun_alone();
    picture(&s.scans.join("c.jpg"), 340, 200);
    let (bob, now) = (s.bob.clone(), s.house.now());
    s.house.home.remove_person(&bob, now).expect("removed");
    s.watch();
    assert_eq!(s.seen_by("ann"), ["c.jpg"]);
}
