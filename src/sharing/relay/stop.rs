//! A household is to get nothing any more of what a relay was asked to pass on to it. The relay is told, by a receipt
//! `deleted` that shows a permit to that household; while it waits it then passes nothing on, and says so with the same
//! receipt. Where it was quicker, the copy is followed as ever.

use super::by_way::KEPT;
use super::jobs::{settle_job, stop_carrying};
use super::never_went::tell_if_never_went;
use super::word::{is_of_share, stays_away, to_be_told};
use super::word_about::word_about;
use crate::album::{Contact, Holding, RelayJob, RelayState, RelayStop, Rows, Share};
use crate::envelope::Fingerprint;
use crate::message::check::{GrantLetter, check_chain};
use crate::message::permit;
use crate::message::{Body, Code, Receipt, ReceiptState, SignedPermit};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;
use crate::sharing::ingest::judge::{Judge, Judged, refused};
use crate::sharing::poll::collect::settle;
use crate::sharing::receipts::receipt::{chain_of, receipt};
use crate::sharing::revoke::revoked::revocation_of;
use crate::sharing::search::needed::needed_parts;

/// The most such words of one household that are remembered before anything was asked, and how long their permits are
/// together at most, in bytes.
const MAX_EARLY: (u64, u64) = (1_000, 1024 * 1024);

/// Tells the relay that it is to pass nothing on to `who`, where it may not have done so yet. `ancestors`: the permits on
/// which the share is given from here.
pub(in crate::sharing) fn stop_relay(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    who: Fingerprint,
    ancestors: &[Vec<u8>],
) -> Result<(), Fault> {
    let Some(way) = rows.by_way_to(share.id, who)? else {
        return Ok(());
    };
    let (Some(relay), Some(asked)) = (
        heard(rows, way.relay)?,
        rows.destination_at(share.id, way.relay)?,
    ) else {
        return Ok(());
    };
    let above = ancestors.last().map(|der| SignedPermit::of_stored(der));
    let above = above.transpose()?;
    let giver = above.map_or(share.origin, |one| one.permit().to);
    let Some(identity) = writer.keys.identity_of(giver) else {
        return Ok(());
    };
    let body = word_about(identity, share, who, ancestors, asked.issued)?;
    writer.send_word(rows, &body, &relay)
}

impl Judge<'_> {
    /// The word of a household that asked this one to pass on, or will: nothing goes to another any more. `None` where the
    /// receipt is another.
    pub(in crate::sharing) fn take_relay_stop(
        &self,
        rows: Rows<'_>,
        share: Option<&Share>,
        from: &Contact,
        receipt: &Receipt,
    ) -> Result<Option<Judged>, Fault> {
        if receipt.state != ReceiptState::Deleted || !rows.is_relay_for(from.fingerprint)? {
            return Ok(None);
        }
        let Some(chain) = given_by(from.fingerprint, receipt) else {
            return Ok(None);
        };
        let of = (receipt.origin, receipt.share);
        if !is_of_share(&chain, of) {
            let words = "word of what is not to be passed on, of another share";
            return Ok(Some(refused(Code::Chain, words)));
        }
        let last = chain.last().expect("check_chain refuses an empty chain");
        let stop = RelayStop {
            sender: from.fingerprint,
            of,
            household: last.permit().to,
            issued: last.permit().issued,
            chain: permit::ders(&chain),
            at: self.now.now,
        };
        if let Some(share) = share
            && let Some((holding, job)) = job_of(rows, share, &stop)?
        {
            // What was asked after that is meant.
            if holding.issued <= stop.issued {
                self.stop(rows, share, &stop, job)?;
            }
            return Ok(Some(Judged::Taken));
        }
        if revocation_of(rows, of, &chain)?.is_some() {
            // Nothing was asked before that was taken back, and nothing of it is taken any more.
            self.say_untaken(rows, &stop)?;
            return Ok(Some(Judged::Taken));
        }
        let (count, bytes) = rows.relay_stops_of(stop.sender)?;
        let more = stop.chain.iter().map(Vec::len).sum::<usize>() as u64;
        if count >= MAX_EARLY.0 || bytes.saturating_add(more) > MAX_EARLY.1 {
            let words = "too many words of what is not to be passed on";
            return Ok(Some(refused(Code::Quota, words)));
        }
        rows.put_relay_stop(&stop)?;
        Ok(Some(Judged::Taken))
    }

    /// Stops what a grant asks and was taken back before it came.
    pub(in crate::sharing) fn stop_early(
        &self,
        rows: Rows<'_>,
        share: &Share,
        granter: Fingerprint,
        letter: &GrantLetter,
    ) -> Result<(), Fault> {
        rows.forget_relay_stops(self.now.floor.minus_seconds(KEPT))?;
        for entry in &letter.grant.relay {
            let household = entry.card()?.identity.fingerprint();
            let of = (share.origin, share.wire);
            let Some(stop) = rows.relay_stop(granter, of, household)? else {
                continue;
            };
            if letter.header.issued <= stop.issued
                && let Some((_, job)) = job_of(rows, share, &stop)?
            {
                self.stop(rows, share, &stop, job)?;
            }
        }
        Ok(())
    }

    /// The same, of a grant that was taken back as a whole before it came.
    pub(in crate::sharing) fn stop_untaken(
        &self,
        rows: Rows<'_>,
        letter: &GrantLetter,
    ) -> Result<(), Fault> {
        let manifest = letter.manifest.manifest();
        let (granter, of) = (letter.header.from, (manifest.origin, manifest.share));
        for entry in &letter.grant.relay {
            let household = entry.card()?.identity.fingerprint();
            if let Some(stop) = rows.relay_stop(granter, of, household)?
                && letter.header.issued <= stop.issued
            {
                self.say_untaken(rows, &stop)?;
            }
        }
        Ok(())
    }

    fn stop(
        &self,
        rows: Rows<'_>,
        share: &Share,
        stop: &RelayStop,
        job: RelayJob,
    ) -> Result<(), Fault> {
        match job.state {
            RelayState::Waits => {}
            RelayState::Passed => {
                // What is still in the outbox stays there; the rest is followed by who granted it.
                stop_carrying(rows, share, &job)?;
                if job.went {
                    return Ok(());
                }
            }
            // It was taken back as a whole first, or ended.
            RelayState::Over if !job.went => {
                if !self.say_stopped(rows, stop)? {
                    let changed = self.now.now;
                    to_be_told(rows, RelayJob { changed, ..job })?;
                }
                return Ok(());
            }
            RelayState::Arrived | RelayState::Over => return Ok(()),
        }
        tracing::info!(share = %share.reference, to = %job.mailbox, "it is not passed on any more");
        match self.say_stopped(rows, stop)? {
            true => settle_job(rows, job, RelayState::Over, self.now.now)?,
            false => to_be_told(rows, job)?,
        }
        self.carry_less(rows, share)
    }

    /// Says to who asked that nothing was passed on, nor will be. False where nothing can be written to it just now.
    fn say_stopped(&self, rows: Rows<'_>, stop: &RelayStop) -> Result<bool, Fault> {
        match heard(rows, stop.sender)? {
            Some(asker) => self.writer.send(rows, &word_of(stop), &asker),
            None => Ok(true),
        }
    }

    /// The same, of what was never taken: no row of it is here from which it could be told later.
    fn say_untaken(&self, rows: Rows<'_>, stop: &RelayStop) -> Result<(), Fault> {
        match heard(rows, stop.sender)? {
            Some(asker) => self.writer.send_word(rows, &word_of(stop), &asker),
            None => Ok(()),
        }
    }

    /// Something of a share is not to be passed on any more: parts that were here for that alone go, or are not waited for.
    pub(super) fn carry_less(&self, rows: Rows<'_>, share: &Share) -> Result<(), Fault> {
        let needed = needed_parts(rows, share)?.unwrap_or_default();
        for part in rows.parts(share.id)? {
            if !needed.contains(&part.digest) {
                rows.drop_part(share.id, part.digest)?;
            }
        }
        self.let_go_of.borrow_mut().push(share.id);
        settle(rows, self, share.id)?;
        Ok(())
    }

    /// The answer of a relay that it passed nothing on to a household. `None` where the receipt is another.
    pub(in crate::sharing) fn take_word_of_stop(
        &self,
        rows: Rows<'_>,
        share: &Share,
        relay: &Contact,
        receipt: &Receipt,
    ) -> Result<Option<Judged>, Fault> {
        if receipt.state != ReceiptState::Deleted {
            return Ok(None);
        }
        let Ok(chain) = check_chain(&receipt.chain) else {
            return Ok(None);
        };
        let last = chain.last().expect("check_chain refuses an empty chain");
        let (by, who) = (last.permit().from, last.permit().to);
        if who == relay.fingerprint
            || self.keys.identity_of(by).is_none()
            || !is_of_share(&chain, (share.origin, share.wire))
        {
            return Ok(None);
        }
        let way = rows.by_way_to(share.id, who)?;
        let Some(way) = way.filter(|way| way.relay == relay.fingerprint) else {
            return Ok(None);
        };
        // It may have been asked anew since.
        let asked = rows.destination_at(share.id, relay.fingerprint)?;
        if asked.is_some_and(|asked| asked.issued > last.permit().issued) {
            return Ok(Some(Judged::Taken));
        }
        stays_away(rows, &way)?;
        tell_if_never_went(rows, &self.writer, share, who)?;
        Ok(Some(Judged::Taken))
    }
}

/// The answer to it: what came, as it came.
fn word_of(stop: &RelayStop) -> Body {
    receipt(stop.of, ReceiptState::Deleted, chain_of(&stop.chain))
}

/// The chain of a receipt whose last permit is from that household itself.
fn given_by(who: Fingerprint, receipt: &Receipt) -> Option<Vec<SignedPermit>> {
    let chain = check_chain(&receipt.chain).ok()?;
    let given = chain.last().is_some_and(|last| last.permit().from == who);
    given.then_some(chain)
}

/// What that household asked to pass on to the other, with the holding that it granted.
fn job_of(
    rows: Rows<'_>,
    share: &Share,
    stop: &RelayStop,
) -> Result<Option<(Holding, RelayJob)>, Fault> {
    for holding in rows.holdings(share.id)? {
        if holding.granter == stop.sender
            && let Some(job) = rows.relay_job(holding.id, stop.household)?
        {
            return Ok(Some((holding, job)));
        }
    }
    Ok(None)
}
