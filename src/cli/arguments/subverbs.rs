//! The words that come after `user`, `contact`, `keyword`, `album` and `item`.

use std::path::PathBuf;

use clap::Subcommand;

use super::MailOrNone;
use super::{Notices, OnOff, YesOrNo, from_to, mail_or_none, person};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::sharing::accounts::Scope;
use crate::sharing::contacts::which::Named;

/// `user …`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person
    Add {
        /// A short name: a-z, 0-9, '-', '_' and '.'
        name: StationName,
        /// Where to tell this person that something came
        #[arg(long, value_name = "ADDR")]
        mail: Mailbox,
    },
    /// All people
    List,
    /// Remove a person
    Remove {
        /// Who
        #[arg(value_parser = person)]
        name: StationName,
    },
    /// Give a person a password for the browser, which signs them out everywhere
    Passwd {
        /// Who
        #[arg(value_parser = person)]
        name: StationName,
        /// A file whose first line is the password, instead of asking for it
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Make a link that opens once, with which a person chooses a password
    Link {
        /// Who; nobody: whoever becomes the keeper of a new house
        #[arg(value_parser = person)]
        name: Option<StationName>,
    },
    /// Say to which address a person is told that something came
    Mail {
        /// Who
        #[arg(value_parser = person)]
        name: StationName,
        /// Where to tell this person that something came; none: nowhere
        #[arg(value_name = "ADDR", value_parser = mail_or_none)]
        mail: MailOrNone,
    },
    /// Say when a person is told by mail that something came
    Notices {
        /// Who
        #[arg(value_parser = person)]
        name: StationName,
        /// When
        when: Notices,
    },
    /// Say whether the households that this one knows are told of a person, and can choose them by name
    Announce {
        /// Who
        #[arg(value_parser = person)]
        name: StationName,
        /// Whether
        allowed: OnOff,
        /// A key word that is suggested to them for this person, such as grandma; may be repeated
        #[arg(long = "word", value_name = "WORD")]
        words: Vec<String>,
    },
    /// Make a token, with which a program acts for a person: see docs/api.md
    Token {
        /// For whom
        #[arg(value_parser = person)]
        name: StationName,
        /// What the program is called; of all tokens of this person another one
        #[arg(value_name = "PROGRAM")]
        program: String,
        /// What it may do: read, album, share; with commas between
        #[arg(long, value_delimiter = ',', required = true)]
        scope: Vec<Scope>,
        /// How many days it is good; for ever without
        #[arg(long, value_name = "N", value_parser = from_to(1, 36_500))]
        days: Option<u32>,
    },
    /// The tokens of a person
    Tokens {
        /// Whose
        #[arg(value_parser = person)]
        name: StationName,
    },
    /// End a token
    EndToken {
        /// Whose
        #[arg(value_parser = person)]
        name: StationName,
        /// What the program is called
        #[arg(value_name = "PROGRAM")]
        program: String,
    },
    /// Say whether a person is a keeper, who manages households, people and settings in the browser
    Keeper {
        /// Who
        #[arg(value_parser = person)]
        name: StationName,
        /// Whether
        keeper: YesOrNo,
    },
}

/// `contact …`
#[derive(Debug, Subcommand)]
pub enum ContactCommand {
    /// Add a household: by its certificate file, or by asking it to introduce itself
    Add {
        /// Its mailbox
        mailbox: Mailbox,
        /// The file that `contact export` wrote there
        #[arg(long, value_name = "FILE")]
        cert: Option<PathBuf>,
    },
    /// Ask a household by mail to introduce itself
    Request {
        /// Its mailbox
        mailbox: Mailbox,
    },
    /// Hear from a household that wrote to us
    Accept {
        /// Its mailbox, or what its fingerprint begins with
        #[arg(value_name = "MAILBOX|FINGERPRINT")]
        household: Named,
    },
    /// All households known here
    List,
    /// One household, with its comparing words
    Show {
        /// Its mailbox, or what its fingerprint begins with
        #[arg(value_name = "MAILBOX|FINGERPRINT")]
        household: Named,
    },
    /// Note that the words there are the words here
    Verify {
        /// Its mailbox
        mailbox: Mailbox,
        /// What was read out there: the 24 words, or the digits
        #[arg(long, value_name = "WORDS", num_args = 1..)]
        fingerprint: Vec<String>,
    },
    /// Take nothing more from a household
    Block {
        /// Its mailbox, or what its fingerprint begins with
        #[arg(value_name = "MAILBOX|FINGERPRINT")]
        household: Named,
    },
    /// Let a household use this one as a relay, which passes on to others for it, or not any more
    Relay {
        /// Its mailbox, or what its fingerprint begins with
        #[arg(value_name = "MAILBOX|FINGERPRINT")]
        household: Named,
        /// Whether
        allowed: OnOff,
    },
    /// Hear from it again
    Unblock {
        /// Its mailbox, or what its fingerprint begins with
        #[arg(value_name = "MAILBOX|FINGERPRINT")]
        household: Named,
    },
    /// Forget a household
    Remove {
        /// Its mailbox, or what its fingerprint begins with
        #[arg(value_name = "MAILBOX|FINGERPRINT")]
        household: Named,
    },
    /// This household's own certificates, for others to add
    Export,
    /// Invite a household: a link, or words to read out, that make both known to each other
    Invite {
        /// For how many days it lets in
        #[arg(long, value_name = "N", default_value_t = crate::sharing::invite::DAYS,
            value_parser = from_to(1, crate::sharing::invite::MOST_DAYS))]
        days: u32,
        /// Show this one once more, which still lets in
        #[arg(long, value_name = "INVITATION", conflicts_with_all = ["days", "person"])]
        again: Option<String>,
        /// Who of this house invites, and is told [default: those who keep it]
        #[arg(long = "as", value_name = "USER", value_parser = person)]
        person: Option<StationName>,
    },
    /// The invitations that were given, and who came in with them
    Invitations,
    /// Take an invitation back
    Withdraw {
        /// The invitation
        invitation: String,
    },
    /// Follow an invitation of another household
    Join {
        /// The link, or the address and the twelve words; read from standard input where nothing is given
        #[arg(value_name = "LINK|WORDS")]
        invitation: Vec<String>,
        /// Who of this house follows it, and is told [default: those who keep it]
        #[arg(long = "as", value_name = "USER", value_parser = person)]
        person: Option<StationName>,
    },
}

/// `identity …`
#[derive(Debug, Subcommand)]
pub enum IdentityCommand {
    /// Write the identity and the address book into a new file, sealed under a passphrase
    Export {
        /// The file to write
        file: PathBuf,
        /// A file whose first line is the passphrase [default: it is asked for]
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Take over such an identity, in a household that was just set up; the others hear where it is now
    Import {
        /// The file
        file: PathBuf,
        /// A file whose first line is the passphrase [default: it is asked for]
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Replace the identity and its keys, when somebody else may have them; the others have to compare words again
    Rekey {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Write the message that ends this identity into a new file, to be kept where the box is not
    Ended {
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Send such a message, of a box that is lost or stolen, to all households that are known here
    End {
        /// The file
        file: PathBuf,
        /// Also to this mailbox; may be given several times
        #[arg(long, value_name = "ADDR")]
        to: Vec<Mailbox>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// `keyword …`
#[derive(Debug, Subcommand)]
pub enum KeywordCommand {
    /// Give a name to addresses
    Set {
        /// The name, such as grandma
        word: String,
        /// What it stands for
        #[arg(required = true, value_name = "ADDR")]
        addresses: Vec<StationAddress>,
    },
    /// All names
    List,
    /// Forget a name
    Remove {
        /// The name
        word: String,
    },
}

/// `directory …`
#[derive(Debug, Subcommand)]
pub enum DirectoryCommand {
    /// Look for households
    Find {
        /// A mailbox, a name or a key word
        #[arg(value_name = "WHAT")]
        what: String,
    },
    /// Take a household from there, once you are sure of it
    Add {
        /// Its mailbox
        #[arg(value_name = "ADDR")]
        mailbox: Mailbox,
    },
    /// Write this household's own entry
    Publish {
        /// A key word under which it is found, too; may be given again
        #[arg(long = "word", value_name = "WORD")]
        words: Vec<String>,
    },
}

/// `album …`
#[derive(Debug, Subcommand)]
pub enum AlbumCommand {
    /// All albums and items
    List,
    /// The items of one album
    Show {
        /// Its name or short id
        album: String,
    },
    /// Give an album another name
    Rename {
        /// Its name or short id
        album: String,
        /// The new name
        name: String,
    },
    /// Remove an album; its items stay
    Remove {
        /// Its name or short id
        album: String,
    },
    /// Put items into an album, a new one where there is none of that name
    Add {
        /// Its name or short id
        album: String,
        /// The items
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<String>,
    },
    /// Take items out of an album; they are not deleted
    Take {
        /// Its name or short id
        album: String,
        /// The items
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<String>,
    },
}

/// `item …`
#[derive(Debug, Subcommand)]
pub enum ItemCommand {
    /// Items, newest first
    List {
        /// Words that name or caption hold, who added it, or when it was taken: May 2024
        text: Vec<String>,
        /// Not older: 2024, 2024-05 or 2024-05-03
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// Not newer; all of that year, month or day is in
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
        /// Of this album: its name or short id
        #[arg(long, value_name = "ALBUM")]
        album: Option<String>,
        /// What lies in the bin
        #[arg(long)]
        deleted: bool,
    },
    /// One item in full
    Show {
        /// The item
        item: String,
    },
    /// Say what it shows; the words travel with it when it is shared
    Caption {
        /// The item
        item: String,
        /// What to write; nothing takes the caption away
        text: String,
    },
    /// Put items into the bin; after 30 days they are gone for good
    Delete {
        /// The items
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<String>,
    },
    /// Take items out of the bin
    Restore {
        /// The items
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<String>,
    },
    /// Say whether items are for the person alone who added them
    Private {
        /// The items
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<String>,
        /// Whether they are
        private: YesOrNo,
    },
}
