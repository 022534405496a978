//! What is about to be shared: an item of the album, or a file that is read from where it lies and kept nowhere else.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::plan::{Form, Shown, wants_pixels};
use crate::album::{Blobs, OwnItem};
use crate::convert::{Input, MAX_INPUT, Program};
use crate::envelope::{Id, StorageKey};
use crate::rendition::{self, Format, Lengths};
use crate::rules::{Kind, Rules};
use crate::sharing::Fault;
use crate::sharing::listing::side_by_side::side_by_side;
use crate::sharing::own::file::{OwnFile, Within};
use crate::sharing::own::import::look_at;
use crate::sharing::words::clean_name;

/// One thing to be shared.
#[derive(Debug, Clone)]
pub(in crate::sharing) struct Outgoing {
    pub name: String,
    pub kind: Kind,
    /// By our own look at it.
    pub format: Format,
    /// What people wrote to it.
    pub caption: Option<String>,
    pub taken: Option<String>,
    /// Pixels as seen; known exactly for the pictures that are decoded here.
    pub dimensions: Option<(u32, u32)>,
    pub size: u64,
    /// Another program makes a JPEG of it, which is what goes.
    pub remade: bool,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Own(Box<OwnItem>),
    File(PathBuf),
    /// The film inside the file of a picture, from that byte on.
    Clip(Box<Source>, u64),
}

/// Its bytes.
pub(in crate::sharing) enum Reader {
    Own(OwnFile),
    File(File),
    Clip(Box<Within<Reader>>),
}

impl Outgoing {
    /// An item of the album.
    pub fn of_item(item: OwnItem) -> Self {
        Outgoing {
            name: item.name.clone(),
            kind: item.kind,
            format: Format::of_media_type(&item.media_type),
            caption: Some(item.caption.clone()).filter(|caption| !caption.is_empty()),
            taken: item.taken.clone(),
            dimensions: item.width.zip(item.height),
            size: item.size,
            remade: false,
            source: Source::Own(Box::new(item)),
        }
        .or_document()
    }

    /// A picture of a telephone that no program here turns into one that can be shown is a document like any other.
    fn or_document(mut self) -> Self {
        if self.format == Format::Heic && self.shown() == Shown::Whole {
            self.kind = Kind::Document;
        }
        self
    }

    /// A picture of a telephone becomes a JPEG, in full, where the rules of all who get it want that.
    pub fn remade_for<'r>(&mut self, rules: impl Iterator<Item = &'r Rules> + Clone) {
        if self.shown() == Shown::Converted && wants_pixels(rules) {
            self.format = Format::Jpeg;
            self.remade = true;
        }
    }

    /// A file; a broken one is refused.
    pub fn of_file(path: &Path) -> Result<Self, Fault> {
        let named = |fault: Fault| Fault {
            message: format!("{}: {}", path.display(), fault.message),
            ..fault
        };
        let unreadable = |error: io::Error| named(Fault::new("read", error.to_string()));
        // Before it is opened: a pipe would wait for its writer.
        let about = path.metadata().map_err(unreadable)?;
        if !about.is_file() {
            let fault = Fault::usage("folder", "not a file; import a folder first");
            return Err(named(fault));
        }
        let mut file = File::open(path).map_err(unreadable)?;
        let (look, _) = look_at(&mut file).map_err(named)?;
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(Outgoing {
            name: clean_name(&name.unwrap_or_default(), "item"),
            kind: look.kind,
            format: look.format,
            caption: None,
            taken: look.taken,
            dimensions: look.dimensions,
            size: about.len(),
            remade: false,
            source: Source::File(path.to_owned()),
        }
        .or_document())
    }

    /// The film inside the file of a picture, if there is one: it belongs to it.
    pub fn clip(&self, blobs: &Blobs, storage: &StorageKey) -> Result<Option<Self>, Fault> {
        let may = self.format == Format::Jpeg || self.format.boxed_picture();
        if !may || self.size > rendition::MAX_BYTES as u64 {
            return Ok(None);
        }
        let bytes = self.read_all(blobs, storage)?;
        let Some(at) = rendition::clip_behind(&bytes) else {
            return Ok(None);
        };
        let film = &bytes[at.clone()];
        let format = Format::sniff(&film[..film.len().min(rendition::SNIFF_LENGTH)]);
        let ending = match format {
            Format::Mp4 => "mp4",
            Format::Mov => "mov",
            _ => return Ok(None),
        };
        Ok(Some(Outgoing {
            name: named_as(&self.name, ending),
            kind: Kind::Video,
            format,
            caption: None,
            taken: self.taken.clone(),
            dimensions: None,
            size: film.len() as u64,
            remade: false,
            source: Source::Clip(Box::new(self.source.clone()), at.start as u64),
        }))
    }

    /// What it is called where it goes.
    pub fn name_there(&self) -> String {
        match self.remade {
            true => named_as(&self.name, "jpg"),
            false => self.name.clone(),
        }
    }

    /// The row of the album item it is.
    pub fn own(&self) -> Option<i64> {
        match &self.source {
            Source::Own(item) => Some(item.id),
            Source::File(_) | Source::Clip(..) => None,
        }
    }

    /// The sealed file of the album item it is.
    pub fn file(&self) -> Option<Id> {
        match &self.source {
            Source::Own(item) => Some(item.file),
            Source::File(_) | Source::Clip(..) => None,
        }
    }

    /// Whether it is the same thing.
    pub fn is(&self, other: &Outgoing) -> bool {
        self.source.is(&other.source)
    }

    /// Whether it belongs to that picture.
    pub fn goes_with(&self, picture: &Outgoing) -> bool {
        match &self.source {
            Source::Own(item) => item.goes_with.is_some() && item.goes_with == picture.own(),
            Source::Clip(within, _) => within.is(&picture.source),
            Source::File(_) => false,
        }
    }

    /// As far as it decides which rules can be carried out.
    pub fn form<'a>(&'a self, lengths: &'a Lengths) -> Form<'a> {
        Form {
            name: &self.name,
            kind: self.kind,
            format: self.format,
            shown: self.shown(),
            lengths,
            uncut: self.uncut(),
        }
    }

    /// The most of which an excerpt is cut, in bytes, where this has more.
    fn uncut(&self) -> Option<u64> {
        let lies_open = matches!(self.source, Source::File(_));
        most_to_cut(self.format, lies_open).filter(|most| self.size > *most)
    }

    /// Whether it has a preview and can be limited.
    pub fn shown(&self) -> Shown {
        if self.remade || self.dimensions.is_some() {
            Shown::Decoded
        } else if self.format == Format::Heic && Program::HeifConvert.is_here() {
            Shown::Converted
        } else {
            Shown::Whole
        }
    }

    /// Its bytes for another program. What lies open on the disk is read from there, what lies sealed is opened in memory.
    pub fn input(&self, blobs: &Blobs, storage: &StorageKey) -> Result<Input, Fault> {
        match self.open(blobs, storage)? {
            Reader::File(file) => Ok(Input::of_file(file)),
            mut own => {
                Input::in_memory(&mut own).map_err(|error| Fault::of_conversion(&self.name, &error))
            }
        }
    }

    /// Opens its bytes.
    pub fn open(&self, blobs: &Blobs, storage: &StorageKey) -> Result<Reader, Fault> {
        self.source.open(self.size, blobs, storage)
    }

    /// All its bytes, for what must be looked at whole.
    pub fn read_all(
        &self,
        blobs: &Blobs,
        storage: &StorageKey,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.size as usize + 1));
        let mut reader = self.open(blobs, storage)?;
        let read = reader.read_to_end(&mut bytes);
        read.map_err(|error| match Fault::of_reading(&error) {
            fault if fault.is_of_store() => fault.about(&self.name),
            _ => Fault::new("read", format!("{}: {error}", self.name)),
        })?;
        Ok(bytes)
    }
}

/// Whether it takes `ffmpeg` to cut an excerpt of such a file.
pub(super) fn is_cut_by_program(format: Format) -> bool {
    matches!(
        format,
        Format::Mp4 | Format::Mov | Format::M4a | Format::Matroska | Format::Avi | Format::MpegTs
    )
}

/// The most bytes of such a file of which an excerpt is cut; `None`: it may be as large as it wants. `lies_open`: another
/// program reads it from the disk.
fn most_to_cut(format: Format, lies_open: bool) -> Option<u64> {
    match format {
        format if is_cut_by_program(format) && !lies_open => Some(MAX_INPUT),
        Format::Pdf => Some(rendition::MAX_PDF as u64),
        _ => None,
    }
}

/// What belongs to a picture behind that picture.
pub(super) fn beside_their_pictures(items: Vec<Outgoing>) -> Vec<Outgoing> {
    let with = |item: &Outgoing| items.iter().position(|other| item.goes_with(other));
    let with: Vec<Option<usize>> = items.iter().map(with).collect();
    let numbered: Vec<_> = items.into_iter().zip(with).enumerate().collect();
    let ordered = side_by_side(numbered, |(at, _)| *at, |(_, (_, with))| *with);
    ordered.into_iter().map(|(_, (item, _))| item).collect()
}

/// The name of a file with another ending.
fn named_as(name: &str, ending: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.{ending}")
}

impl Source {
    fn is(&self, other: &Source) -> bool {
        match (self, other) {
            (Source::Own(a), Source::Own(b)) => a.id == b.id,
            (Source::File(a), Source::File(b)) => a == b,
            (Source::Clip(a, at), Source::Clip(b, other)) => a.is(b) && at == other,
            _ => false,
        }
    }

    /// Its bytes, of which there are `size`.
    fn open(&self, size: u64, blobs: &Blobs, storage: &StorageKey) -> Result<Reader, Fault> {
        match self {
            Source::Own(item) => Ok(Reader::Own(OwnFile::open(blobs, storage, item)?)),
            Source::Clip(within, start) => {
                let file = within.open(size, blobs, storage)?;
                Ok(Reader::Clip(Box::new(Within::of(file, *start, size))))
            }
            Source::File(path) => File::open(path)
                .map(Reader::File)
                .map_err(|error| Fault::new("read", format!("{}: {error}", path.display()))),
        }
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Reader::Own(file) => file.read(out),
            Reader::File(file) => file.read(out),
            Reader::Clip(clip) => clip.read(out),
        }
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Reader::Own(file) => file.seek(to),
            Reader::File(file) => file.seek(to),
            Reader::Clip(clip) => clip.seek(to),
        }
    }
}
