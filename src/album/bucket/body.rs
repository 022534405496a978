//! What goes to a store, piece by piece so that its progress is seen, and what comes from it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use object_store::client::{HttpError, HttpErrorKind, HttpRequestBody};

/// So much goes out at once.
const PIECE: usize = 64 * 1024;

/// The body of a request.
pub(super) struct Outgoing {
    body: HttpRequestBody,
    /// What of its last frame is not out.
    rest: Bytes,
    /// How many bytes are.
    gone: Arc<AtomicU64>,
}

impl Outgoing {
    pub fn new(body: HttpRequestBody, gone: Arc<AtomicU64>) -> Self {
        Outgoing {
            body,
            rest: Bytes::new(),
            gone,
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        while self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) => self.rest = bytes,
                    // It has no trailers.
                    Err(_) => continue,
                },
                other => return other,
            }
        }
        let len = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(len);
        self.gone.fetch_add(len as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.body.size_hint().exact().unwrap_or_default();
        SizeHint::with_exact(body + self.rest.len() as u64)
    }
}

/// The body of an answer, with errors as stores tell them.
pub(super) struct Whole(pub Incoming);

impl Body for Whole {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let frame = Pin::new(&mut self.0).poll_frame(context);
        frame.map(|frame| frame.map(|frame| frame.map_err(interrupted)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }
}

/// The connection ended: nothing, or not all, was answered.
pub(super) fn interrupted(error: hyper::Error) -> HttpError {
    let kind = match error.is_canceled() || error.is_closed() {
        true => HttpErrorKind::Request,
        false => HttpErrorKind::Interrupted,
    };
    HttpError::new(kind, error)
}
