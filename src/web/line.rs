//! Lines from browsers: taken, and brought under TLS where the site has a certificate.
//!
//! 1. Each line is taken at once and looked at by a task of its own, so that a slow one keeps nobody waiting.
//! 2. Its first byte says whether it is TLS. What is not is handed on too: `guard` sends it to the right address.
//! 3. What is done with the handshake is answered, and keeps its place in the crowd until it ends.

use std::future::pending;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use openssl::ssl::{Ssl, SslAcceptor};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_openssl::SslStream;

use super::crowd::Place;
use super::tls::Tls;

/// How long a browser may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long nothing is taken after the system refused a line, most likely for want of file numbers.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);
/// The first byte of TLS (RFC 8446, 5.1).
const HANDSHAKE_RECORD: u8 = 22;

/// How a browser reached the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In plain text, which is all there is here.
    Plain,
    /// In plain text, where TLS is to be had.
    PlainWhereTls,
    /// By TLS.
    Tls,
}

/// Who is at the other end of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    pub address: SocketAddr,
    pub way: Way,
}

/// A line that can be spoken over.
pub(super) enum Line {
    Plain(TcpStream),
    Tls(Box<SslStream<TcpStream>>),
}

/// A line that is there to be answered.
pub(super) struct Arrived {
    pub line: Line,
    pub peer: Peer,
    /// Held as long as the line is.
    pub place: Place,
}

/// Where lines come in.
pub(super) struct Lines {
    ready: mpsc::Receiver<Arrived>,
    taking: JoinHandle<()>,
}

impl Lines {
    /// Takes lines until it is dropped. For which address there is no place, that is hung up on.
    pub fn take(
        listener: TcpListener,
        tls: Tls,
        place: impl Fn(IpAddr) -> Option<Place> + Send + 'static,
    ) -> Self {
        let (give, ready) = mpsc::channel(1);
        let taking = tokio::spawn(take(listener, Arc::new(tls), place, give));
        Lines { ready, taking }
    }

    /// The next one.
    pub async fn next(&mut self) -> Arrived {
        match self.ready.recv().await {
            Some(arrived) => arrived,
            None => pending().await,
        }
    }
}

impl Lines {
    /// Takes no more; done when the address is free for another.
    pub async fn close(mut self) {
        self.taking.abort();
        // It was cut off, as it should be.
        let _ = (&mut self.taking).await;
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.taking.abort();
    }
}

async fn take(
    listener: TcpListener,
    tls: Arc<Tls>,
    place: impl Fn(IpAddr) -> Option<Place>,
    give: mpsc::Sender<Arrived>,
) {
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(taken) => taken,
            Err(error) if of_that_line(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "no browser can be answered for a moment");
                sleep(AFTER_TROUBLE).await;
                continue;
            }
        };
        let Some(place) = place(address.ip()) else {
            tracing::debug!(%address, "too many lines at once");
            continue;
        };
        // Small answers do not wait for more to come.
        let _ = stream.set_nodelay(true);
        let (tls, give) = (Arc::clone(&tls), give.clone());
        tokio::spawn(async move {
            let greeted = timeout(HANDSHAKE, greet(stream, tls.acceptor())).await;
            if let Ok(Some((line, way))) = greeted {
                let peer = Peer { address, way };
                // Where the server is gone, nobody waits for this one.
                let _ = give.send(Arrived { line, peer, place }).await;
            }
        });
    }
}

fn of_that_line(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

async fn greet(stream: TcpStream, acceptor: Option<SslAcceptor>) -> Option<(Line, Way)> {
    let Some(acceptor) = acceptor else {
        return Some((Line::Plain(stream), Way::Plain));
    };
    let mut first = [0];
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first[0] != HANDSHAKE_RECORD {
        return Some((Line::Plain(stream), Way::PlainWhereTls));
    }
    let ssl = Ssl::new(acceptor.context()).ok()?;
    let mut stream = Box::new(SslStream::new(ssl, stream).ok()?);
    if let Err(error) = Pin::new(&mut *stream).accept().await {
        tracing::debug!(%error, "no TLS with a browser");
        return None;
    }
    Some((Line::Tls(stream), Way::Tls))
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Line::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Line::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Line::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Line::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Line::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Line::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Line::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Line::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn is_write_vectored(&self) -> bool {
        matches!(self, Line::Plain(_))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Line::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Line::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }
}
