//! The envelope of a letter: AuthEnvelopedData for one encryption certificate by ephemeral ECDH (RFC 5753), so that
//! `openssl cms -decrypt` opens it with the key.

use cms::authenveloped_data::AuthEnvelopedData;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::enveloped_data::{
    EncryptedContentInfo, KeyAgreeRecipientIdentifier, KeyAgreeRecipientInfo,
    OriginatorIdentifierOrKey, OriginatorPublicKey, RecipientEncryptedKey, RecipientInfo,
    RecipientInfos, RecipientKeyIdentifier,
};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, BitString, OctetString, OctetStringRef, SetOfVec};
use der::{Decode, Encode, Sequence};
use openssl::bn::BigNumContext;
use openssl::derive::Deriver;
use openssl::ec::{EcKey, EcPoint, PointConversionForm};
use openssl::pkey::{PKey, Private, Public};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use zeroize::Zeroizing;

use super::certificate::EncryptionCertificate;
use super::cipher::{self, FreshKey, NONCE, TAG, WRAPPED};
use super::identity::{EncryptionKey, group, new_key};
use super::profile::{
    GcmParameters, ID_AES_256_GCM, ID_AES_256_WRAP, ID_CT_AUTH_ENVELOPED_DATA, ID_DATA,
    ID_EC_PUBLIC_KEY, ID_SIGNED_DATA, SECP_256_R_1, STD_DH_SHA256_KDF, check_shape,
};
use super::{EnvelopeError, MAX_SIGNED};

/// ECC-CMS-SharedInfo (RFC 5753 §7.2), without user keying material.
#[derive(Sequence)]
struct SharedInfo {
    key_info: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT")]
    supp_pub_info: OctetString,
}

/// Envelopes `content` to one certificate; gives the DER of the ContentInfo.
pub fn seal_letter(content: &[u8], to: &EncryptionCertificate) -> Result<Vec<u8>, EnvelopeError> {
    let ephemeral = new_key()?;
    let kek = agree(&ephemeral, to.key())?;
    let fresh = FreshKey::random()?;
    let wrapped = cipher::wrap(&kek, &fresh.cek)?;
    let mut ciphertext = content.to_vec();
    let tag = cipher::encrypt(&fresh, &mut ciphertext)?;

    let recipient = KeyAgreeRecipientInfo {
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
    };
    let parameters = GcmParameters {
        nonce: OctetStringRef::new(&fresh.nonce)?,
        icv_len: TAG as u8,
    };
    let data = AuthEnvelopedData {
        version: CmsVersion::V0,
        originator_info: None,
        recip_infos: RecipientInfos(SetOfVec::try_from(vec![RecipientInfo::Kari(recipient)])?),
        auth_encrypted_content_info: EncryptedContentInfo {
            content_type: ID_DATA,
            content_enc_alg: algorithm(ID_AES_256_GCM, Some(Any::encode_from(&parameters)?)),
            encrypted_content: Some(OctetString::new(ciphertext)?),
        },
        auth_attrs: None,
        mac: OctetString::new(tag)?,
        unauth_attrs: None,
    };
    let info = ContentInfo {
        content_type: ID_CT_AUTH_ENVELOPED_DATA,
        content: Any::encode_from(&data)?,
    };
    Ok(info.to_der()?)
}

/// Opens a letter's envelope with the one of `keys` it names. Nothing is given out before its tag is good, and a key
/// that is not here, a changed wrap and a changed content all end as [`EnvelopeError::Sealed`].
pub fn open_letter(der: &[u8], keys: &[EncryptionKey]) -> Result<Vec<u8>, EnvelopeError> {
    let fields = Fields::read(der)?;
    let key = keys
        .iter()
        .find(|key| key.certificate().key_id() == fields.key_id)
        .ok_or(EnvelopeError::Sealed)?;
    let kek = agree(&key.key, &fields.ephemeral)?;
    let cek = cipher::unwrap(&kek, &fields.wrapped)?;
    let mut content = fields.content;
    cipher::decrypt(&cek, &fields.nonce, &mut content, &fields.tag)?;
    Ok(content)
}

/// Whether what begins like this may be a letter to one of `keys`, or is signed and open: enough to leave alone the
/// enveloped mail of other programs without reading all of it. `start`: the first kilobyte or so of the DER.
pub fn may_be_ours(start: &[u8], keys: &[EncryptionKey]) -> bool {
    let holds = |bytes: &[u8]| start.windows(bytes.len()).any(|window| window == bytes);
    let signed = ID_SIGNED_DATA.as_bytes();
    holds(signed) || keys.iter().any(|key| holds(key.certificate().key_id()))
}

struct Fields {
    ephemeral: PKey<Public>,
    key_id: Vec<u8>,
    wrapped: [u8; WRAPPED],
    nonce: [u8; NONCE],
    content: Vec<u8>,
    tag: [u8; TAG],
}

impl Fields {
    fn read(der: &[u8]) -> Result<Self, EnvelopeError> {
        let refuse = |why| Err(EnvelopeError::Profile(why));
        if der.len() > MAX_SIGNED {
            return refuse("a letter of more than 8 MiB");
        }
        check_shape(der)?;
        let info = ContentInfo::from_der(der)?;
        if info.content_type != ID_CT_AUTH_ENVELOPED_DATA {
            return refuse("not AuthEnvelopedData (plain EnvelopedData is never read)");
        }
        let data: AuthEnvelopedData = info.content.decode_as()?;
        let again = ContentInfo {
            content_type: info.content_type,
            content: Any::encode_from(&data)?,
        };
        if again.to_der()? != der {
            return refuse("not DER");
        }
        if data.version != CmsVersion::V0 || data.originator_info.is_some() {
            return refuse("another version, or originator info");
        }
        if data.auth_attrs.is_some() || data.unauth_attrs.is_some() {
            return refuse("attributes in an envelope");
        }
        let [RecipientInfo::Kari(recipient)] = data.recip_infos.0.as_slice() else {
            return refuse("not exactly one key-agreement recipient");
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
        let content = data.auth_encrypted_content_info;
        if content.content_type != ID_DATA || content.content_enc_alg.oid != ID_AES_256_GCM {
            return refuse("another cipher than AES-256-GCM");
        }
        let parameters = content.content_enc_alg.parameters;
        let parameters = parameters
            .as_ref()
            .map(|any| any.decode_as::<GcmParameters<'_>>());
        let Some(Ok(parameters)) = parameters else {
            return refuse("no nonce, or the default tag length");
        };
        if usize::from(parameters.icv_len) != TAG {
            return refuse("a tag that is not 16 bytes");
        }
        let Some(ciphertext) = content.encrypted_content else {
            return refuse("no content inside");
        };
        let size = |_| EnvelopeError::Profile("a nonce, tag or wrapped key of another length");
        Ok(Fields {
            ephemeral: ephemeral(&recipient.originator)?,
            key_id: id.subject_key_identifier.0.as_bytes().to_vec(),
            wrapped: one.enc_key.as_bytes().try_into().map_err(size)?,
            nonce: parameters.nonce.as_bytes().try_into().map_err(size)?,
            content: ciphertext.into_bytes().into_vec(),
            tag: data.mac.as_bytes().try_into().map_err(size)?,
        })
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

fn algorithm(oid: ObjectIdentifier, parameters: Option<Any>) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters }
}
