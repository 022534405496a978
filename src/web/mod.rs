//! The station: what a person of the house sees and does in a browser. It parses, calls the use cases and prints.
//!
//! 1. A [`Station`] is one household's site; [`serve`] answers for those that listen.
//! 2. Every route stands in the one table of `routes`, with who may call it; `guard` holds that before a handler runs.
//! 3. A handler borrows a household from `house`, on a thread that may wait for the disk, and calls one use case.
//! 4. What it gives is a page (`page`, from `templates/web`, words from `words`), or a rendition (`media`).
//!    A fault becomes a page or a status in one place (`fault`).
//!
//! Nothing but what `sharing`'s gate hands over is ever a response's picture, and no handler knows a key.

mod album;
mod answer;
mod api;
mod asking;
mod assets;
mod ca;
mod card;
mod crowd;
mod directory;
mod door;
mod fault;
mod form;
mod frame;
mod guard;
mod hosts;
mod house;
mod households;
mod identity;
mod keep_all;
mod language;
mod line;
mod manifest;
mod media;
mod page;
mod pass_on;
mod programs;
mod pulse;
mod received;
mod routes;
mod said;
mod sent;
mod settings;
mod share;
mod stream;
mod the_box;
mod tls;
mod turns;
mod viewer;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use axum::Router;
use minijinja::{Value, context};
use tokio::sync::Semaphore;

use self::card::Glance;
use self::hosts::Hosts;
use self::house::House;
use self::page::Pages;
use self::pulse::Pulses;
use self::tls::Tls;
use crate::sharing::accounts::Visitor;
use crate::sharing::clock::Reading;
use crate::sharing::{Fault, Household, Now};

pub use self::answer::{Opened, Serving, serve};
pub use self::house::Clock;
pub use self::routes::{Route, Who, routes as all_routes};

/// One household's site.
pub struct Station {
    house: House,
    pulses: Pulses,
    /// Made for the first browser: most sites of a machine are at rest.
    pages: LazyLock<Pages, Box<dyn FnOnce() -> Pages + Send>>,
    hosts: Hosts,
    /// The name of its cookies: several households of one machine must not take each other's.
    cookie: String,
    /// Passwords are compared one after another: they cost memory and time, which strangers must not have all of.
    hashing: Semaphore,
    /// The box is looked at by one at a time: that waits for mail servers, and other pages must not.
    checking: Semaphore,
    proxy: bool,
    /// Whether browsers are told to come by TLS alone for a while (RFC 6797): only where the certificate is the operator's,
    /// for whom the household's own cannot be made anew in a moment.
    strict: bool,
    /// What the household calls itself.
    name: String,
    /// How much is new on the cards that are in.
    glance: Arc<Glance>,
}

impl Station {
    /// The site of a household, of that configuration file.
    pub fn new(config: &Path, home: &Household) -> Arc<Self> {
        Station::with_clock(config, home, Box::new(Reading::take))
    }

    /// The same, by another clock.
    pub fn with_clock(config: &Path, home: &Household, clock: Clock) -> Arc<Self> {
        let templates = home.album.folder().join("templates");
        Arc::new(Station {
            pulses: Pulses::new(config),
            pages: LazyLock::new(Box::new(move || Pages::new(templates))),
            hosts: Hosts::of(home),
            cookie: format!("hearthpost-{}", &home.me().to_string()[..8]),
            hashing: Semaphore::new(1),
            checking: Semaphore::new(1),
            proxy: home.config.web.proxy,
            strict: home.config.web.certificate.is_some(),
            name: home.config.name.clone(),
            glance: Arc::default(),
            house: House::new(config, home.album.folder(), clock),
        })
    }

    /// The name of the cookie by which a browser is known again.
    fn known_cookie(&self) -> String {
        format!("{}-known", self.cookie)
    }

    /// The name of the cookie that holds a language.
    fn language_cookie(&self) -> String {
        format!("{}-language", self.cookie)
    }

    /// What stands around every page of somebody who is signed in.
    async fn frame(&self, visitor: &Visitor, here: &str) -> Result<Value, Fault> {
        let person = visitor.station.clone();
        let keeper = visitor.keeper;
        let ask = move |home: &mut Household, now: Now| {
            let waiting = if keeper {
                home.waiting_for_keeper()?
            } else {
                0
            };
            Ok((home.new_for(&person, now)?, waiting, home.lamp(now.now)))
        };
        let (new, waiting, lamp) = self.house.ask(ask).await?;
        let name = visitor.station.as_str();
        Ok(context! {
            house => self.name,
            here,
            person => name,
            initial => name.chars().next().map(|first| first.to_uppercase().to_string()),
            keeper => visitor.keeper,
            new,
            waiting,
            lamp => self.lamp(&lamp).await,
        })
    }

    /// All that it answers.
    pub fn router(self: &Arc<Self>) -> Router {
        routes::router(self)
    }
}

/// A site and where it listens.
pub struct Site {
    station: Arc<Station>,
    listener: std::net::TcpListener,
    tls: Tls,
}

impl Site {
    /// Listens for the household where its settings say; `None`: nowhere. Says in one sentence why it cannot.
    pub fn listen(config: &Path, home: &Household) -> Result<Option<Self>, Fault> {
        let address = home.config.web.listen;
        address
            .map(|address| Site::at(config, home, address))
            .transpose()
    }

    /// The same at another address.
    pub fn at(config: &Path, home: &Household, address: SocketAddr) -> Result<Self, Fault> {
        let tls = Tls::of(&home.config)?;
        let site = Site::of(Station::new(config, home), address)?;
        Ok(Site { tls, ..site })
    }

    /// A station at an address, in plain text.
    pub fn of(station: Arc<Station>, address: SocketAddr) -> Result<Self, Fault> {
        let bind = || {
            let listener = std::net::TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            Ok(listener)
        };
        let listener = bind().map_err(|error: std::io::Error| {
            let words = format!("browsers cannot reach this box at {address}: {error}");
            Fault::new("listen", words)
                .hint("set web.listen to another address and port, or to \"off\"")
        })?;
        Ok(Site {
            station,
            listener,
            tls: Tls::none(),
        })
    }

    /// Whether it answers over TLS.
    pub fn is_secure(&self) -> bool {
        self.tls.acceptor().is_some()
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }
}
