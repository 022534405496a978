//! The household's own album, as a person of the house sees it.
//!
//! Everything takes a viewer: a person of the house, or `None` for somebody at the command line, who sees all. What the
//! viewer may not see does not exist for them. The names of albums are seen by all.

mod albums;
mod bin;
mod change;
pub mod document;
pub(super) mod file;
pub(super) mod find;
pub mod import;
mod keep;
mod list;
mod passed;
mod pictures;
mod seen;
mod select;
mod upload;

pub use crate::album::{Collection, OwnItem as AlbumItem};
pub(super) use albums::album_name;
pub use change::Change;
pub(super) use keep::Origin;
pub use list::{Cursor, Page, Wanted};
pub use pictures::{OwnReader, Picture, Size};
pub use seen::{Seen, may_be_seen, moves};
pub use select::{Chosen, Selection};
pub use upload::{MAX_UPLOADS, UploadState};

use super::{Fault, Household};
use crate::address::StationName;

impl Household {
    /// One item.
    pub fn album_item(
        &self,
        viewer: Option<&StationName>,
        reference: &str,
    ) -> Result<AlbumItem, Fault> {
        self.find_item(viewer, reference)?
            .ok_or_else(|| unknown(reference))
    }

    /// One item, where there is one for the viewer.
    pub(super) fn find_item(
        &self,
        viewer: Option<&StationName>,
        reference: &str,
    ) -> Result<Option<AlbumItem>, Fault> {
        let item = self.album.rows().item(reference)?;
        Ok(item.filter(|item| {
            let own = || viewer == item.added_by.as_ref();
            viewer.is_none() || !item.private || own()
        }))
    }

    /// Those of some items that are in the album still, for the viewer and not in the bin; each once, in their order.
    pub fn still_here(
        &self,
        viewer: Option<&StationName>,
        references: &[String],
    ) -> Result<Vec<AlbumItem>, Fault> {
        let mut items: Vec<AlbumItem> = Vec::new();
        for reference in references {
            let item = self.find_item(viewer, reference)?;
            if let Some(item) = item.filter(|item| item.deleted.is_none())
                && !items.iter().any(|other| other.id == item.id)
            {
                items.push(item);
            }
        }
        Ok(items)
    }

    /// Several items, each once, in their order.
    fn items_named(
        &self,
        viewer: Option<&StationName>,
        references: &[String],
    ) -> Result<Vec<AlbumItem>, Fault> {
        let mut items: Vec<AlbumItem> = Vec::new();
        for reference in references {
            let item = self.album_item(viewer, reference)?;
            if !items.iter().any(|other| other.id == item.id) {
                items.push(item);
            }
        }
        Ok(items)
    }
}

/// There is none, or none for who asks.
pub(super) fn unknown(reference: &str) -> Fault {
    let shown: String = reference.chars().take(40).collect();
    let words = format!("there is no item {shown:?} in the album");
    Fault::usage("unknown_item", words).hint("`hearthpost item list` shows what there is")
}
