//! Households with people in them, on the embedded mail server.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod both;
pub mod by_way;
pub mod forge;
pub mod given;
pub mod granted;
pub mod identity;
pub mod passed;
pub mod returned;
pub mod road;
pub mod state;
pub mod stranger;
pub mod told;

use std::path::{Path, PathBuf};

use hearthpost::address::{Mailbox, StationName};
use hearthpost::album::{Keys, OwnItem};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::Digest;
use hearthpost::rules::Action;
use hearthpost::sharing::accounts::Visitor;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::forward::narrow::Narrowing;
use hearthpost::sharing::forward::{ForwardOrder, Forwarded};
use hearthpost::sharing::revoke::Revoked;
use hearthpost::sharing::share::{Order, Recorded};
use hearthpost::sharing::sync::Done;
use hearthpost::sharing::view::Viewed;
use hearthpost::sharing::{Fault, Household, NewHousehold, Now};
use tempfile::TempDir;
use testmail::{Account, Options, Server};

/// Some hours after the build date, so that no floor lies above it.
pub const START: i64 = 1_800_000_000;

/// The mail provider of everyone, and the folder in which the households live.
pub struct Village {
    pub server: Server,
    pub folder: TempDir,
    runtime: tokio::runtime::Runtime,
}

/// One household with its own idea of the time.
pub struct House {
    pub home: Household,
    pub folder: PathBuf,
    pub mailbox: Mailbox,
    pub wall: i64,
    pub uptime: u64,
    pub synchronised: bool,
}

/// Where a house is built: its mail account, and where its people read mail.
pub struct Plot<'p> {
    pub mailbox: &'p str,
    pub name: &'p str,
    pub imap_url: &'p str,
    pub smtp_url: &'p str,
    pub password: &'p str,
    pub ca_file: Option<&'p Path>,
    pub people_at: &'p str,
}

impl Plot<'_> {
    pub fn build(&self, folder: &Path, people: &[&str]) -> House {
        std::fs::create_dir(folder).expect("a folder");
        std::fs::write(folder.join("password"), self.password).expect("a file");
        let mailbox: Mailbox = self.mailbox.parse().expect("a mailbox");
        let new = NewHousehold {
            mailbox: mailbox.clone(),
            name: self.name.to_owned(),
            imap_url: self.imap_url.to_owned(),
            smtp_url: self.smtp_url.to_owned(),
            username: mailbox.to_string(),
            password_file: folder.join("password"),
            data: Some(folder.join("data")),
            ca_file: self.ca_file.map(Path::to_owned),
        };
        let config = folder.join("hearthpost.toml");
        Household::init(&config, &new, Timestamp::from_unix(START - 3600)).expect("init");
        let mut home = Household::open(&config).expect("opens");
        for name in people {
            let station: StationName = name.parse().expect("a station");
            let mail = self.people_at.parse().expect("a mailbox");
            home.add_person(station, mail, Timestamp::from_unix(START))
                .expect("added");
        }
        House {
            home,
            folder: folder.to_owned(),
            mailbox,
            wall: START,
            uptime: 1000,
            synchronised: true,
        }
    }
}

impl Village {
    pub fn new(letters: &str) -> Self {
        let accounts = letters
            .chars()
            .map(|x| Account::new(format!("home-{x}@{x}.example"), "secret"))
            .chain([Account::new("people@p.example", "secret")])
            .collect();
        let options = Options {
            accounts,
            ..Options::default()
        };
        Village {
            server: Server::start(options).expect("testmail starts"),
            folder: tempfile::tempdir().expect("a folder"),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
        }
    }

    pub fn house(&self, x: &str, people: &[&str]) -> House {
        self.house_at(x, &format!("home-{x}@{x}.example"), people)
    }

    /// A house in a folder called `x`, at any mailbox of the village.
    pub fn house_at(&self, x: &str, mailbox: &str, people: &[&str]) -> House {
        let plot = Plot {
            mailbox,
            name: &format!("House {}", x.to_uppercase()),
            imap_url: &format!("imap+plain://127.0.0.1:{}", self.server.imap_port()),
            smtp_url: &format!("smtp+plain://127.0.0.1:{}", self.server.smtp_port()),
            password: "secret",
            ca_file: None,
            people_at: "people@p.example",
        };
        plot.build(&self.folder.path().join(x), people)
    }

    /// Both know each other by certificate file.
    pub fn introduce(&self, a: &mut House, b: &mut House) {
        introduce(a, b);
    }

    pub fn sync(&self, house: &mut House) -> Done {
        let done = self.try_sync(house).expect("sync");
        assert_eq!(done.trouble, Vec::<String>::new());
        done
    }

    pub fn try_sync(&self, house: &mut House) -> Result<Done, Fault> {
        let reading = house.reading();
        self.runtime.block_on(house.home.sync(&reading))
    }

    pub fn run<F: std::future::Future>(&self, what: F) -> F::Output {
        self.runtime.block_on(what)
    }

    /// Everyone syncs until nothing moves any more.
    pub fn settle(&self, houses: &mut [&mut House]) {
        for _ in 0..8 {
            let mut moved = 0;
            for house in houses.iter_mut() {
                let done = self.sync(house);
                moved += done.submitted + done.fetched;
            }
            if moved == 0 {
                return;
            }
        }
        panic!("the households do not come to rest");
    }
}

/// Nothing can be written to a house by another, until its card has come.
pub fn cannot_write(houses: &mut [House], from: usize, to: usize) {
    let to = houses[to].home.me();
    let noted = houses[from].home.album.commit(|rows| {
        let mut contact = rows.contact(to)?.expect("known");
        contact.unproven = true;
        rows.put_contact(&contact)
    });
    noted.expect("rows");
}

/// Both know each other by certificate file.
pub fn introduce(a: &mut House, b: &mut House) {
    let cards = [&*a, &*b].map(|house| house.home.own_card_pem().expect("a card"));
    let (at_a, at_b) = (a.mailbox.clone(), b.mailbox.clone());
    for (house, mailbox, card) in [(a, at_b, &cards[1]), (b, at_a, &cards[0])] {
        let now = house.now();
        house
            .home
            .add_contact_file(&mailbox, card.as_bytes(), now)
            .expect("added");
    }
}

impl House {
    /// The same household, opened once more, as by another program.
    pub fn twin(&self) -> House {
        House {
            home: Household::open(&self.folder.join("hearthpost.toml")).expect("opens"),
            folder: self.folder.clone(),
            mailbox: self.mailbox.clone(),
            wall: self.wall,
            uptime: self.uptime,
            synchronised: self.synchronised,
        }
    }

    /// Sends and reads mail where no village is at hand.
    pub fn sync_alone(&mut self) -> Done {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let reading = self.reading();
        let done = runtime
            .expect("a runtime")
            .block_on(self.home.sync(&reading));
        done.expect("sync")
    }

    pub fn reading(&self) -> Reading {
        Reading {
            wall: Timestamp::from_unix(self.wall),
            boot: "boot".to_owned(),
            uptime: self.uptime,
            synchronised: self.synchronised,
        }
    }

    /// Its keys are these from now on, as if it had been made with them.
    pub fn take_keys(&mut self, keys: Keys) {
        let who = keys.identity.fingerprint().to_string();
        let album = &mut self.home.album;
        let noted = album.commit(|rows| rows.set_setting("identity", &who));
        noted.expect("an album");
        self.home.keys = keys;
    }

    pub fn now(&mut self) -> Timestamp {
        Timestamp::from_unix(self.wall)
    }

    /// What its clock says, and how far that is sure.
    pub fn clock(&mut self) -> Now {
        let reading = self.reading();
        self.home.tick(&reading, &[]).expect("a clock")
    }

    /// Time goes by, and the clock shows it.
    pub fn wait(&mut self, seconds: u64) {
        self.wall += seconds as i64;
        self.uptime += seconds;
    }

    pub fn import(&mut self, paths: &[PathBuf]) -> Vec<OwnItem> {
        let now = self.now();
        let imported = self
            .home
            .import(paths, None, now, &mut |_| {})
            .expect("import");
        assert!(imported.skipped.is_empty(), "{:?}", imported.skipped);
        imported.items
    }

    pub fn share(&mut self, order: &Order) -> Result<Recorded, Fault> {
        let reading = self.reading();
        let now = self.home.tick(&reading, &[]).expect("time");
        self.home.share(order, now, &mut |_| {})
    }

    /// Passes a share on as `person`: `rules` empty for all that may be.
    pub fn forward(
        &mut self,
        share: &str,
        person: &str,
        to: &[&str],
        rules: &str,
    ) -> Result<Forwarded, Fault> {
        self.forward_order(ForwardOrder {
            share: share.to_owned(),
            person: Some(person.parse().expect("a station")),
            to: to.iter().map(|text| (*text).to_owned()).collect(),
            rules: (!rules.is_empty()).then(|| Narrowing {
                rules: hearthpost::rules::parse_rules(rules).expect("rules"),
                says_what: true,
                ..Narrowing::default()
            }),
            yes: true,
            ..ForwardOrder::default()
        })
    }

    pub fn forward_order(&mut self, order: ForwardOrder) -> Result<Forwarded, Fault> {
        let reading = self.reading();
        let now = self.home.tick(&reading, &[]).expect("time");
        self.home.forward(&order, now)
    }

    /// A person asks for so much of a share, with these words.
    pub fn asks(
        &mut self,
        share: &str,
        person: &str,
        rules: &str,
        words: &str,
    ) -> Result<String, Fault> {
        let now = self.clock();
        let person = person.parse().expect("a station");
        let rules = hearthpost::rules::parse_rules(rules).expect("rules");
        self.home
            .ask(share, &person, Some(rules.into()), words, now)
    }

    pub fn revoke(&mut self, share: &str, from: Option<&str>) -> Result<Revoked, Fault> {
        let reading = self.reading();
        let now = self.home.tick(&reading, &[]).expect("time");
        self.home.revoke(share, from, now)
    }

    pub fn view(
        &mut self,
        item: &str,
        person: &str,
        action: Action,
    ) -> Result<(Viewed, Vec<u8>), Fault> {
        let out = self.folder.join(format!("out-{person}-{action}"));
        let _ = std::fs::remove_file(&out);
        let reading = self.reading();
        let now = self.home.tick(&reading, &[]).expect("time");
        let person = person.parse().expect("a station");
        let viewed = self.home.view(item, &person, action, &out, now);
        match viewed {
            Ok(viewed) => Ok((viewed, std::fs::read(&out).expect("handed over"))),
            Err(fault) => {
                assert!(!out.exists(), "a denial leaves no file");
                Err(fault)
            }
        }
    }
}

/// Somebody of the house who does not keep it, as a browser of theirs says.
pub fn visitor(person: &str) -> Visitor {
    Visitor {
        station: person.parse().expect("a station"),
        keeper: false,
        session: Digest::of(b"session"),
        language: None,
    }
}

pub fn order(what: &[&OwnItem], to: &[&str], rules: &str) -> Order {
    Order {
        what: what.iter().map(|item| item.reference.clone()).collect(),
        to: to.iter().map(|text| (*text).to_owned()).collect(),
        rules: Some(hearthpost::rules::parse_rules(rules).expect("rules")),
        yes: true,
        ..Order::default()
    }
}

/// A picture that `a` shared with `b`: its mails lie in the mailbox of `b`, which has not looked yet.
pub fn on_its_way(rules: &str) -> (Village, House, House, String) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], rules);
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    (village, a, b, share)
}

/// A JPEG with something in it.
pub fn picture(path: &Path, width: u32, height: u32) -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([
            (x * 255 / width) as u8,
            (y * 255 / height) as u8,
            ((x * y) % 251) as u8,
        ])
    });
    pixels.save(path).expect("a picture");
    std::fs::read(path).expect("a picture")
}
