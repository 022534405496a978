//! Where the header and the body of each body part lie in a message.
//! Found once for a message and kept with it, so that a partial FETCH only cuts a slice.

use crate::header::{self, Parameterised};
use std::ops::Range;

/// Deeper nesting is left unopened: a message from outside must not use up the stack.
const DEEPEST: usize = 50;

/// A message or a body part.
#[derive(Debug)]
pub(crate) struct Entity {
    /// With the empty line that ends it, as RFC 9051 §6.4.5 counts it.
    pub(crate) header: Range<usize>,
    pub(crate) body: Range<usize>,
    /// Line ends in the body.
    pub(crate) lines: usize,
    /// `None` where the header does not say; then it is text/plain in us-ascii.
    pub(crate) content_type: Option<Parameterised>,
    pub(crate) inside: Inside,
}

/// What an entity is made of.
#[derive(Debug)]
pub(crate) enum Inside {
    Leaf,
    Message(Box<Entity>),
    Multipart(Vec<Entity>),
}

impl Entity {
    /// Finds the structure of a whole message.
    pub(crate) fn of_message(message: &[u8]) -> Self {
        Self::read(message, 0..message.len(), false, 0)
    }

    fn read(message: &[u8], range: Range<usize>, in_digest: bool, depth: usize) -> Self {
        let (header, body) = split_header(message, range);
        let mut content_type = header::value(message, header.clone(), "Content-Type")
            .map(|value| Parameterised::parse(&value))
            .filter(|parsed| parsed.value.contains('/'));
        // RFC 2046 §5.1.5: inside a digest the default is message/rfc822.
        if in_digest && content_type.is_none() {
            content_type = Some(Parameterised::parse(b"message/rfc822"));
        }
        let mut entity = Self {
            lines: memchr::memchr_iter(b'\n', &message[body.clone()]).count(),
            header,
            body,
            content_type,
            inside: Inside::Leaf,
        };
        if depth < DEEPEST {
            entity.open(message, depth + 1);
        }
        entity
    }

    fn open(&mut self, message: &[u8], depth: usize) {
        let (kind, subtype) = self.media_type();
        if kind.eq_ignore_ascii_case("multipart") {
            let boundary = self
                .content_type
                .as_ref()
                .and_then(|t| t.parameter("boundary"));
            let in_digest = subtype.eq_ignore_ascii_case("digest");
            let ranges = match boundary {
                Some(boundary) if !boundary.is_empty() => {
                    body_parts(message, self.body.clone(), boundary)
                }
                _ => Vec::new(),
            };
            let parts = ranges
                .into_iter()
                .map(|range| Self::read(message, range, in_digest, depth))
                .collect();
            self.inside = Inside::Multipart(parts);
        } else if kind.eq_ignore_ascii_case("message") && subtype.eq_ignore_ascii_case("rfc822") {
            let inner = Self::read(message, self.body.clone(), false, depth);
            self.inside = Inside::Message(Box::new(inner));
        }
    }

    /// Type and subtype, as written.
    pub(crate) fn media_type(&self) -> (&str, &str) {
        let written = self
            .content_type
            .as_ref()
            .and_then(|parsed| parsed.value.split_once('/'));
        written.map_or(("text", "plain"), |(kind, subtype)| {
            (kind.trim(), subtype.trim())
        })
    }

    /// The entity with this number, such as 1.2 (RFC 9051 §6.4.5, "part specifier").
    pub(crate) fn part(&self, numbers: &[u32]) -> Option<&Self> {
        let mut entity = self;
        for (step, &number) in numbers.iter().enumerate() {
            // A number after that of an attached message counts inside that message.
            let around = match &entity.inside {
                Inside::Message(inner) if step > 0 => inner,
                _ => entity,
            };
            entity = match &around.inside {
                Inside::Multipart(parts) => {
                    parts.get(usize::try_from(number).ok()?.checked_sub(1)?)?
                }
                // The only body part of a message is called 1. Like Dovecot, a leaf inside a multipart
                // takes any number of further 1s.
                _ if number == 1 && (step == 0 || !std::ptr::eq(around, self)) => around,
                _ => return None,
            };
        }
        Some(entity)
    }

    /// The headers of all body parts within, in the order in which they lie in the message.
    pub(crate) fn part_headers(&self) -> Vec<Range<usize>> {
        let mut headers = Vec::new();
        match &self.inside {
            Inside::Leaf => {}
            Inside::Message(inner) => headers.extend(inner.part_headers()),
            Inside::Multipart(parts) => {
                for part in parts {
                    headers.push(part.header.clone());
                    headers.extend(part.part_headers());
                }
            }
        }
        headers
    }
}

/// Header with the empty line, and body. Without an empty line everything is header.
fn split_header(message: &[u8], range: Range<usize>) -> (Range<usize>, Range<usize>) {
    let bytes = &message[range.clone()];
    let length = if bytes.starts_with(b"\r\n") {
        2
    } else {
        memchr::memmem::find(bytes, b"\r\n\r\n").map_or(bytes.len(), |at| at + 4)
    };
    let middle = range.start + length;
    (range.start..middle, middle..range.end)
}

/// The ranges between the lines that open with the boundary. The CRLF before such a line belongs
/// to it (RFC 2046 §5.1.1). Where the closing line is missing, the last part reaches to the end.
fn body_parts(message: &[u8], range: Range<usize>, boundary: &str) -> Vec<Range<usize>> {
    let body = &message[range.clone()];
    let dashes = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    for at in memchr::memmem::find_iter(body, dashes.as_bytes()) {
        let after = at + dashes.len();
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let line_end = memchr::memchr(b'\n', &body[after..]).map_or(body.len(), |n| after + n + 1);
        let rest = body[after..line_end].trim_ascii_end();
        if !rest.is_empty() && rest != b"--" {
            continue;
        }
        if let Some(start) = open {
            // An empty part: its boundary line follows the last one at once.
            let end = at.saturating_sub(2).max(start);
            parts.push(range.start + start..range.start + end);
        }
        open = Some(line_end);
        if rest == b"--" {
            return parts;
        }
    }
    if let Some(start) = open {
        parts.push(range.start + start..range.end);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body<'a>(message: &'a str, numbers: &[u32]) -> Option<&'a str> {
        let structure = Entity::of_message(message.as_bytes());
        structure
            .part(numbers)
            .map(|part| &message[part.body.clone()])
    }

    #[test]
    fn nested_parts_are_found_by_number() {
        let message = "Content-Type: multipart/mixed; boundary=a\r\n\r\npreamble\r\n\
            --a\r\n\r\none\r\n--a\r\nContent-Type: multipart/alternative; boundary=ab\r\n\r\n\
            --ab\r\n\r\ntwo one\r\n--ab\r\n\r\ntwo two\r\n\r\n--ab--\r\n--a--\r\nepilogue";
        assert_eq!(body(message, &[1]), Some("one"));
        assert_eq!(body(message, &[2, 1]), Some("two one"));
        assert_eq!(body(message, &[2, 2]), Some("two two\r\n"));
        assert_eq!(body(message, &[3]), None);
        assert_eq!(body(message, &[1, 1]), Some("one"));
        assert_eq!(body(message, &[1, 2]), None);
        assert_eq!(body(message, &[]).map(str::len), Some(message.len() - 45));
    }

    #[test]
    fn single_body_is_part_one() {
        assert_eq!(body("A: b\r\n\r\ntext", &[1]), Some("text"));
        assert_eq!(body("A: b\r\n\r\ntext", &[2]), None);
        assert_eq!(body("A: b\r\n\r\ntext", &[1, 1]), None);
    }

    #[test]
    fn parts_of_an_attached_message_are_found() {
        let message = "Content-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\n\
            Subject: x\r\n\r\ninner\r\n--a\r\n\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ndeep\r\n--b--\r\n--a--\r\n";
        assert_eq!(body(message, &[1, 1]), Some("inner"));
        assert_eq!(body(message, &[2, 1]), Some("deep"));
        assert_eq!(body(message, &[2, 2]), None);
    }

    #[test]
    fn missing_boundary_lines_do_no_harm() {
        let open_end = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nrest";
        assert_eq!(body(open_end, &[1]), Some("rest"));
        let empty = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n--a\r\n--a--";
        assert_eq!(body(empty, &[2]), Some(""));
        assert_eq!(
            body("Content-Type: multipart/mixed; boundary=a", &[1]),
            None
        );
    }
}
