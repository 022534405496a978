//! The narrowest rules that two lie within: what somebody may who is given the one and the other.

use super::{Action, Limits, Rules};

impl Limits {
    /// The narrowest limits that both lie within.
    pub fn join(self, other: Limits) -> Limits {
        Limits {
            max_edge: greatest(self.max_edge, other.max_edge),
            watermark: self.watermark && other.watermark,
            excerpt: self.excerpt && other.excerpt,
        }
    }
}

impl Rules {
    /// The narrowest rules that both lie within: the counterpart of [`Rules::meet`], and never narrower than either. As one
    /// time holds for all actions, each is allowed as long as the one that is allowed longest.
    pub fn join(&self, other: &Rules) -> Rules {
        match (self.is_nothing(), other.is_nothing()) {
            (true, true) => return Rules::default(),
            (true, false) => return other.clone(),
            (false, true) => return self.clone(),
            (false, false) => {}
        }
        let either = |action: Action| match (self.limits(action), other.limits(action)) {
            (Some(a), Some(b)) => Some(a.join(b)),
            (one, None) | (None, one) => one,
        };
        Rules {
            display: either(Action::Display),
            print: either(Action::Print),
            store: either(Action::Store),
            forward: self.forward || other.forward,
            not_before: self.not_before.min(other.not_before),
            not_after: greatest(self.not_after, other.not_after),
            period: greatest(self.period, other.period),
            views: greatest(self.views, other.views),
        }
    }
}

/// The greater of two, where an absent one does not limit.
fn greatest<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    a.zip(b).map(|(a, b)| a.max(b))
}

#[cfg(test)]
mod tests {
    use super::super::meet::tests::rules;
    use super::super::{Decision, Kind, Usage, decide};
    use super::*;
    use crate::encoding::Timestamp;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn join_is_a_join(a in rules(), b in rules(), c in rules()) {
            prop_assert_eq!(a.join(&b), b.join(&a));
            prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
            prop_assert_eq!(a.join(&a).join(&a), a.join(&a));
            prop_assert!(a.within(&a.join(&b)) && b.within(&a.join(&b)));
            if a.within(&c) && b.within(&c) {
                prop_assert!(a.join(&b).within(&c));
            }
            // Each undoes the other.
            prop_assert_eq!(a.meet(&a.join(&b)), a.meet(&a));
        }

        #[test]
        fn what_either_allows_both_together_allow(
            a in rules(), b in rules(),
            action in prop::sample::select(&Action::ALL),
            kind in prop::sample::select(&[Kind::Picture, Kind::Document]),
            now in 0i64..700, first in proptest::option::of(0i64..700), opened in 0u64..5,
        ) {
            let usage = Usage { first_viewable: first.map(Timestamp::from_unix), views: opened, viewed_at: None };
            let now = Timestamp::from_unix(now);
            let both = a.join(&b);
            for one in [&a, &b] {
                if let Decision::Allow(narrow) = decide(one, action, kind, now, usage) {
                    match decide(&both, action, kind, now, usage) {
                        Decision::Allow(wide) => prop_assert_eq!(wide.limits.meet(narrow.limits), narrow.limits),
                        Decision::Deny(reason) => prop_assert!(false, "both together deny: {:?}", reason),
                    }
                }
            }
        }
    }
}
