//! Lines from browsers: taken, and brought under TLS where the site has a certificate.
//!
//! 1. Each line is taken at once and looked at by a task of its own, so that a slow one keeps nobody waiting.
//! 2. Its first byte says whether it is TLS. What is not is handed on too: `guard` sends it to the right address.
//! 3. What is done with the handshake is taken by the server.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use openssl::ssl::{Ssl, SslAcceptor};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_openssl::SslStream;

use super::tls::Tls;

/// How long a browser may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// So many lines are in the middle of it at most; what comes beyond is hung up on.
const MOST_HANDSHAKES: usize = 256;
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

/// Where lines come in.
pub(super) struct Lines {
    ready: mpsc::Receiver<(Line, Peer)>,
    address: SocketAddr,
    taking: JoinHandle<()>,
}

impl Lines {
    /// Takes lines until it is dropped.
    pub fn take(listener: TcpListener, tls: Tls) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (give, ready) = mpsc::channel(1);
        let taking = tokio::spawn(take(listener, Arc::new(tls), give));
        Ok(Lines {
            ready,
            address,
            taking,
        })
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.taking.abort();
    }
}

async fn take(listener: TcpListener, tls: Arc<Tls>, give: mpsc::Sender<(Line, Peer)>) {
    let places = Arc::new(Semaphore::new(MOST_HANDSHAKES));
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
        // Small answers do not wait for more to come.
        let _ = stream.set_nodelay(true);
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::debug!(%address, "too many lines at once");
            continue;
        };
        let (tls, give) = (Arc::clone(&tls), give.clone());
        tokio::spawn(async move {
            let greeted = timeout(HANDSHAKE, greet(stream, tls.acceptor())).await;
            drop(place);
            if let Ok(Some((line, way))) = greeted {
                // Where the server is gone, nobody waits for this one.
                let _ = give.send((line, Peer { address, way })).await;
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

impl Listener for Lines {
    type Io = Line;
    type Addr = Peer;

    async fn accept(&mut self) -> (Line, Peer) {
        match self.ready.recv().await {
            Some(line) => line,
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer {
            address: self.address,
            way: Way::Plain,
        })
    }
}

impl Connected<IncomingStream<'_, Lines>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        *stream.remote_addr()
    }
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
