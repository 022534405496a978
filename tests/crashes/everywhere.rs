//! The process is stopped at every named point, started again, and comes to the same end: nothing lost, nothing twice.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::command::House;
use crate::story::{End, LATER, Story, list, received, requests, sent, text, the_end_is_the_same};
use hearthpost::crash::POINTS;

/// Points that other tests reach, with where.
const ELSEWHERE: &[(&str, &str)] = &[
    ("welcome.before_commit", "tests/sharing/accounts.rs"),
    ("relay.before_commit", "tests/crashes/relay.rs"),
    ("relay.after_commit", "tests/crashes/relay.rs"),
    ("renew.before_keys", "tests/crashes/identity.rs"),
    ("renew.after_keys", "tests/crashes/identity.rs"),
    ("renew.told", "tests/crashes/identity.rs"),
    ("renew.anew", "tests/crashes/identity.rs"),
    ("renew.before_end", "tests/crashes/identity.rs"),
    ("renew.after_end", "tests/crashes/identity.rs"),
    ("rekey.before_keys", "tests/crashes/identity.rs"),
    ("rekey.after_keys", "tests/crashes/identity.rs"),
    ("rekey.after_commit", "tests/crashes/identity.rs"),
    ("takeover.before_keys", "tests/crashes/identity.rs"),
    ("takeover.after_keys", "tests/crashes/identity.rs"),
    ("backup.checked", "tests/cli/backup.rs"),
    ("restore.unpacked", "tests/cli/backup.rs"),
    ("restore.before_exchange", "tests/cli/backup.rs"),
    ("restore.after_exchange", "tests/cli/backup.rs"),
    ("store.piece", "tests/crashes/store_bytes.rs"),
    ("store.pieces", "tests/crashes/store_bytes.rs"),
    ("store.brought", "tests/crashes/store_bytes.rs"),
    ("pictures.stored", "tests/crashes/own.rs"),
    ("upload.begun", "tests/crashes/own.rs"),
    ("upload.before_commit", "tests/crashes/own.rs"),
    ("upload.after_commit", "tests/crashes/own.rs"),
    ("upload.dropped", "tests/crashes/own.rs"),
    ("bin.after_commit", "tests/crashes/own.rs"),
    ("invite.before_commit", "tests/crashes/invitations.rs"),
    ("invite.after_commit", "tests/crashes/invitations.rs"),
    ("join.before_commit", "tests/crashes/invitations.rs"),
    ("join.after_commit", "tests/crashes/invitations.rs"),
    ("join_again.before_commit", "tests/crashes/invitations.rs"),
    ("join_again.after_commit", "tests/crashes/invitations.rs"),
];

/// The whole way of two shares, with everything that can be done to them.
fn play(story: &mut Story) -> (End, End) {
    story.again("a", &["import", "lake.jpg", "hill.jpg"]);
    let listed = story.a.run(["album", "list"]).done();
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
    story.once("a", &share, |a| sent(a, "Lake").is_some());
    let lake = text(&sent(&story.a, "Lake").expect("recorded")["share"]);
    story.sync("a b a");
    let item = text(&received(&story.b, &lake).expect("came")["items"][0]["id"]);
    let view = ["view", &item, "--as", "bea", "--out", "seen.jpg"];
    story.again("b", &view);

    let inside = [
        "forward",
        &lake,
        "--as",
        "bea",
        "--to",
        "home-b+bob@b.example",
    ];
    let inside = [&inside[..], &["--display", "640", "--yes"]].concat();
    story.again("b", &inside);
    let onward = [
        "forward",
        &lake,
        "--as",
        "bea",
        "--to",
        "home-c+carol@c.example",
    ];
    let onward = [&onward[..], &["--display", "320", "--yes"]].concat();
    story.once("b", &onward, |b| sent(b, "Lake").is_some());
    story.sync("b c b a");

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
    story.once("b", &ask, |b| !requests(b).is_empty());
    story.sync("b a");
    let request = text(&requests(&story.a)[0]["request"]);
    let answer = ["answer", &request, "yes"];
    let answered = |a: &House| text(&requests(a)[0]["state"]) == "yes";
    story.once("a", &answer, answered);
    story.sync("a b a");
    let middle = story.end();

    let short = ["share", &items["hill.jpg"], "--to", "home-b+bea@b.example"];
    let short = [
        &short[..],
        &["--display", "320", "--period", "PT1S", "--title", "Hill"],
    ]
    .concat();
    story.once("a", &short, |a| sent(a, "Hill").is_some());
    story.sync("a b");
    let hill = text(&sent(&story.a, "Hill").expect("recorded")["share"]);
    let begun = Instant::now();
    while received(&story.b, &hill).is_none_or(|share| text(&share["state"]) != "expired") {
        let late = begun.elapsed() > Duration::from_secs(60);
        assert!(!late, "it never ends, stopped at {:?}", story.point);
        story.sync("b");
    }
    story.sync("a");
    story.once("a", &["revoke", &lake], |a| {
        text(&a.run(["show", &lake]).done()["state"]) == "revoked"
    });
    story.sync("a b c b a");
    (middle, story.end())
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
    let elsewhere = |point: &&str| {
        let later = LATER.iter().any(|step| point.starts_with(step));
        later || ELSEWHERE.iter().any(|(one, _)| one == point)
    };
    let todo = POINTS.iter().copied().filter(|point| !elsewhere(point));
    let play = |story: &mut Story| {
        let (middle, end) = play(story);
        assert_eq!(end.left.values().sum::<usize>(), 0, "{end:#?}");
        let deleted = |line: &String| line.contains("deleted");
        assert!(end.shares.iter().any(deleted), "{end:#?}");
        [middle, end]
    };
    the_end_is_the_same(todo.collect(), play, |point, ends, calm| {
        if point == "submit.accepted" {
            // The one window in which a person may be told twice.
            for (told, calm) in ends.iter_mut().zip(calm) {
                assert!(told.notices >= calm.notices, "{point}");
                told.notices = calm.notices;
            }
        }
    });
}
