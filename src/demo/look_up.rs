//! The scene with a directory: one household writes itself into it, another finds it there. Left out, and said so, where no
//! directory server can be started.

use super::play::Play;
use super::slapd::Slapd;
use super::stage::Who;
use crate::sharing::Fault;

/// The key word under which the third household is to be found.
const WORD: &str = "the-clarks";

impl Play<'_> {
    /// Ann finds the third household. Gives what is said of it.
    pub(super) fn look_up(&mut self) -> Result<Vec<String>, Fault> {
        self.scene("Ann looks in a directory")?;
        let lines = match Slapd::start(&self.stage.place.join("directory")) {
            Ok(slapd) => self.find(&slapd)?,
            Err(why) => vec![format!("Left out: {why}.")],
        };
        for line in &lines {
            self.say(line)?;
        }
        Ok(lines)
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
        let lines = vec![
            format!(
                "A slapd of its own runs for a moment. The box of {} writes its entry: {place}",
                self.stage.c.name
            ),
            format!(
                "Ann types {WORD}, whom her box does not know ({before}). It is offered {} ({}), whose words begin: {} …",
                found.name,
                found.mailbox,
                begin.join(" ")
            ),
            format!(
                "She takes them; now they are {}. The directory is believed no further than the certificates in it.",
                self.trust(Who::A, Who::C)?
            ),
        ];
        // The directory ends with this scene.
        self.stage.a.home.config.directory = None;
        self.stage.c.home.config.directory = None;
        Ok(lines)
    }
}
