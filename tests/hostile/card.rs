//! Cards: the certificates of a household together, and as a file.

use hearthpost::envelope::Card;

use crate::Refusal::{Profile, Signature};
use crate::households::{anna, bob};
use crate::refused;

#[test]
fn a_card_needs_an_identity_and_its_own_encryption_certificates() {
    let (identity, encryption) = (
        anna().identity.certificate().der(),
        anna().encryption.certificate().der(),
    );
    let others = bob().encryption.certificate().der();
    let read = |ders: &[&[u8]]| Card::from_ders(ders);
    read(&[identity, encryption]).expect("a card");
    let none = Profile("no encryption certificate beside the identity's");
    refused("no_certificate", read(&[]), Profile("no certificate"));
    refused("identity_alone", read(&[identity]), none);
    refused(
        "nine_encryption_certificates",
        read(&[&[identity][..], &[encryption; 9]].concat()),
        none,
    );
    refused(
        "encryption_certificate_first",
        read(&[encryption, identity]),
        Profile("an identity certificate that is not self-signed"),
    );
    refused(
        "an_encryption_certificate_of_another",
        read(&[identity, encryption, others]),
        Signature,
    );
    refused(
        "two_identities",
        read(&[identity, bob().identity.certificate().der()]),
        Profile("an encryption certificate that is a CA"),
    );
}

#[test]
fn a_file_that_is_no_card_is_refused() {
    let pem = anna().card().to_pem().expect("PEM");
    Card::from_pem(pem.as_bytes()).expect("a card");
    let mut turned: Vec<&str> = pem.split_inclusive("-----END CERTIFICATE-----\n").collect();
    turned.reverse();
    Card::from_pem(turned.concat().as_bytes()).expect("the order does not matter");
    refused(
        "an_empty_file",
        Card::from_pem(b""),
        Profile("no certificate"),
    );
    refused(
        "a_text",
        Card::from_pem(b"Dear Anna,"),
        Profile("no certificate"),
    );
    refused(
        "a_file_of_65_kib",
        Card::from_pem(&vec![b'\n'; 65 * 1024]),
        Profile("a certificate file of more than 64 KiB"),
    );
    refused(
        "a_broken_certificate",
        Card::from_pem(pem.replace("MII", "MIA").as_bytes()),
        Profile("not a PEM file of certificates"),
    );
}
