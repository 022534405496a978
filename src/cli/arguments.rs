//! The words of the command line (DESIGN 7), as `clap` reads them. Meaning comes later: here is only the grammar.

mod subverbs;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::subverbs::{
    AlbumCommand, ContactCommand, DirectoryCommand, IdentityCommand, ItemCommand, KeywordCommand,
    UserCommand,
};
use crate::address::{AddressError, Mailbox, StationName};

/// Share photos with other households over ordinary mailboxes, sealed, and only as far as you allow.
#[derive(Debug, Parser)]
#[command(name = "hearthpost", version, disable_help_subcommand = true)]
pub struct Arguments {
    /// The configuration file [default: $HEARTHPOST_CONFIG, else ~/.config/hearthpost/hearthpost.toml, else
    /// /etc/hearthpost/hearthpost.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show it all on this machine: households, mail and sample pictures, in a temporary folder
    Demo {
        /// Your own pictures instead of the samples
        folder: Option<PathBuf>,
        /// End when everything was shown
        #[arg(long)]
        once: bool,
    },
    /// Set up this household: settings, keys, album
    Init(InitArguments),
    /// Run the box: fetch and send mail, tell people, let end what is over
    Serve {
        /// The configurations of several households, instead of --config
        #[arg(value_name = "CONFIG")]
        configs: Vec<PathBuf>,
        /// All households of a folder of configurations, as they come and go
        #[arg(long, value_name = "DIR", conflicts_with = "configs")]
        households: Option<PathBuf>,
    },
    /// One pass: send, fetch, take in, tell people, let end what is over
    Sync {
        /// Wait so long for another run to finish
        #[arg(long, value_name = "SECONDS", value_parser = seconds)]
        wait: Option<u64>,
    },
    /// Check settings, keys, folders, clock and both logins
    Doctor {
        /// Of all households of a folder of configurations
        #[arg(long, value_name = "DIR")]
        households: Option<PathBuf>,
    },
    /// Make a certificate of this house's own, so that browsers reach it by HTTPS; `serve` renews it
    Tls {
        /// Another name or address under which it is reached; may be given several times
        #[arg(long = "host", value_name = "NAME")]
        hosts: Vec<String>,
        /// A new authority for it too, which each phone has to be told of
        #[arg(long)]
        new: bool,
    },
    /// Write all of this household into one file, while the box runs
    Backup {
        /// The file; it holds the private keys
        file: PathBuf,
    },
    /// Bring a household back from such a file, while the box does not run
    Restore {
        /// The file
        file: PathBuf,
        /// Also where a household is; its folder is kept under another name
        #[arg(long)]
        yes: bool,
    },
    /// Who this household is to others: move that to another box or mailbox, replace it, end it
    #[command(subcommand)]
    Identity(IdentityCommand),
    /// The people of the house
    #[command(subcommand)]
    User(UserCommand),
    /// Other households
    #[command(subcommand)]
    Contact(ContactCommand),
    /// Names for addresses, such as grandma
    #[command(subcommand)]
    Keyword(KeywordCommand),
    /// Households in an LDAP directory
    #[command(subcommand)]
    Directory(DirectoryCommand),
    /// Put files, folders or a memory card into the album
    Import {
        /// Files and folders; without any it lists the memory cards and cameras that are there
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Instead of files, all that is new on this card or camera, or on the only one
        #[arg(long, value_name = "NAME", num_args = 0..=1, conflicts_with = "paths")]
        card: Option<Option<String>>,
        /// Also gather them under this name
        #[arg(long, value_name = "NAME")]
        album: Option<String>,
        /// Who of this house adds them
        #[arg(long = "as", value_name = "USER", value_parser = person)]
        person: Option<StationName>,
        /// For that person alone
        #[arg(long, requires = "person")]
        private: bool,
    },
    /// What the album holds, and named albums in it
    #[command(subcommand)]
    Album(AlbumCommand),
    /// Find, describe, hide and delete single items
    #[command(subcommand)]
    Item(ItemCommand),
    /// Share items or files with people of other households
    Share(Box<ShareArguments>),
    /// What others shared with this household
    Received,
    /// What was shared from here, and how far it got
    Sent,
    /// One share in full
    Show {
        /// The share
        share: String,
    },
    /// Write what a person would get of an item to a file
    View(ViewArguments),
    /// Say what a message or a file of Hearthpost is
    Inspect {
        /// The file; - is standard input
        file: PathBuf,
    },
    /// Pass a share on, as far as you may; give an own share to more people, or with other rights
    Forward(Box<ForwardArguments>),
    /// Ask the household that granted a share for more
    Ask {
        /// The share
        share: String,
        /// Who of this house asks
        #[arg(long = "as", value_name = "USER", value_parser = person)]
        person: StationName,
        /// What to write with it
        #[arg(long, default_value = "", hide_default_value = true)]
        message: String,
        /// For what.
        #[command(
            flatten,
            next_help_heading = "For what [without any: the same for another 30 days]"
        )]
        rules: Box<RuleArguments>,
    },
    /// What people asked for: those of other households, and those of this one
    Requests,
    /// Answer what another household asked for
    Answer {
        /// The request
        request: String,
        /// Whether it is granted
        answer: YesOrNo,
        /// What to write with it
        #[arg(long, default_value = "", hide_default_value = true)]
        message: String,
    },
    /// Send a share once more, as it was: where it failed, came back or is missing, or to one household
    Resend {
        /// The share
        share: String,
        /// Only to this household, whatever became of it there
        #[arg(long, value_name = "ADDR")]
        to: Option<Mailbox>,
    },
    /// Take a share back, from all or from one household
    Revoke {
        /// The share
        share: String,
        /// Only from this household: its mailbox, or its fingerprint
        #[arg(long, value_name = "ADDR")]
        to: Option<String>,
        /// Only what this person of the house passed on
        #[arg(long = "as", value_name = "USER", value_parser = person)]
        person: Option<StationName>,
    },
}

/// How long, in seconds; what is no such number is told what one is.
fn seconds(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "a whole number of seconds, such as 60, is expected")
}

/// Where somebody is told, if anywhere. A type of its own, for an option of an option could be left out.
#[derive(Debug, Clone)]
pub struct MailOrNone(pub Option<Mailbox>);

fn mail_or_none(text: &str) -> Result<MailOrNone, AddressError> {
    Ok(MailOrNone(match text {
        "none" => None,
        address => Some(address.parse()?),
    }))
}

/// A person of the house, with whatever capitals, as at the sign-in: names are in lower case.
fn person(text: &str) -> Result<StationName, AddressError> {
    text.trim().to_lowercase().parse()
}

/// A whole number in these bounds, both of them in it; what is none is told what one is.
fn from_to(least: u32, most: u32) -> impl Fn(&str) -> Result<u32, String> + Clone {
    move |text| {
        let number = text.parse().ok();
        let number = number.filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("a whole number from {least} to {most} is expected"))
    }
}

/// What `init` is told.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The mail account of this box
    #[arg(long, value_name = "ADDR")]
    pub mailbox: Mailbox,
    /// What other households see as your name
    #[arg(long)]
    pub name: String,
    /// A home of people, or a relay, which has none and only carries for others what it cannot open
    #[arg(long, value_enum, default_value = "home")]
    pub role: Role,
    /// Where mail is fetched: imaps://host[:port], or imap:// for STARTTLS
    #[arg(long, value_name = "URL")]
    pub imap: String,
    /// Where mail is handed in: smtps://host[:port], or smtp:// for STARTTLS
    #[arg(long, value_name = "URL")]
    pub smtp: String,
    /// The login name at both
    #[arg(long, value_name = "USER")]
    pub username: String,
    /// A file whose first line is the password
    #[arg(long, value_name = "FILE")]
    pub password_file: PathBuf,
    /// Where keys, album and pictures shall lie [default: data, beside the configuration]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// One more certificate authority to trust, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

/// `share …`
#[derive(Debug, Args)]
pub struct ShareArguments {
    /// Items by their short ids, or files
    #[arg(required = true, value_name = "ITEM|FILE")]
    pub what: Vec<String>,
    /// With whom: addresses like home-b+bob@example.org, or key words
    #[arg(long, value_name = "ADDR|WORD", num_args = 1..)]
    pub to: Vec<String>,
    /// Rules for one address, such as home-b+bob@example.org=display=1280,period=P7D
    #[arg(long = "for", value_name = "ADDR=RULES")]
    pub stations: Vec<String>,
    /// A title
    #[arg(long, default_value = "", hide_default_value = true)]
    pub title: String,
    /// A message
    #[arg(long, default_value = "", hide_default_value = true)]
    pub message: String,
    /// The certificate file of a household that is not known yet
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
    /// Whether originals keep the place where they were taken
    #[arg(long, value_enum, default_value = "remove")]
    pub location: Location,
    /// Leave at home what belongs to a picture: its sound, its raw file, its clip
    #[arg(long)]
    pub alone: bool,
    /// Send it once, to this household, which passes it on to the others
    #[arg(long, value_name = "ADDR")]
    pub relay_via: Option<Mailbox>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Record nothing, and say what each could do
    #[arg(long)]
    pub dry_run: bool,
    /// What they may do.
    #[command(
        flatten,
        next_help_heading = "What they may do [without any: --display 2048 --period P30D]"
    )]
    pub rules: RuleArguments,
}

/// Rules for all who have none of their own.
#[derive(Debug, Default, Args)]
pub struct RuleArguments {
    /// Look, at so many pixels at most
    #[arg(long, value_name = "EDGE|full|no")]
    pub display: Option<String>,
    /// Print
    #[arg(long, value_name = "EDGE|full|no")]
    pub print: Option<String>,
    /// Keep a file; full is the original
    #[arg(long, value_name = "EDGE|full|no")]
    pub store: Option<String>,
    /// Pass it on, one step, as far as they may themselves
    #[arg(long, value_name = "yes|no")]
    pub forward: Option<String>,
    /// What those may do to whom it is passed on
    #[arg(long, value_name = "RULES")]
    pub onward: Option<String>,
    /// Until then: a day, or a time like 2026-12-24T18:00:00Z
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// So long after it can first be seen there, such as P7D or 7d
    #[arg(long, value_name = "P7D")]
    pub period: Option<String>,
    /// So many times
    #[arg(long, value_name = "N")]
    pub views: Option<String>,
    /// With the viewer's name across the picture
    #[arg(long)]
    pub watermark: bool,
    /// Of sound and video only so many seconds, of a PDF pages, of text lines; several with commas
    #[arg(long, value_name = "30s|2p|20l")]
    pub excerpt: Option<String>,
}

/// `forward …`
#[derive(Debug, Args)]
pub struct ForwardArguments {
    /// The share
    pub share: String,
    /// Only this item; may be given several times
    #[arg(long = "item", value_name = "ITEM")]
    pub items: Vec<String>,
    /// Who of this house passes it on
    #[arg(long = "as", value_name = "USER", value_parser = person)]
    pub person: Option<StationName>,
    /// To whom: addresses like home-c+carol@example.org, or key words
    #[arg(long, value_name = "ADDR|WORD", num_args = 1..)]
    pub to: Vec<String>,
    /// Rules for one address, such as home-c+carol@example.org=display=1280
    #[arg(long = "for", value_name = "ADDR=RULES")]
    pub stations: Vec<String>,
    /// Send it once, to this household, which passes it on to the others
    #[arg(long, value_name = "ADDR")]
    pub relay_via: Option<Mailbox>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Record nothing, and say what each could do
    #[arg(long)]
    pub dry_run: bool,
    /// What they may do; without any, all that may be passed on.
    #[command(
        flatten,
        next_help_heading = "What they may do [without any: all that may be passed on; of an own share --display 2048 --period P30D]"
    )]
    pub rules: RuleArguments,
}

/// `… yes|no`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum YesOrNo {
    /// It is so
    Yes,
    /// It is not
    No,
}

/// `init --role …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// A home of people
    Home,
    /// It carries for others
    Relay,
}

/// `… on|off`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnOff {
    /// It may
    On,
    /// It may not
    Off,
}

/// `user notices NAME …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Notices {
    /// At once
    AtOnce,
    /// Once a day, in the evening, if there is anything
    Daily,
    /// Never
    None,
}

/// `--location …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Location {
    /// Leave it in
    Keep,
    /// Take it out
    Remove,
}

/// `view …`
#[derive(Debug, Args)]
pub struct ViewArguments {
    /// The item
    pub item: String,
    /// The person of this house
    #[arg(long = "as", value_name = "USER", value_parser = person)]
    pub person: StationName,
    /// What for
    #[arg(long, value_enum, default_value = "display")]
    pub action: ViewAction,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `--action …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ViewAction {
    /// To look at
    Display,
    /// To print
    Print,
    /// To keep
    Store,
}
