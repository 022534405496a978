//! Certificates of other home servers and of this one: the two forms of PROTOCOL 2, and nothing else.
//!
//! An identity is trusted by its fingerprint, never by a chain, and its validity dates are not judged. It issues the
//! encryption certificates, which are.

use der::asn1::OctetString;
use der::{Decode, Encode};
use flagset::FlagSet;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Public};
use openssl::x509::X509;
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    BasicConstraints, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};

use super::kem::PublicKey;
use super::profile::{
    ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, SECP_256_R_1, SUBJECT_ALT_PUBLIC_KEY_INFO, check_shape,
};
use super::{EnvelopeError, Fingerprint};
use crate::address::Mailbox;
use crate::encoding::Timestamp;

/// The longest time for which an encryption certificate may be issued.
pub const MAX_CERTIFICATE_DAYS: u64 = 400;
/// The longest certificate that is read.
const MAX_CERTIFICATE: usize = 4096;
/// 9999-12-31T23:59:59Z: an identity has no end.
const NO_END: i64 = 253_402_300_799;

/// A home server's self-signed certificate: its long-lived key, its name, its mailbox.
#[derive(Debug, Clone)]
pub struct IdentityCertificate {
    der: Vec<u8>,
    key: PKey<Public>,
    fingerprint: Fingerprint,
    key_id: Vec<u8>,
    name: String,
    mailbox: Mailbox,
}

/// A certificate for letters to a home server, issued by its identity for at most 400 days. Beside its key of P-256 it may
/// have one of ML-KEM-768; what goes to it then is under both.
#[derive(Debug, Clone)]
pub struct EncryptionCertificate {
    der: Vec<u8>,
    key: PKey<Public>,
    second: Option<PublicKey>,
    key_id: Vec<u8>,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// An identity with the encryption certificates it issued; each is checked to be.
#[derive(Debug, Clone)]
pub struct Card {
    /// Who.
    pub identity: IdentityCertificate,
    /// What letters to it may be enveloped to. Invariant: every one was issued by `identity`.
    pub encryption: Vec<EncryptionCertificate>,
}

impl IdentityCertificate {
    /// Reads and checks a certificate: form, key and its signature by itself.
    pub fn from_der(der: &[u8]) -> Result<Self, EnvelopeError> {
        let read = Parsed::read(der)?;
        let tbs = read.certificate.tbs_certificate();
        let refuse = |why| Err(EnvelopeError::Profile(why));
        if tbs.issuer() != tbs.subject() {
            return refuse("an identity certificate that is not self-signed");
        }
        if read.constraints()? != (true, Some(0)) {
            return refuse("an identity certificate that is not a CA with path length 0");
        }
        if read.usage()? != KeyUsages::KeyCertSign | KeyUsages::DigitalSignature {
            return refuse("an identity certificate for another use");
        }
        if tbs.validity().not_after.to_unix_duration().as_secs() as i64 != NO_END {
            return refuse("an identity certificate with an end");
        }
        let mailbox = match read.extension::<SubjectAltName>()?.0.as_slice() {
            [GeneralName::Rfc822Name(text)] => text
                .as_str()
                .parse()
                .map_err(|_| EnvelopeError::Profile("a certificate whose mailbox is no address"))?,
            _ => return refuse("an identity certificate without exactly one mailbox"),
        };
        let name = read.common_name()?;
        if !read.is_signed_by(&read.key) {
            return Err(EnvelopeError::Signature);
        }
        Ok(IdentityCertificate {
            fingerprint: read.fingerprint()?,
            key_id: read.key_id()?,
            der: der.to_vec(),
            key: read.key,
            name,
            mailbox,
        })
    }

    /// The certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Who it is.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The household's name for itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The mailbox that the identity says is its own.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// The subjectKeyIdentifier; it selects, and proves nothing.
    pub(super) fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    pub(super) fn key(&self) -> &PKey<Public> {
        &self.key
    }
}

impl EncryptionCertificate {
    /// Reads and checks a certificate: form, key, and its signature by `issuer`.
    pub fn from_der(der: &[u8], issuer: &IdentityCertificate) -> Result<Self, EnvelopeError> {
        let read = Parsed::read(der)?;
        let tbs = read.certificate.tbs_certificate();
        let refuse = |why| Err(EnvelopeError::Profile(why));
        if read.constraints()?.0 {
            return refuse("an encryption certificate that is a CA");
        }
        if read.usage()? != FlagSet::from(KeyUsages::KeyAgreement) {
            return refuse("an encryption certificate for another use than key agreement");
        }
        let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs();
        let (from, to) = (
            seconds(tbs.validity().not_before),
            seconds(tbs.validity().not_after),
        );
        if to <= from || to - from > MAX_CERTIFICATE_DAYS * 86_400 {
            return refuse("an encryption certificate for more than 400 days");
        }
        if !read.is_signed_by(issuer.key()) {
            return Err(EnvelopeError::Signature);
        }
        Ok(EncryptionCertificate {
            key_id: read.key_id()?,
            second: read.second_key()?,
            der: der.to_vec(),
            key: read.key,
            not_before: Timestamp::from_unix(from as i64),
            not_after: Timestamp::from_unix(to as i64),
        })
    }

    /// The certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The first instant at which it may be used.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The last instant; nothing is sent to it after that.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether letters to it withstand who has a quantum computer: it has a key of ML-KEM-768 too.
    pub fn is_quantum_safe(&self) -> bool {
        self.second.is_some()
    }

    pub(super) fn second_key(&self) -> Option<&PublicKey> {
        self.second.as_ref()
    }

    pub(super) fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    pub(super) fn key(&self) -> &PKey<Public> {
        &self.key
    }
}

impl Card {
    /// Reads an identity certificate followed by its encryption certificates.
    pub fn from_ders<D: AsRef<[u8]>>(ders: &[D]) -> Result<Self, EnvelopeError> {
        let Some((identity, encryption)) = ders.split_first() else {
            return Err(EnvelopeError::Profile("no certificate"));
        };
        if encryption.is_empty() || encryption.len() > 8 {
            return Err(EnvelopeError::Profile(
                "no encryption certificate beside the identity's",
            ));
        }
        let identity = IdentityCertificate::from_der(identity.as_ref())?;
        let encryption = encryption
            .iter()
            .map(|der| EncryptionCertificate::from_der(der.as_ref(), &identity))
            .collect::<Result<_, _>>()?;
        Ok(Card {
            identity,
            encryption,
        })
    }

    /// Reads the certificates of a PEM file, in any order; both kinds are needed.
    pub fn from_pem(pem: &[u8]) -> Result<Self, EnvelopeError> {
        if pem.len() > 16 * MAX_CERTIFICATE {
            return Err(EnvelopeError::Profile(
                "a certificate file of more than 64 KiB",
            ));
        }
        let mut ders = X509::stack_from_pem(pem)
            .map_err(|_| EnvelopeError::Profile("not a PEM file of certificates"))?
            .iter()
            .map(|certificate| certificate.to_der())
            .collect::<Result<Vec<_>, _>>()?;
        ders.sort_by_key(|der| IdentityCertificate::from_der(der).is_err());
        Card::from_ders(&ders)
    }

    /// The certificates as PEM, identity first.
    pub fn to_pem(&self) -> Result<String, EnvelopeError> {
        let mut pem = String::new();
        for der in self.ders() {
            pem += &String::from_utf8_lossy(&X509::from_der(der)?.to_pem()?);
        }
        Ok(pem)
    }

    /// The certificates, identity first.
    pub fn ders(&self) -> impl Iterator<Item = &[u8]> {
        let encryption = self.encryption.iter().map(EncryptionCertificate::der);
        std::iter::once(self.identity.der()).chain(encryption)
    }

    /// The certificate that began last.
    pub fn newest(&self) -> Option<&EncryptionCertificate> {
        let begin = |certificate: &&EncryptionCertificate| certificate.not_before;
        self.encryption.iter().max_by_key(begin)
    }

    /// The certificate to use now: of those not yet ended the one that began last.
    pub fn current(&self, now: Timestamp) -> Option<&EncryptionCertificate> {
        self.encryption
            .iter()
            .filter(|certificate| now <= certificate.not_after)
            .max_by_key(|certificate| certificate.not_before)
    }
}

/// A certificate that is strict DER with a P-256 key and an ECDSA signature of the right kind.
struct Parsed {
    certificate: Certificate,
    x509: X509,
    key: PKey<Public>,
}

impl Parsed {
    fn read(der: &[u8]) -> Result<Self, EnvelopeError> {
        let refuse = |why| Err(EnvelopeError::Profile(why));
        if der.len() > MAX_CERTIFICATE {
            return refuse("a certificate of more than 4 KiB");
        }
        check_shape(der)?;
        let certificate = Certificate::from_der(der)?;
        if certificate.to_der()? != der {
            return refuse("a certificate that is not DER");
        }
        let spki = certificate.tbs_certificate().subject_public_key_info();
        let curve = spki.algorithm.parameters.as_ref().map(|p| p.decode_as());
        if spki.algorithm.oid != ID_EC_PUBLIC_KEY || curve != Some(Ok(SECP_256_R_1)) {
            return refuse("a key that is not on the named curve P-256");
        }
        match spki.subject_public_key.as_bytes() {
            Some(point) if point.len() == 65 && point[0] == 4 => {}
            _ => return refuse("a key that is not an uncompressed point"),
        }
        let algorithms = [
            certificate.signature_algorithm(),
            certificate.tbs_certificate().signature(),
        ];
        if algorithms
            .iter()
            .any(|a| a.oid != ECDSA_WITH_SHA_256 || a.parameters.is_some())
        {
            return refuse("a certificate not signed with ecdsa-with-SHA256");
        }
        // RFC 5280 §4.2: what must be understood and is not makes the certificate unusable.
        let known = [
            "2.5.29.14",
            "2.5.29.15",
            "2.5.29.17",
            "2.5.29.19",
            "2.5.29.35",
        ];
        let extensions = certificate
            .tbs_certificate()
            .extensions()
            .into_iter()
            .flatten();
        if extensions
            .filter(|extension| extension.critical)
            .any(|extension| !known.contains(&extension.extn_id.to_string().as_str()))
        {
            return refuse("a certificate with a critical extension that is not known here");
        }
        let x509 = X509::from_der(der)?;
        // OpenSSL refuses a point that is not on the curve here.
        let key = x509
            .public_key()
            .map_err(|_| EnvelopeError::Profile("a key that is not a point of P-256"))?;
        Ok(Parsed {
            certificate,
            x509,
            key,
        })
    }

    /// A signature of a broken form is as bad as a wrong one.
    fn is_signed_by(&self, key: &PKey<Public>) -> bool {
        let good = self.x509.verify(key).unwrap_or(false);
        if !good {
            // A "no" of X509_verify stays in this thread's queue, and the next reading over TLS would take it for its own.
            drop(ErrorStack::get());
        }
        good
    }

    fn extension<'a, T: Decode<'a> + const_oid::AssociatedOid>(
        &'a self,
    ) -> Result<T, EnvelopeError> {
        match self.certificate.tbs_certificate().get_extension::<T>() {
            Ok(Some((_, value))) => Ok(value),
            _ => Err(EnvelopeError::Profile(
                "a certificate without an extension it needs",
            )),
        }
    }

    fn constraints(&self) -> Result<(bool, Option<u8>), EnvelopeError> {
        let constraints: BasicConstraints = self.extension()?;
        Ok((constraints.ca, constraints.path_len_constraint))
    }

    fn usage(&self) -> Result<FlagSet<KeyUsages>, EnvelopeError> {
        let usage: KeyUsage = self.extension()?;
        Ok(usage.0)
    }

    fn key_id(&self) -> Result<Vec<u8>, EnvelopeError> {
        let SubjectKeyIdentifier(id) = self.extension()?;
        let id: OctetString = id;
        match id.as_bytes() {
            bytes if (1..=32).contains(&bytes.len()) => Ok(bytes.to_vec()),
            _ => Err(EnvelopeError::Profile(
                "a key identifier of no sensible length",
            )),
        }
    }

    /// The key in SubjectAltPublicKeyInfo. A server that does not know it passes it over, so that it can read a card that has
    /// one; and since it stands in the certificate, nobody can take it out of there.
    fn second_key(&self) -> Result<Option<PublicKey>, EnvelopeError> {
        let extensions = self.certificate.tbs_certificate().extensions();
        let all = extensions.into_iter().flatten();
        let mut found = all.filter(|one| one.extn_id.to_string() == SUBJECT_ALT_PUBLIC_KEY_INFO);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(one), None) if !one.critical => {
                PublicKey::from_der(one.extn_value.as_bytes()).map(Some)
            }
            _ => Err(EnvelopeError::Profile(
                "a second key twice, or in a critical extension",
            )),
        }
    }

    fn fingerprint(&self) -> Result<Fingerprint, EnvelopeError> {
        let spki = self.certificate.tbs_certificate().subject_public_key_info();
        Ok(Fingerprint::of_key(&spki.to_der()?))
    }

    fn common_name(&self) -> Result<String, EnvelopeError> {
        let wrong = || {
            EnvelopeError::Profile(
                "a certificate whose subject is not one name of 1 to 64 characters",
            )
        };
        let mut entries = self.x509.subject_name().entries();
        let entry = entries.next().ok_or_else(wrong)?;
        let common = entry.object().nid() == openssl::nid::Nid::COMMONNAME;
        let name = entry.data().to_string().map_err(|_| wrong())?;
        if !common || entries.next().is_some() || name.is_empty() || name.chars().count() > 64 {
            return Err(wrong());
        }
        Ok(name)
    }
}
