//! `serve`: the box at work, for one household or for several in one thread; [`host`] serves those of a folder, as they come
//! and go. Decides nothing by itself.
//!
//! A pass of [`Household::sync_over`], then a rest: in IDLE where the server has it, over the one connection that is kept.
//! A rest ends when mail comes, when somebody rings the bell of the album, when the outbox or the end of a share is due,
//! and after the time that `pace` gives. Watched folders are looked into after each pass, in another thread, for that takes its
//! time. Households share nothing but the thread: one's trouble stops no other. One whose sealed bytes lie in a store has its
//! own thread (`apart`), for it waits there for that store; one whose album another program holds waits in one for so long
//! (`held`).

mod apart;
mod held;
mod host;
mod pace;
mod roster;

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinError, LocalSet, spawn_blocking};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::Instrument;

pub use self::host::{Door, host};

use self::held::{Lent, broken};
use self::pace::{Pace, Rest};
use crate::album::{AlbumError, Bell};
use crate::mailbox::{Session, Watch, Woken};
use crate::sharing::clock::Reading;
use crate::sharing::{Fault, Household};

/// How long a server may take to say goodbye when the box stops.
const FAREWELL: Duration = Duration::from_secs(3);

/// So long pictures of own items are made before the mail is looked at again; the last of them may take longer.
const MOST_ON_PICTURES: Duration = Duration::from_secs(10);

/// Why a rest ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The box is to stop.
    Stop,
    /// Somebody changed the album.
    Rung,
    /// Mail came.
    News,
    /// Its time was over.
    Time,
    /// The kept connection is gone.
    Lost,
}

/// Runs several households at once until `stop` is done. One that fails leaves the others at work.
///
/// Fails when all have ended, with the first fault; where only one is served that is at once.
pub async fn serve_all(
    households: Vec<Household>,
    stop: impl Future<Output = ()>,
) -> Result<(), Fault> {
    let (stopping, _) = watch::channel(false);
    let several = households.len() > 1;
    let local = LocalSet::new();
    let running: Vec<_> = households
        .into_iter()
        .map(|household| {
            let mut told = stopping.subscribe();
            let span = match several {
                true => tracing::info_span!("", mailbox = %household.config.mailbox),
                false => tracing::Span::none(),
            };
            let stopped = async move {
                // An error means that nobody is left to tell.
                let _ = told.wait_for(|stop| *stop).await;
            };
            local.spawn_local(apart::serve(household, stopped).instrument(span))
        })
        .collect();
    let work = async {
        let mut first = Ok(());
        for task in running {
            first = first.and(ended(task.await));
        }
        first
    };
    let stop = async {
        stop.await;
        stopping.send_replace(true);
        pending::<()>().await;
    };
    local
        .run_until(async {
            tokio::select! {
                done = work => done,
                () = stop => Ok(()),
            }
        })
        .await
}

fn ended(task: Result<Result<(), Fault>, JoinError>) -> Result<(), Fault> {
    match task {
        Ok(done) => done,
        Err(_) => Err(broken()),
    }
}

/// Runs one household until `stop` is done. A pass in hand is finished first.
///
/// Fails at once where another run serves the household already.
///
/// Trouble with the provider, the disk or another run is logged and tried again; only what a person must mend, such as
/// a broken key file, ends it.
pub async fn serve(mut household: Household, stop: impl Future<Output = ()>) -> Result<(), Fault> {
    let mut stop = pin!(stop);
    let bell = hang_bell(&household)?;
    household.put_out_lamp();
    let poll_interval = household.config.imap.poll_interval;
    let mut pace = Pace::new(poll_interval);
    let mut line = None;
    tracing::info!(mailbox = %household.config.mailbox, "serving");
    loop {
        let pass;
        (Lent { household, line }, pass) = held::pass(Lent { household, line }).await?;
        let rest = match pass {
            Ok(done) => pace.after(&done, chance()),
            Err(fault) if fault.usage || fault.code == "keys" => {
                tracing::error!(code = fault.code, trouble = %fault, "this household is served no more");
                return Err(fault);
            }
            Err(fault) => pace.after_fault(&fault, chance()),
        };
        let look_again;
        (household, look_again) = watched(household).await?;
        let more_pictures;
        (household, more_pictures) = pictured(household).await?;
        let rest = rest.at_most(look_again).at_most(more_pictures);
        let begun = Instant::now();
        let mut why = at_rest(&mut line, rest, begun, bell.as_ref(), stop.as_mut()).await;
        let waits = match why {
            Why::News => pace.woken(begun.elapsed()),
            Why::Lost => pace.lost(begun.elapsed(), chance()),
            _ => Duration::ZERO,
        };
        if waits > Duration::ZERO {
            let until = Instant::now() + waits;
            why = sleep(until, bell.as_ref(), stop.as_mut()).await;
        }
        if why == Why::Stop {
            tracing::info!("stopping");
            if let Some(session) = line.take() {
                // Nothing hangs on it.
                let _ = timeout(FAREWELL, session.logout()).await;
            }
            return Ok(());
        }
    }
}

/// Brings in what appeared in the watched folders; says in how many seconds to look again, if there are any.
async fn watched(mut household: Household) -> Result<(Household, Option<u64>), Fault> {
    if household.config.import.watch.is_empty() {
        return Ok((household, None));
    }
    let looked = spawn_blocking(move || {
        let reading = Reading::take();
        let again = match household.time(&reading) {
            Ok(now) => household.bring_in_watched(reading.uptime, now.now),
            // The next pass says what is wrong.
            Err(_) => None,
        };
        (household, again)
    });
    looked.await.map_err(|_| broken())
}

/// Makes pictures of own items where they are missing; says in how many seconds to go on, if there are more.
async fn pictured(mut household: Household) -> Result<(Household, Option<u64>), Fault> {
    let made = spawn_blocking(move || {
        let more = household.make_pictures_meanwhile(MOST_ON_PICTURES);
        let more = more.unwrap_or_else(|fault| {
            // They are made when they are looked at, or after the next pass.
            tracing::debug!(trouble = %fault, "pictures of own items are not made");
            None
        });
        (household, more)
    });
    made.await.map_err(|_| broken())
}

/// The bell; without one, what others change is seen at the next look. Whoever hears it already is another `serve`.
fn hang_bell(household: &Household) -> Result<Option<Bell>, Fault> {
    match household.album.hang_bell() {
        Ok(bell) => Ok(Some(bell)),
        Err(AlbumError::Busy) => {
            let mailbox = &household.config.mailbox;
            let words = format!("another `hearthpost serve` runs for {mailbox} already");
            tracing::error!(code = "served", trouble = %words, "this household is not served twice");
            Err(Fault::new("served", words)
                .hint("one is enough; to start it anew, stop the other one first"))
        }
        Err(error) => {
            tracing::warn!(%error, "no bell: what other commands change goes out at the next look");
            Ok(None)
        }
    }
}

/// Rests until there is a reason not to, in IDLE where there is a session that can.
async fn at_rest(
    line: &mut Option<Session>,
    rest: Rest,
    begun: Instant,
    bell: Option<&Bell>,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Why {
    if let Some(session) = line {
        let mut called = None;
        let call = async {
            called = Some(rung(bell, stop.as_mut()).await);
        };
        let woken = session.wait(&Watch::until(begun + rest.idling), call).await;
        if woken.is_err() {
            *line = None;
        }
        if let Some(why) = called {
            // A stop is told once: it counts also where leaving the IDLE failed.
            return why;
        }
        match woken {
            Ok(Woken::News) => return Why::News,
            Ok(Woken::Deadline | Woken::Called) => return Why::Time,
            Ok(Woken::NoIdle) => {}
            Err(error) => {
                tracing::debug!(%error, "the connection is gone while nothing happened");
                return Why::Lost;
            }
        }
    }
    sleep(begun + rest.polling, bell, stop).await
}

async fn sleep(
    until: Instant,
    bell: Option<&Bell>,
    stop: Pin<&mut impl Future<Output = ()>>,
) -> Why {
    tokio::select! {
        biased;
        why = rung(bell, stop) => why,
        () = sleep_until(until) => Why::Time,
    }
}

/// Waits for the stop or the bell.
async fn rung(bell: Option<&Bell>, stop: Pin<&mut impl Future<Output = ()>>) -> Why {
    let rung = async {
        match bell {
            Some(bell) => bell.rung().await,
            None => pending().await,
        }
    };
    tokio::select! {
        biased;
        () = stop => Why::Stop,
        () = rung => Why::Rung,
    }
}

/// Chance for the waits, so that many boxes do not come back to one server in step.
fn chance() -> u8 {
    let mut byte = [0; 1];
    // Without chance the waits are only less spread.
    let _ = openssl::rand::rand_bytes(&mut byte);
    byte[0]
}
