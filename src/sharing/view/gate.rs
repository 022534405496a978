//! The gate before every byte of a share: may this person do that with this item now, and from which tier?

use super::super::opened::{Opened, Openers};
use super::super::stations::{live_voices, rules_for};
use super::super::words::show_time;
use super::super::{Fault, Household, Now};
use super::granter_name;
use crate::address::StationName;
use crate::album::{Rows, Share, ShareItem, ShareState};
use crate::rules::{
    Action, Decision, Denial, Limits, Rendition, Tier, decide, denial_words, source_tier,
};

/// A decision that allows, with where the bytes come from.
pub(super) struct Allowed {
    pub rendition: Rendition,
    pub tier: Tier,
    /// What of the item is here whole, and may be opened.
    pub held: Vec<Tier>,
    /// Whether it may be opened a number of times.
    pub counted: bool,
    pub opened: Opened,
}

impl Household {
    /// The gate. Every way to bytes of a share goes through it.
    pub(super) fn allow(
        &self,
        rows: Rows<'_>,
        share: &Share,
        item: &ShareItem,
        person: &StationName,
        action: Action,
        now: Now,
    ) -> Result<Allowed, Fault> {
        let household = granter_name(rows, share)?;
        let deny = |denial| Fault::new("denied", denial_words(denial, &household, show_time));
        match share.state {
            ShareState::Revoked => {
                return Err(Fault::new(
                    "denied",
                    format!("{household} does not share this any more."),
                ));
            }
            ShareState::Expired => {
                return Err(Fault::new(
                    "denied",
                    format!("This share is over. Ask {household} for it again?"),
                ));
            }
            ShareState::Arriving | ShareState::Complete => {}
        }
        let usage = rows.usage(share.id, item.id, person)?;
        let parts = rows.item_parts(item.id)?;
        let mut openers = Openers::default();
        openers.of(rows, &self.keys, share.id)?;
        let mut best: Option<(Rendition, Tier, Vec<Tier>, bool, i64)> = None;
        let mut denied: Option<Decision> = None;
        let mut arriving = false;
        for voice in live_voices(rows, share.id)? {
            let Some(granted) = voice.tier(rows, item.id)? else {
                continue;
            };
            let rules = rules_for(&voice.stations, person)
                .cloned()
                .unwrap_or_default();
            let decision = decide(&rules, action, item.kind, now.now, usage);
            let Decision::Allow(rendition) = decision else {
                if denied
                    .as_ref()
                    .is_none_or(|so_far| decision.is_better_than(so_far))
                {
                    denied = Some(decision);
                }
                continue;
            };
            let held: Vec<Tier> = Tier::ALL
                .into_iter()
                .filter(|&tier| tier <= granted && tier > Tier::About)
                .filter(|&tier| {
                    let mut of_tier = parts.iter().filter(|part| part.tier == tier).peekable();
                    // An empty file has a tier without parts; the manifest still names it.
                    (of_tier.peek().is_some() || tier == Tier::Original)
                        && of_tier.all(|part| part.held)
                })
                .collect();
            let Some(tier) = source(action, &rendition, &held) else {
                arriving = true;
                continue;
            };
            let wider = best
                .as_ref()
                .is_none_or(|best| decision.is_better_than(&Decision::Allow(best.0)));
            if wider {
                let counted = rules.views.is_some();
                best = Some((rendition, tier, held, counted, voice.holding.id));
            }
        }
        let Some((rendition, tier, held, counted, holding)) = best else {
            if arriving {
                return Err(Fault::new(
                    "arriving",
                    "This has not arrived completely yet. Try again in a while.",
                ));
            }
            return Err(match denied {
                Some(Decision::Deny(denial)) => deny(denial),
                _ => deny(Denial::NotAllowed(action)),
            });
        };
        refuse_unrendered(rendition.limits)?;
        let opened = openers
            .take(share.id, holding)
            .ok_or_else(|| Fault::new("grant", "a holding without keys"))?;
        Ok(Allowed {
            rendition,
            tier,
            held,
            counted,
            opened,
        })
    }
}

/// A limit that this version cannot carry out is a denial, never passed over.
fn refuse_unrendered(limits: Limits) -> Result<(), Fault> {
    let missing = match (limits.watermark, limits.excerpt) {
        (true, _) => {
            "This may only be seen with your name across it, which your box cannot draw yet."
        }
        (_, true) => {
            "Only an excerpt of this may be used, which your box cannot tell from the whole yet."
        }
        (false, false) => return Ok(()),
    };
    Err(Fault::new("cannot_yet", missing).hint("update Hearthpost when a newer version is there"))
}

/// Where to render from. To keep the whole is to have the original, and nothing less.
fn source(action: Action, rendition: &Rendition, held: &[Tier]) -> Option<Tier> {
    if action == Action::Store && rendition.limits == Limits::default() {
        return held.iter().copied().find(|&tier| tier == Tier::Original);
    }
    source_tier(rendition.tier, held)
}
