//! What belongs to a picture: its sound, its raw file, its clip. They stay together, from the card to the other house.

use crate::tool;
use std::path::PathBuf;

use crate::house::{House, Village, order, picture};
use crate::tool::{film, is_here};
use hearthpost::album::OwnItem;
use hearthpost::rendition::Format;
use hearthpost::sharing::own::import::Adding;
use hearthpost::sharing::share::Recorded;

struct Scene {
    village: Village,
    a: House,
    b: House,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann", "ben"]),
        village.house("b", &["bob"]),
    );
    village.introduce(&mut a, &mut b);
    Scene { village, a, b }
}

const RAW: &[u8] = b"II*\0\x10\0\0\0CR\x02\0 not really one";

fn sound() -> Vec<u8> {
    include_bytes!("../fixtures/sounds/mill.wav").to_vec()
}

impl Scene {
    /// Writes files onto a card; a JPEG where there are no bytes.
    fn card(&self, files: &[(&str, &[u8])]) -> PathBuf {
        let card = self.a.folder.join("card");
        for (name, bytes) in files {
            let path = card.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            match bytes.is_empty() {
                // No two alike.
                true => drop(picture(&path, 320, 200 + name.len() as u32)),
                false => std::fs::write(path, bytes).expect("a file"),
            }
        }
        card
    }

    fn share(&mut self, item: &OwnItem, rules: &str, alone: bool) -> Recorded {
        let mut order = order(&[item], &["home-b+bob@b.example"], rules);
        order.alone = alone;
        self.a.share(&order).expect("recorded")
    }

    /// Each item over there with what it goes with, by name.
    fn arrived(&mut self, share: &str) -> Vec<(String, Option<String>)> {
        self.village.sync(&mut self.a);
        self.village.sync(&mut self.b);
        let shown = self.b.home.show(share).expect("listed");
        let name = |id: &String| {
            let mut items = shown.items.iter().map(|item| &item.listed);
            items
                .find(|item| item.id == *id)
                .map(|item| item.name.clone())
        };
        let items = shown.items.iter().map(|item| &item.listed);
        items
            .map(|item| (item.name.clone(), item.goes_with.as_ref().and_then(name)))
            .collect()
    }
}

/// What goes with what, by name.
fn pairs(items: &[OwnItem]) -> Vec<(String, String)> {
    let named = |id: i64| {
        let found = items.iter().find(|item| item.id == id);
        found.expect("it came too").name.clone()
    };
    let linked = items
        .iter()
        .filter_map(|item| Some((item, item.goes_with?)));
    linked
        .map(|(item, with)| (item.name.clone(), named(with)))
        .collect()
}

#[test]
fn files_of_one_name_in_one_folder_belong_together() {
    let mut scene = scene();
    let wav = sound();
    let card = scene.card(&[
        ("100/IMG_1.JPG", b""),
        ("100/IMG_1.CR2", RAW),
        ("100/img_1.wav", &wav),
        // Another folder, another name, no picture, two of them.
        ("101/IMG_1.WAV", &[&wav[..], b"1"].concat()),
        ("100/IMG_2.WAV", &[&wav[..], b"2"].concat()),
        ("100/IMG_3.JPG", b""),
        ("100/IMG_3.png", &png()),
        ("100/IMG_3.WAV", &[&wav[..], b"3"].concat()),
        ("100/IMG_4.JPG", b""),
        ("100/IMG_4.TXT", b"a note\n"),
    ]);
    let items = scene.a.import(&[card]);
    let expected = [("IMG_1.CR2", "IMG_1.JPG"), ("img_1.wav", "IMG_1.JPG")];
    let expected = expected.map(|(item, with)| (item.to_owned(), with.to_owned()));
    let mut found = pairs(&items);
    found.sort();
    assert_eq!(found, expected);
    // It is known from now on, and no further import changes it.
    let again = scene.a.import(&[scene.a.folder.join("card/100")]);
    let mut found = pairs(&again);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn files_of_one_name_that_a_browser_sent_one_after_the_other_belong_together() {
    let mut scene = scene();
    let jpeg = |n: u32| picture(&scene.a.folder.join("sent.jpg"), 320, 200 + n);
    let (first, second, third) = (jpeg(1), jpeg(2), jpeg(3));
    let wav = sound();
    let mut sent = |name: &str, person: &str, bytes: &[u8]| {
        let now = scene.a.now();
        let adding = Adding {
            person: Some(person.parse().expect("a station")),
            ..Adding::default()
        };
        let added = scene.a.home.add_file(&adding, name, bytes, now);
        added.expect("added").0.reference
    };
    let raw = sent("IMG_1.CR2", "ann", RAW);
    let taken = sent("img_1.jpg", "ann", &first);
    let of_another = sent("IMG_1.WAV", "ben", &wav);
    sent("IMG_1.old.JPG", "ann", &second);
    sent("IMG_2.JPG", "ann", &third);
    scene.a.wait(86_400);
    let much_later = {
        let adding = Adding {
            person: Some("ann".parse().expect("a station")),
            ..Adding::default()
        };
        let now = scene.a.now();
        let later = [&wav[..], b"later"].concat();
        let added = scene.a.home.add_file(&adding, "IMG_2.WAV", &later[..], now);
        added.expect("added").0.reference
    };
    let found = |reference: &str| {
        let item = scene.a.home.album_item(None, reference).expect("there");
        item.goes_with
    };
    let picture = scene.a.home.album_item(None, &taken).expect("there").id;
    assert_eq!(found(&raw), Some(picture));
    assert_eq!(found(&of_another), None);
    assert_eq!(found(&much_later), None);
}

#[test]
fn sound_and_raw_file_belong_to_the_picture_in_whatever_order_they_come() {
    let files = ["DSCF8.DNG", "DSCF8.JPG", "DSCF8.WAV"];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let mut scene = scene();
        let jpeg = picture(&scene.a.folder.join("sent.jpg"), 320, 200);
        let adding = Adding {
            person: Some("ann".parse().expect("a station")),
            ..Adding::default()
        };
        for at in order {
            let bytes = [RAW, &jpeg, &sound()][at].to_vec();
            let now = scene.a.now();
            let added = scene.a.home.add_file(&adding, files[at], &bytes[..], now);
            added.expect("added");
        }
        let items = scene.a.home.album.rows().items().expect("rows");
        let mut found = pairs(&items);
        found.sort();
        let with = |name: &str| (name.to_owned(), "DSCF8.JPG".to_owned());
        let expected = [with("DSCF8.DNG"), with("DSCF8.WAV")];
        assert_eq!(found, expected, "{order:?}");
        let item = items.iter().find(|item| item.name == "DSCF8.JPG");
        let shared = scene.share(&item.expect("it").clone(), "display=full,store=full", false);
        let arrived = scene.arrived(&shared.share);
        let sound = ("DSCF8.WAV".to_owned(), Some("DSCF8.JPG".to_owned()));
        assert!(arrived.contains(&sound), "{order:?}: {arrived:?}");
    }
}

fn png() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(20, 20)
        .write_to(&mut out, image::ImageFormat::Png)
        .expect("it is well formed");
    out.into_inner()
}

#[test]
fn the_sound_of_a_picture_goes_along_and_is_told_apart() {
    let mut scene = scene();
    let card = scene.card(&[("IMG_1.JPG", b""), ("IMG_1.WAV", &sound())]);
    let items = scene.a.import(&[card]);
    let with = |name: &str, with: Option<&str>| (name.to_owned(), with.map(str::to_owned));
    let picture = items[0].clone();
    let whole = scene.share(&picture, "display=full,store=full", false);
    assert_eq!(whole.left, []);
    let arrived = scene.arrived(&whole.share);
    assert_eq!(
        arrived,
        [
            with("IMG_1.JPG", None),
            with("IMG_1.WAV", Some("IMG_1.JPG"))
        ]
    );

    let alone = scene.share(&picture, "display=full,store=full", true);
    assert_eq!(scene.arrived(&alone.share), [with("IMG_1.JPG", None)]);
    // Only to look: a sound could not be heard without being handed over, and nobody asked for it.
    let look = scene.share(&picture, "display=640", false);
    assert!(
        look.left[0].words().contains("IMG_1.WAV"),
        "{:?}",
        look.left
    );
    assert_eq!(scene.arrived(&look.share), [with("IMG_1.JPG", None)]);
    // By itself it goes by itself.
    let sound = scene.share(&items[1].clone(), "display=full,store=full", false);
    assert_eq!(scene.arrived(&sound.share), [with("IMG_1.WAV", None)]);
}

#[test]
fn what_belongs_to_a_picture_stands_behind_it() {
    let mut scene = scene();
    let card = scene.card(&[
        ("IMG_1.JPG", b""),
        ("IMG_1.WAV", &sound()),
        ("IMG_22.JPG", b""),
    ]);
    let items = scene.a.import(&[card]);
    let item = |name: &str| items.iter().find(|item| item.name == name).expect("it");
    let order = order(
        &[item("IMG_1.JPG"), item("IMG_22.JPG")],
        &["home-b+bob@b.example"],
        "display=full,store=full",
    );
    let share = scene.a.share(&order).expect("recorded").share;
    let names: Vec<String> = scene.arrived(&share).into_iter().map(|one| one.0).collect();
    assert_eq!(names, ["IMG_1.JPG", "IMG_1.WAV", "IMG_22.JPG"]);
    let (now, bob) = (scene.b.reading(), "bob".parse().expect("a station"));
    let now = scene.b.home.time(&now).expect("the time");
    let opened = scene.b.home.opened_by(&share, &bob, now).expect("opened");
    let with = |at: usize| opened.items[at].goes_with.clone();
    assert_eq!(opened.items[1].name, "IMG_1.WAV");
    assert_eq!([with(0), with(2)], [None, None]);
    assert_eq!(with(1), Some(opened.items[0].id.clone()));
}

#[test]
fn a_raw_file_whose_place_cannot_be_taken_out_stays_at_home_and_is_named() {
    let mut scene = scene();
    let card = scene.card(&[("IMG_1.JPG", b""), ("IMG_1.CR2", RAW)]);
    let items = scene.a.import(&[card]);
    let picture = items
        .iter()
        .find(|item| item.name == "IMG_1.JPG")
        .expect("it")
        .clone();
    let shared = scene.share(&picture, "display=full,store=full", false);
    assert_eq!(shared.left[0].name, "IMG_1.CR2");
    let reason = shared.left[0].words();
    assert!(reason.contains("place"), "{reason}");
    assert_eq!(scene.arrived(&shared.share).len(), 1);
    let mut order = order(
        &[&picture],
        &["home-b+bob@b.example"],
        "display=full,store=full",
    );
    let reading = scene.a.reading();
    let now = scene.a.home.time(&reading).expect("the time");
    let foreseen = scene.a.home.foresee(&order, now).expect("foreseen");
    assert_eq!(foreseen.left, shared.left, "it is said before");
    order.keep_location = true;
    let share = scene.a.share(&order).expect("recorded").share;
    assert_eq!(scene.arrived(&share).len(), 2);
}

#[test]
fn the_clip_of_a_telephone_goes_with_its_picture_without_its_place() {
    if !is_here("ffmpeg") || !is_here("heif-convert") {
        return;
    }
    let mut scene = scene();
    let heic = include_bytes!("../fixtures/pictures/place.heic");
    let card = scene.card(&[("IMG_1.HEIC", heic), ("IMG_1.MOV", &film("mov", 2))]);
    let items = scene.a.import(&[card]);
    assert_eq!(
        pairs(&items),
        [("IMG_1.MOV".to_owned(), "IMG_1.HEIC".to_owned())]
    );
    let shared = scene.share(&items[0].clone(), "display=2048,excerpt=yes", false);
    assert!(
        shared.left[0].words().contains("--excerpt 30s"),
        "{:?}",
        shared.left
    );
    let mut order = order(
        &[&items[0]],
        &["home-b+bob@b.example"],
        "display=2048,excerpt=yes",
    );
    order.excerpt = "1s".parse().expect("lengths");
    let shared = scene.a.share(&order).expect("recorded");
    assert_eq!(scene.arrived(&shared.share).len(), 2);
}

#[test]
fn what_lies_in_the_bin_does_not_go_along() {
    let mut scene = scene();
    let card = scene.card(&[("IMG_1.JPG", b""), ("IMG_1.WAV", &sound())]);
    let items = scene.a.import(&[card]);
    let now = scene.a.now();
    let sound = items[1].id;
    let thrown = scene.a.home.album.commit(|rows| {
        rows.set_deleted(sound, Some(now))?;
        Ok::<_, hearthpost::album::AlbumError>(())
    });
    thrown.expect("written");
    let shared = scene.share(&items[0].clone(), "display=full,store=full", false);
    assert_eq!(shared.left, []);
    assert_eq!(scene.arrived(&shared.share).len(), 1);
}

/// A JPEG with a film behind it, as telephones write it, and a maker's index behind that.
fn motion(scene: &Scene, film: &[u8]) -> (PathBuf, Vec<u8>) {
    let path = scene.a.folder.join("IMG_7.jpg");
    let picture = picture(&path, 640, 480);
    let file = [&picture[..], b"MotionPhoto_Data", film, b"SEFHxxxxSEFT"].concat();
    std::fs::write(&path, &file).expect("a file");
    (path, file)
}

/// What a person there keeps of the items of a share, by name.
fn kept(scene: &mut Scene, share: &str) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for item in scene.b.items(share) {
        let action = hearthpost::rules::Action::Store;
        let (_, bytes) = scene.b.view(&item.reference, "bob", action).expect("kept");
        all.push((item.name.unwrap_or_default(), bytes));
    }
    all
}

#[test]
fn the_clip_inside_a_motion_photo_goes_beside_it_without_its_place() {
    if !is_here("ffmpeg") {
        return;
    }
    let mut scene = scene();
    let film = film("mp4", 2);
    let (path, file) = motion(&scene, &film);
    let item = scene.a.import(&[path]).remove(0);
    let whole = "display=full,store=full";
    let shared = scene.share(&item, whole, false);
    assert_eq!(shared.left, []);
    let name = |name: &str, with: Option<&str>| (name.to_owned(), with.map(str::to_owned));
    let expected = [
        name("IMG_7.jpg", None),
        name("IMG_7.mp4", Some("IMG_7.jpg")),
    ];
    assert_eq!(scene.arrived(&shared.share), expected);
    let there = kept(&mut scene, &shared.share);
    let holds = |bytes: &[u8], words: &[u8]| bytes.windows(words.len()).any(|at| at == words);
    assert!(!holds(&there[0].1, b"ftyp"));
    let place = |film: &[u8]| {
        let mut film = std::io::Cursor::new(film);
        hearthpost::rendition::has_place_reader(&mut film, Format::Mp4).expect("a film")
    };
    assert!(place(&film) && !place(&there[1].1));
    assert!((tool::played(&film) - tool::played(&there[1].1)).abs() < 0.05);
    // With its place the file goes as it is; alone, or only to look at, without the clip.
    let mut order = order(&[&item], &["home-b+bob@b.example"], whole);
    order.keep_location = true;
    let shared = scene.a.share(&order).expect("recorded");
    assert_eq!(scene.arrived(&shared.share).len(), 1);
    assert_eq!(kept(&mut scene, &shared.share)[0].1, file);
    for (rules, alone) in [(whole, true), ("display=640", false), ("store=640", false)] {
        order.keep_location = false;
        order.rules = Some(hearthpost::rules::parse_rules(rules).expect("rules"));
        order.alone = alone;
        let now = scene.a.home.time(&scene.a.reading()).expect("the time");
        let foreseen = scene.a.home.foresee(&order, now).expect("foreseen");
        let shared = scene.a.share(&order).expect("recorded");
        assert_eq!(shared.left, foreseen.left, "{rules}");
        assert_eq!(shared.left.is_empty(), alone, "{rules}");
        let mut named = shared.left.iter();
        assert!(
            named.all(|left| left.words().contains("the clip inside IMG_7.jpg")),
            "{rules}"
        );
        assert_eq!(scene.arrived(&shared.share).len(), 1, "{rules}");
    }
}

#[test]
fn the_clip_goes_beside_its_picture_from_a_path_and_out_of_a_heic_too() {
    if !is_here("ffmpeg") || !is_here("heif-convert") {
        return;
    }
    let mut scene = scene();
    let film = film("mp4", 2);
    let (jpeg, _) = motion(&scene, &film);
    let heic = scene.a.folder.join("IMG_8.heic");
    let size = u32::try_from(film.len() + 8)
        .expect("it is small")
        .to_be_bytes();
    let picture = include_bytes!("../fixtures/pictures/place.heic");
    let file = [&picture[..], &size, b"mpvd", &film].concat();
    std::fs::write(&heic, file).expect("a file");
    let imported = scene.a.import(std::slice::from_ref(&heic)).remove(0);
    let holds = |bytes: &[u8], words: &[u8]| bytes.windows(words.len()).any(|at| at == words);
    for (what, picture, clip) in [
        (jpeg.display().to_string(), "IMG_7.jpg", "IMG_7.mp4"),
        (heic.display().to_string(), "IMG_8.heic", "IMG_8.mp4"),
        (imported.reference, "IMG_8.heic", "IMG_8.mp4"),
    ] {
        let mut order = order(&[], &["home-b+bob@b.example"], "display=full,store=full");
        order.what = vec![what];
        let shared = scene.a.share(&order).expect("recorded");
        assert_eq!(shared.left, []);
        let expected = [
            (picture.to_owned(), None),
            (clip.to_owned(), Some(picture.to_owned())),
        ];
        assert_eq!(scene.arrived(&shared.share), expected);
        for (name, bytes) in kept(&mut scene, &shared.share) {
            assert!(
                !holds(&bytes, b"+48.1-011.5/") && !holds(&bytes, b"mpvd"),
                "{name}"
            );
            let moves = holds(&bytes, b"moov");
            assert_eq!(moves, name == clip, "{name}");
        }
        // Only to look at there is no film, and no original.
        order.rules = Some(hearthpost::rules::parse_rules("display=640").expect("rules"));
        let shared = scene.a.share(&order).expect("recorded");
        assert_eq!(scene.arrived(&shared.share).len(), 1);
    }
}

#[test]
fn a_clip_whose_place_cannot_be_taken_out_stays_at_home_and_is_named() {
    let mut scene = scene();
    let one = |kind: &[u8; 4], body: &[u8]| {
        let size = u32::try_from(body.len() + 8).expect("it is small");
        [&size.to_be_bytes()[..], kind, body].concat()
    };
    // A place, and nothing that anybody could play.
    let place = one(b"\xa9xyz", b"\0\x0d\x15\xc7+48.1-011.5/");
    let film = [
        one(b"ftyp", b"mp42\0\0\0\0mp42isom"),
        one(b"moov", &one(b"udta", &place)),
        one(b"mdat", &[7; 64]),
    ]
    .concat();
    let (path, _) = motion(&scene, &film);
    let item = scene.a.import(&[path]).remove(0);
    let shared = scene.share(&item, "display=full,store=full", false);
    assert_eq!(shared.left[0].name, "IMG_7.mp4");
    let reason = shared.left[0].words();
    assert!(reason.contains("place"), "{reason}");
    assert_eq!(scene.arrived(&shared.share).len(), 1);
    assert!(
        !kept(&mut scene, &shared.share)[0]
            .1
            .windows(4)
            .any(|at| at == b"ftyp")
    );
}
