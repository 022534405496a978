//! A disk of a chosen size, in memory: seen only by the commands that are run on it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::command::{House, Ran, write_private};
use crate::full::quick_folder;

/// A small file system at one folder, in a mount namespace that lives as long as this.
pub struct Disk {
    keeper: Child,
    pub at: PathBuf,
}

/// A household whose data folder is a small disk.
pub struct Cramped {
    pub house: House,
    pub disk: Disk,
}

impl Disk {
    /// `None` where this user may not mount, which is said; under `testmail/check` it is a failure.
    pub fn new(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir(at).expect("a folder");
        let mount =
            "mount -t tmpfs -o \"size=$1,mode=700\" small \"$2\" && echo mounted && exec cat";
        let keeper = Command::new("unshare")
            .args([
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                mount,
                "sh",
            ])
            .arg(size)
            .arg(at)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut said = String::new();
        let keeper = keeper.ok().and_then(|mut keeper| {
            let out = keeper.stdout.take().expect("it is piped");
            BufReader::new(out).read_line(&mut said).ok()?;
            (said == "mounted\n").then_some(keeper)
        });
        match keeper {
            Some(keeper) => Some(Disk {
                keeper,
                at: at.to_owned(),
            }),
            None => {
                let words =
                    "a small disk cannot be mounted here (it takes root, unshare and mount)";
                assert!(std::env::var_os("HEARTHPOST_PAIR").is_none(), "{words}");
                println!("NOT TESTED: {words}; testmail/check does it");
                None
            }
        }
    }

    /// Where the disk can be seen.
    pub fn command(&self, folder: &Path, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        let namespace = format!("--mount=/proc/{}/ns/mnt", self.keeper.id());
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder)
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .args([
                &namespace,
                "sh",
                "-c",
                "cd \"$1\" && shift && exec \"$@\"",
                "sh",
            ])
            .arg(folder)
            .arg(program);
        command
    }

    fn shell(&self, script: &str) -> String {
        let mut shell = self.command(&self.at, "sh");
        let output = shell.args(["-ec", script]).output().expect("it starts");
        assert!(output.status.success(), "{script}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    pub fn resize(&self, size: &str) {
        self.shell(&format!("mount -o remount,size={size} ."));
    }

    /// Fills it up, but for so many KiB.
    pub fn leave(&self, kib: u64) {
        self.empty();
        self.shell(&format!(
            "room=$(($(df --output=avail -k . | tail -n 1) - {kib}))
             [ $room -le 0 ] || fallocate -l ${{room}}K filler"
        ));
    }

    /// Takes away what filled it up.
    pub fn empty(&self) {
        self.shell("rm -f filler");
    }

    pub fn files(&self) -> Vec<String> {
        let found = self.shell("find . -type f");
        found.lines().map(str::to_owned).collect()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It ends with its input, and the disk with it.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

impl Cramped {
    pub fn new(x: &str, imap: &str, smtp: &str, size: &str) -> Option<Self> {
        let house = House {
            folder: quick_folder(),
            mailbox: format!("home-{x}@{x}.example"),
        };
        let disk = Disk::new(&house.path("data"), size)?;
        write_private(&house.path("password"), "secret\n");
        let cramped = Cramped { house, disk };
        let mailbox = cramped.house.mailbox.as_str();
        let init = [
            "init",
            "--mailbox",
            mailbox,
            "--name",
            "Cramped",
            "--imap",
            imap,
        ];
        let more = [
            "--smtp",
            smtp,
            "--username",
            mailbox,
            "--password-file",
            "password",
        ];
        cramped
            .run(init.iter().chain(&more).chain(&["--data", "data"]))
            .done();
        Some(cramped)
    }

    pub fn command(&self) -> Command {
        let hearthpost = env!("CARGO_BIN_EXE_hearthpost");
        let mut command = self.disk.command(self.house.folder.path(), hearthpost);
        command.args(["--config", "hearthpost.toml"]);
        command
    }

    /// With `--json`.
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let mut command = self.command();
        command.arg("--json").args(arguments);
        Ran::of(command)
    }

    /// Both know each other.
    pub fn meet(&self, other: &House) {
        let pem = |mut command: Command| {
            let output = command.args(["contact", "export"]).output();
            output.expect("the command starts").stdout
        };
        let mut theirs = crate::command::command(other.folder.path());
        theirs.args(["--config", "hearthpost.toml"]);
        for (folder, pem) in [(&self.house, pem(theirs)), (other, pem(self.command()))] {
            let mut file = std::fs::File::create(folder.path("other.pem")).expect("a file");
            file.write_all(&pem).expect("a file");
        }
        let add = |mailbox| ["contact", "add", mailbox, "--cert", "other.pem"];
        self.run(add(other.mailbox.as_str())).done();
        other.run(add(self.house.mailbox.as_str())).done();
    }

    pub fn parts(&self) -> usize {
        let files = self.disk.files();
        files
            .iter()
            .filter(|file| file.starts_with("./parts/"))
            .count()
    }
}
