//! Three households whose runs are stopped at a named point and started again, and what everyone has in the end.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::sync::Mutex;

use crate::command::{House, command, picture};
use serde_json::Value;
use testmail::{Account, Options, Server};

/// The steps whose points are reached in crashes_later.rs.
pub const LATER: &[&str] = &[
    "again.",
    "search.",
    "waiting.",
    "gathered.",
    "partial.",
    "resend.",
];

/// Three households on one mail server, one of whose runs is stopped at a point.
pub struct Story {
    pub server: Server,
    pub a: House,
    pub b: House,
    pub c: House,
    pub point: Option<&'static str>,
    pub hits: u32,
}

/// What everyone has in the end, without ids and keys that chance chose.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct End {
    pub shares: Vec<String>,
    pub blobs: BTreeMap<&'static str, usize>,
    /// Mails of ours that are left in the mailboxes.
    pub left: BTreeMap<&'static str, usize>,
    /// Letters that were acted on, each by the id inside: a grant or receipt that is made twice has two.
    pub letters: BTreeMap<&'static str, u64>,
    pub notices: usize,
    pub requests: Vec<String>,
}

impl Story {
    pub fn new(point: Option<&'static str>) -> Self {
        let names = ["home-a@a.example", "home-b@b.example", "home-c@c.example"];
        let accounts = names.into_iter().chain(["people@p.example"]);
        let options = Options {
            accounts: accounts.map(|name| Account::new(name, "secret")).collect(),
            ..Options::default()
        };
        let server = Server::start(options).expect("testmail starts");
        let imap = format!("imap+plain://127.0.0.1:{}", server.imap_port());
        let smtp = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
        let [a, b, c] = ["a", "b", "c"].map(|x| House::at(x, &imap, &smtp));
        for (house, people) in [(&b, &["bea", "bob"][..]), (&c, &["carol"])] {
            for person in people {
                house
                    .run(["user", "add", person, "--mail", "people@p.example"])
                    .done();
            }
        }
        for (one, other) in [(&a, &b), (&b, &c), (&a, &c)] {
            one.add(other);
            other.add(one);
        }
        picture(&a.path("lake.jpg"), 640, 400);
        picture(&a.path("hill.jpg"), 320, 200);
        Story {
            server,
            a,
            b,
            c,
            point,
            hits: 0,
        }
    }

    pub fn house(&self, name: &str) -> &House {
        match name {
            "a" => &self.a,
            "b" => &self.b,
            _ => &self.c,
        }
    }

    /// Runs a command that may be stopped; gives whether it was.
    pub fn stopped(&mut self, house: &str, arguments: &[&str]) -> bool {
        let folder = self.house(house).folder.path().to_owned();
        let mut run = command(&folder);
        run.args(["--config", "hearthpost.toml", "--json"])
            .args(arguments);
        if let Some(point) = self.point {
            run.env("HEARTHPOST_CRASH_AT", point);
        }
        let output = run.output().expect("the command starts");
        if output.status.signal().is_some() {
            self.hits += 1;
            return true;
        }
        let words = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{arguments:?} at {house}: {words}");
        false
    }

    /// A step that can be repeated as it is.
    pub fn again(&mut self, house: &str, arguments: &[&str]) {
        if self.stopped(house, arguments) {
            self.house(house).run(arguments).done();
        }
    }

    /// A step that a person repeats only where it was not recorded.
    pub fn once(&mut self, house: &str, arguments: &[&str], recorded: impl Fn(&House) -> bool) {
        if self.stopped(house, arguments) && !recorded(self.house(house)) {
            self.house(house).run(arguments).done();
        }
        assert!(recorded(self.house(house)), "{arguments:?}");
    }

    pub fn sync(&mut self, houses: &str) {
        for house in houses.split(' ') {
            self.again(house, &["sync"]);
        }
    }

    pub fn end(&self) -> End {
        let mut end = End::default();
        for name in ["a", "b", "c"] {
            let house = self.house(name);
            for share in list(&house.run(["sent"]).done()["shares"]) {
                let states = |key: &str| {
                    let states = list(&share[key]).map(|one| text(&one["state"]));
                    states.collect::<Vec<_>>().join(" ")
                };
                let (to, further) = (states("destinations"), states("copies"));
                let title = text(&share["title"]);
                end.shares
                    .push(format!("{name} sent {title}: {to}; {further}"));
            }
            for share in list(&house.run(["received"]).done()["shares"]) {
                let reference = text(&share["share"]);
                let shown = house.run(["show", &reference]).done();
                let parts: Vec<String> = list(&shown["parts"])
                    .map(|tier| format!("{} {}", text(&tier["tier"]), tier["held"]))
                    .collect();
                let people = list(&share["stations"]).map(|one| timeless(&text(&one["words"])));
                end.shares.push(format!(
                    "{name} has {} {}: {}; {}",
                    text(&share["title"]),
                    text(&share["state"]),
                    people.collect::<Vec<_>>().join(" "),
                    parts.join(", "),
                ));
            }
            for request in requests(house) {
                end.requests
                    .push(format!("{name} {}", text(&request["state"])));
            }
            end.blobs.insert(
                name,
                files(&house.path("data/parts")) + files(&house.path("data/files")),
            );
            let album = rusqlite::Connection::open(house.path("data/album.sqlite"));
            let letters = album.and_then(|album| {
                album.query_row("SELECT count(*) FROM letter_seen", [], |row| row.get(0))
            });
            end.letters.insert(name, letters.expect("rows"));
            let inbox = self.server.messages(&house.mailbox, "INBOX");
            end.left.insert(name, inbox.len());
        }
        end.notices = self.server.messages("people@p.example", "INBOX").len();
        end
    }
}

pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

/// A sentence without the time at which it ended, which no two runs have alike.
fn timeless(words: &str) -> String {
    match (words.find(" until "), words.find(" UTC")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &words[..from], &words[to + 4..]),
        _ => words.to_owned(),
    }
}

pub fn sent(house: &House, title: &str) -> Option<Value> {
    let all = house.run(["sent"]).done();
    let mut found = list(&all["shares"]).filter(|share| share["title"] == title);
    let first = found.next().cloned();
    assert!(found.next().is_none(), "{title} twice");
    first
}

pub fn received(house: &House, reference: &str) -> Option<Value> {
    let all = house.run(["received"]).done();
    list(&all["shares"])
        .find(|share| share["share"] == reference)
        .cloned()
}

pub fn requests(house: &House) -> Vec<Value> {
    list(&house.run(["requests"]).done()["requests"])
        .cloned()
        .collect()
}

fn files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries
        .map(|entry| match entry.path() {
            path if path.is_dir() => files(&path),
            _ => 1,
        })
        .sum()
}

/// Plays the story undisturbed and then stopped at each of these points, and compares the ends.
pub fn the_end_is_the_same<E: PartialEq + std::fmt::Debug + Sync>(
    points: Vec<&'static str>,
    play: impl Fn(&mut Story) -> E + Sync,
    excused: impl Fn(&'static str, &mut E, &E) + Sync,
) {
    let calm = play(&mut Story::new(None));
    let next = Mutex::new(points.into_iter());
    let work = || {
        loop {
            let point = next.lock().expect("no thread fails with it").next();
            let Some(point) = point else {
                return;
            };
            let mut story = Story::new(Some(point));
            let mut end = play(&mut story);
            assert!(story.hits > 0, "{point} is never passed");
            excused(point, &mut end, &calm);
            assert_eq!(end, calm, "stopped at {point}");
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
}
