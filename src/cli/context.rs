//! What every verb needs: where the configuration is, the household behind it, the time, the log.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use tracing_subscriber::EnvFilter;

use super::output::Output;
use super::words::spoken;
use crate::album::ring;
use crate::config::{Config, LogLevel};
use crate::sharing::clock::Reading;
use crate::sharing::{Fault, Household, Now};

/// Names the configuration file where `--config` does not.
const CONFIG_VARIABLE: &str = "HEARTHPOST_CONFIG";
/// Sets the log level over that of the configuration.
const LOG_VARIABLE: &str = "HEARTHPOST_LOG";
/// The configuration of the whole machine.
const MACHINE: &str = "/etc/hearthpost/hearthpost.toml";

/// How a command was called.
pub struct Context {
    /// `--config`
    pub named: Option<PathBuf>,
    /// How results are printed.
    pub output: Output,
}

impl Context {
    /// The configuration to read.
    pub fn config(&self) -> PathBuf {
        let own = self.new_config();
        let found = self.is_named() || own.exists() || !Path::new(MACHINE).exists();
        if found { own } else { PathBuf::from(MACHINE) }
    }

    /// The configuration to write: that of the machine only where it is named.
    pub fn new_config(&self) -> PathBuf {
        let set = |variable| env::var_os(variable).filter(|value| !value.is_empty());
        choose(self.named.clone(), set(CONFIG_VARIABLE), set("HOME"))
    }

    /// Whether the person said which configuration is meant.
    pub fn is_named(&self) -> bool {
        self.named.is_some() || env::var_os(CONFIG_VARIABLE).is_some_and(|value| !value.is_empty())
    }

    /// The household.
    pub fn open(&self) -> Result<Household, Fault> {
        let mut home = Household::open(&self.config())?;
        home.language = spoken();
        Ok(home)
    }

    /// Tells a `serve` of the household, if there is one, that something changed.
    pub fn ring(&self) {
        // It was read just now; where that fails meanwhile, `serve` looks in some minutes anyway.
        if let Ok(config) = Config::load(&self.config()) {
            ring(&config.data);
        }
    }

    /// The household, and the time of this run.
    pub fn open_now(&self) -> Result<(Household, Now), Fault> {
        let mut home = self.open()?;
        let now = home.take_up(&Reading::take())?;
        Ok((home, now))
    }
}

fn choose(named: Option<PathBuf>, variable: Option<OsString>, home: Option<OsString>) -> PathBuf {
    let at_home = || {
        let home = PathBuf::from(home?);
        Some(home.join(".config/hearthpost/hearthpost.toml"))
    };
    named
        .or(variable.map(PathBuf::from))
        .or_else(at_home)
        .unwrap_or_else(|| PathBuf::from(MACHINE))
}

/// Lets the log go to standard error, at this level or that of `HEARTHPOST_LOG`. `lasting`: it is kept by somebody, so
/// that lines carry their time.
pub fn start_log(level: LogLevel, lasting: bool) -> Result<(), Fault> {
    let wish = env::var(LOG_VARIABLE).unwrap_or_default();
    let filter = EnvFilter::try_new(directives(&wish, level))
        .map_err(|error| Fault::usage("log", format!("{LOG_VARIABLE}: {error}")))?;
    let colours = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .log_internal_errors(false);
    // A second log in one process, as in tests, changes nothing.
    let _ = if lasting {
        log.try_init()
    } else {
        log.without_time().try_init()
    };
    Ok(())
}

/// A bare level is meant for our own lines; those of the libraries may hold what no log should.
fn directives(wish: &str, level: LogLevel) -> String {
    match wish.trim() {
        "" => format!("warn,hearthpost={}", level.as_str()),
        plain if !plain.contains(['=', ',']) => format!("warn,hearthpost={plain}"),
        written => written.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_says_which_configuration_is_meant() {
        let path = |text: &str| Some(PathBuf::from(text));
        let word = |text: &str| Some(OsString::from(text));
        let chosen = choose(path("a.toml"), word("b.toml"), word("/home/ann"));
        assert_eq!(chosen, Path::new("a.toml"));
        let chosen = choose(None, word("b.toml"), word("/home/ann"));
        assert_eq!(chosen, Path::new("b.toml"));
        let chosen = choose(None, None, word("/home/ann"));
        assert_eq!(
            chosen,
            Path::new("/home/ann/.config/hearthpost/hearthpost.toml")
        );
        assert_eq!(choose(None, None, None), Path::new(MACHINE));
    }

    #[test]
    fn a_bare_level_is_for_our_own_lines() {
        let directives = |wish| directives(wish, LogLevel::Info);
        assert_eq!(directives(""), "warn,hearthpost=info");
        assert_eq!(directives("trace"), "warn,hearthpost=trace");
        assert_eq!(directives("debug,rustls=warn"), "debug,rustls=warn");
    }
}
