//! The widest rules within two: what a copy that travels on may carry.

use super::{Action, Limits, Rules};

impl Limits {
    /// The widest limits within both.
    pub fn meet(self, other: Limits) -> Limits {
        Limits {
            max_edge: least(self.max_edge, other.max_edge),
            watermark: self.watermark || other.watermark,
            excerpt: self.excerpt || other.excerpt,
        }
    }
}

impl Rules {
    /// The widest rules within both (PROTOCOL 7).
    ///
    /// Rules that allow no action have one form, [`Rules::default`], whatever window stood beside them: they are the
    /// least of all. With that, `meet` is commutative, associative and idempotent, and never widens.
    pub fn meet(&self, other: &Rules) -> Rules {
        let both = |action: Action| match (self.limits(action), other.limits(action)) {
            (Some(a), Some(b)) => Some(a.meet(b)),
            _ => None,
        };
        let met = Rules {
            display: both(Action::Display),
            print: both(Action::Print),
            store: both(Action::Store),
            forward: self.forward && other.forward,
            not_before: self.not_before.max(other.not_before),
            not_after: least(self.not_after, other.not_after),
            period: least(self.period, other.period),
            views: least(self.views, other.views),
        };
        if met.is_nothing() || met.window_is_empty() {
            return Rules::default();
        }
        met
    }

    /// Whether these rules allow nothing that `ceiling` does not.
    pub fn within(&self, ceiling: &Rules) -> bool {
        self.meet(ceiling) == self.meet(self)
    }
}

/// The smaller of two, where an absent one does not limit.
fn least<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::{Decision, Kind, Usage, decide};
    use super::*;
    use crate::encoding::{Period, Timestamp};
    use proptest::prelude::*;

    fn limits() -> impl Strategy<Value = Limits> {
        (proptest::option::of(1u64..4), any::<bool>(), any::<bool>()).prop_map(
            |(edge, watermark, excerpt)| Limits {
                max_edge: edge.map(|n| n * 300),
                watermark,
                excerpt,
            },
        )
    }

    /// Few distinct values, so that cases meet and touch.
    pub(crate) fn rules() -> impl Strategy<Value = Rules> {
        let action = || proptest::option::of(limits());
        let time = || proptest::option::of((0i64..6).prop_map(|n| Timestamp::from_unix(n * 100)));
        (
            (action(), action(), action(), any::<bool>()),
            (time(), time()),
            proptest::option::of(
                (1u64..4).prop_map(|n| Period::from_seconds(n * 100).expect("n > 0")),
            ),
            proptest::option::of(1u64..4),
        )
            .prop_map(
                |((display, print, store, forward), (a, b), period, views)| {
                    let (not_before, not_after) = match (a, b) {
                        (Some(a), Some(b)) if a == b => (Some(a), None),
                        (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
                        other => other,
                    };
                    Rules {
                        display,
                        print,
                        store,
                        forward,
                        not_before,
                        not_after,
                        period,
                        views,
                    }
                },
            )
    }

    proptest! {
        #[test]
        fn meet_is_a_meet(a in rules(), b in rules(), c in rules()) {
            prop_assert_eq!(a.meet(&b), b.meet(&a));
            prop_assert_eq!(a.meet(&b).meet(&c), a.meet(&b.meet(&c)));
            prop_assert_eq!(a.meet(&a).meet(&a), a.meet(&a));
            prop_assert!(a.meet(&b).within(&a) && a.meet(&b).within(&b));
        }

        #[test]
        fn within_is_an_order(a in rules(), b in rules(), c in rules()) {
            prop_assert!(a.within(&a));
            if a.within(&b) && b.within(&c) {
                prop_assert!(a.within(&c));
            }
            if a.within(&b) && b.within(&a) {
                prop_assert_eq!(a.meet(&a), b.meet(&b));
            }
        }

        #[test]
        fn narrower_rules_never_allow_more(
            a in rules(), b in rules(),
            action in prop::sample::select(&Action::ALL),
            kind in prop::sample::select(&[Kind::Picture, Kind::Document]),
            now in 0i64..700, first in proptest::option::of(0i64..700), opened in 0u64..5,
        ) {
            let usage = Usage { first_viewable: first.map(Timestamp::from_unix), views: opened, viewed_at: None };
            let now = Timestamp::from_unix(now);
            if let Decision::Allow(narrow) = decide(&a.meet(&b), action, kind, now, usage) {
                for wide in [&a, &b] {
                    match decide(wide, action, kind, now, usage) {
                        Decision::Allow(rendition) => prop_assert_eq!(rendition.limits.meet(narrow.limits), narrow.limits),
                        Decision::Deny(reason) => prop_assert!(false, "the wider rules deny: {:?}", reason),
                    }
                }
            }
        }
    }
}
