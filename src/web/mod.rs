//! The station: what a person of the house sees and does in a browser. It parses, calls the use cases and prints.
//!
//! 1. A [`Station`] is one household's site; [`serve`] answers for those that listen.
//! 2. Every route stands in the one table of `routes`, with who may call it; `guard` holds that before a handler runs.
//! 3. A handler borrows a household from `house`, on a thread that may wait for the disk, and calls one use case.
//! 4. What it gives is a page (`page`, from `templates/web`, words from `words`), or a rendition (`media`).
//!    A fault becomes a page or a status in one place (`tell`).
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
mod drafts;
mod fault;
mod form;
mod frame;
mod glance;
mod guard;
mod hosts;
mod house;
mod households;
mod icons;
mod identity;
mod keep_all;
mod language;
mod line;
mod manifest;
mod media;
mod page;
mod pass_on;
mod people;
mod programs;
mod pulse;
mod ranged;
mod received;
mod route;
mod routes;
mod said;
mod sent;
mod settings;
mod share;
mod spoken;
mod station;
mod stream;
mod tell;
mod the_box;
mod tls;
mod turns;
mod viewer;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use self::tls::Tls;
use crate::sharing::{Fault, Household};

pub use self::answer::{Opened, Serving, serve};
pub use self::house::Clock;
pub use self::route::{Route, Who};
pub use self::routes::routes as all_routes;
pub use self::station::Station;

/// A site and where it listens.
pub struct Site {
    station: Arc<Station>,
    listener: TcpListener,
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

    /// The same where somebody has begun to listen.
    pub fn on(config: &Path, home: &Household, listener: TcpListener) -> Result<Self, Fault> {
        let tls = Tls::of(&home.config)?;
        let wrong = |error: std::io::Error| Fault::new("listen", error.to_string());
        listener.set_nonblocking(true).map_err(wrong)?;
        Ok(Site {
            station: Station::new(config, home),
            listener,
            tls,
        })
    }

    /// A station at an address, in plain text.
    pub fn of(station: Arc<Station>, address: SocketAddr) -> Result<Self, Fault> {
        let bind = || {
            let listener = TcpListener::bind(address)?;
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
