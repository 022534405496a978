//! What there is: shares that came, shares that were sent, and one share in full. Reads only, and changes nothing.
//!
//! The shapes are those of the command line's JSON. Texts from other households are cleaned here, because every reader
//! of these shows them to people.

pub mod frame;
pub mod outgoing;
pub mod overview;
pub mod personal;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::bounces::what_follows;
use super::plan::most_further_on;
use super::resend::goes_wrong;
pub use super::words::{clean_line, show_day, show_time};
use super::words::{clean_name, clean_owned, clean_text, is_clean_name};
use super::{Fault, Household};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::{
    Contact, CopyState, DestinationState, Holding, HoldingState, Returned, Rows, Share, ShareItem,
};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::Station;
use crate::message::permit;
use crate::rules::{Kind, Rules, Tier, describe, describe_ended};

/// A share that another household granted to this one.
#[derive(Debug, Clone, Serialize)]
pub struct ReceivedShare {
    /// Its short name here.
    pub share: String,
    /// The mailbox of who granted it; `None` where that household was forgotten.
    pub from: Option<Mailbox>,
    /// What that household calls itself.
    pub from_name: String,
    /// The title.
    pub title: String,
    /// The message.
    pub message: String,
    /// `arriving`, `complete`, `expired` or `revoked`.
    pub state: &'static str,
    /// When its first letter was taken here.
    pub arrived: Timestamp,
    /// The items, in the sender's order.
    pub items: Vec<ListedItem>,
    /// What the people of this house may do.
    pub stations: Vec<StationRules>,
}

/// One item of a share.
#[derive(Debug, Clone, Serialize)]
pub struct ListedItem {
    /// Its short name here.
    pub id: String,
    /// Its cleaned name; a neutral one until the item's own has arrived.
    pub name: String,
    /// What it is said to be; `None` until that has arrived.
    pub media_type: Option<String>,
    /// Short name of the item of the same share that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_with: Option<String>,
}

/// What one station may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StationRules {
    /// Which.
    #[schema(value_type = String)]
    pub address: StationAddress,
    /// The rules.
    #[schema(value_type = Object)]
    pub rules: Rules,
    /// When it is over, as far as that is known yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires: Option<Timestamp>,
    /// The rules as a sentence.
    pub words: String,
}

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
    /// Who of the house shared it; none: somebody at the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    pub by: Option<StationName>,
    /// How many items it has.
    pub count: u64,
    /// The own items that it was made from, by their short names, as far as they are in the album.
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
    /// When that last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
}

/// How far a share got at one household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentTo {
    /// Where.
    #[schema(value_type = String)]
    pub mailbox: Mailbox,
    /// What the people there may do.
    pub stations: Vec<StationRules>,
    /// What the household calls itself.
    pub name: String,
    /// `waiting`, `queued`, `sent`, `delivered`, `refused`, `failed`, `revoked` or `deleted`.
    pub state: &'static str,
    /// Why not further.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The person of this house who passed it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub passed_by: Option<StationName>,
    /// When that last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
    /// What a mail about it said that came back. Anybody can write one: a doubt, until the household answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounce: Option<String>,
    /// When what a full mailbox sent back goes again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub again: Option<Timestamp>,
    /// It did not get there, came back, or is missing there, and can be sent again.
    pub goes_wrong: bool,
}

impl Household {
    /// What others shared with this household, newest first.
    pub fn received(&self) -> Result<Vec<ReceivedShare>, Fault> {
        let _moment = self.album.moment()?;
        let mut shares = self.album.rows().shares()?;
        shares.retain(|share| share.origin != self.me());
        let wanted = shares.iter().map(|share| share.id).collect();
        let mut names = self.album.rows().item_names(&wanted)?;
        let mut received = Vec::new();
        for share in &shares {
            let names = names.remove(&share.id).unwrap_or_default().into_iter();
            let items = names.map(|item| ListedItem {
                goes_with: None,
                name: shown_name(item.name, item.kind, item.position),
                media_type: item.media_type.map(clean_owned),
                id: item.reference,
            });
            received.push(self.received_share(share, items.collect())?);
        }
        Ok(received)
    }

    /// What this household shared or passed on, newest first.
    pub fn sent(&self) -> Result<Vec<SentShare>, Fault> {
        let _moment = self.album.moment()?;
        let mut sent = Vec::new();
        let rows = self.album.rows();
        for share in rows.shares()? {
            let own = share.origin == self.me();
            let destinations = self.sent_to(&share)?;
            if !own && destinations.is_empty() {
                continue;
            }
            sent.push(SentShare {
                share: share.reference.clone(),
                title: clean_line(&share.title),
                created: share.created,
                own,
                by: rows.shared_by(share.id)?,
                count: rows.count_share_items(share.id)?,
                made_from: rows.own_items_of(share.id)?,
                destinations,
                copies: self.copies(&share)?,
            });
        }
        Ok(sent)
    }

    /// The copies further on of which receipts told. Of those that one household gave another, one after the other, the
    /// newest: it has taken the place of those before.
    fn copies(&self, share: &Share) -> Result<Vec<Copy>, Fault> {
        let rows = self.album.rows();
        let mut copies = Vec::new();
        let mut newest: BTreeMap<(Fingerprint, Fingerprint), Timestamp> = BTreeMap::new();
        let mut known = Vec::new();
        for copy in rows.onward_copies(share.id)? {
            let chain = permit::all_of_stored(&copy.chain)?;
            if let Some(last) = chain.last() {
                let (by, issued) = (last.permit().from, last.permit().issued);
                let so_far = newest.entry((copy.holder, by)).or_insert(issued);
                *so_far = issued.max(*so_far);
                known.push((copy, chain));
            }
        }
        for (copy, chain) in known {
            let Some(last) = chain.last() else {
                continue;
            };
            if newest.get(&(copy.holder, last.permit().from)) != Some(&last.permit().issued) {
                continue;
            }
            let most = most_further_on(&chain);
            let contact = rows.contact(copy.holder)?;
            copies.push(Copy {
                household: copy.holder,
                mailbox: self.mailbox_of(copy.holder)?,
                name: contact.map(|contact| clean_line(&contact.name)),
                by: last.permit().from,
                by_mailbox: self.mailbox_of(last.permit().from)?,
                tier: last.permit().tier,
                items: last.permit().items.as_ref().map(Vec::len),
                words: match copy.state {
                    CopyState::Forwarded => describe("At most, someone there", &most, show_time),
                    _ => {
                        let end = most
                            .not_after
                            .map_or(copy.changed, |end| end.min(copy.changed));
                        describe_ended("At most, someone there", &most, end, show_time)
                    }
                },
                until: most.not_after,
                state: copy.state.as_str(),
                changed: copy.changed,
            });
        }
        Ok(copies)
    }

    fn received_share(
        &self,
        share: &Share,
        items: Vec<ListedItem>,
    ) -> Result<ReceivedShare, Fault> {
        let rows = self.album.rows();
        let holdings = standing(rows, share)?;
        let contact = match holdings.first() {
            Some(holding) => rows.contact(holding.granter)?,
            None => None,
        };
        Ok(ReceivedShare {
            share: share.reference.clone(),
            from_name: name_of(contact.as_ref()),
            from: contact.map(|contact| contact.mailbox),
            title: clean_line(&share.title),
            message: clean_text(&share.message),
            state: share.state.as_str(),
            arrived: share.arrived,
            items,
            stations: self.granted_stations(share, &holdings)?,
        })
    }

    fn listed_items(&self, share: &Share) -> Result<Vec<(ShareItem, ListedItem)>, Fault> {
        let items = self.album.rows().share_items(share.id)?;
        let names: BTreeMap<Id, String> = items
            .iter()
            .map(|item| (item.wire, item.reference.clone()))
            .collect();
        let listed = (0..).zip(items).map(|(position, item)| {
            let with = item.goes_with.filter(|with| *with != item.wire);
            let listed = ListedItem {
                goes_with: with.and_then(|with| names.get(&with).cloned()),
                id: item.reference.clone(),
                name: shown_name(item.name.clone(), item.kind, position),
                media_type: item.media_type.clone().map(clean_owned),
            };
            (item, listed)
        });
        Ok(listed.collect())
    }

    /// What was granted to each station of this household, by each of these holdings.
    fn granted_stations(
        &self,
        share: &Share,
        holdings: &[Holding],
    ) -> Result<Vec<StationRules>, Fault> {
        let rows = self.album.rows();
        let mut all = Vec::new();
        for holding in holdings {
            let stations = rows.holding_stations(holding.id)?;
            for station in &stations {
                let since = self.viewable_since(share, &station.name, &stations)?;
                let expires = expires(&station.rules, since);
                all.push(station_rules(
                    &self.config.mailbox,
                    station,
                    expires,
                    share.ended,
                ));
            }
        }
        Ok(all)
    }

    /// Since when a station can see anything of a share. The period of everyone runs for each person alone: the last
    /// one to begin is the last one to end.
    fn viewable_since(
        &self,
        share: &Share,
        station: &StationName,
        granted: &[Station],
    ) -> Result<Option<Timestamp>, Fault> {
        let rows = self.album.rows();
        if !station.is_everyone() {
            return Ok(rows.viewable_since(share.id, station)?);
        }
        let mut last = rows.viewable_since(share.id, station)?;
        for person in rows.people()? {
            if granted.iter().all(|one| one.name != person.station) {
                last = last.max(rows.viewable_since(share.id, &person.station)?);
            }
        }
        Ok(last)
    }

    fn sent_to(&self, share: &Share) -> Result<Vec<SentTo>, Fault> {
        let rows = self.album.rows();
        let mut all = Vec::new();
        for destination in rows.destinations(share.id)? {
            let returned = match &destination.bounce {
                Some(_) => rows.returned(destination.id)?,
                None => Returned::default(),
            };
            let waits = destination.state == DestinationState::Queued;
            let met = if waits {
                rows.outbox_error(destination.id)?
            } else {
                None
            };
            use DestinationState::{Deleted, Revoked};
            let gone = match destination.state {
                Revoked | Deleted => Some(destination.changed),
                _ => share.ended,
            };
            all.push(SentTo {
                goes_wrong: goes_wrong(rows, share, &destination)?,
                name: name_of(rows.contact(destination.contact)?.as_ref()),
                stations: destination
                    .stations
                    .iter()
                    .map(|one| station_rules(&destination.mailbox, one, one.rules.not_after, gone))
                    .collect(),
                mailbox: destination.mailbox,
                state: destination.state.as_str(),
                error: destination.error.or(met).map(|error| clean_line(&error)),
                passed_by: destination.passed_by,
                changed: destination.changed,
                bounce: destination
                    .bounce
                    .map(|said| clean_line(&said) + &what_follows(returned)),
                again: returned.again,
            });
        }
        Ok(all)
    }

    /// The mailbox of an identity, this household's own included.
    fn mailbox_of(&self, who: Fingerprint) -> Result<Option<Mailbox>, Fault> {
        if who == self.me() {
            return Ok(Some(self.config.mailbox.clone()));
        }
        Ok(self
            .album
            .rows()
            .contact(who)?
            .map(|contact| contact.mailbox))
    }
}

/// A cleaned name; a neutral one until the item's own has come.
fn shown_name(name: Option<String>, kind: Kind, position: i64) -> String {
    match name {
        Some(name) if is_clean_name(&name) => name,
        name => {
            let fallback = format!("{} {}", kind.as_str(), position + 1);
            clean_name(name.as_deref().unwrap_or_default(), &fallback)
        }
    }
}

/// The holdings that decide; of an ended share, what is left of them.
fn standing(rows: Rows<'_>, share: &Share) -> Result<Vec<Holding>, Fault> {
    let all = rows.holdings(share.id)?;
    let live = |holding: &Holding| holding.state == HoldingState::Live;
    Ok(match all.iter().any(live) {
        true => all.into_iter().filter(live).collect(),
        false => all,
    })
}

/// `ended`: when all of it was over, if it is.
fn station_rules(
    mailbox: &Mailbox,
    station: &Station,
    expires: Option<Timestamp>,
    ended: Option<Timestamp>,
) -> StationRules {
    let person = match station.name.is_everyone() {
        true => "Everyone",
        false => station.name.as_str(),
    };
    StationRules {
        address: StationAddress {
            mailbox: mailbox.clone(),
            station: station.name.clone(),
        },
        words: match ended {
            Some(ended) => {
                let end = expires.map_or(ended, |expires| expires.min(ended));
                describe_ended(person, &station.rules, end, show_time)
            }
            None => describe(person, &station.rules, show_time),
        },
        rules: station.rules.clone(),
        expires,
    }
}

/// When rules end: the earlier of the end written there and the end of the period, where it has begun.
fn expires(rules: &Rules, since: Option<Timestamp>) -> Option<Timestamp> {
    let period = rules
        .period
        .zip(since)
        .map(|(period, since)| since.plus(period));
    rules.not_after.into_iter().chain(period).min()
}

fn name_of(contact: Option<&Contact>) -> String {
    contact.map_or_else(
        || "a household that was forgotten".to_owned(),
        |one| clean_line(&one.name),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::parse_rules;

    #[test]
    fn rules_end_with_whatever_ends_first_and_a_period_only_once_it_has_begun() {
        let at = |seconds| Timestamp::from_unix(seconds);
        let rules = |text| parse_rules(text).expect("rules");
        let noon: Timestamp = "2026-11-02T12:00:00Z".parse().expect("a time");
        assert_eq!(expires(&rules("display=full"), Some(noon)), None);
        assert_eq!(expires(&rules("display=full,period=PT1H"), None), None);
        assert_eq!(
            expires(&rules("display=full,period=PT1H"), Some(noon)),
            Some(noon.plus_seconds(3600))
        );
        let both = rules("display=full,period=PT1H,until=2026-11-02T12:30:00Z");
        assert_eq!(expires(&both, Some(noon)), Some(noon.plus_seconds(1800)));
        assert_eq!(expires(&both, Some(at(0))), Some(at(3600)));
    }

    #[test]
    fn a_message_keeps_its_lines_and_nothing_that_moves_a_cursor() {
        assert_eq!(
            clean_text("Hello\u{1b}[2J\r\nyou\u{202e}!"),
            "Hello[2J\nyou!"
        );
    }
}
