//! Signed objects: SignedData (RFC 5652 §5) with the content inside, one signer, and the signer's identity certificate.

use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{Any, AnyRef, OctetString, OctetStringRef, SetOfVec};
use der::{Decode, Encode, SliceReader};
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::time::Time;

use super::certificate::IdentityCertificate;
use super::identity::Identity;
use super::profile::{
    ECDSA_WITH_SHA_256, ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SHA_256, ID_SIGNED_DATA,
    ID_SIGNING_TIME, check_shape,
};
use super::{Digest, EnvelopeError};
use crate::encoding::Timestamp;

/// The longest signed object that is read: a letter on the wire is at most 8 MiB.
pub const MAX_SIGNED: usize = 8 * 1024 * 1024;

/// Content whose signature is good, with the identity that made it. Only [`verify`] makes one.
#[derive(Debug, Clone)]
pub struct SignedObject {
    content: Vec<u8>,
    signer: IdentityCertificate,
}

impl SignedObject {
    /// What was signed.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// Who signed it.
    pub fn signer(&self) -> &IdentityCertificate {
        &self.signer
    }

    /// How the object is named: the digest of its content, never of the SignedData, which is malleable (PROTOCOL 1).
    pub fn digest(&self) -> Digest {
        Digest::of(&self.content)
    }
}

/// Signs `content`; gives the DER of the ContentInfo. `time` becomes the signingTime, which no reader evaluates.
pub fn sign(
    identity: &Identity,
    content: &[u8],
    time: Timestamp,
) -> Result<Vec<u8>, EnvelopeError> {
    let certificate = identity.certificate();
    let attributes = signed_attributes(content, time)?;
    let signature = identity.sign_bytes(&attributes.to_der()?)?;
    let signer = SignerInfo {
        version: CmsVersion::V3,
        sid: SignerIdentifier::SubjectKeyIdentifier(SubjectKeyIdentifier(OctetString::new(
            certificate.key_id(),
        )?)),
        digest_alg: bare(ID_SHA_256),
        signed_attrs: Some(attributes),
        signature_algorithm: bare(ECDSA_WITH_SHA_256),
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let certificate = CertificateChoices::Certificate(Certificate::from_der(certificate.der())?);
    let data = SignedData {
        version: CmsVersion::V3,
        digest_algorithms: SetOfVec::try_from(vec![bare(ID_SHA_256)])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: ID_DATA,
            econtent: Some(Any::encode_from(&OctetString::new(content)?)?),
        },
        certificates: Some(CertificateSet(SetOfVec::try_from(vec![certificate])?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    let info = ContentInfo {
        content_type: ID_SIGNED_DATA,
        content: Any::encode_from(&data)?,
    };
    Ok(info.to_der()?)
}

/// Reads a signed object: profile first, then the signature under the certificate it carries. Whose certificate that
/// may be is the caller's question.
pub fn verify(der: &[u8]) -> Result<SignedObject, EnvelopeError> {
    let refuse = |why| Err(EnvelopeError::Profile(why));
    if der.len() > MAX_SIGNED {
        return refuse("a signed object of more than 8 MiB");
    }
    check_shape(der)?;
    let info = ContentInfo::from_der(der)?;
    if info.content_type != ID_SIGNED_DATA {
        return refuse("not SignedData");
    }
    let data: SignedData = info.content.decode_as()?;
    let [algorithm] = data.digest_algorithms.as_slice() else {
        return refuse("not exactly one digest algorithm");
    };
    if data.version != CmsVersion::V3 || !is_bare(algorithm, ID_SHA_256) {
        return refuse("another version or digest than the profile's");
    }
    if data.crls.is_some() {
        return refuse("revocation lists in a signed object");
    }
    if data.encap_content_info.econtent_type != ID_DATA {
        return refuse("another content type than id-data");
    }
    let Some(content) = &data.encap_content_info.econtent else {
        return refuse("no content inside");
    };
    let content = content.decode_as::<OctetString>()?.as_bytes().to_vec();
    let certificate = match data.certificates.as_ref().map(|set| set.0.as_slice()) {
        Some([CertificateChoices::Certificate(certificate)]) => certificate.to_der()?,
        _ => return refuse("not exactly the signer's certificate inside"),
    };
    let signer = IdentityCertificate::from_der(&certificate)?;
    let [one] = data.signer_infos.0.as_slice() else {
        return refuse("not exactly one signer");
    };
    check_signer(one, &signer)?;
    let attributes = one
        .signed_attrs
        .as_ref()
        .expect("check_signer requires signed attributes");
    check_attributes(attributes.as_slice(), &content)?;
    // Encoding again shows that nothing of the input had a second spelling.
    let again = ContentInfo {
        content_type: ID_SIGNED_DATA,
        content: Any::encode_from(&data)?,
    };
    if again.to_der()? != der {
        return refuse("not DER");
    }
    let good = Verifier::new(MessageDigest::sha256(), signer.key())?
        .verify_oneshot(one.signature.as_bytes(), &attributes.to_der()?);
    match good {
        Ok(true) => Ok(SignedObject { content, signer }),
        _ => Err(EnvelopeError::Signature),
    }
}

/// What was signed, of a signed object that [`verify`] or [`sign`] gave before and that was kept since. No signature is
/// looked at: never for what comes from outside.
pub fn content_of_stored(der: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    let info = AnyRef::from_der(der)?;
    let data = AnyRef::from_der(second(info)?.value())?;
    let mut fields = SliceReader::new(data.value())?;
    let (_version, _algorithms) = (AnyRef::decode(&mut fields)?, AnyRef::decode(&mut fields)?);
    let content = second(AnyRef::decode(&mut fields)?)?;
    Ok(<&OctetStringRef>::from_der(content.value())?
        .as_bytes()
        .to_vec())
}

/// What stands behind the type of a content.
fn second(typed: AnyRef<'_>) -> Result<AnyRef<'_>, EnvelopeError> {
    let mut fields = SliceReader::new(typed.value())?;
    let _type = AnyRef::decode(&mut fields)?;
    Ok(AnyRef::decode(&mut fields)?)
}

fn check_signer(one: &SignerInfo, signer: &IdentityCertificate) -> Result<(), EnvelopeError> {
    let refuse = |why| Err(EnvelopeError::Profile(why));
    match &one.sid {
        SignerIdentifier::SubjectKeyIdentifier(id) if id.0.as_bytes() == signer.key_id() => {}
        _ => return refuse("a signer that the certificate inside is not"),
    }
    if one.version != CmsVersion::V3 || !is_bare(&one.digest_alg, ID_SHA_256) {
        return refuse("another digest than SHA-256");
    }
    if !is_bare(&one.signature_algorithm, ECDSA_WITH_SHA_256) {
        return refuse("another signature than ecdsa-with-SHA256");
    }
    if one.unsigned_attrs.is_some() {
        return refuse("unsigned attributes");
    }
    if one.signed_attrs.is_none() {
        return refuse("no signed attributes");
    }
    Ok(())
}

/// Exactly contentType, signingTime and messageDigest, each with one value; the digest must be the content's.
fn check_attributes(attributes: &[Attribute], content: &[u8]) -> Result<(), EnvelopeError> {
    let refuse = |why| Err(EnvelopeError::Profile(why));
    if attributes.len() != 3 {
        return refuse("other signed attributes than the three of the profile");
    }
    let value = |oid| {
        attributes
            .iter()
            .find(|attribute| attribute.oid == oid)
            .and_then(|attribute| match attribute.values.as_slice() {
                [value] => Some(value),
                _ => None,
            })
            .ok_or(EnvelopeError::Profile("a signed attribute is missing"))
    };
    if value(ID_CONTENT_TYPE)?.decode_as() != Ok(ID_DATA) {
        return refuse("a content-type attribute other than id-data");
    }
    value(ID_SIGNING_TIME)?.decode_as::<Time>()?;
    let digest: OctetString = value(ID_MESSAGE_DIGEST)?.decode_as()?;
    if digest.as_bytes() != Digest::of(content).as_bytes() {
        return Err(EnvelopeError::Signature);
    }
    Ok(())
}

fn signed_attributes(
    content: &[u8],
    time: Timestamp,
) -> Result<SetOfVec<Attribute>, EnvelopeError> {
    let attribute = |oid, value: Any| -> Result<Attribute, EnvelopeError> {
        Ok(Attribute {
            oid,
            values: SetOfVec::try_from(vec![value])?,
        })
    };
    let seconds = std::time::Duration::from_secs(time.unix().max(0).unsigned_abs());
    let date = der::DateTime::from_unix_duration(seconds)?;
    // RFC 5652 §11.3: UTCTime through 2049, GeneralizedTime from 2050.
    let time = match der::asn1::UtcTime::from_date_time(date) {
        Ok(utc) => Time::UtcTime(utc),
        Err(_) => Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(date)),
    };
    let digest = OctetString::new(*Digest::of(content).as_bytes())?;
    Ok(SetOfVec::try_from(vec![
        attribute(ID_CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        attribute(ID_SIGNING_TIME, Any::encode_from(&time)?)?,
        attribute(ID_MESSAGE_DIGEST, Any::encode_from(&digest)?)?,
    ])?)
}

fn bare(oid: const_oid::ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid,
        parameters: None,
    }
}

fn is_bare(algorithm: &AlgorithmIdentifierOwned, oid: const_oid::ObjectIdentifier) -> bool {
    algorithm.oid == oid && algorithm.parameters.is_none()
}
