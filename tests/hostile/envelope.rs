//! Letter envelopes with one fault each (PROTOCOL 2, Letter envelope). Past the profile there is one refusal for all.

use hearthpost::envelope::{EnvelopeError, open_letter, seal_letter};
use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::nid::Nid;

use crate::Refusal::{Profile, Sealed};
use crate::households::old::{anna, bob};
use crate::tree::{Lengths, Node, bare, bent, branch, leaf, nested, oid, parse};
use crate::{Fault, Row, refused};

const CONTENT: &[u8] = b"the plain words of a letter";

// Paths in the tree of a letter's envelope.
const BODY: &[usize] = &[1, 0];
const RECIPIENTS: &[usize] = &[1, 0, 1];
const RECIPIENT: &[usize] = &[1, 0, 1, 0];
const ORIGINATOR: &[usize] = &[1, 0, 1, 0, 1, 0];
const POINT: &[usize] = &[1, 0, 1, 0, 1, 0, 1];
const CURVE: &[usize] = &[1, 0, 1, 0, 1, 0, 0];
const AGREEMENT: &[usize] = &[1, 0, 1, 0, 2];
const KEYS: &[usize] = &[1, 0, 1, 0, 3];
const RID: &[usize] = &[1, 0, 1, 0, 3, 0, 0];
const WRAPPED: &[usize] = &[1, 0, 1, 0, 3, 0, 1];
const ICV_LEN: &[usize] = &[1, 0, 2, 1, 1, 1];
const ENCRYPTED: &[usize] = &[1, 0, 2, 2];
const MAC: &[usize] = &[1, 0, 3];

const P256: &str = "1.2.840.10045.3.1.7";

fn good() -> Vec<u8> {
    seal_letter(CONTENT, anna().encryption.certificate()).expect("sealed")
}

fn open(der: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    open_letter(der, &anna().keys())
}

fn point_of(curve: Nid, form: PointConversionForm) -> Vec<u8> {
    let group = EcGroup::from_curve_name(curve).expect("a curve");
    let key = EcKey::generate(&group).expect("a key");
    let mut context = BigNumContext::new().expect("a context");
    key.public_key()
        .to_bytes(&group, form, &mut context)
        .expect("a point")
}

fn set_point(tree: &mut Node, point: &[u8]) {
    *tree.at(POINT) = leaf(3, &[&[0], point].concat());
}

#[test]
fn one_fault_each_is_refused_where_it_lies() {
    let off = Profile("a sender's key that is not a point of P-256");
    let form = Profile("a sender's key that is not an uncompressed point");
    let p256 = Profile("a sender's key that is not on P-256");
    let agreement = Profile("another key agreement than stdDH-sha256kdf with aes256-wrap");
    let cipher = Profile("another cipher than AES-256-GCM");
    let size = Profile("a nonce, tag or wrapped key of another length");
    let one_recipient = Profile("not exactly one recipient");
    let means = Profile("a recipient by other means than key agreement or encapsulation");
    let table: Vec<Row> = vec![
        (
            "point_not_on_the_curve",
            Box::new(|t| *t.at(POINT).bytes().last_mut().expect("y") ^= 1),
            off,
        ),
        (
            "point_of_zeros",
            Box::new(|t| t.at(POINT).bytes()[2..].fill(0)),
            off,
        ),
        (
            "point_beyond_the_field",
            Box::new(|t| t.at(POINT).bytes()[2..].fill(0xff)),
            off,
        ),
        (
            "compressed_point",
            Box::new(|t| {
                set_point(
                    t,
                    &point_of(Nid::X9_62_PRIME256V1, PointConversionForm::COMPRESSED),
                )
            }),
            form,
        ),
        (
            "hybrid_point",
            Box::new(|t| {
                set_point(
                    t,
                    &point_of(Nid::X9_62_PRIME256V1, PointConversionForm::HYBRID),
                )
            }),
            form,
        ),
        ("point_at_infinity", Box::new(|t| set_point(t, &[0])), form),
        (
            "point_of_p_384",
            Box::new(|t| {
                set_point(
                    t,
                    &point_of(Nid::SECP384R1, PointConversionForm::UNCOMPRESSED),
                )
            }),
            form,
        ),
        (
            "named_p_384",
            Box::new(|t| t.at(CURVE).nodes().push(oid("1.3.132.0.34"))),
            p256,
        ),
        (
            "explicit_curve",
            Box::new(|t| t.at(CURVE).nodes().push(branch(0x30, vec![leaf(2, &[1])]))),
            p256,
        ),
        (
            "x25519_sender",
            Box::new(|t| *t.at(CURVE) = bare("1.3.101.110")),
            p256,
        ),
        (
            "sender_named_by_key_identifier",
            Box::new(|t| *t.at(&[1, 0, 1, 0, 1]) = branch(0xa0, vec![leaf(0x80, &[7; 20])])),
            Profile("a sender's key that is not given inside"),
        ),
        (
            "kdf_sha_1",
            Box::new(|t| *t.at(&[1, 0, 1, 0, 2, 0]) = oid("1.3.133.16.840.63.0.2")),
            agreement,
        ),
        (
            "kdf_cofactor",
            Box::new(|t| *t.at(&[1, 0, 1, 0, 2, 0]) = oid("1.3.132.1.14.1")),
            agreement,
        ),
        (
            "wrap_aes_128",
            Box::new(|t| *t.at(&[1, 0, 1, 0, 2, 1]) = bare("2.16.840.1.101.3.4.1.5")),
            agreement,
        ),
        (
            "wrap_left_out",
            Box::new(|t| drop(t.at(AGREEMENT).nodes().pop())),
            agreement,
        ),
        (
            "recipient_version_4",
            Box::new(|t| t.at(&[1, 0, 1, 0, 0]).bytes()[0] = 4),
            agreement,
        ),
        (
            "keying_material",
            Box::new(|t| {
                t.at(RECIPIENT)
                    .nodes()
                    .insert(2, branch(0xa1, vec![leaf(4, &[7; 8])]))
            }),
            Profile("a date or keying material in a recipient"),
        ),
        (
            "rid_by_issuer_and_serial",
            Box::new(|t| {
                let mut certificate = parse(anna().encryption.certificate().der());
                let (issuer, serial) = (
                    certificate.at(&[0, 3]).clone(),
                    certificate.at(&[0, 1]).clone(),
                );
                *t.at(RID) = branch(0x30, vec![issuer, serial]);
            }),
            Profile("a recipient that is not named by its key identifier"),
        ),
        (
            "rid_with_a_date",
            Box::new(|t| t.at(RID).nodes().push(leaf(0x18, b"20260101000000Z"))),
            Profile("a date or keying material in a recipient"),
        ),
        (
            "two_encrypted_keys",
            Box::new(|t| {
                let again = t.at(KEYS).nodes()[0].clone();
                t.at(KEYS).nodes().push(again);
            }),
            Profile("not exactly one encrypted key"),
        ),
        (
            "two_recipients",
            Box::new(|t| {
                let mut again = t.at(RECIPIENT).clone();
                *again.at(&[3, 0, 1]).bytes() = vec![0xff; 40];
                t.at(RECIPIENTS).nodes().push(again);
            }),
            one_recipient,
        ),
        (
            "a_key_encryption_key_instead",
            Box::new(|t| {
                let id = branch(0x30, vec![leaf(4, &[7; 16])]);
                let wrap = bare("2.16.840.1.101.3.4.1.45");
                *t.at(RECIPIENT) = branch(0xa2, vec![leaf(2, &[4]), id, wrap, leaf(4, &[7; 40])]);
            }),
            means,
        ),
        (
            "originator_info",
            Box::new(|t| t.at(BODY).nodes().insert(1, branch(0xa0, vec![]))),
            Profile("another version, or originator info"),
        ),
        (
            "version_1",
            Box::new(|t| t.at(&[1, 0, 0]).bytes()[0] = 1),
            Profile("another version, or originator info"),
        ),
        (
            "auth_attrs",
            Box::new(|t| {
                t.at(BODY)
                    .nodes()
                    .insert(3, branch(0xa1, vec![attribute()]))
            }),
            Profile("attributes in an envelope"),
        ),
        (
            "unauth_attrs",
            Box::new(|t| t.at(BODY).nodes().push(branch(0xa2, vec![attribute()]))),
            Profile("attributes in an envelope"),
        ),
        (
            "plain_enveloped_data",
            Box::new(|t| *t.at(&[0]) = oid("1.2.840.113549.1.7.3")),
            Profile("not AuthEnvelopedData (plain EnvelopedData is never read)"),
        ),
        (
            "cipher_aes_256_cbc",
            Box::new(|t| *t.at(&[1, 0, 2, 1, 0]) = oid("2.16.840.1.101.3.4.1.42")),
            cipher,
        ),
        (
            "cipher_aes_128_gcm",
            Box::new(|t| *t.at(&[1, 0, 2, 1, 0]) = oid("2.16.840.1.101.3.4.1.6")),
            cipher,
        ),
        (
            "inner_type_signed_data",
            Box::new(|t| *t.at(&[1, 0, 2, 0]) = oid("1.2.840.113549.1.7.2")),
            cipher,
        ),
        (
            "no_cipher_parameters",
            Box::new(|t| drop(t.at(&[1, 0, 2, 1]).nodes().pop())),
            Profile("no nonce, or the default tag length"),
        ),
        (
            "tag_length_left_to_the_default",
            Box::new(|t| drop(t.at(&[1, 0, 2, 1, 1]).nodes().pop())),
            Profile("no nonce, or the default tag length"),
        ),
        (
            "tag_length_of_12",
            Box::new(|t| t.at(ICV_LEN).bytes()[0] = 12),
            Profile("a tag that is not 16 bytes"),
        ),
        (
            "tag_of_12_bytes",
            Box::new(|t| t.at(MAC).bytes().truncate(12)),
            size,
        ),
        (
            "nonce_of_13_bytes",
            Box::new(|t| t.at(&[1, 0, 2, 1, 1, 0]).bytes().push(1)),
            size,
        ),
        (
            "wrapped_key_of_24_bytes",
            Box::new(|t| t.at(WRAPPED).bytes().truncate(24)),
            size,
        ),
        (
            "no_content",
            Box::new(|t| drop(t.at(&[1, 0, 2]).nodes().pop())),
            Profile("no content inside"),
        ),
    ];
    let good = good();
    assert_eq!(open(&good).expect("the good one opens"), CONTENT);
    for (name, fault, refusal) in table {
        refused(name, open(&bent(&good, fault)), refusal);
    }
}

fn attribute() -> Node {
    branch(
        0x30,
        vec![
            oid("1.2.840.113549.1.9.4"),
            branch(0x31, vec![leaf(4, &[7; 32])]),
        ],
    )
}

#[test]
fn past_the_profile_every_failure_is_the_same() {
    let table: Vec<(&str, Fault)> = vec![
        ("tampered_tag", Box::new(|t| t.at(MAC).bytes()[0] ^= 1)),
        (
            "tampered_content",
            Box::new(|t| t.at(ENCRYPTED).bytes()[0] ^= 1),
        ),
        (
            "tampered_nonce",
            Box::new(|t| t.at(&[1, 0, 2, 1, 1, 0]).bytes()[0] ^= 1),
        ),
        (
            "tampered_wrapped_key",
            Box::new(|t| t.at(WRAPPED).bytes()[0] ^= 1),
        ),
        (
            "another_ephemeral_key",
            Box::new(|t| {
                set_point(
                    t,
                    &point_of(Nid::X9_62_PRIME256V1, PointConversionForm::UNCOMPRESSED),
                )
            }),
        ),
        (
            "for_a_key_that_is_not_here",
            Box::new(|t| t.at(RID).nodes()[0].bytes()[0] ^= 1),
        ),
    ];
    for (name, fault) in table {
        refused(name, open(&bent(&good(), fault)), Sealed);
    }
    refused(
        "for_another_server",
        open_letter(&good(), &bob().keys()),
        Sealed,
    );
    refused("for_nobody_here", open_letter(&good(), &[]), Sealed);
}

#[test]
fn the_curve_may_be_named_or_not() {
    let named = bent(&good(), |tree| tree.at(CURVE).nodes().push(oid(P256)));
    assert_eq!(open(&named).expect("opens"), CONTENT);
    let null = bent(&good(), |tree| tree.at(CURVE).nodes().push(leaf(5, &[])));
    refused(
        "null_for_the_curve",
        open(&null),
        Profile("a sender's key that is not on P-256"),
    );
    let unused_bits = bent(&good(), |tree| tree.at(POINT).bytes()[0] = 1);
    open(&unused_bits).expect_err("a point of 519 bits");
    assert_eq!(parse(&good()).at(ORIGINATOR).nodes().len(), 2);
}

#[test]
fn other_encodings_of_the_same_envelope_are_refused() {
    let tree = parse(&good());
    refused(
        "indefinite_lengths",
        open(&tree.encode_with(Lengths::Indefinite)),
        Profile("BER: an indefinite length"),
    );
    refused(
        "lengths_not_the_shortest",
        open(&tree.encode_with(Lengths::Long)),
        Profile("BER: a length that is not the shortest"),
    );
    refused(
        "trailing_byte",
        open(&[good(), vec![0]].concat()),
        Profile("bytes after the end of the structure"),
    );
    refused(
        "truncated",
        open(&good()[..200]),
        Profile("an element longer than what holds it"),
    );
    refused(
        "nested_100_000_deep",
        open(&nested(100_000)),
        Profile("nested too deep"),
    );
    refused(
        "more_than_8_mib",
        open(&vec![0; 8 * 1024 * 1024 + 1]),
        Profile("a letter of more than 8 MiB"),
    );
}
