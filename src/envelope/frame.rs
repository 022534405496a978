//! AuthEnvelopedData (RFC 5083) around one recipient: what all envelopes of letters have alike. Who the recipient is and how
//! it comes to the key stands in `agreement` and `encapsulation`.

use cms::authenveloped_data::AuthEnvelopedData;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::enveloped_data::{EncryptedContentInfo, RecipientInfo, RecipientInfos};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, OctetString, OctetStringRef, SetOfVec};
use der::{Decode, Encode};
use spki::AlgorithmIdentifierOwned;

use super::cipher::{self, FreshKey, NONCE, TAG};
use super::profile::{
    GcmParameters, ID_AES_256_GCM, ID_CT_AUTH_ENVELOPED_DATA, ID_DATA, check_shape,
};
use super::{EnvelopeError, MAX_SIGNED};

/// An envelope that was read and is not open.
pub struct Frame {
    pub recipient: RecipientInfo,
    nonce: [u8; NONCE],
    content: Vec<u8>,
    tag: [u8; TAG],
}

impl Frame {
    /// Reads the DER of a ContentInfo: all of the profile but the recipient.
    pub fn read(der: &[u8]) -> Result<Self, EnvelopeError> {
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
        let Ok([recipient]) = <[RecipientInfo; 1]>::try_from(data.recip_infos.0.into_vec()) else {
            return refuse("not exactly one recipient");
        };
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
        Ok(Frame {
            recipient,
            nonce: parameters.nonce.as_bytes().try_into().map_err(size)?,
            content: ciphertext.into_bytes().into_vec(),
            tag: data.mac.as_bytes().try_into().map_err(size)?,
        })
    }

    /// The content, once its tag is good.
    pub fn open(self, cek: &[u8; 32]) -> Result<Vec<u8>, EnvelopeError> {
        let mut content = self.content;
        cipher::decrypt(cek, &self.nonce, &mut content, &self.tag)?;
        Ok(content)
    }
}

/// Encrypts `content` and writes the DER of the ContentInfo, with the recipient to whom `fresh` was given.
pub fn seal(
    content: &[u8],
    fresh: &FreshKey,
    recipient: RecipientInfo,
) -> Result<Vec<u8>, EnvelopeError> {
    let mut ciphertext = content.to_vec();
    let tag = cipher::encrypt(fresh, &mut ciphertext)?;
    let parameters = GcmParameters {
        nonce: OctetStringRef::new(&fresh.nonce)?,
        icv_len: TAG as u8,
    };
    let data = AuthEnvelopedData {
        version: CmsVersion::V0,
        originator_info: None,
        recip_infos: RecipientInfos(SetOfVec::try_from(vec![recipient])?),
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

pub fn algorithm(oid: ObjectIdentifier, parameters: Option<Any>) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters }
}
