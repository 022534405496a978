//! What people of the house passed on to each other stands on what they may themselves. Where that becomes less, so does
//! this, and for good: more later is for them to pass on anew.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::StationName;
use crate::album::{LocalGrant, Rows};
use crate::encoding::Timestamp;
use crate::message::{SignedPermit, Station};
use crate::rules::Rules;
use crate::sharing::Fault;
use crate::sharing::share::plan::absolute;
use crate::sharing::stations::rules_for;

/// The grant of another household on which all of it stands.
struct Holding<'h> {
    stations: &'h [Station],
    /// What may travel on; `None`: nothing.
    onward: Option<&'h Rules>,
    items: BTreeSet<i64>,
}

/// Holds what was passed on within the house, on a holding, against what those who did it may by now.
pub(in crate::sharing) fn narrow_inside(
    rows: Rows<'_>,
    share: i64,
    holding: i64,
    now: Timestamp,
) -> Result<(), Fault> {
    let before = rows.local_grants(holding)?;
    let mut holdings = rows.holdings(share)?.into_iter();
    let Some(found) = holdings.find(|one| one.id == holding && !before.is_empty()) else {
        return Ok(());
    };
    let permit = found.chain.last().map(|der| SignedPermit::of_stored(der));
    let permit = permit.transpose()?;
    let onward = permit.as_ref().and_then(|one| one.permit().onward.as_ref());
    let mut items = BTreeSet::new();
    for item in rows.share_items(share)? {
        if rows.holding_tier(holding, item.id)?.is_some() {
            items.insert(item.id);
        }
    }
    let mut begins = BTreeMap::new();
    for local in &before {
        let since = rows.viewable_since(share, &local.passed_by)?;
        begins.insert(local.passed_by.clone(), since.unwrap_or(now));
    }
    let stations = rows.holding_stations(holding)?;
    let ground = Holding {
        stations: &stations,
        onward: onward.map(|onward| &onward.rules),
        items,
    };
    let after = standing(&ground, before.clone(), &begins);
    for local in &before {
        match after.iter().find(|one| one.id == local.id) {
            None => rows.remove_local_grant(local.id)?,
            Some(narrowed) if narrowed != local => rows.put_local_grant(narrowed)?,
            Some(_) => {}
        }
    }
    Ok(())
}

/// What of it still stands, each within what its giver may: by the holding, or by what was passed on to that person. What
/// stands on each other in a circle stands on nothing. Pure.
fn standing(
    ground: &Holding<'_>,
    mut open: Vec<LocalGrant>,
    begins: &BTreeMap<StationName, Timestamp>,
) -> Vec<LocalGrant> {
    let Some(onward) = ground.onward else {
        return Vec::new();
    };
    let mut standing: Vec<LocalGrant> = Vec::new();
    loop {
        let bases = |local: &LocalGrant| -> Vec<(Rules, BTreeSet<i64>)> {
            let by = &local.passed_by;
            let own = rules_for(ground.stations, by).map(|rules| (rules, &ground.items));
            let given = standing
                .iter()
                .filter(|one| one.station == *by || one.station.is_everyone())
                .map(|one| (&one.rules, &one.items));
            own.into_iter()
                .chain(given)
                .filter(|(rules, _)| rules.forward)
                .map(|(rules, items)| {
                    let begins = begins.get(by).copied();
                    let rules = begins.map_or_else(|| rules.clone(), |at| absolute(rules, at));
                    (rules.meet(onward), items.clone())
                })
                .collect()
        };
        // Those first that lose nothing, so that each is held against the widest on which it may stand.
        let whole = open.iter().position(|local| {
            bases(local)
                .iter()
                .any(|(rules, items)| local.rules.within(rules) && local.items.is_subset(items))
        });
        let next = match whole {
            Some(at) => open.remove(at),
            None => {
                // Then those to whose giver nothing more can come: what is cut is cut for good.
                let fed = |local: &LocalGrant| {
                    let by = &local.passed_by;
                    let mut others = open.iter().filter(|other| other.id != local.id);
                    others.any(|other| other.station == *by || other.station.is_everyone())
                };
                let cut = |local: &LocalGrant| {
                    let cuts = bases(local).into_iter().map(|(rules, items)| LocalGrant {
                        rules: local.rules.meet(&rules),
                        items: local.items.intersection(&items).copied().collect(),
                        ..local.clone()
                    });
                    cuts.reduce(|best, next| match is_within(&best, &next) {
                        true => next,
                        false => best,
                    })
                };
                let mut order: Vec<usize> = (0..open.len()).collect();
                order.sort_by_key(|&at| fed(&open[at]));
                let found = order.into_iter().find_map(|at| Some((at, cut(&open[at])?)));
                let Some((at, local)) = found else {
                    return standing;
                };
                open.remove(at);
                local
            }
        };
        if !next.rules.is_nothing() && !next.items.is_empty() {
            standing.push(next);
        }
    }
}

/// Whether one allows nothing that the other does not.
fn is_within(one: &LocalGrant, other: &LocalGrant) -> bool {
    one.rules.within(&other.rules) && one.items.is_subset(&other.items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::parse_rules;

    fn rules(text: &str) -> Rules {
        parse_rules(text).expect("rules")
    }

    /// Each: by whom, to whom, with which rules; all of one item.
    fn left(bea: &str, onward: Option<&str>, given: &[(&str, &str, &str)]) -> Vec<String> {
        let name = |text: &str| text.parse::<StationName>().expect("a station");
        let locals = given
            .iter()
            .enumerate()
            .map(|(id, (by, to, text))| LocalGrant {
                id: id as i64,
                holding: 1,
                station: name(to),
                passed_by: name(by),
                rules: rules(text),
                items: [7].into(),
                issued: Timestamp::from_unix(0),
            });
        let stations = [Station {
            name: name("bea"),
            rules: rules(bea),
        }];
        let onward = onward.map(rules);
        let ground = Holding {
            stations: &stations,
            onward: onward.as_ref(),
            items: [7].into(),
        };
        let mut left: Vec<String> = standing(&ground, locals.collect(), &BTreeMap::new())
            .iter()
            .map(|one| {
                let edge = one.rules.display.and_then(|limits| limits.max_edge);
                format!("{}>{} {}", one.passed_by, one.station, edge.unwrap_or(0))
            })
            .collect();
        left.sort();
        left
    }

    const FURTHER: &str = "display=1280,forward=yes";

    #[test]
    fn all_that_lies_within_stays_as_it_is() {
        let given = [
            ("bob", "cleo", "display=320"),
            ("bea", "bob", "display=640,forward=yes"),
        ];
        let left = left(FURTHER, Some(FURTHER), &given);
        assert_eq!(left, ["bea>bob 640", "bob>cleo 320"]);
    }

    #[test]
    fn what_became_less_goes_down_the_line() {
        let given = [
            ("bea", "bob", "display=640,forward=yes"),
            ("bob", "cleo", "display=640"),
        ];
        let left = |bea, onward| left(bea, onward, &given);
        let narrower = "display=200,forward=yes";
        assert_eq!(
            left(narrower, Some(FURTHER)),
            ["bea>bob 200", "bob>cleo 200"]
        );
        assert_eq!(
            left(FURTHER, Some(narrower)),
            ["bea>bob 200", "bob>cleo 200"]
        );
        // One step and no more; none at all.
        assert_eq!(left(FURTHER, Some("display=1280")), ["bea>bob 640"]);
        assert!(left("display=1280", Some(FURTHER)).is_empty());
        assert!(left(FURTHER, None).is_empty());
    }

    #[test]
    fn a_circle_stands_on_nothing() {
        let given = [("bob", "cleo", FURTHER), ("cleo", "bob", FURTHER)];
        assert!(left(FURTHER, Some(FURTHER), &given).is_empty());
    }

    #[test]
    fn the_widest_of_two_ways_counts() {
        let given = [
            ("ann", "cleo", "display=600"),
            ("bea", "bob", "display=100,forward=yes"),
            ("bob", "ann", "display=100,forward=yes"),
            ("bea", "ann", "display=700,forward=yes"),
        ];
        let left = left(FURTHER, Some(FURTHER), &given);
        assert!(left.contains(&"ann>cleo 600".to_owned()), "{left:?}");
    }

    #[test]
    fn what_is_cut_is_cut_to_the_widest_that_is_left() {
        let given = [
            ("bob", "cleo", "display=600"),
            ("ann", "bob", "display=700,forward=yes"),
            ("bea", "bob", "display=100,forward=yes"),
            ("bea", "ann", "display=500,forward=yes"),
        ];
        let left = left("display=500,forward=yes", Some(FURTHER), &given);
        assert!(left.contains(&"bob>cleo 500".to_owned()), "{left:?}");
    }
}
