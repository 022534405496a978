//! As in everywhere.rs, for an invitation: whatever is stopped on the way, both households have met in the end, once, and
//! that is told.

use crate::command::House;
use crate::story::{Story, list, text, the_end_is_the_same};

/// What is passed on the way, besides the points of invitations themselves.
const ON_THE_WAY: [&str; 8] = [
    "letter.before_commit",
    "letter.after_commit",
    "submit.before",
    "submit.accepted",
    "submit.noted",
    "remove.before",
    "remove.after",
    "gathered.after_commit",
];

#[derive(Debug, PartialEq, Eq)]
struct End {
    contacts: Vec<String>,
    invitations: Vec<String>,
    left: usize,
    told: usize,
}

fn contacts(house: &House) -> Vec<String> {
    let all = house.run(["contact", "list"]).done();
    let of = |key: &'static str, said: &'static str| {
        let mailbox =
            |one: &serde_json::Value| format!("{} {}", text(&one["mailbox"]), text(&one[said]));
        list(&all[key]).map(mailbox).collect::<Vec<_>>()
    };
    [of("contacts", "trust"), of("joining", "state")].concat()
}

fn invitations(house: &House) -> Vec<(String, String)> {
    let all = house.run(["contact", "invitations"]).done();
    let read = |one: &serde_json::Value| (text(&one["invitation"]), text(&one["state"]));
    list(&all["invitations"]).map(read).collect()
}

fn play(story: &mut Story) -> End {
    for (house, other) in [(&story.a, &story.b), (&story.b, &story.a)] {
        house.run(["contact", "remove", &other.mailbox]).done();
    }
    story.once("a", &["contact", "invite"], |a| invitations(a).len() == 1);
    let reference = invitations(&story.a).remove(0).0;
    let shown = story
        .a
        .run(["contact", "invite", "--again", &reference])
        .done();
    let link = text(&shown["link"]);
    let follows = |b: &House| {
        let known = contacts(b);
        known.iter().any(|one| one.starts_with("home-a@a.example"))
    };
    story.once("b", &["contact", "join", "--as", "bob", &link], follows);
    story.sync("b a b");
    // The join is lost, and a day goes by.
    let emptied = story.server.remove_messages("home-a@a.example", "INBOX");
    emptied.expect("a folder");
    let album = rusqlite::Connection::open(story.b.path("data/album.sqlite")).expect("opens");
    let changed = album.execute("UPDATE joining SET asked = 0", []);
    assert_eq!(changed.expect("changes"), 1);
    drop(album);
    story.sync("b a b a b a b a");
    let inboxes = ["home-a@a.example", "home-b@b.example"];
    let left = inboxes.map(|inbox| story.server.messages(inbox, "INBOX").len());
    let states = invitations(&story.a).into_iter();
    End {
        contacts: [contacts(&story.a), contacts(&story.b)].concat(),
        invitations: states.map(|(_, state)| state).collect(),
        left: left.iter().sum(),
        told: story.server.messages("people@p.example", "INBOX").len(),
    }
}

#[test]
fn stopped_at_every_point_of_an_invitation_the_end_is_the_same() {
    let points = hearthpost::crash::POINTS.iter().copied();
    let own = points.filter(|point| point.starts_with("invite.") || point.starts_with("join"));
    let all: Vec<_> = own.chain(ON_THE_WAY).collect();
    assert_eq!(all.len(), 6 + ON_THE_WAY.len());
    let play = |story: &mut Story| {
        let end = play(story);
        let c = "home-c@c.example verified";
        let met = [
            "home-b@b.example verified",
            c,
            "home-a@a.example verified",
            c,
        ];
        assert_eq!(end.contacts, met, "stopped at {:?}", story.point);
        end
    };
    the_end_is_the_same(all, play, |point, end, calm| {
        if point == "submit.accepted" {
            // The one window in which a person may be told twice.
            assert!(end.told >= calm.told);
            end.told = calm.told;
        }
    });
}
