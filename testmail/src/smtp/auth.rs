//! AUTH PLAIN, AUTH LOGIN (RFC 4954) and AUTH XOAUTH2.

use super::session::Session;
use crate::{
    faults::{Fault, Reply},
    sasl::{self, Credentials},
};
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN, AUTH_XOAUTH2};
use std::io;

impl Session {
    pub(super) async fn authenticate(&mut self, mechanism: u64, initial: &str) -> io::Result<()> {
        if self.account.is_some() || self.open.is_some() {
            return self.answer(503, "5.5.1 already signed in").await;
        }
        let given = match mechanism {
            AUTH_PLAIN => self.plain(initial).await?,
            AUTH_LOGIN => self.login(initial).await?,
            AUTH_XOAUTH2 => self.xoauth2(initial).await?,
            _ => return self.answer(504, "5.5.4 unknown mechanism").await,
        };
        let Some(credentials) = given else {
            return self
                .answer(501, "5.5.2 cannot read this, or cancelled")
                .await;
        };
        let fault = self
            .shared
            .rules
            .take(Some(&credentials.account), |fault| match fault {
                Fault::Auth(reply) => Some(reply.clone()),
                _ => None,
            });
        if let Some(reply) = fault {
            return self.reply(&reply).await;
        }
        self.account = credentials.admitted(&self.shared);
        if self.account.is_none() && mechanism == AUTH_XOAUTH2 {
            let line = self.ask(334, sasl::TOKEN_REFUSED).await?;
            if line.is_none_or(|line| !line.is_empty()) {
                return self.answer(501, "5.5.2 an empty line was expected").await;
            }
        }
        let reply = if self.account.is_some() {
            Reply::new(235, "2.7.0 signed in")
        } else {
            Reply::new(535, "5.7.8 wrong name or password")
        };
        self.reply(&reply).await
    }

    async fn plain(&mut self, initial: &str) -> io::Result<Option<Credentials>> {
        let line = if initial.is_empty() {
            self.ask(334, "").await?
        } else {
            Some(initial.as_bytes().to_vec())
        };
        let message = line.as_deref().and_then(sasl::decoded);
        Ok(message.as_deref().and_then(Credentials::from_plain))
    }

    async fn xoauth2(&mut self, initial: &str) -> io::Result<Option<Credentials>> {
        let line = if initial.is_empty() {
            self.ask(334, "").await?
        } else {
            Some(initial.as_bytes().to_vec())
        };
        let message = line.as_deref().and_then(sasl::decoded);
        Ok(message.as_deref().and_then(Credentials::from_xoauth2))
    }

    async fn login(&mut self, initial: &str) -> io::Result<Option<Credentials>> {
        let name = if initial.is_empty() {
            self.ask(334, "VXNlcm5hbWU6").await?
        } else {
            Some(initial.as_bytes().to_vec())
        };
        let Some(name) = name.as_deref().and_then(sasl::decoded) else {
            return Ok(None);
        };
        let password = self.ask(334, "UGFzc3dvcmQ6").await?;
        let password = password.as_deref().and_then(sasl::decoded);
        Ok(password.map(|password| Credentials::new(&name, password)))
    }
}
