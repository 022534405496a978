//! The scene with a directory: one household writes itself into it, another finds it there. Left out, and said so, where no
//! directory server can be started.

use super::play::Play;
use super::slapd::{NoSlapd, Slapd};
use super::stage::Who;
use super::words::told;
use crate::sharing::Fault;

/// The key word under which the third household is to be found.
const WORD: &str = "the-clarks";

impl Play<'_> {
    /// Ann finds the third household. Gives what is said of it.
    pub(super) fn look_up(&mut self) -> Result<Vec<String>, Fault> {
        let language = self.language;
        self.scene(&told!(language, "demo-directory-title"))?;
        let lines = match Slapd::start(&self.stage.place.join("directory")) {
            Ok(slapd) => self.find(&slapd)?,
            Err(NoSlapd::NotInstalled) => vec![told!(language, "demo-directory-none")],
            Err(NoSlapd::NotStarted(why)) => {
                vec![told!(language, "demo-directory-not-started", why = why)]
            }
        };
        self.say_all(lines)
    }

    fn find(&mut self, slapd: &Slapd) -> Result<Vec<String>, Fault> {
        self.stage.c.home.config.directory = Some(slapd.to_write());
        self.stage.a.home.config.directory = Some(slapd.to_read());
        let place = self.stage.publish(Who::C, WORD)?;
        let found = self.stage.look_up(Who::A, WORD)?;
        let found = found.first();
        let found = found.ok_or_else(|| Fault::new("demo", "what was published is not found"))?;
        let words = found.card.identity.fingerprint().words();
        let begin: Vec<&str> = words.split(' ').take(4).collect();
        let before = self.trust(Who::A, Who::C)?;
        self.stage.take_from_directory(Who::A, &found.mailbox)?;
        let after = self.trust(Who::A, Who::C)?;
        let language = self.language;
        let lines = vec![
            told!(
                language,
                "demo-directory-entry",
                name = self.stage.c.name.as_str(),
                place = place
            ),
            told!(
                language,
                "demo-directory-found",
                word = WORD,
                trust = before,
                name = found.name.as_str(),
                mailbox = found.mailbox.as_str(),
                words = begin.join(" ")
            ),
            told!(language, "demo-directory-taken", trust = after),
        ];
        // The directory ends with this scene.
        self.stage.a.home.config.directory = None;
        self.stage.c.home.config.directory = None;
        Ok(lines)
    }
}
