//! What a request for more asks for, worked out of what the person has: every limit that was not named stays as it is.
//!
//! Pure.

use super::on_top::{PeriodStart, on_top};
use crate::encoding::{Period, Timestamp};
use crate::rules::{Limits, PREVIEW_EDGE, Rules};
use crate::sharing::forward::narrow::Narrowing;
use crate::sharing::listing::personal::May;
use crate::sharing::share::default_rules;

/// Seconds.
const DAY: u64 = 86_400;
/// How much longer is asked for where nobody says how long, in seconds.
const LONGER: u64 = 30 * DAY;

/// What a person wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// To do what they may for another 30 days.
    Longer,
    /// To look as often again.
    Looks,
    /// To print, as they may look.
    Print,
    /// To keep the originals.
    Keep,
    /// To pass it on.
    PassOn,
}

/// What a person has of a share, and how far it is used up.
#[derive(Debug, Clone, Default)]
pub(in crate::sharing) struct Had {
    /// The rules; nothing where none are known.
    pub rules: Rules,
    /// So long it goes on, in seconds, where there is an end.
    pub left: u64,
    /// How often the item was opened that was opened most.
    pub used: u64,
    /// Nothing of it may be done any more.
    pub over: bool,
    /// It has ended here, and what is granted again counts from nothing.
    pub ended: bool,
}

impl Had {
    /// Whether all that is asked for is allowed already.
    pub fn holds(&self, asked: &Rules, now: Timestamp) -> bool {
        let end = now.plus_seconds(self.left);
        let has = Rules {
            period: None,
            not_after: (!self.rules.has_no_end()).then_some(end),
            ..self.rules.clone()
        };
        let begun = PeriodStart {
            after: now,
            by: Some(now),
        };
        !self.over && !has.is_nothing() && on_top(&has, asked, begun, now).within(&has)
    }
}

impl Wish {
    /// All, in the order in which people are offered them.
    pub const ALL: [Wish; 5] = [
        Wish::Longer,
        Wish::Looks,
        Wish::Print,
        Wish::Keep,
        Wish::PassOn,
    ];

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Wish::Longer => "longer",
            Wish::Looks => "looks",
            Wish::Print => "print",
            Wish::Keep => "keep",
            Wish::PassOn => "pass-on",
        }
    }

    /// Whether it is for more of what runs short.
    pub fn is_for_more(self) -> bool {
        matches!(self, Wish::Longer | Wish::Looks)
    }

    /// The wish of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Wish::ALL.into_iter().find(|wish| wish.as_str() == name)
    }

    /// What is wished by somebody who has that.
    pub(in crate::sharing) fn rules(self, had: &Rules) -> Rules {
        let screen = Limits {
            max_edge: Some(PREVIEW_EDGE),
            ..Limits::default()
        };
        match self {
            Wish::Longer | Wish::Looks if had.is_nothing() => Rules {
                display: Some(screen),
                ..Rules::default()
            },
            Wish::Longer | Wish::Looks => Rules {
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

/// What may be wished by somebody who has that, and to whom a yes would give something: longer where there is an end, more
/// looks where they are counted. Of what is over, everything else may.
pub(in crate::sharing) fn wishes(had: &Rules, may: May, over: bool) -> Vec<Wish> {
    let gives = |wish: &Wish| match wish {
        Wish::Longer => !had.has_no_end() || (over && had.views.is_none()),
        Wish::Looks => had.views.is_some(),
        // Of what is no picture there is nothing to print, whoever may.
        Wish::Print => over || !(may.print || had.print.is_some()),
        Wish::Keep => !may.keep,
        Wish::PassOn => !may.pass_on,
    };
    Wish::ALL.into_iter().filter(gives).collect()
}

/// What is asked for by somebody who has that and has these wishes; `None`: there are none.
pub(super) fn wished(wishes: &[Wish], had: &Had) -> Option<Rules> {
    let all = wishes.iter().map(|wish| wish.rules(&had.rules));
    let rules = all.reduce(|a, b| a.join(&b))?;
    let again = Again {
        longer: wishes.contains(&Wish::Longer),
        looks: wishes.contains(&Wish::Looks),
    };
    Some(timed(rules, again, None, had))
}

/// What is asked for; without a word, the same for another 30 days.
pub(super) fn asked_for(asked: Option<&Narrowing>, had: &Had) -> Rules {
    if had.rules.is_nothing() {
        return asked.map_or_else(default_rules, Narrowing::of_new_share);
    }
    let same = Narrowing::default();
    let rules = filled(asked.unwrap_or(&same), &had.rules);
    let again = Again {
        longer: asked.is_none(),
        looks: asked.is_none(),
    };
    timed(rules, again, asked.and_then(|asked| asked.rules.views), had)
}

/// Of what somebody asks for the same again.
#[derive(Clone, Copy)]
struct Again {
    /// Of the time: another 30 days.
    longer: bool,
    /// Of the looks.
    looks: bool,
}

/// The same rules with the time and the number of looks for which they are asked; `times`: so many looks, where that was
/// said. What is over needs a new time, whatever is asked, and new looks where they are used up; what has no end needs no
/// time. Looks that were used up stay used: whoever asks for more of them is to have as many besides.
fn timed(rules: Rules, again: Again, times: Option<u64>, had: &Had) -> Rules {
    let taken_back = had.ended && had.rules.views.is_none();
    let ends = taken_back || had.rules.is_nothing() || !had.rules.has_no_end();
    let says_when = ends && (rules.period.is_some() || rules.not_after.is_some());
    let period = match (again.longer || had.over) && !says_when {
        true => Period::from_seconds(days(had.left.saturating_add(LONGER)) * DAY),
        false => rules.period,
    };
    let views = match (times, had.rules.views) {
        (Some(times), _) if had.ended => Some(times),
        (Some(times), most) => Some(times.saturating_add(had.used).max(most.unwrap_or(0))),
        (None, Some(most)) if had.ended => Some(most),
        (None, Some(most)) if again.looks || says_when || (had.over && had.used >= most) => {
            Some(most.saturating_mul(2))
        }
        (None, _) => None,
    };
    Rules {
        period: period.filter(|_| ends),
        not_after: rules.not_after.filter(|_| ends),
        views,
        ..rules
    }
}

/// Whole days, the last one too where it is not.
fn days(seconds: u64) -> u64 {
    seconds.div_ceil(DAY)
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
    fn longer_comes_on_top_of_what_is_left() {
        let mut had = had("display=640,period=P60D");
        had.left = 59 * DAY - 1;
        let asked = |had: &Had| wished(&[Wish::Longer], had).and_then(|rules| rules.period);
        assert_eq!(asked(&had), Period::from_days(89));
        assert_eq!(asked_for(None, &had).period, Period::from_days(89));
        had.left = 0;
        assert_eq!(asked(&had), Period::from_days(30));
    }

    #[test]
    fn more_is_asked_of_what_is_wished_alone() {
        let had = had("display=640,views=3,period=P1D");
        let asked = |wishes: &[Wish], had: &Had| {
            let asked = wished(wishes, had).expect("a wish");
            (asked.period, asked.views)
        };
        let days = Period::from_days(30);
        assert_eq!(asked(&[Wish::Longer], &had), (days, None));
        assert_eq!(asked(&[Wish::Looks], &had), (None, Some(6)));
        assert_eq!(asked(&[Wish::Longer, Wish::Looks], &had), (days, Some(6)));
        // Of what is over, a yes gives something that can be used.
        let over = |used| Had {
            used,
            over: true,
            ..had.clone()
        };
        assert_eq!(asked(&[Wish::Longer], &over(1)), (days, None));
        assert_eq!(asked(&[Wish::Longer], &over(3)), (days, Some(6)));
        // It was used up, and is given as it was, without an end.
        let gone = Had {
            rules: rules("display=640,views=3"),
            ended: true,
            ..over(3)
        };
        assert_eq!(asked(&[Wish::Looks], &gone), (None, Some(3)));
    }

    #[test]
    fn what_has_no_end_is_asked_for_without_one() {
        let had = had("display=640,views=3");
        let asked = wished(&[Wish::Looks, Wish::Print], &had);
        assert_eq!(asked, parse_rules("display=640,print=640,views=6").ok());
        assert_eq!(asked_for(None, &had), rules("display=640,views=6"));
    }

    #[test]
    fn nobody_is_offered_what_they_have() {
        let all = May {
            look: true,
            print: true,
            keep: true,
            pass_on: true,
            ..May::default()
        };
        let offered = |text, may, over| wishes(&rules(text), may, over);
        let everything = "display=full,print=full,store=full,forward=yes";
        assert_eq!(offered(everything, all, false), []);
        let for_days = format!("{everything},period=P3D");
        assert_eq!(offered(&for_days, all, false), [Wish::Longer]);
        let counted = format!("{everything},views=3");
        assert_eq!(offered(&counted, all, false), [Wish::Looks]);
        let both = format!("{counted},period=P3D");
        assert_eq!(offered(&both, all, false), [Wish::Longer, Wish::Looks]);
        // What was used up has no end that could be further off.
        assert!(!offered(&counted, May::default(), true).contains(&Wish::Longer));
        let over = [Wish::Longer, Wish::Print, Wish::Keep, Wish::PassOn];
        assert_eq!(offered(everything, May::default(), true), over);
        // A film is not printed, whoever may.
        let film = May {
            print: false,
            ..all
        };
        assert_eq!(offered(everything, film, false), []);
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
        // What never ended needs no time, and is given none that would.
        assert_eq!((more.views, more.period), (Some(5), None));
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
