//! What a person asks to give on, held against what that person may: narrower goes, wider is refused with the limit.
//!
//! Pure.

use crate::encoding::Timestamp;
use crate::rules::{Action, Limits, RuleError, RuleSetting, Rules, describe_action};
use crate::sharing::Fault;
use crate::sharing::share::default_rules;
use crate::sharing::times::{Day, parse_time};
use crate::sharing::words::english_time;
use crate::words::Language;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// The rules.
    pub rules: Rules,
    /// They say what may be done; else only how long, how often or how far, and the rest is as wide as may be.
    pub says_what: bool,
    /// Whether the viewer's name stands across all of it, where that was said.
    pub watermark: Option<bool>,
    /// Whether of all that is no picture there is an excerpt only, where that was said.
    pub excerpt: Option<bool>,
}

impl Narrowing {
    /// What settings say. Without any they say that nothing may be done.
    pub fn of_settings(settings: &[RuleSetting]) -> Result<Self, Fault> {
        let mut asked = Narrowing {
            rules: Rules::from_settings(settings).map_err(wrong)?,
            says_what: settings.is_empty(),
            ..Narrowing::default()
        };
        for setting in settings {
            match setting {
                RuleSetting::Display(_) | RuleSetting::Print(_) | RuleSetting::Store(_) => {
                    asked.says_what = true;
                }
                RuleSetting::Watermark(yes) => asked.watermark = Some(*yes),
                RuleSetting::Excerpt(yes) => asked.excerpt = Some(*yes),
                _ => {}
            }
        }
        Ok(asked)
    }

    /// Reads `display=1280,print=no,until=2026-12-24`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::of_settings(&settings(text)?)
    }

    /// For a share that is new: what is left open is as it is without any rules.
    pub fn of_new_share(&self) -> Rules {
        self.filled(&default_rules())
    }

    /// What was asked, with what it leaves open filled in from the widest that there can be.
    pub(in crate::sharing) fn filled(&self, widest: &Rules) -> Rules {
        if self.says_what {
            return self.rules.clone();
        }
        let says_when = self.rules.period.is_some() || self.rules.not_after.is_some();
        Rules {
            display: self.marked(widest.display),
            print: self.marked(widest.print),
            store: self.marked(widest.store),
            period: match says_when {
                true => self.rules.period,
                false => widest.period,
            },
            ..self.rules.clone()
        }
    }

    /// These rules and no others: nothing is left open, with no mark and no excerpt but those they name.
    pub(in crate::sharing) fn exactly(rules: Rules) -> Self {
        Narrowing {
            watermark: Some(false),
            excerpt: Some(false),
            ..Narrowing::said(rules)
        }
    }

    /// All that may be done is said; how it is marked and how much of it is seen stay as they are.
    pub fn said(rules: Rules) -> Self {
        Narrowing {
            rules,
            says_what: true,
            ..Narrowing::default()
        }
    }

    /// The same limits, with what was said of all that may be done.
    pub(in crate::sharing) fn marked(&self, limits: Option<Limits>) -> Option<Limits> {
        limits.map(|limits| Limits {
            watermark: self.watermark.unwrap_or(limits.watermark),
            excerpt: self.excerpt.unwrap_or(limits.excerpt),
            ..limits
        })
    }
}

/// Rules as they stand, such as a list shows them: of what they say may be done, nothing is left open. Rules that name no use
/// leave it open.
impl From<Rules> for Narrowing {
    fn from(rules: Rules) -> Self {
        let says_what = [rules.display, rules.print, rules.store]
            .iter()
            .any(Option::is_some);
        let said = says_what.then_some(false);
        Narrowing {
            says_what: says_what || rules == Rules::default(),
            rules,
            watermark: said,
            excerpt: said,
        }
    }
}

/// Reads rules of which nothing is left open: what is not mentioned is denied.
pub fn parse_exactly(text: &str) -> Result<Rules, Fault> {
    Rules::from_settings(&settings(text)?).map_err(wrong)
}

/// Reads one setting, with times as people type them.
pub fn setting(name: &str, value: &str) -> Result<RuleSetting, Fault> {
    match name {
        "until" => parse_time(value, Day::End).map(RuleSetting::Until),
        "from" => parse_time(value, Day::Beginning).map(RuleSetting::From),
        _ => RuleSetting::parse(name, value).map_err(wrong),
    }
}

fn settings(text: &str) -> Result<Vec<RuleSetting>, Fault> {
    let pieces = text.split(',').filter(|piece| !piece.trim().is_empty());
    let read = pieces.map(|piece| {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        setting(name.trim(), value.trim())
    });
    read.collect()
}

fn wrong(error: RuleError) -> Fault {
    Fault::usage("rules", error.to_string())
}

/// What is given: as asked, within the ceiling. Without a ceiling it is this household's own share.
pub(in crate::sharing) fn narrowed(
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
        (Some(asked), None) => asked.of_new_share(),
        (Some(asked), Some(ceiling)) => within(&asked.filled(ceiling), ceiling)?,
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

fn within(asked: &Rules, ceiling: &Rules) -> Result<Rules, Fault> {
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
        Narrowing::parse(text).expect("rules")
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
        let limit = asked("views=1");
        let rules = given(Some(&limit), "display=1280,store=full").expect("all, once");
        assert!(rules.display.is_some() && rules.store.is_some());
        assert_eq!(rules.views, Some(1));
    }

    #[test]
    fn a_mark_that_is_named_alone_is_on_all_that_is_given() {
        let all = "display=1280,print=full,store=full";
        for (text, marked) in [
            (
                "watermark=yes",
                "display=1280,print=full,store=full,watermark=yes",
            ),
            (
                "excerpt=yes",
                "display=1280,print=full,store=full,excerpt=yes",
            ),
            (
                "watermark=yes,views=2",
                "display=1280,print=full,store=full,watermark=yes,views=2",
            ),
        ] {
            let rules = given(Some(&asked(text)), all).expect("narrower");
            assert_eq!(rules, parse_rules(marked).expect("rules"), "{text}");
            let own = narrowed(Some(&asked(text)), None, Timestamp::from_unix(0));
            let display = own.expect("own").display.expect("may look");
            let here = (display.watermark, display.excerpt);
            assert_eq!(here, (text.contains("watermark"), text.contains("excerpt")));
        }
        // No mark is taken off by saying so.
        let kept = given(Some(&asked("watermark=no")), "display=1280,watermark=yes");
        assert!(kept.expect("narrower").display.expect("may look").watermark);
    }

    #[test]
    fn a_day_may_be_an_end_and_a_limit_alone_narrows_what_there_is() {
        let end = asked("until=2027-01-01").of_new_share();
        assert!(end.not_after.is_some() && end.period.is_none());
        assert_eq!(end.display, default_rules().display);
        let once = asked("views=1").of_new_share();
        assert_eq!((once.views, once.period), (Some(1), default_rules().period));
        assert!(asked("").of_new_share().is_nothing());
        assert!(asked("display=no").of_new_share().is_nothing());
        let object: Narrowing = parse_rules("views=3").expect("rules").into();
        assert_eq!(object.of_new_share().display, default_rules().display);
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
