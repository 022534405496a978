//! A mailbox that strangers filled with thousands of mails that look like ours: what is for this house is found among
//! them, nothing else is fetched or kept, and the second look costs nothing.

#[path = "support/house/mod.rs"]
mod house;
#[path = "support/peak.rs"]
mod peak;

use hearthpost::album::ShareState;
use hearthpost::envelope::{Digest, Id};
use hearthpost::rules::Tier;
use house::forge::{Handmade, OpenGrant};
use house::passed::stranger;
use house::state::files_below;
use house::{House, Village, on_its_way};
use peak::peak;

/// The most that this whole program may hold, the mail server with its mails and all, in KiB.
const MEMORY: u64 = 300 * 1024;

struct Scene {
    village: Village,
    b: House,
    share: String,
    /// The letter, then the parts.
    mails: Vec<Vec<u8>>,
}

/// A picture on its way to `b`, its mails in our hands.
fn scene() -> Scene {
    let (village, _, b, share) = on_its_way("display=200");
    let mails = village.take_mail(&b);
    Scene {
        village,
        b,
        share,
        mails,
    }
}

/// A parts mail of one part, that has this name.
fn junk(name: &str) -> String {
    format!(
        "From: home-x@x.example\r\nMessage-ID: <{}@x.example>\r\nSubject: Hearthpost\r\nHearthpost: parts\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
         Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n{name}\r\nMIIBMAYLKoZIhvcNAQkQARegggE=\r\n--x--\r\n",
        Id::random()
    )
}

fn named(n: u32) -> String {
    let digest = Digest::of(&n.to_be_bytes());
    format!("Content-ID: <{digest}@hearthpost.invalid>\r\n")
}

impl Scene {
    fn bytes_on_disk(&self) -> u64 {
        let files = files_below(&self.b.folder.join("data"));
        let len = |path| std::fs::metadata(path).map_or(0, |file| file.len());
        files.iter().map(len).sum()
    }

    /// How many bodies, whole or in part, were asked for.
    fn bodies(&self) -> usize {
        let log = self.village.server.imap_log();
        let body = |text: &str| {
            text.contains("BINARY.PEEK[")
                || text.contains("BODY.PEEK[]")
                || text.contains("BODY.PEEK[1")
        };
        log.iter().filter(|command| body(&command.text)).count()
    }

    fn state(&self) -> ShareState {
        self.b.share_named(&self.share).state
    }

    fn deliver(&self, mail: &[u8]) {
        self.village.deliver(&self.b, mail);
    }
}

fn assert_small() {
    let peak = peak() >> 10;
    assert!(peak < MEMORY, "{peak} KiB");
}

#[test]
fn ten_thousand_junk_parts_and_a_thousand_grants_of_strangers() {
    let mut s = scene();
    let before = s.bytes_on_disk();
    let stranger = stranger(&s.village, "x");
    let made = Handmade::new(
        &stranger,
        &[(Tier::Original, b"hello"), (Tier::About, b"{}")],
        |_, truth| truth,
    );
    let grant = OpenGrant::of(&made, &stranger, &s.b, "display=full");
    let grant = grant.mail(&stranger, &s.b);
    for n in 0..10_000 {
        s.deliver(junk(&named(n)).as_bytes());
        if n % 10 == 0 {
            s.deliver(&grant);
        }
        // Ours lies in the midst of it.
        if n % 2_000 == 1_000
            && let Some(mail) = s.mails.get(n as usize / 2_000)
        {
            s.deliver(mail);
        }
    }
    let done = s.village.sync(&mut s.b);
    assert_eq!(s.state(), ShareState::Complete);
    assert_eq!(done.notified, 1);
    assert_eq!(s.b.blobs().len(), 2, "its thumb and what is said about it");
    assert!(s.bodies() <= 1_000 + 2 * s.mails.len(), "{}", s.bodies());
    let grown = s.bytes_on_disk() - before;
    assert!(grown < 16 << 20, "{grown} bytes on disk");
    assert_small();
    let contacts = s.b.home.contacts().expect("listed");
    assert_eq!(contacts.len(), 2, "the stranger waits, once");
    assert_eq!(s.village.inbox(&stranger), Vec::<Vec<u8>>::new());
    // The second look is free.
    let bodies = s.bodies();
    let done = s.village.sync(&mut s.b);
    assert_eq!((done.fetched, s.bodies()), (0, bodies));
    // And they are gone when their time is over, with nothing of them left here.
    s.b.wait(s.b.home.config.limits.unclaimed.as_secs() + 86_400);
    s.village.sync(&mut s.b);
    let left = s.village.inbox(&s.b);
    assert!(
        left.iter().all(|mail| *mail == grant),
        "only letters are left"
    );
}

#[test]
fn thousands_of_letters_are_each_noted_once_before_they_are_read() {
    const MANY: usize = 1_700;
    let mut s = scene();
    let album = rusqlite::Connection::open(s.b.folder.join("data/album.sqlite")).expect("opens");
    let counted = album.execute_batch(
        "CREATE TABLE noted (uid INTEGER);
         CREATE TRIGGER first AFTER INSERT ON verdict WHEN new.waits = 'look' BEGIN
            INSERT INTO noted VALUES (new.uid); END;
         CREATE TRIGGER again AFTER UPDATE ON verdict WHEN new.waits = 'look' BEGIN
            INSERT INTO noted VALUES (new.uid); END;",
    );
    counted.expect("rows");
    // Among mail of a person who seals what they write to others.
    let mail = b"From: aunt@p.example\r\nSubject: secret\r\nContent-Type: application/pkcs7-mime; \
        smime-type=authEnveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMAAA\r\n";
    for _ in 0..MANY {
        s.deliver(mail);
    }
    for mail in s.mails.clone() {
        s.deliver(&mail);
    }
    s.village.sync(&mut s.b);
    assert_eq!(s.state(), ShareState::Complete);
    let count = |sql: &str| album.query_row(sql, [], |row| row.get::<_, usize>(0));
    let letters = count("SELECT count(DISTINCT uid) FROM noted").expect("rows");
    assert!(letters > MANY, "{letters} of {MANY} and ours");
    assert_eq!(count("SELECT count(*) FROM noted"), Ok(letters));
}

#[test]
fn thousands_of_nameless_parts_cost_at_most_twice_what_is_missing() {
    let mut s = scene();
    s.deliver(&s.mails[0]);
    s.village.sync(&mut s.b);
    assert_eq!(s.state(), ShareState::Arriving);
    let share = s.b.share_named(&s.share);
    let parts = s.b.home.album.rows().parts(share.id).expect("rows");
    let missing: Vec<u64> = parts
        .iter()
        .filter(|part| part.wanted)
        .map(|part| hearthpost::encoding::encoded_body_len(part.len))
        .collect();
    // Each as long as the longest that is missing, and without a name.
    let longest = *missing.iter().max().expect("a part");
    let template = junk("");
    let body = format!("{}\r\n", "A".repeat(76)).repeat(longest as usize / 78);
    let rest = "A".repeat((longest as usize % 78).saturating_sub(2) / 4 * 4);
    let mail = template.replace(
        "MIIBMAYLKoZIhvcNAQkQARegggE=\r\n",
        &format!("{body}{rest}\r\n"),
    );
    for _ in 0..2_000 {
        s.deliver(mail.as_bytes());
    }
    let before = s.bodies();
    s.village.sync(&mut s.b);
    let fetched = s.bodies() - before;
    let most = 2 * missing.iter().sum::<u64>() / (longest - 80);
    assert!(fetched > 0, "some of them might have been ours");
    assert!(fetched as u64 <= most, "{fetched} of {most}");
    assert_eq!(s.b.blobs().len(), 0);
    // What has its name comes all the same.
    for mail in &s.mails[1..] {
        s.deliver(mail);
    }
    s.village.sync(&mut s.b);
    assert_eq!(s.state(), ShareState::Complete);
    let before = s.bodies();
    s.village.sync(&mut s.b);
    assert_eq!(s.bodies(), before, "nothing is missing any more");
}

#[test]
fn forged_parts_under_a_wanted_name_are_each_looked_at_once() {
    let mut s = scene();
    s.deliver(&s.mails[0]);
    s.village.sync(&mut s.b);
    let share = s.b.share_named(&s.share);
    let parts = s.b.home.album.rows().parts(share.id).expect("rows");
    let wanted = parts
        .iter()
        .find(|part| part.wanted)
        .expect("a part")
        .digest;
    let name = format!("Content-ID: <{wanted}@hearthpost.invalid>\r\n");
    for _ in 0..300 {
        s.deliver(junk(&name).as_bytes());
    }
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.refused.len(), 300);
    assert_eq!((s.b.blobs().len(), s.state()), (0, ShareState::Arriving));
    let before = s.bodies();
    s.village.sync(&mut s.b);
    assert_eq!(s.bodies(), before, "none is fetched again");
    for mail in &s.mails[1..] {
        s.deliver(mail);
    }
    s.village.sync(&mut s.b);
    assert_eq!(s.state(), ShareState::Complete);
}
