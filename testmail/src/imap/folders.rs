//! Commands about folders: LIST, STATUS, SELECT, CREATE, DELETE, APPEND.

use super::{
    connection::{Connection, Outcome},
    selected::Selected,
};
use crate::{
    bodystructure::string,
    clock,
    message::Content,
    store::{Folder, GMAIL_ALL, GMAIL_TRASH, folder_name, now},
};
use imap_codec::imap_types::{
    datetime::DateTime,
    extensions::binary::LiteralOrLiteral8,
    flag::Flag,
    mailbox::{ListMailbox, Mailbox},
    status::StatusDataItemName,
};
use std::{collections::BTreeSet, io};

const FLAGS: &str = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";

/// The name as the store knows it.
pub(super) fn name_of(mailbox: &Mailbox<'_>) -> String {
    match mailbox {
        Mailbox::Inbox => "INBOX".to_owned(),
        Mailbox::Other(other) => String::from_utf8_lossy(other.inner().as_ref()).into_owned(),
    }
}

/// Flags as the store keeps them; `\Recent` and the like are not the client's to set.
pub(super) fn flag_names(flags: &[Flag<'_>]) -> BTreeSet<String> {
    let settable = flags
        .iter()
        .filter(|flag| !matches!(flag, Flag::Extension(_)));
    settable.map(ToString::to_string).collect()
}

impl Connection {
    pub(super) fn account(&self) -> &str {
        self.account.as_deref().unwrap_or_default()
    }

    pub(super) async fn list(
        &mut self,
        answer: &str,
        reference: &Mailbox<'_>,
        pattern: &ListMailbox<'_>,
    ) -> io::Result<Outcome> {
        let pattern = match pattern {
            ListMailbox::Token(token) => String::from_utf8_lossy(token.as_ref()).into_owned(),
            ListMailbox::String(text) => String::from_utf8_lossy(text.as_ref()).into_owned(),
        };
        if pattern.is_empty() {
            self.output
                .text(&format!("* {answer} (\\Noselect) \"/\" \"\"\r\n"))
                .await?;
            return Ok(Outcome::ok("done"));
        }
        let pattern = format!("{}{pattern}", name_of(reference));
        let names: Vec<String> = {
            let state = self.shared.state();
            let mailbox = state.mailboxes.get(self.account());
            mailbox
                .map(|mailbox| mailbox.folders.keys().cloned().collect())
                .unwrap_or_default()
        };
        for name in names
            .iter()
            .filter(|name| matches(folder_name(&pattern), name))
        {
            let inside = format!("{name}/");
            let has_children = names.iter().any(|other| other.starts_with(&inside));
            let children = if has_children {
                "\\HasChildren"
            } else {
                "\\HasNoChildren"
            };
            let special = match name.as_str() {
                GMAIL_ALL if self.offers("SPECIAL-USE") => " \\All",
                GMAIL_TRASH if self.offers("SPECIAL-USE") => " \\Trash",
                "Junk" if self.offers("SPECIAL-USE") => " \\Junk",
                "Trash" if self.offers("SPECIAL-USE") => " \\Trash",
                _ => "",
            };
            let line = format!(
                "* {answer} ({children}{special}) \"/\" {}\r\n",
                string(name.as_bytes())
            );
            self.output.text(&line).await?;
        }
        Ok(Outcome::ok("done"))
    }

    pub(super) async fn status(
        &mut self,
        mailbox: &Mailbox<'_>,
        items: &[StatusDataItemName],
    ) -> io::Result<Outcome> {
        let name = name_of(mailbox);
        let values = {
            let state = self.shared.state();
            let Some(folder) = state.folder(self.account(), &name) else {
                return Ok(Outcome::no("[NONEXISTENT] no such folder"));
            };
            items
                .iter()
                .filter_map(|item| status_item(folder, item))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let name = string(folder_name(&name).as_bytes());
        self.output
            .text(&format!("* STATUS {name} ({values})\r\n"))
            .await?;
        Ok(Outcome::ok("done"))
    }

    pub(super) async fn select(
        &mut self,
        mailbox: &Mailbox<'_>,
        read_only: bool,
    ) -> io::Result<Outcome> {
        // RFC 3501 §6.3.1: a failed SELECT leaves none selected.
        self.selected = None;
        let name = name_of(mailbox);
        let lines = {
            let mut state = self.shared.state();
            let revision = state.revision;
            let account = self.account().to_owned();
            let Some(folder) = state.folder_mut(&account, &name) else {
                return Ok(Outcome::no("[NONEXISTENT] no such folder"));
            };
            let selected = Selected::new(&account, &name, folder, read_only).seen_up_to(revision);
            let lines = selection(folder, &selected);
            self.selected = Some(selected);
            lines
        };
        self.output.text(&lines).await?;
        let code = if read_only {
            "[READ-ONLY]"
        } else {
            "[READ-WRITE]"
        };
        Ok(Outcome::Ok(format!("{code} done")))
    }

    pub(super) fn create(&mut self, mailbox: &Mailbox<'_>) -> Outcome {
        let name = name_of(mailbox);
        let name = name.trim_end_matches('/');
        if name.is_empty() || name.contains(|letter: char| letter.is_control()) {
            return Outcome::no("[CANNOT] not a folder's name");
        }
        let account = self.account().to_owned();
        if self
            .shared
            .change(|state| state.create_folder(&account, name))
        {
            Outcome::ok("done")
        } else {
            Outcome::no("[ALREADYEXISTS] there is such a folder")
        }
    }

    pub(super) fn delete(&mut self, mailbox: &Mailbox<'_>) -> Outcome {
        let name = name_of(mailbox);
        if name == "INBOX" {
            return Outcome::no("[CANNOT] INBOX stays");
        }
        let account = self.account().to_owned();
        let removed = self
            .shared
            .change(|state| state.remove_folder(&account, &name));
        match removed {
            true => Outcome::ok("done"),
            false => Outcome::no("[NONEXISTENT] no such folder"),
        }
    }

    pub(super) fn append(
        &mut self,
        mailbox: &Mailbox<'_>,
        flags: &[Flag<'_>],
        date: Option<&DateTime>,
        message: &LiteralOrLiteral8<'_>,
    ) -> Outcome {
        let bytes = match message {
            LiteralOrLiteral8::Literal(literal) => literal.data(),
            LiteralOrLiteral8::Literal8(literal) => literal.data.as_ref(),
        };
        let date = date.map_or_else(now, |date| clock::from_unix(date.as_ref().timestamp()));
        let content = Content::new(bytes);
        let (account, name) = (self.account().to_owned(), name_of(mailbox));
        let added = self.shared.change(|state| {
            let folder = state.folder_mut(&account, &name)?;
            Some((
                folder.uid_validity,
                folder.add(content, flag_names(flags), date),
            ))
        });
        match added {
            Some((validity, uid)) if self.offers("UIDPLUS") => {
                Outcome::Ok(format!("[APPENDUID {validity} {uid}] done"))
            }
            Some(_) => Outcome::ok("done"),
            None => Outcome::no("[TRYCREATE] no such folder"),
        }
    }
}

fn status_item(folder: &Folder, item: &StatusDataItemName) -> Option<String> {
    let recent = || {
        folder
            .messages
            .iter()
            .filter(|m| m.uid >= folder.recent_from)
            .count()
    };
    let unseen = || {
        folder
            .messages
            .iter()
            .filter(|message| !message.has("\\Seen"))
            .count()
    };
    Some(match item {
        StatusDataItemName::Messages => format!("MESSAGES {}", folder.messages.len()),
        StatusDataItemName::Recent => format!("RECENT {}", recent()),
        StatusDataItemName::UidNext => format!("UIDNEXT {}", folder.uid_next),
        StatusDataItemName::UidValidity => format!("UIDVALIDITY {}", folder.uid_validity),
        StatusDataItemName::Unseen => format!("UNSEEN {}", unseen()),
        _ => return None,
    })
}

/// The untagged answers to SELECT, in Dovecot's order.
fn selection(folder: &Folder, selected: &Selected) -> String {
    let keywords: BTreeSet<&str> = folder
        .messages
        .iter()
        .flat_map(|message| message.flags.iter().map(String::as_str))
        .filter(|flag| !flag.starts_with('\\'))
        .collect();
    let flags = keywords
        .iter()
        .fold(FLAGS.to_owned(), |all, keyword| format!("{all} {keyword}"));
    let permanent = if selected.read_only {
        "[PERMANENTFLAGS ()] read-only".to_owned()
    } else {
        format!("[PERMANENTFLAGS ({flags} \\*)] flags permitted")
    };
    let recent = selected
        .view
        .iter()
        .filter(|uid| selected.is_recent(**uid))
        .count();
    let unseen = folder
        .messages
        .iter()
        .position(|message| !message.has("\\Seen"));
    let unseen = unseen.map_or(String::new(), |at| {
        format!("* OK [UNSEEN {}] first unseen\r\n", at + 1)
    });
    format!(
        "* FLAGS ({flags})\r\n* OK {permanent}\r\n* {} EXISTS\r\n* {recent} RECENT\r\n{unseen}\
         * OK [UIDVALIDITY {}] UIDs valid\r\n* OK [UIDNEXT {}] next UID\r\n",
        selected.view.len(),
        folder.uid_validity,
        folder.uid_next,
    )
}

/// `*` stands for anything, `%` for anything but the separator.
fn matches(pattern: &str, name: &str) -> bool {
    // The places in the pattern that the letters so far may have led to, so that a pattern of many
    // stars costs no more than its length for each letter.
    let pattern: Vec<char> = pattern.chars().collect();
    let mut places = vec![false; pattern.len() + 1];
    places[0] = true;
    let skip_wildcards = |places: &mut Vec<bool>| {
        for at in 0..pattern.len() {
            if places[at] && matches!(pattern[at], '*' | '%') {
                places[at + 1] = true;
            }
        }
    };
    skip_wildcards(&mut places);
    for letter in name.chars() {
        let mut reached = vec![false; places.len()];
        for at in (0..pattern.len()).filter(|at| places[*at]) {
            match pattern[at] {
                '*' => reached[at] = true,
                '%' => reached[at] |= letter != '/',
                same => reached[at + 1] |= same == letter,
            }
        }
        places = reached;
        skip_wildcards(&mut places);
    }
    places[pattern.len()]
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn percent_stops_at_the_separator() {
        assert!(matches("*", "a/b") && matches("%/%", "a/b") && matches("a*b", "a/x/b"));
        assert!(!matches("%", "a/b") && !matches("a", "ab") && !matches("", "a"));
        assert!(matches("%", "INBOX") && matches("a/%", "a/b") && !matches("a/%", "a/b/c"));
    }
}
