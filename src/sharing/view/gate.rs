//! The gate before every byte of a share: may this person do that with this item now, and from which tier?

use super::super::opened::{Opened, Openers};
use super::super::stations::{Voice, live_voices, rules_for};
use super::super::words::show_time;
use super::super::{Fault, Household, Now};
use super::granter_name;
use crate::address::StationName;
use crate::album::{PartRow, Rows, Share, ShareItem, ShareState};
use crate::rules::{
    Action, Decision, Denial, Kind, Limits, Rendition, Tier, decide, denial_words, is_excerpt,
    source_of,
};

/// A decision that allows, with the tier that the bytes come from.
pub(in crate::sharing) struct Decided {
    pub rendition: Rendition,
    pub tier: Tier,
    /// What of the item is here whole, and may be opened.
    pub held: Vec<Tier>,
    /// Whether it may be opened a number of times.
    pub counted: bool,
    /// Row id of the holding whose keys open it.
    pub holding: i64,
}

/// The same with the keys.
pub(super) struct Allowed {
    pub decided: Decided,
    pub opened: Opened,
}

/// What speaks for the people of the house about a share, read once for all of its items.
pub(in crate::sharing) struct Asked {
    pub share: Share,
    /// Who granted it.
    pub household: String,
    pub voices: Vec<Voice>,
}

impl Asked {
    /// About that share.
    pub fn about(rows: Rows<'_>, share: Share) -> Result<Self, Fault> {
        Ok(Asked {
            household: granter_name(rows, &share)?,
            voices: live_voices(rows, share.id)?,
            share,
        })
    }

    /// Whether anything was given to that person of that item, over or not.
    pub fn speaks_of(
        &self,
        rows: Rows<'_>,
        item: &ShareItem,
        person: &StationName,
    ) -> Result<bool, Fault> {
        for voice in &self.voices {
            let rules = rules_for(&voice.stations, person);
            let given = rules.is_some_and(|rules| !rules.is_nothing());
            if given && voice.tier(rows, item.id)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The gate. Every way to bytes of a share goes through it, and what lists tell is asked here too.
    pub fn decide(
        &self,
        rows: Rows<'_>,
        item: &ShareItem,
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
        let usage = rows.usage(self.share.id, item.id, person)?;
        let parts = rows.item_parts(item.id)?;
        let mut best: Option<Decided> = None;
        let mut denied: Option<Decision> = None;
        let (mut arriving, mut no_excerpt) = (false, false);
        for voice in &self.voices {
            let Some(granted) = voice.tier(rows, item.id)? else {
                continue;
            };
            let rules = rules_for(&voice.stations, person)
                .cloned()
                .unwrap_or_default();
            let decision = decide(&rules, action, item.kind, now.now, usage);
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
            rendition.limits.excerpt = is_excerpt(rendition.limits, item.kind);
            let held = held_tiers(&parts, granted);
            let Some(tier) = source(action, &rendition, item.kind, &held) else {
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
                    counted: rules.views.is_some(),
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
            Fault::new("denied", denial_words(denial, household, show_time))
        })
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
        let id = share.id;
        let decided = Asked::about(rows, share)?.decide(rows, item, person, action, now)?;
        let mut openers = Openers::default();
        openers.of(rows, &self.keys, id)?;
        let opened = openers
            .take(id, decided.holding)
            .ok_or_else(|| Fault::new("grant", "a holding without keys"))?;
        Ok(Allowed { decided, opened })
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
    if action == Action::Store && rendition.limits == Limits::default() {
        return held.iter().copied().find(|&tier| tier == Tier::Original);
    }
    source_of(rendition.limits, kind, held)
}
