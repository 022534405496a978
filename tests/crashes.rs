//! The process is stopped at every named point, started again, and comes to the same end: nothing lost, nothing twice.

mod command;

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use command::{House, command, picture};
use hearthpost::crash::POINTS;
use serde_json::Value;
use testmail::{Account, Options, Server};

/// Points that other tests reach, with where.
const ELSEWHERE: &[(&str, &str)] = &[
    ("backup.checked", "tests/cli_backup.rs"),
    ("restore.unpacked", "tests/cli_backup.rs"),
    ("restore.before_exchange", "tests/cli_backup.rs"),
    ("restore.after_exchange", "tests/cli_backup.rs"),
    ("pictures.stored", "tests/own_crashes.rs"),
    ("upload.begun", "tests/own_crashes.rs"),
    ("upload.before_commit", "tests/own_crashes.rs"),
    ("upload.after_commit", "tests/own_crashes.rs"),
    ("upload.dropped", "tests/own_crashes.rs"),
    ("bin.after_commit", "tests/own_crashes.rs"),
];

/// Three households on one mail server, one of whose runs is stopped at a point.
struct Story {
    server: Server,
    a: House,
    b: House,
    c: House,
    point: Option<&'static str>,
    hits: u32,
}

/// What everyone has in the end, without ids and keys that chance chose.
#[derive(Debug, PartialEq, Eq, Default)]
struct End {
    shares: Vec<String>,
    blobs: BTreeMap<&'static str, usize>,
    /// Mails of ours that are left in the mailboxes.
    left: BTreeMap<&'static str, usize>,
    /// Letters that were acted on, each by the id inside: a grant or receipt that is made twice has two.
    letters: BTreeMap<&'static str, u64>,
    notices: usize,
    requests: Vec<String>,
}

impl Story {
    fn new(point: Option<&'static str>) -> Self {
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

    fn house(&self, name: &str) -> &House {
        match name {
            "a" => &self.a,
            "b" => &self.b,
            _ => &self.c,
        }
    }

    /// Runs a command that may be stopped; gives whether it was.
    fn stopped(&mut self, house: &str, arguments: &[&str]) -> bool {
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
    fn again(&mut self, house: &str, arguments: &[&str]) {
        if self.stopped(house, arguments) {
            self.house(house).run(arguments).done();
        }
    }

    /// A step that a person repeats only where it was not recorded.
    fn once(&mut self, house: &str, arguments: &[&str], recorded: impl Fn(&House) -> bool) {
        if self.stopped(house, arguments) && !recorded(self.house(house)) {
            self.house(house).run(arguments).done();
        }
        assert!(recorded(self.house(house)), "{arguments:?}");
    }

    fn sync(&mut self, houses: &str) {
        for house in houses.split(' ') {
            self.again(house, &["sync"]);
        }
    }

    /// The whole way of two shares, with everything that can be done to them.
    fn play(&mut self) -> (End, End) {
        self.again("a", &["import", "lake.jpg", "hill.jpg"]);
        let listed = self.a.run(["album", "list"]).done();
        let items: BTreeMap<String, String> = list(&listed["items"])
            .map(|item| (text(&item["name"]), text(&item["id"])))
            .collect();
        let bea = "home-b+bea@b.example=display=full,store=full,forward=yes";
        let share = [
            "share",
            &items["lake.jpg"],
            "--for",
            bea,
            "--title",
            "Lake",
            "--yes",
        ];
        self.once("a", &share, |a| sent(a, "Lake").is_some());
        let lake = text(&sent(&self.a, "Lake").expect("recorded")["share"]);
        self.sync("a b a");
        let item = text(&received(&self.b, &lake).expect("came")["items"][0]["id"]);
        let view = ["view", &item, "--as", "bea", "--out", "seen.jpg"];
        self.again("b", &view);

        let inside = [
            "forward",
            &lake,
            "--as",
            "bea",
            "--to",
            "home-b+bob@b.example",
        ];
        let inside = [&inside[..], &["--display", "640", "--yes"]].concat();
        self.again("b", &inside);
        let onward = [
            "forward",
            &lake,
            "--as",
            "bea",
            "--to",
            "home-c+carol@c.example",
        ];
        let onward = [&onward[..], &["--display", "320", "--yes"]].concat();
        self.once("b", &onward, |b| sent(b, "Lake").is_some());
        self.sync("b c b a");

        let ask = [
            "ask",
            &lake,
            "--as",
            "bea",
            "--display",
            "full",
            "--print",
            "full",
        ];
        let ask = [&ask[..], &["--store", "full", "--forward", "yes"]].concat();
        self.once("b", &ask, |b| !requests(b).is_empty());
        self.sync("b a");
        let request = text(&requests(&self.a)[0]["request"]);
        let answer = ["answer", &request, "yes"];
        let answered = |a: &House| text(&requests(a)[0]["state"]) == "yes";
        self.once("a", &answer, answered);
        self.sync("a b a");
        let middle = self.end();

        let short = ["share", &items["hill.jpg"], "--to", "home-b+bea@b.example"];
        let short = [
            &short[..],
            &["--display", "320", "--period", "PT1S", "--title", "Hill"],
        ]
        .concat();
        self.once("a", &short, |a| sent(a, "Hill").is_some());
        self.sync("a b");
        let hill = text(&sent(&self.a, "Hill").expect("recorded")["share"]);
        let begun = Instant::now();
        while received(&self.b, &hill).is_none_or(|share| text(&share["state"]) != "expired") {
            let late = begun.elapsed() > Duration::from_secs(60);
            assert!(!late, "it never ends, stopped at {:?}", self.point);
            self.sync("b");
        }
        self.sync("a");
        self.once("a", &["revoke", &lake], |a| {
            text(&a.run(["show", &lake]).done()["state"]) == "revoked"
        });
        self.sync("a b c b a");
        (middle, self.end())
    }

    fn end(&self) -> End {
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
                let people = list(&share["stations"]).map(|one| text(&one["words"]));
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

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

fn sent(house: &House, title: &str) -> Option<Value> {
    let all = house.run(["sent"]).done();
    let mut found = list(&all["shares"]).filter(|share| share["title"] == title);
    let first = found.next().cloned();
    assert!(found.next().is_none(), "{title} twice");
    first
}

fn received(house: &House, reference: &str) -> Option<Value> {
    let all = house.run(["received"]).done();
    list(&all["shares"])
        .find(|share| share["share"] == reference)
        .cloned()
}

fn requests(house: &House) -> Vec<Value> {
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

#[test]
fn view_is_on_disk_before_a_byte_is_in_the_file() {
    let mut story = Story::new(None);
    let bea = "home-b+bea@b.example=display=full,views=1";
    let share = ["share", "lake.jpg", "--for", bea, "--title", "Lake"];
    story.again("a", &share);
    let lake = text(&sent(&story.a, "Lake").expect("recorded")["share"]);
    story.sync("a b");
    let item = text(&received(&story.b, &lake).expect("came")["items"][0]["id"]);
    story.point = Some("view.counted");
    let view = ["view", &item, "--as", "bea", "--out", "seen.jpg"];
    assert!(story.stopped("b", &view));
    let entries = std::fs::read_dir(story.b.folder.path()).expect("a folder");
    let begun: Vec<u64> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("seen.jpg"))
        .map(|entry| entry.metadata().expect("a file").len())
        .collect();
    assert_eq!(begun, [0], "nothing is in the file");
    let album = rusqlite::Connection::open(story.b.path("data/album.sqlite")).expect("opens");
    let views = album.query_row("SELECT max(views) FROM view", [], |row| row.get(0));
    assert_eq!(views, Ok(1), "it is counted");
}

#[test]
fn stopped_at_every_point_the_end_is_the_same() {
    let mut undisturbed = Story::new(None);
    let (middle, end) = undisturbed.play();
    assert_eq!(end.left.values().sum::<usize>(), 0, "{end:#?}");
    assert!(
        end.shares.iter().any(|line| line.contains("deleted")),
        "{end:#?}"
    );
    let elsewhere = |point: &&str| ELSEWHERE.iter().any(|(one, _)| one == point);
    let todo: Vec<&'static str> = POINTS
        .iter()
        .copied()
        .filter(|point| !elsewhere(point))
        .collect();
    let next = Mutex::new(todo.into_iter());
    let work = || {
        loop {
            let point = next.lock().expect("no thread fails with it").next();
            let Some(point) = point else {
                return;
            };
            let mut story = Story::new(Some(point));
            let (mut disturbed_middle, mut disturbed_end) = story.play();
            assert!(story.hits > 0, "{point} is never passed");
            if point == "submit.accepted" {
                // The one window in which a person may be told twice.
                for (told, calm) in [(&mut disturbed_middle, &middle), (&mut disturbed_end, &end)] {
                    assert!(told.notices >= calm.notices, "{point}");
                    told.notices = calm.notices;
                }
            }
            assert_eq!(disturbed_middle, middle, "stopped at {point}");
            assert_eq!(disturbed_end, end, "stopped at {point}");
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
}
