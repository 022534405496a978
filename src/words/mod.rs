//! What people are told, by key, in their language (Fluent): the same words for pages, mails and the command line. The words
//! are part of the program, so nothing is read here; who is spoken to, and in which language, is decided elsewhere.
//!
//! 1. [`Language`] is one of those there are, from a tag, a browser's wish or a locale.
//! 2. [`say`] gives the words of a key; where a language lacks them, those of English.
//! 3. [`retell`] says an English sentence that was made elsewhere, such as a fault's, in another language.

mod language;
mod retell;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

pub use fluent_bundle::FluentValue as Value;
pub use language::Language;
pub use retell::{is_retold, retell};

macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../../templates/words/", $language, "/pages.ftl")),
            include_str!(concat!(
                "../../templates/words/",
                $language,
                "/sentences.ftl"
            )),
            include_str!(concat!("../../templates/words/", $language, "/mails.ftl")),
            include_str!(concat!(
                "../../templates/words/",
                $language,
                "/commands.ftl"
            )),
            include_str!(concat!("../../templates/words/", $language, "/faults.ftl")),
        ]
    };
}

const ENGLISH: [&str; 5] = files!("en");
const GERMAN: [&str; 5] = files!("de");

type Bundle = FluentBundle<FluentResource>;

/// By language, each read when it is first spoken.
static BUNDLES: [LazyLock<Bundle>; 2] = [
    LazyLock::new(|| bundle(Language::En)),
    LazyLock::new(|| bundle(Language::De)),
];

/// The texts of a language, each of one kind of words.
fn texts(language: Language) -> [&'static str; 5] {
    match language {
        Language::En => ENGLISH,
        Language::De => GERMAN,
    }
}

/// Lines that cannot be read are left out; a test finds them.
fn resource(text: &str) -> FluentResource {
    match FluentResource::try_new(text.to_owned()) {
        Ok(resource) => resource,
        Err((resource, _)) => resource,
    }
}

fn bundle(language: Language) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.id()]);
    // The marks would be copied along with the text, and templates mark directions themselves.
    bundle.set_use_isolating(false);
    for text in texts(language) {
        bundle.add_resource_overriding(resource(text));
    }
    bundle
}

/// The words of a key; `None` where there are none, or not with these values.
pub fn look_up(language: Language, key: &str, values: &FluentArgs<'_>) -> Option<String> {
    let of = |language: Language| {
        let bundle = &BUNDLES[language as usize];
        let pattern = bundle.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let words = bundle.format_pattern(pattern, Some(values), &mut faults);
        faults.is_empty().then(|| words.into_owned())
    };
    of(language).or_else(|| of(Language::En))
}

/// The words of a key of the program's own, with these values. A key without words is our own slip, and is said itself.
pub fn say(language: Language, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
    let values: FluentArgs<'_> = values.iter().cloned().collect();
    look_up(language, key, &values).unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests;
