//! A disk that is really too small: what does not fit is refused or waits where it is, and comes once there is room.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::command::{House, picture};
use crate::full::small::Cramped;
use crate::full::{list, says_that_it_is_full, text};
use testmail::{Account, Options, Server};

/// A household with all the room it wants, and one on a small disk; both know each other.
struct Pair {
    server: Server,
    wide: House,
    cramped: Cramped,
}

fn pair(size: &str) -> Option<Pair> {
    let accounts = ["home-a@a.example", "home-b@b.example", "people@p.example"];
    let server = Server::start(Options {
        accounts: accounts.map(|name| Account::new(name, "secret")).to_vec(),
        ..Options::default()
    })
    .expect("testmail starts");
    let imap = format!("imap+plain://127.0.0.1:{}", server.imap_port());
    let smtp = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
    let cramped = Cramped::new("b", &imap, &smtp, size)?;
    let wide = House::at("a", &imap, &smtp);
    cramped.meet(&wide);
    let add = ["user", "add", "bob", "--mail", "people@p.example"];
    cramped.run(add).done();
    Some(Pair {
        server,
        wide,
        cramped,
    })
}

/// Bytes that no one can make shorter.
fn noise(house: &House, name: &str, kib: usize) {
    let mut state = name
        .bytes()
        .fold(1u64, |sum, byte| sum * 31 + u64::from(byte));
    let bytes = (0..kib * 1024).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    });
    std::fs::write(house.path(name), bytes.collect::<Vec<_>>()).expect("a file");
}

impl Pair {
    fn inbox(&self, house: &House) -> usize {
        self.server.messages(&house.mailbox, "INBOX").len()
    }

    /// `wide` shares a file of so many KiB with `cramped`; it is all in the mailbox.
    fn share_with_cramped(&self, kib: usize) {
        noise(&self.wide, "film", kib);
        let to = format!("{}=display=full,store=full", "home-b+bob@b.example");
        self.wide
            .run(["share", "film", "--for", &to, "--title", "Film", "--yes"])
            .done();
        self.wide.run(["sync"]).done();
        assert!(self.inbox(&self.cramped.house) > 1);
    }

    /// All that was shared with `cramped` is there, once and whole, and nothing is left in its mailbox.
    fn all_is_here(&self) {
        self.cramped.run(["sync"]).done();
        let received = self.cramped.run(["received"]).done();
        let shares: Vec<_> = list(&received["shares"]).collect();
        assert_eq!(shares.len(), 1, "{received}");
        assert_eq!(shares[0]["state"], "complete", "{received}");
        assert_eq!(self.inbox(&self.cramped.house), 0);
        let item = text(&shares[0]["items"][0]["id"]);
        let view = ["view", &item, "--as", "bob", "--action", "store", "--out"];
        self.cramped.run(view.iter().chain(&["film"])).done();
        let [sent, came] = [&self.wide, &self.cramped.house]
            .map(|house| std::fs::read(house.path("film")).expect("a file"));
        assert!(sent == came, "the file is another");
        let left = self.cramped.disk.files();
        assert!(
            !left.iter().any(|file| file.contains("/temporary/")),
            "{left:?}"
        );
    }
}

#[test]
fn import_takes_what_fits_and_the_rest_once_there_is_room() {
    let Some(Pair { cramped, .. }) = pair("4m") else {
        return;
    };
    let names: Vec<String> = (0..12).map(|n| format!("{n:02}.bin")).collect();
    for name in &names {
        noise(&cramped.house, name, 500);
    }
    let import: Vec<&str> = std::iter::once("import")
        .chain(names.iter().map(String::as_str))
        .collect();
    let kept = |cramped: &Cramped| {
        let listed = cramped.run(["album", "list"]).done();
        let files = cramped.disk.files();
        let blobs = files
            .iter()
            .filter(|file| file.starts_with("./files/"))
            .count();
        assert_eq!(list(&listed["items"]).count(), blobs, "{files:?}");
        assert!(
            !files.iter().any(|file| file.contains("/temporary/")),
            "{files:?}"
        );
        blobs
    };
    for _ in 0..2 {
        says_that_it_is_full(&cramped.run(&import), "import");
        cramped.disk.leave(256);
        cramped.run(["sync"]);
        cramped.disk.empty();
        let some = kept(&cramped);
        assert!((1..12).contains(&some), "{some}");
    }
    cramped.disk.resize("32m");
    cramped.run(&import).done();
    assert_eq!(kept(&cramped), 12);
}

#[test]
fn share_without_room_for_it_stays_in_the_mailbox() {
    let Some(pair) = pair("6m") else { return };
    pair.share_with_cramped(9000);
    let came = pair.inbox(&pair.cramped.house);
    for again in [false, true, true] {
        let before = pair.server.imap_log().len();
        says_that_it_is_full(&pair.cramped.run(["sync"]), "sync");
        assert_eq!(pair.inbox(&pair.cramped.house), came);
        let log = &pair.server.imap_log()[before..];
        let fetched: u64 = log.iter().map(|command| command.bytes_sent).sum();
        // What fitted is here, and what does not fit is not fetched in vain again and again.
        assert!(pair.cramped.parts() > 0);
        assert!(!again || fetched < 100_000, "{fetched} bytes");
    }
    let said = pair.cramped.run(["doctor"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("are free"), "{said:?}");
    pair.cramped.disk.resize("64m");
    pair.all_is_here();
}

#[test]
fn with_any_little_room_left_nothing_is_lost() {
    let Some(pair) = pair("16m") else { return };
    pair.share_with_cramped(100);
    let came = pair.inbox(&pair.cramped.house);
    for room in [
        0, 4, 8, 16, 24, 32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 256,
    ] {
        pair.cramped.disk.leave(room);
        for arguments in [&["sync"][..], &["received"], &["doctor"]] {
            let ran = pair.cramped.run(arguments);
            let what = format!("{arguments:?} with {room} KiB left: {ran:?}");
            assert!(ran.code <= 1, "{what}");
            let (error, doctor) = (&ran.json()["error"], arguments == ["doctor"]);
            if !error.is_null() {
                says_that_it_is_full(&ran, &what);
            } else if ran.code != 0 {
                assert!(doctor || ran.stdout.contains("disk is full"), "{what}");
            }
        }
        let held = pair.cramped.parts();
        let left = pair.inbox(&pair.cramped.house);
        assert!(
            left == came || held > 0,
            "{left} of {came} mails, {held} parts at {room} KiB"
        );
    }
    pair.cramped.disk.empty();
    pair.all_is_here();
}

#[test]
fn nothing_goes_out_that_could_not_be_noted_as_sent() {
    let Some(pair) = pair("16m") else { return };
    picture(&pair.cramped.house.path("lake.jpg"), 60, 40);
    let share = [
        "share",
        "lake.jpg",
        "--to",
        &pair.wide.mailbox,
        "--title",
        "Lake",
    ];
    pair.cramped.disk.leave(0);
    says_that_it_is_full(&pair.cramped.run(share), "share");
    pair.cramped.disk.empty();
    let sent = pair.cramped.run(["sent"]).done();
    assert_eq!(list(&sent["shares"]).count(), 0, "{sent}");
    pair.cramped.run(share).done();
    for room in [0, 36, 44, 52, 60, 68, 76, 84, 92, 100, 140, 180, 300] {
        pair.cramped.disk.leave(room);
        let ran = pair.cramped.run(["sync"]);
        assert_eq!(ran.code, 1, "{room} KiB: {ran:?}");
        assert!(
            ran.stderr.contains("the disk is full"),
            "{room} KiB: {ran:?}"
        );
        assert_eq!(pair.inbox(&pair.wide), 0, "{room} KiB: {ran:?}");
    }
    pair.cramped.disk.empty();
    let done = pair.cramped.run(["sync"]).done();
    assert_eq!(done["submitted"], pair.inbox(&pair.wide), "each once");
    pair.wide.run(["sync"]).done();
    pair.cramped.run(["sync"]).done();
    let sent = pair.cramped.run(["sent"]).done();
    assert_eq!(sent["shares"][0]["destinations"][0]["state"], "delivered");
}

#[test]
fn what_is_over_makes_room_for_what_comes() {
    let Some(pair) = pair("6m") else { return };
    noise(&pair.wide, "short", 3000);
    let to = "home-b+bob@b.example=display=full,store=full,period=PT1S";
    let share = ["share", "short", "--for", to, "--title", "Short", "--yes"];
    pair.wide.run(share).done();
    pair.wide.run(["sync"]).done();
    pair.cramped.run(["sync"]).done();
    assert!(pair.cramped.parts() > 0, "it came");
    pair.share_with_cramped(3000);
    let begun = Instant::now();
    while pair.cramped.run(["sync"]).code != 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "no room is made");
    }
    let received = pair.cramped.run(["received"]).done();
    let mut states: Vec<String> = list(&received["shares"])
        .map(|share| format!("{} {}", text(&share["title"]), text(&share["state"])))
        .collect();
    states.sort();
    assert_eq!(states, ["Film complete", "Short expired"]);
}

#[test]
fn serve_lives_on_while_the_disk_is_full_and_says_so() {
    let Some(pair) = pair("6m") else { return };
    pair.share_with_cramped(9000);
    let mut serve = pair.cramped.command();
    serve.arg("serve").stderr(Stdio::piped());
    let mut serve = serve.spawn().expect("it starts");
    let mut log = BufReader::new(serve.stderr.take().expect("it is piped")).lines();
    let mut until = |words: &str| {
        let said = log.by_ref().map(|line| line.expect("UTF-8"));
        let found = said.inspect(|line| assert!(!line.contains("panicked"), "{line}"));
        found.into_iter().any(|line| line.contains(words))
    };
    assert!(until("the disk is full"), "it says so");
    pair.cramped.disk.resize("64m");
    // Whoever changes the album rings.
    pair.cramped
        .run(["user", "add", "ann", "--mail", "people@p.example"])
        .done();
    assert!(until("all is well again"), "it goes on");
    serve.kill().expect("it is there");
    serve.wait().expect("it is there");
    pair.all_is_here();
}
