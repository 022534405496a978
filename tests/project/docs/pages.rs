//! The pages, read as text.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One Markdown file.
pub struct Page {
    /// Below the root of the project.
    pub name: String,
    pub text: String,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README.md and everything in docs.
pub fn pages() -> Vec<Page> {
    let mut names = vec!["README.md".to_owned()];
    for entry in std::fs::read_dir(root().join("docs")).expect("docs is there") {
        let name = entry.expect("docs is readable").file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".md") {
            names.push(format!("docs/{name}"));
        }
    }
    names.sort();
    names.iter().map(|name| Page::read(name)).collect()
}

/// What a heading is called in links, as GitHub does it.
pub fn anchors(page: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(page).unwrap_or_default();
    let anchor = |heading: &str| {
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        heading
            .trim()
            .to_lowercase()
            .chars()
            .filter(kept)
            .collect::<String>()
            .replace(' ', "-")
    };
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

impl Page {
    pub fn read(name: &str) -> Self {
        let path = root().join(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        Page {
            name: name.to_owned(),
            text,
        }
    }

    pub fn folder(&self) -> PathBuf {
        root()
            .join(&self.name)
            .parent()
            .expect("a file has a folder")
            .to_owned()
    }

    /// Where `[…](…)` leads within the project.
    pub fn links(&self) -> Vec<String> {
        let mut links = Vec::new();
        for piece in self.text.split("](").skip(1) {
            let target = piece.split(')').next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                links.push(target.to_owned());
            }
        }
        links
    }

    /// What stands between single backticks.
    pub fn inline_code(&self) -> Vec<String> {
        let mut code = Vec::new();
        let mut fenced = false;
        for line in self.text.lines() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            } else if !fenced {
                code.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
            }
        }
        code
    }

    /// Every command line that is shown, inline or in a block, continued lines joined.
    fn lines(&self) -> Vec<String> {
        let mut lines = self.inline_code();
        let (mut fenced, mut open) = (false, String::new());
        for line in self.text.lines() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            } else if fenced {
                match line.strip_suffix('\\') {
                    Some(begun) => open += begun,
                    None => lines.push(std::mem::take(&mut open) + line),
                }
            }
        }
        lines
    }

    /// What stands behind `hearthpost` in each of them.
    fn calls(&self) -> Vec<Vec<String>> {
        let mut calls = Vec::new();
        for line in self.lines() {
            let line = line.replace("cargo run --release -- ", "hearthpost ");
            let line = line.split(" # ").next().unwrap_or_default().to_owned();
            for call in line.split("&&") {
                let mut words = call.split_whitespace().map(str::to_owned);
                let program = words.next().unwrap_or_default();
                if program == "hearthpost" || program.ends_with("/hearthpost") {
                    calls.push(words.collect());
                }
            }
        }
        calls
    }

    /// The verbs that are named: one word, and a second where the first has its own verbs.
    pub fn commands(&self) -> BTreeSet<Vec<String>> {
        self.calls()
            .iter()
            .map(|call| verbs(call))
            .filter(|verbs| !verbs.is_empty())
            .collect()
    }

    /// Each call's verbs with the long options shown behind them.
    pub fn options(&self) -> Vec<(Vec<String>, Vec<String>)> {
        self.calls()
            .iter()
            .map(|call| {
                let options = call
                    .iter()
                    .filter(|word| word.starts_with("--") && word.len() > 2);
                let bare =
                    options.map(|word| word.split('=').next().unwrap_or_default().to_owned());
                (verbs(call), bare.collect())
            })
            .collect()
    }
}

const WITH_VERBS: [&str; 7] = [
    "user",
    "contact",
    "keyword",
    "album",
    "item",
    "directory",
    "identity",
];

fn verbs(call: &[String]) -> Vec<String> {
    let mut words = Vec::new();
    let mut skip = false;
    for word in call {
        if std::mem::take(&mut skip) || word == "--json" {
            continue;
        }
        if word == "--config" {
            skip = true;
            continue;
        }
        let verb = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if !verb || word.starts_with('-') {
            break;
        }
        let more = WITH_VERBS.contains(&word.as_str()) && words.is_empty();
        words.push(word.clone());
        if !more {
            break;
        }
    }
    words
}
