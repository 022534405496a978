//! A person of the house asks for more of what came: what may be asked, of whom, and what was answered.

pub use super::wish::Wish;
use super::wish::{Had, wished, wishes};
use crate::address::StationName;
use crate::album::{Rows, Share};
use crate::encoding::Timestamp;
use crate::message::Station;
use crate::rules::Rules;
use crate::sharing::forward::narrow::Narrowing;
use crate::sharing::listing::granter::asked_of;
use crate::sharing::listing::personal::{May, PersonalShare};
use crate::sharing::requests::ListedRequest;
use crate::sharing::stations::rules_for;
use crate::sharing::view::gate::Asked;
use crate::sharing::words::clean_line;
use crate::sharing::{Fault, Household, Now};

/// So long a request that was answered is still shown to who asked, in seconds.
const SHOWN: u64 = 30 * 86_400;

/// What a person can ask about a share.
#[derive(Debug, Clone)]
pub struct Asking {
    /// What the household calls itself that is asked.
    pub whom: String,
    /// What can be wished: nothing that may be done already.
    pub wishes: Vec<Wish>,
    /// Nothing of it may be done any more.
    pub over: bool,
    /// When this was asked before, where nobody has answered that: what is asked now takes its place.
    pub asked: Option<Timestamp>,
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
        let may = share.as_ref().map_or_else(May::default, |share| share.may);
        let over = !share.is_some_and(|share| share.is_there);
        let had = rules_had(rows, &asked.share, person)?;
        Ok(Some(Asking {
            whom,
            wishes: wishes(&had, may, over),
            over,
            asked: rows.asked_about(asked.share.id, person)?,
        }))
    }

    /// The same of a share that the person has open; `None` also where nothing is left to be wished.
    pub fn asking_about(
        &self,
        opened: &PersonalShare,
        person: &StationName,
    ) -> Result<Option<Asking>, Fault> {
        let rows = self.album.rows();
        let share = self.share_called(&opened.share)?;
        let Some(whom) = whom(rows, &share)? else {
            return Ok(None);
        };
        let asking = Asking {
            whom,
            wishes: wishes(&rules_had(rows, &share, person)?, opened.may, false),
            over: false,
            asked: rows.asked_about(share.id, person)?,
        };
        Ok(Some(asking).filter(|asking| !asking.wishes.is_empty()))
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
        self.asking(reference, person, now)?.ok_or_else(unknown)?;
        let share = self.share_called(reference)?;
        let had = self.had(&share, person, now)?;
        let rules = wished(wishes, &had)
            .ok_or_else(|| Fault::usage("no_wish", "Say what you would like to do with it."))?;
        self.ask_exactly(&share, person, (rules, &had), message, now)
    }

    /// What a person has of a share that another household granted, by the grant of whoever is asked for more.
    pub(in crate::sharing) fn had(
        &self,
        share: &Share,
        person: &StationName,
        now: Now,
    ) -> Result<Had, Fault> {
        let rows = self.album.rows();
        if asked_of(rows, share)?.is_none() {
            return Ok(Had::default());
        }
        let rules = rules_had(rows, share, person)?;
        let since = rows.viewable_since(share.id, person)?;
        let left = rules
            .end(since.or(Some(now.now)))
            .map_or(0, |end| end.unix().saturating_sub(now.now.unix()));
        let mut used = 0;
        for item in rows.share_items(share.id)? {
            used = used.max(rows.usage(share.id, item.id, person)?.views);
        }
        let asking = self.asking(&share.reference, person, now)?;
        Ok(Had {
            rules,
            left: u64::try_from(left).unwrap_or(0),
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

/// The rules by which a person has a share, of the grant of whoever is asked for more; nothing where there are none.
fn rules_had(rows: Rows<'_>, share: &Share, person: &StationName) -> Result<Rules, Fault> {
    let Some((holding, _)) = asked_of(rows, share)? else {
        return Ok(Rules::default());
    };
    let stations = rows.holding_stations(holding.id)?;
    if let Some(rules) = rules_for(&stations, person) {
        return Ok(rules.clone());
    }
    let local = rows.local_grants(holding.id)?.into_iter();
    let local: Vec<Station> = local
        .map(|one| Station {
            name: one.station,
            rules: one.rules,
        })
        .collect();
    Ok(rules_for(&local, person).cloned().unwrap_or_default())
}

/// Who granted it and is heard.
fn whom(rows: Rows<'_>, share: &Share) -> Result<Option<String>, Fault> {
    let asked = asked_of(rows, share)?;
    Ok(asked.map(|(_, contact)| clean_line(&contact.name)))
}
