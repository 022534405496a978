//! What pages say, by key, in the language that the browser asks for (Fluent). English is always there.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

const LANGUAGES: [(&str, &str); 1] = [("en", include_str!("../../templates/words/en/pages.ftl"))];

/// All words in all languages.
pub(super) struct Words(Vec<(LanguageIdentifier, FluentBundle<FluentResource>)>);

impl Words {
    /// Those of the program. Lines that cannot be read are left out; a test finds them.
    pub fn new() -> Self {
        let language = |(name, text): (&str, &str)| {
            let id: LanguageIdentifier = name.parse().ok()?;
            let mut bundle = FluentBundle::new_concurrent(vec![id.clone()]);
            // The marks would be copied along with the text, and templates mark directions themselves.
            bundle.set_use_isolating(false);
            let resource = match FluentResource::try_new(text.to_owned()) {
                Ok(resource) => resource,
                Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
            Some((id, bundle))
        };
        Words(LANGUAGES.into_iter().filter_map(language).collect())
    }

    /// The languages there are, each with what it calls itself.
    pub fn languages(&self) -> Vec<(String, String)> {
        let all = self.0.iter().map(|(id, _)| {
            let language = id.language.as_str().to_owned();
            let name = self.say(&language, "language-name", &FluentArgs::new());
            (language.clone(), name.unwrap_or(language))
        });
        all.collect()
    }

    /// The language to speak with a browser that accepts these (RFC 9110, 12.5.4): the first one that is there.
    pub fn choose(&self, accepted: &str) -> &str {
        let mut wanted: Vec<(f32, &str)> = accepted
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
        let known = |name: &str| {
            let id: LanguageIdentifier = name.parse().ok()?;
            let mut all = self.0.iter();
            all.find(|(known, _)| known.language == id.language)
        };
        let found = wanted.iter().find_map(|(_, name)| known(name));
        found.map_or("en", |(id, _)| id.language.as_str())
    }

    /// The words of a key; `None` where there are none in any language.
    pub fn say(&self, language: &str, key: &str, values: &FluentArgs<'_>) -> Option<String> {
        let of = |(_, bundle): &(LanguageIdentifier, FluentBundle<FluentResource>)| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut faults = Vec::new();
            let words = bundle.format_pattern(pattern, Some(values), &mut faults);
            faults.is_empty().then(|| words.into_owned())
        };
        let mut all = self.0.iter();
        let first = all.find(|(id, _)| id.language.as_str() == language);
        first.and_then(of).or_else(|| self.0.iter().find_map(of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_language_can_be_read() {
        for (name, text) in LANGUAGES {
            let read = FluentResource::try_new(text.to_owned());
            let faults = read.err().map(|(_, faults)| faults);
            assert!(faults.is_none(), "{name}: {faults:?}");
        }
    }

    #[test]
    fn the_dearest_language_that_is_there_is_spoken() {
        let words = Words::new();
        assert_eq!(words.choose("en-GB,en;q=0.8"), "en");
        assert_eq!(words.choose("tlh, en;q=0.1"), "en");
        assert_eq!(words.choose(""), "en");
        assert_eq!(words.choose(";;q=,"), "en");
    }
}
