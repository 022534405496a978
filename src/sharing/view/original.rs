//! An original as it came, opened part after part: one of them in memory at a time.

use zeroize::Zeroizing;

use super::super::Fault;
use crate::album::{Blobs, PartRow};
use crate::envelope::{Digest, ItemKey, open_part};

/// The content of one tier, from its sealed parts. Stands alone: a slow reader keeps no album open.
pub struct Original {
    blobs: Blobs,
    key: ItemKey,
    parts: Vec<PartRow>,
    /// The next part.
    next: usize,
    /// So much of its content is passed over.
    skip: usize,
    /// How long the content of each part is, once somebody wanted to know.
    lengths: Vec<u64>,
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
            lengths: Vec::new(),
            der: Zeroizing::new(Vec::new()),
        }
    }

    /// How many bytes all parts have as they lie: somewhat more than their content.
    pub fn sealed_size(&self) -> u64 {
        self.parts.iter().map(|part| part.len).sum()
    }

    /// How many bytes the content has. Every part is opened for it once, for only then is it known.
    pub fn size(&mut self) -> Result<u64, Fault> {
        while let Some(part) = self.parts.get(self.lengths.len()) {
            let digest = part.digest;
            let length = self.open(digest)?.len() as u64;
            self.lengths.push(length);
        }
        Ok(self.lengths.iter().sum())
    }

    /// Goes on from byte `at` of the content, or from its end where that lies before.
    pub fn go_to(&mut self, at: u64) -> Result<(), Fault> {
        self.size()?;
        let mut before = at;
        self.next = 0;
        for length in &self.lengths {
            if before < *length {
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
        let Some(part) = self.parts.get(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        let (digest, skip) = (part.digest, std::mem::take(&mut self.skip));
        let content = self.open(digest)?;
        Ok(Some(content.get(skip..).unwrap_or_default()))
    }

    fn open(&mut self, digest: Digest) -> Result<&[u8], Fault> {
        self.der = Zeroizing::new(self.blobs.read_part(digest)?);
        let content = open_part(&mut self.der, &self.key).map_err(|error| {
            let name = digest.short();
            Fault::new(
                "disk",
                format!("a stored part is damaged ({name}): {error}"),
            )
        })?;
        Ok(content)
    }
}
