//! What may this station do with this item, now? Pure functions answer; nothing here reads a clock, a file or a key.
//!
//! [`decide`](decide::decide) answers for one action, [`Rules::meet`] gives the widest rules within two, [`Rules::join`]
//! the narrowest that two lie within, [`describe`](describe::describe) says them in words, and [`needed_tier`] tells
//! which key a destination is given.

mod decide;
mod describe;
mod join;
mod meet;
mod parse;
mod tier;

use serde::{Deserialize, Serialize};

use crate::encoding::{self, Integer, Period, Timestamp};

pub use decide::{Decision, Denial, Rendition, Usage, VIEW_SECONDS, decide};
pub use describe::{
    Further, Who, denial_words, describe, describe_action, describe_asked, describe_ended,
    describe_exactly,
};
pub use parse::{RuleError, RuleSetting, parse_period, parse_rules};
pub use tier::{
    HandedAs, Kind, PREVIEW_EDGE, THUMB_EDGE, Tier, Together, handed_as, is_excerpt,
    is_played_whole, needed_tier, source_of, source_tier, wanted_tier, within_tier,
};

/// What one station may do with the items of a share (DESIGN 3.7). An action that is absent is denied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Written", into = "Written")]
pub struct Rules {
    /// May see it.
    pub display: Option<Limits>,
    /// May get a print rendition.
    pub print: Option<Limits>,
    /// May keep a file; without limits the original, bit for bit.
    pub store: Option<Limits>,
    /// May pass it on, within the permit's `onward`.
    pub forward: bool,
    /// The first instant at which anything is allowed.
    pub not_before: Option<Timestamp>,
    /// The first instant at which nothing is allowed any more. Invariant: after `not_before` ([`Rules::window_is_empty`]).
    pub not_after: Option<Timestamp>,
    /// How long, from the first moment any of the share can be viewed there.
    pub period: Option<Period>,
    /// How many times each item may be opened. Invariant: not zero.
    pub views: Option<u64>,
}

/// How an action is narrowed; the default narrows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Pictures are scaled down to this long edge, in pixels. Invariant: not zero.
    #[serde(
        default,
        deserialize_with = "edge",
        skip_serializing_if = "Option::is_none"
    )]
    pub max_edge: Option<u64>,
    /// The viewer's name and the date stand visibly across it.
    #[serde(
        default,
        deserialize_with = "encoding::truth",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub watermark: bool,
    /// Of sound, video and documents only the excerpt that the sender cut.
    #[serde(
        default,
        deserialize_with = "encoding::truth",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub excerpt: bool,
}

/// What a person asks to do with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Look at it.
    Display,
    /// Get a print rendition.
    Print,
    /// Keep a file.
    Store,
    /// Pass it on to another household.
    Forward,
}

impl Action {
    /// All four, in the order in which people are told.
    pub const ALL: [Action; 4] = [
        Action::Display,
        Action::Print,
        Action::Store,
        Action::Forward,
    ];
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Action::Display => "display",
            Action::Print => "print",
            Action::Store => "store",
            Action::Forward => "forward",
        })
    }
}

impl std::str::FromStr for Action {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Action::ALL
            .into_iter()
            .find(|action| action.to_string() == text)
            .ok_or_else(|| format!("{text:?} is not an action; use display, print or store"))
    }
}

impl Rules {
    /// The limits of an action, or `None` where it is denied. Passing on has no limits of its own.
    pub fn limits(&self, action: Action) -> Option<Limits> {
        match action {
            Action::Display => self.display,
            Action::Print => self.print,
            Action::Store => self.store,
            Action::Forward => self.forward.then_some(Limits::default()),
        }
    }

    /// Whether no action at all is allowed, ever.
    pub fn is_nothing(&self) -> bool {
        Action::ALL.iter().all(|&a| self.limits(a).is_none())
    }

    /// Whether what is allowed is so for ever: there is neither a date nor a period.
    pub fn has_no_end(&self) -> bool {
        self.not_after.is_none() && self.period.is_none()
    }

    fn window_is_empty(&self) -> bool {
        matches!((self.not_before, self.not_after), (Some(from), Some(to)) if from >= to)
    }
}

/// The JSON form, with what the type of a field cannot refuse refused on the way in.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(
        default,
        deserialize_with = "encoding::present",
        skip_serializing_if = "Option::is_none"
    )]
    display: Option<Limits>,
    #[serde(
        default,
        deserialize_with = "encoding::present",
        skip_serializing_if = "Option::is_none"
    )]
    print: Option<Limits>,
    #[serde(
        default,
        deserialize_with = "encoding::present",
        skip_serializing_if = "Option::is_none"
    )]
    store: Option<Limits>,
    #[serde(
        default,
        deserialize_with = "encoding::empty",
        serialize_with = "empty_object",
        skip_serializing_if = "std::ops::Not::not"
    )]
    forward: bool,
    #[serde(
        default,
        deserialize_with = "encoding::present",
        skip_serializing_if = "Option::is_none"
    )]
    not_before: Option<Timestamp>,
    #[serde(
        default,
        deserialize_with = "encoding::present",
        skip_serializing_if = "Option::is_none"
    )]
    not_after: Option<Timestamp>,
    #[serde(
        default,
        deserialize_with = "encoding::present",
        skip_serializing_if = "Option::is_none"
    )]
    period: Option<Period>,
    #[serde(
        default,
        deserialize_with = "edge",
        skip_serializing_if = "Option::is_none"
    )]
    views: Option<u64>,
}

impl TryFrom<Written> for Rules {
    type Error = &'static str;

    fn try_from(w: Written) -> Result<Self, Self::Error> {
        let rules = Rules {
            display: w.display,
            print: w.print,
            store: w.store,
            forward: w.forward,
            not_before: w.not_before,
            not_after: w.not_after,
            period: w.period,
            views: w.views,
        };
        if rules.window_is_empty() {
            return Err("not_after must be later than not_before");
        }
        Ok(rules)
    }
}

impl From<Rules> for Written {
    fn from(r: Rules) -> Self {
        Written {
            display: r.display,
            print: r.print,
            store: r.store,
            forward: r.forward,
            not_before: r.not_before,
            not_after: r.not_after,
            period: r.period,
            views: r.views,
        }
    }
}

/// An integer that is present and not zero.
fn edge<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    match Integer::deserialize(deserializer)?.get() {
        0 => Err(serde::de::Error::custom("zero")),
        n => Ok(Some(n)),
    }
}

fn empty_object<S: serde::Serializer>(_: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    serializer.serialize_map(Some(0))?.end()
}

#[cfg(test)]
pub(crate) mod tests {
    pub(crate) use super::meet::tests::rules;
    use super::*;
    use crate::encoding::parse_object;

    #[test]
    fn rules_read_and_write_the_form_of_the_protocol() {
        let text = r#"{"display":{},"print":{"max_edge":2048,"watermark":true},"store":{"excerpt":true},"forward":{},"not_before":"2026-01-01T00:00:00Z","not_after":"2027-01-01T00:00:00Z","period":"P30D","views":3}"#;
        let rules: Rules = parse_object(text.as_bytes()).expect("rules");
        assert_eq!(serde_json::to_string(&rules).expect("JSON"), text);
        assert_eq!(
            parse_object::<Rules>(b"{}").expect("rules"),
            Rules::default()
        );
    }

    #[test]
    fn one_fault_each_is_refused() {
        for text in [
            r#"{"display":null}"#,
            r#"{"display":{"max_edge":0}}"#,
            r#"{"display":{"max_edge":null}}"#,
            r#"{"display":{"max_edge":1.5}}"#,
            r#"{"display":{"watermark":false}}"#,
            r#"{"display":{"edge":3}}"#,
            r#"{"display":true}"#,
            r#"{"forward":{"x":1}}"#,
            r#"{"forward":true}"#,
            r#"{"views":0}"#,
            r#"{"period":"P0D"}"#,
            r#"{"copy":{}}"#,
            r#"{"views":1,"views":2}"#,
            r#"{"not_before":"2026-01-01T00:00:00Z","not_after":"2026-01-01T00:00:00Z"}"#,
        ] {
            assert!(parse_object::<Rules>(text.as_bytes()).is_err(), "{text}");
        }
    }
}
