//! Shares that this household made or passed on: where they went, how far each got, and copies further on.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::{SentTo, clean_line};
use crate::address::{Mailbox, StationName};
use crate::album::{CopyState, Rows, Share, SharedBy};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::message::{SignedPermit, permit};
use crate::rules::{Further, Tier, Together, Who, describe_ended, describe_exactly};
use crate::sharing::relay::on_its_way::way_of;
use crate::sharing::share::plan::most_further_on;
use crate::sharing::words::show_time;
use crate::sharing::{Fault, Household};

/// A share of this household's own.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentShare {
    /// Its short name here.
    pub share: String,
    /// The title.
    pub title: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// Whether it is this household's own; another's was passed on from here.
    pub own: bool,
    /// Who of the house shared it; none: somebody at the command line, or who has left the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    pub by: Option<StationName>,
    /// Whose it is.
    #[serde(skip)]
    pub whose: SharedBy,
    /// How many items it has.
    pub count: u64,
    /// What they are, for people.
    #[serde(skip)]
    pub kind: Together,
    /// The own items that it was made from, by their short names, as far as they are in the album and whoever asks sees them.
    pub made_from: Vec<String>,
    /// The households it was granted to.
    pub destinations: Vec<SentTo>,
    /// Copies further on, as far as receipts told.
    pub copies: Vec<Copy>,
}

/// A copy that another household passed on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Copy {
    /// Who has it.
    #[schema(value_type = String)]
    pub household: Fingerprint,
    /// Where that is, if it is known here.
    #[schema(value_type = Option<String>)]
    pub mailbox: Option<Mailbox>,
    /// What that household calls itself, if it is known here.
    pub name: Option<String>,
    /// Who passed it on.
    #[schema(value_type = String)]
    pub by: Fingerprint,
    /// What that household calls itself, if it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub by_name: Option<String>,
    /// Where that is, if it is known here.
    #[schema(value_type = Option<String>)]
    pub by_mailbox: Option<Mailbox>,
    /// The best tier that it has of any item.
    #[schema(value_type = String)]
    pub tier: Tier,
    /// How many items; `None`: all.
    pub items: Option<usize>,
    /// The most that may be done there, as a sentence: what really was granted only that household knows.
    pub words: String,
    /// Until when at most.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// `forwarded`, `revoked` or `deleted`.
    pub state: &'static str,
    /// It was taken back before anything of it had gone there.
    pub never_went: bool,
    /// When that last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
}

impl Household {
    /// What this household shared or passed on, newest first.
    pub fn sent(&self) -> Result<Vec<SentShare>, Fault> {
        self.all_sent(None)
    }

    /// The same as a viewer of the album sees it, who is told of no items that are another's alone.
    pub(super) fn all_sent(&self, viewer: Option<&StationName>) -> Result<Vec<SentShare>, Fault> {
        let _moment = self.album.moment()?;
        let shares = self.album.rows().shares()?;
        let sent = shares.iter().map(|share| self.sent_out(share, viewer));
        sent.filter_map(Result::transpose).collect()
    }

    /// A share as it went out; `None`: nothing of it did.
    pub(super) fn sent_out(
        &self,
        share: &Share,
        viewer: Option<&StationName>,
    ) -> Result<Option<SentShare>, Fault> {
        let rows = self.album.rows();
        let own = self.keys.is_ours(share.origin);
        let destinations = self.sent_to(share)?;
        if !own && destinations.is_empty() {
            return Ok(None);
        }
        let whose = rows.shared_by(share.id)?;
        Ok(Some(SentShare {
            by: whose.person().cloned(),
            whose,
            share: share.reference.clone(),
            title: clean_line(&share.title),
            created: share.created,
            own,
            count: match own {
                true => rows.count_share_items(share.id)?,
                false => passed_on(rows, share)?,
            },
            kind: rows.kinds_of_share(share.id)?,
            made_from: rows.own_items_of(share.id, viewer)?,
            destinations,
            copies: self.copies(share)?,
        }))
    }

    /// The copies further on of which receipts told. Of those that one household gave another, one after the other, the
    /// newest: it has taken the place of those before.
    pub(super) fn copies(&self, share: &Share) -> Result<Vec<Copy>, Fault> {
        let rows = self.album.rows();
        let mut copies = Vec::new();
        let mut newest: BTreeMap<(Fingerprint, Fingerprint), (bool, Timestamp)> = BTreeMap::new();
        let mut known = Vec::new();
        for copy in rows.onward_copies(share.id)? {
            let chain = permit::all_of_stored(&copy.chain)?;
            if let Some(last) = chain.last() {
                // One that never went has taken no place.
                let which = (!copy.never_went, last.permit().issued);
                let so_far = newest.entry((copy.holder, last.permit().from));
                let so_far = so_far.or_insert(which);
                *so_far = which.max(*so_far);
                known.push((copy, chain));
            }
        }
        let language = self.language;
        let show = |time| show_time(language, time);
        for (copy, chain) in known {
            let Some(last) = chain.last() else {
                continue;
            };
            let which = (!copy.never_went, last.permit().issued);
            if newest.get(&(copy.holder, last.permit().from)) != Some(&which) {
                continue;
            }
            // What was to be passed on there is listed with the households it was shared with.
            if way_of(rows, share.id, &chain)?.is_some() {
                continue;
            }
            let most = most_further_on(&chain);
            let contact = rows.contact(copy.holder)?;
            copies.push(Copy {
                household: copy.holder,
                mailbox: self.mailbox_of(copy.holder)?,
                name: contact.map(|contact| clean_line(&contact.name)),
                by: last.permit().from,
                by_name: rows
                    .contact(last.permit().from)?
                    .map(|contact| clean_line(&contact.name)),
                by_mailbox: self.mailbox_of(last.permit().from)?,
                tier: last.permit().tier,
                items: last.permit().items.as_ref().map(Vec::len),
                words: match copy.state {
                    CopyState::Forwarded => {
                        // What travels on from there is told by whom it reaches.
                        let further = Further::Unsaid;
                        describe_exactly(language, Who::SomeoneThere, &most, further, show)
                    }
                    _ => {
                        let end = most
                            .not_after
                            .map_or(copy.changed, |end| end.min(copy.changed));
                        describe_ended(language, Who::SomeoneThere, &most, end, show)
                    }
                },
                until: most.not_after,
                state: copy.state.as_str(),
                changed: copy.changed,
                never_went: copy.never_went,
            });
        }
        Ok(copies)
    }
}

/// How many items of another's share went on from here.
fn passed_on(rows: Rows<'_>, share: &Share) -> Result<u64, Fault> {
    let mut items = BTreeSet::new();
    for destination in rows.destinations(share.id)? {
        let permit = SignedPermit::of_stored(&destination.permit)?;
        match &permit.permit().items {
            Some(named) => items.extend(named.iter().copied()),
            None => return Ok(rows.count_share_items(share.id)?),
        }
    }
    match items.len() {
        // What waits for a card alone has no permit yet.
        0 => Ok(rows.count_share_items(share.id)?),
        count => Ok(count as u64),
    }
}
