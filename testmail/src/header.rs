//! Header fields: where each one lies, its unfolded value, and `value; name=value` parameters.
//! Values are passed on as written: encoded words and RFC 2231 parameters are not decoded.

use std::ops::Range;

/// One header field with its byte range in the message, folded lines and final CRLF included.
pub(crate) struct Field<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) raw_value: &'a [u8],
    pub(crate) range: Range<usize>,
}

impl Field<'_> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The value without line ends and surrounding white space.
    pub(crate) fn value(&self) -> Vec<u8> {
        let unfolded: Vec<u8> = self
            .raw_value
            .iter()
            .copied()
            .filter(|byte| !matches!(byte, b'\r' | b'\n'))
            .collect();
        unfolded.trim_ascii().to_vec()
    }
}

/// The fields of the header that lies at `range`. Lines that are no field are skipped.
pub(crate) fn fields(message: &[u8], range: Range<usize>) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let start = at;
        at = line_end(message, at, range.end);
        while at < range.end && matches!(message[at], b' ' | b'\t') {
            at = line_end(message, at, range.end);
        }
        let whole = &message[start..at];
        if let Some(colon) = memchr::memchr(b':', whole) {
            fields.push(Field {
                name: whole[..colon].trim_ascii(),
                raw_value: &whole[colon + 1..],
                range: start..at,
            });
        }
    }
    fields
}

/// The position after the line that starts at `at`.
fn line_end(message: &[u8], at: usize, end: usize) -> usize {
    memchr::memchr(b'\n', &message[at..end]).map_or(end, |newline| at + newline + 1)
}

/// The value of the first field of that name.
pub(crate) fn value(message: &[u8], range: Range<usize>, name: &str) -> Option<Vec<u8>> {
    fields(message, range)
        .iter()
        .find(|field| field.is(name))
        .map(Field::value)
}

/// The bytes with every field of that name removed from the headers at `headers`.
pub(crate) fn without_field(message: &[u8], headers: &[Range<usize>], name: &str) -> Vec<u8> {
    let mut kept = Vec::with_capacity(message.len());
    let mut at = 0;
    for header in headers {
        for field in fields(message, header.clone())
            .iter()
            .filter(|field| field.is(name))
        {
            kept.extend_from_slice(&message[at..field.range.start]);
            at = field.range.end;
        }
    }
    kept.extend_from_slice(&message[at..]);
    kept
}

/// A structured value such as that of Content-Type: `value; name=value; name="value"`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameterised {
    pub(crate) value: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Parameterised {
    pub(crate) fn parse(raw: &[u8]) -> Self {
        let text = String::from_utf8_lossy(raw);
        let mut pieces = split_outside_quotes(&text).into_iter();
        let value = pieces.next().unwrap_or_default().trim().to_owned();
        let parameters = pieces
            .filter_map(|piece| {
                let (name, value) = piece.split_once('=')?;
                Some((name.trim().to_owned(), unquoted(value.trim())))
            })
            .collect();
        Self { value, parameters }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self
            .parameters
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }
}

/// Splits at `;`, but neither inside a quoted string nor inside a comment, which is dropped.
fn split_outside_quotes(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped, mut comment) = (false, false, 0_usize);
    for letter in text.chars() {
        let plain = !quoted && !escaped;
        match letter {
            ')' if plain && comment > 0 => comment -= 1,
            '(' if plain => comment += 1,
            _ if comment > 0 => {}
            ';' if plain => pieces.push(String::new()),
            _ => {
                if letter == '"' && !escaped {
                    quoted = !quoted;
                }
                escaped = quoted && letter == '\\' && !escaped;
                if let Some(piece) = pieces.last_mut() {
                    piece.push(letter);
                }
            }
        }
    }
    pieces
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => text.extend(letters.next()),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_field_is_one_field() {
        let message = b"A: 1\r\nB: 2\r\n\t3\r\nno field\r\nC:4\r\n\r\nbody";
        let header = 0..message.len() - 6;
        let found = fields(message, header.clone());
        let values: Vec<_> = found
            .iter()
            .map(|field| (field.name, field.value()))
            .collect();
        assert_eq!(
            values,
            [
                (&b"A"[..], b"1".to_vec()),
                (b"B", b"2\t3".to_vec()),
                (b"C", b"4".to_vec())
            ]
        );
        assert_eq!(
            without_field(message, std::slice::from_ref(&header), "b"),
            b"A: 1\r\nno field\r\nC:4\r\n\r\nbody"
        );
    }

    #[test]
    fn quoted_parameter_keeps_its_semicolon() {
        let parsed = Parameterised::parse(br#"text/plain (a; b); name="x;\"y"; Charset = utf-8"#);
        assert_eq!(parsed.value, "text/plain");
        assert_eq!(parsed.parameter("name"), Some("x;\"y"));
        assert_eq!(parsed.parameter("charset"), Some("utf-8"));
    }
}
