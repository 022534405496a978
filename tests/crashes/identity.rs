//! As in everywhere.rs, for keys: whatever is stopped while they are renewed, replaced or taken over, all is readable in the
//! end, and the others know the same.

use crate::old_key;
use std::path::Path;

use crate::command::{House, picture, write_private};
use crate::story::{Story, list, received, sent, text, the_end_is_the_same};
use hearthpost::album::{KeyFile, Keys};
use hearthpost::crash::POINTS;
use hearthpost::encoding::Timestamp;

fn points(step: &str) -> Vec<&'static str> {
    let of = |point: &&str| point.starts_with(step);
    let found: Vec<_> = POINTS.iter().copied().filter(of).collect();
    assert!(!found.is_empty(), "{step}");
    found
}

fn keys(house: &House) -> Keys {
    Keys::read(&house.path("data")).expect("keys")
}

fn write(data: &Path, keys: &Keys) {
    let file = KeyFile::hold(data).expect("nobody else has it in hand");
    file.replace(keys).expect("written");
}

/// Puts a key of P-256 alone, of so many days ago, in front of the others.
fn with_older_key(house: &House, days: i64) {
    let data = house.path("data");
    let mut keys = Keys::read(&data).expect("keys");
    let began = now() - days * 86_400;
    let old = old_key::old_key(&keys.identity, Timestamp::from_unix(began));
    keys.encryption.insert(0, old);
    write(&data, &keys);
}

fn now() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
    since.expect("after 1970").as_secs() as i64
}

/// What is known of the household at `mailbox`, without what chance chose.
fn known(house: &House, mailbox: &str) -> Vec<String> {
    let all = house.run(["contact", "list"]).done();
    let mut found: Vec<String> = list(&all["contacts"])
        .filter(|one| text(&one["mailbox"]) == mailbox)
        .map(|one| {
            let ended = one.get("ended").is_some();
            let state = (text(&one["trust"]), &one["accepted"], &one["blocked"]);
            format!("{state:?} safe {} ended {ended}", one["quantum_safe"])
        })
        .collect();
    found.sort();
    found
}

/// Bea looks at what she has; gives how many pictures that is.
fn look(house: &House) -> usize {
    let all = house.run(["received"]).done();
    let items = list(&all["shares"]).flat_map(|share| list(&share["items"]));
    let items: Vec<String> = items.map(|item| text(&item["id"])).collect();
    for item in &items {
        let out = house.path("looked.jpg");
        let _ = std::fs::remove_file(&out);
        house
            .run(["view", item, "--as", "bea", "--out", "looked.jpg"])
            .done();
    }
    items.len()
}

fn share(story: &mut Story, title: &str) -> String {
    let all = ["share", "lake.jpg", "--title", title, "--to"];
    let all = [&all[..], &["home-b+bea@b.example", "--display", "full"]].concat();
    story.once("a", &all, |a| sent(a, title).is_some());
    text(&sent(&story.a, title).expect("recorded")["share"])
}

/// An old key alone is renewed; one that ended long ago is destroyed.
fn renewal(story: &mut Story) -> (Vec<String>, usize, usize) {
    let data = story.b.path("data");
    only_old_key(&data);
    for house in [&story.a, &story.c] {
        house.run(["contact", "remove", "home-b@b.example"]).done();
        house.add(&story.b);
    }
    assert!(known(&story.a, "home-b@b.example")[0].contains("safe false"));
    share(story, "Lake");
    story.sync("a b a c");
    with_older_key(&story.b, 365 + 100);
    story.sync("b a");
    let left = keys(&story.b).encryption.len();
    (known(&story.a, "home-b@b.example"), look(&story.b), left)
}

fn only_old_key(data: &Path) {
    let mut keys = Keys::read(data).expect("keys");
    let old = old_key::old_key(&keys.identity, Timestamp::from_unix(now() - 3600));
    keys.encryption = vec![old];
    write(data, &keys);
}

#[test]
fn stopped_at_every_point_of_a_renewal_the_end_is_the_same() {
    the_end_is_the_same(points("renew."), renewal, |_, _, _| ());
}

fn replaced(story: &mut Story) -> (Vec<String>, Vec<String>, usize, usize, String) {
    share(story, "Lake");
    story.sync("a b a");
    let is_new = |b: &House| keys(b).former.len() == 1;
    story.once("b", &["identity", "rekey", "--yes"], is_new);
    story.sync("b a c b");
    let me = keys(&story.b).identity.fingerprint().to_string();
    let verify = [
        "contact",
        "verify",
        "home-b@b.example",
        "--fingerprint",
        &me,
    ];
    story.a.run(verify).done();
    let second = share(story, "Hill");
    story.sync("a b a");
    let came = received(&story.b, &second).map_or("missing".to_owned(), |one| text(&one["state"]));
    (
        known(&story.a, "home-b@b.example"),
        known(&story.c, "home-b@b.example"),
        look(&story.b),
        keys(&story.b).former.len(),
        came,
    )
}

#[test]
fn stopped_at_every_point_of_a_new_identity_the_end_is_the_same() {
    the_end_is_the_same(points("rekey."), replaced, |_, _, _| ());
}

#[test]
fn stopped_amid_a_new_identity_the_next_command_goes_on_without_a_pass_before_it() {
    for point in points("rekey.") {
        let mut story = Story::new(Some(point));
        assert!(
            story.stopped("b", &["identity", "rekey", "--yes"]),
            "{point}"
        );
        let is_new = keys(&story.b).former.len() == 1;
        assert_eq!(is_new, point != "rekey.before_keys");
        picture(&story.b.path("lake.jpg"), 64, 40);
        let to = ["share", "lake.jpg", "--to", "home-a@a.example"];
        story.b.run(to).done();
        for house in [&story.b, &story.a] {
            house.run(["sync"]).done();
        }
        // Under the old identity it arrives; of the new one it waits until words were compared, and the old one has ended.
        let came = list(&story.a.run(["received"]).done()["shares"]).count();
        assert_eq!(came, usize::from(!is_new), "{point}");
        let ended = known(&story.a, "home-b@b.example");
        let ended = ended.iter().filter(|one| one.ends_with("ended true"));
        assert_eq!(ended.count(), usize::from(is_new), "{point}");
    }
}

/// The subjects of what the people were told.
fn told(story: &Story) -> Vec<String> {
    let mails = story.server.messages("people@p.example", "INBOX");
    let subject = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).replace("\r\n ", " ");
        let mut lines = text.lines();
        let line = lines.find_map(|line| line.strip_prefix("Subject: "));
        line.expect("a subject").to_owned()
    };
    mails.iter().map(|mail| subject(&mail.bytes)).collect()
}

/// Ann keeps `a`, which hears that the identity of `b` has ended and that another one is there.
fn alarmed(story: &mut Story) -> (Vec<String>, Vec<String>) {
    let ann = ["user", "add", "ann", "--mail", "people@p.example"];
    story.a.run(ann).done();
    write_private(&story.a.path("ann"), "correct horse battery\n");
    let passwd = ["user", "passwd", "ann", "--password-file", "ann"];
    story.a.run(passwd).done();
    story.b.run(["identity", "rekey", "--yes"]).done();
    story.sync("b a a");
    (known(&story.a, "home-b@b.example"), told(story))
}

#[test]
fn stopped_while_an_alarm_is_noted_and_told_the_keeper_is_told_once() {
    let points = vec![
        "letter.before_commit",
        "letter.after_commit",
        "gathered.before_commit",
        "gathered.after_commit",
    ];
    let said = |_: &'static str, end: &mut (Vec<String>, Vec<String>), _: &_| {
        let words: Vec<&str> = end.1.iter().flat_map(|mail| mail.split("; ")).collect();
        let of = |begins: &str| words.iter().filter(|one| one.starts_with(begins)).count();
        assert_eq!(
            (of("The identity of"), of("another household claims")),
            (1, 1),
            "{words:?}"
        );
    };
    the_end_is_the_same(points, alarmed, said);
}

fn taken_over(story: &mut Story) -> (Vec<String>, Vec<String>, bool) {
    write_private(&story.c.path("words"), "four ducks on a pond\n");
    let file = story.c.path("identity.txt");
    let file = file.to_str().expect("UTF-8").to_owned();
    let export = ["identity", "export", &file, "--passphrase-file", "words"];
    story.c.run(export).done();
    let me = keys(&story.c).identity.fingerprint();
    // The mailbox of c is given up for a new box, which is at the mailbox of nobody yet.
    std::fs::remove_dir_all(story.c.path("data")).expect("gone");
    std::fs::remove_file(story.c.path("hearthpost.toml")).expect("gone");
    let imap = format!("imap+plain://127.0.0.1:{}", story.server.imap_port());
    let smtp = format!("smtp+plain://127.0.0.1:{}", story.server.smtp_port());
    story.c.init("c", &imap, &smtp).done();
    let import = ["identity", "import", &file, "--passphrase-file", "words"];
    story.once("c", &import, |c| {
        keys(c).identity.fingerprint() == me && !known(c, "home-a@a.example").is_empty()
    });
    story.sync("c a b c");
    (
        known(&story.c, "home-a@a.example"),
        known(&story.a, "home-c@c.example"),
        keys(&story.c).identity.fingerprint() == me,
    )
}

#[test]
fn stopped_at_every_point_of_a_move_the_end_is_the_same() {
    the_end_is_the_same(points("takeover."), taken_over, |_, _, _| ());
}

#[test]
fn box_whose_keys_are_gone_says_so_and_ends() {
    let story = Story::new(None);
    let keys = story.b.path("data/keys.toml");
    std::fs::rename(&keys, story.b.path("kept.toml")).expect("moved");
    for verb in ["serve", "sync", "received"] {
        let (code, words) = story.b.run([verb]).failed(1);
        assert_eq!(code, "keys", "{verb}");
        assert!(words.contains("is gone"), "{verb}: {words}");
    }
    let ran = story.b.run(["doctor"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let first = ran.json()["findings"][0].clone();
    assert_eq!(text(&first["what"]), "household");
    assert!(text(&first["words"]).contains("is gone"));
    assert!(text(&first["hint"]).contains("hearthpost restore"));
    assert!(!keys.exists(), "nothing is written");
    std::fs::rename(story.b.path("kept.toml"), &keys).expect("moved back");
    story.b.run(["sync"]).done();
}
