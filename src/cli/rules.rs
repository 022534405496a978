//! Rule options become [`Rules`]: the settings are those of `rules`, and times are as people type them.

use super::arguments::RuleArguments;
use crate::address::StationAddress;
use crate::rendition::Lengths;
use crate::rules::{RuleError, RuleSetting, Rules};
use crate::sharing::Fault;
use crate::sharing::narrow::Narrowing;
use crate::sharing::share::default_rules;
use crate::sharing::times::{Day, parse_time};

impl RuleArguments {
    /// The rules that the options make; `None` where none is given.
    ///
    /// Where only a limit is given (`--until`, `--views`, …), it narrows the default.
    pub fn rules(&self) -> Result<Option<Rules>, Fault> {
        let settings = self.settings()?;
        if settings.is_empty() {
            return Ok(None);
        }
        let mut rules = Rules::from_settings(&settings).map_err(wrong)?;
        let says_what = self.display.is_some() || self.print.is_some() || self.store.is_some();
        if !says_what {
            let default = default_rules();
            rules.display = default.display.map(|mut limits| {
                limits.watermark = self.watermark;
                limits.excerpt = self.excerpt.is_some();
                limits
            });
            if rules.period.is_none() && rules.not_after.is_none() {
                rules.period = default.period;
            }
        }
        Ok(Some(rules))
    }

    /// The rules that the options make for a share that exists; `None` where none is given.
    pub fn narrowing(&self) -> Result<Option<Narrowing>, Fault> {
        let settings = self.settings()?;
        if settings.is_empty() {
            return Ok(None);
        }
        Ok(Some(Narrowing {
            rules: Rules::from_settings(&settings).map_err(wrong)?,
            says_what: self.display.is_some() || self.print.is_some() || self.store.is_some(),
        }))
    }

    /// What those may do to whom it is passed on.
    pub fn onward(&self) -> Result<Option<Rules>, Fault> {
        self.onward.as_deref().map(parse_rules).transpose()
    }

    /// How much of a sound, film or document an excerpt is.
    pub fn lengths(&self) -> Result<Lengths, Fault> {
        self.excerpt
            .as_deref()
            .map_or_else(|| Ok(Lengths::default()), excerpt)
    }

    fn settings(&self) -> Result<Vec<RuleSetting>, Fault> {
        let given = [
            ("display", &self.display),
            ("print", &self.print),
            ("store", &self.store),
            ("forward", &self.forward),
            ("until", &self.until),
            ("period", &self.period),
            ("views", &self.views),
        ];
        let mut settings = Vec::new();
        for (name, value) in given {
            if let Some(value) = value {
                settings.push(setting(name, value)?);
            }
        }
        if self.watermark {
            settings.push(RuleSetting::Watermark(true));
        }
        if let Some(length) = &self.excerpt {
            excerpt(length)?;
            settings.push(RuleSetting::Excerpt(true));
        }
        Ok(settings)
    }
}

/// Reads `display=1280,print=no,until=2026-12-24`.
pub fn parse_rules(text: &str) -> Result<Rules, Fault> {
    let settings = text
        .split(',')
        .filter(|piece| !piece.trim().is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            setting(name.trim(), value.trim())
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    Rules::from_settings(&settings).map_err(wrong)
}

/// Reads `home-b+bob@example.org=display=1280,print=no`.
pub fn parse_station(text: &str) -> Result<(StationAddress, Rules), Fault> {
    // A local part may have `=` in it; a domain has none.
    let split = text.split_once('@').and_then(|(local, rest)| {
        let (domain, rules) = rest.split_once('=')?;
        Some((format!("{local}@{domain}"), rules))
    });
    let Some((address, rules)) = split else {
        return Err(Fault::usage(
            "rules",
            format!("--for {text}: an address and its rules are needed"),
        )
        .hint("write it like --for home-b+bob@example.org=display=1280,period=P7D"));
    };
    let address = address
        .parse()
        .map_err(|error| Fault::usage("address", format!("--for {text}: {error}")))?;
    Ok((address, parse_rules(rules)?))
}

fn setting(name: &str, value: &str) -> Result<RuleSetting, Fault> {
    match name {
        "until" => parse_time(value, Day::End).map(RuleSetting::Until),
        "from" => parse_time(value, Day::Beginning).map(RuleSetting::From),
        _ => RuleSetting::parse(name, value).map_err(wrong),
    }
}

fn wrong(error: RuleError) -> Fault {
    Fault::usage("rules", error.to_string())
}

/// `30s`, `2p` or `20l`: seconds, pages, lines; several with commas between them.
fn excerpt(length: &str) -> Result<Lengths, Fault> {
    length.parse().map_err(|words| {
        Fault::usage("rules", format!("--excerpt {words}"))
            .hint("write it like 30s, 2p, 20l or 30s,2p")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Period;
    use crate::rules::Limits;

    fn edge(max_edge: u64) -> Option<Limits> {
        Some(Limits {
            max_edge: Some(max_edge),
            ..Limits::default()
        })
    }

    fn given(change: impl FnOnce(&mut RuleArguments)) -> Result<Option<Rules>, Fault> {
        let mut arguments = RuleArguments::default();
        change(&mut arguments);
        arguments.rules()
    }

    #[test]
    fn options_are_the_rules_and_a_limit_alone_narrows_the_default() {
        assert_eq!(given(|_| {}), Ok(None));
        let rules = given(|a| {
            a.display = Some("640".to_owned());
            a.store = Some("full".to_owned());
        });
        let rules = rules.expect("rules").expect("some");
        assert_eq!(rules.display, edge(640));
        assert_eq!(rules.store, Some(Limits::default()));
        assert_eq!((rules.print, rules.period), (None, None));

        let rules = given(|a| a.views = Some("3".to_owned()));
        let rules = rules.expect("rules").expect("some");
        assert_eq!((rules.display, rules.views), (edge(2048), Some(3)));
        assert_eq!(rules.period, Period::from_days(30));

        let rules = given(|a| a.until = Some("2026-12-24T00:00:00+01:00".to_owned()));
        let rules = rules.expect("rules").expect("some");
        assert_eq!(rules.display, edge(2048));
        assert_eq!(rules.not_after, "2026-12-23T23:00:00Z".parse().ok());
        assert_eq!(rules.period, None);

        let rules = given(|a| a.display = Some("no".to_owned()));
        assert!(rules.expect("rules").expect("some").is_nothing());
    }

    #[test]
    fn rules_of_one_address_stand_behind_it() {
        let (address, rules) =
            parse_station("home-b+bob@b.example=display=1280,print=no").expect("rules");
        assert_eq!(address.to_string(), "home-b+bob@b.example");
        assert_eq!(rules.display, edge(1280));
        let (address, _) = parse_station("a=b@b.example=display=1").expect("rules");
        assert_eq!(address.to_string(), "a=b@b.example");
        for text in ["", "bob", "home-b@b.example", "bob=display=1"] {
            assert!(parse_station(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_a_matter_of_usage() {
        for text in ["dispaly=1", "display=0", "until=soon", "period=0d"] {
            assert!(parse_rules(text).expect_err(text).usage, "{text}");
        }
        for length in ["", "s", "0s", "30", "30x", "-1p"] {
            assert!(excerpt(length).is_err(), "{length}");
        }
    }
}
