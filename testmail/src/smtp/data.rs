//! DATA: takes a message in, then delivers it, refuses it or loses it.

use super::session::{Outcome, Session};
use crate::{
    clock, delivery,
    faults::{Fault, Reply},
    store,
};
use smtp_proto::request::receiver::DataReceiver;
use std::io;

/// Room kept ready for an announced size; a larger announcement is not believed.
const ROOM: usize = 32 * 1024 * 1024;

impl Session {
    pub(super) async fn data(&mut self) -> io::Result<()> {
        let Some(open) = &self.open else {
            return self.answer(503, "5.5.1 MAIL first").await;
        };
        if open.accounts.is_empty() {
            return self.answer(554, "5.5.1 no valid recipients").await;
        }
        let room = open.log.announced_size.unwrap_or_default().min(ROOM);
        let mut message = self.trace_fields().into_bytes();
        let traces = message.len();
        message.reserve(room);
        self.answer(354, "end with a dot alone on a line").await?;
        self.flush().await?;

        let received = self.receive(&mut message, traces).await;
        let size = match &received {
            Ok(size) | Err(Cut::AfterBytes(size)) => *size,
            Err(Cut::Io(_)) => message.len() - traces,
        };
        if let Some(open) = &mut self.open {
            open.log.bytes_received = size;
        }
        match received {
            Ok(size) => self.decide(&message, size).await,
            Err(Cut::AfterBytes(_)) => Err(io::ErrorKind::ConnectionAborted.into()),
            Err(Cut::Io(error)) => Err(error),
        }
    }

    /// Return-Path, Delivered-To and Received. As with Postfix and LMTP, a recipient is named only
    /// where there is but one: of several, none shall learn of the others.
    fn trace_fields(&self) -> String {
        let number = {
            let mut state = self.shared.state();
            state.submissions += 1;
            state.submissions
        };
        let date = clock::header_date(store::now());
        let client: String = self
            .client
            .chars()
            .filter(|letter| letter.is_ascii_graphic())
            .collect();
        let Some(open) = &self.open else {
            return String::new();
        };
        let mut accepted = open
            .log
            .recipients
            .iter()
            .filter(|(_, code)| *code == 250)
            .map(|(address, _)| address);
        let only = accepted.next().filter(|_| open.accounts.len() == 1);
        let delivered = only.map_or(String::new(), |to| format!("Delivered-To: {to}\r\n"));
        let meant = only.map_or(String::new(), |to| format!("\r\n\tfor <{to}>"));
        format!(
            "Return-Path: <{}>\r\n{delivered}Received: from {client} (unknown [127.0.0.1])\r\n\
             \tby testmail.invalid (testmail) with ESMTPA id {number}{meant};\r\n\t{date}\r\n",
            open.log.mail_from
        )
    }

    /// Reads up to the final dot. What goes beyond the limit is counted, not kept.
    async fn receive(&mut self, message: &mut Vec<u8>, traces: usize) -> Result<usize, Cut> {
        let sender = self.account.clone();
        let limit = self.message_limit();
        let mut receiver = DataReceiver::new();
        // A message may begin with the final dot: the receiver must know it is at a line's start.
        receiver.ingest(&mut b"\r\n".iter(), &mut Vec::new());
        let mut dropped = 0;
        loop {
            let came = self.input.chunk().await?;
            if came.is_empty() {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
            let mut rest = came.iter();
            let ended = receiver.ingest(&mut rest, message);
            let used = came.len() - rest.as_slice().len();
            self.input.used(used);
            let size = message.len() - traces + dropped;
            let cut = self
                .shared
                .rules
                .take(sender.as_deref(), |fault| match fault {
                    Fault::CutData(bytes) if size > *bytes => Some(*bytes),
                    _ => None,
                });
            if let Some(bytes) = cut {
                return Err(Cut::AfterBytes(bytes));
            }
            if ended {
                return Ok(size);
            }
            if size > limit {
                // The last byte stays: the receiver takes it back if it was the CR of the end.
                let surplus = message.len() - traces - 1;
                message.drain(traces..traces + surplus);
                dropped += surplus;
            }
        }
    }

    async fn decide(&mut self, message: &[u8], size: usize) -> io::Result<()> {
        let sender = self.account.clone();
        let fault = self
            .shared
            .rules
            .take(sender.as_deref(), |fault| match fault {
                Fault::Data(_) | Fault::LoseAnswer | Fault::LoseMessage => Some(fault.clone()),
                _ => None,
            });
        let refused = match &fault {
            Some(Fault::Data(reply)) => Some(reply.clone()),
            _ if size > self.message_limit() => {
                Some(Reply::new(552, "5.3.4 message exceeds the size limit"))
            }
            _ => None,
        };
        if let Some(reply) = refused {
            self.close_transaction(Outcome::Refused);
            return self.reply(&reply).await;
        }
        if matches!(fault, Some(Fault::LoseMessage)) {
            self.close_transaction(Outcome::Refused);
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let accounts = self
            .open
            .as_ref()
            .map(|open| open.accounts.clone())
            .unwrap_or_default();
        // Logged first: who sees the message arrive finds its transaction.
        self.close_transaction(Outcome::Accepted);
        delivery::deliver(&self.shared, &accounts, message);
        if matches!(fault, Some(Fault::LoseAnswer)) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.answer(250, "2.0.0 taken").await
    }
}

/// Why no message came.
enum Cut {
    AfterBytes(usize),
    Io(io::Error),
}

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
