//! What a person asks to give on, held against what that person may: narrower goes, wider is refused with the limit.
//!
//! Pure.

use super::Fault;
use super::share::default_rules;
use super::words::english_time;
use crate::encoding::Timestamp;
use crate::rules::{Action, Limits, Rules, describe_action};
use crate::words::Language;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// The rules.
    pub rules: Rules,
    /// They say what may be done; else only how long, how often or how far, and the rest is as wide as may be.
    pub says_what: bool,
}

/// What is given: as asked, within the ceiling. Without a ceiling it is this household's own share.
pub(super) fn narrowed(
    asked: Option<&Narrowing>,
    ceiling: Option<&Rules>,
    now: Timestamp,
) -> Result<Rules, Fault> {
    let rules = match (asked, ceiling) {
        (None, None) => default_rules(),
        (None, Some(ceiling)) => Rules {
            forward: false,
            ..ceiling.clone()
        },
        (Some(asked), ceiling) => within(&whole(asked, ceiling), ceiling)?,
    };
    if rules.not_after.is_some_and(|end| end <= now) {
        return Err(Fault::usage(
            "over",
            "nothing could be done with it: the end is already past",
        ));
    }
    if rules.is_nothing() {
        return Err(Fault::usage(
            "nothing_allowed",
            "the rules allow nothing: give at least --display",
        ));
    }
    Ok(rules)
}

/// What was asked, with what it leaves open filled in.
fn whole(asked: &Narrowing, ceiling: Option<&Rules>) -> Rules {
    if asked.says_what {
        return asked.rules.clone();
    }
    let default = default_rules();
    let widest = ceiling.unwrap_or(&default);
    let limited = |limits: Option<Limits>| {
        limits.map(|limits| Limits {
            watermark: limits.watermark || asked.rules.display.is_some_and(|l| l.watermark),
            excerpt: limits.excerpt || asked.rules.display.is_some_and(|l| l.excerpt),
            ..limits
        })
    };
    let says_when = asked.rules.period.is_some() || asked.rules.not_after.is_some();
    Rules {
        display: limited(widest.display),
        print: limited(widest.print),
        store: limited(widest.store),
        period: match says_when {
            true => asked.rules.period,
            false => widest.period,
        },
        ..asked.rules.clone()
    }
}

fn within(asked: &Rules, ceiling: Option<&Rules>) -> Result<Rules, Fault> {
    let Some(ceiling) = ceiling else {
        return Ok(asked.clone());
    };
    let wider = |words: String| Err(Fault::new("wider", words));
    for action in Action::ALL {
        let Some(limits) = asked.limits(action) else {
            continue;
        };
        let Some(most) = ceiling.limits(action) else {
            return wider(match action {
                Action::Forward => "it may be passed on to you, but no further".to_owned(),
                _ => format!(
                    "you may not let others {} it",
                    describe_action(Language::En, action)
                ),
            });
        };
        if let Some(edge) = most.max_edge
            && limits.max_edge.is_none_or(|asked| asked > edge)
        {
            return wider(format!(
                "you may let others {} it at up to {edge} px; ask for that or less",
                describe_action(Language::En, action)
            ));
        }
    }
    if let (Some(asked), Some(end)) = (asked.not_after, ceiling.not_after)
        && asked > end
    {
        return wider(format!("you may pass it on until {}", english_time(end)));
    }
    if let (Some(asked), Some(most)) = (asked.views, ceiling.views)
        && asked > most
    {
        return wider(format!("you may let others open it {most} times at most"));
    }
    Ok(asked.meet(ceiling))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::parse_rules;

    fn asked(text: &str) -> Narrowing {
        Narrowing {
            rules: parse_rules(text).expect("rules"),
            says_what: true,
        }
    }

    fn given(asked: Option<&Narrowing>, ceiling: &str) -> Result<Rules, Fault> {
        let ceiling = parse_rules(ceiling).expect("rules");
        narrowed(asked, Some(&ceiling), Timestamp::from_unix(0))
    }

    #[test]
    fn narrower_goes_and_takes_on_every_limit_that_was_not_named() {
        let ceiling = "display=1280,print=full,watermark=yes,until=2030-01-01T00:00:00Z,views=5";
        let rules = given(Some(&asked("display=640,views=2")), ceiling).expect("narrower");
        let display = rules.display.expect("may look");
        assert_eq!((display.max_edge, display.watermark), (Some(640), true));
        assert_eq!((rules.print, rules.views), (None, Some(2)));
        assert_eq!(rules.not_after, "2030-01-01T00:00:00Z".parse().ok());
    }

    #[test]
    fn nothing_asked_is_all_that_may_be_but_no_further_step() {
        let rules = given(None, "display=1280,store=full,forward=yes").expect("all");
        assert!(rules.display.is_some() && rules.store.is_some() && !rules.forward);
        let limit = Narrowing {
            rules: parse_rules("views=1").expect("rules"),
            says_what: false,
        };
        let rules = given(Some(&limit), "display=1280,store=full").expect("all, once");
        assert!(rules.display.is_some() && rules.store.is_some());
        assert_eq!(rules.views, Some(1));
    }

    #[test]
    fn each_rule_that_is_wider_alone_is_refused() {
        let ceiling = "display=1280,until=2030-01-01T00:00:00Z,views=5";
        for wider in [
            "display=1281",
            "display=full",
            "display=640,print=640",
            "display=640,store=full",
            "display=640,forward=yes",
            "display=640,until=2030-01-01T00:00:01Z",
            "display=640,views=6",
        ] {
            let fault = given(Some(&asked(wider)), ceiling).expect_err(wider);
            assert_eq!(fault.code, "wider", "{wider}");
        }
        let over = given(
            Some(&asked("display=640,until=1969-01-01T00:00:00Z")),
            ceiling,
        );
        assert_eq!(over.expect_err("over").code, "over");
    }
}
