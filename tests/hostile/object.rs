//! Manifests, permits and revocations whose JSON has one fault each, signed as if nothing were wrong.

use hearthpost::envelope::{Digest, sign};
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
    let forged =
        SignedRevocation::verify(&signed(&json)).expect_err("signed by another than its from");
    assert_eq!(forged.code, Code::Signature);
}
