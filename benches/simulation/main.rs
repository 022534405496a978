//! A network of 10 to 10,000 households: what one of them keeps and does in a year, which must not depend on how many the
//! others are.
//!
//! `cargo bench --bench simulation`; a number behind `--` is the largest network.
//!
//! 1. The price of things, in a real album over a real mailbox (`testmail`): bytes and CPU of a contact, a share that is made
//!    and sent to ten households, a share that comes, a `sync` with nothing new. Each again when the household knows 10, 100, 1,000,
//!    10,000 others: the price must stay.
//! 2. The network as data: power-law contacts, a year of sharing; with those prices, what the household in the middle keeps
//!    and does, and the one with most contacts.
//!
//! CPU is that of the household's own thread: the mail server has its own.

#[path = "../../tests/support/house/mod.rs"]
mod house;
mod network;

use hearthpost::album::{Contact, Keys, OwnItem, Rows, Trust};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::Card;
use house::{House, Village, introduce, order};
use network::{Chance, TO, Year, grown, year};
use rusqlite::Connection;
use testmail::Account;

const ITEMS: usize = 10;
const RUNS: usize = 5;

/// What one thing costs: milliseconds of CPU, bytes of rows.
#[derive(Clone, Copy, Default)]
struct Price {
    cpu: f64,
    bytes: f64,
}

#[derive(Clone, Copy, Default)]
struct Prices {
    contact: Price,
    made: Price,
    came: Price,
    idle: Price,
}

/// The household that is measured, and one that shares with it.
struct Stage {
    village: Village,
    me: House,
    other: House,
    known: usize,
    mine: Vec<OwnItem>,
    theirs: Vec<OwnItem>,
}

fn main() {
    let most = std::env::args().filter_map(|word| word.parse().ok()).next();
    let most: usize = most.unwrap_or(10_000);
    let sizes: Vec<usize> = [10, 100, 1_000, 10_000]
        .into_iter()
        .filter(|size| *size <= most)
        .collect();
    println!("A household that knows so many others; of each: CPU in ms, bytes of rows");
    println!(
        "{:>6} {:>16} {:>22} {:>22} {:>16}",
        "knows", "a contact", "a share to ten", "a share that comes", "nothing new"
    );
    let mut stage = Stage::new();
    let mut all = Vec::new();
    for size in &sizes {
        let prices = stage.prices(*size);
        let told = |price: Price| format!("{:.2} ms {:.0}", price.cpu, price.bytes);
        println!(
            "{size:>6} {:>16} {:>22} {:>22} {:>16}",
            told(prices.contact),
            told(prices.made),
            told(prices.came),
            told(prices.idle)
        );
        all.push(prices);
    }
    println!(
        "\nA year in a network: {} shares a household, each of {ITEMS} items to at most {}",
        network::SHARES,
        network::TO
    );
    println!(
        "{:>6}  {:42} with most contacts",
        "of", "the household in the middle"
    );
    for (size, prices) in sizes.into_iter().zip(all) {
        let mut chance = Chance(size as u64);
        let contacts = grown(size, &mut chance);
        let mut years = year(&contacts, &mut chance);
        years.sort_by_key(|year| (year.contacts, year.received));
        let (middle, hub) = (years[size / 2], years[size - 1]);
        println!(
            "{size:>6}  {:42} {}",
            told(&middle, &prices),
            told(&hub, &prices)
        );
    }
}

/// What a year leaves and takes. A household that is idle makes a pass each five minutes.
fn told(year: &Year, prices: &Prices) -> String {
    let sum = |price: fn(Price) -> f64| {
        year.contacts as f64 * price(prices.contact)
            + year.made as f64 * price(prices.made)
            + year.received as f64 * price(prices.came)
    };
    let idle = 365.0 * 24.0 * 12.0 * prices.idle.cpu;
    format!(
        "{} contacts, {} came: {:.1} MB, {:.0} + {:.0} s",
        year.contacts,
        year.received,
        sum(|price| price.bytes) / 1e6,
        sum(|price| price.cpu) / 1e3,
        idle / 1e3,
    )
}

impl Stage {
    fn new() -> Self {
        let village = Village::new("ab");
        let (mut me, mut other) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
        introduce(&mut me, &mut other);
        let notes = |house: &mut House| {
            let note = |n: usize| {
                let path = house.folder.join(format!("note-{n}.txt"));
                std::fs::write(
                    &path,
                    format!("a short note, number {n}, of {}\n", house.mailbox),
                )
                .expect("a file");
                path
            };
            let paths: Vec<_> = (0..ITEMS).map(note).collect();
            house.import(&paths)
        };
        let (mine, theirs) = (notes(&mut me), notes(&mut other));
        Stage {
            village,
            me,
            other,
            known: 1,
            mine,
            theirs,
        }
    }

    /// What things cost when the household knows so many.
    fn prices(&mut self, knows: usize) -> Prices {
        let mut prices = Prices::default();
        let cards: Vec<_> = (self.known..knows).map(stranger).collect();
        self.known = knows;
        // The first ones have mailboxes, so that mail to them arrives.
        for (mailbox, _) in cards.iter().take(TO) {
            let account = Account::new(mailbox.as_str(), "secret");
            self.village.server.add_account(&account);
        }
        // Most of them at once, so that the disk is not waited for so often.
        let now = self.me.now();
        let (most, last) = cards.split_at(cards.len() - RUNS);
        let known = most.iter().map(|(_, card)| known(card, now));
        let put = |rows: Rows<'_>| known.into_iter().try_for_each(|one| rows.put_contact(&one));
        self.me.home.album.commit(put).expect("stored");
        let before = self.bytes();
        let mut last = last.iter();
        prices.contact.cpu = middle(|| {
            let (mailbox, card) = last.next().expect("one each run");
            let (mailbox, pem) = (mailbox.parse(), card.to_pem());
            let (mailbox, pem) = (mailbox.expect("a mailbox"), pem.expect("PEM"));
            let begun = cpu();
            let added = self.me.home.add_contact_file(&mailbox, pem.as_bytes(), now);
            added.expect("added");
            cpu() - begun
        });
        prices.contact.bytes = (self.bytes() - before) / RUNS as f64;
        let to: Vec<String> = (1..=9)
            .map(mailbox)
            .chain([self.other.mailbox.to_string()])
            .collect();
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        // What is done for the first time, and for what was done before.
        self.share_and_send(&to);
        self.take_in();
        let before = self.bytes();
        prices.made.cpu = middle(|| self.share_and_send(&to));
        prices.made.bytes = (self.bytes() - before) / RUNS as f64;
        // Receipts of those shares.
        self.take_in();
        self.village.sync(&mut self.me);
        let before = self.bytes();
        prices.came.cpu = middle(|| self.take_in());
        prices.came.bytes = (self.bytes() - before) / RUNS as f64;
        self.village.sync(&mut self.me);
        prices.idle.cpu = middle(|| {
            let begun = cpu();
            self.me.wait(300);
            self.village.sync(&mut self.me);
            cpu() - begun
        });
        prices
    }

    fn share_and_send(&mut self, to: &[&str]) -> f64 {
        let items: Vec<_> = self.mine.iter().collect();
        let begun = cpu();
        self.me
            .share(&order(
                &items,
                to,
                "display=full,store=full,until=2040-01-01T00:00:00Z",
            ))
            .expect("recorded");
        self.village.sync(&mut self.me);
        cpu() - begun
    }

    /// Another household shares, and this one takes it in; the receipts of what it shared come on the way.
    fn take_in(&mut self) -> f64 {
        let items: Vec<_> = self.theirs.iter().collect();
        let me = self.me.mailbox.to_string();
        let rules = "display=full,store=full,until=2040-01-01T00:00:00Z";
        self.village.sync(&mut self.other);
        self.village.sync(&mut self.me);
        self.other
            .share(&order(&items, &[&me], rules))
            .expect("recorded");
        self.village.sync(&mut self.other);
        let begun = cpu();
        let done = self.village.sync(&mut self.me);
        assert!(done.ingested > 0, "{done:?}");
        cpu() - begun
    }

    /// Bytes of the album's file that are in use.
    fn bytes(&self) -> f64 {
        let file = self.me.folder.join("data/album.sqlite");
        let album = Connection::open(file).expect("an album");
        let ask = |what: &str| -> f64 {
            let answer = album.query_row(&format!("PRAGMA {what}"), [], |row| row.get(0));
            answer.expect("a number")
        };
        (ask("page_count") - ask("freelist_count")) * ask("page_size")
    }
}

fn mailbox(n: usize) -> String {
    format!("h{n}@many.example")
}

/// Another household.
fn stranger(n: usize) -> (String, Card) {
    let at = mailbox(n);
    let now = Timestamp::from_unix(house::START - 3_600);
    let keys = Keys::generate("Another house", &at.parse().expect("a mailbox"), now);
    (at, keys.expect("keys").card().clone())
}

/// As `add_contact_file` knows it.
fn known(card: &Card, now: Timestamp) -> Contact {
    let mut contact = Contact::stranger(&card.identity, now);
    let certificates = card.encryption.iter();
    contact.encryption = certificates.map(|one| one.der().to_vec()).collect();
    contact.trust = Trust::Verified;
    contact.accepted = true;
    contact
}

fn middle(mut run: impl FnMut() -> f64) -> f64 {
    let mut times: Vec<f64> = (0..RUNS).map(|_| run()).collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

/// Milliseconds that this thread ran so far (proc(5), /proc/PID/schedstat).
fn cpu() -> f64 {
    // The system writes it down when a thread lets go.
    std::thread::yield_now();
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("proc is mounted");
    let ran = stat.split(' ').next().expect("three numbers");
    ran.parse::<f64>().expect("a number") / 1e6
}
