//! The household's own certificate for its web interface, beside the album.

use std::path::{Path, PathBuf};

/// Where certificate and key lie, in one file so that they are always of one kind.
pub fn own_certificate(folder: &Path) -> PathBuf {
    folder.join("web.pem")
}
