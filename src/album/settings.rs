//! Single values.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows};

impl Rows<'_> {
    /// Changes with every commit of another process, and with no other.
    pub fn data_version(&self) -> Result<i64, AlbumError> {
        Ok(self
            .0
            .query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Result<Option<String>, AlbumError> {
        let sql = "SELECT value FROM setting WHERE name = ?1";
        Ok(self.0.query_row(sql, [name], |row| row.get(0)).optional()?)
    }

    /// Forgets a setting.
    pub fn forget_setting(&self, name: &str) -> Result<(), AlbumError> {
        self.0
            .execute("DELETE FROM setting WHERE name = ?1", [name])?;
        Ok(())
    }

    /// Sets a value.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
        Ok(())
    }
}
