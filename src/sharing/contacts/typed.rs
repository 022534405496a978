//! Addresses as people type them. On the wire the local part of a mailbox stands as it is (PROTOCOL 1); a telephone writes a
//! capital at the beginning all the same. Who is known here is found however it is written, and nobody is chosen of several.

use crate::address::Mailbox;
use crate::album::{Contact, Rows};
use crate::sharing::Fault;

/// Whether a mailbox is the one that somebody typed, but for capitals.
pub(in crate::sharing) fn is_typed(typed: &Mailbox, mailbox: &Mailbox) -> bool {
    typed.as_str().eq_ignore_ascii_case(mailbox.as_str())
}

/// The one of these that is meant: the very one, else the only one that differs in capitals alone.
pub(super) fn only_one(
    typed: &Mailbox,
    all: impl Iterator<Item = Mailbox>,
) -> Result<Option<Mailbox>, Fault> {
    let mut found: Vec<Mailbox> = all.filter(|one| is_typed(typed, one)).collect();
    if found.contains(typed) {
        return Ok(Some(typed.clone()));
    }
    found.sort_unstable();
    found.dedup();
    if found.len() > 1 {
        let named: Vec<&str> = found.iter().map(Mailbox::as_str).collect();
        let words = format!(
            "several households are meant by {typed}: {}",
            named.join(", ")
        );
        return Err(Fault::usage("several", words)
            .hint("write the address with its capitals as it stands there"));
    }
    Ok(found.pop())
}

/// The mailbox at which a household is known that is heard; `None`: there is none. One whose mailbox is its own by its word
/// alone, however it is spelled, is meant where nobody else is.
pub(in crate::sharing) fn heard_at(
    rows: Rows<'_>,
    typed: &Mailbox,
) -> Result<Option<Mailbox>, Fault> {
    let heard = rows.contacts_typed(typed)?.into_iter();
    let (proven, others): (Vec<_>, Vec<_>) = heard
        .filter(Contact::is_heard)
        .partition(Contact::is_proven);
    let only_of = |all: Vec<Contact>| only_one(typed, all.into_iter().map(|one| one.mailbox));
    match only_of(proven)? {
        Some(proven) => Ok(Some(proven)),
        None => only_of(others),
    }
}

/// The mailbox at which any household is known, strangers too: the very one, else of one that is heard.
pub(super) fn known_at(rows: Rows<'_>, typed: &Mailbox) -> Result<Option<Mailbox>, Fault> {
    let all = rows.contacts_typed(typed)?;
    if all.iter().any(|one| one.mailbox == *typed) {
        return Ok(Some(typed.clone()));
    }
    match heard_at(rows, typed)? {
        Some(heard) => Ok(Some(heard)),
        None => only_one(typed, all.into_iter().map(|one| one.mailbox)),
    }
}

/// The mailbox at which somebody was asked, for a card or by an invitation, or for which a share waits; `None`: there is none.
pub(super) fn asked_at(rows: Rows<'_>, typed: &Mailbox) -> Result<Option<Mailbox>, Fault> {
    let asked = rows.card_requests()?.into_iter().map(|one| one.mailbox);
    let joining = rows.joinings()?.into_iter().map(|one| one.mailbox);
    let awaited = rows.all_awaited()?.into_iter().map(|one| one.mailbox);
    only_one(typed, asked.chain(joining).chain(awaited))
}
