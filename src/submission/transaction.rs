//! One transaction: MAIL, RCPT for each, DATA, the body, and one answer for each destination mailbox.

use std::io;

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::MailParameter;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::connection::{Connection, Reply, Smtp};
use super::error::SubmissionError;
use super::stuffing::Stuffing;
use crate::address::Mailbox;

/// What became of the message for one destination mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The destination mailbox.
    pub to: Mailbox,
    /// What the server said.
    pub outcome: Outcome,
}

/// The server's verdict for one destination mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took responsibility for it.
    Sent,
    /// Not now (4yz): try this one again later.
    Deferred {
        /// SMTP code.
        code: u16,
        /// The server's words.
        text: String,
    },
    /// Never like this (5yz).
    Rejected {
        /// SMTP code.
        code: u16,
        /// The server's words.
        text: String,
    },
}

impl Outcome {
    fn refused(code: u16, text: String) -> Self {
        if code < 500 {
            Outcome::Deferred { code, text }
        } else {
            Outcome::Rejected { code, text }
        }
    }
}

/// How much of a body is written at once: whole TLS records, and memory stays small whatever the chunks given.
const WRITE: usize = 64 * 1024;

/// RFC 5321 §4.5.3.2.6 gives a server ten minutes after the final dot; with the usual time-out of a minute, that is it.
const PATIENCE_AFTER_DOT: u32 = 10;

impl Connection {
    /// Sends one message to several mailboxes in one transaction and says what became of each, in the order given.
    ///
    /// `size` is the length of the body in bytes, announced to the server; a body that turns out longer or shorter is
    /// not delivered. Lines end with CRLF; the body is streamed in small writes and arrives byte for byte as given
    /// (one CRLF is added only if it does not end with one, so a resend is identical). It must not hold a lone LF or CR:
    /// servers differ in what they make of those.
    ///
    /// Refused recipients do not keep the others from being served. When all are refused, no body is sent.
    pub async fn submit<B: AsRef<[u8]>>(
        &mut self,
        from: &Mailbox,
        to: &[Mailbox],
        size: u64,
        body: impl Iterator<Item = io::Result<B>>,
    ) -> Result<Vec<Answer>, SubmissionError> {
        if let Some(limit) = self.size_limit.filter(|&limit| size > limit) {
            return Err(SubmissionError::TooLarge { size, limit });
        }
        let smtp = &mut self.smtp;
        if !smtp.usable {
            return Err(smtp.lost(io::ErrorKind::NotConnected.into()));
        }
        smtp.usable = false;
        let outcomes = smtp.transaction(from, to, size, body).await?;
        let pairs = to.iter().zip(outcomes);
        Ok(pairs
            .map(|(to, outcome)| Answer {
                to: to.clone(),
                outcome,
            })
            .collect())
    }
}

impl Smtp {
    async fn transaction<B: AsRef<[u8]>>(
        &mut self,
        from: &Mailbox,
        to: &[Mailbox],
        size: u64,
        body: impl Iterator<Item = io::Result<B>>,
    ) -> Result<Vec<Outcome>, SubmissionError> {
        let announced = vec![MailParameter::Size(
            usize::try_from(size).unwrap_or(usize::MAX),
        )];
        let mail = Mail::new(Some(self.address(from)?), announced);
        if let Reply::Negative { code, text } = self.command("MAIL", mail).await? {
            let outcome = Outcome::refused(code, text);
            self.reset(code).await;
            return Ok(vec![outcome; to.len()]);
        }
        let mut outcomes = self.recipients(to).await?;
        if !outcomes.contains(&Outcome::Sent) {
            let code = outcomes.first().map_or(0, |outcome| match outcome {
                Outcome::Sent => 250,
                Outcome::Deferred { code, .. } | Outcome::Rejected { code, .. } => *code,
            });
            self.reset(code).await;
            return Ok(outcomes);
        }
        let refusal = match self.command("DATA", Data).await? {
            Reply::Positive(response) if response.has_code(354) => self.body(size, body).await?,
            Reply::Positive(_) => return Err(self.protocol("DATA was answered without 354")),
            Reply::Negative { code, text } => Some((code, text)),
        };
        match refusal {
            None => self.usable = true,
            Some((code, text)) => {
                for outcome in outcomes.iter_mut().filter(|o| **o == Outcome::Sent) {
                    *outcome = Outcome::refused(code, text.clone());
                }
                self.reset(code).await;
            }
        }
        Ok(outcomes)
    }

    /// RCPT for each; `Sent` stands for accepted here, until the body is through.
    async fn recipients(&mut self, to: &[Mailbox]) -> Result<Vec<Outcome>, SubmissionError> {
        let mut outcomes = Vec::with_capacity(to.len());
        for mailbox in to {
            let rcpt = Rcpt::new(self.address(mailbox)?, vec![]);
            let some_accepted = outcomes.contains(&Outcome::Sent);
            outcomes.push(match self.command("RCPT", rcpt).await? {
                Reply::Positive(_) => Outcome::Sent,
                // Too many for one transaction, nothing wrong with the mailbox (CASES O-09). RFC 5321 §4.5.3.1.10 wants
                // 452 and knows that servers say 552; others say 5.5.3 behind some code.
                Reply::Negative { code, text } if some_accepted && too_many(code, &text) => {
                    Outcome::Deferred { code, text }
                }
                Reply::Negative { code: 421, text } => {
                    // The server hangs up now: the rest cannot be asked, and those accepted get nothing.
                    return Ok(vec![Outcome::Deferred { code: 421, text }; to.len()]);
                }
                Reply::Negative { code, text } => Outcome::refused(code, text),
            });
        }
        Ok(outcomes)
    }

    /// Streams the body past `lettre`'s codec, which takes every octet singly (twice our CPU), always adds a line break,
    /// and could not stop before the final dot where the body fails. Returns the server's refusal, if it refused.
    async fn body<B: AsRef<[u8]>>(
        &mut self,
        size: u64,
        body: impl Iterator<Item = io::Result<B>>,
    ) -> Result<Option<(u16, String)>, SubmissionError> {
        let mut stuffing = Stuffing::new();
        let mut out = Vec::with_capacity(2 * WRITE);
        let mut passed = 0u64;
        for chunk in body {
            let chunk = chunk.map_err(SubmissionError::Body)?;
            let chunk = chunk.as_ref();
            passed = passed.saturating_add(chunk.len() as u64);
            if passed > size {
                return Err(wrong_length(passed, size));
            }
            for piece in chunk.chunks(WRITE) {
                stuffing.pass(piece, &mut out);
                if out.len() >= WRITE {
                    if let Some(refusal) = self.write(&out).await? {
                        return Ok(Some(refusal));
                    }
                    out.clear();
                }
            }
        }
        if passed != size {
            return Err(wrong_length(passed, size));
        }
        if let Some(refusal) = self.write(&out).await? {
            return Ok(Some(refusal));
        }
        self.finish(stuffing.end()).await
    }

    /// Writes a piece of the body. Where that fails the server may have said why before it hung up.
    async fn write(&mut self, piece: &[u8]) -> Result<Option<(u16, String)>, SubmissionError> {
        let written = match timeout(self.timeout, self.line.write_all(piece)).await {
            Ok(written) => written,
            Err(_) => return Err(self.timed_out("the message")),
        };
        let Err(error) = written else {
            return Ok(None);
        };
        let said = timeout(self.timeout, self.talk.read_response()).await;
        match said.ok().map(|said| self.reply("the message", said)) {
            Some(Ok(Reply::Negative { code, text })) => Ok(Some((code, text))),
            _ => Err(self.lost(error)),
        }
    }

    /// The final dot and the verdict. From its first octet on, no failure proves that nothing was delivered.
    async fn finish(&mut self, end: &[u8]) -> Result<Option<(u16, String)>, SubmissionError> {
        let host = self.host.clone();
        let uncertain = move |why: &str| {
            tracing::warn!(host, why, "smtp answer to the message is missing");
            SubmissionError::Uncertain { host }
        };
        let ended = async {
            self.line.write_all(end).await?;
            self.line.flush().await
        };
        if !matches!(timeout(self.timeout, ended).await, Ok(Ok(()))) {
            return Err(uncertain("the end could not be sent"));
        }
        let patience = self.timeout.saturating_mul(PATIENCE_AFTER_DOT);
        let Ok(said) = timeout(patience, self.talk.read_response()).await else {
            return Err(uncertain("time-out"));
        };
        match self.reply("the message", said) {
            Ok(Reply::Positive(_)) => Ok(None),
            Ok(Reply::Negative { code, text }) => Ok(Some((code, text))),
            Err(_) => Err(uncertain("connection lost")),
        }
    }

    /// Clears a refused transaction: Postfix keeps a 552 in mind for the next MAIL otherwise. A 421 needs none, the
    /// server is gone. Where RSET fails the verdict stands and the connection is not used again.
    async fn reset(&mut self, code: u16) {
        self.usable = false;
        if code != 421 {
            self.usable = matches!(self.command("RSET", Rset).await, Ok(Reply::Positive(_)));
        }
    }

    fn address(&mut self, mailbox: &Mailbox) -> Result<Address, SubmissionError> {
        Address::new(mailbox.local_part(), mailbox.domain()).map_err(|_| {
            // `Mailbox` is stricter than `Address`; a new `lettre` might not think so. Nothing was sent yet.
            self.protocol(&format!("lettre cannot write the address {mailbox}"))
        })
    }
}

fn too_many(code: u16, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    matches!(code, 452 | 552) || text.contains("5.5.3") || text.contains("too many recipients")
}

fn wrong_length(passed: u64, size: u64) -> SubmissionError {
    let text = format!("it has {passed} bytes or more and {size} were announced");
    let text = match passed > size {
        true => text,
        false => format!("it ended after {passed} bytes and {size} were announced"),
    };
    SubmissionError::Body(io::Error::new(io::ErrorKind::InvalidData, text))
}
