//! A yes to a request where what was given cannot be given once more: because the parts it needs are not kept any more, or the
//! share was taken back, the items are shared anew. What would become of it is foreseen here as it will be.

use super::offer::Yes;
use crate::address::StationName;
use crate::album::{Share, ShareItem, ShareState, SharedBy};
use crate::message::SignedManifest;
use crate::rendition::Lengths;
use crate::sharing::forward::ForwardOrder;
use crate::sharing::share::Order;
use crate::sharing::{Fault, Household, Now};

/// Own items, and who of the house shared them.
type MadeFrom = (Vec<String>, Option<StationName>);

impl Household {
    /// Fails where a yes would be refused. Nothing is recorded.
    pub(super) fn foresee_yes(&self, yes: Yes, share: &Share, now: Now) -> Result<(), Fault> {
        let given = match share.state == ShareState::Revoked {
            true => Err(taken_back()),
            false => self.foresee_giving(&yes.order(share), now),
        };
        match given {
            Err(fault) if self.is_shared_anew(share, &fault) => {
                self.refuse_without_people()?;
                let order = self.order_anew(share, yes)?.ok_or(fault)?;
                self.foresee(&order, now).map(drop)
            }
            given => given,
        }
    }

    /// Fails where [`Household::forward`] would, also because parts are not here.
    fn foresee_giving(&self, order: &ForwardOrder, now: Now) -> Result<(), Fault> {
        let (share, ground, gifts) = self.gifts_of(order, now)?;
        let manifest = SignedManifest::verify(&self.album.rows().manifest(share.id)?)?;
        for gift in gifts {
            self.work_out(&share, &ground, &manifest, gift, now.now)?;
        }
        Ok(())
    }

    /// Whether what was refused so is shared anew instead.
    pub(super) fn is_shared_anew(&self, share: &Share, refused: &Fault) -> bool {
        ["parts_gone", "replaced"].contains(&refused.code) && self.keys.is_ours(share.origin)
    }

    /// The order that shares anew what a yes gives; `None`: it cannot be shared anew.
    pub(super) fn order_anew(&self, share: &Share, yes: Yes) -> Result<Option<Order>, Fault> {
        let Some((what, viewer)) = self.made_from(share, &yes.items)? else {
            return Ok(None);
        };
        let onward = yes.onward.filter(|_| yes.rules.forward);
        Ok(Some(Order {
            what,
            stations: vec![(yes.address, yes.rules)],
            onward,
            title: share.title.clone(),
            message: share.message.clone(),
            excerpt: Lengths::USUAL,
            yes: true,
            // At the command line all is seen, what somebody has alone too.
            alone: viewer.is_none() || yes.items.iter().all(|item| item.goes_with.is_none()),
            viewer,
            ..Order::default()
        }))
    }

    /// What of the own album those items were made of, and who of the house shared them: whoever says yes shares it anew
    /// for that person. `None` where one was made of a file that is not kept, or whoever shared them has left the house; a
    /// clip is cut out of its picture once more.
    fn made_from(&self, share: &Share, items: &[ShareItem]) -> Result<Option<MadeFrom>, Fault> {
        let rows = self.album.rows();
        let mut what = Vec::new();
        for item in items {
            match rows.own_item_of(item.id)? {
                Some(own) => what.push(own),
                None if item.goes_with.is_some() => {}
                None => return Ok(None),
            }
        }
        Ok(match rows.shared_by(share.id)? {
            SharedBy::House => Some((what, None)),
            SharedBy::Person(person) => Some((what, Some(person))),
            // In whose name it would be, nobody can say any more.
            SharedBy::Gone => None,
        })
    }
}

/// Nothing more is given of it.
pub(in crate::sharing) fn taken_back() -> Fault {
    Fault::new("parts_gone", "it was taken back")
}
