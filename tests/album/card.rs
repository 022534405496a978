//! Memory cards: what is new on them comes in, each file whole or not at all, none twice, and nothing is written there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::house::state::files_below;
use crate::house::{House, Village, picture};
use hearthpost::address::StationName;
use hearthpost::album::Lamp;
use hearthpost::encoding::Timestamp;
use hearthpost::sharing::card::{BroughtIn, Card};
use hearthpost::sharing::import::{Adding, Progress};
use hearthpost::sharing::own::Wanted;
use hearthpost::sharing::{Fault, Household};

struct Scene {
    _village: Village,
    house: House,
    /// Where cards are mounted.
    reader: PathBuf,
    card: PathBuf,
}

/// A household, and a card with three pictures and a film on it, and what a camera keeps for itself.
fn scene() -> Scene {
    let village = Village::new("a");
    let house = village.house("a", &["ann", "bob"]);
    let reader = house.folder.join("reader");
    let card = reader.join("EOS_DIGITAL");
    let pictures = card.join("DCIM/100CANON");
    fs::create_dir_all(&pictures).expect("a folder");
    for (number, width) in [(1, 320), (2, 330), (3, 340)] {
        picture(&pictures.join(format!("IMG_000{number}.JPG")), width, 200);
    }
    let stream = card.join("PRIVATE/AVCHD/BDMV/STREAM");
    fs::create_dir_all(&stream).expect("a folder");
    fs::write(stream.join("00001.MTS"), vec![7; 9_000_000]).expect("a film");
    for book in [
        "DCIM/CANONMSC.CTG",
        "DCIM/.Trashes",
        "DCIM/100CANON/MVI_1.THM",
    ] {
        fs::write(card.join(book), "of the camera").expect("a file");
    }
    fs::write(card.join("AUTORUN.INF"), "not of a camera").expect("a file");
    let mut scene = Scene {
        _village: village,
        house,
        reader,
        card,
    };
    scene.house.home.config.import.cards = vec![scene.reader.clone()];
    scene
}

impl Scene {
    fn cards(&self) -> Vec<Card> {
        self.house.home.mounted_cards().expect("cards")
    }

    fn count_new(&self) -> usize {
        self.cards()[0].new
    }

    fn bring_in(&mut self) -> Result<BroughtIn, Fault> {
        self.bring_in_as(&Adding::default(), &mut |_| {})
    }

    fn bring_in_as(
        &mut self,
        adding: &Adding,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<BroughtIn, Fault> {
        let now = self.house.now();
        self.house.home.bring_in(None, adding, now, progress)
    }

    fn items(&self) -> Vec<String> {
        let page = self.house.home.album_items(None, &Wanted::default());
        let mut names: Vec<String> = page
            .expect("a page")
            .items
            .into_iter()
            .map(|item| item.name)
            .collect();
        names.sort();
        names
    }

    fn lamp(&self) -> Lamp {
        self.house.home.lamp(Timestamp::from_unix(self.house.wall))
    }
}

const ALL: [&str; 4] = ["00001.MTS", "IMG_0001.JPG", "IMG_0002.JPG", "IMG_0003.JPG"];

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
fn one_pulled_out_half_way_leaves_whole_files_and_the_rest_comes_next_time() {
    let mut s = scene();
    let (card, away) = (s.card.clone(), s.house.folder.join("in-the-hand"));
    let pulled = s.bring_in_as(&Adding::default(), &mut |progress| {
        if progress.file.ends_with("IMG_0003.JPG") && card.exists() {
            fs::rename(&card, &away).expect("pulled out");
        }
    });
    let fault = pulled.expect_err("it is gone");
    assert_eq!(fault.code, "card_gone");
    assert!(fault.message.contains("2 of 4"), "{fault}");
    assert!(matches!(
        s.lamp(),
        Lamp::Stopped {
            done: 2,
            total: 4,
            ..
        }
    ));
    assert_eq!(s.items(), ALL[1..3]);
    assert!(s.cards().is_empty());
    fs::rename(&away, &card).expect("put in");
    assert_eq!(s.count_new(), 2);
    let rest = s.bring_in().expect("it is read");
    assert_eq!((rest.items.len(), rest.known), (2, 0));
    assert_eq!(s.items(), ALL);
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
fn the_lamp_is_on_while_a_card_is_read_and_others_see_it() {
    let mut s = scene();
    assert_eq!(s.lamp(), Lamp::Off);
    let config = s.house.folder.join("hearthpost.toml");
    let mut other = Household::open(&config).expect("opens");
    other.config.import.cards = vec![s.reader.clone()];
    let now = s.house.now();
    let mut seen = Vec::new();
    let brought = s.bring_in_as(&Adding::default(), &mut |_| {
        seen.push(other.lamp(now));
        let second = other.bring_in(None, &Adding::default(), now, &mut |_| {});
        assert_eq!(second.expect_err("one at a time").code, "busy");
    });
    brought.expect("it is read");
    let on = |lamp: &Lamp| matches!(lamp, Lamp::Reading { total: 4, .. });
    assert!(!seen.is_empty() && seen.iter().all(on), "{seen:?}");
    let last = seen.last().expect("some");
    assert!(matches!(last, Lamp::Reading { done: 3, file, .. } if file.ends_with("00001.MTS")));
    assert!(matches!(other.lamp(now), Lamp::Done { total: 4, .. }));
    let later = Timestamp::from_unix(now.unix() + 3600);
    assert_eq!(other.lamp(later), Lamp::Off);
}

#[test]
fn the_lamp_goes_out_with_who_held_it() {
    let s = scene();
    let reading = s.house.home.begin_card(None, &Adding::default());
    let reading = reading.expect("in hand");
    assert_eq!(reading.files(), 4);
    assert!(matches!(
        s.lamp(),
        Lamp::Reading {
            done: 0,
            total: 4,
            ..
        }
    ));
    // As when the process is killed.
    drop(reading);
    assert_eq!(s.lamp(), Lamp::Off);
}

#[test]
fn a_light_blinks_meanwhile_and_is_out_then_and_left_to_what_lit_it_before() {
    let mut s = scene();
    let led = s.house.folder.join("led");
    fs::create_dir(&led).expect("a folder");
    let files = [
        ("brightness", "3\n"),
        ("max_brightness", "255\n"),
        ("trigger", "none timer [mmc0]\n"),
    ];
    for (name, text) in files {
        fs::write(led.join(name), text).expect("a file");
    }
    s.house.home.config.import.led = Some(led.clone());
    let read = |name: &str| fs::read_to_string(led.join(name)).expect("a file");
    let mut lit = Vec::new();
    s.bring_in_as(&Adding::default(), &mut |_| {
        lit.push((read("brightness"), read("trigger")));
    })
    .expect("it is read");
    assert_eq!(lit[0], ("255".to_owned(), "none".to_owned()));
    assert_eq!(
        (read("brightness"), read("trigger")),
        ("0".to_owned(), "mmc0".to_owned())
    );
    // One that cannot be had stops nobody.
    s.house.home.config.import.led = Some(s.house.folder.join("none"));
    picture(&s.card.join("DCIM/100CANON/IMG_0004.JPG"), 350, 200);
    assert_eq!(s.bring_in().expect("it is read").items.len(), 1);
    fs::set_permissions(&led, fs::Permissions::from_mode(0o500)).expect("closed");
}

#[test]
fn a_light_that_was_left_shining_is_put_out_and_left_to_what_lit_it_before() {
    let mut s = scene();
    let led = s.house.folder.join("led");
    fs::create_dir(&led).expect("a folder");
    let write = |name: &str, text: &str| fs::write(led.join(name), text).expect("a file");
    let read = |name: &str| fs::read_to_string(led.join(name)).expect("a file");
    write("brightness", "0");
    write("max_brightness", "255");
    write("trigger", "none timer [mmc0]");
    s.house.home.config.import.led = Some(led.clone());
    let lamp = s.house.folder.join("data/card.lamp");
    let mut amid = Vec::new();
    s.bring_in_as(&Adding::default(), &mut |_| {
        // No other than the one who reads puts it out.
        let config = s_config(&lamp);
        Household::open(&config).expect("opens").put_out_lamp();
        amid = fs::read(&lamp).expect("the lamp");
        assert_eq!(read("trigger"), "none");
    })
    .expect("it is read");
    // As when the process is killed amid it; and a start after that.
    let killed = || {
        fs::write(&lamp, &amid).expect("the lamp");
        write("brightness", "255");
        write("trigger", "[none] timer mmc0");
    };
    killed();
    s.house.home.put_out_lamp();
    assert_eq!(
        (read("brightness"), read("trigger")),
        ("0".to_owned(), "mmc0".to_owned())
    );
    write("brightness", "7");
    s.house.home.put_out_lamp();
    assert_eq!(read("brightness"), "7", "nobody left it");
    // Or the next card.
    killed();
    picture(&s.card.join("DCIM/100CANON/IMG_0004.JPG"), 350, 200);
    assert_eq!(s.bring_in().expect("it is read").items.len(), 1);
    assert_eq!(read("brightness"), "0");
}

/// The settings of the household in whose data folder that lies.
fn s_config(lamp: &Path) -> PathBuf {
    let folder = lamp.ancestors().nth(2).expect("a folder");
    folder.join("hearthpost.toml")
}

#[test]
fn the_rest_comes_as_it_was_begun_at_the_command_line_too() {
    let mut s = scene();
    let ann: StationName = "ann".parse().expect("a station");
    let begun = Adding {
        album: Some("Spain".to_owned()),
        person: Some(ann.clone()),
        private: true,
    };
    let (card, away) = (s.card.clone(), s.house.folder.join("in-the-hand"));
    let pulled = s.bring_in_as(&begun, &mut |progress| {
        if progress.file.ends_with("IMG_0003.JPG") && card.exists() {
            fs::rename(&card, &away).expect("pulled out");
        }
    });
    assert_eq!(pulled.expect_err("it is gone").code, "card_gone");
    fs::rename(&away, &card).expect("put in");
    let of_bob = Adding {
        person: Some("bob".parse().expect("a station")),
        ..Adding::default()
    };
    let fault = s.bring_in_as(&of_bob, &mut |_| {});
    assert_eq!(fault.expect_err("it is Ann's alone").code, "begun_alone");
    // One more has come since; the others go on as they were begun.
    picture(&s.card.join("DCIM/100CANON/IMG_0004.JPG"), 350, 200);
    let brought = s.bring_in_as(&of_bob, &mut |_| {}).expect("one is free");
    assert_eq!((brought.items.len(), brought.skipped.len()), (1, 2));
    assert_eq!(s.bring_in().expect("it is read").items.len(), 2);
    let seen = |name: &str| {
        let viewer = name.parse().expect("a station");
        let page = s.house.home.album_items(Some(&viewer), &Wanted::default());
        page.expect("a page").items.len()
    };
    assert_eq!((seen("ann"), seen("bob")), (5, 1));
    let albums = s.house.home.albums(None).expect("albums");
    assert_eq!((albums[0].name.as_str(), albums[0].items), ("Spain", 4));
}

#[test]
fn what_one_began_alone_who_has_left_goes_to_nobody_unasked() {
    let mut s = scene();
    let (ann, bob): (StationName, StationName) = (
        "ann".parse().expect("a station"),
        "bob".parse().expect("a station"),
    );
    let begun = Adding {
        person: Some(ann.clone()),
        private: true,
        ..Adding::default()
    };
    let (card, away) = (s.card.clone(), s.house.folder.join("in-the-hand"));
    let pulled = s.bring_in_as(&begun, &mut |_| {
        if card.exists() {
            fs::rename(&card, &away).expect("pulled out");
        }
    });
    assert_eq!(pulled.expect_err("it is gone").code, "card_gone");
    fs::rename(&away, &card).expect("put in");
    let now = s.house.now();
    s.house.home.remove_person(&ann, now).expect("removed");
    let again = "ann@a.example".parse().expect("a mailbox");
    s.house
        .home
        .add_person(ann.clone(), again, now)
        .expect("another Ann");
    assert_eq!(s.bring_in().expect_err("for whom?").code, "nobody");
    let of_bob = Adding {
        person: Some(bob.clone()),
        ..Adding::default()
    };
    let brought = s.bring_in_as(&of_bob, &mut |_| {}).expect("it is read");
    assert_eq!(brought.items.len(), 4);
    let seen = s.house.home.album_items(Some(&ann), &Wanted::default());
    assert!(seen.expect("a page").items.is_empty(), "it is Bob's alone");
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
