//! A copy of all that makes a household, in one file, while the box goes on (CASES O-24).
//!
//! 1. The rows as one moment shows them.
//! 2. The settings, the keys and the operator's own templates.
//! 3. Every blob that those rows name; one that is removed meanwhile is no error, the rows decide.
//! 4. A list of all members with their digests.
//! 5. On disk, read again from there and compared; only then does the file get its name.
//!
//! The file holds the private keys: who has it is this household. The password of the mail account is not in it.

mod archive;
mod restore;
pub(super) mod write;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use archive::{List, Writer, read};
pub use restore::{Restored, restore};

use super::identity::ENDED_FILE;
use super::own::import::Progress;
use super::{Fault, Household};
use crate::album::{Named, Rows, Snapshot, check_copy, file_name, part_name};
use crate::disk::{self, Roomy};
use crate::encoding::Timestamp;
use crate::envelope::Digest;

/// Set from a restore until the mailbox was read.
const RESTORED: &str = "restored";

/// Whether the mailbox must be read before anything goes out: it may hold answers to what waits here (CASES O-24).
pub(super) fn awaits_mailbox(rows: Rows<'_>) -> Result<bool, Fault> {
    Ok(rows.setting(RESTORED)?.as_deref() == Some("yes"))
}

/// The mailbox was read: what was answered there is not sent again, and the rest goes.
pub(super) fn mailbox_was_read(rows: Rows<'_>) -> Result<(), Fault> {
    if awaits_mailbox(rows)? {
        rows.set_setting(RESTORED, "no")?;
    }
    Ok(())
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Where it is.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Sealed parts in it.
    pub parts: u64,
    /// Own files in it.
    pub files: u64,
    /// Blobs that are not what their names say, left out: the disk may be failing.
    pub damaged: Vec<String>,
}

impl Household {
    /// Writes a backup. `config`: the file that this household was opened by.
    pub fn backup(
        &self,
        config: &Path,
        file: &Path,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<BackedUp, Fault> {
        let fault = |error: io::Error| Fault::of_file("backup", file, &error);
        let name = file.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|_| !file.is_dir()) else {
            return Err(Fault::usage("backup", "name a file to write"));
        };
        let unfinished =
            Unfinished::begin(file.with_file_name(format!("{name}.part"))).map_err(fault)?;
        let snapshot = self.album.snapshot()?;
        check_copy(snapshot.path())
            .map_err(|words| Fault::new("database", format!("the album is damaged: {words}")))?;
        let mut done = BackedUp {
            file: file.to_owned(),
            bytes: 0,
            parts: 0,
            files: 0,
            damaged: Vec::new(),
        };
        let list = List::new(now, &self.config.mailbox, self.me());
        let mut writer = Writer::new(BufWriter::new(Roomy(&unfinished.file)), file, list);
        self.write_members(&mut writer, config, &snapshot, &mut done, progress)?;
        let written = writer.finish().and_then(|mut out| {
            out.flush()?;
            disk::room()?;
            unfinished.file.sync_all()
        });
        written.map_err(fault)?;
        let rows = digest_of_file(snapshot.path()).map_err(fault)?;
        let again = File::open(&unfinished.path).map_err(fault)?;
        let list = read(again, &mut |_| Ok(None), &mut |read| {
            progress(&Progress {
                file: "reading it again".to_owned(),
                ..*read
            });
        })?;
        if list.digest_of(archive::ALBUM) != Some(rows) {
            let words = "what was read again is not what was written";
            return Err(fault(io::Error::other(words)));
        }
        crate::crash::point("backup.checked");
        done.bytes = unfinished.keep(file).map_err(fault)?;
        Ok(done)
    }

    fn write_members<W: Write>(
        &self,
        writer: &mut Writer<W>,
        config: &Path,
        snapshot: &Snapshot,
        done: &mut BackedUp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Fault> {
        let folder = self.album.folder();
        writer.add_file(archive::SETTINGS, config)?;
        writer.add_file(archive::KEYS, &folder.join(archive::KEYS))?;
        writer.add_file_if_there(ENDED_FILE, &folder.join(ENDED_FILE))?;
        for name in archive::templates() {
            writer.add_file_if_there(&name, &folder.join(&name))?;
        }
        let Named { parts, files } = snapshot.blobs()?;
        let blobs = self.album.blobs();
        let len_of = |path: PathBuf| fs::metadata(path).map_or(0, |about| about.len());
        let names: Vec<String> = files.iter().map(|id| file_name(*id)).collect();
        let all_files: u64 = names.iter().map(|name| len_of(folder.join(name))).sum();
        let mut state = Progress {
            done: 0,
            total: all_files + parts.iter().map(|(_, len)| len).sum::<u64>(),
            file: "sealed pictures".to_owned(),
        };
        for (digest, len) in parts {
            let name = part_name(digest);
            match blobs.stored_part(digest)? {
                Some(der) if Digest::of(&der) == digest => {
                    writer.add_bytes(&name, &der)?;
                    done.parts += 1;
                }
                Some(_) => done.damaged.push(name),
                None => {}
            }
            state.done += len;
            progress(&state);
        }
        for (id, name) in files.iter().zip(&names) {
            if let Some((len, sealed)) = blobs.sealed_file(*id)? {
                writer.add_stored(name, len, sealed)?;
                done.files += 1;
                // Of what lies in a store the length is not known before.
                state.total = state.total.max(state.done + len);
                state.done += len;
            }
            progress(&state);
        }
        writer.add_file(archive::ALBUM, snapshot.path())?;
        Ok(())
    }
}

fn digest_of_file(path: &Path) -> io::Result<Digest> {
    let mut hashing = archive::Hashing::new(File::open(path)?);
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hashing.finish().1)
}

/// A file that has not yet its name. Dropped before [`Unfinished::keep`] it is gone.
struct Unfinished {
    file: File,
    path: PathBuf,
    kept: bool,
}

impl Unfinished {
    fn begin(path: PathBuf) -> io::Result<Self> {
        disk::room()?;
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
            .open(&path)?;
        file.try_lock()
            .map_err(|_| io::Error::other("another backup is being written there"))?;
        // What a run left that died.
        file.set_len(0)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        Ok(Unfinished {
            file,
            path,
            kept: false,
        })
    }

    fn keep(mut self, name: &Path) -> io::Result<u64> {
        let bytes = self.file.metadata()?.len();
        disk::room()?;
        fs::rename(&self.path, name)?;
        self.kept = true;
        let folder = name.parent().filter(|path| !path.as_os_str().is_empty());
        disk::room()?;
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(bytes)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.kept {
            // Best effort: the next run begins it anew.
            let _ = fs::remove_file(&self.path);
        }
    }
}
