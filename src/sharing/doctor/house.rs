//! What is looked at in the house itself: folder, disk, clock, templates, and how long the others' certificates last.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Finding, SOON, look_at_password};
use crate::album::Contact;
use crate::encoding::Timestamp;
use crate::notice::{Details, Gathered, Knock, LastMail, Line, Notice, NoticeError, Notices};
use crate::rules::Kind;
use crate::sharing::Household;
use crate::sharing::clock::{Memory, Reading};
use crate::sharing::site::home_page;
use crate::sharing::words::{clean_line, english_time};
use crate::words::Language;

/// A clock so far ahead of the last time that was sure is hardly right, in seconds.
const FAR_AHEAD: u64 = 3 * 366 * 86_400;
/// How far the mail server's dates and this clock may differ, in seconds.
const DAY: u64 = 86_400;
/// With less room on the disk something soon cannot be written.
const LITTLE: u64 = 1_000_000_000;

impl Household {
    pub(super) fn look_at_folder(&self) -> Vec<Finding> {
        let folder = self.album.folder();
        let shown = folder.display();
        let written = match self.album.blobs().new_part() {
            // Dropped, it leaves nothing.
            Ok(_) => judge_modes(folder),
            Err(error) => Finding::bad(
                "data folder",
                format!("{shown} cannot be written: {error}"),
                "make room on that disk, or give the folder to the user that runs Hearthpost",
            ),
        };
        vec![written, self.look_at_disk()]
    }

    /// The bucket, where there is one: something is put there, read and taken away again.
    pub(super) fn look_at_store(&self) -> Vec<Finding> {
        let what = "store of sealed pictures";
        let mut findings = Vec::new();
        if let Some(store) = &self.config.store {
            findings.push(look_at_password("secret for the store", &store.secret_key));
        }
        findings.extend(self.album.try_bucket().map(|tried| match tried {
            Ok(shown) => Finding::good(what, format!("{shown} can be written, read and emptied")),
            Err(error) => Finding::of_fault(what, &error.into())
                .hint("see the section [store] of the settings; until then what came waits in the mailbox"),
        }));
        findings
    }

    fn look_at_disk(&self) -> Finding {
        let what = "disk";
        let folder = self.album.folder();
        let used = match self.album.rows().reserved(self.me(), self.me()) {
            Ok((all, _)) => all,
            Err(error) => return Finding::of_fault(what, &error.into()),
        };
        match rustix::fs::statvfs(folder) {
            Ok(disk) => judge_disk(
                disk.f_bavail.saturating_mul(disk.f_frsize),
                self.config.limits.quota_total.saturating_sub(used),
            ),
            Err(error) => Finding::bad(
                what,
                format!("{}: {error}", folder.display()),
                "look whether that disk is there",
            ),
        }
    }

    pub(super) fn look_at_templates(&self) -> Finding {
        let folder = self.config.data.join("templates");
        match try_templates(&folder, &home_page(&self.config)) {
            Ok(()) if folder.exists() => {
                Finding::good("mail templates", format!("those in {}", folder.display()))
            }
            Ok(()) => Finding::good("mail templates", "the built-in ones"),
            Err(error @ NoticeError::OwnTemplate { .. }) => Finding::bad(
                "mail templates",
                error.to_string(),
                "until then the built-in one is used",
            ),
            Err(error) => Finding::bad(
                "mail templates",
                error.to_string(),
                "nobody is told of anything until then",
            ),
        }
    }

    /// One finding for all households, and one for each whose certificate ends.
    pub(super) fn look_at_contacts(&self, now: Timestamp) -> Vec<Finding> {
        let what = "households";
        let contacts = match self.album.rows().contacts() {
            Ok(contacts) => contacts,
            Err(error) => return vec![Finding::of_fault(what, &error.into())],
        };
        let known: Vec<&Contact> = contacts
            .iter()
            .filter(|contact| contact.is_heard())
            .collect();
        let waiting = contacts
            .iter()
            .filter(|contact| !contact.accepted && !contact.blocked)
            .count();
        let mut all = Finding::good(what, format!("{} known here", known.len()));
        let old = known
            .iter()
            .filter(|contact| !contact.encryption.is_empty() && !contact.is_quantum_safe());
        match old.count() {
            0 => {}
            1 => all.words += ", one without quantum-safe keys",
            n => all.words += &format!(", {n} without quantum-safe keys"),
        }
        if waiting > 0 {
            all.words += &format!(", {waiting} waiting to be accepted");
            all = all.hint("`hearthpost contact list` shows them");
        }
        let mut findings = vec![all];
        let replaced = |one: &Contact| known.iter().any(|other| other.mailbox == one.mailbox);
        for contact in contacts.iter().filter(|one| !replaced(one)) {
            match self.ended(contact.fingerprint) {
                Ok(None) => {}
                Ok(Some(_)) => findings.push(judge_ended(contact)),
                Err(fault) => findings.push(Finding::of_fault(what, &fault)),
            }
        }
        findings.extend(
            known
                .iter()
                .filter_map(|contact| judge_contact(contact, now)),
        );
        findings
    }

    pub(super) fn look_at_clock(&self, reading: &Reading, mail: Option<Timestamp>) -> Finding {
        match Memory::load(self.album.rows()) {
            Ok(memory) => judge_clock(&memory, reading, mail),
            Err(fault) => Finding::of_fault("clock", &fault),
        }
    }
}

fn judge_modes(folder: &Path) -> Finding {
    let what = "data folder";
    for path in [folder.to_owned(), folder.join("album.sqlite")] {
        let mode = fs::metadata(&path).map_or(0, |about| about.permissions().mode() & 0o777);
        if mode & 0o077 != 0 {
            let right = if path.is_dir() { "700" } else { "600" };
            let shown = path.display();
            let words = format!("others can look into {shown} (mode {mode:03o})");
            return Finding::bad(what, words, format!("chmod {right} {shown}"));
        }
    }
    let words = format!("{} can be written, by its owner alone", folder.display());
    Finding::good(what, words)
}

fn judge_disk(free: u64, to_come: u64) -> Finding {
    let (shown, more) = (show_bytes(free), show_bytes(to_come));
    if free < LITTLE {
        return Finding::bad(
            "disk",
            format!("only {shown} are free"),
            "make room: nothing that comes can be taken in on a full disk, and it stays in the mailbox",
        );
    }
    let words = format!("{shown} are free; received shares may take {more} more");
    let finding = Finding::good("disk", words);
    if free < to_come {
        return finding.hint(
            "that is more than is free: a larger disk, or a smaller limits.quota_total, keeps it from filling up",
        );
    }
    finding
}

fn show_bytes(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, "bytes");
    for larger in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        if value < 1_000.0 {
            break;
        }
        (value, unit) = (value / 1_000.0, larger);
    }
    match unit {
        "bytes" => format!("{bytes} bytes"),
        unit => format!("{value:.1} {unit}"),
    }
}

/// Fills every template with something, once with details and once without.
fn try_templates(folder: &Path, url: &str) -> Result<(), NoticeError> {
    let notices = Notices::new(Some(folder.to_owned()));
    let details = Details {
        title: "Summer".to_owned(),
        until: Some("24 December".to_owned()),
        sentence: "You can look at these.".to_owned(),
    };
    for details in [None, Some(details)] {
        let line = Line {
            household: "A household".to_owned(),
            count: 2,
            kind: Kind::Picture.into(),
            details: details.clone(),
        };
        notices.compose(&Notice {
            language: Language::En,
            person: "ann",
            household: &line.household,
            count: line.count,
            kind: line.kind,
            url,
            details,
        })?;
        notices.compose_gathered(&Gathered {
            language: Language::En,
            person: "ann",
            lines: &[line.clone(), line],
            url,
        })?;
    }
    for (asking, strangers) in [(&["A household".to_owned()][..], 0), (&[], 2)] {
        notices.compose_knock(&Knock {
            language: Language::En,
            person: "ann",
            last: Some(if strangers > 0 {
                LastMail::Moved
            } else {
                LastMail::Silenced
            }),
            own_ended: strangers > 0,
            ended: asking,
            claimed: asking,
            asking,
            strangers,
            met: asking,
            failed: asking,
            unconfirmed: asking,
            url,
        })?;
    }
    Ok(())
}

fn judge_ended(contact: &Contact) -> Finding {
    let name = format!("{} ({})", clean_line(&contact.name), contact.mailbox);
    let words = format!("the identity of {name} has ended, and nothing of it is taken any more");
    let hint = format!(
        "compare words with the people there, and verify the identity that they have now: `hearthpost contact verify {} --fingerprint WORDS`",
        contact.mailbox
    );
    Finding::good("identity of a household", words).hint(hint)
}

fn judge_contact(contact: &Contact, now: Timestamp) -> Option<Finding> {
    let what = "certificate of a household";
    let name = format!("{} ({})", clean_line(&contact.name), contact.mailbox);
    let ask = format!(
        "`hearthpost contact request {}` asks for a new one",
        contact.mailbox
    );
    let words = match contact.certificate(now) {
        Ok(Some(certificate)) if certificate.not_after() > now.plus_seconds(SOON) => return None,
        Ok(Some(certificate)) => {
            let end = english_time(certificate.not_after());
            format!("that of {name} ends on {end}")
        }
        Ok(None) => format!("that of {name} has ended or is not known: shares for it wait"),
        Err(error) => format!("that of {name} cannot be read: {error}"),
    };
    Some(Finding::good(what, words).hint(ask))
}

fn judge_clock(memory: &Memory, reading: &Reading, mail: Option<Timestamp>) -> Finding {
    let what = "clock";
    let shows = english_time(reading.wall);
    let set_it =
        "set the clock, or let the system set it by the network (`timedatectl set-ntp true`)";
    let wrong = |words| Finding::bad(what, words, set_it);
    if reading.wall < memory.floor {
        let sure = english_time(memory.floor);
        return wrong(format!("it shows {shows}, but it is later than {sure}"));
    }
    if let Some(mail) = mail.filter(|mail| *mail > reading.wall.plus_seconds(DAY)) {
        let came = english_time(mail);
        return wrong(format!(
            "it shows {shows}, but the mail server took in a mail on {came}"
        ));
    }
    if reading.wall > memory.floor.plus_seconds(FAR_AHEAD) {
        let sure = english_time(memory.floor);
        return wrong(format!(
            "it shows {shows}, years after {sure}, the last time that was sure"
        ));
    }
    let mail_agrees = mail.is_some_and(|mail| mail.plus_seconds(DAY) >= reading.wall);
    if reading.synchronised || memory.look(reading, &[]).confirmed {
        return Finding::good(what, format!("it shows {shows}, and can be relied upon"));
    }
    if mail_agrees {
        let words = format!("it shows {shows}, and the mail server agrees");
        return Finding::good(what, words);
    }
    Finding::good(
        what,
        format!("it shows {shows}; nothing bears that out yet"),
    )
    .hint("nothing is deleted before mail or a day of steady running agree with it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(days_after_floor: i64, synchronised: bool, mail_days: Option<i64>) -> Finding {
        let memory = Memory::default();
        let at = |days: i64| Timestamp::from_unix(memory.floor.unix() + days * 86_400);
        let reading = Reading {
            wall: at(days_after_floor),
            boot: "one".to_owned(),
            uptime: 60,
            synchronised,
        };
        judge_clock(&memory, &reading, mail_days.map(at))
    }

    #[test]
    fn a_clock_before_this_version_or_many_years_after_it_is_not_right() {
        assert!(!clock(-1, true, None).good);
        assert!(!clock(-20_000, false, None).good);
        assert!(!clock(40 * 366, false, None).good);
        assert!(clock(100, true, None).good && clock(100, true, None).hint.is_none());
        assert!(clock(100, false, None).good && clock(100, false, None).hint.is_some());
    }

    #[test]
    fn the_mail_servers_dates_speak_for_or_against_the_clock() {
        assert!(!clock(100, false, Some(102)).good);
        assert!(clock(100, false, Some(100)).hint.is_none());
        assert!(clock(100, false, Some(50)).hint.is_some());
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_a_fault_and_one_below_the_quota_is_not() {
        assert!(!judge_disk(999_999_999, 0).good);
        let small = judge_disk(5_000_000_000, 100_000_000_000);
        assert!(small.good && small.hint.is_some());
        assert_eq!(
            small.words,
            "5.0 GB are free; received shares may take 100.0 GB more"
        );
        assert!(judge_disk(200_000_000_000, 100_000_000_000).hint.is_none());
        assert_eq!(show_bytes(999), "999 bytes");
    }
}
