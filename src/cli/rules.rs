//! Rule options become [`Rules`]: the settings are those of `rules`, and times are as people type them.

use super::arguments::RuleArguments;
use crate::address::StationAddress;
use crate::rendition::Lengths;
use crate::rules::{RuleSetting, Rules};
use crate::sharing::Fault;
use crate::sharing::forward::narrow::{Narrowing, parse_exactly, setting};

impl RuleArguments {
    /// The rules that the options make; `None` where none is given.
    ///
    /// Where only a limit is given (`--until`, `--views`, …), it narrows the default.
    pub fn rules(&self) -> Result<Option<Rules>, Fault> {
        Ok(self.narrowing()?.map(|asked| asked.of_new_share()))
    }

    /// What the options say; `None` where none is given. What they leave open is for the use case to fill in.
    pub fn narrowing(&self) -> Result<Option<Narrowing>, Fault> {
        let settings = self.settings()?;
        if settings.is_empty() {
            return Ok(None);
        }
        Narrowing::of_settings(&settings).map(Some)
    }

    /// What those may do to whom it is passed on.
    pub fn onward(&self) -> Result<Option<Rules>, Fault> {
        self.onward.as_deref().map(parse_exactly).transpose()
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

/// Reads `home-b+bob@example.org=display=1280,print=no`.
pub fn parse_station(text: &str) -> Result<(StationAddress, Narrowing), Fault> {
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
    Ok((address, Narrowing::parse(rules)?))
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
        assert_eq!(rules.of_new_share().display, edge(1280));
        let (address, _) = parse_station("a=b@b.example=display=1").expect("rules");
        assert_eq!(address.to_string(), "a=b@b.example");
        for text in ["", "bob", "home-b@b.example", "bob=display=1"] {
            assert!(parse_station(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_a_matter_of_usage() {
        for text in ["dispaly=1", "display=0", "until=soon", "period=0d"] {
            assert!(Narrowing::parse(text).expect_err(text).usage, "{text}");
        }
        for length in ["", "s", "0s", "30", "30x", "-1p"] {
            assert!(excerpt(length).is_err(), "{length}");
        }
    }
}
