//! The command line: reads words, calls one use case, prints what came of it. It decides nothing.
//!
//! Exit 0: done. 1: not done, or not wholly. 2: the words were wrong, or name what is not there. With `--json` exactly one
//! document goes to standard output, of an error too; what is for a person beside the result goes to standard error.

mod album;
mod announce;
mod arguments;
mod backup;
mod card;
mod contact;
mod context;
mod directory;
mod doctor;
mod forward;
mod home;
mod host;
mod identity;
mod inspect;
mod invite;
mod item;
mod keyword;
mod language;
mod output;
mod progress;
mod prompt;
mod reach;
mod requests;
mod resend;
mod revoke;
mod rules;
mod share;
mod shares;
mod sync;
mod tls;
mod token;
mod view;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;

use arguments::Command;
use context::{Context, start_log};
use output::Output;
use output::write_out;

use crate::config::LogLevel;
use crate::sharing::Fault;
use crate::sharing::own::import::Adding;
use crate::words::Language;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// All of it.
    Wholly,
    /// Some of it; what not, and why, has been said.
    Partly,
}

/// Runs the command that `words` say, the program's name first.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.into_iter().collect();
    let output = Output::new(wants_json(&words));
    words::speak(language::of_run(&words, output));
    let arguments = match language::parse(&words) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(output, &error),
    };
    let context = Context {
        named: arguments.config,
        output,
    };
    let changes = changes(&arguments.command);
    let done = execute(&context, arguments.command);
    if changes && done.is_ok() {
        context.ring();
    }
    match done {
        Ok(Done::Wholly) => ExitCode::SUCCESS,
        Ok(Done::Partly) => ExitCode::from(1),
        Err(fault) => output.fault(&fault),
    }
}

fn execute(context: &Context, command: Command) -> Result<Done, Fault> {
    if !matches!(command, Command::Serve { .. }) {
        start_log(LogLevel::Warn, false)?;
    }
    match command {
        Command::Demo { folder, once } => {
            crate::demo::run(folder, once, words::spoken())?;
            Ok(Done::Wholly)
        }
        Command::Init(arguments) => home::init(context, &arguments),
        Command::Serve {
            households: Some(folder),
            ..
        } => host::host(context, &folder),
        Command::Serve { configs, .. } => sync::serve(context, &configs),
        Command::Sync { wait } => sync::sync(context, wait),
        Command::Tls { hosts, new } => tls::tls(context, &hosts, new),
        Command::Doctor {
            households: Some(folder),
        } => doctor::of_all(context, &folder),
        Command::Doctor { .. } => doctor::doctor(context),
        Command::Backup { file } => backup::backup(context, &file),
        Command::Restore { file, yes } => backup::restore(context, &file, yes),
        Command::Identity(command) => identity::identity(context, command),
        Command::User(command) => home::user(context, command),
        Command::Contact(command) => contact::contact(context, command),
        Command::Keyword(command) => keyword::keyword(context, command),
        Command::Directory(command) => directory::directory(context, command),
        Command::Import {
            paths,
            card,
            album,
            person,
            private,
        } => {
            let adding = Adding {
                album,
                person,
                private,
            };
            match card {
                Some(name) => card::bring_in(context, name.as_deref(), &adding),
                None if paths.is_empty() => card::offer(context),
                None => album::import(context, &paths, &adding),
            }
        }
        Command::Album(command) => album::album(context, command),
        Command::Item(command) => item::item(context, command),
        Command::Share(arguments) => share::share(context, &arguments),
        Command::Received => shares::received(context),
        Command::Sent => shares::sent(context),
        Command::Show { share } => shares::show(context, &share),
        Command::View(arguments) => view::view(context, &arguments),
        Command::Inspect { file } => inspect::inspect(context, &file),
        Command::Forward(arguments) => forward::forward(context, &arguments),
        Command::Ask {
            share,
            person,
            message,
            rules,
        } => requests::ask(context, &share, &person, &message, &rules),
        Command::Requests => requests::requests(context),
        Command::Answer {
            request,
            answer,
            message,
        } => requests::answer(context, &request, answer, &message),
        Command::Resend { share, to } => resend::resend(context, &share, to.as_ref()),
        Command::Revoke { share, to, person } => {
            revoke::revoke(context, &share, to.as_deref(), person.as_ref())
        }
    }
}

/// Whether a `serve` of the household should know at once. A verb that only looks rings no bell, and one that serves or
/// syncs does the work itself.
fn changes(command: &Command) -> bool {
    !matches!(
        command,
        Command::Demo { .. }
            | Command::Init(_)
            | Command::Serve { .. }
            | Command::Sync { .. }
            | Command::Doctor { .. }
            | Command::Album(_)
            | Command::Item(_)
            | Command::Requests
            | Command::Received
            | Command::Sent
            | Command::Show { .. }
            | Command::View(_)
            | Command::Inspect { .. }
    )
}

/// Whether the result is for a program. Asked of the words themselves, because an error in them is one document too.
fn wants_json(words: &[OsString]) -> bool {
    words
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == "--json")
}

/// What `clap` could not read; or the help, which is no error.
fn refuse(output: Output, error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let said = match words::spoken() {
            Language::En => error.print(),
            _ => write_out(&language::of_grammar(&error.render().to_string())),
        };
        // A reader that went away has read enough.
        drop(said);
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    output.note(in_one_line(&language::of_grammar(&text)).trim_end());
    let text = in_one_line(&text);
    let message = text.lines().next().unwrap_or_default();
    output.failure("usage", message.trim_start_matches("error: "), None);
    ExitCode::from(2)
}

/// The text with its error in one line: `clap` puts what is missing below, a line for each.
fn in_one_line(text: &str) -> String {
    let (error, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let error: Vec<&str> = error.lines().map(str::trim).collect();
    format!("{}\n\n{rest}", error.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arguments::Arguments;
    use clap::CommandFactory;

    #[test]
    fn the_grammar_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn json_is_asked_for_anywhere_but_behind_two_dashes() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(wants_json(&words("hearthpost --json sent")));
        assert!(wants_json(&words("hearthpost forward x --json")));
        assert!(!wants_json(&words("hearthpost import -- --json")));
    }
}
