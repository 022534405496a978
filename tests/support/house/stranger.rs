//! Letters of those whom nobody here knows: of somebody who is no house, or of a house that was never introduced.

use hearthpost::address::Mailbox;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Id, Identity};
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::Outer;
use hearthpost::message::{Body, CardRequest, Header, Receipt, ReceiptState, seal_letter_mail};
use hearthpost::rules::Tier;

use super::forge::{Handmade, OpenGrant};
use super::{House, Village};

const ABOUT: &[u8] = br#"{"name":"a.txt","media_type":null,"caption":null,"taken":null,"width":null,"height":null,"duration_ms":null,"goes_with":null}"#;

/// A file of a few bytes, and what there is to say of it.
pub const FILE: [(Tier, &[u8]); 2] = [(Tier::Original, b"hello"), (Tier::About, ABOUT)];

pub fn mailbox(text: &str) -> Mailbox {
    text.parse().expect("a mailbox")
}

pub fn certificates(identity: &Identity, now: Timestamp) -> Vec<Bytes> {
    let encryption = identity.issue_encryption_key(now).expect("a key");
    let ders = [identity.certificate().der(), encryption.certificate().der()];
    ders.map(|der| Bytes(der.to_vec())).to_vec()
}

/// A letter of somebody who is no house, enveloped for `to` or open.
pub fn letter(from: &Identity, to: &House, body: &Body, open: bool) -> Vec<u8> {
    letter_at(from.certificate().mailbox().clone(), from, to, body, open)
}

/// The same, from any mailbox.
pub fn letter_at(at: Mailbox, from: &Identity, to: &House, body: &Body, open: bool) -> Vec<u8> {
    let outer = Outer::new(at, None, to.time());
    let header = Header {
        id: Id::random(),
        from: from.fingerprint(),
        to: (!open).then(|| to.home.me()),
        issued: to.time(),
    };
    let certificate = (!open).then(|| to.certificate());
    seal_letter_mail(&outer, &header, body, from, certificate).expect("sealed")
}

pub fn asks(from: &Identity, to: &House) -> Vec<u8> {
    let body = Body::CardRequest(CardRequest {
        mailbox: from.certificate().mailbox().clone(),
        certificates: certificates(from, to.time()),
        nonce: Id::random(),
    });
    letter(from, to, &body, true)
}

/// About three megabytes that say nothing.
pub fn long(from: &Identity, to: &House) -> Vec<u8> {
    let body = Body::Receipt(Receipt {
        share: Id::random(),
        origin: from.fingerprint(),
        state: ReceiptState::Complete,
        reason: None,
        letter: None,
        chain: vec![Bytes(vec![7; 2_250_000])],
    });
    letter(from, to, &body, false)
}

/// A share of one file by `from`, on its way to `to`: letter and parts.
pub fn shared(village: &Village, from: &House, to: &House) {
    let made = Handmade::new(from, &FILE, |_, truth| truth);
    let grant = OpenGrant::of(&made, from, to, "store=full");
    village.deliver(to, &grant.mail(from, to));
    village.deliver(to, &made.mail(from));
}
