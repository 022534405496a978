//! Grants that were passed on, at the door of the third household: each wrong in one thing, refused with its code, and
//! nothing else changes.

use crate::house::road::{A, B, C, D, Draft, RULES, Road, rules};
use crate::tree::{add_unsigned_attribute, bent};
use hearthpost::envelope::{ContentKey, Digest, Id};
use hearthpost::message::{Code, Keys, Onward, SignedPermit};
use hearthpost::rules::Tier;

fn refused_with(code: Code, bend: impl FnOnce(&mut Draft, &Road)) {
    let mut road = Road::new();
    let mut draft = road.draft();
    bend(&mut draft, &road);
    let mail = road.mail(draft);
    road.refuses("bent", &mail, code);
    road.honest_is_taken();
}

/// As [`refused_with`], with the signed permits bent.
fn refused_signed(code: Code, bend: impl FnOnce(&mut Vec<Vec<u8>>, &Road)) {
    let mut road = Road::new();
    let mail = road.mail_bent(road.draft(), |chain| bend(chain, &road));
    road.refuses("bent", &mail, code);
    road.honest_is_taken();
}

fn onward(draft: &mut Draft, step: usize) -> &mut Onward {
    draft.steps[step].permit.onward.as_mut().expect("onward")
}

/// Limits with each rule wider by itself than the other: (what the step before lets travel on, what is sent).
fn wider() -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut sent = |from: &str, to: &str| {
        assert!(RULES.contains(from));
        pairs.push((RULES.to_owned(), RULES.replace(from, to)));
    };
    sent("display=1280", "display=1281");
    sent("display=1280", "display=full");
    sent("print=1024", "print=1025");
    sent("print=1024", "print=full");
    sent("store=800", "store=801");
    sent("store=800", "store=full");
    sent("watermark=yes", "watermark=no");
    sent("excerpt=yes", "excerpt=no");
    sent("from=2027-01-01T00:00:00Z", "from=2026-12-31T23:59:59Z");
    sent("from=2027-01-01T00:00:00Z,", "");
    sent("until=2028-01-01T00:00:00Z", "until=2028-01-01T00:00:01Z");
    sent("until=2028-01-01T00:00:00Z,", "");
    sent("views=5", "views=6");
    sent(",views=5", "");
    for action in ["display=1280,", "print=1024,", "store=800,"] {
        pairs.push((RULES.replace(action, ""), RULES.to_owned()));
    }
    pairs.push((RULES.to_owned(), format!("{RULES},forward=yes")));
    pairs
}

#[test]
fn honest_letter_over_two_steps_and_over_four_is_taken() {
    let mut road = Road::new();
    road.honest_is_taken();
    let further = format!("{RULES},forward=yes");
    let mut road = Road::new();
    let steps = vec![
        road.step(A, 5, Tier::Original, Some(&further)),
        road.step(5, 4, Tier::Preview, Some(&further)),
        road.step(4, B, Tier::Preview, Some(&further)),
        road.step(B, C, Tier::Preview, None),
    ];
    let mail = road.mail(road.along(steps));
    road.takes(&mail);
}

#[test]
fn onward_dropped_by_the_step_before() {
    refused_with(Code::Wider, |draft, _| draft.steps[0].permit.onward = None);
}

#[test]
fn each_rule_of_a_person_wider_than_may_travel_on() {
    let mut road = Road::new();
    for (allowed, sent) in wider() {
        let mut draft = road.draft();
        onward(&mut draft, 0).rules = rules(&allowed);
        draft.stations[0].rules = rules(&sent);
        let mail = road.mail(draft);
        road.refuses(&format!("{sent} below {allowed}"), &mail, Code::Wider);
    }
    road.honest_is_taken();
}

#[test]
fn each_rule_that_travels_on_wider_than_the_step_before() {
    let mut road = Road::new();
    for (allowed, sent) in wider() {
        if sent.contains("forward") {
            // That is a further step where none is allowed; it has a test of its own.
            continue;
        }
        let mut draft = road.draft();
        onward(&mut draft, 0).rules = rules(&format!("{allowed},forward=yes"));
        draft.steps[1].permit.onward = Some(Onward {
            tier: Tier::Preview,
            rules: rules(&sent),
            to: None,
        });
        draft.stations[0].rules = rules(&allowed);
        let mail = road.mail(draft);
        road.refuses(&format!("{sent} after {allowed}"), &mail, Code::Wider);
    }
    road.honest_is_taken();
}

#[test]
fn further_step_where_none_is_allowed() {
    refused_with(Code::Wider, |draft, _| {
        draft.steps[1].permit.onward = Some(Onward {
            tier: Tier::Preview,
            rules: rules(RULES),
            to: None,
        });
    });
}

#[test]
fn tier_raised() {
    refused_with(Code::Wider, |draft, _| {
        draft.steps[1].permit.tier = Tier::Original;
    });
}

#[test]
fn better_tier_travels_on_than_the_permit_gives() {
    refused_with(Code::Wider, |draft, _| {
        draft.steps[0].permit.tier = Tier::Thumb;
    });
}

#[test]
fn better_tier_travels_on_than_the_step_before_lets() {
    refused_with(Code::Wider, |draft, _| {
        onward(draft, 0).rules = rules(&format!("{RULES},forward=yes"));
        onward(draft, 0).tier = Tier::Thumb;
        draft.steps[1].permit.tier = Tier::Thumb;
        draft.steps[1].permit.onward = Some(Onward {
            tier: Tier::Preview,
            rules: rules(RULES),
            to: None,
        });
    });
}

#[test]
fn items_added() {
    refused_with(Code::Wider, |draft, road| {
        draft.steps[0].permit.items = Some(vec![road.item(0)]);
        draft.steps[1].permit.items = Some(vec![road.item(0), road.item(1)]);
        draft.keys = Keys::Items([road.key(0, Tier::Preview)].into());
    });
}

#[test]
fn all_items_where_some_were_given() {
    refused_with(Code::Wider, |draft, road| {
        draft.steps[0].permit.items = Some(vec![road.item(0)]);
        draft.keys = Keys::Items([road.key(0, Tier::Preview)].into());
    });
}

#[test]
fn household_that_the_step_before_does_not_name() {
    refused_with(Code::Wider, |draft, road| {
        onward(draft, 0).to = Some(vec![road.me(D)]);
    });
}

#[test]
fn households_added_for_the_next_step() {
    refused_with(Code::Wider, |draft, road| {
        onward(draft, 0).rules = rules(&format!("{RULES},forward=yes"));
        onward(draft, 0).to = Some(vec![road.me(C), road.me(D)]);
        draft.steps[1].permit.onward = Some(Onward {
            tier: Tier::Preview,
            rules: rules(RULES),
            to: Some(vec![road.me(D), road.me(4)]),
        });
    });
}

#[test]
fn key_above_the_permit() {
    refused_with(Code::Wider, |draft, road| {
        let keys = [road.key(0, Tier::Original), road.key(1, Tier::Preview)];
        draft.keys = Keys::Items(keys.into());
    });
}

#[test]
fn key_of_an_item_that_was_not_passed_on() {
    refused_with(Code::Wider, |draft, road| {
        draft.steps[1].permit.items = Some(vec![road.item(0)]);
    });
}

#[test]
fn key_of_the_whole_share() {
    refused_with(Code::Wider, |draft, _| {
        draft.keys = Keys::Share(ContentKey::random());
    });
}

#[test]
fn step_that_names_another_parent() {
    refused_with(Code::Chain, |draft, _| {
        draft.steps[1].permit.parent = Some(Digest::of(b"another"));
    });
}

#[test]
fn step_left_out() {
    let mut road = Road::new();
    let further = format!("{RULES},forward=yes");
    let steps = vec![
        road.step(A, D, Tier::Original, Some(&further)),
        road.step(D, B, Tier::Preview, Some(RULES)),
        road.step(B, C, Tier::Preview, None),
    ];
    let mail = road.mail_bent(road.along(steps), |chain| drop(chain.remove(1)));
    road.refuses("a gap", &mail, Code::Chain);
    road.honest_is_taken();
}

#[test]
fn first_step_left_out() {
    refused_signed(Code::Chain, |chain, _| drop(chain.remove(0)));
}

#[test]
fn step_of_another_share() {
    refused_with(Code::Chain, |draft, _| {
        draft.steps[1].permit.share = Id::random();
    });
}

#[test]
fn step_with_another_manifest() {
    refused_with(Code::Chain, |draft, _| {
        draft.steps[1].permit.manifest = Digest::of(b"another");
    });
}

#[test]
fn origins_permit_made_by_the_forwarder() {
    // Signed by `b`, so it is from `b`, which is not the origin.
    refused_with(Code::Chain, |draft, _| draft.steps[0].by = B);
}

#[test]
fn forwarder_that_answers_for_another() {
    let mut road = Road::new();
    let mut draft = road.draft();
    // `d` sends on what `b` gave, as if it were its own to give.
    draft.signer = D;
    draft.header = road.houses[D].header(&road.houses[C]);
    let mail = road.mail(draft);
    road.refuses("by d", &mail, Code::Signature);
    road.honest_is_taken();
}

#[test]
fn permit_for_another_household() {
    refused_with(Code::Addressee, |draft, road| {
        draft.steps[1].permit.to = road.me(D);
    });
}

#[test]
fn copy_that_was_meant_for_another_household_and_signed_by_it() {
    let mut road = Road::new();
    let steps = vec![
        road.step(A, B, Tier::Original, Some(RULES)),
        road.step(B, D, Tier::Preview, None),
        road.step(D, C, Tier::Preview, None),
    ];
    let mail = road.mail(road.along(steps));
    road.refuses("d may not", &mail, Code::Wider);
    road.honest_is_taken();
}

#[test]
fn chain_that_comes_back_to_the_door_and_to_its_origin() {
    let mut road = Road::new();
    let further = format!("{RULES},forward=yes");
    let all = Some(further.as_str());
    let ways: [&[(usize, usize)]; 3] = [
        &[(A, C), (C, B), (B, C)],
        &[(A, B), (B, A), (A, B), (B, C)],
        &[(A, B), (B, B), (B, C)],
    ];
    for way in ways {
        let steps = way.iter().map(|&(by, to)| {
            let onward = if to == C && by == B { None } else { all };
            let tier = if by == A {
                Tier::Original
            } else {
                Tier::Preview
            };
            road.step(by, to, tier, onward)
        });
        let mail = road.mail(road.along(steps.collect()));
        road.refuses(&format!("{way:?}"), &mail, Code::Chain);
    }
    road.honest_is_taken();
}

#[test]
fn own_share_that_comes_back() {
    let mut road = Road::new();
    let (a, c) = (road.me(A), road.me(C));
    road.made.manifest.origin = c;
    let manifest = road.made.manifest.clone();
    let signed = hearthpost::message::SignedManifest::sign(manifest, road.houses[C].identity());
    road.manifest = signed.expect("signed");
    let mut draft = road.draft();
    for step in &mut draft.steps {
        step.permit.origin = c;
    }
    draft.steps[0].by = C;
    let mail = road.mail(draft);
    road.refuses("its own", &mail, Code::Chain);
    // The same by another origin is as good as any.
    road.made.manifest.origin = a;
    let manifest = road.made.manifest.clone();
    let signed = hearthpost::message::SignedManifest::sign(manifest, road.houses[A].identity());
    road.manifest = signed.expect("signed");
    road.honest_is_taken();
}

#[test]
fn five_steps() {
    let mut road = Road::new();
    let further = format!("{RULES},forward=yes");
    let all = Some(further.as_str());
    let steps = vec![
        road.step(A, D, Tier::Original, all),
        road.step(D, 4, Tier::Preview, all),
        road.step(4, 5, Tier::Preview, all),
        road.step(5, B, Tier::Preview, all),
        road.step(B, C, Tier::Preview, None),
    ];
    let mail = road.mail(road.along(steps));
    road.refuses("five", &mail, Code::Chain);
    road.honest_is_taken();
}

#[test]
fn permit_with_any_one_byte_of_its_content_flipped() {
    let mut road = Road::new();
    let signed = road.sign(road.draft().steps);
    let content = SignedPermit::verify(&signed[0]).expect("good");
    let json = serde_json::to_vec(content.permit()).expect("JSON");
    let at = signed[0].windows(json.len()).position(|part| part == json);
    let at = at.expect("the JSON lies in the object as it is");
    for offset in [1, json.len() / 3, json.len() / 2, json.len() - 2] {
        let mail = road.mail_bent(road.draft(), |chain| chain[0][at + offset] ^= 1);
        road.refuses(&format!("byte {offset}"), &mail, Code::Signature);
    }
    road.honest_is_taken();
}

#[test]
fn permit_with_unsigned_attributes() {
    refused_signed(Code::Unsupported, |chain, _| {
        chain[0] = bent(&chain[0], add_unsigned_attribute);
    });
}
