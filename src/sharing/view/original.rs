//! An original as it came, opened part after part: one of them in memory at a time.

use zeroize::Zeroizing;

use super::super::Fault;
use crate::album::{Blobs, PartRow};
use crate::envelope::{ItemKey, open_part};

/// The content of one tier, from its sealed parts. Stands alone: a slow reader keeps no album open.
pub struct Original {
    blobs: Blobs,
    key: ItemKey,
    parts: std::vec::IntoIter<PartRow>,
    sealed: u64,
    der: Zeroizing<Vec<u8>>,
}

impl Original {
    pub(super) fn new(blobs: Blobs, key: ItemKey, parts: Vec<PartRow>) -> Self {
        Original {
            blobs,
            key,
            sealed: parts.iter().map(|part| part.len).sum(),
            parts: parts.into_iter(),
            der: Zeroizing::new(Vec::new()),
        }
    }

    /// How many bytes all parts have as they lie: somewhat more than their content.
    pub fn sealed_size(&self) -> u64 {
        self.sealed
    }

    /// The content of the next part, at most 4 MiB; `None` after the last.
    pub fn next_part(&mut self) -> Result<Option<&[u8]>, Fault> {
        let Some(part) = self.parts.next() else {
            return Ok(None);
        };
        self.der = Zeroizing::new(self.blobs.read_part(part.digest)?);
        let content = open_part(&mut self.der, &self.key).map_err(|error| {
            let name = part.digest.short();
            Fault::new(
                "disk",
                format!("a stored part is damaged ({name}): {error}"),
            )
        })?;
        Ok(Some(content))
    }
}
