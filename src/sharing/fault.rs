//! What a use case could not do: what happened, and what to do, as two texts.

use crate::album::AlbumError;
use crate::envelope::EnvelopeError;
use crate::message::Refused;

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
    /// The caller's words were wrong, rather than the world.
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

    /// With what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<AlbumError> for Fault {
    fn from(error: AlbumError) -> Self {
        let code = match error {
            AlbumError::Open { .. } | AlbumError::Version(_) => "no_album",
            AlbumError::File { .. } => "disk",
            AlbumError::Database(_) => "database",
            AlbumError::Keys { .. } => "keys",
            AlbumError::Busy | AlbumError::InUse | AlbumError::Replaced => "busy",
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
