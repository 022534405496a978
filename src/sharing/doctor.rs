//! Is all well? Looks at settings, keys, folder, disk, the web interface, people, templates, contacts, clock and both
//! servers and the directory, and says the way out of
//! each fault. Changes nothing, neither here nor in the mailbox.

mod directory;
mod finding;
mod house;
mod https;
mod neighbours;
mod programs;
mod servers;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

pub use self::finding::Finding;
pub use self::neighbours::{Neighbours, named_before};
use self::programs::{look_at_gphoto, look_at_program};
use super::Household;
use super::clock::Reading;
use super::contacts::ended::own_has_ended;
use super::identity::lost;
use super::submit::pace::Standing;
use super::words::english_time;
use crate::album::Keys;
use crate::config::{Config, PasswordSource, Role};
use crate::convert::Program;
use crate::encoding::Timestamp;

/// An encryption certificate that ends so soon is told of, in seconds.
const SOON: u64 = 30 * 86_400;

/// What a household has lost that cannot be opened for want of its keys, and what can be asked for again.
pub fn without_keys(config: &Path) -> Vec<Finding> {
    let Ok(config) = Config::load(config) else {
        return Vec::new();
    };
    let Some(lost) = lost(&config.data) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if lost.own > 0 {
        let words = match lost.own {
            1 => "one item of this household's own does not open without the keys".to_owned(),
            n => format!("{n} items of this household's own do not open without the keys"),
        };
        let hint = "nobody else has the keys: without a backup they are lost, unless they lie on a memory card or were shared";
        findings.push(Finding::bad("own album", words, hint));
    }
    if lost.received > 0 {
        let words = match lost.received {
            1 => "one share of others does not open without the keys".to_owned(),
            n => format!("{n} shares of others do not open without the keys"),
        };
        let hint = format!("these can share them again: {}", lost.ask.join(", "));
        findings.push(Finding::bad("received shares", words, hint));
    }
    findings
}

impl Household {
    /// Looks at everything once.
    pub async fn doctor(&self, reading: &Reading) -> Vec<Finding> {
        let mut findings = vec![
            self.look_at_settings(),
            look_at_password("password for IMAP", &self.config.imap.password),
        ];
        if self.config.smtp.password != self.config.imap.password {
            findings.push(look_at_password(
                "password for SMTP",
                &self.config.smtp.password,
            ));
        }
        let now = reading.wall;
        findings.push(self.look_at_keys(now));
        findings.extend(self.look_at_folder());
        findings.extend(self.look_at_store());
        findings.push(self.look_at_https(now));
        findings.push(self.look_at_people());
        findings.push(self.look_at_templates());
        findings.extend(Program::ALL.map(look_at_program));
        findings.push(look_at_gphoto());
        findings.extend(self.look_at_contacts(now));
        let (imap, smtp, directory) = tokio::join!(
            self.look_at_imap(),
            self.look_at_smtp(),
            self.look_at_directory()
        );
        findings.push(self.look_at_clock(reading, imap.newest));
        findings.extend(imap.findings);
        findings.extend(smtp);
        findings.extend(directory);
        findings.push(self.look_at_pace(now));
        findings
    }

    fn look_at_settings(&self) -> Finding {
        let config = &self.config;
        Finding::good("settings", format!("{}, {}", config.name, config.mailbox))
    }

    fn look_at_keys(&self, wall: Timestamp) -> Finding {
        let what = "keys";
        let path = Keys::path(&self.config.data);
        let mode = match fs::metadata(&path) {
            Ok(about) => about.permissions().mode() & 0o777,
            Err(error) => {
                let words = format!("{}: {error}", path.display());
                return Finding::bad(what, words, "bring the key file back from a backup");
            }
        };
        if mode & 0o077 != 0 {
            let words = format!("others can read {} (mode {mode:03o})", path.display());
            return Finding::bad(what, words, format!("chmod 600 {}", path.display()));
        }
        let me = self.me();
        if self.ended(me).is_ok_and(|ended| ended.is_some()) {
            let fault = own_has_ended();
            return Finding::bad(what, fault.message, fault.hint.unwrap_or_default());
        }
        let own = format!("fingerprint {me}, comparing words: {}", me.words());
        let ends = self
            .keys
            .encryption
            .iter()
            .map(|key| key.certificate().not_after());
        match ends.max() {
            None => Finding::bad(
                what,
                "no key that opens letters",
                "bring the key file back from a backup",
            ),
            Some(end) if end <= wall.plus_seconds(SOON) => Finding::bad(
                what,
                format!(
                    "letters can be sent here only until {}; {own}",
                    english_time(end)
                ),
                "look at the clock: the key is renewed by itself, 60 days before, once the clock is confirmed",
            ),
            Some(end) => Finding::good(
                what,
                format!(
                    "letters can be sent here until {}; {own}",
                    english_time(end)
                ),
            ),
        }
    }

    fn look_at_people(&self) -> Finding {
        match self.people() {
            _ if self.config.role == Role::Relay => {
                Finding::good("people", "nobody: this box only carries for others")
            }
            Ok(people) if people.is_empty() => Finding::good("people", "nobody is named yet").hint(
                "`hearthpost user add NAME --mail ADDR`: only named people can look at what comes",
            ),
            Ok(people) => {
                let named = self.config.announce.named();
                let mut strangers =
                    named.filter(|name| people.iter().all(|one| one.station != **name));
                if let Some(name) = strangers.next() {
                    let words = format!("announce names {name}, who is not of this house");
                    return Finding::bad(
                        "people",
                        words,
                        "`hearthpost user add NAME --mail ADDR`, or take the name out of the settings file",
                    );
                }
                let names: Vec<&str> = people
                    .iter()
                    .map(|person| person.station.as_str())
                    .collect();
                Finding::good("people", names.join(", "))
            }
            Err(fault) => Finding::of_fault("people", &fault),
        }
    }

    fn look_at_pace(&self, now: Timestamp) -> Finding {
        let what = "sending limits";
        let smtp = &self.config.smtp;
        let standing = match Standing::look(self.album.rows(), smtp, now) {
            Ok(standing) => standing,
            Err(fault) => return Finding::of_fault(what, &fault),
        };
        if let Some(words) = standing.held_back {
            let hint = "it goes on by itself; smtp.max_recipients_per_day below the provider's own limit keeps it from being met";
            return Finding::bad(what, words, hint);
        }
        let budget = match smtp.max_recipients_per_day {
            Some(budget) => format!("of {budget} recipients"),
            None => "recipients, with no limit set,".to_owned(),
        };
        let at_once = standing.at_once.map_or(String::new(), |most| {
            format!("; the provider takes {most} at once")
        });
        Finding::good(
            what,
            format!(
                "{} {budget} in the last 24 hours{at_once}",
                standing.in_a_day
            ),
        )
    }
}

/// Others may not read the password; whether the file is there shows at the sign-in too, but here with its name.
fn look_at_password(what: &'static str, source: &PasswordSource) -> Finding {
    match source {
        PasswordSource::Environment(name) if std::env::var_os(name).is_some() => {
            Finding::good(what, format!("in the variable {name}"))
        }
        PasswordSource::Environment(name) => {
            let words = format!("the variable {name} is not set");
            Finding::bad(what, words, "set it for the user that runs Hearthpost")
        }
        PasswordSource::Command(words) => {
            let program = words.first().map_or("", String::as_str);
            Finding::good(what, format!("from the program {program}"))
        }
        PasswordSource::File(path) => password_file(what, path),
    }
}

fn password_file(what: &'static str, path: &Path) -> Finding {
    let shown = path.display();
    match fs::read_to_string(path) {
        Err(error) => Finding::bad(
            what,
            format!("{shown}: {error}"),
            "write the password into its first line",
        ),
        Ok(text) if text.lines().next().unwrap_or_default().is_empty() => {
            let words = format!("{shown} is empty, or its first line is");
            Finding::bad(what, words, "write the password into its first line")
        }
        Ok(_) => {
            let mode = fs::metadata(path).map_or(0, |about| about.permissions().mode() & 0o777);
            if mode & 0o007 != 0 {
                let words = format!("everybody on this machine can read {shown} (mode {mode:03o})");
                return Finding::bad(what, words, format!("chmod 600 {shown}"));
            }
            Finding::good(what, format!("in {shown}"))
        }
    }
}
