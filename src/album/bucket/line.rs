//! HTTP to a store: over the TLS that mail goes by, each step under a time-out, and no answer longer than is asked for.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt;
use hyper::Uri;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderValue};
use hyper_util::rt::TokioIo;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::body::{Outgoing, Whole, interrupted};
use crate::endpoint::{TlsFault, secure};

/// A longer answer is none of a store that means well: the longest one is a sealed part, or a list of a thousand names.
const LONGEST: usize = 8 * 1024 * 1024;
/// A slower answer, in bytes a second, is not waited for.
const SLOWEST: u64 = 32 * 1024;
const LONGEST_ANSWER: Duration = Duration::from_secs(LONGEST as u64 / SLOWEST);
/// So long a connection is kept that nobody uses: servers hang up after a few seconds more.
const KEPT: Duration = Duration::from_secs(4);
/// So many connections to one place are kept.
const MOST_KEPT: usize = 4;

type Sender = SendRequest<Outgoing>;
/// Connections at rest by place and authority.
type Idle = HashMap<(String, Option<Vec<u8>>), Vec<(Sender, Instant)>>;

static IDLE: Mutex<Option<Idle>> = Mutex::new(None);

/// How a store is spoken to.
#[derive(Clone)]
pub(super) struct Line {
    /// One more authority to trust, PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// How long one step may take.
    pub patience: Duration,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Line(..)")
    }
}

impl HttpConnector for Line {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for Line {
    fn call<'s, 'f>(
        &'s self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(self.ask(request))
    }
}

impl Line {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let place = Place::of(request.uri())?;
        let request = in_origin_form(request, &place)?;
        let key = (place.shown.clone(), self.extra_ca.clone());
        if let Some(mut kept) = take(&key) {
            // One that the server hung up on is no trouble: a new one is made.
            if kept.ready().await.is_ok() {
                return self.converse(kept, key, request).await;
            }
        }
        let sender = self.open(&place).await?;
        self.converse(sender, key, request).await
    }

    async fn converse(
        &self,
        mut sender: Sender,
        key: (String, Option<Vec<u8>>),
        request: HttpRequest,
    ) -> Result<HttpResponse, HttpError> {
        let gone = Arc::new(AtomicU64::new(0));
        let request = request.map(|body| Outgoing::new(body, Arc::clone(&gone)));
        let mut sending = pin!(sender.send_request(request));
        let mut seen = 0;
        let answer = loop {
            if let Ok(answer) = timeout(self.patience, sending.as_mut()).await {
                break answer.map_err(interrupted)?;
            }
            // While it goes out it may take its time.
            let now = gone.load(Ordering::Relaxed);
            if now == seen {
                return Err(late());
            }
            seen = now;
        };
        let (head, body) = answer.into_parts();
        let mut bytes = Vec::new();
        let reading = async {
            let mut body = HttpResponseBody::new(Whole(body)).bytes_stream();
            while let Some(piece) = timeout(self.patience, body.next())
                .await
                .map_err(|_| late())?
            {
                let piece = piece?;
                if bytes.len() + piece.len() > LONGEST {
                    let words = io::Error::other("the answer is longer than was asked for");
                    return Err(HttpError::new(HttpErrorKind::Decode, words));
                }
                bytes.extend_from_slice(&piece);
            }
            Ok(())
        };
        timeout(self.patience + LONGEST_ANSWER, reading)
            .await
            .map_err(|_| late())??;
        keep(key, sender);
        Ok(HttpResponse::from_parts(head, bytes.into()))
    }

    async fn open(&self, place: &Place) -> Result<Sender, HttpError> {
        let opening = async {
            let stream = TcpStream::connect((place.host.as_str(), place.port))
                .await
                .map_err(|error| HttpError::new(HttpErrorKind::Connect, error))?;
            // An error means that it is slower.
            let _ = stream.set_nodelay(true);
            match place.tls {
                false => greeted(stream).await,
                true => {
                    let untrusted = |error: TlsFault| HttpError::new(HttpErrorKind::Unknown, error);
                    let ca = self.extra_ca.as_deref();
                    greeted(
                        secure(&place.host, ca, "store.ca_file", stream)
                            .await
                            .map_err(untrusted)?,
                    )
                    .await
                }
            }
        };
        timeout(self.patience, opening).await.map_err(|_| late())?
    }
}

async fn greeted(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
) -> Result<Sender, HttpError> {
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(interrupted)?;
    tokio::spawn(async move {
        // Whoever waits for an answer is told.
        let _ = connection.await;
    });
    Ok(sender)
}

fn take(key: &(String, Option<Vec<u8>>)) -> Option<Sender> {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    let all = idle.as_mut()?.get_mut(key)?;
    all.retain(|(_, since)| since.elapsed() < KEPT);
    all.pop().map(|(sender, _)| sender)
}

fn keep(key: (String, Option<Vec<u8>>), sender: Sender) {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    let idle = idle.get_or_insert_default();
    for all in idle.values_mut() {
        all.retain(|(_, since)| since.elapsed() < KEPT);
    }
    idle.retain(|_, all| !all.is_empty());
    let all = idle.entry(key).or_default();
    if all.len() < MOST_KEPT {
        all.push((sender, Instant::now()));
    }
}

/// Where a request goes.
struct Place {
    tls: bool,
    host: String,
    port: u16,
    /// As the address says it.
    shown: String,
}

impl Place {
    fn of(uri: &Uri) -> Result<Self, HttpError> {
        let wrong = || {
            let words = io::Error::other("an address without a host");
            HttpError::new(HttpErrorKind::Unknown, words)
        };
        let authority = uri.authority().ok_or_else(wrong)?;
        let tls = uri.scheme_str() == Some("https");
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Place {
            tls,
            host,
            port,
            shown: format!("{}://{authority}", if tls { "https" } else { "http" }),
        })
    }
}

/// RFC 9112, 3.2.1.
fn in_origin_form(mut request: HttpRequest, place: &Place) -> Result<HttpRequest, HttpError> {
    let wrong =
        |words: &str| HttpError::new(HttpErrorKind::Unknown, io::Error::other(words.to_owned()));
    let host = place.shown.split_once("://").map_or("", |(_, host)| host);
    let host = HeaderValue::from_str(host).map_err(|_| wrong("a host that is no header"))?;
    let path = request.uri().path_and_query().cloned();
    let path = path.ok_or_else(|| wrong("an address without a path"))?;
    *request.uri_mut() = Uri::from(path);
    request.headers_mut().insert(HOST, host);
    Ok(request)
}

fn late() -> HttpError {
    HttpError::new(
        HttpErrorKind::Timeout,
        io::Error::from(io::ErrorKind::TimedOut),
    )
}
