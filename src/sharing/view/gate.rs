//! The gate before every byte of a share: may this person do that with this item now, and from which tier?

use std::sync::Arc;

use super::super::opened::Opened;
use super::super::stations::{Voice, live_voices, rules_for};
use super::super::words::english_time;
use super::super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{PartRow, Rows, Share, ShareItem, ShareState};
use crate::rules::{
    Action, Decision, Denial, HandedAs, Kind, Rendition, Rules, Tier, Usage, decide, denial_words,
    handed_as, is_excerpt, is_played_whole, source_of,
};
use crate::sharing::forward::onward::{may_give, onward_of_chain};
use crate::sharing::listing::granter::granter_name;
use crate::words::Language;

/// A decision that allows, with the tier that the bytes come from.
pub(in crate::sharing) struct Decided {
    pub rendition: Rendition,
    pub tier: Tier,
    /// What of the item is here whole, and may be opened.
    pub held: Vec<Tier>,
    /// How many more times it may be opened; `None`: as often as one likes.
    pub left: Option<u64>,
    /// Row id of the holding whose keys open it.
    pub holding: i64,
}

/// The same with the keys.
pub(super) struct Allowed {
    pub decided: Decided,
    pub opened: Arc<Opened>,
    /// How many views of the item were counted.
    pub views: u64,
}

/// What is known of one item for one person.
pub(in crate::sharing) struct Facts {
    kind: Kind,
    /// What the person has used of it.
    pub usage: Usage,
    parts: Vec<PartRow>,
    /// The best tier of each voice, where it speaks of the item.
    tiers: Vec<Option<Tier>>,
}

/// What speaks for the people of the house about a share, read once for all of its items.
pub(in crate::sharing) struct Asked {
    pub share: Share,
    /// Who granted it.
    pub household: String,
    pub voices: Vec<Voice>,
    /// What may travel on by each of them; `None`: nothing.
    pub onward: Vec<Option<Rules>>,
}

impl Facts {
    /// Bytes of a tier as its parts lie.
    pub fn size_of(&self, tier: Tier) -> u64 {
        let of_tier = self.parts.iter().filter(|part| part.tier == tier);
        of_tier.map(|part| part.len).sum()
    }
}

impl Asked {
    /// About that share.
    pub fn about(rows: Rows<'_>, share: Share) -> Result<Self, Fault> {
        let voices = live_voices(rows, share.id)?;
        let onward = voices.iter().map(|voice| {
            let mut stations = voice.stations.iter();
            match stations.any(|one| one.rules.forward) {
                true => onward_of_chain(&voice.holding.chain),
                false => Ok(None),
            }
        });
        Ok(Asked {
            household: granter_name(rows, &share)?,
            onward: onward.collect::<Result<_, _>>()?,
            voices,
            share,
        })
    }

    /// Whether the rules for that person have that action at all, over or not.
    pub fn may_ever(&self, person: &StationName, action: Action) -> bool {
        let mut voices = self.voices.iter();
        voices.any(|voice| {
            let rules = rules_for(&voice.stations, person);
            rules.is_some_and(|rules| rules.limits(action).is_some())
        })
    }

    /// What is to be known of an item before it can be decided about.
    pub fn look_at(
        &self,
        rows: Rows<'_>,
        item: &ShareItem,
        person: &StationName,
    ) -> Result<Facts, Fault> {
        let tier = |voice: &Voice| voice.tier(rows, item.id);
        Ok(Facts {
            kind: item.kind,
            usage: rows.usage(self.share.id, item.id, person)?,
            parts: rows.item_parts(item.id)?,
            tiers: self.voices.iter().map(tier).collect::<Result<_, _>>()?,
        })
    }

    /// Whether anything was given to that person of that item, over or not.
    pub fn speaks_of(&self, facts: &Facts, person: &StationName) -> bool {
        let mut voices = self.voices.iter().zip(&facts.tiers);
        voices.any(|(voice, tier)| {
            let rules = rules_for(&voice.stations, person);
            tier.is_some() && rules.is_some_and(|rules| !rules.is_nothing())
        })
    }

    /// The gate. Every way to bytes of a share goes through it, and what lists tell is asked here too.
    pub fn decide(
        &self,
        facts: &Facts,
        person: &StationName,
        action: Action,
        now: Now,
    ) -> Result<Decided, Fault> {
        let household = &self.household;
        match self.share.state {
            ShareState::Revoked => {
                let words = format!("{household} does not share this any more.");
                return Err(Fault::new("denied", words));
            }
            ShareState::Expired => {
                let words = format!("This share is over. Ask {household} for it again?");
                return Err(Fault::new("denied", words));
            }
            ShareState::Arriving | ShareState::Complete => {}
        }
        let mut best: Option<Decided> = None;
        let mut denied: Option<Decision> = None;
        let (mut arriving, mut no_excerpt) = (false, false);
        let granted = self.voices.iter().zip(&facts.tiers).zip(&self.onward);
        for ((voice, granted), onward) in granted {
            let Some(granted) = *granted else {
                continue;
            };
            let rules = rules_for(&voice.stations, person)
                .cloned()
                .unwrap_or_default();
            let mut decision = decide(&rules, action, facts.kind, now.now, facts.usage);
            if action == Action::Forward && matches!(decision, Decision::Allow(_)) {
                let begins = facts.usage.first_viewable.unwrap_or(now.now);
                let gives = onward.as_ref().and_then(|on| may_give(&rules, on, begins));
                if gives.is_none() {
                    decision = Decision::Deny(Denial::NotAllowed(action));
                }
            }
            let Decision::Allow(mut rendition) = decision else {
                if denied
                    .as_ref()
                    .is_none_or(|so_far| decision.is_better_than(so_far))
                {
                    denied = Some(decision);
                }
                continue;
            };
            // Of a picture there is no excerpt: this limit narrows nothing.
            rendition.limits.excerpt = is_excerpt(rendition.limits, facts.kind);
            let held = held_tiers(&facts.parts, granted);
            let Some(tier) = source(action, &rendition, facts.kind, &held) else {
                match rendition.limits.excerpt && self.share.state == ShareState::Complete {
                    true => no_excerpt = true,
                    false => arriving = true,
                }
                continue;
            };
            let wider = best
                .as_ref()
                .is_none_or(|best| decision.is_better_than(&Decision::Allow(best.rendition)));
            if wider {
                best = Some(Decided {
                    rendition,
                    tier,
                    held,
                    left: rules
                        .views
                        .map(|views| views.saturating_sub(facts.usage.views)),
                    holding: voice.holding.id,
                });
            }
        }
        best.ok_or_else(|| {
            if arriving {
                let words = "This has not arrived completely yet. Try again in a while.";
                return Fault::new("arriving", words);
            }
            if no_excerpt {
                let words = format!(
                    "Only an excerpt of this may be used, and {household} sent none. Ask for one?"
                );
                return Fault::new("no_excerpt", words);
            }
            let denial = match denied {
                Some(Decision::Deny(denial)) => denial,
                _ => Denial::NotAllowed(action),
            };
            Fault::new(
                "denied",
                denial_words(Language::En, action, denial, household, english_time),
            )
        })
    }
}

impl Asked {
    /// Whether a sound or film is played whole before it is kept: what may be kept is handed over, and keeping alone is not
    /// looking.
    pub fn decide_play(&self, facts: &Facts, person: &StationName, now: Now) -> Result<(), Fault> {
        let look = self.decide(facts, person, Action::Display, now)?;
        let keep = self.decide(facts, person, Action::Store, now)?;
        let (look, keep) = (look.rendition.limits, keep.rendition.limits);
        match is_played_whole(look, keep, facts.kind) {
            true => Ok(()),
            false => {
                let words = "This is played whole only where it may be looked at and kept whole.";
                Err(Fault::new("denied", words))
            }
        }
    }
}

impl Household {
    /// The gate's decision with the keys that open what it allows.
    pub(super) fn allow(
        &self,
        share: Share,
        item: &ShareItem,
        person: &StationName,
        action: Action,
        now: Now,
    ) -> Result<Allowed, Fault> {
        let rows = self.album.rows();
        let asked = Asked::about(rows, share)?;
        let facts = asked.look_at(rows, item, person)?;
        let decided = asked.decide(&facts, person, action, now)?;
        let mut holdings = asked.voices.iter().map(|voice| &voice.holding);
        let holding = holdings
            .find(|holding| holding.id == decided.holding)
            .ok_or_else(|| Fault::new("grant", "a holding without keys"))?;
        let mut recent = self.recent.borrow_mut();
        let opened = recent.open(rows, holding, &self.keys, now.now)?;
        Ok(Allowed {
            decided,
            opened,
            views: facts.usage.views,
        })
    }
}

/// The tiers up to `granted` that are here whole.
fn held_tiers(parts: &[PartRow], granted: Tier) -> Vec<Tier> {
    let whole = |tier: &Tier| {
        let mut of_tier = parts.iter().filter(|part| part.tier == *tier).peekable();
        // An empty file has a tier without parts; the manifest still names it.
        (of_tier.peek().is_some() || *tier == Tier::Original) && of_tier.all(|part| part.held)
    };
    Tier::ALL
        .into_iter()
        .filter(|&tier| tier <= granted && tier > Tier::About)
        .filter(whole)
        .collect()
}

/// Where to render from. To keep the whole is to have the original, and nothing less.
fn source(action: Action, rendition: &Rendition, kind: Kind, held: &[Tier]) -> Option<Tier> {
    if action == Action::Forward {
        // Passing on opens nothing: whatever is here goes on as it lies.
        return held.iter().copied().max();
    }
    if handed_as(action, rendition.limits, kind) == HandedAs::Whole {
        return held.iter().copied().find(|&tier| tier == Tier::Original);
    }
    source_of(rendition.limits, kind, held)
}
