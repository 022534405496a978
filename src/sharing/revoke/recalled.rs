//! A revocation that came: the copies that stand on it end, here and further on, also when it overtook its grant.

use super::recall::{
    end_answers, end_copy, end_destination, may_have_a_copy, recall, recall_given,
};
use super::revoked::revocation_of;
use crate::album::{
    Contact, CopyState, DestinationState, HoldingState, OnwardCopy, RelayJob, RelayState, Rows,
    Share, ShareState,
};
use crate::envelope::Fingerprint;
use crate::message::check::GrantLetter;
use crate::message::grant::Bytes;
use crate::message::permit;
use crate::message::{Code, SignedRevocation};
use crate::sharing::Fault;
use crate::sharing::contacts::successor::reached;
use crate::sharing::identity::is_to;
use crate::sharing::ingest::judge::{Judge, Judged, refused};
use crate::sharing::listing::named::renew_words;
use crate::sharing::receipts::{send_deleted, send_deleted_to};
use crate::sharing::relay::jobs::end_relay;
use crate::sharing::relay::never_went::tell_never_went;
use crate::sharing::relay::word::{tell_not_passed, to_be_told};
use crate::sharing::search::needed::needed_parts;

/// The most revocations of one share that a household further on is told of at a time.
const MAX_RECALLS: usize = 10;
/// The most revocations that are remembered of one household and have ended nothing yet (PROTOCOL 7).
const MAX_EARLY: u64 = 1_000;

/// Whether nothing of what is to be passed on to a household has left this one.
fn is_not_passed(job: &RelayJob) -> bool {
    match job.state {
        RelayState::Waits => true,
        RelayState::Passed => !job.went,
        RelayState::Arrived | RelayState::Over => false,
    }
}

impl Judge<'_> {
    /// Takes a revocation, whoever carried it: it counts by its own signature. One that ends nothing may have overtaken its
    /// grant, and is remembered where a household that is heard sent it.
    pub(in crate::sharing) fn take_revocation(
        &self,
        rows: Rows<'_>,
        sender: Option<&Contact>,
        to: Option<Fingerprint>,
        signed: &Bytes,
    ) -> Result<Judged, Fault> {
        let signed = match SignedRevocation::verify(&signed.0) {
            Ok(signed) => signed,
            Err(refused) => return Ok(Judged::Refused(refused)),
        };
        let of = (signed.revocation().origin, signed.revocation().share);
        let revocation = (signed.digest(), signed.der());
        let mut effective = false;
        if let Some(share) = rows.share_by_wire(of.0, of.1)? {
            effective = self.end_holdings(rows, &share, &signed, (sender, to))?;
            effective |= self.pass_revocation(rows, &share, &signed)?;
            end_answers(rows, share.id, &signed)?;
        }
        if effective {
            // As many of these as there were copies here: they count for nobody.
            let me = self.keys.identity.fingerprint();
            rows.put_revocation(of, revocation, me, self.now.now)?;
            return Ok(Judged::Taken);
        }
        let Some(sender) = sender else {
            return Ok(refused(
                Code::Addressee,
                "a stranger's revocation that ends nothing here",
            ));
        };
        if !rows.is_revocation_known(signed.digest())? {
            if rows.revocations_sent(sender.fingerprint)? >= MAX_EARLY {
                return Ok(refused(
                    Code::Quota,
                    "too many revocations that end nothing here",
                ));
            }
            rows.put_revocation(of, revocation, sender.fingerprint, self.now.now)?;
        }
        Ok(Judged::Taken)
    }

    /// Whether a grant was taken back before it came. Its granter learns that there is no copy here.
    pub(in crate::sharing) fn is_recalled(
        &self,
        rows: Rows<'_>,
        letter: &GrantLetter,
    ) -> Result<bool, Fault> {
        let manifest = letter.manifest.manifest();
        let of = (manifest.origin, manifest.share);
        if revocation_of(rows, of, &letter.chain)?.is_none() {
            return Ok(false);
        }
        self.stop_untaken(rows, letter)?;
        if self.may_answer(rows, letter.header.from)? {
            let chain = permit::ders(&letter.chain);
            send_deleted_to(rows, &self.writer, of, &chain, letter.header.from)?;
        }
        Ok(true)
    }

    /// Ends the holdings of this house that stand on what is revoked; gives whether there were any.
    fn end_holdings(
        &self,
        rows: Rows<'_>,
        share: &Share,
        signed: &SignedRevocation,
        (sender, to): (Option<&Contact>, Option<Fingerprint>),
    ) -> Result<bool, Fault> {
        let mut ended = false;
        let holdings = rows.holdings(share.id)?;
        for holding in &holdings {
            if !signed.ends(&permit::all_of_stored(&holding.chain)?) {
                continue;
            }
            if holding.state == HoldingState::Live {
                rows.end_holding(holding.id, HoldingState::Revoked)?;
                let mut untold = Vec::new();
                for job in rows.relay_jobs(share.id)? {
                    if job.holding == holding.id
                        && is_not_passed(&job)
                        && !tell_not_passed(rows, &self.writer, share, holding, job.household)?
                    {
                        untold.push(job);
                    }
                }
                end_relay(rows, share, holding.id, self.now.now)?;
                for job in untold {
                    let changed = self.now.now;
                    to_be_told(rows, RelayJob { changed, ..job })?;
                }
                send_deleted(
                    rows,
                    &self.writer,
                    (share.origin, share.wire),
                    &holding.chain,
                )?;
                if let Some(sender) = sender {
                    self.tell_successor(rows, share, signed, (sender, to, &holding.chain))?;
                }
                ended = true;
            } else if let Some(sender) = sender
                && self.may_answer(rows, sender.fingerprint)?
            {
                // Told again: our word that it is gone was lost.
                let (of, to) = ((share.origin, share.wire), sender.fingerprint);
                send_deleted_to(rows, &self.writer, of, &holding.chain, to)?;
            }
        }
        if ended {
            renew_words(rows, share.id)?;
            self.let_go(rows, share)?;
            tracing::info!(share = %share.reference, "taken back by {}", signed.revocation().from.short());
        }
        Ok(ended)
    }

    /// Whoever gave a copy may have another identity by now, and takes it back by the old one: that the copy is gone is told to
    /// the new one. Or this house has: who takes it back from the one of now is told by that one.
    fn tell_successor(
        &self,
        rows: Rows<'_>,
        share: &Share,
        signed: &SignedRevocation,
        (sender, to, chain): (&Contact, Option<Fingerprint>, &[Vec<u8>]),
    ) -> Result<(), Fault> {
        let (by, me) = (signed.revocation().from, self.keys.identity.fingerprint());
        let gave = rows.contact(by)?.filter(|one| !one.is_heard());
        let tells = match is_to(chain, me)? {
            true => gave.is_some_and(|one| one.mailbox == sender.mailbox),
            false => to == Some(me),
        };
        if tells && self.may_answer(rows, sender.fingerprint)? {
            let of = (share.origin, share.wire);
            send_deleted_to(rows, &self.writer, of, chain, sender.fingerprint)?;
        }
        Ok(())
    }

    /// Lets go of the parts that no live holding asks for; without any the share is over.
    fn let_go(&self, rows: Rows<'_>, share: &Share) -> Result<(), Fault> {
        let needed = needed_parts(rows, share)?;
        let is_needed = |digest| needed.as_ref().is_some_and(|all| all.contains(&digest));
        for part in rows.parts(share.id)? {
            if !is_needed(part.digest) {
                rows.drop_part(share.id, part.digest)?;
            }
        }
        if needed.is_none() {
            rows.set_share_state(share.id, ShareState::Revoked, self.now.now)?;
        }
        self.let_go_of.borrow_mut().push(share.id);
        Ok(())
    }

    /// Passes a revocation on, as it was signed, to the households below; gives whether there were any.
    fn pass_revocation(
        &self,
        rows: Rows<'_>,
        share: &Share,
        signed: &SignedRevocation,
    ) -> Result<bool, Fault> {
        let mut passed = false;
        for destination in rows.destinations(share.id)? {
            let over = matches!(
                destination.state,
                DestinationState::Revoked | DestinationState::Deleted
            );
            if over || !signed.ends(&permit::all_of_stored(&destination.chain())?) {
                continue;
            }
            passed = true;
            end_destination(rows, &destination, self.now.now)?;
            tell_never_went(rows, &self.writer, share, &destination)?;
            if may_have_a_copy(&destination)
                && let Some(contact) = rows.contact(destination.contact)?
            {
                recall_given(rows, &self.writer, &destination, &contact, signed)?;
            }
        }
        for copy in rows.onward_copies(share.id)? {
            if copy.state != CopyState::Forwarded
                || !signed.ends(&permit::all_of_stored(&copy.chain)?)
            {
                continue;
            }
            passed = true;
            self.end_further_on(rows, &copy, signed)?;
        }
        Ok(passed)
    }

    /// A copy further on is over, and its holder is told where it is heard here.
    pub(in crate::sharing) fn end_further_on(
        &self,
        rows: Rows<'_>,
        copy: &OnwardCopy,
        signed: &SignedRevocation,
    ) -> Result<(), Fault> {
        end_copy(rows, copy, self.now.now)?;
        // Whoever granted it that copy tells it too: more than a few such words are not ours to pass on.
        let told = rows.recalls(copy.share, copy.holder)?.len();
        if told < MAX_RECALLS
            && let Some(contact) = reached(rows, copy.holder)?
        {
            recall(rows, &self.writer, copy.share, &contact, signed)?;
        }
        Ok(())
    }
}
