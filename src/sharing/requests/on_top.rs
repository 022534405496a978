//! What a person may who had something of a share and is given more of it: never less, in anything.
//!
//! Pure.

use crate::album::{Destination, DestinationState};
use crate::encoding::{Period, Timestamp};
use crate::rules::Rules;
use crate::sharing::share::plan::absolute;

/// When the period of what a person had began over there, as far as it is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sharing) struct PeriodStart {
    /// Not before it was granted, …
    pub after: Timestamp,
    /// … and not after it had arrived; `None`: that is not known.
    pub by: Option<Timestamp>,
}

impl PeriodStart {
    /// Of what a household was granted.
    pub fn of(destination: &Destination) -> Self {
        use DestinationState::{Deleted, Delivered, Revoked};
        // What is not there any more had begun too.
        let arrived = matches!(destination.state, Delivered | Deleted | Revoked);
        PeriodStart {
            after: destination.issued,
            by: arrived.then_some(destination.changed),
        }
    }

    /// By when at the latest it began for who has these rules.
    fn latest(self, had: &Rules) -> Option<Timestamp> {
        self.by
            .map(|by| had.not_before.map_or(by, |from| by.max(from)))
    }
}

/// Whether the new rules allow all that those before did, whenever the period of these began.
pub(in crate::sharing) fn keeps(had: &Rules, new: &Rules, begun: PeriodStart) -> bool {
    let dated = |latest| absolute(had, latest).within(&absolute(new, begun.after));
    had.within(new) || begun.latest(had).is_some_and(dated)
}

/// What a person may who had the one and is given the other on top: every use that either allows, and new times and looks
/// only where they are said, and where they are more. What had no end, or was not counted, stays so. A period that ran is
/// not run again: what is said counts from `now`.
pub(in crate::sharing) fn on_top(
    had: &Rules,
    more: &Rules,
    begun: PeriodStart,
    now: Timestamp,
) -> Rules {
    if had.is_nothing() {
        return more.clone();
    }
    let (not_after, period) = end(had, more, begun, now);
    Rules {
        not_before: had
            .not_before
            .map(|from| more.not_before.map_or(from, |sooner| sooner.min(from))),
        not_after,
        period,
        views: had
            .views
            .map(|most| more.views.map_or(most, |asked| asked.max(most))),
        ..had.join(more)
    }
}

/// The later of the two ends, as a date and a period.
fn end(
    had: &Rules,
    more: &Rules,
    begun: PeriodStart,
    now: Timestamp,
) -> (Option<Timestamp>, Option<Period>) {
    let new = more.end(Some(now)).filter(|_| !had.has_no_end());
    let Some(new) = new else {
        return (had.not_after, had.period);
    };
    match (had.period, begun.latest(had)) {
        // Nobody here knows when it begins: it goes on from then, for long enough.
        (Some(period), None) => {
            let since = u64::try_from(new.unix().saturating_sub(begun.after.unix()));
            let longer = since.ok().and_then(Period::from_seconds);
            let period = longer.map_or(period, |longer| longer.max(period));
            (had.not_after.map(|end| end.max(new)), Some(period))
        }
        (_, latest) => {
            let old = absolute(had, latest.unwrap_or(now)).not_after;
            (Some(old.map_or(new, |old| old.max(new))), None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Action, Decision, Kind, Usage, decide, parse_rules, tests::rules};
    use proptest::prelude::*;

    const NOW: i64 = 1_800_000_000;
    const DAY: u64 = 86_400;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(seconds)
    }

    fn given(had: &str, more: &str) -> Rules {
        let rules = |text| parse_rules(text).expect("rules");
        let now = at(NOW);
        let day = now.minus_seconds(DAY);
        let begun = PeriodStart {
            after: day,
            by: Some(day),
        };
        on_top(&rules(had), &rules(more), begun, now)
    }

    #[test]
    fn what_is_given_on_top_takes_nothing_away_and_keeps_the_end() {
        let had = "display=1280,period=P7D,views=5";
        let rules = |text| parse_rules(text).expect("rules");
        assert_eq!(
            given(had, "print=full"),
            rules("display=1280,print=full,period=P7D,views=5")
        );
        let kept = given(had, "display=640,store=full");
        assert_eq!(kept.display, rules("display=1280").display);
        let longer = given(had, "display=640,period=P30D");
        let end = at(NOW).plus_seconds(30 * DAY);
        assert_eq!((longer.period, longer.not_after), (None, Some(end)));
        assert_eq!(given(had, "display=640,views=9").views, Some(9));
        assert_eq!(given(had, "display=640,views=2").views, Some(5));
    }

    #[test]
    fn what_has_no_end_and_is_not_counted_stays_so() {
        let had = "display=1280,print=full,store=full,forward=yes";
        let same = parse_rules(had).expect("rules");
        for more in [
            "display=1280,period=P30D",
            "display=1280,until=2027-01-01T00:00:00Z",
            "views=2",
            "period=P30D,views=2",
            "",
        ] {
            assert_eq!(given(had, more), same, "{more}");
        }
    }

    #[test]
    fn a_time_that_is_shorter_than_what_is_left_ends_nothing_sooner() {
        let longer = given("display=1280,period=P60D", "display=1280,period=P30D");
        let end = at(NOW).plus_seconds(59 * DAY);
        assert_eq!((longer.period, longer.not_after), (None, Some(end)));
        let until = "2030-01-01T00:00:00Z";
        let dated = given(&format!("display=1280,until={until}"), "period=P30D");
        assert_eq!(dated.not_after, until.parse().ok());
    }

    #[test]
    fn where_nobody_knows_when_it_began_it_goes_on_for_long_enough() {
        let rules = |text| parse_rules(text).expect("rules");
        let begun = PeriodStart {
            after: at(NOW).minus_seconds(2 * DAY),
            by: None,
        };
        let more = rules("display=1280,period=P30D");
        let longer = on_top(&rules("display=1280,period=P7D"), &more, begun, at(NOW));
        assert_eq!(longer, rules("display=1280,period=P32D"));
    }

    proptest! {
        #[test]
        fn a_yes_takes_nothing_away(
            had in rules(), asked in rules(),
            (after, took, first, answered) in (0i64..200, proptest::option::of(0i64..200), 0i64..300, 0i64..500),
            action in prop::sample::select(&Action::ALL),
            kind in prop::sample::select(&[Kind::Picture, Kind::Document]),
            now in 0i64..1_500, opened in 0u64..5,
        ) {
            let by = took.map(|took| after + took);
            // It begins once it has been granted, and has begun by when it arrived, or by when it may be looked at.
            let latest = by.map(|by| by.max(had.not_before.map_or(by, Timestamp::unix)));
            let first = latest.map_or(after + first, |latest| latest.min(after + first));
            let begun = PeriodStart { after: at(after), by: by.map(at) };
            let has = on_top(&had, &asked, begun, at(by.unwrap_or(after) + answered));
            let usage = Usage { first_viewable: Some(at(first)), views: opened, viewed_at: None };
            if let Decision::Allow(before) = decide(&had, action, kind, at(now), usage) {
                prop_assert!(keeps(&had, &has, begun), "{:?} became {:?}", had, has);
                match decide(&has, action, kind, at(now), usage) {
                    Decision::Allow(after) => prop_assert_eq!(after.limits.join(before.limits), after.limits),
                    Decision::Deny(reason) => prop_assert!(false, "{:?} became {:?}: {:?}", had, has, reason),
                }
            }
        }
    }
}
