//! What a household was given goes out again: because it failed, because nobody answers, or because the copy there is
//! missing. Nothing is given by it. The permit is the same, in a new letter, and the parts are the same bytes; who has it
//! already takes it for what it is, and days and views that are used up there stay so.

use std::collections::BTreeSet;

use super::give::gone_wrong::{goes_wrong, holds, in_outbox, is_taken_back, parts_gone};
use super::give::waiting::{Ready, is_over, queue};
use crate::address::{Mailbox, StationName};
use crate::album::{Contact, Destination, DestinationState, Rows, Share};
use crate::encoding::Timestamp;
use crate::message::SignedPermit;
use crate::sharing::accounts::Visitor;
use crate::sharing::contacts::card_request::ask_for_card;
use crate::sharing::contacts::ended::has_ended;
use crate::sharing::contacts::moved::meant_of_share;
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;
use crate::sharing::forward::together::gave;
use crate::sharing::identity::replaced;
use crate::sharing::share::awaited::wait_again;
use crate::sharing::share::granting::{note_kept, why_it_waits};
use crate::sharing::{Fault, Household, Now};

/// What goes again.
#[derive(Debug, Clone)]
pub struct Resent {
    /// The share's short name.
    pub share: String,
    /// To whom.
    pub households: Vec<Mailbox>,
}

/// One destination, and what is done for it.
enum Again {
    /// It waits in the outbox, and is tried at once: what goes to that destination.
    Now(i64),
    /// All of it is put into the outbox once more.
    Anew(Box<Ready>),
    /// It waits, from now on, for a certificate of the household, which is asked for it at once.
    Waits(Contact),
    /// The household is asked for a certificate at once, and nothing else changes: what it has may be there.
    Asks(Contact),
}

/// What came of that.
enum Came {
    Goes,
    /// Nothing goes; that mailbox was asked for a card.
    Asked(Mailbox),
    /// It was taken back meanwhile.
    ToNothing,
}

impl Again {
    fn carry_out(
        &self,
        rows: Rows<'_>,
        writer: &Writer<'_>,
        destination: &Destination,
        budget: u64,
        now: Timestamp,
    ) -> Result<Came, Fault> {
        let stands = rows.destination_at(destination.share, destination.contact)?;
        let Some(stands) = stands.filter(|one| one.state != DestinationState::Revoked) else {
            return Ok(Came::ToNothing);
        };
        // What was given anew meanwhile goes out as that.
        if stands.letter != destination.letter {
            return Ok(Came::Goes);
        }
        match self {
            Again::Now(carries) => rows.try_now(*carries)?,
            Again::Anew(ready) => {
                let Ready::Goes(share, manifest, new) = &**ready else {
                    return Ok(Came::Goes);
                };
                // They may have been let go of, for all had answered.
                if !holds(rows, share, &new.expected)? {
                    return Err(parts_gone());
                }
                rows.forget_unsent(destination.id)?;
                queue(rows, writer, (share, manifest), new, budget)?;
            }
            Again::Waits(contact) => {
                let why = why_it_waits(contact);
                note_kept(rows, destination)?;
                rows.forget_unsent(destination.id)?;
                let waiting = DestinationState::Waiting;
                rows.set_destination_state(destination.id, waiting, Some(why), now)?;
                ask_for_card(rows, writer, &contact.mailbox, 0)?;
            }
            Again::Asks(contact) => {
                ask_for_card(rows, writer, &contact.mailbox, 0)?;
                return Ok(Came::Asked(contact.mailbox.clone()));
            }
        }
        Ok(Came::Goes)
    }
}

impl Household {
    /// Sends a share once more, as it was given: to one household, named by its mailbox, or to all where it went wrong.
    pub fn resend(
        &mut self,
        reference: &str,
        to: Option<&Mailbox>,
        now: Now,
    ) -> Result<Resent, Fault> {
        self.resend_of(reference, to, None, now)
    }

    /// The same; only of what `by` passed on, where that is said.
    fn resend_of(
        &mut self,
        reference: &str,
        to: Option<&Mailbox>,
        by: Option<&StationName>,
        now: Now,
    ) -> Result<Resent, Fault> {
        let share = self.share_called(reference)?;
        let rows = self.album.rows();
        let to = to.map(|said| meant_of_share(rows, &share, said));
        let to = to.transpose()?;
        let to = to.as_ref();
        let mut destinations = Vec::new();
        for one in rows.destinations(share.id)? {
            if gave(rows, &one, by)? {
                destinations.push(one);
            }
        }
        let awaited = self.awaited_again(&share, to, by)?;
        let ways = match by {
            None => self.ways_again(&share, to)?,
            Some(_) => Vec::new(),
        };
        match to {
            Some(mailbox) => {
                destinations.retain(|destination| destination.mailbox == *mailbox);
                if destinations.is_empty() && awaited.is_empty() && ways.is_empty() {
                    let words = format!("{mailbox} was given nothing of {reference} from here");
                    return Err(Fault::usage("no_copy", words).hint(format!(
                        "`hearthpost show {reference}` names those who were"
                    )));
                }
            }
            None => {
                let mut wrong = Vec::new();
                for destination in destinations {
                    if goes_wrong(rows, &share, &destination)? {
                        wrong.push(destination);
                    }
                }
                destinations = wrong;
                if destinations.is_empty() && awaited.is_empty() && ways.is_empty() {
                    if by.is_none() && did_not_get_there(rows, share.id)? {
                        return Err(self.why_not_again(&share, now)?);
                    }
                    let words = format!("nothing of {reference} went wrong");
                    return Err(Fault::usage("nothing_wrong", words)
                        .hint("--to ADDR sends it again all the same"));
                }
            }
        }
        let mut again = Vec::new();
        for destination in destinations {
            let how = self.how_again(&share, &destination, now)?;
            again.push((destination, how));
        }
        let mut straight = Vec::new();
        if !ways.is_empty() {
            straight = self.give_straight(&share, ways, now)?;
        }
        if again.is_empty() && awaited.is_empty() {
            return Ok(Resent {
                share: share.reference,
                households: straight,
            });
        }
        let writer = Writer::new(&self.keys, &self.config, now.now);
        let budget = self.config.smtp.message_budget;
        crate::crash::point("resend.before_commit");
        let (mut households, asked) = self.album.commit(|rows| {
            let (mut households, mut asked) = (Vec::new(), None);
            for (destination, how) in &again {
                match how.carry_out(rows, &writer, destination, budget, now.now)? {
                    Came::Goes => households.push(destination.mailbox.clone()),
                    Came::Asked(mailbox) => asked = Some(mailbox),
                    Came::ToNothing => {}
                }
            }
            for one in &awaited {
                // What several give there goes as one.
                if wait_again(rows, &writer, one)? && !households.contains(&one.mailbox) {
                    households.push(one.mailbox.clone());
                }
            }
            Ok::<_, Fault>((households, asked))
        })?;
        crate::crash::point("resend.after_commit");
        households.extend(straight);
        if let Some(mailbox) = asked.filter(|_| households.is_empty()) {
            let words = format!(
                "{mailbox} is asked for a new certificate; send it again when that has come"
            );
            return Err(Fault::new("waits", words));
        }
        if households.is_empty() {
            let words =
                format!("nothing of {reference} is sent again: it was taken back meanwhile");
            return Err(Fault::new("over", words).hint("share the pictures anew"));
        }
        Ok(Resent {
            share: share.reference,
            households,
        })
    }

    /// The same for a person of the house, of what that one shared or passed on; the keeper of all.
    pub fn resend_as(
        &mut self,
        reference: &str,
        to: Option<&Mailbox>,
        visitor: &Visitor,
        now: Now,
    ) -> Result<Resent, Fault> {
        let sent = self.sent_share(reference, visitor)?;
        let share = self.share_called(reference)?;
        let to = to.map(|said| meant_of_share(self.album.rows(), &share, said));
        let to = to.transpose()?;
        let to = to.as_ref();
        if to.is_some_and(|to| sent.destinations.iter().all(|one| one.mailbox != *to)) {
            return Err(Fault::usage(
                "unknown_share",
                "It was not shared with them.",
            ));
        }
        let all = sent.own || visitor.keeper;
        // Of what others passed on too, a person sends only what they passed on themselves.
        let by = (!all).then_some(&visitor.station);
        if to.is_some() || all {
            return self.resend_of(reference, to, by, now);
        }
        let mut resent = Resent {
            share: sent.share,
            households: Vec::new(),
        };
        let wrong = sent.destinations.iter().filter(|one| one.goes_wrong);
        let wrong: BTreeSet<&Mailbox> = wrong.map(|one| &one.mailbox).collect();
        for mailbox in wrong {
            let again = self.resend_of(reference, Some(mailbox), by, now)?;
            resent.households.extend(again.households);
        }
        match resent.households.is_empty() {
            true => Err(Fault::usage("nothing_wrong", "Nothing of it went wrong.")),
            false => Ok(resent),
        }
    }

    /// Why nothing goes again of what did not get there: nobody is heard there, or the parts are gone.
    fn why_not_again(&self, share: &Share, now: Now) -> Result<Fault, Fault> {
        let rows = self.album.rows();
        for one in rows.destinations(share.id)? {
            if lacks(one.state)
                && heard(rows, one.contact)?.is_none()
                && let Err(fault) = self.how_again(share, &one, now)
            {
                return Ok(fault);
            }
        }
        for way in rows.by_way(share.id)? {
            if way.stations.is_some()
                && lacks(way.state)
                && let Err(fault) = self.heard_for(share, &way)
            {
                return Ok(fault);
            }
        }
        Ok(parts_gone())
    }

    fn how_again(
        &self,
        share: &Share,
        destination: &Destination,
        now: Now,
    ) -> Result<Again, Fault> {
        let rows = self.album.rows();
        let mailbox = &destination.mailbox;
        if share.state.is_ended() || is_taken_back(rows, share, destination)? {
            let words = format!(
                "{} was taken back from {mailbox}, or is over",
                share.reference
            );
            return Err(Fault::new("over", words).hint("share the pictures anew"));
        }
        if let Some(carries) = in_outbox(rows, destination)? {
            return Ok(Again::Now(carries));
        }
        if self.has_successor(destination.contact)? {
            let words = format!(
                "{mailbox} has another identity by now, and this was given to the one before: it cannot be sent again"
            );
            return Err(Fault::new("replaced_there", words)
                .hint("share the pictures anew: they go to the one that it has now"));
        }
        if self.ended(destination.contact)?.is_some() {
            return Err(has_ended(mailbox));
        }
        let Some(contact) = heard(rows, destination.contact)? else {
            let words = format!("{mailbox} is blocked, or not known any more");
            return Err(Fault::new("blocked", words));
        };
        if SignedPermit::of_stored(&destination.permit)?.permit().from != self.me() {
            return Err(replaced(&share.reference));
        }
        if contact.certificate(now.now)?.is_none() && !is_over(destination, now.now) {
            if !rows.parts(share.id)?.iter().any(|part| part.held) {
                return Err(parts_gone());
            }
            use DestinationState::{Deleted, Failed, Refused, Waiting};
            return Ok(match destination.state {
                Waiting | Failed | Refused | Deleted => Again::Waits(contact),
                _ => Again::Asks(contact),
            });
        }
        let ready = self.as_it_was(destination, now.now)?;
        let ready = ready.filter(|_| !is_over(destination, now.now));
        let Some(ready @ Ready::Goes(..)) = ready else {
            let words = format!("what {mailbox} was allowed is over");
            return Err(Fault::new("over", words).hint("share the pictures anew"));
        };
        if let Ready::Goes(_, _, new) = &ready
            && !holds(rows, share, &new.expected)?
        {
            return Err(parts_gone());
        }
        Ok(Again::Anew(Box::new(ready)))
    }
}

/// Whether somebody was to be given a share and has not got it, whatever can be done about that.
fn did_not_get_there(rows: Rows<'_>, share: i64) -> Result<bool, Fault> {
    let given = rows.destinations(share)?.into_iter();
    let ways = rows.by_way(share)?.into_iter();
    let mut all = given
        .filter(|one| !one.stations.is_empty())
        .map(|one| one.state);
    let mut behind = ways
        .filter(|way| way.stations.is_some())
        .map(|way| way.state);
    Ok(all.any(lacks) || behind.any(lacks))
}

fn lacks(state: DestinationState) -> bool {
    matches!(state, DestinationState::Failed | DestinationState::Refused)
}
