//! Sign-in by an OAuth token: SASL XOAUTH2 over SMTP, said by hand, since `lettre` does not answer its challenge.

use zeroize::Zeroizing;

use super::connection::{Reply, Smtp};
use super::error::SubmissionError;
use crate::endpoint::{Account, challenge_words};

impl Smtp {
    /// RFC 4954 §4 with the first answer in the command's line. A refused token is told by a challenge (334), which an
    /// empty line answers; only then comes the refusal.
    pub(super) async fn sign_in_by_token(
        &mut self,
        account: &Account,
        auth: Option<&str>,
    ) -> Result<Reply, SubmissionError> {
        let offered = auth.unwrap_or("nothing");
        let mut mechanisms = offered.split(' ').skip(1);
        if !mechanisms.any(|name| name.eq_ignore_ascii_case("XOAUTH2")) {
            return Err(account.no_mechanism(offered).into());
        }
        let command = Zeroizing::new(format!("AUTH XOAUTH2 {}\r\n", *account.xoauth2()));
        let said = self.command("sign-in", command.as_str());
        let response = match said.await? {
            Reply::Positive(response) if response.has_code(334) => response,
            reply => return Ok(reply),
        };
        let challenge: String = response.message().collect();
        let why = challenge_words(challenge.as_bytes());
        Ok(match self.command("sign-in", "\r\n").await? {
            Reply::Negative { code, text } => Reply::Negative {
                code,
                text: format!("{text} {why}"),
            },
            positive => positive,
        })
    }
}
