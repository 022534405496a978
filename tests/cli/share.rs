//! Sharing by the command line: what is recorded before any mail goes out, and what is refused at once.

use crate::command::{House, picture};
use serde_json::json;

fn houses() -> (House, House) {
    let (a, b) = (House::new("a"), House::new("b"));
    a.add(&b);
    picture(&a.path("lake.jpg"), 640, 480);
    (a, b)
}

#[test]
fn what_was_recorded_is_said_person_by_person_and_survives() {
    let (a, _b) = houses();
    let done = a
        .run([
            "share",
            "lake.jpg",
            "--to",
            "home-b+bob@b.example",
            "home-b@b.example",
            "--for",
            "home-b+bea@b.example=display=full,store=full,until=2099-12-24",
            "--display",
            "1280",
            "--until",
            "2099-12-24",
            "--title",
            "Summer",
        ])
        .done();
    let to = &done["destinations"][0];
    assert_eq!(
        (&to["mailbox"], &to["state"]),
        (&json!("home-b@b.example"), &json!("queued"))
    );
    let stations = to["stations"].as_array().expect("a list");
    assert_eq!(stations.len(), 3);
    let of = |address: &str| {
        stations
            .iter()
            .find(|s| s["address"] == address)
            .expect(address)
    };
    let bea = of("home-b+bea@b.example")["words"].as_str().expect("words");
    assert!(
        bea.contains("keep the originals") && bea.contains("24 December 2099, 23:59"),
        "{bea}"
    );

    let share = done["share"].as_str().expect("a short id");
    let sent = a.run(["sent"]).done();
    assert_eq!(sent["shares"][0]["share"], share);
    assert_eq!(sent["shares"][0]["title"], "Summer");
    assert_eq!(sent["shares"][0]["destinations"][0]["state"], "queued");

    let shown = a.run(["show", share]).done();
    assert_eq!(shown["own"], true);
    assert_eq!(shown["items"][0]["name"], "lake.jpg");
    assert_eq!(shown["permits"][0]["tier"], "original");
    assert_eq!(shown["permits"][0]["onward"], json!(null));
    let bob = shown["stations"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|s| s["address"] == "home-b+bob@b.example");
    let bob = bob.expect("bob");
    assert_eq!(
        bob["rules"],
        json!({"display": {"max_edge": 1280}, "not_after": "2099-12-24T23:59:59Z"})
    );
    assert_eq!(bob["expires"], "2099-12-24T23:59:59Z");
    a.run(["show", "nothing"]).failed(2);
}

#[test]
fn trouble_with_the_provider_is_said_and_the_share_waits() {
    let (a, _b) = houses();
    a.run(["share", "lake.jpg", "--to", "home-b@b.example"])
        .done();
    let ran = a.run(["sync"]);
    assert_eq!(ran.code, 1);
    let done = ran.json();
    for field in ["submitted", "fetched", "ingested", "notified", "expired"] {
        assert_eq!(done[field], 0, "{field}");
    }
    assert_eq!(done["refused"], json!([]));
    assert!(
        ran.stderr.contains("localhost cannot be reached"),
        "{ran:?}"
    );
    let sent = a.run(["sent"]).done();
    let to = &sent["shares"][0]["destinations"][0];
    assert_eq!(to["state"], "queued");
    assert!(
        to["error"]
            .as_str()
            .expect("why")
            .contains("cannot be reached"),
        "{to}"
    );
}

#[test]
fn without_any_rule_a_share_is_to_look_at_for_30_days() {
    let (a, _b) = houses();
    let done = a
        .run(["share", "lake.jpg", "--to", "home-b@b.example"])
        .done();
    let shown = a
        .run(["show", done["share"].as_str().expect("an id")])
        .done();
    let rules = &shown["stations"][0]["rules"];
    assert_eq!(
        *rules,
        json!({"display": {"max_edge": 2048}, "period": "P30D"})
    );
    assert_eq!(shown["stations"][0]["address"], "home-b@b.example");
}

#[test]
fn a_key_word_stands_for_its_people() {
    let (a, _b) = houses();
    a.run([
        "keyword",
        "set",
        "cousins",
        "home-b+bob@b.example",
        "home-b+bea@b.example",
    ])
    .done();
    let done = a.run(["share", "lake.jpg", "--to", "cousins"]).done();
    assert_eq!(
        done["destinations"][0]["stations"]
            .as_array()
            .expect("a list")
            .len(),
        2
    );
    assert_eq!(
        a.run(["share", "lake.jpg", "--to", "aunts"]).failed(2).0,
        "unknown_word"
    );
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_recorded() {
    let (a, _b) = houses();
    for (rules, part) in [
        (&["--excerpt", "0s"][..], "0s"),
        (&["--excerpt", "2p,3p"], "twice"),
        (&["--display", "0"], "display=0"),
        (&["--display", "big"], "display=big"),
        (&["--views", "0"], "views=0"),
        (&["--period", "soon"], "soon"),
        (&["--until", "yesterday"], "yesterday"),
        (&["--until", "2020-01-01"], "past"),
        (&["--display", "no"], "nothing"),
        (&["--excerpt", "some"], "some"),
        (&["--onward", "dispaly=1"], "dispaly"),
        (&["--onward", "display=full"], "nobody is allowed to pass"),
        (&["--for", "home-b+bob@b.example"], "--for"),
        (&["--for", "home-b+b!b@b.example=display=1"], "b!b"),
        (
            &["--for", "home-b+bob@b.example=display=1,display=2"],
            "twice",
        ),
    ] {
        let mut words = vec!["share", "lake.jpg", "--to", "home-b@b.example"];
        words.extend(rules);
        let (_, message) = a.run(words).failed(2);
        assert!(message.contains(part), "{rules:?}: {message}");
    }
    a.run(["share", "nothing.jpg", "--to", "home-b@b.example"])
        .failed(2);
    a.run(["share", "lake.jpg", "--to", "home-b+b!b@b.example"])
        .failed(2);
    a.run(["share", "lake.jpg", "--to", &a.mailbox]).failed(2);
    assert_eq!(a.run(["sent"]).done()["shares"], json!([]));
}

#[test]
fn an_excerpt_is_cut_and_what_needs_another_program_says_which() {
    let (a, _b) = houses();
    std::fs::write(a.path("poem.txt"), "one\ntwo\nthree\n").expect("a file");
    let to = ["--to", "home-b+bob@b.example"];
    let share = |file, excerpt| {
        let words = ["share", file, "--excerpt", excerpt];
        a.run([&words[..], &to[..]].concat())
    };
    let done = share("poem.txt", "30s,2l").done();
    let words = done["destinations"][0]["stations"][0]["words"].as_str();
    assert!(words.expect("words").contains("excerpt"), "{words:?}");
    let (_, message) = share("poem.txt", "30s").failed(2);
    assert!(message.contains("--excerpt 20l"), "{message}");
    a.run([&["share", "lake.jpg", "--watermark"][..], &to[..]].concat())
        .done();

    // Where the command runs here, no other program is to be found.
    std::fs::write(a.path("film.mp4"), b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom").expect("a file");
    let said = share("film.mp4", "10s");
    let (code, message) = said.failed(2);
    assert_eq!(code, "no_program");
    assert!(
        message.contains("film.mp4: ffmpeg is not installed"),
        "{message}"
    );
    assert!(said.stderr.contains("apt install ffmpeg"), "{said:?}");
    std::fs::write(
        a.path("p.heic"),
        include_bytes!("../fixtures/pictures/place.heic"),
    )
    .expect("a file");
    let (_, message) = a
        .run([&["share", "p.heic"][..], &to[..]].concat())
        .failed(2);
    assert!(message.contains("--store full"), "{message}");
}

#[test]
fn in_words_the_next_step_is_said() {
    let (a, _b) = houses();
    let said = a.say(["share", "lake.jpg", "--to", "home-b+bob@b.example"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.stdout.contains("bob can look at these for 30 days"),
        "{said:?}"
    );
    assert!(said.stdout.contains("hearthpost sync"), "{said:?}");
    assert_eq!(a.say(["received"]).stdout, "Nothing has come yet.\n");
}

#[test]
fn what_has_no_end_is_said_and_so_are_the_pixels() {
    let (a, _b) = houses();
    let to = ["share", "lake.jpg", "--to", "home-b+bob@b.example"];
    let said = a.say([&to[..], &["--display", "1280"]].concat());
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stderr.contains("without an end"), "{said:?}");
    let words = "bob can look at these, at screen size (1280), without an end.";
    assert!(said.stdout.contains(words), "{said:?}");
    for limit in [&["--display", "1280", "--period", "P7D"][..], &[]] {
        let said = a.say([&to[..], limit].concat());
        assert_eq!(said.code, 0, "{said:?}");
        let all = format!("{}{}", said.stdout, said.stderr);
        assert!(!all.contains("without an end"), "{all}");
    }
}

#[test]
fn a_mark_alone_is_on_what_is_given_on_and_a_dry_run_records_nothing() {
    let (a, _b) = houses();
    let to_bob = ["share", "lake.jpg", "--to", "home-b+bob@b.example"];
    let dry = a.run([&to_bob[..], &["--dry-run"]].concat()).done();
    let words = &dry["destinations"][0]["stations"][0]["words"];
    assert!(
        words
            .to_string()
            .contains("bob can look at these for 30 days"),
        "{dry}"
    );
    assert_eq!(a.run(["sent"]).done()["shares"], json!([]));
    let share = a.run(to_bob).done()["share"].clone();
    let share = share.as_str().expect("an id");
    let forward = ["forward", share, "--to", "home-b+bea@b.example"];
    let bea = || {
        let sent = a.run(["show", share]).done();
        let stations = sent["stations"].as_array().expect("a list").clone();
        let mut stations = stations.into_iter();
        stations.find(|one| one["address"] == "home-b+bea@b.example")
    };
    for (marks, rules) in [
        (
            &["--watermark"][..],
            json!({"display": {"max_edge": 2048, "watermark": true}, "period": "P30D"}),
        ),
        (
            &["--excerpt", "2p"],
            json!({"display": {"max_edge": 2048, "excerpt": true}, "period": "P30D"}),
        ),
        (
            &["--watermark", "--views", "2"],
            json!({"display": {"max_edge": 2048, "watermark": true}, "period": "P30D", "views": 2}),
        ),
    ] {
        let before = bea();
        let dry = a.run([&forward[..], marks, &["--dry-run"]].concat()).done();
        assert_eq!(bea(), before, "{marks:?}");
        let done = a.run([&forward[..], marks].concat()).done();
        assert_eq!(bea().expect("given")["rules"], rules, "{marks:?}");
        let words = |document: &serde_json::Value| {
            let stations = document["destinations"][0]["stations"]
                .as_array()
                .expect("a list");
            let mut stations = stations.iter();
            let bea = stations.find(|one| one["address"] == "home-b+bea@b.example");
            bea.expect("bea")["words"].to_string()
        };
        assert_eq!(words(&dry), words(&done));
        assert_eq!(
            words(&done).contains("name across"),
            marks[0] == "--watermark"
        );
    }
}

#[test]
fn who_could_pass_nothing_on_is_not_told_that_they_may() {
    let (a, _b) = houses();
    let to = ["share", "lake.jpg", "--to", "home-b+bob@b.example", "--yes"];
    let nothing = [
        "--store",
        "full",
        "--forward",
        "yes",
        "--onward",
        "display=640",
    ];
    let refused = a.run([&to[..], &nothing].concat());
    assert_eq!(refused.failed(2).0, "onward");
    let narrow = ["--display", "full", "--forward", "yes", "--onward"];
    let words = |onward: &str| {
        let done = a.run([&to[..], &narrow, &[onward]].concat()).done();
        done["destinations"][0]["stations"][0]["words"].to_string()
    };
    assert!(words("display=640,views=1").contains("who may only look, once, at 640 pixels"));
    assert!(words("display=full").contains("who may do the same but not pass them on"));
}

#[test]
fn who_has_it_for_ever_is_named_and_everyone_else_is_everyone_else() {
    let (a, _b) = houses();
    let said = a.say([
        "share",
        "lake.jpg",
        "--to",
        "home-b+bob@b.example",
        "home-b@b.example",
        "--period",
        "P7D",
        "--for",
        "home-b+bea@b.example=display=1280",
    ]);
    assert_eq!(said.code, 0, "{said:?}");
    let note = "given without an end: home-b+bea@b.example";
    assert!(said.stderr.contains(note), "{said:?}");
    assert!(
        said.stdout.contains("Everyone else there can look"),
        "{said:?}"
    );
    let sent = a.run(["sent"]).done();
    let stations = sent["shares"][0]["destinations"][0]["stations"].clone();
    for station in stations.as_array().expect("a list") {
        // What is listed is what was said.
        let words = station["words"].as_str().expect("words");
        assert!(said.stdout.contains(words), "{words}: {said:?}");
    }
}

#[test]
fn what_was_taken_back_is_told_as_past() {
    let (a, _b) = houses();
    let to = ["share", "lake.jpg", "--to", "home-b+bob@b.example"];
    let done = a.run(to).done();
    let share = done["share"].as_str().expect("an id");
    let before = a.say(["show", share]).stdout;
    assert!(before.contains("bob can look at these"), "{before}");
    assert!(before.contains("small picture"), "{before}");
    assert!(!before.contains("thumb"), "{before}");
    a.run(["revoke", share]).done();
    let after = a.say(["show", share]).stdout;
    assert!(after.contains("bob could look at these until"), "{after}");
    assert!(!after.contains(" can "), "{after}");
}

#[test]
fn sent_says_once_when_a_household_was_asked_for_its_card() {
    let (a, _b) = houses();
    a.run(["share", "lake.jpg", "--to", "home-x@x.example"])
        .done();
    let said = a.say(["sent"]).stdout;
    let line = said.lines().find(|line| line.contains("home-x@x.example"));
    let line = line.expect("its line");
    assert!(line.contains("waiting for its card"), "{line}");
    assert_eq!(line.matches(" UTC").count(), 1, "{line}");
}
