//! A message of parts as it goes out: the frame from its row, the parts from their blobs, never held as a whole.

use std::io::{self, Read};

use crate::album::{Blobs, PartReader};
use crate::encoding::{base64_body, encoded_body_len};
use crate::message::parts::{PartsMessage, Segment};

/// How much of a part is encoded at once: whole base64 lines.
const PIECE: usize = 57 * 1_150;

/// The bytes of a message of parts, made as they are sent.
pub(super) struct Streamed {
    segments: std::vec::IntoIter<Segment>,
    blobs: Blobs,
    part: Option<(PartReader, u64)>,
    plain: Vec<u8>,
}

impl Streamed {
    pub fn new(message: &PartsMessage, blobs: Blobs) -> Self {
        Streamed {
            segments: message.segments().collect::<Vec<_>>().into_iter(),
            blobs,
            part: None,
            plain: vec![0; PIECE],
        }
    }

    fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some((file, left)) = &mut self.part {
            let len = (*left).min(PIECE as u64) as usize;
            file.read_exact(&mut self.plain[..len])?;
            *left -= len as u64;
            if *left == 0 {
                self.part = None;
            }
            let mut encoded = Vec::with_capacity(encoded_body_len(len as u64) as usize);
            base64_body(&self.plain[..len], &mut encoded);
            return Ok(Some(encoded));
        }
        match self.segments.next() {
            None => Ok(None),
            Some(Segment::Text(text)) => Ok(Some(text.into_bytes())),
            Some(Segment::Part(digest)) => {
                let (file, len) = self
                    .blobs
                    .open_part(digest)
                    .map_err(|e| io::Error::other(e.to_string()))?;
                self.part = Some((file, len));
                self.piece()
            }
        }
    }
}

impl Iterator for Streamed {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.piece().transpose()
    }
}
