//! The settings of one home server: one TOML file, refused whole rather than half understood.
//!
//! 1. [`Config::load`] reads the file, and nothing else; [`Config::parse`] is pure. [`configurations`] lists those of a folder.
//! 2. Every key of the file must stand in [`KEYS`], which also holds the defaults.
//! 3. Relative paths are taken relative to the folder of the file.
//!
//! A password never stands here, only where to find it. URLs are checked for what must not stand in them and otherwise
//! kept as written: `endpoint` knows what they mean.

mod document;
mod error;
mod keys;
mod load;
mod nearest;
mod places;
mod read;
mod value;
mod write;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use error::ConfigError;
pub use keys::{Fallback, KEYS, Key};
pub use load::{Found, Stamp, configurations, is_configuration};
pub use places::Places;
pub use write::{Settings, example, write_new};

use crate::address::{Mailbox, StationName};
use crate::words::Language;

/// The settings of one home server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The mail account of the home server.
    pub mailbox: Mailbox,
    /// What other households see as the name; 1 to 200 characters, no control characters.
    pub name: String,
    /// What people are spoken to in who have chosen no language; `None`: English in mails, on the command line as the
    /// terminal says.
    pub language: Option<Language>,
    /// What this server is.
    pub role: Role,
    /// Where keys, album and blobs lie.
    pub data: PathBuf,
    /// Where mail is fetched.
    pub imap: Imap,
    /// Where mail is handed in.
    pub smtp: Smtp,
    /// What notices say.
    pub notify: Notify,
    /// Where browsers reach it.
    pub web: Web,
    /// Where files are brought in from.
    pub import: Import,
    /// Whom of the house others are told of.
    pub announce: Announce,
    /// Where other households are looked up; `None`: nowhere.
    pub directory: Option<Directory>,
    /// Where sealed bytes are kept besides the data folder; `None`: nowhere.
    pub store: Option<Store>,
    /// How much is taken and kept.
    pub limits: Limits,
    /// How much the log tells.
    pub log_level: LogLevel,
    /// Where all of this stands.
    pub places: Places,
}

/// What a server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// A home of people.
    #[default]
    Home,
    /// Nobody's home: it carries for others what it cannot open.
    Relay,
}

/// Where mail is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imap {
    /// `imaps://host[:port]` or `imap://host[:port]`, as written.
    pub url: String,
    /// The login name.
    pub username: String,
    /// Where the password is found.
    pub password: PasswordSource,
    /// What is found there.
    pub auth: Auth,
    /// One more certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// How long one step may take.
    pub timeout: Duration,
    /// How often the mailbox is looked at.
    pub poll_interval: Duration,
    /// Whether the `\Junk` folder is read too.
    pub junk: bool,
}

/// Where mail is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// `smtps://host[:port]` or `smtp://host[:port]`, as written.
    pub url: String,
    /// The login name.
    pub username: String,
    /// Where the password is found.
    pub password: PasswordSource,
    /// What is found there.
    pub auth: Auth,
    /// One more certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// How long one step may take.
    pub timeout: Duration,
    /// The largest message to make, in bytes as sent.
    pub message_budget: u64,
    /// How many recipients one transaction has at most; never zero.
    pub max_recipients: u32,
    /// How many recipients are served in 24 hours; never zero.
    pub max_recipients_per_day: Option<u32>,
}

/// What notices say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notify {
    /// Whether title and until-when are told.
    pub details: bool,
    /// How long a person is left alone after a notice.
    pub quiet: Duration,
    /// The home server's own address, `http://…` or `https://…`; `None`: by where it listens.
    pub url: Option<String>,
}

/// Where browsers reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// Address and port; `None`: nowhere.
    pub listen: Option<SocketAddr>,
    /// Under which other names.
    pub hosts: Vec<String>,
    /// Whether a proxy stands before it, which is believed.
    pub proxy: bool,
    /// The certificate that the operator gave; `None`: the household's own, where there is one.
    pub certificate: Option<CertificateFiles>,
}

/// With what the web interface shows who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// PEM: the certificate of the names first, then those of its issuers.
    pub certificate: PathBuf,
    /// PEM: its private key; it may be the same file.
    pub key: PathBuf,
}

/// Whom of the house the households that are known are told of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announce {
    /// People, in order.
    pub people: Vec<StationName>,
    /// Key words that are suggested, each with a person, in order.
    pub words: Vec<(String, StationName)>,
}

impl Announce {
    /// Everybody who is named.
    pub fn named(&self) -> impl Iterator<Item = &StationName> {
        let words = self.words.iter().map(|(_, name)| name);
        self.people.iter().chain(words)
    }
}

/// Where files are brought in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Folders of which everything is brought in by itself.
    pub watch: Vec<PathBuf>,
    /// Folders where memory cards are mounted.
    pub cards: Vec<PathBuf>,
    /// The folder of a light, as below `/sys/class/leds`.
    pub led: Option<PathBuf>,
}

/// Where other households are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// `ldaps://host[:port]` or `ldap://host[:port]`, as written.
    pub url: String,
    /// Below which entry.
    pub base: String,
    /// The filter of RFC 4515, with `{}` for what is looked for.
    pub filter: String,
    /// Who asks; `None`: nobody in particular.
    pub user: Option<String>,
    /// Where that one's password is found.
    pub password: Option<PasswordSource>,
    /// One more certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// Whether a household that it names is taken as if its words were compared.
    pub trusted: bool,
    /// How long a question to it may take in all.
    pub timeout: Duration,
}

/// A bucket of an S3-compatible store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// `https://host[:port]`, or `http://` to this machine, as written; `None`: that of Amazon for the region.
    pub endpoint: Option<String>,
    /// Its name.
    pub bucket: String,
    /// What all names in it begin with; may be empty.
    pub prefix: String,
    /// The region that requests are signed for.
    pub region: String,
    /// Who asks.
    pub access_key_id: String,
    /// Where the secret is found that proves it.
    pub secret_key: PasswordSource,
    /// One more certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// How long one step may take.
    pub timeout: Duration,
}

/// How much is taken and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of received shares in all.
    pub quota_total: u64,
    /// Bytes of the shares of one contact.
    pub quota_per_contact: u64,
    /// How much is passed on in a day for one household that uses this one as a relay, in bytes.
    pub relay_per_day: u64,
    /// Bytes of the largest file that a person of the house may send from a browser.
    pub upload: u64,
    /// How long parts that no grant asks for stay in the mailbox.
    pub unclaimed: Duration,
    /// How long sealed parts of sent shares are kept, to be sent again.
    pub keep_parts: Duration,
    /// How long a household that was asked for missing parts may be silent.
    pub patience: Duration,
    /// How many letters of strangers are looked at in a day.
    pub letters_from_strangers: u32,
}

/// Where a password is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordSource {
    /// The first line of this file.
    File(PathBuf),
    /// This environment variable.
    Environment(String),
    /// The first line that this program prints; its arguments follow it. Run without a shell.
    Command(Vec<String>),
}

/// What is told to the server at the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// A password.
    Password,
    /// An OAuth 2.0 access token, by SASL XOAUTH2.
    Xoauth2,
}

/// How much the log tells, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// What is a fault of Hearthpost itself.
    Error,
    /// And what others did wrong.
    Warn,
    /// And what happened.
    Info,
    /// And why.
    Debug,
    /// And everything.
    Trace,
}

impl LogLevel {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
            LogLevel::Trace => "trace",
        }
    }
}
