//! Killed with SIGKILL at hundreds of moments that chance chooses, while shares are made, sent, taken in and passed on
//! over a real Postfix and a real Dovecot: nothing is lost, nothing is doubled, nothing is left lying about.

use crate::command;
use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::command::{House, command, picture};
use crate::pair::Pair;
use serde_json::Value;

const KILLS: u32 = 300;
/// So many shares are made at most, however fast the machine is.
const SHARES: u32 = 40;

/// Numbers that are the same in every run (Knuth's constants).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn house(pair: &Pair, n: u32, people: &[&str]) -> House {
    let house = House {
        folder: tempfile::tempdir().expect("a folder"),
        mailbox: format!("h{n}@many.example"),
    };
    command::write_private(&house.path("password"), &format!("{}\n", pair.password()));
    let url = |scheme: &str| format!("{scheme}://localhost:{}", pair.port(scheme));
    let (imap, smtp) = (url("imaps"), url("smtps"));
    let arguments = [
        "init",
        "--mailbox",
        &house.mailbox,
        "--name",
        "House",
        "--imap",
        &imap,
        "--smtp",
        &smtp,
        "--username",
        &house.mailbox,
        "--password-file",
        "password",
        "--data",
        "data",
        "--ca",
        pair.ca_file(),
    ];
    house.run(arguments).done();
    for person in people {
        let user = ["user", "add", person, "--mail", "h40@many.example"];
        house.run(user).done();
    }
    house
}

/// Starts a command and kills it after a while, if it still runs; gives whether it did.
fn kill(house: &House, arguments: &[&str], after: Duration) -> bool {
    let mut run = command(house.folder.path());
    run.args(["--config", "hearthpost.toml", "--json"])
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = run.spawn().expect("the command starts");
    let end = Instant::now() + after;
    while Instant::now() < end {
        if child.try_wait().expect("it is our child").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("it is our child");
    child.wait().expect("it is our child");
    true
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

fn received(house: &House) -> BTreeMap<String, Value> {
    let shares = list(&house.run(["received"]).done()["shares"]);
    shares
        .into_iter()
        .map(|share| (text(&share["share"]), share))
        .collect()
}

fn sent(house: &House) -> BTreeMap<String, Value> {
    let shares = list(&house.run(["sent"]).done()["shares"]);
    shares
        .into_iter()
        .map(|share| (text(&share["share"]), share))
        .collect()
}

/// Sealed parts on disk, and those that rows say are held.
fn parts(house: &House, shares: impl Iterator<Item = String>) -> (usize, u64) {
    let held = shares.map(|share| {
        let shown = house.run(["show", &share]).done();
        list(&shown["parts"])
            .iter()
            .filter_map(|tier| tier["held"].as_u64())
            .sum::<u64>()
    });
    let mut lie = 0;
    for folder in std::fs::read_dir(house.path("data/parts"))
        .expect("a folder")
        .flatten()
    {
        lie += std::fs::read_dir(folder.path()).expect("a folder").count();
    }
    (lie, held.sum())
}

#[test]
fn killed_three_hundred_times_nothing_is_lost_and_nothing_doubled() {
    let pair = Pair::running();
    let (a, b, c) = (
        house(&pair, 23, &[]),
        house(&pair, 24, &["bea"]),
        house(&pair, 25, &["carol"]),
    );
    for (one, other) in [(&a, &b), (&b, &c)] {
        one.add(other);
        other.add(one);
    }
    let original = picture(&a.path("lake.jpg"), 900, 600);
    let mut chance = Chance(20_261_125);
    // Milliseconds that a run of each kind may live at most: about as long as such runs last here.
    let mut longest = [300_u64; 8];
    let (mut kills, mut titles) = (0, 0);
    while kills < KILLS {
        let kind = chance.below(8);
        let most = &mut longest[kind as usize];
        let after = Duration::from_millis(chance.below(*most));
        let killed = match kind {
            0 | 1 if titles < SHARES => {
                titles += 1;
                let title = format!("number {titles}");
                let to = format!("{}=display=full,store=full,forward=yes", b.mailbox);
                kill(
                    &a,
                    &[
                        "share", "lake.jpg", "--for", &to, "--title", &title, "--yes",
                    ],
                    after,
                )
            }
            0..=3 => kill(&a, &["sync"], after),
            4 | 5 => kill(&b, &["sync"], after),
            6 => {
                let all: Vec<String> = received(&b).into_keys().collect();
                if all.is_empty() {
                    continue;
                }
                let share = &all[chance.below(all.len() as u64) as usize];
                let to = ["--to", &c.mailbox, "--display", "320", "--yes"];
                let words = [&["forward", share, "--as", "bea"][..], &to[..]].concat();
                kill(&b, &words, after)
            }
            _ => kill(&c, &["sync"], after),
        };
        kills += u32::from(killed);
        *most = match killed {
            true => (*most * 21 / 20).min(1_000),
            false => (*most * 9 / 10).max(40),
        };
    }

    // Everyone is left in peace until nothing moves.
    let end = Instant::now() + Duration::from_secs(240);
    let delivered = |house: &House| {
        sent(house).values().all(|share| {
            list(&share["destinations"])
                .iter()
                .all(|one| one["state"] == "delivered")
        })
    };
    loop {
        for house in [&a, &b, &c] {
            house.run(["sync", "--wait", "30"]);
        }
        if delivered(&a) && delivered(&b) {
            break;
        }
        assert!(Instant::now() < end, "{:#?} {:#?}", sent(&a), sent(&b));
    }
    let from_a = sent(&a);
    assert!(!from_a.is_empty());
    let mut named: Vec<String> = from_a.values().map(|share| text(&share["title"])).collect();
    let count = named.len();
    named.sort();
    named.dedup();
    assert_eq!(named.len(), count, "no share is recorded twice");
    let at_b = received(&b);
    assert_eq!(
        at_b.keys().collect::<Vec<_>>(),
        from_a.keys().collect::<Vec<_>>()
    );
    for share in at_b.values() {
        assert_eq!(share["state"], "complete");
        let item = text(&share["items"][0]["id"]);
        let out = b.path("kept.jpg");
        let view = [
            "view", &item, "--as", "bea", "--action", "store", "--out", "kept.jpg",
        ];
        b.run(view).done();
        assert_eq!(std::fs::read(&out).expect("kept"), original);
        std::fs::remove_file(out).expect("kept");
    }
    let passed_on = sent(&b);
    let at_c = received(&c);
    assert_eq!(
        at_c.keys().collect::<Vec<_>>(),
        passed_on.keys().collect::<Vec<_>>()
    );
    assert!(
        at_c.values().all(|share| share["state"] == "complete"),
        "{at_c:#?}"
    );

    // What still comes, twice perhaps, is taken away; then disk and rows are one, and the mailboxes are empty.
    let left = |house: &House| -> Vec<std::path::PathBuf> {
        let folders = ["new", "cur"].map(|name| pair.maildir(&house.mailbox).join(name));
        let entries = folders
            .iter()
            .filter_map(|folder| std::fs::read_dir(folder).ok());
        entries
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect()
    };
    loop {
        for house in [&a, &b, &c] {
            let done = house.run(["sync", "--wait", "30"]).done();
            assert_eq!(done["trouble"], Value::Array(Vec::new()));
        }
        let all: Vec<_> = [&a, &b, &c].into_iter().flat_map(left).collect();
        if all.is_empty() {
            break;
        }
        if Instant::now() > end {
            let first = std::fs::read_to_string(&all[0]).unwrap_or_default();
            panic!("{all:?}: {}", first.chars().take(1_000).collect::<String>());
        }
    }
    for (house, shares) in [(&a, from_a), (&b, at_b), (&c, at_c)] {
        let (lie, held) = parts(house, shares.into_keys());
        assert_eq!(lie as u64, held, "{}", house.mailbox);
        let temporary = std::fs::read_dir(house.path("data/temporary"));
        assert_eq!(temporary.expect("a folder").count(), 0);
    }
}
