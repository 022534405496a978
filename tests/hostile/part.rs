//! Parts with one fault each (PROTOCOL 2, Part).

use hearthpost::envelope::{
    ContentKey, Digest, EnvelopeError, Id, ItemKey, PART_SIZE, open_part, part_key_id,
};
use hearthpost::rules::Tier;

use crate::Refusal::{Profile, Sealed};
use crate::households::sealed;
use crate::tree::{Content, Lengths, Node, bare, bent, branch, leaf, nested, oid, parse};
use crate::{Row, refused};

const CONTENT: &[u8] = b"the plain words of a picture";

// Paths in the tree of a part.
const BODY: &[usize] = &[1, 0];
const RECIPIENTS: &[usize] = &[1, 0, 1];
const KEK_ID: &[usize] = &[1, 0, 1, 0, 1, 0];
const WRAPPED: &[usize] = &[1, 0, 1, 0, 3];
const CIPHER: &[usize] = &[1, 0, 2, 1, 0];
const NONCE: &[usize] = &[1, 0, 2, 1, 1, 0];
const ICV_LEN: &[usize] = &[1, 0, 2, 1, 1, 1];
const ENCRYPTED: &[usize] = &[1, 0, 2, 2];
const MAC: &[usize] = &[1, 0, 3];

const OTHER_FORM: crate::Refusal = Profile("a field of another form than the profile's");

fn item_key() -> ItemKey {
    ContentKey::from_bytes([7; 32]).item(
        "aaaaaaaaaaaaaaaaaaaaaaaaaa".parse().expect("an id"),
        Tier::Preview,
    )
}

fn good() -> Vec<u8> {
    sealed(&item_key(), CONTENT).0
}

fn open(mut der: Vec<u8>) -> Result<Vec<u8>, EnvelopeError> {
    let opened = open_part(&mut der, &item_key()).map(|plain| plain.to_vec());
    assert!(
        opened.is_ok() || !der.windows(9).any(|window| window == b"the plain"),
        "plaintext is left behind"
    );
    opened
}

fn cut(path: &'static [usize], len: usize) -> impl Fn(&mut Node) {
    move |tree| tree.at(path).bytes().truncate(len)
}

fn flip(path: &'static [usize]) -> impl Fn(&mut Node) {
    move |tree| tree.at(path).bytes()[3] ^= 0x10
}

#[test]
fn one_fault_each_is_refused_where_it_lies() {
    let attributes = |tag| {
        move |tree: &mut Node| {
            let digest = branch(
                0x30,
                vec![
                    oid("1.2.840.113549.1.9.4"),
                    branch(0x31, vec![leaf(4, &[7; 32])]),
                ],
            );
            let at = if tag == 0xa1 { 3 } else { 4 };
            tree.at(BODY).nodes().insert(at, branch(tag, vec![digest]));
        }
    };
    let cipher = |name: &'static str| move |tree: &mut Node| *tree.at(CIPHER) = oid(name);
    let tag_of = |len: usize| {
        move |tree: &mut Node| {
            tree.at(ICV_LEN).bytes()[0] = len as u8;
            tree.at(MAC).bytes().truncate(len);
        }
    };
    let tag = Profile("a tag that is not 16 bytes");
    let aead = Profile("another cipher than AES-256-GCM");
    let table: Vec<Row> = vec![
        ("tampered_wrapped_key", Box::new(flip(WRAPPED)), Sealed),
        ("tampered_nonce", Box::new(flip(NONCE)), Sealed),
        ("tampered_content", Box::new(flip(ENCRYPTED)), Sealed),
        ("tampered_tag", Box::new(flip(MAC)), Sealed),
        ("wrong_key_identifier", Box::new(flip(KEK_ID)), Sealed),
        ("tag_of_15_bytes", Box::new(cut(MAC, 15)), tag),
        ("tag_of_12_bytes", Box::new(cut(MAC, 12)), tag),
        ("tag_of_8_bytes", Box::new(cut(MAC, 8)), tag),
        ("tag_of_4_bytes", Box::new(cut(MAC, 4)), tag),
        ("tag_of_1_byte", Box::new(cut(MAC, 1)), tag),
        ("tag_and_length_of_12_bytes", Box::new(tag_of(12)), tag),
        ("tag_and_length_of_4_bytes", Box::new(tag_of(4)), tag),
        (
            "tag_length_1_beside_16_bytes",
            Box::new(|t| t.at(ICV_LEN).bytes()[0] = 1),
            OTHER_FORM,
        ),
        (
            "tag_length_12_left_to_the_default",
            Box::new(|t| drop(t.at(&[1, 0, 2, 1, 1]).nodes().pop())),
            OTHER_FORM,
        ),
        (
            "nonce_of_13_bytes",
            Box::new(|t| t.at(NONCE).bytes().push(1)),
            OTHER_FORM,
        ),
        (
            "key_identifier_of_17_bytes",
            Box::new(|t| t.at(KEK_ID).bytes().push(1)),
            Profile("a key identifier that is not 16 bytes"),
        ),
        (
            "date_beside_the_key_identifier",
            Box::new(|t| {
                t.at(&[1, 0, 1, 0, 1])
                    .nodes()
                    .push(leaf(0x18, b"20260101000000Z"))
            }),
            OTHER_FORM,
        ),
        (
            "wrapped_key_of_48_bytes",
            Box::new(|t| t.at(WRAPPED).bytes().extend([1; 8])),
            OTHER_FORM,
        ),
        (
            "wrap_with_null_parameters",
            Box::new(|t| t.at(&[1, 0, 1, 0, 2]).nodes().push(leaf(5, &[]))),
            OTHER_FORM,
        ),
        (
            "wrap_aes128",
            Box::new(|t| *t.at(&[1, 0, 1, 0, 2]) = bare("2.16.840.1.101.3.4.1.5")),
            OTHER_FORM,
        ),
        (
            "recipient_version_3",
            Box::new(|t| t.at(&[1, 0, 1, 0, 0]).bytes()[0] = 3),
            OTHER_FORM,
        ),
        (
            "version_1",
            Box::new(|t| t.at(&[1, 0, 0]).bytes()[0] = 1),
            OTHER_FORM,
        ),
        (
            "inner_type_signed_data",
            Box::new(|t| *t.at(&[1, 0, 2, 0]) = oid("1.2.840.113549.1.7.2")),
            OTHER_FORM,
        ),
        (
            "no_content",
            Box::new(|t| drop(t.at(&[1, 0, 2]).nodes().pop())),
            OTHER_FORM,
        ),
        (
            "cipher_aes_256_cbc",
            Box::new(cipher("2.16.840.1.101.3.4.1.42")),
            aead,
        ),
        (
            "cipher_aes_256_ofb",
            Box::new(cipher("2.16.840.1.101.3.4.1.43")),
            aead,
        ),
        (
            "cipher_aes_128_gcm",
            Box::new(cipher("2.16.840.1.101.3.4.1.6")),
            aead,
        ),
        (
            "cipher_aes_256_ccm",
            Box::new(cipher("2.16.840.1.101.3.4.1.47")),
            aead,
        ),
        (
            "auth_attrs",
            Box::new(attributes(0xa1)),
            Profile("attributes in a part"),
        ),
        (
            "unauth_attrs",
            Box::new(attributes(0xa2)),
            Profile("attributes in a part"),
        ),
        (
            "originator_info",
            Box::new(|t| t.at(BODY).nodes().insert(1, branch(0xa0, vec![]))),
            Profile("originator info in a part"),
        ),
        (
            "two_recipients",
            Box::new(|t| {
                let mut second = t.at(RECIPIENTS).nodes()[0].clone();
                second.at(&[1, 0]).bytes().fill(0xff);
                t.at(RECIPIENTS).nodes().push(second);
            }),
            Profile("more than one recipient"),
        ),
        (
            "no_recipient",
            Box::new(|t| t.at(RECIPIENTS).nodes().clear()),
            Profile("no recipient"),
        ),
        (
            "another_content_type",
            Box::new(|t| *t.at(&[0]) = oid("1.2.840.113549.1.7.6")),
            Profile("not AuthEnvelopedData (plain EnvelopedData is never read)"),
        ),
        (
            "constructed_content",
            Box::new(|t| {
                let pieces = t
                    .at(ENCRYPTED)
                    .bytes()
                    .chunks(10)
                    .map(|piece| leaf(4, piece))
                    .collect();
                *t.at(ENCRYPTED) = branch(0xa0, pieces);
            }),
            Profile("not the DER of AuthEnvelopedData"),
        ),
    ];
    let good = good();
    assert_eq!(open(good.clone()).expect("the good one opens"), CONTENT);
    for (name, fault, refusal) in table {
        refused(name, open(bent(&good, fault)), refusal);
    }
}

#[test]
fn plain_enveloped_data_is_refused() {
    // RFC 5652 §6.1: the same recipient, no tag; the profile never reads it, whatever the cipher.
    let der = bent(&good(), |tree| {
        *tree.at(&[0]) = oid("1.2.840.113549.1.7.3");
        tree.at(&[1, 0, 0]).bytes()[0] = 2;
        tree.at(BODY).nodes().pop();
        *tree.at(&[1, 0, 2, 1]) = branch(
            0x30,
            vec![oid("2.16.840.1.101.3.4.1.42"), leaf(4, &[7; 16])],
        );
    });
    refused(
        "plain_enveloped_data",
        open(der),
        Profile("not AuthEnvelopedData (plain EnvelopedData is never read)"),
    );
}

#[test]
fn sixteen_thousand_recipients_are_refused_before_they_are_read() {
    let der = bent(&good(), |tree| {
        let one = tree.at(RECIPIENTS).nodes()[0].clone();
        let numbered = |n: u16| {
            let mut recipient = one.clone();
            recipient.at(&[1, 0]).bytes()[..2].copy_from_slice(&n.to_be_bytes());
            recipient
        };
        *tree.at(RECIPIENTS) = branch(0x31, (0..16_000).map(numbered).collect());
    });
    assert!(der.len() > 1_000_000);
    refused(
        "sixteen_thousand_recipients",
        open(der),
        Profile("too many elements"),
    );
}

#[test]
fn other_encodings_of_the_same_part_are_refused() {
    let tree = parse(&good());
    let indefinite = Profile("BER: an indefinite length");
    refused(
        "indefinite_lengths",
        open(tree.encode_with(Lengths::Indefinite)),
        indefinite,
    );
    let long = Profile("BER: a length that is not the shortest");
    refused(
        "lengths_not_the_shortest",
        open(tree.encode_with(Lengths::Long)),
        long,
    );
    let mut trailing = good();
    trailing.push(0);
    refused(
        "trailing_byte",
        open(trailing),
        Profile("bytes after the end of the structure"),
    );
    let mut truncated = good();
    truncated.pop();
    refused(
        "truncated",
        open(truncated),
        Profile("an element longer than what holds it"),
    );
    refused("empty", open(Vec::new()), Profile("a truncated element"));
    refused(
        "an_early_end",
        open(vec![0x30]),
        Profile("a truncated element"),
    );
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    refused(
        "nested_100_000_deep",
        open(nested(100_000)),
        Profile("nested too deep"),
    );
    let indefinite = [0x30, 0x80].repeat(100_000);
    refused(
        "nested_100_000_deep_in_ber",
        open(indefinite),
        Profile("BER: an indefinite length"),
    );
}

#[test]
fn more_content_than_a_part_may_hold_is_refused() {
    let longer = |len: usize| {
        bent(&good(), |tree| {
            tree.at(ENCRYPTED).content = Content::Bytes(vec![0; len])
        })
    };
    refused("a_full_part_of_zeros", open(longer(PART_SIZE)), Sealed);
    let refusal = Profile("a part of more than 4 MiB");
    refused("one_byte_too_many", open(longer(PART_SIZE + 1)), refusal);
    refused("far_too_many", open(longer(2 * PART_SIZE)), refusal);
}

#[test]
fn a_part_opens_only_as_the_item_tier_and_share_it_was_sealed_for() {
    let share = ContentKey::from_bytes([7; 32]);
    let (a, b) = (Id::random(), Id::random());
    let key = |share: &ContentKey, item, tier| share.item(item, tier);
    let (part_a, digest_a) = sealed(&key(&share, a, Tier::Preview), b"a");
    let (part_b, digest_b) = sealed(&key(&share, b, Tier::Preview), b"b");
    // Swapped parts are known by their digest; and neither opens in the place of the other.
    assert!(
        digest_a != digest_b && Digest::of(&part_a) == digest_a && Digest::of(&part_b) == digest_b
    );
    for (name, key) in [
        ("swapped_parts", key(&share, b, Tier::Preview)),
        ("another_tier", key(&share, a, Tier::Thumb)),
        (
            "part_of_another_share",
            key(&ContentKey::from_bytes([8; 32]), a, Tier::Preview),
        ),
    ] {
        refused(name, open_part(&mut part_a.clone(), &key), Sealed);
    }
    // With the right identifier written over it, the wrap still tells.
    let foreign = key(&share, b, Tier::Preview);
    let relabelled = bent(&part_a, |tree| {
        *tree.at(KEK_ID).bytes() = foreign.kek_id().0.to_vec()
    });
    assert_eq!(
        part_key_id(&relabelled).expect("in the profile"),
        foreign.kek_id()
    );
    refused(
        "swapped_parts_relabelled",
        open_part(&mut relabelled.clone(), &foreign),
        Sealed,
    );
}
