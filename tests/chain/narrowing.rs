//! Check 3: each permit only narrows. One widening each, in a chain of three that passes without it.

use hearthpost::encoding::Period;
use hearthpost::message::{Code, SignedPermit};
use hearthpost::rules::{Rules, Tier};

use crate::households::draft::{Draft, SHARE, item_keys, looking};
use crate::households::{home, now};
use crate::{named, onward_of, refused, three};

#[test]
fn wider_tier_at_step_2() {
    refused(
        &three(),
        |d| d.steps[1].tier = Tier::Original,
        Code::Wider,
        "step 2 of the chain gives a better tier",
    );
}

#[test]
fn onward_tier_above_its_own_at_step_1() {
    refused(
        &three(),
        |d| d.steps[0].tier = Tier::Thumb,
        Code::Wider,
        "step 1 of the chain lets a better tier travel on than it gives",
    );
}

#[test]
fn better_tier_at_step_3_than_step_2_lets_travel_on() {
    let mut draft = three();
    onward_of(&mut draft, 0).tier = Tier::Preview;
    onward_of(&mut draft, 1).tier = Tier::Thumb;
    draft.steps[2].tier = Tier::Thumb;
    onward_of(&mut draft, 2).tier = Tier::Thumb;
    draft.keys = item_keys(&SHARE.items, Tier::Thumb);
    let fault = |d: &mut Draft| {
        d.steps[2].tier = Tier::Preview;
        onward_of(d, 2).tier = Tier::Preview;
    };
    refused(
        &draft,
        fault,
        Code::Wider,
        "step 3 of the chain gives a better tier",
    );
}

#[test]
fn not_to_be_passed_on_at_step_2() {
    refused(
        &three(),
        |d| d.steps[1].onward = None,
        Code::Wider,
        "step 3 of the chain passes on what may not be passed on",
    );
}

#[test]
fn further_step_without_forward_at_step_1() {
    refused(
        &three(),
        |d| onward_of(d, 0).rules.forward = false,
        Code::Wider,
        "step 2 of the chain allows a further step",
    );
}

#[test]
fn items_beyond_the_parents_at_step_2() {
    refused(
        &named(),
        |d| d.steps[1].items = Some(SHARE.items.to_vec()),
        Code::Wider,
        "step 2 of the chain gives items",
    );
    refused(
        &named(),
        |d| d.steps[1].items = None,
        Code::Wider,
        "step 2 of the chain gives items",
    );
}

#[test]
fn household_that_the_step_before_does_not_name() {
    let fault = |d: &mut Draft| {
        onward_of(d, 1).to = Some(vec![home(4).fingerprint(), home(5).fingerprint()]);
        onward_of(d, 2).to = Some(vec![home(4).fingerprint()]);
    };
    refused(
        &named(),
        fault,
        Code::Wider,
        "step 3 of the chain is for a household",
    );
}

#[test]
fn households_added_at_step_2() {
    let add = |d: &mut Draft| {
        onward_of(d, 1)
            .to
            .as_mut()
            .expect("a list")
            .push(home(6).fingerprint())
    };
    refused(
        &named(),
        add,
        Code::Wider,
        "step 2 of the chain names households",
    );
    refused(
        &named(),
        |d| onward_of(d, 1).to = None,
        Code::Wider,
        "step 2 of the chain names households",
    );
}

#[test]
fn wider_onward_rules_at_step_2() {
    let rules = [
        looking(2049),
        Rules {
            print: looking(300).display,
            ..looking(2048)
        },
        Rules {
            store: looking(300).display,
            ..looking(2048)
        },
        Rules {
            display: Some(Default::default()),
            ..looking(2048)
        },
    ];
    for rules in rules {
        refused(
            &three(),
            |d| onward_of(d, 1).rules = rules,
            Code::Wider,
            "step 2 of the chain lets wider rules",
        );
    }
    let mut bound = three();
    for step in 0..3 {
        let rules = &mut onward_of(&mut bound, step).rules;
        (rules.not_after, rules.views) = (Some(now().plus_seconds(100)), Some(3));
    }
    bound.stations[0].rules = onward_of(&mut bound, 0).rules.clone();
    let wider = "step 2 of the chain lets wider rules";
    refused(
        &bound,
        |d| onward_of(d, 1).rules.not_after = Some(now().plus_seconds(101)),
        Code::Wider,
        wider,
    );
    refused(
        &bound,
        |d| onward_of(d, 1).rules.not_after = None,
        Code::Wider,
        wider,
    );
    refused(
        &bound,
        |d| onward_of(d, 1).rules.views = Some(4),
        Code::Wider,
        wider,
    );
}

#[test]
fn period_in_onward() {
    let mut draft = three();
    onward_of(&mut draft, 2).rules.period = Period::from_days(7);
    let step = draft.steps[2].clone();
    let json = serde_json::to_string(three().chain()[2].permit()).expect("JSON");
    let bent = json.replace("\"forward\":{}", "\"forward\":{},\"period\":\"P7D\"");
    assert_ne!(json, bent);
    let signed = hearthpost::envelope::sign(&home(step.signer).identity, bent.as_bytes(), now())
        .expect("signed");
    let refusal = SignedPermit::verify(&signed).expect_err("refused");
    assert!(refusal.words.contains("a period in onward"), "{refusal}");
}
