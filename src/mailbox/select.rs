//! Lists the folders of an account, and opens one.

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode, Status};

use super::error::MailboxError;
use super::folder::{Folder, Role, told_role, with_guesses};
use super::open::quoted;
use super::session::{Ending, Session, Untagged};

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
