//! A signed-in session: commands out, answers in, each parsed alone.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use async_imap::imap_proto::Response;

use zeroize::Zeroizing;

use super::capabilities::Capabilities;
use super::copied::Copied;
use super::error::{MailboxError, Unreadable};
use super::folder::Folder;
use super::wire::{Answer, Sink, Wire};
use crate::endpoint::{Account, printable};

/// A session with the mail server, signed in. It keeps the account to open itself anew when one message's answer costs
/// the connection.
pub struct Session {
    pub(super) account: Account,
    pub(super) wire: Wire,
    pub(super) capabilities: Capabilities,
    /// The folder that is open, and its UIDVALIDITY.
    pub(super) selected: Option<(String, u32)>,
    /// UIDVALIDITY of each folder as first seen in this session; another value is refused from then on.
    pub(super) validity: BTreeMap<String, u32>,
    pub(super) folders: Option<Vec<Folder>>,
    /// The first UID of each folder that no scan of this session saw.
    pub(super) unseen_from: BTreeMap<String, u32>,
    /// Where the messages of the last MOVE went.
    pub(super) copied: Vec<Copied>,
    /// How often BINARY was refused.
    pub(super) binary_refusals: u32,
    /// Octets that came over connections before this one.
    pub(super) received_before: u64,
    /// It was said that nothing can be removed here.
    pub(super) said_left: bool,
    pub(super) last_tag: u32,
    /// True while a command waits for its end. Still true at the next command, it was given up half-way (error,
    /// time-out, dropped future), and nobody can tell whose the next answer is.
    pub(super) busy: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("account", &self.account)
            .field("selected", &self.selected)
            .finish_non_exhaustive()
    }
}

/// An untagged answer, as the commands see it.
pub(super) enum Untagged<'a> {
    /// Parsed.
    Response(Response<'a>),
    /// About a message, and not to be parsed.
    Unreadable(Unreadable),
}

/// How a command ended.
pub(super) enum Ending {
    Ok,
    /// NO or BAD, and the server's words.
    Refused(String),
}

/// Deeper answers are not given to the parser, which calls itself for each level and would overflow the stack in the
/// end. Real mail nests a few levels; an envelope takes three more.
const DEEPEST: usize = 64;
/// More messages than one MOVE names.
const MOST_MOVED: usize = 1_000;

impl Session {
    /// What the server can do, as asked after the sign-in.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// How many octets this session has received, those of TLS itself not counted.
    pub fn received(&self) -> u64 {
        self.received_before + self.wire.received()
    }

    /// Takes leave; a server that does not answer is left alone after the account's time-out.
    pub async fn logout(mut self) {
        // Nothing hangs on the answer.
        let _ = self.run("LOGOUT", "LOGOUT", |_| {}).await;
    }

    /// Runs one command and hands each untagged answer to `on`.
    pub(super) async fn run(
        &mut self,
        step: &'static str,
        command: &str,
        on: impl FnMut(Untagged<'_>) + Send,
    ) -> Result<Ending, MailboxError> {
        self.run_streaming(step, command, None, on).await
    }

    /// Like [`Session::run`], where a NO or BAD is an error.
    pub(super) async fn run_ok(
        &mut self,
        step: &'static str,
        command: &str,
        on: impl FnMut(Untagged<'_>) + Send,
    ) -> Result<(), MailboxError> {
        match self.run(step, command, on).await? {
            Ending::Ok => Ok(()),
            Ending::Refused(said) => Err(self.refused(step, said)),
        }
    }

    /// Like [`Session::run`]; the bytes of body sections go to `sink`.
    pub(super) async fn run_streaming(
        &mut self,
        step: &'static str,
        command: &str,
        mut sink: Option<Sink<'_>>,
        mut on: impl FnMut(Untagged<'_>) + Send,
    ) -> Result<Ending, MailboxError> {
        let tag = self.send(step, command).await?;
        let mut farewell = None;
        let mut renamed = None;
        loop {
            let mut answer = match self.wire.answer(reborrow(&mut sink)).await {
                Ok(answer) => answer,
                Err(error) => return Err(self.ended(step, error, farewell)),
            };
            if sink.is_some() {
                as_body(&mut answer.bytes);
            }
            let bytes = answer.bytes.as_slice();
            if let Some(said) = bytes.strip_prefix(b"* BYE") {
                farewell = Some(words(said));
            } else if bytes.starts_with(b"* ") {
                if bytes
                    .get(..5)
                    .is_some_and(|start| start.eq_ignore_ascii_case(b"* OK "))
                {
                    self.note_copied(bytes);
                    renamed = renamed.or(self.other_validity(bytes));
                }
                on(parse(&answer));
            } else if let Some(ending) = ending(&tag, bytes) {
                self.busy = false;
                self.note_copied(bytes);
                if let Some(error) = renamed {
                    self.selected = None;
                    return Err(error);
                }
                return ending.map_err(|text| self.protocol(&text));
            } else {
                // A continuation that nobody asked for, or the end of another command.
                return Err(self.protocol("an answer to something else"));
            }
        }
    }

    /// RFC 6851 §4.3 lets the server tell in the last line of a MOVE or before it, at once or message by message.
    fn note_copied(&mut self, line: &[u8]) {
        if self.copied.len() < MOST_MOVED {
            self.copied.extend(Copied::read(line, MOST_MOVED));
        }
    }

    /// A server may say in the midst of a session that the open folder was made anew: its UIDs are void from then on.
    fn other_validity(&self, line: &[u8]) -> Option<MailboxError> {
        let (folder, was) = self.selected.as_ref()?;
        let code = line.get(5..)?.strip_prefix(b"[UIDVALIDITY ")?;
        let digits = code.split(|&c| c == b']').next()?;
        let now: u32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
        (now != *was).then(|| MailboxError::UidValidityChanged {
            folder: folder.clone(),
            was: *was,
            now,
        })
    }

    /// Runs a command that goes on with one of `lines` each time the server asks for more. Gives what it asked last.
    pub(super) async fn run_continued(
        &mut self,
        step: &'static str,
        command: &str,
        lines: &[&[u8]],
    ) -> Result<(Ending, Vec<u8>), MailboxError> {
        let tag = self.send(step, command).await?;
        let (mut lines, mut asked) = (lines.iter(), Vec::new());
        loop {
            let answer = self.wire.answer(None).await;
            let bytes = answer.map_err(|e| self.lost(step, e))?.bytes;
            if let Some(more) = bytes.strip_prefix(b"+") {
                let Some(line) = lines.next() else {
                    return Err(self.protocol("it asks again what was answered"));
                };
                asked = more.to_vec();
                let sent = self.wire.send(line).await;
                sent.map_err(|e| self.lost(step, e))?;
                self.wire.begin_answer();
            } else if let Some(ending) = ending(&tag, &bytes) {
                self.busy = false;
                let ending = ending.map_err(|text| self.protocol(&text))?;
                return Ok((ending, asked));
            }
        }
    }

    pub(super) async fn send(
        &mut self,
        step: &'static str,
        command: &str,
    ) -> Result<String, MailboxError> {
        if self.busy {
            return Err(self.lost(step, io::ErrorKind::NotConnected.into()));
        }
        self.busy = true;
        self.last_tag = self.last_tag.wrapping_add(1);
        let tag = format!("h{}", self.last_tag);
        let line = Zeroizing::new(format!("{tag} {command}\r\n"));
        let sent = self.wire.send(line.as_bytes()).await;
        sent.map_err(|e| self.lost(step, e))?;
        self.wire.begin_answer();
        Ok(tag)
    }

    pub(super) fn lost(&self, step: &'static str, source: io::Error) -> MailboxError {
        lost(&self.account, step, source)
    }

    /// The connection's end, with the server's last words taken into account.
    pub(super) fn ended(
        &self,
        step: &'static str,
        error: io::Error,
        farewell: Option<String>,
    ) -> MailboxError {
        match farewell {
            Some(said) if too_many_connections(&said) => MailboxError::TooManyConnections {
                host: self.account.endpoint.host.clone(),
                said,
            },
            Some(said) => {
                let source = io::Error::new(io::ErrorKind::ConnectionAborted, said);
                self.lost(step, source)
            }
            None => self.lost(step, error),
        }
    }

    pub(super) fn refused(&self, command: &'static str, said: String) -> MailboxError {
        MailboxError::Refused {
            host: self.account.endpoint.host.clone(),
            command,
            said,
        }
    }

    pub(super) fn protocol(&self, text: &str) -> MailboxError {
        MailboxError::Protocol {
            host: self.account.endpoint.host.clone(),
            text: text.to_owned(),
        }
    }
}

/// The parser does not know BINARY (RFC 3516), whose answers look like those of BODY.
fn as_body(answer: &mut Vec<u8>) {
    const BINARY: &[u8] = b"BINARY[";
    let found = answer
        .windows(BINARY.len())
        .position(|word| word.eq_ignore_ascii_case(BINARY));
    if let Some(at) = found {
        answer.splice(at..at + BINARY.len(), *b"BODY[");
    }
}

fn reborrow<'a>(sink: &'a mut Option<Sink<'_>>) -> Option<Sink<'a>> {
    match sink {
        Some(sink) => Some(&mut **sink),
        None => None,
    }
}

pub(super) fn lost(account: &Account, step: &'static str, source: io::Error) -> MailboxError {
    let host = account.endpoint.host.clone();
    tracing::debug!(host, step, kind = ?source.kind(), "imap connection lost");
    match source.kind() {
        io::ErrorKind::TimedOut => MailboxError::TimedOut { host, step },
        io::ErrorKind::InvalidData => MailboxError::Protocol {
            host,
            text: source.to_string(),
        },
        _ => MailboxError::Unreachable { host, source },
    }
}

/// Gives one answer to the parser. What it cannot read, or would fall over, is unreadable and nothing else suffers.
pub(super) fn parse(answer: &Answer) -> Untagged<'_> {
    if answer.oversized {
        return Untagged::Unreadable(Unreadable::TooLarge);
    }
    if answer.deepest > DEEPEST {
        return Untagged::Unreadable(Unreadable::TooDeep);
    }
    // imap-proto unwraps in places, such as at `INTERNALDATE NIL`.
    let parsed = catch_unwind(AssertUnwindSafe(|| Response::parse(&answer.bytes)));
    match parsed {
        Ok(Ok((_, response))) => Untagged::Response(response),
        Ok(Err(_)) | Err(_) => Untagged::Unreadable(Unreadable::Unparsable),
    }
}

/// The end of the command with this tag, if the line is one.
pub(super) fn ending(tag: &str, line: &[u8]) -> Option<Result<Ending, String>> {
    let rest = line.strip_prefix(tag.as_bytes())?.strip_prefix(b" ")?;
    let (status, said) = match rest.iter().position(|&c| c == b' ') {
        Some(at) => rest.split_at(at),
        None => (rest.trim_ascii_end(), &b""[..]),
    };
    Some(match status.to_ascii_uppercase().as_slice() {
        b"OK" => Ok(Ending::Ok),
        b"NO" | b"BAD" => Ok(Ending::Refused(words(said))),
        _ => Err("a command ended with neither OK nor NO nor BAD".to_owned()),
    })
}

/// The server's words, fit to be shown.
pub(super) fn words(said: &[u8]) -> String {
    printable(&String::from_utf8_lossy(said))
}

/// CASES O-03: `Too many simultaneous connections` (Gmail), `Maximum number of connections from user+IP exceeded`
/// (Dovecot), `[LIMIT]` (RFC 5530 §3).
pub(super) fn too_many_connections(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    let many = ["too many", "maximum number", "[limit]", "exceeded"];
    many.iter().any(|word| said.contains(word))
        && (said.contains("connection") || said.contains("[limit]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(structure: &str, deepest: usize) -> bool {
        let answer = Answer {
            bytes: format!("* 1 FETCH (UID 1 BODYSTRUCTURE {structure})\r\n").into_bytes(),
            deepest,
            ..Answer::default()
        };
        matches!(parse(&answer), Untagged::Response(_))
    }

    // The parser goes back and tries another way at every level; it must neither overflow a thread's stack nor take
    // exponential time at the depth it is given, whether the innermost body is good or bad.
    #[test]
    fn the_parser_stands_the_depth_it_is_given() {
        let envelope = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";
        let forwarded = format!(r#"("message" "rfc822" NIL NIL NIL "7bit" 5 {envelope} "#);
        let leaf = r#"("text" "plain" NIL NIL NIL "7bit" 5 1)"#;
        let depth = DEEPEST - 2;
        let nested = |open: &str, inner: &str, close: &str| {
            format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
        };
        let start = std::time::Instant::now();
        assert!(read(
            &nested("(", leaf, r#" "mixed" NIL NIL NIL NIL)"#),
            DEEPEST
        ));
        assert!(read(&nested(&forwarded, leaf, " 1)"), DEEPEST));
        for bad in [
            "(",
            "NIL",
            r#"("text" "plain" NIL"#,
            r#"(("a" "b" NIL NIL NIL "7bit" 5))"#,
        ] {
            read(&nested("(", bad, r#" "mixed" NIL NIL NIL NIL)"#), DEEPEST);
            read(&nested(&forwarded, bad, " 1)"), DEEPEST);
            read(
                &nested(&format!("{leaf}("), bad, r#" "mixed" ("a" "b")  (("x")))"#),
                DEEPEST,
            );
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(5));
        assert!(!read(leaf, DEEPEST + 1));
    }
}
