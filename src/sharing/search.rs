//! Content comes from any household that has it (PROTOCOL 6): what is missing here is asked for, and what others miss is
//! sent, as far as the chain that they show permits.

pub(super) mod needed;

use std::collections::BTreeSet;

use super::correspond::Writer;
use super::correspond::send::heard;
use super::identity::is_to;
use super::ingest::judge::{Judge, Judged, refused};
use super::poll::collect::CHANGED;
use super::revoke::revoked::revocation_of;
use super::share::granting::queue_parts;
use super::{Fault, Household, Now};
use crate::album::{Contact, HoldingState, Reason, Rows, Search, Share};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id};
use crate::message::check::{Standing, check_standing};
use crate::message::grant::Bytes;
use crate::message::{Body, Code, PartRequest, SignedPermit};

/// How long nothing must have come before the granter is asked, in seconds; never longer than `limits.patience`.
const FIRST_WAIT: u64 = 600;
/// The longest wait between two askings, in seconds, once all were asked in vain.
const LONGEST_WAIT: u64 = 86_400;
/// A household is sent the same part so often in [`ANSWER_WINDOW`].
const MAX_ANSWERS: u64 = 3;
/// Seconds.
const ANSWER_WINDOW: u64 = 7 * 86_400;

/// A household that may have what is missing, and the chain that is shown to it.
struct Holder {
    contact: Contact,
    chain: Vec<Vec<u8>>,
}

impl Household {
    /// Asks for parts that are missing: the granter first, then, each time `patience` has gone by in silence, the next
    /// household up the chain.
    pub(super) fn search_missing(&mut self, now: Now) -> Result<(), Fault> {
        let shares = self.album.rows().shares_with_missing_parts()?;
        if shares.is_empty() {
            return Ok(());
        }
        let keys = &self.keys;
        let patience = self.config.limits.patience.as_secs();
        let writer = Writer::new(&self.keys, &self.config, now.now);
        crate::crash::point("search.before_commit");
        self.album.commit(|rows| {
            for share in shares {
                let share = rows.share_by_id(share)?;
                if !keys.is_ours(share.origin) {
                    search(rows, &writer, &share, patience)?;
                }
            }
            Ok::<_, Fault>(())
        })?;
        crate::crash::point("search.after_commit");
        Ok(())
    }
}

fn search(rows: Rows<'_>, writer: &Writer<'_>, share: &Share, patience: u64) -> Result<(), Fault> {
    let now = writer.now;
    let mut search = match rows.search(share.id)? {
        Some(search) => search,
        None => Search {
            share: share.id,
            asked: 0,
            next: now.plus_seconds(FIRST_WAIT.min(patience)),
        },
    };
    let damaged = search.asked == 0 && rows.came_refused(share.id, CHANGED)?;
    // What lies further ahead than any wait was put off by a clock that was wrong.
    let due = search.next <= now || search.next > now.plus_seconds(LONGEST_WAIT.max(patience));
    if !due && !damaged {
        return Ok(rows.put_search(&search, now)?);
    }
    let holders = holders(rows, share, writer.keys.identity.fingerprint())?;
    if let Some(holder) = holders.get(search.asked as usize % holders.len().max(1)) {
        ask(rows, writer, share, holder)?;
    }
    let rounds = u64::from(search.asked) / holders.len().max(1) as u64;
    let wait = patience
        .saturating_mul(1 + rounds)
        .min(LONGEST_WAIT.max(patience));
    search.asked = search.asked.saturating_add(1);
    search.next = now.plus_seconds(wait.max(1));
    Ok(rows.put_search(&search, now)?)
}

/// Who may have the parts of a share: of each live holding the granter, then whoever stands above in its chain.
fn holders(rows: Rows<'_>, share: &Share, me: Fingerprint) -> Result<Vec<Holder>, Fault> {
    let (mut granters, mut above): (Vec<Holder>, Vec<Holder>) = (Vec::new(), Vec::new());
    let mut met: BTreeSet<Fingerprint> = BTreeSet::new();
    for holding in rows.holdings(share.id)? {
        // Who granted it to a former identity hears that one alone.
        if holding.state != HoldingState::Live || !is_to(&holding.chain, me)? {
            continue;
        }
        for (step, der) in holding.chain.iter().rev().enumerate() {
            let from = SignedPermit::of_stored(der)?.permit().from;
            if !met.insert(from) {
                continue;
            }
            if let Some(contact) = heard(rows, from)? {
                let chain = holding.chain.clone();
                let list = if step == 0 { &mut granters } else { &mut above };
                list.push(Holder { contact, chain });
            }
        }
    }
    granters.extend(above);
    Ok(granters)
}

fn ask(rows: Rows<'_>, writer: &Writer<'_>, share: &Share, holder: &Holder) -> Result<(), Fault> {
    let missing = rows.parts(share.id)?;
    let missing = missing.iter().filter(|part| part.wanted && !part.held);
    let body = Body::PartRequest(PartRequest {
        share: share.wire,
        origin: share.origin,
        parts: missing.map(|part| part.digest).collect(),
        chain: holder.chain.iter().map(|der| Bytes(der.clone())).collect(),
    });
    if writer.send(rows, &body, &holder.contact)? {
        tracing::info!(share = %share.reference, from = %holder.contact.mailbox, "missing parts asked for");
    }
    Ok(())
}

impl Judge<'_> {
    /// Sends a household the parts that it misses, as far as they are here and its chain permits.
    pub(super) fn answer_part_request(
        &self,
        rows: Rows<'_>,
        from: &Contact,
        request: &PartRequest,
    ) -> Result<Judged, Fault> {
        let of = (request.origin, request.share);
        let me = self.keys.identity.fingerprint();
        let signer = (from.fingerprint, Standing::Holds);
        let chain = match check_standing(&request.chain, of, signer, me) {
            Ok(chain) => chain,
            Err(refused) => return Ok(Judged::Refused(refused)),
        };
        let Some(share) = rows.share_by_wire(of.0, of.1)? else {
            return Ok(refused(
                Code::Chain,
                "a part-request for a share that is not known",
            ));
        };
        if chain[0].permit().manifest != share.manifest_digest {
            return Ok(refused(
                Code::Manifest,
                "the chain of a part-request is of another manifest",
            ));
        }
        if share.state.is_ended() || revocation_of(rows, of, &chain)?.is_some() {
            return Ok(refused(Code::Chain, "a part-request for what is over"));
        }
        if from.unproven {
            // Whose mailbox that is nobody knows. It asks again once that has answered.
            return Ok(Judged::Taken);
        }
        let permit = chain.last().expect("check_chain refuses an empty chain");
        let parts = self.permitted(rows, &share, from, permit, request)?;
        if !parts.is_empty() {
            let now = self.now.now;
            let since = now.minus_seconds(ANSWER_WINDOW);
            for digest in &parts {
                rows.put_part_answer(from.fingerprint, *digest, now, since)?;
            }
            let direct = rows.destination_at(share.id, from.fingerprint)?;
            let direct = direct.filter(|_| self.keys.is_ours(permit.permit().from));
            let chain = || request.chain.iter().map(|der| der.0.clone()).collect();
            let reason = direct.map_or_else(|| Reason::Asked(chain()), |d| Reason::Given(d.id));
            let ready = [(from.mailbox.clone(), reason, parts)];
            let (own, budget) = (self.writer.mailbox, self.config.smtp.message_budget);
            queue_parts(rows, &share, &ready, own, budget, now)?;
        }
        Ok(Judged::Taken)
    }

    fn permitted(
        &self,
        rows: Rows<'_>,
        share: &Share,
        from: &Contact,
        permit: &SignedPermit,
        request: &PartRequest,
    ) -> Result<BTreeSet<Digest>, Fault> {
        let permit = permit.permit();
        let since: Timestamp = self.now.now.minus_seconds(ANSWER_WINDOW);
        let asked: BTreeSet<Digest> = request.parts.iter().copied().collect();
        let wire: std::collections::BTreeMap<i64, Id> = rows
            .share_items(share.id)?
            .into_iter()
            .map(|item| (item.id, item.wire))
            .collect();
        let mut parts = BTreeSet::new();
        for part in rows.parts(share.id)? {
            let covered = wire.get(&part.item).is_some_and(|id| permit.covers(*id));
            if asked.contains(&part.digest)
                && part.held
                && covered
                && part.tier <= permit.tier
                && !rows.part_is_queued_for(part.digest, &from.mailbox)?
                && rows.part_answers(from.fingerprint, part.digest, since)? < MAX_ANSWERS
            {
                parts.insert(part.digest);
            }
        }
        Ok(parts)
    }
}
