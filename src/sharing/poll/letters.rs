//! The letters of a folder: fetched, opened, judged, each with its verdict in one commit.

use super::look::{Polled, Stop, judge_of};
use crate::album::{Rows, TO_ANSWER, Verdict, VerdictRow};
use crate::encoding::{Timestamp, decode_base64_body, encoded_body_len};
use crate::envelope::{MAX_SIGNED, may_be_ours};
use crate::mailbox::{FetchError, MailboxError, Session};
use crate::message::mime::read_pkcs7_entity;
use crate::message::{Letter, Refused, name_of_grant, open_letter_mail};
use crate::sharing::correspond::send::heard;
use crate::sharing::ingest::judge::{Judge, Judged};
use crate::sharing::ingest::{BYTES_FROM_STRANGERS, TOMORROW, tomorrow_of};
use crate::sharing::{Fault, Household, Now};

/// A letter with its headers, encoded, is never longer.
const MAX_LETTER: u64 = encoded_body_len(MAX_SIGNED as u64) + 64 * 1024;
/// So much of a body shows to whom it is enveloped.
const LETTER_START: u64 = 1_024;

/// What a letter's body stands under.
const ENTITY: &[u8] =
    b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n";

/// A letter that is to be fetched.
pub(in crate::sharing) struct Found {
    pub uid: u32,
    /// Empty, or where it lies in a mail that a gateway wrapped (CASES O-14); there it may be a part without its name too.
    pub section: String,
    /// The length of that body part, or of the whole mail once it was fetched.
    pub size: u64,
    /// It carries our header, or was found to be ours before.
    pub ours: bool,
}

impl Household {
    /// Letters that waited for something that is there now.
    pub(super) fn waiting_letters(&self, folder: &str, now: Now) -> Result<Vec<Found>, Fault> {
        let rows = self.album.rows();
        let mut found = Vec::new();
        let today = tomorrow_of(now.now);
        let mut strangers = self.config.limits.letters_from_strangers;
        let mut bytes = encoded_body_len(BYTES_FROM_STRANGERS);
        for row in rows.verdicts(folder)? {
            if row.verdict != Verdict::Pending {
                continue;
            }
            let ready = match row.waits.as_deref() {
                Some("look") => true,
                Some("clock") => now.confirmed,
                // No more than are looked at in a day, or they would all be fetched in vain again.
                Some(text) if text.starts_with(TOMORROW) => {
                    let ready = text != today && strangers > 0 && row.size <= bytes;
                    strangers -= u32::from(ready);
                    bytes -= if ready { row.size } else { 0 };
                    ready
                }
                Some(text) if text.starts_with("a newer version") => {
                    !text.ends_with(env!("CARGO_PKG_VERSION"))
                }
                Some(text) if text.starts_with(TO_ANSWER) => {
                    match text[TO_ANSWER.len()..].parse() {
                        Ok(who) => match heard(rows, who)? {
                            Some(contact) => {
                                contact.certificate(now.now)?.is_some()
                                    || rows.ended(who)?.is_some()
                            }
                            None => true,
                        },
                        Err(_) => false,
                    }
                }
                Some(text) => match text.parse() {
                    Ok(who) => rows.contact(who)?.is_none_or(|c| c.accepted || c.blocked),
                    Err(_) => false,
                },
                None => true,
            };
            if ready {
                found.push(Found {
                    uid: row.uid,
                    ours: row.waits.as_deref() != Some("look"),
                    section: row.section,
                    size: row.size,
                });
            }
        }
        Ok(found)
    }

    /// Reads and judges these letters.
    pub(super) async fn read_letters(
        &mut self,
        session: &mut Session,
        folder: &str,
        found: &[Found],
        now: Now,
        polled: &mut Polled,
    ) -> Result<(), Stop> {
        // A letter may take back what is here.
        let _unfinished = self.album.blobs().begin()?;
        for found in found {
            let ours = match self.may_be_ours(session, found).await {
                Err(Stop::Mailbox(error)) => {
                    self.recover(session, folder, error, polled).await?;
                    continue;
                }
                other => other?,
            };
            let Some(ours) = ours else {
                self.nothing_came(session, folder, found.uid).await?;
                continue;
            };
            if !ours {
                let row = match found.section.is_empty() {
                    true => letter_row(found, Verdict::Refused, None, Some("not for this box")),
                    false => letter_row(found, Verdict::Unclaimed, None, None),
                };
                self.album
                    .commit(|rows| Ok::<_, Fault>(rows.put_verdict(folder, &row)?))?;
                continue;
            }
            let mut mail = Vec::new();
            if !found.section.is_empty() {
                // Its own header stands where nothing of it is asked for; the body alone counts.
                mail.extend_from_slice(ENTITY);
            }
            let fetched = session
                .fetch(found.uid, &found.section, MAX_LETTER, |piece| {
                    mail.extend_from_slice(piece);
                    Ok::<_, ()>(())
                })
                .await;
            match fetched {
                Ok(_) => polled.fetched += 1,
                Err(FetchError::Mailbox(MailboxError::TooLong { .. })) => {
                    let row =
                        letter_row(found, Verdict::Refused, None, Some("too long for a letter"));
                    self.album
                        .commit(|rows| Ok::<_, Fault>(rows.put_verdict(folder, &row)?))?;
                    if found.ours {
                        tracing::warn!(uid = found.uid, "letter refused: too long");
                        polled.refused.push("a letter longer than any".to_owned());
                    }
                    continue;
                }
                Err(FetchError::Mailbox(MailboxError::NoSuchMessage { uid })) => {
                    self.nothing_came(session, folder, uid).await?;
                    continue;
                }
                Err(FetchError::Mailbox(error)) => {
                    self.recover(session, folder, error, polled).await?;
                    continue;
                }
                Err(FetchError::Sink(())) => continue,
            }
            let found = &Found {
                // How long it is shows only now; it counts where it has to wait.
                size: found.size.max(mail.len() as u64),
                section: found.section.clone(),
                ..*found
            };
            let judged = self.judge_mail(folder, found, &mail, now)?;
            match judged {
                Judged::Taken => polled.ingested += 1,
                Judged::Refused(refused) if found.ours => {
                    tracing::warn!(uid = found.uid, reason = %refused, "letter refused");
                    polled.refused.push(refused.words);
                }
                Judged::Refused(_) | Judged::Waits(_) => {}
            }
        }
        Ok(())
    }

    /// Whether the start of an enveloped mail without our header names a key of this box: other programs' mail is not
    /// fetched for nothing. `None` where nothing came.
    async fn may_be_ours(
        &self,
        session: &mut Session,
        found: &Found,
    ) -> Result<Option<bool>, Stop> {
        if found.ours && found.section.is_empty() {
            return Ok(Some(true));
        }
        let uid = found.uid;
        let section = match found.section.as_str() {
            "" => "1",
            section => section,
        };
        let mut start = Vec::new();
        let take = |piece: &[u8]| {
            start.extend_from_slice(piece);
            Ok::<_, ()>(())
        };
        match session.fetch(uid, section, LETTER_START, take).await {
            Ok(_) | Err(FetchError::Mailbox(MailboxError::TooLong { .. })) => {}
            Err(FetchError::Mailbox(MailboxError::NoSuchMessage { .. })) => return Ok(None),
            Err(FetchError::Mailbox(error)) => return Err(error.into()),
            Err(FetchError::Sink(())) => return Ok(Some(false)),
        }
        start.retain(|byte| !byte.is_ascii_whitespace());
        start.truncate(start.len() / 4 * 4);
        let der = decode_base64_body(&start).unwrap_or_default();
        Ok(Some(may_be_ours(&der, &self.keys.encryption)))
    }

    /// Opens, judges and records one letter, in one commit.
    fn judge_mail(
        &mut self,
        folder: &str,
        found: &Found,
        mail: &[u8],
        now: Now,
    ) -> Result<Judged, Fault> {
        let opened = open_letter_mail(mail, &self.keys.encryption);
        crate::crash::point("letter.before_commit");
        let judge = judge_of(&self.keys, &self.config, now);
        let judged = self.album.commit(|rows| {
            let judged = judge.judge_mail(rows, opened, mail)?;
            let row = match &judged {
                Judged::Taken => letter_row(found, Verdict::Taken, None, None),
                Judged::Waits(what) => letter_row(found, Verdict::Pending, Some(what), None),
                Judged::Refused(Refused { words, .. }) => {
                    letter_row(found, Verdict::Refused, None, Some(words))
                }
            };
            rows.put_verdict(folder, &row)?;
            Ok::<_, Fault>(judged)
        })?;
        crate::crash::point("letter.after_commit");
        for share in judge.let_go_of.into_inner() {
            let share = self.album.rows().share_by_id(share)?;
            self.drop_unheld(&share)?;
            crate::crash::point("letter.blobs_gone");
        }
        Ok(judged)
    }
}

impl Judge<'_> {
    /// Judges a letter as it was fetched. `opened`: what came of [`open_letter_mail`].
    pub(in crate::sharing) fn judge_mail(
        &self,
        rows: Rows<'_>,
        opened: Result<Letter, Refused>,
        mail: &[u8],
    ) -> Result<Judged, Fault> {
        match opened {
            Ok(letter) => {
                let envelope = read_pkcs7_entity(mail).unwrap_or_default();
                self.judge(rows, letter, &envelope)
            }
            Err(refused) => {
                if let Some(grant) = name_of_grant(mail, &self.keys.encryption) {
                    self.refuse_unread(rows, grant, refused.code)?;
                }
                Ok(Judged::Refused(refused))
            }
        }
    }
}

pub(super) fn letter_row(
    found: &Found,
    verdict: Verdict,
    waits: Option<&str>,
    reason: Option<&str>,
) -> VerdictRow {
    VerdictRow {
        uid: found.uid,
        section: found.section.clone(),
        verdict,
        digest: None,
        size: found.size,
        waits: waits.map(str::to_owned),
        reason: reason.map(str::to_owned),
        at: Timestamp::from_unix(0),
    }
}
