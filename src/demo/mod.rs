//! `hearthpost demo`: three households on one machine, from the introduction to the end of a share, in a few seconds.
//!
//! Nothing is pretended: each box keeps its own album and keys, and all that passes between them is mail over a
//! socket. Only the mail server is a stand-in, `testmail`, which is a test and demo tool and never one for real use.
//!
//! 1. A private folder, the mail server, three households. 2. Introductions by mail, and words compared. 3. Import and
//!    share, with other limits for each person. 4. What the provider saw. 5. What each person gets. 6. A third household
//!    by an invitation. 7. An end that comes. 8. Passed on to that household, narrower, and taken back. 9. A share by way of
//!    a relay. 10. A directory, where slapd is installed. 11. A page to look at.
//!
//! The play in progress (`play`) stands below its scenes, and the script of all of them above.

mod browse;
mod by_way;
mod commands;
mod invite;
mod look_up;
mod onward;
mod page;
mod pictures;
mod play;
mod portion;
mod provider;
mod receive;
mod script;
mod sending;
mod slapd;
mod stage;
mod voice;
mod words;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sharing::Fault;
use crate::words::Language;
pub use script::Played;
use stage::Folder;
use voice::Voice;
use words::told;

/// Plays it on standard output, with the samples or the pictures and files of `folder`. With `once` it then ends: the
/// households are removed and the page stays. Otherwise everything stays up until Ctrl-C, and then all of it is removed.
pub fn run(folder: Option<PathBuf>, once: bool, language: Language) -> Result<(), Fault> {
    let stop = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Fault::new("system", error.to_string()))?;
    let asked = Arc::clone(&stop);
    let stopped = runtime.spawn(async move {
        wait_for_signal().await;
        asked.store(true, Ordering::Relaxed);
    });
    let place = Folder::new()?;
    let out = &mut std::io::stdout();
    let mut played = script::play(place.path(), folder.as_deref(), language, &stop, out)?;
    let mut voice = Voice(out);
    if once {
        let kept = keep_page(&played)?;
        let page = kept.join("page/index.html").display().to_string();
        let folder = kept.display().to_string();
        voice.say(told!(language, "demo-kept", page = page, folder = folder))?;
        return Ok(());
    }
    let page = played.page.display().to_string();
    voice.say(told!(language, "demo-look-at", page = page) + "\n")?;
    let open = browse::open(&mut played.stage)?;
    voice.say(told!(language, "demo-doors", password = open.password))?;
    let or = format!(" {} ", told!(language, "demo-or"));
    for (name, url, people) in &open.doors {
        let door = told!(
            language,
            "demo-door",
            name = name.as_str(),
            people = people.join(&or)
        );
        voice.say(format_args!("  {url}  {door}"))?;
    }
    voice.say(String::from("\n") + &told!(language, "demo-stays"))?;
    for (command, shows) in &played.commands {
        voice.say(format_args!("\n  # {shows}\n  {command}"))?;
    }
    runtime
        .block_on(stopped)
        .map_err(|error| Fault::new("system", error.to_string()))?;
    drop(open);
    drop((played, place));
    voice.say(String::from("\n") + &told!(language, "demo-removed"))
}

/// Plays it in `place`, an empty folder that the caller keeps, and says to `out` what happens.
pub fn perform(
    place: &Path,
    folder: Option<&Path>,
    language: Language,
    out: &mut dyn Write,
) -> Result<Played, Fault> {
    script::play(place, folder, language, &AtomicBool::new(false), out)
}

/// Ctrl-C, or the polite end that systems ask for.
async fn wait_for_signal() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    let Ok(mut terminate) = terminate else {
        _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Moves the page out of the folder that goes, into one that stays.
fn keep_page(played: &Played) -> Result<PathBuf, Fault> {
    let fault = |error: std::io::Error| Fault::new("disk", error.to_string());
    let from = played.page.parent().unwrap_or(&played.page);
    let place = Folder::new()?;
    let to = place.keep();
    std::fs::rename(from, to.join("page")).map_err(fault)?;
    Ok(to)
}
