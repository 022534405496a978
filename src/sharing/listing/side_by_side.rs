//! The order of what is shown together: what belongs to a picture stands behind it, all else as it came.

use std::collections::{BTreeMap, BTreeSet};

/// Puts things in that order. `key`: what one is; `with`: to which it belongs, as its sender says, which may be any of them
/// or none, and even go round in a circle.
pub(in crate::sharing) fn side_by_side<T, K: Ord>(
    things: Vec<T>,
    key: impl Fn(&T) -> K,
    with: impl Fn(&T) -> Option<K>,
) -> Vec<T> {
    let here: BTreeSet<K> = things.iter().map(&key).collect();
    let (mut first, mut behind) = (Vec::new(), BTreeMap::<K, Vec<T>>::new());
    for thing in things {
        match with(&thing).filter(|with| here.contains(with) && *with != key(&thing)) {
            Some(with) => behind.entry(with).or_default().push(thing),
            None => first.push(thing),
        }
    }
    let mut ordered = Vec::new();
    let mut next: Vec<T> = first.into_iter().rev().collect();
    loop {
        while let Some(thing) = next.pop() {
            let belonging = behind.remove(&key(&thing)).unwrap_or_default();
            next.extend(belonging.into_iter().rev());
            ordered.push(thing);
        }
        match behind.pop_first() {
            // Only what goes round in a circle is left.
            Some((_, things)) => next.extend(things.into_iter().rev()),
            None => return ordered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(things: &[(u32, Option<u32>)]) -> Vec<u32> {
        let ordered = side_by_side(things.to_vec(), |one| one.0, |one| one.1);
        ordered.into_iter().map(|one| one.0).collect()
    }

    #[test]
    fn what_belongs_to_a_picture_stands_behind_it_and_nothing_is_lost() {
        let things = [
            (1, None),
            (2, Some(4)),
            (3, Some(1)),
            (4, None),
            (5, Some(3)),
            (6, Some(1)),
            (7, Some(99)),
            (8, Some(8)),
        ];
        assert_eq!(ordered(&things), [1, 3, 5, 6, 4, 2, 7, 8]);
        let mut circle = ordered(&[(1, Some(2)), (2, Some(3)), (3, Some(1)), (4, None)]);
        assert_eq!(circle[0], 4);
        circle.sort_unstable();
        assert_eq!(circle, [1, 2, 3, 4]);
    }
}
