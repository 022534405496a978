//! Three households on one mail server, and one run of whose every command can meet a full disk.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod small;

use std::collections::BTreeMap;
use std::path::Path;

use hearthpost::sharing::Household;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use testmail::{Account, Options, Server};

use crate::command::{House, Ran, command, picture, write_private};

/// Three households that know each other.
pub struct World {
    pub server: Server,
    pub a: House,
    pub b: House,
    pub c: House,
}

/// One share of two pictures through all of them, with the fault of which its commands are told.
pub struct Story<'w> {
    pub world: &'w World,
    /// Tells it from others in the same world.
    pub number: u32,
    pub fault: Fault,
    /// How often the disk was full.
    pub hits: u32,
}

/// When the disk is full.
#[derive(Debug, Clone)]
pub enum Fault {
    None,
    /// Once in every command, by `HEARTHPOST_DISK_FULL_AT`.
    Once(String),
    /// Every command meets it at its first write, is done again and meets it at the second, and so on until it is done.
    EveryWrite,
}

/// What everyone has in the end, without ids, keys and numbers.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct End {
    pub shares: Vec<String>,
    /// Blobs that the story added, for good.
    blobs: BTreeMap<&'static str, usize>,
    /// Mails of ours that are left in the mailboxes.
    pub left: BTreeMap<&'static str, usize>,
    pub notices: usize,
    /// Files that are in the way of the next run.
    pub litter: Vec<String>,
}

impl World {
    pub fn new() -> Self {
        let names = ["home-a@a.example", "home-b@b.example", "home-c@c.example"];
        let accounts = names.into_iter().chain(["people@p.example"]);
        let options = Options {
            accounts: accounts.map(|name| Account::new(name, "secret")).collect(),
            ..Options::default()
        };
        let server = Server::start(options).expect("testmail starts");
        let imap = format!("imap+plain://127.0.0.1:{}", server.imap_port());
        let smtp = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
        let [a, b, c] = ["a", "b", "c"].map(|x| {
            let house = House {
                folder: quick_folder(),
                mailbox: format!("home-{x}@{x}.example"),
            };
            write_private(&house.path("password"), "secret\n");
            house.init(x, &imap, &smtp).done();
            house
        });
        for (one, other) in [(&a, &b), (&b, &c), (&a, &c)] {
            one.add(other);
            other.add(one);
        }
        World { server, a, b, c }
    }

    pub fn story(&self, number: u32, fault: Fault) -> Story<'_> {
        Story {
            world: self,
            number,
            fault,
            hits: 0,
        }
    }

    fn house(&self, name: &str) -> &House {
        match name {
            "a" => &self.a,
            "b" => &self.b,
            _ => &self.c,
        }
    }

    fn blobs(&self, name: &str) -> usize {
        let data = self.house(name).path("data");
        files(&data.join("parts")).len() + files(&data.join("files")).len()
    }
}

impl Story<'_> {
    /// Runs a command that meets a full disk at its `at`-th write, if it has so many; gives whether it did, having said so.
    fn full(&mut self, house: &str, arguments: &[&str], at: &str) -> bool {
        let mut run = command(self.world.house(house).folder.path());
        run.args(["--config", "hearthpost.toml", "--json"])
            .args(arguments)
            .env("HEARTHPOST_DISK_FULL_AT", at);
        let ran = Ran::of(run);
        if ran.code == 0 {
            return false;
        }
        says_that_it_is_full(&ran, &format!("{arguments:?} at {house}: {at}"));
        self.hits += 1;
        true
    }

    /// A step that can be repeated as it is.
    fn again(&mut self, house: &str, arguments: &[&str]) {
        self.once(house, arguments, |_| false);
    }

    /// A step that a person repeats only where it was not recorded.
    fn once(&mut self, house: &str, arguments: &[&str], recorded: impl Fn(&House) -> bool) {
        let at = self.world.house(house);
        match self.fault.clone() {
            Fault::None => drop(at.run(arguments).done()),
            Fault::Once(write) => {
                if self.full(house, arguments, &write) && !recorded(at) {
                    at.run(arguments).done();
                }
            }
            Fault::EveryWrite => {
                for write in 1.. {
                    if !self.full(house, arguments, &write.to_string()) || recorded(at) {
                        break;
                    }
                }
            }
        }
    }

    fn sync(&mut self, houses: &str) {
        for house in houses.split(' ') {
            self.again(house, &["sync"]);
        }
    }

    /// Import, share, take in, view, pass on, look once and no more, back up, take back.
    pub fn play(&mut self) -> (End, End) {
        let World { a, b, .. } = self.world;
        let before = ["a", "b", "c"].map(|name| self.world.blobs(name));
        let told = self.notices();
        let (lake, hill) = (self.called("lake"), self.called("hill"));
        let number = self.number;
        // People of their own, who were told of nothing yet.
        let (bea, carol) = (format!("bea{number}"), format!("carol{number}"));
        for (house, person) in [("b", &bea), ("c", &carol)] {
            self.again(
                house,
                &["user", "add", person, "--mail", "people@p.example"],
            );
        }
        picture(&a.path(&format!("{lake}.jpg")), 300 + number, 200);
        picture(&a.path(&format!("{hill}.jpg")), 200 + number, 100);
        self.again(
            "a",
            &["import", &format!("{lake}.jpg"), &format!("{hill}.jpg")],
        );
        let item = |name: &str| {
            let items = home(a).album.rows().items().expect("rows");
            let mut items = items.into_iter().filter(|item| item.name == name);
            let item = items.next().expect("imported");
            assert!(items.next().is_none(), "{name} twice");
            item.reference
        };
        let items = [&lake, &hill].map(|name| item(&format!("{name}.jpg")));
        let rules = [
            "display=full,store=full,forward=yes",
            "display=320,views=1,period=P90D",
        ];
        for ((item, title), rules) in items.iter().zip([&lake, &hill]).zip(rules) {
            let to = format!("home-b+{bea}@b.example={rules}");
            let share = ["share", item, "--for", &to, "--title", title, "--yes"];
            self.once("a", &share, |a| sent(a, title).is_some());
        }
        self.sync("a b a");
        let [lake_share, hill_share] =
            [&lake, &hill].map(|title| text(&sent(a, title).expect("recorded")["share"]));
        for (share, name) in [(&lake_share, &lake), (&hill_share, &hill)] {
            let item = text(&received(b, share).expect("came")["items"][0]["id"]);
            let out = format!("{name}-seen.jpg");
            self.again("b", &["view", &item, "--as", &bea, "--out", &out]);
            let seen = image::open(b.path(&out));
            assert!(seen.is_ok(), "{out} is not whole: {:?}", self.fault);
        }
        // The ten minutes of the one view go by.
        let album = Connection::open(b.path("data/album.sqlite")).expect("opens");
        let earlier = album.execute("UPDATE view SET last = last - 3600", []);
        earlier.expect("rows");
        let most: u32 = album
            .query_row("SELECT max(views) FROM view", [], |row| row.get(0))
            .expect("rows");
        assert_eq!(most, 1, "counted twice: {:?}", self.fault);
        drop(album);
        let carol = format!("home-c+{carol}@c.example");
        let onward = ["forward", &lake_share, "--as", &bea, "--to"];
        let onward = [&onward[..], &[&*carol, "--display", "320", "--yes"]].concat();
        self.once("b", &onward, |b| sent(b, &lake).is_some());
        self.sync("b c b a");
        let middle = self.end(before, told);
        self.again("a", &["backup", &format!("{lake}.tar")]);
        self.once("a", &["revoke", &lake_share], |a| {
            state(a, &lake_share) == "revoked"
        });
        self.sync("a b c b a");
        (middle, self.end(before, told))
    }

    fn called(&self, name: &str) -> String {
        format!("{name}-{}", self.number)
    }

    fn notices(&self) -> usize {
        let server = &self.world.server;
        server.messages("people@p.example", "INBOX").len()
    }

    fn end(&self, blobs: [usize; 3], told: usize) -> End {
        let mut end = End {
            notices: self.notices() - told,
            ..End::default()
        };
        let suffix = format!("-{}", self.number);
        for (name, before) in ["a", "b", "c"].into_iter().zip(blobs) {
            let house = self.world.house(name);
            let home = home(house);
            for share in shares(&home.sent().expect("rows")) {
                let states = |key: &str| {
                    let states = list(&share[key]).map(|one| text(&one["state"]));
                    states.collect::<Vec<_>>().join(" ")
                };
                let (to, further) = (states("destinations"), states("copies"));
                if let Some(title) = text(&share["title"]).strip_suffix(&suffix) {
                    end.shares
                        .push(format!("{name} sent {title}: {to}; {further}"));
                }
            }
            for share in shares(&home.received().expect("rows")) {
                let title = text(&share["title"]);
                let Some(title) = title.strip_suffix(&suffix) else {
                    continue;
                };
                let shown = home.show(&text(&share["share"])).expect("rows");
                let shown = serde_json::to_value(&shown).expect("JSON");
                let parts = list(&shown["parts"]).map(|tier| tier["held"].to_string());
                let state = text(&share["state"]);
                let parts = parts.collect::<Vec<_>>().join(" ");
                end.shares
                    .push(format!("{name} has {title} {state}: {parts}"));
            }
            end.blobs.insert(name, self.world.blobs(name) - before);
            let inbox = self.world.server.messages(&house.mailbox, "INBOX");
            end.left.insert(name, inbox.len());
            end.litter.extend(litter(house.folder.path()));
        }
        end
    }
}

impl Ran {
    pub fn of(mut command: std::process::Command) -> Self {
        let output = command.output().expect("the command starts");
        Ran {
            code: output.status.code().expect("it ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

/// A folder in memory, where there is such a place: these tests write to disk a thousand times.
pub fn quick_folder() -> tempfile::TempDir {
    let memory = tempfile::tempdir_in("/dev/shm");
    memory.or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// One error in words, with what could not be written and what to do.
pub fn says_that_it_is_full(ran: &Ran, what: &str) {
    assert_eq!(ran.code, 1, "{what}: {ran:?}");
    assert_eq!(ran.stdout.lines().count(), 1, "{what}: {ran:?}");
    let document = ran.json();
    let error = &document["error"];
    if error.is_null() {
        // A pass in which only the sending was left out.
        let words =
            "the disk is full: the album (album.sqlite in the data folder) cannot be written";
        assert_eq!(document["trouble"][0], words, "{what}: {ran:?}");
        return;
    }
    assert_eq!(error["code"], "disk_full", "{what}: {ran:?}");
    let message = text(&error["message"]);
    let names = message.ends_with(" cannot be written");
    let words = message.starts_with("the disk is full: ") && names;
    assert!(words, "{what}: {message}");
    assert!(
        text(&error["hint"]).starts_with("make room"),
        "{what}: {ran:?}"
    );
    assert!(!ran.stderr.contains("panicked"), "{what}: {ran:?}");
}

/// What a run leaves behind that it should not.
pub fn litter(folder: &Path) -> Vec<String> {
    let mut found = files(&folder.join("data/temporary"));
    let unfinished = |name: &String| {
        name.ends_with(".part") || name.ends_with(".new") || name.starts_with(".restoring")
    };
    for folder in [folder, &folder.join("data")] {
        let entries = std::fs::read_dir(folder).expect("a folder").flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        found.extend(names.filter(unfinished));
    }
    found
}

pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("{value}")).to_owned()
}

pub fn sent(house: &House, title: &str) -> Option<Value> {
    let all = shares(&home(house).sent().expect("rows"));
    let mut found = all.into_iter().filter(|share| share["title"] == title);
    let first = found.next();
    assert!(found.next().is_none(), "{title} twice");
    first
}

pub fn received(house: &House, reference: &str) -> Option<Value> {
    let all = shares(&home(house).received().expect("rows"));
    all.into_iter().find(|share| share["share"] == reference)
}

fn state(house: &House, reference: &str) -> String {
    let shown = home(house).show(reference).expect("rows");
    text(&serde_json::to_value(&shown).expect("JSON")["state"])
}

/// Read here: a command for each look would take most of the time.
fn home(house: &House) -> Household {
    Household::open(&house.path("hearthpost.toml")).expect("opens")
}

fn shares(all: &impl Serialize) -> Vec<Value> {
    let all = serde_json::to_value(all).expect("JSON");
    list(&all).cloned().collect()
}

/// The files below a folder.
pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path.display().to_string()),
        }
    }
    found
}
