//! Where passwords and OAuth tokens come from: a file, a variable, or a program. Asked at each sign-in, so that a changed
//! one counts at once; kept and logged nowhere.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::config::{Auth, PasswordSource};
use crate::endpoint::Secret;
use crate::sharing::Fault;

/// Longer than any password or token; a program that prints more is not read on.
const LONGEST: usize = 64 * 1024;

/// The password or token of `source`. A program has `patience` for its answer.
pub(in crate::sharing) async fn secret(
    source: &PasswordSource,
    auth: Auth,
    patience: Duration,
) -> Result<Secret, Fault> {
    let line = match source {
        PasswordSource::File(path) => first_line_of_file(path)?,
        PasswordSource::Environment(name) => {
            std::env::var(name).map(Zeroizing::new).map_err(|_| {
                let words = format!("the environment variable {name} with the password is not set");
                Fault::new("password", words)
            })?
        }
        PasswordSource::Command(words) => first_line_of_program(words, patience).await?,
    };
    Ok(match auth {
        Auth::Password => Secret::new(line.as_str()),
        Auth::Xoauth2 => Secret::token(line.trim()),
    })
}

fn first_line_of_file(path: &Path) -> Result<Zeroizing<String>, Fault> {
    let text = fs::read_to_string(path).map_err(|error| {
        let words = format!("password file {}: {error}", path.display());
        Fault::new("password", words)
    })?;
    Ok(first_line(&Zeroizing::new(text)))
}

fn first_line(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
}

/// Runs the program without a shell, with nothing on its standard input. What it says of errors goes nowhere: it might
/// hold what no log should.
async fn first_line_of_program(
    words: &[String],
    patience: Duration,
) -> Result<Zeroizing<String>, Fault> {
    let (program, arguments) = words
        .split_first()
        .expect("Config refuses a command without a program");
    let fault = |what: &str| {
        let words = format!("password_command {program}: {what}");
        Fault::new("password", words).hint("run it by hand, as the user that runs Hearthpost")
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| fault(&error.to_string()))?;
    let stdout = child.stdout.take().expect("it was piped above");
    let answer = async {
        // Never grows, so that no copy is left behind.
        let mut text = Zeroizing::new(Vec::with_capacity(LONGEST));
        let mut stdout = stdout.take(LONGEST as u64);
        while text.len() < LONGEST && stdout.read_buf(&mut *text).await? > 0 {}
        drop(stdout);
        Ok::<_, io::Error>((child.wait().await?, text))
    };
    let (status, text) = timeout(patience, answer)
        .await
        .map_err(|_| fault(&format!("no answer within {} s", patience.as_secs())))?
        .map_err(|error| fault(&error.to_string()))?;
    // One that was stopped at the limit had said its first line long before.
    if !status.success() && text.len() < LONGEST {
        return Err(fault(&format!("it ended with {status}")));
    }
    let line = text.split(|&c| c == b'\n').next().unwrap_or_default();
    match std::str::from_utf8(line).map(str::trim_end) {
        Ok(line) if !line.is_empty() => Ok(first_line(line)),
        Ok(_) => Err(fault("its first line is empty")),
        Err(_) => Err(fault("its first line is not UTF-8")),
    }
}
