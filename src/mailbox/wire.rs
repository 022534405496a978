//! Bytes to answers: cuts what the server sends at the ends of its answers, with every wait under a time-out and memory
//! bounded whatever is sent.
//!
//! RFC 3501 §4.3: a line of the server that ends with `{n}` goes on after n octets (a literal). Only then is the next
//! line part of the same answer.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

/// What an IMAP connection runs over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// The longest answer that is kept; the structure of 9,000 body parts takes about 2 MB.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;
/// The most that is kept of one literal inside an answer, such as a header field; the rest is read and dropped.
const LONGEST_LITERAL: u64 = 256 * 1024;
/// The most octets and the longest time that one command's answers take. Whoever says more does not come to an end.
const LONGEST_ANSWERS: u64 = 64 * 1024 * 1024;
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 60);
/// How much is read from the stream at once.
const BUFFER: usize = 64 * 1024;
/// Enough of a line's end to hold any announcement of a literal.
const TAIL: usize = 32;

/// Takes the bytes of a body part as they come.
pub(super) type Sink<'a> = &'a mut (dyn FnMut(&[u8]) + Send);

/// One whole answer of the server.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Its bytes, with literals in their place; cut off when `oversized`.
    pub(super) bytes: Vec<u8>,
    /// How deep its parentheses nest, outside of strings.
    pub(super) deepest: usize,
    pub(super) depth: usize,
    /// Longer than [`LONGEST_ANSWER`]; read to its end nevertheless.
    pub(super) oversized: bool,
    /// How many bytes went to the sink.
    pub(super) streamed: u64,
}

/// The connection and what was read ahead of it.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    wait: Duration,
    /// Octets read so far, under TLS.
    received: u64,
    /// How many may still be read, and until when, for the command that is being answered.
    budget: u64,
    deadline: Instant,
    /// How many octets of body sections were asked for and did not come yet.
    asked: u64,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>, wait: Duration) -> Self {
        Wire {
            stream,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            start: 0,
            end: 0,
            wait,
            received: 0,
            budget: LONGEST_ANSWERS,
            deadline: Instant::now() + LONGEST_WAIT,
            asked: 0,
        }
    }

    /// The bare stream, for STARTTLS. What was read ahead is forgotten: it came before TLS and may be forged.
    pub(super) fn into_stream(self) -> Box<dyn Stream> {
        self.stream
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let sent = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(self.wait, sent)
            .await
            .map_err(|_| io::ErrorKind::TimedOut)?
    }

    /// A command was sent: what follows answers it.
    pub(super) fn begin_answer(&mut self) {
        self.budget = LONGEST_ANSWERS;
        self.deadline = Instant::now() + LONGEST_WAIT;
    }

    /// So many octets of body sections are asked for by the next command, and no more are read of them.
    pub(super) fn ask_for(&mut self, octets: u64) {
        self.asked = octets;
    }

    /// How many octets came so far, those of TLS itself not counted.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Waits until something can be read; false when `until` comes first. May be dropped while it waits.
    pub(super) async fn readable(&mut self, until: Instant) -> io::Result<bool> {
        if self.start < self.end {
            return Ok(true);
        }
        // The rest of a line that begins now has its time from now.
        self.begin_answer();
        match timeout_at(until, self.stream.read(&mut self.buffer)).await {
            Ok(read) => self.filled(read?).map(|()| true),
            Err(_) => Ok(false),
        }
    }

    /// Reads one answer. The literal of a body section goes to `sink`, if there is one, instead of into the answer,
    /// where an empty one stands for it.
    pub(super) async fn answer(&mut self, mut sink: Option<Sink<'_>>) -> io::Result<Answer> {
        let mut answer = Answer::default();
        loop {
            let Some(announced) = self.line(&mut answer).await? else {
                return Ok(answer);
            };
            answer.plain_literal();
            let sink = match &mut sink {
                Some(sink) if is_body(&answer.bytes) => Some(sink),
                _ => None,
            };
            let kept = match sink {
                Some(_) => 0,
                None => announced.min(LONGEST_LITERAL),
            };
            if kept < announced && !answer.oversized {
                let front = answer.bytes.iter().rposition(|&c| c == b'{');
                answer.bytes.truncate(front.unwrap_or_default());
                answer
                    .bytes
                    .extend_from_slice(format!("{{{kept}}}\r\n").as_bytes());
            }
            self.literal(kept, &mut |piece| answer.keep(piece)).await?;
            match sink {
                // Said at once: a declared length may be anything, and reading it to its end take for ever.
                Some(_) if announced > self.asked => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "it sent more than it was asked for",
                    ));
                }
                Some(sink) => {
                    self.asked -= announced;
                    self.literal(announced, &mut **sink).await?;
                    answer.streamed += announced;
                }
                None => self.literal(announced - kept, &mut |_| {}).await?,
            }
        }
    }

    /// Appends one line with its line break, and says how long a literal it announces.
    async fn line(&mut self, answer: &mut Answer) -> io::Result<Option<u64>> {
        // Kept apart, because an oversized answer does not hold the end of its line.
        let mut tail = Vec::with_capacity(2 * TAIL);
        let mut quoted = false;
        loop {
            if self.start == self.end {
                self.fill().await?;
            }
            let fresh = &self.buffer[self.start..self.end];
            let end = fresh.iter().position(|&c| c == b'\n');
            let piece = &fresh[..end.map_or(fresh.len(), |at| at + 1)];
            self.start += piece.len();
            answer.keep(piece);
            answer.nest(piece, &mut quoted);
            tail.extend_from_slice(&piece[piece.len().saturating_sub(TAIL)..]);
            tail.drain(..tail.len().saturating_sub(TAIL));
            if end.is_some() {
                return Ok(announced(&tail).filter(|_| holds_literals(&answer.bytes)));
            }
        }
    }

    /// Hands the next `length` octets on as they come.
    async fn literal(
        &mut self,
        mut length: u64,
        take: &mut (dyn FnMut(&[u8]) + Send),
    ) -> io::Result<()> {
        while length > 0 {
            if self.start == self.end {
                self.fill().await?;
            }
            let fresh = &self.buffer[self.start..self.end];
            let taken = fresh
                .len()
                .min(usize::try_from(length).unwrap_or(usize::MAX));
            take(&fresh[..taken]);
            self.start += taken;
            length -= taken as u64;
        }
        Ok(())
    }

    async fn fill(&mut self) -> io::Result<()> {
        let now = Instant::now();
        if self.budget == 0 || now >= self.deadline {
            return Err(endless());
        }
        let read = timeout(self.wait, self.stream.read(&mut self.buffer));
        let read = read.await.map_err(|_| io::ErrorKind::TimedOut)??;
        self.filled(read)
    }

    fn filled(&mut self, read: usize) -> io::Result<()> {
        self.start = 0;
        self.end = read;
        self.received += read as u64;
        self.budget = self.budget.saturating_sub(read as u64);
        match read {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Answer {
    fn keep(&mut self, piece: &[u8]) {
        let room = LONGEST_ANSWER.saturating_sub(self.bytes.len());
        self.oversized |= piece.len() > room;
        self.bytes
            .extend_from_slice(&piece[..piece.len().min(room)]);
    }

    /// RFC 3516 §6.1: `~{n}` is a literal that may hold any octet, and `{n}` to the parser.
    fn plain_literal(&mut self) {
        let front = self.bytes.iter().rposition(|&c| c == b'{');
        if let Some(at) = front.and_then(|front| front.checked_sub(1))
            && self.bytes[at] == b'~'
        {
            self.bytes.remove(at);
        }
    }

    /// Counts parentheses outside of quoted strings; a quoted string ends within its line.
    fn nest(&mut self, piece: &[u8], quoted: &mut bool) {
        let mut escaped = false;
        for &c in piece {
            match c {
                _ if escaped => escaped = false,
                b'\\' if *quoted => escaped = true,
                b'"' => *quoted = !*quoted,
                b'(' if !*quoted => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b')' if !*quoted => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

/// The server says more than any answer has, or takes longer.
fn endless() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "its answer does not come to an end",
    )
}

/// The `n` of a line that ends with `{n}`.
fn announced(tail: &[u8]) -> Option<u64> {
    let line = tail.strip_suffix(b"\r\n").or(tail.strip_suffix(b"\n"))?;
    let digits = line.strip_suffix(b"}")?;
    let open = digits.iter().rposition(|&c| c == b'{')?;
    let digits = std::str::from_utf8(&digits[open + 1..]).ok()?;
    let plain = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// Only untagged data holds literals; status answers and continuations end in free text, which may look like one.
fn holds_literals(answer: &[u8]) -> bool {
    let Some(data) = answer.strip_prefix(b"* ") else {
        return false;
    };
    let word = data.split(|&c| c == b' ').next().unwrap_or_default();
    ![&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"]
        .iter()
        .any(|status| word.eq_ignore_ascii_case(status))
}

/// Whether the literal announced at the end is that of `BODY[…]` or `BODY[…]<n>`, or of BINARY.
fn is_body(answer: &[u8]) -> bool {
    let front = answer.iter().rposition(|&c| c == b'{').unwrap_or_default();
    matches!(answer[..front].trim_ascii_end(), [.., b']' | b'>'])
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answers(bytes: &[u8], cut: usize) -> Vec<Answer> {
        let (ours, mut theirs) = tokio::io::duplex(cut);
        let mut wire = Wire::new(Box::new(ours), Duration::from_secs(5));
        let sent = async {
            // The reader may leave early; the test then fails by what it read.
            let _ = theirs.write_all(bytes).await;
            drop(theirs);
        };
        let read = async {
            let mut all = Vec::new();
            while let Ok(answer) = wire.answer(None).await {
                all.push(answer);
            }
            all
        };
        tokio::join!(sent, read).1
    }

    #[tokio::test]
    async fn answers_are_cut_at_their_ends_however_the_bytes_arrive() {
        let bytes = b"* OK see {3}\r\n* 1 FETCH (UID 7 BODY[HEADER] {5}\r\n)\r\n(( X \"a)\\\")\")\r\na1 OK {9}\r\n";
        for cut in [1, 2, 7, 1000] {
            let all = answers(bytes, cut).await;
            assert_eq!(all.len(), 3, "{all:?}");
            assert_eq!(all[1].bytes, &bytes[14..bytes.len() - 11]);
            assert_eq!((all[1].deepest, all[1].oversized), (1, false));
        }
    }

    #[tokio::test]
    async fn a_huge_literal_is_cut_short_and_the_next_answer_is_still_found() {
        let mut bytes = b"* 1 FETCH (BODY[HEADER] {3000000}\r\n".to_vec();
        bytes.resize(bytes.len() + 3_000_000, b'x');
        bytes.extend_from_slice(b")\r\na1 OK done\r\n");
        let all = answers(&bytes, 100_000).await;
        assert_eq!(all.len(), 2);
        assert!(
            all[0]
                .bytes
                .starts_with(b"* 1 FETCH (BODY[HEADER] {262144}\r\nxx")
        );
        assert!(all[0].bytes.ends_with(b"xx)\r\n"));
    }

    #[tokio::test]
    async fn an_endless_line_is_not_kept_and_the_next_answer_is_still_found() {
        let mut bytes = b"* 1 FETCH (BODYSTRUCTURE ".to_vec();
        bytes.resize(bytes.len() + 20_000_000, b'(');
        bytes.extend_from_slice(b" {4}\r\nabcd)\r\na1 OK done\r\n");
        let all = answers(&bytes, 100_000).await;
        assert_eq!(all.len(), 2);
        assert!(all[0].oversized && all[0].bytes.len() <= LONGEST_ANSWER + 64);
        assert_eq!(all[1].bytes, b"a1 OK done\r\n");
    }

    #[tokio::test]
    async fn a_body_goes_to_the_sink_and_leaves_an_empty_literal() {
        let (ours, mut theirs) = tokio::io::duplex(1000);
        let mut wire = Wire::new(Box::new(ours), Duration::from_secs(5));
        let bytes = b"* 1 FETCH (UID 7 BODY[1]<0> {5}\r\na\r\n) X {1}\r\nb)\r\n";
        theirs.write_all(bytes).await.expect("room for all");
        wire.ask_for(5);
        let mut got = Vec::new();
        let mut sink = |piece: &[u8]| got.extend_from_slice(piece);
        let answer = wire.answer(Some(&mut sink)).await.expect("an answer");
        assert_eq!(
            answer.bytes,
            b"* 1 FETCH (UID 7 BODY[1]<0> {0}\r\nX {1}\r\nb)\r\n"
        );
        assert_eq!((got.as_slice(), answer.streamed), (&b"a\r\n) "[..], 5));
    }
}
