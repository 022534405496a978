//! Object identifiers of the profile, DER pieces that `cms` lacks, and a look at the shape of DER before it is parsed.

use const_oid::ObjectIdentifier;
use der::Sequence;
use der::asn1::OctetStringRef;

use super::EnvelopeError;

pub use const_oid::db::rfc5911::{
    ID_AES_256_GCM, ID_AES_256_WRAP, ID_CONTENT_TYPE, ID_CT_AUTH_ENVELOPED_DATA, ID_DATA,
    ID_MESSAGE_DIGEST, ID_SIGNED_DATA, ID_SIGNING_TIME,
};
pub use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, ID_SHA_256, SECP_256_R_1};

/// dhSinglePass-stdDH-sha256kdf-scheme (RFC 5753 §7.1.4).
pub const STD_DH_SHA256_KDF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.1.11.1");

/// id-alg-ml-kem-768 (RFC 9935 §3).
pub const ID_ALG_ML_KEM_768: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.2");

/// id-alg-hkdf-with-sha256 (RFC 8619 §2).
pub const ID_ALG_HKDF_WITH_SHA256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.3.28");

/// id-ce-subjectAltPublicKeyInfo (X.509 9.8.2): a second key of the same subject.
pub const SUBJECT_ALT_PUBLIC_KEY_INFO: &str = "2.5.29.72";

/// GCMParameters (RFC 5084 §3.2). The tag length has DEFAULT 12, so that 16 must be written.
#[derive(Sequence)]
pub struct GcmParameters<'a> {
    pub nonce: &'a OctetStringRef,
    pub icv_len: u8,
}

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 16;
/// The most elements in one structure; the largest honest one, a signed object with its certificate, has about 100.
const MAX_ELEMENTS: usize = 512;

/// Walks the tags and lengths of a DER structure without recursion and without allocating by what they claim: definite
/// and shortest lengths only, nothing after the end, bounded depth and number. Contents are not looked at.
///
/// A parser that trusts its input's nesting or counts must not see it before this has passed.
pub fn check_shape(der: &[u8]) -> Result<(), EnvelopeError> {
    let refuse = |why| Err(EnvelopeError::Profile(why));
    let mut ends = Vec::with_capacity(MAX_DEPTH);
    let (mut at, mut elements) = (0, 0);
    loop {
        while ends.last() == Some(&at) {
            ends.pop();
        }
        let end = match ends.last() {
            Some(&end) => end,
            None if at == 0 => der.len(),
            None if at == der.len() => return Ok(()),
            None => return refuse("bytes after the end of the structure"),
        };
        elements += 1;
        if elements > MAX_ELEMENTS {
            return refuse("too many elements");
        }
        let Some((tag, header, length)) = element(&der[at..end])? else {
            return refuse("a truncated element");
        };
        let start = at + header;
        if length > end - start {
            return refuse("an element longer than what holds it");
        }
        if tag & 0x20 != 0 {
            if ends.len() == MAX_DEPTH {
                return refuse("nested too deep");
            }
            ends.push(start + length);
            at = start;
        } else {
            at = start + length;
        }
    }
}

/// Tag octet, octets of tag and length, and length of the element at the start of `der`.
fn element(der: &[u8]) -> Result<Option<(u8, usize, usize)>, EnvelopeError> {
    let (Some(&tag), Some(&first)) = (der.first(), der.get(1)) else {
        return Ok(None);
    };
    if tag & 0x1f == 0x1f {
        return Err(EnvelopeError::Profile("a tag number above 30"));
    }
    if first < 0x80 {
        return Ok(Some((tag, 2, usize::from(first))));
    }
    let octets = usize::from(first & 0x7f);
    if octets == 0 {
        return Err(EnvelopeError::Profile("BER: an indefinite length"));
    }
    if octets > 4 {
        return Err(EnvelopeError::Profile("a length of more than 4 octets"));
    }
    let Some(bytes) = der.get(2..2 + octets) else {
        return Ok(None);
    };
    let length = bytes.iter().fold(0usize, |n, &b| n << 8 | usize::from(b));
    let shortest = match octets {
        1 => length >= 0x80,
        n => length >> (8 * (n - 1)) != 0,
    };
    if !shortest {
        return Err(EnvelopeError::Profile(
            "BER: a length that is not the shortest",
        ));
    }
    Ok(Some((tag, 2 + octets, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(der: &[u8]) -> &'static str {
        match check_shape(der) {
            Err(EnvelopeError::Profile(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_fault_in_the_shape_is_named() {
        assert_eq!(check_shape(&[0x30, 3, 4, 1, 7]), Ok(()));
        assert_eq!(
            refusal(&[0x30, 3, 4, 1, 7, 0]),
            "bytes after the end of the structure"
        );
        assert_eq!(
            refusal(&[0x30, 3, 4, 1]),
            "an element longer than what holds it"
        );
        assert_eq!(
            refusal(&[0x30, 3, 4, 2, 7]),
            "an element longer than what holds it"
        );
        assert_eq!(refusal(&[0x30, 0x80, 0, 0]), "BER: an indefinite length");
        assert_eq!(
            refusal(&[0x30, 0x81, 3, 4, 1, 7]),
            "BER: a length that is not the shortest"
        );
        assert_eq!(
            refusal(&[4, 0x84, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]),
            "an element longer than what holds it"
        );
        assert_eq!(
            refusal(&[4, 0x85, 1, 1, 1, 1, 1]),
            "a length of more than 4 octets"
        );
        assert_eq!(refusal(&[]), "a truncated element");
    }

    #[test]
    fn nesting_and_number_are_bounded() {
        let mut deep = vec![0x30, 0];
        for _ in 0..40_000 {
            let mut outer = vec![0x30, 0x82];
            outer.extend_from_slice(&(deep.len() as u16).to_be_bytes());
            if deep.len() < 256 {
                outer = vec![0x30, deep.len() as u8];
                if deep.len() >= 128 {
                    outer = vec![0x30, 0x81, deep.len() as u8];
                }
            }
            outer.extend_from_slice(&deep);
            deep = outer;
            if deep.len() > 60_000 {
                break;
            }
        }
        assert_eq!(refusal(&deep), "nested too deep");
        let mut many = vec![0x30, 0x82, 0x7d, 0x00];
        many.extend([5, 0].repeat(16_000));
        assert_eq!(refusal(&many), "too many elements");
    }
}
