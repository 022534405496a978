//! Any bytes as a file: what it is, what it says, and that its place is gone after cleaning.
#![no_main]

use std::io::Cursor;

use hearthpost::rendition::{
    Cleaned, Format, RenderLimits, clean, examine, has_place_reader, render, tiers,
};

/// Larger pictures are looked at, and not decoded: that takes time and finds nothing more.
const PIXELS: u64 = 1 << 16;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    let format = Format::sniff(file);
    let _ = has_place_reader(&mut Cursor::new(file), format);
    let facts = examine(file);
    if let Ok(facts) = &facts {
        assert!((1..=8).contains(&facts.orientation));
        cleaned(file, facts.format);
    } else {
        let _ = clean(file);
    }
    let Some((width, height)) = facts.ok().and_then(|facts| facts.width.zip(facts.height)) else {
        return;
    };
    if u64::from(width) * u64::from(height) > PIXELS {
        return;
    }
    if let Ok(made) = tiers(file) {
        assert_eq!((made.width, made.height), (width, height));
    }
    let limits = RenderLimits {
        max_edge: Some(40),
        watermark: Some("bob · 29 Nov 2026"),
    };
    if let Ok(rendered) = render(file, limits) {
        assert!(rendered.width <= 40 && rendered.height <= 40);
        let made = examine(&rendered.jpeg).expect("what we make is whole");
        assert!(
            !made.has_place && made.taken.is_none(),
            "more than pixels is handed over"
        );
    }
});

fn cleaned(file: &[u8], format: Format) {
    let whole;
    let clear = match clean(file) {
        Ok(Cleaned::Unchanged) => file,
        Ok(Cleaned::Changed(changed)) => {
            whole = changed;
            assert_eq!(
                clean(&whole).expect("it was cleaned"),
                Cleaned::Unchanged,
                "cleaned twice"
            );
            &whole
        }
        Err(_) => return,
    };
    let facts = examine(clear).expect("what was cleaned is whole");
    assert_eq!(facts.format, format);
    assert!(!facts.has_place, "the place is still there");
}
