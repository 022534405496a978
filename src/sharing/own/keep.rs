//! A sealed file becomes an item, or turns out to be one that is there.

use super::albums::album_name;
use crate::album::{NewItem, OwnItem};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::sharing::accounts::person::refuse_unknown;
use crate::sharing::{Fault, Household};

/// How long one of which nothing comes is kept, and what became of one, in seconds.
pub(super) const KEPT: u64 = 3 * 24 * 60 * 60;

/// Where a sealed file comes from.
pub(in crate::sharing) enum Origin {
    /// Nothing names it yet.
    Import,
    /// An upload, which ends with it; for an album of that name.
    Upload(Id, Option<String>),
}

impl Household {
    /// Makes an item of a sealed file, with its pictures where its bytes are at hand, or finds the one with the same
    /// content; says whether it was known. A file that is not needed, or not recorded, is gone.
    pub(in crate::sharing) fn keep(
        &mut self,
        new: &NewItem,
        pixels: Option<&Vec<u8>>,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<(OwnItem, bool), Fault> {
        let album = match origin {
            Origin::Upload(_, Some(name)) => Some(album_name(name)?),
            _ => None,
        };
        let person = new.added_by.as_ref();
        let rows = self.album.rows();
        let known = rows.known_content(new.sha256, person, new.private)?;
        let made = pixels
            .filter(|_| known.is_none())
            .map(|bytes| self.make_pictures(bytes))
            .transpose();
        if made.is_err() && matches!(origin, Origin::Import) {
            self.album.blobs().remove_file(new.file)?;
        }
        let made = made?;
        crate::crash::point("import.stored");
        let kept = self.album.commit(|rows| {
            if let Some(person) = person {
                refuse_unknown(rows, person)?;
            }
            let known = rows.known_content(new.sha256, person, new.private)?;
            let was_known = known.is_some();
            let item = match known {
                Some(known) => {
                    // Whoever adds it wants it to be there.
                    rows.set_deleted(known.id, None)?;
                    rows.note_adder(known.id, person)?;
                    OwnItem {
                        deleted: None,
                        ..known
                    }
                }
                None => {
                    let item = rows.add_item(new, now)?;
                    if let Some(made) = &made {
                        rows.put_own_pictures(item.id, made)?;
                    }
                    item
                }
            };
            if let Origin::Upload(id, _) = origin {
                let upload = rows.upload(*id)?;
                // Else it was given up meanwhile, and its file is gone.
                let upload = upload.ok_or_else(unknown_upload)?;
                rows.remove_upload(*id)?;
                let became = (item.id, was_known);
                rows.note_finished(&upload, became, now, now.minus_seconds(KEPT))?;
            }
            if let Some(name) = &album {
                let album = rows.collection(name, now)?;
                rows.add_to_collection(&album, item.id)?;
            }
            Ok::<_, Fault>((item, was_known))
        });
        crate::crash::point("import.after_commit");
        let blobs = self.album.blobs();
        if !matches!(kept, Ok((_, false))) {
            if let Some(file) = made.as_ref().and_then(|made| made.file()) {
                blobs.remove_pictures(file)?;
            }
            // An upload that could not be recorded is there still, and is tried again.
            if kept.is_ok() || matches!(origin, Origin::Import) {
                blobs.remove_file(new.file)?;
            }
        }
        kept
    }
}

/// There is none, or none of who asks.
pub(super) fn unknown_upload() -> Fault {
    Fault::usage("unknown_upload", "there is no such upload").hint("begin it anew")
}
