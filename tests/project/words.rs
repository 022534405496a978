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
        || [
            "pages",
            "sentences",
            "mails",
            "commands",
            "faults",
            "serve",
            "demo",
        ]
        .iter()
        .any(|of| {
            let file = folder.join(language.tag()).join(format!("{of}.ftl"));
            let text = fs::read_to_string(file).expect("the file is there");
            format!("\n{text}").contains(&begin)
        })
}

/// After what a person's sentence stands in the sources: every literal in these brackets, or up to the end of that statement.
const CALLS: [&str; 17] = [
    "Fault::new(",
    "Fault::usage(",
    ".hint(",
    "#[error(",
    "Finding::good(",
    "Finding::bad(",
    "Refused::new(",
    "EnvelopeError::Profile(",
    "EnvelopeError::OpenSsl(",
    "Malformed(",
    "D::Error::custom(",
    "serde::de::Error::custom(",
    ".protocol(",
    "unsupported(",
    "refuse(",
    "refused(",
    "broken(",
];
const STATEMENTS: [&str; 7] = [
    "let words = ",
    "let hint = ",
    "let way_out = ",
    "let expected = ",
    "let what = ",
    "let bad = ",
    "let why = ",
];

/// What the sources put together of several, each with the whole that can come of it.
const COMPOSED: [(&str, &[&str]); 5] = [
    (
        "it is not said how much of this {format} file: add {}, such as --excerpt {}",
        &[
            "it is not said how much of this 7 file: add seconds, such as --excerpt 7",
            "it is not said how much of this 7 file: add pages, such as --excerpt 7",
            "it is not said how much of this 7 file: add lines, such as --excerpt 7",
        ],
    ),
    (
        "There were too many wrong passwords of late. Try again in {minutes} {}.",
        &[
            "There were too many wrong passwords of late. Try again in 7 minutes.",
            "There were too many wrong passwords of late. Try again in 1 minute.",
        ],
    ),
    (
        "{} {budget} in the last 24 hours{at_once}",
        &[
            "7 of 7 recipients in the last 24 hours",
            "7 of 7 recipients in the last 24 hours; the provider takes 7 at once",
            "7 recipients, with no limit set, in the last 24 hours",
            "7 recipients, with no limit set, in the last 24 hours; the provider takes 7 at once",
        ],
    ),
    (
        "{} known here",
        &[
            "7 known here, one without quantum-safe keys",
            "7 known here, 7 without quantum-safe keys",
            "7 known here, 7 waiting to be accepted",
            "7 known here, one without quantum-safe keys, 7 waiting to be accepted",
            "7 known here, 7 without quantum-safe keys, 7 waiting to be accepted",
        ],
    ),
    (
        "{name} ({mailbox}) came with {why}",
        &[
            "7 (7) came with an invitation that another household had used before",
            "7 (7) came with an invitation that was withdrawn",
            "7 (7) came with an invitation that was over",
            "7 (7) came with an invitation, from a mailbox at which another household is known",
        ],
    ),
];

/// Programs are told English; and what `inspect` says has keys of its own.
const NOT_RETOLD: [&str; 3] = ["src/web/api", "src/sharing/once.rs", "src/sharing/inspect"];

fn sources(folder: &Path, left_out: &[&str], all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder is readable").path();
        let name = path.to_string_lossy().into_owned();
        if left_out.iter().any(|part| name.contains(part)) {
            continue;
        }
        if path.is_dir() {
            sources(&path, left_out, all);
        } else if name.ends_with(".rs") && !name.ends_with("/tests.rs") {
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            let code = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .unwrap_or_default();
            all.push((name, code.to_owned()));
        }
    }
}

/// The literal with which a text begins, as it is in memory, and what follows.
fn literal(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => match chars.next()? {
                '\n' => chars = chars.as_str().trim_start().chars(),
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
}

/// The literals of a statement, or of what stands in brackets, but for those that are compared with or joined by.
fn literals(mut rest: &str, is_call: bool) -> Vec<String> {
    let mut all = Vec::new();
    let mut depth = 0;
    while let Some(next) = rest.chars().next() {
        if let Some((value, after)) = literal(rest) {
            all.push(value);
            rest = after;
            continue;
        }
        if let Some(part) = [".join(", ".contains(", ".expect(", "tracing::"]
            .iter()
            .find(|part| rest.starts_with(**part))
        {
            let after = &rest[part.len()..];
            rest = after.split_once(')').map_or("", |(_, after)| after);
            continue;
        }
        match next {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ';' if depth == 0 && !is_call => break,
            _ => {}
        }
        rest = &rest[next.len_utf8()..];
    }
    all
}

/// The text of a fault, with something where its values stand.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled += before;
        let (value, after) = after.split_once('}').unwrap_or((after, ""));
        filled += if value.ends_with(":?") { "\"7\"" } else { "7" };
        rest = after;
    }
    filled + rest
}

#[test]
fn every_fault_can_be_told_in_every_language() {
    let mut all = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&root, &NOT_RETOLD, &mut all);
    let mut found = 0;
    let mut missing = BTreeSet::new();
    for (name, text) in &all {
        let calls = CALLS.iter().map(|begin| (begin, true));
        let statements = STATEMENTS.iter().map(|begin| (begin, false));
        for (begin, is_call) in calls.chain(statements) {
            for after in text.split(begin).skip(1) {
                // A code stands before the words, and labels are words of one word.
                let labels = begin.starts_with("Finding");
                for words in literals(after, is_call) {
                    let filled = filled(&words);
                    let is_said = has_words(&filled) && (labels || filled.trim().contains(' '));
                    if !is_said {
                        continue;
                    }
                    found += 1;
                    let composed = COMPOSED.iter().find(|(of, _)| *of == words);
                    let is_whole_retold = match composed {
                        Some((_, wholes)) => wholes.iter().all(|whole| is_retold(whole)),
                        None => is_retold(&filled),
                    };
                    if !is_whole_retold {
                        missing.insert(format!("{name}: {words}"));
                    }
                }
            }
        }
    }
    assert!(found > 700, "the faults are found: {found}");
    assert!(missing.is_empty(), "said in English alone: {missing:#?}");
}

#[test]
fn every_key_that_the_code_names_has_words() {
    let mut all = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&root, &[], &mut all);
    let mut found = 0;
    let mut missing = BTreeSet::new();
    for (name, text) in &all {
        for begin in ["tell!(", "told!(", "say(", ".fact(", ".bytes(", "plain("] {
            for after in text.split(begin).skip(1) {
                // The key is the first literal, perhaps behind the language.
                let head: String = after.chars().take(80).collect();
                let Some((_, rest)) = head.split_once('"') else {
                    continue;
                };
                let Some((key, _)) = rest.split_once('"') else {
                    continue;
                };
                let is_key = key.contains('-')
                    && key
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                    && !key.ends_with('-');
                if is_key {
                    found += 1;
                    if Language::ALL.map(|language| is_said(language, key)) != [true, true] {
                        missing.insert(format!("{name}: {key}"));
                    }
                }
            }
        }
    }
    assert!(found > 300, "the keys are found: {found}");
    assert!(missing.is_empty(), "without words: {missing:#?}");
}
