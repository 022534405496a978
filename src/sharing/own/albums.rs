//! Named albums: an item may be in several of them, or in none.

use crate::address::StationName;
use crate::album::{AlbumError, Collection, Filter, Rows};
use crate::encoding::Timestamp;
use crate::sharing::words::clean_line;
use crate::sharing::{Fault, Household};

/// The longest name, in characters.
const LONGEST: usize = 200;

impl Household {
    /// All albums by name, with what the viewer sees of them.
    pub fn albums(&self, viewer: Option<&StationName>) -> Result<Vec<Collection>, Fault> {
        let filter = Filter {
            viewer: viewer.cloned(),
            ..Filter::default()
        };
        Ok(self.album.rows().collections(&filter)?)
    }

    /// The albums in which an item is: reference and name.
    pub fn albums_of(
        &self,
        viewer: Option<&StationName>,
        reference: &str,
    ) -> Result<Vec<(String, String)>, Fault> {
        let item = self.album_item(viewer, reference)?;
        Ok(self.album.rows().collections_of(item.id)?)
    }

    /// The reference and name of an album, by either.
    pub fn album_named(&self, named: &str) -> Result<(String, String), Fault> {
        self.album.rows().find_collection(named)?.ok_or_else(|| {
            let shown: String = clean_line(named).chars().take(LONGEST).collect();
            Fault::usage("unknown_album", format!("there is no album {shown:?}"))
                .hint("`hearthpost album list` shows what there is")
        })
    }

    /// Makes an empty album; gives its reference.
    pub fn create_album(&mut self, name: &str, now: Timestamp) -> Result<String, Fault> {
        let name = album_name(name)?;
        self.album
            .commit(|rows| match rows.find_collection(&name)? {
                Some((_, found)) if found == name => Err(exists(&name)),
                _ => Ok(rows.collection(&name, now)?),
            })
    }

    /// Gives an album another name.
    pub fn rename_album(&mut self, album: &str, name: &str) -> Result<(), Fault> {
        let (reference, old) = self.album_named(album)?;
        let name = album_name(name)?;
        let renamed = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.rename_collection(&reference, &name)?))?;
        match renamed || old == name {
            true => Ok(()),
            false => Err(exists(&name)),
        }
    }

    /// Removes an album; its items stay.
    pub fn remove_album(&mut self, album: &str) -> Result<(), Fault> {
        let (reference, _) = self.album_named(album)?;
        self.album
            .commit(|rows| Ok(rows.remove_collection(&reference)?))
    }

    /// Puts items into an album.
    pub fn add_to_album(
        &mut self,
        viewer: Option<&StationName>,
        album: &str,
        references: &[String],
    ) -> Result<(), Fault> {
        let put = |rows: Rows<'_>, album: &str, item| rows.add_to_collection(album, item);
        self.change_album(viewer, album, references, put)
    }

    /// Puts items into the album of that name or reference, which is made where there is none; says whether it was.
    pub fn gather(
        &mut self,
        viewer: Option<&StationName>,
        album: &str,
        references: &[String],
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let items = self.items_named(viewer, references)?;
        let new = album_name(album)?;
        self.album.commit(|rows| {
            let found = rows.find_collection(album)?;
            let made = found.is_none();
            let album = match found {
                Some((reference, _)) => reference,
                None => rows.collection(&new, now)?,
            };
            for item in &items {
                rows.add_to_collection(&album, item.id)?;
            }
            Ok(made)
        })
    }

    /// Takes items out of an album; they stay in the household's album.
    pub fn take_from_album(
        &mut self,
        viewer: Option<&StationName>,
        album: &str,
        references: &[String],
    ) -> Result<(), Fault> {
        let take = |rows: Rows<'_>, album: &str, item| rows.take_from_collection(album, item);
        self.change_album(viewer, album, references, take)
    }

    fn change_album(
        &mut self,
        viewer: Option<&StationName>,
        album: &str,
        references: &[String],
        change: impl Fn(Rows<'_>, &str, i64) -> Result<(), AlbumError>,
    ) -> Result<(), Fault> {
        let (album, _) = self.album_named(album)?;
        let items = self.items_named(viewer, references)?;
        self.album.commit(|rows| {
            for item in &items {
                change(rows, &album, item.id)?;
            }
            Ok(())
        })
    }
}

/// A name in one line, without what hides or reorders.
pub(in crate::sharing) fn album_name(name: &str) -> Result<String, Fault> {
    let clean = clean_line(name).trim().to_owned();
    match clean.chars().count() {
        1..=LONGEST => Ok(clean),
        _ => {
            let words = "the name of an album has 1 to 200 characters";
            Err(Fault::usage("album_name", words))
        }
    }
}

fn exists(name: &str) -> Fault {
    let words = format!("there is an album {name:?} already");
    Fault::new("exists", words).hint("choose another name")
}
