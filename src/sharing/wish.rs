//! What a request for more asks for, worked out of what the person has: every limit that was not named stays as it is.
//!
//! Pure.

use super::narrow::Narrowing;
use super::share::default_rules;
use crate::encoding::Period;
use crate::rules::{Limits, PREVIEW_EDGE, Rules};

/// How much longer is asked for where nobody says how long, in days.
const LONGER: u32 = 30;

/// What a person wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// To do what they may for another 30 days; as often again, where it was counted.
    Longer,
    /// To print, as they may look.
    Print,
    /// To keep the originals.
    Keep,
    /// To pass it on.
    PassOn,
}

/// What a person has of a share, and how far it is used up.
#[derive(Debug, Clone, Default)]
pub(super) struct Had {
    /// The rules; nothing where none are known.
    pub rules: Rules,
    /// How often the item was opened that was opened most.
    pub used: u64,
    /// Nothing of it may be done any more.
    pub over: bool,
    /// It has ended here, and what is granted again counts from nothing.
    pub ended: bool,
}

impl Wish {
    /// All, in the order in which people are offered them.
    pub const ALL: [Wish; 4] = [Wish::Longer, Wish::Print, Wish::Keep, Wish::PassOn];

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Wish::Longer => "longer",
            Wish::Print => "print",
            Wish::Keep => "keep",
            Wish::PassOn => "pass-on",
        }
    }

    /// The wish of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Wish::ALL.into_iter().find(|wish| wish.as_str() == name)
    }

    /// What is wished by somebody who has that.
    pub(super) fn rules(self, had: &Rules) -> Rules {
        let screen = Limits {
            max_edge: Some(PREVIEW_EDGE),
            ..Limits::default()
        };
        match self {
            Wish::Longer if had.is_nothing() => Rules {
                display: Some(screen),
                ..Rules::default()
            },
            Wish::Longer => Rules {
                display: had.display,
                print: had.print,
                store: had.store,
                forward: had.forward,
                ..Rules::default()
            },
            Wish::Print => Rules {
                print: had.print.or(had.display).or(had.store).or(Some(screen)),
                ..Rules::default()
            },
            Wish::Keep => Rules {
                store: Some(Limits::default()),
                ..Rules::default()
            },
            Wish::PassOn => Rules {
                forward: true,
                ..Rules::default()
            },
        }
    }
}

/// So long as is asked for where nobody says how long.
pub(super) fn longer() -> Option<Period> {
    Period::from_days(LONGER)
}

/// What is asked for; without a word, the same for another 30 days. What is over needs a new time, whatever is asked, and
/// looks that were used up stay used: whoever asks for more of them is to have as many besides.
pub(super) fn asked_for(asked: Option<&Narrowing>, had: &Had) -> Rules {
    if had.rules.is_nothing() {
        return asked.map_or_else(default_rules, Narrowing::of_new_share);
    }
    let again = Narrowing {
        rules: Rules {
            period: longer(),
            ..Rules::default()
        },
        ..Narrowing::default()
    };
    let asked = asked.unwrap_or(&again);
    let mut rules = filled(asked, &had.rules);
    let says_when = rules.period.is_some() || rules.not_after.is_some();
    if had.over && !says_when {
        rules.period = longer();
    }
    rules.views = match (asked.rules.views, had.rules.views) {
        (Some(times), _) if had.ended => Some(times),
        (Some(times), most) => Some(times.saturating_add(had.used).max(most.unwrap_or(0))),
        (None, Some(most)) if had.ended => Some(most),
        (None, Some(most)) if had.over || says_when => Some(most.saturating_mul(2)),
        (None, _) => None,
    };
    rules
}

/// What was asked, with every limit that it does not name as the person has it.
fn filled(asked: &Narrowing, had: &Rules) -> Rules {
    if !asked.says_what {
        return Rules {
            display: asked.marked(had.display),
            print: asked.marked(had.print),
            store: asked.marked(had.store),
            forward: asked.rules.forward || had.forward,
            ..asked.rules.clone()
        };
    }
    let like = |limits: Option<Limits>, before: Option<Limits>| {
        let before = before.unwrap_or_default();
        limits.map(|limits| Limits {
            watermark: asked.watermark.unwrap_or(before.watermark),
            excerpt: asked.excerpt.unwrap_or(before.excerpt),
            ..limits
        })
    };
    let exactly = asked.watermark.is_some() && asked.excerpt.is_some();
    if exactly {
        return asked.rules.clone();
    }
    Rules {
        display: like(asked.rules.display, had.display),
        print: like(asked.rules.print, had.print.or(had.display)),
        store: like(asked.rules.store, had.store),
        ..asked.rules.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::parse_rules;

    fn had(rules: &str) -> Had {
        Had {
            rules: parse_rules(rules).expect("rules"),
            ..Had::default()
        }
    }

    fn asked(text: &str, had: &Had) -> Rules {
        let asked = Narrowing::parse(text).expect("rules");
        asked_for(Some(&asked), had)
    }

    fn rules(text: &str) -> Rules {
        parse_rules(text).expect("rules")
    }

    #[test]
    fn longer_keeps_the_size_and_the_name() {
        let had = had("display=640,views=3,watermark=yes,period=P1D");
        let same = "display=640,watermark=yes";
        let again = format!("{same},period=P30D,views=6");
        assert_eq!(asked_for(None, &had), rules(&again));
        let week = format!("{same},period=P7D,views=6");
        assert_eq!(asked("period=P7D", &had), rules(&week));
        assert_eq!(asked("views=2", &had), rules(&format!("{same},views=3")));
        assert_eq!(
            asked("display=2048", &had),
            rules("display=2048,watermark=yes")
        );
        let unmarked = asked("display=2048,watermark=no", &had);
        assert_eq!(unmarked, rules("display=2048"));
        let exactly: Narrowing = rules("display=2048").into();
        assert_eq!(asked_for(Some(&exactly), &had), rules("display=2048"));
    }

    #[test]
    fn a_print_is_as_what_is_looked_at_and_keeping_is_the_original() {
        let marked = rules("display=1280,watermark=yes");
        assert_eq!(Wish::Print.rules(&marked).print, marked.display);
        assert_eq!(Wish::Keep.rules(&marked), rules("store=full"));
        assert_eq!(Wish::PassOn.rules(&marked), rules("forward=yes"));
        assert_eq!(Wish::Longer.rules(&marked), marked);
        assert_eq!(Wish::Longer.rules(&Rules::default()), rules("display=2048"));
    }

    #[test]
    fn looks_that_are_used_up_are_asked_for_besides() {
        let used = Had {
            used: 2,
            over: true,
            ..had("display=640,views=2")
        };
        let more = asked("views=3", &used);
        assert_eq!((more.views, more.period), (Some(5), longer()));
        assert_eq!(asked("print=640", &used).views, Some(4));
        let ended = Had {
            ended: true,
            ..used
        };
        assert_eq!(asked("views=3", &ended).views, Some(3));
        assert_eq!(asked("print=640", &ended).views, Some(2));
        let free = had("display=640");
        assert_eq!(asked("print=640", &free).views, None);
        assert_eq!(asked_for(None, &Had::default()), default_rules());
    }
}
