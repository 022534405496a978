//! Receipts: what this household says of its copies, and what others say of those it granted (PROTOCOL 6).

pub(super) mod receipt;

use std::collections::BTreeSet;

use self::receipt::{chain_of, receipt};
use super::Fault;
use super::contacts::inherited::gone_before;
use super::contacts::successor::{heard_now, speaks_for};
use super::correspond::Writer;
use super::correspond::send::heard;
use super::identity::is_to;
use super::ingest::judge::{Judge, Judged, refused};
use super::relay::on_its_way::{note_answer, relay_forgot, relay_moved, tell_relay, way_of};
use super::relay::untold::{passed_nothing_on, refused_by_relay};
use super::revoke::recall::follow;
use super::revoke::revoked::revocation_of;
use crate::album::{
    Contact, CopyState, Destination, DestinationState, Holding, HoldingState, OnwardCopy, Rows,
    Share, Went,
};
use crate::envelope::{Fingerprint, Id};
use crate::message::check::{Standing, check_standing_with};
use crate::message::grant::Bytes;
use crate::message::permit;
use crate::message::{
    Body, Code, Receipt, ReceiptState, SignedPermit, SignedRevocation, is_named_by_origin,
};

/// The most copies further on that are kept in mind of one share, below one household.
const MAX_COPIES: u64 = 1_000;
/// The most bytes that the permits of those copies have. Without a list of items a chain has some 4 KiB, so that all of
/// them find room; with the longest lists it could have 512 KiB.
const MAX_COPIES_BYTES: u64 = 16 * 1024 * 1024;

impl Judge<'_> {
    /// A receipt moves the destination that its signer is, or tells of a copy further on. It shows a permit that was
    /// given here, or names the letter.
    pub(super) fn take_receipt(
        &self,
        rows: Rows<'_>,
        from: &Contact,
        receipt: &Receipt,
    ) -> Result<Judged, Fault> {
        let share = rows.share_by_wire(receipt.origin, receipt.share)?;
        if let Some(judged) = self.take_word_of_nothing(rows, share.as_ref(), from, receipt)? {
            return Ok(judged);
        }
        if let Some(judged) = self.take_relay_stop(rows, share.as_ref(), from, receipt)? {
            return Ok(judged);
        }
        let Some(share) = share else {
            return Ok(refused(
                Code::Chain,
                "a receipt for a share that is not known",
            ));
        };
        if let Some(judged) = self.take_word_of_arrival(rows, &share, from, receipt)? {
            return Ok(judged);
        }
        if let Some(judged) = self.take_word_of_stop(rows, &share, from, receipt)? {
            return Ok(judged);
        }
        let who = speaks_for(rows, from, receipt)?;
        let destination = rows.destination_at(share.id, who)?;
        if receipt.state == ReceiptState::Refused {
            return self.note_refusal(rows, (&share, from.fingerprint), destination, receipt);
        }
        let standing = match receipt.state {
            ReceiptState::Forwarded => Standing::PassedOn,
            _ => Standing::Holds,
        };
        // What an identity of before gave, this household is told of all the same.
        let is_mine = |who| self.keys.is_ours(who);
        let (of, signer) = ((receipt.origin, receipt.share), (who, standing));
        let chain = match check_standing_with(&receipt.chain, of, signer, is_mine) {
            Ok(chain) => chain,
            Err(refused) => return Ok(Judged::Refused(refused)),
        };
        if chain[0].permit().manifest != share.manifest_digest {
            return Ok(refused(
                Code::Manifest,
                "the chain of a receipt is of another manifest",
            ));
        }
        if !are_items_known(rows, &share, &chain)? {
            return Ok(refused(
                Code::Manifest,
                "a permit names an item that the manifest does not have",
            ));
        }
        match receipt.state {
            ReceiptState::Forwarded => self.note_copy(rows, &share, &chain, receipt),
            ReceiptState::Complete | ReceiptState::Deleted => {
                let last = chain.last().expect("check_chain refuses an empty chain");
                match destination {
                    Some(destination) if is_mine(last.permit().from) => {
                        self.note_arrival(rows, (&share, &destination), &chain, receipt.state)
                    }
                    _ if is_mine(last.permit().from) => Ok(refused(
                        Code::Chain,
                        "a receipt from a household that was granted nothing",
                    )),
                    _ => self.note_end_further_on(rows, &share, &chain, receipt.state),
                }
            }
            ReceiptState::Refused => Ok(Judged::Taken),
        }
    }

    fn note_refusal(
        &self,
        rows: Rows<'_>,
        (share, who): (&Share, Fingerprint),
        destination: Option<Destination>,
        receipt: &Receipt,
    ) -> Result<Judged, Fault> {
        let code = receipt.reason.map_or("no reason given", Code::as_str);
        let mut words = Some(refusal_words(code));
        let state = DestinationState::Refused;
        if code == Code::Quota.as_str() && rows.by_way(share.id)?.iter().any(|way| way.relay == who)
        {
            words =
                Some("that household does not pass on for this one, or has no more room for this");
        }
        let Some(destination) = destination else {
            // It refused the letter of a relay, which only that one can name.
            if let Some(way) = rows.by_way_to(share.id, who)? {
                note_answer(rows, way, (state, words), self.now.now)?;
                return Ok(Judged::Taken);
            }
            return Ok(refused(
                Code::Chain,
                "a receipt from a household that was granted nothing",
            ));
        };
        if receipt.letter != Some(destination.letter) {
            // An older grant was refused; the newer one has its own receipt. What that one asked to pass on comes to nothing.
            if receipt.reason == Some(Code::Quota)
                && let Some(letter) = receipt.letter
            {
                refused_by_relay(rows, &destination, letter, self.now.now)?;
            }
            return Ok(Judged::Taken);
        }
        rows.set_destination_state(destination.id, state, words, self.now.now)?;
        refused_by_relay(rows, &destination, destination.letter, self.now.now)?;
        Ok(Judged::Taken)
    }

    /// `complete` or `deleted` of a household to which this one granted.
    fn note_arrival(
        &self,
        rows: Rows<'_>,
        (share, destination): (&Share, &Destination),
        chain: &[SignedPermit],
        state: ReceiptState,
    ) -> Result<Judged, Fault> {
        // By digest: a signature can be written in two ways, and is the same permit.
        let shown = chain.last().map(SignedPermit::digest);
        let now = self.now.now;
        let deleted = state == ReceiptState::Deleted;
        let recalled = destination.state == DestinationState::Revoked;
        // The newer one was taken back before anything of it went there.
        let had_this = recalled && deleted && destination.went == Went::Earlier;
        if Some(SignedPermit::of_stored(&destination.permit)?.digest()) != shown && !had_this {
            // Of an earlier grant of ours, which the newer one has replaced: that one has its own receipt.
            if !deleted {
                self.note_earlier(rows, (share, destination), chain)?;
            }
            return Ok(Judged::Taken);
        }
        if !deleted {
            self.note_confirmed(rows, (share, destination), chain)?;
        }
        let next = match deleted {
            true => DestinationState::Deleted,
            // It crossed the revocation on the way.
            false if recalled || destination.state == DestinationState::Deleted => {
                return Ok(Judged::Taken);
            }
            false => DestinationState::Delivered,
        };
        // Said again, it is no later for that: a period that began then began then.
        if next != DestinationState::Delivered || destination.state != next {
            rows.set_destination_state(destination.id, next, None, now)?;
        }
        if deleted {
            gone_before(rows, destination, now)?;
        }
        match deleted {
            false => relay_moved(rows, destination, DestinationState::Sent, now)?,
            true if !recalled => {
                relay_forgot(rows, destination, now)?;
                passed_nothing_on(rows, destination)?;
            }
            true => {}
        }
        if let Some(way) = rows.by_way_to(share.id, destination.contact)? {
            tell_relay(rows, &self.writer, share, &way, chain)?;
        }
        let others = copies_of(rows, destination.share, destination.contact)?;
        for recall in rows.recalls(destination.share, destination.contact)? {
            let signed = SignedRevocation::of_stored(&recall.signed)?;
            if !signed.ends(chain) && others.iter().any(|other| signed.ends(other)) {
                // It has another copy, by way of others, and is told of that.
                continue;
            }
            if !deleted && let Some(contact) = heard(rows, destination.contact)? {
                // The new permit is there; what stood on the one before, and went further on, ends now.
                let body = Body::Revocation(Bytes(recall.signed));
                if !self.writer.send(rows, &body, &contact)? {
                    // It is told once its certificate has come.
                    continue;
                }
            }
            rows.end_recall(recall.id)?;
        }
        Ok(Judged::Taken)
    }

    /// A copy further on is gone, or is complete, which is for its granter to know.
    fn note_end_further_on(
        &self,
        rows: Rows<'_>,
        share: &Share,
        chain: &[SignedPermit],
        state: ReceiptState,
    ) -> Result<Judged, Fault> {
        if state == ReceiptState::Deleted {
            let copy = self.copy_of(share, chain, CopyState::Deleted);
            let last = chain.last().expect("check_chain refuses an empty chain");
            if last.permit().only_carries() && rows.onward_copy(copy.permit)?.is_none() {
                // It never could be opened there, and was no copy.
                return Ok(Judged::Taken);
            }
            if !self.has_room(rows, &copy)? {
                return Ok(refused(Code::Quota, "too many copies of one share"));
            }
            rows.put_onward_copy(&copy)?;
            if let Some(way) = way_of(rows, share.id, chain)? {
                tell_relay(rows, &self.writer, share, &way, chain)?;
                note_answer(rows, way, (DestinationState::Deleted, None), self.now.now)?;
            }
            for recall in rows.recalls(share.id, copy.holder)? {
                // It may have another copy, of which it is told as well.
                if SignedRevocation::of_stored(&recall.signed)?.ends(chain) {
                    rows.end_recall(recall.id)?;
                }
            }
            return Ok(Judged::Taken);
        }
        self.note_confirmed_further_on(rows, share, chain)
    }

    /// A copy was passed on. Whoever granted the share here learns it too, so that the origin sees every copy.
    fn note_copy(
        &self,
        rows: Rows<'_>,
        share: &Share,
        chain: &[SignedPermit],
        receipt: &Receipt,
    ) -> Result<Judged, Fault> {
        let copy = self.copy_of(share, chain, CopyState::Forwarded);
        if rows.onward_copy(copy.permit)?.is_some() {
            return Ok(Judged::Taken);
        }
        if !self.has_room(rows, &copy)? {
            return Ok(refused(Code::Quota, "too many copies of one share"));
        }
        rows.put_onward_copy(&copy)?;
        if let Some(way) = way_of(rows, share.id, chain)? {
            note_answer(rows, way, (DestinationState::Sent, None), self.now.now)?;
        }
        let known = revocation_of(rows, (share.origin, share.wire), chain)?;
        let signed = match known {
            Some(signed) => Some(signed),
            None => follow(rows, &self.writer, share, &copy)?,
        };
        if let Some(signed) = signed {
            // The word of it crossed the revocation on the way.
            self.end_further_on(rows, &copy, &signed)?;
        }
        let me = self.keys.identity.fingerprint();
        // Who granted it to an identity of before hears that one alone.
        let mine = chain.iter().position(|permit| permit.permit().from == me);
        if let Some(above) = mine.and_then(|at| at.checked_sub(1)) {
            let granter = chain[above].permit().from;
            let of = (share.origin, share.wire);
            send_forwarded(rows, &self.writer, of, granter, &receipt.chain)?;
        }
        Ok(Judged::Taken)
    }

    pub(super) fn has_room(&self, rows: Rows<'_>, copy: &OnwardCopy) -> Result<bool, Fault> {
        if rows.onward_copy(copy.permit)?.is_some() {
            return Ok(true);
        }
        let (count, bytes) = rows.onward_copies_below(copy.share, copy.branch)?;
        let more: u64 = copy.chain.iter().map(|der| der.len() as u64).sum();
        Ok(count < MAX_COPIES && bytes.saturating_add(more) <= MAX_COPIES_BYTES)
    }

    pub(super) fn copy_of(
        &self,
        share: &Share,
        chain: &[SignedPermit],
        state: CopyState,
    ) -> OnwardCopy {
        let mut permits = chain.iter().map(SignedPermit::permit);
        let mine = permits.find(|permit| self.keys.is_ours(permit.from));
        let last = chain.last().expect("check_chain refuses an empty chain");
        OnwardCopy {
            permit: last.digest(),
            share: share.id,
            branch: mine.expect("check_standing asks for a permit from here").to,
            holder: last.permit().to,
            chain: permit::ders(chain),
            state,
            changed: self.now.now,
            never_went: false,
            confirmed: false,
        }
    }
}

/// Queues `complete` for each live holding of a share that has none yet.
pub(super) fn send_complete(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
) -> Result<(), Fault> {
    for holding in rows.holdings(share.id)? {
        if holding.state != HoldingState::Live || holding.receipted {
            continue;
        }
        if let Some(granter) = answers_to(rows, writer, &holding)? {
            let of = (share.origin, share.wire);
            let body = receipt(of, ReceiptState::Complete, chain_of(&holding.chain));
            if !writer.send(rows, &body, &granter)? {
                // Its certificate has ended, and it is asked for a new one: the next look tries again.
                continue;
            }
        }
        rows.set_receipted(holding.id)?;
    }
    Ok(())
}

/// Who is told that a copy is complete: its granter; the origin where that one had it passed on to here. Where that identity is no
/// more, the one that took its place.
fn answers_to(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    holding: &Holding,
) -> Result<Option<Contact>, Fault> {
    let chain = permit::all_of_stored(&holding.chain)?;
    if !is_to(&holding.chain, writer.keys.identity.fingerprint())? {
        return Ok(None);
    }
    if is_named_by_origin(&chain, writer.keys.identity.fingerprint())
        && let Some(first) = chain.first()
        && let Some(origin) = heard_now(rows, first.permit().origin)?
    {
        return Ok(Some(origin));
    }
    match heard_now(rows, holding.granter)? {
        Some(granter) => Ok(Some(granter)),
        None => Ok(rows.contact(holding.granter)?),
    }
}

/// Tells those who granted a copy, and whoever granted it to them, that it is gone: all that are known here. Of what was
/// only carried nobody was told but who asked for that.
pub(super) fn send_deleted(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    of: (Fingerprint, Id),
    chain: &[Vec<u8>],
) -> Result<(), Fault> {
    let mut told = BTreeSet::new();
    if !is_to(chain, writer.keys.identity.fingerprint())? {
        return Ok(());
    }
    let permits = permit::all_of_stored(chain)?;
    let carried = permits
        .last()
        .is_some_and(|last| last.permit().only_carries());
    let told_from = if carried { permits.len() - 1 } else { 0 };
    for one in &permits[told_from..] {
        let from = one.permit().from;
        if told.insert(from) {
            send_deleted_to(rows, writer, of, chain, from)?;
        }
    }
    Ok(())
}

/// As [`send_deleted`], to one household.
pub(super) fn send_deleted_to(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    of: (Fingerprint, Id),
    chain: &[Vec<u8>],
    to: Fingerprint,
) -> Result<(), Fault> {
    if let Some(contact) = heard_now(rows, to)? {
        let body = receipt(of, ReceiptState::Deleted, chain_of(chain));
        writer.send_word(rows, &body, &contact)?;
    }
    Ok(())
}

/// Tells the granter that its copy was passed on.
pub(super) fn send_forwarded(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    of: (Fingerprint, Id),
    granter: Fingerprint,
    chain: &[Bytes],
) -> Result<(), Fault> {
    if let Some(granter) = heard(rows, granter)? {
        let body = receipt(of, ReceiptState::Forwarded, chain.to_vec());
        writer.send(rows, &body, &granter)?;
    }
    Ok(())
}

/// The chains of the copies that a household has by way of others.
fn copies_of(
    rows: Rows<'_>,
    share: i64,
    holder: Fingerprint,
) -> Result<Vec<Vec<SignedPermit>>, Fault> {
    let mut copies = rows.onward_copies(share)?;
    copies.retain(|copy| copy.holder == holder && copy.state != CopyState::Deleted);
    let chains = copies.iter().map(|copy| permit::all_of_stored(&copy.chain));
    Ok(chains.collect::<Result<_, _>>()?)
}

/// Whether every item that the permits name is one of the share.
fn are_items_known(rows: Rows<'_>, share: &Share, chain: &[SignedPermit]) -> Result<bool, Fault> {
    let named = chain.iter().filter_map(|one| one.permit().items.as_ref());
    let named: BTreeSet<Id> = named.flatten().copied().collect();
    if named.is_empty() {
        return Ok(true);
    }
    let items = rows.share_items(share.id)?;
    let known: BTreeSet<Id> = items.iter().map(|item| item.wire).collect();
    Ok(named.is_subset(&known))
}

/// What a refusal code means for the sender.
fn refusal_words(code: &str) -> &'static str {
    match code {
        "quota" => "that household has no more room for this, or only carries for others",
        "stale" => "it arrived too late; share it again",
        "unsupported" => "that household's box is too old for this; it should update",
        "addressee" => "it came to the wrong household; compare the addresses",
        "replayed" => "it came twice",
        _ => {
            "that household's box did not accept it; share it again, and if it stays so compare words"
        }
    }
}
