//! The people of the house are told by mail when another household wants something of theirs: somebody there asks for more,
//! to those who keep the house, a household waits to be accepted; or an invitation led to something. Within `notify.quiet` like all mail to them; of
//! strangers once a day at most.

use super::Fault;
use super::daily::{Mails, one_more_today};
use super::notify::{compose, is_quiet, language_of, queue};
use crate::album::{KnockKind, News, Person, Rows, WhenTold};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::notice::Knock;

/// So long a person is told of no stranger after a mail about some, in seconds.
const STRANGERS_INTERVAL: u64 = 86_400;

/// A known household asks for more. One that asks all day is told of so often, and listed all the same.
pub(super) fn asks(rows: Rows<'_>, who: Fingerprint, now: Timestamp) -> Result<(), Fault> {
    if one_more_today(rows, Mails::Requests, who, now)? {
        rows.put_knock(who, KnockKind::Request, now)?;
    }
    Ok(())
}

/// A household that nobody knows wrote, and waits to be accepted.
pub(super) fn waits(rows: Rows<'_>, who: Fingerprint, now: Timestamp) -> Result<(), Fault> {
    Ok(rows.put_knock(who, KnockKind::Stranger, now)?)
}

/// Tells those who were left alone long enough. Gives how many.
pub(super) fn tell(rows: Rows<'_>, config: &Config, now: Timestamp) -> Result<u64, Fault> {
    rows.forget_old_knocks()?;
    rows.forget_old_news()?;
    let mut told = 0;
    for person in rows.people()? {
        if person.told == WhenTold::Never {
            // Who wants no mail looks in by themselves.
            rows.forget_news(&person.station)?;
            continue;
        }
        if !is_quiet(rows, config, &person, now)? {
            told += u64::from(tell_one(rows, config, &person, now)?);
        }
    }
    Ok(told)
}

fn tell_one(
    rows: Rows<'_>,
    config: &Config,
    person: &Person,
    now: Timestamp,
) -> Result<bool, Fault> {
    let mut asking = Vec::new();
    for who in rows.knocks(&person.station, KnockKind::Request)? {
        asking.extend(rows.contact(who)?.map(|contact| contact.name));
    }
    let mut strangers = rows.knocks(&person.station, KnockKind::Stranger)?.len();
    let told = format!("knocks told {}", person.station);
    let strangers_told = format!("strangers told {}", person.station);
    // Who keeps the house alone can accept a household.
    let account = rows.account(&person.station)?;
    if account.is_none_or(|account| !account.keeper) {
        strangers = 0;
    }
    if strangers > 0 && was_told(rows, &strangers_told, STRANGERS_INTERVAL, now)? {
        strangers = 0;
    }
    let (mut met, mut failed) = (Vec::new(), Vec::new());
    for news in rows.news(&person.station)? {
        match news {
            News::Met(name) => met.push(name),
            News::Failed(words) => failed.push(words),
        }
    }
    let nothing = asking.is_empty() && strangers == 0 && met.is_empty() && failed.is_empty();
    if nothing || was_told(rows, &told, config.notify.quiet.as_secs(), now)? {
        return Ok(false);
    }
    let composed = compose(config, |notices| {
        notices.compose_knock(&Knock {
            language: language_of(config, person),
            person: person.station.as_str(),
            asking: &asking,
            strangers,
            met: &met,
            failed: &failed,
            url: config.notify.url.as_str(),
        })
    });
    rows.forget_knocks(&person.station, KnockKind::Request)?;
    rows.forget_news(&person.station)?;
    if strangers > 0 {
        rows.forget_knocks(&person.station, KnockKind::Stranger)?;
        rows.set_setting(&strangers_told, &now.unix().to_string())?;
    }
    // Pictures that come now are not kept back for this: it has a quiet time of its own.
    rows.set_setting(&told, &now.unix().to_string())?;
    queue(rows, config, person, composed, now)
}

/// Whether that was told within so many seconds. A date that lies ahead was noted by a clock that was wrong.
fn was_told(rows: Rows<'_>, what: &str, seconds: u64, now: Timestamp) -> Result<bool, Fault> {
    let noted = rows.setting(what)?.and_then(|text| text.parse().ok());
    let noted = noted.map(Timestamp::from_unix);
    Ok(noted.is_some_and(|at| at <= now && at.plus_seconds(seconds) > now))
}
