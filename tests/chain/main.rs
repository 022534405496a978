//! The chain of permits: what only narrows passes the check, and each single widening is refused for what it is.

#[path = "../support/households/mod.rs"]
mod households;

mod links;
mod narrowing;
mod property;
mod relay;
mod rights;

use hearthpost::envelope::Id;
use hearthpost::message::{Code, Onward};
use hearthpost::rules::Tier;

use households::draft::{Draft, SHARE, item_keys};
use households::home;

/// The draft must pass as it is, and be refused with this code and these words after `fault`.
#[track_caller]
fn refused(draft: &Draft, fault: impl FnOnce(&mut Draft), code: Code, words: &str) {
    draft.check().expect("without the fault it passes");
    let mut bad = draft.clone();
    fault(&mut bad);
    let refusal = bad.check().expect_err("refused");
    assert_eq!(refusal.code, code, "{refusal}");
    assert!(refusal.words.contains(words), "{refusal}");
}

fn three() -> Draft {
    Draft::whole(3)
}

/// A chain of three whose first step names items and households.
fn named() -> Draft {
    let mut draft = three();
    let to = Some((2..6).map(|n| home(n).fingerprint()).collect());
    for (step, count) in draft.steps.iter_mut().zip([3, 2, 2]) {
        step.items = Some(SHARE.items[..count].to_vec());
        step.onward
            .as_mut()
            .expect("it may be passed on")
            .to
            .clone_from(&to);
    }
    draft.keys = item_keys(&SHARE.items[..2], Tier::Preview);
    draft
}

fn onward_of(draft: &mut Draft, step: usize) -> &mut Onward {
    draft.steps[step]
        .onward
        .as_mut()
        .expect("it may be passed on")
}

/// An id that no manifest here has.
fn unknown_item() -> Id {
    "aaaaaaaaaaaaaaaaaaaaaaaaaa".parse().expect("an id")
}
