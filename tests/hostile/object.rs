//! Manifests, permits and revocations whose JSON has one fault each, signed as if nothing were wrong.

use hearthpost::envelope::{Digest, Id, sign};
use hearthpost::message::{Code, SignedManifest, SignedPermit, SignedRevocation};

use crate::households::draft::{Draft, SHARE};
use crate::households::{anna, bob, now};

#[test]
fn a_manifest_with_one_fault_is_refused() {
    let good = serde_json::to_string(SHARE.manifest.manifest()).expect("JSON");
    let verify = |json: &str| {
        SignedManifest::verify(&sign(&anna().identity, json.as_bytes(), now()).expect("signed"))
    };
    verify(&good).expect("the good one is read");
    let [first, second, ..] = SHARE.items.map(|id| id.to_string());
    let part = |text: &str| {
        text.split('"')
            .find(|piece| piece.len() == 64 && *piece != anna().fingerprint().to_string())
            .expect("a digest")
            .to_owned()
    };
    let (one, other) = (
        part(&good),
        part(&good[good.find("\"preview\"").expect("a preview")..]),
    );
    let table: Vec<(&str, String, Code, &str)> = vec![
        (
            "an_item_twice",
            good.replacen(&second, &first, 1),
            Code::Manifest,
            "stands twice",
        ),
        (
            "a_part_twice",
            good.replacen(&other, &one, 1),
            Code::Manifest,
            "stands twice",
        ),
        (
            "an_item_without_original",
            good.replacen("\"original\"", "\"thumb2\"", 1),
            Code::Unsupported,
            "unknown variant",
        ),
        (
            "a_tier_twice",
            good.replacen("\"preview\"", "\"original\"", 1),
            Code::Unsupported,
            "stands twice",
        ),
        (
            "a_part_too_few",
            good.replacen("\"size\":10", "\"size\":4194305", 1),
            Code::Manifest,
            "has not 2 parts",
        ),
        (
            "a_part_too_many",
            good.replacen("\"size\":10", "\"size\":0", 1),
            Code::Manifest,
            "has not 0 parts",
        ),
        (
            "a_size_beyond_counting",
            good.replacen("\"size\":10", "\"size\":9007199254740991", 1),
            Code::Manifest,
            "has not 2147483648 parts",
        ),
        (
            "an_unknown_kind",
            good.replacen("\"picture\"", "\"painting\"", 1),
            Code::Unsupported,
            "unknown variant",
        ),
        (
            "no_items",
            format!(
                "{}\"items\":[]}}",
                &good[..good.find("\"items\"").expect("items")]
            ),
            Code::Manifest,
            "0 items",
        ),
        (
            "another_type",
            good.replacen("\"manifest\"", "\"permit\"", 1),
            Code::Unsupported,
            "unknown variant",
        ),
        (
            "another_origin",
            good.replacen(
                &anna().fingerprint().to_string(),
                &bob().fingerprint().to_string(),
                1,
            ),
            Code::Signature,
            "not signed by its origin",
        ),
    ];
    for (name, json, code, words) in table {
        assert_ne!(json, good, "{name}");
        let refusal = verify(&json).expect_err(name);
        assert_eq!(refusal.code, code, "{name}: {refusal}");
        assert!(refusal.words.contains(words), "{name}: {refusal}");
    }
}

#[test]
fn a_permit_or_revocation_with_one_fault_is_refused() {
    let permit = serde_json::to_string(Draft::whole(1).chain()[0].permit()).expect("JSON");
    let signed = |json: &str| sign(&anna().identity, json.as_bytes(), now()).expect("signed");
    SignedPermit::verify(&signed(&permit)).expect("the good one is read");
    let id = SHARE.items[0];
    for (name, from, to) in [
        ("no_items", "\"items\":null", "\"items\":[]".to_owned()),
        (
            "an_item_twice",
            "\"items\":null",
            format!("\"items\":[\"{id}\",\"{id}\"]"),
        ),
        ("no_households", "\"to\":null", "\"to\":[]".to_owned()),
        ("onward_left_out", "\"onward\":{", "\"x\":{".to_owned()),
        ("parent_left_out", ",\"parent\":null", String::new()),
        ("an_unknown_field", "{", "{\"key\":\"x\",".to_owned()),
        (
            "another_type",
            "\"type\":\"permit\"",
            "\"type\":\"manifest\"".to_owned(),
        ),
    ] {
        let bent = permit.replacen(from, &to, 1);
        assert_ne!(bent, permit, "{name}");
        assert_eq!(
            SignedPermit::verify(&signed(&bent)).expect_err(name).code,
            Code::Unsupported,
            "{name}"
        );
    }
    // Who is not the origin may end one permit, never the share.
    let by_bob = |permit| {
        SignedRevocation::sign(
            (anna().fingerprint(), SHARE.id),
            permit,
            now(),
            &bob().identity,
        )
    };
    let whole = by_bob(None).expect("signed");
    assert_eq!(
        SignedRevocation::verify(whole.der())
            .expect_err("refused")
            .code,
        Code::Signature
    );
    let one = by_bob(Some(Digest::of(b"x"))).expect("signed");
    SignedRevocation::verify(one.der()).expect("one permit may be ended");
    let json = serde_json::to_string(one.revocation()).expect("JSON");
    let wide = json.replacen('{', &format!("{{{}", " ".repeat(16 * 1024)), 1);
    let by_bob = sign(&bob().identity, wide.as_bytes(), now()).expect("signed");
    let refusal = SignedRevocation::verify(&by_bob).expect_err("wide");
    assert_eq!(refusal.code, Code::Unsupported);
    assert!(refusal.words.contains("more than 16 KiB"), "{refusal}");
    let forged =
        SignedRevocation::verify(&signed(&json)).expect_err("signed by another than its from");
    assert_eq!(forged.code, Code::Signature);
}

#[test]
fn the_lists_and_the_length_of_a_permit_are_bounded() {
    let permit = serde_json::to_string(Draft::whole(1).chain()[0].permit()).expect("JSON");
    let read = |json: &str| {
        SignedPermit::verify(&sign(&anna().identity, json.as_bytes(), now()).expect("signed"))
    };
    let list = |entries: Vec<String>| format!("[\"{}\"]", entries.join("\",\""));
    let items = |n: usize| {
        let ids = (0..n).map(|_| Id::random().to_string()).collect();
        permit.replacen("\"items\":null", &format!("\"items\":{}", list(ids)), 1)
    };
    let with_to = |json: &str, n: usize| {
        let one = |i: usize| Digest::of(&i.to_be_bytes()).to_string();
        let to = format!("\"to\":{}", list((0..n).map(one).collect()));
        json.replacen("\"to\":null", &to, 1)
    };
    let padded = |json: &str, len: usize| {
        let more = len
            - sign(&anna().identity, json.as_bytes(), now())
                .expect("signed")
                .len();
        json.replacen('{', &format!("{{{}", " ".repeat(more)), 1)
    };
    // The longest that can be meant, and the longest that is read.
    read(&with_to(&items(2_000), 256)).expect("the longest lists are read");
    let longest = 128 * 1024;
    let der = |json: &str| sign(&anna().identity, json.as_bytes(), now()).expect("signed");
    // A signature in DER is of one of a few lengths; some bytes off the edge are on neither side of it by chance.
    let (below, above) = (padded(&permit, longest - 8), padded(&permit, longest + 8));
    assert!(der(&below).len() <= longest && der(&above).len() > longest);
    read(&below).expect("128 KiB are read");
    for (name, json, words) in [
        ("items", items(2_001), "for 2001 items"),
        ("to", with_to(&permit, 257), "257 households"),
        ("spaces", above, "more than 128 KiB"),
    ] {
        assert_ne!(json, permit, "{name}");
        let refusal = read(&json).expect_err(name);
        assert_eq!(refusal.code, Code::Unsupported, "{name}: {refusal}");
        assert!(refusal.words.contains(words), "{name}: {refusal}");
    }
}
