//! This home server's own keys: the identity that signs, and the encryption keys that open letters.

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use openssl::x509::extension::{BasicConstraints, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name, X509NameBuilder};
use zeroize::Zeroizing;

use super::certificate::{EncryptionCertificate, IdentityCertificate};
use super::kem::PrivateKey;
use super::profile::SUBJECT_ALT_PUBLIC_KEY_INFO;
use super::{EnvelopeError, Fingerprint};
use crate::address::Mailbox;
use crate::encoding::Timestamp;

/// How long an encryption certificate is issued for, in days.
const ENCRYPTION_DAYS: u64 = 365;

/// This home server's identity: signs permits, manifests, letters and encryption certificates.
#[derive(Clone)]
pub struct Identity {
    key: PKey<Private>,
    certificate: IdentityCertificate,
}

/// The private keys that open letters, with their certificate.
#[derive(Clone)]
pub struct EncryptionKey {
    pub(super) key: PKey<Private>,
    // Invariant: there is one exactly where the certificate has one, and it is that.
    pub(super) second: Option<PrivateKey>,
    certificate: EncryptionCertificate,
}

impl Identity {
    /// A new identity with its self-signed certificate. `name` is cut to 64 characters, the limit of a common name.
    pub fn generate(name: &str, mailbox: &Mailbox, now: Timestamp) -> Result<Self, EnvelopeError> {
        Identity::certified(new_key()?, name, mailbox, now)
    }

    /// The same identity at another mailbox: a new certificate on the same key.
    pub fn moved_to(&self, mailbox: &Mailbox, now: Timestamp) -> Result<Self, EnvelopeError> {
        Identity::certified(self.key.clone(), self.certificate.name(), mailbox, now)
    }

    fn certified(
        key: PKey<Private>,
        name: &str,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<Self, EnvelopeError> {
        let subject = common_name(&name.chars().take(64).collect::<String>())?;
        let mut builder = builder(&subject, &subject, &key, now)?;
        builder.set_not_after(&*Asn1Time::from_str("99991231235959Z")?)?;
        builder.append_extension(BasicConstraints::new().critical().ca().pathlen(0).build()?)?;
        let usage = KeyUsage::new()
            .critical()
            .key_cert_sign()
            .digital_signature()
            .build()?;
        builder.append_extension(usage)?;
        builder.append_extension(extension("2.5.29.14", &octets(&key_id(&key)?))?)?;
        builder.append_extension(extension("2.5.29.35", &authority(&key_id(&key)?))?)?;
        let alternative = SubjectAlternativeName::new()
            .email(mailbox.as_str())
            .build(&builder.x509v3_context(None, None))?;
        builder.append_extension(alternative)?;
        builder.sign(&key, MessageDigest::sha256())?;
        let certificate = IdentityCertificate::from_der(&builder.build().to_der()?)?;
        Ok(Identity { key, certificate })
    }

    /// The identity whose PKCS #8 key and certificate these are; they must belong together.
    pub fn from_der(key: &[u8], certificate: &[u8]) -> Result<Self, EnvelopeError> {
        let key = PKey::private_key_from_der(key)?;
        let certificate = IdentityCertificate::from_der(certificate)?;
        if !certificate.key().public_eq(&key) {
            return Err(EnvelopeError::Profile(
                "an identity key that is not its certificate's",
            ));
        }
        Ok(Identity { key, certificate })
    }

    /// The private key as PKCS #8, for the key file.
    pub fn key_der(&self) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
        Ok(Zeroizing::new(self.key.private_key_to_pkcs8()?))
    }

    /// The certificate.
    pub fn certificate(&self) -> &IdentityCertificate {
        &self.certificate
    }

    /// Who this is.
    pub fn fingerprint(&self) -> Fingerprint {
        self.certificate.fingerprint()
    }

    /// Issues a new encryption key, of P-256 and of ML-KEM-768 in one certificate, good for a year from `now`.
    pub fn issue_encryption_key(&self, now: Timestamp) -> Result<EncryptionKey, EnvelopeError> {
        let key = new_key()?;
        let second = PrivateKey::random()?;
        let issuer = X509::from_der(self.certificate.der())?;
        let name: String = self.certificate.name().chars().take(53).collect();
        let subject = common_name(&format!("{name} encryption"))?;
        let mut builder = builder(issuer.subject_name(), &subject, &key, now)?;
        let end = now.plus_seconds(ENCRYPTION_DAYS * 86_400);
        builder.set_not_after(&*Asn1Time::from_unix(end.unix())?)?;
        builder.append_extension(BasicConstraints::new().critical().build()?)?;
        builder.append_extension(KeyUsage::new().critical().key_agreement().build()?)?;
        builder.append_extension(extension("2.5.29.14", &octets(&key_id(&key)?))?)?;
        builder.append_extension(extension(
            "2.5.29.35",
            &authority(self.certificate.key_id()),
        )?)?;
        builder.append_extension(extension(
            SUBJECT_ALT_PUBLIC_KEY_INFO,
            &second.public().to_der()?,
        )?)?;
        builder.sign(&self.key, MessageDigest::sha256())?;
        let der = builder.build().to_der()?;
        let certificate = EncryptionCertificate::from_der(&der, &self.certificate)?;
        Ok(EncryptionKey {
            key,
            second: Some(second),
            certificate,
        })
    }

    /// ECDSA over SHA-256 of `bytes`, as DER (RFC 3279 §2.2.3).
    pub(super) fn sign_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key)?;
        Ok(signer.sign_oneshot_to_vec(bytes)?)
    }
}

impl EncryptionKey {
    /// The key whose PKCS #8 forms and certificate these are; they must belong together. `second`: the key of ML-KEM-768,
    /// which keys of older versions lack.
    pub fn from_der(
        key: &[u8],
        second: Option<&[u8]>,
        certificate: &[u8],
        issuer: &IdentityCertificate,
    ) -> Result<Self, EnvelopeError> {
        let key = PKey::private_key_from_der(key)?;
        let second = second.map(PrivateKey::from_der).transpose()?;
        let certificate = EncryptionCertificate::from_der(certificate, issuer)?;
        let public = second.as_ref().map(PrivateKey::public);
        if !certificate.key().public_eq(&key) || certificate.second_key() != public.as_ref() {
            return Err(EnvelopeError::Profile(
                "an encryption key that is not its certificate's",
            ));
        }
        Ok(EncryptionKey {
            key,
            second,
            certificate,
        })
    }

    /// The private key of P-256 as PKCS #8, for the key file.
    pub fn key_der(&self) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
        Ok(Zeroizing::new(self.key.private_key_to_pkcs8()?))
    }

    /// The private key of ML-KEM-768 as PKCS #8 (RFC 9935 §6, the seed), for the key file.
    pub fn second_key_der(&self) -> Result<Option<Zeroizing<Vec<u8>>>, EnvelopeError> {
        self.second.as_ref().map(PrivateKey::to_der).transpose()
    }

    /// The certificate.
    pub fn certificate(&self) -> &EncryptionCertificate {
        &self.certificate
    }
}

pub(super) fn group() -> Result<EcGroup, EnvelopeError> {
    let mut group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    group.set_asn1_flag(openssl::ec::Asn1Flag::NAMED_CURVE);
    Ok(group)
}

pub(super) fn new_key() -> Result<PKey<Private>, EnvelopeError> {
    let group = group()?;
    Ok(PKey::from_ec_key(EcKey::generate(&group)?)?)
}

pub(super) fn common_name(name: &str) -> Result<X509Name, EnvelopeError> {
    let mut builder = X509NameBuilder::new()?;
    builder.append_entry_by_nid(Nid::COMMONNAME, name)?;
    Ok(builder.build())
}

pub(super) fn builder(
    issuer: &openssl::x509::X509NameRef,
    subject: &X509Name,
    key: &PKey<Private>,
    now: Timestamp,
) -> Result<X509Builder, EnvelopeError> {
    let mut serial = BigNum::new()?;
    serial.rand(158, MsbOption::MAYBE_ZERO, false)?;
    let mut builder = X509Builder::new()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*serial.to_asn1_integer()?)?;
    builder.set_issuer_name(issuer)?;
    builder.set_subject_name(subject)?;
    builder.set_pubkey(key)?;
    builder.set_not_before(&*Asn1Time::from_unix(now.unix())?)?;
    Ok(builder)
}

/// RFC 7093 §2 method 1: the leftmost 160 bits of the SHA-256 of the public key's bit string.
pub(super) fn key_id(key: &PKey<Private>) -> Result<Vec<u8>, EnvelopeError> {
    let mut ctx = openssl::bn::BigNumContext::new()?;
    let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
    let point = key
        .ec_key()?
        .public_key()
        .to_bytes(&*group()?, form, &mut ctx)?;
    Ok(openssl::sha::sha256(&point)[..20].to_vec())
}

pub(super) fn octets(key_id: &[u8]) -> Vec<u8> {
    [&[0x04, key_id.len() as u8], key_id].concat()
}

/// AuthorityKeyIdentifier with a key identifier alone.
pub(super) fn authority(key_id: &[u8]) -> Vec<u8> {
    let len = key_id.len() as u8;
    [&[0x30, len + 2, 0x80, len], key_id].concat()
}

pub(super) fn extension(oid: &str, der: &[u8]) -> Result<X509Extension, EnvelopeError> {
    let oid = Asn1Object::from_str(oid)?;
    let contents = Asn1OctetString::new_from_bytes(der)?;
    Ok(X509Extension::new_from_der(&oid, false, &contents)?)
}

/// One that must be understood.
pub(super) fn critical_extension(oid: &str, der: &[u8]) -> Result<X509Extension, EnvelopeError> {
    let oid = Asn1Object::from_str(oid)?;
    let contents = Asn1OctetString::new_from_bytes(der)?;
    Ok(X509Extension::new_from_der(&oid, true, &contents)?)
}
