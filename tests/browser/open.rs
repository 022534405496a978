//! Three households in a row whose sites are open to browsers, whatever carries their mail.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::browser::Browser;
use crate::browser::scene::{PASSWORD, sample};
use crate::house::{House, START, introduce};
use hearthpost::address::StationName;
use hearthpost::sharing::accounts::Password;
use hearthpost::web::{Serving, Site, Station, serve};

/// The last stop on the way of a share, once it is there.
pub const ARRIVED: &str = ".track li.done:last-child";
/// The page has what this finds.
const HAS: &str = "return document.querySelector(arguments[0]) !== null;";
/// What the page says.
const SAYS: &str = "return document.querySelector('main').innerText.includes(arguments[0]);";

/// The households of ann, bob and carol, who keep them, each with its site. Bob's knows the other two.
pub struct Open {
    pub houses: Vec<House>,
    /// The time at all of them, which the sites see.
    pub time: Arc<AtomicI64>,
    pub sites: Vec<(Serving, SocketAddr)>,
}

impl Open {
    /// `build` makes a house by its letter, with that person.
    pub fn of(build: impl Fn(&str, &str) -> House) -> Self {
        let people = [("a", "ann"), ("b", "bob"), ("c", "carol")];
        let mut houses: Vec<House> = people.map(|(x, who)| build(x, who)).into();
        for (one, other) in [(0, 1), (1, 2)] {
            let (before, rest) = houses.split_at_mut(other);
            introduce(&mut before[one], &mut rest[0]);
        }
        for (house, (_, who)) in houses.iter_mut().zip(people) {
            let (now, who): (_, StationName) = (house.now(), who.parse().expect("a station"));
            let password = Password::new(PASSWORD.to_owned());
            house.home.set_password(&who, &password, now).expect("set");
            house.home.set_keeper(&who, true).expect("the keeper");
        }
        let mut open = Open {
            houses,
            time: Arc::new(AtomicI64::new(START)),
            sites: Vec::new(),
        };
        for house in 0..3 {
            let site = open.open(house, ([127, 0, 0, 1], 0).into());
            open.sites.push(site);
        }
        open
    }

    /// Opens the site of a house, whose clock is that of all.
    pub fn open(&self, house: usize, at: SocketAddr) -> (Serving, SocketAddr) {
        let (house, time) = (&self.houses[house], Arc::clone(&self.time));
        let first = house.reading();
        let clock = move || {
            let mut reading = first.clone();
            let wall = time.load(Ordering::SeqCst);
            reading.uptime += u64::try_from(wall - START).unwrap_or_default();
            reading.wall = hearthpost::encoding::Timestamp::from_unix(wall);
            reading
        };
        let config = house.folder.join("hearthpost.toml");
        let station = Station::with_clock(&config, &house.home, Box::new(clock));
        let site = Site::of(station, at).expect("a port");
        let at = site.address().expect("it listens");
        (serve(vec![site]).expect("it answers"), at)
    }

    pub fn base(&self, house: usize) -> String {
        format!("http://{}", self.sites[house].1)
    }

    /// Time goes by everywhere.
    pub fn wait(&mut self, seconds: u64) {
        for house in &mut self.houses {
            house.wait(seconds);
        }
        self.time.fetch_add(seconds as i64, Ordering::SeqCst);
    }

    /// A picture of the album of a house, by its name.
    pub fn import(&mut self, house: usize, name: &str) -> String {
        let items = self.houses[house].import(&[sample(name)]);
        items[0].reference.clone()
    }

    pub fn browser(&self, house: usize, who: &str) -> Browser {
        let browser = Browser::start();
        browser.sign_in(&self.base(house), who);
        browser
    }
}

impl Browser {
    pub fn has(&self, css: &str) -> bool {
        self.run(HAS, vec![css.into()]) == true
    }

    pub fn says(&self, words: &str) -> bool {
        self.run(SAYS, vec![words.into()]) == true
    }
}
