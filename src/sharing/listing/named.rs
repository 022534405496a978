//! Whose name a share has here, and whose words: both of one and the same holding. Several households may have granted it, and
//! each wrote its own title and message; what one of them wrote is never shown as said by another.

use crate::address::StationName;
use crate::album::{Holding, HoldingState, Rows, Share};
use crate::sharing::Fault;
use crate::sharing::stations::{live_voices, rules_for};

/// The holding by which the house calls a share: see [`first`].
pub(in crate::sharing) fn named(rows: Rows<'_>, share: i64) -> Result<Option<Holding>, Fault> {
    Ok(first(rows, &rows.holdings(share)?)?.cloned())
}

/// Of the holdings of a share the first that is live and for somebody here. Of what is over, the first.
pub(in crate::sharing) fn first<'h>(
    rows: Rows<'_>,
    holdings: &'h [Holding],
) -> Result<Option<&'h Holding>, Fault> {
    let live = |one: &&Holding| one.state == HoldingState::Live;
    if holdings.iter().filter(live).count() > 1 {
        for holding in holdings.iter().filter(live) {
            // What is only carried for others has no words.
            if !rows.holding_stations(holding.id)?.is_empty() {
                return Ok(Some(holding));
            }
        }
    }
    Ok(holdings.iter().find(live).or(holdings.first()))
}

/// The holding by which a share is called to one person: the first that speaks to them. `None`: none does, or not any more.
pub(in crate::sharing) fn named_to(
    rows: Rows<'_>,
    share: i64,
    person: &StationName,
) -> Result<Option<Holding>, Fault> {
    let voices = live_voices(rows, share)?.into_iter();
    let mut theirs = voices.filter(|voice| {
        let rules = rules_for(&voice.stations, person);
        rules.is_some_and(|rules| !rules.is_nothing())
    });
    Ok(theirs.next().map(|voice| voice.holding))
}

/// A holding came or ended: title and message of the share are those of whoever it is called by now.
pub(in crate::sharing) fn renew_words(rows: Rows<'_>, share: i64) -> Result<(), Fault> {
    if let Some(holding) = named(rows, share)? {
        rows.set_share_words(share, &holding.title, &holding.message)?;
    }
    Ok(())
}

/// Whether a household made the grant that nobody here knows, on the word of whose share it is. People read that one's name,
/// and have to know that the words are not its own.
pub(in crate::sharing) fn is_by_unknown(
    rows: Rows<'_>,
    share: &Share,
    holding: &Holding,
) -> Result<bool, Fault> {
    if holding.granter == share.origin {
        return Ok(false);
    }
    let granter = rows.contact(holding.granter)?;
    Ok(!granter.is_some_and(|one| one.accepted))
}
