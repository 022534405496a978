//! Which pictures of own items were made, for grid and screen.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, parsed};
use crate::envelope::Id;

/// The pictures of one item: sealed in one file, the one for the grid first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnPictures {
    /// They are there.
    Made {
        /// The sealed file.
        file: Id,
        /// For the grid.
        thumb: Stored,
        /// For the screen.
        screen: Stored,
    },
    /// None can be made, and why.
    Impossible(String),
}

/// One picture in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// Bytes of plaintext.
    pub size: u64,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

impl OwnPictures {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        if let Some(trouble) = row.get("trouble")? {
            return Ok(OwnPictures::Impossible(trouble));
        }
        Ok(OwnPictures::Made {
            file: parsed(row, "file")?,
            thumb: Stored {
                size: row.get("thumb_size")?,
                width: row.get("thumb_width")?,
                height: row.get("thumb_height")?,
            },
            screen: Stored {
                size: row.get("screen_size")?,
                width: row.get("screen_width")?,
                height: row.get("screen_height")?,
            },
        })
    }

    /// The sealed file.
    pub fn file(&self) -> Option<Id> {
        match self {
            OwnPictures::Made { file, .. } => Some(*file),
            OwnPictures::Impossible(_) => None,
        }
    }
}

impl Rows<'_> {
    /// Bytes of the household's own items, and of the pictures made of them.
    pub fn own_bytes(&self) -> Result<(u64, u64), AlbumError> {
        let sql = "SELECT (SELECT coalesce(sum(size), 0) FROM item),
             (SELECT coalesce(sum(thumb_size + screen_size), 0) FROM own_picture)";
        let found = self
            .0
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found?)
    }

    /// What was made of an item.
    pub fn own_pictures(&self, item: i64) -> Result<Option<OwnPictures>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM own_picture WHERE item = ?1")?;
        Ok(query.query_row([item], OwnPictures::from_row).optional()?)
    }

    /// Notes what was made of an item, in place of what was there.
    pub fn put_own_pictures(&self, item: i64, made: &OwnPictures) -> Result<(), AlbumError> {
        let none = Stored::default();
        let (file, thumb, screen, trouble) = match made {
            OwnPictures::Made {
                file,
                thumb,
                screen,
            } => (Some(file.to_string()), thumb, screen, None),
            OwnPictures::Impossible(trouble) => (None, &none, &none, Some(trouble)),
        };
        self.0.execute(
            "INSERT OR REPLACE INTO own_picture (item, file, thumb_size, thumb_width, thumb_height,
                 screen_size, screen_width, screen_height, trouble)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                item,
                file,
                thumb.size,
                thumb.width,
                thumb.height,
                screen.size,
                screen.width,
                screen.height,
                trouble
            ],
        )?;
        Ok(())
    }

    /// The references of items with pixels of which nothing was made yet, newest first.
    ///
    /// Those are pictures that are decoded here, and what has one of these media types.
    pub fn without_pictures(&self, also: &[&str], limit: usize) -> Result<Vec<String>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT ref FROM item
             WHERE (width IS NOT NULL OR instr(?2, ' ' || media_type || ' ') > 0) AND deleted IS NULL
             AND NOT EXISTS (SELECT 1 FROM own_picture WHERE own_picture.item = item.id)
             ORDER BY shown DESC, id DESC LIMIT ?1",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let also = format!(" {} ", also.join(" "));
        let rows = query.query_map(params![limit, also], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the sealed pictures of an item lie under that name.
    pub(super) fn is_picture_known(&self, file: &str) -> Result<bool, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM own_picture WHERE file = ?1)")?;
        Ok(query.query_row([file], |row| row.get(0))?)
    }
}
