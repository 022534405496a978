//! One look at the mailbox: headers and structure first, then letters, then the parts that a grant asks for.
//!
//! The mailbox is the quarantine: what no verified grant asks for is not fetched and costs no disk. A message is removed
//! only after all of it is in the album, on disk, or is not needed; a kill in between leaves a duplicate, which is
//! folded by its digests.

pub(super) mod bounces;
pub(super) mod collect;
pub(super) mod fetch;
pub(super) mod letters;
pub(super) mod look;

use std::collections::{BTreeMap, BTreeSet};

use self::bounces::note_doubts;
use self::collect::settle;
use self::letters::{Found, letter_row};
use self::look::{LOOKS, MAX_PART, Polled, Stop, judge_of};
use super::backup::mailbox_was_read;
use super::clock::{Reading, note_mail};
use super::standing::note_look;
use super::{Fault, Household, Now, Obstacle};
use crate::album::{FolderState, Verdict, VerdictRow};
use crate::encoding::Timestamp;
use crate::mailbox::{Candidate, MailboxError, Role, Session};
use crate::message::parts::part_of_content_id;

/// Marks a part of a message that carries our header.
const HINTED: &str = "a grant";
/// Codes of faults that say why there is no session.
const ACCOUNT: [&str; 4] = ["imap", "password", "ca", "sign_in"];

impl Household {
    /// Looks through INBOX and Junk once, over the session that `line` holds, or over a new one that is left there. After
    /// trouble `line` is empty.
    pub async fn poll(
        &mut self,
        reading: &Reading,
        line: &mut Option<Session>,
    ) -> Result<Polled, Fault> {
        let mut polled = Polled::default();
        self.poll_line(reading, line, &mut polled).await?;
        let now = match polled.now {
            Some(now) => now,
            None => self.tick(reading, &[])?,
        };
        polled.now = Some(now);
        polled.notified += self.tell_gathered(now.now)?;
        if polled.trouble.is_none() {
            self.album.commit(mailbox_was_read)?;
        }
        Ok(polled)
    }

    async fn poll_line(
        &mut self,
        reading: &Reading,
        line: &mut Option<Session>,
        polled: &mut Polled,
    ) -> Result<(), Fault> {
        let mut done = self.poll_once(reading, line, polled).await;
        if let Err(Stop::Mailbox(MailboxError::UidValidityChanged { .. })) = done {
            // A session holds to what it saw first. A new one reads the folder from its start.
            done = self.poll_once(reading, line, polled).await;
        }
        match done {
            Ok(()) => Ok(()),
            Err(Stop::Mailbox(error)) => {
                tracing::debug!(%error, "poll stopped");
                polled.obstacle = Obstacle::of(&error);
                polled.trouble = Some(error.to_string());
                Ok(())
            }
            // The account, rather than the box.
            Err(Stop::Fault(fault)) if ACCOUNT.contains(&fault.code) => {
                polled.obstacle = match fault.code {
                    "sign_in" => Obstacle::SignIn,
                    _ => Obstacle::Passing,
                };
                polled.trouble = Some(fault.message);
                Ok(())
            }
            // What came waits in the mailbox.
            Err(Stop::Fault(fault)) if fault.is_of_store() => {
                polled.obstacle = Obstacle::Passing;
                polled.trouble = Some(fault.message);
                Ok(())
            }
            Err(Stop::Fault(fault)) => Err(fault),
        }
    }

    async fn poll_once(
        &mut self,
        reading: &Reading,
        line: &mut Option<Session>,
        polled: &mut Polled,
    ) -> Result<(), Stop> {
        let (mut session, folders) = self.fresh_session(line.take()).await?;
        let done = self
            .poll_session(&mut session, &folders, reading, polled)
            .await;
        match done {
            Ok(()) => *line = Some(session),
            Err(_) => session.logout().await,
        }
        done
    }

    /// A session that answers, and the folders to read. One that was kept may have died meanwhile, which is no trouble.
    async fn fresh_session(
        &mut self,
        kept: Option<Session>,
    ) -> Result<(Session, Vec<String>), Stop> {
        if let Some(mut session) = kept {
            match self.folders_to_read(&mut session).await {
                Ok(folders) => return Ok((session, folders)),
                Err(error) => tracing::debug!(%error, "the kept session is gone"),
            }
        }
        let mut session = self.open_session().await?;
        let folders = self.folders_to_read(&mut session).await?;
        Ok((session, folders))
    }

    async fn folders_to_read(&self, session: &mut Session) -> Result<Vec<String>, MailboxError> {
        let junk = self.config.imap.junk;
        let read = |role| role == Role::Inbox || (junk && role == Role::Junk);
        let folders = session.folders().await?.into_iter();
        Ok(folders
            .filter(|folder| read(folder.role))
            .map(|folder| folder.name)
            .collect())
    }

    async fn poll_session(
        &mut self,
        session: &mut Session,
        folders: &[String],
        reading: &Reading,
        polled: &mut Polled,
    ) -> Result<(), Stop> {
        let mut letters: BTreeMap<&str, Vec<Found>> = BTreeMap::new();
        let mut dates = Vec::new();
        for folder in folders {
            let found = self
                .look_through(session, folder, &mut dates, reading, polled)
                .await?;
            letters.insert(folder, found);
        }
        let now = self.tick(reading, &dates)?;
        polled.now = Some(now);
        for folder in folders {
            let new = letters.remove(folder.as_str()).unwrap_or_default();
            let mut known: BTreeSet<u32> = new.iter().map(|letter| letter.uid).collect();
            let mut found = self.waiting_letters(folder, now)?;
            found.retain(|letter| known.insert(letter.uid));
            // Behind those that wait: a flood that comes anew each day must not take the day of who came before.
            found.extend(new);
            if !found.is_empty() {
                self.open_known(session, folder).await?;
                self.read_letters(session, folder, &found, now, polled)
                    .await?;
            }
        }
        self.settle_all(now, polled)?;
        for folder in folders {
            self.collect_parts(session, folder, now, polled).await?;
        }
        for folder in folders {
            self.remove_served(session, folder, now).await?;
        }
        Ok(())
    }

    /// Scans what is new in a folder: records the parts that lie there, and gives the letters to be read.
    async fn look_through(
        &mut self,
        session: &mut Session,
        folder: &str,
        dates: &mut Vec<Timestamp>,
        reading: &Reading,
        polled: &mut Polled,
    ) -> Result<Vec<Found>, Stop> {
        let selected = session.select(folder).await?;
        let known = self.album.rows().folder_state(folder)?;
        let mut next = match known {
            Some(state) if state.uid_validity == selected.uid_validity => state.next_uid,
            _ => 1,
        };
        let state = |next_uid| FolderState {
            uid_validity: selected.uid_validity,
            next_uid,
        };
        self.album
            .commit(|rows| Ok::<_, Fault>(rows.set_folder_state(folder, state(next))?))?;
        let rows = self.album.rows();
        let judged: BTreeSet<u32> = rows.verdicts(folder)?.iter().map(|row| row.uid).collect();
        let mut hold: Vec<u32> = Vec::new();
        let mut letters = Vec::new();
        let mut scan = session.scan(next).await?;
        while let Some(batch) = session.next_batch(&mut scan).await? {
            let (mut holders, mut hinted) = (Vec::new(), BTreeSet::new());
            let mut wrapped = BTreeMap::new();
            let mut bounces = Vec::new();
            let noted = letters.len();
            for (uid, scanned) in batch {
                next = next.max(uid.saturating_add(1));
                let scanned = match scanned {
                    Ok(scanned) => scanned,
                    Err(why) => {
                        hold.extend(self.try_again(folder, uid, &why.to_string())?);
                        continue;
                    }
                };
                if judged.contains(&uid) {
                    continue;
                }
                dates.extend(scanned.internal_date.map(Timestamp::from_unix));
                // A letter has one body part. In several it was wrapped, or these are nameless parts.
                let several = scanned.content_type.media_type.starts_with("multipart/");
                match scanned.kind {
                    Candidate::Letter if several => {
                        holders.push(uid);
                        wrapped.insert(uid, scanned.hint.is_some());
                    }
                    Candidate::Letter => letters.push(Found {
                        uid,
                        section: String::new(),
                        size: 0,
                        ours: scanned.hint.is_some(),
                    }),
                    Candidate::Parts => {
                        holders.push(uid);
                        if scanned.hint.is_some() {
                            hinted.insert(uid);
                        }
                    }
                    Candidate::Bounce => bounces.push(uid),
                    Candidate::No => {}
                }
            }
            let mut rows_of = Vec::new();
            for (uid, structure) in session.structure(&holders).await? {
                let structure = match structure {
                    Ok(structure) => structure,
                    Err(why) => {
                        hold.extend(self.try_again(folder, uid, &why.to_string())?);
                        continue;
                    }
                };
                let hinted = hinted.contains(&uid);
                let parts = structure.parts.iter();
                let mut rows: Vec<_> = parts
                    .filter_map(|part| part_row(uid, part, hinted))
                    .collect();
                match (wrapped.get(&uid), rows.as_slice()) {
                    (Some(&ours), [one]) if one.digest.is_none() => letters.push(Found {
                        uid,
                        section: one.section.clone(),
                        size: one.size,
                        ours,
                    }),
                    _ => rows_of.append(&mut rows),
                }
            }
            let doubts = self.read_bounces(session, folder, bounces, polled).await?;
            self.album.commit(|rows| {
                note_mail(rows, dates)?;
                note_doubts(rows, &doubts, reading.wall)?;
                for row in &rows_of {
                    rows.put_verdict(folder, row)?;
                }
                // Letters of this batch are recorded as waiting for a look, so that a stop here forgets none.
                for found in &letters[noted..] {
                    rows.put_verdict(
                        folder,
                        &letter_row(found, Verdict::Pending, Some("look"), None),
                    )?;
                }
                // What could not be looked at is looked at again, a few times.
                let from = hold.iter().copied().min().unwrap_or(next);
                rows.set_folder_state(folder, state(next.min(from)))?;
                Ok::<_, Fault>(())
            })?;
            crate::crash::point("look.noted");
        }
        Ok(letters)
    }

    /// A message about which the server does not answer: gives its UID while it is to be asked about again.
    fn try_again(&mut self, folder: &str, uid: u32, why: &str) -> Result<Option<u32>, Fault> {
        let tries = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.looked_in_vain(folder, uid)?))?;
        tracing::warn!(folder, uid, tries, why, "a message cannot be looked at");
        Ok((tries < LOOKS).then_some(uid))
    }

    /// Grants may be for parts that are here already, or need none; receipts may have had to wait.
    fn settle_all(&mut self, now: Now, polled: &mut Polled) -> Result<(), Fault> {
        let judge = judge_of(&self.keys, &self.config, now);
        polled.notified += self.album.commit(|rows| {
            note_look(rows, now.now)?;
            let mut told = 0;
            for share in rows.unsettled_shares()? {
                if !self.keys.is_ours(rows.share_by_id(share)?.origin) {
                    told += settle(rows, &judge, share)?;
                }
            }
            Ok::<_, Fault>(told)
        })?;
        crate::crash::point("settle.done");
        Ok(())
    }

    /// Removes the messages of which all is taken or not needed.
    async fn remove_served(
        &mut self,
        session: &mut Session,
        folder: &str,
        now: Now,
    ) -> Result<(), Stop> {
        let rows = self.album.rows();
        let mut served: BTreeMap<u32, bool> = BTreeMap::new();
        let mut first_seen = Vec::new();
        let patience = self.config.limits.unclaimed.as_secs();
        let waited_out = |row: &VerdictRow| {
            let hinted = row.waits.as_deref() == Some(HINTED);
            let seen = row.at.unix() != 0;
            row.verdict == Verdict::Unclaimed
                && hinted
                && seen
                && row.at.plus_seconds(patience) <= now.floor
        };
        for row in rows.verdicts(folder)? {
            let done = match (row.verdict, row.digest) {
                (Verdict::Taken, _) => true,
                (Verdict::Pending, _) => false,
                // Known to a manifest here and not waited for: held already, or nobody here needs it.
                (Verdict::Unclaimed | Verdict::Refused, Some(digest)) => {
                    let served =
                        rows.part_is_known(digest)? && rows.waits_for_part(digest)?.is_empty();
                    served || waited_out(&row)
                }
                (Verdict::Unclaimed | Verdict::Refused, None) => waited_out(&row),
            };
            *served.entry(row.uid).or_insert(true) &= done;
            let is_dated = matches!(row.verdict, Verdict::Unclaimed | Verdict::Refused);
            if is_dated && row.at.unix() == 0 {
                first_seen.push(VerdictRow { at: now.now, ..row });
            }
        }
        // The first sight of what is unclaimed or refused is dated once the clock was looked at.
        self.album.commit(|rows| {
            for row in &first_seen {
                rows.put_verdict(folder, row)?;
            }
            Ok::<_, Fault>(())
        })?;
        let uids: Vec<u32> = served
            .into_iter()
            .filter(|(_, done)| *done)
            .map(|(uid, _)| uid)
            .collect();
        if uids.is_empty() {
            return Ok(());
        }
        self.open_known(session, folder).await?;
        crate::crash::point("remove.before");
        let removal = session.remove(&uids).await?;
        crate::crash::point("remove.after");
        if removal != crate::mailbox::Removal::Left {
            self.album.commit(|rows| {
                for uid in &uids {
                    rows.forget_message(folder, *uid)?;
                }
                Ok::<_, Fault>(())
            })?;
            crate::crash::point("remove.noted");
        }
        Ok(())
    }
}

/// A body part that may be one of ours, not yet claimed by a grant.
///
/// `hinted`: the message carries our header, so that it may be removed once it has waited too long.
fn part_row(uid: u32, part: &crate::mailbox::BodyPart, hinted: bool) -> Option<VerdictRow> {
    let sealed = part.media_type == "application/pkcs7-mime" && part.encoding == "base64";
    (sealed && u64::from(part.octets) <= MAX_PART).then(|| VerdictRow {
        uid,
        section: part.section.clone(),
        verdict: Verdict::Unclaimed,
        digest: part.content_id.as_deref().and_then(part_of_content_id),
        size: u64::from(part.octets),
        waits: hinted.then(|| HINTED.to_owned()),
        reason: None,
        at: Timestamp::from_unix(0),
    })
}
