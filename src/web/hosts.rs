//! Under which names a browser may ask for this site. A page from elsewhere can make its own name lead here (DNS
//! rebinding), but then the browser says that name.

use std::net::IpAddr;

use crate::envelope::SiteName;
use crate::sharing::Household;
use crate::sharing::site::{names, without_port};

/// The names that are this site's.
pub(super) struct Hosts(Vec<String>);

impl Hosts {
    /// This machine, the host of `notify.url`, those of `web.hosts`, and those that the household's own certificate is for.
    /// An address is nobody's name, so all may stand.
    pub fn of(home: &Household) -> Self {
        let mut all = names(&home.config);
        // Without a certificate that can be read there are no names in it.
        let certified = home.certified_names().unwrap_or_default();
        all.extend(certified.into_iter().filter_map(|name| match name {
            SiteName::Name(name) => Some(name),
            SiteName::Address(_) => None,
        }));
        Hosts(all)
    }

    /// Whether `host`, as a browser says it, is this site.
    pub fn has(&self, host: &str) -> bool {
        let name = without_port(host);
        let address = name.trim_start_matches('[').trim_end_matches(']');
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        address.parse::<IpAddr>().is_ok() || self.0.contains(&name)
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
