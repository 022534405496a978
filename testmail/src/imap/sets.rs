//! Sequence sets: which messages they name, and how a list of UIDs is written as one.

use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};

/// `largest` is what `*` stands for: the last message, or its UID.
pub(super) fn contains(set: &SequenceSet, largest: u32, number: u32) -> bool {
    let resolved = |bound: &SeqOrUid| match bound {
        SeqOrUid::Value(value) => value.get(),
        SeqOrUid::Asterisk => largest,
    };
    set.0.as_ref().iter().any(|sequence| match sequence {
        Sequence::Single(single) => resolved(single) == number,
        // RFC 3501 §6.4.8: the order does not matter, so `559:*` always holds the last message.
        Sequence::Range(from, to) => {
            let (from, to) = (resolved(from), resolved(to));
            (from.min(to)..=from.max(to)).contains(&number)
        }
    })
}

/// Whether a number in the set is beyond the largest.
pub(super) fn exceeds(set: &SequenceSet, largest: u32) -> bool {
    let beyond = |bound: &SeqOrUid| match bound {
        SeqOrUid::Value(value) => value.get() > largest,
        SeqOrUid::Asterisk => largest == 0,
    };
    set.0.as_ref().iter().any(|sequence| match sequence {
        Sequence::Single(single) => beyond(single),
        Sequence::Range(from, to) => beyond(from) || beyond(to),
    })
}

/// `1:3,7`, in the order given.
pub(super) fn written(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &uid in uids {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == uid => *last = uid,
            _ => runs.push((uid, uid)),
        }
    }
    let run = |(first, last): &(u32, u32)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}:{last}")
        }
    };
    runs.iter().map(run).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(set: &str, largest: u32) -> Vec<u32> {
        let set = SequenceSet::try_from(set).expect("a good set");
        (1..=9)
            .filter(|number| contains(&set, largest, *number))
            .collect()
    }

    #[test]
    fn star_is_the_last_even_behind_a_larger_number() {
        assert_eq!(members("7:*", 5), [5, 6, 7]);
        assert_eq!(members("*", 5), [5]);
        assert_eq!(members("*:4", 5), [4, 5]);
        assert_eq!(members("3,1:2,8", 5), [1, 2, 3, 8]);
    }

    #[test]
    fn neighbours_are_written_as_one_run() {
        assert_eq!(written(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(written(&[2, 1]), "2,1");
    }
}
