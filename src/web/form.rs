//! Forms and queries, as browsers write them (application/x-www-form-urlencoded).

use std::fmt::Write as _;

/// Names and values as a query.
pub(super) fn encoded(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        put(&mut text, name);
        text.push('=');
        put(&mut text, value);
    }
    text
}

fn put(text: &mut String, part: &str) {
    for byte in part.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            _ => {
                // Writing to a text cannot fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
}

/// A path of this site to go on to; anything that could lead elsewhere is the start.
pub(super) fn path_within(next: &str) -> &str {
    let plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    match next.starts_with('/') && !next.starts_with("//") && plain {
        true => next,
        false => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere_after_the_sign_in() {
        assert_eq!(path_within("/received/abc?x=1"), "/received/abc?x=1");
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "evil",
            "",
            "/a\r\nSet-Cookie: x",
            "/\tevil",
        ] {
            assert_eq!(path_within(elsewhere), "/", "{elsewhere:?}");
        }
        assert_eq!(
            encoded(&[("next", "/a b?c=ä")]),
            "next=%2Fa%20b%3Fc%3D%C3%A4"
        );
    }
}
