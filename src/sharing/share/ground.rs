//! What this household itself stands on when it grants: the content key of an own share, or a holding of another's.

use super::plan::{Bounds, Planned};
use crate::address::StationName;
use crate::album::{Holding, HoldingState, Keys as OwnKeys, Rows, Share};
use crate::envelope::{Digest, Fingerprint, Id};
use crate::message::grant::Bytes;
use crate::message::{Keys, Onward, SignedManifest, SignedPermit, permit};
use crate::sharing::Fault;
use crate::sharing::accounts::person::refuse_unknown;
use crate::sharing::listing::granter::refuse_over;
use crate::sharing::opened::{Opened, Openers};
use crate::sharing::revoke::revoked::revocation_of;
use crate::sharing::stations::{Voice, live_voices, rules_for};

/// Keys to give on, and the permits they came with.
pub(in crate::sharing) struct Ground {
    /// What can be opened here.
    pub keys: Keys,
    /// DERs of the permits, origin first; none at the origin.
    pub chain: Vec<Vec<u8>>,
    /// The last of them: what may be given on. `None` at the origin, which has no bounds.
    permit: Option<SignedPermit>,
    /// Who granted it; this household itself at the origin.
    pub granter: Fingerprint,
    /// Title and message that came with it.
    pub words: (String, String),
}

impl Ground {
    /// Of a share that is just being made.
    pub fn of_origin(keys: Keys, me: Fingerprint, words: (String, String)) -> Self {
        Ground {
            keys,
            chain: Vec::new(),
            permit: None,
            granter: me,
            words,
        }
    }

    /// Of a holding, opened; `None` where its permit lets nothing travel on.
    pub fn of_holding(holding: &Holding, opened: &Opened) -> Result<Option<Self>, Fault> {
        let permit = holding.chain.last().map(|der| SignedPermit::of_stored(der));
        let permit = permit.transpose()?;
        let ends_here = |permit: &SignedPermit| permit.permit().onward.is_none();
        if permit.as_ref().is_some_and(ends_here) {
            return Ok(None);
        }
        Ok(Some(Ground {
            keys: opened.keys.clone(),
            chain: holding.chain.clone(),
            permit,
            granter: holding.granter,
            words: (holding.title.clone(), holding.message.clone()),
        }))
    }

    /// The one whose chain is this: what was granted before stands on it.
    pub fn with_chain(
        rows: Rows<'_>,
        keys: &OwnKeys,
        share: &Share,
        chain: &[Vec<u8>],
    ) -> Result<Option<Self>, Fault> {
        let mut openers = Openers::default();
        openers.of(rows, keys, share.id)?;
        for holding in rows.holdings(share.id)? {
            if holding.state == HoldingState::Live
                && holding.chain == chain
                && let Some(opened) = openers.get(share.id, holding.id)
            {
                return Self::of_holding(&holding, opened);
            }
        }
        Ok(None)
    }

    /// Refuses to give on where this does not stand any more, or one of those who pass it on may not: what is given is worked
    /// out before it is recorded, and another program of the house may judge a revocation in between. To be asked in the
    /// commit that records it, for nobody would end what comes after.
    pub fn refuse_fallen<'p>(
        &self,
        rows: Rows<'_>,
        share: &Share,
        people: impl IntoIterator<Item = &'p StationName>,
    ) -> Result<(), Fault> {
        refuse_over(rows, &rows.share_by_id(share.id)?)?;
        let is_this = |one: &Holding| {
            one.state == HoldingState::Live
                && one.granter == self.granter
                && one.chain == self.chain
        };
        let chain = permit::all_of_stored(&self.chain)?;
        let of = (share.origin, share.wire);
        let mut stands = rows.holdings(share.id)?.iter().any(is_this)
            && revocation_of(rows, of, &chain)?.is_none();
        let voices = live_voices(rows, share.id)?;
        for person in people {
            refuse_unknown(rows, person)?;
            let may = |voice: &Voice| {
                let rules = rules_for(&voice.stations, person);
                is_this(&voice.holding) && rules.is_some_and(|rules| rules.forward)
            };
            stands &= self.is_origin() || voices.iter().any(may);
        }
        match stands {
            true => Ok(()),
            false => Err(became_other()),
        }
    }

    /// What may travel on; `None` at the origin, and where nothing may.
    pub fn onward(&self) -> Option<&Onward> {
        self.permit
            .as_ref()
            .and_then(|permit| permit.permit().onward.as_ref())
    }

    /// The items that the permit names, where it does not give all.
    pub fn named_items(&self) -> Option<Vec<Id>> {
        let permit = self.permit.as_ref();
        permit.and_then(|permit| permit.permit().items.clone())
    }

    /// Whether this is the origin's.
    pub fn is_origin(&self) -> bool {
        self.permit.is_none()
    }

    /// Whether it was granted to that identity, and so can be given on by it.
    pub fn is_for(&self, who: Fingerprint) -> bool {
        match &self.permit {
            Some(permit) => permit.permit().to == who,
            None => self.granter == who,
        }
    }

    /// The bounds of what is given on; none at the origin.
    pub fn bounds(&self) -> Option<Bounds<'_>> {
        self.onward().map(|onward| Bounds {
            onward,
            keys: &self.keys,
        })
    }

    /// How the next permit names the one before it.
    pub fn parent(&self) -> Option<Digest> {
        self.permit.as_ref().map(SignedPermit::digest)
    }

    /// The chain with one more permit, as it travels.
    pub fn chain_with(&self, permit: &SignedPermit) -> Vec<Bytes> {
        let ders = self.chain.iter().map(|der| Bytes(der.clone()));
        ders.chain([Bytes(permit.der().to_vec())]).collect()
    }

    /// The items of a share that can be given on from here.
    pub fn items(&self, manifest: &SignedManifest) -> Vec<Planned> {
        let covered = |id| {
            self.permit
                .as_ref()
                .is_none_or(|permit| permit.permit().covers(id))
        };
        let items = manifest.manifest().items.iter();
        items
            .filter(|item| covered(item.id) && self.keys.tier(item.id).is_some())
            .map(|item| Planned {
                id: item.id,
                kind: item.kind,
            })
            .collect()
    }
}

/// Another program of the house was quicker with something else.
pub(in crate::sharing) fn became_other() -> Fault {
    let words = "what this stands on became other meanwhile; do it again";
    Fault::new("busy", words)
}
