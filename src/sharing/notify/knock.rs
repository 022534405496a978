//! The people of the house are told by mail when another household wants something of theirs: somebody there asks for more;
//! an invitation led to something; or nobody confirmed what went by way of others. Those who keep the house are also told that a household waits to be accepted, that the
//! identity of one has ended, and that somebody claims the mailbox of one. Within `notify.quiet` like all mail to them; of
//! what strangers can bring about once a day at most.

use super::daily::{Mails, one_more_today};
use super::telling::{compose, is_quiet, language_of, queue};
use crate::album::{KnockKind, News, Person, Rows, WhenTold};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::notice::Knock;
use crate::sharing::Fault;
use crate::sharing::identity::is_of_album;
use crate::sharing::site::home_page;

/// So long a person is told of no stranger, or of no claim, after a mail about some, in seconds.
const STRANGERS_INTERVAL: u64 = 86_400;

/// A known household asks for more. One that asks all day is told of so often, and listed all the same.
pub(in crate::sharing) fn asks(
    rows: Rows<'_>,
    who: Fingerprint,
    now: Timestamp,
) -> Result<(), Fault> {
    if one_more_today(rows, Mails::Requests, who, now)? {
        rows.put_knock(who, KnockKind::Request, now)?;
    }
    Ok(())
}

/// A household that nobody knows wrote, and waits to be accepted.
pub(in crate::sharing) fn waits(
    rows: Rows<'_>,
    who: Fingerprint,
    now: Timestamp,
) -> Result<(), Fault> {
    Ok(rows.put_knock(who, KnockKind::Stranger, now)?)
}

/// Something about the identity of a household.
pub(in crate::sharing) fn alarm(
    rows: Rows<'_>,
    kind: KnockKind,
    who: Fingerprint,
    now: Timestamp,
) -> Result<(), Fault> {
    Ok(rows.put_knock(who, kind, now)?)
}

/// Tells those who were left alone long enough. Gives how many.
pub(in crate::sharing) fn tell(
    rows: Rows<'_>,
    config: &Config,
    now: Timestamp,
) -> Result<u64, Fault> {
    rows.forget_old_knocks()?;
    rows.forget_old_news()?;
    rows.forget_old_unconfirmed()?;
    let mut told = 0;
    for person in rows.people()? {
        if person.told == WhenTold::Never {
            // Who wants no mail looks in by themselves.
            rows.forget_news(&person.station)?;
            rows.forget_unconfirmed(&person.station)?;
            rows.forget_knocks(&person.station, KnockKind::Ended)?;
            rows.forget_knocks(&person.station, KnockKind::Claim)?;
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
    let (ended, own_ended) = ended(rows, person)?;
    let mut claimed = claimed(rows, person)?;
    let claims_told = format!("claims told {}", person.station);
    if was_told(rows, &claims_told, STRANGERS_INTERVAL, now)? {
        claimed.clear();
    }
    let (mut met, mut failed) = (Vec::new(), Vec::new());
    for news in rows.news(&person.station)? {
        match news {
            News::Met(name) => met.push(name),
            News::Failed(words) => failed.push(words),
        }
    }
    let mut unconfirmed = Vec::new();
    for who in rows.unconfirmed(&person.station)? {
        unconfirmed.extend(rows.contact(who)?.map(|contact| contact.name));
    }
    let alarms = own_ended || !ended.is_empty() || !claimed.is_empty();
    let nothing = asking.is_empty() && strangers == 0 && met.is_empty() && failed.is_empty();
    let nothing = nothing && unconfirmed.is_empty() && !alarms;
    if nothing || was_told(rows, &told, config.notify.quiet.as_secs(), now)? {
        return Ok(false);
    }
    let url = home_page(config);
    let composed = compose(config, |notices| {
        notices.compose_knock(&Knock {
            language: language_of(config, person),
            person: person.station.as_str(),
            last: None,
            own_ended,
            ended: &ended,
            claimed: &claimed,
            asking: &asking,
            strangers,
            met: &met,
            failed: &failed,
            unconfirmed: &unconfirmed,
            url: &url,
        })
    });
    rows.forget_knocks(&person.station, KnockKind::Request)?;
    rows.forget_knocks(&person.station, KnockKind::Ended)?;
    rows.forget_news(&person.station)?;
    rows.forget_unconfirmed(&person.station)?;
    if !claimed.is_empty() {
        rows.forget_knocks(&person.station, KnockKind::Claim)?;
        rows.set_setting(&claims_told, &now.unix().to_string())?;
    }
    if strangers > 0 {
        rows.forget_knocks(&person.station, KnockKind::Stranger)?;
        rows.set_setting(&strangers_told, &now.unix().to_string())?;
    }
    // Pictures that come now are not kept back for this: it has a quiet time of its own.
    rows.set_setting(&told, &now.unix().to_string())?;
    queue(rows, config, person, composed, now)
}

/// The households whose identity has ended, by name; and whether that of this one has.
fn ended(rows: Rows<'_>, person: &Person) -> Result<(Vec<String>, bool), Fault> {
    let (mut names, mut own) = (Vec::new(), false);
    for who in rows.knocks(&person.station, KnockKind::Ended)? {
        match rows.contact(who)? {
            Some(contact) => names.push(contact.name),
            // One that was replaced meanwhile is nobody's trouble any more.
            None => own |= is_of_album(rows, who)?,
        }
    }
    Ok((names, own))
}

/// The households whose mailbox somebody claims, by name. What who claims it calls itself is its own choice, and is not told.
fn claimed(rows: Rows<'_>, person: &Person) -> Result<Vec<String>, Fault> {
    let claims = rows.knocks(&person.station, KnockKind::Claim)?;
    let mut names = Vec::new();
    for who in claims {
        let Some(mailbox) = rows.claimed_by(who)? else {
            continue;
        };
        for contact in rows.contacts_typed(&mailbox)? {
            if contact.fingerprint == who {
                continue;
            }
            let is_known = contact.accepted || rows.ended(contact.fingerprint)?.is_some();
            if is_known && !names.contains(&contact.name) {
                names.push(contact.name);
            }
        }
    }
    Ok(names)
}

/// Whether that was told within so many seconds. A date that lies ahead was noted by a clock that was wrong.
fn was_told(rows: Rows<'_>, what: &str, seconds: u64, now: Timestamp) -> Result<bool, Fault> {
    let noted = rows.setting(what)?.and_then(|text| text.parse().ok());
    let noted = noted.map(Timestamp::from_unix);
    Ok(noted.is_some_and(|at| at <= now && at.plus_seconds(seconds) > now))
}
