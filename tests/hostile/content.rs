//! Letters whose JSON has one fault each (PROTOCOL 1, 5, 6), signed as if nothing were wrong.

use hearthpost::address::StationName;
use hearthpost::encoding::{Integer, base64_of};
use hearthpost::envelope::{Digest, sign, verify};
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::{read_content, write_content};
use hearthpost::message::{
    Body, CardLetter, Code, Header, Letter, PartRequest, Receipt, ReceiptState, Refused, Word,
    read_letter, write_letter,
};
use hearthpost::rules::Tier;

use crate::households::draft::{Draft, SHARE, looking, relay_to, station};
use crate::households::{Household, anna, bob, header, now, refusal};

/// A letter with its JSON as text, so that it can be bent and signed again.
pub struct Text {
    pub json: String,
    pub manifest: Option<Vec<u8>>,
}

impl Text {
    pub fn of(header: &Header, body: &Body) -> Self {
        let signed = write_letter(header, body, &anna().identity).expect("written");
        let content = read_content(verify(&signed).expect("good").content()).expect("read");
        Text {
            json: String::from_utf8(content.json).expect("UTF-8"),
            manifest: content.manifest,
        }
    }

    /// With the first place of `from` replaced.
    fn bent(&self, from: &str, to: &str) -> String {
        let bent = self.json.replacen(from, to, 1);
        assert_ne!(bent, self.json, "{from} is not in {}", self.json);
        bent
    }

    pub fn read(&self, json: &str, enveloped: bool) -> Result<Letter, Refused> {
        let content = write_content(json.as_bytes(), self.manifest.as_deref());
        read_letter(
            &sign(&anna().identity, &content, now()).expect("signed"),
            enveloped,
        )
    }
}

pub fn grant_text() -> Text {
    let mut draft = Draft::whole(1);
    draft.stations.push(station("bob", looking(640)));
    draft.relay = vec![relay_to(3, Tier::Preview, looking(640))];
    Text::of(&header(anna(), Some(bob())), &draft.body())
}

#[track_caller]
fn refused(name: &str, result: Result<Letter, Refused>, code: Code, words: &str) {
    match result {
        Ok(_) => panic!("{name} is taken"),
        Err(refusal) => {
            assert_eq!(refusal.code, code, "{name}: {refusal}");
            assert!(refusal.words.contains(words), "{name}: {refusal}");
        }
    }
}

/// Name, what is replaced, by what, and what the refusal says.
type Row = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const GRANT_FAULTS: &[Row] = &[
    ("an_unknown_field", "{", r#"{"extra":1,"#, "unknown field"),
    ("an_unknown_field_in_rules", r#""display":{"#, r#""extra":1,"display":{"#, "unknown field"),
    ("an_unknown_rule", r#""display":{"#, r#""copy":{},"display":{"#, "unknown field"),
    ("an_unknown_limit", r#""max_edge":1280"#, r#""max_edge":1280,"dpi":300"#, "unknown field"),
    ("an_unknown_field_beside_the_keys", r#""keys":{"#, r#""keys":{"extra":1,"#, "unknown field"),
    ("a_doubled_field", "{", r#"{"title":"a","#, "stands twice"),
    ("a_doubled_type", "{", r#"{"type":"grant","#, "stands twice"),
    ("a_doubled_rule", r#""forward":{}"#, r#""forward":{},"forward":{}"#, "duplicate field"),
    ("a_doubled_limit", r#""max_edge":1280"#, r#""max_edge":1280,"max_edge":9000"#, "duplicate field"),
    ("a_missing_field", r#","title":"Summer at the lake""#, "", "missing field `title`"),
    ("a_missing_id", r#""id":"#, r#""extra":"#, "missing field `id`"),
    ("null_for_a_title", r#""title":"Summer at the lake""#, r#""title":null"#, "invalid type: null"),
    ("null_for_stations", r#""stations":["#, r#""stations":null,"x":["#, "invalid type: null"),
    ("null_for_a_limit", r#""max_edge":1280"#, r#""max_edge":null"#, "invalid type: null"),
    ("null_for_a_rule", r#""display":{"max_edge":1280}"#, r#""display":null"#, "invalid type: null"),
    ("zero_pixels", r#""max_edge":1280"#, r#""max_edge":0"#, "zero"),
    ("half_a_pixel", r#""max_edge":1280"#, r#""max_edge":1280.5"#, "invalid type: floating point"),
    ("pixels_in_exponents", r#""max_edge":1280"#, r#""max_edge":128e1"#, "invalid type: floating point"),
    ("fewer_than_no_pixels", r#""max_edge":1280"#, r#""max_edge":-1280"#, "invalid value"),
    ("more_pixels_than_readers_can_count", r#""max_edge":1280"#, r#""max_edge":9007199254740992"#, "above 2^53"),
    ("zero_views", r#""forward":{}"#, r#""forward":{},"views":0"#, "zero"),
    ("no_time_at_all", r#""forward":{}"#, r#""forward":{},"period":"P0D""#, "is not a duration"),
    ("a_month", r#""forward":{}"#, r#""forward":{},"period":"P1M""#, "is not a duration"),
    ("an_empty_window", r#""forward":{}"#, r#""forward":{},"not_before":"2026-01-01T00:00:00Z","not_after":"2026-01-01T00:00:00Z""#, "not_after must be later"),
    ("a_time_with_an_offset", r#""forward":{}"#, r#""forward":{},"not_after":"2026-01-01T00:00:00+00:00""#, "is not a time"),
    ("a_forward_with_something_in_it", r#""forward":{}"#, r#""forward":{"max_edge":1}"#, "unknown field"),
    ("a_watermark_of_false", r#""max_edge":1280"#, r#""max_edge":1280,"watermark":false"#, "only true"),
    ("a_station_with_a_slash", r#""name":"bob""#, r#""name":"bo/b""#, "cannot be the name of a person"),
    ("a_station_twice", r#""name":"bob""#, r#""name":"everyone""#, "a station stands twice"),
    ("version_2", r#""version":1"#, r#""version":2"#, "version 2"),
    ("version_1_as_a_word", r#""version":1"#, r#""version":"1""#, "invalid type: string"),
    ("an_unknown_type", r#""type":"grant""#, r#""type":"gift""#, "a manifest in a gift"),
    ("a_manifest_in_a_receipt", r#""type":"grant""#, r#""type":"receipt""#, "a manifest in a receipt"),
    ("a_list_for_an_object", r#""rules":{"display":{"max_edge":1280},"#, r#""rules":{"display":[1280],"#, "where another form is written"),
    ("an_object_for_a_word", r#""tier":"preview","items""#, r#""tier":{"preview":null},"items""#, "where another form is written"),
    ("no_keys", r#""keys":{"items":"#, r#""keys":{"x":"#, "unknown field"),
    ("base64_without_padding", r#"="}"#, r#""}"#, "not padded base64"),
    ("an_address_with_a_blank", r#""mailbox":"dora@"#, r#""mailbox":"dora x@"#, "is not a mail address"),
    ("no_certificates_in_a_relay", r#""certificates":["#, r#""certificates":[],"x":["#, "an empty list"),
    ("no_items_in_a_relay", r#""items":null"#, r#""items":[]"#, "an empty list"),
    ("an_unknown_tier", r#""tier":"preview","items""#, r#""tier":"large","items""#, "unknown variant"),
    ("bytes_after_the_object", r#""message":"For all of you"}"#, r#""message":"For all of you"} "#, "not one JSON object"),
    ("a_byte_order_mark", "{", "\u{feff}{", "not one JSON object"),
];

#[test]
fn a_grant_with_one_fault_is_refused() {
    let text = grant_text();
    text.read(&text.json, true).expect("the good one is read");
    for &(name, from, to, words) in GRANT_FAULTS {
        refused(
            name,
            text.read(&text.bent(from, to), true),
            Code::Unsupported,
            words,
        );
    }
}

#[test]
#[rustfmt::skip]
fn a_grant_with_a_wrong_name_key_or_list_is_refused() {
    let text = grant_text();
    let (share, item) = (SHARE.id.to_string(), SHARE.items[0].to_string());
    let (anna, bob) = (anna().fingerprint().to_string(), bob().fingerprint().to_string());
    let key = base64_of(SHARE.key.item(SHARE.items[0], Tier::Original).as_bytes());
    let (permit, keys) = (entry(&text.json, r#""chain":["#, '"'), entry(&text.json, r#""items":{"#, '}'));
    let table: Vec<(&str, &str, String, &str)> = vec![
        ("a_title_of_201_characters", "Summer at the lake", "ü".repeat(201), "more than 200 characters"),
        ("a_message_of_4001_characters", "For all of you", "ü".repeat(4_001), "more than 4000 characters"),
        ("an_id_with_spare_bits", &share, format!("{}b", &share[..25]), "is not an id"),
        ("an_id_in_upper_case", &share, share.to_uppercase(), "is not an id"),
        ("a_fingerprint_in_upper_case", &anna, anna.to_uppercase(), "is not a fingerprint"),
        ("both_kinds_of_keys", r#""keys":{"#, format!(r#""keys":{{"share":"{key}","#), "either of the share or of items"),
        ("a_key_of_31_bytes", &key, base64_of(&[7; 31]), "not 32 bytes"),
        ("a_key_of_an_item_twice", &keys, format!("{keys},{keys}"), "a key stands twice"),
        ("a_permit_twice", &permit, format!("{permit},{permit}"), "a list entry stands twice"),
        ("an_item_twice_in_a_relay", r#""items":null"#, format!(r#""items":["{item}","{item}"]"#), "a list entry stands twice"),
    ];
    for (name, from, to, words) in table {
        refused(name, text.read(&text.bent(from, &to), true), Code::Unsupported, words);
    }
    let nobody = text.bent(&format!(r#""to":"{bob}""#), r#""to":null"#);
    refused("to_nobody", text.read(&nobody, true), Code::Addressee, "a grant to nobody");
}

/// The first entry behind `start`, up to and with `end`.
fn entry(json: &str, start: &str, end: char) -> String {
    let at = json.find(start).expect("the list") + start.len();
    let len = 1 + json[at + 1..].find(end).expect("its end");
    json[at..=at + len].to_owned()
}

#[test]
fn nesting_and_size_of_json_are_bounded() {
    let text = grant_text();
    let deep = |n: usize| {
        text.bent(
            "{",
            &format!("{{\"extra\":{}{},", "[".repeat(n), "]".repeat(n)),
        )
    };
    refused(
        "nested_9_deep",
        text.read(&deep(8), true),
        Code::Unsupported,
        "nested more than 8 levels",
    );
    refused(
        "nested_8_deep",
        text.read(&deep(7), true),
        Code::Unsupported,
        "unknown field",
    );
    refused(
        "nested_100_000_deep",
        text.read(&deep(100_000), true),
        Code::Unsupported,
        "nested more than 8 levels",
    );
    let long = text.bent(
        "{",
        &format!("{{\"extra\":\"{}\",", "x".repeat(4 * 1024 * 1024)),
    );
    refused(
        "json_of_more_than_4_mib",
        text.read(&long, true),
        Code::Unsupported,
        "more than 4 MiB",
    );
}

#[test]
fn limits_are_counted_in_characters() {
    let text = grant_text();
    let title = text.bent("Summer at the lake", &"ü".repeat(200));
    let both = title.replacen("For all of you", &"ü".repeat(4_000), 1);
    text.read(&both, true)
        .expect("200 and 4,000 characters are allowed");
}

#[test]
fn a_letter_by_another_than_its_from_is_refused() {
    let text = grant_text();
    let bent = text.json.replace(
        &format!("\"from\":\"{}\"", anna().fingerprint()),
        &format!("\"from\":\"{}\"", bob().fingerprint()),
    );
    refused(
        "signed_by_another",
        text.read(&bent, true),
        Code::Signature,
        "not signed by whom it is from",
    );
}

#[test]
fn only_introductions_travel_open() {
    let text = grant_text();
    refused(
        "an_open_grant",
        text.read(&text.json, false),
        Code::Unsupported,
        "that is not enveloped",
    );
    let receipt = Text::of(&header(anna(), Some(bob())), &refusal());
    refused(
        "an_open_receipt",
        receipt.read(&receipt.json, false),
        Code::Unsupported,
        "that is not enveloped",
    );
    let card = |to: Option<&Household>, names_people: bool| {
        let body = Body::Card(card_letter(names_people));
        Text::of(&header(anna(), to), &body)
    };
    let open = card(None, false);
    open.read(&open.json, false).expect("an open card");
    refused(
        "a_card_to_nobody_in_an_envelope",
        open.read(&open.json, true),
        Code::Addressee,
        "a card to nobody",
    );
    let people = card(None, true);
    refused(
        "an_open_card_with_stations",
        people.read(&people.json, false),
        Code::Unsupported,
        "names people",
    );
    let to_bob = card(Some(bob()), true);
    to_bob
        .read(&to_bob.json, true)
        .expect("a card to a contact");
    refused(
        "an_open_card_to_somebody",
        to_bob.read(&to_bob.json, false),
        Code::Unsupported,
        "that is not enveloped",
    );
}

fn card_letter(names_people: bool) -> CardLetter {
    let everyone = StationName::everyone();
    let word = Word {
        word: "oma".to_owned(),
        station: everyone.clone(),
    };
    CardLetter {
        versions: vec![Integer::new(1).expect("small")],
        name: "Anna's".to_owned(),
        mailbox: anna().mailbox(),
        certificates: anna()
            .card()
            .ders()
            .map(|der| Bytes(der.to_vec()))
            .collect(),
        stations: if names_people { vec![everyone] } else { vec![] },
        words: if names_people { vec![word] } else { vec![] },
        nonce: None,
    }
}

#[test]
fn lists_of_other_letters_have_no_entry_twice() {
    let card = Text::of(&header(anna(), Some(bob())), &Body::Card(card_letter(true)));
    let word = "{\"word\":\"oma\",\"station\":\"everyone\"}";
    let request = Text::of(
        &header(anna(), Some(bob())),
        &Body::PartRequest(PartRequest {
            share: SHARE.id,
            origin: anna().fingerprint(),
            parts: vec![Digest::of(b"x")],
            chain: vec![],
        }),
    );
    let part = format!("\"{}\"", Digest::of(b"x"));
    let twice = "a list entry stands twice";
    let table: Vec<(&str, &Text, &str, String, &str)> = vec![
        (
            "versions_twice",
            &card,
            "\"versions\":[1]",
            "\"versions\":[1,1]".into(),
            twice,
        ),
        (
            "no_versions",
            &card,
            "\"versions\":[1]",
            "\"versions\":[]".into(),
            "an empty list",
        ),
        (
            "stations_twice",
            &card,
            "[\"everyone\"]",
            "[\"everyone\",\"everyone\"]".into(),
            twice,
        ),
        ("words_twice", &card, word, format!("{word},{word}"), twice),
        (
            "parts_twice",
            &request,
            &part,
            format!("{part},{part}"),
            twice,
        ),
        ("no_parts", &request, &part, String::new(), "an empty list"),
        (
            "a_digest_too_short",
            &request,
            &part,
            format!("{}\"", &part[..40]),
            "is not a digest",
        ),
    ];
    for (name, text, from, to, words) in table {
        text.read(&text.json, true).expect("the good one is read");
        refused(
            name,
            text.read(&text.bent(from, &to), true),
            Code::Unsupported,
            words,
        );
    }
}

#[test]
fn a_refusal_has_no_chain() {
    let chain = vec![Bytes(vec![7])];
    let receipt = |state| {
        Body::Receipt(Receipt {
            share: SHARE.id,
            origin: anna().fingerprint(),
            state,
            reason: None,
            letter: None,
            chain: chain.clone(),
        })
    };
    let refusal = Text::of(
        &header(anna(), Some(bob())),
        &receipt(ReceiptState::Refused),
    );
    refused(
        "a_refusal_with_a_chain",
        refusal.read(&refusal.json, true),
        Code::Unsupported,
        "a refusal with a chain",
    );
}

/// As many entries, each with its number for `#`.
fn entries(n: usize, entry: &str) -> String {
    let all: Vec<String> = (0..n).map(|n| entry.replace('#', &n.to_string())).collect();
    all.join(",")
}

#[test]
fn lists_are_of_bounded_length() {
    let grant = grant_text();
    let card = Text::of(&header(anna(), Some(bob())), &Body::Card(card_letter(true)));
    let request = PartRequest {
        share: SHARE.id,
        origin: anna().fingerprint(),
        parts: vec![Digest::of(b"x")],
        chain: vec![],
    };
    let request = Text::of(&header(anna(), Some(bob())), &Body::PartRequest(request));
    let relay = {
        let from = grant.json.find("\"relay\":[").expect("a relay") + "\"relay\":[".len();
        let to = grant.json.find("],\"title\"").expect("its end");
        grant.json[from..to].to_owned()
    };
    let others = relay.replacen("\"mailbox\":\"", "\"mailbox\":\"no#.", 1);
    let digests = |n: usize| {
        let all = (0..n).map(|n| format!("\"{}\"", Digest::of(&n.to_be_bytes())));
        all.collect::<Vec<_>>().join(",")
    };
    let part = format!("\"{}\"", Digest::of(b"x"));
    let list = |text: String| move |n: usize| entries(n, &text);
    type Many<'a> = Box<dyn Fn(usize) -> String + 'a>;
    // Name, letter, what stands there, as many of them, the most.
    let table: Vec<(&str, &Text, &str, Many<'_>, usize)> = vec![
        (
            "stations",
            &grant,
            "{\"name\":\"bob\"",
            Box::new(|n| {
                let before = entries(n - 2, "{\"name\":\"p#\",\"rules\":{}}");
                format!("{before},{{\"name\":\"bob\"")
            }),
            256,
        ),
        (
            "stations_of_a_relay",
            &grant,
            "],\"sealed\":null",
            Box::new(|n| {
                let after = entries(n - 1, "{\"name\":\"p#\",\"rules\":{}}");
                format!(",{after}],\"sealed\":null")
            }),
            256,
        ),
        ("relay", &grant, &relay, Box::new(list(others)), 256),
        (
            "versions",
            &card,
            "\"versions\":[1]",
            Box::new(|n| format!("\"versions\":[{}]", entries(n, "#"))),
            64,
        ),
        (
            "stations_of_a_card",
            &card,
            "[\"everyone\"]",
            Box::new(|n| format!("[{}]", entries(n, "\"p#\""))),
            256,
        ),
        (
            "words",
            &card,
            "{\"word\":\"oma\",\"station\":\"everyone\"}",
            Box::new(list("{\"word\":\"w#\",\"station\":\"everyone\"}".into())),
            256,
        ),
        ("parts", &request, &part, Box::new(digests), 8_000),
    ];
    for (name, text, from, many, most) in table {
        let full = text.read(&text.bent(from, &many(most)), true);
        assert!(full.is_ok(), "{name}: {:?}", full.err());
        let words = format!("a list of more than {most} entries");
        let over = text.read(&text.bent(from, &many(most + 1)), true);
        refused(name, over, Code::Unsupported, &words);
    }
}
