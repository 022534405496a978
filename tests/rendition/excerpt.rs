//! The beginning of a sound or a document: as long as was asked, playing, and with nothing else in it.

use hearthpost::rendition::{ExcerptError, Format, Lengths, Unit, excerpt};
use lopdf::{Document, Object};
use proptest::prelude::*;

use crate::make::holds;
use crate::tool::{claimed, is_here, piped, played};

const SECRET: &[u8] = b"old mill";

fn fixture(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/tests/fixtures/sounds/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).expect("the fixture is there")
}

fn lengths(text: &str) -> Lengths {
    text.parse().expect("lengths")
}

fn cut(file: &[u8], text: &str) -> Vec<u8> {
    excerpt(file, &lengths(text)).expect("it is cut")
}

/// Each of four seconds, with words among its tags.
const SOUNDS: [&str; 5] = ["mill.wav", "mill.mp3", "mill.flac", "mill.ogg", "mill.opus"];

#[test]
fn a_sound_plays_as_long_as_was_asked_by_another_player() {
    if !is_here("ffmpeg") {
        return;
    }
    for name in SOUNDS {
        let whole = fixture(name);
        for seconds in [1.0, 3.0] {
            let part = cut(&whole, &format!("{seconds}s"));
            let plays = played(&part);
            // A frame may be missing, and never a second be too many.
            assert!(
                plays > seconds - 0.15 && plays <= seconds + 0.01,
                "{name}: {plays} for {seconds}"
            );
            let says = claimed(&part);
            assert!(says < seconds + 0.1, "{name} says {says} for {seconds}");
        }
    }
}

#[test]
fn a_sound_shorter_than_the_excerpt_is_there_in_full() {
    if !is_here("ffmpeg") {
        return;
    }
    for name in SOUNDS {
        let plays = played(&cut(&fixture(name), "60s"));
        assert!((3.9..4.15).contains(&plays), "{name}: {plays}");
    }
}

#[test]
fn the_samples_of_an_excerpt_are_those_of_the_whole() {
    if !is_here("ffmpeg") {
        return;
    }
    let samples = |sound: &[u8]| {
        piped(
            "ffmpeg",
            &["-v", "error", "-i", "pipe:0", "-f", "s16le", "pipe:1"],
            sound,
        )
    };
    for name in ["mill.wav", "mill.flac", "mill.ogg"] {
        let whole = fixture(name);
        let part = samples(&cut(&whole, "2s"));
        assert!(part.len() > 30_000, "{name}");
        assert!(samples(&whole).starts_with(&part), "{name}");
    }
}

#[test]
fn python_reads_the_length_of_a_wav() {
    if !is_here("python3") {
        return;
    }
    let program = "import sys, io, wave; w = wave.open(io.BytesIO(sys.stdin.buffer.read())); \
                   print(w.getnframes(), w.getframerate(), len(w.readframes(10**6)))";
    let said = piped(
        "python3",
        &["-c", program],
        &cut(&fixture("mill.wav"), "2s"),
    );
    assert_eq!(String::from_utf8_lossy(&said).trim(), "16000 8000 16000");
}

#[test]
fn tags_stay_behind() {
    for name in SOUNDS {
        let whole = fixture(name);
        assert!(holds(&whole, SECRET), "{name}: the fixture has words in it");
        for text in ["1s", "60s"] {
            let part = cut(&whole, text);
            for words in [SECRET, b"Mill", b"+48", b"Lav"] {
                // The encoder itself may write its name into the first frame of sound.
                let may = words == b"Lav" && matches!(name, "mill.mp3" | "mill.opus" | "mill.ogg");
                assert!(
                    may || !holds(&part, words),
                    "{name}: {}",
                    String::from_utf8_lossy(words)
                );
            }
            assert_eq!(Format::sniff(&part), Format::sniff(&whole), "{name}");
        }
    }
}

#[test]
fn what_was_cut_can_be_cut_again_to_the_same() {
    for name in SOUNDS {
        let part = cut(&fixture(name), "2s");
        assert!(cut(&part, "2s") == part, "{name}");
    }
}

#[test]
fn text_is_cut_to_lines_byte_for_byte() {
    let text = "\u{FEFF}Mühle\r\nzwei\nthree".as_bytes();
    assert_eq!(cut(text, "1l"), "\u{FEFF}Mühle\r\n".as_bytes());
    assert_eq!(cut(text, "2l"), "\u{FEFF}Mühle\r\nzwei\n".as_bytes());
    assert_eq!(cut(text, "3l"), text);
    assert_eq!(cut(text, "30l"), text);
}

#[test]
fn lines_end_in_three_ways_and_letters_come_in_three() {
    for end in ["\r", "\n", "\r\n"] {
        let text: String = (1..=100).map(|n| format!("Mühle {n}{end}")).collect();
        let first: String = (1..=20).map(|n| format!("Mühle {n}{end}")).collect();
        let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let letters = std::iter::once(0xFEFF).chain(text.encode_utf16());
            letters.flat_map(bytes).collect()
        };
        let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
        for (whole, part) in [
            (text.as_bytes().to_vec(), first.as_bytes().to_vec()),
            (latin(&text), latin(&first)),
            (
                wide(&text, u16::to_le_bytes),
                wide(&first, u16::to_le_bytes),
            ),
            (
                wide(&text, u16::to_be_bytes),
                wide(&first, u16::to_be_bytes),
            ),
        ] {
            assert_eq!(Format::sniff(&whole), Format::Text, "{end:?}");
            assert!(cut(&whole, "20l") == part, "{end:?}");
            assert!(cut(&whole, "200l") == whole, "{end:?}");
        }
    }
    for (other, what) in [
        (&b"M\xFChle\0"[..], "a control character"),
        (b"\xFF\xFEM\0\x01\0", "one in pairs"),
        (b"\xFF\xFEM\0\0\0h\0\0\0", "four bytes a letter"),
        (b"\xFF\xFE\x00\xD8M\0h\0", "half a character"),
        (b"\xFF\xFE", "nothing"),
    ] {
        assert_ne!(Format::sniff(other), Format::Text, "{what}");
    }
}

#[test]
fn a_text_of_one_line_is_not_given_whole() {
    let part = cut(&b"mill ".repeat(40_000), "20l");
    assert!((10_000..50_000).contains(&part.len()), "{}", part.len());
}

#[test]
fn aac_in_frames_of_its_own_is_cut_at_them() {
    if !is_here("ffmpeg") {
        return;
    }
    let whole = of_ffmpeg(&["-c:a", "aac", "-f", "adts"]);
    assert_eq!(Format::sniff(&whole), Format::Aac);
    let part = cut(&whole, "3s");
    assert!(whole.starts_with(&part) && Format::sniff(&part) == Format::Aac);
    let plays = played(&part);
    assert!((2.9..3.001).contains(&plays), "{plays}");
    assert!(cut(&whole, "60s") == whole);
    let broken = excerpt(&whole[..20], &lengths("3s")).expect_err("refused");
    assert!(matches!(broken, ExcerptError::Broken(_)), "{broken}");
}

#[test]
fn a_sound_of_many_rates_says_how_long_its_excerpt_is() {
    if !is_here("ffmpeg") {
        return;
    }
    for rate in ["44100", "22050"] {
        let whole = of_ffmpeg(&["-ar", rate, "-c:a", "libmp3lame", "-q:a", "5", "-f", "mp3"]);
        for seconds in [2.0, 9.0] {
            let part = cut(&whole, &format!("{seconds}s"));
            let (plays, says) = (played(&part), claimed(&part));
            assert!(
                plays > seconds - 0.1 && plays < seconds + 0.001,
                "{rate}: {plays}"
            );
            assert!((says - plays).abs() < 0.06, "{rate}: {says}, but {plays}");
        }
    }
}

/// Twelve seconds of silence that become noise.
fn of_ffmpeg(how: &[&str]) -> Vec<u8> {
    let sound = "aevalsrc=if(gt(t\\,1)\\,random(0)-0.5\\,0.01*sin(3000*t)):d=12:s=44100";
    let made = ["-v", "error", "-f", "lavfi", "-i", sound];
    piped("ffmpeg", &[&made[..], how, &["pipe:1"]].concat(), b"")
}

#[test]
fn what_cannot_be_cut_says_why_and_what_to_do() {
    let refused = |file: &[u8], text| excerpt(file, &lengths(text)).expect_err("refused");
    let error = refused(b"some text\n", "30s");
    assert!(matches!(
        error,
        ExcerptError::NoLength {
            unit: Unit::Lines,
            ..
        }
    ));
    assert!(error.to_string().contains("--excerpt 20l"), "{error}");
    let error = refused(b"PK\x03\x04\0\0", "30s");
    assert_eq!(error, ExcerptError::NotKnown);
    assert!(error.to_string().contains("unknown kind"), "{error}");
    assert!(matches!(
        refused(b"\0\0\0\x0CJXL \r\n\x87\n", "30s"),
        ExcerptError::NotCut { .. }
    ));
    assert!(matches!(
        refused(&fixture("mill.m4a"), "2s"),
        ExcerptError::Outside { .. }
    ));
    for broken in [
        &b"ID3\x04\0\0\0\0\0\x05hello"[..],
        b"fLaC\x80\0\0\x22",
        b"OggS\0\x02",
        b"RIFF\x04\0\0\0WAVE",
        b"%PDF-1.4\n",
    ] {
        assert!(
            matches!(refused(broken, "2s,2p"), ExcerptError::Broken(_)),
            "{broken:?}"
        );
    }
}

/// Three pages that share one list of resources, as many programs write them. Each shows a picture; the second page's is
/// drawn by way of a drawing.
fn pages(more: &str) -> Vec<u8> {
    let stream = |head: &str, body: &str| {
        format!(
            "<< {head} /Length {} >> stream\n{body}\nendstream",
            body.len()
        )
    };
    let picture = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let page = |content: u32| {
        format!("<< /Type /Page /Parent 2 0 R /Contents {content} 0 R /Annots [14 0 R] >>")
    };
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Metadata 13 0 R /OpenAction 14 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 /MediaBox [0 0 200 100] /Resources 6 0 R >>".to_owned(),
        page(7),
        page(8),
        page(9),
        "<< /XObject << /Im1 10 0 R /Fm#32 11 0 R /Im3 12 0 R /Im2 15 0 R >> >>".to_owned(),
        stream("", "q /Im1 Do Q % words of page one"),
        stream("", "q /Fm2 Do Q % words of page two"),
        stream("", "q /Im3 Do Q % words of page three"),
        stream(&format!("{picture} /Metadata 13 0 R"), "picture one"),
        stream("/Type /XObject /Subtype /Form /BBox [0 0 1 1]", "/Im2 Do"),
        stream(picture, "picture three"),
        stream("/Type /Metadata /Subtype /XML", "behind the old mill"),
        "<< /Type /Annot /Subtype /Link /Dest [5 0 R /Fit] /Contents (behind the old mill) >>".to_owned(),
        stream(picture, "picture two"),
        "<< /Title (behind the old mill) /Author (Ann) >>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer << /Size {size} /Root 1 0 R /Info 16 0 R {more} >>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

fn content(document: &Document, page: u32) -> String {
    let id = document.get_pages()[&page];
    String::from_utf8(document.get_page_content(id)).expect("it is text")
}

#[test]
fn a_pdf_keeps_its_first_pages_and_nothing_of_the_others() {
    let whole = pages("");
    for (count, shown, hidden) in [
        (
            1,
            &["picture one"][..],
            &["picture two", "picture three"][..],
        ),
        (2, &["picture one", "picture two"], &["picture three"]),
        (9, &["picture one", "picture two", "picture three"], &[]),
    ] {
        let part = cut(&whole, &format!("{count}p"));
        let read = Document::load_mem(&part).expect("it is a PDF");
        assert_eq!(read.get_pages().len(), count.min(3));
        assert!(content(&read, 1).contains("words of page one"));
        for words in shown {
            assert!(holds(&part, words.as_bytes()), "{words} of {count}");
        }
        for words in hidden.iter().chain(&["old mill", "Ann)", "/Annot"]) {
            assert!(!holds(&part, words.as_bytes()), "{words} of {count}");
        }
        let streams = read
            .objects
            .values()
            .filter_map(|object| object.as_stream().ok());
        let told: Vec<u8> = streams
            .flat_map(|s| s.decompressed_content().unwrap_or(s.content.clone()))
            .collect();
        assert_eq!(holds(&told, b"page three"), count > 2, "{count}");
        let page = read.get_pages()[&1];
        let size = read
            .get_dictionary(page)
            .and_then(|page| page.get(b"MediaBox"));
        assert_eq!(size.and_then(Object::as_array).expect("its size").len(), 4);
    }
}

#[test]
fn a_pdf_under_a_password_is_refused_in_words() {
    let locked = pages("/Encrypt << /Filter /Standard /V 1 /R 2 /O (a) /U (b) /P -4 >>");
    let refused = excerpt(&locked, &lengths("1p")).expect_err("refused");
    assert_eq!(refused, ExcerptError::Encrypted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_file_never_panics_and_never_grows(
        which in 0usize..7,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        end in any::<prop::sample::Index>(),
    ) {
        let mut file = match which {
            5 => pages(""),
            6 => fixture("mill.m4a"),
            n => fixture(SOUNDS[n]),
        };
        for (at, byte) in damage {
            let at = at.index(file.len().min(2_000));
            file[at] = byte;
        }
        file.truncate(end.index(file.len()) + 1);
        if let Ok(part) = excerpt(&file, &lengths("2s,2p,2l")) {
            prop_assert!(part.len() < file.len() + 2_000);
        }
    }
}
