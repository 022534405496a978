//! A door for the fuzzer, in builds with the feature `fuzzing` alone: what a server says goes the way it goes in a session, from
//! the bytes of the connection to what the use cases are given.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_imap::imap_proto::AttributeValue;
use async_imap::imap_proto::Response;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::capabilities::Capabilities;
use super::copied::Copied;
use super::header::Fields;
use super::scan::scanned;
use super::session::{Untagged, ending, parse};
use super::structure::Structure;
use super::wire::Wire;

/// What the server is about to say, in pieces of one length; what it is told is dropped.
struct Saying {
    rest: io::Cursor<Vec<u8>>,
    piece: usize,
}

impl AsyncRead for Saying {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let room = self.piece.min(buffer.remaining());
        let read = io::Read::read(&mut self.rest, &mut buffer.initialize_unfilled()[..room])?;
        buffer.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Saying {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Reads answers until the server has nothing more to say, or says what ends a session; gives how many were read. `piece`:
/// how much comes at once, which must not matter. `asked`: how many octets of bodies may come.
pub async fn answers(said: &[u8], piece: usize, asked: u64) -> usize {
    let stream = Saying {
        rest: io::Cursor::new(said.to_vec()),
        piece: piece.max(1),
    };
    let mut wire = Wire::new(Box::new(stream), Duration::from_secs(60));
    wire.ask_for(asked);
    let (mut read, mut brought) = (0, 0u64);
    let mut sink = |bytes: &[u8]| brought += bytes.len() as u64;
    let mut capabilities = Capabilities::default();
    loop {
        let sink: Option<super::wire::Sink<'_>> = match read % 2 {
            0 => None,
            _ => Some(&mut sink),
        };
        let Ok(answer) = wire.answer(sink).await else {
            break;
        };
        read += 1;
        assert!(
            answer.bytes.len() <= said.len() + 32,
            "more is kept than came"
        );
        let _ = ending("h1", &answer.bytes);
        let copied = Copied::read(&answer.bytes, 100);
        assert!(copied.is_none_or(|copied| copied.uids.len() <= 100));
        if let Untagged::Response(response) = parse(&answer) {
            capabilities.learn(&response);
            if let Response::Fetch(_, values) = response {
                fetched(&values);
            }
        }
    }
    assert!(brought <= asked, "more was handed on than was asked for");
    read
}

fn fetched(values: &[AttributeValue<'_>]) {
    if let Some(Ok(message)) = scanned(values) {
        assert!(message.subject.chars().count() <= 200);
    }
    for value in values {
        if let AttributeValue::BodyStructure(body) = value
            && let Ok(structure) = Structure::read(body)
        {
            assert!(structure.parts.iter().all(|part| !part.section.is_empty()));
        }
    }
}

/// Reads the header fields that the first look asks for.
pub fn header(block: &[u8]) {
    let fields = Fields::read(block);
    assert!(fields.subject.chars().count() <= 200);
    assert!(fields.content_type.media_type.chars().count() <= 200);
}
