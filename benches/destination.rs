//! What one more household costs the sender: CPU without submission, and bytes of mail; to households with keys of ML-KEM,
//! and to those of before, without.
//!
//! `cargo bench --bench destination`. Goals: under 2 ms of CPU, one letter, under 8 KiB + 1,300 bytes an item.

#[path = "../tests/support/households/old_key.rs"]
mod old_key;

use std::path::Path;

use hearthpost::album::Keys;
use hearthpost::encoding::Timestamp;
use hearthpost::rules::parse_rules;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::share::Order;
use hearthpost::sharing::{Household, NewHousehold};

const HOUSEHOLDS: usize = 40;
const ITEMS: usize = 50;

fn main() {
    measure("with ML-KEM", false);
    measure("of before", true);
}

fn measure(which: &str, of_before: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut home = household(folder.path());
    let now = Timestamp::from_unix(1_800_000_000);
    let mut mailboxes = Vec::new();
    for n in 0..HOUSEHOLDS {
        let mailbox = format!("h{n}@many.example").parse().expect("a mailbox");
        let mut keys = Keys::generate("Another house", &mailbox, now).expect("keys");
        if of_before {
            keys.encryption = vec![old_key::old_key(&keys.identity, now)];
        }
        let pem = keys.card().to_pem().expect("a card");
        home.add_contact_file(&mailbox, pem.as_bytes(), now)
            .expect("a contact");
        mailboxes.push(mailbox.to_string());
    }
    let files: Vec<String> = (0..ITEMS)
        .map(|n| {
            let path = folder.path().join(format!("note-{n}.txt"));
            std::fs::write(&path, format!("a short note, number {n}\n")).expect("a file");
            path.display().to_string()
        })
        .collect();
    let mut share = |to: &[String]| {
        let order = Order {
            what: files.clone(),
            to: to.to_vec(),
            rules: Some(parse_rules("display=full,store=full").expect("rules")),
            yes: true,
            ..Order::default()
        };
        let now = home.tick(&Reading::take(), &[]).expect("time");
        let before = cpu();
        home.share(&order, now, &mut |_| {}).expect("shared");
        cpu() - before
    };
    share(&mailboxes[..1]);
    let (mut one, mut all) = (0.0, 0.0);
    for _ in 0..5 {
        one += share(&mailboxes[..1]);
        all += share(&mailboxes);
    }
    let extra = (all - one) / 5.0 / (HOUSEHOLDS - 1) as f64 * 1000.0;
    println!("{ITEMS} items, {HOUSEHOLDS} households {which}");
    let later = now.plus_seconds(86_400 * 3_650);
    println!("one more household: {extra:.2} ms of CPU (goal: under 2)");
    let due = home
        .album
        .rows()
        .due_messages(later, u64::MAX)
        .expect("rows");
    let from = home.config.mailbox.clone();
    let letter = home
        .album
        .rows()
        .outbox_message(due[0], &from, later, u64::MAX)
        .expect("a letter");
    let each = (letter.size as f64 - 8192.0) / ITEMS as f64;
    println!(
        "one letter of {} bytes: 8 KiB + {each:.0} bytes an item (goal: under 1,300)",
        letter.size
    );
}

fn household(folder: &Path) -> Household {
    let config = folder.join("hearthpost.toml");
    let password = folder.join("password");
    std::fs::write(&password, "x\n").expect("a file");
    let new = NewHousehold {
        mailbox: "home-a@a.example".parse().expect("a mailbox"),
        name: "House A".to_owned(),
        imap_url: "imaps://localhost".to_owned(),
        smtp_url: "smtps://localhost".to_owned(),
        username: "a".to_owned(),
        password_file: password,
        data: Some(folder.join("data")),
        ca_file: None,
    };
    Household::init(&config, &new, Timestamp::from_unix(1_799_000_000)).expect("init");
    Household::open(&config).expect("opens")
}

/// User and system seconds of this process so far (proc(5), /proc/PID/stat, in hundredths).
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("proc is mounted");
    let after_name = stat.rsplit(')').next().expect("a name in brackets");
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |n: usize| fields[n].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}
