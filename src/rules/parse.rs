//! Rules as a person types them: `display=1280,print=no,store=no,period=P7D`.

use super::{Limits, Rules};
use crate::encoding::{Period, TimeError, Timestamp};

/// Why a text is not a set of rules; each names the setting and the way to write it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A word that is no rule.
    #[error(
        "{0:?} is not a rule; use display, print, store, forward, period, until, from, views, watermark or excerpt"
    )]
    Unknown(String),
    /// A value that the rule cannot have.
    #[error("{name}={value}: {name} is a number of pixels, full or no")]
    Edge {
        /// The rule.
        name: String,
        /// What stands behind it.
        value: String,
    },
    /// A value that is neither yes nor no.
    #[error("{name}={value}: {name} is yes or no")]
    YesNo {
        /// The rule.
        name: String,
        /// What stands behind it.
        value: String,
    },
    /// Not a count of views.
    #[error("views={0}: views is a whole number from 1")]
    Views(String),
    /// Not a time or duration.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// Ends before it begins.
    #[error("these rules end before they begin")]
    EmptyWindow,
    /// A rule given twice.
    #[error("{0} is given twice")]
    Twice(String),
}

/// One rule as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleSetting {
    /// `display=…`
    Display(Option<Option<u64>>),
    /// `print=…`
    Print(Option<Option<u64>>),
    /// `store=…`
    Store(Option<Option<u64>>),
    /// `forward=yes|no`
    Forward(bool),
    /// `period=P7D`
    Period(Period),
    /// `until=2026-12-24T18:00:00Z`
    Until(Timestamp),
    /// `from=…`
    From(Timestamp),
    /// `views=3`
    Views(u64),
    /// `watermark=yes|no`: on every picture that is shown or printed or kept.
    Watermark(bool),
    /// `excerpt=yes|no`
    Excerpt(bool),
}

impl RuleSetting {
    /// Reads one `name=value`.
    pub fn parse(name: &str, value: &str) -> Result<Self, RuleError> {
        let yes_no = || match value {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(RuleError::YesNo {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
        };
        let edge = || match value {
            "no" => Ok(None),
            "full" => Ok(Some(None)),
            _ => match value.parse::<u32>() {
                Ok(n) if n > 0 => Ok(Some(Some(u64::from(n)))),
                _ => Err(RuleError::Edge {
                    name: name.to_owned(),
                    value: value.to_owned(),
                }),
            },
        };
        Ok(match name {
            "display" => RuleSetting::Display(edge()?),
            "print" => RuleSetting::Print(edge()?),
            "store" => RuleSetting::Store(edge()?),
            "forward" => RuleSetting::Forward(yes_no()?),
            "period" => RuleSetting::Period(parse_period(value)?),
            "until" => RuleSetting::Until(value.parse()?),
            "from" => RuleSetting::From(value.parse()?),
            "views" => match value.parse::<u32>() {
                Ok(n) if n > 0 => RuleSetting::Views(u64::from(n)),
                _ => return Err(RuleError::Views(value.to_owned())),
            },
            "watermark" => RuleSetting::Watermark(yes_no()?),
            "excerpt" => RuleSetting::Excerpt(yes_no()?),
            other => return Err(RuleError::Unknown(other.to_owned())),
        })
    }
}

impl Rules {
    /// The rules that some settings make; what is not mentioned is denied or unlimited. Fails where a setting is given
    /// twice or the window is empty.
    pub fn from_settings(settings: &[RuleSetting]) -> Result<Rules, RuleError> {
        let mut rules = Rules::default();
        let (mut watermark, mut excerpt) = (false, false);
        for (n, setting) in settings.iter().enumerate() {
            let same = |other: &RuleSetting| {
                std::mem::discriminant(other) == std::mem::discriminant(setting)
            };
            if settings[..n].iter().any(same) {
                return Err(RuleError::Twice(format!("{setting:?}")));
            }
            let limits = |edge: &Option<Option<u64>>| {
                edge.map(|max_edge| Limits {
                    max_edge,
                    ..Limits::default()
                })
            };
            match setting {
                RuleSetting::Display(edge) => rules.display = limits(edge),
                RuleSetting::Print(edge) => rules.print = limits(edge),
                RuleSetting::Store(edge) => rules.store = limits(edge),
                RuleSetting::Forward(yes) => rules.forward = *yes,
                RuleSetting::Period(period) => rules.period = Some(*period),
                RuleSetting::Until(time) => rules.not_after = Some(*time),
                RuleSetting::From(time) => rules.not_before = Some(*time),
                RuleSetting::Views(n) => rules.views = Some(*n),
                RuleSetting::Watermark(yes) => watermark = *yes,
                RuleSetting::Excerpt(yes) => excerpt = *yes,
            }
        }
        for limits in [&mut rules.display, &mut rules.print, &mut rules.store]
            .into_iter()
            .flatten()
        {
            limits.watermark = watermark;
            limits.excerpt = excerpt;
        }
        if rules.window_is_empty() {
            return Err(RuleError::EmptyWindow);
        }
        Ok(rules)
    }
}

/// Reads comma-separated rules.
pub fn parse_rules(text: &str) -> Result<Rules, RuleError> {
    let settings = text
        .split(',')
        .filter(|piece| !piece.trim().is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            RuleSetting::parse(name.trim(), value.trim())
        })
        .collect::<Result<Vec<_>, _>>()?;
    Rules::from_settings(&settings)
}

/// Reads an ISO 8601 duration, or the short form `30d`, `3w`, `12h`, `30m`, `90s`.
pub fn parse_period(text: &str) -> Result<Period, TimeError> {
    let short = text.len() >= 2 && text.starts_with(|c: char| c.is_ascii_digit());
    if !short {
        return text.parse();
    }
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let spelled = match unit {
        "d" => format!("P{number}D"),
        "w" => format!("P{number}W"),
        "h" => format!("PT{number}H"),
        "m" => format!("PT{number}M"),
        "s" => format!("PT{number}S"),
        _ => text.to_owned(),
    };
    spelled
        .parse()
        .map_err(|_| TimeError::NotADuration(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_rules_become_rules() {
        let rules = parse_rules("display=1280,print=no,store=full,forward=yes,period=7d,views=3");
        let rules = rules.expect("rules");
        assert_eq!(rules.display.and_then(|l| l.max_edge), Some(1280));
        assert_eq!(rules.print, None);
        assert_eq!(rules.store, Some(Limits::default()));
        assert!(rules.forward);
        assert_eq!(rules.period, Period::from_days(7));
        assert_eq!(rules.views, Some(3));
        assert!(
            parse_rules("display=640,watermark=yes")
                .expect("rules")
                .display
                .expect("display")
                .watermark
        );
    }

    #[test]
    fn a_wrong_rule_is_named() {
        for (text, part) in [
            ("dispaly=1", "dispaly"),
            ("display=0", "display=0"),
            ("display=-4", "display=-4"),
            ("display", "display="),
            ("forward=maybe", "yes or no"),
            ("views=0", "views=0"),
            ("period=soon", "soon"),
            ("period=0d", "0d"),
            ("until=tomorrow", "tomorrow"),
            ("display=1,display=2", "twice"),
            (
                "from=2026-02-01T00:00:00Z,until=2026-01-01T00:00:00Z",
                "before",
            ),
        ] {
            let error = parse_rules(text).expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
