//! The household behind the site: opened a few times, lent to one request each, on threads that may wait for the disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::spoken::spoken;
use super::turns::turn;
use crate::album::ring;
use crate::sharing::accounts::Tries;
use crate::sharing::clock::Reading;
use crate::sharing::{Fault, Household, Now};

/// So many requests are at work at once; the others wait, and the poller has the rest of the machine.
const AT_ONCE: usize = 4;
/// So many requests that wait for a slow line are at work besides.
const SLOW_AT_ONCE: usize = 4;
/// So many pieces of files on their way out are read besides.
const PIECES_AT_ONCE: usize = 4;
/// So many requests have another program make them something; the others wait and hold nothing.
const PROGRAMS_AT_ONCE: usize = 1;
/// How long an open household waits to be lent again before it is closed, with the keys that it remembers.
const OPEN: Duration = Duration::from_secs(60);
/// How long a look at the clock stays remembered without being written down again, in seconds.
const CLOCK: u64 = 30;

/// What tells the time; of a test, whatever it wants.
pub type Clock = Box<dyn Fn() -> Reading + Send + Sync>;

/// A few open households, all the same one.
#[derive(Clone)]
pub(super) struct House(Arc<Inside>);

struct Inside {
    config: PathBuf,
    /// Where the album lies.
    data: PathBuf,
    free: Mutex<Free>,
    places: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    pieces: Arc<Semaphore>,
    programs: Arc<Semaphore>,
    clock: Clock,
    /// When the clock was last looked at for good, in seconds since the machine began.
    looked: Mutex<Option<u64>>,
    tries: Mutex<Tries>,
    since: Instant,
}

/// Those that nobody has.
#[derive(Default)]
struct Free {
    /// With when each was given back, the newest last.
    homes: Vec<(Household, Instant)>,
    /// Whether somebody closes them in time.
    watched: bool,
    /// None is kept any more.
    shut: bool,
}

impl House {
    /// None is open until somebody asks: most households are at rest most of the day.
    pub fn new(config: &Path, data: &Path, clock: Clock) -> Self {
        House(Arc::new(Inside {
            config: config.to_owned(),
            data: data.to_owned(),
            free: Mutex::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            slow: Arc::new(Semaphore::new(SLOW_AT_ONCE)),
            pieces: Arc::new(Semaphore::new(PIECES_AT_ONCE)),
            programs: Arc::new(Semaphore::new(PROGRAMS_AT_ONCE)),
            clock,
            looked: Mutex::new(None),
            tries: Mutex::default(),
            since: Instant::now(),
        }))
    }

    /// Lends the household to `work`, with the time of it.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.lend(Arc::clone(&self.0.places), work).await
    }

    /// The same for what waits for the line of a browser meanwhile; it takes no place of the quick ones.
    pub async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.lend(Arc::clone(&self.0.slow), work).await
    }

    /// The same for what changes something.
    pub async fn slowly_change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let done = self.slowly(work).await;
        if done.is_ok() {
            ring(&self.0.data);
        }
        done
    }

    /// The same for what another program is asked for, which takes its time.
    pub async fn by_program<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.lend(Arc::clone(&self.0.programs), work).await
    }

    async fn lend<T: Send + 'static>(
        &self,
        places: Arc<Semaphore>,
        work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        // Held until the work is done, whether or not the browser still waits for it.
        let place = places.acquire_owned().await;
        let turn = turn().await;
        let inside = Arc::clone(&self.0);
        let language = spoken();
        let work = move || {
            let free = held(&inside.free).homes.pop();
            let mut home = match free {
                Some((home, _)) if home.has_current_keys() => home,
                _ => Household::open(&inside.config)?,
            };
            home.language = language;
            let now = inside.time(&mut home)?;
            let done = work(&mut home, now);
            let mut free = held(&inside.free);
            if !free.shut {
                free.homes.push((home, Instant::now()));
            }
            done
        };
        let done = aside((turn, place), work).await;
        self.close_in_time();
        done
    }

    /// Reads the next piece of a file on its way out, which may lie in a store that says nothing; it takes the household no
    /// more.
    pub async fn piece<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let place = Arc::clone(&self.0.pieces).acquire_owned().await;
        aside((turn().await, place), read).await
    }

    /// Closes them all, when nobody asks any more. Done when those are back that are at work.
    pub async fn close(&self) {
        let closed = {
            let mut free = held(&self.0.free);
            (free.shut, free.watched) = (true, false);
            std::mem::take(&mut free.homes)
        };
        // To close the last one of an album may write.
        let _ = spawn_blocking(move || drop(closed)).await;
        for (places, count) in [
            (&self.0.places, AT_ONCE),
            (&self.0.slow, SLOW_AT_ONCE),
            (&self.0.programs, PROGRAMS_AT_ONCE),
        ] {
            let all = u32::try_from(count).expect("there are a few places");
            let _ = places.acquire_many(all).await;
        }
    }

    /// Has open households closed when they are needed no more, unless that is seen to.
    fn close_in_time(&self) {
        let mut free = held(&self.0.free);
        if !free.watched && !free.homes.is_empty() {
            free.watched = true;
            tokio::spawn(close(Arc::clone(&self.0), OPEN));
        }
    }

    /// The same for what changes something: the box is told, so that what it has to do begins at once.
    pub async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let done = self.ask(work).await;
        if done.is_ok() {
            ring(&self.0.data);
        }
        done
    }

    /// What the clocks show.
    pub fn reading(&self) -> Reading {
        (self.0.clock)()
    }

    /// The wrong passwords of late, and a clock for them.
    pub fn tries(&self) -> (&Mutex<Tries>, u64) {
        (&self.0.tries, self.0.since.elapsed().as_secs())
    }
}

impl Inside {
    fn time(&self, home: &mut Household) -> Result<Now, Fault> {
        let reading = (self.clock)();
        let last = *held(&self.looked);
        let of_late = |last: u64| (last..last + CLOCK).contains(&reading.uptime);
        if last.is_some_and(of_late) {
            return home.time(&reading);
        }
        let now = home.tick(&reading, &[])?;
        *held(&self.looked) = Some(reading.uptime);
        Ok(now)
    }
}

/// Works in a thread that may wait for the disk; `held` until that is done.
async fn aside<T: Send + 'static>(
    held: impl Send + 'static,
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = spawn_blocking(move || {
        let _held = held;
        work()
    });
    // The log has a panic's place; the household that it happened to is gone with its thread.
    let done = done.await;
    done.unwrap_or_else(|_| Err(Fault::new("bug", "a fault of Hearthpost itself")))
}

/// Closes what nobody has borrowed for `open`, until there is nothing left to close.
async fn close(inside: Arc<Inside>, open: Duration) {
    while held(&inside.free).watched {
        tokio::time::sleep(open).await;
        let closed: Vec<_> = {
            let mut free = held(&inside.free);
            let idle = |home: &(Household, Instant)| home.1.elapsed() >= open;
            let closed = free.homes.extract_if(.., |home| idle(home)).collect();
            free.watched = !free.homes.is_empty();
            closed
        };
        // To close the last one of an album may write.
        let _ = spawn_blocking(move || drop(closed)).await;
    }
}

/// What a thread that panicked left is as good as before: each value stands for itself.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::album::Album;
    use crate::sharing::NewHousehold;

    /// Makes a household there; gives its settings.
    pub fn household(folder: &Path) -> PathBuf {
        let config = folder.join("hearthpost.toml");
        let new = NewHousehold {
            mailbox: "home@a.example".parse().expect("a mailbox"),
            name: "A".to_owned(),
            imap_url: "imaps://a.example".to_owned(),
            smtp_url: "smtps://a.example".to_owned(),
            username: "home".to_owned(),
            password_file: folder.join("password"),
            data: None,
            ca_file: None,
        };
        Household::init(&config, &new, Reading::take().wall).expect("init");
        config
    }

    fn house(folder: &Path) -> House {
        let config = household(folder);
        House::new(&config, folder, Box::new(Reading::take))
    }

    #[test]
    fn what_nobody_borrows_any_more_is_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let house = house(folder.path());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            house.ask(|_, _| Ok(())).await.expect("asked");
            assert_eq!(held(&house.0.free).homes.len(), 1);
            close(Arc::clone(&house.0), Duration::from_millis(1)).await;
            assert_eq!(held(&house.0.free).homes.len(), 0);
            house.ask(|_, _| Ok(())).await.expect("asked again");
            assert_eq!(held(&house.0.free).homes.len(), 1);
            house.close().await;
            let data = folder.path().join("data");
            assert!(Album::seize(&data).is_ok(), "nobody has it open");
        });
    }

    #[test]
    fn households_whose_requests_hang_leave_others_their_turns() {
        let folders = [(); 3].map(|()| tempfile::tempdir().expect("a folder"));
        let [first, second, other] = folders.each_ref().map(|folder| house(folder.path()));
        let runtime = super::super::answer::runtime().expect("a runtime");
        runtime.block_on(async {
            // Each waits for something that says nothing, such as its store, until the gate is dropped.
            let (gate, shut) = tokio::sync::watch::channel(());
            let mut hanging = tokio::task::JoinSet::new();
            let (tell, mut began) = tokio::sync::mpsc::unbounded_channel();
            for house in [&first, &second] {
                for n in 0..AT_ONCE + SLOW_AT_ONCE + PIECES_AT_ONCE + 3 {
                    let (house, mut shut, tell) = (house.clone(), shut.clone(), tell.clone());
                    hanging.spawn(async move {
                        let runtime = tokio::runtime::Handle::current();
                        let mut work = move || {
                            let _ = tell.send(());
                            let _ = runtime.block_on(shut.changed());
                            Ok(())
                        };
                        match n % 3 {
                            0 => house.ask(move |_, _| work()).await,
                            1 => house.slowly(move |_, _| work()).await,
                            _ => house.piece(work).await,
                        }
                    });
                }
            }
            for _ in 0..2 * (AT_ONCE + SLOW_AT_ONCE + PIECES_AT_ONCE) {
                began.recv().await.expect("at work");
            }
            let asked = tokio::time::timeout(Duration::from_secs(60), other.ask(|_, _| Ok(7)));
            assert_eq!(asked.await.expect("not kept waiting").expect("asked"), 7);
            drop(gate);
            while let Some(done) = hanging.join_next().await {
                done.expect("no panic").expect("asked");
            }
        });
    }
}
