//! The letters of a second implementation that are no grants: receipts, requests, cards and revocations; and who opens none.

use crate::elsewhere::{GRANTS, expected, fingerprint, grant, json_of, keys, read, text};
use hearthpost::envelope::{Card, EncryptionKey, Id};
use hearthpost::message::{
    Body, Letter, SignedRevocation, Standing, check_standing, open_letter_mail,
};
use serde_json::json;

/// Opens a letter and holds every field of its JSON against `expected.json`.
fn letter(name: &str, file: &str, home: &str) -> Letter {
    let wanted = &expected(name)["letters"][file];
    let letter = open_letter_mail(&read(&format!("{name}/{file}")), &keys(home)).expect(file);
    let mut said = json!({
        "type": letter.body.kind(), "version": 1, "id": letter.header.id, "from": letter.header.from,
        "to": letter.header.to, "issued": letter.header.issued,
    });
    let rest = match &letter.body {
        Body::Receipt(receipt) => json_of(receipt),
        Body::PartRequest(request) => json_of(request),
        Body::Card(card) => json_of(card),
        Body::CardRequest(request) => json_of(request),
        Body::Revocation(signed) => {
            json!({ "signed": signed, "signed_object": wanted["signed_object"] })
        }
        other => panic!("{}", other.kind()),
    };
    let fields = said.as_object_mut().expect("an object");
    fields.extend(rest.as_object().expect("an object").clone());
    assert_eq!(&said, wanted, "{name}/{file}");
    letter
}

#[test]
fn receipts_and_requests_stand_on_their_chains() {
    let share = grant("share-1", "home-b");
    let share = (share.grant.origin, share.grant.share);
    let (a, b, c) = (
        fingerprint("home-a"),
        fingerprint("home-b"),
        fingerprint("home-c"),
    );
    let Body::Receipt(complete) = letter("receipt-1", "complete.eml", "home-a").body else {
        panic!("not a receipt");
    };
    check_standing(&complete.chain, share, (b, Standing::Holds), a).expect("B holds it from A");
    check_standing(&complete.chain, share, (b, Standing::PassedOn), a)
        .expect_err("B passed nothing on here");
    check_standing(&complete.chain, share, (c, Standing::Holds), a)
        .expect_err("C does not hold it by this");
    let Body::Receipt(forwarded) = letter("receipt-1", "forwarded.eml", "home-a").body else {
        panic!("not a receipt");
    };
    check_standing(&forwarded.chain, share, (b, Standing::PassedOn), a).expect("B passed it on");
    check_standing(&forwarded.chain, share, (b, Standing::Holds), a)
        .expect_err("the chain goes on from B");
    check_standing(&forwarded.chain, share, (b, Standing::PassedOn), c)
        .expect_err("C gave nothing");
    let Body::PartRequest(request) = letter("receipt-1", "part-request.eml", "home-b").body else {
        panic!("not a part-request");
    };
    check_standing(&request.chain, share, (c, Standing::Holds), b).expect("C holds it from B");
    let other = (share.0, Id::random());
    check_standing(&request.chain, other, (c, Standing::Holds), b).expect_err("another share");
}

#[test]
fn cards_and_their_requests_open() {
    let request = letter("card-1", "card-request.eml", "home-a");
    assert!(!request.enveloped);
    let Body::CardRequest(request) = request.body else {
        panic!("not a card-request");
    };
    let ders: Vec<Vec<u8>> = request.certificates.into_iter().map(|der| der.0).collect();
    assert_eq!(
        Card::from_ders(&ders)
            .expect("a card")
            .identity
            .fingerprint(),
        fingerprint("home-c")
    );
    for (file, home, enveloped) in [
        ("card.eml", "home-c", true),
        ("card-to-contact.eml", "home-b", true),
        ("card-open.eml", "home-b", false),
    ] {
        let letter = letter("card-1", file, home);
        assert_eq!(letter.enveloped, enveloped, "{file}");
        let Body::Card(card) = letter.body else {
            panic!("{file} is not a card");
        };
        let ders: Vec<Vec<u8>> = card.certificates.into_iter().map(|der| der.0).collect();
        assert_eq!(
            Card::from_ders(&ders)
                .expect("a card")
                .identity
                .fingerprint(),
            letter.header.from
        );
    }
}

#[test]
fn revocations_end_the_copies_they_name_and_no_others() {
    let chains = GRANTS.map(|(name, home)| grant(name, home).chain.clone());
    for (file, home, ends) in [
        ("share.eml", "home-b", [false, true, false]),
        ("permit.eml", "home-c", [false, false, true]),
    ] {
        let wanted = &expected("revocation-1")["letters"][file]["signed_object"];
        let Body::Revocation(signed) = letter("revocation-1", file, home).body else {
            panic!("not a revocation");
        };
        let signed = SignedRevocation::verify(&signed.0).expect("a revocation");
        assert_eq!(signed.digest().to_string(), text(&wanted["digest"]));
        assert_eq!(
            signed.revocation().from.to_string(),
            text(&wanted["signer"])
        );
        assert_eq!(json_of(signed.revocation()), wanted["json"]);
        let ended: Vec<bool> = chains.iter().map(|chain| signed.ends(chain)).collect();
        assert_eq!(ended, ends, "{file}");
    }
}

#[test]
fn a_letter_opens_with_no_other_servers_key() {
    for (name, home) in GRANTS {
        let mail = read(&format!("{name}/letter.eml"));
        let other = if home == "home-b" { "home-c" } else { "home-b" };
        open_letter_mail(&mail, &keys(other)).expect_err("another server's key");
        open_letter_mail(&mail, &[]).expect_err("no key");
    }
}

/// Both envelopes are OpenSSL's, the inner one of 3.0, the outer one of 3.6.
#[test]
fn a_letter_sealed_twice_elsewhere_opens() {
    let read = |name: &str| {
        let path = format!(
            "{}/tests/fixtures/quantum/{name}",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read(path).expect("a fixture")
    };
    let card = Card::from_pem(&read("home-d/card.pem")).expect("a card");
    let (first, second) = (read("home-d/encryption.der"), read("home-d/second.der"));
    let certificate = card.encryption[0].der();
    let key = |second| EncryptionKey::from_der(&first, second, certificate, &card.identity);
    let mail = read("letter.eml");
    let keys = [key(Some(&second)).expect("a key")];
    let letter = open_letter_mail(&mail, &keys).expect("opens");
    assert!(letter.enveloped && matches!(letter.body, Body::Card(_)));
    assert_eq!(letter.header.to, Some(card.identity.fingerprint()));
    assert!(key(None).is_err(), "the second key is left out");
    let other = read("home-d/identity.der");
    assert!(key(Some(&other)).is_err(), "a second key of P-256");
    open_letter_mail(&mail, &keys_of_others()).expect_err("another server's keys");
}

fn keys_of_others() -> Vec<EncryptionKey> {
    ["home-a", "home-b", "home-c"]
        .map(keys)
        .into_iter()
        .flatten()
        .collect()
}
