//! A user's part of the disk is used up, which no look at the disk shows: SQLite says only that it could not write. What
//! could not be noted as sent is not sent, the fault is clear, and what is over goes all the same.

use std::collections::BTreeSet;

use crate::command::{House, Ran, command, picture};
use crate::full::{World, files, list, text};

/// Runs a command none of whose files can grow beyond so many KiB; as with a quota, the system's word is another than
/// that the disk is full.
fn within(kib: u32, house: &House, arguments: &[&str]) -> Ran {
    let blocks = kib * 2;
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut run = std::process::Command::new("/bin/sh");
    run.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_hearthpost")])
        .args(["--config", "hearthpost.toml", "--json"])
        .args(arguments)
        .env_clear()
        .env("HOME", house.folder.path())
        .env("TZ", "UTC")
        .current_dir(house.folder.path());
    Ran::of(run)
}

/// One write is refused by the quota, or with `-` behind its number all from it on.
fn refused_at(at: &str, house: &House, arguments: &[&str]) -> Ran {
    let mut run = command(house.folder.path());
    run.args(["--config", "hearthpost.toml", "--json"])
        .args(arguments)
        .env("HEARTHPOST_DISK_FULL_AT", format!("quota:{at}"));
    Ran::of(run)
}

fn says_what_is_wrong(ran: &Ran, what: &str) {
    assert_eq!(ran.code, 1, "{what}: {ran:?}");
    let words = match &ran.json()["error"] {
        error if error.is_null() => list(&ran.json()["trouble"]).map(text).collect(),
        error => {
            let code = text(&error["code"]);
            assert!(["disk", "disk_full"].contains(&&*code), "{what}: {ran:?}");
            assert!(text(&error["hint"]).contains("room"), "{what}: {ran:?}");
            text(&error["message"])
        }
    };
    let clear = words.contains("quota") || words.contains("the disk is full");
    assert!(
        clear && words.contains("cannot be written"),
        "{what}: {words}"
    );
}

/// `a` has shared a picture with `b`, and nothing has gone out.
fn shared(world: &World, rules: &str) {
    let a = &world.a;
    world
        .b
        .run(["user", "add", "bea", "--mail", "people@p.example"])
        .done();
    picture(&a.path("lake.jpg"), 300, 200);
    a.run(["import", "lake.jpg"]).done();
    let listed = a.run(["album", "list"]).done();
    let item = text(&listed["items"][0]["id"]);
    let to = format!("home-b+bea@b.example={rules}");
    a.run(["share", &item, "--for", &to, "--title", "Lake", "--yes"])
        .done();
}

fn names(world: &World) -> Vec<String> {
    let inbox = world.server.messages(&world.b.mailbox, "INBOX");
    let name = |mail: &[u8]| {
        let mail = String::from_utf8_lossy(mail).into_owned();
        let line = mail.lines().find(|line| line.starts_with("Message-ID:"));
        line.expect("a name").to_owned()
    };
    inbox.iter().map(|mail| name(&mail.bytes)).collect()
}

#[test]
fn with_any_room_within_the_quota_nothing_goes_out_again_and_again() {
    let world = World::new();
    shared(&world, "display=full");
    let mut refused = 0;
    // Less than the first has no room for SQLite's index of its log.
    for kib in (36..800).step_by(4) {
        for _ in 0..3 {
            let ran = within(kib, &world.a, &["sync"]);
            if ran.code != 0 {
                refused += 1;
                says_what_is_wrong(&ran, &format!("{kib} KiB"));
            }
            let names = names(&world);
            let each: BTreeSet<&String> = names.iter().collect();
            assert_eq!(names.len(), each.len(), "within {kib} KiB: {ran:?}");
        }
        if !names(&world).is_empty() {
            break;
        }
    }
    assert!(refused > 10, "{refused} passes had no room");
    world.a.run(["sync"]).done();
    world.b.run(["sync"]).done();
    world.a.run(["sync"]).done();
    let sent = world.a.run(["sent"]).done();
    assert_eq!(sent["shares"][0]["destinations"][0]["state"], "delivered");
}

#[test]
fn what_is_over_goes_although_the_quota_is_used_up() {
    let world = World::new();
    shared(&world, "display=full,period=PT1S");
    world.a.run(["sync"]).done();
    world.b.run(["sync"]).done();
    let parts = || files(&world.b.path("data/parts")).len();
    assert!(parts() > 0, "it came");
    let all = world.b.run(["received"]).done();
    let item = text(&all["shares"][0]["items"][0]["id"]);
    let looks = ["view", &item, "--as", "bea", "--out", "seen.jpg"];
    let begun = std::time::Instant::now();
    while world.b.run(looks).code == 0 {
        assert!(begun.elapsed().as_secs() < 60, "its second never ends");
    }
    let ran = refused_at("1-", &world.b, &["sync"]);
    says_what_is_wrong(&ran, "all writes");
    assert_eq!(parts(), 0);
    says_what_is_wrong(&refused_at("1", &world.b, &["sync"]), "the first write");
    let received = world.b.run(["received"]).done();
    assert_eq!(received["shares"][0]["state"], "expired");
}

#[test]
fn at_every_write_of_a_pass_the_fault_is_clear() {
    let world = World::new();
    shared(&world, "display=full");
    for write in 1.. {
        let ran = refused_at(&write.to_string(), &world.a, &["sync"]);
        if ran.code == 0 {
            assert!(write > 5, "{write} writes");
            break;
        }
        says_what_is_wrong(&ran, &format!("at {write}"));
    }
}
