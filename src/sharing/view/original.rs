//! An original as it came, opened part after part: one of them in memory at a time. How long each is shows from outside, so
//! that any piece can be had without opening what lies before it.

use std::ops::Range;

use zeroize::Zeroizing;

use super::super::Fault;
use crate::album::{Blobs, PartRow};
use crate::envelope::{Digest, ItemKey, content_len, open_part, part_content};

/// The content of one tier, from its sealed parts. Stands alone: a slow reader keeps no album open.
pub struct Original {
    blobs: Blobs,
    key: ItemKey,
    parts: Vec<PartRow>,
    /// The next part.
    next: usize,
    /// So much of its content is passed over.
    skip: usize,
    /// The part that is open, and where its content lies in `der`.
    open: Option<(usize, Range<usize>)>,
    der: Zeroizing<Vec<u8>>,
}

impl Original {
    pub(super) fn new(blobs: Blobs, key: ItemKey, parts: Vec<PartRow>) -> Self {
        Original {
            blobs,
            key,
            parts,
            next: 0,
            skip: 0,
            open: None,
            der: Zeroizing::new(Vec::new()),
        }
    }

    /// How many bytes all parts have as they lie: somewhat more than their content.
    pub fn sealed_size(&self) -> u64 {
        self.parts.iter().map(|part| part.len).sum()
    }

    /// How many bytes the content has.
    pub fn size(&self) -> Result<u64, Fault> {
        self.parts.iter().map(length).sum()
    }

    /// Goes on from byte `at` of the content, or from its end where that lies before.
    pub fn go_to(&mut self, at: u64) -> Result<(), Fault> {
        let mut before = at;
        self.next = 0;
        for part in &self.parts {
            let length = length(part)?;
            if before < length {
                break;
            }
            before -= length;
            self.next += 1;
        }
        self.skip = usize::try_from(before).unwrap_or(usize::MAX);
        Ok(())
    }

    /// The content of the next part, at most 4 MiB; `None` after the last.
    pub fn next_part(&mut self) -> Result<Option<&[u8]>, Fault> {
        if self.next >= self.parts.len() {
            return Ok(None);
        }
        let (at, skip) = (self.next, std::mem::take(&mut self.skip));
        self.next += 1;
        let content = self.open(at)?;
        Ok(Some(content.get(skip..).unwrap_or_default()))
    }

    /// The content of that part, which is there.
    fn open(&mut self, at: usize) -> Result<&[u8], Fault> {
        let content = match self.open.take() {
            Some((open, content)) if open == at => content,
            _ => {
                let digest = self.parts[at].digest;
                self.der = Zeroizing::new(self.blobs.read_part(digest)?);
                let opened = open_part(&mut self.der, &self.key);
                let len = opened.map_err(|error| damaged(digest, &error))?.len();
                part_content(&self.der, len)
            }
        };
        self.open = Some((at, content.clone()));
        Ok(&self.der[content])
    }
}

/// How many bytes the content of a part has. Its form leaves no choice, and no part is taken that is longer or shorter than
/// was declared.
fn length(part: &PartRow) -> Result<u64, Fault> {
    let len = usize::try_from(part.len).ok().and_then(content_len);
    let len = len.ok_or_else(|| damaged(part.digest, &"no part has that length"))?;
    Ok(len as u64)
}

fn damaged(digest: Digest, error: &dyn std::fmt::Display) -> Fault {
    let name = digest.short();
    Fault::new(
        "disk",
        format!("a stored part is damaged ({name}): {error}"),
    )
}
