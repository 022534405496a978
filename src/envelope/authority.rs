//! The household's own authority, which vouches for its web interface to the phones of the house, and for nothing else.
//!
//! It has nothing to do with letters. What it may vouch for stands in its certificate (RFC 5280, 4.2.1.10): the names that
//! it was made for, and the addresses that are private networks'. So a phone that trusts it is not at its mercy elsewhere.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use der::asn1::{Ia5String, OctetString};
use der::{Decode, Encode};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use openssl::x509::extension::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
};
use x509_cert::Certificate;
use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;
use zeroize::Zeroizing;

use super::EnvelopeError;
use super::identity::{
    authority, builder, common_name, critical_extension, extension, key_id, new_key, octets,
};
use crate::encoding::Timestamp;

const DAY: u64 = 86_400;
/// How long an authority lasts.
const AUTHORITY_DAYS: u64 = 3_650;
/// How long a certificate lasts: the longest that no browser refuses is 398 days.
const CERTIFICATE_DAYS: u64 = 397;
/// Both begin so much earlier, for phones whose clock is slow.
const EARLIER: u64 = DAY;
/// Networks that are not the internet's (RFC 1918, 3927, 4193, 4291, 6598), with the lengths of their prefixes.
const PRIVATE: [(&str, u8); 9] = [
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("169.254.0.0", 16),
    ("100.64.0.0", 10),
    ("127.0.0.0", 8),
    ("fc00::", 7),
    ("fe80::", 10),
    ("::1", 128),
];

/// Under what a browser reaches a site: a name, or an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteName {
    /// In small letters, of letters, digits, '-' and '.', at most 253.
    Name(String),
    /// An address.
    Address(IpAddr),
}

impl FromStr for SiteName {
    type Err = EnvelopeError;

    fn from_str(text: &str) -> Result<Self, EnvelopeError> {
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse() {
            return Ok(SiteName::Address(address));
        }
        let label = |label: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (1..=63).contains(&label.len()) && label.bytes().all(plain) && !label.starts_with('-')
        };
        let sound = text.len() <= 253 && text.split('.').all(label);
        // What ends in a number is an address that is none.
        let last = text.rsplit('.').next().unwrap_or_default();
        match sound && !last.bytes().all(|byte| byte.is_ascii_digit()) {
            true => Ok(SiteName::Name(text.to_ascii_lowercase())),
            false => Err(EnvelopeError::Profile("not the name of a host")),
        }
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SiteName::Name(name) => f.write_str(name),
            SiteName::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            SiteName::Address(address) => write!(f, "{address}"),
        }
    }
}

/// The authority.
pub struct Authority {
    key: PKey<Private>,
    certificate: X509,
}

/// What it issued.
pub struct SiteCertificate {
    /// For whom.
    pub names: Vec<SiteName>,
    /// For each name with one label more than these, as `*.home.example` says it (RFC 9525, 6.3); ours has none.
    pub families: Vec<String>,
    /// The first second in which it does not hold any more.
    pub ends: Timestamp,
}

/// What the authority of a household is called, in at most 64 characters.
pub fn authority_name(household: &str) -> String {
    let name = format!("Hearthpost of {household}");
    name.chars().take(64).collect()
}

impl Authority {
    /// A new one for the site of a household, which can vouch for these names, and for any address of a private network.
    pub fn generate(
        household: &str,
        names: &[SiteName],
        now: Timestamp,
    ) -> Result<Self, EnvelopeError> {
        let key = new_key()?;
        let subject = common_name(&authority_name(household))?;
        let from = now.minus_seconds(EARLIER);
        let mut builder = builder(&subject, &subject, &key, from)?;
        let end = now.plus_seconds(AUTHORITY_DAYS * DAY);
        builder.set_not_after(&*Asn1Time::from_unix(end.unix())?)?;
        builder.append_extension(BasicConstraints::new().critical().ca().pathlen(0).build()?)?;
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().build()?)?;
        builder.append_extension(extension("2.5.29.14", &octets(&key_id(&key)?))?)?;
        let constraints = constraints(names)?.to_der()?;
        builder.append_extension(critical_extension("2.5.29.30", &constraints)?)?;
        builder.sign(&key, MessageDigest::sha256())?;
        let certificate = builder.build();
        Ok(Authority { key, certificate })
    }

    /// That whose PKCS #8 key and certificate these are; they must belong together.
    pub fn from_der(key: &[u8], certificate: &[u8]) -> Result<Self, EnvelopeError> {
        let key = PKey::private_key_from_der(key)?;
        let certificate = X509::from_der(certificate)?;
        if !certificate.public_key()?.public_eq(&key) {
            let words = "an authority's key that is not its certificate's";
            return Err(EnvelopeError::Profile(words));
        }
        Ok(Authority { key, certificate })
    }

    /// The private key as PKCS #8, for the key file.
    pub fn key_der(&self) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
        Ok(Zeroizing::new(self.key.private_key_to_pkcs8()?))
    }

    /// The certificate, which phones are told to trust.
    pub fn certificate_der(&self) -> Result<Vec<u8>, EnvelopeError> {
        Ok(self.certificate.to_der()?)
    }

    /// The same as a PEM text, for programs that read files.
    pub fn certificate_pem(&self) -> Result<Vec<u8>, EnvelopeError> {
        Ok(self.certificate.to_pem()?)
    }

    /// The first second in which it does not hold any more.
    pub fn ends(&self) -> Result<Timestamp, EnvelopeError> {
        end_of(&self.certificate)
    }

    /// Whether it can vouch for that.
    pub fn may(&self, name: &SiteName) -> Result<bool, EnvelopeError> {
        let certificate = Certificate::from_der(&self.certificate.to_der()?)?;
        let tbs = certificate.tbs_certificate();
        let constraints = tbs.get_extension::<NameConstraints>()?;
        let permitted = constraints.and_then(|(_, constraints)| constraints.permitted_subtrees);
        let mut all = permitted.iter().flatten();
        Ok(all.any(|subtree| within(name, &subtree.base)))
    }

    /// Issues a certificate with a new key, both in one PEM text. It may vouch for all of the names.
    pub fn issue(
        &self,
        names: &[SiteName],
        now: Timestamp,
    ) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
        let key = new_key()?;
        // Some take what could be a host here for one, which the authority's bounds do not hold for addresses.
        let subject = common_name("Hearthpost box")?;
        let from = now.minus_seconds(EARLIER);
        let mut builder = builder(self.certificate.subject_name(), &subject, &key, from)?;
        let end = from.plus_seconds(CERTIFICATE_DAYS * DAY).min(self.ends()?);
        builder.set_not_after(&*Asn1Time::from_unix(end.unix())?)?;
        builder.append_extension(BasicConstraints::new().critical().build()?)?;
        builder.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
        builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
        builder.append_extension(extension("2.5.29.14", &octets(&key_id(&key)?))?)?;
        builder.append_extension(extension("2.5.29.35", &authority(&key_id(&self.key)?))?)?;
        let mut alternatives = SubjectAlternativeName::new();
        for name in names {
            match name {
                SiteName::Name(name) => alternatives.dns(name),
                SiteName::Address(address) => alternatives.ip(&address.to_string()),
            };
        }
        let alternatives = alternatives.build(&builder.x509v3_context(None, None))?;
        builder.append_extension(alternatives)?;
        builder.sign(&self.key, MessageDigest::sha256())?;
        let mut pem = Zeroizing::new(builder.build().to_pem()?);
        let key = Zeroizing::new(key.private_key_to_pem_pkcs8()?);
        // In the size that it will have, so that no copy of the key stays where the vector was.
        let mut both = Zeroizing::new(Vec::with_capacity(pem.len() + key.len()));
        both.append(&mut pem);
        both.extend_from_slice(&key);
        Ok(both)
    }
}

impl SiteCertificate {
    /// What the first certificate of a PEM text says.
    pub fn read(pem: &[u8]) -> Result<Self, EnvelopeError> {
        let certificate = X509::from_pem(pem)?;
        let name = |one: &openssl::x509::GeneralNameRef| {
            let address = |bytes: &[u8]| -> Option<IpAddr> {
                let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
                four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
                    .ok()
            };
            match (one.dnsname(), one.ipaddress()) {
                (Some(name), _) => name.parse().ok(),
                (None, Some(bytes)) => address(bytes).map(SiteName::Address),
                (None, None) => None,
            }
        };
        let names = certificate.subject_alt_names();
        let family = |one: &openssl::x509::GeneralNameRef| {
            let family = one.dnsname()?.strip_prefix("*.")?;
            Some(family.to_ascii_lowercase())
        };
        Ok(SiteCertificate {
            names: names.iter().flatten().filter_map(name).collect(),
            families: names.iter().flatten().filter_map(family).collect(),
            ends: end_of(&certificate)?,
        })
    }
}

impl SiteCertificate {
    /// Whether a browser takes it for that name.
    pub fn is_for(&self, name: &SiteName) -> bool {
        let of_family = |name: &str| {
            let family = name.split_once('.').map(|(_, family)| family);
            family.is_some_and(|family| self.families.iter().any(|one| one == family))
        };
        self.names.contains(name) || matches!(name, SiteName::Name(name) if of_family(name))
    }
}

fn end_of(certificate: &X509) -> Result<Timestamp, EnvelopeError> {
    let since = Asn1Time::from_unix(0)?.diff(certificate.not_after())?;
    Ok(Timestamp::from_unix(
        i64::from(since.days) * DAY as i64 + i64::from(since.secs),
    ))
}

fn constraints(names: &[SiteName]) -> Result<NameConstraints, EnvelopeError> {
    let mut bases = Vec::new();
    for (network, length) in PRIVATE {
        let network = network.parse().expect("the table above holds addresses");
        bases.push(subnet(network, length)?);
    }
    for name in names {
        match name {
            SiteName::Name(name) => bases.push(GeneralName::DnsName(Ia5String::new(name)?)),
            SiteName::Address(address) if !bases.iter().any(|base| within(name, base)) => {
                let length = if address.is_ipv4() { 32 } else { 128 };
                bases.push(subnet(*address, length)?);
            }
            SiteName::Address(_) => {}
        }
    }
    let subtree = |base| GeneralSubtree {
        base,
        minimum: 0,
        maximum: None,
    };
    Ok(NameConstraints {
        permitted_subtrees: Some(bases.into_iter().map(subtree).collect()),
        excluded_subtrees: None,
    })
}

fn bytes_of(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// Address and mask, one behind the other (RFC 5280, 4.2.1.10).
fn subnet(network: IpAddr, length: u8) -> Result<GeneralName, EnvelopeError> {
    let mut bytes = bytes_of(network);
    let bits = |at: usize| usize::from(length).saturating_sub(8 * at).min(8);
    let mask: Vec<u8> = (0..bytes.len())
        .map(|at| !(0xff_u16 >> bits(at)) as u8)
        .collect();
    bytes.extend(mask);
    Ok(GeneralName::IpAddress(OctetString::new(bytes)?))
}

fn within(name: &SiteName, base: &GeneralName) -> bool {
    match (name, base) {
        (SiteName::Name(name), GeneralName::DnsName(base)) => name
            .strip_suffix(base.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
        (SiteName::Address(address), GeneralName::IpAddress(base)) => {
            let address = bytes_of(*address);
            let base = base.as_bytes();
            base.len() == 2 * address.len() && {
                let (network, mask) = base.split_at(address.len());
                let same = |at: usize| address[at] & mask[at] == network[at];
                (0..address.len()).all(same)
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Vec<SiteName> {
        let read = |name: &&str| name.parse().expect("a name");
        all.iter().map(read).collect()
    }

    #[test]
    fn an_authority_may_vouch_for_its_names_and_for_private_addresses_alone() {
        let now = Timestamp::from_unix(1_800_000_000);
        let own = names(&["box.local", "8.8.4.4"]);
        let authority = Authority::generate("Ann's house", &own, now).expect("made");
        for (name, may) in [
            ("box.local", true),
            ("photos.box.local", true),
            ("mybox.local", false),
            ("bank.example", false),
            ("192.168.1.20", true),
            ("172.31.255.1", true),
            ("172.32.0.1", false),
            ("8.8.4.4", true),
            ("8.8.8.8", false),
            ("[fd00::1]", true),
            ("2001:db8::1", false),
            ("::1", true),
            ("::ffff:8.8.8.8", false),
        ] {
            let name: SiteName = name.parse().expect("a name");
            assert_eq!(authority.may(&name).expect("readable"), may, "{name}");
        }
    }

    #[test]
    fn a_certificate_says_for_whom_and_until_when() {
        let now = Timestamp::from_unix(1_800_000_000);
        let own = names(&["box.local", "192.168.1.20", "fd00::1"]);
        let authority = Authority::generate("Ann's house", &own, now).expect("made");
        let pem = authority.issue(&own, now).expect("issued");
        let read = SiteCertificate::read(&pem).expect("readable");
        assert_eq!(read.names, own);
        assert_eq!(read.ends, now.plus_seconds(396 * DAY));
        let late = now.plus_seconds((AUTHORITY_DAYS - 10) * DAY);
        let pem = authority.issue(&own, late).expect("issued");
        let read = SiteCertificate::read(&pem).expect("readable");
        assert_eq!(read.ends, authority.ends().expect("readable"));
    }

    #[test]
    fn a_star_stands_for_one_label() {
        let certificate = SiteCertificate {
            names: names(&["box.local"]),
            families: vec!["home.example".to_owned()],
            ends: Timestamp::from_unix(0),
        };
        for (name, is) in [
            ("box.local", true),
            ("album.home.example", true),
            ("home.example", false),
            ("a.album.home.example", false),
            ("album.home.example.evil.example", false),
            ("192.168.1.20", false),
        ] {
            let name: SiteName = name.parse().expect("a name");
            assert_eq!(certificate.is_for(&name), is, "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for wrong in [
            "", "a b", "-a", "a..b", "*.local", "1.2.3", "box:8480", "bö",
        ] {
            assert!(wrong.parse::<SiteName>().is_err(), "{wrong}");
        }
        assert_eq!(names(&["Box.Local"]), names(&["box.local"]));
    }
}
