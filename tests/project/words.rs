//! Every word that a page or a mail shows comes from `templates/words`, where all languages have it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hearthpost::words::{Language, is_retold, look_up};

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

/// Where a fault, a hint or an error begins in the sources. What follows is its English text, perhaps behind `format!(`.
const BEGIN: [&str; 4] = ["Fault::new(", "Fault::usage(", ".hint(", "#[error("];

/// Of faults that only a slip of our own brings about: who reads them reports them, in English.
const SLIPS: [&str; 7] = [
    "an own share that is bounded",
    "no encryption key",
    "a holding without keys",
    "there is none",
    "{SHARED_MEMORY} is no folder in memory",
    "OpenSSL: {0}",
    // Its end says two things, each of which has a form of its own.
    "{}:{line}: unknown key \"{key}\"{}",
];

fn sources(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder is readable").path();
        let name = path.to_string_lossy().into_owned();
        // Programs are told English, and what the demonstration says is not a fault.
        let left_out = ["src/web/api", "src/demo", "src/sharing/once.rs"];
        if left_out.iter().any(|part| name.contains(part)) {
            continue;
        }
        if path.is_dir() {
            sources(&path, all);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            let code = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .unwrap_or_default();
            all.push((name, code.to_owned()));
        }
    }
}

/// The literal with which a text begins, as it is in memory.
fn literal(text: &str) -> Option<String> {
    let rest = text.trim_start().strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = rest.chars().peekable();
    loop {
        match chars.next()? {
            '"' => return Some(value),
            '\\' => match chars.next()? {
                '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
}

/// The text of a fault, with something where its values stand.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled += before;
        let (value, after) = after.split_once('}').unwrap_or((after, ""));
        filled += if value.ends_with(":?") {
            "\"x7\""
        } else {
            "x7"
        };
        rest = after;
    }
    filled + rest
}

#[test]
fn every_fault_can_be_told_in_every_language() {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let mut found = 0;
    let mut missing = BTreeSet::new();
    for (name, text) in &all {
        for begin in BEGIN {
            for after in text.split(begin).skip(1) {
                // A code stands before the words.
                let after = match begin.starts_with("Fault") {
                    true => after.split_once(',').map_or("", |(_, rest)| rest),
                    false => after,
                };
                let after = after.trim_start();
                let Some(words) = literal(after.strip_prefix("format!(").unwrap_or(after)) else {
                    continue;
                };
                let fixed = words.replace(|c: char| !c.is_alphabetic(), "");
                let is_empty = fixed.is_empty() || !has_words(&filled(&words).replace("x7", ""));
                if is_empty || SLIPS.contains(&words.as_str()) {
                    continue;
                }
                found += 1;
                if !is_retold(&filled(&words)) {
                    missing.insert(format!("{name}: {words}"));
                }
            }
        }
    }
    assert!(found > 300, "the faults are found: {found}");
    assert!(missing.is_empty(), "said in English alone: {missing:#?}");
}
