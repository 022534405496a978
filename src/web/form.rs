//! Forms and queries, as browsers write them (application/x-www-form-urlencoded).

use std::fmt::Write as _;

use axum::extract::Multipart;

use crate::sharing::Fault;

/// A form as it came: a name may stand in it several times.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<Self, Fault> {
        let broken = |_| Fault::usage("form", "the form cannot be read");
        let text = std::str::from_utf8(body).map_err(broken)?;
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Ok(Form(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decoded(name), decoded(value))
                })
                .collect(),
        ))
    }

    /// Names and values, as they came.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// The first value of that name; empty where there is none.
    pub fn one(&self, name: &str) -> String {
        self.given(name).unwrap_or_default().to_owned()
    }

    /// The first value of that name, if it is there.
    pub fn given(&self, name: &str) -> Option<&str> {
        let mut all = self.0.iter();
        all.find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of that name.
    pub fn all(&self, name: &str) -> Vec<String> {
        let all = self.0.iter().filter(|(other, _)| other == name);
        all.map(|(_, value)| value.clone()).collect()
    }
}

/// A name or value as it was typed; what is no text becomes a mark.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
                match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
                    Some(byte) => {
                        bytes.push(byte);
                        rest = &after[2..];
                    }
                    None => bytes.push(b'%'),
                }
            }
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

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

/// The one file of a form, which is small; `too_large` is said where it is not.
pub(super) async fn first_file(
    mut form: Multipart,
    too_large: &'static str,
) -> Result<Vec<u8>, Fault> {
    let unreadable = |_| Fault::new("too_large", too_large);
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            let bytes = field.bytes().await.map_err(unreadable)?;
            return Ok(bytes.to_vec());
        }
    }
    Err(Fault::usage("file", "Choose the file first."))
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
    fn a_form_is_read_as_browsers_write_it() {
        let form = Form::read(b"a=1+2&a=%C3%A4&b=&c&%=%zz&=x").expect("a form");
        assert_eq!(form.all("a"), ["1 2", "\u{e4}"]);
        assert_eq!((form.given("b"), form.given("c")), (Some(""), Some("")));
        assert_eq!((form.given("d"), form.one("%")), (None, "%zz".to_owned()));
        assert!(Form::read(b"\xff").is_err());
    }

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
