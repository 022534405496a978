//! TIFF: tags are removed where they stand, and every byte that no kept tag refers to becomes zero.
//! Offsets stay, so pixels stay.
//!
//! 1 walk all directories and mark what is kept. 2 nothing to remove: unchanged. 3 write the
//! directories anew in their old places. 4 zero whatever is not marked, which is what the removed
//! tags pointed to, whatever it was.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::container::tiff::{Entry, Tiff, tag};
use super::super::container::{Fault, MAX_PIECES};
use super::Cleaned;

const MAX_DIRECTORIES: usize = 1_000;
const OLD_JPEG: usize = 6;

/// Tags without which the picture would not be the same, its date, camera and author (TIFF 6.0 and
/// its supplements).
fn kept(tag: u16, in_exif: bool) -> bool {
    if in_exif {
        return matches!(
            tag,
            tag::EXIF_VERSION
                | tag::DATE_TIME_ORIGINAL
                | tag::DATE_TIME_DIGITIZED
                | tag::OFFSET_TIME
                | tag::OFFSET_TIME_ORIGINAL
                | tag::OFFSET_TIME_DIGITIZED
        );
    }
    matches!(tag, 254..=259 | 262..=266 | 271..=284 | 290..=293 | 296 | 297 | 301 | 305 | 306)
        || matches!(tag, 315 | 317..=325 | 330 | 332..=334 | 336..=343 | 347 | 512..=521)
        || matches!(tag, 529..=532 | 32995..=32998 | 33421 | 33422 | 33432 | 34665 | 34675 | 50674)
}

/// A directory, what is kept of it, and what it is.
struct Plan {
    span: Range<usize>,
    entries: Vec<Entry>,
    removed: bool,
}

/// None: what is to be removed cannot be, because pixels may lie where no tag tells.
pub(super) fn clean(bytes: &[u8]) -> Result<Option<Cleaned>, Fault> {
    let tiff = Tiff::parse(bytes)?;
    let header = 0..8;
    let mut walk = Walk {
        tiff,
        plans: Vec::new(),
        marked: vec![header],
        seen: BTreeSet::new(),
        opaque: false,
        tags: 0,
    };
    let mut at = tiff.first;
    while at != 0 {
        at = walk.directory(at, false)?.next;
    }
    if !walk.plans.iter().any(|plan| plan.removed) {
        return Ok(Some(Cleaned::Unchanged));
    }
    if walk.opaque {
        return Ok(None);
    }
    walk.check_overlap()?;
    Ok(Some(Cleaned::Changed(walk.write())))
}

struct Walk<'a> {
    tiff: Tiff<'a>,
    plans: Vec<Plan>,
    /// What keeps its bytes.
    marked: Vec<Range<usize>>,
    seen: BTreeSet<usize>,
    /// Pixels lie at places of no stated length.
    opaque: bool,
    /// How many tags were read: directories may lie in one another.
    tags: usize,
}

/// What the caller must know of a directory that was walked.
struct Walked {
    next: usize,
    empty: bool,
}

impl Walk<'_> {
    fn directory(&mut self, at: usize, in_exif: bool) -> Result<Walked, Fault> {
        let too_many = Fault::Malformed("its directories go round in a circle or are too many");
        if !self.seen.insert(at) || self.seen.len() > MAX_DIRECTORIES {
            return Err(too_many);
        }
        let ifd = self.tiff.ifd(at)?;
        self.tags += ifd.entries.len();
        if self.tags > MAX_PIECES || self.marked.len() > 2 * MAX_PIECES {
            return Err(too_many);
        }
        let before = ifd.entries.len();
        let mut entries = Vec::new();
        for entry in ifd.entries {
            if kept(entry.tag, in_exif) && self.entry(&entry)? {
                entries.push(entry);
            }
        }
        let plan = Plan {
            span: ifd.span,
            removed: entries.len() < before,
            entries,
        };
        let walked = Walked {
            next: ifd.next,
            empty: plan.entries.is_empty(),
        };
        if !in_exif {
            self.pixels(&plan)?;
        }
        if !(in_exif && walked.empty) {
            self.plans.push(plan);
        }
        Ok(walked)
    }

    /// Marks what an entry refers to; false when it is to go after all.
    fn entry(&mut self, entry: &Entry) -> Result<bool, Fault> {
        let value = entry
            .value
            .clone()
            .ok_or(Fault::Malformed("a value lies beyond the end of the file"))?;
        match entry.tag {
            tag::EXIF => {
                let at = self.tiff.numbers(entry, 1).and_then(|n| n.first().copied());
                let at = at.ok_or(Fault::Malformed("its Exif directory has no offset"))?;
                // A directory without a date goes as a whole.
                return Ok(!self.directory(at, true)?.empty);
            }
            tag::SUB_IFDS => {
                for at in self
                    .tiff
                    .numbers(entry, MAX_DIRECTORIES)
                    .ok_or(Fault::Malformed("it has too many directories"))?
                {
                    self.directory(at, false)?;
                }
            }
            _ => {}
        }
        // A short value lies in its entry, which the directory keeps.
        if value.start != entry.at + 8 {
            self.marked.push(value);
        }
        Ok(true)
    }

    /// Marks strips, tiles and the like.
    fn pixels(&mut self, plan: &Plan) -> Result<(), Fault> {
        let find = |wanted| plan.entries.iter().find(|entry| entry.tag == wanted);
        let old_jpeg = find(tag::COMPRESSION)
            .and_then(|e| self.tiff.numbers(e, 1))
            .is_some_and(|n| n.first() == Some(&OLD_JPEG));
        self.opaque |= old_jpeg;
        for (offsets, counts) in [
            (tag::STRIP_OFFSETS, tag::STRIP_COUNTS),
            (tag::TILE_OFFSETS, tag::TILE_COUNTS),
            (tag::THUMBNAIL, tag::THUMBNAIL_COUNT),
        ] {
            let Some(offsets) = find(offsets) else {
                continue;
            };
            let Some(counts) = find(counts) else {
                self.opaque = true;
                continue;
            };
            let list = |entry| {
                self.tiff
                    .numbers(entry, MAX_PIECES)
                    .ok_or(Fault::Malformed("a list of offsets makes no sense"))
            };
            let (offsets, counts) = (list(offsets)?, list(counts)?);
            if offsets.len() != counts.len() {
                return Err(Fault::Malformed(
                    "a list of offsets and its list of lengths differ",
                ));
            }
            for (at, length) in offsets.into_iter().zip(counts) {
                let end = at
                    .checked_add(length)
                    .filter(|end| *end <= self.tiff.bytes.len())
                    .ok_or(Fault::Truncated)?;
                self.marked.push(at..end);
            }
        }
        Ok(())
    }

    /// A directory that shares bytes with another, with a value or with pixels cannot be rewritten
    /// without changing them.
    fn check_overlap(&self) -> Result<(), Fault> {
        let tables = self.plans.iter().map(|plan| (plan.span.clone(), true));
        let others = self.marked.iter().map(|range| (range.clone(), false));
        let mut all: Vec<_> = tables
            .chain(others)
            .filter(|(range, _)| !range.is_empty())
            .collect();
        all.sort_by_key(|(range, _)| range.start);
        let (mut behind_tables, mut behind_all) = (0, 0);
        for (range, table) in all {
            if range.start < if table { behind_all } else { behind_tables } {
                return Err(Fault::Malformed(
                    "a directory shares its bytes with something else",
                ));
            }
            behind_all = behind_all.max(range.end);
            if table {
                behind_tables = range.end;
            }
        }
        Ok(())
    }

    fn write(mut self) -> Vec<u8> {
        let old = self.tiff.bytes;
        let mut out = vec![0; old.len()];
        self.marked.sort_by_key(|range| range.start);
        let mut done = 0;
        for range in self.marked {
            // Pieces may overlap, as many times as a hostile file likes: each byte is copied once.
            let start = range.start.max(done);
            if start < range.end {
                out[start..range.end].copy_from_slice(&old[start..range.end]);
                done = range.end;
            }
        }
        for plan in &self.plans {
            let start = plan.span.start;
            let count = u16::try_from(plan.entries.len())
                .expect("it had no more entries than a 16-bit count");
            out[start..start + 2].copy_from_slice(&self.tiff.order16(count));
            let mut at = start + 2;
            for entry in &plan.entries {
                out[at..at + 12].copy_from_slice(&old[entry.at..entry.at + 12]);
                at += 12;
            }
            // The pointer to the next directory moves up with the entries.
            out[at..at + 4].copy_from_slice(&old[plan.span.end - 4..plan.span.end]);
        }
        out
    }
}
