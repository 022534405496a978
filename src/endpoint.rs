//! Where a mail server is, how it is spoken to safely, and who signs in there.
//!
//! Only values, TLS over a stream that is there, and the judgement of what a server answered: nothing here opens a socket or
//! reads a clock. The adapters `mailbox` and `submission` open the connections and share the rules of this module: TLS with certificate
//! and host name checked, or STARTTLS before anything secret is said, or plain text to this very machine.

use std::fmt;
use std::time::Duration;

use zeroize::Zeroizing;

mod place;
mod sign_in;
mod tls;

pub use place::{Endpoint, EndpointError, Security, Service};
pub use sign_in::SignInRefused;
pub(crate) use sign_in::{challenge_words, printable};
pub use tls::TlsFault;
pub(crate) use tls::{check_authority, secure};

/// A password or an OAuth token: wiped when dropped, never printed. The one use is to be said to the server after TLS
/// stands.
#[derive(Clone)]
pub struct Secret {
    text: Zeroizing<String>,
    token: bool,
}

/// Who signs in where.
#[derive(Clone)]
pub struct Account {
    /// The server.
    pub endpoint: Endpoint,
    /// The name to sign in with, often the mail address.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// One more authority, or a server's own certificate, trusted beside those of the system; PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// The longest wait for one step or for the next piece of one.
    pub timeout: Duration,
}

impl Account {
    /// The wait that suits most servers.
    pub const TIMEOUT: Duration = Duration::from_secs(60);
}

impl Account {
    /// Whether the same name and secret would be told to the same server.
    pub fn signs_in_like(&self, other: &Account) -> bool {
        (&self.endpoint, &self.username) == (&other.endpoint, &other.username)
            && self.password.reveal() == other.password.reveal()
            && self.password.is_token() == other.password.is_token()
    }

    /// What SASL XOAUTH2 says, in base64 (developers.google.com, "The SASL XOAUTH2 mechanism").
    pub(crate) fn xoauth2(&self) -> Zeroizing<String> {
        let said = Zeroizing::new(format!(
            "user={}\x01auth=Bearer {}\x01\x01",
            self.username,
            self.password.reveal()
        ));
        Zeroizing::new(data_encoding::BASE64.encode(said.as_bytes()))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("endpoint", &self.endpoint)
            .field("username", &self.username)
            .field("extra_ca", &self.extra_ca.is_some())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl Secret {
    /// Keeps `password`.
    pub fn new(password: impl Into<String>) -> Self {
        Secret {
            text: Zeroizing::new(password.into()),
            token: false,
        }
    }

    /// Keeps an OAuth 2.0 access token, told by SASL XOAUTH2.
    pub fn token(token: impl Into<String>) -> Self {
        Secret {
            token: true,
            ..Secret::new(token)
        }
    }

    /// Whether it is an OAuth token and no password.
    pub fn is_token(&self) -> bool {
        self.token
    }

    /// The password or token itself.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let account = Account {
            endpoint: Endpoint::imap("imaps://a.example").expect("a URL"),
            username: "alice".to_owned(),
            password: Secret::new("hunter2"),
            extra_ca: None,
            timeout: Account::TIMEOUT,
        };
        assert!(!format!("{account:?} {:?}", account.password).contains("hunter2"));
    }
}
