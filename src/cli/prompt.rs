//! Questions to the person at the terminal. A script is never asked.

use std::io::{self, IsTerminal, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use super::output::Output;
use super::words::tell;

/// Whether somebody is there to answer.
pub fn may_ask(output: Output) -> bool {
    !output.is_json() && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks, and takes anything but a clear yes as no.
pub fn ask(question: &str) -> bool {
    let mut err = io::stderr();
    let question = tell!("cli-yes-no", question = question);
    let asked = write!(err, "{question} ").and_then(|()| err.flush());
    let mut answer = String::new();
    asked.is_ok() && io::stdin().read_line(&mut answer).is_ok() && is_yes(&answer)
}

/// Reads a line that a terminal does not show; from anything else it is just read.
pub fn ask_silently(output: Output, question: &str) -> io::Result<String> {
    let mut typed = String::new();
    if !may_ask(output) {
        io::stdin().read_line(&mut typed)?;
        return Ok(typed);
    }
    let mut err = io::stderr();
    write!(err, "{question}").and_then(|()| err.flush())?;
    let terminal = io::stdin();
    let shown = tcgetattr(&terminal)?;
    let mut silent = shown.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Now, &silent)?;
    let read = terminal.read_line(&mut typed);
    tcsetattr(&terminal, OptionalActions::Now, &shown)?;
    writeln!(err)?;
    read.map(|_| typed)
}

fn is_yes(answer: &str) -> bool {
    let answer = answer.trim();
    let yes = [tell!("cli-yes"), tell!("cli-yes-long")];
    yes.iter().any(|yes| answer.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        assert!(is_yes("y\n") && is_yes(" YES \n"));
        assert!(!is_yes("\n") && !is_yes("") && !is_yes("yep\n") && !is_yes("n\n"));
    }
}
