//! The claims of `docs/threat-model.md`: each is an entry of a list, with the tests that show it, and the tests are there.

use super::pages::{Page, root};

/// Under this heading stands what nothing prevents, and so no test shows.
const UNPREVENTED: &str = "## What is not prevented";

/// One entry of a list.
pub struct Claim {
    pub line: usize,
    pub words: String,
    /// `file::function`
    pub tests: Vec<String>,
}

/// The entries of all lists but that of what is not prevented.
pub fn of(page: &Page) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut open = false;
    for (at, line) in page.text.lines().enumerate() {
        if line == UNPREVENTED {
            break;
        }
        if line.starts_with("- ") {
            claims.push(Claim {
                line: at + 1,
                words: line.to_owned(),
                tests: Vec::new(),
            });
            open = true;
        } else if line.starts_with("  ") && open {
            let claim = claims.last_mut().expect("one is open");
            claim.words.push(' ');
            claim.words.push_str(line.trim());
        } else {
            open = false;
        }
    }
    for claim in &mut claims {
        claim.tests = named(&claim.words);
    }
    claims
}

/// What is named as a test in a text.
pub fn named(text: &str) -> Vec<String> {
    let code = text.split('`').skip(1).step_by(2);
    code.filter(|code| code.contains("::"))
        .map(str::to_owned)
        .collect()
}

/// Lines that say what somebody can or cannot do outside a list, where no test would be asked for.
pub fn loose(page: &Page) -> Vec<String> {
    let lines = page.text.lines().take_while(|line| *line != UNPREVENTED);
    let claims = |line: &&str| ["**Can", "**can"].iter().any(|word| line.contains(word));
    lines
        .filter(|line| !line.starts_with("- ") && !line.starts_with("  "))
        .filter(claims)
        .map(str::to_owned)
        .collect()
}

/// What is wrong with the name of a test, if anything.
pub fn fault(name: &str) -> Option<String> {
    let (file, function) = name.split_once("::")?;
    let below = file.starts_with("tests/") || file.starts_with("src/");
    if !below || file.contains("..") || !file.ends_with(".rs") {
        return Some(format!("{name}: not a file of tests/ or src/"));
    }
    let Ok(text) = std::fs::read_to_string(root().join(file)) else {
        return Some(format!("{name}: no such file"));
    };
    (!has_test(&text, function)).then(|| format!("{name}: no such test in that file"))
}

/// Whether a source file has a test of this name: a function with an attribute that makes it one, right above it.
pub fn has_test(text: &str, function: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = [format!("fn {function}("), format!("async fn {function}(")];
    lines.iter().enumerate().any(|(at, line)| {
        let above = lines[..at].iter().rev();
        let mut above = above.take_while(|line| line.starts_with("#["));
        let test = |line: &&str| *line == "#[test]" || line.starts_with("#[tokio::test");
        begins.iter().any(|begin| line.starts_with(begin.as_str())) && above.any(test)
    })
}
