//! One mail to a person of the house: in which language, when not, from whose templates.

use crate::album::{Person, Reason, Rows, WhenTold};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::notice::{self, NoticeError, Notices};
use crate::sharing::Fault;
use crate::words::Language;

/// An evening is so far from the one before at most, in seconds: clocks are set back an hour in autumn.
const LONGEST_DAY: u64 = 25 * 3_600;

/// What a person reads: the language they chose, or that of the house.
pub(in crate::sharing) fn language_of(config: &Config, person: &Person) -> Language {
    let chosen = person.language.as_deref().and_then(Language::of_tag);
    chosen.or(config.language).unwrap_or_default()
}

/// Whether a person is left alone now. What would last longer than any quiet time was set by a clock that was ahead.
pub(super) fn is_quiet(
    rows: Rows<'_>,
    config: &Config,
    person: &Person,
    now: Timestamp,
) -> Result<bool, Fault> {
    let until = rows.quiet_until(&person.station)?;
    let quiet = config.notify.quiet.as_secs();
    let longest = now.plus_seconds(match person.told {
        WhenTold::Daily => quiet.max(LONGEST_DAY),
        WhenTold::AtOnce | WhenTold::Never => quiet,
    });
    Ok(until.is_some_and(|until| until > now && until <= longest))
}

/// Queues what was composed. Gives whether there is a mail.
pub(in crate::sharing) fn queue(
    rows: Rows<'_>,
    config: &Config,
    person: &Person,
    composed: Result<notice::Composed, NoticeError>,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(to) = &person.mail else {
        return Ok(false);
    };
    let from = &config.mailbox;
    let message_id = format!("{}@{}", Id::random(), from.domain());
    let mail = composed.and_then(|composed| {
        let name = &config.name;
        notice::message(&composed, from, name, to, &message_id, now)
    });
    let mail = match mail {
        Ok(mail) => mail,
        Err(error) => {
            // What came must not wait for the mail about it.
            tracing::error!(%error, station = %person.station, "no notice");
            return Ok(false);
        }
    };
    let to = [(to.clone(), Reason::Itself)];
    rows.queue_whole("notice", &message_id, &mail, None, &to, now)?;
    Ok(true)
}

/// With the operator's own templates, or with ours where those are broken: nobody goes untold for a slip in one.
pub(in crate::sharing) fn compose(
    config: &Config,
    words: impl Fn(&Notices) -> Result<notice::Composed, NoticeError>,
) -> Result<notice::Composed, NoticeError> {
    match words(&Notices::new(Some(config.data.join("templates")))) {
        Err(error @ NoticeError::OwnTemplate { .. }) => {
            tracing::warn!(%error, "own template passed over");
            words(&Notices::new(None))
        }
        other => other,
    }
}
