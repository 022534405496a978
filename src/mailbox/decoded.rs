//! Brings the decoded bytes of a base64 body part: decoded by the server where it can (BINARY, RFC 3516), which saves a
//! quarter of what comes down the line, else here.

use super::error::{FetchError, MailboxError};
use super::session::Session;
use crate::encoding::{BodyDecoder, encoded_body_len};

/// Asked for at once: a whole part. A server may decode the body part from its start for each piece.
const PIECE: u64 = 8 * 1024 * 1024;
/// Blank lines and wide line ends that base64 may have beyond its length.
const SLACK: u64 = 4 * 1024;
/// No body part is longer; a length in base64 is still a number then.
const LONGEST: u64 = 1 << 60;
/// After so many refusals, and none of them for the body part's own sake, this server is not asked again.
const REFUSALS: u32 = 3;

/// Who decodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    /// The server where it can.
    Best,
    /// We: for a body part that the server decodes wrongly.
    Base64,
}

/// What was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoded {
    /// Length of the decoded bytes.
    pub length: u64,
    /// The server decoded them.
    pub by_server: bool,
}

impl Session {
    /// Fetches the body part `section` of message `uid`, whose transfer encoding is base64, and hands its decoded bytes to
    /// `sink` as they come, without setting any flag.
    ///
    /// Beyond `limit` decoded bytes it stops with [`MailboxError::TooLong`]; the sink then saw no more than `limit`. What
    /// is no base64 is [`MailboxError::Broken`]. Where a server that offers BINARY refuses, or answers with anything odd,
    /// the body part comes in base64.
    pub async fn fetch_decoded<E: Send>(
        &mut self,
        uid: u32,
        section: &str,
        limit: u64,
        transfer: Transfer,
        mut sink: impl FnMut(&[u8]) -> Result<(), E> + Send,
    ) -> Result<Decoded, FetchError<E>> {
        let limit = limit.min(LONGEST);
        if transfer == Transfer::Best
            && self.capabilities.binary
            && let Some(length) = self.fetch_binary(uid, section, limit, &mut sink).await?
        {
            let by_server = true;
            return Ok(Decoded { length, by_server });
        }
        let mut decoder = BodyDecoder::default();
        let (mut length, mut out) = (0u64, Vec::new());
        let mut failed = None;
        let mut take = |out: &mut Vec<u8>| {
            let room = usize::try_from(limit - length).unwrap_or(usize::MAX);
            if out.len() > room {
                return Err(Stopped::TooLong);
            }
            length += out.len() as u64;
            let taken = match out.is_empty() {
                true => Ok(()),
                false => sink(out),
            };
            out.clear();
            taken.map_err(|error| {
                failed = Some(error);
                Stopped::Sink
            })
        };
        let most = encoded_body_len(limit).saturating_add(SLACK);
        let fetched = self
            .fetch(uid, section, most, |piece| {
                decoder.push(piece, &mut out).ok_or(Stopped::Broken)?;
                take(&mut out)
            })
            .await;
        let stopped = match fetched {
            Ok(_) => {
                let end = decoder.finish(&mut out).ok_or(Stopped::Broken);
                end.and_then(|()| take(&mut out)).err()
            }
            Err(FetchError::Sink(stopped)) => Some(stopped),
            Err(FetchError::Mailbox(error)) => return Err(error.into()),
        };
        let section = section.to_owned();
        match (stopped, failed) {
            (None, _) => {
                let by_server = false;
                Ok(Decoded { length, by_server })
            }
            (Some(_), Some(error)) => Err(FetchError::Sink(error)),
            (Some(Stopped::TooLong), None) => Err(too_long(uid, section, limit).into()),
            (Some(_), None) => Err(MailboxError::Broken { uid, section }.into()),
        }
    }

    /// By BINARY; `None` where the body part is to be had in base64 instead, and the sink saw nothing.
    async fn fetch_binary<E: Send>(
        &mut self,
        uid: u32,
        section: &str,
        limit: u64,
        sink: &mut (impl FnMut(&[u8]) -> Result<(), E> + Send),
    ) -> Result<Option<u64>, FetchError<E>> {
        self.needs_folder()?;
        self.needs_section(section)?;
        let mut total = 0;
        loop {
            // One more than allowed, so that the excess shows.
            let asked = PIECE.min((limit - total).saturating_add(1));
            let command = format!("UID FETCH {uid} (UID BINARY.PEEK[{section}]<{total}.{asked}>)");
            let mut failed = None;
            let (mut room, mut handed) = (limit - total, total > 0);
            let mut take = |bytes: &[u8]| {
                let fits = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
                room -= fits as u64;
                handed |= !bytes.is_empty();
                if failed.is_none() && fits > 0 {
                    failed = sink(&bytes[..fits]).err();
                }
            };
            let came = match self.take_piece(uid, &command, asked, &mut take).await {
                Ok(Ok(came)) => came,
                Ok(Err(said)) if !handed => {
                    self.note_refusal(&said);
                    return Ok(None);
                }
                Ok(Err(said)) => return Err(self.refused("FETCH", said).into()),
                // Without the connection nothing can be had at all, and what the sink saw cannot be taken back. A message
                // that is gone shows again.
                Err(error) if handed || self.busy => return Err(error.into()),
                Err(_) => return Ok(None),
            };
            if let Some(error) = failed {
                return Err(FetchError::Sink(error));
            }
            if came > limit - total {
                return Err(too_long(uid, section.to_owned(), limit).into());
            }
            total += came;
            if came < asked {
                // Nothing of it may be all there is, or all that the server could make of it.
                return Ok(Some(total).filter(|&total| total > 0));
            }
        }
    }

    /// RFC 3516 §4.3: `[UNKNOWN-CTE]` speaks of one body part, anything else perhaps of all.
    fn note_refusal(&mut self, said: &str) {
        tracing::debug!(host = %self.account.endpoint.host, said, "imap BINARY refused, base64 is fetched");
        if !said.to_ascii_uppercase().contains("UNKNOWN-CTE") {
            self.binary_refusals += 1;
            self.capabilities.binary = self.binary_refusals < REFUSALS;
        }
    }
}

/// Why decoding stopped.
enum Stopped {
    Broken,
    TooLong,
    Sink,
}

fn too_long(uid: u32, section: String, limit: u64) -> MailboxError {
    MailboxError::TooLong {
        uid,
        section,
        limit,
    }
}
