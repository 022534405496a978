//! The recipient of a classical envelope: ephemeral ECDH on P-256 (RFC 5753).

use cms::content_info::CmsVersion;
use cms::enveloped_data::{
    KeyAgreeRecipientIdentifier, KeyAgreeRecipientInfo, OriginatorIdentifierOrKey,
    OriginatorPublicKey, RecipientEncryptedKey, RecipientInfo, RecipientKeyIdentifier,
};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, BitString, OctetString};
use der::{Encode, Sequence};
use openssl::bn::BigNumContext;
use openssl::derive::Deriver;
use openssl::ec::{EcKey, EcPoint, PointConversionForm};
use openssl::pkey::{PKey, Private, Public};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use zeroize::Zeroizing;

use super::EnvelopeError;
use super::certificate::EncryptionCertificate;
use super::cipher::{self, FreshKey, WRAPPED};
use super::frame::algorithm;
use super::identity::{group, new_key};
use super::profile::{ID_AES_256_WRAP, ID_EC_PUBLIC_KEY, SECP_256_R_1, STD_DH_SHA256_KDF};

/// ECC-CMS-SharedInfo (RFC 5753 §7.2), without user keying material.
#[derive(Sequence)]
struct SharedInfo {
    key_info: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT")]
    supp_pub_info: OctetString,
}

/// Gives the key of a content to the holder of a certificate.
pub fn give(fresh: &FreshKey, to: &EncryptionCertificate) -> Result<RecipientInfo, EnvelopeError> {
    let ephemeral = new_key()?;
    let kek = agree(&ephemeral, to.key())?;
    let wrapped = cipher::wrap(&kek, &fresh.cek)?;
    Ok(RecipientInfo::Kari(KeyAgreeRecipientInfo {
        version: CmsVersion::V3,
        originator: OriginatorIdentifierOrKey::OriginatorKey(OriginatorPublicKey {
            algorithm: algorithm(ID_EC_PUBLIC_KEY, None),
            public_key: BitString::from_bytes(&point_of(&ephemeral)?)?,
        }),
        ukm: None,
        key_enc_alg: algorithm(
            STD_DH_SHA256_KDF,
            Some(Any::encode_from(&algorithm(ID_AES_256_WRAP, None))?),
        ),
        recipient_enc_keys: vec![RecipientEncryptedKey {
            rid: KeyAgreeRecipientIdentifier::RKeyId(RecipientKeyIdentifier {
                subject_key_identifier: SubjectKeyIdentifier(OctetString::new(to.key_id())?),
                date: None,
                other: None,
            }),
            enc_key: OctetString::new(wrapped)?,
        }],
    }))
}

/// A recipient that was read.
pub struct Given {
    pub key_id: Vec<u8>,
    ephemeral: PKey<Public>,
    wrapped: [u8; WRAPPED],
}

impl Given {
    pub fn read(recipient: &RecipientInfo) -> Result<Self, EnvelopeError> {
        let refuse = |why| Err(EnvelopeError::Profile(why));
        let RecipientInfo::Kari(recipient) = recipient else {
            return refuse("a recipient by other means than key agreement");
        };
        let [one] = recipient.recipient_enc_keys.as_slice() else {
            return refuse("not exactly one encrypted key");
        };
        let KeyAgreeRecipientIdentifier::RKeyId(id) = &one.rid else {
            return refuse("a recipient that is not named by its key identifier");
        };
        if id.date.is_some() || id.other.is_some() || recipient.ukm.is_some() {
            return refuse("a date or keying material in a recipient");
        }
        let wrap = algorithm(ID_AES_256_WRAP, None);
        if recipient.version != CmsVersion::V3
            || recipient.key_enc_alg != algorithm(STD_DH_SHA256_KDF, Some(Any::encode_from(&wrap)?))
        {
            return refuse("another key agreement than stdDH-sha256kdf with aes256-wrap");
        }
        let size = |_| EnvelopeError::Profile("a nonce, tag or wrapped key of another length");
        Ok(Given {
            key_id: id.subject_key_identifier.0.as_bytes().to_vec(),
            ephemeral: ephemeral(&recipient.originator)?,
            wrapped: one.enc_key.as_bytes().try_into().map_err(size)?,
        })
    }

    /// The key of the content.
    pub fn take(&self, key: &PKey<Private>) -> Result<Zeroizing<[u8; 32]>, EnvelopeError> {
        cipher::unwrap(&*agree(key, &self.ephemeral)?, &self.wrapped)
    }
}

/// The sender's one-time key: a point of P-256, checked to be on the curve.
fn ephemeral(originator: &OriginatorIdentifierOrKey) -> Result<PKey<Public>, EnvelopeError> {
    let refuse = |why| Err(EnvelopeError::Profile(why));
    let OriginatorIdentifierOrKey::OriginatorKey(key) = originator else {
        return refuse("a sender's key that is not given inside");
    };
    let curve = key
        .algorithm
        .parameters
        .as_ref()
        .map(|p| p.decode_as::<ObjectIdentifier>());
    if key.algorithm.oid != ID_EC_PUBLIC_KEY || !matches!(curve, None | Some(Ok(SECP_256_R_1))) {
        return refuse("a sender's key that is not on P-256");
    }
    let bytes = match key.public_key.as_bytes() {
        Some(bytes) if bytes.len() == 65 && bytes[0] == 4 => bytes,
        _ => return refuse("a sender's key that is not an uncompressed point"),
    };
    let (group, mut ctx) = (group()?, BigNumContext::new()?);
    let off = |_| EnvelopeError::Profile("a sender's key that is not a point of P-256");
    let point = EcPoint::from_bytes(&group, bytes, &mut ctx).map_err(off)?;
    let key = EcKey::from_public_key(&group, &point).map_err(off)?;
    key.check_key().map_err(off)?;
    Ok(PKey::from_ec_key(key)?)
}

/// The key-encryption key of RFC 5753 §7.2: one round of the X9.63 KDF with SHA-256.
fn agree(own: &PKey<Private>, peer: &PKey<Public>) -> Result<Zeroizing<[u8; 32]>, EnvelopeError> {
    let mut deriver = Deriver::new(own)?;
    deriver.set_peer(peer)?;
    let secret = Zeroizing::new(deriver.derive_to_vec()?);
    let shared = SharedInfo {
        key_info: algorithm(ID_AES_256_WRAP, None),
        supp_pub_info: OctetString::new(256u32.to_be_bytes())?,
    };
    let mut hash = openssl::sha::Sha256::new();
    hash.update(&secret);
    hash.update(&1u32.to_be_bytes());
    hash.update(&shared.to_der()?);
    Ok(Zeroizing::new(hash.finish()))
}

fn point_of(key: &PKey<Private>) -> Result<Vec<u8>, EnvelopeError> {
    let (group, mut ctx) = (group()?, BigNumContext::new()?);
    let form = PointConversionForm::UNCOMPRESSED;
    Ok(key
        .ec_key()?
        .public_key()
        .to_bytes(&group, form, &mut ctx)?)
}
