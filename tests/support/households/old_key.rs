//! The key for letters of a household of version 0.2, of P-256 alone.

use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{EncryptionKey, Identity};
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Extension, X509NameBuilder};

/// A new one, for a year.
pub fn old_key(identity: &Identity, from: Timestamp) -> EncryptionKey {
    let signer = identity.key_der().expect("a key");
    let signer = PKey::private_key_from_der(&signer).expect("a key");
    let issuer = X509::from_der(identity.certificate().der()).expect("a certificate");
    let key = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1)
        .and_then(|group| openssl::ec::EcKey::generate(&group))
        .and_then(PKey::from_ec_key)
        .expect("a key");
    let time =
        |time: hearthpost::encoding::Timestamp| Asn1Time::from_unix(time.unix()).expect("a time");
    let der = || -> Result<Vec<u8>, openssl::error::ErrorStack> {
        let mut name = X509NameBuilder::new()?;
        name.append_entry_by_text("CN", "of old encryption")?;
        let mut builder = X509::builder()?;
        builder.set_version(2)?;
        builder.set_serial_number(&*openssl::bn::BigNum::from_u32(7)?.to_asn1_integer()?)?;
        builder.set_issuer_name(issuer.subject_name())?;
        builder.set_subject_name(&name.build())?;
        builder.set_pubkey(&key)?;
        builder.set_not_before(&time(from))?;
        builder.set_not_after(&time(from.plus_seconds(365 * 86_400)))?;
        builder.append_extension(BasicConstraints::new().critical().build()?)?;
        builder.append_extension(KeyUsage::new().critical().key_agreement().build()?)?;
        let id = openssl::sha::sha256(&key.public_key_to_der()?);
        let id = [&[4, 20], &id[..20]].concat();
        let value = Asn1OctetString::new_from_bytes(&id)?;
        let oid = Asn1Object::from_str("2.5.29.14")?;
        builder.append_extension(X509Extension::new_from_der(&oid, false, &value)?)?;
        builder.sign(&signer, MessageDigest::sha256())?;
        builder.build().to_der()
    };
    let certificate = der().expect("a certificate");
    let key = key.private_key_to_pkcs8().expect("a key");
    EncryptionKey::from_der(&key, None, &certificate, identity.certificate()).expect("a key")
}
