//! What a message is made of, from BODYSTRUCTURE (RFC 3501 §7.4.2), without fetching any of it.

use async_imap::imap_proto::{
    AttributeValue, BodyContentCommon, BodyContentSinglePart, BodyStructure, ContentEncoding,
};

use super::error::{MailboxError, Unreadable};
use super::session::Session;

/// More body parts than a message of ours has: a share has at most 8,000 parts (PROTOCOL 5).
const BODY_PARTS: usize = 9_000;
/// Messages asked about at once; each answer may take some megabytes.
const BATCH: usize = 100;
/// How much is kept of any text out of a structure.
const TEXT: usize = 256;

/// The body parts of a message that are no multiparts, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
    /// Top type of the message, lower case: `multipart/mixed`, `text/plain`.
    pub media_type: String,
    /// Its leaves. A message inside (`message/rfc822`) is one leaf.
    pub parts: Vec<BodyPart>,
}

/// One body part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyPart {
    /// Where it lies, as [`Session::fetch`] takes it: `1`, `2.1`.
    pub section: String,
    /// Type and subtype, lower case.
    pub media_type: String,
    /// The parameter `smime-type`, lower case.
    pub smime_type: Option<String>,
    /// Content-Transfer-Encoding, lower case.
    pub encoding: String,
    /// Length in its encoding.
    pub octets: u32,
    /// Content-ID without its angle brackets.
    pub content_id: Option<String>,
}

impl Session {
    /// Tells the structure of each message; those that are gone are left out.
    pub async fn structure(
        &mut self,
        uids: &[u32],
    ) -> Result<Vec<(u32, Result<Structure, Unreadable>)>, MailboxError> {
        let mut found = Vec::with_capacity(uids.len());
        for batch in uids.chunks(BATCH) {
            let answers = self
                .ask("BODYSTRUCTURE", batch, "UID BODYSTRUCTURE", |values| {
                    values.iter().find_map(|value| match value {
                        AttributeValue::BodyStructure(body) => Some(Structure::read(body)),
                        _ => None,
                    })
                })
                .await?;
            found.extend(answers);
        }
        Ok(found)
    }
}

impl Structure {
    pub(super) fn read(body: &BodyStructure<'_>) -> Result<Self, Unreadable> {
        let mut parts = Vec::new();
        // RFC 3501 §6.4.5: the only body part of a message that is no multipart is 1.
        let section = match body {
            BodyStructure::Multipart { .. } => "",
            _ => "1",
        };
        flatten(body, section.to_owned(), &mut parts)?;
        Ok(Structure {
            media_type: media_type(common(body)),
            parts,
        })
    }
}

fn flatten(
    body: &BodyStructure<'_>,
    section: String,
    parts: &mut Vec<BodyPart>,
) -> Result<(), Unreadable> {
    let single = match body {
        BodyStructure::Multipart { bodies, .. } => {
            for (place, body) in (1..).zip(bodies) {
                let section = match section.as_str() {
                    "" => format!("{place}"),
                    _ => format!("{section}.{place}"),
                };
                flatten(body, section, parts)?;
            }
            return Ok(());
        }
        BodyStructure::Basic { other, .. }
        | BodyStructure::Text { other, .. }
        | BodyStructure::Message { other, .. } => other,
    };
    if parts.len() == BODY_PARTS {
        return Err(Unreadable::TooManyParts);
    }
    parts.push(leaf(section, common(body), single));
    Ok(())
}

fn common<'a>(body: &'a BodyStructure<'a>) -> &'a BodyContentCommon<'a> {
    match body {
        BodyStructure::Basic { common, .. }
        | BodyStructure::Text { common, .. }
        | BodyStructure::Message { common, .. }
        | BodyStructure::Multipart { common, .. } => common,
    }
}

fn leaf(
    section: String,
    common: &BodyContentCommon<'_>,
    single: &BodyContentSinglePart<'_>,
) -> BodyPart {
    let params = common.ty.params.as_deref().unwrap_or_default();
    let smime_type = params
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("smime-type"))
        .map(|(_, value)| lower(value));
    BodyPart {
        section,
        media_type: media_type(common),
        smime_type,
        encoding: match &single.transfer_encoding {
            ContentEncoding::SevenBit => "7bit".to_owned(),
            ContentEncoding::EightBit => "8bit".to_owned(),
            ContentEncoding::Binary => "binary".to_owned(),
            ContentEncoding::Base64 => "base64".to_owned(),
            ContentEncoding::QuotedPrintable => "quoted-printable".to_owned(),
            ContentEncoding::Other(name) => lower(name),
        },
        octets: single.octets,
        content_id: single.id.as_deref().map(bare_id),
    }
}

fn media_type(common: &BodyContentCommon<'_>) -> String {
    format!("{}/{}", lower(&common.ty.ty), lower(&common.ty.subtype))
}

fn lower(text: &str) -> String {
    text.chars()
        .take(TEXT)
        .collect::<String>()
        .to_ascii_lowercase()
}

fn bare_id(id: &str) -> String {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    id.chars().take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use async_imap::imap_proto::Response;

    use super::*;

    fn read(structure: &str) -> Result<Structure, Unreadable> {
        let answer = format!("* 1 FETCH (UID 1 BODYSTRUCTURE {structure})\r\n");
        match Response::parse(answer.as_bytes()) {
            Ok((_, Response::Fetch(_, values))) => match &values[1] {
                AttributeValue::BodyStructure(body) => Structure::read(body),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    const SEALED: &str = r#"("APPLICATION" "Pkcs7-MIME" ("smime-type" "authEnveloped-data" "name" "smime.p7m") "<ab@hearthpost.invalid>" NIL "BASE64" 1000 NIL NIL NIL NIL)"#;

    #[test]
    fn leaves_are_numbered_as_fetch_wants_them() {
        let nested = format!(
            r#"(("text" "plain" NIL NIL NIL "7bit" 5 1)({SEALED}{SEALED} "mixed" NIL NIL NIL) "mixed" NIL NIL NIL)"#
        );
        let structure = read(&nested).expect("readable");
        assert_eq!(structure.media_type, "multipart/mixed");
        let sections: Vec<_> = structure.parts.iter().map(|p| p.section.as_str()).collect();
        assert_eq!(sections, ["1", "2.1", "2.2"]);
        let part = &structure.parts[1];
        assert_eq!(part.media_type, "application/pkcs7-mime");
        assert_eq!(part.smime_type.as_deref(), Some("authenveloped-data"));
        assert_eq!(part.content_id.as_deref(), Some("ab@hearthpost.invalid"));
        assert_eq!((part.encoding.as_str(), part.octets), ("base64", 1000));
        assert_eq!(read(SEALED).expect("readable").parts[0].section, "1");
    }

    #[test]
    fn more_body_parts_than_any_of_ours_is_unreadable() {
        let many = |n: usize| format!(r#"({} "mixed" NIL NIL NIL)"#, SEALED.repeat(n));
        assert_eq!(read(&many(9_000)).expect("readable").parts.len(), 9_000);
        assert_eq!(read(&many(9_001)), Err(Unreadable::TooManyParts));
    }
}
