//! What a letter does here. Each is judged in one transaction: it is taken, refused, or waits; nothing in between.

pub(super) mod grant_comes;
pub(super) mod judge;

use self::judge::{Judge, Judged, accepted, refused};
use super::Fault;
use super::contacts::cards::{answer_card_request, take_card_letter};
use super::directory::answers::compare_with_kept;
use crate::album::{Contact, Rows};
use crate::message::check::check_age;
use crate::message::{Body, CardLetter, CardRequest, Code, Letter};

/// How many bytes of letters from strangers are looked at a day (PROTOCOL 7).
pub(super) const BYTES_FROM_STRANGERS: u64 = 32 * 1024 * 1024;
/// What a stranger's letter waits for that came when there were too many.
pub(super) const TOMORROW: &str = "tomorrow of ";

/// What such a letter waits for that came today.
pub(super) fn tomorrow_of(now: crate::encoding::Timestamp) -> String {
    format!("{TOMORROW}{}", &now.to_string()[..10])
}

impl Judge<'_> {
    /// Judges a letter whose signature is good. `mail`: the DER of its envelope, kept for a grant.
    pub fn judge(&self, rows: Rows<'_>, letter: Letter, envelope: &[u8]) -> Result<Judged, Fault> {
        let from = letter.header.from;
        let me = self.keys.identity.fingerprint();
        let takes_back = matches!(letter.body, Body::Revocation(_));
        let mut contact = rows.contact(from)?;
        if let Some(former) = letter.header.to
            && former != me
            && self.keys.is_ours(former)
        {
            let by = (contact.as_ref(), letter.signer.mailbox());
            self.tell_who_wrote_to(rows, former, by, letter.header.issued)?;
        }
        if let Some(refused) = self.is_for_another(&letter) {
            return Ok(refused);
        }
        let end = match &letter.body {
            Body::Ended(ended) => Some(ended),
            _ => None,
        };
        if self.keys.is_ours(from) && end.is_none() {
            return Ok(refused(Code::Addressee, "a letter by this server itself"));
        }
        if rows.letter_seen(from, letter.header.id)? {
            return Ok(Judged::Taken);
        }
        let ended = rows.ended(from)?.is_some();
        if let Some(end) = end {
            if contact.is_some() || self.keys.is_ours(from) {
                let judged = self.take_ended(rows, &letter, end)?;
                rows.put_letter_seen(from, letter.header.id, self.now.now)?;
                return Ok(judged);
            }
            // It says nothing new, and leaves nothing here.
            if ended {
                return Ok(Judged::Taken);
            }
        }
        if ended || contact.as_ref().is_some_and(|contact| contact.blocked) {
            if !takes_back {
                let words = match ended {
                    true => "a letter from a household whose identity has ended",
                    false => "a letter from a blocked household",
                };
                return Ok(refused(Code::Addressee, words));
            }
            // What it gave before it was blocked it may still take back, like any stranger.
            contact = None;
        }
        // Nor is who passes on what a known household asked it to pass on to this one.
        let origin = match &letter.body {
            Body::Grant(grant, _) if accepted(contact.clone()).is_none() => {
                self.names_us(rows, grant, from)?
            }
            _ => None,
        };
        if contact.as_ref().is_none_or(|contact| !contact.accepted)
            && !is_card_asked_for(rows, &letter)?
            && !self.is_invited(rows, &letter)?
            && origin.is_none()
            && self.too_many_strangers(rows, envelope.len() as u64)?
        {
            return Ok(Judged::Waits(tomorrow_of(self.now.now)));
        }
        let id = letter.header.id;
        let judged = self.act_on(rows, letter, (contact, origin), envelope)?;
        if judged == Judged::Taken {
            rows.put_letter_seen(from, id, self.now.now)?;
        }
        Ok(judged)
    }

    /// Refuses what is addressed to somebody else.
    fn is_for_another(&self, letter: &Letter) -> Option<Judged> {
        let to = letter.header.to?;
        if !self.keys.is_ours(to) {
            return Some(refused(Code::Addressee, "a letter for another server"));
        }
        // What was taken back is, whoever this household is by now; and so is what others say of their copies.
        let holds = matches!(letter.body, Body::Revocation(_) | Body::Receipt(_));
        let words = "a letter for the identity that this household had before";
        let former = to != self.keys.identity.fingerprint() && !holds;
        former.then(|| refused(Code::Addressee, words))
    }

    /// Does what a letter says. `contact`: its sender, as far as that one counts as known; `origin`: as in
    /// [`Judge::names_us`].
    fn act_on(
        &self,
        rows: Rows<'_>,
        letter: Letter,
        (contact, origin): (Option<Contact>, Option<Contact>),
        envelope: &[u8],
    ) -> Result<Judged, Fault> {
        Ok(match &letter.body {
            Body::Card(card) => lift(self.take_card(rows, &letter, card))?,
            Body::CardRequest(request) => match self.check_age(&letter)? {
                Some(judged) => judged,
                None => lift(self.answer_card_request(rows, contact, &letter, request))?,
            },
            Body::Join(join) => self.take_join(rows, &letter, join)?,
            Body::JoinAnswer(answer) => self.take_join_answer(rows, &letter, answer)?,
            Body::Grant(..) => {
                let known = (contact, origin);
                self.judge_grant(rows, letter, known, envelope)?
            }
            Body::Receipt(receipt) => match accepted(contact) {
                Some(contact) => self.take_receipt(rows, &contact, receipt)?,
                None => refused(
                    Code::Addressee,
                    "a receipt from a household that is not known",
                ),
            },
            // It counts by the signature inside, whatever its sender's standing; nothing else of a stranger does.
            Body::Revocation(signed) => {
                self.take_revocation(rows, accepted(contact).as_ref(), letter.header.to, signed)?
            }
            Body::Ended(end) => self.take_ended(rows, &letter, end)?,
            _ => match accepted(contact) {
                Some(contact) => self.act_on_known(rows, &contact, &letter)?,
                None => refused(
                    Code::Addressee,
                    "a letter from a household that is not known",
                ),
            },
        })
    }

    /// The same for what only a household says that is known here.
    fn act_on_known(
        &self,
        rows: Rows<'_>,
        contact: &Contact,
        letter: &Letter,
    ) -> Result<Judged, Fault> {
        match &letter.body {
            Body::PartRequest(request) => self.answer_part_request(rows, contact, request),
            Body::GrantRequest(asked) => self.take_grant_request(rows, contact, letter, asked),
            Body::GrantAnswer(answer) => self.take_grant_answer(rows, contact, answer),
            other => {
                // Kinds whose use cases this version does not have stay in the mailbox, so that nothing is lost.
                let from = letter.header.from.short();
                tracing::info!(kind = other.kind(), from = %from, "a letter of a kind that is not acted on yet");
                let newer = format!("a newer version than {}", env!("CARGO_PKG_VERSION"));
                Ok(Judged::Waits(newer))
            }
        }
    }

    /// Counts a letter from someone who is not accepted, and says whether today's are too many: by their number, or by
    /// their bytes.
    fn too_many_strangers(&self, rows: Rows<'_>, bytes: u64) -> Result<bool, Fault> {
        let today = self.now.now.to_string()[..10].to_owned();
        let counted = rows.setting("strangers")?.unwrap_or_default();
        let mut fields = counted.split(' ');
        let (mut letters, mut sum) = (0u32, 0u64);
        if fields.next() == Some(&today) {
            letters = fields.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            sum = fields.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        }
        let (letters, sum) = (letters.saturating_add(1), sum.saturating_add(bytes));
        let limit = self.config.limits.letters_from_strangers;
        if letters > limit || sum > BYTES_FROM_STRANGERS {
            return Ok(true);
        }
        rows.set_setting("strangers", &format!("{today} {letters} {sum}"))?;
        Ok(false)
    }

    /// A card, held against what the directory said of that mailbox.
    fn take_card(&self, rows: Rows<'_>, letter: &Letter, card: &CardLetter) -> Result<(), Fault> {
        take_card_letter(rows, &self.writer, &self.config.name, letter, card)?;
        match rows.contact(letter.header.from)? {
            Some(contact) => compare_with_kept(rows, self.config, &contact, self.now.now),
            None => Ok(()),
        }
    }

    /// A stranger's, or that of somebody who asks with an invitation.
    fn answer_card_request(
        &self,
        rows: Rows<'_>,
        contact: Option<Contact>,
        letter: &Letter,
        request: &CardRequest,
    ) -> Result<(), Fault> {
        if accepted(contact).is_none()
            && let Some(invitation) = self.asked_with(rows, letter.header.from, request.nonce)?
        {
            return self.answer_invited(rows, letter, request, &invitation);
        }
        answer_card_request(rows, &self.writer, self.config, letter, request)
    }

    pub(super) fn check_age(&self, letter: &Letter) -> Result<Option<Judged>, Fault> {
        Ok(match check_age(letter.header.issued, self.now.now) {
            Ok(()) => None,
            Err(_) if !self.now.confirmed => Some(Judged::Waits("clock".to_owned())),
            Err(stale) => Some(Judged::Refused(stale)),
        })
    }
}

/// The card that was asked for is no stranger's letter, though its sender is not known yet.
fn is_card_asked_for(rows: Rows<'_>, letter: &Letter) -> Result<bool, Fault> {
    match &letter.body {
        Body::Card(CardLetter {
            nonce: Some(nonce), ..
        }) => Ok(rows.card_requested(*nonce)?.is_some()),
        _ => Ok(false),
    }
}

/// A letter that says what cannot be is refused; trouble of this box goes up.
fn lift(done: Result<(), Fault>) -> Result<Judged, Fault> {
    match done {
        Ok(()) => Ok(Judged::Taken),
        Err(fault) if matches!(fault.code, "certificate" | "signature") => {
            Ok(refused(Code::Signature, &fault.message))
        }
        Err(fault) if fault.code == "quota" => Ok(refused(Code::Quota, &fault.message)),
        Err(fault) => Err(fault),
    }
}
