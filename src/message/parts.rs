//! Parts messages: sealed parts of one share and one tier, bundled up to a budget, each found by its Content-ID.
//!
//! The frame around the parts is written once into the outbox; the parts themselves are streamed from where they lie,
//! so that a resend is the same bytes and no message is ever held in memory.

use super::mime::{Hint, Outer};
use crate::encoding::encoded_body_len;
use crate::envelope::Digest;

/// The domain of every Content-ID: it exists nowhere (RFC 2606 §2).
const CONTENT_ID_DOMAIN: &str = "hearthpost.invalid";

/// A message of parts, without their bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsMessage {
    /// The outer header.
    pub outer: Outer,
    /// Digest and DER length of each part, in order.
    pub parts: Vec<(Digest, u64)>,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// These bytes.
    Text(String),
    /// The base64 body ([`crate::encoding::base64_body`]) of this part.
    Part(Digest),
}

impl PartsMessage {
    /// The pieces of the message in order.
    pub fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        let boundary = self.boundary();
        let head = format!(
            "{}Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n",
            self.outer.lines(Hint::Parts)
        );
        let end = format!("--{boundary}--\r\n");
        let parts = self.parts.iter().flat_map(move |&(digest, _)| {
            [
                Segment::Text(part_head(&boundary, digest)),
                Segment::Part(digest),
                Segment::Text("\r\n".to_owned()),
            ]
        });
        std::iter::once(Segment::Text(head))
            .chain(parts)
            .chain(std::iter::once(Segment::Text(end)))
    }

    /// Bytes of the whole message.
    pub fn size(&self) -> u64 {
        let bodies: u64 = self
            .parts
            .iter()
            .map(|&(_, len)| encoded_body_len(len))
            .sum();
        let texts: u64 = self
            .segments()
            .map(|segment| match segment {
                Segment::Text(text) => text.len() as u64,
                Segment::Part(_) => 0,
            })
            .sum();
        bodies + texts
    }

    /// Derived from the Message-ID, so that a resend has the same one.
    fn boundary(&self) -> String {
        let random = self.outer.message_id.split('@').next().unwrap_or_default();
        format!("=_{random}")
    }
}

fn part_head(boundary: &str, digest: Digest) -> String {
    format!(
        "--{boundary}\r\nContent-Type: application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\nContent-ID: <{digest}@{CONTENT_ID_DOMAIN}>\r\n\r\n"
    )
}

/// The part that a Content-ID names, with or without its angle brackets.
pub fn part_of_content_id(content_id: &str) -> Option<Digest> {
    let id = content_id
        .trim()
        .trim_start_matches('<')
        .trim_end_matches('>');
    id.strip_suffix(CONTENT_ID_DOMAIN)?
        .strip_suffix('@')?
        .parse()
        .ok()
}

/// Cuts a list of parts into bundles whose messages stay within `budget` encoded bytes. A part that alone is larger
/// still gets a message of its own.
pub fn bundle(
    parts: impl IntoIterator<Item = (Digest, u64)>,
    budget: u64,
) -> Vec<Vec<(Digest, u64)>> {
    /// More than the outer header with two of the longest addresses, and the closing boundary.
    const FRAME: u64 = 1_200;
    /// The head of one body part and its closing line.
    const HEAD: u64 = 320;
    let mut bundles: Vec<Vec<(Digest, u64)>> = Vec::new();
    let mut used = u64::MAX;
    for (digest, len) in parts {
        let cost = encoded_body_len(len) + HEAD;
        if used.saturating_add(cost) > budget {
            bundles.push(Vec::new());
            used = FRAME;
        }
        used += cost;
        if let Some(last) = bundles.last_mut() {
            last.push((digest, len));
        }
    }
    bundles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{Timestamp, base64_body};
    use proptest::prelude::*;

    fn message(lens: &[u64]) -> (PartsMessage, Vec<Vec<u8>>) {
        let bodies: Vec<Vec<u8>> = lens.iter().map(|&n| vec![n as u8; n as usize]).collect();
        let outer = Outer::new(
            "home-a@a.example".parse().expect("address"),
            None,
            Timestamp::from_unix(0),
        );
        let parts = bodies
            .iter()
            .map(|b| (Digest::of(b), b.len() as u64))
            .collect();
        (PartsMessage { outer, parts }, bodies)
    }

    fn written(message: &PartsMessage, bodies: &[Vec<u8>]) -> Vec<u8> {
        let mut out = Vec::new();
        for segment in message.segments() {
            match segment {
                Segment::Text(text) => out.extend_from_slice(text.as_bytes()),
                Segment::Part(digest) => {
                    let body = bodies.iter().find(|b| Digest::of(b) == digest);
                    base64_body(body.expect("one of the parts"), &mut out);
                }
            }
        }
        out
    }

    proptest! {
        #[test]
        fn size_is_exact_and_bundles_keep_to_the_budget(lens in proptest::collection::vec(1u64..3000, 1..20)) {
            let (all, bodies) = message(&lens);
            prop_assert_eq!(written(&all, &bodies).len() as u64, all.size());
            let bundles = bundle(all.parts.clone(), 6_000);
            prop_assert_eq!(bundles.concat(), all.parts.clone());
            for parts in bundles {
                let one = PartsMessage { outer: all.outer.clone(), parts };
                prop_assert!(one.size() <= 6_000 || one.parts.len() == 1, "{}", one.size());
            }
        }
    }

    #[test]
    fn a_content_id_names_a_part_or_nothing() {
        let digest = Digest::of(b"x");
        let id = format!("<{digest}@hearthpost.invalid>");
        assert_eq!(part_of_content_id(&id), Some(digest));
        for other in ["", "<>", "<x@hearthpost.invalid>", "<ab@example.org>"] {
            assert_eq!(part_of_content_id(other), None);
        }
    }
}
