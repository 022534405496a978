//! Memory cards, cameras and watched folders: which are there, what lies on them, and how it is read. Never written to.
//!
//! 1. [`places`] finds what is mounted, by `/proc/self/mountinfo`; [`cameras`] asks `gphoto2` for those that do not mount.
//! 2. [`Place::files`] lists the files of one: of a card what lies in the folders of cameras, of a watched folder all.
//! 3. [`Place::open`] reads a file, which ends well only when all of it came.
//!
//! What lies there is from outside: links are not followed, nothing is opened that is no file, and the count is bounded.
//! Not here: what is new, and what becomes of it. `sharing` decides that.

mod gphoto;
mod led;
mod list;
mod mounts;
mod source;

use std::io;
use std::path::{Path, PathBuf};

pub use gphoto::{cameras, find as find_gphoto};
pub use led::{Led, put_out};
pub use source::Source;

/// So many files are listed of one place.
pub const MAX_FILES: usize = 100_000;

/// Somewhere files may be brought in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Names it also the next time: the volume's id, or the folder, or the camera's model.
    pub id: String,
    /// What people call it.
    pub label: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// A mounted card; its device as `8:17`, where it is known.
    Card {
        root: PathBuf,
        device: Option<String>,
    },
    /// A folder of which everything counts.
    Folder { root: PathBuf },
    /// Read through `gphoto2`.
    Camera { model: String, port: String },
}

/// A file at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it lies, below the place.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// When it was written, in seconds, as the place says.
    pub changed: i64,
}

/// Why a place was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// The place, or a file of it.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// More than is listed.
    #[error("there are more than {MAX_FILES} files")]
    TooMany,
    /// `gphoto2` gave up.
    #[error("gphoto2: {0}")]
    Camera(io::Error),
}

impl Place {
    /// A folder of which everything is brought in.
    pub fn watched(root: &Path) -> Self {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        Place {
            id: root.display().to_string(),
            label: name_of(&root),
            kind: Kind::Folder { root },
        }
    }

    /// Whether it goes by that name: its id, its label, or the folder where it is mounted.
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name || self.label == name || self.root() == Some(Path::new(name))
    }

    /// Where it lies, unless it is a camera.
    pub fn root(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Card { root, .. } | Kind::Folder { root } => Some(root),
            Kind::Camera { .. } => None,
        }
    }

    /// Everything that may be brought in, in order of the paths.
    pub fn files(&self) -> Result<Vec<Found>, CardError> {
        match &self.kind {
            Kind::Card { root, .. } => list::card(root),
            Kind::Folder { root } => list::folder(root),
            Kind::Camera { model, port } => gphoto::files(model, port),
        }
    }

    /// Opens a file.
    pub fn open(&self, file: &Found) -> Result<Source, CardError> {
        match &self.kind {
            Kind::Card { root, .. } | Kind::Folder { root } => Source::of_file(root, file),
            Kind::Camera { model, port } => gphoto::open(model, port, file),
        }
    }

    /// Whether it is there still, as far as that can be told without reading a file.
    pub fn is_there(&self) -> bool {
        match &self.kind {
            Kind::Card { root, device } => {
                let plugged = |device: &String| Path::new("/sys/dev/block").join(device).exists();
                device.as_ref().is_none_or(plugged) && !list::card_folders(root).is_empty()
            }
            Kind::Folder { root } => root.is_dir(),
            Kind::Camera { port, .. } => gphoto::is_there(port),
        }
    }
}

/// What is mounted and holds the folders of cameras, and the watched folders. `cards`: where else cards are mounted.
pub fn places(cards: &[PathBuf], watch: &[PathBuf]) -> Vec<Place> {
    let mut places = mounts::mounted();
    for folder in cards {
        places.extend(mounts::below(folder));
    }
    places.extend(watch.iter().map(|folder| Place::watched(folder)));
    let mut once: Vec<Place> = Vec::new();
    for place in places {
        let same = |other: &Place| other.root() == place.root() || other.id == place.id;
        if !once.iter().any(same) {
            once.push(place);
        }
    }
    once
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
