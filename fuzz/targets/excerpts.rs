//! Any bytes as a file of which the beginning is cut: it never grows, and is of the same format.
#![no_main]

use hearthpost::rendition::{Format, Lengths, excerpt};

/// What a cut may add: heads that a broken file left out, and the frame of a PDF.
const MORE: usize = 4_096;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    for length in [1, 3] {
        let lengths = Lengths {
            seconds: Some(length),
            pages: Some(length),
            lines: Some(length),
        };
        let Ok(part) = excerpt(file, &lengths) else {
            continue;
        };
        let format = Format::sniff(file);
        if format == Format::Pdf {
            // Streams are unfolded to be looked at, and folded again by another hand.
            excerpt(&part, &lengths).expect("what we write can be read");
            continue;
        }
        assert!(part.len() <= file.len() + MORE);
        if format != Format::Mp3 {
            assert_eq!(Format::sniff(&part), format);
            let again = excerpt(&part, &lengths).expect("what was cut can be cut again");
            assert!(again.len() <= part.len());
        }
    }
});
