//! What people say of an item, and for whom it is.

use super::AlbumItem;
use crate::address::StationName;
use crate::sharing::words::clean_text;
use crate::sharing::{Fault, Household};

/// The longest caption, in characters.
const LONGEST: usize = 2_000;

/// What is to change of an item; `None`: it stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What people say of it, which travels with it when it is shared; empty: nothing.
    pub caption: Option<String>,
    /// Whether it is for the person alone who added it.
    pub private: Option<bool>,
}

impl Household {
    /// Changes an item, all that is asked for or nothing.
    pub fn change_item(
        &mut self,
        viewer: Option<&StationName>,
        reference: &str,
        change: &Change,
    ) -> Result<(), Fault> {
        let item = self.album_item(viewer, reference)?;
        let caption = change.caption.as_deref().map(checked_caption).transpose()?;
        let private = change.private.filter(|private| item.private != *private);
        if let Some(private) = private {
            self.refuse_foreign(viewer, &item, private)?;
        }
        self.album.commit(|rows| {
            if let Some(caption) = &caption {
                rows.set_caption(&item, caption)?;
            }
            if let Some(private) = private {
                rows.set_private(item.id, private)?;
            }
            Ok(())
        })
    }

    /// Writes a caption; an empty one takes it away.
    pub fn set_caption(
        &mut self,
        viewer: Option<&StationName>,
        reference: &str,
        caption: &str,
    ) -> Result<(), Fault> {
        let change = Change {
            caption: Some(caption.to_owned()),
            ..Change::default()
        };
        self.change_item(viewer, reference, &change)
    }

    /// Makes items ones for the person who added them alone, or for all of the house: all of them or none. Only that
    /// person can, or somebody at the command line; and nobody, where another one added the same.
    pub fn set_private(
        &mut self,
        viewer: Option<&StationName>,
        references: &[String],
        private: bool,
    ) -> Result<(), Fault> {
        let mut items = self.items_named(viewer, references)?;
        items.retain(|item| item.private != private);
        for item in &items {
            self.refuse_foreign(viewer, item, private)?;
        }
        self.album.commit(|rows| {
            for item in &items {
                rows.set_private(item.id, private)?;
            }
            Ok(())
        })
    }

    /// Refuses whoever cannot say for whom an item is.
    fn refuse_foreign(
        &self,
        viewer: Option<&StationName>,
        item: &AlbumItem,
        private: bool,
    ) -> Result<(), Fault> {
        let name = &item.name;
        match &item.added_by {
            None if private => {
                let words = format!("nobody of the house added {name}: it is everyone's");
                return Err(Fault::new("not_yours", words));
            }
            added_by if viewer.is_some() && viewer != added_by.as_ref() => {
                let who = added_by
                    .as_ref()
                    .map_or("the household", StationName::as_str);
                let words = format!("only {who}, who added {name}, can say so of it");
                return Err(Fault::new("not_yours", words));
            }
            _ => {}
        }
        if private && let Some(other) = self.album.rows().other_adders(item.id)?.first() {
            let who = match other.as_str() {
                "" => "somebody at the command line",
                person => person,
            };
            let words = format!("{who} added {name} too, so that it stays everyone's");
            return Err(Fault::new("not_yours", words));
        }
        Ok(())
    }
}

/// A caption as it is kept.
fn checked_caption(caption: &str) -> Result<String, Fault> {
    let caption = clean_text(caption.trim());
    match caption.chars().count() > LONGEST {
        true => {
            let words = "a caption has at most 2,000 characters";
            Err(Fault::usage("caption", words))
        }
        false => Ok(caption),
    }
}
