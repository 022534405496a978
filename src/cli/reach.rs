//! Where people reach the box, and how it is opened to their house.

use super::words::tell;
use crate::config::{Config, Fallback, KEYS};
use crate::envelope::SiteName;
use crate::sharing::site::addresses;

/// What stands before the path of every page. Where the settings do not say it, an address of this machine, for the name
/// that holds without a word of theirs is known to nobody yet.
pub fn base(config: &Config, secure: bool) -> String {
    let scheme = if secure { "https" } else { "http" };
    let said = config.notify.url.trim_end_matches('/').to_owned();
    let Some(listen) = config.web.listen else {
        return said;
    };
    if listen.ip().is_loopback() && !config.web.proxy {
        return format!("{scheme}://{listen}");
    }
    let url = KEYS.iter().find(|key| key.name == "notify.url");
    let unsaid = url.is_some_and(
        |url| matches!(url.default, Fallback::Text(text) if text == config.notify.url),
    );
    let address = addresses(config).into_iter().next();
    match address.filter(|_| unsaid) {
        Some(address) => format!(
            "{scheme}://{}:{}",
            SiteName::Address(address),
            listen.port()
        ),
        None => said,
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
