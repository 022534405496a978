//! A household whose site really listens, on a free port of this machine.

use std::net::SocketAddr;

use hearthpost::sharing::Household;
use hearthpost::sharing::clock::Reading;
use hearthpost::web::{Serving, Site, serve};

use crate::house::House;

/// Answers until it is dropped.
pub struct Served {
    pub address: SocketAddr,
    _serving: Serving,
}

impl Served {
    pub fn of(house: &mut House) -> Self {
        let config = house.folder.join("hearthpost.toml");
        let text = std::fs::read_to_string(&config).expect("settings");
        let listening = format!("{text}\n[web]\nlisten = \"127.0.0.1:0\"\n");
        std::fs::write(&config, listening).expect("settings");
        house.home = Household::open(&config).expect("opens");
        let site = Site::listen(&config, &house.home).expect("it listens");
        let site = site.expect("it is to listen");
        Served {
            address: site.address().expect("it listens"),
            _serving: serve(vec![site]).expect("it serves"),
        }
    }

    /// A token that is good by the clock of this machine, which such a site goes by.
    pub fn token(house: &mut House, name: &str, scopes: &str) -> String {
        let now = house.home.tick(&Reading::take(), &[]).expect("time");
        let scopes: Vec<_> = scopes
            .split_whitespace()
            .map(|scope| scope.parse().expect("a scope"))
            .collect();
        let station = name.parse().expect("a station");
        let token = house
            .home
            .make_token(&station, "program", &scopes, None, now.now)
            .expect("a token");
        token.text().to_owned()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
