//! Certificates with one fault each (PROTOCOL 2), signed again around the fault.

mod encryption;

use hearthpost::envelope::{EncryptionCertificate, EnvelopeError, Identity, IdentityCertificate};
use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;

use crate::Refusal::{Profile, Signature};
use crate::households::{anna, bob};
use crate::tree::{Lengths, Node, bare, branch, leaf, oid, parse};
use crate::{Row, refused};

// Paths in the tree of a certificate.
const TBS: &[usize] = &[0];
const ISSUER: &[usize] = &[0, 3];
const VALIDITY: &[usize] = &[0, 4];
const SUBJECT: &[usize] = &[0, 5];
const KEY: &[usize] = &[0, 6];
const EXTENSIONS: &[usize] = &[0, 7, 0];

const CONSTRAINTS: &str = "2.5.29.19";
const USAGE: &str = "2.5.29.15";
const KEY_ID: &str = "2.5.29.14";
const ALTERNATIVE: &str = "2.5.29.17";
const SECOND_KEY: &str = "2.5.29.72";

fn key_of(identity: &Identity) -> PKey<Private> {
    PKey::private_key_from_der(&identity.key_der().expect("a key")).expect("a key")
}

/// A good certificate with one fault, signed again by `key`.
fn bent(good: &[u8], key: &PKey<Private>, fault: impl FnOnce(&mut Node)) -> Vec<u8> {
    let mut tree = parse(good);
    fault(&mut tree);
    let mut signer = Signer::new(MessageDigest::sha256(), key).expect("a signer");
    let signature = signer
        .sign_oneshot_to_vec(&tree.at(TBS).encode())
        .expect("signed");
    *tree.at(&[2]).bytes() = [&[0], signature.as_slice()].concat();
    tree.encode()
}

fn extension<'t>(tree: &'t mut Node, name: &str) -> &'t mut Node {
    let name = oid(name);
    let found = tree
        .at(EXTENSIONS)
        .nodes()
        .iter_mut()
        .position(|one| *one.at(&[0]) == name);
    &mut tree.at(EXTENSIONS).nodes()[found.expect("the extension is there")]
}

fn set_extension(tree: &mut Node, name: &str, der: &[u8]) {
    let nodes = extension(tree, name).nodes();
    *nodes.last_mut().expect("a value").bytes() = der.to_vec();
}

fn second_key(tree: &mut Node) -> Vec<u8> {
    let nodes = extension(tree, SECOND_KEY).nodes();
    nodes.last_mut().expect("a value").bytes().clone()
}

fn drop_extension(tree: &mut Node, name: &str) {
    let name = oid(name);
    tree.at(EXTENSIONS)
        .nodes()
        .retain_mut(|one| *one.at(&[0]) != name);
}

/// SubjectPublicKeyInfo of a new key.
fn public_key(curve: Nid, form: PointConversionForm, parameters: Node) -> Node {
    let group = EcGroup::from_curve_name(curve).expect("a curve");
    let key = EcKey::generate(&group).expect("a key");
    let mut context = BigNumContext::new().expect("a context");
    let point = key
        .public_key()
        .to_bytes(&group, form, &mut context)
        .expect("a point");
    let algorithm = branch(0x30, vec![oid("1.2.840.10045.2.1"), parameters]);
    branch(
        0x30,
        vec![algorithm, leaf(3, &[&[0], point.as_slice()].concat())],
    )
}

/// The faults that both kinds of certificates are refused for.
fn common_faults() -> Vec<Row> {
    let curve = Profile("a key that is not on the named curve P-256");
    let uncompressed = PointConversionForm::UNCOMPRESSED;
    let needs = Profile("a certificate without an extension it needs");
    vec![
        (
            "key_of_p_384",
            Box::new(move |t| {
                *t.at(KEY) = public_key(Nid::SECP384R1, uncompressed, oid("1.3.132.0.34"))
            }),
            curve,
        ),
        (
            "explicit_curve",
            Box::new(move |t| {
                *t.at(KEY) = public_key(
                    Nid::X9_62_PRIME256V1,
                    uncompressed,
                    branch(0x30, vec![leaf(2, &[1])]),
                )
            }),
            curve,
        ),
        (
            "curve_left_out",
            Box::new(|t| drop(t.at(&[0, 6, 0]).nodes().pop())),
            curve,
        ),
        (
            "key_of_ed25519",
            Box::new(|t| *t.at(KEY) = branch(0x30, vec![bare("1.3.101.112"), leaf(3, &[0; 33])])),
            curve,
        ),
        (
            "compressed_point",
            Box::new(|t| {
                *t.at(KEY) = public_key(
                    Nid::X9_62_PRIME256V1,
                    PointConversionForm::COMPRESSED,
                    oid("1.2.840.10045.3.1.7"),
                )
            }),
            Profile("a key that is not an uncompressed point"),
        ),
        (
            "point_not_on_the_curve",
            Box::new(|t| *t.at(&[0, 6, 1]).bytes().last_mut().expect("y") ^= 1),
            Profile("a key that is not a point of P-256"),
        ),
        (
            "signed_with_sha_384",
            Box::new(|t| *t.at(&[1]) = bare("1.2.840.10045.4.3.3")),
            Profile("a certificate not signed with ecdsa-with-SHA256"),
        ),
        (
            "signature_algorithm_with_null_parameters",
            Box::new(|t| {
                t.at(&[1]).nodes().push(leaf(5, &[]));
                t.at(&[0, 2]).nodes().push(leaf(5, &[]));
            }),
            Profile("a certificate not signed with ecdsa-with-SHA256"),
        ),
        (
            "said_to_be_signed_with_sha_384",
            Box::new(|t| *t.at(&[0, 2]) = bare("1.2.840.10045.4.3.3")),
            Profile("a certificate not signed with ecdsa-with-SHA256"),
        ),
        (
            "no_constraints",
            Box::new(|t| drop_extension(t, CONSTRAINTS)),
            needs,
        ),
        ("no_usage", Box::new(|t| drop_extension(t, USAGE)), needs),
        (
            "no_key_identifier",
            Box::new(|t| drop_extension(t, KEY_ID)),
            needs,
        ),
        (
            "key_identifier_of_no_bytes",
            Box::new(|t| set_extension(t, KEY_ID, &[4, 0])),
            Profile("a key identifier of no sensible length"),
        ),
        (
            "key_identifier_of_33_bytes",
            Box::new(|t| set_extension(t, KEY_ID, &[&[4, 33][..], &[7; 33]].concat())),
            Profile("a key identifier of no sensible length"),
        ),
        (
            "usage_twice",
            Box::new(|t| {
                let again = extension(t, USAGE).clone();
                t.at(EXTENSIONS).nodes().push(again);
            }),
            needs,
        ),
        (
            "an_unknown_critical_extension",
            Box::new(|t| {
                let constraint = branch(
                    0x30,
                    vec![oid("2.5.29.36"), leaf(1, &[0xff]), leaf(4, &[0x30, 0])],
                );
                t.at(EXTENSIONS).nodes().push(constraint);
            }),
            Profile("a certificate with a critical extension that is not known here"),
        ),
    ]
}

#[test]
fn an_identity_certificate_with_one_fault_is_refused() {
    let (good, key) = (
        anna().identity.certificate().der(),
        key_of(&anna().identity),
    );
    let ca = Profile("an identity certificate that is not a CA with path length 0");
    let usage = Profile("an identity certificate for another use");
    let mailbox = Profile("an identity certificate without exactly one mailbox");
    let end = Profile("an identity certificate with an end");
    let subject = Profile("a certificate whose subject is not one name of 1 to 64 characters");
    let name = |text: &str| {
        branch(
            0x30,
            vec![branch(
                0x31,
                vec![branch(
                    0x30,
                    vec![oid("2.5.4.3"), leaf(12, text.as_bytes())],
                )],
            )],
        )
    };
    let named = move |text: String| {
        move |t: &mut Node| {
            *t.at(ISSUER) = name(&text);
            *t.at(SUBJECT) = name(&text);
        }
    };
    let mut table: Vec<Row> = vec![
        (
            "issued_by_another",
            Box::new(|t| {
                *t.at(ISSUER) = parse(bob().identity.certificate().der()).at(ISSUER).clone()
            }),
            Profile("an identity certificate that is not self-signed"),
        ),
        (
            "no_ca",
            Box::new(|t| set_extension(t, CONSTRAINTS, &[0x30, 0])),
            ca,
        ),
        (
            "path_length_1",
            Box::new(|t| set_extension(t, CONSTRAINTS, &[0x30, 6, 1, 1, 0xff, 2, 1, 1])),
            ca,
        ),
        (
            "path_length_left_out",
            Box::new(|t| set_extension(t, CONSTRAINTS, &[0x30, 3, 1, 1, 0xff])),
            ca,
        ),
        (
            "usage_without_signatures",
            Box::new(|t| set_extension(t, USAGE, &[3, 2, 2, 0x04])),
            usage,
        ),
        (
            "usage_with_key_agreement",
            Box::new(|t| set_extension(t, USAGE, &[3, 2, 2, 0x8c])),
            usage,
        ),
        (
            "usage_with_revocation_lists",
            Box::new(|t| set_extension(t, USAGE, &[3, 2, 1, 0x86])),
            usage,
        ),
        (
            "two_mailboxes",
            Box::new(|t| {
                set_extension(
                    t,
                    ALTERNATIVE,
                    &[
                        0x30, 14, 0x81, 5, b'a', b'@', b'b', b'.', b'c', 0x81, 5, b'd', b'@', b'b',
                        b'.', b'c',
                    ],
                )
            }),
            mailbox,
        ),
        (
            "a_host_name_for_a_mailbox",
            Box::new(|t| set_extension(t, ALTERNATIVE, &[0x30, 5, 0x82, 3, b'b', b'.', b'c'])),
            mailbox,
        ),
        (
            "no_mailbox",
            Box::new(|t| drop_extension(t, ALTERNATIVE)),
            Profile("a certificate without an extension it needs"),
        ),
        (
            "a_mailbox_with_a_line_break",
            Box::new(|t| {
                set_extension(
                    t,
                    ALTERNATIVE,
                    &[0x30, 7, 0x81, 5, b'a', b'@', b'b', 13, 10],
                )
            }),
            Profile("a certificate whose mailbox is no address"),
        ),
        (
            "ends_a_second_early",
            Box::new(|t| *t.at(VALIDITY).nodes()[1].bytes() = b"99991231235958Z".to_vec()),
            end,
        ),
        (
            "ends_in_2049",
            Box::new(|t| t.at(VALIDITY).nodes()[1] = leaf(0x17, b"491231235959Z")),
            end,
        ),
        (
            "no_name",
            Box::new(|t| {
                *t.at(ISSUER) = branch(0x30, vec![]);
                *t.at(SUBJECT) = branch(0x30, vec![]);
            }),
            subject,
        ),
        (
            "two_names",
            Box::new(|t| {
                for path in [ISSUER, SUBJECT] {
                    let again = t.at(path).nodes()[0].clone();
                    t.at(path).nodes().push(again);
                }
            }),
            subject,
        ),
        (
            "a_name_of_65_characters",
            Box::new(named("x".repeat(65))),
            subject,
        ),
        (
            "an_organisation_for_a_name",
            Box::new(|t| {
                for path in [ISSUER, SUBJECT] {
                    *t.at(path).at(&[0, 0, 0]) = oid("2.5.4.10");
                }
            }),
            subject,
        ),
    ];
    table.extend(common_faults());
    IdentityCertificate::from_der(good).expect("the good one is read");
    for (name, fault, refusal) in table {
        refused(
            name,
            IdentityCertificate::from_der(&bent(good, &key, fault)),
            refusal,
        );
    }
    let forged = bent(good, &key_of(&bob().identity), |_| {});
    refused(
        "signed_by_another_key",
        IdentityCertificate::from_der(&forged),
        Signature,
    );
}

#[test]
fn other_encodings_of_the_same_certificate_are_refused() {
    let good = anna().identity.certificate().der();
    let read = IdentityCertificate::from_der;
    let tree = parse(good);
    refused(
        "indefinite_lengths",
        read(&tree.encode_with(Lengths::Indefinite)),
        Profile("BER: an indefinite length"),
    );
    refused(
        "lengths_not_the_shortest",
        read(&tree.encode_with(Lengths::Long)),
        Profile("BER: a length that is not the shortest"),
    );
    refused(
        "trailing_byte",
        read(&[good, &[0]].concat()),
        Profile("bytes after the end of the structure"),
    );
    refused(
        "more_than_4_kib",
        read(&[good, &[0; 4096]].concat()),
        Profile("a certificate of more than 4 KiB"),
    );
    // DEFAULT FALSE may not be written (X.690 §11.5).
    let key = key_of(&anna().identity);
    let written = bent(good, &key, |tree| {
        extension(tree, KEY_ID).nodes().insert(1, leaf(1, &[0]))
    });
    let result: Result<_, EnvelopeError> = read(&written);
    refused(
        "critical_false_written_out",
        result,
        Profile("a certificate that is not DER"),
    );
}

#[test]
fn an_identity_is_its_key_whatever_its_dates() {
    // Validity dates of an identity are not judged: what begins in 2040 is read today.
    let (good, key) = (
        anna().identity.certificate().der(),
        key_of(&anna().identity),
    );
    let later = bent(good, &key, |tree| {
        tree.at(VALIDITY).nodes()[0] = leaf(0x17, b"400101000000Z")
    });
    let read = IdentityCertificate::from_der(&later).expect("read");
    assert_eq!(read.fingerprint(), anna().fingerprint());
    assert_ne!(read.fingerprint(), bob().fingerprint());
}
