//! The boxes that a file of ISO base media consists of (ISO/IEC 14496-12, 4.2), and what a walk through them finds.

use std::io;
use std::ops::Range;

use super::{Fault, MAX_PIECES, be32};

/// What a walk found.
#[derive(Debug, Default)]
pub(in super::super) struct Survey {
    /// It holds a place, or something of which we cannot tell.
    pub place: bool,
    /// The TIFF structure of its Exif item.
    pub exif: Option<Vec<u8>>,
}

/// A walk that came to no end.
#[derive(Debug)]
pub(in super::super) enum Stopped {
    /// Reading failed.
    Io(io::Error),
    /// The boxes contradict each other.
    Fault(Fault),
}

impl From<io::Error> for Stopped {
    fn from(e: io::Error) -> Self {
        match e.kind() {
            io::ErrorKind::UnexpectedEof => Self::Fault(Fault::Truncated),
            _ => Self::Io(e),
        }
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A box inside another.
pub(in super::super) struct Inner<'a> {
    pub kind: [u8; 4],
    pub body: &'a [u8],
    /// Where it lies, head and body, in what it was found in.
    pub span: Range<usize>,
}

/// The boxes that `bytes` consists of. Four zero bytes may end a QuickTime list.
pub(in super::super) fn boxes(bytes: &[u8]) -> Result<Vec<Inner<'_>>, Fault> {
    let bad = Fault::Malformed("a box reaches beyond the one around it");
    let (mut list, mut at) = (Vec::new(), 0);
    while at < bytes.len() && bytes[at..] != [0; 4] {
        let kind = *bytes
            .get(at + 4..)
            .and_then(|rest| rest.first_chunk())
            .ok_or(bad)?;
        let (header, size) = match be32(bytes, at).ok_or(bad)? as usize {
            0 => (8, bytes.len() - at),
            1 => {
                let large = *bytes
                    .get(at + 8..)
                    .and_then(|rest| rest.first_chunk())
                    .ok_or(bad)?;
                (
                    16,
                    usize::try_from(u64::from_be_bytes(large)).map_err(|_| bad)?,
                )
            }
            size => (8, size),
        };
        let end = at.checked_add(size).filter(|_| size >= header).ok_or(bad)?;
        list.push(Inner {
            kind,
            body: bytes.get(at + header..end).ok_or(bad)?,
            span: at..end,
        });
        at = end;
        if list.len() > MAX_PIECES {
            return Err(Fault::Malformed("it has too many boxes"));
        }
    }
    Ok(list)
}
