//! What of the house is out, as one person may see and end it: what they shared or passed on themselves; the keeper all.

use std::collections::BTreeSet;

use super::{SentShare, SentTo};
use crate::address::StationName;
use crate::album::SharedBy;
use crate::sharing::accounts::Visitor;
use crate::sharing::revoke::Revoked;
use crate::sharing::{Fault, Household, Now};

impl Household {
    /// What is out, newest first.
    pub fn sent_by(&self, visitor: &Visitor) -> Result<Vec<SentShare>, Fault> {
        let mut sent = self.all_sent(Some(&visitor.station))?;
        sent.retain_mut(|share| retain(share, visitor));
        Ok(sent)
    }

    /// One share of those.
    pub fn sent_share(&self, reference: &str, visitor: &Visitor) -> Result<SentShare, Fault> {
        let unknown = || Fault::usage("unknown_share", "There is no such share.");
        let _moment = self.album.moment()?;
        let share = self.album.rows().share(reference)?.ok_or_else(unknown)?;
        let mut sent = self
            .sent_out(&share, Some(&visitor.station))?
            .ok_or_else(unknown)?;
        match retain(&mut sent, visitor) {
            true => Ok(sent),
            false => Err(unknown()),
        }
    }

    /// Takes back a share that the visitor may see, from everyone or from one household, named by its mailbox or fingerprint.
    pub fn stop_sharing(
        &mut self,
        reference: &str,
        from: Option<&str>,
        visitor: &Visitor,
        now: Now,
    ) -> Result<Revoked, Fault> {
        let share = self.sent_share(reference, visitor)?;
        let called = self.share_called(reference)?;
        let from = from.map(|said| self.meant_of(&called, said)).transpose()?;
        let from = from.as_deref();
        // Of what others passed on too, a person ends only what they passed on themselves.
        let all = share.own || visitor.keeper;
        let given = |who: &str| share.destinations.iter().any(|to| to.is_called(who));
        if from.is_some_and(|who| !all && !given(who)) {
            return Err(Fault::usage(
                "unknown_share",
                "It was not shared with them.",
            ));
        }
        let by = (!all).then_some(&visitor.station);
        match (from, by) {
            (Some(who), by) => self.revoke_of(reference, Some(who), by, now),
            (None, None) => self.revoke(reference, None, now),
            (None, Some(person)) => self
                .revoke_all_of(reference, (share.destinations, None), person, now)?
                .ok_or_else(|| Fault::usage("unknown_share", "There is no such share.")),
        }
    }

    /// As [`Household::revoke`], of another household's share only what one person passed on.
    pub fn revoke_by(
        &mut self,
        reference: &str,
        from: Option<&str>,
        person: &StationName,
        now: Now,
    ) -> Result<Revoked, Fault> {
        self.refuse_unknown_person(person)?;
        let share = self.share_called(reference)?;
        if self.keys.is_ours(share.origin) {
            let words = format!("{reference} is this household's own");
            return Err(Fault::usage("own", words).hint("leave out --as"));
        }
        let from = from.map(|said| self.meant_of(&share, said)).transpose()?;
        let from = from.as_deref();
        let mut sent = self.sent_to(&share)?;
        sent.retain(|to| to.passed_by.as_ref() == Some(person));
        sent.retain(|to| from.is_none_or(|who| to.is_called(who)));
        let nothing = || {
            let words =
                format!("{person} passed on nothing of {reference} that could be taken back");
            Fault::usage("nothing_given", words)
        };
        self.revoke_all_of(reference, (sent, from), person, now)?
            .ok_or_else(nothing)
    }

    /// Takes back what a person passed on to each of these, which are one where somebody named it. What cannot be taken back
    /// from one keeps none of the others.
    fn revoke_all_of(
        &mut self,
        reference: &str,
        (mut there, named): (Vec<SentTo>, Option<&str>),
        person: &StationName,
        now: Now,
    ) -> Result<Option<Revoked>, Fault> {
        // What only waited and was taken back is no more.
        there.retain(|to| to.asked.is_none() || to.state != "revoked");
        let there = there.iter().map(|to| named.unwrap_or(to.mailbox.as_str()));
        let there: BTreeSet<String> = there.map(str::to_owned).collect();
        let mut revoked: Option<Revoked> = None;
        let mut failed: Option<Fault> = None;
        for who in there {
            let one = match self.revoke_of(reference, Some(&who), Some(person), now) {
                Ok(one) => one,
                Err(fault) => {
                    // What went wrong says more than that there is nothing.
                    if failed.as_ref().is_none_or(is_of_nothing) {
                        failed = Some(fault);
                    }
                    continue;
                }
            };
            match &mut revoked {
                Some(all) => {
                    all.households.extend(one.households);
                    all.unreached.extend(one.unreached);
                    all.may_have_kept.extend(one.may_have_kept);
                    all.not_passed_on.extend(one.not_passed_on);
                }
                None => revoked = Some(one),
            }
        }
        match failed {
            Some(fault) if revoked.is_none() || !is_of_nothing(&fault) => Err(fault),
            _ => Ok(revoked),
        }
    }
}

/// Whether it says that there is nothing at a household that could be taken back from here.
fn is_of_nothing(fault: &Fault) -> bool {
    matches!(fault.code, "no_copy" | "not_given" | "only_carries")
}

fn retain(share: &mut SentShare, visitor: &Visitor) -> bool {
    if visitor.keeper {
        return true;
    }
    if share.own {
        return mine(&share.whose, &visitor.station);
    }
    share
        .destinations
        .retain(|to| sees(visitor, None, to.passed_by.as_ref()));
    share.copies.clear();
    !share.destinations.is_empty()
}

/// Whether a visitor sees what went to a destination: of an own share that `own` made, or that `passed_by` passed on.
pub(in crate::sharing) fn sees(
    visitor: &Visitor,
    own: Option<&SharedBy>,
    passed_by: Option<&StationName>,
) -> bool {
    let station = &visitor.station;
    visitor.keeper
        || match own {
            Some(by) => mine(by, station),
            None => passed_by == Some(station),
        }
}

/// What was shared at the command line is the house's; what somebody shared who has left it, nobody's but the keeper's.
pub(in crate::sharing) fn mine(by: &SharedBy, person: &StationName) -> bool {
    match by {
        SharedBy::House => true,
        SharedBy::Person(by) => by == person,
        SharedBy::Gone => false,
    }
}
