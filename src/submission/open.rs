//! From an address to a signed-in connection: TCP, TLS, greeting, EHLO, sign-in.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Ehlo, Starttls};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_openssl::SslStream;

use super::connection::{Connection, Reply, Smtp, failure, negative, unreachable};
use super::error::SubmissionError;
use super::line::Line;
use crate::endpoint::{Account, Security};

impl Connection {
    /// Connects, sets up TLS with certificate and host name checked, and signs in (AUTH PLAIN, else LOGIN).
    ///
    /// With STARTTLS nothing but EHLO is said before TLS stands; a server that does not offer it is left.
    pub async fn open(account: &Account) -> Result<Connection, SubmissionError> {
        let host = account.endpoint.host.as_str();
        let tcp = within(account, "connecting", connect(account)).await?;
        let line = match account.endpoint.security {
            Security::Tls => Line::tls(within(account, "TLS", handshake(account, tcp)).await?),
            Security::StartTls | Security::Plain => Line::plain(tcp),
        }
        .map_err(|e| unreachable(host, e))?;
        let talk = within(account, "the greeting", greet(host, &line)).await?;
        let mut smtp = Smtp {
            talk,
            line,
            host: host.to_owned(),
            timeout: account.timeout,
            usable: true,
        };
        if account.endpoint.security == Security::StartTls {
            smtp = smtp.start_tls(account).await?;
        }
        let offers = smtp.offers().await?;
        let size_limit = size_limit(&offers);
        smtp.sign_in(account, &offers).await?;
        tracing::debug!(host, size_limit, "smtp signed in");
        Ok(Connection {
            recipient_limit: recipient_limit(&offers),
            smtp,
            size_limit,
        })
    }
}

async fn within<T>(
    account: &Account,
    step: &'static str,
    work: impl Future<Output = Result<T, SubmissionError>>,
) -> Result<T, SubmissionError> {
    let late = |_| SubmissionError::TimedOut {
        host: account.endpoint.host.clone(),
        step,
    };
    timeout(account.timeout, work).await.map_err(late)?
}

async fn connect(account: &Account) -> Result<TcpStream, SubmissionError> {
    let endpoint = &account.endpoint;
    let stream = TcpStream::connect((endpoint.host.as_str(), endpoint.port))
        .await
        .map_err(|e| unreachable(&endpoint.host, e))?;
    // Commands are small and wait for their reply; Nagle's delay would be paid on each.
    stream
        .set_nodelay(true)
        .map_err(|e| unreachable(&endpoint.host, e))?;
    Ok(stream)
}

async fn handshake(
    account: &Account,
    tcp: TcpStream,
) -> Result<SslStream<TcpStream>, SubmissionError> {
    Ok(account.secure(tcp).await?)
}

/// RFC 5321 §4.1.4: a client without a meaningful name gives an address literal; ours would only tell tales.
fn own_name() -> ClientId {
    ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST)
}

async fn greet(host: &str, line: &Line) -> Result<AsyncSmtpConnection, SubmissionError> {
    let line = Box::new(line.clone());
    match AsyncSmtpConnection::connect_with_transport(line, &own_name()).await {
        Ok(talk) => Ok(talk),
        Err(error) => Err(match negative(&error) {
            Some((code, text)) => SubmissionError::TurnedAway {
                host: host.to_owned(),
                step: "the greeting",
                code,
                text,
            },
            None => failure(host, &error),
        }),
    }
}

impl Smtp {
    /// RFC 3207. What was learnt before TLS is forgotten with the old reader: it may have been forged.
    async fn start_tls(mut self, account: &Account) -> Result<Smtp, SubmissionError> {
        if !self.talk.can_starttls() {
            return Err(account.starttls_missing().into());
        }
        self.positive("STARTTLS", Starttls).await?;
        let tcp = self.line.take_plain().map_err(|e| self.lost(e))?;
        let tls = within(account, "TLS", handshake(account, tcp)).await?;
        let line = Line::tls(tls).map_err(|e| unreachable(&self.host, e))?;
        line.greet_first();
        let talk = within(account, "EHLO", greet(&self.host, &line)).await?;
        Ok(Smtp { talk, line, ..self })
    }

    /// Asks once more, because `lettre` keeps neither SIZE nor the list of mechanisms.
    async fn offers(&mut self) -> Result<Response, SubmissionError> {
        self.positive("EHLO", Ehlo::new(own_name())).await
    }

    async fn positive(
        &mut self,
        step: &'static str,
        command: impl std::fmt::Display,
    ) -> Result<Response, SubmissionError> {
        match self.command(step, command).await? {
            Reply::Positive(response) => Ok(response),
            Reply::Negative { code, text } => Err(self.turned_away(step, code, text)),
        }
    }

    fn turned_away(&self, step: &'static str, code: u16, text: String) -> SubmissionError {
        SubmissionError::TurnedAway {
            host: self.host.clone(),
            step,
            code,
            text,
        }
    }

    async fn sign_in(
        &mut self,
        account: &Account,
        offers: &Response,
    ) -> Result<(), SubmissionError> {
        let auth = || offers.message().find(|line| keyword(line) == "AUTH");
        if account.password.is_token() {
            let said = self.sign_in_by_token(account, auth()).await?;
            return self.judge_sign_in(account, said);
        }
        let known = [Mechanism::Plain, Mechanism::Login];
        if self.talk.server_info().get_auth_mechanism(&known).is_none() {
            return Err(account.no_mechanism(auth().unwrap_or("nothing")).into());
        }
        // `lettre` copies name and password into buffers it does not wipe.
        let credentials = Credentials::new(
            account.username.clone(),
            account.password.reveal().to_owned(),
        );
        // Several exchanges in one step.
        let limit = self.timeout.saturating_add(Duration::from_secs(1));
        let said = match timeout(limit, self.talk.auth(&known, &credentials)).await {
            Ok(result) => self.reply("sign-in", result)?,
            Err(_) => return Err(self.timed_out("sign-in")),
        };
        self.judge_sign_in(account, said)
    }

    fn judge_sign_in(&self, account: &Account, said: Reply) -> Result<(), SubmissionError> {
        match said {
            Reply::Positive(_) => Ok(()),
            // RFC 4954 §6: 535 and 534 judge name and password, 530 and 538 the way; 454 is a bad moment.
            Reply::Negative { code, text } if (530..540).contains(&code) => {
                tracing::warn!(host = %self.host, code, "smtp sign-in refused");
                Err(account.sign_in_refused(&text).into())
            }
            Reply::Negative { code, text } => Err(self.turned_away("sign-in", code, text)),
        }
    }
}

fn keyword(line: &str) -> String {
    let word = line.split(' ').next().unwrap_or_default();
    word.to_ascii_uppercase()
}

/// RFC 9422 §4.2: `LIMITS RCPTMAX=100`.
fn recipient_limit(offers: &Response) -> Option<u64> {
    let limits = offers.message().find(|line| keyword(line) == "LIMITS")?;
    let mut limits = limits.split_ascii_whitespace().skip(1);
    limits
        .find_map(|limit| {
            limit
                .to_ascii_uppercase()
                .strip_prefix("RCPTMAX=")?
                .parse()
                .ok()
        })
        .filter(|&limit| limit > 0)
}

/// RFC 1870 §3: no number, or 0, means no fixed limit.
fn size_limit(offers: &Response) -> Option<u64> {
    offers
        .message()
        .find(|line| keyword(line) == "SIZE")
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .filter(|&limit| limit > 0)
}
