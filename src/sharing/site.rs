//! Under which names the people of the house reach its web interface, and the certificate that vouches for them: made by
//! the household itself, and made anew in time.

use std::net::{IpAddr, UdpSocket};

use super::{Fault, Household, Now};
use crate::album::{
    KeyFile, authority_certificate, own_certificate, read_certificate, write_certificate,
};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::{Authority, Digest, SiteCertificate, SiteName, authority_name};

/// What many call such a machine.
const USUAL: &str = "hearthpost.local";
/// A certificate that ends so soon is made anew, in seconds.
const SOON: u64 = 30 * 86_400;

/// A household's own certificate, and who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// For which names and addresses.
    pub names: Vec<SiteName>,
    /// Until when; it is made anew before.
    pub ends: Timestamp,
    /// SHA-256 of the authority's certificate, as phones show it.
    pub fingerprint: String,
    /// Whether the authority is new, so that the phones of the house do not know it yet.
    pub new_authority: bool,
}

/// What phones are given to know this house by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// What phones call it.
    pub name: String,
    /// The certificate.
    pub der: Vec<u8>,
    /// Its SHA-256, as phones show it.
    pub fingerprint: String,
}

/// The names that people are told: the one in `notify.url`, and those of `web.hosts`.
pub fn names_for_people(config: &Config) -> Vec<SiteName> {
    let told = config.notify.url.as_deref().map(host_of).into_iter();
    let all = told.chain(config.web.hosts.iter().map(String::as_str));
    all.filter_map(|name| name.trim_matches(['[', ']']).parse().ok())
        .collect()
}

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    without_port(rest.split('/').next().unwrap_or_default())
}

/// The names that are this box's by its settings and by those of the machine, the one for people first.
pub fn names(config: &Config) -> Vec<String> {
    let system = rustix::system::uname();
    let machine = system.nodename().to_string_lossy().to_ascii_lowercase();
    let told = config.notify.url.as_deref().map(host_of);
    let mut names: Vec<String> = told.map(str::to_ascii_lowercase).into_iter().collect();
    names.extend(config.web.hosts.iter().cloned());
    // What a machine is called in full has its place already.
    if !machine.contains('.') {
        names.push(format!("{machine}.local"));
    }
    names.push(machine);
    names.extend(["localhost", USUAL].map(str::to_owned));
    names
}

/// The first page as people of the house reach it, with `/` at its end: what stands in mails and links. Where the settings
/// do not say it, an address of this machine, for none of its names need be known in the house.
pub fn home_page(config: &Config) -> String {
    if let Some(told) = &config.notify.url {
        return format!("{}/", told.trim_end_matches('/'));
    }
    let Some(listen) = config.web.listen else {
        return format!("http://{USUAL}/");
    };
    let own = config.web.certificate.is_some() || own_certificate(&config.data).exists();
    let scheme = if own { "https" } else { "http" };
    let address = match listen.ip().is_loopback() {
        true => Some(listen.ip()),
        false => addresses(config).into_iter().next(),
    };
    // Without a network it is at least called by its name.
    let name = || names(config).into_iter().next().unwrap_or_default();
    let host = address.map_or_else(name, |address| SiteName::Address(address).to_string());
    format!("{scheme}://{host}:{}/", listen.port())
}

/// Without the port (RFC 9110, 7.2).
pub fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

/// By which addresses of this machine its network reaches it: those from which it would send, of which nothing is sent.
pub fn addresses(config: &Config) -> Vec<IpAddr> {
    let from = |own: &str, other: &str| {
        let socket = UdpSocket::bind(own).ok()?;
        // Addresses of documentation (RFC 5737, 3849): nobody's.
        socket.connect(other).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    let listens = config.web.listen.map(|address| address.ip());
    let listens = listens.filter(|address| !address.is_unspecified() && !address.is_loopback());
    let found = [
        from("0.0.0.0:0", "192.0.2.1:9"),
        from("[::]:0", "[2001:db8::1]:9"),
    ];
    let mut all: Vec<IpAddr> = listens.into_iter().collect();
    all.extend(found.into_iter().flatten().filter(|one| !one.is_loopback()));
    all.dedup();
    all
}

/// All under which a browser of the house may come.
fn site_names(config: &Config) -> Vec<SiteName> {
    let names = names(config);
    // A machine may have a name that no site can have.
    let mut all: Vec<SiteName> = names.iter().filter_map(|name| name.parse().ok()).collect();
    all.extend(addresses(config).into_iter().map(SiteName::Address));
    all.extend(
        [[127, 0, 0, 1].into(), std::net::Ipv6Addr::LOCALHOST.into()].map(SiteName::Address),
    );
    all
}

impl Household {
    /// Makes a certificate for this household's names and addresses and for `more`, in the place of one that was there,
    /// and where there is none yet, or `anew` says so, an authority that vouches for it. Names that the certificate had
    /// stay, unless the authority is new.
    pub fn certify(
        &mut self,
        more: &[SiteName],
        anew: bool,
        now: Timestamp,
    ) -> Result<Certified, Fault> {
        // Until the certificate is written: one of an authority that was replaced meanwhile would be believed by nobody.
        let file = KeyFile::hold(self.album.folder())?;
        self.keys = file.read()?;
        let new_authority = anew || self.keys.authority.is_none();
        let mut names = site_names(&self.config);
        names.extend(more.iter().cloned());
        if !new_authority {
            names.extend(self.certified_names()?);
        }
        let names = each_once(names);
        if new_authority {
            let authority = Authority::generate(&self.config.name, &names, now)?;
            self.keys = file.adopt(authority)?;
        }
        let authority = self.keys.authority.as_ref().ok_or_else(no_authority)?;
        let mut may = Vec::new();
        for name in names {
            match authority.may(&name)? {
                true => may.push(name),
                false => {
                    let words = format!(
                        "the authority of this house was not made for {name}, and phones would not believe it"
                    );
                    return Err(Fault::usage("name", words).hint(
                        "make a new one for all names with `hearthpost tls --new`, which each phone has to be told of",
                    ));
                }
            }
        }
        self.issue(&may, now)?;
        let voucher = self.voucher()?.ok_or_else(no_authority)?;
        let own = self.own_certificate()?.ok_or_else(no_authority)?;
        Ok(Certified {
            names: own.names,
            ends: own.ends,
            fingerprint: voucher.fingerprint,
            new_authority,
        })
    }

    /// Makes the certificate anew where it ends soon or is lost, for the same names. Does nothing where the household has
    /// no authority, or the clock is in doubt.
    pub fn renew_certificate(&mut self, now: Now) -> Result<bool, Fault> {
        let folder = self.album.folder().to_owned();
        let voucher = read_certificate(&authority_certificate(&folder))?;
        if !now.confirmed || (voucher.is_none() && self.keys.authority.is_none()) {
            return Ok(false);
        }
        let own = self.own_certificate()?;
        let lasts = own.is_some_and(|own| now.now.plus_seconds(SOON) < own.ends);
        if lasts && voucher.is_some() {
            return Ok(false);
        }
        // Another run may have made an authority since this one began.
        let file = KeyFile::hold(&folder)?;
        self.keys = file.read()?;
        let Some(authority) = &self.keys.authority else {
            return Ok(false);
        };
        let mut names = site_names(&self.config);
        names.extend(self.certified_names()?);
        let mut may = each_once(names);
        may.retain(|name| authority.may(name).unwrap_or(false));
        self.issue(&may, now.now)?;
        Ok(true)
    }

    /// The names that stand in the household's own certificate.
    pub fn certified_names(&self) -> Result<Vec<SiteName>, Fault> {
        let own = self.own_certificate()?;
        Ok(own.map(|own| own.names).unwrap_or_default())
    }

    /// What phones are given to know this house by; `None`: it vouches for nothing.
    pub fn voucher(&self) -> Result<Option<Voucher>, Fault> {
        let der = read_certificate(&authority_certificate(self.album.folder()))?;
        Ok(der.map(|der| Voucher {
            name: authority_name(&self.config.name),
            fingerprint: in_pairs(&Digest::of(&der).to_string()),
            der,
        }))
    }

    fn own_certificate(&self) -> Result<Option<SiteCertificate>, Fault> {
        let pem = read_certificate(&own_certificate(self.album.folder()))?;
        // One that cannot be read is as good as none: it is made anew.
        Ok(pem.and_then(|pem| SiteCertificate::read(&pem).ok()))
    }

    fn issue(&self, names: &[SiteName], now: Timestamp) -> Result<(), Fault> {
        let authority = self.keys.authority.as_ref().ok_or_else(no_authority)?;
        let folder = self.album.folder();
        let pem = authority.issue(names, now)?;
        // The one behind it first: where this run dies in between, the next one makes both.
        let der = authority.certificate_der()?;
        write_certificate(&authority_certificate(folder), &der)?;
        Ok(write_certificate(&own_certificate(folder), &pem)?)
    }
}

fn no_authority() -> Fault {
    Fault::new(
        "keys",
        "the key file has no authority for the web interface",
    )
    .hint("`hearthpost tls --new` makes one")
}

fn each_once(names: Vec<SiteName>) -> Vec<SiteName> {
    let mut once: Vec<SiteName> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// `A1:B2:…`
fn in_pairs(hex: &str) -> String {
    let hex = hex.to_ascii_uppercase();
    let pairs = hex.as_bytes().chunks(2).map(String::from_utf8_lossy);
    pairs.collect::<Vec<_>>().join(":")
}
