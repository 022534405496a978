//! The vectors of a second implementation: every letter and part opens to the same bytes, keys, rules and names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use hearthpost::encoding::{hex_of, parse_base64, parse_object};
use hearthpost::envelope::{
    Card, ContentKey, Digest, EncryptionKey, Fingerprint, Id, Identity, ItemKey, open_part,
    part_key_id,
};
use hearthpost::message::check::GrantLetter;
use hearthpost::message::parts::part_of_content_id;
use hearthpost::message::{
    About, Body, Letter, SignedRevocation, Standing, Verified, check_grant, check_standing,
    expected_parts, open_letter_mail,
};
use hearthpost::rules::{Action, Tier, needed_tier, source_tier, wanted_tier};
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};

const GRANTS: [(&str, &str); 3] = [
    ("share-1", "home-b"),
    ("share-2", "home-b"),
    ("forward-1", "home-c"),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name)
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(folder(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn expected(name: &str) -> Value {
    serde_json::from_slice(&read(&format!("{name}/expected.json"))).expect("expected.json is JSON")
}

fn card(home: &str) -> Card {
    Card::from_pem(&read(&format!("{home}/card.pem"))).expect("a card")
}

fn keys(home: &str) -> Vec<EncryptionKey> {
    let (card, key) = (card(home), read(&format!("{home}/encryption.der")));
    let key = |cert| EncryptionKey::from_der(&key, None, cert, &card.identity).expect("a key");
    card.encryption.iter().map(|cert| key(cert.der())).collect()
}

fn grant(name: &str, home: &str) -> Verified<GrantLetter> {
    let letter = open_letter_mail(&read(&format!("{name}/letter.eml")), &keys(home)).expect(name);
    assert!(letter.enveloped);
    let now = text(&expected(name)["now"]).parse().expect("a time");
    check_grant(letter, card(home).identity.fingerprint(), now).expect(name)
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not a text"))
}

fn texts(value: &Value) -> BTreeSet<String> {
    let list = value
        .as_array()
        .unwrap_or_else(|| panic!("{value} is no list"));
    list.iter().map(|one| text(one).to_owned()).collect()
}

fn json_of(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("JSON")
}

/// The sealed parts in a message, by the digest that their Content-ID names.
fn parts_of(mail: &[u8]) -> BTreeMap<Digest, Vec<u8>> {
    let message = MessageParser::default().parse(mail).expect("a message");
    let sealed = message.parts.iter().filter_map(|part| {
        let digest = part_of_content_id(part.content_id()?)?;
        Some((digest, part.contents().to_vec()))
    });
    sealed.collect()
}

/// Every part of a share's messages; the large message is made by its script.
fn all_parts(name: &str) -> BTreeMap<Digest, Vec<u8>> {
    let mut parts = BTreeMap::new();
    for (mail, digests) in expected(name)["mails"].as_object().expect("mails") {
        let bytes = match mail.as_str() {
            "parts-original-02.eml" => {
                let script = Command::new("sh")
                    .arg(folder("share-1/make-parts-original-02"))
                    .output();
                let output = script.expect("sh runs");
                assert!(
                    output.status.success(),
                    "{}",
                    String::from_utf8_lossy(&output.stderr)
                );
                output.stdout
            }
            file => read(&format!("{name}/{file}")),
        };
        let found = parts_of(&bytes);
        let named: BTreeSet<String> = found.keys().map(ToString::to_string).collect();
        assert_eq!(named, texts(digests), "{name}/{mail}");
        parts.extend(found);
    }
    parts
}

#[test]
fn cards_belong_to_their_keys() {
    for home in ["home-a", "home-b", "home-c"] {
        let card = card(home);
        assert_eq!(card.encryption.len(), 1);
        assert_eq!(
            card.identity.mailbox().as_str(),
            format!("{home}@{}.example", &home[5..])
        );
        assert_eq!(keys(home).len(), 1);
        let key = read(&format!("{home}/identity.der"));
        Identity::from_der(&key, card.identity.der()).expect("the identity's key");
        assert_eq!(
            Card::from_pem(card.to_pem().expect("PEM").as_bytes())
                .expect("again")
                .identity
                .fingerprint(),
            card.identity.fingerprint()
        );
    }
}

#[test]
fn grants_say_what_was_granted() {
    for (name, home) in GRANTS {
        let (wanted, letter) = (expected(name), grant(name, home));
        let permit = letter.permit().permit();
        let said = json!({
            "share": letter.grant.share, "origin": letter.grant.origin,
            "from": letter.header.from, "to": letter.header.to, "issued": letter.header.issued,
            "manifest": letter.manifest.digest(),
            "permits": letter.chain.iter().map(|permit| permit.digest()).collect::<Vec<_>>(),
            "tier": permit.tier, "permit_items": permit.items, "onward": permit.onward,
            "keys": letter.grant.keys, "stations": letter.grant.stations,
            "title": letter.grant.title, "message": letter.grant.message,
        });
        for (field, value) in said.as_object().expect("an object") {
            assert_eq!(value, &wanted[field], "{name}: {field}");
        }
        assert!(letter.grant.relay.is_empty());
    }
}

#[test]
fn manifests_name_the_same_parts_and_the_ladder_gives_the_same_keys() {
    for (name, home) in GRANTS {
        let (wanted, letter) = (expected(name), grant(name, home));
        let content_key = parse_base64(text(&wanted["content_key"])).expect("base64");
        let content_key = ContentKey::from_bytes(content_key.try_into().expect("32 bytes"));
        let items = wanted["items"].as_array().expect("items");
        assert_eq!(items.len(), letter.manifest.manifest().items.len());
        for item in items {
            let id: Id = text(&item["id"]).parse().expect("an id");
            let listed = letter
                .manifest
                .manifest()
                .item(id)
                .expect("in the manifest");
            assert_eq!(json_of(&listed.kind), item["kind"]);
            let tiers = item["tiers"].as_object().expect("tiers");
            assert_eq!(tiers.len(), listed.tiers.len());
            for (tier, wanted) in tiers {
                let tier = Tier::from_name(tier).expect("a tier");
                let parts = json_of(&listed.tiers[&tier]);
                assert_eq!(
                    (&parts["size"], &parts["parts"]),
                    (&wanted["size"], &wanted["parts"])
                );
                let key = content_key.item(id, tier);
                assert_eq!(
                    key.as_bytes().as_slice(),
                    parse_base64(text(&wanted["key"])).expect("base64")
                );
                assert_eq!(key.kek_id().to_string(), text(&wanted["kid"]));
                let granted = letter.grant.keys.key(id, tier);
                assert_eq!(
                    granted,
                    wanted["granted"].as_bool().expect("granted").then_some(key)
                );
            }
        }
    }
}

#[test]
fn parts_open_with_their_key_alone() {
    let opened: Vec<usize> = GRANTS
        .iter()
        .map(|&(name, home)| open_parts_of(name, home))
        .collect();
    assert_eq!(opened, [9, 3, 4]);
}

/// Opens every part of a grant that has come, and gives their number.
fn open_parts_of(name: &str, home: &str) -> usize {
    let (wanted, letter) = (expected(name), grant(name, home));
    let parts = match &wanted["reused"] {
        Value::Null => all_parts(name),
        reused => {
            let mails: BTreeSet<&str> = reused
                .as_object()
                .expect("reused")
                .values()
                .map(text)
                .collect();
            mails
                .into_iter()
                .flat_map(|mail| parts_of(&read(mail)))
                .collect()
        }
    };
    let stranger = ContentKey::random().item(Id::random(), Tier::Original);
    let mut opened = 0;
    for item in wanted["items"].as_array().expect("items") {
        let id: Id = text(&item["id"]).parse().expect("an id");
        for (tier, wanted) in item["tiers"].as_object().expect("tiers") {
            let tier = Tier::from_name(tier).expect("a tier");
            let Some(key) = letter.grant.keys.key(id, tier) else {
                assert_eq!(wanted["sent"], json!(false));
                continue;
            };
            let mut plain = Vec::new();
            for digest in wanted["parts"].as_array().expect("parts") {
                let der = &parts[&text(digest).parse::<Digest>().expect("a digest")];
                assert_eq!(Digest::of(der).to_string(), text(digest));
                assert_eq!(part_key_id(der).expect("a part"), key.kek_id());
                plain.extend_from_slice(open_part(&mut der.clone(), &key).expect("opens"));
                let others = [
                    stranger.clone(),
                    ItemKey::from_bytes(tier, *stranger.as_bytes()),
                ];
                for other in others
                    .iter()
                    .chain(&key.at(Tier::About).filter(|about| *about != key))
                {
                    open_part(&mut der.clone(), other).expect_err("another key");
                }
                opened += 1;
            }
            assert_eq!(
                hex_of(Digest::of(&plain).as_bytes()),
                text(&wanted["sha256"])
            );
            assert_eq!(Value::from(plain.len()), wanted["size"]);
            if tier == Tier::About {
                let about: About = parse_object(&plain).expect("the about of an item");
                assert_eq!(json_of(&about), item["about"]);
            }
        }
    }
    opened
}

#[test]
fn both_sides_know_when_a_share_is_complete() {
    for (name, home) in GRANTS {
        let (wanted, letter) = (expected(name), grant(name, home));
        let parts = expected_parts(
            letter.manifest.manifest(),
            &letter.grant,
            letter.passed_on(),
        );
        let parts: BTreeSet<String> = parts.iter().map(ToString::to_string).collect();
        assert_eq!(parts, texts(&wanted["complete_with"]), "{name}");
        for item in wanted["items"].as_array().expect("items") {
            for (tier, tier_wanted) in item["tiers"].as_object().expect("tiers") {
                let sent = texts(&tier_wanted["parts"]).is_subset(&parts);
                assert_eq!(Value::from(sent), tier_wanted["sent"], "{name} {tier}");
            }
        }
        if let Some(reused) = wanted["reused"].as_object() {
            assert!(parts.iter().all(|part| reused.contains_key(part)));
        }
    }
}

#[test]
fn stations_are_rendered_from_the_same_tiers() {
    for (name, home) in GRANTS {
        let (wanted, letter) = (expected(name), grant(name, home));
        for item in wanted["items"].as_array().expect("items") {
            let listed = letter
                .manifest
                .manifest()
                .item(text(&item["id"]).parse().expect("an id"));
            let listed = listed.expect("in the manifest");
            let held: Vec<Tier> = listed
                .tiers
                .keys()
                .copied()
                .filter(|&t| letter.grant.keys.key(listed.id, t).is_some())
                .collect();
            let Some(stations) = item["source_tier"].as_object() else {
                assert!(held.is_empty(), "{name}");
                continue;
            };
            for (station, actions) in stations {
                let rules = letter
                    .grant
                    .rules_for(&station.parse().expect("a name"))
                    .expect("rules");
                for action in [Action::Display, Action::Print, Action::Store] {
                    let tier = rules
                        .limits(action)
                        .map(|l| source_tier(wanted_tier(l, listed.kind), &held));
                    assert_eq!(
                        tier.map(|tier| json_of(&tier)).as_ref(),
                        actions.get(action.to_string()),
                        "{name} {station} {action}"
                    );
                }
                let onward = letter
                    .permit()
                    .permit()
                    .onward
                    .as_ref()
                    .map(|onward| onward.tier);
                let needed = needed_tier(rules, listed.kind, onward).expect("something is allowed");
                let best = held.iter().max().expect("something is held");
                // A forwarder cannot give what it was not given: there the best that is held serves.
                assert!(
                    needed <= *best || name == "forward-1" || !listed.tiers.contains_key(&needed),
                    "{name}"
                );
            }
        }
    }
}

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

fn fingerprint(home: &str) -> Fingerprint {
    card(home).identity.fingerprint()
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
