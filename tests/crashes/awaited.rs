//! As in everywhere.rs, for what waits for the card of a household that nobody here knows: recorded, asked for, given once.

use crate::story::{Story, list, received, sent, text, the_end_is_the_same};

/// Every point that such a share meets.
const POINTS: [&str; 8] = [
    "share.before_commit",
    "share.after_commit",
    "letter.before_commit",
    "letter.after_commit",
    "give.before_commit",
    "give.after_commit",
    "settle.done",
    "submit.accepted",
];

fn share(story: &mut Story, title: &str) -> String {
    let to = ["--to", "home-b@b.example", "--display", "640"];
    let all = [&["share", "lake.jpg", "--title", title], &to[..]].concat();
    story.once("a", &all, |a| sent(a, title).is_some());
    text(&sent(&story.a, title).expect("recorded")["share"])
}

#[test]
fn stopped_at_every_point_what_waited_for_a_card_is_given_once() {
    let play = |story: &mut Story| {
        let forget = ["contact", "remove", "home-b@b.example"];
        story.a.run(forget).done();
        let shares = [share(story, "One"), share(story, "Other")];
        story.sync("a b a b a");
        for (share, title) in shares.iter().zip(["One", "Other"]) {
            let came = received(&story.b, share).expect("came");
            let state = text(&came["state"]);
            assert_eq!(state, "complete", "stopped at {:?}", story.point);
            let sent = sent(&story.a, title).expect("recorded");
            let states = list(&sent["destinations"]).map(|to| text(&to["state"]));
            let states: Vec<String> = states.collect();
            assert_eq!(states, ["delivered"], "stopped at {:?}", story.point);
        }
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

/// The same of what is passed on to a household that nobody there knows.
#[test]
fn stopped_at_every_point_what_is_passed_on_and_waited_for_a_card_is_given_once() {
    let points = POINTS
        .into_iter()
        .filter(|point| !point.starts_with("share."));
    let play = |story: &mut Story| {
        let forget = ["contact", "remove", "home-c@c.example"];
        story.b.run(forget).done();
        let rules = "display=full,forward=yes";
        let bea = format!("home-b+bea@b.example={rules}");
        let all = [
            "share", "lake.jpg", "--title", "One", "--yes", "--for", &bea,
        ];
        story.once("a", &all, |a| sent(a, "One").is_some());
        let share = text(&sent(&story.a, "One").expect("recorded")["share"]);
        story.sync("a b a");
        let onward = ["forward", &share, "--as", "bea", "--display", "320"];
        let onward = [&onward[..], &["--to", "home-c+carol@c.example"]].concat();
        story.once("b", &onward, |b| sent(b, "One").is_some());
        story.sync("b c b c b a");
        let came = received(&story.c, &share).expect("came");
        assert_eq!(
            text(&came["state"]),
            "complete",
            "stopped at {:?}",
            story.point
        );
        let sent = sent(&story.b, "One").expect("recorded");
        let states: Vec<String> = list(&sent["destinations"])
            .map(|to| text(&to["state"]))
            .collect();
        assert_eq!(states, ["delivered"], "stopped at {:?}", story.point);
        story.end()
    };
    the_end_is_the_same(points.collect(), play, |point, told, calm| {
        if point == "submit.accepted" {
            // The one window in which a person may be told twice.
            assert!(told.notices >= calm.notices, "{point}");
            told.notices = calm.notices;
        }
    });
}
