//! What a card changes of a household that is known, or is being met.

use std::cmp::Ordering;

use super::inherited::take_over_recalls;
use super::moved::follow_move;
use crate::album::{Contact, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::Card;
use crate::message::grant::Bytes;
use crate::message::{Letter, SignedCard};
use crate::sharing::Fault;

/// How far ahead the date of a card is believed, in seconds (CASES O-23).
pub(in crate::sharing) const MAX_AHEAD: u64 = 60;

/// A household is met by an invitation: what its card says counts where it is the newest, and it is checked.
pub(in crate::sharing) fn meet(
    rows: Rows<'_>,
    mut contact: Contact,
    card: &Card,
    signed: &SignedCard,
    now: Timestamp,
) -> Result<Contact, Fault> {
    let issued = signed.issued.min(now.plus_seconds(MAX_AHEAD));
    let before = contact.clone();
    if issued > contact.card_issued || contact.encryption.is_empty() {
        contact.card_issued = issued.max(contact.card_issued);
        contact.mailbox = signed.card.mailbox.clone();
        take_card(&mut contact, card);
        contact.name =
            crate::sharing::words::clean_name(&signed.card.name, contact.mailbox.as_str());
    }
    contact.trust = Trust::Verified;
    contact.accepted = true;
    rows.put_contact(&contact)?;
    follow_move(rows, &before, &contact, now)?;
    take_over_recalls(rows, &contact, now)?;
    // What it was told before may have been by another identity of this household.
    rows.set_announced_to(contact.fingerprint, "")?;
    Ok(contact)
}

/// The certificates in a card or card-request; they must be of whom the letter is from.
pub(in crate::sharing) fn card_of(certificates: &[Bytes], letter: &Letter) -> Result<Card, Fault> {
    let ders: Vec<&[u8]> = certificates.iter().map(|der| der.0.as_slice()).collect();
    let card =
        Card::from_ders(&ders).map_err(|error| Fault::new("certificate", error.to_string()))?;
    if card.identity.fingerprint() != letter.header.from {
        let words = format!("a {} with the certificates of another", letter.body.kind());
        return Err(Fault::new("signature", words));
    }
    Ok(card)
}

/// Whether certificates are older than those that are known. Only a card tells when it was written, and so can go back; a
/// request that was kept and sent again, or an old file, cannot.
pub(super) fn goes_back(contact: &Contact, card: &Card) -> Result<bool, Fault> {
    Ok(age_of(contact, card)? == Ordering::Less)
}

/// How the newest certificate of a card compares with the newest that is known: greater where it is newer.
pub(super) fn age_of(contact: &Contact, card: &Card) -> Result<Ordering, Fault> {
    let begin = |card: &Card| card.newest().map(|newest| newest.not_before());
    let known = contact.card()?;
    Ok(begin(card).cmp(&known.as_ref().and_then(begin)))
}

pub(in crate::sharing) fn take_card(contact: &mut Contact, card: &Card) {
    contact.identity = card.identity.der().to_vec();
    contact.encryption = card.encryption.iter().map(|c| c.der().to_vec()).collect();
    contact.name =
        crate::sharing::words::clean_name(card.identity.name(), card.identity.mailbox().as_str());
}
