//! AES-256-GCM in place and AES key wrap (RFC 3394), through OpenSSL.

use openssl::cipher::Cipher;
use openssl::cipher_ctx::{CipherCtx, CipherCtxFlags};
use zeroize::Zeroizing;

use super::EnvelopeError;

/// Bytes of a nonce (RFC 5084 §3.2 recommends 12).
pub const NONCE: usize = 12;
/// Bytes of a tag; shorter ones are refused everywhere.
pub const TAG: usize = 16;
/// A 32-byte key wrapped under RFC 3394.
pub const WRAPPED: usize = 40;

/// A fresh content-encryption key with its nonce. Used for one CMS object only.
pub struct FreshKey {
    pub cek: Zeroizing<[u8; 32]>,
    pub nonce: [u8; NONCE],
}

impl FreshKey {
    pub fn random() -> Result<Self, EnvelopeError> {
        let mut cek = Zeroizing::new([0; 32]);
        openssl::rand::rand_priv_bytes(&mut *cek)?;
        let mut nonce = [0; NONCE];
        openssl::rand::rand_bytes(&mut nonce)?;
        Ok(FreshKey { cek, nonce })
    }
}

/// Encrypts `content` in place and gives the tag.
pub fn encrypt(key: &FreshKey, content: &mut [u8]) -> Result<[u8; TAG], EnvelopeError> {
    let mut ctx = CipherCtx::new()?;
    ctx.encrypt_init(
        Some(Cipher::aes_256_gcm()),
        Some(&*key.cek),
        Some(&key.nonce),
    )?;
    let len = content.len();
    if len > 0 {
        ctx.cipher_update_inplace(content, len)?;
    }
    ctx.cipher_final(&mut [0; 16])?;
    let mut tag = [0; TAG];
    ctx.tag(&mut tag)?;
    Ok(tag)
}

/// Decrypts `content` in place. Where the tag is wrong the buffer is wiped, so that nothing unverified can leave.
pub fn decrypt(
    cek: &[u8; 32],
    nonce: &[u8; NONCE],
    content: &mut [u8],
    tag: &[u8; TAG],
) -> Result<(), EnvelopeError> {
    let mut ctx = CipherCtx::new()?;
    ctx.decrypt_init(Some(Cipher::aes_256_gcm()), Some(cek), Some(nonce))?;
    ctx.set_tag(tag)?;
    let len = content.len();
    if len > 0 {
        ctx.cipher_update_inplace(content, len)?;
    }
    if ctx.cipher_final(&mut [0; 16]).is_err() {
        content.fill(0);
        return Err(EnvelopeError::Sealed);
    }
    Ok(())
}

/// Wraps a content-encryption key.
pub fn wrap(kek: &[u8; 32], cek: &[u8; 32]) -> Result<[u8; WRAPPED], EnvelopeError> {
    let mut ctx = CipherCtx::new()?;
    ctx.set_flags(CipherCtxFlags::FLAG_WRAP_ALLOW);
    ctx.encrypt_init(Some(Cipher::aes_256_wrap()), Some(kek), None)?;
    let mut out = [0; WRAPPED + 16];
    let written = ctx.cipher_update(cek, Some(&mut out))?;
    let mut wrapped = [0; WRAPPED];
    if written != WRAPPED {
        return Err(EnvelopeError::OpenSsl(
            "key wrap gave another length".to_owned(),
        ));
    }
    wrapped.copy_from_slice(&out[..WRAPPED]);
    Ok(wrapped)
}

/// Unwraps a content-encryption key; a wrong key and a changed one look alike.
pub fn unwrap(
    kek: &[u8; 32],
    wrapped: &[u8; WRAPPED],
) -> Result<Zeroizing<[u8; 32]>, EnvelopeError> {
    let mut ctx = CipherCtx::new()?;
    ctx.set_flags(CipherCtxFlags::FLAG_WRAP_ALLOW);
    ctx.decrypt_init(Some(Cipher::aes_256_wrap()), Some(kek), None)?;
    let mut out = Zeroizing::new([0; WRAPPED + 16]);
    match ctx.cipher_update(wrapped, Some(&mut *out)) {
        Ok(32) => {}
        _ => return Err(EnvelopeError::Sealed),
    }
    let mut cek = Zeroizing::new([0; 32]);
    cek.copy_from_slice(&out[..32]);
    Ok(cek)
}
