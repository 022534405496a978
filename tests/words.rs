//! Every word that a page or a mail shows comes from `templates/words`, where all languages have it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hearthpost::words::{Language, look_up};

fn templates() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let files = |folder: PathBuf| {
        fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("the folder is readable").path())
    };
    let mut all = Vec::new();
    for path in files(root.clone()).chain(files(root.join("web"))) {
        let known = ["html", "txt"].map(|end| path.extension().is_some_and(|of| of == end));
        if known.contains(&true) {
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("templates are UTF-8");
            all.push((name.into_owned(), text));
        }
    }
    assert!(all.len() > 20, "the templates are read");
    all
}

/// The text without what stands between these marks.
fn without(text: &str, begin: &str, end: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(begin) {
        left += before;
        left.push(' ');
        rest = after.split_once(end).map_or("", |(_, rest)| rest);
    }
    left + rest
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

#[test]
fn no_template_holds_a_word_of_its_own() {
    for (name, text) in templates() {
        let mut text = text;
        for (begin, end) in [
            ("{% block body_class %}", "{% endblock %}"),
            ("{#", "#}"),
            ("{%", "%}"),
            ("{{", "}}"),
            ("<style>", "</style>"),
        ] {
            text = without(&text, begin, end);
        }
        for attribute in ["alt", "title", "placeholder", "aria-label"] {
            for after in text.split(&format!(" {attribute}=\"")).skip(1) {
                let value = after.split('"').next().unwrap_or_default();
                assert!(!has_words(value), "{name}: {attribute}={value:?}");
            }
        }
        let text = without(&text, "<", ">");
        // The mark of the subject, and the one name that is the same in every language.
        let text = text.replace("Subject:", "").replace("Hearthpost", "");
        let words: Vec<&str> = text
            .split_whitespace()
            .filter(|word| has_words(word))
            .collect();
        assert!(
            words.is_empty(),
            "{name} says {words:?} in one language alone"
        );
    }
}

#[test]
fn every_key_that_a_template_names_has_words() {
    let mut keys = BTreeSet::new();
    for (_, text) in templates() {
        // Not `asset("…")`.
        for after in without(&text, "{#", "#}")
            .replace("asset(", "")
            .split("t(\"")
            .skip(1)
        {
            let (key, rest) = after.split_once('"').expect("a closed literal");
            // A key that is put together of two is looked for by its pages' own tests.
            if !rest.trim_start().starts_with('~') {
                keys.insert(key.to_owned());
            }
        }
    }
    assert!(keys.len() > 200, "the keys are found");
    for key in keys {
        let found = Language::ALL.map(|language| is_said(language, &key));
        assert_eq!(found, [true, true], "{key}");
    }
}

/// Whether there are words, whatever values they want.
fn is_said(language: Language, key: &str) -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/words");
    let begin = format!("\n{key} =");
    let plain = look_up(language, key, &Default::default()).is_some();
    plain
        || ["pages", "sentences", "mails", "faults"].iter().any(|of| {
            let file = folder.join(language.tag()).join(format!("{of}.ftl"));
            let text = fs::read_to_string(file).expect("the file is there");
            format!("\n{text}").contains(&begin)
        })
}
