//! The household's own certificate for its web interface, and that of the authority behind it, beside the album. Both can
//! be made anew from the key file, and stand in no backup.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{AlbumError, blobs};
use crate::disk::{self, Roomy};

/// Where certificate and key lie, in one file so that the two always fit.
pub fn own_certificate(folder: &Path) -> PathBuf {
    folder.join("site.pem")
}

/// Where the certificate of the authority lies, as DER: what phones are given.
pub fn authority_certificate(folder: &Path) -> PathBuf {
    folder.join("ca.crt")
}

/// Reads one of the two; `None`: it is not there.
pub fn read_certificate(path: &Path) -> Result<Option<Vec<u8>>, AlbumError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AlbumError::file(path)(error)),
    }
}

/// Writes one of the two for its owner alone, whole or not at all.
pub fn write_certificate(path: &Path, bytes: &[u8]) -> Result<(), AlbumError> {
    let temporary = path.with_extension("new");
    // Left from a run that died; it was never in use.
    let _ = fs::remove_file(&temporary);
    let write = || {
        let mut file = Roomy(blobs::private_file(&temporary)?);
        file.write_all(bytes)?;
        disk::room()?;
        file.0.sync_all()?;
        disk::room()?;
        fs::rename(&temporary, path)?;
        path.parent().map_or(Ok(()), blobs::sync_dir)
    };
    let written = write();
    let _ = fs::remove_file(&temporary);
    written.map_err(AlbumError::file(path))
}
