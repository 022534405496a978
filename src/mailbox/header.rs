//! The few header fields the first look asks for, read as tolerantly as strangers' mail needs: nothing here is trusted,
//! it only tells where to look.

/// The value of the header field `Hearthpost`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// `letter`.
    Letter,
    /// `parts`.
    Parts,
}

/// The field Content-Type, as far as it matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentType {
    /// Type and subtype, lower case.
    pub media_type: String,
    /// The parameter `smime-type`, lower case.
    pub smime_type: Option<String>,
    /// The parameter `report-type`, lower case.
    pub report_type: Option<String>,
}

/// What the fields say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) hint: Option<Hint>,
    pub(super) subject: String,
    pub(super) content_type: ContentType,
}

/// How much of a subject is kept.
const SUBJECT: usize = 200;
/// How much of one field is looked at.
const FIELD: usize = 16 * 1024;

impl Fields {
    /// Reads a header block; of a doubled field the first counts.
    pub(super) fn read(block: &[u8]) -> Self {
        let mut fields = Fields::default();
        let (mut subject, mut content_type) = (None, None);
        for (name, value) in unfolded(block) {
            match name.to_ascii_lowercase().as_str() {
                "hearthpost" if fields.hint.is_none() => fields.hint = hint(&value),
                "subject" => subject = subject.or(Some(value)),
                "content-type" => content_type = content_type.or(Some(value)),
                _ => {}
            }
        }
        let subject = subject.unwrap_or_default();
        fields.subject = subject.trim().chars().take(SUBJECT).collect();
        // RFC 2045 §5.2: text/plain where nothing is said.
        let content_type = content_type.unwrap_or_else(|| "text/plain".to_owned());
        fields.content_type = ContentType::read(&content_type);
        fields
    }
}

fn hint(value: &str) -> Option<Hint> {
    match value.trim().to_ascii_lowercase().as_str() {
        "letter" => Some(Hint::Letter),
        "parts" => Some(Hint::Parts),
        _ => None,
    }
}

/// Names and values with folded lines joined (RFC 5322 §2.2.3); lines may end in CRLF or LF.
fn unfolded(block: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in block.split(|&c| c == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let line = String::from_utf8_lossy(&line[..line.len().min(FIELD)]);
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut().filter(|(_, v)| v.len() < FIELD) {
                value.push_str(&line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim_end().to_owned(), value.to_owned()));
        }
    }
    fields
}

impl ContentType {
    /// RFC 2045 §5.1, without comments.
    fn read(value: &str) -> Self {
        let mut pieces = split_unquoted(value).into_iter();
        let media_type = pieces
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let (mut smime_type, mut report_type) = (None, None);
        for (name, value) in pieces.filter_map(|piece| piece.split_once('=')) {
            let value = || Some(unquoted(value.trim()).to_ascii_lowercase());
            match name.trim().to_ascii_lowercase().as_str() {
                "smime-type" if smime_type.is_none() => smime_type = value(),
                "report-type" if report_type.is_none() => report_type = value(),
                _ => {}
            }
        }
        ContentType {
            media_type: media_type.chars().take(SUBJECT).collect(),
            smime_type,
            report_type,
        }
    }
}

/// Cuts at `;` outside of quotes.
fn split_unquoted(value: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    value
        .split(|c: char| {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ => {}
            }
            c == ';' && !quoted
        })
        .collect()
}

fn unquoted(value: &str) -> &str {
    let inner = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
    inner.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_however_they_are_folded_and_cased() {
        let fields = Fields::read(
            b"SUBJECT:\r\n Hearthpost \r\ncontent-type: Application/PKCS7-Mime;\r\n\tname=\"a;smime-type=x\\\";\";\r\n \
              SMIME-Type=\"AuthEnveloped-data\"\r\nhearthpost: Letter\r\nHearthpost: parts\r\n\r\n",
        );
        assert_eq!(fields.hint, Some(Hint::Letter));
        assert_eq!(fields.subject, "Hearthpost");
        assert_eq!(fields.content_type.media_type, "application/pkcs7-mime");
        let smime_type = fields.content_type.smime_type.as_deref();
        assert_eq!(smime_type, Some("authenveloped-data"));
    }

    #[test]
    fn junk_gives_no_hint_and_no_trouble() {
        for junk in [
            &b""[..],
            b"\r\n\r\n",
            b" x\r\n",
            b":\r\n",
            b"Content-Type: \"\xff;;;=\r\n",
            b"Content-Type: text/plain; x=\"unclosed; smime-type=a\r\n\0",
            b"Hearthpost: lettering\r\n",
        ] {
            let fields = Fields::read(junk);
            assert_eq!(fields.hint, None);
            assert_eq!(fields.content_type.smime_type, None);
        }
    }
}
