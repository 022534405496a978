//! `serve --households`: the box of many households.

use std::path::Path;
use std::sync::Arc;

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::signal::unix::SignalKind;
use tokio::sync::Notify;

use super::context::{Context, start_log};
use super::sync::{listen, runtime, show_first_link, site, told_to_stop};
use super::{Done, Fault};
use crate::config::{Config, LogLevel, configurations};
use crate::daemon::{self, Door};
use crate::sharing::Household;
use crate::web;

/// Serves whatever households the folder holds, until it is told to stop; SIGHUP asks for a look at the folder.
pub fn host(context: &Context, folder: &Path) -> Result<Done, Fault> {
    not_named(context)?;
    let found = configurations(folder).unwrap_or_default();
    let configs = found.iter().flat_map(|found| Config::load(&found.file));
    let level = configs.map(|config| config.log_level).max();
    start_log(level.unwrap_or(LogLevel::Info), true)?;
    open_as_many_files_as_may_be();
    let mut browsers = web::serve(Vec::new())?;
    let open = |path: &Path, home: &mut Household| -> Door {
        let opened = site(path, home).and_then(|site| {
            let opened = show_first_link(home, site.is_secure()).and_then(|()| browsers.open(site));
            let fault = |fault: &Fault| {
                tracing::warn!(mailbox = %home.config.mailbox, trouble = %fault, "no browsers");
            };
            opened.inspect_err(fault).ok()
        });
        Box::pin(async move {
            if let Some(opened) = opened {
                opened.close().await;
            }
        })
    };
    runtime()?.block_on(async {
        let stop = told_to_stop()?;
        let mut called = listen(SignalKind::hangup())?;
        let again = Arc::new(Notify::new());
        let look = Arc::clone(&again);
        tokio::spawn(async move {
            while called.recv().await.is_some() {
                look.notify_one();
            }
        });
        daemon::host(folder, open, &again, stop).await
    })?;
    Ok(Done::Wholly)
}

/// One household and many are not meant at once.
pub fn not_named(context: &Context) -> Result<(), Fault> {
    match context.named {
        None => Ok(()),
        Some(_) => Err(Fault::usage(
            "config",
            "--config names one household and --households many; leave out one of them",
        )),
    }
}

/// A household holds some eight files open, and systems let a program have a thousand of them unless it asks.
fn open_as_many_files_as_may_be() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "no more files than the system says");
    }
}
