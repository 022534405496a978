//! `sync` and `serve`: the box at work.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::context::{Context, start_log};
use super::output::write_out;
use super::reach::{base, only_here};
use super::words::{retold, spoken, tell};
use super::{Done, Fault};
use crate::config::LogLevel;
use crate::daemon;
use crate::sharing::Household;
use crate::sharing::clock::Reading;
use crate::sharing::doctor::named_before;
use crate::sharing::submit::{Unsent, Waits};
use crate::sharing::sync::Done as Pass;
use crate::web::{self, Site};
use crate::words::say;

/// How often a run that waits looks whether the other one has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

#[derive(Serialize)]
struct Document {
    submitted: u64,
    fetched: u64,
    ingested: u64,
    refused: Vec<Reason>,
    /// What the provider refused for good.
    unsent: Vec<Unsent>,
    /// What is to go out still.
    waiting: Vec<Waits>,
    /// So many households wait to be accepted.
    to_accept: usize,
    notified: u64,
    expired: u64,
    trouble: Vec<String>,
}

#[derive(Serialize)]
struct Reason {
    reason: String,
}

pub fn sync(context: &Context, wait: Option<u64>) -> Result<Done, Fault> {
    let mut home = context.open()?;
    let waiting = Duration::from_secs(wait.unwrap_or_default());
    let pass = runtime()?.block_on(one_pass(&mut home, waiting))?;
    for line in &pass.trouble {
        context
            .output
            .note(&tell!("cli-error", words = retold(line)));
    }
    let reason = |reason| Reason { reason };
    let document = Document {
        submitted: pass.submitted,
        fetched: pass.fetched,
        ingested: pass.ingested,
        refused: pass.refused.into_iter().map(reason).collect(),
        unsent: pass.unsent,
        waiting: home.waiting()?,
        to_accept: home.waiting_households()?,
        notified: pass.notified,
        expired: pass.expired,
        trouble: pass.trouble,
    };
    context.output.print(&document, words)?;
    Ok(if document.trouble.is_empty() {
        Done::Wholly
    } else {
        Done::Partly
    })
}

/// Serves the households of `configs`, or the one of the context where there are none.
pub fn serve(context: &Context, configs: &[PathBuf]) -> Result<Done, Fault> {
    if !configs.is_empty() && context.named.is_some() {
        return Err(Fault::usage(
            "config",
            "--config names one household and serve's own words name others; leave out --config",
        ));
    }
    let named = match configs {
        [] => vec![context.config()],
        several => several.to_vec(),
    };
    let opened: Vec<_> = named.iter().map(|path| Household::open(path)).collect();
    let level = opened.iter().flatten().map(|home| home.config.log_level);
    start_log(level.max().unwrap_or(LogLevel::Info), true)?;
    let mut homes = those_that_open(&named, opened)?;
    let mut sites = Vec::new();
    for (path, home) in &mut homes {
        let site = site(path, home);
        if let Some(site) = &site {
            show_first_link(home, site.is_secure())?;
        }
        sites.extend(site);
    }
    let _browsers = web::serve(sites)?;
    let homes: Vec<Household> = homes.into_iter().map(|(_, home)| home).collect();
    runtime()?.block_on(async { daemon::serve_all(homes, told_to_stop()?).await })?;
    Ok(Done::Wholly)
}

/// Done at Ctrl-C or SIGTERM. Inside of a runtime.
pub(super) fn told_to_stop() -> Result<impl Future<Output = ()>, Fault> {
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Hears a signal from now on.
pub(super) fn listen(kind: SignalKind) -> Result<Signal, Fault> {
    signal(kind).map_err(|error| Fault::new("signal", error.to_string()))
}

/// The households that can be served. Among several, one that cannot be opened is told of and left out.
fn those_that_open(
    named: &[PathBuf],
    opened: Vec<Result<Household, Fault>>,
) -> Result<Vec<(PathBuf, Household)>, Fault> {
    let mut homes: Vec<(PathBuf, Household)> = Vec::new();
    let mut first = None;
    for (path, home) in named.iter().zip(opened) {
        let folder = |home: &Household| std::fs::canonicalize(home.album.folder()).ok();
        match home {
            Ok(home) => {
                let mut before = homes.iter();
                let before = before.find(|(_, other)| folder(other) == folder(&home));
                if let Some((before, _)) = before {
                    return Err(named_before(path, before));
                }
                homes.push((path.clone(), home));
            }
            Err(fault) => {
                if named.len() > 1 {
                    tracing::warn!(config = %path.display(), trouble = %fault, "household left out");
                }
                first = first.or(Some(fault));
            }
        }
    }
    match first {
        Some(fault) if homes.is_empty() => Err(fault),
        _ => Ok(homes),
    }
}

/// Where browsers reach a household. That they cannot is no reason not to fetch its mail.
pub(super) fn site(config: &Path, home: &mut Household) -> Option<Site> {
    let renewed = home
        .tick(&Reading::take(), &[])
        .and_then(|now| home.renew_certificate(now));
    if let Err(fault) = renewed {
        tracing::warn!(mailbox = %home.config.mailbox, trouble = %fault, "the certificate is not renewed");
    }
    let site = match Site::listen(config, home) {
        Ok(site) => site?,
        Err(fault) => {
            let hint = fault.hint.unwrap_or_default();
            tracing::warn!(mailbox = %home.config.mailbox, trouble = fault.message, hint, "no browsers");
            return None;
        }
    };
    if let Some(address) = site.address() {
        let (mailbox, secure) = (&home.config.mailbox, site.is_secure());
        let here = address.ip().is_loopback();
        tracing::info!(%mailbox, %address, https = secure, this_machine_alone = here, "browsers are answered");
        if !here && !secure && !home.config.web.proxy {
            tracing::warn!(%mailbox, "whoever is in this network can read along: `hearthpost tls` makes a certificate");
        }
    }
    Some(site)
}

/// Shows the link for the first account of a new house, which opens once; in a terminal also for a phone to read.
pub(super) fn show_first_link(home: &mut Household, secure: bool) -> Result<(), Fault> {
    if home.has_keeper()? {
        return Ok(());
    }
    let now = home.tick(&Reading::take(), &[])?;
    let secret = home.welcome(None, now.now)?;
    let base = base(&home.config, secure);
    let url = format!("{base}/welcome/{}", secret.text());
    let name = home.config.name.as_str();
    let mut text = tell!("serve-nobody", name = name, url = url.as_str()) + "\n";
    if io::stdout().is_terminal() {
        text += &for_a_phone(&url);
    }
    if secure && home.voucher()?.is_some() {
        let page = base.replacen("https://", "http://", 1) + "/ca";
        text += &(tell!("serve-first", page = page) + "\n");
    }
    let listen = home.config.web.listen;
    if listen.is_some_and(|address| address.ip().is_loopback()) && !home.config.web.proxy {
        text += &only_here(&home.config, secure);
    }
    // Where nobody reads, nobody is to be told.
    let _ = write_out(&text);
    Ok(())
}

/// What a phone reads from the screen.
pub fn for_a_phone(url: &str) -> String {
    let Ok(code) = QrCode::new(url) else {
        return String::new();
    };
    code.render::<Dense1x2>().build() + "\n"
}

/// A pass; while another run has the mailbox in hand, it is waited for.
async fn one_pass(home: &mut Household, waiting: Duration) -> Result<Pass, Fault> {
    let begun = Instant::now();
    loop {
        match home.sync(&Reading::take()).await {
            Err(fault) if fault.code == "busy" && begun.elapsed() < waiting => {
                let left = waiting.saturating_sub(begun.elapsed());
                tokio::time::sleep(LOOK_AGAIN.min(left)).await;
            }
            done => return done,
        }
    }
}

/// One thread: the work waits for the network and the disk, not for processors.
pub fn runtime() -> Result<Runtime, Fault> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| {
        Fault::new(
            "system",
            format!("the system gives no event queue: {error}"),
        )
    })
}

fn words(pass: &Document) -> String {
    let mut text = String::new();
    for (number, key) in [
        (pass.submitted, "sync-submitted"),
        (pass.fetched, "sync-fetched"),
        (pass.ingested, "sync-ingested"),
        (pass.notified, "sync-notified"),
        (pass.expired, "sync-expired"),
    ] {
        if number > 0 {
            text += &(say(spoken(), key, &[("count", number.into())]) + "\n");
        }
    }
    for refused in &pass.refused {
        text += &(tell!("cli-not-taken", what = retold(&refused.reason)) + "\n");
    }
    for unsent in &pass.unsent {
        let (to, why) = (unsent.to.as_str(), retold(&unsent.reason));
        let words = match &unsent.share {
            Some(share) => tell!(
                "sync-unsent-share",
                share = share.as_str(),
                to = to,
                why = why
            ),
            None => tell!("sync-unsent", to = to, why = why),
        };
        text += &(words + "\n");
    }
    for waits in &pass.waiting {
        let args = [
            ("count", waits.count.into()),
            (
                "why",
                retold(waits.why.as_deref().unwrap_or_default()).into(),
            ),
        ];
        let key = match waits.why {
            Some(_) => "sync-waits-why",
            None => "sync-waits",
        };
        text += &(say(spoken(), key, &args) + "\n");
    }
    if pass.to_accept > 0 {
        let args = [("count", pass.to_accept.into())];
        text += &(say(spoken(), "sync-to-accept", &args) + "\n");
    }
    if text.is_empty() && pass.trouble.is_empty() {
        text += &(tell!("sync-nothing") + "\n");
    }
    text
}
