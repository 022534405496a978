//! A grant comes: it is judged, refused with a word to who sent it, kept for the keeper where nobody knows its sender, or taken.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{Judge, Judged, accepted, refused};
use crate::album::{Contact, NewHolding, NewShare, PART_ROW, Rows, Share, ShareState, TO_ANSWER};
use crate::envelope::{Digest, Fingerprint, Id};
use crate::message::check::GrantLetter;
use crate::message::permit;
use crate::message::{
    Body, Code, GrantName, Letter, Refused, Verified, brought_parts, check_grant,
    is_named_by_origin,
};
use crate::rules::Tier;
use crate::sharing::Fault;
use crate::sharing::contacts::claims::{has_room, note_any_claim};
use crate::sharing::forward::inside::narrow_inside;
use crate::sharing::listing::named::renew_words;
use crate::sharing::receipts::receipt::refusal;
use crate::sharing::search::needed::needed_parts;
use crate::sharing::words::{clean_line, clean_name};

/// The most letters that wait for one household to be accepted.
const MAX_WAITING: u64 = 20;

impl Judge<'_> {
    /// `origin`: the household whose share it is, where that one named this one and its granter need not be known.
    pub(super) fn judge_grant(
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
            let whom = answers_to.fingerprint;
            let told = self.tell_refused(rows, &answers_to, of, id, refused.code)?;
            if !told && rows.letters_to_answer(whom)? < MAX_WAITING {
                // Whoever waited to be accepted has not introduced itself yet.
                return Ok(Judged::Waits(format!("{TO_ANSWER}{whom}")));
            }
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

    /// Gives `false` where nothing can be written to that household yet.
    fn tell_refused(
        &self,
        rows: Rows<'_>,
        contact: &Contact,
        (origin, share): (Fingerprint, Id),
        letter: Id,
        code: Code,
    ) -> Result<bool, Fault> {
        let body = refusal((origin, share), letter, code);
        let can_be_written = contact.certificate(self.now.now)?.is_some();
        // Without a certificate it is asked for one, and no answer of today is used up.
        if (!can_be_written || self.may_answer(rows, contact.fingerprint)?)
            && !self.writer.send(rows, &body, contact)?
        {
            return Ok(false);
        }
        tracing::warn!(from = %contact.fingerprint.short(), letter = %letter, code = code.as_str(), "grant refused");
        Ok(true)
    }

    /// A grant of someone who is not accepted waits, unseen, as a contact request.
    fn stranger(
        &self,
        rows: Rows<'_>,
        known: Option<Contact>,
        signer: &crate::envelope::IdentityCertificate,
    ) -> Result<Judged, Fault> {
        if known.is_none() {
            let mut contact = Contact::stranger(signer, self.now.now);
            contact.name = clean_name(signer.name(), signer.mailbox().as_str());
            if !has_room(rows, &contact)? {
                return Ok(refused(
                    Code::Quota,
                    "too many households wait to be accepted",
                ));
            }
            rows.put_contact(&contact)?;
            if !note_any_claim(rows, &contact, self.now.now)? {
                crate::sharing::notify::knock::waits(rows, contact.fingerprint, self.now.now)?;
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

fn clean_message(text: &str) -> String {
    text.lines().map(clean_line).collect::<Vec<_>>().join("\n")
}
