//! The shares of a second implementation: every grant and part opens to the same bytes, keys, rules and names.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::elsewhere::{GRANTS, card, expected, folder, grant, json_of, keys, read, text};
use hearthpost::encoding::{hex_of, parse_base64, parse_object};
use hearthpost::envelope::{
    Card, ContentKey, Digest, Id, Identity, ItemKey, open_part, part_key_id,
};
use hearthpost::message::parts::part_of_content_id;
use hearthpost::message::{About, expected_parts};
use hearthpost::rules::{Action, Tier, needed_tier, source_tier, wanted_tier};
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};

fn texts(value: &Value) -> BTreeSet<String> {
    let list = value
        .as_array()
        .unwrap_or_else(|| panic!("{value} is no list"));
    list.iter().map(|one| text(one).to_owned()).collect()
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
