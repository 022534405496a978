//! All scenes in their order, and the page that shows what came of them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::commands::commands;
use super::page::{self, Page};
use super::play::Play;
use super::stage::Stage;
use super::voice::Voice;
use super::words::told;
use crate::sharing::Fault;
use crate::words::Language;

/// A demonstration that has been played; the mail server runs until this is dropped. The folder stays.
pub struct Played {
    /// The page to look at.
    pub page: PathBuf,
    /// The configuration of the household that sent.
    pub sender: PathBuf,
    /// The configuration of the household that received.
    pub receiver: PathBuf,
    /// Commands to try, ready to be copied into a shell, each with what it shows.
    pub commands: Vec<(String, String)>,
    /// Everything that runs.
    pub(super) stage: Stage,
}

/// Plays all of it in `place`.
pub(super) fn play(
    place: &Path,
    folder: Option<&Path>,
    language: Language,
    stop: &AtomicBool,
    out: &mut dyn Write,
) -> Result<Played, Fault> {
    let mut voice = Voice(out);
    let at = place.display().to_string();
    voice.say(told!(language, "demo-begin", place = at))?;
    let mut play = Play {
        stage: Stage::build(place, language)?,
        voice,
        stop,
        scene: 0,
        language,
    };
    play.introduce()?;
    let (pictures, files) = play.import(folder)?;
    let sent = play.share(&pictures, &files)?;
    let seen = play.provider()?;
    let notices = play.arrive(&sent)?;
    let short = play.share_for_a_moment(pictures.first())?;
    let portions = play.portions(&sent)?;
    let invited = play.invite()?;
    let ended = play.end(short)?;
    let onward = play.onward(pictures.first())?;
    let by_way = play.by_way()?;
    let looked_up = play.look_up()?;
    let chapters = [
        (told!(language, "demo-page-invited"), invited),
        (told!(language, "demo-page-relay"), by_way),
        (told!(language, "demo-page-directory"), looked_up),
    ];
    play.voice.say("")?;
    let page = place.join("page").join("index.html");
    let files_title = told!(language, "demo-page-files");
    let title = told!(language, "demo-title");
    let content = Page {
        language,
        title: match pictures.is_empty() {
            true => &files_title,
            false => &title,
        },
        from: &play.stage.a.name,
        to: &play.stage.b.name,
        portions: &portions,
        messages: &seen.messages,
        verdict: &seen.verdict,
        notices: &notices,
        ended: ended.as_deref(),
        onward: onward.as_ref(),
        chapters: &chapters,
    };
    page::write(&page, &content)?;
    let commands = commands(language, &play.stage, &sent, folder.is_none());
    Ok(Played {
        page,
        sender: play.stage.a.config.clone(),
        receiver: play.stage.b.config.clone(),
        commands,
        stage: play.stage,
    })
}
