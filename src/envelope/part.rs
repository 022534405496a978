//! A part: at most 4 MiB of one tier of one item, sealed once as AuthEnvelopedData (RFC 5083) with AES-256-GCM
//! (RFC 5084) and one KEKRecipientInfo for the item key.
//!
//! Its form leaves no choice but key identifier, wrapped key, nonce and content. So a reader rebuilds the one possible
//! frame around those and compares: whatever differs by one bit, be it an algorithm, a length or an attribute, is
//! outside the profile. Content is encrypted and decrypted where it lies, never copied.

use cms::authenveloped_data::AuthEnvelopedData;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::enveloped_data::{
    EncryptedContentInfo, KekIdentifier, KekRecipientInfo, RecipientInfo, RecipientInfos,
};
use der::asn1::{Any, OctetString, OctetStringRef, SetOfVec};
use der::{Decode, Encode};
use spki::AlgorithmIdentifierOwned;
use std::io::{self, Read};

use super::cipher::{self, FreshKey, NONCE, TAG, WRAPPED};
use super::key::{ItemKey, KekId};
use super::profile::{
    GcmParameters, ID_AES_256_GCM, ID_AES_256_WRAP, ID_CT_AUTH_ENVELOPED_DATA, ID_DATA,
};
use super::{Digest, EnvelopeError};

/// Bytes of plaintext in every part of a tier but the last.
pub const PART_SIZE: usize = 4 * 1024 * 1024;
/// No part is longer than its plaintext and this (PROTOCOL 2).
pub const PART_OVERHEAD: usize = 1024;

/// Room kept before the content; the frame is at most 166 bytes for any length up to 4 MiB.
const HEADROOM: usize = 256;
/// The `mac` field after the content: tag, length, value.
const TRAILER: usize = 2 + TAG;

/// A buffer that is filled with plaintext and sealed where it lies. Wiped on drop.
pub struct PartBuffer {
    // Invariant: HEADROOM bytes, then at most PART_SIZE of content, then room for the trailer.
    bytes: zeroize::Zeroizing<Vec<u8>>,
    len: usize,
}

/// A sealed part: the DER of its ContentInfo, and the SHA-256 of that.
#[derive(Debug, Clone, Copy)]
pub struct SealedPart<'b> {
    /// The whole ContentInfo.
    pub der: &'b [u8],
    /// How it is named everywhere.
    pub digest: Digest,
}

impl Default for PartBuffer {
    fn default() -> Self {
        PartBuffer {
            bytes: zeroize::Zeroizing::new(vec![0; HEADROOM + PART_SIZE + TRAILER]),
            len: 0,
        }
    }
}

impl PartBuffer {
    /// Reads until the part is full or the source ends; gives the bytes of plaintext now held.
    pub fn fill(&mut self, source: &mut impl Read) -> io::Result<usize> {
        self.len = 0;
        while self.len < PART_SIZE {
            let rest = &mut self.bytes[HEADROOM + self.len..HEADROOM + PART_SIZE];
            match source.read(rest) {
                Ok(0) => break,
                Ok(n) => self.len += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.len)
    }

    /// The plaintext, until it is sealed.
    pub fn content(&self) -> &[u8] {
        &self.bytes[HEADROOM..HEADROOM + self.len]
    }

    /// Seals the content in place under a fresh content-encryption key, wrapped by `key`.
    pub fn seal(&mut self, key: &ItemKey) -> Result<SealedPart<'_>, EnvelopeError> {
        let fresh = FreshKey::random()?;
        self.seal_with(key, &fresh)
    }

    /// As [`PartBuffer::seal`], without the digest.
    pub fn seal_undigested(&mut self, key: &ItemKey) -> Result<&[u8], EnvelopeError> {
        let fresh = FreshKey::random()?;
        self.encrypt(key, &fresh)
    }

    fn seal_with(
        &mut self,
        key: &ItemKey,
        fresh: &FreshKey,
    ) -> Result<SealedPart<'_>, EnvelopeError> {
        let der = self.encrypt(key, fresh)?;
        Ok(SealedPart {
            der,
            digest: Digest::of(der),
        })
    }

    fn encrypt(&mut self, key: &ItemKey, fresh: &FreshKey) -> Result<&[u8], EnvelopeError> {
        let wrapped = cipher::wrap(key.as_bytes(), &fresh.cek)?;
        let frame = Frame::new(self.len)?;
        let prefix = frame.prefix(&key.kek_id(), &wrapped, &fresh.nonce);
        let end = HEADROOM + self.len;
        let tag = cipher::encrypt(fresh, &mut self.bytes[HEADROOM..end])?;
        let start = HEADROOM - prefix.len();
        self.bytes[start..HEADROOM].copy_from_slice(&prefix);
        self.bytes[end..end + 2].copy_from_slice(&MAC_HEADER);
        self.bytes[end + 2..end + TRAILER].copy_from_slice(&tag);
        Ok(&self.bytes[start..end + TRAILER])
    }
}

/// Where the plaintext of an opened part lies in its DER; `len` is the length of the plaintext.
pub fn part_content(der: &[u8], len: usize) -> std::ops::Range<usize> {
    let end = der.len() - TRAILER;
    end - len..end
}

/// The identifier of the key that opens this part, if it is in the profile.
pub fn part_key_id(der: &[u8]) -> Result<KekId, EnvelopeError> {
    Frame::read(der).map(|fields| fields.kek_id)
}

/// Opens a part where it lies and gives its plaintext, a slice of `der`. On failure no plaintext is left in `der`.
pub fn open_part<'d>(der: &'d mut [u8], key: &ItemKey) -> Result<&'d mut [u8], EnvelopeError> {
    let fields = Frame::read(der)?;
    if fields.kek_id != key.kek_id() {
        return Err(EnvelopeError::Sealed);
    }
    let cek = cipher::unwrap(key.as_bytes(), &fields.wrapped)?;
    let end = der.len() - TRAILER;
    let content = &mut der[fields.content_at..end];
    cipher::decrypt(&cek, &fields.nonce, content, &fields.tag)?;
    Ok(content)
}

/// How long the DER of a part with `content` bytes of plaintext is.
pub fn part_len(content: usize) -> usize {
    let headers = |len: usize| match len {
        0..0x80 => 2,
        0x80..0x100 => 3,
        0x100..0x1_0000 => 4,
        0x1_0000..0x100_0000 => 5,
        _ => 6,
    };
    // From the inside out: encryptedContent, EncryptedContentInfo, AuthEnvelopedData, [0], ContentInfo.
    let info = 43 + headers(content) + content;
    let body = 85 + headers(info) + info + TRAILER;
    let explicit = headers(body) + body;
    let whole = 13 + headers(explicit) + explicit;
    headers(whole) + whole
}

/// `[UNIVERSAL 4] 16`: the head of the mac.
const MAC_HEADER: [u8; 2] = [0x04, TAG as u8];

/// Everything before the content of a part of one length, with the places of its three free fields.
struct Frame {
    prefix: Vec<u8>,
    kek_id_at: usize,
    wrapped_at: usize,
    nonce_at: usize,
}

struct Fields {
    kek_id: KekId,
    wrapped: [u8; WRAPPED],
    nonce: [u8; NONCE],
    tag: [u8; TAG],
    content_at: usize,
}

impl Frame {
    fn new(content: usize) -> Result<Self, EnvelopeError> {
        // The structure with empty content shows the shape; only the five enclosing lengths depend on the content.
        let shape = structure(&KekId([0xa1; 16]), &[0xa2; WRAPPED], &[0xa3; NONCE], &[])?;
        let place = |marker: &[u8]| {
            shape
                .windows(marker.len())
                .position(|window| window == marker)
                .expect("the shape holds each of its markers")
        };
        let inner_at = place(&[0xa1; 16]);
        // From version 0 of AuthEnvelopedData up to the head of the EncryptedContentInfo, whose length varies.
        let info_head = shape.len() - TRAILER - 2 - 43 - 2;
        let body_start = shape
            .windows(3)
            .position(|window| window == [0x02, 0x01, 0x00])
            .expect("AuthEnvelopedData begins with version 0");
        let recipient = &shape[body_start..info_head];
        let info_fixed = &shape[info_head + 2..shape.len() - TRAILER - 2];
        let info = info_fixed.len() + length_of(content).len() + 1 + content;
        let body = recipient.len() + 1 + length_of(info).len() + info + TRAILER;
        let explicit = 1 + length_of(body).len() + body;
        let oid = ID_CT_AUTH_ENVELOPED_DATA.to_der()?;
        let whole = oid.len() + 1 + length_of(explicit).len() + explicit;

        let mut prefix = Vec::with_capacity(HEADROOM);
        let head = |out: &mut Vec<u8>, tag: u8, length: usize| {
            out.push(tag);
            out.extend_from_slice(&length_of(length));
        };
        head(&mut prefix, 0x30, whole);
        prefix.extend_from_slice(&oid);
        head(&mut prefix, 0xa0, explicit);
        head(&mut prefix, 0x30, body);
        let moved = prefix.len() as isize - body_start as isize;
        prefix.extend_from_slice(recipient);
        head(&mut prefix, 0x30, info);
        prefix.extend_from_slice(info_fixed);
        head(&mut prefix, 0x80, content);
        let nonce_at = prefix
            .windows(NONCE)
            .position(|window| window == [0xa3; NONCE])
            .expect("the frame holds the marker of its nonce");
        Ok(Frame {
            kek_id_at: inner_at.wrapping_add_signed(moved),
            wrapped_at: place(&[0xa2; WRAPPED]).wrapping_add_signed(moved),
            nonce_at,
            prefix,
        })
    }

    fn prefix(mut self, kek_id: &KekId, wrapped: &[u8; WRAPPED], nonce: &[u8; NONCE]) -> Vec<u8> {
        self.prefix[self.kek_id_at..][..16].copy_from_slice(&kek_id.0);
        self.prefix[self.wrapped_at..][..WRAPPED].copy_from_slice(wrapped);
        self.prefix[self.nonce_at..][..NONCE].copy_from_slice(nonce);
        self.prefix
    }

    /// Takes the free fields out of a part after comparing everything else.
    fn read(der: &[u8]) -> Result<Fields, EnvelopeError> {
        let outside = || EnvelopeError::Profile(diagnose(der));
        let content = content_len(der.len()).ok_or_else(outside)?;
        let frame = Frame::new(content)?;
        let content_at = frame.prefix.len();
        let field = |at: usize, len: usize| der.get(at..at + len).ok_or_else(outside);
        let fixed = |slice: &[u8]| {
            let mut bytes = [0; 64];
            bytes[..slice.len()].copy_from_slice(slice);
            bytes
        };
        let mut kek_id = [0; 16];
        kek_id.copy_from_slice(&fixed(field(frame.kek_id_at, 16)?)[..16]);
        let mut wrapped = [0; WRAPPED];
        wrapped.copy_from_slice(&fixed(field(frame.wrapped_at, WRAPPED)?)[..WRAPPED]);
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&fixed(field(frame.nonce_at, NONCE)?)[..NONCE]);
        let mut tag = [0; TAG];
        tag.copy_from_slice(&der[der.len() - TAG..]);
        let kek_id = KekId(kek_id);
        let expected = frame.prefix(&kek_id, &wrapped, &nonce);
        let mac_at = der.len() - TRAILER;
        if der[..content_at] != expected || der[mac_at..mac_at + 2] != MAC_HEADER {
            return Err(outside());
        }
        Ok(Fields {
            kek_id,
            wrapped,
            nonce,
            tag,
            content_at,
        })
    }
}

/// How many bytes of plaintext a part has whose DER has `len` bytes; `None` where no part has that length.
pub fn content_len(len: usize) -> Option<usize> {
    let guess = len.checked_sub(part_len(0))?.min(PART_SIZE);
    (guess.saturating_sub(16)..=guess).find(|&content| part_len(content) == len)
}

/// DER length octets, shortest form.
fn length_of(length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![length as u8];
    }
    let bytes = length.to_be_bytes();
    let skip = bytes.iter().take_while(|&&b| b == 0).count();
    let mut out = vec![0x80 | (bytes.len() - skip) as u8];
    out.extend_from_slice(&bytes[skip..]);
    out
}

/// The whole structure by the types of `cms`, from which the frame is cut.
fn structure(
    kek_id: &KekId,
    wrapped: &[u8; WRAPPED],
    nonce: &[u8; NONCE],
    content: &[u8],
) -> Result<Vec<u8>, EnvelopeError> {
    let recipient = KekRecipientInfo {
        version: CmsVersion::V4,
        kek_id: KekIdentifier {
            kek_identifier: OctetString::new(kek_id.0)?,
            date: None,
            other: None,
        },
        key_enc_alg: AlgorithmIdentifierOwned {
            oid: ID_AES_256_WRAP,
            parameters: None,
        },
        encrypted_key: OctetString::new(wrapped.as_slice())?,
    };
    let parameters = GcmParameters {
        nonce: OctetStringRef::new(nonce)?,
        icv_len: TAG as u8,
    };
    let data = AuthEnvelopedData {
        version: CmsVersion::V0,
        originator_info: None,
        recip_infos: RecipientInfos(SetOfVec::try_from(vec![RecipientInfo::Kekri(recipient)])?),
        auth_encrypted_content_info: EncryptedContentInfo {
            content_type: ID_DATA,
            content_enc_alg: AlgorithmIdentifierOwned {
                oid: ID_AES_256_GCM,
                parameters: Some(Any::encode_from(&parameters)?),
            },
            encrypted_content: Some(OctetString::new(content)?),
        },
        auth_attrs: None,
        mac: OctetString::new([0; TAG])?,
        unauth_attrs: None,
    };
    let info = ContentInfo {
        content_type: ID_CT_AUTH_ENVELOPED_DATA,
        content: Any::encode_from(&data)?,
    };
    Ok(info.to_der()?)
}

/// What is wrong with something that should be a part, for the keeper.
fn diagnose(der: &[u8]) -> &'static str {
    if der.len() > PART_SIZE + PART_OVERHEAD {
        return "a part of more than 4 MiB";
    }
    if let Err(EnvelopeError::Profile(why)) = super::profile::check_shape(der) {
        return why;
    }
    let Ok(info) = ContentInfo::from_der(der) else {
        return "not a CMS object";
    };
    if info.content_type != ID_CT_AUTH_ENVELOPED_DATA {
        return "not AuthEnvelopedData (plain EnvelopedData is never read)";
    }
    let Ok(data) = info.content.decode_as::<AuthEnvelopedData>() else {
        return "not the DER of AuthEnvelopedData";
    };
    if data.auth_attrs.is_some() || data.unauth_attrs.is_some() {
        return "attributes in a part";
    }
    if data.originator_info.is_some() {
        return "originator info in a part";
    }
    let content = data.auth_encrypted_content_info.encrypted_content.as_ref();
    if content.is_some_and(|content| content.as_bytes().len() > PART_SIZE) {
        return "a part of more than 4 MiB";
    }
    if data.mac.as_bytes().len() != TAG {
        return "a tag that is not 16 bytes";
    }
    if data.auth_encrypted_content_info.content_enc_alg.oid != ID_AES_256_GCM {
        return "another cipher than AES-256-GCM";
    }
    match data.recip_infos.0.as_slice() {
        [RecipientInfo::Kekri(kekri)] if kekri.kek_id.kek_identifier.as_bytes().len() == 16 => {
            "a field of another form than the profile's"
        }
        [RecipientInfo::Kekri(_)] => "a key identifier that is not 16 bytes",
        [_] => "another kind of recipient than the item key",
        [] => "no recipient",
        _ => "more than one recipient",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::{ContentKey, Id};
    use crate::rules::Tier;

    fn key() -> ItemKey {
        ContentKey::random().item(Id::random(), Tier::Original)
    }

    fn sealed(key: &ItemKey, content: &[u8]) -> Vec<u8> {
        let mut buffer = PartBuffer::default();
        buffer.fill(&mut &content[..]).expect("memory is readable");
        buffer.seal(key).expect("sealed").der.to_vec()
    }

    #[test]
    fn the_frame_is_what_cms_encodes_at_every_length_class() {
        let key = key();
        let fresh = FreshKey::random().expect("random");
        for len in [
            0, 1, 30, 100, 127, 128, 200, 255, 256, 300, 65_300, 65_535, 65_536, PART_SIZE,
        ] {
            let content = vec![7; len];
            let mut buffer = PartBuffer::default();
            buffer.fill(&mut &content[..]).expect("readable");
            let part = buffer.seal_with(&key, &fresh).expect("sealed").der.to_vec();
            assert_eq!(part.len(), part_len(len));
            let wrapped = cipher::wrap(key.as_bytes(), &fresh.cek).expect("wrapped");
            let ciphertext = &part[part.len() - TRAILER - len..part.len() - TRAILER];
            let mut expected =
                structure(&key.kek_id(), &wrapped, &fresh.nonce, ciphertext).expect("DER");
            let at = expected.len() - TAG;
            expected[at..].copy_from_slice(&part[part.len() - TAG..]);
            assert!(part == expected, "length {len}");
            let mut der = part;
            assert!(open_part(&mut der, &key).expect("opens") == &content[..]);
        }
    }

    #[test]
    fn every_bent_byte_is_refused_and_leaves_no_plaintext() {
        let key = key();
        let content = b"the plain words of a picture";
        let part = sealed(&key, content);
        for at in 0..part.len() {
            for bit in [0x01, 0x80] {
                let mut bent = part.clone();
                bent[at] ^= bit;
                assert!(open_part(&mut bent, &key).is_err(), "byte {at}");
                assert!(!bent.windows(9).any(|window| window == b"the plain"));
            }
        }
        for len in 0..part.len() {
            assert!(open_part(&mut part[..len].to_vec(), &key).is_err());
        }
        let mut longer = part.clone();
        longer.push(0);
        assert!(open_part(&mut longer, &key).is_err());
    }

    #[test]
    fn another_key_does_not_open_it() {
        let part = sealed(&key(), b"x");
        let error = open_part(&mut part.clone(), &key()).expect_err("another key");
        assert_eq!(error, EnvelopeError::Sealed);
    }
}
