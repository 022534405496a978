//! One look a second at whether anything changed, for all who listen; none while nobody does.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::sharing::{Fault, Household};

/// How long between two looks.
const REST: Duration = Duration::from_secs(1);
/// So many listen at once at most.
const MOST: usize = 100;

/// Tells listeners that something changed.
#[derive(Clone)]
pub(super) struct Pulses(Arc<Inside>);

struct Inside {
    config: PathBuf,
    changed: watch::Sender<u64>,
    looking: Mutex<bool>,
}

impl Pulses {
    pub fn new(config: &Path) -> Self {
        Pulses(Arc::new(Inside {
            config: config.to_owned(),
            changed: watch::Sender::new(0),
            looking: Mutex::new(false),
        }))
    }

    /// Is told of every change from now on.
    pub fn listen(&self) -> Result<watch::Receiver<u64>, Fault> {
        let inside = &self.0;
        let mut looking = inside.looking();
        if inside.changed.receiver_count() >= MOST {
            let words = "Too many listen already. Try again in a while.";
            return Err(Fault::new("busy", words));
        }
        let listener = inside.changed.subscribe();
        if !*looking {
            *looking = true;
            tokio::spawn(look(Arc::clone(inside)));
        }
        Ok(listener)
    }

    /// Done when nobody looks any more; nobody may listen.
    pub async fn rest(&self) {
        while *self.0.looking() {
            tokio::time::sleep(REST / 10).await;
        }
    }
}

impl Inside {
    fn looking(&self) -> MutexGuard<'_, bool> {
        // A flag is as good after a panic as before.
        self.looking
            .lock()
            .unwrap_or_else(|broken| broken.into_inner())
    }

    /// Whether somebody listens; if not, whoever comes next begins the looking anew.
    fn is_heard(&self) -> bool {
        let mut looking = self.looking();
        *looking = self.changed.receiver_count() > 0;
        *looking
    }
}

async fn look(inside: Arc<Inside>) {
    let mut home: Option<Household> = None;
    let mut last = None;
    while inside.is_heard() {
        let config = inside.config.clone();
        // A number is another one only by the eyes of one opened household: it is kept from look to look.
        let looked = spawn_blocking(move || {
            let opened = match home {
                Some(opened) => opened,
                None => Household::open(&config)?,
            };
            let changes = opened.changes()?;
            Ok::<_, Fault>((opened, changes))
        });
        match looked.await {
            Ok(Ok((opened, changes))) => {
                home = Some(opened);
                if last.replace(changes) != Some(changes) {
                    inside.changed.send_modify(|count| *count += 1);
                }
            }
            Ok(Err(fault)) => {
                tracing::warn!(code = fault.code, trouble = %fault, "nobody is told what happens");
                (home, last) = (None, None);
            }
            // It has been said where it panicked.
            Err(_) => (home, last) = (None, None),
        }
        tokio::time::sleep(REST).await;
    }
}
