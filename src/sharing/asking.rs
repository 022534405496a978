//! A person of the house asks for more of what came: what may be asked, of whom, and what was answered.

use super::granter::asked_of;
use super::narrow::Narrowing;
use super::plan::join;
use super::requests::ListedRequest;
use super::stations::rules_for;
use super::view::gate::Asked;
pub use super::wish::Wish;
use super::wish::{Had, longer};
use super::words::clean_line;
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{Rows, Share};
use crate::message::Station;
use crate::rules::Rules;
use crate::sharing::listing::personal::{May, PersonalShare};

/// So long a request that was answered is still shown to who asked, in seconds.
const SHOWN: u64 = 30 * 86_400;

/// What a person can ask about a share.
#[derive(Debug, Clone)]
pub struct Asking {
    /// What the household calls itself that is asked.
    pub whom: String,
    /// What may be done already.
    pub may: May,
    /// Nothing of it may be done any more.
    pub over: bool,
}

impl Household {
    /// What a person can ask about a share; `None` where it was not for that person, or nobody is there to be asked.
    pub fn asking(
        &self,
        reference: &str,
        person: &StationName,
        now: Now,
    ) -> Result<Option<Asking>, Fault> {
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let share = rows.share(reference)?;
        let Some(share) = share.filter(|share| !self.keys.is_ours(share.origin)) else {
            return Ok(None);
        };
        let Some(whom) = whom(rows, &share)? else {
            return Ok(None);
        };
        let was_for = rows.was_viewable(share.id, person)?;
        let asked = Asked::about(rows, share)?;
        let share = self
            .personal(&asked, person, usize::MAX, now)?
            .filter(|_| !asked.share.state.is_ended());
        if share.is_none() && !was_for {
            return Ok(None);
        }
        Ok(Some(Asking {
            whom,
            may: share.as_ref().map_or_else(May::default, |share| share.may),
            over: !share.is_some_and(|share| share.is_there),
        }))
    }

    /// The same of a share that the person has open.
    pub fn asking_about(&self, opened: &PersonalShare) -> Result<Option<Asking>, Fault> {
        let rows = self.album.rows();
        let share = self.share_called(&opened.share)?;
        Ok(whom(rows, &share)?.map(|whom| Asking {
            whom,
            may: opened.may,
            over: false,
        }))
    }

    /// Asks for more of a share that is or was for that person; gives the request's short name.
    pub fn ask_for(
        &mut self,
        reference: &str,
        person: &StationName,
        wishes: &[Wish],
        message: &str,
        now: Now,
    ) -> Result<String, Fault> {
        let unknown = || Fault::usage("unknown_share", "There is no such share.");
        let asking = self.asking(reference, person, now)?.ok_or_else(unknown)?;
        let had = self.had(&self.share_called(reference)?, person, now)?.rules;
        let all = wishes.iter().map(|wish| wish.rules(&had));
        let wished = all.reduce(|a, b| join(&a, &b));
        let mut rules = wished
            .ok_or_else(|| Fault::usage("no_wish", "Say what you would like to do with it."))?;
        // What is over needs a new time, whatever is wished.
        if asking.over || wishes.contains(&Wish::Longer) {
            rules.period = longer();
        }
        self.ask(reference, person, Some(exactly(rules)), message, now)
    }

    /// What a person has of a share that another household granted, by the grant of whoever is asked for more.
    pub(super) fn had(&self, share: &Share, person: &StationName, now: Now) -> Result<Had, Fault> {
        let rows = self.album.rows();
        let Some((holding, _)) = asked_of(rows, share)? else {
            return Ok(Had::default());
        };
        let stations = rows.holding_stations(holding.id)?;
        let mut rules = rules_for(&stations, person).cloned();
        if rules.is_none() {
            let local = rows.local_grants(holding.id)?.into_iter();
            let local: Vec<Station> = local
                .map(|one| Station {
                    name: one.station,
                    rules: one.rules,
                })
                .collect();
            rules = rules_for(&local, person).cloned();
        }
        let mut used = 0;
        for item in rows.share_items(share.id)? {
            used = used.max(rows.usage(share.id, item.id, person)?.views);
        }
        let asking = self.asking(&share.reference, person, now)?;
        Ok(Had {
            rules: rules.unwrap_or_default(),
            used,
            over: asking.is_some_and(|asking| asking.over),
            ended: share.state.is_ended(),
        })
    }

    /// The same with rules: asks for more of a share that is or was for that person.
    pub fn ask_for_rules(
        &mut self,
        reference: &str,
        person: &StationName,
        rules: Option<Narrowing>,
        message: &str,
        now: Now,
    ) -> Result<String, Fault> {
        let unknown = || Fault::usage("unknown_share", "There is no such share.");
        self.asking(reference, person, now)?.ok_or_else(unknown)?;
        self.ask(reference, person, rules, message, now)
    }

    /// What a person asked for: what waits for an answer, and what was asked of late.
    pub fn requests_by(&self, person: &StationName, now: Now) -> Result<Vec<ListedRequest>, Fault> {
        let since = now.now.minus_seconds(SHOWN);
        let mut requests = self.requests()?;
        requests.retain(|request| {
            let shown = request.state == "open" || request.asked >= since;
            !request.incoming && request.station == *person && shown
        });
        Ok(requests)
    }
}

/// Rules of which nothing is left open.
fn exactly(rules: Rules) -> Narrowing {
    Narrowing {
        rules,
        says_what: true,
        watermark: Some(false),
        excerpt: Some(false),
    }
}

/// Who granted it and is heard.
fn whom(rows: Rows<'_>, share: &Share) -> Result<Option<String>, Fault> {
    let asked = asked_of(rows, share)?;
    Ok(asked.map(|(_, contact)| clean_line(&contact.name)))
}
