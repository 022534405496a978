//! Sealed under a passphrase that a person keeps: scrypt (RFC 7914) gives the key, AES-256-GCM seals. For files that lie
//! where others may find them; nothing on the wire has this form.
//!
//! `magic ‖ salt ‖ nonce ‖ sealed ‖ tag ‖ SHA-256 of all before`. The last tells a damaged file from a wrong passphrase;
//! who alters a file on purpose is found out by the tag.

use zeroize::Zeroizing;

use super::cipher::{FreshKey, NONCE, TAG, decrypt, encrypt};
use super::{Digest, EnvelopeError};

/// What such bytes begin with: the form and its version.
const MAGIC: &[u8; 16] = b"hearthpost/1 key";
const SALT: usize = 16;
const SUM: usize = 32;
/// scrypt's costs: 64 MiB of memory, so that each try costs a guesser as much.
const COST: u64 = 1 << 16;
const BLOCK: u64 = 8;
const LANES: u64 = 1;
/// OpenSSL refuses to use more, in bytes.
const MEMORY: u64 = 128 * 1024 * 1024;

/// Seals `content` under a passphrase.
pub fn seal_under(passphrase: &str, content: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    let mut salt = [0; SALT];
    openssl::rand::rand_bytes(&mut salt)?;
    let key = FreshKey {
        cek: stretched(passphrase, &salt)?,
        ..FreshKey::random()?
    };
    let mut sealed = Zeroizing::new(content.to_vec());
    let tag = encrypt(&key, &mut sealed)?;
    let mut whole = [&MAGIC[..], &salt, &key.nonce, &sealed, &tag].concat();
    let sum = Digest::of(&whole);
    whole.extend_from_slice(sum.as_bytes());
    Ok(whole)
}

/// Opens what [`seal_under`] made. [`EnvelopeError::Profile`]: it is none of these, or damaged;
/// [`EnvelopeError::Sealed`]: the passphrase is another one.
pub fn open_under(passphrase: &str, whole: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let damaged = EnvelopeError::Profile("cut off or damaged");
    let (body, sum) = whole.split_last_chunk::<SUM>().ok_or(damaged.clone())?;
    if Digest::of(body).as_bytes() != sum {
        return Err(damaged);
    }
    let (magic, rest) = body.split_first_chunk::<16>().ok_or(damaged.clone())?;
    if magic != MAGIC {
        return Err(EnvelopeError::Profile("of another version"));
    }
    let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or(damaged.clone())?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(damaged.clone())?;
    let (sealed, tag) = rest.split_last_chunk::<TAG>().ok_or(damaged)?;
    let mut content = Zeroizing::new(sealed.to_vec());
    decrypt(&*stretched(passphrase, salt)?, nonce, &mut content, tag)?;
    Ok(content)
}

fn stretched(passphrase: &str, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, EnvelopeError> {
    let mut key = Zeroizing::new([0; 32]);
    let words = passphrase.as_bytes();
    openssl::pkcs5::scrypt(words, salt, COST, BLOCK, LANES, MEMORY, &mut *key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_passphrase_opens_and_a_damaged_file_is_told_from_a_wrong_one() {
        let sealed = seal_under("eight small boats", b"a key").expect("sealed");
        let opened = open_under("eight small boats", &sealed).expect("opens");
        assert_eq!(&*opened, b"a key");
        let error = |passphrase: &str, bytes: &[u8]| open_under(passphrase, bytes).err();
        assert_eq!(
            error("eight small boat", &sealed),
            Some(EnvelopeError::Sealed)
        );
        let damaged = Some(EnvelopeError::Profile("cut off or damaged"));
        for length in [0, 1, 40, sealed.len() - 1] {
            assert_eq!(error("eight small boats", &sealed[..length]), damaged);
        }
        let mut turned = sealed.clone();
        turned[50] ^= 1;
        assert_eq!(error("eight small boats", &turned), damaged);
        // With a sum that fits, as only somebody who means it makes.
        let end = turned.len() - SUM;
        let sum = Digest::of(&turned[..end]);
        turned[end..].copy_from_slice(sum.as_bytes());
        assert_eq!(
            error("eight small boats", &turned),
            Some(EnvelopeError::Sealed)
        );
    }
}
