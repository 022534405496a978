//! What a use case could not do: what happened, and what to do, as two texts.

use std::io;
use std::path::Path;

use crate::album::{AlbumError, Trouble};
use crate::convert::ConvertError;
use crate::disk;
use crate::envelope::EnvelopeError;
use crate::message::Refused;

/// The code of a fault that only more room on the disk ends.
pub(super) const FULL: &str = "disk_full";

/// The code of a fault of the disk, which may be that the user has no more room there.
const DISK: &str = "disk";

/// The code of a fault of the store of sealed bytes, which may be over the next time.
pub(super) const STORE: &str = "store";

/// The code of a fault whose cause is that another program holds the album.
pub(crate) const HELD: &str = "held";

/// The code of a fault whose cause is SQLite: the disk, or our bug.
const DATABASE: &str = "database";

/// A use case that ended without its deed. Nothing is half done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// A short stable name, for programs.
    pub code: &'static str,
    /// What happened, in one line.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The caller's words were wrong, rather than the world. They are, too, where they name what is not there.
    pub usage: bool,
}

impl Fault {
    /// The world did not let us.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Fault {
            code,
            message: message.into(),
            hint: None,
            usage: false,
        }
    }

    /// The caller's words were wrong.
    pub fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Fault {
            usage: true,
            ..Fault::new(code, message)
        }
    }

    /// Another program made nothing of the file called `name`.
    pub(super) fn of_conversion(name: &str, error: &ConvertError) -> Self {
        let words = format!("{name}: {error}");
        match error {
            ConvertError::Missing(program) => {
                let hint = format!("apt install {}, or share it whole", program.package());
                Fault::usage("no_program", words).hint(hint)
            }
            ConvertError::Failed(_) => Fault::new("broken", words),
            _ => Fault::new("convert", words),
        }
    }

    /// No more fits on the disk where `what` is to be written.
    pub(super) fn full(what: &str) -> Self {
        let words = format!("the disk is full: {what} cannot be written");
        let hint = "make room on that disk, then do it again; nothing is half done";
        Fault::new(FULL, words).hint(hint)
    }

    /// Whether the disk, or the store in its place, is what stood in the way.
    pub(super) fn is_of_disk(&self) -> bool {
        [FULL, DISK, STORE].contains(&self.code)
    }

    /// Whether this box stood in the way, and not what was taken in hand: nothing else would go better now.
    pub(super) fn is_of_box(&self) -> bool {
        self.is_of_disk() || [HELD, DATABASE].contains(&self.code)
    }

    /// The same but for what the disk does not give, which may be one file of many.
    pub(super) fn is_of_all(&self) -> bool {
        self.is_of_box() && self.code != DISK
    }

    /// What was kept here cannot be read: by the disk's fault, or the store's.
    pub(crate) fn of_reading(error: &io::Error) -> Self {
        let trouble = error.get_ref().and_then(|cause| cause.downcast_ref());
        match trouble {
            Some(trouble) => {
                Fault::of_store(&format!("the store of sealed pictures: {trouble}"), trouble)
            }
            None => Fault::new(DISK, error.to_string()),
        }
    }

    /// Whether it is the store's fault.
    pub(super) fn is_of_store(&self) -> bool {
        self.code == STORE
    }

    /// The same, of something that has a name.
    pub(super) fn about(self, name: &str) -> Self {
        Fault {
            message: format!("{name}: {}", self.message),
            ..self
        }
    }

    fn of_store(words: &str, trouble: &Trouble) -> Self {
        let hint = match trouble {
            Trouble::Unreachable(_) => {
                "try again in a while; nothing is lost, and what came waits in the mailbox"
            }
            Trouble::Missing | Trouble::Refused(_) => {
                "see the section [store] of the settings, and `hearthpost doctor`"
            }
        };
        Fault::new(STORE, words).hint(hint)
    }

    /// What the system says of a file.
    pub(super) fn of_file(code: &'static str, path: &Path, error: &io::Error) -> Self {
        match disk::is_full(error) {
            true => Fault::full(&path.display().to_string()),
            false => Fault::new(code, format!("{}: {error}", path.display())),
        }
    }

    /// What the system says of a file that the caller named to be read: one that is not there is a wrong word.
    pub(super) fn of_named_file(code: &'static str, path: &Path, error: &io::Error) -> Self {
        Fault {
            usage: error.kind() == io::ErrorKind::NotFound,
            ..Fault::of_file(code, path, error)
        }
    }

    /// A folder of households that cannot be read.
    pub fn of_households(folder: &Path, error: &io::Error) -> Self {
        let folder = folder.display();
        let words = format!("the folder of households {folder} cannot be read: {error}");
        Fault::usage("households", words).hint("name the folder that holds their configurations")
    }

    /// With what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<AlbumError> for Fault {
    fn from(error: AlbumError) -> Self {
        let code = match &error {
            AlbumError::Full { what } => return Fault::full(what),
            AlbumError::Open { .. } | AlbumError::Version(_) => "no_album",
            AlbumError::Unwritten(_) => {
                let hint = "make room for this user on that disk, or let them have more of it, then do it again; nothing is \
                    half done";
                return Fault::new(DISK, error.to_string()).hint(hint);
            }
            AlbumError::Damaged { .. } => {
                let hint = "bring back a backup: `hearthpost restore FILE --yes`, which keeps what lies there under another name";
                return Fault::new(DATABASE, error.to_string()).hint(hint);
            }
            AlbumError::BrokenKeys { .. } => {
                let hint = "bring the key file back out of a backup: `hearthpost restore FILE --yes`; nothing was changed, and nothing opens without it";
                return Fault::new("keys", error.to_string()).hint(hint);
            }
            AlbumError::File { .. } => DISK,
            AlbumError::Store { trouble, .. } => {
                return Fault::of_store(&error.to_string(), trouble);
            }
            AlbumError::NoStore => {
                return Fault::usage("config", error.to_string())
                    .hint("name it again in the section [store]; to leave it, restore a backup without that section");
            }
            AlbumError::Held => HELD,
            AlbumError::InHand => "in_hand",
            AlbumError::Database(_) => DATABASE,
            AlbumError::Keys { .. } => "keys",
            AlbumError::Busy
            | AlbumError::KeysInHand
            | AlbumError::CardInHand
            | AlbumError::InUse
            | AlbumError::Replaced => "busy",
        };
        Fault::new(code, error.to_string())
    }
}

impl From<EnvelopeError> for Fault {
    fn from(error: EnvelopeError) -> Self {
        Fault::new("envelope", error.to_string())
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        Fault::new("refused", refused.words)
    }
}

impl From<crate::config::ConfigError> for Fault {
    fn from(error: crate::config::ConfigError) -> Self {
        Fault::usage("config", error.to_string())
    }
}
