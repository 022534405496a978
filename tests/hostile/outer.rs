//! Letters sealed twice with one fault each (docs/protocol.md, the outer envelope). A layer that is wrong, missing or meant for
//! another key is refused, and past the profile there is one refusal for all.

use hearthpost::envelope::{
    Card, EncryptionKey, EnvelopeError, addressed, may_be_ours, open_letter, seal_letter, sign,
};
use proptest::prelude::*;

use crate::Refusal::{Profile, Sealed};
use crate::households::{anna, bob, now, old};
use crate::layers::{inner, key_id, outer};
use crate::tree::{bare, bent, branch, leaf, oid};
use crate::{Fault, Row, refused};

const CONTENT: &[u8] = b"the plain words of a letter";

// Paths in the tree of an outer envelope.
const RECIPIENTS: &[usize] = &[1, 0, 1];
const RECIPIENT: &[usize] = &[1, 0, 1, 0];
const KIND: &[usize] = &[1, 0, 1, 0, 0];
const FIELDS: &[usize] = &[1, 0, 1, 0, 1];
const VERSION: &[usize] = &[1, 0, 1, 0, 1, 0];
const RID: &[usize] = &[1, 0, 1, 0, 1, 1];
const KEM: &[usize] = &[1, 0, 1, 0, 1, 2];
const CIPHERTEXT: &[usize] = &[1, 0, 1, 0, 1, 3];
const KDF: &[usize] = &[1, 0, 1, 0, 1, 4];
const KEK_LENGTH: &[usize] = &[1, 0, 1, 0, 1, 5];
const WRAP: &[usize] = &[1, 0, 1, 0, 1, 6];
const WRAPPED: &[usize] = &[1, 0, 1, 0, 1, 7];
const ENCRYPTED: &[usize] = &[1, 0, 2, 2];
const MAC: &[usize] = &[1, 0, 3];

const HKDF_SHA_512: &str = "1.2.840.113549.1.9.16.3.30";

fn good() -> Vec<u8> {
    seal_letter(CONTENT, anna().encryption.certificate()).expect("sealed")
}

fn open(der: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    open_letter(der, &anna().keys())
}

fn is_sealed_twice(der: &[u8]) -> bool {
    addressed(der).expect("an envelope").is_quantum_safe
}

#[test]
fn a_letter_to_who_has_both_keys_is_sealed_twice() {
    assert!(anna().encryption.certificate().is_quantum_safe());
    let twice = good();
    assert!(is_sealed_twice(&twice));
    assert_eq!(open(&twice).expect("opens"), CONTENT);
    assert!(may_be_ours(&twice[..1024], &anna().keys()));
    assert!(!may_be_ours(&twice[..1024], &bob().keys()));
    // Who has no ML-KEM is written to as before.
    let before = old::anna().encryption.certificate();
    assert!(!before.is_quantum_safe());
    let once = seal_letter(CONTENT, before).expect("sealed");
    assert!(!is_sealed_twice(&once));
    let cost = twice.len() - once.len();
    assert!(
        (1_320..=1_350).contains(&cost),
        "the second layer costs {cost}"
    );
}

#[test]
fn one_fault_each_is_refused_where_it_lies() {
    let form = Profile("another encapsulation than ML-KEM-768 by HKDF-SHA256 and aes256-wrap");
    let size = Profile("a ciphertext or wrapped key of another length");
    let der = Profile("not the DER of the expected structure");
    let table: Vec<Row> = vec![
        (
            "of_ml_kem_512",
            Box::new(|t| *t.at(KEM) = bare("2.16.840.1.101.3.4.4.1")),
            form,
        ),
        (
            "of_ml_kem_1024",
            Box::new(|t| *t.at(KEM) = bare("2.16.840.1.101.3.4.4.3")),
            form,
        ),
        (
            "with_parameters",
            Box::new(|t| t.at(KEM).nodes().push(leaf(5, &[]))),
            form,
        ),
        (
            "kdf_of_sha_512",
            Box::new(|t| *t.at(KDF) = bare(HKDF_SHA_512)),
            form,
        ),
        (
            "kdf_of_x9_63",
            Box::new(|t| *t.at(KDF) = bare("1.3.133.16.840.9.44.1.1")),
            form,
        ),
        (
            "kek_of_16_bytes",
            Box::new(|t| *t.at(KEK_LENGTH) = leaf(2, &[16])),
            form,
        ),
        (
            "wrap_by_aes_128",
            Box::new(|t| *t.at(WRAP) = bare("2.16.840.1.101.3.4.1.5")),
            form,
        ),
        (
            "keying_material",
            Box::new(|t| {
                let material = branch(0xa0, vec![leaf(4, &[7; 16])]);
                t.at(FIELDS).nodes().insert(6, material)
            }),
            form,
        ),
        (
            "version_1",
            Box::new(|t| *t.at(VERSION) = leaf(2, &[1])),
            form,
        ),
        (
            "version_9",
            Box::new(|t| *t.at(VERSION) = leaf(2, &[9])),
            der,
        ),
        (
            "ciphertext_a_byte_short",
            Box::new(|t| t.at(CIPHERTEXT).bytes().truncate(1087)),
            size,
        ),
        (
            "ciphertext_of_nothing",
            Box::new(|t| t.at(CIPHERTEXT).bytes().clear()),
            size,
        ),
        (
            "ciphertext_of_ml_kem_1024",
            Box::new(|t| t.at(CIPHERTEXT).bytes().resize(1568, 0)),
            size,
        ),
        (
            "wrapped_key_a_byte_long",
            Box::new(|t| t.at(WRAPPED).bytes().push(0)),
            size,
        ),
        (
            "named_by_issuer_and_number",
            Box::new(|t| {
                let issuer = branch(0x30, vec![]);
                *t.at(RID) = branch(0x30, vec![issuer, leaf(2, &[1])])
            }),
            Profile("a recipient that is not named by its key identifier"),
        ),
        (
            "another_kind_of_recipient",
            Box::new(|t| *t.at(KIND) = oid("1.2.840.113549.1.9.16.13.1")),
            Profile("a recipient by other means than KEMRecipientInfo"),
        ),
        (
            "a_field_too_many",
            Box::new(|t| t.at(FIELDS).nodes().push(leaf(4, &[1]))),
            der,
        ),
        (
            "two_recipients",
            Box::new(|t| {
                let mut again = t.at(RECIPIENT).clone();
                *again.at(&[1, 7]).bytes() = vec![0xff; 40];
                t.at(RECIPIENTS).nodes().push(again);
            }),
            Profile("not exactly one recipient"),
        ),
    ];
    let good = good();
    for (name, fault, refusal) in table {
        refused(name, open(&bent(&good, fault)), refusal);
    }
}

#[test]
fn past_the_profile_every_failure_is_the_same() {
    let table: Vec<(&str, Fault)> = vec![
        (
            "tampered_ciphertext",
            Box::new(|t| t.at(CIPHERTEXT).bytes()[0] ^= 1),
        ),
        (
            "ciphertext_of_zeros",
            Box::new(|t| t.at(CIPHERTEXT).bytes().fill(0)),
        ),
        (
            "ciphertext_of_ones",
            Box::new(|t| t.at(CIPHERTEXT).bytes().fill(0xff)),
        ),
        (
            "tampered_wrapped_key",
            Box::new(|t| t.at(WRAPPED).bytes()[0] ^= 1),
        ),
        (
            "tampered_content",
            Box::new(|t| t.at(ENCRYPTED).bytes()[0] ^= 1),
        ),
        ("tampered_tag", Box::new(|t| t.at(MAC).bytes()[0] ^= 1)),
        (
            "for_a_key_that_is_not_here",
            Box::new(|t| t.at(RID).bytes()[0] ^= 1),
        ),
    ];
    for (name, fault) in table {
        refused(name, open(&bent(&good(), fault)), Sealed);
    }
    let to_bob = open_letter(&good(), &bob().keys());
    refused("for_another_server", to_bob, Sealed);
    refused("for_nobody_here", open_letter(&good(), &[]), Sealed);
}

/// An outer envelope for Anna around anything.
fn around(content: &[u8]) -> Vec<u8> {
    outer(content, anna().encryption.certificate())
}

#[test]
fn an_outer_envelope_holds_an_inner_one_for_the_same_key_and_nothing_else() {
    let inner = |key: &EncryptionKey| inner(CONTENT, key, &anna().identity);
    assert_eq!(
        open(&around(&inner(&anna().encryption))).expect("the good one opens"),
        CONTENT
    );
    let plain = Profile("not the DER of the expected structure");
    let nothing = Profile("a truncated element");
    let not = Profile("not AuthEnvelopedData (plain EnvelopedData is never read)");
    let signed = sign(&bob().identity, CONTENT, now()).expect("signed");
    let longer = Profile("an element longer than what holds it");
    refused("words_alone", open(&around(CONTENT)), longer);
    refused("nothing_at_all", open(&around(b"")), nothing);
    refused("a_signed_object", open(&around(&signed)), not);
    refused("a_number", open(&around(&[2, 1, 7])), plain);
    refused(
        "a_second_outer_one",
        open(&around(&good())),
        Profile("a recipient by other means than key agreement"),
    );
    // Both keys are here, and all the same the two layers must be for one of them.
    let second = anna().identity.issue_encryption_key(now()).expect("a key");
    let mixed = around(&inner(&second));
    let keys = [anna().encryption.clone(), second];
    refused("for_two_keys", open_letter(&mixed, &keys), Sealed);
    // One that was sealed before this certificate had ML-KEM does not get it by the way.
    let old = [old::anna().encryption.clone()];
    let id = key_id(old[0].certificate());
    let to_old = bent(&good(), |t| *t.at(RID).bytes() = id);
    refused(
        "for_a_key_without_ml_kem",
        open_letter(&to_old, &old),
        Sealed,
    );
}

#[test]
fn the_inner_letter_alone_is_read_as_what_it_is() {
    // Nobody gets at it without the key of ML-KEM; a sender may leave the outer one away, and is known by its signature.
    let inner = inner(CONTENT, &anna().encryption, &anna().identity);
    assert!(!is_sealed_twice(&inner));
    assert_eq!(open(&inner).expect("opens"), CONTENT);
}

#[test]
fn a_certificate_cannot_lose_its_second_key_on_the_way() {
    let card = anna().card();
    let ders: Vec<Vec<u8>> = card.ders().map(<[u8]>::to_vec).collect();
    let stripped = bent(&ders[1], |t| {
        let extensions = t.at(&[0, 7, 0]).nodes();
        extensions.retain_mut(|one| *one.at(&[0]) != oid("2.5.29.72"));
    });
    assert!(stripped.len() < 600, "the key is gone");
    refused(
        "second_key_taken_out",
        Card::from_ders(&[&ders[0], &stripped]),
        crate::Refusal::Signature,
    );
    let swapped = bent(&ders[1], |t| {
        let theirs = bob().encryption.certificate().der().to_vec();
        let mut theirs = crate::tree::parse(&theirs);
        let last = t.at(&[0, 7, 0]).nodes().last_mut().expect("extensions");
        *last = theirs.at(&[0, 7, 0]).nodes().last().expect("one").clone();
    });
    refused(
        "second_key_of_another",
        Card::from_ders(&[&ders[0], &swapped]),
        crate::Refusal::Signature,
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sealed_twice_opens_and_any_flipped_bit_does_not(
        content in proptest::collection::vec(any::<u8>(), 1..3_000),
        at in any::<prop::sample::Index>(),
        bit in 0..8u8,
    ) {
        let mut sealed = seal_letter(&content, anna().encryption.certificate()).expect("sealed");
        prop_assert_eq!(open(&sealed).expect("opens"), content);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(open(&sealed).is_err());
    }
}
