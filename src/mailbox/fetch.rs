//! Brings the bytes of one message or body part, piece by piece, and changes nothing about it.

use async_imap::imap_proto::{AttributeValue, Response};

use super::batch;
use super::error::{FetchError, MailboxError};
use super::session::{Ending, Session, Untagged};

/// How much is asked for at once. CPU is the same from 256 KiB to a whole message (2 ms a MB over TLS); larger pieces save
/// round trips, smaller ones waste less where a section is longer than allowed.
const PIECE: u64 = 4 * 1024 * 1024;

impl Session {
    /// Fetches `section` of message `uid` and hands its bytes to `sink` as they come, without setting any flag.
    ///
    /// `section` is `""` for the whole message, `"HEADER"`, or the place of a body part such as `"2.1"`; a body part
    /// comes in its transfer encoding. Returns the length. Beyond `limit` bytes it stops with
    /// [`MailboxError::TooLong`]; the sink then saw no more than `limit`. When the sink fails the session stays usable.
    pub async fn fetch<E: Send>(
        &mut self,
        uid: u32,
        section: &str,
        limit: u64,
        mut sink: impl FnMut(&[u8]) -> Result<(), E> + Send,
    ) -> Result<u64, FetchError<E>> {
        self.needs_folder()?;
        self.needs_section(section)?;
        let mut total = 0;
        loop {
            // One more than allowed, so that the excess shows.
            let asked = PIECE.min((limit - total).saturating_add(1));
            let mut failed = None;
            let mut room = limit - total;
            let mut take = |bytes: &[u8]| {
                let fits = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
                room -= fits as u64;
                if failed.is_none() {
                    failed = sink(&bytes[..fits]).err();
                }
            };
            let came = self.piece(uid, section, total, asked, &mut take).await?;
            if let Some(error) = failed {
                return Err(FetchError::Sink(error));
            }
            if came > limit - total {
                let section = section.to_owned();
                return Err(MailboxError::TooLong {
                    uid,
                    section,
                    limit,
                }
                .into());
            }
            total += came;
            if came < asked {
                return Ok(total);
            }
        }
    }

    /// One piece; returns how long it was.
    async fn piece(
        &mut self,
        uid: u32,
        section: &str,
        offset: u64,
        length: u64,
        take: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<u64, MailboxError> {
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[{section}]<{offset}.{length}>)");
        match self.take_piece(uid, &command, length, take).await? {
            Ok(came) => Ok(came),
            Err(said) => Err(self.refused("FETCH", said)),
        }
    }

    /// Runs a FETCH of one body part and hands its bytes on; the inner error holds the server's NO or BAD.
    pub(super) async fn take_piece(
        &mut self,
        uid: u32,
        command: &str,
        asked: u64,
        take: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<Result<u64, String>, MailboxError> {
        self.wire.ask_for(asked);
        let (mut seen, mut unreadable, mut streamed) = (false, None, 0u64);
        let mut short = None;
        let mut sink = |bytes: &[u8]| {
            streamed = streamed.saturating_add(bytes.len() as u64);
            take(bytes);
        };
        let ending = self
            .run_streaming("FETCH", command, Some(&mut sink), |answer| match answer {
                Untagged::Unreadable(why) => unreadable = Some(why),
                Untagged::Response(Response::Fetch(_, values))
                    if batch::uid(&values) == Some(uid) =>
                {
                    for value in values {
                        if let AttributeValue::BodySection { data, .. } = value {
                            seen = true;
                            // A server may send short data as a quoted string.
                            short = data.filter(|data| !data.is_empty()).map(|d| d.into_owned());
                        }
                    }
                }
                Untagged::Response(_) => {}
            })
            .await?;
        if let Ending::Refused(said) = ending {
            return Ok(Err(said));
        }
        if let Some(short) = short {
            sink(&short);
        }
        match (seen, unreadable) {
            _ if streamed > asked => Err(self.protocol("it sent more than it was asked for")),
            (true, _) => Ok(Ok(streamed)),
            (false, Some(why)) => Err(self.protocol(&why.to_string())),
            // Its bytes came under another UID.
            (false, None) if streamed > 0 => Err(self.protocol("it sent another message")),
            (false, None) => Err(MailboxError::NoSuchMessage { uid }),
        }
    }

    /// Whether the section can be asked for.
    pub(super) fn needs_section(&self, section: &str) -> Result<(), MailboxError> {
        match is_section(section) {
            true => Ok(()),
            false => Err(self.protocol(&format!("{section:?} is no section of a message"))),
        }
    }
}

fn is_section(section: &str) -> bool {
    let number = |text: &str| {
        !text.is_empty() && text.len() <= 5 && text.bytes().all(|c| c.is_ascii_digit())
    };
    matches!(section, "" | "HEADER") || (section.len() <= 200 && section.split('.').all(number))
}
