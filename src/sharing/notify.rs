//! The people of the house are told by mail that something came, never with a picture. The first mail to a person goes at
//! once; what follows within `notify.quiet` is gathered, in rows, and told in one mail when that is over. Who wants one mail
//! a day gets it in the evening.

pub(super) mod daily;
pub mod for_nobody;
pub(super) mod knock;
pub(super) mod telling;

use self::telling::{compose, is_quiet, language_of, queue};
use super::listing::granter::granter_of;
use super::listing::named::{is_by_unknown, named_to};
use super::site::home_page;
use super::stations::{allowed_people, ends, rules_for};
use super::times::next_evening;
use super::words::show_time;
use super::{Fault, Household};
use crate::address::StationName;
use crate::album::{Person, Rows, Share, WhenTold};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::notice::{Details, Gathered, Line, Notice};
use crate::rules::{Further, Rules, Who, describe};
use crate::words::say;

/// Tells each of these people of the share who was not yet told: by a mail at once, or in the next one where somebody was
/// told of something a moment ago. Gives how many mails were queued.
pub(super) fn tell(
    rows: Rows<'_>,
    config: &Config,
    share: &Share,
    people: &[(StationName, Vec<Rules>)],
    now: Timestamp,
) -> Result<u64, Fault> {
    let mut told = 0;
    for person in rows.people()? {
        let rules = people.iter().find(|(name, _)| *name == person.station);
        let Some((station, rules)) = rules else {
            continue;
        };
        if rows.was_told(share.id, station)? {
            continue;
        }
        rows.set_told(share.id, &person.station, now)?;
        if person.told == WhenTold::Never {
            continue;
        }
        let before = rows.gathered(&person.station)?;
        if person.told == WhenTold::Daily {
            if before.is_empty() {
                rows.set_quiet(&person.station, next_evening(now))?;
            }
            rows.gather(&person.station, share.id, now)?;
            continue;
        }
        if !before.is_empty() || is_quiet(rows, config, &person, now)? {
            rows.gather(&person.station, share.id, now)?;
            continue;
        }
        if let Some(line) = line_of(rows, config, share, (&person, rules), now)? {
            told += u64::from(send(rows, config, &person, &[line], now)?);
        }
    }
    Ok(told)
}

impl Household {
    /// Tells the people for whom something was gathered, and who were left alone long enough, in one mail each; and of
    /// households that want something. Gives how many mails.
    pub(super) fn tell_gathered(&mut self, now: Timestamp) -> Result<u64, Fault> {
        let config = &self.config;
        let told = self.album.commit(|rows| {
            rows.forget_gathered_of_strangers()?;
            let mut told = 0;
            for person in rows.people()? {
                let shares = rows.gathered(&person.station)?;
                if shares.is_empty() || is_quiet(rows, config, &person, now)? {
                    continue;
                }
                let mut lines: Vec<Line> = Vec::new();
                for id in shares {
                    let share = rows.share_by_id(id)?;
                    // What ended meanwhile, or may not be seen any more, is not told.
                    if share.state.is_ended() {
                        continue;
                    }
                    let people = allowed_people(rows, share.id)?;
                    let rules = people.iter().find(|(name, _)| *name == person.station);
                    if let Some((_, rules)) = rules
                        && let Some(line) = line_of(rows, config, &share, (&person, rules), now)?
                    {
                        add(&mut lines, line);
                    }
                }
                rows.forget_gathered(&person.station)?;
                told += u64::from(send(rows, config, &person, &lines, now)?);
            }
            told += self::knock::tell(rows, config, now)?;
            if told > 0 {
                crate::crash::point("gathered.before_commit");
            }
            Ok::<_, Fault>(told)
        })?;
        if told > 0 {
            crate::crash::point("gathered.after_commit");
        }
        Ok(told)
    }
}

/// Lines of one household and one kind are one, unless they tell details.
fn add(lines: &mut Vec<Line>, new: Line) {
    let same = lines.iter_mut().find(|line| {
        line.details.is_none()
            && new.details.is_none()
            && (&line.household, line.kind) == (&new.household, new.kind)
    });
    match same {
        Some(line) => line.count += new.count,
        None => lines.push(new),
    }
}

/// What a person is told of a share; `None` where there is nothing to be seen in it, or not any more.
fn line_of(
    rows: Rows<'_>,
    config: &Config,
    share: &Share,
    (person, rules): (&Person, &[Rules]),
    now: Timestamp,
) -> Result<Option<Line>, Fault> {
    let language = language_of(config, person);
    let person = &person.station;
    let count = visible_items(rows, share, person)?;
    let Some(first) = rules.first().filter(|_| count > 0) else {
        return Ok(None);
    };
    let Some(holding) = named_to(rows, share.id, person)? else {
        return Ok(None);
    };
    let household = granter_of(rows, share, &holding)?.map(|contact| contact.name);
    let since = rows.viewable_since(share.id, person)?;
    let until = ends(rules, since);
    if until.is_some_and(|until| until <= now) {
        return Ok(None);
    }
    let show = |time| show_time(language, time);
    let title = match is_by_unknown(rows, share, &holding)? {
        // No words that are not of who is named.
        true => String::new(),
        false => holding.title,
    };
    let details = config.notify.details.then(|| Details {
        title,
        until: until.map(show),
        sentence: describe(language, Who::You, first, Further::Unsaid, show),
    });
    Ok(Some(Line {
        household: household.unwrap_or_else(|| say(language, "notice-a-household", &[])),
        count,
        kind: rows.kinds_of_share(share.id)?,
        details,
    }))
}

/// Tells these lines in one mail, and leaves the person alone for a while. Gives whether there is one.
fn send(
    rows: Rows<'_>,
    config: &Config,
    person: &Person,
    lines: &[Line],
    now: Timestamp,
) -> Result<bool, Fault> {
    if lines.is_empty() {
        return Ok(false);
    }
    let language = language_of(config, person);
    let (name, url) = (person.station.as_str(), home_page(config));
    let url = url.as_str();
    let composed = match lines {
        [line] => compose(config, |notices| {
            notices.compose(&Notice {
                language,
                person: name,
                household: &line.household,
                count: line.count,
                kind: line.kind,
                url,
                details: line.details.clone(),
            })
        }),
        lines => compose(config, |notices| {
            notices.compose_gathered(&Gathered {
                language,
                person: name,
                lines,
                url,
            })
        }),
    };
    let queued = queue(rows, config, person, composed, now)?;
    if queued {
        let quiet = config.notify.quiet.as_secs();
        rows.set_quiet(&person.station, now.plus_seconds(quiet))?;
    }
    Ok(queued)
}

/// How many items of a share a person may do something with.
fn visible_items(rows: Rows<'_>, share: &Share, person: &StationName) -> Result<usize, Fault> {
    let voices = super::stations::live_voices(rows, share.id)?;
    let mut count = 0;
    for item in rows.share_items(share.id)? {
        for voice in &voices {
            let rules = rules_for(&voice.stations, person);
            let allowed = rules.is_some_and(|rules| !rules.is_nothing());
            if allowed && voice.tier(rows, item.id)?.is_some() {
                count += 1;
                break;
            }
        }
    }
    Ok(count)
}
