//! The table of all keys: the reader, the example file and what `init` writes take names, defaults and words from here.

/// One key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// With its section: `imap.url`.
    pub name: &'static str,
    /// What holds when the key is absent.
    pub default: Fallback,
    /// What its value is: a unit, or how it is written.
    pub unit: &'static str,
    /// One line: what it is for.
    pub doc: &'static str,
}

/// What holds when a key is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// Nothing: it must stand in the file. The text is a sample value.
    Required(&'static str),
    /// Nothing, and the words say what that means; then a sample value.
    Absent(&'static str, &'static str),
    /// Nothing, and the words say what that means; then a sample list of texts.
    AbsentList(&'static str, &'static [&'static str]),
    /// This text; durations and sizes too.
    Text(&'static str),
    /// This number.
    Number(u64),
    /// This switch.
    Flag(bool),
}

use Fallback::{Absent, AbsentList, Flag, Number, Required, Text};

/// Every key, in the order of the example file.
pub const KEYS: &[Key] = &[
    Key {
        name: "mailbox",
        default: Required("home-a@example.org"),
        unit: "mail address",
        doc: "The mail account of this home server, as others write to it.",
    },
    Key {
        name: "name",
        default: Required("The Example family"),
        unit: "text, at most 200 characters",
        doc: "What other households see as your name.",
    },
    Key {
        name: "language",
        default: Absent(
            "en; on the command line as LC_ALL, LC_MESSAGES or LANG say",
            "de",
        ),
        unit: "en or de",
        doc: "What mails and the command line speak: English or German. Pages speak as the browser asks, or as each person chose.",
    },
    Key {
        name: "role",
        default: Text("home"),
        unit: "home or relay",
        doc: "A home of people, or a relay: it has none, and only carries for others what it cannot open.",
    },
    Key {
        name: "data",
        default: Text("data"),
        unit: "folder",
        doc: "Where keys, album and pictures lie; paths here are relative to this file.",
    },
    Key {
        name: "imap.url",
        default: Required("imaps://imap.example.org"),
        unit: "imaps://host[:port], or imap:// for STARTTLS",
        doc: "Where mail is fetched.",
    },
    Key {
        name: "imap.username",
        default: Required("home-a@example.org"),
        unit: "text",
        doc: "The login name, often the mail address.",
    },
    Key {
        name: "imap.password_file",
        default: Required("password"),
        unit: "file",
        doc: "A file whose first line is the password, readable by its owner alone; or password_env or password_command.",
    },
    Key {
        name: "imap.password_env",
        default: Absent("none", "HEARTHPOST_PASSWORD"),
        unit: "name of a variable",
        doc: "Instead of the file: the environment variable that holds the password.",
    },
    Key {
        name: "imap.password_command",
        default: AbsentList("none", &["/usr/local/bin/mail-token", "home-a"]),
        unit: "program and its arguments",
        doc: "Instead of the file: a program, run without a shell, whose first line is the password or the OAuth token.",
    },
    Key {
        name: "imap.auth",
        default: Text("password"),
        unit: "password or xoauth2",
        doc: "What is found there: a password, or an OAuth 2.0 access token (SASL XOAUTH2).",
    },
    Key {
        name: "imap.ca_file",
        default: Absent("the system's authorities alone", "ca.pem"),
        unit: "PEM file",
        doc: "One more certificate authority to trust for this server.",
    },
    Key {
        name: "imap.timeout",
        default: Text("60s"),
        unit: "duration",
        doc: "How long one step with the server may take.",
    },
    Key {
        name: "imap.poll_interval",
        default: Text("60s"),
        unit: "duration",
        doc: "How often `serve` looks for new mail where the server does not tell of it (IDLE); where it does, at most every 5 minutes.",
    },
    Key {
        name: "imap.junk",
        default: Flag(true),
        unit: "true or false",
        doc: "Whether the junk folder is read too, where providers like to put sealed mail.",
    },
    Key {
        name: "smtp.url",
        default: Required("smtps://smtp.example.org"),
        unit: "smtps://host[:port], or smtp:// for STARTTLS",
        doc: "Where mail is handed in.",
    },
    Key {
        name: "smtp.username",
        default: Absent("imap.username", "home-a@example.org"),
        unit: "text",
        doc: "The login name, where it is another one.",
    },
    Key {
        name: "smtp.password_file",
        default: Absent("the password of imap", "smtp-password"),
        unit: "file",
        doc: "A file whose first line is the password, where it is another one.",
    },
    Key {
        name: "smtp.password_env",
        default: Absent("the password of imap", "HEARTHPOST_SMTP_PASSWORD"),
        unit: "name of a variable",
        doc: "Instead of the file: the environment variable that holds the password.",
    },
    Key {
        name: "smtp.password_command",
        default: AbsentList(
            "the password of imap",
            &["/usr/local/bin/mail-token", "home-a", "smtp"],
        ),
        unit: "program and its arguments",
        doc: "Instead of the file: a program, run without a shell, whose first line is the password or the OAuth token.",
    },
    Key {
        name: "smtp.auth",
        default: Absent("imap.auth", "password"),
        unit: "password or xoauth2",
        doc: "What is found there: a password, or an OAuth 2.0 access token (SASL XOAUTH2).",
    },
    Key {
        name: "smtp.ca_file",
        default: Absent("imap.ca_file", "ca.pem"),
        unit: "PEM file",
        doc: "One more certificate authority to trust for this server.",
    },
    Key {
        name: "smtp.timeout",
        default: Text("60s"),
        unit: "duration",
        doc: "How long one step with the server may take.",
    },
    Key {
        name: "smtp.message_budget",
        default: Number(18_000_000),
        unit: "bytes as sent",
        doc: "The largest mail to make; the server's own limit is respected besides.",
    },
    Key {
        name: "smtp.max_recipients",
        default: Number(50),
        unit: "mailboxes",
        doc: "How many households one mail goes to; more get a second one.",
    },
    Key {
        name: "smtp.max_recipients_per_day",
        default: Number(0),
        unit: "mailboxes in 24 hours; 0: no such limit",
        doc: "How many recipients the provider allows: what goes beyond waits, before the provider has to say so.",
    },
    Key {
        name: "notify.details",
        default: Flag(false),
        unit: "true or false",
        doc: "Whether notices tell title and until when; the mail provider reads them too.",
    },
    Key {
        name: "notify.quiet",
        default: Text("10m"),
        unit: "duration",
        doc: "How long a person is left alone after a notice; what comes meanwhile is told in one mail.",
    },
    Key {
        name: "notify.url",
        default: Absent(
            "where browsers are listened for, by its number; where they are not, http://hearthpost.local/",
            "https://hearthpost.local:8480/",
        ),
        unit: "http:// or https:// address",
        doc: "This home server's own address, as the people of the house reach it: it stands in mails and links.",
    },
    Key {
        name: "web.listen",
        default: Text("127.0.0.1:8480"),
        unit: "address:port, or off",
        doc: "Where browsers reach this home server; 0.0.0.0:8480 opens it to all of your network.",
    },
    Key {
        name: "web.hosts",
        default: AbsentList("none", &["hearthpost.local", "192.168.1.20"]),
        unit: "names and addresses",
        doc: "Under which other names browsers may ask for it, besides that of notify.url and of this machine itself.",
    },
    Key {
        name: "web.proxy",
        default: Flag(false),
        unit: "true or false",
        doc: "Whether a proxy of yours stands before it, whose X-Forwarded-For and X-Forwarded-Proto are true.",
    },
    Key {
        name: "web.certificate",
        default: Absent(
            "that of `hearthpost tls`, where it made one",
            "fullchain.pem",
        ),
        unit: "PEM file",
        doc: "A certificate of yours for HTTPS, with those of its issuers behind it; it is read again when it changes.",
    },
    Key {
        name: "web.key",
        default: Absent("that of `hearthpost tls`, where it made one", "privkey.pem"),
        unit: "PEM file",
        doc: "The private key of web.certificate.",
    },
    Key {
        name: "import.watch",
        default: AbsentList("none", &["/srv/scans"]),
        unit: "folders",
        doc: "Folders of which `serve` brings in whatever appears there; nothing is ever removed from them.",
    },
    Key {
        name: "import.cards",
        default: AbsentList("none", &["/srv/card-reader"]),
        unit: "folders",
        doc: "Where memory cards are mounted, besides below /media, /run/media and /mnt.",
    },
    Key {
        name: "import.led",
        default: Absent("none", "/sys/class/leds/ACT"),
        unit: "folder",
        doc: "A light of this machine that blinks while a memory card is read.",
    },
    Key {
        name: "announce.people",
        default: AbsentList("none", &["ann", "al"]),
        unit: "names of people of the house",
        doc: "Whom the households that this one knows are told of, so that they can choose them by name, until that is chosen on the page or by `hearthpost user announce`.",
    },
    Key {
        name: "announce.words",
        default: AbsentList("none", &["grandma=ann"]),
        unit: "key words, each with a person of the house",
        doc: "Which key words are suggested to them; each household saves what it wants to use.",
    },
    Key {
        name: "directory.url",
        default: Absent("no directory", "ldaps://directory.example.org"),
        unit: "ldaps://host[:port], or ldap:// for StartTLS",
        doc: "An LDAP directory in which other households are looked up.",
    },
    Key {
        name: "directory.base",
        default: Absent("needed with url", "ou=people,dc=example,dc=org"),
        unit: "entry",
        doc: "Below which entry they are.",
    },
    Key {
        name: "directory.kind",
        default: Text("openldap"),
        unit: "openldap or active-directory",
        doc: "In which attributes it has mailbox, name and key words: mail, cn and description, or mail, displayName and info.",
    },
    Key {
        name: "directory.filter",
        default: Absent("that of directory.kind", "(|(mail={})(cn={})(title={}))"),
        unit: "filter, with {} for what is looked for",
        doc: "How they are found, where those attributes are not the ones.",
    },
    Key {
        name: "directory.user",
        default: Absent("nobody in particular", "cn=home-a,dc=example,dc=org"),
        unit: "entry",
        doc: "Who asks it, and writes the entry of this household.",
    },
    Key {
        name: "directory.password_file",
        default: Absent("no password", "directory-password"),
        unit: "file",
        doc: "A file whose first line is that one's password; or password_env or password_command.",
    },
    Key {
        name: "directory.password_env",
        default: Absent("not used", "HEARTHPOST_DIRECTORY_PASSWORD"),
        unit: "name of a variable",
        doc: "The environment variable with that password, in place of the file.",
    },
    Key {
        name: "directory.password_command",
        default: AbsentList("not used", &["pass", "show", "directory"]),
        unit: "program and arguments",
        doc: "A program whose first line is that password, in place of the file.",
    },
    Key {
        name: "directory.ca_file",
        default: Absent("those of the system alone", "directory-ca.pem"),
        unit: "file, PEM",
        doc: "One more certificate authority to trust with the directory.",
    },
    Key {
        name: "directory.trusted",
        default: Flag(false),
        unit: "true or false",
        doc: "Whether a household that the directory names is taken as if its words had been compared.",
    },
    Key {
        name: "directory.timeout",
        default: Text("10s"),
        unit: "duration",
        doc: "How long the directory may take for an answer.",
    },
    Key {
        name: "store.kind",
        default: Text("folder"),
        unit: "folder or s3",
        doc: "Where sealed pictures lie: in the data folder, or in a bucket of an S3-compatible store.",
    },
    Key {
        name: "store.endpoint",
        default: Absent("that of Amazon for the region", "https://s3.example.org"),
        unit: "https://host[:port]",
        doc: "Where the store is reached.",
    },
    Key {
        name: "store.bucket",
        default: Absent("needed with s3", "households"),
        unit: "name of a bucket",
        doc: "Which bucket; several households may share one.",
    },
    Key {
        name: "store.prefix",
        default: Absent("none", "hearthpost"),
        unit: "words with / between them",
        doc: "What all names in the bucket begin with.",
    },
    Key {
        name: "store.region",
        default: Text("us-east-1"),
        unit: "name of a region",
        doc: "The region that requests are signed for; a store of your own mostly takes any.",
    },
    Key {
        name: "store.access_key_id",
        default: Absent("needed with s3", "AKIAIOSFODNN7EXAMPLE"),
        unit: "text",
        doc: "The id of an access key that may list, read, write and delete there.",
    },
    Key {
        name: "store.secret_key_file",
        default: Absent("needed with s3", "store-secret"),
        unit: "file",
        doc: "A file whose first line is the secret of that key, readable by its owner alone; or secret_key_env or secret_key_command.",
    },
    Key {
        name: "store.secret_key_env",
        default: Absent("none", "HEARTHPOST_STORE_SECRET"),
        unit: "name of a variable",
        doc: "Instead of the file: the environment variable that holds the secret.",
    },
    Key {
        name: "store.secret_key_command",
        default: AbsentList("none", &["pass", "show", "store"]),
        unit: "program and its arguments",
        doc: "Instead of the file: a program, run without a shell, whose first line is the secret.",
    },
    Key {
        name: "store.ca_file",
        default: Absent("the system's authorities alone", "store-ca.pem"),
        unit: "PEM file",
        doc: "One more certificate authority to trust for the store.",
    },
    Key {
        name: "store.timeout",
        default: Text("20s"),
        unit: "duration",
        doc: "How long one step with the store may take.",
    },
    Key {
        name: "limits.quota_total",
        default: Text("100GB"),
        unit: "bytes",
        doc: "How much received shares may take in all.",
    },
    Key {
        name: "limits.quota_per_contact",
        default: Text("20GB"),
        unit: "bytes",
        doc: "How much the shares of one household may take.",
    },
    Key {
        name: "limits.relay_per_day",
        default: Text("1GB"),
        unit: "bytes",
        doc: "How much is passed on in a day for one household that may use this one as a relay.",
    },
    Key {
        name: "limits.upload",
        default: Text("10GB"),
        unit: "bytes",
        doc: "The largest file that a person of the house may send from a browser.",
    },
    Key {
        name: "limits.unclaimed",
        default: Text("30d"),
        unit: "duration",
        doc: "How long sealed mail that no share asks for stays in the mailbox.",
    },
    Key {
        name: "limits.keep_parts",
        default: Text("30d"),
        unit: "duration",
        doc: "How long sent pictures are kept sealed, to send again what got lost.",
    },
    Key {
        name: "limits.patience",
        default: Text("6h"),
        unit: "duration",
        doc: "How long a household that was asked for missing parts may be silent before the next is.",
    },
    Key {
        name: "limits.letters_from_strangers",
        default: Number(200),
        unit: "a day",
        doc: "How many letters of unknown households are looked at.",
    },
    Key {
        name: "log.level",
        default: Text("info"),
        unit: "error, warn, info, debug or trace",
        doc: "How much the log tells.",
    },
];

impl Key {
    /// The key of that name.
    pub(super) fn named(name: &str) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The section and the name in it; the section is empty for the first three.
    pub(super) fn split(&self) -> (&'static str, &'static str) {
        self.name.split_once('.').unwrap_or(("", self.name))
    }
}
