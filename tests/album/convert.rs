//! What other programs make for us: films cut short, their posters, pictures of telephones.

use std::io::Cursor;

use crate::tool::{claimed, film, is_here, piped, played};
use hearthpost::convert::{Container, ConvertError, Input, Program, cut, heif_to_jpeg, poster};
use hearthpost::rendition::{Cleaned, Format, clean, examine, has_place_reader, tiers};

fn input(bytes: &[u8]) -> Input {
    Input::in_memory(&mut &*bytes).expect("it fits")
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|at| at == words)
}

#[test]
fn a_film_is_cut_to_seconds_without_its_place_and_its_words() {
    if !is_here("ffmpeg") {
        return;
    }
    for (extension, container) in [
        ("mp4", Container::Mp4),
        ("mov", Container::Mov),
        ("mkv", Container::Matroska),
    ] {
        let whole = film(extension, 6);
        assert!(holds(&whole, b"old mill"), "{extension}");
        let part = cut(&input(&whole), container, 2).expect("it is cut");
        let (plays, says) = (played(&part), claimed(&part));
        assert!((1.7..2.01).contains(&plays), "{extension} plays {plays}");
        assert!((1.7..2.01).contains(&says), "{extension} says {says}");
        for words in [&b"old mill"[..], b"+48.1"] {
            let words_of = String::from_utf8_lossy(words);
            assert!(!holds(&part, words), "{extension}: {words_of}");
        }
        let format = Format::sniff(&part);
        assert_eq!(format, Format::sniff(&whole), "{extension}");
        if format.boxed() {
            let place = has_place_reader(&mut Cursor::new(&part), format).expect("boxes");
            assert!(!place, "{extension}: a place");
        }
        assert!(part.len() < whole.len() * 2 / 3, "{extension}");
    }
}

/// Pictures that are shown behind the end may be packed before it.
#[test]
fn no_picture_goes_that_is_shown_behind_the_end() {
    if !is_here("ffmpeg") {
        return;
    }
    for (extension, container) in [("mp4", Container::Mp4), ("mkv", Container::Matroska)] {
        // Two of them before each that they are made of.
        let codecs = ["-c:v", "mpeg4", "-bf", "2", "-g", "25", "-c:a", "aac"];
        let whole = coded(extension, &codecs);
        for seconds in [1, 3, 7] {
            let part = cut(&input(&whole), container, seconds).expect("it is cut");
            let says = claimed(&part);
            let most = f64::from(seconds);
            assert!(
                (most - 0.2..most + 0.002).contains(&says),
                "{extension}: {says} of {seconds}"
            );
        }
    }
}

#[test]
fn a_film_of_an_older_camera_is_cut_and_has_a_poster() {
    if !is_here("ffmpeg") {
        return;
    }
    let words = ["-metadata", "title=behind the old mill"];
    let codecs = [&["-c:v", "mjpeg", "-c:a", "pcm_u8"][..], &words].concat();
    let whole = coded("avi", &codecs);
    assert!(Format::sniff(&whole) == Format::Avi && holds(&whole, b"old mill"));
    let part = cut(&input(&whole), Container::Avi, 3).expect("it is cut");
    let says = claimed(&part);
    assert!((2.8..3.002).contains(&says), "{says}");
    assert!(Format::sniff(&part) == Format::Avi && !holds(&part, b"old mill"));
    let picture = poster(&input(&whole), Container::Avi).expect("a picture");
    assert_eq!(examine(&picture).expect("it is whole").width, Some(320));
}

/// A film of eight seconds and 25 pictures a second.
fn coded(extension: &str, codecs: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("film.{extension}"));
    let path = path.to_str().expect("UTF-8");
    let picture = "testsrc=size=320x180:rate=25:duration=8";
    let made = ["-v", "error", "-f", "lavfi", "-i", picture];
    let made = [&made[..], &["-f", "lavfi", "-i", "sine=duration=8"]].concat();
    piped("ffmpeg", &[&made[..], codecs, &[path]].concat(), b"");
    std::fs::read(path).expect("it was written")
}

#[test]
fn sound_in_the_boxes_of_a_film_is_cut_too() {
    if !is_here("ffmpeg") {
        return;
    }
    let whole = include_bytes!("../fixtures/sounds/mill.m4a");
    let part = cut(&input(whole), Container::M4a, 2).expect("it is cut");
    let plays = played(&part);
    assert!((1.8..2.01).contains(&plays), "plays {plays}");
    assert_eq!(Format::sniff(&part), Format::M4a);
    assert!(!holds(&part, b"old mill"));
}

#[test]
fn a_film_has_a_poster_however_short_it_is() {
    if !is_here("ffmpeg") {
        return;
    }
    for seconds in [3, 1] {
        let made = poster(&input(&film("mp4", seconds)), Container::Mp4).expect("a picture");
        let facts = examine(&made).expect("it is whole");
        assert_eq!((facts.width, facts.height), (Some(320), Some(180)));
        let tiers = tiers(&made).expect("it is decoded");
        assert!(!holds(&tiers.thumb, b"Lavc"));
    }
}

#[test]
fn a_picture_of_a_telephone_becomes_a_jpeg() {
    if !is_here("heif-convert") {
        return;
    }
    let _alone = alone();
    let made = heif_to_jpeg(&input(include_bytes!("../fixtures/pictures/place.heic")));
    let made = made.expect("it is decoded");
    assert_eq!(Format::sniff(&made), Format::Jpeg);
    let tiers = tiers(&made).expect("it is decoded");
    assert_eq!((tiers.width, tiers.height), (640, 480));
    let pixels = image::load_from_memory(&tiers.thumb).expect("a JPEG");
    // Its place is written over without touching a pixel.
    let file = include_bytes!("../fixtures/pictures/place.heic");
    let Ok(Cleaned::Changed(cleaned)) = clean(file) else {
        panic!("it has a place");
    };
    let again = heif_to_jpeg(&input(&cleaned)).expect("it is decoded");
    let decoded = |jpeg: &[u8]| image::load_from_memory(jpeg).expect("a JPEG").to_rgb8();
    assert!(decoded(&again) == decoded(&made));
    // The four quarters of the fixture: red, green / blue, grey.
    let middle = |x, y| pixels.to_rgb8().get_pixel(x, y).0;
    assert!(middle(80, 60)[0] > 180 && middle(240, 60)[1] > 160 && middle(80, 180)[2] > 180);
}

#[test]
fn what_is_no_film_and_no_picture_is_refused_in_words() {
    for (program, bytes) in [
        (
            Program::Ffmpeg,
            &b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom and nothing else"[..],
        ),
        (
            Program::HeifConvert,
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and nothing else",
        ),
    ] {
        if !is_here(program.name()) {
            continue;
        }
        let error = match program {
            Program::Ffmpeg => cut(&input(bytes), Container::Mp4, 2),
            Program::HeifConvert => {
                let _alone = alone();
                heif_to_jpeg(&input(bytes))
            }
        };
        let error = error.expect_err("refused");
        assert!(matches!(error, ConvertError::Failed { .. }), "{error}");
        let words = error.to_string();
        assert!(
            words.starts_with("the file is damaged") && words.contains(program.name()),
            "{words}"
        );
    }
}

/// A list of other files is no film: what it names is not read.
#[test]
fn a_list_of_files_is_not_followed() {
    if !is_here("ffmpeg") {
        return;
    }
    let list = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n";
    for container in [Container::Mp4, Container::Matroska, Container::Ogg] {
        assert!(cut(&input(list), container, 2).is_err());
        assert!(poster(&input(list), container).is_err());
    }
}

#[test]
fn no_folder_is_left_behind() {
    if !is_here("heif-convert") {
        return;
    }
    let _alone = alone();
    let picture: &[u8] = include_bytes!("../fixtures/pictures/place.heic");
    for bytes in [&b"nothing"[..], picture] {
        let _ = heif_to_jpeg(&input(bytes));
        let mine = format!("hearthpost-{}-", std::process::id());
        let folder = std::fs::read_dir("/dev/shm")
            .expect("it is there")
            .flatten();
        let left = folder.filter(|entry| entry.file_name().to_string_lossy().starts_with(&mine));
        assert_eq!(left.count(), 0);
    }
}

/// Others of this process have their folders there for a moment.
fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    ONE.lock().unwrap_or_else(|broken| broken.into_inner())
}
