//! Waits for news in INBOX with IDLE (RFC 2177), so that a quiet mailbox costs nothing.
//!
//! An IDLE may stay open and deliver nothing, because a router or the server forgot it (CASES O-03). So it is left with
//! DONE and begun anew when not a single line came for [`Watch::silence`], and after [`Watch::longest`] in any case; a
//! server that does not answer the DONE is gone. What came before the IDLE began is looked for by UID, not taken on trust.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, Response};
use tokio::time::Instant;

use super::error::MailboxError;
use super::session::{Ending, Session, Untagged, ending, words};

/// Lines in one IDLE, of which none is news; a server that says more talks nonsense.
const CHATTER: u32 = 10_000;

/// How long to wait for news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// The wait ends then at the latest.
    pub until: Instant,
    /// An IDLE is renewed when the server said nothing at all for so long.
    pub silence: Duration,
    /// An IDLE is renewed after so long, however much was said: RFC 2177 allows servers to hang up after 30 minutes.
    pub longest: Duration,
}

impl Watch {
    /// A wait until then, with the renewals that suit most servers: 5 minutes of silence, 29 minutes in any case.
    pub fn until(until: Instant) -> Self {
        Watch {
            until,
            silence: Duration::from_secs(5 * 60),
            longest: Duration::from_secs(29 * 60),
        }
    }

    /// When an IDLE is renewed that began then, and in which the server last said something then.
    fn renewal(&self, begun: Instant, heard: Instant) -> Instant {
        (heard + self.silence).min(begun + self.longest)
    }
}

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// There is mail that no scan of this session saw.
    News,
    /// The time is over.
    Deadline,
    /// The caller's own signal came.
    Called,
    /// This server does not do it; the mailbox must be looked at from time to time.
    NoIdle,
}

/// How one IDLE ended.
enum Once {
    Ended(Woken),
    Renew,
}

impl Session {
    /// Waits until mail comes into INBOX, `watch` is over, or `call` is done. Leaves INBOX open.
    ///
    /// Mail counts as news that no [`Session::scan`] of this session came upon. An error means that the connection is
    /// gone, or INBOX was made anew.
    pub async fn wait(
        &mut self,
        watch: &Watch,
        call: impl Future<Output = ()>,
    ) -> Result<Woken, MailboxError> {
        if !self.capabilities.idle {
            return Ok(Woken::NoIdle);
        }
        let mut call = pin!(call);
        let mut exists = self.select("INBOX").await?.exists;
        if self.has_unseen("INBOX").await? {
            return Ok(Woken::News);
        }
        loop {
            if let Once::Ended(woken) = self.idle(watch, call.as_mut(), &mut exists).await? {
                return Ok(woken);
            }
        }
    }

    /// Whether the open folder holds a message behind those that were scanned.
    async fn has_unseen(&mut self, folder: &str) -> Result<bool, MailboxError> {
        let first = self.unseen_from.get(folder).copied().unwrap_or(1);
        let mut found = false;
        self.run_ok("SEARCH", &format!("UID SEARCH UID {first}:*"), |answer| {
            if let Untagged::Response(Response::MailboxData(MailboxDatum::Search(uids))) = answer {
                // RFC 3501 §6.4.8: `n:*` always holds the last message, also where its UID is below n.
                found |= uids.iter().any(|&uid| uid >= first);
            }
        })
        .await?;
        Ok(found)
    }

    /// One IDLE, from its beginning to the end of its DONE.
    async fn idle(
        &mut self,
        watch: &Watch,
        mut call: Pin<&mut impl Future<Output = ()>>,
        exists: &mut u32,
    ) -> Result<Once, MailboxError> {
        let tag = self.send("IDLE", "IDLE").await?;
        let mut news = false;
        loop {
            let line = self.idle_line().await?;
            if line.starts_with(b"+") {
                break;
            }
            if let Some(end) = ending(&tag, &line) {
                self.busy = false;
                return match end.map_err(|text| self.protocol(&text))? {
                    Ending::Ok => Err(self.protocol("it ended IDLE before it began")),
                    Ending::Refused(said) => {
                        tracing::info!(host = %self.account.endpoint.host, said, "imap IDLE refused");
                        self.capabilities.idle = false;
                        Ok(Once::Ended(Woken::NoIdle))
                    }
                };
            }
            news |= is_news(&line, exists);
        }
        let begun = Instant::now();
        let (mut heard, mut lines) = (begun, 0);
        let outcome = loop {
            if news {
                break Once::Ended(Woken::News);
            }
            let renewal = watch.renewal(begun, heard);
            let ready = tokio::select! {
                biased;
                () = call.as_mut() => break Once::Ended(Woken::Called),
                ready = self.wire.readable(watch.until.min(renewal)) => ready,
            };
            match ready.map_err(|e| self.lost("IDLE", e))? {
                true => {
                    news |= is_news(&self.idle_line().await?, exists);
                    heard = Instant::now();
                    lines += 1;
                }
                false if Instant::now() >= watch.until => break Once::Ended(Woken::Deadline),
                false => break Once::Renew,
            }
            if lines > CHATTER {
                return Err(self.protocol("it says a great deal and nothing"));
            }
        };
        let left = self.wire.send(b"DONE\r\n").await;
        left.map_err(|e| self.lost("IDLE", e))?;
        self.wire.begin_answer();
        loop {
            let line = self.idle_line().await?;
            if let Some(end) = ending(&tag, &line) {
                self.busy = false;
                end.map_err(|text| self.protocol(&text))?;
                break;
            }
            news |= is_news(&line, exists);
        }
        Ok(match outcome {
            Once::Renew | Once::Ended(Woken::Deadline) if news => Once::Ended(Woken::News),
            outcome => outcome,
        })
    }

    /// A whole line, or what the server's farewell means.
    async fn idle_line(&mut self) -> Result<Vec<u8>, MailboxError> {
        let answer = self.wire.answer(None).await;
        let line = answer.map_err(|e| self.lost("IDLE", e))?.bytes;
        match line.strip_prefix(b"* BYE") {
            Some(said) => {
                let gone = std::io::ErrorKind::ConnectionAborted.into();
                Err(self.ended("IDLE", gone, Some(words(said))))
            }
            None => Ok(line),
        }
    }
}

/// Whether the line tells of more messages than were known; keeps count of them.
fn is_news(line: &[u8], exists: &mut u32) -> bool {
    let mut words = line
        .strip_prefix(b"* ")
        .unwrap_or_default()
        .split(|c| c.is_ascii_whitespace());
    let number = words.next().and_then(|word| {
        let digits = std::str::from_utf8(word).ok()?;
        digits.parse::<u32>().ok()
    });
    let (Some(number), Some(what)) = (number, words.next()) else {
        return false;
    };
    if what.eq_ignore_ascii_case(b"EXPUNGE") {
        *exists = exists.saturating_sub(1);
        return false;
    }
    let more = what.eq_ignore_ascii_case(b"EXISTS") && number > *exists;
    if what.eq_ignore_ascii_case(b"EXISTS") {
        *exists = number;
    }
    more
}

#[cfg(test)]
mod tests {
    use super::*;

    // CASES O-03.
    #[test]
    fn idle_is_renewed_after_5_silent_minutes_and_after_29_in_any_case() {
        let begun = Instant::now();
        let after = |minutes: u64| begun + Duration::from_secs(60 * minutes);
        let watch = Watch::until(after(24 * 60));
        assert_eq!(watch.renewal(begun, begun), after(5));
        assert_eq!(watch.renewal(begun, after(3)), after(8));
        assert_eq!(watch.renewal(begun, after(24)), after(29));
        for heard in 24..=29 {
            assert_eq!(watch.renewal(begun, after(heard)), after(29));
        }
    }

    #[test]
    fn only_more_messages_than_before_are_news() {
        let mut exists = 4;
        assert!(!is_news(b"* 4 EXISTS\r\n", &mut exists));
        assert!(!is_news(b"* OK Still here\r\n", &mut exists));
        assert!(!is_news(b"* 2 EXPUNGE\r\n", &mut exists));
        assert!(is_news(b"* 4 exists\r\n", &mut exists));
        assert!(!is_news(b"* 9 FETCH (FLAGS (\\Seen))\r\n", &mut exists));
        assert!(!is_news(b"* 99999999999 EXISTS\r\n", &mut exists));
        assert!(!is_news(b"+ 9 EXISTS\r\n", &mut exists));
        assert_eq!(exists, 4);
    }
}
