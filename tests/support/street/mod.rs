//! Households with configurations of their own, whose mail is at one `testmail`, for the tests of `serve`.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hearthpost::album::ring;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::share::Order;
use hearthpost::sharing::{Household, NewHousehold};
use tempfile::TempDir;
use testmail::{Account, Options, Server};

pub const SOON: Duration = Duration::from_secs(60);

pub struct Street {
    pub server: Server,
    pub folder: TempDir,
}

/// Looks until it is so: what another thread or program does tells nobody.
pub fn await_that(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + SOON;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

impl Street {
    pub fn new(letters: &str) -> Self {
        let accounts = letters
            .chars()
            .map(|x| Account::new(address(&x.to_string()), "secret"))
            .chain([Account::new("people@p.example", "secret")])
            .collect();
        let options = Options {
            accounts,
            ..Options::default()
        };
        Street {
            server: Server::start(options).expect("testmail starts"),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    pub fn house(&self, x: &str) -> PathBuf {
        self.house_at(x, self.server.imap_port())
    }

    pub fn house_at(&self, x: &str, imap: u16) -> PathBuf {
        // Deeper than the path of a socket may be.
        let folder = self.folder.path().join("deep".repeat(30)).join(x);
        std::fs::create_dir_all(&folder).expect("a folder");
        let password = folder.join("password");
        std::fs::write(&password, "secret\n").expect("a file");
        let alone = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&password, alone).expect("its owner's");
        let new = NewHousehold {
            mailbox: address(x).parse().expect("a mailbox"),
            name: format!("House {x}"),
            imap_url: format!("imap+plain://127.0.0.1:{imap}"),
            smtp_url: format!("smtp+plain://127.0.0.1:{}", self.server.smtp_port()),
            username: address(x),
            password_file: folder.join("password"),
            data: None,
            ca_file: None,
        };
        let config = folder.join("hearthpost.toml");
        let now = Reading::take().wall;
        Household::init(&config, &new, now).expect("init");
        // These tests wait for the second notice too.
        let text = std::fs::read_to_string(&config).expect("written");
        let text = format!("{text}\n[notify]\nquiet = \"1s\"\n");
        std::fs::write(&config, text).expect("a file");
        let mut home = Household::open(&config).expect("opens");
        let person = "bob".parse().expect("a station");
        let mail = "people@p.example".parse().expect("a mailbox");
        home.add_person(person, mail, now).expect("added");
        config
    }

    /// Waits until the people have so many notices.
    pub fn until_told(&self, count: usize) {
        let people = "people@p.example";
        let told = self.server.wait_for_messages(people, "INBOX", count, SOON);
        told.expect("told");
    }

    pub fn logins(&self, x: &str) -> usize {
        let login = format!("LOGIN {} ***", address(x));
        let log = self.server.imap_log();
        log.iter().filter(|command| command.text == login).count()
    }
}

pub fn address(x: &str) -> String {
    format!("home-{x}@{x}.example")
}

pub fn introduce(configs: [&Path; 2]) {
    let mut homes = configs.map(|config| Household::open(config).expect("opens"));
    let cards = homes
        .each_ref()
        .map(|home| home.own_card_pem().expect("a card"));
    let mailboxes = homes.each_ref().map(|home| home.config.mailbox.clone());
    let now = Reading::take().wall;
    for (at, other) in [(0, 1), (1, 0)] {
        homes[at]
            .add_contact_file(&mailboxes[other], cards[other].as_bytes(), now)
            .expect("added");
    }
}

/// As another process does it, which rings the bell when it is done.
pub fn share(config: &Path, to: &str, rings: bool) {
    let mut home = Household::open(config).expect("opens");
    let file = config.with_file_name("a.txt");
    std::fs::write(&file, format!("for {to}")).expect("a file");
    let now = home.tick(&Reading::take(), &[]).expect("time");
    let order = Order {
        what: vec![file.to_str().expect("text").to_owned()],
        to: vec![to.to_owned()],
        rules: Some(hearthpost::rules::parse_rules("store=full,period=PT1H").expect("rules")),
        yes: true,
        ..Order::default()
    };
    home.share(&order, now, &mut |_| {}).expect("shared");
    if rings {
        ring(home.album.folder());
    }
}
