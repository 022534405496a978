//! Is all well? Looks at settings, keys, folder, clock and both logins, and says the way out of each fault. Changes
//! nothing, neither here nor in the mailbox.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde::Serialize;

use super::clock::{Memory, Reading};
use super::words::show_time;
use super::{Fault, Household};
use crate::album::Keys;
use crate::config::PasswordSource;
use crate::encoding::{Timestamp, encoded_body_len};
use crate::envelope::{PART_SIZE, part_len};
use crate::mailbox::{Role, Session};
use crate::submission::Connection;

/// An encryption certificate that ends so soon is told of, in seconds.
const SOON: u64 = 30 * 86_400;
/// A clock so far ahead of the last time that was sure is hardly right, in seconds.
const FAR_AHEAD: u64 = 3 * 366 * 86_400;
/// What stands around one part in a message.
const PART_FRAME: u64 = 2_000;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// Whether it is as it should be.
    pub good: bool,
    /// What was found.
    pub words: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    fn good(what: &'static str, words: impl Into<String>) -> Self {
        Finding {
            what,
            good: true,
            words: words.into(),
            hint: None,
        }
    }

    fn bad(what: &'static str, words: impl Into<String>, hint: impl Into<String>) -> Self {
        Finding {
            what,
            good: false,
            words: words.into(),
            hint: Some(hint.into()),
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Something that failed.
    pub fn of_fault(what: &'static str, fault: &Fault) -> Self {
        Finding {
            what,
            good: false,
            words: fault.message.clone(),
            hint: fault.hint.clone(),
        }
    }
}

impl Household {
    /// Looks at everything once.
    pub async fn doctor(&self) -> Vec<Finding> {
        let reading = Reading::take();
        let mut findings = vec![
            self.look_at_settings(),
            look_at_password("password for IMAP", &self.config.imap.password),
            self.look_at_keys(reading.wall),
            self.look_at_folder(),
            self.look_at_people(),
            self.look_at_clock(&reading),
        ];
        if self.config.smtp.password != self.config.imap.password {
            findings.push(look_at_password(
                "password for SMTP",
                &self.config.smtp.password,
            ));
        }
        let (imap, smtp) = tokio::join!(self.look_at_imap(), self.look_at_smtp());
        findings.push(imap);
        findings.push(smtp);
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
                    show_time(end)
                ),
                "look at the clock; if it is right, update Hearthpost: a newer one renews the certificate",
            ),
            Some(end) => Finding::good(
                what,
                format!("letters can be sent here until {}; {own}", show_time(end)),
            ),
        }
    }

    fn look_at_folder(&self) -> Finding {
        let folder = self.album.folder().display().to_string();
        match self.album.blobs().new_part() {
            // Dropped, it leaves nothing.
            Ok(_) => Finding::good("data folder", format!("{folder} can be written")),
            Err(error) => Finding::bad(
                "data folder",
                format!("{folder} cannot be written: {error}"),
                "make room on that disk, or give the folder to the user that runs Hearthpost",
            ),
        }
    }

    fn look_at_people(&self) -> Finding {
        match self.people() {
            Ok(people) if people.is_empty() => Finding::good("people", "nobody is named yet").hint(
                "`hearthpost user add NAME --mail ADDR`: only named people can look at what comes",
            ),
            Ok(people) => {
                let names: Vec<&str> = people
                    .iter()
                    .map(|person| person.station.as_str())
                    .collect();
                Finding::good("people", names.join(", "))
            }
            Err(fault) => Finding::of_fault("people", &fault),
        }
    }

    fn look_at_clock(&self, reading: &Reading) -> Finding {
        match Memory::load(self.album.rows()) {
            Ok(memory) => judge_clock(&memory, reading),
            Err(fault) => Finding::of_fault("clock", &fault),
        }
    }

    async fn look_at_imap(&self) -> Finding {
        let what = "fetching mail (IMAP)";
        let account = match self.imap_account().await {
            Ok(account) => account,
            Err(fault) => {
                return Finding::of_fault(what, &fault)
                    .hint("see the section [imap] of the settings");
            }
        };
        let server = account.endpoint.to_string();
        let mut session = match Session::open(&account).await {
            Ok(session) => session,
            Err(error) => {
                return Finding::bad(
                    what,
                    error.to_string(),
                    "see the section [imap] of the settings",
                );
            }
        };
        let (can_remove, listed) = {
            let can = session.capabilities();
            (can.uidplus || can.move_, session.folders().await)
        };
        session.logout().await;
        let folders = match listed {
            Ok(folders) => folders,
            Err(error) => return Finding::bad(what, error.to_string(), "ask the mail provider"),
        };
        let junk = folders.iter().find(|folder| folder.role == Role::Junk);
        let junk = match junk {
            Some(folder) if self.config.imap.junk => format!("INBOX and {} are read", folder.name),
            _ => "INBOX is read".to_owned(),
        };
        let signed_in = format!("signed in at {server} as {}; {junk}", account.username);
        if can_remove {
            return Finding::good(what, signed_in);
        }
        Finding::bad(
            what,
            format!(
                "{signed_in}; the server has neither UIDPLUS nor MOVE, so that read mail stays there"
            ),
            "empty that mailbox yourself from time to time, or use another mail provider",
        )
    }

    async fn look_at_smtp(&self) -> Finding {
        let what = "sending mail (SMTP)";
        let account = match self.smtp_account().await {
            Ok(account) => account,
            Err(fault) => {
                return Finding::of_fault(what, &fault)
                    .hint("see the section [smtp] of the settings");
            }
        };
        let connection = match Connection::open(&account).await {
            Ok(connection) => connection,
            Err(error) => {
                return Finding::bad(
                    what,
                    error.to_string(),
                    "see the section [smtp] of the settings",
                );
            }
        };
        let limit = connection.size_limit();
        connection.close().await;
        let signed_in = format!("signed in at {} as {}", account.endpoint, account.username);
        judge_limit(what, &signed_in, limit, self.config.smtp.message_budget)
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

fn judge_clock(memory: &Memory, reading: &Reading) -> Finding {
    let what = "clock";
    let shows = show_time(reading.wall);
    let set_it =
        "set the clock, or let the system set it by the network (`timedatectl set-ntp true`)";
    if reading.wall < memory.floor {
        let words = format!(
            "it shows {shows}, but it is later than {}",
            show_time(memory.floor)
        );
        return Finding::bad(what, words, set_it);
    }
    if reading.wall > memory.floor.plus_seconds(FAR_AHEAD) {
        let words = format!(
            "it shows {shows}, years after {}, the last time that was sure",
            show_time(memory.floor)
        );
        return Finding::bad(what, words, set_it);
    }
    let sure = reading.synchronised || memory.look(reading, &[]).confirmed;
    if sure {
        return Finding::good(what, format!("it shows {shows}, and can be relied upon"));
    }
    Finding::good(
        what,
        format!("it shows {shows}; nothing bears that out yet"),
    )
    .hint("nothing is deleted before mail or a day of steady running agree with it")
}

fn judge_limit(what: &'static str, signed_in: &str, limit: Option<u64>, budget: u64) -> Finding {
    let largest_part = encoded_body_len(part_len(PART_SIZE) as u64) + PART_FRAME;
    match limit {
        Some(limit) if limit < largest_part => Finding::bad(
            what,
            format!(
                "{signed_in}; one mail may have {limit} bytes there, and a large picture needs {largest_part}"
            ),
            "ask the mail provider for a higher limit, or use another one",
        ),
        Some(limit) if limit < budget => {
            let words = format!(
                "{signed_in}; one mail may have {limit} bytes there, less than smtp.message_budget"
            );
            Finding::good(what, words).hint(format!("smtp.message_budget = {limit} saves a try"))
        }
        Some(limit) => Finding::good(
            what,
            format!("{signed_in}; one mail may have {limit} bytes there"),
        ),
        None => Finding::good(what, signed_in),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(days_after_floor: i64, synchronised: bool) -> Finding {
        let memory = Memory::default();
        let reading = Reading {
            wall: Timestamp::from_unix(memory.floor.unix() + days_after_floor * 86_400),
            boot: "one".to_owned(),
            uptime: 60,
            synchronised,
        };
        judge_clock(&memory, &reading)
    }

    #[test]
    fn a_clock_before_this_version_or_many_years_after_it_is_not_right() {
        assert!(!clock(-1, true).good);
        assert!(!clock(-20_000, false).good);
        assert!(!clock(40 * 366, false).good);
        assert!(clock(100, true).good && clock(100, true).hint.is_none());
        assert!(clock(100, false).good && clock(100, false).hint.is_some());
    }

    #[test]
    fn a_limit_below_one_part_is_a_fault_and_one_below_the_budget_is_not() {
        let judge = |limit| judge_limit("smtp", "signed in", limit, 18_000_000);
        assert!(!judge(Some(5_000_000)).good);
        assert!(judge(Some(10_000_000)).good && judge(Some(10_000_000)).hint.is_some());
        assert!(judge(Some(26_214_400)).good && judge(Some(26_214_400)).hint.is_none());
        assert!(judge(None).good);
    }
}
