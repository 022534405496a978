//! Random chains that only narrow pass; one random widening is refused with exactly its code.

use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Digest, Fingerprint, Id};
use hearthpost::message::{Code, Keys, Onward, expected_parts};
use hearthpost::rules::{Kind, Limits, Rules, Tier, needed_tier, wanted_tier};
use proptest::prelude::*;

use crate::households::draft::{Draft, SHARE, item_keys, looking, manifest_of, relay_to, station};
use crate::households::{home, now};

fn limits() -> impl Strategy<Value = Option<Limits>> {
    let edge = prop::option::of(prop::sample::select(vec![100u64, 320, 1280, 2048, 4000]));
    prop::option::of((edge, any::<bool>(), any::<bool>()).prop_map(
        |(max_edge, watermark, excerpt)| Limits {
            max_edge,
            watermark,
            excerpt,
        },
    ))
}

/// Rules whose windows always overlap, so that a meet of several never ends up as nothing.
fn rules() -> impl Strategy<Value = Rules> {
    let time = |from: i64| prop::option::of((from..from + 400).prop_map(Timestamp::from_unix));
    (
        limits(),
        limits(),
        limits(),
        time(0),
        time(500),
        prop::option::of(1u64..9),
    )
        .prop_map(
            |(display, print, store, not_before, not_after, views)| Rules {
                display: display.or(Some(Limits::default())),
                print,
                store,
                not_before,
                not_after,
                views,
                ..Rules::default()
            },
        )
}

fn tier() -> impl Strategy<Value = Tier> {
    prop::sample::select(Tier::ALL.to_vec())
}

/// What one household narrows when it passes a share on.
#[derive(Debug, Clone)]
struct Narrowing {
    tier: Tier,
    onward_tier: Tier,
    rules: Rules,
    /// Bit n: item n stays; no bit at all: whatever the step before gave.
    items: u8,
    names_households: bool,
}

fn narrowing() -> impl Strategy<Value = Narrowing> {
    (tier(), tier(), rules(), 0u8..16, any::<bool>()).prop_map(
        |(tier, onward_tier, rules, items, names_households)| Narrowing {
            tier,
            onward_tier,
            rules,
            items,
            names_households,
        },
    )
}

/// A chain that only narrows, with keys, stations and a relay within it.
fn narrowing_draft() -> impl Strategy<Value = Draft> {
    (
        prop::collection::vec(narrowing(), 1..=4),
        any::<bool>(),
        any::<bool>(),
        rules(),
        tier(),
    )
        .prop_map(|(steps, last_onward, whole_key, station_rules, key_tier)| {
            let mut draft = Draft::whole(steps.len());
            narrow(&mut draft, &steps, last_onward);
            let last = draft.steps.last().expect("a step").clone();
            let items = last.items.clone().unwrap_or(SHARE.items.to_vec());
            draft.keys = match whole_key && last.items.is_none() && last.tier == Tier::Original {
                true => Keys::Share(SHARE.key.clone()),
                false => item_keys(&items, key_tier.min(last.tier)),
            };
            let ancestors = &draft.steps[..draft.steps.len() - 1];
            let all = ancestors.iter().filter_map(|step| step.onward.as_ref());
            let mut rules = all.fold(station_rules, |rules, onward| rules.meet(&onward.rules));
            draft.stations = vec![station("everyone", rules.clone())];
            // Past the fourth step nobody can be asked to pass it on.
            if let Some(onward) = last.onward.as_ref().filter(|_| steps.len() < 4) {
                rules = rules.meet(&onward.rules);
                draft.relay = vec![relay_to(6, onward.tier.min(key_tier), rules)];
                draft.relay[0].items.clone_from(&last.items);
            }
            draft
        })
}

fn narrow(draft: &mut Draft, steps: &[Narrowing], last_onward: bool) {
    let last = steps.len() - 1;
    let mut ceiling: Option<(Onward, Option<Vec<Id>>)> = None;
    for (n, (step, narrowing)) in draft.steps.iter_mut().zip(steps).enumerate() {
        let (above, items) = match &ceiling {
            Some((onward, items)) => (Some(onward), items.clone()),
            None => (None, None),
        };
        step.tier = above.map_or(narrowing.tier, |onward| narrowing.tier.min(onward.tier));
        let given = items.clone().unwrap_or(SHARE.items.to_vec());
        let kept: Vec<Id> = (0..4)
            .filter(|bit| narrowing.items & 1 << bit != 0)
            .map(|bit| SHARE.items[bit])
            .collect();
        let kept: Vec<Id> = kept.into_iter().filter(|id| given.contains(id)).collect();
        step.items = if kept.is_empty() { items } else { Some(kept) };
        // A step may let others pass it on only where the one before has `forward`.
        let has_onward = n < last || last_onward;
        let child_has_onward = n + 1 < last || (n + 1 == last && last_onward);
        let mut rules = narrowing.rules.clone();
        rules.forward = child_has_onward;
        let rules = above.map_or(rules.clone(), |onward| rules.meet(&onward.rules));
        let named: Vec<Fingerprint> = (n + 2..7)
            .map(|household| home(household).fingerprint())
            .collect();
        let names = narrowing.names_households || above.is_some_and(|onward| onward.to.is_some());
        step.onward = has_onward.then(|| Onward {
            tier: above
                .map_or(step.tier, |onward| step.tier.min(onward.tier))
                .min(narrowing.onward_tier),
            rules,
            to: names.then_some(named),
        });
        ceiling = step
            .onward
            .clone()
            .map(|onward| (onward, step.items.clone()));
    }
}

/// What is widened or broken.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    BetterTier,
    BetterOnwardTier,
    MoreItems,
    WiderOnwardRules,
    MoreHouseholds,
    NotPassedOn,
    NoForward,
    FivePermits,
    Loop,
    Parent,
    OtherShare,
    OtherOrigin,
    OtherManifest,
    ManifestOfAnother,
    Signer,
    KeyAbovePermit,
    KeyOutsidePermit,
    ShareKey,
    WiderStation,
    RelayTier,
    RelayItems,
    RelayHousehold,
    RelayRules,
    RelayWithoutOnward,
    NotForMe,
    OuterSigner,
    TooOld,
    Ahead,
}

const FAULTS: [(Fault, Code); 28] = [
    (Fault::BetterTier, Code::Wider),
    (Fault::BetterOnwardTier, Code::Wider),
    (Fault::MoreItems, Code::Wider),
    (Fault::WiderOnwardRules, Code::Wider),
    (Fault::MoreHouseholds, Code::Wider),
    (Fault::NotPassedOn, Code::Wider),
    (Fault::NoForward, Code::Wider),
    (Fault::FivePermits, Code::Chain),
    (Fault::Loop, Code::Chain),
    (Fault::Parent, Code::Chain),
    (Fault::OtherShare, Code::Chain),
    (Fault::OtherOrigin, Code::Chain),
    (Fault::OtherManifest, Code::Chain),
    (Fault::ManifestOfAnother, Code::Manifest),
    (Fault::Signer, Code::Chain),
    (Fault::KeyAbovePermit, Code::Wider),
    (Fault::KeyOutsidePermit, Code::Wider),
    (Fault::ShareKey, Code::Wider),
    (Fault::WiderStation, Code::Wider),
    (Fault::RelayTier, Code::Wider),
    (Fault::RelayItems, Code::Wider),
    (Fault::RelayHousehold, Code::Wider),
    (Fault::RelayRules, Code::Wider),
    (Fault::RelayWithoutOnward, Code::Wider),
    (Fault::NotForMe, Code::Addressee),
    (Fault::OuterSigner, Code::Signature),
    (Fault::TooOld, Code::Stale),
    (Fault::Ahead, Code::Stale),
];

fn above(tier: Tier) -> Option<Tier> {
    Tier::ALL.into_iter().filter(|&t| t > tier).min()
}

/// Rules that allow more than these in one point.
fn widened(rules: &Rules) -> Rules {
    let mut wide = rules.clone();
    match (rules.store, rules.views) {
        (None, _) => wide.store = Some(Limits::default()),
        (_, Some(views)) => wide.views = Some(views + 1),
        (_, None) => {
            wide.print = Some(Limits {
                max_edge: Some(9_000),
                ..Limits::default()
            })
        }
    }
    wide
}

/// Puts the fault into the draft at `step`; `None` where a chain like this cannot have it.
fn spoil(draft: &mut Draft, fault: Fault, step: usize) -> Option<()> {
    let last = draft.steps.len() - 1;
    let parent = step.checked_sub(1).map(|n| draft.steps[n].clone());
    let here = &mut draft.steps[step];
    match fault {
        Fault::BetterTier => here.tier = above(parent?.onward?.tier)?,
        Fault::BetterOnwardTier => here.onward.as_mut()?.tier = above(here.tier)?,
        Fault::MoreItems => {
            let given = parent?.items?;
            here.items = Some(vec![*SHARE.items.iter().find(|id| !given.contains(id))?]);
        }
        Fault::WiderOnwardRules => {
            let ceiling = parent?.onward?.rules;
            here.onward.as_mut()?.rules = widened(&ceiling);
            (!widened(&ceiling).within(&ceiling)).then_some(())?;
        }
        Fault::MoreHouseholds => {
            parent?.onward?.to?;
            here.onward
                .as_mut()?
                .to
                .as_mut()?
                .push(home(0).fingerprint());
        }
        Fault::NotPassedOn => {
            (step < last).then_some(())?;
            here.onward = None;
        }
        Fault::NoForward => {
            let rules = &mut here.onward.as_mut()?.rules;
            rules.forward = false;
            draft.steps.get(step + 1)?.onward.as_ref()?;
        }
        Fault::FivePermits => *draft = Draft::whole(5),
        Fault::Loop => {
            (step == last).then_some(())?;
            (here.to, draft.to, draft.me) = (0, 0, 0);
        }
        Fault::Parent => here.parent = Some(Some(Digest::of(b"x"))),
        Fault::OtherShare => here.share = Id::random(),
        Fault::OtherOrigin => here.origin = home(5).fingerprint(),
        Fault::OtherManifest => {
            (last > 0).then_some(())?;
            here.manifest = Digest::of(b"x");
        }
        Fault::ManifestOfAnother => draft.manifest = manifest_of(Id::random(), &SHARE.items),
        Fault::Signer => {
            here.signer = 5;
            (step != last).then_some(())?;
        }
        Fault::KeyAbovePermit => {
            draft.keys = item_keys(&here_items(draft), above(draft.steps[last].tier)?)
        }
        Fault::KeyOutsidePermit => {
            let given = draft.steps[last].items.clone()?;
            draft.keys = item_keys(
                &[*SHARE.items.iter().find(|id| !given.contains(id))?],
                Tier::About,
            );
        }
        Fault::ShareKey => {
            let permit = &draft.steps[last];
            (permit.items.is_some() || permit.tier != Tier::Original).then_some(())?;
            draft.keys = Keys::Share(SHARE.key.clone());
        }
        Fault::WiderStation => {
            let ceiling = parent?.onward?.rules;
            draft.stations.push(station("bob", widened(&ceiling)));
            (!widened(&ceiling).within(&ceiling)).then_some(())?;
        }
        Fault::RelayTier => {
            draft.relay.first_mut()?.tier = above(draft.steps[last].onward.as_ref()?.tier)?
        }
        Fault::RelayItems => {
            draft.steps[last].items.as_ref()?;
            draft.relay.first_mut()?.items = None;
        }
        Fault::RelayHousehold => {
            draft.relay.first()?;
            draft.steps[last].onward.as_ref()?.to.as_ref()?;
            draft.relay = vec![relay_to(0, Tier::About, Rules::default())];
        }
        Fault::RelayRules => {
            let ceiling = draft.steps[last].onward.as_ref()?.rules.clone();
            draft.relay.first_mut()?.stations[0].rules = widened(&ceiling);
            (!widened(&ceiling).within(&ceiling)).then_some(())?;
        }
        Fault::RelayWithoutOnward => {
            draft.relay.first()?;
            draft.steps[last].onward = None;
        }
        Fault::NotForMe => draft.me = 6,
        Fault::OuterSigner => draft.from = 6,
        Fault::TooOld => draft.issued = now().minus_seconds(90 * 86_400),
        Fault::Ahead => draft.issued = now().plus_seconds(25 * 3_600),
    }
    Some(())
}

/// The items of the last permit.
fn here_items(draft: &Draft) -> Vec<Id> {
    let last = draft.steps.last().expect("a step");
    last.items.clone().unwrap_or(SHARE.items.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_only_narrows_passes(draft in narrowing_draft()) {
        let letter = draft.check();
        prop_assert!(letter.is_ok(), "{:?}", letter.err());
    }

    #[test]
    fn a_better_tier_needs_no_fewer_parts(draft in narrowing_draft(), passed_on in any::<bool>()) {
        let body = draft.body();
        let hearthpost::message::Body::Grant(mut grant, manifest) = body else {
            return Err(TestCaseError::fail("a draft is a grant"));
        };
        let items = here_items(&draft);
        let mut fewer = 0;
        for tier in [Tier::About, Tier::Thumb, Tier::Preview, Tier::Original] {
            grant.keys = item_keys(&items, tier);
            let parts = expected_parts(manifest.manifest(), &grant, passed_on);
            // Not the same parts and more: of a file without preview, `original` replaces what stood for it.
            prop_assert!(parts.len() >= fewer && parts.len() >= items.len());
            fewer = parts.len();
            prop_assert!(expected_parts(manifest.manifest(), &grant, true).is_superset(&parts));
            let given = parts.iter().all(|part| {
                let owner = manifest.manifest().items.iter().find(|item| item.tiers.values().any(|t| t.parts.contains(part)));
                owner.is_some_and(|item| items.contains(&item.id))
            });
            prop_assert!(given, "a part of an item that was not granted");
        }
    }

    #[test]
    fn narrower_rules_need_no_better_tier(a in rules(), b in rules(), forward in any::<bool>()) {
        for kind in [Kind::Picture, Kind::Sound, Kind::Video, Kind::Document, Kind::File] {
            let wide = Rules { forward, ..a.clone() };
            let narrow = wide.meet(&b);
            let need = |rules: &Rules| needed_tier(rules, kind, Some(Tier::Preview));
            prop_assert!(need(&narrow) <= need(&wide));
            for action in hearthpost::rules::Action::ALL {
                if let Some(limits) = wide.limits(action).filter(|_| action != hearthpost::rules::Action::Forward) {
                    prop_assert!(Some(wanted_tier(limits, kind)) <= need(&wide));
                }
            }
        }
    }
}

proptest! {
    // Each case tries all the faults.
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn each_fault_is_refused_with_its_code(draft in narrowing_draft(), step in any::<prop::sample::Index>()) {
        for (fault, code) in FAULTS {
            let mut bad = draft.clone();
            let step = step.index(bad.steps.len());
            if spoil(&mut bad, fault, step).is_some() {
                let refusal = bad.check().err().map(|refusal| refusal.code);
                prop_assert_eq!(refusal, Some(code), "{:?} at step {}", fault, step + 1);
            }
        }
    }
}

#[test]
fn every_fault_can_happen() {
    // A fault that no draft here can have would make the property above say nothing of it.
    let mut draft = Draft::whole(3);
    let named = Some((2..7).map(|n| home(n).fingerprint()).collect());
    for step in &mut draft.steps {
        step.items = Some(SHARE.items[..2].to_vec());
        let onward = step.onward.as_mut().expect("it may be passed on");
        (onward.tier, onward.to) = (Tier::Thumb, named.clone());
        step.tier = if step.signer == 0 {
            Tier::Preview
        } else {
            Tier::Thumb
        };
    }
    draft.keys = item_keys(&SHARE.items[..2], Tier::Thumb);
    draft.relay = vec![relay_to(6, Tier::Thumb, looking(320))];
    draft.relay[0].items = Some(SHARE.items[..1].to_vec());
    draft.check().expect("passes");
    for (fault, code) in FAULTS {
        let spoiled = (0..3).filter_map(|step| {
            let mut bad = draft.clone();
            spoil(&mut bad, fault, step)?;
            Some(bad.check().expect_err("refused").code)
        });
        let codes: Vec<Code> = spoiled.collect();
        assert!(
            !codes.is_empty() && codes.iter().all(|&found| found == code),
            "{fault:?}: {codes:?}"
        );
    }
}
