//! Folders: which there are, what they are for, and opening one.

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode, Status};

use super::error::MailboxError;
use super::open::quoted;
use super::session::{Ending, Session, Untagged};

/// A folder of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its name as the server writes it (RFC 3501 §5.1.3, modified UTF-7).
    pub name: String,
    /// What it is for.
    pub role: Role,
}

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Where mail arrives.
    Inbox,
    /// Where the provider puts what it takes for spam.
    Junk,
    /// Where removed mail goes.
    Trash,
    /// Anything else.
    Other,
}

/// An open folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// UIDs hold only together with this number.
    pub uid_validity: u32,
    /// The next message gets this UID or a higher one; 0 when the server does not say.
    pub uid_next: u32,
    /// How many messages it holds.
    pub exists: u32,
}

/// More folders than anybody keeps.
const FOLDERS: usize = 10_000;
/// Names that stand in for a use the server does not tell.
const JUNK: [&str; 5] = ["junk", "spam", "junk e-mail", "junk email", "bulk mail"];
const TRASH: [&str; 4] = ["trash", "deleted items", "deleted messages", "bin"];

impl Session {
    /// Lists the folders that can be opened. Use is told by the server (RFC 6154), else guessed by well-known names.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        let list = match self.capabilities.special_use && self.capabilities.list_extended {
            true => "LIST \"\" \"*\" RETURN (SPECIAL-USE)",
            false => "LIST \"\" \"*\"",
        };
        let mut listed = Vec::new();
        self.run_ok("LIST", list, |answer| {
            let Untagged::Response(Response::MailboxData(MailboxDatum::List(data))) = answer else {
                return;
            };
            let closed = data
                .name_attributes
                .iter()
                .any(|attribute| match attribute {
                    NameAttribute::NoSelect => true,
                    NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
                    _ => false,
                });
            if !closed && listed.len() < FOLDERS {
                let delimiter = data.delimiter.as_deref().unwrap_or_default().to_owned();
                let role = told_role(&data.name_attributes, &data.name);
                listed.push((data.name.into_owned(), delimiter, role));
            }
        })
        .await?;
        let folders = with_guesses(listed);
        self.folders = Some(folders.clone());
        Ok(folders)
    }

    /// Opens a folder for reading and removal, and checks that its UIDs still mean what they meant.
    pub async fn select(&mut self, folder: &str) -> Result<Selected, MailboxError> {
        let name = quoted(folder).ok_or_else(|| MailboxError::NoSuchFolder {
            folder: folder.to_owned(),
            said: "its name cannot be written in IMAP".to_owned(),
        })?;
        self.selected = None;
        let mut selected = Selected {
            uid_validity: 0,
            uid_next: 0,
            exists: 0,
        };
        let ending = self
            .run("SELECT", &format!("SELECT {name}"), |answer| match answer {
                Untagged::Response(Response::MailboxData(MailboxDatum::Exists(n))) => {
                    selected.exists = n;
                }
                Untagged::Response(Response::Data {
                    status: Status::Ok,
                    outcome,
                }) => match outcome.code {
                    Some(ResponseCode::UidValidity(n)) => selected.uid_validity = n,
                    Some(ResponseCode::UidNext(n)) => selected.uid_next = n,
                    _ => {}
                },
                _ => {}
            })
            .await?;
        if let Ending::Refused(said) = ending {
            let folder = folder.to_owned();
            return Err(MailboxError::NoSuchFolder { folder, said });
        }
        let now = selected.uid_validity;
        if now == 0 {
            return Err(self.protocol("it tells no UIDVALIDITY, so its UIDs mean nothing later"));
        }
        let was = *self.validity.entry(folder.to_owned()).or_insert(now);
        if was != now {
            let folder = folder.to_owned();
            return Err(MailboxError::UidValidityChanged { folder, was, now });
        }
        self.selected = Some((folder.to_owned(), now));
        Ok(selected)
    }

    /// Opens the session and its folder anew after the connection was lost.
    pub(super) async fn reopen(&mut self) -> Result<(), MailboxError> {
        tracing::debug!(host = %self.account.endpoint.host, "imap session is opened anew");
        let selected = self.selected.clone();
        let fresh = Session::open(&self.account).await?;
        let validity = std::mem::take(&mut self.validity);
        let folders = self.folders.take();
        let unseen_from = std::mem::take(&mut self.unseen_from);
        *self = Session {
            validity,
            folders,
            unseen_from,
            said_left: self.said_left,
            binary_refusals: self.binary_refusals,
            received_before: self.received(),
            ..fresh
        };
        match selected {
            Some((folder, _)) => self.select(&folder).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// UIDs mean something only in an open folder whose UIDVALIDITY is the known one: a refused [`Session::select`]
    /// leaves a folder open at the server that nothing may be asked of.
    pub(super) fn needs_folder(&self) -> Result<&str, MailboxError> {
        match &self.selected {
            Some((folder, _)) => Ok(folder),
            None => Err(self.protocol("no folder is open, so UIDs mean nothing")),
        }
    }

    /// The folder that takes what is removed, if there is one.
    pub(super) async fn trash(&mut self) -> Result<Option<String>, MailboxError> {
        let folders = match self.folders.take() {
            Some(folders) => folders,
            None => self.folders().await?,
        };
        let trash = folders.iter().find(|folder| folder.role == Role::Trash);
        let trash = trash.map(|folder| folder.name.clone());
        self.folders = Some(folders);
        Ok(trash)
    }
}

/// INBOX is a name in any case (RFC 3501 §5.1); other uses are attributes.
fn told_role(attributes: &[NameAttribute<'_>], name: &str) -> Role {
    if name.eq_ignore_ascii_case("INBOX") {
        Role::Inbox
    } else if attributes.contains(&NameAttribute::Junk) {
        Role::Junk
    } else if attributes.contains(&NameAttribute::Trash) {
        Role::Trash
    } else {
        Role::Other
    }
}

/// Guesses a use by name only where no folder tells it.
fn with_guesses(listed: Vec<(String, String, Role)>) -> Vec<Folder> {
    let told = |role| listed.iter().any(|(_, _, told)| *told == role);
    let (junk, trash) = (told(Role::Junk), told(Role::Trash));
    let guess = |name: &str, delimiter: &str, role| {
        let last = match delimiter {
            "" => name,
            _ => name.rsplit(delimiter).next().unwrap_or(name),
        };
        let last = last.to_ascii_lowercase();
        match role {
            Role::Other if !junk && JUNK.contains(&last.as_str()) => Role::Junk,
            Role::Other if !trash && TRASH.contains(&last.as_str()) => Role::Trash,
            told => told,
        }
    };
    listed
        .iter()
        .map(|(name, delimiter, role)| Folder {
            name: name.clone(),
            role: guess(name, delimiter, *role),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_told_use_wins_over_a_name() {
        let row = |name: &str, role| (name.to_owned(), ".".to_owned(), role);
        let roles = |rows| {
            let folders = with_guesses(rows);
            folders.into_iter().map(|f| f.role).collect::<Vec<_>>()
        };
        let rows = vec![row("INBOX.Spam", Role::Other), row("Werbung", Role::Junk)];
        assert_eq!(roles(rows), [Role::Other, Role::Junk]);
        let rows = vec![row("INBOX.Spam", Role::Other), row("Trash", Role::Other)];
        assert_eq!(roles(rows), [Role::Junk, Role::Trash]);
    }
}
