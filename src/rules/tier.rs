//! The qualities in which an item travels, and which of them a use needs (PROTOCOL 4).

use serde::{Deserialize, Serialize};

use super::{Action, Limits, Rules};

/// Long edge of the `preview` of a picture, in pixels.
pub const PREVIEW_EDGE: u64 = 2048;
/// Long edge of the `thumb` of a picture, in pixels.
pub const THUMB_EDGE: u64 = 320;

/// One quality of an item; a better one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Name, type, caption, dates and sizes, as JSON.
    About,
    /// A picture of at most 320 px.
    Thumb,
    /// A picture of at most 2048 px; of anything else the excerpt that the sender cut.
    Preview,
    /// The file.
    Original,
}

/// What an item is, as its sender says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A still picture.
    Picture,
    /// A sound.
    Sound,
    /// A moving picture.
    Video,
    /// A text to read.
    Document,
    /// Anything else.
    File,
}

impl Tier {
    /// From best to least.
    pub const ALL: [Tier; 4] = [Tier::Original, Tier::Preview, Tier::Thumb, Tier::About];

    /// The name as it stands in letters.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::About => "about",
            Tier::Thumb => "thumb",
            Tier::Preview => "preview",
            Tier::Original => "original",
        }
    }

    /// The tier of that name.
    pub fn from_name(name: &str) -> Option<Tier> {
        Tier::ALL.into_iter().find(|tier| tier.as_str() == name)
    }
}

impl Kind {
    /// The name as it stands in letters.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Picture => "picture",
            Kind::Sound => "sound",
            Kind::Video => "video",
            Kind::Document => "document",
            Kind::File => "file",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Kind> {
        [
            Kind::Picture,
            Kind::Sound,
            Kind::Video,
            Kind::Document,
            Kind::File,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}

/// What several items are, told together: all of them of one kind, or of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Together(Option<Kind>);

impl From<Kind> for Together {
    fn from(kind: Kind) -> Self {
        Together(Some(kind))
    }
}

impl Together {
    /// Of items, or of what was told together before.
    pub fn of<T: Into<Together>>(parts: impl IntoIterator<Item = T>) -> Self {
        let mut parts = parts.into_iter().map(Into::into);
        match parts.next() {
            Some(first) if parts.all(|part| part == first) => first,
            _ => Together(None),
        }
    }

    /// The name by which the words know it: that of the kind, or `things`.
    pub fn as_str(self) -> &'static str {
        self.0.map_or("things", Kind::as_str)
    }
}

/// The least tier that serves an action fully under its limits.
pub fn wanted_tier(limits: Limits, kind: Kind) -> Tier {
    match (kind, limits.max_edge) {
        (Kind::Picture, Some(edge)) if edge <= THUMB_EDGE => Tier::Thumb,
        (Kind::Picture, Some(edge)) if edge <= PREVIEW_EDGE => Tier::Preview,
        (Kind::Picture, _) => Tier::Original,
        _ if limits.excerpt => Tier::Preview,
        _ => Tier::Original,
    }
}

/// The best tier that any action of these rules needs; `None` where nothing is allowed.
///
/// `onward` is the permit's ceiling for copies that travel on, needed where the rules allow passing on. This decides
/// which key a destination is given: what nobody there may use is withheld.
pub fn needed_tier(rules: &Rules, kind: Kind, onward: Option<Tier>) -> Option<Tier> {
    let used = [Action::Display, Action::Print, Action::Store]
        .into_iter()
        .filter_map(|action| rules.limits(action))
        .map(|limits| wanted_tier(limits, kind));
    let passed_on = onward.filter(|_| rules.forward);
    used.chain(passed_on).max()
}

/// What rules still allow of pictures where nothing better than this tier is there.
pub fn within_tier(rules: &Rules, tier: Tier) -> Rules {
    let edge = match tier {
        Tier::Original => return rules.clone(),
        Tier::Preview => PREVIEW_EDGE,
        Tier::Thumb | Tier::About => THUMB_EDGE,
    };
    let small = |limits: Option<Limits>| {
        limits.map(|limits| Limits {
            max_edge: Some(limits.max_edge.map_or(edge, |asked| asked.min(edge))),
            ..limits
        })
    };
    Rules {
        display: small(rules.display),
        print: small(rules.print),
        store: small(rules.store),
        ..rules.clone()
    }
}

/// Where to render from: the lowest held tier that is at least `wanted`, else the best held below it.
pub fn source_tier(wanted: Tier, held: &[Tier]) -> Option<Tier> {
    let enough = held.iter().copied().filter(|&tier| tier >= wanted).min();
    let below = held
        .iter()
        .copied()
        .filter(|&tier| tier < wanted && tier > Tier::About)
        .max();
    enough.or(below)
}

/// As [`source_tier`], for one use under its limits: of what is no picture an excerpt is what the sender cut, and nothing
/// else that is held can stand for it.
pub fn source_of(limits: Limits, kind: Kind, held: &[Tier]) -> Option<Tier> {
    if is_excerpt(limits, kind) {
        return held.contains(&Tier::Preview).then_some(Tier::Preview);
    }
    source_tier(wanted_tier(limits, kind), held)
}

/// Whether only the excerpt that the sender cut may be used. Of a picture there is none.
pub fn is_excerpt(limits: Limits, kind: Kind) -> bool {
    limits.excerpt && kind != Kind::Picture
}

/// In what form an item is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedAs {
    /// The original, bit for bit.
    Whole,
    /// The excerpt that the sender cut, bit for bit.
    Excerpt,
    /// A picture that is made within the limits.
    Made,
}

/// In what form an action hands over an item of that kind under these limits. Across what is cut nothing can be written.
pub fn handed_as(action: Action, limits: Limits, kind: Kind) -> HandedAs {
    let excerpt = is_excerpt(limits, kind);
    let whole = limits.max_edge.is_none() && !limits.watermark && !excerpt;
    match action {
        Action::Store if whole => HandedAs::Whole,
        _ if excerpt && !limits.watermark => HandedAs::Excerpt,
        _ => HandedAs::Made,
    }
}

/// Whether a sound or film is played whole where it lies: it may be looked at, all of it and without a mark, and kept bit for
/// bit, so that the bytes which a browser is handed for it may leave anyway. To look alone never gives the file away, and an
/// edge means nothing for what is no picture.
pub fn is_played_whole(look: Limits, keep: Limits, kind: Kind) -> bool {
    matches!(kind, Kind::Sound | Kind::Video)
        && !look.excerpt
        && !look.watermark
        && handed_as(Action::Store, keep, kind) == HandedAs::Whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_kinds_are_things() {
        let told = |kinds: &[Kind]| Together::of(kinds.iter().copied()).as_str();
        assert_eq!(told(&[Kind::Sound, Kind::Sound]), "sound");
        assert_eq!(told(&[Kind::Sound, Kind::Picture]), "things");
        assert_eq!(told(&[]), "things");
        let sounds = Together::of([Kind::Sound]);
        assert_eq!(Together::of([sounds, sounds]), sounds);
    }

    fn display(max_edge: Option<u64>) -> Rules {
        Rules {
            display: Some(Limits {
                max_edge,
                ..Limits::default()
            }),
            ..Rules::default()
        }
    }

    #[test]
    fn a_small_display_needs_only_a_small_tier() {
        let need = |edge| needed_tier(&display(edge), Kind::Picture, None);
        assert_eq!(need(Some(320)), Some(Tier::Thumb));
        assert_eq!(need(Some(321)), Some(Tier::Preview));
        assert_eq!(need(Some(2048)), Some(Tier::Preview));
        assert_eq!(need(Some(2049)), Some(Tier::Original));
        assert_eq!(need(None), Some(Tier::Original));
        assert_eq!(needed_tier(&Rules::default(), Kind::Picture, None), None);
    }

    #[test]
    fn an_edge_means_nothing_for_a_document() {
        assert_eq!(
            needed_tier(&display(Some(320)), Kind::Document, None),
            Some(Tier::Original)
        );
    }

    #[test]
    fn passing_on_needs_what_a_further_copy_may_carry() {
        let mut rules = display(Some(320));
        assert_eq!(
            needed_tier(&rules, Kind::Picture, Some(Tier::Preview)),
            Some(Tier::Thumb)
        );
        rules.forward = true;
        assert_eq!(
            needed_tier(&rules, Kind::Picture, Some(Tier::Preview)),
            Some(Tier::Preview)
        );
    }

    #[test]
    fn a_small_tier_bounds_every_use() {
        let rules = Rules {
            store: Some(Limits::default()),
            ..display(Some(1280))
        };
        assert_eq!(within_tier(&rules, Tier::Original), rules);
        let small = within_tier(&rules, Tier::Preview);
        let edges = [small.display, small.print, small.store];
        assert_eq!(
            edges.map(|limits| limits.map(|limits| limits.max_edge)),
            [Some(Some(1280)), None, Some(Some(2048))]
        );
        assert_eq!(
            needed_tier(&small, Kind::Picture, None),
            Some(Tier::Preview)
        );
    }

    #[test]
    fn an_excerpt_is_never_taken_from_the_whole() {
        use Tier::{About, Original, Preview};
        let excerpt = Limits {
            excerpt: true,
            ..Limits::default()
        };
        for kind in [Kind::Sound, Kind::Video, Kind::Document, Kind::File] {
            assert_eq!(wanted_tier(excerpt, kind), Preview);
            let from = |held: &[Tier]| source_of(excerpt, kind, held);
            assert_eq!(from(&[Original, Preview, About]), Some(Preview));
            assert_eq!(from(&[Original, About]), None);
            let whole = source_of(Limits::default(), kind, &[Original, Preview]);
            assert_eq!(whole, Some(Original));
        }
        let picture = source_of(excerpt, Kind::Picture, &[Original, Preview]);
        assert_eq!(picture, Some(Original));
    }

    #[test]
    fn what_is_played_whole_is_kept_whole_and_seen_without_a_mark() {
        let small = |edge| Limits {
            max_edge: Some(edge),
            ..Limits::default()
        };
        let (plain, excerpt, marked) = (
            Limits::default(),
            Limits {
                excerpt: true,
                ..Limits::default()
            },
            Limits {
                watermark: true,
                ..Limits::default()
            },
        );
        for kind in [Kind::Sound, Kind::Video] {
            assert!(is_played_whole(plain, plain, kind));
            assert!(is_played_whole(small(640), plain, kind));
            for narrowed in [excerpt, marked] {
                assert!(!is_played_whole(narrowed, plain, kind));
                assert!(!is_played_whole(plain, narrowed, kind));
            }
            assert!(!is_played_whole(plain, small(640), kind));
        }
        for kind in [Kind::Picture, Kind::Document, Kind::File] {
            assert!(!is_played_whole(plain, plain, kind));
        }
    }

    #[test]
    fn rendering_starts_from_the_lowest_tier_that_is_enough() {
        use Tier::{About, Original, Preview, Thumb};
        assert_eq!(
            source_tier(Preview, &[Original, Preview, Thumb, About]),
            Some(Preview)
        );
        assert_eq!(
            source_tier(Preview, &[Original, Thumb, About]),
            Some(Original)
        );
        assert_eq!(
            source_tier(Original, &[Preview, Thumb, About]),
            Some(Preview)
        );
        assert_eq!(source_tier(Original, &[About]), None);
    }
}
