//! What people say of an item, and for whom it is.

use crate::address::StationName;
use crate::sharing::words::clean_text;
use crate::sharing::{Fault, Household};

/// The longest caption, in characters.
const LONGEST: usize = 2_000;

impl Household {
    /// Writes a caption, which travels with the item when it is shared; an empty one takes it away.
    pub fn set_caption(
        &mut self,
        viewer: Option<&StationName>,
        reference: &str,
        caption: &str,
    ) -> Result<(), Fault> {
        let item = self.album_item(viewer, reference)?;
        let caption = clean_text(caption.trim());
        if caption.chars().count() > LONGEST {
            let words = "a caption has at most 2,000 characters";
            return Err(Fault::usage("caption", words));
        }
        self.album
            .commit(|rows| Ok(rows.set_caption(&item, &caption)?))
    }

    /// Makes items ones for the person who added them alone, or for all of the house: all of them or none. Only that
    /// person can, or somebody at the command line; and nobody, where another one added the same.
    pub fn set_private(
        &mut self,
        viewer: Option<&StationName>,
        references: &[String],
        private: bool,
    ) -> Result<(), Fault> {
        let items = self.items_named(viewer, references)?;
        let changed = || items.iter().filter(|item| item.private != private);
        let rows = self.album.rows();
        for item in changed() {
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
            if private && let Some(other) = rows.other_adders(item.id)?.first() {
                let who = match other.as_str() {
                    "" => "somebody at the command line",
                    person => person,
                };
                let words = format!("{who} added {name} too, so that it stays everyone's");
                return Err(Fault::new("not_yours", words));
            }
        }
        self.album.commit(|rows| {
            for item in changed() {
                rows.set_private(item.id, private)?;
            }
            Ok(())
        })
    }
}
