//! Files that are written once.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::disk::{self, Roomy};
use crate::sharing::Fault;

/// Writes a configuration file where none is, durably: whole, or not at all.
pub(in crate::sharing) fn write_settings(config: &Path, text: &str) -> Result<(), Fault> {
    write_once(config, text.as_bytes(), 0o666)
}

/// Writes a file where none is, durably: whole, or not at all. `mode`: who may read it, as far as the system lets them.
pub(in crate::sharing) fn write_once(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Fault> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let write = || {
        let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
        folder.map_or(Ok(()), fs::create_dir_all)?;
        disk::room()?;
        // Left from a run that died.
        let _ = fs::remove_file(&temporary);
        let mut options = fs::OpenOptions::new();
        let options = options.write(true).create_new(true).mode(mode);
        let mut file = Roomy(options.open(&temporary)?);
        file.write_all(bytes)?;
        disk::room()?;
        file.0.sync_all()?;
        disk::room()?;
        // A hard link fails where the name exists, unlike a rename.
        fs::hard_link(&temporary, path)
    };
    let written = write();
    // It was not there, or has its name.
    let _ = fs::remove_file(&temporary);
    written.map_err(|error: std::io::Error| Fault::of_file("disk", path, &error))
}
