//! Where people reach the box, and how it is opened to their house.

use super::words::tell;
use crate::config::Config;
use crate::envelope::SiteName;
use crate::sharing::site::{addresses, home_page};

/// What stands before the path of every page, for who sits here.
pub fn base(config: &Config, secure: bool) -> String {
    let scheme = if secure { "https" } else { "http" };
    match config.web.listen {
        Some(listen) if listen.ip().is_loopback() && !config.web.proxy => {
            format!("{scheme}://{listen}")
        }
        _ => home_page(config).trim_end_matches('/').to_owned(),
    }
}

/// What is to be done so that more than this machine reaches it. `secure`: it has its certificate already.
pub fn only_here(config: &Config, secure: bool) -> String {
    let port = config.web.listen.map_or(8480, |address| address.port());
    let address = addresses(config).into_iter().next();
    let there = address.map_or(tell!("reach-somewhere"), |address| {
        format!("https://{}:{port}/", SiteName::Address(address))
    });
    // As text: a number may be written with marks between its thousands.
    let port = port.to_string();
    match secure {
        true => tell!("reach-only-here-secure", port = port, there = there) + "\n",
        false => tell!("reach-only-here", port = port, there = there) + "\n",
    }
}
