//! Letters taken apart: into scripts, and into the objects inside them.

use std::collections::BTreeMap;

use hearthpost::encoding::{base64_of, hex_of};
use hearthpost::envelope::fuzzing::open_outer;
use hearthpost::envelope::{ContentKey, Digest, PartBuffer, SignedObject, open_letter, verify};
use hearthpost::message::mime::{read_content, read_pkcs7_entity};
use hearthpost::rules::Tier;
use hearthpost_fuzz::homes::{HOMES, QUANTUM};
use serde_json::Value;

use crate::Seeds;

/// What was found in the letters.
#[derive(Default)]
pub struct Opened {
    pub scripts: Seeds,
    pub ders: Seeds,
    pub entities: Seeds,
    pub json: Seeds,
}

/// One letter on the way to a script.
#[derive(Default)]
struct Script {
    lines: Vec<String>,
    /// By the text that stands in a letter.
    names: BTreeMap<String, String>,
}

/// Letters sealed twice and once, what is in the outer envelope of the first, and what is in none.
pub fn layers(opened: &Opened) -> Seeds {
    let key = &QUANTUM.keys[0];
    let open = |der: &Vec<u8>| open_outer(der, key).ok();
    let inner: Seeds = opened.ders.iter().filter_map(open).collect();
    assert!(
        !inner.is_empty(),
        "a letter among the fixtures is sealed twice"
    );
    [inner, opened.ders.clone()].concat()
}

impl Opened {
    pub fn read(mails: &Seeds) -> Self {
        let mut opened = Opened::default();
        for mail in mails {
            let der = read_pkcs7_entity(mail).expect("a letter");
            opened.ders.push(der.clone());
            let inside = HOMES
                .iter()
                .find_map(|home| open_letter(&der, &home.keys).ok());
            let enveloped = inside.is_some();
            let signed = match inside {
                Some(entity) => {
                    opened.entities.push(entity.clone());
                    read_pkcs7_entity(&entity).expect("an entity")
                }
                None => der,
            };
            // Fixtures of other households' keys stay as they are.
            if let Ok(object) = verify(&signed) {
                opened.take(&signed, &object, enveloped);
            }
        }
        opened
    }

    fn take(&mut self, der: &[u8], object: &SignedObject, enveloped: bool) {
        self.ders.push(der.to_vec());
        self.entities.push(object.content().to_vec());
        let content = read_content(object.content()).expect("a letter's content");
        let Some(from) = letter_of(object) else {
            return;
        };
        let mut script = Script::default();
        for home in HOMES.iter() {
            let letter = home.letter;
            script.names.insert(
                home.identity.fingerprint().to_string(),
                format!("@{letter}"),
            );
            script
                .names
                .insert(base64_of(home.card.identity.der()), format!("^{letter}"));
            script.names.insert(
                base64_of(home.card.encryption[0].der()),
                format!("&{letter}"),
            );
        }
        let number = content
            .manifest
            .as_deref()
            .map(|der| self.object(der, &mut script));
        let json = String::from_utf8(content.json).expect("JSON");
        let value: Value = serde_json::from_str(&json).expect("JSON");
        let chain = value["chain"].as_array().cloned().unwrap_or_default();
        for signed in chain
            .iter()
            .chain([&value["signed"]])
            .filter_map(Value::as_str)
        {
            let der = hearthpost::encoding::parse_base64(signed).expect("base64");
            self.object(&der, &mut script);
        }
        let kind = if enveloped { '>' } else { '?' };
        let number = number.map(|n| n.to_string()).unwrap_or_default();
        let line = script.named(&json);
        script.lines.push(format!("{from}{kind}{number}{line}"));
        self.json.push(body_of(value));
        self.scripts.extend(script.for_each_reader());
    }

    /// A signed object becomes a line of its own.
    fn object(&mut self, der: &[u8], script: &mut Script) -> usize {
        let object = verify(der).expect("a signed object");
        let text = String::from_utf8(object.content().to_vec()).expect("JSON");
        let n = script.lines.len();
        let from = letter_of(&object).expect("signed by one of them");
        script.lines.push(format!("{from}!{}", script.named(&text)));
        script.names.insert(base64_of(der), format!("${n}"));
        script.names.insert(
            hex_of(Digest::of(object.content()).as_bytes()),
            format!("#{n}"),
        );
        self.ders.push(der.to_vec());
        self.json.push(object.content().to_vec());
        n
    }
}

impl Script {
    fn named(&self, json: &str) -> String {
        let names = |piece| self.names.get(piece).map_or(piece, String::as_str);
        json.split('"').map(names).collect::<Vec<_>>().join("\"")
    }

    /// With each household in the place of B, who reads them.
    fn for_each_reader(&self) -> Seeds {
        let text = self.lines.join("\n");
        let turned = |turn: usize| {
            let name = |c: char| {
                let at = "abc".find(c).expect("one of them");
                char::from(b"abc"[(at + turn) % 3])
            };
            let mut out = String::with_capacity(text.len());
            for (n, line) in text.lines().enumerate() {
                out += if n == 0 { "" } else { "\n" };
                let mut pieces = line.split('"');
                let begin = pieces.next().unwrap_or_default();
                out.push(name(begin.chars().next().expect("who signs")));
                out += &begin[1..];
                for piece in pieces {
                    out.push('"');
                    match piece.as_bytes() {
                        [b'@' | b'^' | b'&', who @ b'a'..=b'c'] => {
                            out.push_str(&piece[..1]);
                            out.push(name(char::from(*who)));
                        }
                        _ => out += piece,
                    }
                }
            }
            out.into_bytes()
        };
        (0..3).map(turned).collect()
    }
}

fn letter_of(object: &SignedObject) -> Option<char> {
    let who = object.signer().fingerprint();
    let home = HOMES
        .iter()
        .find(|home| home.identity.fingerprint() == who)?;
    Some(home.letter)
}

/// The fields of a letter that are its kind's own.
fn body_of(mut letter: Value) -> Vec<u8> {
    if let Some(fields) = letter.as_object_mut() {
        for common in ["type", "version", "id", "from", "to", "issued"] {
            fields.remove(common);
        }
    }
    serde_json::to_vec(&letter).expect("JSON")
}

/// Scripts of several letters, and answers to what B shared itself.
pub fn stories(opened: &Opened) -> Seeds {
    let head = |kind: &str, id: &str, from: char| {
        format!(
            "{from}>{{\"type\":\"{kind}\",\"version\":1,\"id\":\"{id}aaaaaaaaaaaaaaaaaaaaaaaaa\",\"from\":\"@{from}\",\"to\":\"@b\",\"issued\":\"2026-11-26T00:00:00Z\""
        )
    };
    let receipt = |state: &str, reason: &str, letter: &str, chain: &str| {
        format!(
            "{},\"share\":\"%s\",\"origin\":\"@b\",\"state\":\"{state}\",\"reason\":{reason},\"letter\":{letter},\"chain\":[{chain}]}}",
            head("receipt", "a", 'a')
        )
    };
    let request = format!(
        "{},\"share\":\"%s\",\"origin\":\"@b\",\"station\":\"anna\",\"rules\":{{\"display\":{{}}}},\"message\":\"please\"}}",
        head("grant-request", "c", 'a')
    );
    let parts = format!(
        "{},\"share\":\"%s\",\"origin\":\"@b\",\"parts\":[\"%p\"],\"chain\":[\"%a\"]}}",
        head("part-request", "f", 'a')
    );
    let further = "a!{\"type\":\"permit\",\"version\":1,\"share\":\"%s\",\"origin\":\"@b\",\"manifest\":\"%m\",\"from\":\"@a\",\"to\":\"@c\",\
                   \"parent\":\"%A\",\"items\":null,\"tier\":\"original\",\"onward\":null,\"issued\":\"2026-11-26T00:00:00Z\"}";
    let revoked = "a!{\"type\":\"revocation\",\"version\":1,\"share\":\"%s\",\"origin\":\"@b\",\"permit\":\"#0\",\"from\":\"@a\",\"issued\":\"2026-11-26T00:00:00Z\"}";
    let told = format!("{},\"signed\":\"$1\"}}", head("revocation", "d", 'a'));
    let complete = receipt("complete", "null", "null", "\"%a\"");
    let forwarded = receipt("forwarded", "null", "null", "\"%a\",\"$0\"");
    let mut stories = vec![
        complete.clone(),
        receipt("refused", "\"quota\"", "\"%x\"", ""),
        format!(
            "{complete}\n{}",
            receipt("deleted", "null", "null", "\"%a\"").replace("\"aaaa", "\"eaaa")
        ),
        format!("{further}\n{revoked}\n{forwarded}\n{told}"),
        request,
        parts,
        format!(
            "{complete}\n{}",
            complete
                .replace("a>", "c>")
                .replace("@a", "@c")
                .replace("%a", "%c")
        ),
    ];
    let texts: Vec<&str> = (opened.scripts.iter())
        .filter_map(|script| std::str::from_utf8(script).ok())
        .collect();
    // A grant, and after it another letter of one or two lines, whose objects are counted on.
    for first in texts
        .iter()
        .filter(|text| text.contains("\"type\":\"grant\""))
    {
        let count = first.lines().count() - 1;
        for second in texts
            .iter()
            .filter(|text| text.contains("\"type\":\"revocation\""))
        {
            let mut second = (*second).to_owned();
            for n in (0..9 - count).rev() {
                for mark in ["$", "#"] {
                    second = second.replace(
                        &format!("\"{mark}{n}\""),
                        &format!("\"{mark}{}\"", n + count),
                    );
                }
            }
            stories.push(format!("{first}\n{second}"));
        }
    }
    stories.into_iter().map(String::into_bytes).collect()
}

/// Parts that the target's key opens.
pub fn parts() -> Seeds {
    let id = "yzgpnia5lqdvbdauxxrxqn6ggu".parse().expect("an id");
    let key = ContentKey::from_bytes([7; 32]).item(id, Tier::Preview);
    let mut buffer = PartBuffer::default();
    let mut seal = |len: usize| {
        buffer
            .fill(&mut vec![b'x'; len].as_slice())
            .expect("it fits");
        buffer.seal(&key).expect("sealed").der.to_vec()
    };
    [0, 1, 100, 200, 300].into_iter().map(&mut seal).collect()
}

pub fn certificates() -> Seeds {
    let of = |home: &hearthpost_fuzz::homes::Home| {
        let pem = home.card.to_pem().expect("PEM").into_bytes();
        home.card
            .ders()
            .map(<[u8]>::to_vec)
            .chain([pem])
            .collect::<Vec<_>>()
    };
    HOMES.iter().chain([&*QUANTUM]).flat_map(of).collect()
}

/// Rules as they travel.
const RULES: &[&str] = &[
    r#"{}"#,
    r#"{"display":{},"print":{"max_edge":2048,"watermark":true},"store":{"excerpt":true},"forward":{},"not_before":"2026-01-01T00:00:00Z","not_after":"2027-01-01T00:00:00Z","period":"P30D","views":3}"#,
    r#"{"display":{"max_edge":2048},"forward":{},"not_after":"2027-06-30T00:00:00Z"}"#,
    r#"{"name":"lake.jpg","media_type":"image/jpeg","caption":null,"taken":"2024-07-01T10:11:12+02:00","width":640,"height":480,"duration_ms":null,"goes_with":null}"#,
];
/// Rules as people write them.
const WRITTEN: &[&str] = &[
    "display=full,print=2048,store=full,forward=yes,period=P7D,until=2026-12-24T18:00:00Z,from=2026-01-01T00:00:00Z,views=3,watermark=yes,excerpt=yes",
    "display=640,views=1",
    "display=full,period=PT12H,until=2026-12-24T18:00:00Z",
    "forward=yes",
];

pub fn rules() -> Seeds {
    RULES.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub fn rule_sets() -> Seeds {
    let sets: Vec<&str> = WRITTEN.iter().chain(&RULES[..3]).copied().collect();
    let mut seeds = Vec::new();
    for (n, set) in sets.iter().enumerate() {
        let (second, third) = (sets[(n + 1) % sets.len()], sets[(n + 3) % sets.len()]);
        seeds.push(format!("\0{}\x01{set}\n{second}\n{third}", n as u8 as char).into_bytes());
    }
    seeds
}
