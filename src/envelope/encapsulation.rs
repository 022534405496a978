//! The recipient of an outer envelope: ML-KEM-768 by KEMRecipientInfo (RFC 9629, 9936).
//!
//! Its form leaves no choice but key identifier, ciphertext and wrapped key. So a reader writes the one possible form around
//! those and compares, and whatever differs by a bit is outside the profile.

use cms::content_info::CmsVersion;
use cms::enveloped_data::{OtherRecipientInfo, RecipientIdentifier, RecipientInfo};
use cms::kemri::{CmsOriForKemOtherInfo, ID_ORI_KEM, KemRecipientInfo};
use const_oid::ObjectIdentifier;
use der::Encode;
use der::asn1::{Any, OctetString};
use openssl::kdf::{HkdfMode, hkdf};
use openssl::md::Md;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use zeroize::Zeroizing;

use super::EnvelopeError;
use super::cipher::{self, FreshKey, WRAPPED};
use super::frame::algorithm;
use super::kem::{CIPHERTEXT, PrivateKey, PublicKey};
use super::profile::{ID_AES_256_WRAP, ID_ALG_HKDF_WITH_SHA256, ID_ALG_ML_KEM_768};

/// Bytes of the key that wraps: AES-256.
const KEK: u16 = 32;

/// Gives the key of a content to the holder of a public key, who is named by `key_id`.
pub fn give(
    fresh: &FreshKey,
    key_id: &[u8],
    to: &PublicKey,
) -> Result<RecipientInfo, EnvelopeError> {
    let (ciphertext, secret) = to.encapsulate()?;
    let kek = derive(&secret)?;
    let given = Given {
        key_id: key_id.to_vec(),
        ciphertext,
        wrapped: cipher::wrap(&kek, &fresh.cek)?,
    };
    given.form()
}

/// A recipient that was read.
pub struct Given {
    pub key_id: Vec<u8>,
    ciphertext: [u8; CIPHERTEXT],
    wrapped: [u8; WRAPPED],
}

impl Given {
    pub fn read(recipient: &RecipientInfo) -> Result<Self, EnvelopeError> {
        let refuse = |why| Err(EnvelopeError::Profile(why));
        let kem = match recipient {
            RecipientInfo::Ori(other) if other.ori_type == ID_ORI_KEM => {
                other.ori_value.decode_as::<KemRecipientInfo>()?
            }
            _ => return refuse("a recipient by other means than KEMRecipientInfo"),
        };
        let RecipientIdentifier::SubjectKeyIdentifier(id) = &kem.rid else {
            return refuse("a recipient that is not named by its key identifier");
        };
        let size = |_| EnvelopeError::Profile("a ciphertext or wrapped key of another length");
        let given = Given {
            key_id: id.0.as_bytes().to_vec(),
            ciphertext: kem.kem_ct.as_bytes().try_into().map_err(size)?,
            wrapped: kem.encrypted_key.as_bytes().try_into().map_err(size)?,
        };
        match given.form()? == *recipient {
            true => Ok(given),
            false => refuse("another encapsulation than ML-KEM-768 by HKDF-SHA256 and aes256-wrap"),
        }
    }

    /// The key of the content.
    pub fn take(&self, key: &PrivateKey) -> Result<Zeroizing<[u8; 32]>, EnvelopeError> {
        let kek = derive(&key.decapsulate(&self.ciphertext))?;
        cipher::unwrap(&kek, &self.wrapped)
    }

    fn form(&self) -> Result<RecipientInfo, EnvelopeError> {
        let kem = KemRecipientInfo {
            version: CmsVersion::V0,
            rid: RecipientIdentifier::SubjectKeyIdentifier(SubjectKeyIdentifier(OctetString::new(
                self.key_id.as_slice(),
            )?)),
            kem: algorithm(ID_ALG_ML_KEM_768, None),
            kem_ct: OctetString::new(self.ciphertext)?,
            kdf: algorithm(ID_ALG_HKDF_WITH_SHA256, None),
            kek_length: KEK,
            ukm: None,
            wrap: algorithm(ID_AES_256_WRAP, None),
            encrypted_key: OctetString::new(self.wrapped)?,
        };
        Ok(RecipientInfo::Ori(OtherRecipientInfo {
            ori_type: ID_ORI_KEM,
            ori_value: Any::encode_from(&kem)?,
        }))
    }
}

fn derive(secret: &[u8; 32]) -> Result<Zeroizing<[u8; KEK as usize]>, EnvelopeError> {
    let mut kek = Zeroizing::new([0; KEK as usize]);
    derive_for(secret, ID_AES_256_WRAP, &mut *kek)?;
    Ok(kek)
}

/// The key-encryption key of RFC 9629 §5, by HKDF without salt (RFC 9936 §2.2.1).
fn derive_for(
    secret: &[u8; 32],
    wrap: ObjectIdentifier,
    kek: &mut [u8],
) -> Result<(), EnvelopeError> {
    let info = CmsOriForKemOtherInfo {
        wrap: algorithm(wrap, None),
        kek_length: kek.len() as u16,
        ukm: None,
    };
    let (info, mode) = (info.to_der()?, HkdfMode::ExtractAndExpand);
    Ok(hkdf(
        Md::sha256(),
        secret,
        None,
        Some(&info),
        mode,
        None,
        kek,
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::parse_hex;

    #[test]
    fn the_example_of_rfc_9936_derives_its_key() {
        let secret = parse_hex("7df12d412ae299a24fde6d7c3bb8e3194c80ad3c733dcf2775e09fe8bedb86d8");
        let mut kek = [0; 16];
        let aes_128 = const_oid::db::rfc5911::ID_AES_128_WRAP;
        derive_for(&secret.expect("32 bytes"), aes_128, &mut kek).expect("derived");
        assert_eq!(parse_hex("cf453a3e2bae0a78701b8206c185a008"), Some(kek));
    }
}
