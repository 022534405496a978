//! The outer structure of each file format, walked without decoding a pixel. Every walk is bounded
//! and never panics.

pub(super) mod adts;
pub(super) mod boxes;
pub(super) mod gif;
pub(super) mod heif;
pub(super) mod isobmff;
pub(super) mod jpeg;
pub(super) mod matroska;
pub(super) mod mpegts;
pub(super) mod png;
pub(super) mod tiff;
pub(super) mod webp;

/// What can be wrong with a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It ends before it is complete.
    Truncated,
    /// It contradicts its format; the text names how.
    Malformed(&'static str),
}

/// More pieces than this are an attack on our memory.
pub(super) const MAX_PIECES: usize = 200_000;

/// The big-endian number at `at`, if it lies within.
pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The big-endian number at `at`, if it lies within.
pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The little-endian number at `at`, if it lies within.
pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
