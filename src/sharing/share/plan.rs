//! Who gets what: the words of a sender become one permit and one set of keys per household (DESIGN 3.5, 3.6).
//!
//! Pure: nothing here reads the album or seals anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::{Keys, Onward, SignedPermit, Station};
use crate::rendition::{ExcerptError, Format, Lengths};
use crate::rules::{
    Action, Kind, Limits, PREVIEW_EDGE, Rules, Tier, is_excerpt, needed_tier, within_tier,
};

/// An item as the plan sees it.
#[derive(Debug, Clone, Copy)]
pub(in crate::sharing) struct Planned {
    /// Its id on the wire.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
}

/// What this household itself was granted, where it passes a share on.
pub(in crate::sharing) struct Bounds<'a> {
    /// The widest that may travel on.
    pub onward: &'a Onward,
    /// The keys that it has.
    pub keys: &'a Keys,
}

/// What one household is given.
#[derive(Debug, Clone)]
pub(in crate::sharing) struct Rights {
    /// The best tier of any item.
    pub tier: Tier,
    /// Which items; `None`: all.
    pub items: Option<Vec<Id>>,
    /// What may travel on.
    pub onward: Option<Onward>,
    /// The tier of each item that is given.
    pub tiers: BTreeMap<Id, Tier>,
}

/// Works out what the rules of a household's stations need. `None` where they allow nothing of any item.
///
/// `ceiling` is what the sender said may travel on; without it, what a station that may pass on may do itself, until
/// the same end. `bounds`: none for the origin.
pub(in crate::sharing) fn rights(
    stations: &[Station],
    ceiling: Option<&Rules>,
    items: &[Planned],
    bounds: Option<&Bounds<'_>>,
    now: Timestamp,
) -> Option<Rights> {
    let travels = travels(stations, ceiling, bounds.map(|bounds| bounds.onward), now);
    let need = |kind: Kind| {
        let onward = travels
            .as_ref()
            .and_then(|rules| needed_tier(rules, kind, None));
        stations
            .iter()
            .filter_map(|station| needed_tier(&station.rules, kind, onward))
            .max()
    };
    let tiers: BTreeMap<Id, Tier> = items
        .iter()
        .filter_map(|item| {
            let needed = need(item.kind)?;
            let given = match bounds {
                None => needed,
                Some(bounds) => needed
                    .min(bounds.onward.tier)
                    .min(bounds.keys.tier(item.id)?),
            };
            Some((item.id, given))
        })
        .collect();
    let tier = tiers.values().copied().max()?;
    let onward = travels.map(|rules| {
        let kinds: BTreeSet<Kind> = items.iter().map(|item| item.kind).collect();
        let best = kinds
            .iter()
            .filter_map(|&kind| needed_tier(&rules, kind, None))
            .max();
        Onward {
            tier: best.unwrap_or(Tier::Thumb).min(tier),
            rules,
            to: bounds.and_then(|bounds| bounds.onward.to.clone()),
        }
    });
    let all = tiers.len() == items.len();
    Some(Rights {
        tier,
        items: (!all).then(|| tiers.keys().copied().collect()),
        onward,
        tiers,
    })
}

/// The widest that may travel on from a household with these stations; `None`: nothing. `bounds`: what may travel on from
/// here, none at the origin.
pub(in crate::sharing) fn travels(
    stations: &[Station],
    ceiling: Option<&Rules>,
    bounds: Option<&Onward>,
    now: Timestamp,
) -> Option<Rules> {
    let forwarders = stations.iter().filter(|station| station.rules.forward);
    let travels = match ceiling {
        Some(rules) => forwarders.map(|_| absolute(rules, now)).next(),
        None => forwarders
            .map(|station| Rules {
                forward: false,
                ..absolute(&station.rules, now)
            })
            .reduce(|a, b| a.join(&b)),
    };
    // A further step only where the step before allows one, and no wider.
    let travels = match bounds {
        None => travels,
        Some(onward) => travels
            .filter(|_| onward.rules.forward)
            .map(|rules| rules.meet(&onward.rules)),
    };
    travels.filter(|rules| !rules.is_nothing())
}

impl Rights {
    /// Nothing of these items, for who only carries them.
    pub fn to_carry(items: Option<Vec<Id>>) -> Self {
        Rights {
            tier: Tier::About,
            items,
            onward: None,
            tiers: BTreeMap::new(),
        }
    }

    /// No item is given better than this.
    pub fn keep_to(&mut self, tier: Tier) {
        for given in self.tiers.values_mut() {
            *given = tier.min(*given);
        }
        self.tier = tier.min(self.tier);
    }

    /// Names the items where they are not all `count` of the share.
    pub fn of_share_with(mut self, count: usize) -> Self {
        let all = self.tiers.len() == count;
        self.items = (!all).then(|| self.tiers.keys().copied().collect());
        self
    }

    /// The keys to give, out of those that are had: the content key where everything is given in full, else a key per
    /// item, which opens nothing of the others.
    pub fn keys(&self, had: &Keys) -> Keys {
        let everything =
            self.items.is_none() && self.tiers.values().all(|&tier| tier == Tier::Original);
        match had {
            Keys::Share(content) if everything => Keys::Share(content.clone()),
            had => Keys::Items(
                self.tiers
                    .iter()
                    .filter_map(|(&id, &tier)| Some((id, had.key(id, tier)?)))
                    .collect(),
            ),
        }
    }
}

/// Whether a household is given what is not given to one whose words were never compared: originals, or passing on.
pub(in crate::sharing) fn gives_much(
    stations: &[Station],
    kinds: impl Iterator<Item = Kind> + Clone,
) -> bool {
    let original = |rules: &Rules, kind| needed_tier(rules, kind, None) == Some(Tier::Original);
    stations.iter().any(|station| {
        station.rules.forward || kinds.clone().any(|kind| original(&station.rules, kind))
    })
}

/// The rules with their period made an end, counted from when it begins.
pub(in crate::sharing) fn absolute(rules: &Rules, begins: Timestamp) -> Rules {
    Rules {
        period: None,
        not_after: rules.end(Some(begins)),
        ..rules.clone()
    }
}

/// The most that may be done with a copy further on: what every step let travel, with the quality that was granted.
pub(in crate::sharing) fn most_further_on(chain: &[SignedPermit]) -> Rules {
    let Some((last, above)) = chain.split_last() else {
        return Rules::default();
    };
    let ceilings = above.iter().filter_map(|one| one.permit().onward.as_ref());
    let most = ceilings
        .map(|onward| onward.rules.clone())
        .reduce(|a, b| a.meet(&b))
        .unwrap_or_default();
    Rules {
        forward: most.forward && last.permit().onward.is_some(),
        ..within_tier(&most, last.permit().tier)
    }
}

/// How an item can be shown in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sharing) enum Shown {
    /// It is decoded here, and over there.
    Decoded,
    /// Its preview and thumb are made with the help of another program; its original is decoded by nobody.
    Converted,
    /// Only as a whole.
    Whole,
}

/// Whether a picture that another program decodes is made into one that all decode, in full: where somebody may have more
/// of it than its preview, and nobody the file itself.
pub(super) fn wants_pixels<'r>(all: impl Iterator<Item = &'r Rules> + Clone) -> bool {
    let larger = |limits: Limits| limits.max_edge.is_none_or(|edge| edge > PREVIEW_EDGE);
    let used = |rules: &'r Rules| {
        let actions = [Action::Display, Action::Print, Action::Store];
        actions
            .into_iter()
            .filter_map(|action| rules.limits(action))
    };
    let kept = |rules: &Rules| rules.store == Some(Limits::default());
    !all.clone().any(kept) && all.flat_map(used).any(larger)
}

/// What is to be shared, as far as it decides which rules can be carried out.
pub(in crate::sharing) struct Form<'a> {
    pub name: &'a str,
    pub kind: Kind,
    pub format: Format,
    pub shown: Shown,
    /// How much of it an excerpt is.
    pub lengths: &'a Lengths,
    /// The most of such a file of which an excerpt is cut, in bytes, where it has more.
    pub uncut: Option<u64>,
}

/// Why rules cannot be carried out for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sharing) enum CannotYet {
    /// No name can be written across it.
    Watermark,
    /// No excerpt of it can be cut.
    Excerpt(ExcerptError),
    /// It is decoded by another program, at screen size.
    Larger(Action),
    /// It can be given in one size only.
    Smaller(Action, u64),
    /// It cannot be shown unless the file itself is given.
    Whole,
}

impl CannotYet {
    /// The same in words, with the way out at the command line.
    pub fn words(&self, name: &str) -> String {
        match self {
            CannotYet::Watermark => format!(
                "{name} cannot carry a watermark: its format is not a picture that is decoded here; share it without"
            ),
            CannotYet::Excerpt(error) => format!("{name}: {error}"),
            CannotYet::Larger(action) => format!(
                "{name} cannot be shown larger than {PREVIEW_EDGE} pixels: its format is decoded by another \
                 program; say --{action} {PREVIEW_EDGE}, or let it be kept too (--store full)"
            ),
            CannotYet::Smaller(action, edge) => format!(
                "{name} cannot be made smaller ({action}={edge}): its format is not a picture that is decoded here; \
                 give it in full (--display full --store full)"
            ),
            CannotYet::Whole => format!(
                "{name} cannot be shown without handing over the file: its format is not a picture that is decoded \
                 here; let it be kept too (--store full)"
            ),
        }
    }
}

/// Why rules cannot be carried out for an item, in words; `None` where they can.
pub(super) fn cannot_yet(rules: &Rules, form: &Form<'_>) -> Option<String> {
    Some(why_not(rules, form)?.words(form.name))
}

/// Why rules cannot be carried out for an item; `None` where they can.
pub(in crate::sharing) fn why_not(rules: &Rules, form: &Form<'_>) -> Option<CannotYet> {
    for action in [Action::Display, Action::Print, Action::Store] {
        let Some(limits) = rules.limits(action) else {
            continue;
        };
        if limits.watermark && form.shown == Shown::Whole {
            return Some(CannotYet::Watermark);
        }
        if is_excerpt(limits, form.kind) {
            match no_excerpt(form) {
                Some(error) => return Some(CannotYet::Excerpt(error)),
                None => continue,
            }
        }
        match (form.shown, limits.max_edge) {
            (Shown::Decoded, _) => continue,
            (Shown::Converted, Some(edge)) if edge <= PREVIEW_EDGE => continue,
            (Shown::Converted, _) if rules.store != Some(Limits::default()) => {
                return Some(CannotYet::Larger(action));
            }
            (Shown::Converted, _) => continue,
            (Shown::Whole, _) => {}
        }
        if let Some(edge) = limits.max_edge {
            return Some(CannotYet::Smaller(action, edge));
        }
        if rules.store != Some(Limits::default()) {
            return Some(CannotYet::Whole);
        }
    }
    None
}

/// Why no excerpt of it can be cut.
fn no_excerpt(form: &Form<'_>) -> Option<ExcerptError> {
    let format = form.format;
    match format.cut_by() {
        None => Some(ExcerptError::not_cut(format)),
        Some(unit) if form.lengths.of(unit).is_none() => {
            Some(ExcerptError::NoLength { format, unit })
        }
        Some(_) => form
            .uncut
            .map(|most| ExcerptError::TooLarge { format, most }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::ContentKey;
    use crate::rules::parse_rules;

    fn station(name: &str, rules: &str) -> Station {
        Station {
            name: name.parse().expect("a station"),
            rules: parse_rules(rules).expect("rules"),
        }
    }

    fn item(kind: Kind) -> Planned {
        Planned {
            id: Id::random(),
            kind,
        }
    }

    const NOW: i64 = 1_800_000_000;

    fn plan(stations: &[Station], ceiling: Option<&str>, items: &[Planned]) -> Option<Rights> {
        let ceiling = ceiling.map(|text| parse_rules(text).expect("rules"));
        rights(
            stations,
            ceiling.as_ref(),
            items,
            None,
            Timestamp::from_unix(NOW),
        )
    }

    #[test]
    fn a_household_that_only_looks_gets_no_key_for_originals() {
        let items = [item(Kind::Picture)];
        let rights = plan(&[station("bob", "display=1280")], None, &items).expect("rights");
        assert_eq!(rights.tier, Tier::Preview);
        let keys = rights.keys(&Keys::Share(ContentKey::random()));
        assert_eq!(keys.tier(items[0].id), Some(Tier::Preview));
        assert!(keys.key(items[0].id, Tier::Original).is_none());
    }

    #[test]
    fn one_person_who_may_keep_brings_the_content_key() {
        let items = [item(Kind::Picture), item(Kind::Document)];
        let stations = [station("bob", "display=1280"), station("bea", "store=full")];
        let rights = plan(&stations, None, &items).expect("rights");
        assert!(matches!(
            rights.keys(&Keys::Share(ContentKey::random())),
            Keys::Share(_)
        ));
        assert!(rights.onward.is_none());
    }

    #[test]
    fn nothing_allowed_is_nothing_given() {
        assert!(plan(&[station("carol", "")], None, &[item(Kind::Picture)]).is_none());
    }

    #[test]
    fn passing_on_carries_what_the_station_may_itself_until_the_same_end() {
        let stations = [station("bea", "display=1280,forward=yes,period=P7D")];
        let rights = plan(&stations, None, &[item(Kind::Picture)]).expect("rights");
        let onward = rights.onward.expect("may travel on");
        assert_eq!(onward.tier, Tier::Preview);
        assert!(!onward.rules.forward && onward.rules.period.is_none());
        assert_eq!(
            onward.rules.not_after,
            Some(Timestamp::from_unix(NOW + 7 * 86_400))
        );
    }

    #[test]
    fn a_ceiling_of_its_own_needs_its_own_tier() {
        let stations = [station("bea", "display=320,forward=yes")];
        let rights = plan(
            &stations,
            Some("display=2000,forward=yes"),
            &[item(Kind::Picture)],
        );
        let rights = rights.expect("rights");
        assert_eq!(rights.tier, Tier::Preview);
        assert!(rights.onward.expect("onward").rules.forward);
    }

    #[test]
    fn what_cannot_be_carried_out_is_refused_with_the_way_out() {
        let no = |rules, kind, format, shown, lengths: &str| {
            let lengths = lengths.parse().unwrap_or_default();
            let form = Form {
                name: "a.file",
                kind,
                format,
                shown,
                lengths: &lengths,
                uncut: None,
            };
            cannot_yet(&parse_rules(rules).expect("rules"), &form)
        };
        let pdf = |rules, lengths| no(rules, Kind::Document, Format::Pdf, Shown::Whole, lengths);
        let refused = |words: Option<String>, way: &str| {
            let words = words.expect("refused");
            assert!(words.contains(way), "{words}");
        };
        refused(pdf("display=1280", ""), "--store full");
        refused(pdf("display=full", ""), "--store full");
        refused(
            pdf("display=full,store=full,watermark=yes", ""),
            "watermark",
        );
        refused(pdf("display=1280,excerpt=yes", "30s"), "--excerpt 2p");
        assert_eq!(pdf("display=full,store=full", ""), None);
        assert_eq!(pdf("display=1280,excerpt=yes", "30s,2p"), None);
        let other = |rules| no(rules, Kind::File, Format::Other, Shown::Whole, "2p");
        refused(other("display=full,excerpt=yes"), "cannot be cut");

        let jpeg = |rules| no(rules, Kind::Picture, Format::Jpeg, Shown::Decoded, "");
        for rules in [
            "display=1280",
            "display=full,watermark=yes",
            "display=full,excerpt=yes",
        ] {
            assert_eq!(jpeg(rules), None, "{rules}");
        }
        let heic = |rules| no(rules, Kind::Picture, Format::Heic, Shown::Converted, "");
        refused(heic("display=full"), "--display 2048");
        refused(heic("display=2048,print=full"), "--print 2048");
        for rules in [
            "display=2048,watermark=yes",
            "display=full,store=full",
            "store=full",
        ] {
            assert_eq!(heic(rules), None, "{rules}");
        }
        let wants = |all: &[&str]| {
            let all = all.iter().map(|text| parse_rules(text).expect("rules"));
            wants_pixels(all.collect::<Vec<_>>().iter())
        };
        assert!(wants(&["display=full"]) && wants(&["display=640", "store=4000"]));
        assert!(wants(&["display=2048,store=full,watermark=yes"]));
        for all in [
            &["display=2048,store=2048"][..],
            &["display=full", "store=full"],
            &[],
        ] {
            assert!(!wants(all), "{all:?}");
        }
    }
}
