//! Commands that change messages: STORE, EXPUNGE, CLOSE, COPY, MOVE.

use super::{
    connection::{Connection, Outcome},
    folders::{flag_names, name_of},
    sets,
};
use crate::store::{Folder, Message, State};
use imap_codec::imap_types::{
    flag::{Flag, StoreResponse, StoreType},
    mailbox::Mailbox,
    sequence::SequenceSet,
};
use std::{collections::BTreeSet, io, sync::Arc};

const BAD_SET: Outcome = Outcome::Bad("no such message number");

impl Connection {
    pub(super) async fn store(
        &mut self,
        set: &SequenceSet,
        kind: &StoreType,
        response: &StoreResponse,
        flags: &[Flag<'_>],
        by_uid: bool,
    ) -> io::Result<Outcome> {
        let Some(named) = self.named(set, by_uid) else {
            return Ok(BAD_SET);
        };
        let Some(selected) = &self.selected else {
            return Ok(BAD_SET);
        };
        if selected.read_only {
            return Ok(Outcome::no("[READ-ONLY] the folder is read-only"));
        }
        let given = flag_names(flags);
        let (reader, shared) = (self.number, Arc::clone(&self.shared));
        let lines = shared.change(|state| {
            let revision = state.revision;
            let Some(folder) = state.folder_mut(&selected.account, &selected.folder) else {
                return String::new();
            };
            let mut lines = String::new();
            for (number, uid) in named {
                let Some(message) = folder.message_mut(uid) else {
                    continue;
                };
                change_flags(message, kind, &given);
                message.changed = (revision, reader);
                let uid = if by_uid {
                    format!("UID {uid} ")
                } else {
                    String::new()
                };
                lines.push_str(&format!(
                    "* {number} FETCH ({uid}{})\r\n",
                    selected.flags(message)
                ));
            }
            lines
        });
        if *response == StoreResponse::Answer {
            self.output.text(&lines).await?;
        }
        Ok(Outcome::ok("done"))
    }

    /// Removes what is marked `\Deleted`; with a set, of that only.
    pub(super) fn expunge(&mut self, set: Option<&SequenceSet>) -> Outcome {
        let Some(selected) = &self.selected else {
            return BAD_SET;
        };
        if selected.read_only {
            return Outcome::no("[READ-ONLY] the folder is read-only");
        }
        let among: BTreeSet<u32> = match set {
            Some(set) => selected
                .named(set, true)
                .into_iter()
                .map(|(_, uid)| uid)
                .collect(),
            None => selected.view.iter().copied().collect(),
        };
        self.shared.change(|state| {
            let Some(folder) = state.folder_mut(&selected.account, &selected.folder) else {
                return;
            };
            let goes = |message: &Message| message.has("\\Deleted") && among.contains(&message.uid);
            let gone: Vec<_> = folder.messages.extract_if(.., |m| goes(m)).collect();
            state.keep_as_gmail(&selected.account, &selected.folder, gone);
        });
        Outcome::ok("done")
    }

    /// CLOSE: removes what is marked, and says nothing about it.
    pub(super) fn close(&mut self) {
        if self
            .selected
            .as_ref()
            .is_some_and(|selected| !selected.read_only)
        {
            self.expunge(None);
        }
        self.selected = None;
    }

    pub(super) fn copy(&mut self, set: &SequenceSet, to: &Mailbox<'_>, by_uid: bool) -> Outcome {
        match self.transfer(set, to, by_uid, Originals::Stay) {
            Ok(Some(copied)) => Outcome::Ok(format!("[{copied}] done")),
            Ok(None) => Outcome::ok("done"),
            Err(outcome) => outcome,
        }
    }

    /// RFC 6851 §4.3: COPYUID comes untagged, before the EXPUNGE of each message.
    pub(super) async fn move_messages(
        &mut self,
        set: &SequenceSet,
        to: &Mailbox<'_>,
        by_uid: bool,
    ) -> io::Result<Outcome> {
        match self.transfer(set, to, by_uid, Originals::Go) {
            Ok(copied) => {
                if let Some(code) = copied {
                    self.output
                        .text(&format!("* OK [{code}] moved\r\n"))
                        .await?;
                }
                Ok(Outcome::ok("done"))
            }
            Err(outcome) => Ok(outcome),
        }
    }

    /// Copies, and removes the originals if they go. Gives the COPYUID code where there is one.
    fn transfer(
        &mut self,
        set: &SequenceSet,
        to: &Mailbox<'_>,
        by_uid: bool,
        originals: Originals,
    ) -> Result<Option<String>, Outcome> {
        let moving = originals == Originals::Go;
        let named = self.named(set, by_uid).ok_or(BAD_SET)?;
        let selected = self.selected.as_ref().ok_or(BAD_SET)?;
        if moving && selected.read_only {
            return Err(Outcome::no("[READ-ONLY] the folder is read-only"));
        }
        let target = name_of(to);
        let uids: Vec<u32> = named.into_iter().map(|(_, uid)| uid).collect();
        let (account, source) = (&selected.account, &selected.folder);
        let copied = self.shared.change(|state| {
            let copied = copy_messages(state, account, source, &target, &uids)?;
            if moving && let Some(folder) = state.folder_mut(account, source) {
                folder
                    .messages
                    .retain(|message| !copied.from.contains(&message.uid));
            }
            Some(copied)
        });
        let copied = copied.ok_or_else(|| Outcome::no("[TRYCREATE] no such folder"))?;
        let told = self.offers("UIDPLUS") && !copied.from.is_empty();
        Ok(told.then(|| {
            let (from, to) = (sets::written(&copied.from), sets::written(&copied.to));
            format!("COPYUID {} {from} {to}", copied.uid_validity)
        }))
    }

    /// `None` where a message number names nothing; an unknown UID is just passed over.
    pub(super) fn named(&self, set: &SequenceSet, by_uid: bool) -> Option<Vec<(usize, u32)>> {
        let selected = self.selected.as_ref()?;
        let last = u32::try_from(selected.view.len()).ok()?;
        (by_uid || !sets::exceeds(set, last)).then(|| selected.named(set, by_uid))
    }
}

/// What becomes of copied messages.
#[derive(PartialEq)]
enum Originals {
    Stay,
    Go,
}

struct Copied {
    uid_validity: u32,
    from: Vec<u32>,
    to: Vec<u32>,
}

/// `None` if there is no target.
fn copy_messages(
    state: &mut State,
    account: &str,
    source: &str,
    target: &str,
    uids: &[u32],
) -> Option<Copied> {
    let copy = |folder: &Folder, uid: &u32| {
        let found = folder.message(*uid)?;
        Some((
            found.uid,
            Arc::clone(&found.content),
            found.flags.clone(),
            found.internal_date,
        ))
    };
    let source = state.folder(account, source)?;
    let copies: Vec<_> = uids.iter().filter_map(|uid| copy(source, uid)).collect();
    let target = state.folder_mut(account, target)?;
    let uid_validity = target.uid_validity;
    let mut copied = Copied {
        uid_validity,
        from: Vec::new(),
        to: Vec::new(),
    };
    for (uid, content, flags, date) in copies {
        copied.from.push(uid);
        copied.to.push(target.add(content, flags, date));
    }
    Some(copied)
}

fn change_flags(message: &mut Message, kind: &StoreType, given: &BTreeSet<String>) {
    let is_given = |held: &String| given.iter().any(|flag| flag.eq_ignore_ascii_case(held));
    match kind {
        StoreType::Replace => message.flags.clone_from(given),
        StoreType::Remove => message.flags.retain(|held| !is_given(held)),
        StoreType::Add => {
            let new: Vec<_> = given
                .iter()
                .filter(|flag| !message.has(flag))
                .cloned()
                .collect();
            message.flags.extend(new);
        }
    }
}
