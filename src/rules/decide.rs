//! The gate: may this be handed over now, and at which quality?

use super::{Action, Kind, Limits, Rules, Tier, wanted_tier};
use crate::encoding::Timestamp;

/// What a station has used of its rights so far. Neither counter ever restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// When the first item of the share became viewable to the station; the period runs from here. `None`: not yet.
    pub first_viewable: Option<Timestamp>,
    /// Views counted of this item.
    pub views: u64,
    /// When the last view of this item was counted.
    pub viewed_at: Option<Timestamp>,
}

/// One view lasts ten minutes: looking again within them is not counted again.
pub const VIEW_SECONDS: u64 = 600;
/// Requests overtake each other after they have read the clock: a view that began so many seconds from now is open too.
const OVERTAKEN: u64 = 60;

/// What may be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rendition {
    /// How it is narrowed.
    pub limits: Limits,
    /// The tier that serves it fully; a better one does too.
    pub tier: Tier,
    /// Whether handing it over uses up a view; it must be committed before any byte is handed over.
    pub counts: bool,
    /// When the right ends, as far as it is known.
    pub until: Option<Timestamp>,
}

/// The answer of [`decide`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes, this and no more.
    Allow(Rendition),
    /// No, and why.
    Deny(Denial),
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// The sender did not allow this action.
    NotAllowed(Action),
    /// Not before then.
    NotYet(Timestamp),
    /// Over since then.
    Ended(Timestamp),
    /// Opened as often as it may be.
    ViewsUsed(u64),
}

/// Decides about one action on one item for one station. `now` must never go back (DESIGN 3.7, Clock).
///
/// Window, period and views bind every action, keeping and passing on too. Only looking and printing count as views.
pub fn decide(rules: &Rules, action: Action, kind: Kind, now: Timestamp, usage: Usage) -> Decision {
    let Some(limits) = rules.limits(action) else {
        return Decision::Deny(Denial::NotAllowed(action));
    };
    if let Some(from) = rules.not_before.filter(|&from| now < from) {
        return Decision::Deny(Denial::NotYet(from));
    }
    let until = ends(rules, usage.first_viewable.unwrap_or(now));
    if let Some(end) = until.filter(|&end| now >= end) {
        return Decision::Deny(Denial::Ended(end));
    }
    let counted = matches!(action, Action::Display | Action::Print);
    let open = usage
        .viewed_at
        .is_some_and(|at| now.plus_seconds(OVERTAKEN) >= at && now < at.plus_seconds(VIEW_SECONDS));
    if let Some(views) = rules.views.filter(|&views| usage.views >= views) {
        // The view that used up the last one lasts its ten minutes.
        if !(counted && open) {
            return Decision::Deny(Denial::ViewsUsed(views));
        }
    }
    Decision::Allow(Rendition {
        limits,
        tier: wanted_tier(limits, kind),
        counts: counted && !open,
        until,
    })
}

impl Decision {
    /// Whether this answer is the one to go by, where a station holds several sets of rules for one item (two holdings of
    /// one share): it may do what any of them allows, the widest wins, and of denials the one that says more.
    pub fn is_better_than(&self, other: &Decision) -> bool {
        match (self, other) {
            (Decision::Allow(a), Decision::Allow(b)) => width(a.limits) > width(b.limits),
            (Decision::Allow(_), Decision::Deny(_)) => true,
            (Decision::Deny(a), Decision::Deny(Denial::NotAllowed(_))) => {
                !matches!(a, Denial::NotAllowed(_))
            }
            (Decision::Deny(_), _) => false,
        }
    }
}

/// Orders limits so that one always wins: whole before excerpt, clean before marked, large before small.
fn width(limits: Limits) -> (bool, bool, u64) {
    (
        !limits.excerpt,
        !limits.watermark,
        limits.max_edge.unwrap_or(u64::MAX),
    )
}

/// When these rules end if the share became viewable at `first_viewable`; `None`: never.
pub(crate) fn ends(rules: &Rules, first_viewable: Timestamp) -> Option<Timestamp> {
    let by_period = rules.period.map(|period| first_viewable.plus(period));
    match (rules.not_after, by_period) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    }
}

impl Rules {
    /// When these rules end for a station to which the share became viewable at `first_viewable`. `None`: never.
    pub fn end(&self, first_viewable: Option<Timestamp>) -> Option<Timestamp> {
        match first_viewable {
            Some(first) => ends(self, first),
            None => self.not_after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Period;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(seconds)
    }

    fn looking() -> Rules {
        Rules {
            display: Some(Limits::default()),
            ..Rules::default()
        }
    }

    fn verdict(rules: &Rules, action: Action, now: i64, usage: Usage) -> Result<bool, Denial> {
        match decide(rules, action, Kind::Picture, at(now), usage) {
            Decision::Allow(rendition) => Ok(rendition.counts),
            Decision::Deny(denial) => Err(denial),
        }
    }

    #[test]
    fn an_absent_action_is_denied() {
        for action in [Action::Print, Action::Store, Action::Forward] {
            let denied = verdict(&looking(), action, 0, Usage::default());
            assert_eq!(denied, Err(Denial::NotAllowed(action)));
        }
    }

    #[test]
    fn the_window_includes_its_start_and_excludes_its_end() {
        let rules = Rules {
            not_before: Some(at(100)),
            not_after: Some(at(200)),
            ..looking()
        };
        let look = |now| verdict(&rules, Action::Display, now, Usage::default());
        assert_eq!(look(99), Err(Denial::NotYet(at(100))));
        assert!(look(100).is_ok() && look(199).is_ok());
        assert_eq!(look(200), Err(Denial::Ended(at(200))));
    }

    #[test]
    fn a_period_runs_from_the_first_moment_and_ends_with_the_window() {
        let rules = Rules {
            period: Period::from_seconds(50),
            not_after: Some(at(120)),
            ..looking()
        };
        let look = |now, first| {
            let usage = Usage {
                first_viewable: first,
                ..Usage::default()
            };
            verdict(&rules, Action::Display, now, usage)
        };
        assert!(look(119, None).is_ok());
        assert!(look(59, Some(at(10))).is_ok());
        assert_eq!(look(60, Some(at(10))), Err(Denial::Ended(at(60))));
        assert_eq!(look(120, Some(at(100))), Err(Denial::Ended(at(120))));
    }

    #[test]
    fn a_view_lasts_ten_minutes_and_the_last_one_may_be_finished() {
        let rules = Rules {
            views: Some(1),
            store: Some(Limits::default()),
            ..looking()
        };
        let usage = |views, viewed_at| Usage {
            views,
            viewed_at,
            ..Usage::default()
        };
        assert_eq!(
            verdict(&rules, Action::Display, 0, usage(0, None)),
            Ok(true)
        );
        let used = usage(1, Some(at(0)));
        assert_eq!(verdict(&rules, Action::Display, 599, used), Ok(false));
        let over = Err(Denial::ViewsUsed(1));
        assert_eq!(verdict(&rules, Action::Display, 600, used), over);
        assert_eq!(verdict(&rules, Action::Store, 10, used), over);
        assert_eq!(
            verdict(&rules, Action::Store, 10, usage(0, None)),
            Ok(false)
        );
        // It was opened by a request that read the clock after this one.
        assert_eq!(verdict(&rules, Action::Display, -1, used), Ok(false));
        // A clock that went back does not reopen an old view.
        assert_eq!(verdict(&rules, Action::Display, -61, used), over);
    }

    #[test]
    fn of_two_holdings_the_wider_one_counts() {
        let small = Rules {
            display: Some(Limits {
                max_edge: Some(640),
                ..Limits::default()
            }),
            ..Rules::default()
        };
        let ended = Rules {
            not_after: Some(at(5)),
            ..looking()
        };
        let look = |rules, now| {
            decide(
                rules,
                Action::Display,
                Kind::Picture,
                at(now),
                Usage::default(),
            )
        };
        assert!(look(&ended, 0).is_better_than(&look(&small, 0)));
        assert!(!look(&small, 0).is_better_than(&look(&ended, 0)));
        assert!(look(&small, 9).is_better_than(&look(&ended, 9)));
        let nothing = Rules::default();
        assert!(look(&ended, 9).is_better_than(&look(&nothing, 9)));
        assert!(!look(&nothing, 9).is_better_than(&look(&ended, 9)));
        assert!(!look(&small, 0).is_better_than(&look(&small, 0)));
    }
}
