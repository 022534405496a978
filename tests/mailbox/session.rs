//! A session with the embedded server, or with one that follows a script.

use std::time::Duration;

use hearthpost::endpoint::{Account, Endpoint, Secret};
use hearthpost::mailbox::Session;
use testmail::{Options, Server};

pub const A: &str = "home-a@a.example";

/// Of `A`, at a server that speaks in the open.
pub fn account(port: u16) -> Account {
    account_at(&format!("imap+plain://127.0.0.1:{port}"))
}

pub fn account_at(url: &str) -> Account {
    Account {
        endpoint: Endpoint::imap(url).expect("a URL"),
        username: A.to_owned(),
        password: Secret::new("secret"),
        extra_ca: None,
        timeout: Duration::from_secs(10),
    }
}

/// A server where `A` has an account.
pub fn server() -> (Server, Account) {
    let options = Options {
        accounts: vec![testmail::Account::new(A, "secret")],
        ..Options::default()
    };
    let server = Server::start(options).expect("a server");
    let account = account(server.imap_port());
    (server, account)
}

pub async fn inbox(account: &Account) -> Session {
    let mut session = Session::open(account).await.expect("a session");
    session.select("INBOX").await.expect("INBOX");
    session
}
