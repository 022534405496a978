//! The languages that are spoken here.

use unic_langid::LanguageIdentifier;

/// One of them. English is always there, and is what programs are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::En, Language::De];

    /// Its tag (RFC 5646).
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> String {
        super::say(self, "language-name", &[])
    }

    pub(super) fn id(self) -> LanguageIdentifier {
        self.tag().parse().expect("a tag of two letters is one")
    }

    /// That of a tag or a locale: `de`, `de-AT`, `de_DE.UTF-8`. `None`: it is not spoken here.
    pub fn of_tag(text: &str) -> Option<Self> {
        let first = text.trim().split(['-', '_', '.', '@']).next()?;
        let mut all = Language::ALL.into_iter();
        all.find(|one| one.tag().eq_ignore_ascii_case(first))
    }

    /// The one to speak with a browser that accepts these (RFC 9110, 12.5.4): the dearest that is there, else English.
    pub fn accepted(wishes: &str) -> Self {
        let mut wanted: Vec<(f32, &str)> = wishes
            .split(',')
            .filter_map(|one| {
                let mut parts = one.split(';').map(str::trim);
                let name = parts.next().filter(|name| !name.is_empty())?;
                let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
                Some((weight.unwrap_or(1.0), name))
            })
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let found = wanted.iter().find_map(|(_, name)| Language::of_tag(name));
        found.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dearest_language_that_is_there_is_spoken() {
        for (wishes, language) in [
            ("en-GB,en;q=0.8", Language::En),
            ("tlh, en;q=0.1", Language::En),
            ("de", Language::De),
            ("de-AT,de;q=0.9,en;q=0.5", Language::De),
            ("en;q=0.5, de;q=0.9", Language::De),
            ("de;q=0, en", Language::En),
            ("tlh", Language::En),
            ("", Language::En),
            (";;q=,", Language::En),
        ] {
            assert_eq!(Language::accepted(wishes), language, "{wishes}");
        }
    }

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Language::of_tag("de_DE.UTF-8"), Some(Language::De));
        assert_eq!(Language::of_tag("DE"), Some(Language::De));
        assert_eq!(Language::of_tag("en_US"), Some(Language::En));
        assert_eq!(Language::of_tag("C.UTF-8"), None);
        assert_eq!(Language::of_tag("deutsch"), None);
        assert_eq!(Language::of_tag(""), None);
    }
}
