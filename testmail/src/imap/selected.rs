//! The selected folder as one session sees it. Numbers change only when the client is told.

use super::sets;
use crate::store::{Folder, Message};
use imap_codec::imap_types::sequence::SequenceSet;

pub(super) struct Selected {
    pub(super) account: String,
    pub(super) folder: String,
    pub(super) read_only: bool,
    /// UIDs by message number - 1, as the client knows them.
    pub(super) view: Vec<u32>,
    uid_validity: u32,
    uid_next: u32,
    pub(super) recent_from: u32,
    revision: u64,
}

/// The folder is no longer what the client selected.
pub(super) struct Gone;

impl Selected {
    pub(super) fn new(account: &str, name: &str, folder: &mut Folder, read_only: bool) -> Self {
        let selected = Self {
            account: account.to_owned(),
            folder: name.to_owned(),
            read_only,
            view: folder.messages.iter().map(|message| message.uid).collect(),
            uid_validity: folder.uid_validity,
            uid_next: folder.uid_next,
            recent_from: folder.recent_from,
            revision: 0,
        };
        if !read_only {
            folder.recent_from = folder.uid_next;
        }
        selected
    }

    /// So that flags set before are not told as news.
    pub(super) fn seen_up_to(mut self, revision: u64) -> Self {
        self.revision = revision;
        self
    }

    /// Message number and UID of each message the set names, in the order of the folder.
    pub(super) fn named(&self, set: &SequenceSet, by_uid: bool) -> Vec<(usize, u32)> {
        let last = if by_uid {
            self.view.last().copied()
        } else {
            u32::try_from(self.view.len()).ok()
        };
        let last = last.unwrap_or_default();
        let numbered = self.view.iter().enumerate().map(|(at, uid)| (at + 1, *uid));
        numbered
            .filter(|(number, uid)| {
                let number = if by_uid {
                    Some(*uid)
                } else {
                    u32::try_from(*number).ok()
                };
                number.is_some_and(|number| sets::contains(set, last, number))
            })
            .collect()
    }

    pub(super) fn is_recent(&self, uid: u32) -> bool {
        uid >= self.recent_from
    }

    pub(super) fn flags(&self, message: &Message) -> String {
        let recent = self.is_recent(message.uid).then_some("\\Recent");
        let flags: Vec<_> = message
            .flags
            .iter()
            .map(String::as_str)
            .chain(recent)
            .collect();
        format!("FLAGS ({})", flags.join(" "))
    }

    /// Removed, new and changed messages, as untagged answers. Brings the view up to date.
    /// `removals` may not be told while the client waits for numbered messages (RFC 3501 §7.4.1).
    pub(super) fn news(
        &mut self,
        folder: Option<&mut Folder>,
        reader: u64,
        revision: u64,
        removals: bool,
    ) -> Result<String, Gone> {
        let folder = folder
            .filter(|folder| folder.uid_validity == self.uid_validity)
            .ok_or(Gone)?;
        let mut lines = String::new();
        if removals {
            let mut number = 1;
            self.view.retain(|uid| {
                let there = folder.message(*uid).is_some();
                if there {
                    number += 1;
                } else {
                    lines.push_str(&format!("* {number} EXPUNGE\r\n"));
                }
                there
            });
        }
        for (at, uid) in self.view.iter().enumerate() {
            let Some(message) = folder.message(*uid) else {
                continue;
            };
            let (changed, by) = message.changed;
            if changed > self.revision && by != reader {
                lines.push_str(&format!(
                    "* {} FETCH (UID {uid} {})\r\n",
                    at + 1,
                    self.flags(message)
                ));
            }
        }
        if folder.uid_next > self.uid_next {
            let known = self.uid_next;
            self.view.extend(
                folder
                    .messages
                    .iter()
                    .map(|m| m.uid)
                    .filter(|uid| *uid >= known),
            );
            self.uid_next = folder.uid_next;
            if !self.read_only {
                folder.recent_from = folder.uid_next;
            }
            let recent = self.view.iter().filter(|uid| self.is_recent(**uid)).count();
            lines.push_str(&format!(
                "* {} EXISTS\r\n* {recent} RECENT\r\n",
                self.view.len()
            ));
        }
        self.revision = revision;
        Ok(lines)
    }
}
