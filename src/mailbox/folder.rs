//! A folder and what it is for: as the server tells it (RFC 6154), else by its name.

use async_imap::imap_proto::NameAttribute;

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

/// Names that stand in for a use the server does not tell.
const JUNK: [&str; 5] = ["junk", "spam", "junk e-mail", "junk email", "bulk mail"];
const TRASH: [&str; 4] = ["trash", "deleted items", "deleted messages", "bin"];

/// INBOX is a name in any case (RFC 3501 §5.1); other uses are attributes.
pub(super) fn told_role(attributes: &[NameAttribute<'_>], name: &str) -> Role {
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
pub(super) fn with_guesses(listed: Vec<(String, String, Role)>) -> Vec<Folder> {
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
