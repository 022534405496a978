//! Files become own items: looked at, sealed at rest, known by their content.
//!
//! The same content is one item, but for what somebody has alone: whoever adds that too gets an item of their own and
//! learns nothing. What lies in the bin comes back.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::file::{self, Stored};
use crate::address::StationName;
use crate::album::{NewItem, OwnItem};
use crate::encoding::Timestamp;
use crate::envelope::PartBuffer;
use crate::rendition::{self, Format};
use crate::rules::Kind;
use crate::sharing::own::{Origin, album_name};
use crate::sharing::words::clean_name;
use crate::sharing::{Fault, Household};

/// How files end that are pictures, each of a format that is known by its first bytes.
const PICTURES: [&str; 13] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff",
    "dng",
];

/// How far an import is.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Bytes read so far.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
    /// The file in hand.
    pub file: String,
}

/// What an import gave.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The items, known ones included, in the order of the files.
    pub items: Vec<OwnItem>,
    /// Files that could not be taken.
    pub skipped: Vec<Skipped>,
    /// How many of the items were known before.
    pub known: usize,
}

/// A file that could not be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub path: PathBuf,
    /// Why, in words.
    pub reason: String,
}

/// By whom files are added, and for whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adding {
    /// Also gather them under this name.
    pub album: Option<String>,
    /// Which person of the house adds them.
    pub person: Option<StationName>,
    /// For that person alone.
    pub private: bool,
}

/// What a file that is taken in is called.
pub(in crate::sharing) struct Named<'n> {
    /// Its own name.
    pub name: &'n OsStr,
    /// Where it lay.
    pub source: String,
}

/// What is known of a file by looking at it.
pub(in crate::sharing) struct Look {
    pub kind: Kind,
    pub format: Format,
    pub taken: Option<String>,
    /// Pixels as seen, of a picture that this version decodes.
    pub dimensions: Option<(u32, u32)>,
}

impl Household {
    /// Imports files and folders for all of the house. A broken file is skipped with its reason; the others go in.
    pub fn import(
        &mut self,
        paths: &[PathBuf],
        album: Option<&str>,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Imported, Fault> {
        let adding = Adding {
            album: album.map(str::to_owned),
            ..Adding::default()
        };
        self.import_as(paths, &adding, now, progress)
    }

    /// As [`Household::import`], for a person of the house.
    pub fn import_as(
        &mut self,
        paths: &[PathBuf],
        adding: &Adding,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Imported, Fault> {
        self.refuse_without_people()?;
        self.check_adding(adding)?;
        let album = adding.album.as_deref().map(album_name).transpose()?;
        let _unfinished = self.album.blobs().begin()?;
        let mut imported = Imported::default();
        let mut files = Vec::new();
        for path in paths {
            collect(path, &mut files, &mut imported.skipped);
        }
        let mut state = Progress {
            total: files.iter().map(|(_, size)| size).sum(),
            ..Progress::default()
        };
        let mut buffer = PartBuffer::default();
        let mut from = Vec::new();
        for (path, _) in files {
            state.file = path.display().to_string();
            progress(&state);
            let mut read = |bytes| {
                state.done += bytes;
                progress(&state);
            };
            match self.import_file(&path, adding, now, &mut buffer, &mut read) {
                Ok((item, known)) => {
                    imported.known += usize::from(known);
                    imported.items.push(item);
                    from.push(path);
                }
                // The disk of this box is not the file's fault: nothing more would go in.
                Err(fault) if fault.is_of_box() => {
                    return Err(fault);
                }
                Err(fault) => imported.skipped.push(Skipped {
                    path,
                    reason: fault.message,
                }),
            }
        }
        self.link_companions(&from, &mut imported.items)?;
        if let Some(name) = &album {
            self.album.commit(|rows| {
                let collection = rows.collection(name, now)?;
                for item in &imported.items {
                    rows.add_to_collection(&collection, item.id)?;
                }
                Ok::<_, Fault>(())
            })?;
        }
        Ok(imported)
    }

    /// Imports one file, or finds the item with the same content; says whether it was known.
    fn import_file(
        &mut self,
        path: &Path,
        adding: &Adding,
        now: Timestamp,
        buffer: &mut PartBuffer,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(OwnItem, bool), Fault> {
        let source = File::open(path).map_err(unreadable)?;
        let named = Named {
            name: path.file_name().unwrap_or_default(),
            source: path.display().to_string(),
        };
        self.take_in(source, named, adding, now, buffer, progress)
    }

    /// Takes in all that `source` yields, or finds the item with the same content; says whether it was known. Of a source
    /// that fails before its end nothing stays.
    pub(in crate::sharing) fn take_in(
        &mut self,
        mut source: impl Read,
        named: Named<'_>,
        adding: &Adding,
        now: Timestamp,
        buffer: &mut PartBuffer,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(OwnItem, bool), Fault> {
        let (look, start) = look_at(&mut source)?;
        let name = clean_name(&named.name.to_string_lossy(), "item");
        refuse_no_picture(&name, &look)?;
        let (blobs, key) = (self.album.blobs(), &self.keys.storage);
        let pixels = look.dimensions.is_some();
        let stored = if pixels {
            // A picture was read whole: what is stored is exactly what was looked at.
            file::store(blobs, key, buffer, &mut start.as_slice(), progress)?
        } else {
            let mut whole = io::Cursor::new(&start).chain(source);
            file::store(blobs, key, buffer, &mut whole, progress)?
        };
        let new = NewItem {
            source: named.source,
            ..new_item(name, &look, &stored, adding)
        };
        self.keep(&new, pixels.then_some(&start), &Origin::Import, now)
    }

    pub(in crate::sharing) fn check_adding(&self, adding: &Adding) -> Result<(), Fault> {
        match &adding.person {
            Some(person) => self.refuse_unknown_person(person),
            None if adding.private => Err(Fault::usage(
                "nobody",
                "say for whom it is private: --as USER",
            )),
            None => Ok(()),
        }
    }
}

/// What was looked at and stored, as an item to be.
pub(super) fn new_item(name: String, look: &Look, stored: &Stored, adding: &Adding) -> NewItem {
    NewItem {
        file: stored.file,
        sha256: stored.sha256,
        size: stored.size,
        kind: look.kind,
        name,
        media_type: look.format.media_type().to_owned(),
        taken: look.taken.clone(),
        dimensions: look.dimensions,
        source: String::new(),
        added_by: adding.person.clone(),
        private: adding.private,
    }
}

/// Looks at a file. Of a picture it reads all, of anything else the first bytes; gives what it read.
pub(in crate::sharing) fn look_at(source: &mut impl Read) -> Result<(Look, Vec<u8>), Fault> {
    let mut bytes = Vec::new();
    let mut first = source.take(rendition::SNIFF_LENGTH as u64);
    first.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.is_empty() {
        return Err(Fault::new("empty", "the file is empty"));
    }
    let format = Format::sniff(&bytes);
    let mut rest = source.take(rendition::MAX_BYTES as u64 + 1 - bytes.len() as u64);
    if !format.decodable() {
        let mut taken = None;
        if format == Format::Heic {
            rest.read_to_end(&mut bytes).map_err(unreadable)?;
            // Its date stands behind the first bytes. What is wrong with it is told by whoever shows it.
            taken = rendition::examine(&bytes)
                .ok()
                .and_then(|facts| facts.taken);
        }
        let look = Look {
            kind: kind_of(format),
            format,
            taken,
            dimensions: None,
        };
        return Ok((look, bytes));
    }
    rest.read_to_end(&mut bytes).map_err(unreadable)?;
    let facts =
        rendition::examine(&bytes).map_err(|broken| Fault::new("broken", broken.to_string()))?;
    let look = Look {
        kind: Kind::Picture,
        format,
        taken: facts.taken,
        dimensions: facts.width.zip(facts.height),
    };
    Ok((look, bytes))
}

/// A file that is a picture by its name and none by what is in it is broken, and does not go in as a document. A film or a
/// sound under such a name is one all the same.
pub(super) fn refuse_no_picture(name: &str, look: &Look) -> Result<(), Fault> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let by_name = PICTURES.iter().any(|one| one.eq_ignore_ascii_case(ending));
    if by_name && matches!(look.kind, Kind::Document | Kind::File) {
        let words =
            "by its name it is a picture, by what is in it none: copy it again from where it came";
        return Err(Fault::new("broken", words));
    }
    Ok(())
}

pub(in crate::sharing) fn unreadable(error: io::Error) -> Fault {
    Fault::new("read", error.to_string())
}

/// What an item is by its format. What is a picture stays one where this version cannot decode it.
fn kind_of(format: Format) -> Kind {
    match format.media_type().split('/').next() {
        Some("image") => Kind::Picture,
        Some("video") => Kind::Video,
        Some("audio") => Kind::Sound,
        Some("text") => Kind::Document,
        _ if format.media_type() == "application/pdf" => Kind::Document,
        _ => Kind::File,
    }
}

/// The files below a path, in order of their names. Links and hidden files inside folders are passed over.
fn collect(path: &Path, files: &mut Vec<(PathBuf, u64)>, skipped: &mut Vec<Skipped>) {
    let mut skip = |reason: String| {
        skipped.push(Skipped {
            path: path.to_owned(),
            reason,
        });
    };
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) => return skip(error.to_string()),
    };
    if about.is_file() {
        return files.push((path.to_owned(), about.len()));
    }
    if !about.is_dir() {
        return skip("neither a file nor a folder".to_owned());
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return skip(error.to_string()),
    };
    let mut below: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            let link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            !hidden && !link
        })
        .map(|entry| entry.path())
        .collect();
    below.sort();
    for path in below {
        collect(&path, files, skipped);
    }
}
