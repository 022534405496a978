//! The limits of passing on: who may, to whom, and what may be passed on further.

use crate::address::{Mailbox, StationName};
use crate::album::{Contact, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::message::SignedPermit;
use crate::message::Station;
use crate::rules::{Action, Denial, Rules, denial_words};
use crate::sharing::Fault;
use crate::sharing::listing::granter::granter_name;
use crate::sharing::share::ground::Ground;
use crate::sharing::share::plan::absolute;
use crate::sharing::words::english_time;
use crate::words::Language;

/// What may travel on says nothing where nobody may pass on.
pub(in crate::sharing) fn onward_of_nobody() -> Fault {
    let words =
        "nobody is allowed to pass this on, so that nothing can be said of what may travel on";
    let hint = "let somebody pass it on too (--forward yes), or leave --onward out";
    Fault::usage("onward", words).hint(hint)
}

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
        denial_words(
            Language::En,
            Action::Forward,
            denial,
            &household,
            english_time,
        ),
    );
    Ok(match person {
        Some(person) => fault.hint(format!(
            "ask {household}: `hearthpost ask {} --as {person} --forward yes`",
            share.reference
        )),
        None => fault,
    })
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

/// The widest that somebody with these rules may pass on of what may travel on, from then; `None`: nothing at all.
pub(in crate::sharing) fn may_give(
    rules: &Rules,
    onward: &Rules,
    begins: Timestamp,
) -> Option<Rules> {
    // The copy ends when the person's own rights do.
    let ceiling = absolute(rules, begins).meet(onward);
    let given = Rules {
        forward: false,
        ..ceiling.clone()
    };
    (!given.is_nothing()).then_some(ceiling)
}

/// What a chain of permits lets travel on from here; `None`: nothing.
pub(in crate::sharing) fn onward_of_chain(chain: &[Vec<u8>]) -> Result<Option<Rules>, Fault> {
    let last = chain.last().map(|der| SignedPermit::of_stored(der));
    let last = last.transpose()?;
    Ok(last.and_then(|last| Some(last.permit().onward.as_ref()?.rules.clone())))
}

/// Refuses rules by which somebody may pass on, and yet nothing that they may do may travel on.
pub(in crate::sharing) fn refuse_empty(
    mailbox: &Mailbox,
    stations: &[Station],
    travels: Option<&Rules>,
    now: Timestamp,
) -> Result<(), Fault> {
    let gives = |rules: &Rules| travels.is_some_and(|on| may_give(rules, on, now).is_some());
    let mut forwarders = stations.iter().filter(|one| one.rules.forward);
    match forwarders.find(|one| !gives(&one.rules)) {
        None => Ok(()),
        Some(one) => {
            let words = format!(
                "{} of {mailbox} may pass it on, but nothing that they may do themselves may be passed on",
                one.name
            );
            Err(Fault::usage("onward", words)
                .hint("let them look too, or leave out that they may pass it on"))
        }
    }
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
