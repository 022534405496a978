//! The parts of a folder that some share here wants: fetched, checked, kept, and entered a handful at a time.

use std::collections::BTreeSet;

use super::collect::{Kept, NotKept, enter_parts, keep_part};
use super::look::{Polled, Stop, judge_of};
use crate::album::{Verdict, VerdictRow};
use crate::encoding::encoded_body_len;
use crate::envelope::{Digest, PART_OVERHEAD, PART_SIZE};
use crate::mailbox::{FetchError, MailboxError, Session, Transfer};
use crate::sharing::opened::Openers;
use crate::sharing::{Fault, Household, Now};

/// So many kept parts, or bytes of them, are entered at once.
const COMMIT_PARTS: usize = 32;
const COMMIT_BYTES: usize = 64 * 1024 * 1024;
/// A part is never longer.
const LONGEST_PART: u64 = (PART_SIZE + PART_OVERHEAD) as u64;

impl Household {
    /// Fetches the parts of a folder that some share here wants and does not hold.
    pub(super) async fn collect_parts(
        &mut self,
        session: &mut Session,
        folder: &str,
        now: Now,
        polled: &mut Polled,
    ) -> Result<(), Stop> {
        let wanted: Vec<VerdictRow> = self.wanted_here(folder)?;
        if wanted.is_empty() {
            return Ok(());
        }
        let _unfinished = self.album.blobs().begin()?;
        self.open_known(session, folder).await?;
        let mut openers = Openers::default();
        let (mut kept, mut rows_of, mut bytes) = (Vec::new(), Vec::new(), 0);
        for row in wanted {
            if let Some(digest) = row.digest
                && kept.iter().any(|part: &Kept| part.digest == digest)
            {
                continue;
            }
            if let Err(full) = self.album.room_for(row.size) {
                // What was fetched is not fetched again, and what does not fit not at all.
                self.enter(folder, &mut kept, &mut rows_of, now, polled)?;
                return Err(full.into());
            }
            let mut fetched = fetch_part(session, &row, Transfer::Best).await;
            let mut kept_part = None;
            if let Ok((der, by_server)) = &mut fetched {
                let part = keep_part(self, &mut openers, der, row.digest)?;
                if *by_server && matches!(part, Err(NotKept::Refused(_))) {
                    // A server may decode otherwise than we do; the mail itself has the last word.
                    fetched = fetch_part(session, &row, Transfer::Base64).await;
                } else {
                    kept_part = Some(part);
                }
            }
            let outcome = match fetched {
                Ok((mut der, _)) => {
                    polled.fetched += 1;
                    bytes += der.len();
                    match kept_part {
                        Some(part) => part,
                        None => keep_part(self, &mut openers, &mut der, row.digest)?,
                    }
                }
                Err(FetchError::Mailbox(MailboxError::Broken { .. })) => {
                    Err(NotKept::Refused("a part whose base64 is broken"))
                }
                Err(FetchError::Mailbox(MailboxError::TooLong { .. })) => {
                    Err(NotKept::Refused("a part longer than any"))
                }
                Err(FetchError::Mailbox(MailboxError::NoSuchMessage { uid })) => {
                    self.nothing_came(session, folder, uid).await?;
                    continue;
                }
                Err(FetchError::Mailbox(error)) => {
                    self.enter(folder, &mut kept, &mut rows_of, now, polled)?;
                    self.recover(session, folder, error, polled).await?;
                    continue;
                }
                Err(FetchError::Sink(())) => {
                    Err(NotKept::Refused("a part that could not be taken on"))
                }
            };
            let verdict = match outcome {
                Ok(part) => {
                    kept.push(part);
                    VerdictRow {
                        verdict: Verdict::Taken,
                        ..row
                    }
                }
                Err(NotKept::Unclaimed(digest)) => VerdictRow {
                    digest: Some(digest),
                    ..row
                },
                Err(NotKept::Refused(reason)) => {
                    tracing::warn!(uid = row.uid, section = %row.section, reason, "part refused");
                    polled.refused.push(reason.to_owned());
                    VerdictRow {
                        verdict: Verdict::Refused,
                        reason: Some(reason.to_owned()),
                        ..row
                    }
                }
            };
            rows_of.push(verdict);
            if kept.len() >= COMMIT_PARTS || bytes >= COMMIT_BYTES {
                self.enter(folder, &mut kept, &mut rows_of, now, polled)?;
                bytes = 0;
            }
        }
        Ok(self.enter(folder, &mut kept, &mut rows_of, now, polled)?)
    }

    /// Which of the parts that lie in a folder are worth fetching. One without a name is, while a part of its length is
    /// missing, and in all at most twice what is missing.
    fn wanted_here(&self, folder: &str) -> Result<Vec<VerdictRow>, Fault> {
        let rows = self.album.rows();
        let missing = rows.missing_parts()?;
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let digests: BTreeSet<Digest> = missing.iter().map(|part| part.digest).collect();
        let lengths: BTreeSet<u64> = missing
            .iter()
            .map(|part| encoded_body_len(part.len))
            .collect();
        let mut nameless = 2 * missing
            .iter()
            .map(|part| encoded_body_len(part.len))
            .sum::<u64>();
        let mut wanted = Vec::new();
        for row in rows.verdicts(folder)? {
            let fits = match (row.verdict, row.digest) {
                (Verdict::Unclaimed, Some(digest)) => digests.contains(&digest),
                (Verdict::Unclaimed, None) => {
                    let near = lengths
                        .range(row.size.saturating_sub(4)..=row.size + 4)
                        .next()
                        .is_some();
                    let fits = near && row.size <= nameless;
                    nameless -= if fits { row.size } else { 0 };
                    fits
                }
                _ => false,
            };
            if fits {
                wanted.push(row);
            }
        }
        Ok(wanted)
    }

    fn enter(
        &mut self,
        folder: &str,
        kept: &mut Vec<Kept>,
        rows_of: &mut Vec<VerdictRow>,
        now: Now,
        polled: &mut Polled,
    ) -> Result<(), Fault> {
        if rows_of.is_empty() {
            return Ok(());
        }
        self.album
            .blobs()
            .sync_parts(kept.iter().map(|part| &part.digest))?;
        let judge = judge_of(&self.keys, &self.config, now);
        crate::crash::point("parts.before_commit");
        polled.notified += self.album.commit(|rows| {
            for row in rows_of.iter() {
                rows.put_verdict(folder, row)?;
            }
            enter_parts(rows, &judge, kept)
        })?;
        crate::crash::point("parts.after_commit");
        polled.ingested += kept.len() as u64;
        kept.clear();
        rows_of.clear();
        Ok(())
    }
}

/// The bytes of one part, and whether the server decoded them. They grow as they come, whatever length was told.
async fn fetch_part(
    session: &mut Session,
    row: &VerdictRow,
    transfer: Transfer,
) -> Result<(Vec<u8>, bool), FetchError<()>> {
    let mut der = Vec::new();
    let took = session.fetch_decoded(row.uid, &row.section, LONGEST_PART, transfer, |piece| {
        der.extend_from_slice(piece);
        Ok::<_, ()>(())
    });
    let by_server = took.await?.by_server;
    Ok((der, by_server))
}
