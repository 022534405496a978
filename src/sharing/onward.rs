//! The limits of passing on: who may, to whom, and what may be passed on further.

use super::Fault;
use super::ground::Ground;
use super::view::granter_name;
use super::words::english_time;
use crate::address::{Mailbox, StationName};
use crate::album::{Contact, Rows, Share, ShareState};
use crate::envelope::Fingerprint;
use crate::message::SignedPermit;
use crate::rules::{Denial, Rules, denial_words};
use crate::words::Language;

/// A person may not pass on: the rule, and who must be asked.
pub(super) fn may_not(
    rows: Rows<'_>,
    share: &Share,
    person: Option<&StationName>,
    denial: Denial,
) -> Result<Fault, Fault> {
    let household = granter_name(rows, share)?;
    let fault = Fault::new(
        "denied",
        denial_words(Language::En, denial, &household, english_time),
    );
    Ok(match person {
        Some(person) => fault.hint(format!(
            "ask {household}: `hearthpost ask {} --as {person} --forward yes`",
            share.reference
        )),
        None => fault,
    })
}

/// Nothing is given of a share that has ended.
pub(super) fn refuse_over(rows: Rows<'_>, share: &Share) -> Result<(), Fault> {
    let household = granter_name(rows, share)?;
    let words = match share.state {
        ShareState::Revoked => format!("{household} does not share this any more."),
        ShareState::Expired => format!("This share is over. Ask {household} for it again?"),
        ShareState::Arriving | ShareState::Complete => return Ok(()),
    };
    Err(Fault::new("denied", words))
}

/// What may be passed on further, as it was asked for.
pub(super) fn onward_of(
    asked: Option<&Rules>,
    ceiling: Option<&Rules>,
) -> Result<Option<Rules>, Fault> {
    Ok(match (asked, ceiling) {
        (Some(_), Some(ceiling)) if !ceiling.forward => return Err(no_further()),
        (Some(asked), Some(ceiling)) => Some(asked.meet(ceiling)),
        (asked, _) => asked.cloned(),
    })
}

/// A household that stands in the chain has the share already.
pub(super) fn refuse_loops(ground: &Ground, contact: &Contact) -> Result<(), Fault> {
    refuse_unfit(ground, Some(contact.fingerprint), &contact.mailbox)
}

/// The same of a household of which it is not known for certain who it is.
pub(super) fn refuse_unfit(
    ground: &Ground,
    who: Option<Fingerprint>,
    mailbox: &Mailbox,
) -> Result<(), Fault> {
    for der in &ground.chain {
        let permit = SignedPermit::of_stored(der)?;
        if who.is_some_and(|who| [permit.permit().from, permit.permit().to].contains(&who)) {
            let words = format!("{mailbox} has it already: it came from there");
            return Err(Fault::usage("loop", words));
        }
    }
    if ground.chain.len() >= crate::message::check::MAX_CHAIN {
        return Err(no_further());
    }
    let named = |to: &Vec<_>| who.is_none_or(|who| to.contains(&who));
    match ground.onward().and_then(|onward| onward.to.as_ref()) {
        Some(to) if !named(to) => Err(Fault::new(
            "denied",
            format!("it may not be passed on to {mailbox}"),
        )),
        _ => Ok(()),
    }
}

fn no_further() -> Fault {
    Fault::new("denied", "it may be passed on to you, but no further")
}
