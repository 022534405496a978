//! As in everywhere.rs, for what goes by way of a relay: asked for, passed on, complete, and forgotten by who only carried it.

use crate::story::{Story, list, received, sent, text, the_end_is_the_same};

/// Every point that a share meets on the way of a relay and that is not only the sender's.
const POINTS: [&str; 6] = [
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

#[test]
fn stopped_at_every_point_of_a_relay_the_end_is_the_same() {
    let play = |story: &mut Story| {
        story
            .b
            .run(["contact", "relay", "home-a@a.example", "on"])
            .done();
        let both = share(story, "Both", &["home-b@b.example", "home-c@c.example"]);
        let one = share(story, "One", &["home-c@c.example"]);
        story.sync("a b c a b a");
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
