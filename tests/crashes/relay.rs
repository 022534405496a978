//! As in everywhere.rs, for what goes by way of a relay: asked for, passed on, complete, and forgotten by who only carried it.

use crate::command::House;
use crate::story::{Story, list, received, sent, text, the_end_is_the_same};

/// Every point that a share meets on the way of a relay and that is not only the sender's.
const POINTS: [&str; 8] = [
    "revoke.before_commit",
    "revoke.after_commit",
    "relay.before_commit",
    "relay.after_commit",
    "letter.before_commit",
    "letter.after_commit",
    "settle.done",
    "submit.accepted",
];

fn share(story: &mut Story, title: &str, to: &[&str]) -> String {
    let via = ["--relay-via", "home-b@b.example", "--display", "640"];
    let all = [&["share", "lake.jpg", "--title", title, "--to"], to, &via].concat();
    story.once("a", &all, |a| sent(a, title).is_some());
    text(&sent(&story.a, title).expect("recorded")["share"])
}

/// How far a share got at `c`, as `a` lists it, and whether nothing of it ever went there.
fn at_c(a: &House, title: &str) -> (String, bool) {
    let sent = sent(a, title).expect("recorded");
    let mut to = list(&sent["destinations"]);
    let c = to.find(|to| to["mailbox"] == "home-c@c.example");
    let c = c.expect("listed");
    (text(&c["state"]), c["never_went"] == true)
}

#[test]
fn stopped_at_every_point_of_a_relay_the_end_is_the_same() {
    let play = |story: &mut Story| {
        story
            .b
            .run(["contact", "relay", "home-a@a.example", "on"])
            .done();
        let both = share(story, "Both", &["home-b@b.example", "home-c@c.example"]);
        let one = share(story, "One", &["home-c@c.example"]);
        let none = share(story, "None", &["home-c@c.example"]);
        story.sync("a");
        let back = ["revoke", &none, "--to", "home-c@c.example"];
        let is_back = |a: &House| at_c(a, "None").0 == "revoked";
        story.once("a", &back, is_back);
        story.sync("a b c a b a");
        assert!(
            received(&story.c, &none).is_none(),
            "stopped at {:?}",
            story.point
        );
        assert_eq!(
            at_c(&story.a, "None"),
            ("revoked".to_owned(), true),
            "stopped at {:?}",
            story.point
        );
        for reference in [&both, &one] {
            let state = text(&received(&story.c, reference).expect("came")["state"]);
            assert_eq!(state, "complete", "stopped at {:?}", story.point);
        }
        let states = |title| {
            let sent = sent(&story.a, title).expect("recorded");
            let mut states: Vec<String> = list(&sent["destinations"])
                .map(|to| format!("{} {}", text(&to["mailbox"]), text(&to["state"])))
                .collect();
            states.sort();
            states
        };
        let arrived = "home-c@c.example delivered";
        assert_eq!(states("Both"), ["home-b@b.example delivered", arrived]);
        assert_eq!(states("One"), ["home-b@b.example deleted", arrived]);
        story.end()
    };
    the_end_is_the_same(POINTS.to_vec(), play, |point, told, calm| {
        if point == "submit.accepted" {
            // The one window in which a person may be told twice.
            assert!(told.notices >= calm.notices, "{point}");
            told.notices = calm.notices;
        }
    });
}
