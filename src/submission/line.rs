//! The byte stream under an SMTP connection, shared between `lettre`, which speaks the commands, and us, who hand over
//! the body and set up TLS.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

/// A handle on the stream; all clones are the same stream.
///
/// Invariant: only one of the holders reads or writes at a time. `Connection` sees to it, by never touching the line
/// while a `lettre` call is under way.
#[derive(Clone)]
pub(super) struct Line(Arc<Mutex<Inner>>);

struct Inner {
    stream: Stream,
    peer: SocketAddr,
    /// Said to the reader before anything of the stream.
    prologue: &'static [u8],
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<SslStream<TcpStream>>),
    /// Handed out for the handshake, or gone with it.
    Gone,
}

impl Line {
    pub(super) fn plain(stream: TcpStream) -> io::Result<Self> {
        let peer = stream.peer_addr()?;
        Ok(Self::over(Stream::Plain(stream), peer))
    }

    pub(super) fn tls(stream: SslStream<TcpStream>) -> io::Result<Self> {
        let peer = stream.get_ref().peer_addr()?;
        Ok(Self::over(Stream::Tls(Box::new(stream)), peer))
    }

    fn over(stream: Stream, peer: SocketAddr) -> Self {
        Line(Arc::new(Mutex::new(Inner {
            stream,
            peer,
            prologue: b"",
        })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the plain stream out for a handshake; whatever was read ahead of it stays with the old reader, unheard.
    pub(super) fn take_plain(&self) -> io::Result<TcpStream> {
        match std::mem::replace(&mut self.inner().stream, Stream::Gone) {
            Stream::Plain(stream) => Ok(stream),
            Stream::Tls(_) | Stream::Gone => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// `lettre` waits for a greeting on every stream it is given, and after STARTTLS no server sends one.
    pub(super) fn greet_first(&self) {
        self.inner().prologue = b"220 ready\r\n";
    }
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut inner = self.inner();
        if !inner.prologue.is_empty() {
            let (now, later) = inner
                .prologue
                .split_at(inner.prologue.len().min(buf.remaining()));
            buf.put_slice(now);
            inner.prologue = later;
            return Poll::Ready(Ok(()));
        }
        match &mut inner.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Gone => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.inner().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.inner().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.inner().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Gone => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.inner().peer)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line(..)")
    }
}
