//! Texts from outside made safe to show and to use as names, and times in the reader's zone.

use super::Fault;
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::words::{Language, say};

/// A name without separators, control characters, bidirectional overrides or leading dots, at most 120 characters;
/// `fallback` where nothing is left.
pub fn clean_name(name: &str, fallback: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|&c| is_plain(c)).take(120).collect();
    let kept = kept.trim().trim_start_matches('.').trim();
    if kept.is_empty() {
        fallback.to_owned()
    } else {
        kept.to_owned()
    }
}

/// A name under which any system can keep a file: without what some of them do not take, at either end or as a whole.
pub fn file_name(name: &str) -> String {
    const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
    let kept = |c: char| match c {
        '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '_',
        other => other,
    };
    let name: String = name.chars().filter(|&c| is_plain(c)).map(kept).collect();
    let name = name.trim_start().trim_end_matches(['.', ' ']);
    let first = name.split('.').next().unwrap_or_default();
    // Such a name is that of a device there, whatever its ending.
    let device = first.trim_end().to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|port| {
        let number = device.strip_prefix(port).unwrap_or_default();
        number.chars().count() == 1 && number.chars().all(|c| "0123456789¹²³".contains(c))
    });
    match name {
        "" => "_".to_owned(),
        _ if numbered || RESERVED.contains(&&*device) => {
            format!("{first}_{}", &name[first.len()..])
        }
        _ => name.to_owned(),
    }
}

/// A line without control characters and bidirectional overrides.
pub fn clean_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| is_plain(c))
        .collect()
}

/// Whether [`clean_name`] would leave it as it is, told at a glance; a name that is not plain ASCII is looked at there.
pub(super) fn is_clean_name(name: &str) -> bool {
    let plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'/' && byte != b'\\';
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| !b" .".contains(byte));
    let bytes = name.as_bytes();
    bytes.len() <= 120
        && edge(bytes.first())
        && bytes.last() != Some(&b' ')
        && bytes.iter().copied().all(plain)
}

/// As [`clean_line`], of a text that is mostly clean.
pub(super) fn clean_owned(text: String) -> String {
    match text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        true => text,
        false => clean_line(&text),
    }
}

/// A text of several lines, each of them clean.
pub fn clean_text(text: &str) -> String {
    text.lines().map(clean_line).collect::<Vec<_>>().join("\n")
}

/// Not a control character, and nothing that reorders or hides what stands beside it (UAX 9, Cf).
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

/// A time as people of this box read it: day, minute and zone.
pub fn show_time(language: Language, time: Timestamp) -> String {
    shown(language, "time", time)
}

/// The day of a time as people of this box read it.
pub fn show_day(language: Language, time: Timestamp) -> String {
    shown(language, "time-day", time)
}

/// The day of a time here, as `2024-05-03`.
pub(super) fn numeric_day(time: Timestamp) -> String {
    let instant = jiff::Timestamp::from_second(time.unix()).unwrap_or_default();
    let zoned = instant.to_zoned(jiff::tz::TimeZone::system());
    zoned.strftime("%Y-%m-%d").to_string()
}

/// The day of a picture's own time, `2024-05-03T10:11:12` where it was taken, as people read it; `None` where it is no time.
pub fn show_day_taken(language: Language, taken: &str) -> Option<String> {
    taken_in(language, "time-day", taken)
}

/// The same with its clock.
pub fn show_taken(language: Language, taken: &str) -> Option<String> {
    taken_in(language, "time-there", taken)
}

fn taken_in(language: Language, key: &str, taken: &str) -> Option<String> {
    let there: jiff::civil::DateTime = taken.get(..19)?.parse().ok()?;
    let values = [
        ("day", there.day().into()),
        ("month", there.month().into()),
        ("year", there.year().to_string().into()),
        ("clock", there.strftime("%H:%M").to_string().into()),
    ];
    Some(say(language, key, &values))
}

/// [`show_time`] in English, of which a fault is made: it is told in other words where somebody reads it.
pub(super) fn english_time(time: Timestamp) -> String {
    show_time(Language::En, time)
}

fn shown(language: Language, key: &str, time: Timestamp) -> String {
    let instant = jiff::Timestamp::from_second(time.unix()).unwrap_or_default();
    let zoned = instant.to_zoned(jiff::tz::TimeZone::system());
    let values = [
        ("day", zoned.day().into()),
        ("month", zoned.month().into()),
        // As text: a number may be written with marks between its thousands.
        ("year", zoned.year().to_string().into()),
        ("clock", zoned.strftime("%H:%M").to_string().into()),
        ("zone", zoned.strftime("%Z").to_string().into()),
    ];
    say(language, key, &values)
}

/// What stands across a picture that only this person is to see. The day is written as in ISO 8601, which is the same in
/// all languages: who finds the picture one day need not speak that of who looked at it.
pub(super) fn watermark(person: &StationName, time: Timestamp) -> String {
    let instant = jiff::Timestamp::from_second(time.unix()).unwrap_or_default();
    let zoned = instant.to_zoned(jiff::tz::TimeZone::system());
    format!("{person} · {}", zoned.strftime("%Y-%m-%d"))
}

/// Refuses a message that is longer than letters carry (PROTOCOL 1).
pub(super) fn check_message(text: &str) -> Result<(), Fault> {
    match text.chars().count() {
        0..=4_000 => Ok(()),
        _ => Err(Fault::usage(
            "message",
            "a message has at most 4,000 characters",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_across_a_picture_is_the_same_in_all_languages() {
        let person: StationName = "bob".parse().expect("a name");
        let time: Timestamp = "2026-05-03T12:00:00Z".parse().expect("a time");
        assert_eq!(watermark(&person, time), "bob · 2026-05-03");
    }

    #[test]
    fn any_system_can_keep_a_file_under_its_name() {
        for (name, kept) in [
            ("Grüße & <b>Öl.jpg", "Grüße & _b_Öl.jpg"),
            ("what? \"this\": a|b*c.jpg", "what_ _this__ a_b_c.jpg"),
            ("a/b\\c.jpg", "a_b_c.jpg"),
            ("the end. . ", "the end"),
            ("con", "con_"),
            ("NUL.tar.gz", "NUL_.tar.gz"),
            ("Com1.jpg", "Com1_.jpg"),
            ("lpt¹", "lpt¹_"),
            ("aux .txt", "aux _.txt"),
            ("console.jpg", "console.jpg"),
            ("com10.jpg", "com10.jpg"),
            ("com.jpg", "com.jpg"),
            ("...", "_"),
            ("", "_"),
        ] {
            assert_eq!(file_name(name), kept, "{name:?}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_folder_or_hide_its_end() {
        for (name, clean) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.jpg", "a.jpg"),
            ("a\r\nb\0.jpg", "ab.jpg"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("..", "item"),
            (".hidden", "hidden"),
            ("", "item"),
            ("Käse & Brot.jpg", "Käse & Brot.jpg"),
            ("IMG_0001.JPG", "IMG_0001.JPG"),
            (" a.jpg ", "a.jpg"),
            ("~", "~"),
        ] {
            assert_eq!(clean_name(name, "item"), clean, "{name:?}");
            assert!(!is_clean_name(name) || name == clean, "{name:?}");
        }
    }
}
