//! The SASL mechanisms PLAIN, LOGIN and XOAUTH2, as far as SMTP and IMAP share them.

use crate::{address::normalised, faults::Fault, store::Shared};
use mail_parser::decoders::base64::base64_decode;

/// A name and a password as somebody gave them.
pub(crate) struct Credentials {
    pub(crate) account: String,
    password: Vec<u8>,
}

impl Credentials {
    pub(crate) fn new(name: &[u8], password: Vec<u8>) -> Self {
        Self {
            account: normalised(&String::from_utf8_lossy(name)),
            password,
        }
    }

    /// RFC 4616: authzid NUL authcid NUL passwd; the authzid is not looked at.
    pub(crate) fn from_plain(message: &[u8]) -> Option<Self> {
        let mut pieces = message.splitn(3, |byte| *byte == 0);
        let (_authzid, name, password) = (pieces.next()?, pieces.next()?, pieces.next()?);
        Some(Self::new(name, password.to_vec()))
    }

    /// `user=NAME ^A auth=Bearer TOKEN ^A ^A`; the token of an account is its password.
    pub(crate) fn from_xoauth2(message: &[u8]) -> Option<Self> {
        let text = message.strip_prefix(b"user=")?;
        let mut pieces = text.split(|byte| *byte == 1);
        let (name, bearer) = (pieces.next()?, pieces.next()?);
        let token = bearer.strip_prefix(b"auth=Bearer ")?;
        let ends = pieces.next() == Some(b"") && pieces.next() == Some(b"");
        (ends && pieces.next().is_none()).then(|| Self::new(name, token.to_vec()))
    }

    /// The account, if the password is its own and no fault forbids it.
    pub(crate) fn admitted(self, shared: &Shared) -> Option<String> {
        let refused = shared.rules.take(Some(&self.account), |fault| {
            matches!(fault, Fault::RefusePassword).then_some(())
        });
        let right = shared.state().password_is(&self.account, &self.password);
        (right && refused.is_none()).then_some(self.account)
    }
}

/// What is said of a refused token: `{"status":"401","schemes":"bearer"}`.
pub(crate) const TOKEN_REFUSED: &str = "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIn0=";

/// Decodes one line of an exchange; `=` stands for nothing (RFC 4954 §4).
pub(crate) fn decoded(line: &[u8]) -> Option<Vec<u8>> {
    match line.trim_ascii() {
        b"" | b"=" => Some(Vec::new()),
        text => base64_decode(text),
    }
}
