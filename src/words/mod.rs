//! What people are told, by key, in their language (Fluent): the same words for pages, mails and the command line. The words
//! are part of the program, so nothing is read here; who is spoken to, and in which language, is decided elsewhere.
//!
//! 1. [`Language`] is one of those there are, from a tag, a browser's wish or a locale.
//! 2. [`say`] gives the words of a key; where a language lacks them, those of English.
//! 3. [`retell`] says an English sentence that was made elsewhere, such as a fault's, in another language.

mod language;
mod retell;

use std::sync::OnceLock;

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;

pub use fluent_bundle::FluentArgs;
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
            include_str!(concat!("../../templates/words/", $language, "/serve.ftl")),
            include_str!(concat!("../../templates/words/", $language, "/demo.ftl")),
        ]
    };
}

const ENGLISH: [&str; 7] = files!("en");
const GERMAN: [&str; 7] = files!("de");

type Bundle = FluentBundle<FluentResource>;

/// By language and text, each read when something of it is first said: `serve` says little, and rests long.
static BUNDLES: [[OnceLock<Bundle>; 7]; 2] = [
    const { [const { OnceLock::new() }; 7] },
    const { [const { OnceLock::new() }; 7] },
];

/// The texts of a language, each of one kind of words.
fn texts(language: Language) -> [&'static str; 7] {
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

fn bundle(language: Language, text: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.id()]);
    // The marks would be copied along with the text, and templates mark directions themselves.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource(text));
    bundle
}

/// Where the words of a key stand. A text that was not read yet is read only if it has them.
fn holding(language: Language, key: &str) -> Option<&'static Bundle> {
    let bundles = &BUNDLES[language as usize];
    let read = bundles.iter().filter_map(OnceLock::get);
    let line = format!("\n{key} =");
    // One that was not read a moment ago may be by now, for another thread.
    let fresh = |(bundle, text): (&'static OnceLock<Bundle>, &str)| {
        let here = text.contains(&line);
        here.then(|| bundle.get_or_init(|| self::bundle(language, text)))
    };
    let mut read = read.filter(|bundle| bundle.has_message(key));
    let first = read.next();
    first.or_else(|| bundles.iter().zip(texts(language)).find_map(fresh))
}

/// The words of a key; `None` where there are none, or not with these values.
pub fn look_up(language: Language, key: &str, values: &FluentArgs<'_>) -> Option<String> {
    let of = |language: Language| {
        let bundle = holding(language, key)?;
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

/// The words of a key in that language, with these values: `told!(language, "key", name = value)`.
macro_rules! told {
    ($language:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::say(
            $language,
            $key,
            &[$((stringify!($name), $crate::words::Value::from($value))),*],
        )
    };
}
pub(crate) use told;

#[cfg(test)]
mod tests;
