//! How long to rest after a pass: pure, so that it can be shown what an idle box does and what a troubled one does not.

use std::time::Duration;

use crate::sharing::sync::Done;
use crate::sharing::{Fault, Obstacle};

/// First wait after trouble; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// Longest wait after trouble.
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// Shortest wait where the server takes no more connections.
const CROWDED: Duration = Duration::from_secs(60);
/// Where the server tells of new mail, the folders are looked through nevertheless, for IDLE may be deaf and hears only
/// INBOX; a household that has nothing to do is woken no more often.
const QUIET: Duration = Duration::from_secs(300);
/// Longest wait after mail that was none of ours: the mailbox may be a person's, with much other mail.
const LONGEST_GAP: Duration = Duration::from_secs(60);

/// How long to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rest {
    /// Where the server tells of new mail.
    pub(super) idling: Duration,
    /// Where it does not, or there is no connection.
    pub(super) polling: Duration,
}

impl Rest {
    /// The same, but no longer than so many seconds where there are some.
    pub(super) fn at_most(self, seconds: Option<u64>) -> Rest {
        let most = seconds.map_or(Duration::MAX, Duration::from_secs);
        Rest {
            idling: self.idling.min(most),
            polling: self.polling.min(most),
        }
    }
}

/// What the rests depend on.
#[derive(Debug)]
pub(super) struct Pace {
    poll_interval: Duration,
    /// Passes with trouble, one after another.
    troubles: u32,
    /// News that brought nothing, one after another.
    fruitless: u32,
    /// What was wrong at the last pass: said once, not every few minutes.
    said: Vec<String>,
}

impl Pace {
    pub(super) fn new(poll_interval: Duration) -> Self {
        Pace {
            poll_interval,
            troubles: 0,
            fruitless: 0,
            said: Vec::new(),
        }
    }

    /// The rest after a pass. `chance` spreads the waits after trouble.
    pub(super) fn after(&mut self, done: &Done, chance: u8) -> Rest {
        self.say(&done.trouble);
        if done.fetched > 0 || done.ingested > 0 {
            self.fruitless = 0;
        }
        let rest = match done.obstacle {
            Obstacle::None => {
                self.troubles = 0;
                Rest {
                    idling: self.poll_interval.max(QUIET),
                    polling: self.poll_interval,
                }
            }
            // Not tried again before the password changes; only whether it did is looked at.
            Obstacle::SignIn => {
                self.troubles = 0;
                same(self.poll_interval.max(QUIET))
            }
            Obstacle::Passing => same(self.backoff(chance)),
            Obstacle::Crowded => same(self.backoff(chance).max(spread(CROWDED, chance))),
        };
        rest.at_most(done.due_in)
    }

    /// The rest after a pass that failed as a whole.
    pub(super) fn after_fault(&mut self, fault: &Fault, chance: u8) -> Rest {
        self.say(&[fault.to_string()]);
        same(self.backoff(chance))
    }

    /// The wait before the pass that news ask for, after a rest of `rested`.
    pub(super) fn woken(&mut self, rested: Duration) -> Duration {
        if rested >= QUIET {
            self.fruitless = 0;
        }
        self.fruitless = self.fruitless.saturating_add(1);
        match self.fruitless {
            0..=2 => Duration::ZERO,
            many => doubled(Duration::from_secs(1), many - 2).min(LONGEST_GAP),
        }
    }

    /// The wait before a new connection, after one that was lost in a rest of `rested`. Servers hang up on the idle now
    /// and then, which is no trouble; one that hangs up at once is.
    pub(super) fn lost(&mut self, rested: Duration, chance: u8) -> Duration {
        if rested >= CROWDED {
            return spread(FIRST_WAIT, chance);
        }
        self.backoff(chance)
    }

    fn backoff(&mut self, chance: u8) -> Duration {
        self.troubles = self.troubles.saturating_add(1);
        spread(doubled(FIRST_WAIT, self.troubles), chance).min(LONGEST_WAIT)
    }

    fn say(&mut self, trouble: &[String]) {
        for words in trouble.iter().filter(|words| !self.said.contains(words)) {
            tracing::warn!(trouble = %words, "pass with trouble");
        }
        if trouble.is_empty() && !self.said.is_empty() {
            tracing::info!("all is well again");
        }
        self.said = trouble.to_vec();
    }
}

fn same(wait: Duration) -> Rest {
    Rest {
        idling: wait,
        polling: wait,
    }
}

/// The first wait, doubled with each further try.
fn doubled(first: Duration, tries: u32) -> Duration {
    first.saturating_mul(1 << tries.saturating_sub(1).min(8))
}

/// Between three and five quarters of it.
fn spread(wait: Duration, chance: u8) -> Duration {
    wait * (3 * 256 + 2 * u32::from(chance)) / (4 * 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(obstacle: Obstacle) -> Done {
        Done {
            obstacle,
            ..Done::default()
        }
    }

    fn pace() -> Pace {
        Pace::new(Duration::from_secs(60))
    }

    #[test]
    fn an_idle_household_is_woken_at_most_once_in_five_minutes() {
        let rest = pace().after(&done(Obstacle::None), 7);
        assert_eq!(rest.idling, Duration::from_secs(300));
        assert_eq!(rest.polling, Duration::from_secs(60));
        let rest = Pace::new(Duration::from_secs(3600)).after(&done(Obstacle::None), 7);
        assert_eq!(rest.idling, Duration::from_secs(3600));
    }

    // CASES O-03.
    #[test]
    fn without_idle_the_poll_interval_is_kept() {
        for seconds in [1, 60, 3_600] {
            let interval = Duration::from_secs(seconds);
            let mut pace = Pace::new(interval);
            for _ in 0..3 {
                assert_eq!(pace.after(&done(Obstacle::None), 255).polling, interval);
            }
        }
    }

    #[test]
    fn what_is_due_ends_the_rest() {
        let due = Done {
            due_in: Some(7),
            ..Done::default()
        };
        let seven = Duration::from_secs(7);
        let rest = pace().after(&due, 0);
        assert_eq!((rest.idling, rest.polling), (seven, seven));
    }

    #[test]
    fn waits_grow_are_spread_and_stay_bounded() {
        for chance in [0, 128, 255] {
            let mut pace = pace();
            let mut last = Duration::ZERO;
            for _ in 0..40 {
                let wait = pace.after(&done(Obstacle::Passing), chance).idling;
                assert!(wait >= last && wait <= LONGEST_WAIT, "{wait:?}");
                last = wait;
            }
            assert!(last >= LONGEST_WAIT * 3 / 4, "{last:?}");
            pace.after(&done(Obstacle::None), chance);
            let again = pace.after(&done(Obstacle::Passing), chance).idling;
            assert!(again < FIRST_WAIT * 2, "{again:?}");
        }
        assert!(spread(FIRST_WAIT, 0) < FIRST_WAIT && spread(FIRST_WAIT, 255) > FIRST_WAIT);
        assert!(spread(FIRST_WAIT, 255) < FIRST_WAIT * 5 / 4);
    }

    #[test]
    fn a_crowded_account_is_left_alone_for_longer() {
        let wait = pace().after(&done(Obstacle::Crowded), 128).idling;
        assert!(wait >= CROWDED * 3 / 4, "{wait:?}");
    }

    #[test]
    fn other_peoples_mail_slows_the_passes_and_our_own_does_not() {
        let mut pace = pace();
        let soon = Duration::from_secs(1);
        let gaps: Vec<Duration> = (0..12).map(|_| pace.woken(soon)).collect();
        assert_eq!(gaps[0], Duration::ZERO);
        assert!(gaps.is_sorted(), "{gaps:?}");
        assert_eq!(gaps[11], LONGEST_GAP);
        pace.after(
            &Done {
                fetched: 1,
                ..Done::default()
            },
            0,
        );
        assert_eq!(pace.woken(soon), Duration::ZERO);
        let gaps: Vec<Duration> = (0..12).map(|_| pace.woken(QUIET)).collect();
        assert_eq!(gaps, vec![Duration::ZERO; 12]);
    }

    #[test]
    fn a_server_that_hangs_up_at_once_is_trouble_and_one_that_does_later_is_not() {
        let mut pace = pace();
        for _ in 0..20 {
            let wait = pace.lost(Duration::from_secs(1800), 255);
            assert!(wait < FIRST_WAIT * 2, "{wait:?}");
        }
        for _ in 0..20 {
            pace.lost(Duration::ZERO, 128);
        }
        assert!(pace.lost(Duration::ZERO, 128) > LONGEST_WAIT / 2);
    }
}
