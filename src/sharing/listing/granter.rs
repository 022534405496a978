//! Who granted a share, as people know them.

use super::named::named;
use crate::album::{Contact, Holding, Rows, Share, ShareState};
use crate::sharing::Fault;

/// What the household that granted a share calls itself.
pub(in crate::sharing) fn granter_name(rows: Rows<'_>, share: &Share) -> Result<String, Fault> {
    let granter = first_granter(rows, share)?;
    Ok(granter.map_or_else(|| "the sender".to_owned(), |contact| contact.name))
}

/// The household that granted a share, as people know it: the one whose words are shown.
pub(super) fn first_granter(rows: Rows<'_>, share: &Share) -> Result<Option<Contact>, Fault> {
    match named(rows, share.id)? {
        Some(holding) => granter_of(rows, share, &holding),
        None => Ok(None),
    }
}

/// Who granted a holding, as people know it: whose share it is, where that one had it passed on by somebody unknown.
pub(in crate::sharing) fn granter_of(
    rows: Rows<'_>,
    share: &Share,
    holding: &Holding,
) -> Result<Option<Contact>, Fault> {
    match rows.contact(holding.granter)?.filter(|one| one.accepted) {
        Some(contact) => Ok(Some(contact)),
        None => match rows.contact(share.origin)? {
            Some(origin) => Ok(Some(origin)),
            None => Ok(rows.contact(holding.granter)?),
        },
    }
}

/// Nothing is given of a share that has ended.
pub(in crate::sharing) fn refuse_over(rows: Rows<'_>, share: &Share) -> Result<(), Fault> {
    let household = granter_name(rows, share)?;
    let words = match share.state {
        ShareState::Revoked => format!("{household} does not share this any more."),
        ShareState::Expired => format!("This share is over. Ask {household} for it again?"),
        ShareState::Arriving | ShareState::Complete => return Ok(()),
    };
    Err(Fault::new("denied", words))
}

/// Who is asked for more, with what they granted.
pub(in crate::sharing) fn asked_of(
    rows: Rows<'_>,
    share: &Share,
) -> Result<Option<(Holding, Contact)>, Fault> {
    for holding in rows.holdings(share.id)? {
        let contact = granter_of(rows, share, &holding)?;
        if let Some(contact) = contact.filter(Contact::is_heard) {
            return Ok(Some((holding, contact)));
        }
    }
    Ok(None)
}
