//! From words to the bytes of a mail.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox as Named, Message, MultiPart, SinglePart};
use openssl::sha::sha256;

use super::{Composed, NoticeError, one_line};
use crate::address::Mailbox;
use crate::encoding::{Timestamp, hex_of};

/// The mail: multipart/alternative of text and HTML, lines ended by CRLF, nothing in it made up here.
///
/// `message_id` is `left@right` with or without the angle brackets; `date` is when the notice was decided upon.
pub fn message(
    composed: &Composed,
    from: &Mailbox,
    from_name: &str,
    to: &Mailbox,
    message_id: &str,
    date: Timestamp,
) -> Result<Vec<u8>, NoticeError> {
    let unmailable = |reason: String| NoticeError::Unmailable {
        to: to.to_string(),
        reason,
    };
    let address = |mailbox: &Mailbox| {
        mailbox
            .as_str()
            .parse()
            .map_err(|error| unmailable(format!("{mailbox}: {error}")))
    };
    let from_name = Some(one_line(from_name)).filter(|name| !name.is_empty());
    let message_id = message_id.trim_start_matches('<').trim_end_matches('>');
    // RFC 5322 §3.6.4, the part of it that we make: dot-atoms on both sides.
    if message_id.parse::<Mailbox>().is_err() {
        return Err(unmailable("its message id is not left@right".to_owned()));
    }
    // RFC 2046 §5.1.1; a line of hex that is a digest stands in no text by accident.
    let boundary = format!("notice-{}", &hex_of(&sha256(message_id.as_bytes()))[..32]);
    let seconds = u64::try_from(date.unix()).unwrap_or(0);
    let mail = Message::builder()
        .from(Named::new(from_name, address(from)?))
        .to(Named::new(None, address(to)?))
        .subject(one_line(&composed.subject))
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{message_id}>")))
        // RFC 3834 §5: nobody answers, least of all another machine.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(
            MultiPart::alternative()
                .boundary(boundary)
                .singlepart(part(ContentType::TEXT_PLAIN, &composed.text))
                .singlepart(part(ContentType::TEXT_HTML, &composed.html)),
        )
        .map_err(|error| unmailable(error.to_string()))?;
    Ok(mail.formatted())
}

fn part(content_type: ContentType, text: &str) -> SinglePart {
    // Bare CR would be taken for a line end by some, and not by others.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    SinglePart::builder().content_type(content_type).body(text)
}
