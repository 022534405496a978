//! Answers browsers: a thread of its own for all sites that listen, a task for each line.
//!
//! A site at which nobody has called holds nothing but its listener: its routes are made for the first browser. Sites may come
//! and go while others are answered.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::ServiceExt;

use super::Site;
use super::crowd::Crowd;
use super::line::{Lines, Peer};
use super::turns::{ASIDE, AT_WORK};
use crate::sharing::Fault;

/// So many threads at most, for all households of the process: for requests at work, for those that wait for something, and a
/// few to open and to close households.
const MOST_THREADS: usize = AT_WORK + ASIDE + 16;
/// How long a browser may take to be done when the box stops.
const FAREWELL: Duration = Duration::from_secs(3);
/// How long a browser may take to say what it wants, and be silent before it wants something again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers browsers for all of them in a thread of its own, until what it gives is dropped. Without any there is no thread.
pub fn serve(sites: Vec<Site>) -> Result<Serving, Fault> {
    let (stop, _) = watch::channel(false);
    let mut serving = Serving {
        stop,
        work: None,
        kept: Vec::new(),
    };
    for site in sites {
        let opened = serving.open(site)?;
        serving.kept.push(opened);
    }
    Ok(serving)
}

/// Browsers are answered until this is dropped.
pub struct Serving {
    stop: watch::Sender<bool>,
    work: Option<Work>,
    /// Those that are answered for as long as anybody.
    kept: Vec<Opened>,
}

/// The thread, and how it gets its sites.
struct Work {
    give: mpsc::UnboundedSender<Given>,
    thread: std::thread::JoinHandle<()>,
}

/// A site to be answered for, until it is told to close; who waits for that is told by the end of `closed`.
struct Given {
    site: Site,
    told: watch::Receiver<bool>,
    closed: oneshot::Sender<()>,
}

/// A site that is answered for until this is dropped, or nobody is any more.
pub struct Opened {
    tell: watch::Sender<bool>,
    closed: oneshot::Receiver<()>,
}

impl Serving {
    /// Answers for one more.
    pub fn open(&mut self, site: Site) -> Result<Opened, Fault> {
        let work = match &mut self.work {
            Some(work) => work,
            none => none.insert(begin(self.stop.subscribe())?),
        };
        let (tell, told) = watch::channel(false);
        let (closed, is_closed) = oneshot::channel();
        let given = Given { site, told, closed };
        // Without that thread nobody is answered, which it has said where it panicked.
        let _ = work.give.send(given);
        let closed = is_closed;
        Ok(Opened { tell, closed })
    }
}

impl Opened {
    /// Answers no more. Done when browsers are hung up on, the household is closed, and its address is free.
    pub async fn close(self) {
        self.tell.send_replace(true);
        // Closed, or gone with the thread.
        let _ = self.closed.await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(Work { give, thread }) = self.work.take() {
            drop(give);
            // It panicked, or it is done: either way it is over.
            let _ = thread.join();
        }
    }
}

/// What runs requests and the threads that wait for them.
pub(super) fn runtime() -> std::io::Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().max_blocking_threads(MOST_THREADS);
    builder.build()
}

fn begin(stopped: watch::Receiver<bool>) -> Result<Work, Fault> {
    let system = |error: std::io::Error| Fault::new("system", error.to_string());
    let runtime = runtime().map_err(system)?;
    let (give, given) = mpsc::unbounded_channel();
    let work = move || {
        runtime.block_on(answer_all(given, stopped));
        // What still reads for a browser that is gone is not waited for.
        runtime.shutdown_background();
    };
    let thread = std::thread::Builder::new()
        .name("web".to_owned())
        .spawn(work);
    let thread = thread.map_err(system)?;
    Ok(Work { give, thread })
}

/// Answers for all sites that are given, until nobody is left to give any.
async fn answer_all(mut given: mpsc::UnboundedReceiver<Given>, stopped: watch::Receiver<bool>) {
    let crowd = Crowd::new();
    let mut sites = JoinSet::new();
    loop {
        tokio::select! {
            next = given.recv() => match next {
                Some(Given { site, mut told, closed }) => {
                    let (crowd, mut stopped) = (Arc::clone(&crowd), stopped.clone());
                    let (stop, stops) = watch::channel(false);
                    sites.spawn(async move {
                        let until = async {
                            tokio::select! {
                                () = is_told(&mut told) => {}
                                () = is_told(&mut stopped) => {}
                            }
                            stop.send_replace(true);
                        };
                        tokio::join!(answer(site, crowd, stops), until);
                        // Who waits may have gone.
                        let _ = closed.send(());
                    });
                }
                None => break,
            },
            Some(_) = sites.join_next() => {}
        }
    }
    while sites.join_next().await.is_some() {}
}

async fn answer(site: Site, crowd: Arc<Crowd>, mut stopped: watch::Receiver<bool>) {
    let station = site.station;
    // By a proxy all come from one address.
    let shared = station.proxy;
    let place = move |address: IpAddr| crowd.place(address, shared);
    let lines = TcpListener::from_std(site.listener);
    let mut lines = match lines {
        Ok(listener) => Lines::take(listener, site.tls, place),
        Err(error) => {
            tracing::error!(household = station.name, %error, "browsers are not answered");
            return;
        }
    };
    let mut router: Option<Router> = None;
    let mut talks = JoinSet::new();
    loop {
        tokio::select! {
            arrived = lines.next() => {
                let router = router.get_or_insert_with(|| station.router()).clone();
                let told = stopped.clone();
                talks.spawn(async move {
                    let talk = talk(arrived.line, arrived.peer, router, PATIENCE, told);
                    talk.await;
                    drop(arrived.place);
                });
            }
            Some(_) = talks.join_next() => {}
            () = is_told(&mut stopped) => break,
        }
    }
    lines.close().await;
    let all = async { while talks.join_next().await.is_some() {} };
    // Who is not done by then is hung up on.
    let _ = timeout(FAREWELL, all).await;
    talks.shutdown().await;
    let closed = async {
        station.pulses.rest().await;
        station.house.close().await;
    };
    // What takes longer, as to convert a film, closes behind itself.
    let _ = timeout(FAREWELL, closed).await;
}

/// Until the box stops.
async fn is_told(stopped: &mut watch::Receiver<bool>) {
    // An error means that nobody is left to tell.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Answers one browser until it hangs up or the box stops. Who takes longer than `patience` to ask is hung up on.
async fn talk<S>(
    stream: S,
    peer: Peer,
    router: Router,
    patience: Duration,
    mut stopped: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let talk = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .serve_connection(TokioIo::new(stream), service);
    let mut talk = pin!(talk);
    let done = tokio::select! {
        done = talk.as_mut() => done,
        () = is_told(&mut stopped) => {
            talk.as_mut().graceful_shutdown();
            talk.await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, "a line to a browser broke off");
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::super::line::Way;
    use super::*;

    /// What a browser is told that says so much and no more.
    fn told_to(says: &'static str, patience: Duration) -> String {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let (mut browser, line) = duplex(64 * 1024);
            let peer = Peer {
                address: SocketAddr::from(([127, 0, 0, 1], 1)),
                way: Way::Plain,
            };
            let router = Router::new().route("/", get(|| async { "well" }));
            let (_stop, stopped) = watch::channel(false);
            let talk = tokio::spawn(talk(line, peer, router, patience, stopped));
            browser.write_all(says.as_bytes()).await.expect("written");
            let mut text = String::new();
            browser.read_to_string(&mut text).await.expect("an end");
            talk.await.expect("no panic");
            text
        })
    }

    #[test]
    fn who_never_says_what_it_wants_is_hung_up_on() {
        let text = told_to("GET / HTTP/1.1\r\nHost: b", Duration::from_millis(20));
        assert!(!text.contains("200"), "{text}");
    }

    #[test]
    fn who_says_nothing_at_all_is_hung_up_on() {
        assert_eq!(told_to("", Duration::from_millis(20)), "");
    }

    #[test]
    fn who_asks_is_answered_and_may_be_silent_for_a_while() {
        let asks = "GET / HTTP/1.1\r\nHost: box\r\n\r\n";
        let text = told_to(asks, Duration::from_millis(200));
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        assert!(text.ends_with("well"), "{text}");
    }
}
