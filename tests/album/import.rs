//! Files come into the album: from cards and folders, whole or broken, named as cameras name them.

use crate::house;
use std::path::{Path, PathBuf};

use crate::house::{House, Village, picture};
use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use hearthpost::rules::Kind;
use hearthpost::sharing::own::import::Imported;

fn house() -> (Village, House) {
    let village = Village::new("a");
    let house = village.house("a", &[]);
    (village, house)
}

fn import(house: &mut House, paths: &[PathBuf]) -> Imported {
    let now = house.now();
    let imported = house.home.import(paths, None, now, &mut |_| {});
    imported.expect("import")
}

fn names(imported: &Imported) -> Vec<&str> {
    imported
        .items
        .iter()
        .map(|item| item.name.as_str())
        .collect()
}

fn reasons(imported: &Imported) -> Vec<String> {
    let line = |skipped: &hearthpost::sharing::own::import::Skipped| {
        let name = skipped.path.file_name().unwrap_or_default();
        format!("{}: {}", name.to_string_lossy(), skipped.reason)
    };
    imported.skipped.iter().map(line).collect()
}

#[test]
fn card_with_two_folders_of_the_same_names_goes_in_whole() {
    let (_village, mut house) = house();
    let card = house.folder.join("card");
    for (folder, width) in [("100CANON", 320), ("101CANON", 330)] {
        let folder = card.join("DCIM").join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        picture(&folder.join("IMG_0001.JPG"), width, 200);
    }
    let raw = card.join("DCIM/100CANON/IMG_0001.CR2");
    std::fs::write(raw, b"II*\0\x10\0\0\0CR\x02\0 not really one").expect("a file");
    let imported = import(&mut house, std::slice::from_ref(&card));
    assert_eq!(reasons(&imported), Vec::<String>::new());
    assert_eq!(
        names(&imported),
        ["IMG_0001.CR2", "IMG_0001.JPG", "IMG_0001.JPG"]
    );
    assert_ne!(imported.items[1].sha256, imported.items[2].sha256);
    // The counter wrapped: the same path a year later, and something else in it.
    picture(&card.join("DCIM/100CANON/IMG_0001.JPG"), 340, 200);
    let again = import(&mut house, &[card]);
    assert_eq!((again.items.len(), again.known), (3, 2));
}

#[test]
fn same_content_is_one_item_whatever_its_name() {
    let (_village, mut house) = house();
    let (one, other) = (house.folder.join("one.jpg"), house.folder.join("other.jpg"));
    picture(&one, 320, 200);
    std::fs::copy(&one, &other).expect("a copy");
    let imported = import(&mut house, &[one.clone(), other, one]);
    assert_eq!(imported.known, 2);
    let first = &imported.items[0].reference;
    assert!(imported.items.iter().all(|item| item.reference == *first));
    let files = house::state::files_below(&house.folder.join("data/files"));
    assert_eq!(files.len(), 1, "it is kept once");
}

#[test]
fn broken_files_are_skipped_with_their_reason_and_the_others_go_in() {
    let (_village, mut house) = house();
    let folder = house.folder.join("card");
    std::fs::create_dir(&folder).expect("a folder");
    let whole = picture(&folder.join("a-good.jpg"), 320, 200);
    let write =
        |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("a file");
    write("b-cut.jpg", &whole[..whole.len() / 2]);
    write("c-empty.jpg", b"");
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend([
        0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 2, 0, 0, 0, 0, 0, 0, 0,
    ]);
    write("d-huge.png", &png);
    write("e-note.txt", b"a note");
    write("f-noise.JPG", &[0x9d, 0x01, 0xee, 0x00].repeat(2000));
    write("g-page.jpg", b"<!DOCTYPE html><p>Not found");
    write("h-page.html", b"<!DOCTYPE html><p>Not found");
    write("i-noise.bin", &[0x9d, 0x01, 0xee, 0x00].repeat(2000));
    let imported = import(&mut house, &[folder]);
    assert_eq!(
        names(&imported),
        ["a-good.jpg", "e-note.txt", "h-page.html", "i-noise.bin"]
    );
    let reasons = reasons(&imported);
    assert_eq!(reasons.len(), 5, "{reasons:?}");
    let no_picture = "by its name it is a picture, by what is in it none";
    assert!(reasons[3].starts_with(&format!("f-noise.JPG: {no_picture}")));
    assert!(reasons[4].starts_with(&format!("g-page.jpg: {no_picture}")));
    assert!(reasons[0].starts_with("b-cut.jpg: ") && reasons[0].contains("ends before"));
    assert!(reasons[1].starts_with("c-empty.jpg: ") && reasons[1].contains("empty"));
    assert!(reasons[2].starts_with("d-huge.png: "), "{}", reasons[2]);
    let files = house::state::files_below(&house.folder.join("data/files"));
    assert_eq!(files.len(), 4, "nothing of the broken ones stays");
}

#[test]
fn links_and_hidden_files_in_folders_are_passed_over() {
    let (_village, mut house) = house();
    let folder = house.folder.join("card");
    std::fs::create_dir(&folder).expect("a folder");
    picture(&folder.join("a.jpg"), 320, 200);
    std::fs::write(folder.join(".hidden"), b"x").expect("a file");
    let link = |to: &Path, name: &str| {
        std::os::unix::fs::symlink(to, folder.join(name)).expect("a link");
    };
    link(&house.folder.join("data/keys.toml"), "keys.txt");
    link(&folder, "loop");
    link(Path::new("/nowhere"), "dangling");
    let imported = import(&mut house, &[folder]);
    assert_eq!(names(&imported), ["a.jpg"]);
    assert_eq!(reasons(&imported), Vec::<String>::new());
}

#[test]
fn what_cannot_be_read_is_said_and_stops_nothing() {
    let (_village, mut house) = house();
    let good = house.folder.join("a.jpg");
    picture(&good, 320, 200);
    let paths = [
        house.folder.join("missing.jpg"),
        PathBuf::from("/dev/null"),
        // Opens, and fails at the first read.
        PathBuf::from("/proc/self/mem"),
        good,
    ];
    let imported = import(&mut house, &paths);
    assert_eq!(names(&imported), ["a.jpg"]);
    let reasons = reasons(&imported);
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons[1].contains("neither a file nor a folder"));
    let temporary = house::state::files_below(&house.folder.join("data/temporary"));
    assert_eq!(temporary.len(), 0);
}

#[test]
fn document_of_many_parts_is_read_in_one_go_and_told_of() {
    let (_village, mut house) = house();
    let path = house.folder.join("film.bin");
    let len = 21_000_000;
    std::fs::write(&path, vec![0; len]).expect("a file");
    let (mut told, now) = (Vec::new(), house.now());
    let imported = house.home.import(&[path], None, now, &mut |progress| {
        told.push((progress.done, progress.total));
    });
    let item = imported.expect("import").items.remove(0);
    assert_eq!((item.size, item.kind), (len as u64, Kind::File));
    assert_eq!(told.last(), Some(&(len as u64, len as u64)));
    assert!(told.len() > 5 && told.is_sorted());
}

/// A JPEG with these texts in its Exif.
fn dated(path: &Path, texts: &[(Tag, &str)]) {
    let fields: Vec<Field> = texts
        .iter()
        .map(|(tag, text)| Field {
            tag: *tag,
            ifd_num: In::PRIMARY,
            value: Value::Ascii(vec![text.as_bytes().to_vec()]),
        })
        .collect();
    let (mut writer, mut block) = (Writer::new(), std::io::Cursor::new(Vec::new()));
    fields.iter().for_each(|field| writer.push_field(field));
    writer.write(&mut block, false).expect("well formed");
    let payload = [b"Exif\0\0", &block.into_inner()[..]].concat();
    let plain = picture(path, 64, 48);
    let len = (payload.len() as u16 + 2).to_be_bytes();
    let file = [&plain[..2], &[0xff, 0xe1], &len, &payload, &plain[2..]].concat();
    std::fs::write(path, file).expect("a file");
}

#[test]
fn date_keeps_the_zone_that_the_camera_told_and_no_other() {
    let (_village, mut house) = house();
    let taken = (Tag::DateTimeOriginal, "2023:12:30 23:04:21");
    for (name, texts, expected) in [
        ("a.jpg", vec![taken], "2023-12-30T23:04:21"),
        (
            "b.jpg",
            vec![
                taken,
                (Tag::OffsetTime, "+01:00"),
                (Tag::OffsetTimeOriginal, "+02:00"),
            ],
            "2023-12-30T23:04:21+02:00",
        ),
        (
            "c.jpg",
            vec![taken, (Tag::OffsetTime, "+01:00")],
            "2023-12-30T23:04:21+01:00",
        ),
    ] {
        let path = house.folder.join(name);
        dated(&path, &texts);
        let imported = import(&mut house, &[path]);
        assert_eq!(imported.items[0].taken.as_deref(), Some(expected), "{name}");
    }
}
