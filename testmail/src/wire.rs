//! Lines and bytes from a socket, with limits.

use std::io;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::tcp::OwnedReadHalf,
};

const BUFFER: usize = 64 * 1024;

/// A line without its end.
pub(crate) enum Line {
    Whole(Vec<u8>),
    TooLong,
    /// The peer closed the connection.
    End,
}

/// The reading side of a connection.
pub(crate) struct Input {
    reader: BufReader<OwnedReadHalf>,
    line: Vec<u8>,
    too_long: bool,
}

impl Input {
    pub(crate) fn new(socket: OwnedReadHalf) -> Self {
        let reader = BufReader::with_capacity(BUFFER, socket);
        Self {
            reader,
            line: Vec::new(),
            too_long: false,
        }
    }

    /// Reads a line of at most `limit` bytes; a longer one is skipped to its end.
    /// May be dropped while it waits: what came stays for the next call.
    pub(crate) async fn line(&mut self, limit: usize) -> io::Result<Line> {
        loop {
            let came = self.reader.fill_buf().await?;
            if came.is_empty() {
                return Ok(Line::End);
            }
            let newline = memchr::memchr(b'\n', came);
            let used = newline.map_or(came.len(), |at| at + 1);
            if self.line.len() + used > limit {
                self.too_long = true;
                self.line.clear();
            }
            if !self.too_long {
                self.line.extend_from_slice(&came[..used]);
            }
            self.reader.consume(used);
            if newline.is_some() {
                if std::mem::take(&mut self.too_long) {
                    return Ok(Line::TooLong);
                }
                let mut line = std::mem::take(&mut self.line);
                line.pop();
                line.pop_if(|last| *last == b'\r');
                return Ok(Line::Whole(line));
            }
        }
    }

    /// The bytes at hand, at least one unless the peer closed. `used` then takes them away.
    pub(crate) async fn chunk(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf().await
    }

    pub(crate) fn used(&mut self, bytes: usize) {
        self.reader.consume(bytes);
    }

    /// Appends exactly so many bytes.
    pub(crate) async fn exactly(&mut self, bytes: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let read = (&mut self.reader).take(bytes).read_to_end(into).await?;
        if u64::try_from(read) != Ok(bytes) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// More was sent than was read yet: answers may wait for each other (pipelining).
    pub(crate) fn has_more(&self) -> bool {
        !self.reader.buffer().is_empty()
    }
}
