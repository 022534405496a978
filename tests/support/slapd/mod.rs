//! A real directory server for tests, as an ordinary process.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod directory;

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use hearthpost::directory::Place;
use hearthpost::endpoint::Secret;
use hearthpost::sharing::Household;
use serde_json::Value;

use crate::house::{House, Village};

/// A slapd of its own, which ends with it.
pub struct Slapd {
    folder: tempfile::TempDir,
    about: Value,
}

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testmail/directory")
}

impl Slapd {
    pub fn start() -> Self {
        Slapd::with("")
    }

    /// One that has these entries besides, as LDIF.
    pub fn with(entries: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ldif = folder.path().join("entries.ldif");
        std::fs::write(&ldif, entries).expect("a file");
        let started = Command::new(script())
            .arg("start")
            .arg(folder.path())
            .arg(ldif)
            .output();
        let started = started.expect("a shell");
        let said = String::from_utf8_lossy(&started.stderr).into_owned();
        assert!(started.status.success(), "slapd is needed: {said}");
        let about = serde_json::from_slice(&started.stdout).expect("JSON");
        Slapd { folder, about }
    }

    pub fn stop(&self) {
        let stopped = Command::new(script())
            .arg("stop")
            .arg(self.folder.path())
            .status();
        assert!(stopped.expect("a shell").success());
    }

    /// Starts again what was stopped, with all that was in it.
    pub fn again(&self) {
        let config = self.folder.path().join("ldap/slapd.conf");
        let urls = format!("{}/ {}/", self.url(false), self.url(true));
        let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin";
        let mut command = Command::new("slapd");
        command.env("PATH", path).arg("-f").arg(config);
        let started = command.arg("-h").arg(urls).status();
        assert!(started.expect("slapd").success());
        let port = self.about["ldap"].as_u64().expect("a port");
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
            assert!(Instant::now() < until, "slapd does not come back");
            std::thread::yield_now();
        }
    }

    pub fn text(&self, name: &str) -> String {
        self.about[name].as_str().expect("a text").to_owned()
    }

    pub fn url(&self, tls: bool) -> String {
        match tls {
            true => format!("ldaps://127.0.0.1:{}", self.about["ldaps"]),
            false => format!("ldap://127.0.0.1:{}", self.about["ldap"]),
        }
    }

    /// A household that asks here, and signs in where `writes`.
    pub fn used_by(&self, house: &mut House, more: &str, writes: bool) {
        self.set_in(&house.folder, more, writes);
        let config = house.folder.join("hearthpost.toml");
        house.home = Household::open(&config).expect("opens");
    }

    /// The same, in the settings in this folder.
    pub fn set_in(&self, folder: &Path, more: &str, writes: bool) {
        let config = folder.join("hearthpost.toml");
        let mut text = std::fs::read_to_string(&config).expect("a configuration");
        if let Some(at) = text.find("\n[directory]") {
            text.truncate(at);
        }
        let (url, base, ca) = (self.url(writes), self.text("base"), self.text("ca_file"));
        text += &format!(
            "\n[directory]\nurl = \"{url}\"\nbase = \"{base}\"\nca_file = \"{ca}\"\ntimeout = \"5s\"\n{more}\n"
        );
        if writes {
            let password = folder.join("directory-password");
            std::fs::write(&password, self.text("admin_password")).expect("a file");
            text += &format!(
                "user = \"{}\"\npassword_file = \"directory-password\"\n",
                self.text("admin_dn")
            );
        }
        std::fs::write(&config, text).expect("written");
    }

    /// As it is asked by nobody in particular.
    pub fn place(&self) -> Place {
        Place {
            url: self.url(true),
            base: self.text("base"),
            filter: "(mail={})".to_owned(),
            user: None,
            extra_ca: Some(std::fs::read(self.text("ca_file")).expect("a file")),
            timeout: Duration::from_secs(5),
        }
    }

    /// Whoever may write all of it, with the password.
    pub fn admin(&self) -> (String, Secret) {
        let password = Secret::new(self.text("admin_password"));
        (self.text("admin_dn"), password)
    }

    /// Where whoever may write all of it puts these certificates, whosever they are, as `mailbox`.
    pub fn put(&self, village: &Village, mailbox: &str, words: &[String], ders: &[Vec<u8>]) {
        let mut place = self.place();
        place.user = Some(self.admin());
        let mailbox = mailbox.parse().expect("a mailbox");
        let published = place.publish(&mailbox, "Anyone", words, ders);
        village.run(published).expect("published");
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = Command::new(script())
            .arg("stop")
            .arg(self.folder.path())
            .status();
    }
}
