//! What may stay in an Exif block as it is: tags for how a picture was taken, by which camera and by whom. All others, those
//! of makers among them, may say where.

use std::ops::Range;

use super::super::container::tiff::Ifd;

/// By their numbers in TIFF 6.0 and Exif 3.0. Not among them: GPS, notes of makers, comments, descriptions, titles, XMP,
/// IPTC, further directories, and room that a program left for itself.
pub(super) fn is_harmless(tag: u16) -> bool {
    // Of the directory for interoperability.
    matches!(tag, 1 | 2 | 0x1000..=0x1002)
        // The first directory.
        || matches!(tag, 254 | 256..=259 | 262 | 266 | 271..=274 | 277..=279 | 282..=284 | 296)
        || matches!(tag, 301 | 305 | 306 | 315 | 318 | 319 | 529..=532 | 33432 | 34665)
        // The second.
        || matches!(tag, 33434 | 33437 | 34850 | 34852 | 34855 | 34856 | 34864..=34869)
        || matches!(tag, 36864 | 36867 | 36868 | 36880..=36882 | 37121 | 37122 | 37377..=37386)
        || matches!(tag, 37396 | 37520..=37522 | 37888..=37893 | 40960..=40963 | 40965 | 41483)
        || matches!(tag, 41486..=41488 | 41492 | 41493 | 41495 | 41728..=41730 | 41985..=41990)
        || matches!(tag, 41991..=41996 | 42016 | 42032..=42037 | 42080..=42082 | 42240)
}

/// Is there a byte that is not zero and to which no tag of these directories refers? Programs that take a position out of
/// the list leave it in the block.
pub(super) fn has_strays(block: &[u8], directories: &[Ifd]) -> bool {
    const HEADER: Range<usize> = 0..8;
    let tables = directories.iter().map(|ifd| ifd.span.clone());
    let entries = directories.iter().flat_map(|ifd| &ifd.entries);
    let values = entries.filter_map(|entry| entry.value.clone());
    let mut named: Vec<Range<usize>> = tables.chain(values).chain([HEADER]).collect();
    named.sort_by_key(|range| range.start);
    let mut from = 0;
    let end = std::iter::once(block.len()..block.len());
    for range in named.into_iter().chain(end) {
        let gap = from..range.start.max(from);
        if block[gap].iter().any(|byte| *byte != 0) {
            return true;
        }
        from = from.max(range.end);
    }
    false
}
