//! About how much travels, before anything is made: of previews and beginnings nobody knows it exactly then.

use super::order::{Checked, Order};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::rendition::{Lengths, Unit};
use crate::rules::{Kind, PREVIEW_EDGE, Tier};
use crate::sharing::share::outgoing::Outgoing;
use crate::sharing::share::plan::{Planned, rights};

/// What a pixel of a preview takes, as one part of so many of a byte.
const PIXELS_A_BYTE: u64 = 5;
/// What a thumb takes, in bytes.
const THUMB: u64 = 15_000;
/// What a second of a sound, or of a film, takes, in bytes.
const SOUND_SECOND: u64 = 40_000;
const FILM_SECOND: u64 = 1_000_000;
/// What a page and a line take, in bytes.
const PAGE: u64 = 200_000;
const LINE: u64 = 100;

/// Bytes of all that is sent to the households of an order, each part once.
pub(super) fn about(checked: &Checked, order: &Order, now: Timestamp) -> u64 {
    let items = checked.items.iter();
    let planned: Vec<Planned> = items
        .clone()
        .map(|item| Planned {
            id: Id::random(),
            kind: item.kind,
        })
        .collect();
    let known = checked.households.iter().map(|one| &one.stations);
    let unknown = checked.unknown.iter().map(|one| &one.stations);
    let onward = order.onward.as_ref();
    let given = known
        .chain(unknown)
        .filter_map(|stations| rights(stations, onward, &planned, None, now));
    let given: Vec<_> = given.collect();
    let sizes = items.zip(&planned).map(|(item, planned)| {
        let best = given.iter().filter_map(|one| one.tiers.get(&planned.id));
        best.max()
            .map_or(0, |&tier| size(item, tier, &order.excerpt))
    });
    sizes.sum()
}

/// A tier brings those below it.
fn size(item: &Outgoing, tier: Tier, lengths: &Lengths) -> u64 {
    match tier {
        Tier::Original if item.kind == Kind::Picture => {
            item.size + size(item, Tier::Preview, lengths)
        }
        Tier::Original => item.size,
        Tier::Preview if item.kind == Kind::Picture => THUMB + preview(item.dimensions),
        Tier::Preview => beginning(item, lengths),
        Tier::Thumb => THUMB,
        Tier::About => 0,
    }
}

fn preview(dimensions: Option<(u32, u32)>) -> u64 {
    let (width, height) = dimensions.map_or((PREVIEW_EDGE, PREVIEW_EDGE), |(width, height)| {
        (u64::from(width), u64::from(height))
    });
    let long = width.max(height).max(1);
    let edge = |edge: u64| edge * long.min(PREVIEW_EDGE) / long;
    edge(width) * edge(height) / PIXELS_A_BYTE
}

/// Of what is no picture, where somebody gets no more of it.
fn beginning(item: &Outgoing, lengths: &Lengths) -> u64 {
    let Some(unit) = item.format.cut_by() else {
        return 0;
    };
    let each = match (unit, item.kind) {
        (Unit::Seconds, Kind::Video) => FILM_SECOND,
        (Unit::Seconds, _) => SOUND_SECOND,
        (Unit::Pages, _) => PAGE,
        (Unit::Lines, _) => LINE,
    };
    let count = lengths.of(unit).unwrap_or_default();
    item.size.min(u64::from(count) * each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_never_counted_larger_than_its_edge() {
        assert_eq!(preview(Some((4096, 3072))), preview(Some((2048, 1536))));
        assert!(preview(Some((12_000, 9_000))) < 1_000_000);
        assert!(preview(Some((200, 150))) < 10_000);
        assert_eq!(preview(Some((0, 0))), 0);
    }
}
