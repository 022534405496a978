//! What there is: shares that came, shares that were sent, and one share in full. Reads only, and changes nothing.
//!
//! The shapes are those of the command line's JSON. Texts from other households are cleaned here, because every reader
//! of these shows them to people.

pub mod frame;
mod given_anew;
pub(super) mod granter;
pub(super) mod named;
pub mod outgoing;
pub mod overview;
pub mod personal;
mod sent;
mod sent_to;
pub(super) mod side_by_side;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use self::granter::granter_of;
use self::named::{first, is_by_unknown};
pub use self::sent::{Copy, SentShare};
pub use self::sent_to::{Carried, SentTo};
use self::side_by_side::side_by_side;
use super::forward::onward::onward_of_chain;
pub use super::words::{
    clean_line, clean_name, file_name, show_day, show_day_taken, show_taken, show_time,
};
use super::words::{clean_owned, clean_text, is_clean_name};
use super::{Fault, Household};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::{Contact, Holding, HoldingState, Rows, Share, ShareItem};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::Station;
use crate::rules::{Further, Kind, Rules, Who, describe, describe_ended, describe_exactly};
use crate::words::{Language, say};

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
    /// Whether a household passed it on that nobody here knows: title and message came by way of that one.
    pub by_unknown: bool,
    /// `arriving`, `complete`, `expired` or `revoked`.
    pub state: &'static str,
    /// When its first letter was taken here.
    pub arrived: Timestamp,
    /// The items, in the sender's order.
    pub items: Vec<ListedItem>,
    /// What the people of this house may do.
    pub stations: Vec<StationRules>,
    /// What people of this house passed on to each other.
    pub inside: Vec<PassedInside>,
    /// How far what people of this house passed on to other households got.
    pub destinations: Vec<SentTo>,
}

/// What a person of the house passed on to another one of it.
#[derive(Debug, Clone, Serialize)]
pub struct PassedInside {
    /// To whom, and what that person may do by it.
    #[serde(flatten)]
    pub to: StationRules,
    /// By whom.
    pub passed_by: StationName,
    /// How many items.
    pub items: usize,
    /// When.
    pub issued: Timestamp,
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

impl Household {
    /// What others shared with this household, newest first.
    pub fn received(&self) -> Result<Vec<ReceivedShare>, Fault> {
        let _moment = self.album.moment()?;
        let mut shares = self.album.rows().shares()?;
        // What is here for others alone is nobody's here.
        let for_others = self.album.rows().only_relayed()?;
        shares.retain(|share| !self.keys.is_ours(share.origin) && !for_others.contains(&share.id));
        let wanted = shares.iter().map(|share| share.id).collect();
        let mut names = self.album.rows().item_names(&wanted)?;
        let mut received = Vec::new();
        for share in &shares {
            let names = names.remove(&share.id).unwrap_or_default().into_iter();
            let items = names.map(|item| ListedItem {
                goes_with: None,
                name: shown_name(self.language, item.name, item.kind, item.position),
                media_type: item.media_type.map(clean_owned),
                id: item.reference,
            });
            received.push(self.received_share(share, items.collect())?);
        }
        Ok(received)
    }

    fn received_share(
        &self,
        share: &Share,
        items: Vec<ListedItem>,
    ) -> Result<ReceivedShare, Fault> {
        let rows = self.album.rows();
        let holdings = standing(rows, share)?;
        let (contact, by_unknown) = match first(rows, &holdings)? {
            Some(holding) => (
                granter_of(rows, share, holding)?,
                is_by_unknown(rows, share, holding)?,
            ),
            None => (None, false),
        };
        Ok(ReceivedShare {
            share: share.reference.clone(),
            from_name: name_of(self.language, contact.as_ref()),
            from: contact.map(|contact| contact.mailbox),
            title: clean_line(&share.title),
            message: clean_text(&share.message),
            by_unknown,
            state: share.state.as_str(),
            arrived: share.arrived,
            items,
            stations: self.granted_stations(share, &holdings)?,
            inside: self.passed_inside(share, &holdings)?,
            destinations: self.sent_to(share)?,
        })
    }

    /// What was passed on within the house on these holdings.
    fn passed_inside(
        &self,
        share: &Share,
        holdings: &[Holding],
    ) -> Result<Vec<PassedInside>, Fault> {
        let rows = self.album.rows();
        let mut all = Vec::new();
        for holding in holdings {
            let inside = rows.local_grants(holding.id)?;
            if inside.is_empty() {
                continue;
            }
            let onward = onward_of_chain(&holding.chain)?;
            for local in inside {
                let station = Station {
                    name: local.station,
                    rules: local.rules,
                };
                let told = Told {
                    language: self.language,
                    mailbox: &self.config.mailbox,
                    stations: std::slice::from_ref(&station),
                    there: false,
                    further: onward.as_ref().into(),
                };
                let since = rows.viewable_since(share.id, &station.name)?;
                all.push(PassedInside {
                    to: told.of(&station, expires(&station.rules, since), share.ended),
                    passed_by: local.passed_by,
                    items: local.items.len(),
                    issued: local.issued,
                });
            }
        }
        Ok(all)
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
                name: shown_name(self.language, item.name.clone(), item.kind, position),
                media_type: item.media_type.clone().map(clean_owned),
            };
            (item, listed)
        });
        let with = |(_, listed): &(ShareItem, ListedItem)| listed.goes_with.clone();
        let id = |(_, listed): &(ShareItem, ListedItem)| listed.id.clone();
        Ok(side_by_side(listed.collect(), id, with))
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
            let onward = onward_of_chain(&holding.chain)?;
            let told = Told {
                language: self.language,
                mailbox: &self.config.mailbox,
                stations: &stations,
                there: false,
                further: onward.as_ref().into(),
            };
            for station in &stations {
                let since = self.viewable_since(share, &station.name, &stations)?;
                let expires = expires(&station.rules, since);
                all.push(told.of(station, expires, share.ended));
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
}

/// A cleaned name; a neutral one until the item's own has come.
fn shown_name(language: Language, name: Option<String>, kind: Kind, position: i64) -> String {
    match name {
        Some(name) if is_clean_name(&name) => name,
        name => {
            let fallback = say(
                language,
                kind_key(kind),
                &[("number", (position + 1).into())],
            );
            clean_name(name.as_deref().unwrap_or_default(), &fallback)
        }
    }
}

fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Picture => "nameless-picture",
        Kind::Sound => "nameless-sound",
        Kind::Video => "nameless-video",
        Kind::Document => "nameless-document",
        Kind::File => "nameless-file",
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

/// What is told of the stations of one household.
struct Told<'t> {
    language: Language,
    mailbox: &'t Mailbox,
    /// All of them.
    stations: &'t [Station],
    /// It is another household, and the reader's is the one who gives.
    there: bool,
    /// What may travel on from there.
    further: Further<'t>,
}

impl Told<'_> {
    /// All of them, each until the end that is written there; where they had it `since` then at the latest, until that of
    /// its period too.
    fn all(&self, ended: Option<Timestamp>, since: Option<Timestamp>) -> Vec<StationRules> {
        let since = since.filter(|_| ended.is_none());
        let one = |one: &Station| self.of(one, expires(&one.rules, since), ended);
        self.stations.iter().map(one).collect()
    }

    /// `ended`: when all of it was over, if it is.
    fn of(
        &self,
        station: &Station,
        expires: Option<Timestamp>,
        ended: Option<Timestamp>,
    ) -> StationRules {
        let alone = self.stations.iter().all(|one| one.name.is_everyone());
        let everyone = match self.there {
            true => Who::EveryoneThere,
            false => Who::Everyone,
        };
        let who = match station.name.is_everyone() {
            true if alone => everyone,
            true => everyone.beside_others(),
            false => Who::Named(station.name.as_str()),
        };
        let (language, further, rules) = (self.language, self.further, &station.rules);
        let show = |time| show_time(language, time);
        let words = match ended {
            Some(ended) => {
                let end = expires.map_or(ended, |expires| expires.min(ended));
                describe_ended(language, who, rules, end, show)
            }
            None if self.there => describe_exactly(language, who, rules, further, show),
            None => describe(language, who, rules, further, show),
        };
        StationRules {
            address: StationAddress {
                mailbox: self.mailbox.clone(),
                station: station.name.clone(),
            },
            words,
            rules: station.rules.clone(),
            expires,
        }
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

fn name_of(language: Language, contact: Option<&Contact>) -> String {
    contact.map_or_else(
        || say(language, "forgotten-household", &[]),
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
