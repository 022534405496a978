//! The form of a backup: a tar of plain files by the names they have in the data folder, and last the list of them.
//!
//! What is read here may be broken, or made to harm: only the names of this form are known, only plain files, none
//! twice, none longer than the file it comes in, each as the list says, and nothing behind the list.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::address::Mailbox;
use crate::album::{file_name, part_name};
use crate::disk::{self, Roomy};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id, PART_OVERHEAD, PART_SIZE};
use crate::notice;
use crate::sharing::Fault;
use crate::sharing::identity::ENDED_FILE;
use crate::sharing::own::import::Progress;
use crate::sharing::words::clean_line;

/// The settings.
pub(super) const SETTINGS: &str = "hearthpost.toml";
/// The private keys.
pub(super) const KEYS: &str = "keys.toml";
/// The rows.
pub(super) const ALBUM: &str = "album.sqlite";
const LIST: &str = "manifest.json";
const TYPE: &str = "hearthpost-backup";
const VERSION: u32 = 1;
/// Settings, keys and templates are written by hand, or nearly.
const SMALL: u64 = 1024 * 1024;
/// Some three million members.
const LONGEST_LIST: u64 = 512 * 1024 * 1024;

/// What stands in a backup, and of whom it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    r#type: String,
    version: u32,
    /// When it was made.
    pub created: Timestamp,
    /// The mailbox of the household.
    pub mailbox: Mailbox,
    /// Its identity.
    pub fingerprint: Fingerprint,
    members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    name: String,
    size: u64,
    sha256: Digest,
}

impl List {
    pub fn new(created: Timestamp, mailbox: &Mailbox, fingerprint: Fingerprint) -> Self {
        List {
            r#type: TYPE.to_owned(),
            version: VERSION,
            created,
            mailbox: mailbox.clone(),
            fingerprint,
            members: Vec::new(),
        }
    }

    /// The digest of a member.
    pub fn digest_of(&self, name: &str) -> Option<Digest> {
        let member = self.members.iter().find(|member| member.name == name);
        member.map(|member| member.sha256)
    }
}

/// The operator's own templates, as they are called here and in the data folder.
pub(super) fn templates() -> impl Iterator<Item = String> {
    notice::TEMPLATES
        .into_iter()
        .map(|name| format!("templates/{name}"))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Fault {
    Fault::of_file("disk", path, error)
}

/// Writes a backup, member after member.
pub(super) struct Writer<W: Write> {
    tar: tar::Builder<W>,
    /// Where it goes.
    file: PathBuf,
    list: List,
}

impl<W: Write> Writer<W> {
    pub fn new(out: W, file: &Path, list: List) -> Self {
        Writer {
            tar: tar::Builder::new(out),
            file: file.to_owned(),
            list,
        }
    }

    /// Adds a file that must be there.
    pub fn add_file(&mut self, name: &str, path: &Path) -> Result<(), Fault> {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        self.add_open(name, path, file).map(drop)
    }

    /// Adds a file that may be gone; gives its length.
    pub fn add_file_if_there(&mut self, name: &str, path: &Path) -> Result<Option<u64>, Fault> {
        match File::open(path) {
            Ok(file) => self.add_open(name, path, file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(path, &error)),
        }
    }

    fn add_open(&mut self, name: &str, path: &Path, file: File) -> Result<u64, Fault> {
        let fault = |error: io::Error| unreadable(path, &error);
        let len = file.metadata().map_err(fault)?.len();
        let (read, sha256) = self.append(name, len, &file).map_err(|error| {
            // Reading fills no disk.
            let full = disk::is_full(&error);
            unreadable(if full { &self.file } else { path }, &error)
        })?;
        if read != len {
            return Err(fault(io::Error::other("it changed while it was copied")));
        }
        self.note(name, len, sha256);
        Ok(len)
    }

    /// Adds an own file as it is kept, so many bytes.
    pub fn add_stored(&mut self, name: &str, len: u64, from: impl Read) -> Result<(), Fault> {
        let (read, sha256) =
            self.append(name, len, from)
                .map_err(|error| match disk::is_full(&error) {
                    true => unreadable(&self.file, &error),
                    false => Fault::of_reading(&error).about(name),
                })?;
        if read != len {
            let changed = io::Error::other("it changed while it was copied");
            return Err(unreadable(Path::new(name), &changed));
        }
        self.note(name, len, sha256);
        Ok(())
    }

    /// Adds what is in memory.
    pub fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let size = bytes.len() as u64;
        let (_, sha256) = self
            .append(name, size, bytes)
            .map_err(|error| Fault::of_file("backup", &self.file, &error))?;
        self.note(name, size, sha256);
        Ok(())
    }

    fn note(&mut self, name: &str, size: u64, sha256: Digest) {
        self.list.members.push(Member {
            name: name.to_owned(),
            size,
            sha256,
        });
    }

    fn append(&mut self, name: &str, size: u64, from: impl Read) -> io::Result<(u64, Digest)> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.list.created.unix()).unwrap_or(0));
        header.set_cksum();
        let mut from = Hashing::new(from.take(size));
        self.tar.append(&header, &mut from)?;
        Ok(from.finish())
    }

    /// Adds the list, and ends.
    pub fn finish(mut self) -> io::Result<W> {
        let list = serde_json::to_vec(&self.list)?;
        self.append(LIST, list.len() as u64, list.as_slice())?;
        self.tar.into_inner()
    }
}

/// Passes bytes on and takes their digest.
pub(super) struct Hashing<R> {
    inner: R,
    count: u64,
    digest: crate::envelope::Hasher,
}

impl<R> Hashing<R> {
    pub fn new(inner: R) -> Self {
        Hashing {
            inner,
            count: 0,
            digest: crate::envelope::Hasher::default(),
        }
    }

    pub fn finish(self) -> (u64, Digest) {
        (self.count, self.digest.finish())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.digest.update(&into[..read]);
        self.count += read as u64;
        Ok(read)
    }
}

/// Reads a backup whole and holds it against its list. `place` opens a file for a member, or does not want it.
pub(super) fn read(
    from: File,
    place: &mut dyn FnMut(&str) -> io::Result<Option<File>>,
    progress: &mut dyn FnMut(&Progress),
) -> Result<List, Fault> {
    let total = from.metadata().map_err(|error| broken(&error))?.len();
    let mut tar = tar::Archive::new(BufReader::new(from));
    let mut found = BTreeMap::new();
    let mut list = None;
    let mut state = Progress {
        done: 0,
        total,
        file: String::new(),
    };
    // Raw: extensions that name a member anew, or give it another length, are members of no known name.
    let entries = tar.entries().map_err(|error| unread(&error, &state.file))?;
    for entry in entries.raw(true) {
        let mut entry = entry.map_err(|error| unread(&error, &state.file))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let shown = clean_line(&name);
        let size = entry.size();
        if list.is_some() {
            return Err(broken(&format!("{shown:?} stands behind the list")));
        }
        if !entry.header().entry_type().is_file() {
            return Err(broken(&format!("{shown:?} is no plain file")));
        }
        let Some(most) = longest(&name) else {
            return Err(broken(&format!("{shown:?} is no part of a backup")));
        };
        if size > most {
            return Err(broken(&format!("{shown:?} is too long ({size} bytes)")));
        }
        if size > total {
            return Err(cut_off(&shown));
        }
        if name == LIST {
            let mut text = Vec::new();
            entry
                .read_to_end(&mut text)
                .map_err(|error| unread(&error, &shown))?;
            if (text.len() as u64) < size {
                return Err(cut_off(&shown));
            }
            list = Some(read_list(&text)?);
            continue;
        }
        if found.contains_key(&name) {
            return Err(broken(&format!("{shown:?} stands there twice")));
        }
        let fault = |error: io::Error| match disk::is_full(&error) {
            true => Fault::full(&format!("{shown} of the backup")),
            false => broken(&format!("{shown}: {error}")),
        };
        let into = place(&name).map_err(fault)?;
        let mut hashing = Hashing::new(&mut entry);
        let copied = match into {
            Some(file) => io::copy(&mut hashing, &mut Roomy(file)),
            None => io::copy(&mut hashing, &mut io::sink()),
        };
        copied.map_err(fault)?;
        let (read, sha256) = hashing.finish();
        if read != size {
            return Err(cut_off(&shown));
        }
        state.done += size;
        state.file = shown;
        progress(&state);
        found.insert(name, (size, sha256));
    }
    let list = list.ok_or_else(|| broken(&"it is cut off: its end is missing"))?;
    for member in &list.members {
        let shown = clean_line(&member.name);
        let as_said = (member.size, member.sha256);
        let digest_in_name = member.name.strip_prefix("parts/");
        let named_so = digest_in_name.is_none_or(|_| member.name == part_name(member.sha256));
        if found.remove(&member.name) != Some(as_said) || !named_so {
            return Err(broken(&format!("{shown:?} is not what the list says")));
        }
    }
    if let Some(name) = found.keys().next() {
        return Err(broken(&format!("{name:?} does not stand in the list")));
    }
    for name in [SETTINGS, KEYS, ALBUM] {
        if list.digest_of(name).is_none() {
            return Err(broken(&format!("{name} is missing")));
        }
    }
    Ok(list)
}

/// The settings, which stand first. They are not held against the list yet.
pub(super) fn first_settings(mut from: &File) -> Result<String, Fault> {
    let mut text = String::new();
    {
        let mut tar = tar::Archive::new(from);
        let entries = tar.entries().map_err(|error| unread(&error, ""))?;
        let entry = entries.raw(true).next().transpose();
        let entry = entry.map_err(|error| unread(&error, ""))?;
        let Some(entry) = entry.filter(|entry| entry.path_bytes().as_ref() == SETTINGS.as_bytes())
        else {
            return Err(broken(&"it does not begin with settings"));
        };
        let size = entry.size();
        let read = entry.take(SMALL).read_to_string(&mut text);
        read.map_err(|error| broken(&format!("its settings: {error}")))?;
        if (text.len() as u64) < size.min(SMALL) {
            return Err(cut_off(SETTINGS));
        }
    }
    from.rewind().map_err(|error| broken(&error))?;
    Ok(text)
}

/// What can be read no further, behind the member `last`: what the system says, or that the form is broken.
fn unread(error: &io::Error, last: &str) -> Fault {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    let of_form = matches!(
        error.kind(),
        InvalidData | InvalidInput | Other | UnexpectedEof
    );
    match (of_form, last) {
        (false, _) => broken(error),
        (true, "") => {
            broken(&"it is no backup of Hearthpost, or its beginning is cut off or damaged")
        }
        (true, last) => broken(&format!("it is cut off or damaged behind {last:?}")),
    }
}

/// The file has its end in the midst of that member.
fn cut_off(member: &str) -> Fault {
    broken(&format!("it is cut off in the middle of {member:?}"))
}

fn read_list(text: &[u8]) -> Result<List, Fault> {
    #[derive(Deserialize)]
    struct Kind {
        r#type: String,
        version: u32,
    }
    let kind: Kind =
        serde_json::from_slice(text).map_err(|_| broken(&"its list cannot be read"))?;
    if kind.r#type != TYPE {
        return Err(broken(&"it is no backup of Hearthpost"));
    }
    if kind.version != VERSION {
        return Err(Fault::new(
            "backup",
            format!(
                "the backup has form {}, and this Hearthpost reads form {VERSION}",
                kind.version
            ),
        )
        .hint("restore it with the Hearthpost that wrote it, or a newer one"));
    }
    serde_json::from_slice(text).map_err(|error| broken(&format!("its list: {error}")))
}

pub(super) fn broken(why: &dyn std::fmt::Display) -> Fault {
    Fault::new("backup", format!("the backup cannot be used: {why}"))
        .hint("nothing was changed; take another copy of it, or an older backup")
}

/// How long a member of that name may be; `None` where there is no such name. Nothing else decides where a member goes,
/// so that no name leads out of the folder.
fn longest(name: &str) -> Option<u64> {
    match name {
        SETTINGS | KEYS | ENDED_FILE => return Some(SMALL),
        ALBUM => return Some(u64::MAX),
        LIST => return Some(LONGEST_LIST),
        _ if templates().any(|known| known == name) => return Some(SMALL),
        _ => {}
    }
    if let Some(id) = name.strip_prefix("files/") {
        let id: Id = id.parse().ok()?;
        return (file_name(id) == name).then_some(u64::MAX);
    }
    let digest: Digest = name.strip_prefix("parts/")?.get(3..)?.parse().ok()?;
    (part_name(digest) == name).then_some((PART_SIZE + PART_OVERHEAD) as u64 + 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_a_data_folder_are_known() {
        let digest = Digest::of(b"x");
        assert!(longest(&part_name(digest)).is_some());
        assert!(longest(&file_name(Id::random())).is_some());
        for name in [
            "",
            "/etc/passwd",
            "../keys.toml",
            "files/../keys.toml",
            "files/",
            "parts/zz",
            "parts/é/x",
            "templates/../x",
            "keys.toml/",
            "./keys.toml",
            "album.sqlite-wal",
            &format!("parts/zz/{digest}"),
            &format!("parts/{digest}"),
        ] {
            assert_eq!(longest(name), None, "{name:?}");
        }
    }
}
