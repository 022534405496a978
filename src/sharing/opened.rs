//! The keys of a holding, out of its sealed grant, for as long as they are needed.

use std::collections::BTreeMap;

use super::Fault;
use crate::album::{Album, Holding, HoldingState, Keys as OwnKeys, Rows};
use crate::envelope::{ContentKey, Id, ItemKey, open_letter};
use crate::message::grant::Bytes;
use crate::message::mime::read_pkcs7_entity;
use crate::message::{Body, Keys, read_letter};
use crate::rules::Tier;

/// What a live holding opens.
pub(super) struct Opened {
    /// Row id of the holding.
    pub holding: i64,
    pub keys: Keys,
    /// The permits on which it stands; empty for an own share.
    pub chain: Vec<Bytes>,
}

/// The opened holdings of shares, each opened once.
#[derive(Default)]
pub(super) struct Openers(BTreeMap<i64, Vec<Opened>>);

impl Openers {
    /// The live holdings of a share, opened.
    pub fn of(&mut self, rows: Rows<'_>, own: &OwnKeys, share: i64) -> Result<&[Opened], Fault> {
        use std::collections::btree_map::Entry;
        match self.0.entry(share) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let opened = rows
                    .holdings(share)?
                    .iter()
                    .filter(|holding| holding.state == HoldingState::Live)
                    .map(|holding| open(rows, holding, own))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(entry.insert(opened))
            }
        }
    }

    /// One opened holding of a share.
    pub fn get(&self, share: i64, holding: i64) -> Option<&Opened> {
        let opened = self.0.get(&share)?;
        opened.iter().find(|one| one.holding == holding)
    }

    /// The key of one tier of an item of a share, by whichever holding reaches it.
    pub fn key(
        &mut self,
        rows: Rows<'_>,
        own: &OwnKeys,
        share: i64,
        item: Id,
        tier: Tier,
    ) -> Result<Option<ItemKey>, Fault> {
        let opened = self.of(rows, own, share)?;
        Ok(opened.iter().find_map(|one| one.keys.key(item, tier)))
    }
}

/// Gives the holdings of an album of version 1 the chains that only their sealed grants tell.
pub(super) fn recall_chains(album: &mut Album, own: &OwnKeys) -> Result<(), Fault> {
    let me = own.identity.fingerprint();
    let mut without = album.rows().holdings_without_chain(me)?;
    without.retain(|holding| !own.is_ours(holding.granter));
    if without.is_empty() {
        return Ok(());
    }
    album.commit(|rows| {
        for holding in &without {
            let opened = open(rows, holding, own)?;
            let chain: Vec<Vec<u8>> = opened.chain.into_iter().map(|der| der.0).collect();
            rows.set_holding_chain(holding.id, &chain)?;
        }
        Ok(())
    })
}

fn open(rows: Rows<'_>, holding: &Holding, own: &OwnKeys) -> Result<Opened, Fault> {
    open_sealed(&sealed(rows, holding.id)?, holding, own)
}

/// The grant of a holding, as it lies.
pub(super) fn sealed(rows: Rows<'_>, holding: i64) -> Result<Vec<u8>, Fault> {
    let sealed = rows.holding_grant(holding)?;
    sealed.ok_or_else(|| broken("its keys are gone"))
}

fn broken(words: &str) -> Fault {
    Fault::new("grant", format!("a stored grant does not open: {words}"))
}

/// The same out of its grant.
pub(super) fn open_sealed(
    sealed: &[u8],
    holding: &Holding,
    own: &OwnKeys,
) -> Result<Opened, Fault> {
    let content =
        open_letter(sealed, &own.encryption).map_err(|error| broken(&error.to_string()))?;
    let content = zeroize::Zeroizing::new(content);
    if own.is_ours(holding.granter) {
        let key = content
            .as_slice()
            .try_into()
            .map_err(|_| broken("no content key inside"))?;
        return Ok(Opened {
            holding: holding.id,
            keys: Keys::Share(ContentKey::from_bytes(key)),
            chain: Vec::new(),
        });
    }
    let signed = read_pkcs7_entity(&content)?;
    match read_letter(&signed, true)?.body {
        Body::Grant(grant, _) => Ok(Opened {
            holding: holding.id,
            keys: grant.keys.clone(),
            chain: grant.chain,
        }),
        other => Err(broken(&format!("a {} inside", other.kind()))),
    }
}
