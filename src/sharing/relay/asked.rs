//! What a household may ask this one to pass on: of whom it is taken, how much in a day, and that it is noted.

use crate::album::{Contact, RelayJob, RelayState, Rows};
use crate::config::Role;
use crate::envelope::Fingerprint;
use crate::message::check::GrantLetter;
use crate::message::{Code, Grant, Keys, Refused, is_vouched_for};
use crate::sharing::Fault;
use crate::sharing::correspond::send::heard;
use crate::sharing::ingest::judge::Judge;

/// How many letters are passed on in a day for one household, however short: a provider lets us write to about as many.
const LETTERS_A_DAY: usize = 500;

impl Judge<'_> {
    /// Why a grant that asks to be passed on is not taken, if it is not.
    pub(in crate::sharing) fn refuse_relay(
        &self,
        rows: Rows<'_>,
        who: Fingerprint,
        letter: &GrantLetter,
    ) -> Result<Option<Refused>, Fault> {
        let has_key = !matches!(&letter.grant.keys, Keys::Items(items) if items.is_empty());
        if has_key && self.config.role == Role::Relay {
            let words = "this box only carries for others, and takes no key";
            return Ok(Some(Refused::new(Code::Quota, words)));
        }
        if letter.grant.relay.is_empty() {
            return Ok(None);
        }
        if !rows.is_relay_for(who)? {
            let words = "it is to be passed on, and that household may not use this one as a relay";
            return Ok(Some(Refused::new(Code::Quota, words)));
        }
        let (today, used, letters) = self.relayed_today(rows, who)?;
        let more = bytes_to_relay(letter);
        if used.saturating_add(more) > self.config.limits.relay_per_day {
            let words =
                format!("{more} more bytes to be passed on would be above limits.relay_per_day");
            return Ok(Some(Refused::new(Code::Quota, words)));
        }
        let letters = letters.saturating_add(letter.grant.relay.len());
        if letters > LETTERS_A_DAY {
            let words =
                format!("with it, more than {LETTERS_A_DAY} letters would be passed on in a day");
            return Ok(Some(Refused::new(Code::Quota, words)));
        }
        let counted = format!("{today} {} {letters}", used + more);
        rows.set_setting(&quota_name(who), &counted)?;
        Ok(None)
    }

    /// Today, and how many bytes and letters a household had passed on today.
    fn relayed_today(
        &self,
        rows: Rows<'_>,
        who: Fingerprint,
    ) -> Result<(String, u64, usize), Fault> {
        let today = self.now.now.to_string()[..10].to_owned();
        let counted = rows.setting(&quota_name(who))?.unwrap_or_default();
        let mut fields = counted
            .strip_prefix(&today)
            .unwrap_or_default()
            .split_whitespace();
        let used = fields.next().and_then(|n| n.parse().ok());
        let letters = fields.next().and_then(|n| n.parse().ok());
        Ok((today, used.unwrap_or(0), letters.unwrap_or(0)))
    }

    /// Notes what a grant that was taken asks to pass on. It is newer than all before: who was served once is served anew.
    pub(in crate::sharing) fn note_relay(
        &self,
        rows: Rows<'_>,
        holding: i64,
        letter: &GrantLetter,
    ) -> Result<(), Fault> {
        for entry in &letter.grant.relay {
            let household = entry.card()?.identity.fingerprint();
            // Who asks may not have heard yet that it has moved.
            let moved = rows.moved_from(&entry.mailbox)?.filter(|contact| {
                contact.fingerprint == household && contact.is_heard() && !contact.unproven
            });
            rows.put_relay_job(&RelayJob {
                holding,
                household,
                mailbox: moved.map_or_else(|| entry.mailbox.clone(), |contact| contact.mailbox),
                entry: serde_json::to_vec(entry).expect("entries have only string keys"),
                state: RelayState::Waits,
                changed: self.now.now,
                went: false,
            })?;
        }
        Ok(())
    }

    /// The origin, where it is heard and its own permit says that `signer` passes its share on to this household: then that
    /// one need not be known.
    pub(in crate::sharing) fn names_us(
        &self,
        rows: Rows<'_>,
        grant: &Grant,
        signer: Fingerprint,
    ) -> Result<Option<Contact>, Fault> {
        let me = self.keys.identity.fingerprint();
        let origin = heard(rows, grant.origin)?;
        Ok(origin.filter(|_| is_vouched_for(grant, signer, me)))
    }
}

/// What a grant would make this household send for another: sealed parts and letters, once for each that gets them, or the word
/// to who asks that one gets nothing.
fn bytes_to_relay(letter: &GrantLetter) -> u64 {
    let manifest = letter.manifest.manifest();
    let chain = letter.grant.chain.iter().map(|der| der.0.len() as u64);
    // Twice in base64, and the rest of a letter.
    let word = chain.sum::<u64>().saturating_mul(2) + 8 * 1024;
    let mut all = 0u64;
    for entry in &letter.grant.relay {
        let mut bytes = 0u64;
        let wanted = entry.parts(manifest);
        for parts in manifest.items.iter().flat_map(|item| item.tiers.values()) {
            let count = parts
                .parts
                .iter()
                .filter(|one| wanted.contains(one))
                .count() as u64;
            if count > 0 {
                bytes = bytes.saturating_add(parts.size.get() + count * 1024);
            }
        }
        bytes = bytes.saturating_add(
            entry
                .sealed
                .as_ref()
                .map_or(64 * 1024, |sealed| sealed.0.len() as u64),
        );
        all = all.saturating_add(bytes.max(word));
    }
    all
}

fn quota_name(who: Fingerprint) -> String {
    format!("relayed {who}")
}
