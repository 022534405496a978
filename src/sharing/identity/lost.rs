//! Keys that are gone, or are not those of the album: nothing is overwritten, and it is said what that means.

use std::path::Path;

use crate::album::{Keys, Rows, peek};
use crate::sharing::Fault;
use crate::sharing::words::clean_line;

/// What cannot be opened without the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost {
    /// So many own items: nobody else has them.
    pub own: u64,
    /// So many shares of others.
    pub received: u64,
    /// Who can be asked for those again: name and mailbox.
    pub ask: Vec<String>,
}

/// Whether an album lies in that data folder.
pub(in crate::sharing) fn has_album(folder: &Path) -> bool {
    folder.join("album.sqlite").exists()
}

/// Reads the key file; one that is gone from beside an album is said to be.
pub(in crate::sharing) fn read_keys(folder: &Path) -> Result<Keys, Fault> {
    if !Keys::path(folder).exists() && has_album(folder) {
        return Err(gone(folder));
    }
    Ok(Keys::read(folder)?)
}

/// The key file of an album is gone.
pub(in crate::sharing) fn gone(folder: &Path) -> Fault {
    let path = Keys::path(folder);
    let words = format!(
        "the key file {} is gone, and nothing in the album beside it opens without it; nothing was changed",
        path.display()
    );
    Fault::new("keys", words).hint(
        "bring it back out of a backup: `hearthpost restore FILE`; without one begin anew in another folder, and ask the others to share again",
    )
}

/// What a household has lost whose keys are gone; `None` where its album cannot be read either.
pub fn lost(folder: &Path) -> Option<Lost> {
    peek(folder, |rows| count(rows).ok()).flatten()
}

fn count(rows: Rows<'_>) -> Result<Lost, Fault> {
    let me = super::noted(rows)?;
    let mut lost = Lost {
        own: rows.items()?.len() as u64,
        ..Lost::default()
    };
    for share in rows.shares()? {
        if share.state.is_ended() || Some(share.origin) == me || rows.is_former(share.origin)? {
            continue;
        }
        lost.received += 1;
        for holding in rows.holdings(share.id)? {
            if let Some(contact) = rows.contact(holding.granter)? {
                let who = format!("{} ({})", clean_line(&contact.name), contact.mailbox);
                if !lost.ask.contains(&who) {
                    lost.ask.push(who);
                }
            }
        }
    }
    Ok(lost)
}
