//! A person of the house asks for more of what came: what may be asked, of whom, and what was answered.

use super::plan::join;
use super::requests::ListedRequest;
use super::stations::rules_for;
use super::view::gate::Asked;
use super::view::granter_of;
use super::words::clean_line;
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{Contact, Rows, Share};
use crate::encoding::Period;
use crate::rules::{Limits, PREVIEW_EDGE, Rules};
use crate::sharing::listing::personal::{May, PersonalShare};

/// How much longer is asked for, in days.
const LONGER: u32 = 30;
/// So long a request that was answered is still shown to who asked, in seconds.
const SHOWN: u64 = 30 * 86_400;

/// What a person wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// To look for another 30 days; as often again, where it was counted.
    Longer,
    /// To print.
    Print,
    /// To keep the originals.
    Keep,
    /// To pass it on.
    PassOn,
}

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

impl Wish {
    /// All, in the order in which people are offered them.
    pub const ALL: [Wish; 4] = [Wish::Longer, Wish::Print, Wish::Keep, Wish::PassOn];

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Wish::Longer => "longer",
            Wish::Print => "print",
            Wish::Keep => "keep",
            Wish::PassOn => "pass-on",
        }
    }

    /// The wish of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Wish::ALL.into_iter().find(|wish| wish.as_str() == name)
    }

    fn rules(self) -> Rules {
        let all = Some(Limits::default());
        let screen = Limits {
            max_edge: Some(PREVIEW_EDGE),
            ..Limits::default()
        };
        match self {
            Wish::Longer => Rules {
                display: Some(screen),
                ..Rules::default()
            },
            Wish::Print => Rules {
                print: all,
                ..Rules::default()
            },
            Wish::Keep => Rules {
                store: all,
                ..Rules::default()
            },
            Wish::PassOn => Rules {
                forward: true,
                ..Rules::default()
            },
        }
    }
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
        let may = self
            .personal(&asked, person, 1, now)?
            .map(|share| share.may)
            .filter(|_| !asked.share.state.is_ended());
        if may.is_none() && !was_for {
            return Ok(None);
        }
        let may = may.unwrap_or_default();
        Ok(Some(Asking {
            whom,
            may,
            over: may == May::default(),
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
        let unknown = || Fault::new("unknown_share", "There is no such share.");
        let asking = self.asking(reference, person, now)?.ok_or_else(unknown)?;
        let all = wishes.iter().map(|wish| wish.rules());
        let wished = all.reduce(|a, b| join(&a, &b));
        let mut rules = wished
            .ok_or_else(|| Fault::usage("no_wish", "Say what you would like to do with it."))?;
        // What is over needs a new time, whatever is wished.
        if asking.over || wishes.contains(&Wish::Longer) {
            rules.period = Period::from_days(LONGER);
            rules.views = self.views_again(reference, person)?;
        }
        self.ask(reference, person, Some(rules), message, now)
    }

    /// As often again as a person may open what came, where that is counted: looks that were used stay used, unless it is
    /// shared anew.
    fn views_again(&self, reference: &str, person: &StationName) -> Result<Option<u64>, Fault> {
        let rows = self.album.rows();
        let share = self.share_called(reference)?;
        let mut most = None;
        for holding in rows.holdings(share.id)? {
            let stations = rows.holding_stations(holding.id)?;
            most = most.max(rules_for(&stations, person).and_then(|rules| rules.views));
        }
        let times = if share.state.is_ended() { 1 } else { 2 };
        Ok(most.map(|views| views.saturating_mul(times)))
    }

    /// The same with rules: asks for more of a share that is or was for that person.
    pub fn ask_for_rules(
        &mut self,
        reference: &str,
        person: &StationName,
        rules: Option<Rules>,
        message: &str,
        now: Now,
    ) -> Result<String, Fault> {
        let unknown = || Fault::new("unknown_share", "There is no such share.");
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

/// Who granted it and is heard.
fn whom(rows: Rows<'_>, share: &Share) -> Result<Option<String>, Fault> {
    for holding in rows.holdings(share.id)? {
        let contact = granter_of(rows, share, &holding)?;
        if let Some(contact) = contact.filter(Contact::is_heard) {
            return Ok(Some(clean_line(&contact.name)));
        }
    }
    Ok(None)
}
