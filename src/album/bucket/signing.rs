//! What requests are signed with: OpenSSL's SHA-256 and HMAC, and the secret, asked for when it is needed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use object_store::aws::AwsCredential;
use object_store::client::{
    CryptoProvider, DigestAlgorithm, DigestContext, HmacContext, Signer, SigningAlgorithm,
};
use object_store::{CredentialProvider, Error, Result};
use openssl::hash::{Hasher, MessageDigest};
use openssl::pkey::PKey;
use tokio::sync::Mutex;

use crate::endpoint::Secret;

/// So long a secret counts before it is asked for again: one that was changed is known soon.
const FRESH: Duration = Duration::from_secs(300);

/// The future that asks for a secret; in words, why there is none.
pub type Asking = Pin<Box<dyn Future<Output = std::result::Result<Secret, String>> + Send>>;

/// Asks for the secret that belongs to an access key.
pub type AskSecret = Arc<dyn Fn() -> Asking + Send + Sync>;

/// Who signs.
pub(super) struct Signatory {
    access_key_id: String,
    ask: AskSecret,
    known: Mutex<Option<(Arc<AwsCredential>, Instant)>>,
}

impl Signatory {
    pub fn new(access_key_id: String, ask: AskSecret) -> Self {
        Signatory {
            access_key_id,
            ask,
            known: Mutex::new(None),
        }
    }

    async fn credential(&self) -> Result<Arc<AwsCredential>> {
        let mut known = self.known.lock().await;
        if let Some((credential, since)) = known.as_ref()
            && since.elapsed() < FRESH
        {
            return Ok(Arc::clone(credential));
        }
        let secret = (self.ask)().await.map_err(|words| failed(words.into()))?;
        let credential = Arc::new(AwsCredential {
            key_id: self.access_key_id.clone(),
            secret_key: secret.reveal().to_owned(),
            token: None,
        });
        *known = Some((Arc::clone(&credential), Instant::now()));
        Ok(credential)
    }
}

impl std::fmt::Debug for Signatory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signatory(..)")
    }
}

impl CredentialProvider for Signatory {
    type Credential = AwsCredential;

    fn get_credential<'s, 'f>(
        &'s self,
    ) -> Pin<Box<dyn Future<Output = Result<Arc<AwsCredential>>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(self.credential())
    }
}

/// OpenSSL, which is here already.
#[derive(Debug)]
pub(super) struct OpenSsl;

struct Hashing(Hasher, Vec<u8>);

struct Keyed {
    key: Vec<u8>,
    bytes: Vec<u8>,
    code: Vec<u8>,
}

impl CryptoProvider for OpenSsl {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Box<dyn DigestContext>> {
        sha256_only(&algorithm)?;
        let hasher = Hasher::new(MessageDigest::sha256()).map_err(|error| failed(error.into()))?;
        Ok(Box::new(Hashing(hasher, Vec::new())))
    }

    fn hmac(&self, algorithm: DigestAlgorithm, secret: &[u8]) -> Result<Box<dyn HmacContext>> {
        sha256_only(&algorithm)?;
        Ok(Box::new(Keyed {
            key: secret.to_vec(),
            bytes: Vec::new(),
            code: Vec::new(),
        }))
    }

    fn sign(&self, _: SigningAlgorithm, _: &[u8]) -> Result<Box<dyn Signer>> {
        Err(failed("S3 signs with no private key".into()))
    }
}

impl DigestContext for Hashing {
    fn update(&mut self, data: &[u8]) {
        // A digest fails where OpenSSL is broken; the wrong one that comes of it is refused by the store.
        let _ = self.0.update(data);
    }

    fn finish(&mut self) -> Result<&[u8]> {
        self.1 = self
            .0
            .finish()
            .map_err(|error| failed(error.into()))?
            .to_vec();
        Ok(&self.1)
    }
}

impl HmacContext for Keyed {
    fn update(&mut self, data: &[u8]) {
        self.bytes.extend_from_slice(data);
    }

    fn finish(&mut self) -> Result<&[u8]> {
        let code = || {
            let key = PKey::hmac(&self.key)?;
            let mut signer = openssl::sign::Signer::new(MessageDigest::sha256(), &key)?;
            signer.sign_oneshot_to_vec(&self.bytes)
        };
        self.code = code().map_err(|error: openssl::error::ErrorStack| failed(error.into()))?;
        Ok(&self.code)
    }
}

fn sha256_only(algorithm: &DigestAlgorithm) -> Result<()> {
    match algorithm {
        DigestAlgorithm::Sha256 => Ok(()),
        _ => Err(failed("only SHA-256 is known here".into())),
    }
}

fn failed(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Generic {
        store: "S3",
        source,
    }
}
