//! The writing side of an IMAP connection: counts the bytes of each answer, and cuts one short
//! where a fault says so.

use crate::{faults::Fault, store::Shared};
use std::{io, sync::Arc};
use tokio::{
    io::{AsyncWriteExt, BufWriter},
    net::tcp::OwnedWriteHalf,
};

const BUFFER: usize = 64 * 1024;

pub(super) struct Output {
    writer: BufWriter<OwnedWriteHalf>,
    shared: Arc<Shared>,
    pub(super) account: Option<String>,
    /// Where in the log the command stands that is being answered.
    entry: Option<usize>,
    sent: u64,
}

impl Output {
    pub(super) fn new(socket: OwnedWriteHalf, shared: Arc<Shared>) -> Self {
        let writer = BufWriter::with_capacity(BUFFER, socket);
        Self {
            writer,
            shared,
            account: None,
            entry: None,
            sent: 0,
        }
    }

    /// The bytes that follow answer the command at this place of the log.
    pub(super) fn begin_answer(&mut self, entry: usize) {
        self.entry = Some(entry);
        self.sent = 0;
    }

    pub(super) async fn text(&mut self, text: &str) -> io::Result<()> {
        self.bytes(text.as_bytes()).await
    }

    /// Large slices go to the socket as they are, past the buffer.
    pub(super) async fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        let after = self.sent + u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let cut = self
            .shared
            .rules
            .take(self.account.as_deref(), |fault| match fault {
                Fault::CutAnswer(most) if self.entry.is_some() && after > *most => Some(*most),
                _ => None,
            });
        let Some(most) = cut else {
            self.sent = after;
            return self.writer.write_all(bytes).await;
        };
        let left = usize::try_from(most.saturating_sub(self.sent)).unwrap_or(usize::MAX);
        self.writer
            .write_all(&bytes[..left.min(bytes.len())])
            .await?;
        self.sent = self.sent.max(most);
        self.flush().await?;
        Err(io::ErrorKind::ConnectionAborted.into())
    }

    /// The log is brought up to date first: who has the answer finds its size there.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        if let Some(entry) = self.entry
            && let Some(command) = self.shared.state().commands.get_mut(entry)
        {
            command.bytes_sent = self.sent;
        }
        self.writer.flush().await
    }
}
