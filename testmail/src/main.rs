//! The binary: accounts from the command line, one JSON line with the ports, then until Ctrl-C.

use std::{io::Write, process::ExitCode};
use testmail::{Account, Options, Server, WHAT_IT_IS};

const USAGE: &str = "\
usage: testmail --account ADDRESS=PASSWORD... [options]

  --account ADDRESS=PASSWORD  a mail account; may be given several times
  --smtp-port N               port for SMTP on 127.0.0.1 (default: a free one)
  --imap-port N               port for IMAP on 127.0.0.1 (default: a free one)
  --message-limit BYTES       the largest message taken (default: 26214400)
  --help                      this text

Prints one line of JSON with the ports and runs until Ctrl-C. Everything is in memory.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        println!("{WHAT_IT_IS}\n\n{USAGE}");
        return ExitCode::SUCCESS;
    }
    match parse(&arguments).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("testmail: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(options: Options) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let server = Server::start(options).map_err(|error| format!("cannot start: {error}"))?;
    let (smtp, imap) = (server.smtp_port(), server.imap_port());
    println!("{{\"smtp_port\":{smtp},\"imap_port\":{imap}}}");
    std::io::stdout()
        .flush()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(tokio::signal::ctrl_c())
        .map_err(|error| error.to_string())
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        if !name.starts_with("--") {
            return Err(format!("unexpected argument: {name}"));
        }
        let value = rest.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--account" => options.accounts.push(account(value)?),
            "--smtp-port" => options.smtp_port = Some(number(name, value)?),
            "--imap-port" => options.imap_port = Some(number(name, value)?),
            "--message-limit" => options.message_limit = number(name, value)?,
            _ => return Err(format!("unknown option: {name} (see --help)")),
        }
    }
    if options.accounts.is_empty() {
        return Err("no account given (see --help)".to_owned());
    }
    Ok(options)
}

fn account(value: &str) -> Result<Account, String> {
    match value.split_once('=') {
        Some((address, password)) if address.contains('@') && !password.is_empty() => {
            Ok(Account::new(address, password))
        }
        // The value is not repeated: it may hold a password.
        _ => Err("--account must be ADDRESS=PASSWORD".to_owned()),
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value
        .parse()
        .map_err(|_| format!("{name}: not a number in range: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options, String> {
        parse(
            &line
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn options_are_read() {
        let options = parsed("--account a@b=c=d --smtp-port 2525 --message-limit 7")
            .expect("a good command line");
        assert_eq!(options.accounts[0].address, "a@b");
        assert_eq!((options.smtp_port, options.imap_port), (Some(2525), None));
        assert_eq!(options.message_limit, 7);
    }

    #[test]
    fn bad_command_lines_are_refused_without_the_password() {
        for line in [
            "",
            "a@b=c",
            "--account",
            "--account secret",
            "--account a@b=c --smtp-port x",
        ] {
            let error = parsed(line).expect_err(line);
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(parsed("--account a@b=c --host 0.0.0.0").is_err());
    }
}
