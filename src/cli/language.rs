//! In which language this run speaks, and what the grammar itself says in it: the help, and a slip in the words.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser};

use super::arguments::Arguments;
use super::context::Context;
use super::output::Output;
use super::words::{retold, spoken, tell};
use crate::config::Config;
use crate::words::{FluentArgs, Language, look_up};

/// That of the household, where its settings say one, else that of the terminal. A program is told English.
pub fn of_run(words: &[OsString], output: Output) -> Language {
    if output.is_json() {
        return Language::En;
    }
    let context = Context {
        named: named(words),
        output,
    };
    let config = Config::load(&context.config()).ok();
    let set = config.and_then(|config| config.language);
    set.or_else(of_terminal).unwrap_or_default()
}

/// What `--config` says, as far as it can be seen before the words are read.
fn named(words: &[OsString]) -> Option<PathBuf> {
    let mut words = words.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        let joined = word
            .to_str()
            .and_then(|word| word.strip_prefix("--config="));
        if let Some(file) = joined {
            return Some(PathBuf::from(file));
        }
    }
    None
}

/// The first of these that says anything counts (POSIX, 8.2).
fn of_terminal() -> Option<Language> {
    let said = |name: &&str| env::var(name).is_ok_and(|value| !value.is_empty());
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(said)?;
    Language::of_tag(&env::var(name).ok()?)
}

/// Reads the words by the grammar, whose help is in the language of this run.
pub fn parse(words: &[OsString]) -> Result<Arguments, clap::Error> {
    match spoken() {
        Language::En => Arguments::try_parse_from(words),
        _ => {
            let matches = told(Arguments::command()).try_get_matches_from(words)?;
            Arguments::from_arg_matches(&matches)
        }
    }
}

fn told(command: clap::Command) -> clap::Command {
    let about = command.get_about().map(|words| retold(&words.to_string()));
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    let command = command.mut_args(|arg| {
        let arg = match arg.get_value_names() {
            Some(names) => {
                let names: Vec<String> = names.iter().map(|name| value_name(name)).collect();
                arg.value_names(names)
            }
            None => arg,
        };
        let help = arg.get_help().map(|words| retold(&words.to_string()));
        match help {
            Some(help) => arg.help(help),
            None => arg,
        }
    });
    command.mut_subcommands(told)
}

/// What a value is called in usage and help: each word in capitals is one of ours, all else is typed as it stands.
fn value_name(name: &str) -> String {
    let ours = |word: &str| word.bytes().all(|c| c.is_ascii_uppercase());
    let word = |word: &str| {
        let key = format!("grammar-value-{}", word.to_ascii_lowercase());
        match ours(word) {
            true => look_up(spoken(), &key, &FluentArgs::new()),
            false => None,
        }
        .unwrap_or_else(|| word.to_owned())
    };
    let mut told = String::new();
    for piece in name.split_inclusive(['|', '=']) {
        let (plain, mark) = match piece.strip_suffix(['|', '=']) {
            Some(plain) => piece.split_at(plain.len()),
            None => (piece, ""),
        };
        told = told + &word(plain) + mark;
    }
    told
}

/// What the grammar says by itself, in the language of this run: headings, and lines that `clap` makes.
pub fn of_grammar(text: &str) -> String {
    if spoken() == Language::En {
        return text.to_owned();
    }
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n") + "\n"
}

fn line(line: &str) -> String {
    let marks = [
        ("(see a summary with '-h')", tell!("grammar-summary")),
        ("(see more with '--help')", tell!("grammar-more")),
        ("Print help", tell!("grammar-help")),
        ("Print version", tell!("grammar-version")),
        ("Possible values:", tell!("grammar-values")),
        ("[possible values:", tell!("grammar-possible")),
        ("[default:", tell!("grammar-default")),
        ("[OPTIONS]", tell!("grammar-options-mark")),
        ("<COMMAND>", tell!("grammar-command-mark")),
    ];
    let mut line = line.to_owned();
    for (english, told) in marks {
        line = line.replace(english, &told);
    }
    let words = line.trim_start();
    let (indent, words) = line.split_at(line.len() - words.len());
    // A value of a list with what it means: `- yes: It is so`.
    if let Some((value, meaning)) = words
        .strip_prefix("- ")
        .and_then(|item| item.split_once(": "))
    {
        // The meanings stand under one another.
        let meant = meaning.trim_start();
        let gap = &meaning[..meaning.len() - meant.len()];
        return format!("{indent}- {value}: {gap}{}", retold(meant));
    }
    let heading = words.strip_suffix(':').filter(|_| indent.is_empty());
    match heading {
        Some("Commands") => tell!("grammar-commands"),
        Some("Arguments") => tell!("grammar-arguments"),
        Some("Options") => tell!("grammar-options"),
        Some(heading) if retold(heading) != heading => retold(heading) + ":",
        _ => format!("{indent}{}", retold(words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::is_retold;

    fn names(command: &clap::Command, all: &mut Vec<String>) {
        let takes = |arg: &&clap::Arg| arg.get_action().takes_values();
        for arg in command.get_arguments().filter(takes) {
            let names = arg.get_value_names().unwrap_or_default();
            let names = names.iter().flat_map(|name| name.split(['|', '=']));
            all.extend(names.map(str::to_owned));
        }
        for command in command.get_subcommands() {
            names(command, all);
        }
    }

    #[test]
    fn every_value_is_called_something_in_every_language() {
        let mut all = Vec::new();
        names(&Arguments::command(), &mut all);
        all.retain(|name| name.len() > 1 && name.bytes().all(|c| c.is_ascii_uppercase()));
        assert!(all.len() > 60, "the grammar has its values");
        for name in all {
            let key = format!("grammar-value-{}", name.to_ascii_lowercase());
            for language in Language::ALL {
                let told = look_up(language, &key, &FluentArgs::new());
                assert!(told.is_some(), "{key} in {language:?}");
            }
        }
    }

    fn texts(command: &clap::Command, all: &mut Vec<String>) {
        all.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments() {
            all.extend(arg.get_help().map(ToString::to_string));
            all.extend(arg.get_help_heading().map(str::to_owned));
            for value in arg.get_possible_values() {
                all.extend(value.get_help().map(ToString::to_string));
            }
        }
        for command in command.get_subcommands() {
            texts(command, all);
        }
    }

    #[test]
    fn all_help_can_be_told_in_every_language() {
        let mut all = Vec::new();
        texts(&Arguments::command(), &mut all);
        assert!(all.len() > 150, "the grammar has its help");
        all.retain(|text| !is_retold(text));
        assert!(all.is_empty(), "said in English alone: {all:#?}");
    }

    #[test]
    fn the_settings_are_found_before_the_words_are_read() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        let named = |text| named(&words(text));
        assert_eq!(
            named("hearthpost --config a.toml sent"),
            Some("a.toml".into())
        );
        assert_eq!(
            named("hearthpost sent --config=b.toml"),
            Some("b.toml".into())
        );
        assert_eq!(named("hearthpost sent --config"), None);
        assert_eq!(named("hearthpost import -- --config c"), None);
    }
}
