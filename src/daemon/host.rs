//! The host of many households: whatever configurations lie in a folder are served, each by itself.
//!
//! 1. Look: what the folder holds is compared with what is served (`roster`).
//! 2. Begin what is new, read again what changed, end what is gone. One that cannot be served is told of and left out.
//! 3. Wait until the folder changes, somebody calls for a look, a household has ended, or one that was left out is to be
//!    tried again. While all is well and nothing changes, nobody is woken.
//!
//! A household that is ended finishes its pass, says goodbye to its mailbox and is closed before it may begin anew.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, LocalSet, yield_now};
use tokio::time::{sleep, timeout};
use tracing::Instrument;

use super::apart;
use super::roster::{Roster, Step};
use crate::config::{Config, configurations};
use crate::folder::Lookout;
use crate::sharing::doctor::named_before;
use crate::sharing::{Fault, Household};

/// How long after trouble it is tried again: with a household that was left out, and with a folder that cannot be watched.
const LATER: Duration = Duration::from_secs(300);
/// A change is over when so long nothing more changes: files are written in several steps.
const STILL: Duration = Duration::from_millis(200);
/// And after so long in any case.
const RESTLESS: Duration = Duration::from_secs(2);
/// How long a household that is ended may take to finish its pass. What is cut off goes on with the next start, as after a
/// power cut.
const PATIENCE: Duration = Duration::from_secs(60);

/// By what else a household is reached while it is served. It is awaited when the household ends, and done when nobody has it
/// open any more; to drop it is as good, but for that.
pub type Door = Pin<Box<dyn Future<Output = ()>>>;

/// A household that is served, or that ends.
struct Served {
    /// Where its album lies.
    data: PathBuf,
    config: Config,
    stop: watch::Sender<bool>,
}

/// How one ended.
type Ended = (PathBuf, Result<Result<(), Fault>, JoinError>);

struct Host<'a, Open> {
    folder: &'a Path,
    open: Open,
    roster: Roster,
    served: BTreeMap<PathBuf, Served>,
    running: FuturesUnordered<Pin<Box<dyn Future<Output = Ended>>>>,
    /// What was wrong with the folder at the last look.
    trouble: Option<String>,
    lookout: Option<Lookout>,
}

/// Serves the households of a folder of configurations as they come and go, until `stop` is done; `again` asks for a look at
/// the folder. `open` gives each its door.
///
/// Fails where the folder cannot be read at the start. What is wrong with one household is logged, and ends no other.
pub async fn host(
    folder: &Path,
    open: impl FnMut(&Path, &mut Household) -> Door,
    again: &Notify,
    stop: impl Future<Output = ()>,
) -> Result<(), Fault> {
    configurations(folder).map_err(|error| Fault::of_households(folder, &error))?;
    let mut host = Host {
        folder,
        open,
        roster: Roster::default(),
        served: BTreeMap::new(),
        running: FuturesUnordered::new(),
        trouble: None,
        lookout: None,
    };
    match Lookout::new() {
        Ok(lookout) => host.lookout = Some(lookout),
        Err(error) => host.blind(&error),
    }
    LocalSet::new().run_until(host.run(again, stop)).await;
    Ok(())
}

impl<Open: FnMut(&Path, &mut Household) -> Door> Host<'_, Open> {
    async fn run(&mut self, again: &Notify, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut look = true;
        loop {
            if look {
                self.look().await;
            }
            let troubled = self.is_troubled();
            look = tokio::select! {
                biased;
                () = stop.as_mut() => break,
                () = again.notified() => true,
                Some(ended) = self.running.next(), if !self.running.is_empty() => self.ended(ended),
                seen = changed(self.lookout.as_ref()) => self.settled(seen).await,
                () = sleep(LATER), if troubled => true,
            };
        }
        for served in self.served.values() {
            served.stop.send_replace(true);
        }
        while self.running.next().await.is_some() {}
    }

    /// Compares the folder with what is served, and acts on it. A folder that cannot be read ends nobody.
    async fn look(&mut self) {
        // Before it is read, so that nothing changes unseen between the two.
        if let Some(Err(error)) = self.lookout.as_ref().map(|eyes| eyes.look_at(self.folder)) {
            self.blind(&error);
        }
        let found = match configurations(self.folder) {
            Ok(found) => found,
            Err(error) => {
                let words = error.to_string();
                if self.trouble.as_ref() != Some(&words) {
                    let folder = self.folder.display();
                    tracing::warn!(%folder, trouble = %words, "the folder of households cannot be read; all stays as it was");
                }
                self.trouble = Some(words);
                return;
            }
        };
        self.trouble = None;
        for (file, step) in self.roster.compare(&found) {
            match step {
                Step::Begin => {
                    if let Err(fault) = self.begin(&file) {
                        self.left_out(&file, &fault);
                    }
                    // Those that are served already are not kept waiting by many that begin.
                    yield_now().await;
                }
                Step::Read => self.read_again(&file),
                Step::End => self.end(&file),
            }
        }
    }

    fn begin(&mut self, file: &Path) -> Result<(), Fault> {
        let mut home = Household::open(file)?;
        let data = home.album.folder();
        let data = std::fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
        let mut served = self.served.iter();
        if let Some((before, _)) = served.find(|(_, other)| other.data == data) {
            return Err(named_before(file, before));
        }
        let door = (self.open)(file, &mut home);
        let span = tracing::info_span!("", mailbox = %home.config.mailbox);
        let (stop, told) = watch::channel(false);
        let config = home.config.clone();
        let serving = tokio::task::spawn_local(attend(home, told, door).instrument(span));
        let (name, at) = (file.to_owned(), file.to_owned());
        let ended = async move { (name, serving.await) };
        self.running.push(Box::pin(ended));
        self.served.insert(at, Served { data, config, stop });
        self.roster.served(file);
        Ok(())
    }

    /// Other settings are a reason to begin anew; what is no configuration any more is not.
    fn read_again(&mut self, file: &Path) {
        let now = self.served.get(file).map(|served| &served.config);
        match Config::load(file) {
            Ok(config) if Some(&config) == now => {}
            Ok(_) => {
                let config = file.display();
                tracing::info!(%config, "other settings: the household begins anew");
                self.end(file);
            }
            Err(error) => {
                let config = file.display();
                tracing::warn!(%config, trouble = %error, "the settings before stay in use");
            }
        }
    }

    fn end(&mut self, file: &Path) {
        if let Some(served) = self.served.get(file) {
            served.stop.send_replace(true);
            self.roster.ending(file);
        }
    }

    /// Says whether the folder is to be looked at.
    fn ended(&mut self, (file, ended): Ended) -> bool {
        let served = self.served.remove(&file);
        let told = served.is_some_and(|served| *served.stop.borrow());
        match super::ended(ended) {
            Err(fault) if !told => {
                self.left_out(&file, &fault);
                false
            }
            _ => {
                tracing::info!(config = %file.display(), "household closed");
                self.roster.ended(&file);
                true
            }
        }
    }

    fn left_out(&mut self, file: &Path, fault: &Fault) {
        if self.roster.out(file, &fault.message) {
            let (config, hint) = (file.display(), fault.hint.as_deref().unwrap_or_default());
            tracing::warn!(%config, code = fault.code, trouble = %fault, hint, "household left out");
        }
    }

    /// Whether it is to be looked at without a call.
    fn is_troubled(&self) -> bool {
        self.lookout.is_none() || self.trouble.is_some() || self.roster.any_out()
    }

    /// Waits until what changes is still; says whether the folder is to be looked at.
    async fn settled(&mut self, seen: io::Result<()>) -> bool {
        if let Err(error) = seen {
            self.blind(&error);
        }
        if let Some(lookout) = &self.lookout {
            let settle =
                async { while let Ok(Ok(())) = timeout(STILL, lookout.changed()).await {} };
            // Whatever it is by then.
            let _ = timeout(RESTLESS, settle).await;
        }
        true
    }

    fn blind(&mut self, error: &io::Error) {
        tracing::warn!(%error, "the folder of households is looked at every five minutes only");
        self.lookout = None;
    }
}

/// Serves one until it is told to stop, and shuts its door.
async fn attend(home: Household, told: watch::Receiver<bool>, door: Door) -> Result<(), Fault> {
    let stopped = |mut told: watch::Receiver<bool>| async move {
        // An error means that nobody is left to tell.
        let _ = told.wait_for(|stop| *stop).await;
    };
    let at_last = stopped(told.clone());
    let served = tokio::select! {
        served = apart::serve(home, stopped(told)) => served,
        () = async { at_last.await; sleep(PATIENCE).await } => {
            tracing::warn!("what was in hand is cut off; it goes on at the next start");
            Ok(())
        }
    };
    door.await;
    served
}

/// Waits until something changed, as far as that can be seen.
async fn changed(lookout: Option<&Lookout>) -> io::Result<()> {
    match lookout {
        Some(lookout) => lookout.changed().await,
        None => pending().await,
    }
}
