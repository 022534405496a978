//! Where a mail server is and how it is spoken to, as a URL says it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Plain text until STARTTLS, which must succeed before anything else is said.
    StartTls,
    /// No protection; only to a host that is this machine.
    Plain,
}

/// Which protocol is spoken at an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Reading mail (RFC 9051).
    Imap,
    /// Handing mail in (RFC 6409).
    Smtp,
}

/// A mail server's address and how to speak to it; printed and read as a URL such as `imaps://mail.example.org`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// Host name in lower case, or an IP address (IPv6 without brackets).
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// What is spoken there.
    pub service: Service,
}

/// Why a text is not the URL of a mail server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No scheme, or one of another service.
    #[error(
        "{text:?} does not begin with {secure}:// or {plain}://; write it like {secure}://mail.example.org"
    )]
    Scheme {
        /// What was given.
        text: String,
        /// Scheme for TLS.
        secure: &'static str,
        /// Scheme for STARTTLS.
        plain: &'static str,
    },
    /// A user name in the URL.
    #[error(
        "{text:?} has a user name in it; leave out what stands before '@' and give it as --username"
    )]
    UserInfo {
        /// What was given, without what stands before the `@`.
        text: String,
    },
    /// A path, query or fragment.
    #[error("{text:?} goes on after the host; only a host and a port belong there, like {example}")]
    Tail {
        /// What was given.
        text: String,
        /// How it may look.
        example: &'static str,
    },
    /// Not a host name or IP address.
    #[error("{text:?} has no proper host name; write it like {example}")]
    Host {
        /// What was given.
        text: String,
        /// How it may look.
        example: &'static str,
    },
    /// Not a port.
    #[error("{text:?} has no proper port; it is a number from 1 to 65535, like {example}")]
    Port {
        /// What was given.
        text: String,
        /// How it may look.
        example: &'static str,
    },
    /// Plain text to another machine.
    #[error(
        "{host} is another machine and would see the password in plain text; use {secure}:// instead"
    )]
    PlainToElsewhere {
        /// The host asked for.
        host: String,
        /// Scheme for TLS.
        secure: &'static str,
    },
}

impl Service {
    pub(super) const fn secure(self) -> &'static str {
        match self {
            Service::Imap => "imaps",
            Service::Smtp => "smtps",
        }
    }

    const fn plain(self) -> &'static str {
        match self {
            Service::Imap => "imap",
            Service::Smtp => "smtp",
        }
    }

    /// The setting that names one more authority to trust.
    pub(super) const fn setting_of_authority(self) -> &'static str {
        match self {
            Service::Imap => "imap.ca_file",
            Service::Smtp => "smtp.ca_file",
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Service::Imap => "imaps://mail.example.org:993",
            Service::Smtp => "smtps://mail.example.org:465",
        }
    }

    const fn port(self, security: Security) -> u16 {
        match (self, security) {
            (Service::Imap, Security::Tls) => 993,
            (Service::Imap, _) => 143,
            (Service::Smtp, Security::Tls) => 465,
            (Service::Smtp, _) => 587,
        }
    }
}

impl Endpoint {
    /// Reads `imaps://host[:port]`, `imap://host[:port]` (STARTTLS), or `imap+plain://` to this machine.
    pub fn imap(text: &str) -> Result<Self, EndpointError> {
        Self::parse(Service::Imap, text)
    }

    /// Reads `smtps://host[:port]`, `smtp://host[:port]` (STARTTLS), or `smtp+plain://` to this machine.
    pub fn smtp(text: &str) -> Result<Self, EndpointError> {
        Self::parse(Service::Smtp, text)
    }

    /// Whether the host is this machine: `localhost`, `127.x.x.x` or `::1`.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Whether it is where Proton Bridge listens unless it is told otherwise: it has a password of its own.
    pub(super) fn is_of_bridge(&self) -> bool {
        self.is_loopback() && matches!(self.port, 1143 | 1025)
    }

    fn parse(service: Service, text: &str) -> Result<Self, EndpointError> {
        let example = service.example();
        let shown = || text.chars().take(120).collect::<String>();
        let no_scheme = || EndpointError::Scheme {
            text: shown(),
            secure: service.secure(),
            plain: service.plain(),
        };
        if let Some((_, host)) = text.rsplit_once('@') {
            // What stands before it may hold a password, which belongs into no error text.
            let text = format!("…@{}", host.chars().take(80).collect::<String>());
            return Err(EndpointError::UserInfo { text });
        }
        let (scheme, place) = text.split_once("://").ok_or_else(no_scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        let security = match scheme.strip_suffix("+plain") {
            Some(base) if base == service.plain() => Security::Plain,
            None if scheme == service.secure() => Security::Tls,
            None if scheme == service.plain() => Security::StartTls,
            _ => return Err(no_scheme()),
        };
        if place.contains(['/', '?', '#']) {
            let text = shown();
            return Err(EndpointError::Tail { text, example });
        }
        let wrong_host = || EndpointError::Host {
            text: shown(),
            example,
        };
        let (host, port) = split_port(place).ok_or_else(wrong_host)?;
        let host = host.to_ascii_lowercase();
        if !is_host(&host) {
            return Err(wrong_host());
        }
        let port = match port {
            None => service.port(security),
            Some(digits) => parse_port(digits).ok_or_else(|| EndpointError::Port {
                text: shown(),
                example,
            })?,
        };
        if security == Security::Plain && !is_loopback(&host) {
            let secure = service.secure();
            return Err(EndpointError::PlainToElsewhere { host, secure });
        }
        Ok(Endpoint {
            host,
            port,
            security,
            service,
        })
    }
}

/// Splits `host`, `host:port`, `[v6]` and `[v6]:port`; the brackets go.
fn split_port(place: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        let port = match rest {
            "" => None,
            _ => Some(rest.strip_prefix(':')?),
        };
        return host.contains(':').then_some((host, port));
    }
    match place.split_once(':') {
        None => Some((place, None)),
        Some((_, port)) if port.contains(':') => None,
        Some((host, port)) => Some((host, Some(port))),
    }
}

fn parse_port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|c| c.is_ascii_digit());
    let port = u16::from_str(digits).ok()?;
    (plain && port > 0).then_some(port)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
    };
    host.parse::<IpAddr>().is_ok() || (host.len() <= 253 && host.split('.').all(label))
}

pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::Tls => self.service.secure(),
            Security::StartTls | Security::Plain => self.service.plain(),
        };
        let suffix = match self.security {
            Security::Plain => "+plain",
            Security::Tls | Security::StartTls => "",
        };
        if self.host.contains(':') {
            write!(f, "{scheme}{suffix}://[{}]", self.host)?;
        } else {
            write!(f, "{scheme}{suffix}://{}", self.host)?;
        }
        if self.port != self.service.port(self.security) {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_with_their_default_ports_and_given_back() {
        for (text, host, port, security) in [
            (
                "imaps://mail.example.org",
                "mail.example.org",
                993,
                Security::Tls,
            ),
            (
                "imap://mail.example.org",
                "mail.example.org",
                143,
                Security::StartTls,
            ),
            (
                "imap://mail.example.org:1143",
                "mail.example.org",
                1143,
                Security::StartTls,
            ),
            (
                "imap+plain://127.0.0.1:1143",
                "127.0.0.1",
                1143,
                Security::Plain,
            ),
            ("imap+plain://[::1]:1143", "::1", 1143, Security::Plain),
            ("imaps://[2001:db8::1]", "2001:db8::1", 993, Security::Tls),
        ] {
            let endpoint = Endpoint::imap(text).expect(text);
            assert_eq!((endpoint.host.as_str(), endpoint.port), (host, port));
            assert_eq!(endpoint.security, security);
            assert_eq!(endpoint.to_string(), text);
        }
        for (text, port) in [
            ("smtps://m.example", 465),
            ("smtp://m.example", 587),
            ("smtp+plain://localhost", 587),
        ] {
            let endpoint = Endpoint::smtp(text).expect(text);
            assert_eq!((endpoint.port, endpoint.to_string().as_str()), (port, text));
        }
    }

    #[test]
    fn each_wrong_url_says_what_is_wrong_with_it() {
        use EndpointError as E;
        let refused = |text: &str| Endpoint::imap(text).expect_err(text);
        assert!(matches!(refused("mail.example.org"), E::Scheme { .. }));
        assert!(matches!(
            refused("smtps://mail.example.org"),
            E::Scheme { .. }
        ));
        assert!(matches!(
            refused("imaps+plain://localhost"),
            E::Scheme { .. }
        ));
        assert!(matches!(
            refused("imaps://mail.example.org/INBOX"),
            E::Tail { .. }
        ));
        assert!(matches!(
            refused("imaps://mail.example.org?x"),
            E::Tail { .. }
        ));
        for host in [
            "",
            " ",
            "a b",
            "a..b",
            "-a",
            "a:1:2",
            "[::1",
            "[a]",
            "::1",
            "ä.example",
            "a\r\nb",
        ] {
            assert!(
                matches!(refused(&format!("imaps://{host}")), E::Host { .. }),
                "{host:?}"
            );
        }
        for port in ["", "0", "65536", "+9", "x"] {
            assert!(
                matches!(refused(&format!("imaps://a:{port}")), E::Port { .. }),
                "{port:?}"
            );
        }
        for host in [
            "mail.example.org",
            "10.0.0.1",
            "localhost.example.org",
            "127.0.0.1.nip.io",
        ] {
            let text = format!("imap+plain://{host}");
            assert!(
                matches!(refused(&text), E::PlainToElsewhere { .. }),
                "{host:?}"
            );
        }
        let with_user = refused("imaps://alice:hunter2@mail.example.org");
        assert!(matches!(with_user, E::UserInfo { .. }));
        assert!(!with_user.to_string().contains("hunter2"), "{with_user}");
    }
}
