//! The samples of `docs/protocol.md`. Each stands behind a line such as
//!
//! > Sample: `tests/vectors/share-1/letter.eml`, opened by `home-b`, its `manifest`:
//!
//! The first name is the fixture, the second whose keys open it, the third what of it is shown.

use std::path::PathBuf;

use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{
    Card, ContentKey, Digest, EncryptionKey, Identity, InvitationSecret, open_letter, open_part,
    verify,
};
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::{Outer, read_content, read_pkcs7_entity};
use hearthpost::message::{
    Answer, Body, CardLetter, GrantAnswer, GrantRequest, Header, Join, JoinAnswer, SignedCard,
    seal_letter_mail,
};
use hearthpost::rules::Tier;
use serde_json::Value;

use super::pages::{Page, root};

pub struct Sample {
    pub line: usize,
    pub fixture: String,
    pub home: Option<String>,
    pub view: Option<String>,
    pub language: String,
    pub shown: String,
}

pub fn of(page: &Page) -> Vec<Sample> {
    let lines: Vec<&str> = page.text.lines().collect();
    let mut samples = Vec::new();
    for (at, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with("Sample: "))
    {
        let mut names = line.split('`').skip(1).step_by(2).map(str::to_owned);
        let begin = lines[at..]
            .iter()
            .position(|l| l.starts_with("```"))
            .expect("a block follows")
            + at;
        let end = lines[begin + 1..]
            .iter()
            .position(|l| *l == "```")
            .expect("it ends")
            + begin
            + 1;
        samples.push(Sample {
            line: at + 1,
            fixture: names.next().expect("a fixture is named"),
            home: names.next(),
            view: names.next(),
            language: lines[begin].trim_start_matches('`').to_owned(),
            shown: lines[begin + 1..end].join("\n"),
        });
    }
    samples
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn card(home: &str) -> Card {
    Card::from_pem(&read(&format!("tests/vectors/{home}/card.pem"))).expect("a card")
}

fn keys(home: &str) -> Vec<EncryptionKey> {
    let card = card(home);
    let key = read(&format!("tests/vectors/{home}/encryption.der"));
    let one = |c: &hearthpost::envelope::EncryptionCertificate| {
        EncryptionKey::from_der(&key, None, c.der(), &card.identity).expect("a key")
    };
    card.encryption.iter().map(one).collect()
}

/// The JSON that a sample is of.
pub fn json_of(sample: &Sample) -> Vec<u8> {
    let mail = read(&sample.fixture);
    if sample.view.as_deref() == Some("about") {
        return about(&sample.fixture, &mail);
    }
    let der = read_pkcs7_entity(&mail).expect("a letter");
    let signed = match &sample.home {
        Some(home) => {
            let entity = open_letter(&der, &keys(home)).expect("it opens");
            read_pkcs7_entity(&entity).expect("a signed letter")
        }
        None => der,
    };
    let object = verify(&signed).expect("its signature is good");
    let content = read_content(object.content()).expect("a letter's content");
    let inner = |field: &str| {
        let letter: Value = serde_json::from_slice(&content.json).expect("JSON");
        let base64 = match &letter[field] {
            Value::Array(chain) => chain.last().cloned().unwrap_or_default(),
            other => other.clone(),
        };
        let der = base64_simd::STANDARD
            .decode_to_vec(base64.as_str().expect("base64"))
            .expect("base64");
        verify(&der)
            .expect("its signature is good")
            .content()
            .to_vec()
    };
    match sample.view.as_deref() {
        None => content.json,
        Some("manifest") => {
            let manifest = content.manifest.expect("a grant carries its manifest");
            verify(&manifest)
                .expect("its signature is good")
                .content()
                .to_vec()
        }
        Some("permit") => inner("chain"),
        Some("revocation") => inner("signed"),
        Some(other) => panic!("{}: nothing is called {other}", sample.fixture),
    }
}

/// The first `about` of a message of parts, opened with the content key that the vectors publish.
fn about(fixture: &str, mail: &[u8]) -> Vec<u8> {
    let folder = PathBuf::from(fixture);
    let expected = folder.parent().expect("a folder").join("expected.json");
    let expected: Value = serde_json::from_slice(&read(&expected.to_string_lossy())).expect("JSON");
    let content = expected["content_key"].as_str().expect("a content key");
    let content = base64_simd::STANDARD
        .decode_to_vec(content)
        .expect("base64")
        .try_into()
        .expect("32 bytes");
    let content = ContentKey::from_bytes(content);
    let message = mail_parser::MessageParser::default()
        .parse(mail)
        .expect("a message");
    let mut der = message.attachment(0).expect("a part").contents().to_vec();
    let ids = hearthpost::envelope::part_key_id(&der).expect("a part");
    let items = expected["items"].as_array().expect("items");
    let key = items
        .iter()
        .filter_map(|item| item["id"].as_str()?.parse().ok())
        .map(|id| content.item(id, Tier::About))
        .find(|key| key.kek_id() == ids)
        .expect("one of the items");
    open_part(&mut der, &key).expect("it opens").to_vec()
}

/// The first shown line that is not in the fixture, or not behind the one before it. `…` stands for any lines, and at
/// the end of a line for its rest.
pub fn missing_line(sample: &Sample) -> Option<String> {
    let mail = String::from_utf8(read(&sample.fixture)).expect("mail is text");
    let mut held = mail.lines();
    for line in sample.shown.lines().filter(|line| *line != "…") {
        let found = match line.strip_suffix('…') {
            Some(beginning) => held.any(|held| held.starts_with(beginning)),
            None => held.any(|held| held == line),
        };
        if !found {
            return Some(line.to_owned());
        }
    }
    None
}

/// Letters of which the vectors have none, from the test keys of the vectors. The files are kept; this made them.
#[test]
#[ignore = "writes tests/fixtures/letters anew"]
fn write_the_letters() {
    let time = "2026-11-02T09:06:00Z".parse().expect("a time");
    let expected: Value =
        serde_json::from_slice(&read("tests/vectors/share-1/expected.json")).expect("JSON");
    let text = |name: &str| {
        expected[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} in expected.json"))
    };
    let request = GrantRequest {
        share: text("share").parse().expect("an id"),
        origin: card("home-a").identity.fingerprint(),
        station: "bob".parse().expect("a station"),
        rules: hearthpost::rules::parse_rules("display=full,print=full").expect("rules"),
        message: "May we print the one with the lake?".to_owned(),
    };
    let request_id = "4n5rj7lqkz3vd2wqpxw6yhtmfa".parse().expect("an id");
    let answer: GrantAnswer = serde_json::from_value(serde_json::json!({
        "request": request_id, "answer": "yes", "message": "With pleasure."
    }))
    .expect("an answer");
    let ended =
        serde_json::from_value(serde_json::json!({"mailbox": "home-c@c.example"})).expect("an end");
    let secret = InvitationSecret::from_bytes(*b"0123456789abcdef");
    let [inviter, joiner] = ["home-a", "home-b"].map(|name| card(name).identity.fingerprint());
    let (own, digest) = signed_card("home-b", time);
    let join = Join {
        card: own,
        mac: secret.join(inviter, digest),
    };
    let join_id = "cq7m5r2wv4xkd6tnz3yhjufbpe".parse().expect("an id");
    let (own, digest) = signed_card("home-a", time);
    let welcome = JoinAnswer {
        join: join_id,
        answer: Answer::Welcome,
        card: Some(own),
        mac: Some(secret.welcome(joiner, digest)),
    };
    for (name, id, from, to, body) in [
        ("join", join_id, "home-b", Some("home-a"), Body::Join(join)),
        (
            "join-answer",
            "h4kx2vd7ypm5tqnz6wrbj3cufa".parse().expect("an id"),
            "home-a",
            Some("home-b"),
            Body::JoinAnswer(welcome),
        ),
        (
            "grant-request",
            request_id,
            "home-b",
            Some("home-a"),
            Body::GrantRequest(request),
        ),
        (
            "grant-answer",
            "kq6d2mwyxnr5u4tj3hzbfv7eoq".parse().expect("an id"),
            "home-a",
            Some("home-b"),
            Body::GrantAnswer(answer),
        ),
        (
            "ended",
            "zr3yq5hkwtn2vd6mjx4ufb7pse".parse().expect("an id"),
            "home-c",
            None,
            Body::Ended(ended),
        ),
    ] {
        let sender = card(from);
        let key = read(&format!("tests/vectors/{from}/identity.der"));
        let identity = Identity::from_der(&key, sender.identity.der()).expect("an identity");
        let receiver = to.map(card);
        let outer = Outer {
            message_id: format!("{id}@{}", sender.identity.mailbox().domain()),
            date: time,
            from: sender.identity.mailbox().clone(),
            to: Some(
                receiver
                    .as_ref()
                    .map_or("home-b@b.example".parse().expect("a mailbox"), |c| {
                        c.identity.mailbox().clone()
                    }),
            ),
        };
        let header = Header {
            id,
            from: identity.fingerprint(),
            to: receiver.as_ref().map(|c| c.identity.fingerprint()),
            issued: time,
        };
        let certificate = receiver.as_ref().and_then(|card| card.encryption.last());
        let mail =
            seal_letter_mail(&outer, &header, &body, &identity, certificate).expect("sealed");
        let folder = root().join("tests/fixtures/letters");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(format!("{name}.eml")), mail).expect("written");
    }
}

/// The card of a household of the vectors, as it stands in a join or a welcome.
fn signed_card(name: &str, time: Timestamp) -> (Bytes, Digest) {
    let own = card(name);
    let key = read(&format!("tests/vectors/{name}/identity.der"));
    let identity = Identity::from_der(&key, own.identity.der()).expect("an identity");
    let letter = CardLetter {
        versions: vec![hearthpost::encoding::Integer::new(1).expect("one")],
        name: own.identity.name().to_owned(),
        mailbox: own.identity.mailbox().clone(),
        certificates: own.ders().map(|der| Bytes(der.to_vec())).collect(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce: None,
    };
    SignedCard::write(letter, &identity, time).expect("signed")
}

#[test]
fn the_codes_in_the_fixtures_are_those_of_the_secret_on_the_page() {
    let secret = InvitationSecret::from_bytes(*b"0123456789abcdef");
    let [a, b] = ["home-a", "home-b"].map(|name| card(name).identity.fingerprint());
    let open = |name: &str, to: &str| {
        let mail = read(&format!("tests/fixtures/letters/{name}.eml"));
        let letter = hearthpost::message::open_letter_mail(&mail, &keys(to));
        letter.expect("a letter").body
    };
    let Body::Join(join) = open("join", "home-a") else {
        panic!("not a join");
    };
    let card = SignedCard::read(&join.card, b).expect("its card");
    assert_eq!(join.mac, secret.join(a, card.digest));
    let Body::JoinAnswer(answer) = open("join-answer", "home-b") else {
        panic!("not an answer");
    };
    let card = SignedCard::read(&answer.card.expect("a card"), a).expect("its card");
    assert_eq!(answer.mac, Some(secret.welcome(b, card.digest)));
}
