//! What a letter does here. Each is judged in one transaction: it is taken, refused, or waits; nothing in between.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::cards::{answer_card_request, take_card_letter};
use super::claims::{MAX_PENDING, note_any_claim};
use super::directory::answers::compare_with_kept;
use super::inside::narrow_inside;
use super::judge::{Judge, Judged, accepted, refused};
use super::named::renew_words;
use super::needed::needed_parts;
use super::receipt::refusal;
use super::words::{clean_line, clean_name};
use crate::album::{Contact, NewHolding, NewShare, PART_ROW, Rows, Share, ShareState};
use crate::envelope::{Digest, Fingerprint, Id};
use crate::message::check::{GrantLetter, check_age};
use crate::message::permit;
use crate::message::{
    Body, CardLetter, CardRequest, Code, GrantName, Letter, Refused, Verified, brought_parts,
    check_grant, is_named_by_origin,
};
use crate::rules::Tier;

/// How many bytes of letters from strangers are looked at a day (PROTOCOL 7).
pub(super) const BYTES_FROM_STRANGERS: u64 = 32 * 1024 * 1024;
/// The most letters that wait for one household to be accepted.
const MAX_WAITING: u64 = 20;
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
        match letter.header.to {
            Some(to) if !self.keys.is_ours(to) => {
                return Ok(refused(Code::Addressee, "a letter for another server"));
            }
            // What was taken back is, whoever this household is by now; and so is what others say of their copies.
            Some(to) if to != me && !takes_back && !matches!(letter.body, Body::Receipt(_)) => {
                let words = "a letter for the identity that this household had before";
                return Ok(refused(Code::Addressee, words));
            }
            _ => {}
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
        // The card that was asked for is no stranger's letter, though its sender is not known yet.
        let asked_for = match &letter.body {
            Body::Card(card) => match card.nonce {
                Some(nonce) => rows.card_requested(nonce)?.is_some(),
                None => false,
            },
            _ => false,
        };
        if contact.as_ref().is_none_or(|contact| !contact.accepted)
            && !asked_for
            && !self.is_invited(rows, &letter)?
            && origin.is_none()
            && self.too_many_strangers(rows, envelope.len() as u64)?
        {
            return Ok(Judged::Waits(tomorrow_of(self.now.now)));
        }
        let id = letter.header.id;
        let judged = match &letter.body {
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
            other => match accepted(contact) {
                None => refused(
                    Code::Addressee,
                    "a letter from a household that is not known",
                ),
                Some(contact) => match other {
                    Body::PartRequest(request) => {
                        self.answer_part_request(rows, &contact, request)?
                    }
                    Body::GrantRequest(asked) => {
                        self.take_grant_request(rows, &contact, &letter, asked)?
                    }
                    Body::GrantAnswer(answer) => self.take_grant_answer(rows, &contact, answer)?,
                    other => {
                        // Kinds whose use cases this version does not have stay in the mailbox, so that nothing is lost.
                        tracing::info!(kind = other.kind(), from = %from.short(), "a letter of a kind that is not acted on yet");
                        let newer = format!("a newer version than {}", env!("CARGO_PKG_VERSION"));
                        Judged::Waits(newer)
                    }
                },
            },
        };
        if judged == Judged::Taken {
            rows.put_letter_seen(from, id, self.now.now)?;
        }
        Ok(judged)
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

    /// `origin`: the household whose share it is, where that one named this one and its granter need not be known.
    fn judge_grant(
        &self,
        rows: Rows<'_>,
        letter: Letter,
        (contact, origin): (Option<Contact>, Option<Contact>),
        envelope: &[u8],
    ) -> Result<Judged, Fault> {
        let (from, id, signer) = (letter.header.from, letter.header.id, letter.signer.clone());
        let Body::Grant(grant, _) = &letter.body else {
            return Ok(refused(Code::Unsupported, "not a grant"));
        };
        let of = (grant.origin, grant.share);
        let me = self.keys.identity.fingerprint();
        let known = accepted(contact.clone());
        let is_known = known.is_some();
        let answers_to = known.or(origin);
        let Some(answers_to) = answers_to else {
            return self.stranger(rows, contact, &signer);
        };
        let verdict = match check_grant(letter, me, self.now.now) {
            Ok(grant) if !is_known && !is_named_by_origin(&grant.chain, me) => {
                return self.stranger(rows, contact, &signer);
            }
            Ok(grant) => self.take_grant(rows, from, &grant, envelope)?,
            Err(stale) if stale.code == Code::Stale && !self.now.confirmed => {
                return Ok(Judged::Waits("clock".to_owned()));
            }
            Err(refused) => Judged::Refused(refused),
        };
        if let Judged::Refused(refused) = &verdict {
            self.tell_refused(rows, &answers_to, of, id, refused.code)?;
            // The same letter again, after a lost answer or in a folder made anew, is not answered twice.
            rows.put_letter_seen(from, id, self.now.now)?;
        }
        Ok(verdict)
    }

    /// A grant of a household that is heard, in a form that is not known here: its sender learns that it was not taken.
    pub fn refuse_unread(&self, rows: Rows<'_>, grant: GrantName, code: Code) -> Result<(), Fault> {
        let Some(contact) = rows.contact(grant.from)?.filter(Contact::is_heard) else {
            return Ok(());
        };
        let to_me = grant.to == self.keys.identity.fingerprint();
        // Once a letter; a version that reads it may take it yet.
        if to_me && rows.put_letter_unread(grant.from, grant.id, self.now.now)? {
            let of = (grant.origin, grant.share);
            self.tell_refused(rows, &contact, of, grant.id, code)?;
        }
        Ok(())
    }

    fn tell_refused(
        &self,
        rows: Rows<'_>,
        contact: &Contact,
        (origin, share): (Fingerprint, Id),
        letter: Id,
        code: Code,
    ) -> Result<(), Fault> {
        if self.may_answer(rows, contact.fingerprint)? {
            let body = refusal((origin, share), letter, code);
            self.writer.send(rows, &body, contact)?;
        }
        tracing::warn!(from = %contact.fingerprint.short(), letter = %letter, code = code.as_str(), "grant refused");
        Ok(())
    }

    /// A grant of someone who is not accepted waits, unseen, as a contact request.
    fn stranger(
        &self,
        rows: Rows<'_>,
        known: Option<Contact>,
        signer: &crate::envelope::IdentityCertificate,
    ) -> Result<Judged, Fault> {
        if known.is_none() {
            if rows.waiting_contacts()? >= MAX_PENDING {
                return Ok(refused(
                    Code::Quota,
                    "too many households wait to be accepted",
                ));
            }
            let mut contact = Contact::stranger(signer, self.now.now);
            contact.name = clean_name(signer.name(), signer.mailbox().as_str());
            rows.put_contact(&contact)?;
            if !note_any_claim(rows, &contact, self.now.now)? {
                super::knock::waits(rows, contact.fingerprint, self.now.now)?;
            }
        }
        // Counted for each, so that none keeps another from being heard once it is accepted.
        if rows.pending_letters(signer.fingerprint())? >= MAX_WAITING {
            return Ok(refused(
                Code::Quota,
                "too many letters wait for a household to be accepted",
            ));
        }
        Ok(Judged::Waits(signer.fingerprint().to_string()))
    }

    /// A verified grant becomes a holding; a newer one of the same granter replaces the older wholly.
    fn take_grant(
        &self,
        rows: Rows<'_>,
        granter: Fingerprint,
        letter: &Verified<GrantLetter>,
        envelope: &[u8],
    ) -> Result<Judged, Fault> {
        if self.keys.is_ours(letter.manifest.manifest().origin) {
            // By an identity of before: to whoever passes it on this is another household.
            let words = "a grant of this household's own share";
            return Ok(refused(Code::Chain, words));
        }
        if self.is_recalled(rows, letter)? {
            let words = "it was taken back before it came";
            tracing::info!(from = %granter.short(), words);
            return Ok(Judged::Taken);
        }
        let manifest = letter.manifest.manifest();
        let (origin, wire) = (manifest.origin, manifest.share);
        let known = rows.share_by_wire(origin, wire)?;
        if let Some(share) = &known {
            if share.manifest_digest != letter.manifest.digest() {
                return Ok(refused(
                    Code::Manifest,
                    "the share is known with another manifest",
                ));
            }
            let older = |h: &crate::album::Holding| {
                h.granter == granter && h.issued >= letter.header.issued
            };
            if rows.holdings(share.id)?.iter().any(older) {
                return Ok(Judged::Taken);
            }
        }
        let expected = brought_parts(manifest, &letter.grant, letter.passed_on());
        if let Some(refused) = self.over_quota(rows, known.as_ref(), &expected, letter, envelope)? {
            return Ok(Judged::Refused(refused));
        }
        if let Some(refused) = self.refuse_relay(rows, granter, letter)? {
            return Ok(Judged::Refused(refused));
        }
        let (title, message) = (
            clean_line(&letter.grant.title),
            clean_message(&letter.grant.message),
        );
        let share = match known {
            Some(share) => share,
            None => rows.add_share(
                &NewShare {
                    manifest: &letter.manifest,
                    title: &title,
                    message: &message,
                    state: ShareState::Arriving,
                },
                self.now.now,
            )?,
        };
        let rows_of: BTreeMap<Id, i64> = rows
            .share_items(share.id)?
            .iter()
            .map(|i| (i.wire, i.id))
            .collect();
        let items: Vec<(i64, Tier)> = rows_of
            .iter()
            .filter_map(|(&wire, &row)| Some((row, letter.grant.keys.tier(wire)?)))
            .collect();
        let chain = permit::ders(&letter.chain);
        let holding = rows.put_holding(&NewHolding {
            share: share.id,
            granter,
            letter: letter.header.id,
            issued: letter.header.issued,
            permit: letter.permit().digest(),
            passed_on: letter.passed_on(),
            grant_der: envelope,
            chain: &chain,
            title: &title,
            message: &message,
            stations: &letter.grant.stations,
            items: &items,
        })?;
        renew_words(rows, share.id)?;
        narrow_inside(rows, share.id, holding, self.now.now)?;
        self.note_relay(rows, holding, letter)?;
        let wanted = self.want_only_needed(rows, &share, expected)?;
        rows.set_share_state(share.id, ShareState::Arriving, self.now.now)?;
        self.stop_early(rows, &share, granter, letter)?;
        tracing::info!(share = %share.reference, from = %granter.short(), parts = wanted, "grant taken");
        Ok(Judged::Taken)
    }

    /// Wants what the grant brings and what other live grants still wait for, and lets go of what no grant is about any
    /// more. Gives the number of parts that are wanted.
    fn want_only_needed(
        &self,
        rows: Rows<'_>,
        share: &Share,
        mut wanted: BTreeSet<Digest>,
    ) -> Result<usize, Fault> {
        let needed = needed_parts(rows, share)?.unwrap_or_default();
        let parts = rows.parts(share.id)?;
        let still = parts.iter().filter(|part| part.wanted);
        wanted.extend(
            still
                .map(|part| part.digest)
                .filter(|one| needed.contains(one)),
        );
        rows.want_parts(share.id, &wanted)?;
        let mut dropped = parts
            .iter()
            .filter(|part| part.held && !wanted.contains(&part.digest))
            .peekable();
        if dropped.peek().is_some() {
            self.let_go_of.borrow_mut().push(share.id);
        }
        for part in dropped {
            rows.drop_part(share.id, part.digest)?;
        }
        Ok(wanted.len())
    }

    /// Whether a grant would take more room than there is: what is to be fetched for it, and what stays as rows.
    fn over_quota(
        &self,
        rows: Rows<'_>,
        known: Option<&Share>,
        expected: &BTreeSet<Digest>,
        letter: &GrantLetter,
        envelope: &[u8],
    ) -> Result<Option<Refused>, Fault> {
        let (granter, me) = (letter.header.from, self.keys.identity.fingerprint());
        let (mut all, mut by_granter) = rows.reserved(granter, me)?;
        let mut more = bytes_of_holding(letter, envelope);
        let mut held = BTreeSet::new();
        match known {
            Some(share) => {
                // What it replaces goes.
                let freed = rows.reserved_by_holding(share.id, granter)?;
                (all, by_granter) = (all.saturating_sub(freed), by_granter.saturating_sub(freed));
                let parts = rows.parts(share.id)?;
                held.extend(parts.iter().filter(|p| p.wanted).map(|p| p.digest));
            }
            None => {
                let words = letter.grant.title.len() + letter.grant.message.len();
                let items = letter.manifest.manifest().items.len() as u64;
                more += (letter.manifest.der().len() + words) as u64 + items * PART_ROW;
            }
        }
        for item in &letter.manifest.manifest().items {
            for (tier, parts) in &item.tiers {
                // The text of an item counts with the share, whoever may read it.
                let counts = |digest: &&Digest| match tier {
                    Tier::About => known.is_none(),
                    _ => expected.contains(*digest) && !held.contains(*digest),
                };
                let wanted = parts.parts.iter().filter(counts).count() as u64;
                more += parts
                    .size
                    .get()
                    .min(wanted * crate::envelope::PART_SIZE as u64)
                    + wanted * 1024;
                if known.is_none() {
                    more += parts.parts.len() as u64 * PART_ROW;
                }
            }
        }
        let words = if all.saturating_add(more) > self.config.limits.quota_total {
            format!("{more} more bytes would be above limits.quota_total")
        } else if by_granter.saturating_add(more) > self.config.limits.quota_per_contact {
            format!("{more} more bytes would be above limits.quota_per_contact")
        } else {
            return Ok(None);
        };
        Ok(Some(Refused::new(Code::Quota, words)))
    }
}

/// What a holding takes besides its share: the letter, the permits, the rules and the words.
fn bytes_of_holding(letter: &GrantLetter, envelope: &[u8]) -> u64 {
    let permits = letter.chain.iter().map(|permit| permit.der().len());
    let rules = letter.grant.stations.iter().map(|station| {
        let rules = serde_json::to_vec(&station.rules).expect("rules have only string keys");
        station.name.as_str().len() + rules.len()
    });
    let words = letter.grant.title.len() + letter.grant.message.len();
    (envelope.len() + permits.sum::<usize>() + rules.sum::<usize>() + words) as u64
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

fn clean_message(text: &str) -> String {
    text.lines().map(clean_line).collect::<Vec<_>>().join("\n")
}
