//! Signed objects with one fault each (PROTOCOL 2, Signed object). Signatures are made good again around every fault,
//! so that the refusal is the profile's.

use hearthpost::envelope::{Digest, Identity, SignedObject, sign, verify};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

use crate::Refusal::{Profile, Signature};
use crate::households::{anna, bob, now};
use crate::tree::{Content, Lengths, Node, bare, bent, branch, leaf, oid, parse};
use crate::turned::turn_signature;
use crate::{Row, refused};

const CONTENT: &[u8] = b"what is signed";

// Paths in the tree of a signed object.
const DATA: &[usize] = &[1, 0];
const DIGESTS: &[usize] = &[1, 0, 1];
const INNER: &[usize] = &[1, 0, 2];
const CERTIFICATES: &[usize] = &[1, 0, 3];
const SIGNERS: &[usize] = &[1, 0, 4];
const SIGNER: &[usize] = &[1, 0, 4, 0];
const SID: &[usize] = &[1, 0, 4, 0, 1];
const ATTRIBUTES: &[usize] = &[1, 0, 4, 0, 3];
const SIGNATURE: &[usize] = &[1, 0, 4, 0, 5];

const SHA1: &str = "1.3.14.3.2.26";

fn good() -> Vec<u8> {
    sign(&anna().identity, CONTENT, now()).expect("signed")
}

fn raw_sign(identity: &Identity, digest: MessageDigest, bytes: &[u8]) -> Vec<u8> {
    let key = PKey::private_key_from_der(&identity.key_der().expect("a key")).expect("a key");
    let mut signer = Signer::new(digest, &key).expect("a signer");
    signer.sign_oneshot_to_vec(bytes).expect("signed")
}

/// Signs the attributes as they now stand, sorted as DER wants them (RFC 5652 §5.4).
fn resign(tree: &mut Node) {
    tree.at(ATTRIBUTES).nodes().sort_by_key(Node::encode);
    let mut attributes = tree.at(ATTRIBUTES).clone();
    attributes.tag = 0x31;
    let signature = raw_sign(
        &anna().identity,
        MessageDigest::sha256(),
        &attributes.encode(),
    );
    *tree.at(SIGNATURE).bytes() = signature;
}

fn attribute(name: &str, value: Node) -> Node {
    branch(0x30, vec![oid(name), branch(0x31, vec![value])])
}

fn certificate_of(identity: &Identity) -> Node {
    parse(identity.certificate().der())
}

/// Where the attribute of that name stands.
fn place(tree: &mut Node, name: &str) -> usize {
    let name = oid(name);
    let found = tree
        .at(ATTRIBUTES)
        .nodes()
        .iter_mut()
        .position(|one| *one.at(&[0]) == name);
    found.expect("the attribute is there")
}

fn set_attribute(tree: &mut Node, name: &str, value: Node) {
    let at = place(tree, name);
    *tree.at(ATTRIBUTES).nodes()[at].at(&[1, 0]) = value;
}

#[test]
fn one_fault_each_is_refused_with_a_good_signature() {
    let three = Profile("other signed attributes than the three of the profile");
    let table: Vec<Row> = vec![
        (
            "another_content_type",
            Box::new(|t| *t.at(&[0]) = oid("1.2.840.113549.1.7.6")),
            Profile("not SignedData"),
        ),
        (
            "version_1",
            Box::new(|t| t.at(&[1, 0, 0]).bytes()[0] = 1),
            Profile("another version or digest than the profile's"),
        ),
        (
            "signer_version_1",
            Box::new(|t| t.at(&[1, 0, 4, 0, 0]).bytes()[0] = 1),
            Profile("another digest than SHA-256"),
        ),
        (
            "digest_sha_1_in_the_set",
            Box::new(|t| *t.at(&[1, 0, 1, 0]) = bare(SHA1)),
            Profile("another version or digest than the profile's"),
        ),
        (
            "digest_sha_1_of_the_signer",
            Box::new(|t| *t.at(&[1, 0, 4, 0, 2]) = bare(SHA1)),
            Profile("another digest than SHA-256"),
        ),
        (
            "digest_with_null_parameters",
            Box::new(|t| t.at(&[1, 0, 4, 0, 2]).nodes().push(leaf(5, &[]))),
            Profile("another digest than SHA-256"),
        ),
        (
            "two_digest_algorithms",
            Box::new(|t| t.at(DIGESTS).nodes().insert(0, bare(SHA1))),
            Profile("not exactly one digest algorithm"),
        ),
        (
            "ecdsa_with_sha_1",
            Box::new(|t| {
                *t.at(&[1, 0, 4, 0, 4]) = bare("1.2.840.10045.4.1");
                let mut attributes = t.at(ATTRIBUTES).clone();
                attributes.tag = 0x31;
                *t.at(SIGNATURE).bytes() = raw_sign(
                    &anna().identity,
                    MessageDigest::sha1(),
                    &attributes.encode(),
                );
            }),
            Profile("another signature than ecdsa-with-SHA256"),
        ),
        (
            "no_signed_attributes",
            Box::new(|t| {
                t.at(SIGNER).nodes().remove(3);
                *t.at(&[1, 0, 4, 0, 4]).bytes() =
                    raw_sign(&anna().identity, MessageDigest::sha256(), CONTENT);
            }),
            Profile("no signed attributes"),
        ),
        (
            "an_extra_signed_attribute",
            Box::new(|t| {
                t.at(ATTRIBUTES)
                    .nodes()
                    .push(attribute("1.2.840.113549.1.9.15", branch(0x30, vec![])));
                resign(t);
            }),
            three,
        ),
        (
            "no_signing_time",
            Box::new(|t| {
                let at = place(t, "1.2.840.113549.1.9.5");
                t.at(ATTRIBUTES).nodes().remove(at);
                resign(t);
            }),
            three,
        ),
        (
            "signing_time_replaced_by_another",
            Box::new(|t| {
                let at = place(t, "1.2.840.113549.1.9.5");
                t.at(ATTRIBUTES).nodes()[at] =
                    attribute("1.2.840.113549.1.9.15", branch(0x30, vec![]));
                resign(t);
            }),
            Profile("a signed attribute is missing"),
        ),
        (
            "signing_time_twice_in_one_attribute",
            Box::new(|t| {
                let at = place(t, "1.2.840.113549.1.9.5");
                t.at(ATTRIBUTES).nodes()[at]
                    .at(&[1])
                    .nodes()
                    .push(leaf(0x17, b"490101000000Z"));
                resign(t);
            }),
            Profile("a signed attribute is missing"),
        ),
        (
            "content_type_attribute_of_another_type",
            Box::new(|t| {
                set_attribute(t, "1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.2"));
                resign(t);
            }),
            Profile("a content-type attribute other than id-data"),
        ),
        (
            "message_digest_of_other_content",
            Box::new(|t| {
                set_attribute(
                    t,
                    "1.2.840.113549.1.9.4",
                    leaf(4, Digest::of(b"else").as_bytes()),
                );
                resign(t);
            }),
            Signature,
        ),
        (
            "an_unsigned_attribute",
            Box::new(|t| {
                let time = attribute("1.2.840.113549.1.9.5", leaf(0x17, b"260101000000Z"));
                t.at(SIGNER).nodes().push(branch(0xa1, vec![time]));
            }),
            Profile("unsigned attributes"),
        ),
        (
            "two_signers",
            Box::new(|t| {
                let mut second = parse(&sign(&bob().identity, CONTENT, now()).expect("signed"));
                t.at(SIGNERS).nodes().push(second.at(SIGNER).clone());
                t.at(SIGNERS).nodes().sort_by_key(Node::encode);
            }),
            Profile("not exactly one signer"),
        ),
        (
            "no_signer",
            Box::new(|t| t.at(SIGNERS).nodes().clear()),
            Profile("not exactly one signer"),
        ),
        (
            "signer_of_another_certificate",
            Box::new(|t| t.at(SID).bytes()[0] ^= 1),
            Profile("a signer that the certificate inside is not"),
        ),
        (
            "signer_by_issuer_and_serial",
            Box::new(|t| {
                let mut certificate = certificate_of(&anna().identity);
                let (issuer, serial) = (
                    certificate.at(&[0, 3]).clone(),
                    certificate.at(&[0, 1]).clone(),
                );
                *t.at(SID) = branch(0x30, vec![issuer, serial]);
            }),
            Profile("a signer that the certificate inside is not"),
        ),
        (
            "a_revocation_list",
            Box::new(|t| t.at(DATA).nodes().insert(4, branch(0xa1, vec![]))),
            Profile("revocation lists in a signed object"),
        ),
        (
            "no_certificate",
            Box::new(|t| drop(t.at(DATA).nodes().remove(3))),
            Profile("not exactly the signer's certificate inside"),
        ),
        (
            "two_certificates",
            Box::new(|t| {
                t.at(CERTIFICATES)
                    .nodes()
                    .push(certificate_of(&bob().identity));
                t.at(CERTIFICATES).nodes().sort_by_key(Node::encode);
            }),
            Profile("not exactly the signer's certificate inside"),
        ),
        (
            "an_encryption_certificate",
            Box::new(|t| {
                *t.at(CERTIFICATES).nodes() = vec![parse(anna().encryption.certificate().der())];
            }),
            Profile("an identity certificate that is not self-signed"),
        ),
        (
            "certificate_of_another",
            Box::new(|t| {
                *t.at(CERTIFICATES).nodes() = vec![certificate_of(&bob().identity)];
            }),
            Profile("a signer that the certificate inside is not"),
        ),
        (
            "detached",
            Box::new(|t| drop(t.at(INNER).nodes().pop())),
            Profile("no content inside"),
        ),
        (
            "inner_type_enveloped_data",
            Box::new(|t| *t.at(&[1, 0, 2, 0]) = oid("1.2.840.113549.1.7.3")),
            Profile("another content type than id-data"),
        ),
        (
            "content_changed",
            Box::new(|t| t.at(&[1, 0, 2, 1, 0]).bytes()[0] ^= 1),
            Signature,
        ),
        (
            "signature_tampered",
            Box::new(|t| *t.at(SIGNATURE).bytes().last_mut().expect("bytes") ^= 1),
            Signature,
        ),
        (
            "signature_empty",
            Box::new(|t| t.at(SIGNATURE).bytes().clear()),
            Signature,
        ),
        (
            "signature_with_a_trailing_byte",
            Box::new(|t| t.at(SIGNATURE).bytes().push(0)),
            Signature,
        ),
        (
            "content_in_pieces",
            Box::new(|t| {
                let pieces = CONTENT.chunks(4).map(|piece| leaf(4, piece)).collect();
                *t.at(&[1, 0, 2, 1, 0]) = branch(0x24, pieces);
            }),
            Profile("not the DER of the expected structure"),
        ),
        (
            "attributes_out_of_order",
            Box::new(|t| t.at(ATTRIBUTES).nodes().reverse()),
            Profile("not DER"),
        ),
    ];
    let good = good();
    assert_eq!(
        verify(&good).expect("the good one verifies").content(),
        CONTENT
    );
    for (name, fault, refusal) in table {
        refused(name, verify(&bent(&good, fault)), refusal);
    }
}

#[test]
fn a_signature_by_another_key_is_refused() {
    // Bob signs what names Anna in every field.
    let der = bent(&good(), |tree| {
        let mut attributes = tree.at(ATTRIBUTES).clone();
        attributes.tag = 0x31;
        *tree.at(SIGNATURE).bytes() = raw_sign(
            &bob().identity,
            MessageDigest::sha256(),
            &attributes.encode(),
        );
    });
    refused("signature_of_another_key", verify(&der), Signature);
}

#[test]
fn a_certificate_with_the_same_identifier_and_another_key_is_another_signer() {
    // The identifier selects and proves nothing: who signed is told by the fingerprint of the key inside.
    let der = sign(&bob().identity, CONTENT, now()).expect("signed");
    let signed = verify(&der).expect("good");
    assert_eq!(signed.signer().fingerprint(), bob().fingerprint());
    assert_ne!(signed.signer().fingerprint(), anna().fingerprint());
}

#[test]
fn the_other_form_of_a_signature_is_the_same_object() {
    // (r, n-s) verifies wherever (r, s) does, so an object is never named by its SignedData (PROTOCOL 1).
    let good = good();
    let other = bent(&good, turn_signature);
    let digest = |signed: SignedObject| signed.digest();
    assert_ne!(good, other);
    assert_eq!(verify(&good).map(digest), verify(&other).map(digest));
}

#[test]
fn other_encodings_of_the_same_object_are_refused() {
    let tree = parse(&good());
    refused(
        "indefinite_lengths",
        verify(&tree.encode_with(Lengths::Indefinite)),
        Profile("BER: an indefinite length"),
    );
    refused(
        "lengths_not_the_shortest",
        verify(&tree.encode_with(Lengths::Long)),
        Profile("BER: a length that is not the shortest"),
    );
    let whole = good();
    let trailing = [whole.as_slice(), &[0]].concat();
    refused(
        "trailing_byte",
        verify(&trailing),
        Profile("bytes after the end of the structure"),
    );
    let truncated = &whole[..whole.len() - 1];
    refused(
        "truncated",
        verify(truncated),
        Profile("an element longer than what holds it"),
    );
    let long = bent(&good(), |tree| {
        tree.at(&[1, 0, 2, 1, 0]).content = Content::Bytes(vec![7; 8 * 1024 * 1024])
    });
    refused(
        "more_than_8_mib",
        verify(&long),
        Profile("a signed object of more than 8 MiB"),
    );
}
