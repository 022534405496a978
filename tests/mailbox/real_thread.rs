//! The thread through a real Postfix and a real Dovecot, over TLS, with the same use cases as anywhere.
//!
//! Each test has mailboxes of its own, so that all run at the same time.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::house::{House, Plot, introduce, order, picture};
use crate::pair::{Pair, unique};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::rules::Action;
use hearthpost::sharing::sync::Done;
use tempfile::TempDir;

struct Town {
    pair: Pair,
    folder: TempDir,
    runtime: tokio::runtime::Runtime,
}

impl Town {
    fn new() -> Self {
        Town {
            pair: Pair::running(),
            folder: tempfile::tempdir().expect("a folder"),
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
        }
    }

    /// The household of `h<n>@many.example`; its people read mail at `people`.
    fn house(&self, n: u32, schemes: (&str, &str), people: &[&str]) -> House {
        let url = |scheme: &str| {
            let port = self.pair.port(scheme);
            format!("{scheme}://localhost:{port}")
        };
        let plot = Plot {
            mailbox: &format!("h{n}@many.example"),
            name: &format!("House {n}"),
            imap_url: &url(schemes.0),
            smtp_url: &url(schemes.1),
            password: self.pair.password(),
            ca_file: Some(&PathBuf::from(self.pair.ca_file())),
            people_at: "h40@many.example",
        };
        plot.build(&self.folder.path().join(n.to_string()), people)
    }

    fn sync(&self, house: &mut House) -> Done {
        let done = self.try_sync(house);
        assert_eq!(done.trouble, Vec::<String>::new());
        assert_eq!(done.refused, Vec::<String>::new());
        done
    }

    fn try_sync(&self, house: &mut House) -> Done {
        let reading = house.reading();
        let synced = self.runtime.block_on(house.home.sync(&reading));
        synced.expect("sync")
    }

    /// Syncs until it is so; the mail servers deliver when they like.
    fn sync_until(&self, house: &mut House, what: &str, so: impl Fn(&House) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !so(house) {
            assert!(Instant::now() < end, "{what} did not come about");
            self.sync(house);
        }
    }
}

fn complete(share: &str) -> impl Fn(&House) -> bool {
    let share = share.to_owned();
    move |house| house.knows(&share) && house.share_named(&share).state == ShareState::Complete
}

fn delivered(share: &str) -> impl Fn(&House) -> bool {
    let share = share.to_owned();
    move |house| {
        let mut all = house.destinations(&share).into_iter();
        all.all(|destination| destination.state == DestinationState::Delivered)
    }
}

#[test]
fn two_pictures_reach_two_people_and_a_second_household() {
    let town = Town::new();
    let mut a = town.house(1, ("imaps", "smtps"), &[]);
    let mut b = town.house(2, ("imaps", "smtps"), &["bob", "bea"]);
    let mut c = town.house(3, ("imap", "smtp"), &["carol"]);
    introduce(&mut a, &mut b);
    introduce(&mut a, &mut c);
    let tag = unique("ordinary");
    let ordinary = format!("Subject: {tag}\r\nFrom: <aunt@many.example>\r\n\r\nAt twelve?\r\n");
    let user = "h2@many.example";
    town.pair.place(user, &tag, [ordinary.as_bytes()]);
    let before = town.pair.files(user, &tag);

    let paths = ["lake.jpg", "hill.jpg"].map(|name| a.folder.join(name));
    let originals = [picture(&paths[0], 900, 600), picture(&paths[1], 600, 900)];
    let items = a.import(&paths);
    let to = ["h2+bob@many.example", "h3@many.example"];
    let mut order = order(&[&items[0], &items[1]], &to, "display=300");
    let bea = "h2+bea@many.example".parse().expect("an address");
    let keep = hearthpost::rules::parse_rules("store=full").expect("rules");
    order.stations.push((bea, keep));
    let recorded = a.share(&order).expect("recorded");
    town.sync(&mut a);
    for house in [&mut b, &mut c] {
        town.sync_until(house, "the share", complete(&recorded.share));
    }
    for (n, item) in b.items(&recorded.share).iter().enumerate() {
        let (viewed, _) = b
            .view(&item.reference, "bob", Action::Display)
            .expect("looks");
        assert_eq!(viewed.width.max(viewed.height), Some(300));
        assert!(b.view(&item.reference, "bob", Action::Store).is_err());
        let (_, kept) = b
            .view(&item.reference, "bea", Action::Store)
            .expect("keeps");
        assert!(kept == originals[n], "bit for bit");
    }
    let item = c.items(&recorded.share).remove(0);
    assert!(c.view(&item.reference, "carol", Action::Display).is_ok());
    assert!(c.view(&item.reference, "carol", Action::Store).is_err());
    town.sync_until(&mut a, "both receipts", delivered(&recorded.share));
    town.sync(&mut b);
    let after = town.pair.files(user, &tag);
    assert_eq!((before.len(), after.len()), (1, 1));
    let flags = after[0].split_once(":2,").map_or("", |(_, flags)| flags);
    assert_eq!(flags, "", "ordinary mail is not even seen");
}

#[test]
fn card_request_and_card_go_by_mail() {
    let town = Town::new();
    let mut a = town.house(4, ("imap", "smtp"), &[]);
    let mut b = town.house(5, ("imaps", "smtps"), &[]);
    let now = a.now();
    a.home.request_card(&b.mailbox, now).expect("queued");
    town.sync(&mut a);
    town.sync_until(&mut b, "the question", |b| {
        !b.home.contacts().expect("rows").is_empty()
    });
    town.sync_until(&mut a, "the card", |a| {
        !a.home.contacts().expect("rows").is_empty()
    });
    let known = a.home.contact_at(&b.mailbox).expect("known");
    assert_eq!(known.fingerprint, b.home.me());
    assert_eq!(known.trust, hearthpost::album::Trust::Seen);
}

#[test]
fn files_above_the_size_limit_go_in_several_messages() {
    let town = Town::new();
    let mut a = town.house(6, ("imaps", "smtps"), &[]);
    let mut b = town.house(7, ("imaps", "smtps"), &["bob"]);
    introduce(&mut a, &mut b);
    let limit = town.pair.number("message_size_limit");
    // A budget above the limit: the server's word counts.
    a.home.config.smtp.message_budget = 2 * limit;
    let path = a.folder.join("film.bin");
    let bytes: Vec<u8> = (0..30_000_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    std::fs::write(&path, &bytes).expect("a file");
    let items = a.import(&[path]);
    let shared = a.share(&order(&[&items[0]], &["h7@many.example"], "store=full"));
    let share = shared.expect("recorded").share;
    town.sync(&mut a);
    town.sync(&mut a);
    town.sync_until(&mut b, "the share", complete(&share));
    let item = b.items(&share).remove(0).reference;
    let (_, kept) = b.view(&item, "bob", Action::Store).expect("keeps");
    assert!(kept == bytes);
    town.sync_until(&mut a, "the receipt", delivered(&share));
}

#[test]
fn certificate_of_an_unknown_authority_is_refused_with_words() {
    let town = Town::new();
    for (n, schemes) in [(8, ("imaps", "smtps")), (9, ("imap", "smtp"))] {
        let mut a = town.house(n, schemes, &[]);
        a.home.config.imap.ca_file = None;
        a.home.config.smtp.ca_file = None;
        let now = a.now();
        let b = "h10@many.example".parse().expect("a mailbox");
        a.home.request_card(&b, now).expect("queued");
        let done = town.try_sync(&mut a);
        assert_eq!(done.submitted, 0);
        assert_eq!(done.trouble.len(), 2, "{:?}", done.trouble);
        for trouble in &done.trouble {
            assert!(trouble.contains("certificate"), "{trouble}");
        }
        assert_eq!(a.queued(), 1, "nothing is lost");
    }
}

#[test]
fn wrong_password_is_told_with_its_cure_and_loses_nothing() {
    let town = Town::new();
    let mut a = town.house(11, ("imaps", "smtps"), &[]);
    std::fs::write(a.folder.join("password"), "wrong").expect("a file");
    let now = a.now();
    let b = "h12@many.example".parse().expect("a mailbox");
    a.home.request_card(&b, now).expect("queued");
    let done = town.try_sync(&mut a);
    assert_eq!(done.trouble.len(), 2, "{:?}", done.trouble);
    for trouble in &done.trouble {
        assert!(trouble.contains("password"), "{trouble}");
    }
    assert_eq!(a.queued(), 1);
    std::fs::write(a.folder.join("password"), town.pair.password()).expect("a file");
    a.wait(6 * 3_600);
    town.sync(&mut a);
    assert_eq!(a.queued(), 0);
}

#[test]
fn mailbox_that_does_not_exist_fails_and_the_other_is_served() {
    let town = Town::new();
    let mut a = town.house(13, ("imaps", "smtps"), &[]);
    let mut b = town.house(14, ("imaps", "smtps"), &["bob"]);
    introduce(&mut a, &mut b);
    let nobody = "h9999@many.example".parse().expect("a mailbox");
    let keys = hearthpost::album::Keys::generate("Nobody", &nobody, a.time()).expect("keys");
    let card = keys.card().to_pem().expect("a card");
    let now = a.now();
    a.home
        .add_contact_file(&nobody, card.as_bytes(), now)
        .expect("added");
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let to = ["h14@many.example", "h9999@many.example"];
    let shared = a.share(&order(&[&items[0]], &to, "display=320"));
    let share = shared.expect("recorded").share;
    town.sync(&mut a);
    town.sync_until(&mut b, "the share", complete(&share));
    town.sync_until(&mut a, "the receipt", |a| {
        a.destinations(&share)[0].state == DestinationState::Delivered
    });
    let failed = a.destinations(&share).remove(1);
    assert_eq!(failed.state, DestinationState::Failed);
    assert!(failed.error.is_some_and(|words| words.contains("550")));
}
