//! Under which names a browser may ask for this site. A page from elsewhere can make its own name lead here (DNS
//! rebinding), but then the browser says that name.

use std::net::IpAddr;

use crate::config::Config;

/// The names that are this site's.
pub(super) struct Hosts(Vec<String>);

impl Hosts {
    /// This machine, the host of `notify.url`, and those of `web.hosts`. An address is nobody's name, so all may stand.
    pub fn of(config: &Config) -> Self {
        let mut names = config.web.hosts.clone();
        names.push("localhost".to_owned());
        let system = rustix::system::uname();
        let machine = system.nodename().to_string_lossy().to_ascii_lowercase();
        names.push(format!("{machine}.local"));
        names.push(machine);
        let url = &config.notify.url;
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        names.push(name(authority).to_ascii_lowercase());
        Hosts(names)
    }

    /// Whether `host`, as a browser says it, is this site.
    pub fn has(&self, host: &str) -> bool {
        let name = name(host);
        let address = name.trim_start_matches('[').trim_end_matches(']');
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        address.parse::<IpAddr>().is_ok() || self.0.contains(&name)
    }
}

/// Without the port (RFC 9110, 7.2).
fn name(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_somebody_else_is_not_this_site_and_an_address_always_is() {
        let hosts = Hosts(vec!["localhost".to_owned(), "box.home".to_owned()]);
        for right in [
            "localhost",
            "localhost:8480",
            "BOX.home:80",
            "box.home.",
            "127.0.0.1:8480",
            "[::1]:8480",
            "[::1]",
            "192.168.1.20",
        ] {
            assert!(hosts.has(right), "{right}");
        }
        for wrong in [
            "evil.example",
            "localhost.evil.example",
            "box.home.evil.example:8480",
            "",
            "127.0.0.1.evil.example",
        ] {
            assert!(!hosts.has(wrong), "{wrong}");
        }
    }
}
