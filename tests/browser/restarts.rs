//! Three households share, look, pass on and take back in real browsers while the mail servers go and come: those of the
//! tests, and Dovecot and Postfix.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::browser::Browser;
use crate::house::{House, Plot, Village};
use crate::open::{ARRIVED, Open};
use crate::pair::own::OwnPair;
use tempfile::TempDir;
use testmail::{Account, Options, Server};
use tokio::runtime::Runtime;

/// What carries the mail of all.
trait Mail {
    fn build(&self, x: &str, who: &str) -> House;

    /// Nobody answers where mail is handed in and fetched.
    fn stop(&mut self);

    /// At the same ports.
    fn again(&mut self);
}

/// The servers of the tests, which forget their mail.
struct Small {
    village: Village,
    ports: (u16, u16),
    /// How often they were started anew.
    restarts: usize,
}

impl Small {
    fn new() -> Self {
        let village = Village::new("abc");
        let ports = (village.server.smtp_port(), village.server.imap_port());
        Small {
            village,
            ports,
            restarts: 0,
        }
    }
}

impl Mail for Small {
    fn build(&self, x: &str, who: &str) -> House {
        self.village.house(x, &[who])
    }

    fn stop(&mut self) {
        let elsewhere = Server::start(Options::default()).expect("another one");
        drop(std::mem::replace(&mut self.village.server, elsewhere));
    }

    fn again(&mut self) {
        let homes = ["a", "b", "c"].map(|x| format!("home-{x}@{x}.example"));
        let all = homes.into_iter().chain(["people@p.example".to_owned()]);
        let accounts: Vec<_> = all.map(|name| Account::new(name, "secret")).collect();
        let options = Options {
            accounts: accounts.clone(),
            smtp_port: Some(self.ports.0),
            imap_port: Some(self.ports.1),
            ..Options::default()
        };
        self.village.server = Server::start(options).expect("the same ports");
        // Its mailboxes are made anew, and are read from their beginning.
        self.restarts += 1;
        for account in accounts {
            for _ in 0..self.restarts {
                let server = &self.village.server;
                let changed = server.change_uidvalidity(&account.address, "INBOX");
                changed.expect("a folder");
            }
        }
    }
}

/// Dovecot and Postfix, which nobody else uses, over TLS.
struct Real {
    pair: OwnPair,
    folder: TempDir,
}

impl Mail for Real {
    fn build(&self, x: &str, who: &str) -> House {
        let pair = &self.pair.pair;
        let plot = Plot {
            mailbox: &format!("home-{x}@{x}.example"),
            name: &format!("House {}", x.to_uppercase()),
            imap_url: &format!("imaps://localhost:{}", pair.port("imaps")),
            smtp_url: &format!("smtps://localhost:{}", pair.port("smtps")),
            password: pair.password(),
            ca_file: Some(&PathBuf::from(pair.ca_file())),
            people_at: "h1@many.example",
        };
        plot.build(&self.folder.path().join(x), &[who])
    }

    fn stop(&mut self) {
        self.pair.stop();
    }

    fn again(&mut self) {
        self.pair.again();
    }
}

struct Story<M> {
    mail: M,
    open: Open,
    runtime: Runtime,
}

impl<M: Mail> Story<M> {
    fn new(mail: M) -> Self {
        let open = Open::of(|x, who| mail.build(x, who));
        let runtime = Runtime::new().expect("a runtime");
        Story {
            mail,
            open,
            runtime,
        }
    }

    /// While `meanwhile` runs, the mail servers are away; every household notices.
    fn without_mail(&mut self, meanwhile: impl FnOnce()) {
        self.mail.stop();
        meanwhile();
        for house in &mut self.open.houses {
            let reading = house.reading();
            let done = self.runtime.block_on(house.home.sync(&reading));
            assert!(!done.expect("sync").trouble.is_empty(), "the line is gone");
        }
        self.mail.again();
        // What was tried in vain waits a while.
        self.open.wait(8 * 3_600);
    }

    /// The households go on until it is so.
    fn until(&mut self, what: &str, so: impl Fn() -> bool) {
        let end = Instant::now() + Duration::from_secs(90);
        while !so() {
            assert!(Instant::now() < end, "{what} did not come about");
            for house in &mut self.open.houses {
                let reading = house.reading();
                let done = self.runtime.block_on(house.home.sync(&reading));
                assert_eq!(done.expect("sync").trouble, Vec::<String>::new());
            }
        }
    }

    fn goes_its_way(&mut self) {
        let lake = self.open.import(0, "lake-dusk.jpg");
        let [a, b, c] = [0, 1, 2].map(|house| self.open.base(house));
        let (ann, bob, carol) = (
            self.open.browser(0, "ann"),
            self.open.browser(1, "bob"),
            self.open.browser(2, "carol"),
        );
        bob.goto(&format!("{b}/received"));
        carol.goto(&format!("{c}/received"));

        // Ann shares everything with Bob's household; the page says that it waits, and then that it arrived.
        self.without_mail(|| {
            ann.goto(&format!("{a}/share?picture={lake}"));
            ann.click(".people label");
            ann.click(".presets input[value=all]");
            ann.fill("input[name=title]", "The lake");
            ann.click("button[value=share]");
            ann.until("recorded", || ann.at().starts_with("/sent/"));
            assert!(ann.says("Goes out as soon as the line allows"));
        });
        self.until("word of its arrival", || ann.has(ARRIVED));

        // Bob's page, which lay open, has it.
        bob.until("the share", || bob.says("The lake"));
        open_the_picture(&bob);
        let width = "return document.querySelector('.stage img').naturalWidth;";
        assert_eq!(bob.run(width, vec![]), 780);

        // He passes it on to Carol, to look at.
        let path = bob.at();
        let share = path.split('/').nth(2).expect("a share").to_owned();
        self.without_mail(|| {
            bob.goto(&format!("{b}/received/{share}/pass-on"));
            bob.click("input[name=to]");
            bob.click("button[value=check]");
            bob.until("what will happen", || bob.has("button[value=send]"));
            bob.click("button[value=send]");
            bob.until("passed on", || bob.at().ends_with("/passed-on"));
        });
        // Its letter may come before its picture, and nobody looks for more once this is so.
        self.until("the share", || {
            carol.says("The lake") && !carol.says("still arriving")
        });
        open_the_picture(&carol);
        assert!(!carol.has("a[download]"), "she may look only");
        ann.goto(&format!("{a}/sent"));
        self.until("word of the copy further on", || ann.says("Passed on by"));

        // Ann takes it back, and it goes from the pages that lie open, Carol's viewer among them.
        bob.goto(&format!("{b}/received"));
        bob.until_shown();
        self.without_mail(|| {
            ann.goto(&format!("{a}/sent"));
            ann.click("section.out h2 a");
            ann.click("#stop form button");
            ann.until("it is taken back", || !ann.has("#stop form button"));
        });
        self.until("the end of the picture", || !carol.has(".stage img"));
        bob.until("the end of the card", || !bob.says("The lake"));
        self.until("word of the end", || ann.says("deleted there"));
        for browser in [&ann, &bob] {
            assert_eq!(browser.complaints(), Vec::<String>::new());
        }
    }
}

/// The only one of the only share.
fn open_the_picture(browser: &Browser) {
    browser.click(".card h2 a");
    browser.click(".rows a");
    browser.until("the picture", || browser.has(".stage img"));
    browser.until_shown();
}

#[test]
fn what_is_shared_goes_its_way_while_the_mail_server_goes_and_comes() {
    Story::new(Small::new()).goes_its_way();
}

#[test]
fn what_is_shared_goes_its_way_while_dovecot_and_postfix_go_and_come() {
    let real = Real {
        pair: OwnPair::start(),
        folder: tempfile::tempdir().expect("a folder"),
    };
    Story::new(real).goes_its_way();
}
