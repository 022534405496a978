//! The word that nothing goes to a household, or went there, or that a copy is gone, where it cannot be written when it is due,
//! for there is no certificate of who is to hear it. It is written once one has come, within 30 days.

use super::by_way::KEPT;
use crate::album::{Contact, Rows};
use crate::message::{Body, ReceiptState};
use crate::sharing::contacts::successor::heard_now;
use crate::sharing::correspond::Writer;
use crate::sharing::receipts::receipt::{chain_of, receipt};
use crate::sharing::{Fault, Household, Now};

impl Writer<'_> {
    /// As [`Writer::send`], of such a word: now or [later](Household::tell_late).
    pub(in crate::sharing) fn send_word(
        &self,
        rows: Rows<'_>,
        word: &Body,
        to: &Contact,
    ) -> Result<(), Fault> {
        if !self.send(rows, word, to)?
            && let Body::Receipt(said) = word
        {
            let chain: Vec<_> = said.chain.iter().map(|der| der.0.clone()).collect();
            let of = (said.origin, said.share);
            rows.put_late_word(to.fingerprint, of, &chain, self.now)?;
        }
        Ok(())
    }
}

impl Household {
    /// Tells what could not be told before.
    pub(in crate::sharing) fn tell_late(&mut self, now: Now) -> Result<(), Fault> {
        if self.album.rows().late_words()?.is_empty() {
            return Ok(());
        }
        let writer = Writer::new(&self.keys, &self.config, now.now);
        self.album.commit(|rows| {
            for late in rows.late_words()? {
                let word = receipt(late.of, ReceiptState::Deleted, chain_of(&late.chain));
                // One that is not heard just now may be once more, by this identity or another.
                let told = match heard_now(rows, late.to)? {
                    Some(contact) => writer.send(rows, &word, &contact)?,
                    None => false,
                };
                if told || late.since.plus_seconds(KEPT) <= now.floor {
                    rows.forget_late_word(late.id)?;
                }
            }
            Ok::<_, Fault>(())
        })
    }
}
