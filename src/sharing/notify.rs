//! The people of the house are told by mail that something came: one mail a person and share, never a picture.

use super::Fault;
use super::stations::{ends, rules_for};
use super::words::show_time;
use crate::address::StationName;
use crate::album::{Rows, Share};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::notice::{self, Details, Notice, NoticeError, Notices};
use crate::rules::{self, Rules, describe};

/// Queues a notice for each of these people who was not yet told of the share. Gives how many.
pub(super) fn tell(
    rows: Rows<'_>,
    config: &Config,
    share: &Share,
    people: &[(StationName, Vec<Rules>)],
    now: Timestamp,
) -> Result<u64, Fault> {
    let mut told = 0;
    let kind = kind_of(rows, share)?;
    let household = rows
        .holdings(share.id)?
        .first()
        .map(|holding| rows.contact(holding.granter));
    let household = household
        .transpose()?
        .flatten()
        .map_or_else(|| "A household".to_owned(), |c| c.name);
    for person in rows.people()? {
        let Some((_, rules)) = people
            .iter()
            .find(|(station, _)| *station == person.station)
        else {
            continue;
        };
        if rows.was_told(share.id, &person.station)? {
            continue;
        }
        rows.set_told(share.id, &person.station, now)?;
        let count = visible_items(rows, share, &person.station)?;
        if count == 0 {
            continue;
        }
        let since = rows.viewable_since(share.id, &person.station)?;
        let details = config.notify.details.then(|| Details {
            title: share.title.clone(),
            until: ends(rules, since).map(show_time),
            sentence: describe("You", &rules[0], show_time),
        });
        let notice = Notice {
            person: person.station.as_str(),
            household: &household,
            count,
            kind,
            url: &config.notify.url,
            details,
        };
        let from = &config.mailbox;
        let message_id = format!("{}@{}", Id::random(), from.domain());
        let mail = compose(config, &notice).and_then(|composed| {
            let name = &config.name;
            notice::message(&composed, from, name, &person.mail, &message_id, now)
        });
        let mail = match mail {
            Ok(mail) => mail,
            Err(error) => {
                // What came must not wait for the mail about it.
                tracing::error!(%error, station = %person.station, "no notice");
                continue;
            }
        };
        let to = [(person.mail, None)];
        rows.queue_whole("notice", &message_id, &mail, None, &to, now)?;
        told += 1;
    }
    Ok(told)
}

/// With the operator's own templates, or with ours where those are broken: nobody goes untold for a slip in one.
fn compose(config: &Config, notice: &Notice<'_>) -> Result<notice::Composed, NoticeError> {
    match Notices::new(Some(config.data.join("templates"))).compose(notice) {
        Err(error @ NoticeError::OwnTemplate { .. }) => {
            tracing::warn!(%error, "own template passed over");
            Notices::new(None).compose(notice)
        }
        other => other,
    }
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

fn kind_of(rows: Rows<'_>, share: &Share) -> Result<notice::Kind, Fault> {
    let items = rows.share_items(share.id)?;
    let all = |kind| items.iter().all(|item| item.kind == kind);
    Ok(match () {
        () if all(rules::Kind::Picture) => notice::Kind::Pictures,
        () if all(rules::Kind::Video) => notice::Kind::Videos,
        () if all(rules::Kind::Sound) => notice::Kind::Recordings,
        () => notice::Kind::Files,
    })
}
