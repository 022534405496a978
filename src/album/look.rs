//! When a share is looked at for what may be over, so that a pass with nothing new looks at none.

use rusqlite::params;

use super::{AlbumError, Rows, Share};
use crate::encoding::Timestamp;

/// Rows that belong to a share and change what ends it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    Destination,
    Holding,
    Item,
}

impl Rows<'_> {
    /// Shares of which something may be over by then.
    pub fn shares_to_look_at(&self, at: Timestamp) -> Result<Vec<Share>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM share WHERE look <= ?1 AND state IN ('arriving', 'complete') ORDER BY id",
        )?;
        let rows = query.query_map([at.unix()], Share::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first time after that at which something of a share may be over.
    pub fn next_look(&self, after: Timestamp) -> Result<Option<Timestamp>, AlbumError> {
        let sql =
            "SELECT min(look) FROM share WHERE look > ?1 AND state IN ('arriving', 'complete')";
        let next: Option<i64> = self.0.query_row(sql, [after.unix()], |row| row.get(0))?;
        Ok(next.map(Timestamp::from_unix))
    }

    /// Says when something of a share may next be over; `None`: not until it changes.
    pub fn set_look(&self, share: i64, at: Option<Timestamp>) -> Result<(), AlbumError> {
        self.0
            .prepare_cached("UPDATE share SET look = ?2 WHERE id = ?1")?
            .execute(params![share, at.map(Timestamp::unix)])?;
        Ok(())
    }

    /// A share changed in what ends it: it is looked at at the next pass.
    pub(super) fn look_again(&self, share: i64) -> Result<(), AlbumError> {
        self.set_look(share, Some(Timestamp::from_unix(0)))
    }

    /// As [`Rows::look_again`], by the row that changed.
    pub(super) fn look_again_for(&self, of: Of, row: i64) -> Result<(), AlbumError> {
        let table = match of {
            Of::Destination => "destination",
            Of::Holding => "holding",
            Of::Item => "share_item",
        };
        let sql = format!(
            "UPDATE share SET look = 0 WHERE id = (SELECT share FROM {table} WHERE id = ?1)"
        );
        self.0.prepare_cached(&sql)?.execute([row])?;
        Ok(())
    }

    /// The people of the house changed, and with them what is over for everyone.
    pub(super) fn look_again_at_all(&self) -> Result<(), AlbumError> {
        self.0.execute("UPDATE share SET look = 0", [])?;
        Ok(())
    }
}
