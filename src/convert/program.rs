//! Which programs there are, how far each may go, and why one made nothing.

use std::io;
use std::path::PathBuf;

/// The largest file that is taken into memory for another program, in bytes.
pub const MAX_INPUT: u64 = 1 << 30;
/// The most that a program may write, in bytes.
pub const MAX_OUTPUT: u64 = 256 << 20;
/// How long a program may take, in seconds.
pub const MAX_SECONDS: u64 = 120;

/// A program that we know how to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Films, and sound inside MP4.
    Ffmpeg,
    /// HEIC pictures.
    HeifConvert,
}

impl Program {
    /// All of them.
    pub const ALL: [Program; 2] = [Program::Ffmpeg, Program::HeifConvert];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Program::Ffmpeg => "ffmpeg",
            Program::HeifConvert => "heif-convert",
        }
    }

    /// The package of Debian in which it is.
    pub fn package(self) -> &'static str {
        match self {
            Program::Ffmpeg => "ffmpeg",
            Program::HeifConvert => "libheif-examples",
        }
    }

    /// Where it is installed, if it is.
    pub fn find(self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        // What lies in the folder where somebody happens to be is not installed.
        let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let mut places = folders.map(|folder| folder.join(self.name()));
        places.find(|place| place.is_file())
    }

    /// Whether it is installed.
    pub fn is_here(self) -> bool {
        self.find().is_some()
    }
}

/// Why a program made nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// It is not installed.
    #[error("{} is not installed on this box", .0.name())]
    Missing(Program),
    /// It gave up. Its own words are for who develops it.
    #[error("the file is damaged, or something is in it that {} cannot read: open and save it again with another program", .0.name())]
    Failed(Program),
    /// It was ended before it was done: by whoever ends us, by the system for want of memory, or by its own fault.
    #[error("{} was ended before it was done ({words})", .program.name())]
    Ended {
        /// Which.
        program: Program,
        /// How.
        words: String,
    },
    /// It was stopped.
    #[error("{} took longer than {MAX_SECONDS} seconds and was stopped", .0.name())]
    TooSlow(Program),
    /// The input is too large to be held in memory.
    #[error("it is larger than {} MiB, the most that is given to another program", MAX_INPUT >> 20)]
    TooLarge,
    /// No memory, no process.
    #[error("another program could not be asked: {0}")]
    Io(#[from] io::Error),
}

impl ConvertError {
    /// Whether it is what was to be read, of which nothing is made another time either.
    pub fn is_of_input(&self) -> bool {
        matches!(self, ConvertError::Failed(_) | ConvertError::TooLarge)
    }
}
