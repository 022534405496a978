//! Signing in: by OAuth token where that is asked for, with a secret that a program prints, and never before TLS.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::script::{Script, say};
use hearthpost::config::{Auth, Config, PasswordSource};
use hearthpost::endpoint::{Account, Endpoint, Secret, SignInRefused};
use hearthpost::mailbox::{MailboxError, Session};
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::{Fault, Household, NewHousehold, Obstacle};
use hearthpost::submission::{Connection, SubmissionError};
use tempfile::TempDir;
use testmail::{Options, Server};

const A: &str = "home-a@a.example";

fn server() -> Server {
    let options = Options {
        accounts: vec![testmail::Account::new(A, "ya29.token")],
        ..Options::default()
    };
    Server::start(options).expect("a server")
}

fn account(url: &str, password: Secret) -> Account {
    Account {
        endpoint: Endpoint::imap(url)
            .or_else(|_| Endpoint::smtp(url))
            .expect("a URL"),
        username: A.to_owned(),
        password,
        extra_ca: None,
        timeout: Duration::from_secs(10),
    }
}

fn imap(server: &Server, password: Secret) -> Account {
    account(
        &format!("imap+plain://127.0.0.1:{}", server.imap_port()),
        password,
    )
}

fn smtp(server: &Server, password: Secret) -> Account {
    account(
        &format!("smtp+plain://127.0.0.1:{}", server.smtp_port()),
        password,
    )
}

#[tokio::test]
async fn a_token_signs_in_at_both_with_and_without_a_first_answer() {
    let server = server();
    let token = || Secret::token("ya29.token");
    for withheld in [None, Some("SASL-IR")] {
        if let Some(name) = withheld {
            server.faults().imap_withhold(name);
        }
        let mut session = Session::open(&imap(&server, token()))
            .await
            .expect("signed in");
        session.select("INBOX").await.expect("INBOX");
        session.logout().await;
    }
    let log = server.imap_log();
    assert!(
        log.iter()
            .any(|c| c.text.starts_with("AUTHENTICATE XOAUTH2"))
    );
    assert!(!log.iter().any(|c| c.text.starts_with("LOGIN")));
    let connection = Connection::open(&smtp(&server, token())).await;
    connection.expect("signed in").close().await;
}

// The challenge is answered with an empty line, or the session would hang there.
#[tokio::test]
async fn a_refused_token_says_what_the_server_said_and_how_to_mend_it() {
    let server = server();
    let old = || Secret::token("ya29.old");
    for withheld in [None, Some("SASL-IR")] {
        if let Some(name) = withheld {
            server.faults().imap_withhold(name);
        }
        let refused = Session::open(&imap(&server, old()))
            .await
            .expect_err("refused");
        let right = matches!(
            refused,
            MailboxError::SignIn(SignInRefused::TokenRefused { .. })
        );
        assert!(right && !refused.retryable(), "{refused:?}");
        let words = refused.to_string();
        assert!(
            words.contains("401") && words.contains("password_command"),
            "{words}"
        );
        assert!(!words.contains("ya29"), "{words}");
    }
    let refused = Connection::open(&smtp(&server, old()))
        .await
        .expect_err("refused");
    let right = matches!(
        refused,
        SubmissionError::SignIn(SignInRefused::TokenRefused { .. })
    );
    assert!(right, "{refused:?}");
    assert!(refused.to_string().contains("401"), "{refused}");
    // The same words are no password, and a password is no token.
    assert!(
        Session::open(&imap(&server, Secret::new("ya29.old")))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_server_that_takes_no_tokens_is_told_none() {
    let server = server();
    server.faults().imap_withhold("AUTH=XOAUTH2");
    let token = Secret::token("ya29.token");
    let refused = Session::open(&imap(&server, token.clone()))
        .await
        .expect_err("none");
    let right = matches!(
        refused,
        MailboxError::SignIn(SignInRefused::NoTokens { .. })
    );
    assert!(right, "{refused:?}");
    let script = Script::start("220 hi\r\n", |line| match line {
        line if line.starts_with("EHLO") => say("250-hi\r\n250 AUTH PLAIN LOGIN\r\n"),
        _ => say("500 what\r\n"),
    })
    .await;
    let url = format!("smtp+plain://127.0.0.1:{}", script.port);
    let refused = Connection::open(&account(&url, token))
        .await
        .expect_err("none");
    let right = matches!(
        refused,
        SubmissionError::SignIn(SignInRefused::NoTokens { .. })
    );
    assert!(right, "{refused:?}");
    assert!(!script.heard().iter().any(|line| line.starts_with("AUTH")));
}

#[tokio::test]
async fn no_token_is_said_before_tls() {
    let token = Secret::token("ya29.token");
    let script = Script::start("* OK hi\r\n", |line| {
        let tag = line.split(' ').next().unwrap_or_default();
        match line.contains("CAPABILITY") {
            true => say(format!(
                "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK\r\n"
            )),
            false => say(format!("{tag} BAD what\r\n")),
        }
    })
    .await;
    let url = format!("imap://127.0.0.1:{}", script.port);
    assert!(Session::open(&account(&url, token.clone())).await.is_err());
    assert!(!script.heard().iter().any(|line| line.contains("AUTH")));
    let script = Script::start("220 hi\r\n", |line| match line {
        line if line.starts_with("EHLO") => say("250-hi\r\n250 AUTH XOAUTH2\r\n"),
        _ => say("500 what\r\n"),
    })
    .await;
    let url = format!("smtp://127.0.0.1:{}", script.port);
    assert!(Connection::open(&account(&url, token)).await.is_err());
    assert!(!script.heard().iter().any(|line| line.contains("AUTH")));
}

struct Home {
    server: Server,
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        Home {
            server: server(),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("hearthpost.toml")
    }

    /// A program that does `lines`, and the household that asks it.
    fn asking(&self, lines: &str, more: &str) -> Household {
        let program = self.folder.path().join("secret");
        std::fs::write(&program, format!("#!/bin/sh\n{lines}\n")).expect("a file");
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&program, mode).expect("a mode");
        self.asking_program(&program, more)
    }

    fn asking_program(&self, program: &Path, more: &str) -> Household {
        let config = self.config();
        let _ = std::fs::remove_file(&config);
        let new = NewHousehold {
            mailbox: A.parse().expect("a mailbox"),
            name: "House A".to_owned(),
            imap_url: format!("imap+plain://127.0.0.1:{}", self.server.imap_port()),
            smtp_url: format!("smtp+plain://127.0.0.1:{}", self.server.smtp_port()),
            username: A.to_owned(),
            password_file: self.folder.path().join("password"),
            data: None,
            ca_file: None,
        };
        Household::init(&config, &new, Reading::take().wall).expect("init");
        let text = std::fs::read_to_string(&config).expect("a file");
        let line = text.lines().find(|line| line.starts_with("password_file"));
        let command = format!("password_command = [{program:?}, \"a b; $(c)\"]\n{more}");
        let text = text.replace(line.expect("it is there"), &command);
        std::fs::write(&config, text).expect("a file");
        Household::open(&config).expect("opens")
    }
}

fn pass(home: &mut Household) -> hearthpost::sharing::sync::Done {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let done = runtime.block_on(home.sync(&Reading::take()));
    done.expect("a pass")
}

#[test]
fn a_program_gives_the_password_or_the_token_in_its_first_line() {
    let home = Home::new();
    // Its argument comes as it is written: no shell has it in hand.
    let says = "test \"$1\" = 'a b; $(c)' && echo ya29.token && echo more && echo loud >&2";
    assert_eq!(
        pass(&mut home.asking(says, "")).trouble,
        Vec::<String>::new()
    );
    let mut by_token = home.asking(says, "auth = \"xoauth2\"");
    assert_eq!(pass(&mut by_token).trouble, Vec::<String>::new());
    let log = home.server.imap_log();
    assert!(
        log.iter()
            .any(|c| c.text.starts_with("AUTHENTICATE XOAUTH2"))
    );
}

#[test]
fn a_program_that_fails_is_trouble_with_its_name_and_without_its_words() {
    let home = Home::new();
    for (lines, words) in [
        ("echo ya29.token; exit 3", "exit status: 3"),
        ("exit 0", "its first line is empty"),
        ("echo; echo ya29.token", "its first line is empty"),
        ("printf '\\377ya29.token'", "is not UTF-8"),
        ("exec sleep 3600", "no answer within"),
    ] {
        let mut asking = home.asking(lines, "timeout = \"1s\"");
        let done = pass(&mut asking);
        let [trouble] = done.trouble.as_slice() else {
            panic!("{lines}: {done:?}");
        };
        assert!(trouble.contains(words), "{lines}: {trouble}");
        assert!(trouble.contains("password_command"), "{trouble}");
        assert!(!trouble.contains("ya29"), "{trouble}");
        assert_eq!(done.obstacle, Obstacle::Passing);
    }
    let missing = home.folder.path().join("no such program");
    let done = pass(&mut home.asking_program(&missing, ""));
    assert!(done.trouble[0].contains("No such file"), "{done:?}");
    // One that never stops talking is not listened to.
    let mut loud = home.asking("while :; do echo ya29.token; done", "timeout = \"30s\"");
    assert_eq!(pass(&mut loud).trouble, Vec::<String>::new());
    assert_eq!(
        home.server
            .imap_log()
            .iter()
            .filter(|c| c.text.starts_with("LOGIN"))
            .count(),
        1
    );
}

// CASES O-04: what counts is what the program prints, not that it was asked again.
#[test]
fn a_refused_token_is_not_tried_again_before_the_program_prints_another() {
    let home = Home::new();
    let token = home.folder.path().join("token");
    std::fs::write(&token, "ya29.old\n").expect("a file");
    let mut asking = home.asking(&format!("cat {}", token.display()), "auth = \"xoauth2\"");
    for _ in 0..3 {
        assert_eq!(pass(&mut asking).obstacle, Obstacle::SignIn);
    }
    let tries = || {
        let log = home.server.imap_log();
        log.iter()
            .filter(|c| c.text.starts_with("AUTHENTICATE"))
            .count()
    };
    assert_eq!(tries(), 1);
    std::fs::write(&token, "ya29.token\n").expect("a file");
    assert_eq!(pass(&mut asking).obstacle, Obstacle::None);
    assert_eq!(tries(), 2);
}

#[test]
fn settings_name_one_source_and_one_way() {
    let least = "mailbox = \"home-a@a.example\"\nname = \"A\"\n[imap]\nurl = \"imaps://a.example\"\nusername = \"a\"\n";
    let parse = |imap: &str, smtp: &str| {
        let text = format!("{least}{imap}\n[smtp]\nurl = \"smtps://a.example\"\n{smtp}\n");
        Config::parse(&text, Path::new("/srv/a.toml")).map_err(|error| Fault::from(error).message)
    };
    let command = "password_command = [\"pass\", \"show\", \"mail\"]";
    let config = parse(command, "").expect("good");
    let words = ["pass", "show", "mail"].map(str::to_owned).to_vec();
    assert_eq!(config.imap.password, PasswordSource::Command(words.clone()));
    assert_eq!(config.smtp.password, PasswordSource::Command(words));
    assert_eq!(
        (config.imap.auth, config.smtp.auth),
        (Auth::Password, Auth::Password)
    );
    let both = format!("{command}\nauth = \"xoauth2\"");
    let config = parse(&both, "").expect("good");
    assert_eq!(
        (config.imap.auth, config.smtp.auth),
        (Auth::Xoauth2, Auth::Xoauth2)
    );
    let config = parse(&both, "auth = \"password\"\npassword_file = \"pw\"").expect("good");
    assert_eq!(config.smtp.auth, Auth::Password);
    for (imap, words) in [
        ("password_command = \"pass show mail\"", "a list of texts"),
        ("password_command = []", "a list of texts"),
        ("password_command = [\"\"]", "a list of texts"),
        ("password_command = [\"pass\", 1]", "a list of texts"),
        (
            "password_command = [\"pass\", \"a\\u0000b\"]",
            "a list of texts",
        ),
        (
            "password_command = [\"pass\"]\npassword_env = \"PW\"",
            "must be left out",
        ),
        (
            "password_command = [\"pass\"]\npassword_file = \"pw\"",
            "must be left out",
        ),
        ("password_file = \"pw\"\nauth = \"oauth\"", "\"xoauth2\""),
        ("auth = \"xoauth2\"", "password_command"),
    ] {
        let said = parse(imap, "").expect_err(imap);
        assert!(said.contains(words), "{imap}: {said}");
    }
}
