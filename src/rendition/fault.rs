//! Why there is no rendition, in words for whoever looks.

use super::Format;
use super::examine::Broken;

/// Why there is no rendition.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A format that we do not decode.
    #[error(
        "{format} files are not shown here: offer the file for download, or ask for it as JPEG"
    )]
    NotAPicture {
        /// Its format.
        format: Format,
    },
    /// Refused before decoding.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// Decoding would take more than [`MAX_MEMORY`](super::MAX_MEMORY).
    #[error("decoding this picture would take {} MiB, more than 1 GiB: save it smaller, or not progressive", .bytes >> 20)]
    TooMuchMemory {
        /// As computed from its header.
        bytes: u64,
    },
    /// The decoder gave up: what lies between header and end is damaged.
    #[error("this {format} file is damaged inside ({cause}): copy it again from where it came")]
    Damaged {
        /// Its format.
        format: Format,
        /// The decoder's words.
        cause: String,
    },
    /// The result could not be written: our bug, or no memory left.
    #[error("the rendition could not be written ({cause}): please report this")]
    Encode {
        /// The encoder's words.
        cause: String,
    },
}
