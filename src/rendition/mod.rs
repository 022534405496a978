//! Pixels and what is said about them: examine a file that comes in, take the place out of it,
//! render what a station sees.
//!
//! Pure functions on bytes: nothing here opens a file, reads a clock or knows a share. The usual
//! run, for a picture:
//! 1. [`Format::sniff`] names the format by the first bytes; names and claimed media types are not
//!    asked.
//! 2. [`examine`] refuses what is empty, cut short, contradictory or too large, and reads size,
//!    date and orientation.
//! 3. [`clean`] removes the place from the original without touching pixels, or refuses.
//! 4. [`tiers`] decodes once and makes preview and thumb; [`render`] makes what a station's rules
//!    allow.
//!
//! For a sound or a document, [`excerpt`] cuts its beginning.
//!
//! Bounds: a file of at most [`MAX_BYTES`], a picture of at most [`MAX_PIXELS`], and at most
//! [`MAX_MEMORY`] of decoded pixels, computed from the header before anything is allocated.
//! Progressive JPEG and deep colours reach the last one first. A picture that is cut short is an
//! error, never half a picture.

mod clean;
mod clip;
mod colour;
mod container;
mod decode;
mod examine;
mod excerpt;
mod exif;
mod fault;
mod format;
mod loose;
mod place;
mod render;
mod watermark;
mod words;

pub use clean::{Cleaned, clean};
pub use clip::clip_behind;
pub use examine::{Broken, Facts, examine};
pub use excerpt::{ExcerptError, Lengths, MAX_EXCERPT_SOURCE, MAX_PDF, Unit, excerpt};
pub use fault::RenderError;
pub use format::Format;
pub use place::{PlaceError, has_place_reader};
pub use render::{
    PREVIEW_EDGE, RenderLimits, Rendered, THUMB_EDGE, Tiers, fit, render, set_upright, tiers,
};

/// How many bytes from the start of a file [`Format::sniff`] makes use of; fewer are fine when the
/// file is shorter.
pub const SNIFF_LENGTH: usize = 4096;

/// The largest picture we decode, in pixels. Checked before decoding.
pub const MAX_PIXELS: u64 = 200_000_000;

/// The largest picture file we take into memory.
pub const MAX_BYTES: usize = 256 << 20;

/// The largest file that a browser is handed as a picture that moves.
pub const MAX_MOVING: u64 = 16 << 20;

/// The most that pixels may take while one picture is decoded, in bytes; computed before decoding.
pub const MAX_MEMORY: u64 = 1 << 30;
