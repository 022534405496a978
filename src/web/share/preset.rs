//! The last choice that was made for somebody is offered first next time, until something else is chosen.

use super::choice::{Choice, everything, keep};
use super::draft::{Draft, May};
use crate::address::StationAddress;
use crate::rules::{Limits, Rules};
use crate::sharing::accounts::Visitor;
use crate::sharing::share::default_rules;
use crate::sharing::{Fault, Household};

/// Puts the last choices for these into the form, where its preset is still the one that was offered. Says whether somebody of
/// them was given something before.
pub(super) fn offer_last(
    home: &Household,
    visitor: &Visitor,
    draft: &mut Draft,
    to: &[StationAddress],
) -> Result<bool, Fault> {
    // What is chosen for all is for them, too, whatever they were given before.
    if draft.may == May::Own {
        return Ok(false);
    }
    let last = home.last_given(visitor, to)?;
    for (address, rules) in to.iter().zip(&last) {
        let name = address.to_string();
        let chosen = draft.each.iter().any(|(other, _)| *other == name);
        if let Some(rules) = rules.as_ref().filter(|_| !chosen) {
            draft.each.push((name, Choice::of(rules)));
        }
    }
    let before = last.iter().any(Option::is_some);
    if draft.offered != Some(draft.may) {
        return Ok(before);
    }
    let mut presets = last
        .iter()
        .map(|rules| rules.as_ref().map_or(May::Look, preset_of));
    // Whoever was given nothing yet is not given more because others were.
    let offered = match presets.next() {
        None => May::Look,
        Some(first) if presets.all(|other| other == first) => first,
        Some(_) => May::Each,
    };
    (draft.may, draft.offered) = (offered, Some(offered));
    Ok(before)
}

fn preset_of(rules: &Rules) -> May {
    // That belongs to what was shared, not to the choice.
    let whole = |limits: Option<Limits>| {
        limits.map(|limits| Limits {
            excerpt: false,
            ..limits
        })
    };
    let rules = Rules {
        display: whole(rules.display),
        print: whole(rules.print),
        store: whole(rules.store),
        ..rules.clone()
    };
    let presets = [
        (May::Look, default_rules()),
        (May::Keep, keep()),
        (May::All, everything()),
    ];
    let preset = presets.into_iter().find(|(_, preset)| *preset == rules);
    preset.map_or(May::Each, |(may, _)| may)
}
