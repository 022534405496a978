//! How far each household got to which something is passed on, and when that is done with.

use std::collections::BTreeSet;

use super::by_way::KEPT;
use super::word::{is_of_share, tell_not_passed, to_be_told};
use crate::album::{Contact, Holding, RelayJob, RelayState, Rows, Share};
use crate::encoding::{Timestamp, parse_object};
use crate::envelope::{Digest, Fingerprint};
use crate::message::check::check_chain;
use crate::message::{Code, Receipt, ReceiptState, RelayEntry, SignedManifest, permit};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::ingest::judge::{Judge, Judged, refused};

impl Judge<'_> {
    /// The word of an origin that a household has what was passed on to it. `None` where the receipt is another.
    pub(in crate::sharing) fn take_word_of_arrival(
        &self,
        rows: Rows<'_>,
        share: &Share,
        from: &Contact,
        receipt: &Receipt,
    ) -> Result<Option<Judged>, Fault> {
        let jobs = rows.relay_jobs(share.id)?;
        if receipt.state != ReceiptState::Complete || jobs.is_empty() {
            return Ok(None);
        }
        let holdings = rows.holdings(share.id)?;
        let asked = |job: &RelayJob| {
            let by_them = |holding: &Holding| {
                holding.id == job.holding && holding.granter == from.fingerprint
            };
            holdings.iter().any(by_them)
        };
        if !jobs.iter().any(asked) {
            return Ok(None);
        }
        let chain = match check_chain(&receipt.chain) {
            Ok(chain) => chain,
            Err(refused) => return Ok(Some(Judged::Refused(refused))),
        };
        let last = chain.last().expect("check_chain refuses an empty chain");
        let (by, who) = (last.permit().from, Some(last.permit().to));
        // Of what was made here, or sealed by who asked; not of what somebody else gave there.
        let of_share = is_of_share(&chain, (share.origin, share.wire))
            && (self.keys.is_ours(by) || by == from.fingerprint);
        let job = jobs
            .into_iter()
            .find(|job| asked(job) && Some(job.household) == who);
        let Some(job) = job.filter(|_| of_share) else {
            return Ok(Some(refused(
                Code::Chain,
                "word of a household to which nothing was passed on",
            )));
        };
        if job.state == RelayState::Passed {
            settle_job(rows, job, RelayState::Arrived, self.now.now)?;
        }
        Ok(Some(Judged::Taken))
    }
}

/// Nothing more is passed on of a holding that is over, and what waits in the outbox stays there.
pub(in crate::sharing) fn end_relay(
    rows: Rows<'_>,
    share: &Share,
    holding: i64,
    now: Timestamp,
) -> Result<(), Fault> {
    for job in rows.relay_jobs(share.id)? {
        let open = matches!(job.state, RelayState::Waits | RelayState::Passed);
        if job.holding == holding && open {
            stop_carrying(rows, share, &job)?;
            settle_job(rows, job, RelayState::Over, now)?;
        }
    }
    Ok(())
}

/// What was passed on of a job and waits in the outbox stays there, and what its household asked for since on the grant that
/// was made here.
pub(super) fn stop_carrying(rows: Rows<'_>, share: &Share, job: &RelayJob) -> Result<(), Fault> {
    rows.cancel_carried(job.holding, job.household, &job.mailbox)?;
    let mut holdings = rows.holdings(share.id)?.into_iter();
    let Some(holding) = holdings.find(|holding| holding.id == job.holding) else {
        return Ok(());
    };
    for answer in rows.answers(share.id)? {
        let chain = permit::all_of_stored(&answer.chain)?;
        if let [.., above, last] = chain.as_slice()
            && last.permit().to == job.household
            && above.digest() == holding.permit
        {
            rows.cancel_answer(&answer)?;
        }
    }
    Ok(())
}

/// What was passed on, and has not left the house, does not go: who asked [is to be told](to_be_told). What may have left is
/// followed by those who have it.
pub(in crate::sharing) fn stays_here(
    rows: Rows<'_>,
    job: RelayJob,
    now: Timestamp,
) -> Result<(), Fault> {
    if job.state != RelayState::Passed || job.went {
        return Ok(());
    }
    tracing::info!(to = %job.mailbox, "what was passed on has not left, and does not go");
    rows.cancel_carried(job.holding, job.household, &job.mailbox)?;
    to_be_told(
        rows,
        RelayJob {
            changed: now,
            ..job
        },
    )
}

/// A household is not heard any more: nothing goes on for it. Where it can be told yet, `told` says so to it first; of what left
/// in part the rest stays here too, and who has that asks the origin.
pub(in crate::sharing) fn end_all_for(
    rows: Rows<'_>,
    who: Fingerprint,
    told: Option<&Writer<'_>>,
) -> Result<(), Fault> {
    for (share, job) in rows.open_relay_jobs_for(who)? {
        let share = rows.share_by_id(share)?;
        stop_carrying(rows, &share, &job)?;
        if job.state == RelayState::Passed && job.went {
            let changed = job.changed;
            settle_job(rows, job, RelayState::Over, changed)?;
            continue;
        }
        let mut holdings = rows.holdings(share.id)?.into_iter();
        if let Some(writer) = told
            && let Some(holding) = holdings.find(|holding| holding.id == job.holding)
        {
            tell_not_passed(rows, writer, &share, &holding, job.household)?;
        }
        // The next pass lets go of its parts.
        to_be_told(rows, job)?;
    }
    Ok(())
}

/// The parts that are here for others, while they are to be passed on.
pub(in crate::sharing) fn parts_for_others(
    rows: Rows<'_>,
    share: i64,
) -> Result<BTreeSet<Digest>, Fault> {
    let mut parts = BTreeSet::new();
    let mut jobs = rows.relay_jobs(share)?;
    jobs.retain(|job| matches!(job.state, RelayState::Waits | RelayState::Passed));
    if jobs.is_empty() {
        return Ok(parts);
    }
    let manifest = SignedManifest::verify(&rows.manifest(share)?)?;
    for job in jobs {
        if let Ok(entry) = parse_object::<RelayEntry>(&job.entry) {
            parts.extend(entry.parts(manifest.manifest()));
        }
    }
    Ok(parts)
}

/// Until when a holding is needed for others; `None` where it is not.
pub(in crate::sharing) fn carried_until(
    rows: Rows<'_>,
    share: i64,
    holding: i64,
) -> Result<Option<Timestamp>, Fault> {
    let jobs = rows.relay_jobs(share)?.into_iter();
    let open = jobs.filter(|job| {
        job.holding == holding && matches!(job.state, RelayState::Waits | RelayState::Passed)
    });
    Ok(open.map(|job| job.changed.plus_seconds(KEPT)).max())
}

/// What is to be passed on to one household is done with: it is forgotten, unless its parts may still be needed.
pub(super) fn settle_job(
    rows: Rows<'_>,
    job: RelayJob,
    state: RelayState,
    now: Timestamp,
) -> Result<(), Fault> {
    let entry = match state {
        RelayState::Passed => job.entry,
        _ => Vec::new(),
    };
    let job = RelayJob {
        entry,
        state,
        changed: now,
        ..job
    };
    Ok(rows.move_relay_job(&job)?)
}

/// What is to be passed on, as it was asked for.
pub(super) fn entry_of(job: &RelayJob) -> Result<RelayEntry, Fault> {
    parse_object(&job.entry)
        .map_err(|error| Fault::new("relay", format!("what is to be passed on: {error}")))
}
