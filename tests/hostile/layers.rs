//! The two layers of a letter, each by itself: the inner one for a certificate that has both keys, and an outer one around
//! anything, written here with nothing but primitives.

use hearthpost::envelope::{EncryptionCertificate, EncryptionKey, Identity, seal_letter};
use ml_kem::{B32, EncapsulationKey, MlKem768};
use openssl::cipher::Cipher;
use openssl::cipher_ctx::{CipherCtx, CipherCtxFlags};
use openssl::kdf::{HkdfMode, hkdf};
use openssl::md::Md;
use openssl::pkey::PKey;
use openssl::sign::Signer;

use crate::tree::{Node, bare, branch, leaf, oid, parse};

const WRAP: &str = "2.16.840.1.101.3.4.1.45";
const EXTENSIONS: &[usize] = &[0, 7, 0];

/// The inner layer alone: what goes to the same certificate without its second key.
pub fn inner(content: &[u8], key: &EncryptionKey, issuer: &Identity) -> Vec<u8> {
    let mut tree = parse(key.certificate().der());
    let second = oid("2.5.29.72");
    tree.at(EXTENSIONS)
        .nodes()
        .retain_mut(|one| *one.at(&[0]) != second);
    let signer = issuer.key_der().expect("a key");
    let signer = PKey::private_key_from_der(&signer).expect("a key");
    let mut signer = Signer::new(openssl::hash::MessageDigest::sha256(), &signer).expect("one");
    let signed = tree.at(&[0]).encode();
    let signature = signer.sign_oneshot_to_vec(&signed).expect("signed");
    *tree.at(&[2]).bytes() = [&[0], signature.as_slice()].concat();
    let certificate = EncryptionCertificate::from_der(&tree.encode(), issuer.certificate());
    let certificate = certificate.expect("the key of P-256 alone");
    assert!(!certificate.is_quantum_safe());
    seal_letter(content, &certificate).expect("sealed")
}

/// The outer layer around anything.
pub fn outer(content: &[u8], to: &EncryptionCertificate) -> Vec<u8> {
    let spki = extension(to, "2.5.29.72");
    let key: [u8; 1184] = spki[spki.len() - 1184..].try_into().expect("1184 bytes");
    let key = EncapsulationKey::<MlKem768>::new(&key.into()).expect("a key");
    let (ciphertext, secret) = key.encapsulate_deterministic(&B32::from([9; 32]));
    let info = branch(0x30, vec![bare(WRAP), leaf(2, &[32])]).encode();
    let (mut kek, mode) = ([0; 32], HkdfMode::ExtractAndExpand);
    hkdf(
        Md::sha256(),
        &secret,
        None,
        Some(&info),
        mode,
        None,
        &mut kek,
    )
    .expect("a key");
    let (cek, nonce) = ([5; 32], [6; 12]);
    let mut ctx = CipherCtx::new().expect("a context");
    ctx.set_flags(CipherCtxFlags::FLAG_WRAP_ALLOW);
    ctx.encrypt_init(Some(Cipher::aes_256_wrap()), Some(&kek), None)
        .expect("a wrap");
    let mut wrapped = Vec::new();
    ctx.cipher_update_vec(&cek, &mut wrapped).expect("wrapped");
    let gcm = openssl::symm::Cipher::aes_256_gcm();
    let mut tag = [0; 16];
    let sealed = openssl::symm::encrypt_aead(gcm, &cek, Some(&nonce), &[], content, &mut tag)
        .expect("sealed");
    let fields = vec![
        leaf(2, &[0]),
        leaf(0x80, &key_id(to)),
        bare("2.16.840.1.101.3.4.4.2"),
        leaf(4, &ciphertext),
        bare("1.2.840.113549.1.9.16.3.28"),
        leaf(2, &[32]),
        bare(WRAP),
        leaf(4, &wrapped),
    ];
    let recipient = vec![oid("1.2.840.113549.1.9.16.13.3"), branch(0x30, fields)];
    let parameters = branch(0x30, vec![leaf(4, &nonce), leaf(2, &[16])]);
    let cipher = branch(0x30, vec![oid("2.16.840.1.101.3.4.1.46"), parameters]);
    let encrypted = vec![oid("1.2.840.113549.1.7.1"), cipher, leaf(0x80, &sealed)];
    let body = branch(
        0x30,
        vec![
            leaf(2, &[0]),
            branch(0x31, vec![branch(0xa4, recipient)]),
            branch(0x30, encrypted),
            leaf(4, &tag),
        ],
    );
    let kind = oid("1.2.840.113549.1.9.16.1.23");
    branch(0x30, vec![kind, branch(0xa0, vec![body])]).encode()
}

/// What names the key.
pub fn key_id(of: &EncryptionCertificate) -> Vec<u8> {
    extension(of, "2.5.29.14")[2..].to_vec()
}

fn extension(of: &EncryptionCertificate, name: &str) -> Vec<u8> {
    let (mut tree, name): (Node, Node) = (parse(of.der()), oid(name));
    let all = tree.at(EXTENSIONS).nodes();
    let one = all.iter_mut().find_map(|one| match *one.at(&[0]) == name {
        true => Some(one.nodes().last_mut()?.bytes().clone()),
        false => None,
    });
    one.expect("the extension is there")
}
