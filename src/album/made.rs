//! What other programs made of received pictures: how each is called, and how many of them are kept.
//!
//! Each is called by its item and by all parts of the original in order: a part says nothing of what follows it, and a
//! hostile manifest may name the parts of another share.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::PathBuf;
use std::time::SystemTime;

use rusqlite::Row;

use super::blobs::remove;
use super::parts::PartRow;
use super::sweep::entries;
use super::writing::NewFile;
use super::{AlbumError, Blobs, FileReader, Rows, parsed};
use crate::envelope::{Digest, Id};
use crate::rules::Tier;

/// What was made of one original, as it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made(Id);

impl Made {
    fn of<'d>(item: i64, parts: impl Iterator<Item = &'d Digest>) -> Self {
        let mut all = item.to_be_bytes().to_vec();
        for part in parts {
            all.extend_from_slice(part.as_bytes());
        }
        let mut name = [0; 16];
        name.copy_from_slice(&Digest::of(&all).as_bytes()[..16]);
        Made(Id::from_bytes(name))
    }

    /// The name of the sealed file, and of its key.
    pub fn file(self) -> Id {
        self.0
    }
}

impl Rows<'_> {
    /// How that is called which is made of an item, and whether all of its original is here; `None`: it has none.
    pub fn made_of(&self, item: i64) -> Result<Option<(Made, bool)>, AlbumError> {
        let parts = self.tier_parts(item, Tier::Original)?;
        let made = Made::of(item, parts.iter().map(|part| &part.digest));
        let held = parts.iter().all(|part| part.held);
        Ok((!parts.is_empty()).then_some((made, held)))
    }

    /// The names of all that may be here, because the original is.
    pub(super) fn all_made(&self) -> Result<BTreeSet<Id>, AlbumError> {
        let sql =
            "SELECT item, digest, held FROM part WHERE tier = 'original' ORDER BY item, position";
        let mut query = self.0.prepare(sql)?;
        let part = |row: &Row<'_>| {
            let digest: Digest = parsed(row, "digest")?;
            Ok((row.get("item")?, digest, row.get("held")?))
        };
        let parts: Vec<(i64, Digest, bool)> =
            query.query_map([], part)?.collect::<Result<_, _>>()?;
        let originals = parts.chunk_by(|a, b| a.0 == b.0);
        let here = originals.filter(|parts| parts.iter().all(|(_, _, held)| *held));
        let name =
            |parts: &[(i64, Digest, bool)]| Made::of(parts[0].0, parts.iter().map(|one| &one.1));
        Ok(here.map(|parts| name(parts).file()).collect())
    }
}

impl Blobs {
    /// Reads what was made of an original.
    pub fn open_made(&self, made: Made) -> Result<FileReader, AlbumError> {
        let path = self.made_path(made.file());
        let file = File::open(&path).map(FileReader::of);
        file.map_err(AlbumError::file(&path))
    }

    /// Begins to write it: always on this disk, as [`Blobs::new_pictures`].
    pub fn new_made(&self, made: Made) -> Result<NewFile, AlbumError> {
        self.new_beside(self.made_path(made.file()))
    }

    /// Removes it; what is not there is removed already.
    pub fn remove_made(&self, made: Made) -> Result<(), AlbumError> {
        self.noting(remove(&self.made_path(made.file())))
    }

    /// Removes what was made of the originals to which some of these parts belong: all of such an original, or nothing.
    pub fn remove_made_of(&self, rows: Rows<'_>, parts: &[PartRow]) -> Result<(), AlbumError> {
        let originals = parts.iter().filter(|part| part.tier == Tier::Original);
        let mut items: Vec<i64> = originals.map(|part| part.item).collect();
        items.sort_unstable();
        items.dedup();
        for item in items {
            if let Some((made, _)) = rows.made_of(item)? {
                self.remove_made(made)?;
            }
        }
        Ok(())
    }

    /// How many bytes of them are kept.
    pub fn made_bytes(&self) -> Result<u64, AlbumError> {
        Ok(self.all_kept()?.iter().map(|(_, len, _)| len).sum())
    }

    /// Removes the oldest until the others take no more than `most` bytes.
    pub fn keep_made_within(&self, most: u64) -> Result<(), AlbumError> {
        let mut kept = self.all_kept()?;
        kept.sort_unstable();
        let mut all: u64 = kept.iter().map(|(_, len, _)| len).sum();
        for (_, len, path) in kept {
            if all <= most {
                break;
            }
            self.noting(remove(&path))?;
            all -= len;
        }
        Ok(())
    }

    /// When each was written, its bytes, and where it lies.
    fn all_kept(&self) -> Result<Vec<(SystemTime, u64, PathBuf)>, AlbumError> {
        let mut kept = Vec::new();
        for path in entries(&self.made())? {
            // One that went meanwhile takes no room.
            if let Ok(about) = fs::metadata(&path) {
                let written = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                kept.push((written, about.len(), path));
            }
        }
        Ok(kept)
    }
}
