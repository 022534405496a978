//! As in everywhere.rs, for what happens only after a while: what waited goes out, missing parts are asked for, notices are
//! gathered, a share is sent again, a tier goes before the rest, a revocation is told again. Where time must go by, the row
//! that holds the date is set back.

use std::time::{Duration, Instant};

use crate::command::House;
use crate::story::{End, LATER, Story, list, received, sent, text, the_end_is_the_same};
use hearthpost::crash::POINTS;

fn change(house: &House, sql: &str) {
    let album = rusqlite::Connection::open(house.path("data/album.sqlite")).expect("opens");
    let changed = album.execute(sql, []).expect("changes");
    assert!(changed > 0, "{sql}");
}

/// Shares what the other arguments say, and gives its name.
fn share(story: &mut Story, title: &str, arguments: &[&str]) -> String {
    let all = [&["share", "--title", title, "--yes"], arguments].concat();
    story.once("a", &all, |a| sent(a, title).is_some());
    text(&sent(&story.a, title).expect("recorded")["share"])
}

/// The tiers of which all parts are here.
fn held(house: &House, reference: &str) -> Vec<String> {
    let shown = house.run(["show", reference]).done();
    let tiers = list(&shown["parts"]).filter(|tier| tier["held"] == tier["listed"]);
    tiers.map(|tier| text(&tier["tier"])).collect()
}

fn play(story: &mut Story) -> End {
    // The certificate of `b` has ended: the grant waits for its card.
    change(
        &story.a,
        "UPDATE contact SET encryption = x'' WHERE mailbox = 'home-b@b.example'",
    );
    let lake = share(story, "Lake", &["lake.jpg", "--to", "home-b+bea@b.example"]);
    let sent_to = |story: &Story| {
        let sent = sent(&story.a, "Lake").expect("recorded");
        text(&sent["destinations"][0]["state"])
    };
    assert_eq!(sent_to(story), "waiting");
    story.sync("a b a b");

    // The second share comes while bea is left alone, and its parts are lost at first.
    let hill = share(story, "Hill", &["hill.jpg", "--to", "home-b+bea@b.example"]);
    story.sync("a");
    let mails = story.server.messages("home-b@b.example", "INBOX");
    let emptied = story.server.remove_messages("home-b@b.example", "INBOX");
    emptied.expect("a folder");
    let grant = story
        .server
        .deliver("home-b@b.example", "INBOX", &mails[0].bytes);
    grant.expect("a folder");
    story.sync("b");
    assert_eq!(
        text(&received(&story.b, &hill).expect("came")["state"]),
        "arriving"
    );
    change(&story.b, "UPDATE search SET next = 0");
    story.sync("b a b a");
    assert_eq!(
        text(&received(&story.b, &hill).expect("came")["state"]),
        "complete"
    );
    change(&story.b, "UPDATE quiet SET until = 0");
    story.sync("b");

    // Bea's picture is larger than Bob's, and not for long.
    let bea = "home-b+bea@b.example=display=full,period=PT1S";
    let bob = "home-b+bob@b.example=display=320,period=P30D";
    let both = ["lake.jpg", "--for", bea, "--for", bob];
    let both = share(story, "Both", &both);
    // It is sent twice, before anybody has looked.
    story.sync("a");
    let waits = |a: &House| {
        let sent = sent(a, "Both").expect("recorded");
        text(&sent["destinations"][0]["state"]) == "queued"
    };
    let again = ["resend", &both, "--to", "home-b@b.example"];
    story.once("a", &again, waits);
    story.sync("a b");
    let begun = Instant::now();
    while held(&story.b, &both).iter().any(|tier| tier == "original") {
        let late = begun.elapsed() > Duration::from_secs(60);
        assert!(!late, "it never goes, stopped at {:?}", story.point);
        story.sync("b");
    }
    assert_eq!(held(&story.b, &both), ["thumb", "about"]);

    // `b` is told twice before it looks.
    let revoked = |a: &House| text(&a.run(["show", &lake]).done()["state"]) == "revoked";
    story.once("a", &["revoke", &lake], revoked);
    story.sync("a");
    change(&story.a, "UPDATE recall SET next = 0");
    story.sync("a");
    let letters = story.server.messages("home-b@b.example", "INBOX").len();
    assert_eq!(letters, 2, "the same word twice");
    story.sync("b a");
    story.end()
}

#[test]
fn stopped_at_every_later_point_the_end_is_the_same() {
    let here = |point: &&str| LATER.iter().any(|step| point.starts_with(step));
    let todo: Vec<_> = POINTS.iter().copied().filter(here).collect();
    assert!(todo.len() >= 2 * LATER.len());
    the_end_is_the_same(todo, play, |_, _, _| ());
}
