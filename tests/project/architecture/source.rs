//! Rust source as far as the architecture test needs it: words without comments and literals, and the paths they form.

/// A word or a sign; comments and the insides of literals are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
    /// Within an item under `#[cfg(test)]`.
    pub in_test: bool,
}

/// A path as written, with the groups of `use` spread out: `a::{b, c::d}` is `a::b` and `a::c::d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub names: Vec<String>,
    pub line: usize,
    pub in_test: bool,
    /// How many inline `mod … { }` it stands in.
    pub inline_modules: usize,
    /// Of a `use`: whether it hands the name on.
    pub import: Option<bool>,
}

/// All words and signs of a file.
pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let end = token_end(&chars, at);
        let word = is_word(chars[at]);
        let sign = chars[at..].starts_with(&[':', ':']) || end == at + 1;
        if !chars[at].is_whitespace() && (sign || (word && end_is_word(&chars[at..end]))) {
            tokens.push(Token {
                text: chars[at..end].iter().collect(),
                line,
                in_test: false,
            });
        }
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    mark_tests(&mut tokens);
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Not a literal with a prefix such as `b"…"`.
fn end_is_word(token: &[char]) -> bool {
    token.iter().all(|c| is_word(*c))
}

/// Where the word, sign, comment or literal that begins at `at` ends.
fn token_end(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let length = match rest {
        ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => block_comment(rest),
        ['"', ..] => quoted(rest, 1, '"'),
        ['\'', '\\', ..] | ['\'', _, '\'', ..] => quoted(rest, 1, '\''),
        ['b', '"', ..] | ['c', '"', ..] => quoted(rest, 2, '"'),
        ['b', '\'', ..] => quoted(rest, 2, '\''),
        ['r', '"' | '#', ..] => raw(rest, 1),
        ['b' | 'c', 'r', '"' | '#', ..] => raw(rest, 2),
        [':', ':', ..] => 2,
        [c, ..] if is_word(*c) => word(rest),
        _ => 1,
    };
    at + length
}

fn word(rest: &[char]) -> usize {
    rest.iter().position(|c| !is_word(*c)).unwrap_or(rest.len())
}

/// Block comments nest.
fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[char], opening: usize, quote: char) -> usize {
    let mut at = opening;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// `r"…"`, `r#"…"#`; and `r#word`, which is a word.
fn raw(rest: &[char], prefix: usize) -> usize {
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#').count();
    let opening = prefix + hashes;
    if rest.get(opening) != Some(&'"') {
        return word(rest).max(1);
    }
    let closing: Vec<char> = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    rest[opening + 1..]
        .windows(closing.len())
        .position(|window| window == closing)
        .map_or(rest.len(), |at| opening + 1 + at + closing.len())
}

/// Marks each item that follows `#[cfg(test)]`, to its closing brace or semicolon.
fn mark_tests(tokens: &mut [Token]) {
    const CFG_TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut at = 0;
    while at < tokens.len() {
        let found = CFG_TEST
            .iter()
            .enumerate()
            .all(|(n, text)| tokens.get(at + n).is_some_and(|token| token.text == *text));
        let end = if found {
            item_end(tokens, at + CFG_TEST.len())
        } else {
            at + 1
        };
        for token in &mut tokens[at..end] {
            token.in_test |= found;
        }
        at = end;
    }
}

fn item_end(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.text == "}" {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// All paths of a file, single words too.
pub fn paths(tokens: &[Token]) -> Vec<Path> {
    let mut paths = Vec::new();
    // One entry an open brace: whether it opened an inline module.
    let mut braces: Vec<bool> = Vec::new();
    let (mut at, mut import) = (0, None);
    while at < tokens.len() {
        let text = tokens[at].text.as_str();
        if text == "use" {
            let before = at.checked_sub(1).map(|at| tokens[at].text.as_str());
            import = Some(matches!(before, Some("pub" | ")")));
            at += 1;
            continue;
        }
        if text.starts_with(is_word) {
            let first = paths.len();
            at = path(tokens, at, &mut Vec::new(), &mut paths);
            let inline_modules = braces.iter().filter(|is_module| **is_module).count();
            for path in &mut paths[first..] {
                path.inline_modules = inline_modules;
                path.import = import;
            }
            import = None;
            continue;
        }
        match text {
            "{" => braces.push(at >= 2 && tokens[at - 2].text == "mod"),
            "}" => drop(braces.pop()),
            _ => {}
        }
        at += 1;
    }
    paths
}

/// Reads one path that begins at `at` below `prefix`; returns where it ends.
fn path(tokens: &[Token], mut at: usize, prefix: &mut Vec<String>, paths: &mut Vec<Path>) -> usize {
    let before = prefix.len();
    let start = at;
    let text_at = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut is_group = false;
    loop {
        match text_at(at) {
            "{" if at > start || before > 0 => {
                is_group = true;
                at += 1;
                while at < tokens.len() && text_at(at) != "}" {
                    at = match text_at(at) {
                        "," => at + 1,
                        "as" => at + 2,
                        _ => path(tokens, at, prefix, paths).max(at + 1),
                    };
                }
                at += 1;
                break;
            }
            "*" => {
                prefix.push("*".to_owned());
                at += 1;
                break;
            }
            name if name.starts_with(is_word) => {
                prefix.push(name.to_owned());
                at += 1;
            }
            _ => break,
        }
        if text_at(at) == "::" {
            at += 1;
        } else {
            break;
        }
    }
    if !is_group {
        paths.push(Path {
            names: prefix.clone(),
            line: tokens[start].line,
            in_test: tokens[start].in_test,
            inline_modules: 0,
            import: None,
        });
    }
    prefix.truncate(before);
    at
}

#[test]
fn comments_and_literals_hide_nothing_and_show_nothing() {
    let source = r####"
        //! crate::a
        /* crate::b /* nested */ crate::c */
        /// crate::d
        let s = "crate::e \" crate::f"; let r = r#"crate::g " crate::h"#; let b = b"crate::i";
        let c = '"'; let d = '\''; fn f<'a>(x: &'a str) { crate::j::k(); }
    "####;
    let tokens = tokens(source);
    let paths: Vec<String> = paths(&tokens)
        .iter()
        .filter(|path| path.names[0] == "crate")
        .map(|path| path.names.join("::"))
        .collect();
    assert_eq!(paths, ["crate::j::k"]);
}

#[test]
fn groups_are_spread_out_and_tests_are_marked() {
    let source = "use crate::{a as z, b::{self, c}, d::*};\n#[cfg(test)]\nmod tests { use super::super::e; }\nfn g() {}";
    let tokens = tokens(source);
    let found: Vec<_> = paths(&tokens)
        .into_iter()
        .filter(|path| path.names.len() > 1)
        .map(|path| {
            (
                path.names.join("::"),
                path.line,
                path.in_test,
                path.inline_modules,
            )
        })
        .collect();
    let expected = [
        ("crate::a", 1, false, 0),
        ("crate::b::self", 1, false, 0),
        ("crate::b::c", 1, false, 0),
        ("crate::d::*", 1, false, 0),
        ("super::super::e", 3, true, 1),
    ];
    let expected: Vec<_> = expected
        .map(|(path, line, test, depth)| (path.to_owned(), line, test, depth))
        .into();
    assert_eq!(found, expected);
    assert!(
        tokens
            .iter()
            .filter(|token| token.text == "g")
            .all(|token| !token.in_test)
    );
}
