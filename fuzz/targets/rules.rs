//! Rules as people write them and as they travel, one set a line: what two sets allow together, each allows alone.
#![no_main]

use hearthpost::encoding::{Timestamp, parse_object};
use hearthpost::rules::{
    Action, Decision, Further, Kind, Rules, Usage, Who, decide, denial_words, describe,
    needed_tier, parse_rules,
};
use hearthpost::words::Language;

/// More sets than any property takes.
const SETS: usize = 3;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((numbers, text)) = bytes.split_at_checked(3) else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let sets: Vec<Rules> = text.lines().take(SETS).filter_map(read).collect();
    for a in &sets {
        for further in [Further::Same, Further::Within(a)] {
            describe(Language::En, Who::Named("bob"), a, further, |time| {
                time.to_string()
            });
        }
        // Both ends of the lives of these rules, and a little beside.
        let edges = [a.not_before, a.not_after, a.end(a.not_before), None];
        let now = edges[usize::from(numbers[0]) % 4].unwrap_or(Timestamp::from_unix(0));
        let now = now.plus_seconds(u64::from(numbers[1])).minus_seconds(128);
        for b in &sets {
            together(a, b, now, u64::from(numbers[2]));
            for c in &sets {
                assert_eq!(a.meet(b).meet(c), a.meet(&b.meet(c)));
                if a.within(b) && b.within(c) {
                    assert!(a.within(c), "within is no order");
                }
            }
        }
    }
});

fn read(line: &str) -> Option<Rules> {
    let rules = match line.starts_with('{') {
        true => parse_object(line.as_bytes()).ok()?,
        false => parse_rules(line).ok()?,
    };
    let json = serde_json::to_vec(&rules).expect("rules can be written");
    let again: Rules = parse_object(&json).expect("what was written can be read");
    assert_eq!(again, rules);
    Some(rules)
}

fn together(a: &Rules, b: &Rules, now: Timestamp, views: u64) {
    let met = a.meet(b);
    assert_eq!(met, b.meet(a));
    assert_eq!(met.meet(&met), met);
    assert!(
        met.within(a) && met.within(b),
        "the meet is wider than what it is made of"
    );
    let usage = Usage {
        first_viewable: Some(now.minus_seconds(views)),
        views,
        viewed_at: None,
    };
    for action in Action::ALL {
        for kind in [Kind::Picture, Kind::Document] {
            match decide(&met, action, kind, now, usage) {
                Decision::Allow(narrow) => {
                    for wide in [a, b] {
                        let Decision::Allow(wide) = decide(wide, action, kind, now, usage) else {
                            panic!("the wider rules deny what the narrower allow");
                        };
                        assert_eq!(wide.limits.meet(narrow.limits), narrow.limits);
                        assert!(wide.tier >= narrow.tier, "a better tier by narrower rules");
                    }
                    assert!(narrow.until.is_none_or(|until| until > now));
                    assert!(
                        needed_tier(&met, kind, None) >= Some(narrow.tier)
                            || action == Action::Forward
                    );
                }
                Decision::Deny(why) => {
                    denial_words(Language::En, action, why, "House A", |time| {
                        time.to_string()
                    });
                }
            }
        }
    }
}
