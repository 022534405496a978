//! The real mail servers the tests of `real_*.rs` run against: Dovecot and Postfix as one pair, told by
//! `HEARTHPOST_PAIR`, the path of a JSON file with ports, password, authority and folders.
//!
//! Tests share its mailboxes, and what one leaves there the next one finds, so each number is of one file: `real_thread`
//! 1 to 14, `real_kills` 23 to 25, `real_bounce` 31, `real_download` 36 to 38, `real_mailbox` 39; 40 is the people's.
#![allow(dead_code)] // each test file uses its share

pub mod own;

use std::path::PathBuf;
use std::time::Duration;

use hearthpost::address::Mailbox;
use hearthpost::endpoint::{Account, Endpoint, Secret};
use serde_json::Value;

/// One running pair.
pub struct Pair(Value);

impl Pair {
    /// Fails, never skips: a test that cannot run has not passed.
    pub fn running() -> Self {
        let path = std::env::var("HEARTHPOST_PAIR").expect(
            "HEARTHPOST_PAIR is not set: these tests need a running Dovecot and Postfix; set it to their pair.json",
        );
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|e| panic!("HEARTHPOST_PAIR names {path}, which cannot be read: {e}"));
        Pair(serde_json::from_str(&text).expect("pair.json is JSON"))
    }

    fn text(&self, key: &str) -> &str {
        self.0[key]
            .as_str()
            .unwrap_or_else(|| panic!("pair.json has no {key}"))
    }

    pub fn number(&self, key: &str) -> u64 {
        self.0[key]
            .as_u64()
            .unwrap_or_else(|| panic!("pair.json has no {key}"))
    }

    pub fn password(&self) -> &str {
        self.text("password")
    }

    pub fn ca_file(&self) -> &str {
        self.text("ca_file")
    }

    pub fn port(&self, scheme: &str) -> u64 {
        self.number(match scheme {
            "imaps" => "imap_tls",
            "imap" => "imap_starttls",
            "smtps" => "smtp_tls",
            _ => "smtp_starttls",
        })
    }

    /// `imaps`, `imap`, `smtps` or `smtp` on this machine.
    pub fn endpoint(&self, scheme: &str, host: &str) -> Endpoint {
        let port = self.port(scheme);
        let url = format!("{scheme}://{host}:{port}");
        match scheme {
            "imaps" | "imap" => Endpoint::imap(&url),
            _ => Endpoint::smtp(&url),
        }
        .expect("a URL")
    }

    pub fn account(&self, scheme: &str, user: &str) -> Account {
        Account {
            endpoint: self.endpoint(scheme, "localhost"),
            username: user.to_owned(),
            password: Secret::new(self.text("password")),
            extra_ca: Some(std::fs::read(self.text("ca_file")).expect("the authority's file")),
            timeout: Duration::from_secs(20),
        }
    }

    pub fn maildir(&self, user: &str) -> PathBuf {
        [self.text("mail_dir"), user, "Maildir"].iter().collect()
    }

    /// Puts messages straight into the Maildir, so that no server can refuse or mend them. `tag` keeps names apart.
    pub fn place<'a>(&self, user: &str, tag: &str, messages: impl IntoIterator<Item = &'a [u8]>) {
        let home = self.maildir(user);
        let home = home.parent().expect("a parent");
        for folder in ["Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp"] {
            std::fs::create_dir_all(home.join(folder)).expect("the mail's folder");
            own(&home.join(folder));
        }
        own(home);
        for (n, message) in messages.into_iter().enumerate() {
            let name = format!("17000{n:05}.{tag}.localhost");
            let path = home.join("Maildir/tmp").join(&name);
            std::fs::write(&path, message).expect("room for the message");
            own(&path);
            std::fs::rename(&path, home.join("Maildir/new").join(&name)).expect("the same disk");
        }
    }

    /// Takes the files of one tag away again, so that the next run does not wade through them.
    pub fn clear(&self, user: &str, tag: &str) {
        for folder in ["new", "cur"] {
            for file in self.files(user, tag) {
                // It lies in one of the two.
                let _ = std::fs::remove_file(self.maildir(user).join(folder).join(file));
            }
        }
    }

    /// Names and flags of the files of one tag, as they lie in the Maildir.
    pub fn files(&self, user: &str, tag: &str) -> Vec<String> {
        let mut names: Vec<String> = ["new", "cur"]
            .iter()
            .flat_map(|folder| {
                std::fs::read_dir(self.maildir(user).join(folder)).expect("a folder")
            })
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| name.contains(&format!(".{tag}.")))
            .collect();
        names.sort();
        names
    }
}

/// The owner of all mail in the pair.
fn own(path: &std::path::Path) {
    std::os::unix::fs::chown(path, Some(5000), Some(5000)).expect("these tests run as root");
}

pub fn mailbox(text: &str) -> Mailbox {
    text.parse().expect("an address")
}

/// A name no other test or run uses.
pub fn unique(name: &str) -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970");
    format!("{name}-{}-{}", std::process::id(), now.as_nanos())
}
