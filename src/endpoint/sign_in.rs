//! Why a server refused a sign-in, judged by what it said, and what a person can do about it (CASES O-04).
//!
//! Servers answer a right password at the wrong time with the same code as a wrong one; the words around it differ.

use super::{Account, Service};

/// A refused sign-in. None of them gets better by trying again, and trying again may lock the account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefused {
    /// The provider takes no passwords from programs (Microsoft).
    #[error(
        "{host} takes no passwords from mail programs ({said:?}); ask whoever runs the mail there to allow \
         authenticated {protocol} with a password for {username}, sign in by OAuth (auth = \"xoauth2\" and \
         password_command), or use a mailbox elsewhere"
    )]
    PasswordsSwitchedOff {
        /// The server.
        host: String,
        /// Who tried.
        username: String,
        /// What is spoken there.
        protocol: &'static str,
        /// The server's words.
        said: String,
    },
    /// The provider wants access by programs to be switched on first, and may switch it off when unused (GMX, web.de).
    #[error(
        "{host} refused {username} ({said:?}); there, access by mail programs is off until you switch it on: sign in \
         on its web page, Settings, POP3 and IMAP, allow access; if it is on, check the password"
    )]
    ProgramsSwitchedOff {
        /// The server.
        host: String,
        /// Who tried.
        username: String,
        /// The server's words.
        said: String,
    },
    /// The provider wants a password made for this program (Gmail, Yahoo, iCloud).
    #[error(
        "{host} wants a password made for mail programs ({said:?}); make an app password for {username} in the \
         account's security settings and use that one"
    )]
    AppPasswordNeeded {
        /// The server.
        host: String,
        /// Who tried.
        username: String,
        /// The server's words.
        said: String,
    },
    /// Proton Bridge on this machine has a password of its own.
    #[error(
        "the mail program on this machine ({host}) refused {username} ({said:?}); use the password it shows for mail \
         programs (Proton Bridge: Mailbox details), not that of the account"
    )]
    BridgePassword {
        /// The server.
        host: String,
        /// Who tried.
        username: String,
        /// The server's words.
        said: String,
    },
    /// Name or password are wrong, as far as can be seen.
    #[error(
        "{host} refused {username} ({said:?}); check the user name and the password, which at many providers is one \
         made for mail programs (an app password); `hearthpost doctor` tries both sign-ins"
    )]
    WrongPassword {
        /// The server.
        host: String,
        /// Who tried.
        username: String,
        /// The server's words.
        said: String,
    },
    /// The token is not taken: too old, for another account, or the consent was taken back.
    #[error(
        "{host} refused the OAuth token for {username} ({said:?}); see that password_command prints a fresh access \
         token for mail, and give the consent anew with that program"
    )]
    TokenRefused {
        /// The server.
        host: String,
        /// Who tried.
        username: String,
        /// The server's words.
        said: String,
    },
    /// The server takes no OAuth tokens.
    #[error(
        "{host} takes no OAuth tokens by XOAUTH2 ({said:?}); use a password there: auth = \"password\""
    )]
    NoTokens {
        /// The server.
        host: String,
        /// What it offers.
        said: String,
    },
    /// The server knows no way to sign in that we know.
    #[error(
        "{host} offers no way to sign in with a password ({said:?}); ask the provider for one, or use a mailbox \
         elsewhere"
    )]
    NoMechanism {
        /// The server.
        host: String,
        /// What it offers.
        said: String,
    },
}

impl Account {
    /// What a refused sign-in means for people; `said` is the server's answer.
    pub fn sign_in_refused(&self, said: &str) -> SignInRefused {
        let host = self.endpoint.host.clone();
        let username = self.username.clone();
        let words = said.to_ascii_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        let said = printable(said);
        let at = |domains: &[&str]| {
            domains.iter().any(|domain| {
                host.strip_suffix(domain)
                    .is_some_and(|front| front.is_empty() || front.ends_with('.'))
            })
        };
        if self.password.is_token() {
            return SignInRefused::TokenRefused {
                host,
                username,
                said,
            };
        }
        if says(&[
            "basic authentication is disabled",
            "5.7.139",
            "smtpclientauthentication",
        ]) {
            let protocol = match self.endpoint.service {
                Service::Imap => "IMAP",
                Service::Smtp => "SMTP",
            };
            SignInRefused::PasswordsSwitchedOff {
                host,
                username,
                protocol,
                said,
            }
        } else if says(&["application-specific", "app password", "app-specific"]) {
            SignInRefused::AppPasswordNeeded {
                host,
                username,
                said,
            }
        } else if at(&["gmx.net", "gmx.com", "gmx.de", "gmx.at", "gmx.ch", "web.de"])
            || says(&[
                "not enabled",
                "imap is disabled",
                "imap access is disabled",
                "imap/pop",
            ])
        {
            SignInRefused::ProgramsSwitchedOff {
                host,
                username,
                said,
            }
        } else if self.endpoint.is_of_bridge() {
            SignInRefused::BridgePassword {
                host,
                username,
                said,
            }
        } else {
            SignInRefused::WrongPassword {
                host,
                username,
                said,
            }
        }
    }

    /// The fault of a server that offers no way to sign in that we know; `offers` is its list.
    pub fn no_mechanism(&self, offers: &str) -> SignInRefused {
        let (host, said) = (self.endpoint.host.clone(), printable(offers));
        match self.password.is_token() {
            true => SignInRefused::NoTokens { host, said },
            false => SignInRefused::NoMechanism { host, said },
        }
    }
}

/// What a server says with its challenge to a refused token: JSON in base64, such as `{"status":"400"}`.
pub(crate) fn challenge_words(challenge: &[u8]) -> String {
    let decoded = data_encoding::BASE64.decode(challenge.trim_ascii());
    printable(&String::from_utf8_lossy(&decoded.unwrap_or_default()))
}

/// A server's words, fit for a terminal and a log line: at most 200 characters, none of them a control.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{Endpoint, Secret};
    use super::*;

    fn account(url: &str) -> Account {
        Account {
            endpoint: Endpoint::imap(url)
                .or_else(|_| Endpoint::smtp(url))
                .expect("a URL"),
            username: "alice@example.org".to_owned(),
            password: Secret::new("hunter2"),
            extra_ca: None,
            timeout: Account::TIMEOUT,
        }
    }

    // CASES O-04: three messages, each with its cure.
    #[test]
    fn each_provider_gets_the_message_that_cures_it() {
        let microsoft = "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.";
        let text = account("smtp://smtp.office365.com")
            .sign_in_refused(microsoft)
            .to_string();
        assert!(text.contains("takes no passwords"), "{text}");
        assert!(text.contains("authenticated SMTP"), "{text}");
        let text = account("imaps://outlook.office365.com")
            .sign_in_refused("Basic authentication is disabled.")
            .to_string();
        assert!(text.contains("authenticated IMAP"), "{text}");
        let text = account("imaps://imap.gmx.net")
            .sign_in_refused("authentication failed")
            .to_string();
        assert!(text.contains("POP3 and IMAP"), "{text}");
        let text = account("imap://127.0.0.1:1143")
            .sign_in_refused("no such user")
            .to_string();
        assert!(text.contains("Proton Bridge"), "{text}");
        let text = account("smtp://127.0.0.1:1025")
            .sign_in_refused("no such user")
            .to_string();
        assert!(text.contains("Proton Bridge"), "{text}");
        for own in [
            "imap://127.0.0.1:143",
            "imaps://localhost",
            "imap://mail.example.org:1143",
        ] {
            let text = account(own).sign_in_refused("no such user").to_string();
            assert!(!text.contains("Proton"), "{own}: {text}");
            assert!(text.contains("app password"), "{own}: {text}");
        }
        let text = account("imaps://mail.notgmx.net.example")
            .sign_in_refused("Invalid credentials\r\n\u{1b}[31m")
            .to_string();
        assert!(text.contains("check the user name"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text}");
    }
}
