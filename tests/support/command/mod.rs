//! The real command in folders of its own: no network, no configuration of whoever runs the tests.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A folder with one household in it.
pub struct House {
    pub folder: TempDir,
    pub mailbox: String,
}

/// Runs the command with nothing around it but a home folder.
pub fn command(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearthpost"));
    command
        .env_clear()
        .env("HOME", home)
        .env("TZ", "UTC")
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

pub fn run<S: AsRef<OsStr>>(home: &Path, arguments: impl IntoIterator<Item = S>) -> Ran {
    let output = command(home).args(arguments).output();
    let output = output.expect("the command starts");
    Ran {
        code: output.status.code().expect("it ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Ran {
    /// The one document on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The document of a command that did all of it.
    pub fn done(self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        self.json()
    }

    /// The code and message of a command that failed with this exit code.
    pub fn failed(&self, code: i32) -> (String, String) {
        assert_eq!(self.code, code, "{self:?}");
        let error = &self.json()["error"];
        let text = |name: &str| error[name].as_str().expect("a text").to_owned();
        let (name, message) = (text("code"), text("message"));
        assert!(self.stderr.contains(&message), "{self:?}");
        (name, message)
    }
}

impl House {
    /// A household whose provider is nowhere.
    pub fn new(x: &str) -> Self {
        House::at(x, "imaps://localhost:1", "smtps://localhost:1")
    }

    pub fn at(x: &str, imap: &str, smtp: &str) -> Self {
        let house = House {
            folder: tempfile::tempdir().expect("a folder"),
            mailbox: format!("home-{x}@{x}.example"),
        };
        write_private(&house.path("password"), "secret\n");
        house.init(x, imap, smtp).done();
        house
    }

    pub fn init(&self, x: &str, imap: &str, smtp: &str) -> Ran {
        let name = format!("House {}", x.to_uppercase());
        let mailbox = self.mailbox.as_str();
        self.run([
            "init",
            "--mailbox",
            mailbox,
            "--name",
            &name,
            "--imap",
            imap,
            "--smtp",
            smtp,
            "--username",
            mailbox,
            "--password-file",
            "password",
            "--data",
            "data",
        ])
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// With `--json`.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let mut all: Vec<_> = ["--config", "hearthpost.toml", "--json"]
            .map(Into::into)
            .to_vec();
        all.extend(arguments.into_iter().map(|one| one.as_ref().to_owned()));
        run(self.folder.path(), all)
    }

    /// In words.
    pub fn say<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let mut all: Vec<_> = ["--config", "hearthpost.toml"].map(Into::into).to_vec();
        all.extend(arguments.into_iter().map(|one| one.as_ref().to_owned()));
        run(self.folder.path(), all)
    }

    /// Knows the other household by its certificate file.
    pub fn add(&self, other: &House) {
        let pem = other.say(["contact", "export"]);
        std::fs::write(self.path("other.pem"), pem.stdout).expect("a file");
        self.run(["contact", "add", &other.mailbox, "--cert", "other.pem"])
            .done();
    }
}

pub fn write_private(path: &Path, text: &str) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .expect("a file");
}

/// A JPEG with something in it.
pub fn picture(path: &Path, width: u32, height: u32) -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([
            (x * 255 / width) as u8,
            (y * 255 / height) as u8,
            ((x * y) % 251) as u8,
        ])
    });
    pixels.save(path).expect("a picture");
    std::fs::read(path).expect("a picture")
}
