//! One share in full: items, people, parts, permits and how far it got. Reads only.

use serde::Serialize;

use super::{Copy, ListedItem, PassedInside, SentTo, StationRules, Told, clean_line, standing};
use crate::address::Mailbox;
use crate::album::{DestinationState, Share, ShareItem};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::message::{Onward, SignedPermit};
use crate::rules::Tier;
use crate::sharing::{Fault, Household};

/// A share with all that is known of it here.
#[derive(Debug, Clone, Serialize)]
pub struct ShownShare {
    /// Its short name here.
    pub share: String,
    /// Whether it is this household's own.
    pub own: bool,
    /// Who granted it, or this household.
    pub from: Option<Mailbox>,
    /// What that household calls itself.
    pub from_name: String,
    /// The title.
    pub title: String,
    /// The message.
    pub message: String,
    /// Whether a household passed it on that nobody here knows: title and message came by way of that one.
    pub by_unknown: bool,
    /// `arriving`, `complete`, `expired` or `revoked`.
    pub state: &'static str,
    /// When it was made.
    pub created: Timestamp,
    /// When its first letter was taken here.
    pub arrived: Timestamp,
    /// The items.
    pub items: Vec<ShownItem>,
    /// What the people of this house may do; of an own share, what the people of others may.
    pub stations: Vec<StationRules>,
    /// What people of this house passed on to each other.
    pub inside: Vec<PassedInside>,
    /// What of each tier is here.
    pub parts: Vec<ShownParts>,
    /// The permits it stands on, from the origin on; of an own share those that were given.
    pub permits: Vec<ShownPermit>,
    /// How far it got where it was granted from here.
    pub destinations: Vec<SentTo>,
    /// Copies further on, as far as receipts told.
    pub copies: Vec<Copy>,
}

/// An item with what its `about` tells.
#[derive(Debug, Clone, Serialize)]
pub struct ShownItem {
    /// Short name, name and media type.
    #[serde(flatten)]
    pub listed: ListedItem,
    /// `picture`, `sound`, `video`, `document` or `file`.
    pub kind: &'static str,
    /// The caption.
    pub caption: Option<String>,
    /// Local time.
    pub taken: Option<String>,
    /// Pixels as seen.
    pub width: Option<u32>,
    /// Pixels as seen.
    pub height: Option<u32>,
}

/// The parts of one tier of all items.
#[derive(Debug, Clone, Serialize)]
pub struct ShownParts {
    /// The tier.
    pub tier: Tier,
    /// How many parts the manifest lists.
    pub listed: usize,
    /// How many of them are meant to come here.
    pub wanted: usize,
    /// How many of them are here.
    pub held: usize,
    /// Sealed bytes that are here.
    pub bytes: u64,
}

/// One permit.
#[derive(Debug, Clone, Serialize)]
pub struct ShownPermit {
    /// Who grants.
    pub from: Fingerprint,
    /// Where that is, if it is known here.
    pub from_mailbox: Option<Mailbox>,
    /// Who is granted.
    pub to: Fingerprint,
    /// Where that is, if it is known here.
    pub to_mailbox: Option<Mailbox>,
    /// The best tier granted.
    pub tier: Tier,
    /// How many items; `None`: all.
    pub items: Option<usize>,
    /// What may travel on; `None`: nothing.
    pub onward: Option<Onward>,
    /// When.
    pub issued: Timestamp,
}

impl Household {
    /// One share in full.
    pub fn show(&self, reference: &str) -> Result<ShownShare, Fault> {
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let share = rows.share(reference)?.ok_or_else(|| {
            Fault::usage("unknown_share", format!("there is no share {reference:?}"))
                .hint("`hearthpost received` and `hearthpost sent` show what there is")
        })?;
        let own = self.keys.is_ours(share.origin);
        let base = self.received_share(&share, Vec::new())?;
        let holdings = standing(rows, &share)?;
        let (mut stations, mut permits) = (base.stations, Vec::new());
        if own {
            stations.clear();
            for destination in rows.destinations(share.id)? {
                let gone = match destination.state {
                    DestinationState::Revoked | DestinationState::Deleted => {
                        Some(destination.changed)
                    }
                    _ => share.ended,
                };
                let permit = SignedPermit::of_stored(&destination.permit)?;
                let onward = permit.permit().onward.as_ref();
                let told = Told {
                    language: self.language,
                    mailbox: &destination.mailbox,
                    stations: &destination.stations,
                    there: true,
                    further: onward.map(|onward| &onward.rules).into(),
                };
                stations.extend(told.all(gone, None));
                permits.push(self.shown_permit(&permit)?);
            }
        } else {
            for holding in &holdings {
                for der in &holding.chain {
                    permits.push(self.shown_permit(&SignedPermit::of_stored(der)?)?);
                }
            }
        }
        Ok(ShownShare {
            share: base.share,
            own,
            from: if own {
                Some(self.config.mailbox.clone())
            } else {
                base.from
            },
            from_name: if own {
                self.config.name.clone()
            } else {
                base.from_name
            },
            title: base.title,
            message: base.message,
            by_unknown: base.by_unknown,
            state: base.state,
            created: share.created,
            arrived: share.arrived,
            items: self
                .listed_items(&share)?
                .into_iter()
                .map(shown_item)
                .collect(),
            stations,
            inside: base.inside,
            parts: self.shown_parts(&share)?,
            permits,
            destinations: base.destinations,
            copies: self.copies(&share)?,
        })
    }

    fn shown_parts(&self, share: &Share) -> Result<Vec<ShownParts>, Fault> {
        let parts = self.album.rows().parts(share.id)?;
        let tiers = Tier::ALL.into_iter().map(|tier| {
            let of_tier = || parts.iter().filter(move |part| part.tier == tier);
            let held = || of_tier().filter(|part| part.held);
            ShownParts {
                tier,
                listed: of_tier().count(),
                wanted: of_tier().filter(|part| part.wanted).count(),
                held: held().count(),
                bytes: held().map(|part| part.len).sum(),
            }
        });
        Ok(tiers.filter(|tier| tier.listed > 0).collect())
    }

    fn shown_permit(&self, signed: &SignedPermit) -> Result<ShownPermit, Fault> {
        let permit = signed.permit();
        Ok(ShownPermit {
            from: permit.from,
            from_mailbox: self.mailbox_of(permit.from)?,
            to: permit.to,
            to_mailbox: self.mailbox_of(permit.to)?,
            tier: permit.tier,
            items: permit.items.as_ref().map(Vec::len),
            onward: permit.onward.clone(),
            issued: permit.issued,
        })
    }
}

fn shown_item((item, listed): (ShareItem, ListedItem)) -> ShownItem {
    ShownItem {
        listed,
        kind: item.kind.as_str(),
        caption: item.caption.as_deref().map(clean_line),
        taken: item.taken,
        width: item.width,
        height: item.height,
    }
}
