//! What a letter does here. Each is judged in one transaction: it is taken, refused, or waits; nothing in between.

use std::collections::BTreeMap;

use super::contacts::{MAX_PENDING, answer_card_request, take_card_letter};
use super::correspond::Writer;
use super::words::{clean_line, clean_name};
use super::{Fault, Now};
use crate::album::{
    Contact, DestinationState, HoldingState, Keys, NewHolding, NewShare, Rows, Share, ShareState,
};
use crate::config::Config;
use crate::envelope::{Fingerprint, Id};
use crate::message::check::{GrantLetter, Standing, check_age, check_standing};
use crate::message::{
    Body, Code, GrantName, Letter, Receipt, ReceiptState, Refused, Verified, check_grant,
    expected_parts,
};
use crate::rules::Tier;

/// How many bytes of letters from strangers are looked at a day (PROTOCOL 7).
const BYTES_FROM_STRANGERS: u64 = 32 * 1024 * 1024;
/// What a stranger's letter waits for that came when there were too many.
pub(super) const TOMORROW: &str = "tomorrow of ";

/// What such a letter waits for that came today.
pub(super) fn tomorrow_of(now: crate::encoding::Timestamp) -> String {
    format!("{TOMORROW}{}", &now.to_string()[..10])
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Judged {
    /// Acted on, or known before: the mail has served.
    Taken,
    /// Not taken, for good.
    Refused(Refused),
    /// It waits: for the contact of this fingerprint, or for `clock`.
    Waits(String),
}

/// What the judge must know of this household.
pub(super) struct Judge<'h> {
    pub keys: &'h Keys,
    pub writer: Writer<'h>,
    pub config: &'h Config,
    pub now: Now,
}

impl Judge<'_> {
    /// Judges a letter whose signature is good. `mail`: the DER of its envelope, kept for a grant.
    pub fn judge(&self, rows: Rows<'_>, letter: Letter, envelope: &[u8]) -> Result<Judged, Fault> {
        let from = letter.header.from;
        let me = self.keys.identity.fingerprint();
        if letter.header.to.is_some_and(|to| to != me) {
            return Ok(refused(Code::Addressee, "a letter for another server"));
        }
        if from == me {
            return Ok(refused(Code::Addressee, "a letter by this server itself"));
        }
        if rows.letter_seen(from, letter.header.id)? {
            return Ok(Judged::Taken);
        }
        let contact = rows.contact(from)?;
        if contact.as_ref().is_some_and(|contact| contact.blocked) {
            return Ok(refused(
                Code::Addressee,
                "a letter from a blocked household",
            ));
        }
        // The card that was asked for is no stranger's letter, though its sender is not known yet.
        let asked_for = match &letter.body {
            Body::Card(card) => match card.nonce {
                Some(nonce) => rows.is_card_requested(nonce)?,
                None => false,
            },
            _ => false,
        };
        if contact.as_ref().is_none_or(|contact| !contact.accepted)
            && !asked_for
            && self.too_many_strangers(rows, envelope.len() as u64)?
        {
            return Ok(Judged::Waits(tomorrow_of(self.now.now)));
        }
        let id = letter.header.id;
        let judged = match &letter.body {
            Body::Card(card) => lift(take_card_letter(rows, &self.writer, &letter, card))?,
            Body::CardRequest(request) => match self.check_age(&letter)? {
                Some(judged) => judged,
                None => lift(answer_card_request(
                    rows,
                    &self.writer,
                    &self.config.name,
                    &letter,
                    request,
                ))?,
            },
            Body::Grant(..) => self.judge_grant(rows, letter, contact, envelope)?,
            Body::Receipt(receipt) => match accepted(contact) {
                Some(contact) => self.take_receipt(rows, &contact, receipt)?,
                None => refused(
                    Code::Addressee,
                    "a receipt from a household that is not known",
                ),
            },
            // A revocation counts whatever its sender's standing; nothing else of a stranger does.
            other if accepted(contact).is_none() && !matches!(other, Body::Revocation(_)) => {
                refused(
                    Code::Addressee,
                    "a letter from a household that is not known",
                )
            }
            other => {
                // Kinds whose use cases this version does not have stay in the mailbox, so that nothing is lost.
                tracing::info!(kind = other.kind(), from = %from.short(), "a letter of a kind that is not acted on yet");
                Judged::Waits(format!(
                    "a newer version than {}",
                    env!("CARGO_PKG_VERSION")
                ))
            }
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

    fn check_age(&self, letter: &Letter) -> Result<Option<Judged>, Fault> {
        Ok(match check_age(letter.header.issued, self.now.now) {
            Ok(()) => None,
            Err(_) if !self.now.confirmed => Some(Judged::Waits("clock".to_owned())),
            Err(stale) => Some(Judged::Refused(stale)),
        })
    }

    fn judge_grant(
        &self,
        rows: Rows<'_>,
        letter: Letter,
        contact: Option<Contact>,
        envelope: &[u8],
    ) -> Result<Judged, Fault> {
        let (id, signer) = (letter.header.id, letter.signer.clone());
        let Body::Grant(grant, _) = &letter.body else {
            return Ok(refused(Code::Unsupported, "not a grant"));
        };
        let (origin, share) = (grant.origin, grant.share);
        let Some(contact) = accepted(contact.clone()) else {
            return self.stranger(rows, contact, &signer);
        };
        let verdict = match check_grant(letter, self.keys.identity.fingerprint(), self.now.now) {
            Ok(grant) => self.take_grant(rows, &contact, &grant, envelope)?,
            Err(stale) if stale.code == Code::Stale && !self.now.confirmed => {
                return Ok(Judged::Waits("clock".to_owned()));
            }
            Err(refused) => Judged::Refused(refused),
        };
        if let Judged::Refused(refused) = &verdict {
            self.tell_refused(rows, &contact, (origin, share), id, refused.code)?;
        }
        Ok(verdict)
    }

    /// A grant of a household that is heard, in a form that is not known here: its sender learns that it was not taken.
    pub fn refuse_unread(
        &self,
        rows: Rows<'_>,
        grant: GrantName,
        code: Code,
    ) -> Result<(), Fault> {
        let heard = |contact: &Contact| contact.accepted && !contact.blocked;
        let Some(contact) = rows.contact(grant.from)?.filter(heard) else {
            return Ok(());
        };
        if grant.to != self.keys.identity.fingerprint() || rows.letter_seen(grant.from, grant.id)? {
            return Ok(());
        }
        self.tell_refused(rows, &contact, (grant.origin, grant.share), grant.id, code)
    }

    fn tell_refused(
        &self,
        rows: Rows<'_>,
        contact: &Contact,
        (origin, share): (Fingerprint, Id),
        letter: Id,
        code: Code,
    ) -> Result<(), Fault> {
        let body = Body::Receipt(Receipt {
            share,
            origin,
            state: ReceiptState::Refused,
            reason: Some(code),
            letter: Some(letter),
            chain: Vec::new(),
        });
        self.writer.send(rows, &body, contact)?;
        // The same letter again, after a lost answer or in a folder made anew, is not answered twice.
        rows.put_letter_seen(contact.fingerprint, letter, self.now.now)?;
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
            let waiting = rows
                .contacts()?
                .iter()
                .filter(|contact| !contact.accepted)
                .count();
            if waiting >= MAX_PENDING {
                return Ok(refused(
                    Code::Quota,
                    "too many households wait to be accepted",
                ));
            }
            let mut contact = Contact::stranger(signer, self.now.now);
            contact.name = clean_name(signer.name(), signer.mailbox().as_str());
            rows.put_contact(&contact)?;
        }
        if rows.pending_letters()? >= MAX_PENDING as u64 {
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
        contact: &Contact,
        letter: &Verified<GrantLetter>,
        envelope: &[u8],
    ) -> Result<Judged, Fault> {
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
            if share.state == ShareState::Revoked {
                return Ok(Judged::Taken);
            }
            let older = |h: &crate::album::Holding| {
                h.granter == contact.fingerprint && h.issued >= letter.header.issued
            };
            if rows.holdings(share.id)?.iter().any(older) {
                return Ok(Judged::Taken);
            }
        }
        let expected = expected_parts(manifest, &letter.grant, letter.passed_on());
        if let Some(refused) =
            self.over_quota(rows, contact.fingerprint, known.as_ref(), &expected, letter)?
        {
            return Ok(Judged::Refused(refused));
        }
        let (title, message) = (
            clean_line(&letter.grant.title),
            clean_message(&letter.grant.message),
        );
        let share = match known {
            Some(share) => {
                rows.set_share_words(share.id, &title, &message)?;
                share
            }
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
        rows.put_holding(&NewHolding {
            share: share.id,
            granter: contact.fingerprint,
            letter: letter.header.id,
            issued: letter.header.issued,
            permit: letter.permit().digest(),
            passed_on: letter.passed_on(),
            grant_der: envelope,
            stations: &letter.grant.stations,
            items: &items,
        })?;
        let others = rows.holdings(share.id)?.iter().any(|holding| {
            holding.state == HoldingState::Live && holding.granter != contact.fingerprint
        });
        let mut wanted = expected;
        for part in rows.parts(share.id)? {
            // What another household granted and is still on its way stays wanted.
            if part.wanted && (part.held || others) {
                wanted.insert(part.digest);
            }
        }
        rows.want_parts(share.id, &wanted)?;
        rows.set_share_state(share.id, ShareState::Arriving, self.now.now)?;
        tracing::info!(share = %share.reference, from = %contact.fingerprint.short(), parts = wanted.len(), "grant taken");
        Ok(Judged::Taken)
    }

    fn over_quota(
        &self,
        rows: Rows<'_>,
        granter: Fingerprint,
        known: Option<&Share>,
        expected: &std::collections::BTreeSet<crate::envelope::Digest>,
        letter: &GrantLetter,
    ) -> Result<Option<Refused>, Fault> {
        let (all, by_granter) = rows.reserved(granter)?;
        let mut more = 0u64;
        let held: std::collections::BTreeSet<_> = match known {
            Some(share) => rows
                .parts(share.id)?
                .into_iter()
                .filter(|p| p.wanted)
                .map(|p| p.digest)
                .collect(),
            None => Default::default(),
        };
        for item in &letter.manifest.manifest().items {
            for parts in item.tiers.values() {
                let wanted = parts
                    .parts
                    .iter()
                    .filter(|d| expected.contains(d) && !held.contains(d))
                    .count() as u64;
                more += parts
                    .size
                    .get()
                    .min(wanted * crate::envelope::PART_SIZE as u64)
                    + wanted * 1024;
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

    /// A receipt moves the destination that its signer is. It must show the permit that was given, or name the letter.
    fn take_receipt(
        &self,
        rows: Rows<'_>,
        from: &Contact,
        receipt: &Receipt,
    ) -> Result<Judged, Fault> {
        let Some(share) = rows.share_by_wire(receipt.origin, receipt.share)? else {
            return Ok(refused(
                Code::Chain,
                "a receipt for a share that is not known",
            ));
        };
        let destinations = rows.destinations(share.id)?;
        let Some(destination) = destinations.iter().find(|d| d.contact == from.fingerprint) else {
            return Ok(refused(
                Code::Chain,
                "a receipt from a household that was granted nothing",
            ));
        };
        let now = self.now.now;
        if receipt.state == ReceiptState::Refused {
            if receipt.letter != Some(destination.letter) {
                // An older grant was refused; the newer one has its own receipt.
                return Ok(Judged::Taken);
            }
            let code = receipt.reason.map_or("no reason given", Code::as_str);
            let words = refusal_words(code);
            rows.set_destination_state(
                destination.id,
                DestinationState::Refused,
                Some(words),
                now,
            )?;
            return Ok(Judged::Taken);
        }
        let standing = match receipt.state {
            ReceiptState::Forwarded => Standing::PassedOn,
            _ => Standing::Holds,
        };
        let me = self.keys.identity.fingerprint();
        let of = (receipt.origin, receipt.share);
        let chain = match check_standing(&receipt.chain, of, (from.fingerprint, standing), me) {
            Ok(chain) => chain,
            Err(refused) => return Ok(Judged::Refused(refused)),
        };
        if !chain
            .iter()
            .any(|permit| permit.der() == destination.permit.as_slice())
        {
            return Ok(refused(
                Code::Chain,
                "a receipt without the permit that was given",
            ));
        }
        match receipt.state {
            ReceiptState::Complete => {
                rows.set_destination_state(destination.id, DestinationState::Delivered, None, now)?;
            }
            ReceiptState::Deleted => {
                rows.set_destination_state(destination.id, DestinationState::Deleted, None, now)?;
            }
            ReceiptState::Forwarded | ReceiptState::Refused => {}
        }
        Ok(Judged::Taken)
    }
}

/// Queues `complete` for each live holding of a share that has none yet.
pub(super) fn send_complete(
    rows: Rows<'_>,
    judge: &Judge<'_>,
    share: &Share,
    chains: &BTreeMap<i64, Vec<crate::message::grant::Bytes>>,
) -> Result<(), Fault> {
    for holding in rows.holdings(share.id)? {
        if holding.state != HoldingState::Live || holding.receipted {
            continue;
        }
        if let (Some(chain), Some(granter)) =
            (chains.get(&holding.id), rows.contact(holding.granter)?)
        {
            let body = Body::Receipt(Receipt {
                share: share.wire,
                origin: share.origin,
                state: ReceiptState::Complete,
                reason: None,
                letter: None,
                chain: chain.clone(),
            });
            if !judge.writer.send(rows, &body, &granter)? {
                // Its certificate has ended: the next look tries again.
                continue;
            }
        }
        rows.set_receipted(holding.id)?;
    }
    Ok(())
}

fn refused(code: Code, words: &str) -> Judged {
    Judged::Refused(Refused::new(code, words))
}

/// A contact that the keeper wants to hear from.
fn accepted(contact: Option<Contact>) -> Option<Contact> {
    contact.filter(|contact| contact.accepted)
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

/// What a refusal code means for the sender.
fn refusal_words(code: &str) -> &'static str {
    match code {
        "quota" => "that household has no more room for this",
        "stale" => "it arrived too late; share it again",
        "unsupported" => "that household's box is too old for this; it should update",
        "addressee" => "it came to the wrong household; compare the addresses",
        "replayed" => "it came twice",
        _ => {
            "that household's box did not accept it; share it again, and if it stays so compare words"
        }
    }
}
