use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;

/// The values that a pattern names, in whatever variant.
fn named(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => named_inline(inline, names),
                Expression::Select { selector, variants } => {
                    named_inline(selector, names);
                    for variant in variants {
                        named(&variant.value, names);
                    }
                }
            }
        }
    }
}

fn named_inline(inline: &InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inner) = expression.as_ref() {
                named_inline(inner, names);
            }
        }
        _ => {}
    }
}

/// Each key of a text with the values it names.
fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = resource(text);
    let mut keys = BTreeMap::new();
    for entry in resource.entries() {
        if let Entry::Message(message) = entry {
            let mut names = BTreeSet::new();
            named(message.value.as_ref().expect("a value"), &mut names);
            let before = keys.insert(message.id.name.to_owned(), names);
            assert!(before.is_none(), "{} stands twice", message.id.name);
        }
    }
    keys
}

#[test]
fn every_line_of_every_language_can_be_read() {
    for language in Language::ALL {
        for text in texts(language) {
            let read = FluentResource::try_new(text.to_owned());
            let faults = read.err().map(|(_, faults)| faults);
            assert!(faults.is_none(), "{language:?}: {faults:?}");
        }
    }
}

#[test]
fn every_language_has_the_same_keys_with_the_same_values() {
    for (english, german) in ENGLISH.iter().zip(GERMAN) {
        let (english, german) = (keys(english), keys(german));
        for (key, values) in &english {
            let theirs = german.get(key);
            assert!(theirs.is_some(), "{key} is not said in German");
            assert_eq!(theirs, Some(values), "{key}: its values");
        }
        for key in german.keys() {
            assert!(english.contains_key(key), "{key} is German alone");
        }
    }
}

#[test]
fn no_key_stands_in_two_files() {
    let mut seen = BTreeSet::new();
    for text in ENGLISH {
        for key in keys(text).into_keys() {
            assert!(seen.insert(key.clone()), "{key} stands in two files");
        }
    }
}
