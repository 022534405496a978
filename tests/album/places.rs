//! Where a picture was taken does not leave the house, unless its keeper says so.

use crate::house::{House, Village, order};
use crate::make::{SECRET, Say, XMP, app1, exif, holds, jpeg, png, quadrants, webp, with_segments};
use crate::tool::{self, is_here, played};
use hearthpost::rendition::Format;
use hearthpost::rules::Action;
use hearthpost::sharing::Fault;

struct Scene {
    village: Village,
    a: House,
    b: House,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    Scene { village, a, b }
}

impl Scene {
    /// What arrives of a file, with the whole of what the provider saw.
    fn travels(&mut self, name: &str, file: &[u8], keep: bool) -> Result<Vec<u8>, Fault> {
        let path = self.a.folder.join(name);
        std::fs::write(&path, file).expect("a file");
        let items = self.a.import(&[path]);
        let rules = "display=full,store=full";
        let mut order = order(&[&items[0]], &["home-b@b.example"], rules);
        order.keep_location = keep;
        let share = self.a.share(&order)?.share;
        self.village.sync(&mut self.a);
        self.village.sync(&mut self.b);
        let item = self.b.items(&share).remove(0).reference;
        let kept = self.b.view(&item, "bob", Action::Store);
        Ok(kept.expect("kept").1)
    }
}

fn say() -> Say {
    Say {
        orientation: 6,
        place: true,
        thumbnail: true,
        comment: true,
    }
}

/// A JPEG with everything in it that tells more than the picture.
fn telling() -> Vec<u8> {
    let iptc = [b"Photoshop 3.0\0", SECRET.as_bytes()].concat();
    let segments: [(u8, &[u8]); 4] = [
        (0xe1, &app1(&exif(say()))),
        (0xe1, XMP),
        (0xed, &iptc),
        (0xfe, SECRET.as_bytes()),
    ];
    let picture = with_segments(&jpeg(&quadrants(320, 200), false), &segments);
    [&picture[..], b"\0\0\0\x18ftypmp42", SECRET.as_bytes()].concat()
}

fn from_tables(jpeg: &[u8]) -> &[u8] {
    let tables = jpeg.windows(2).position(|w| w == [0xff, 0xdb]);
    &jpeg[tables.expect("it has tables")..]
}

#[test]
fn jpeg_arrives_without_its_place_and_with_the_same_pixels() {
    let mut scene = scene();
    let file = telling();
    assert!(holds(&file, SECRET.as_bytes()));
    let arrived = scene.travels("lake.jpg", &file, false).expect("shared");
    for words in [
        SECRET.as_bytes(),
        b"http://ns.adobe.com/xap",
        b"8BIM",
        b"ftyp",
    ] {
        assert!(!holds(&arrived, words));
    }
    let plain = jpeg(&quadrants(320, 200), false);
    assert!(
        from_tables(&arrived) == from_tables(&plain),
        "the coded picture"
    );
    let reader = exif::Reader::new();
    let left = reader.read_from_container(&mut std::io::Cursor::new(&arrived));
    let left = left.expect("date, camera and orientation stay");
    assert!(
        left.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY)
            .is_none()
    );
    for tag in [
        exif::Tag::Orientation,
        exif::Tag::DateTimeOriginal,
        exif::Tag::Model,
    ] {
        assert!(left.get_field(tag, exif::In::PRIMARY).is_some(), "{tag}");
    }
}

#[test]
fn file_that_is_shared_from_where_it_lies_is_cleaned_too() {
    let mut scene = scene();
    let path = scene.a.folder.join("lake.jpg");
    std::fs::write(&path, telling()).expect("a file");
    let mut order = order(&[], &["home-b@b.example"], "store=full");
    order.what = vec![path.display().to_string()];
    let share = scene.a.share(&order).expect("recorded").share;
    // What was sealed counts, whatever becomes of the file.
    std::fs::remove_file(&path).expect("it is there");
    scene.village.sync(&mut scene.a);
    scene.village.sync(&mut scene.b);
    let item = scene.b.items(&share).remove(0);
    assert_eq!(item.name.as_deref(), Some("lake.jpg"));
    let kept = scene.b.view(&item.reference, "bob", Action::Store);
    let (_, arrived) = kept.expect("kept");
    assert!(!holds(&arrived, SECRET.as_bytes()));
    let plain = jpeg(&quadrants(320, 200), false);
    assert!(from_tables(&arrived) == from_tables(&plain));
}

#[test]
fn what_is_no_whole_file_is_not_shared() {
    let mut scene = scene();
    let cut = scene.a.folder.join("cut.jpg");
    let whole = telling();
    std::fs::write(&cut, &whole[..whole.len() / 2]).expect("a file");
    let empty = scene.a.folder.join("empty.txt");
    std::fs::write(&empty, b"").expect("a file");
    for path in [cut, empty, scene.a.folder.clone(), "/dev/tty".into()] {
        let mut order = order(&[], &["home-b@b.example"], "store=full");
        order.what = vec![path.display().to_string()];
        let fault = scene.a.share(&order).expect_err("not whole");
        let name = path.display().to_string();
        assert!(fault.message.contains(&name), "{}", fault.message);
    }
    assert!(scene.a.home.album.rows().shares().expect("rows").is_empty());
    assert_eq!(scene.a.blobs().len(), 0);
}

#[test]
fn jpeg_that_tells_nothing_arrives_bit_for_bit() {
    let mut scene = scene();
    let file = jpeg(&quadrants(320, 200), true);
    let arrived = scene.travels("lake.jpg", &file, false).expect("shared");
    assert!(arrived == file);
}

#[test]
fn jpeg_keeps_its_place_where_the_keeper_says_so() {
    let mut scene = scene();
    let file = telling();
    let arrived = scene.travels("lake.jpg", &file, true).expect("shared");
    assert!(arrived == file);
}

#[test]
fn what_is_shown_carries_no_place_either_way() {
    let mut scene = scene();
    scene.travels("lake.jpg", &telling(), true).expect("shared");
    let share = scene.b.home.album.rows().shares().expect("rows").remove(0);
    let item = scene.b.items(&share.reference).remove(0).reference;
    let shown = scene.b.view(&item, "bob", Action::Display);
    let (_, bytes) = shown.expect("shown");
    assert!(!holds(&bytes, b"Exif") && !holds(&bytes, SECRET.as_bytes()));
}

#[test]
fn png_and_webp_lose_their_place_and_keep_their_pixels() {
    let picture = image::DynamicImage::from(quadrants(64, 48));
    let block = exif(say());
    for (name, file) in [
        ("a.png", png(&picture, None, Some(block.clone()))),
        ("a.webp", webp(&picture, Some(block.clone()))),
    ] {
        assert!(holds(&file, SECRET.as_bytes()));
        let arrived = scene().travels(name, &file, false).expect("shared");
        assert!(!holds(&arrived, SECRET.as_bytes()), "{name}");
        let pixels = image::load_from_memory(&arrived).expect("a picture");
        assert_eq!(pixels.to_rgb8(), quadrants(64, 48), "{name}");
    }
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

fn film(more: &[u8]) -> Vec<u8> {
    let moov = [&boxed(b"mvhd", &[0; 100])[..], more].concat();
    let boxes = [
        boxed(b"ftyp", b"isom\0\0\0\0mp42"),
        boxed(b"mdat", &[7; 4_000]),
        boxed(b"moov", &moov),
    ];
    boxes.concat()
}

#[test]
fn film_and_heif_with_a_place_are_refused_with_the_choice_named_and_leave_nothing() {
    let place = boxed(b"udta", &boxed(b"\xa9xyz", b"+48.2085+016.3725/"));
    // Its item list was cut off behind the head: what it says cannot be followed.
    let mut heif = include_bytes!("../fixtures/pictures/place.avif").to_vec();
    let locations = heif.windows(4).position(|at| at == b"iloc");
    heif[locations.expect("it has one") + 3] = b'x';
    for (name, file) in [("a.mp4", film(&place)), ("a.avif", heif)] {
        let mut scene = scene();
        // A good picture before it in the same share: its parts must not stay behind.
        let good = scene.a.folder.join("good.jpg");
        std::fs::write(&good, jpeg(&quadrants(64, 48), false)).expect("a file");
        let path = scene.a.folder.join(name);
        std::fs::write(&path, &file).expect("a file");
        let items = scene.a.import(&[good, path]);
        let items: Vec<_> = items.iter().collect();
        let mut order = order(&items, &["home-b@b.example"], "display=full,store=full");
        let fault = scene.a.share(&order).expect_err("it has a place");
        assert_eq!(fault.code, "place", "{}", fault.message);
        assert!(fault.message.contains(name), "{}", fault.message);
        let hint = fault.hint.unwrap_or_default();
        assert!(hint.contains("--location keep"), "{hint}");
        assert!(scene.a.home.album.rows().shares().expect("rows").is_empty());
        assert_eq!(scene.a.blobs().len(), 0);
        order.keep_location = true;
        scene.a.share(&order).expect("the keeper's choice");
    }
}

#[test]
fn sounds_and_documents_lose_their_place_and_what_nobody_can_clean_is_refused() {
    let flac = include_bytes!("../fixtures/sounds/mill.flac");
    let pdf = [&b"%PDF-1.7\n"[..], &telling(), b"\n%%EOF"].concat();
    for (name, file) in [("a.flac", &flac[..]), ("a.pdf", &pdf)] {
        let arrived = scene().travels(name, file, false).expect("shared");
        for words in [&b"+48.1-011.5"[..], b"GPSLatitude", b"Exif\0\0MM"] {
            assert!(!holds(&arrived, words), "{name}");
        }
        let kept = scene().travels(name, file, true).expect("shared");
        assert!(kept == file, "{name}");
    }
    let film = [&b"RIFF\x10\0\0\0AVI LIST"[..], &app1(&exif(say()))].concat();
    let fault = scene().travels("a.avi", &film, false);
    assert_eq!(fault.expect_err("it has a place").code, "place");
}

#[test]
fn another_program_takes_the_place_out_of_ogg_and_matroska() {
    if !is_here("ffmpeg") {
        return;
    }
    let ogg = include_bytes!("../fixtures/sounds/mill.ogg").to_vec();
    for (name, file) in [("a.ogg", ogg), ("a.mkv", tool::film("mkv", 2))] {
        assert!(holds(&file, b"+48.1-011.5/"), "{name}");
        let arrived = scene().travels(name, &file, false).expect("shared");
        assert!(
            !holds(&arrived, b"+48.1-011.5/") && !holds(&arrived, b"old mill"),
            "{name}"
        );
        assert!((played(&file) - played(&arrived)).abs() < 0.05, "{name}");
    }
}

#[test]
fn a_film_of_a_camcorder_is_packed_anew_where_it_may_tell_a_place() {
    if !is_here("ffmpeg") {
        return;
    }
    let plain = tool::film("ts", 2);
    let arrived = scene().travels("a.mts", &plain, false).expect("shared");
    assert!(arrived == plain, "nothing in it tells one");
    // Here one of its streams is not said to be pictures.
    let file = tool::film("m2ts", 2);
    let arrived = scene().travels("a.m2ts", &file, false).expect("shared");
    assert!(arrived != file && Format::sniff(&arrived) == Format::MpegTs);
    assert!((played(&file) - played(&arrived)).abs() < 0.1);
    let kept = scene().travels("a.m2ts", &file, true).expect("shared");
    assert!(kept == file);
}

#[test]
fn film_without_a_place_arrives_bit_for_bit() {
    let mut scene = scene();
    let file = film(&[]);
    let arrived = scene.travels("a.mp4", &file, false).expect("shared");
    assert!(arrived == file);
}
