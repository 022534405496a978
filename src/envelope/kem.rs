//! ML-KEM-768 (FIPS 203) keys, in the encodings of RFC 9935. Chance comes from OpenSSL alone.
//!
//! A ciphertext that is not for the key gives a secret all the same, one that nobody knows (FIPS 203 §6.3): so a wrong one
//! shows where the secret is used, and never here.

use std::fmt;

use der::asn1::{BitString, OctetStringRef};
use der::{Decode, Encode, Sequence};
use ml_kem::kem::{Decapsulate, Key, KeyExport};
use ml_kem::{B32, DecapsulationKey, EncapsulationKey, MlKem768, Seed};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::EnvelopeError;
use super::profile::ID_ALG_ML_KEM_768;

/// Bytes of a ciphertext.
pub const CIPHERTEXT: usize = 1088;
/// Bytes of a public key.
const PUBLIC: usize = 1184;
/// Bytes of the seed that a private key is kept as.
const SEED: usize = 64;

/// What both sides hold after an encapsulation.
pub type Secret = Zeroizing<[u8; 32]>;

/// Encapsulates.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(EncapsulationKey<MlKem768>);

/// Decapsulates. Wiped on drop.
#[derive(Clone)]
pub struct PrivateKey(DecapsulationKey<MlKem768>);

/// SubjectPublicKeyInfo, which is also what SubjectAltPublicKeyInfo looks like (X.509 9.8.2).
#[derive(Sequence)]
struct PublicKeyInfo {
    algorithm: AlgorithmIdentifierOwned,
    key: BitString,
}

/// PrivateKeyInfo (RFC 5208) with the octets of the private key in it.
#[derive(Sequence)]
struct PrivateKeyInfo<'a> {
    version: u8,
    algorithm: AlgorithmIdentifierOwned,
    key: &'a OctetStringRef,
}

/// `[0] IMPLICIT OCTET STRING (SIZE (64))`: the seed alone (RFC 9935 §6).
const SEED_HEAD: [u8; 2] = [0x80, SEED as u8];

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo; the modulus is checked (FIPS 203 §7.2).
    pub fn from_der(der: &[u8]) -> Result<Self, EnvelopeError> {
        let refuse = |why| Err(EnvelopeError::Profile(why));
        let info = PublicKeyInfo::from_der(der)?;
        if info.algorithm != algorithm() {
            return refuse("a second key that is not of ML-KEM-768");
        }
        let Some(bytes) = info.key.as_bytes() else {
            return refuse("a second key of broken bytes");
        };
        let Ok(bytes) = Key::<EncapsulationKey<MlKem768>>::try_from(bytes) else {
            return refuse("a second key of another length than ML-KEM-768 has");
        };
        match EncapsulationKey::new(&bytes) {
            Ok(key) => Ok(PublicKey(key)),
            Err(_) => refuse("a second key that is not one of ML-KEM-768"),
        }
    }

    /// The SubjectPublicKeyInfo.
    pub fn to_der(&self) -> Result<Vec<u8>, EnvelopeError> {
        let bytes = self.0.to_bytes();
        debug_assert_eq!(bytes.len(), PUBLIC);
        let info = PublicKeyInfo {
            algorithm: algorithm(),
            key: BitString::from_bytes(&bytes)?,
        };
        Ok(info.to_der()?)
    }

    /// A fresh secret, and the ciphertext that tells it to the holder of the private key.
    pub fn encapsulate(&self) -> Result<([u8; CIPHERTEXT], Secret), EnvelopeError> {
        let mut chance = Zeroizing::new([0; 32]);
        openssl::rand::rand_priv_bytes(&mut *chance)?;
        Ok(self.encapsulate_by(&chance))
    }

    fn encapsulate_by(&self, chance: &[u8; 32]) -> ([u8; CIPHERTEXT], Secret) {
        let (ciphertext, secret) = self.0.encapsulate_deterministic(<&B32>::from(chance));
        (ciphertext.into(), Zeroizing::new(secret.into()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(ML-KEM-768)")
    }
}

impl PrivateKey {
    /// A new random key.
    pub fn random() -> Result<Self, EnvelopeError> {
        let mut seed = Zeroizing::new([0; SEED]);
        openssl::rand::rand_priv_bytes(&mut *seed)?;
        Ok(PrivateKey::from_seed(&seed))
    }

    fn from_seed(seed: &[u8; SEED]) -> Self {
        PrivateKey(DecapsulationKey::from_seed(Seed::from(*seed)))
    }

    /// Reads a PKCS #8 key in the form of a seed.
    pub fn from_der(der: &[u8]) -> Result<Self, EnvelopeError> {
        let refuse = || EnvelopeError::Profile("not the PKCS #8 of a seed of ML-KEM-768");
        let info = PrivateKeyInfo::from_der(der).map_err(|_| refuse())?;
        let seed = info.key.as_bytes().strip_prefix(&SEED_HEAD);
        let seed = seed.and_then(|seed| seed.try_into().ok());
        match seed {
            Some(seed) if info.version == 0 && info.algorithm == algorithm() => {
                Ok(PrivateKey::from_seed(seed))
            }
            _ => Err(refuse()),
        }
    }

    /// The key as PKCS #8, for the key file.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
        let seed = self.0.to_seed().expect("every key here is made of a seed");
        let seed = Zeroizing::new(seed);
        let octets = Zeroizing::new([&SEED_HEAD[..], &seed[..]].concat());
        let info = PrivateKeyInfo {
            version: 0,
            algorithm: algorithm(),
            key: OctetStringRef::new(&octets)?,
        };
        Ok(Zeroizing::new(info.to_der()?))
    }

    /// The key that others encapsulate to.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.encapsulation_key().clone())
    }

    /// The secret that the ciphertext tells, or one that nobody knows.
    pub fn decapsulate(&self, ciphertext: &[u8; CIPHERTEXT]) -> Secret {
        let ciphertext = ml_kem::Ciphertext::<MlKem768>::from(*ciphertext);
        Zeroizing::new(self.0.decapsulate(&ciphertext).into())
    }
}

fn algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: ID_ALG_ML_KEM_768,
        parameters: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{hex_of, parse_hex};
    use crate::envelope::Digest;

    /// The key of the examples of RFC 9935: the seed is 00, 01 … 3f.
    fn example() -> PrivateKey {
        let seed: Vec<u8> = (0..64).collect();
        PrivateKey::from_seed(&seed.try_into().expect("64 bytes"))
    }

    #[test]
    fn the_example_of_rfc_9935_has_its_forms() {
        let key = example();
        let pkcs8 = key.to_der().expect("written");
        let head = "3054020100300b060960864801650304040204428040";
        assert_eq!(hex_of(&pkcs8[..22]), head);
        assert_eq!(pkcs8[22..], (0..64).collect::<Vec<u8>>());
        let public = key.public().to_der().expect("written");
        let head = "308204b2300b0609608648016503040402038204a100";
        assert_eq!(hex_of(&public[..22]), head);
        assert_eq!(
            Digest::of(&public[22..]).to_string(),
            "0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9"
        );
        assert!(PublicKey::from_der(&public) == Ok(key.public()));
        let again = PrivateKey::from_der(&pkcs8).expect("read");
        assert!(again.public() == key.public());
    }

    /// What kyber-py 1.2.0 and OpenSSL 4.0.0 say alike of that key and the chance 40, 41 … 5f.
    #[test]
    fn an_encapsulation_is_that_of_other_programs() {
        let chance: Vec<u8> = (64..96).collect();
        let chance = chance.try_into().expect("32 bytes");
        let (mut ciphertext, secret) = example().public().encapsulate_by(&chance);
        assert_eq!(
            Digest::of(&ciphertext).to_string(),
            "dbf4e9aa48b078ad46ec1c9c47bda8c2d2fec9d0e7a21bd48d2238a2abedb856"
        );
        let right = "9cddd089ffe70e3996e76f7c8d06746df34d07e8657bc0fcf2bb0e1c3084aea1";
        assert_eq!(hex_of(&*secret), right);
        assert_eq!(example().decapsulate(&ciphertext), secret);
        // Implicit rejection: another secret, and always the same one.
        ciphertext[0] ^= 1;
        let other = "dcfc80c6db46ff7028e3a4398651c063ae7a42c107a6dc8cb07141861698ab92";
        assert_eq!(hex_of(&*example().decapsulate(&ciphertext)), other);
    }

    #[test]
    fn one_fault_in_a_key_is_refused() {
        let good = example().public().to_der().expect("written");
        let words = |der: &[u8]| match PublicKey::from_der(der) {
            Err(EnvelopeError::Profile(words)) => words,
            other => panic!("{other:?}"),
        };
        let bent = |at: usize, byte: u8| {
            let mut der = good.clone();
            der[at] = byte;
            der
        };
        let algorithm = bent(16, 3);
        assert_eq!(words(&algorithm), "a second key that is not of ML-KEM-768");
        // 3329 in the first coefficient: FIPS 203 §7.2 wants less.
        let mut modulus = bent(22, 0x01);
        modulus[23] = modulus[23] & 0xf0 | 0x0d;
        assert_eq!(
            words(&modulus),
            "a second key that is not one of ML-KEM-768"
        );
        let unused = bent(21, 1);
        assert_ne!(words(&unused), "");
        let short = PublicKeyInfo {
            algorithm: super::algorithm(),
            key: BitString::from_bytes(&good[23..]).expect("bits"),
        };
        assert_eq!(
            words(&short.to_der().expect("written")),
            "a second key of another length than ML-KEM-768 has"
        );
    }

    #[test]
    fn only_the_seed_is_read_as_a_private_key() {
        let good = example().to_der().expect("written");
        let seed = parse_hex::<64>(&hex_of(&good[22..])).expect("64 bytes");
        assert!(PrivateKey::from_der(&good).is_ok());
        let mut octets = good.to_vec();
        octets[20] = 4;
        assert!(PrivateKey::from_der(&octets).is_err(), "another tag");
        assert!(PrivateKey::from_der(&seed).is_err(), "a bare seed");
        assert!(PrivateKey::from_der(&good[..85]).is_err(), "cut short");
        let longer = [&good[..], &[0]].concat();
        assert!(PrivateKey::from_der(&longer).is_err(), "a byte behind it");
    }
}
