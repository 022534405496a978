//! The parts of a share that its live holdings ask for.

use std::collections::{BTreeMap, BTreeSet};

use crate::album::{HoldingState, Rows, Share};
use crate::envelope::Digest;
use crate::message::SignedManifest;
use crate::message::manifest::parts_of_tiers;
use crate::sharing::Fault;
use crate::sharing::relay::jobs::parts_for_others;

/// The parts that the keys of any live holding open and its grant is about, and those that are here for others; `None` where no holding lives.
pub(in crate::sharing) fn needed_parts(
    rows: Rows<'_>,
    share: &Share,
) -> Result<Option<BTreeSet<Digest>>, Fault> {
    let manifest = SignedManifest::verify(&rows.manifest(share.id)?)?;
    let items = rows.share_items(share.id)?;
    let mut needed: Option<BTreeSet<Digest>> = None;
    for holding in rows.holdings(share.id)? {
        if holding.state != HoldingState::Live {
            continue;
        }
        let mut tiers = BTreeMap::new();
        for item in &items {
            if let Some(tier) = rows.holding_tier(holding.id, item.id)? {
                tiers.insert(item.wire, tier);
            }
        }
        let tier = |item| tiers.get(&item).copied();
        let parts = parts_of_tiers(manifest.manifest(), tier, holding.passed_on);
        needed.get_or_insert_default().extend(parts);
    }
    if let Some(needed) = &mut needed {
        needed.extend(parts_for_others(rows, share.id)?);
    }
    Ok(needed)
}
