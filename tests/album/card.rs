//! Memory cards: what is new on them comes in, each file whole or not at all, none twice, and nothing is written there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

use crate::house::picture;
use crate::house::state::files_below;
use crate::reader::{ALL, scene};
use hearthpost::album::Lamp;
use hearthpost::sharing::own::Wanted;
use hearthpost::sharing::own::import::Adding;

/// Mode, times and content.
type Entry = (u32, [i64; 3], Option<Vec<u8>>);

/// Everything about a tree but when it was read last.
fn tree(root: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(path) = folders.pop() {
        let about = fs::symlink_metadata(&path).expect("it is there");
        let content = about.is_file().then(|| fs::read(&path).expect("a file"));
        if about.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder");
            folders.extend(entries.map(|entry| entry.expect("an entry").path()));
        }
        let times = [about.mtime(), about.mtime_nsec(), about.ctime()];
        all.insert(path, (about.mode(), times, content));
    }
    all
}

#[test]
fn what_is_on_a_card_comes_in_once_and_nothing_is_written_there() {
    let mut s = scene();
    let before = tree(&s.card);
    let cards = s.cards();
    assert_eq!(cards.len(), 1);
    assert_eq!((cards[0].label.as_str(), cards[0].new), ("EOS_DIGITAL", 4));
    let adding = Adding {
        album: Some("Spain".to_owned()),
        person: Some("ann".parse().expect("a station")),
        private: true,
    };
    let brought = s.bring_in_as(&adding, &mut |_| {}).expect("it is read");
    assert_eq!((brought.items.len(), brought.known), (4, 0));
    assert_eq!(s.items(), ALL);
    let bob = "bob".parse().expect("a station");
    let seen = s.house.home.album_items(Some(&bob), &Wanted::default());
    assert!(seen.expect("a page").items.is_empty(), "it is Ann's alone");
    let albums = s.house.home.albums(None).expect("albums");
    assert_eq!((albums[0].name.as_str(), albums[0].items), ("Spain", 4));
    assert_eq!(s.count_new(), 0);
    assert!(s.bring_in().expect("it is read").items.is_empty());
    assert_eq!(s.items(), ALL);
    assert_eq!(tree(&s.card), before);
}

#[test]
fn the_same_pictures_by_another_way_are_none_twice() {
    let mut s = scene();
    s.house.import(&[s.card.join("DCIM/100CANON/IMG_0002.JPG")]);
    assert_eq!(s.count_new(), 4, "nobody has read it yet");
    let brought = s.bring_in().expect("it is read");
    assert_eq!((brought.items.len(), brought.known), (4, 1));
    // The card has another name now: what it holds is known by its content.
    fs::rename(&s.card, s.reader.join("NO NAME")).expect("renamed");
    assert_eq!(s.count_new(), 4);
    assert_eq!(s.bring_in().expect("it is read").known, 4);
    assert_eq!(s.items(), ALL);
}

#[test]
fn another_file_of_the_same_name_and_size_comes_in_too() {
    let mut s = scene();
    s.bring_in().expect("it is read");
    // The counter of the camera has begun anew.
    let film = s.card.join("PRIVATE/AVCHD/BDMV/STREAM/00001.MTS");
    let before = film.metadata().and_then(|about| about.modified());
    fs::write(&film, vec![8; 9_000_000]).expect("a film");
    let later = before.expect("a time") + std::time::Duration::from_secs(2);
    let file = fs::OpenOptions::new().write(true).open(&film);
    file.and_then(|file| file.set_modified(later))
        .expect("a time");
    let brought = s.bring_in().expect("it is read");
    assert_eq!((brought.items.len(), brought.known), (1, 0));
    assert_eq!(
        s.items().iter().filter(|name| *name == "00001.MTS").count(),
        2
    );
}

#[test]
fn a_file_that_ends_early_is_not_taken_for_whole() {
    let mut s = scene();
    let film = s.card.join("PRIVATE/AVCHD/BDMV/STREAM/00001.MTS");
    let parts = files_below(&s.house.folder.join("data/files")).len();
    let brought = s.bring_in_as(&Adding::default(), &mut |progress| {
        // As it is read, its end is gone.
        let in_hand = progress.file.ends_with("00001.MTS");
        let about = film.metadata().expect("a file");
        if in_hand && about.len() == 9_000_000 {
            let file = fs::OpenOptions::new().write(true).open(&film);
            file.and_then(|file| file.set_len(5_000_000)).expect("cut");
        }
    });
    let brought = brought.expect("the others come");
    assert_eq!(brought.skipped.len(), 1);
    assert_eq!(s.items(), ALL[1..]);
    let left = files_below(&s.house.folder.join("data/files")).len();
    assert_eq!(left, parts + 3, "nothing of it stays");
    assert_eq!(s.count_new(), 1, "it is offered again");
    let about = film.metadata().expect("a file");
    assert_eq!(s.bring_in().expect("it is read").items.len(), 1);
    assert_eq!(about.len(), 5_000_000);
    assert_eq!(s.items(), ALL);
}

#[test]
fn what_is_no_use_is_named_and_not_offered_again_before_it_changes() {
    let mut s = scene();
    let path = s.card.join("DCIM/100CANON/IMG_0002.JPG");
    let whole = fs::read(&path).expect("a picture");
    fs::write(&path, &whole[..whole.len() / 3]).expect("a broken one");
    let brought = s.bring_in().expect("it is read");
    assert_eq!((brought.items.len(), brought.skipped.len()), (3, 1));
    let cards = s.cards();
    assert_eq!((cards[0].new, cards[0].stayed_out.len()), (0, 1));
    assert!(cards[0].stayed_out[0].path.ends_with("IMG_0002.JPG"));
    fs::write(&path, &whole).expect("mended");
    assert_eq!(s.bring_in().expect("it is read").items.len(), 1);
    assert_eq!(s.items(), ALL);
    assert!(s.cards()[0].stayed_out.is_empty());
}

#[test]
fn links_on_a_card_lead_nowhere() {
    let mut s = scene();
    let secret = s.house.folder.join("password");
    symlink(&secret, s.card.join("DCIM/100CANON/IMG_0004.JPG")).expect("a link");
    symlink(&s.house.folder, s.card.join("DCIM/200CANON")).expect("a link");
    assert_eq!(s.count_new(), 4);
    let fake = s.reader.join("FAKE");
    fs::create_dir(&fake).expect("a folder");
    symlink(&s.house.folder, fake.join("DCIM")).expect("a link");
    assert_eq!(s.cards().len(), 1);
    // A folder becomes a link after it was listed.
    let (pictures, away) = (s.card.join("DCIM/100CANON"), s.card.join("DCIM/away"));
    let brought = s.bring_in_as(&Adding::default(), &mut |_| {
        if !away.exists() {
            fs::rename(&pictures, &away).expect("moved");
            symlink(&away, &pictures).expect("a link");
        }
    });
    assert_eq!(brought.expect("it is read").skipped.len(), 3);
    assert_eq!(s.items(), ["00001.MTS"]);
}

#[test]
fn of_several_cards_one_must_be_named() {
    let mut s = scene();
    let other = s.reader.join("NIKON");
    fs::create_dir_all(other.join("dcim")).expect("a folder");
    picture(&other.join("dcim/DSC_1.JPG"), 360, 200);
    let fault = s.bring_in().expect_err("which?");
    assert_eq!((fault.code, fault.usage), ("unknown_card", true));
    assert!(fault.message.contains("NIKON"), "{fault}");
    let now = s.house.now();
    for (name, count) in [("NIKON", 1), ("EOS_DIGITAL", 4)] {
        let path = s.reader.join(name).display().to_string();
        let brought = s
            .house
            .home
            .bring_in(Some(&path), &Adding::default(), now, &mut |_| {});
        let again = s
            .house
            .home
            .bring_in(Some(name), &Adding::default(), now, &mut |_| {});
        let counts = [brought, again].map(|brought| brought.expect("it is read").items.len());
        assert_eq!(counts, [count, 0]);
    }
    let none = s
        .house
        .home
        .bring_in(Some("LEICA"), &Adding::default(), now, &mut |_| {});
    assert_eq!(none.expect_err("there is none").code, "unknown_card");
}

#[test]
fn a_watched_folder_comes_in_by_itself_when_it_is_still() {
    let mut s = scene();
    let scans = s.house.folder.join("scans");
    fs::create_dir_all(scans.join("box 1")).expect("a folder");
    s.house.home.config.import.cards = Vec::new();
    let now = s.house.now();
    assert_eq!(s.house.home.bring_in_watched(100, now), None);
    s.house.home.config.import.watch = vec![scans.clone()];
    picture(&scans.join("box 1/a.jpg"), 320, 200);
    let growing = scans.join("b.txt");
    fs::write(&growing, "half").expect("a file");
    assert!(
        s.house
            .home
            .bring_in_watched(100, now)
            .is_some_and(|wait| wait < 10)
    );
    assert!(s.items().is_empty());
    fs::write(&growing, "half and the rest").expect("a file");
    assert!(
        s.house
            .home
            .bring_in_watched(110, now)
            .is_some_and(|wait| wait < 10)
    );
    assert_eq!(s.items(), ["a.jpg"]);
    assert_eq!(s.lamp(), Lamp::Off, "nobody takes out a folder");
    let before = tree(&scans);
    assert!(
        s.house
            .home
            .bring_in_watched(120, now)
            .is_some_and(|wait| wait > 10)
    );
    assert_eq!(s.items(), ["a.jpg", "b.txt"]);
    assert!(s.house.home.bring_in_watched(130, now).is_some());
    assert_eq!(s.items(), ["a.jpg", "b.txt"]);
    assert_eq!(tree(&scans), before);
}
