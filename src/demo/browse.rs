//! After the play the three boxes stay at work, and their people can be visited in a browser.

use std::path::PathBuf;

use tokio::sync::oneshot;

use super::stage::{House, Stage};
use crate::daemon;
use crate::sharing::accounts::Password;
use crate::sharing::{Fault, Household};
use crate::web::{self, Serving, Site};

/// Everybody's, on a page that only this machine reaches.
const PASSWORD: &str = "demo-demo";

/// The boxes at work; they stop when this is dropped.
pub(super) struct Open {
    /// Where each household is visited, and by whom.
    pub doors: Vec<(String, String, Vec<String>)>,
    /// What everybody's password is.
    pub password: &'static str,
    _serving: Serving,
    stop: Option<oneshot::Sender<()>>,
    work: Option<std::thread::JoinHandle<()>>,
}

/// Opens the doors of all three.
pub(super) fn open(stage: &mut Stage) -> Result<Open, Fault> {
    let (mut doors, mut sites, mut configs) = (Vec::new(), Vec::new(), Vec::new());
    for house in [&mut stage.a, &mut stage.b, &mut stage.c] {
        let people = give_passwords(house)?;
        let door = house.door.try_clone();
        let door = door.map_err(|error| Fault::new("listen", error.to_string()))?;
        let site = Site::on(&house.config, &house.home, door)?;
        let address = site.address().map(|address| address.to_string());
        let url = format!("http://{}/", address.unwrap_or_default());
        doors.push((house.name.clone(), url, people));
        sites.push(site);
        configs.push(house.config.clone());
    }
    let (stop, stopped) = oneshot::channel();
    let work = std::thread::Builder::new().name("boxes".to_owned());
    let work = work.spawn(move || {
        if let Err(fault) = run(&configs, stopped) {
            tracing::error!(trouble = %fault, "the boxes stopped");
        }
    });
    Ok(Open {
        doors,
        password: PASSWORD,
        _serving: web::serve(sites)?,
        stop: Some(stop),
        work: Some(work.map_err(|error| Fault::new("system", error.to_string()))?),
    })
}

fn give_passwords(house: &mut House) -> Result<Vec<String>, Fault> {
    let now = house.time()?;
    let mut names = Vec::new();
    for person in house.home.people()? {
        let password = Password::new(PASSWORD.to_owned());
        house.home.set_password(&person.station, &password, now)?;
        names.push(person.station.to_string());
    }
    Ok(names)
}

/// What `hearthpost serve` does, for all three.
fn run(configs: &[PathBuf], stopped: oneshot::Receiver<()>) -> Result<(), Fault> {
    let homes: Result<Vec<_>, _> = configs.iter().map(|path| Household::open(path)).collect();
    let homes = homes?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::new("system", error.to_string()))?;
    runtime.block_on(daemon::serve_all(homes, async {
        // Dropped or sent to: either way it is time.
        let _ = stopped.await;
    }))
}

impl Drop for Open {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(work) = self.work.take() {
            // It panicked, or it is done: either way it is over.
            let _ = work.join();
        }
    }
}
