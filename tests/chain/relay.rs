//! What a household may be asked to pass on, and that nothing it makes of that is more than what was asked.

use std::collections::BTreeMap;

use hearthpost::envelope::Id;
use hearthpost::message::grant::Bytes;
use hearthpost::message::relay::{Wish, brought_parts, ceiling, is_named_by_origin};
use hearthpost::message::{Code, Keys, Onward, expected_parts};
use hearthpost::rules::{Limits, Rules, Tier, parse_rules};
use proptest::prelude::*;

use crate::households::draft::{Draft, SHARE, item_keys, looking, onward, relay_to, station};
use crate::households::home;
use crate::{onward_of, refused};

/// A chain of two that asks its reader to hand a finished letter on to household 4.
fn handed_on() -> Draft {
    let mut draft = Draft::whole(2);
    let mut entry = relay_to(4, Tier::Original, Rules::default());
    entry.stations.clear();
    entry.sealed = Some(Bytes(b"only its reader opens it".to_vec()));
    draft.relay = vec![entry];
    draft
}

/// The same, where the reader itself is given nothing.
fn carried() -> Draft {
    let mut draft = Draft::whole(1);
    draft.relay = handed_on().relay;
    draft.steps[0].tier = Tier::About;
    draft.steps[0].onward = None;
    draft.keys = Keys::Items(BTreeMap::new());
    draft.stations.clear();
    draft
}

#[test]
fn finished_letter_gives_nothing_of_the_readers_and_so_is_not_bound_by_it() {
    let mut draft = handed_on();
    draft.steps[1].onward = None;
    draft.check().expect("passes");
    draft.relay[0].sealed = None;
    assert_eq!(draft.check().expect_err("refused").code, Code::Wider);
}

#[test]
fn grant_without_a_key_only_carries_finished_letters() {
    let words = "without a key";
    refused(&carried(), |d| d.relay.clear(), Code::Unsupported, words);
    let reads = |d: &mut Draft| d.stations = vec![station("bob", Rules::default())];
    refused(&carried(), reads, Code::Unsupported, words);
    let unsealed = |d: &mut Draft| {
        d.relay[0].sealed = None;
        d.relay[0].tier = Tier::About;
        d.steps[0].onward = onward(Tier::About, Rules::default());
    };
    refused(&carried(), unsealed, Code::Unsupported, words);
}

#[test]
fn finished_letter_brings_the_parts_that_go_along() {
    let grant = carried().check().expect("passes");
    let manifest = SHARE.manifest.manifest();
    assert!(expected_parts(manifest, &grant.grant, false).is_empty());
    let all = manifest.items.iter().flat_map(|item| item.tiers.values());
    let all = all.flat_map(|tier| tier.parts.iter().copied()).collect();
    assert_eq!(brought_parts(manifest, &grant.grant, false), all);
    let mut less = carried();
    less.relay[0].items = Some(vec![SHARE.items[0]]);
    less.relay[0].tier = Tier::Thumb;
    let grant = less.check().expect("passes");
    assert_eq!(
        brought_parts(manifest, &grant.grant, false).len(),
        2,
        "thumb and about"
    );
}

#[test]
fn relay_back_to_a_household_of_the_chain() {
    for household in [0, 1, 2] {
        let words = "back to a household of the chain";
        let same = |d: &mut Draft| d.relay = vec![relay_to(household, Tier::Thumb, looking(320))];
        refused(&Draft::whole(2), same, Code::Chain, words);
        let sealed = |d: &mut Draft| {
            same(d);
            d.relay[0].sealed = Some(Bytes(b"a letter".to_vec()));
        };
        refused(&Draft::whole(2), sealed, Code::Chain, words);
    }
}

#[test]
fn relay_of_a_fifth_step() {
    let mut draft = Draft::whole(4);
    draft.relay = vec![relay_to(6, Tier::Thumb, looking(320))];
    let refusal = draft.check().expect_err("refused");
    assert_eq!(
        (refusal.code, refusal.words.contains("5 steps")),
        (Code::Chain, true)
    );
    // A finished letter has its own chain.
    draft.relay[0].sealed = Some(Bytes(b"a letter".to_vec()));
    draft.check().expect("passes");
}

#[test]
fn relay_to_another_mailbox_than_the_certificate_names() {
    let elsewhere = |d: &mut Draft| d.relay[0].mailbox = home(5).mailbox();
    let words = "another mailbox";
    refused(&handed_on(), elsewhere, Code::Addressee, words);
    let mut draft = handed_on();
    draft.relay = vec![relay_to(4, Tier::Preview, looking(1280))];
    refused(&draft, elsewhere, Code::Addressee, words);
}

#[test]
fn only_who_the_origin_itself_names_takes_from_somebody_unknown() {
    let named = |to: &[usize]| {
        let mut draft = Draft::whole(3);
        let to = to.iter().map(|n| home(*n).fingerprint()).collect();
        onward_of(&mut draft, 1).to = Some(to);
        draft.steps[2].onward = None;
        draft
    };
    let me = home(3).fingerprint();
    let is_named = |draft: &Draft| {
        let grant = draft.check().expect("passes");
        is_named_by_origin(&grant.chain, me)
    };
    // The second step names it, and the origin nobody.
    assert!(!is_named(&named(&[3])));
    let mut by_origin = named(&[3]);
    onward_of(&mut by_origin, 0).to = Some([2, 3].map(|n| home(n).fingerprint()).into());
    assert!(is_named(&by_origin));
    assert!(!is_named_by_origin(
        &by_origin.chain(),
        home(2).fingerprint()
    ));
    assert!(!is_named_by_origin(
        &Draft::whole(1).chain(),
        home(1).fingerprint()
    ));
}

/// Rules of which some say the same, and some less than others.
fn some_rules() -> impl Strategy<Value = Rules> {
    prop::sample::select(vec![
        "display=1280",
        "display=1280,until=2028-01-01T00:00:00Z",
        "display=2048,watermark=yes",
        "display=2048,views=3",
        "display=full,store=full",
        "display=320,forward=yes",
        "display=1280,print=1280",
    ])
    .prop_map(|text| parse_rules(text).expect("rules"))
}

fn some_tier() -> impl Strategy<Value = Tier> {
    prop::sample::select(Tier::ALL.to_vec())
}

fn some_items() -> impl Strategy<Value = Option<Vec<Id>>> {
    prop::option::of((1usize..4).prop_map(|count| SHARE.items[..count].to_vec()))
}

fn some_wish() -> impl Strategy<Value = Wish> {
    let stations = prop::collection::vec(some_rules(), 1..=2);
    let same_tier = (some_tier(), prop::option::weighted(0.2, some_tier()));
    (stations, same_tier, some_items(), prop::bool::weighted(0.1)).prop_map(
        |(rules, (tier, other), items, further)| {
            let mut tiers: BTreeMap<Id, Tier> = BTreeMap::new();
            for id in items.as_deref().unwrap_or(&SHARE.items) {
                tiers.insert(*id, tier);
            }
            if let (Some(other), Some(first)) = (other, tiers.values_mut().next()) {
                *first = other;
            }
            let names = ["everyone", "bob"].into_iter().zip(rules);
            Wish {
                household: home(1).fingerprint(),
                items,
                tiers,
                stations: names.map(|(name, rules)| station(name, rules)).collect(),
                further,
            }
        },
    )
}

/// A relay and three others, of which some wish the same as the first.
fn some_order() -> impl Strategy<Value = (Wish, Vec<Wish>)> {
    let others = prop::collection::vec((some_wish(), any::<bool>()), 3);
    (some_wish(), others, prop::bool::weighted(0.7)).prop_map(|(own, others, has_all)| {
        let mut wishes: Vec<Wish> = Vec::new();
        for (n, (mut wish, as_before)) in others.into_iter().enumerate() {
            if let Some(first) = wishes.first().filter(|_| as_before) {
                wish = first.clone();
            }
            wish.household = home(n + 2).fingerprint();
            wishes.push(wish);
        }
        // A relay that is given what the first is, so that it is asked to make grants.
        let own = match (has_all, wishes.first()) {
            (true, Some(first)) => Wish {
                household: own.household,
                ..first.clone()
            },
            _ => own,
        };
        (own, wishes)
    })
}

/// What a dishonest relay makes of what it has.
#[derive(Debug, Clone)]
struct Made {
    to: usize,
    tier: Tier,
    items: Option<Vec<Id>>,
    key: Tier,
    stations: Vec<Rules>,
    further: Option<(Tier, Rules)>,
}

fn some_grant() -> impl Strategy<Value = Made> {
    let stations = prop::collection::vec(some_rules(), 1..=2);
    let further = prop::option::weighted(0.2, (some_tier(), some_rules()));
    (
        2usize..6,
        some_tier(),
        some_items(),
        some_tier(),
        stations,
        further,
    )
        .prop_map(|(to, tier, items, key, stations, further)| Made {
            to,
            tier,
            items,
            key,
            stations,
            further,
        })
}

/// The letter of a relay that was given `own` and may pass on within `ceiling`.
fn letter_of(own: &Wish, ceiling: &Onward, made: &Made) -> Draft {
    let mut draft = Draft::whole(2);
    let best = own.tiers.values().max().copied().unwrap_or(Tier::About);
    let first = &mut draft.steps[0];
    (first.tier, first.items) = (best, own.items.clone());
    first.onward = Some(ceiling.clone());
    let second = &mut draft.steps[1];
    (second.tier, second.items, second.to) = (made.tier, made.items.clone(), made.to);
    second.onward = made.further.as_ref().map(|(tier, rules)| Onward {
        tier: *tier,
        rules: rules.clone(),
        to: None,
    });
    (draft.to, draft.me) = (made.to, made.to);
    let items = made.items.clone().unwrap_or(SHARE.items.to_vec());
    draft.keys = item_keys(&items, made.key);
    let names = ["everyone", "carol"].into_iter().zip(&made.stations);
    draft.stations = names
        .map(|(name, rules)| station(name, rules.clone()))
        .collect();
    draft
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_that_a_relay_makes_and_a_destination_takes_is_more_than_what_was_asked(
        (own, others) in some_order(), made in prop::collection::vec(some_grant(), 4),
    ) {
        let Some(ceiling) = ceiling(&own, &others) else {
            return Ok(());
        };
        for made in made {
            let draft = letter_of(&own, &ceiling, &made);
            let Ok(taken) = draft.check() else {
                continue;
            };
            let me = home(made.to).fingerprint();
            prop_assert!(is_named_by_origin(&taken.chain, me));
            let wish = others.iter().find(|wish| wish.household == me).expect("somebody named");
            let permit = taken.permit().permit();
            prop_assert!(permit.onward.is_none());
            let given = permit.items.as_deref().unwrap_or(&SHARE.items);
            for id in given {
                prop_assert!(wish.tiers.get(id) >= Some(&permit.tier));
            }
            let all = wish.stations.iter().find(|one| one.name.is_everyone()).expect("everyone");
            for station in &taken.grant.stations {
                prop_assert!(station.rules.within(&all.rules));
            }
        }
    }

    #[test]
    fn what_was_asked_can_be_made((own, others) in some_order()) {
        let Some(ceiling) = ceiling(&own, &others) else {
            return Ok(());
        };
        for (n, wish) in others.iter().enumerate() {
            if !ceiling.to.as_ref().is_some_and(|to| to.contains(&wish.household)) {
                continue;
            }
            let made = Made {
                to: n + 2,
                tier: ceiling.tier,
                items: wish.items.clone(),
                key: ceiling.tier,
                stations: vec![wish.stations[0].rules.clone()],
                further: None,
            };
            prop_assert!(letter_of(&own, &ceiling, &made).check().is_ok());
        }
    }
}

#[test]
fn relay_makes_grants_for_those_who_are_to_have_what_it_has() {
    let tiers = |tier| SHARE.items.iter().map(|id| (*id, tier)).collect();
    let wish = |n: usize, tier, text: &str| Wish {
        household: home(n).fingerprint(),
        items: None,
        tiers: tiers(tier),
        stations: vec![station("everyone", parse_rules(text).expect("rules"))],
        further: false,
    };
    let own = wish(1, Tier::Preview, "display=1280");
    let others = [
        wish(2, Tier::Preview, "display=1280"),
        wish(3, Tier::Original, "display=full,store=full"),
        wish(4, Tier::Preview, "display=1280"),
        wish(5, Tier::Preview, "display=640"),
    ];
    let found = ceiling(&own, &others).expect("some are to have the same");
    assert_eq!(
        found.to,
        Some(vec![home(2).fingerprint(), home(4).fingerprint()])
    );
    assert_eq!(found.tier, Tier::Preview);
    let edge = |edge| Limits {
        max_edge: Some(edge),
        ..Limits::default()
    };
    assert_eq!(found.rules.display, Some(edge(1280)));
    // Who is to have more, or is named by name, gets a letter that the relay cannot open.
    assert!(ceiling(&own, &others[1..2]).is_none());
    let mut by_name = others[0].clone();
    by_name.stations[0].name = "bob".parse().expect("a station");
    assert!(ceiling(&own, &[by_name]).is_none());
}
