//! What somebody may have meant who wrote an unknown key.

use super::keys::KEYS;

/// The known key or section that `wrong` most looks like, if any does.
pub(super) fn nearest(wrong: &str) -> Option<String> {
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
    let likeness = |known: &str| {
        // The right key in the wrong section counts, but less than the right section.
        let same_name = if last(known) == last(wrong) { 0.7 } else { 0.0 };
        let cut_short = if known.starts_with(wrong) { 0.9 } else { 0.0 };
        strsim::normalized_damerau_levenshtein(known, wrong)
            .max(same_name)
            .max(cut_short)
    };
    let sections = KEYS.iter().map(|key| key.split().0);
    let best = KEYS
        .iter()
        .map(|key| key.name)
        .chain(sections.filter(|section| !section.is_empty()))
        .map(|known| (likeness(known), known))
        .fold(
            (0.0, ""),
            |best, next| if next.0 > best.0 { next } else { best },
        );
    (best.0 >= 0.6).then(|| best.1.to_owned())
}
