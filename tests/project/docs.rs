//! The documentation says what is so: samples are what the fixtures hold, verbs are what the command line knows, links
//! lead somewhere, every key of the configuration that is named exists, and every claim of the threat model has its tests.

mod claims;
mod pages;
mod samples;

use std::collections::BTreeSet;
use std::process::Command;

use pages::{Page, pages, root};
use serde_json::Value;

/// What a page shows must be what the fixture holds; a string that ends in `…` is its beginning.
fn agrees(shown: &Value, held: &Value) -> bool {
    match (shown, held) {
        (Value::String(shown), Value::String(held)) => match shown.strip_suffix('…') {
            Some(beginning) => held.starts_with(beginning),
            None => shown == held,
        },
        (Value::Array(shown), Value::Array(held)) => {
            shown.len() == held.len() && shown.iter().zip(held).all(|(s, h)| agrees(s, h))
        }
        (Value::Object(shown), Value::Object(held)) => {
            shown.len() == held.len()
                && shown
                    .iter()
                    .all(|(name, value)| held.get(name).is_some_and(|held| agrees(value, held)))
        }
        (shown, held) => shown == held,
    }
}

#[test]
fn samples_are_what_the_fixtures_hold() {
    let page = Page::read("docs/protocol.md");
    let mut faults = Vec::new();
    let mut kinds = BTreeSet::new();
    for sample in samples::of(&page) {
        let place = format!("docs/protocol.md:{}: {}", sample.line, sample.fixture);
        match sample.language.as_str() {
            "json" => {
                let shown: Value = serde_json::from_str(&sample.shown)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
                let held: Value = serde_json::from_slice(&samples::json_of(&sample))
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
                let kind = held["type"].as_str().unwrap_or("about").to_owned();
                kinds.insert(kind);
                if !agrees(&shown, &held) {
                    faults.push(format!("{place}: it holds\n{held:#}"));
                }
            }
            _ => {
                kinds.insert("parts".to_owned());
                if let Some(line) = samples::missing_line(&sample) {
                    faults.push(format!(
                        "{place}: no line {line:?} there, or not in this order"
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let all = [
        "about",
        "card",
        "card-request",
        "ended",
        "grant",
        "grant-answer",
        "grant-request",
        "join",
        "join-answer",
        "manifest",
        "part-request",
        "parts",
        "permit",
        "receipt",
        "revocation",
    ];
    assert_eq!(
        kinds,
        all.map(str::to_owned).into(),
        "each kind has a sample, and no other"
    );
}

#[test]
fn every_verb_that_is_named_is_known_to_the_command_line() {
    let mut commands: BTreeSet<Vec<String>> = BTreeSet::new();
    for page in pages() {
        commands.extend(page.commands());
    }
    assert!(commands.len() > 15, "the pages name verbs: {commands:?}");
    let mut faults = Vec::new();
    for words in commands {
        let run = Command::new(env!("CARGO_BIN_EXE_hearthpost"))
            .args(&words)
            .arg("--help")
            .output()
            .expect("the binary runs");
        let help = String::from_utf8_lossy(&run.stdout);
        let usage = help.lines().find(|line| line.starts_with("Usage:"));
        // A word that is no verb is taken for an argument, and the usage is that of the verb before it.
        let known =
            usage.is_some_and(|usage| usage.contains(&format!("hearthpost {}", words.join(" "))));
        if !run.status.success() || !known {
            faults.push(format!("hearthpost {}", words.join(" ")));
        }
    }
    assert!(
        faults.is_empty(),
        "the pages name what is not there: {faults:#?}"
    );
}

#[test]
fn every_option_that_is_shown_with_a_verb_exists() {
    let mut faults = Vec::new();
    for page in pages() {
        for (words, options) in page.options() {
            let run = Command::new(env!("CARGO_BIN_EXE_hearthpost"))
                .args(&words)
                .arg("--help")
                .output()
                .expect("the binary runs");
            let help = String::from_utf8_lossy(&run.stdout).into_owned();
            for option in options {
                let named = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
                if !help.split(named).any(|word| word == option) {
                    faults.push(format!(
                        "{}: hearthpost {} {option}",
                        page.name,
                        words.join(" ")
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn links_lead_somewhere() {
    let mut faults = Vec::new();
    for page in pages() {
        for link in page.links() {
            let (path, anchor) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let target = if path.is_empty() {
                root().join(&page.name)
            } else {
                page.folder().join(path)
            };
            if !target.exists() {
                faults.push(format!("{}: {link}: no such file", page.name));
            } else if !anchor.is_empty() && !pages::anchors(&target).contains(anchor) {
                faults.push(format!("{}: {link}: no such heading", page.name));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_page_is_reached_from_the_first() {
    let readme = Page::read("README.md");
    let reached: BTreeSet<String> = readme.links().into_iter().collect();
    let missing: Vec<String> = pages()
        .into_iter()
        .map(|page| page.name)
        .filter(|name| name != "README.md" && !reached.contains(name))
        .collect();
    assert!(missing.is_empty(), "README.md does not lead to {missing:?}");
}

#[test]
fn settings_that_are_named_exist() {
    let known: BTreeSet<&str> = hearthpost::config::KEYS
        .iter()
        .map(|key| key.name)
        .collect();
    let sections: BTreeSet<&str> = known
        .iter()
        .filter_map(|name| name.split_once('.'))
        .map(|(s, _)| s)
        .collect();
    let mut faults = Vec::new();
    for page in pages() {
        for code in page.inline_code() {
            let is_key = code.split_once('.').is_some_and(|(section, key)| {
                sections.contains(section)
                    && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            });
            if is_key
                && !known.contains(code.as_str())
                && !code.ends_with(".toml")
                && !code.ends_with(".rs")
            {
                faults.push(format!("{}: {code}", page.name));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_claim_names_a_test_that_is_there() {
    let page = Page::read("docs/threat-model.md");
    let claims = claims::of(&page);
    assert!(claims.len() > 60, "{} claims", claims.len());
    let mut faults = Vec::new();
    for claim in &claims {
        if claim.tests.is_empty() {
            faults.push(format!("line {}: no test: {}", claim.line, claim.words));
        }
    }
    // All that is named, also outside the lists.
    faults.extend(
        claims::named(&page.text)
            .iter()
            .filter_map(|name| claims::fault(name)),
    );
    faults.extend(claims::loose(&page));
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_place_that_a_file_can_tell_names_a_test_that_is_there() {
    let page = Page::read("docs/places.md");
    let named = claims::named(&page.text);
    assert!(named.len() > 15, "{} tests", named.len());
    let faults: Vec<String> = named
        .iter()
        .filter_map(|name| claims::fault(name))
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn what_is_no_test_is_not_taken_for_one() {
    let text = "fn helper() {}\n#[test]\n#[ignore = \"x\"]\nfn one() {}\n// fn gone()\n#[tokio::test]\nasync fn two() {}\n";
    let found = ["helper", "one", "gone", "two", "tw"].map(|name| claims::has_test(text, name));
    assert_eq!(found, [false, true, false, true, false]);
    for wrong in [
        "tests/project/docs.rs::nobody_wrote_this",
        "tests/nowhere.rs::x",
        "tests/../Cargo.toml::x",
        "docs/threat-model.md::x",
    ] {
        assert!(claims::fault(wrong).is_some(), "{wrong}");
    }
    assert_eq!(
        claims::fault("tests/project/docs.rs::links_lead_somewhere"),
        None
    );
}
