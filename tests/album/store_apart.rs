//! A household whose store is silent, or whose database another program holds, is waited for by nobody else in the same
//! process.

use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::store::{Gate, Store, keep_in};
use hearthpost::daemon::serve_all;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::share::Order;
use hearthpost::sharing::{Fault, Household, NewHousehold};
use rusqlite::{Connection, TransactionBehavior};
use tempfile::TempDir;
use testmail::{Account, Options, Server};
use tokio::sync::oneshot;

const SOON: Duration = Duration::from_secs(60);
/// Less than it is waited for a database.
const BEFORE_LONG: Duration = Duration::from_secs(25);

fn address(x: &str) -> String {
    format!("home-{x}@{x}.example")
}

/// A household with one person, who is told at her own mailbox.
fn house(server: &Server, folder: &TempDir, x: &str) -> PathBuf {
    let folder = folder.path().join(x);
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("password"), "secret\n").expect("a file");
    let new = NewHousehold {
        mailbox: address(x).parse().expect("a mailbox"),
        name: format!("House {x}"),
        imap_url: format!("imap+plain://127.0.0.1:{}", server.imap_port()),
        smtp_url: format!("smtp+plain://127.0.0.1:{}", server.smtp_port()),
        username: address(x),
        password_file: folder.join("password"),
        data: None,
        ca_file: None,
    };
    let config = folder.join("hearthpost.toml");
    let now = Reading::take().wall;
    Household::init(&config, &new, now).expect("init");
    let mut home = Household::open(&config).expect("opens");
    let mail = format!("people-{x}@p.example");
    let mail = mail.parse().expect("a mailbox");
    home.add_person("bob".parse().expect("a station"), mail, now)
        .expect("added");
    config
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// `a` shares with `b` and `c`, which one process is to serve.
struct Scene {
    server: Server,
    folder: TempDir,
    sender: Household,
}

fn scene() -> Scene {
    let letters = ["a", "b", "c"];
    let people = letters.map(|x| Account::new(format!("people-{x}@p.example"), "secret"));
    let accounts = letters.map(|x| Account::new(address(x), "secret"));
    let options = Options {
        accounts: accounts.into_iter().chain(people).collect(),
        ..Options::default()
    };
    let server = Server::start(options).expect("testmail starts");
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b, c] = letters.map(|x| house(&server, &folder, x));
    let mut sender = Household::open(&a).expect("opens");
    let now = sender.tick(&Reading::take(), &[]).expect("time");
    for (config, x) in [(&b, "b"), (&c, "c")] {
        let mut other = Household::open(config).expect("opens");
        let (card, own) = (other.own_card_pem().expect("a card"), sender.own_card_pem());
        let at = address(x).parse().expect("a mailbox");
        sender
            .add_contact_file(&at, card.as_bytes(), now.now)
            .expect("added");
        let at = address("a").parse().expect("a mailbox");
        let own = own.expect("a card");
        other
            .add_contact_file(&at, own.as_bytes(), now.now)
            .expect("added");
    }
    Scene {
        server,
        folder,
        sender,
    }
}

impl Scene {
    fn config(&self, x: &str) -> PathBuf {
        self.folder.path().join(x).join("hearthpost.toml")
    }

    /// `a` shares a file with one of them, and it lies in the mailbox there.
    fn share(&mut self, x: &str) {
        let file = self.folder.path().join("a.txt");
        std::fs::write(&file, format!("for {x}")).expect("a file");
        let order = Order {
            what: vec![file.to_str().expect("text").to_owned()],
            to: vec![address(x)],
            rules: Some(hearthpost::rules::parse_rules("store=full").expect("rules")),
            yes: true,
            ..Order::default()
        };
        let now = self.sender.tick(&Reading::take(), &[]).expect("time");
        self.sender.share(&order, now, &mut |_| {}).expect("shared");
        runtime()
            .block_on(self.sender.sync(&Reading::take()))
            .expect("a pass");
    }

    fn told(&self, x: &str, within: Duration) {
        let people = format!("people-{x}@p.example");
        let told = self.server.wait_for_messages(&people, "INBOX", 1, within);
        told.expect("told");
    }

    /// Those that one process is to serve.
    fn homes(&self) -> Vec<Household> {
        let open = |x| Household::open(&self.config(x)).expect("opens");
        ["b", "c"].map(open).into()
    }
}

fn serve(homes: Vec<Household>) -> (oneshot::Sender<()>, JoinHandle<Result<(), Fault>>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = std::thread::spawn(move || {
        let stopped = async {
            // A test that failed drops the sender, and that stops as well.
            let _ = stopped.await;
        };
        runtime().block_on(serve_all(homes, stopped))
    });
    (stop, serving)
}

#[test]
fn one_households_silent_store_keeps_no_other_waiting() {
    let mut s = scene();
    // B keeps in a store that takes the first part and says nothing any more, for longer than this test waits.
    let store = Store::start();
    let gate = Gate::before(&store, &["PUT /", "/parts/"]);
    let b = s.config("b");
    keep_in(b.parent().expect("a folder"), gate.port);
    let text = std::fs::read_to_string(&b).expect("a file");
    let patient = text.replace("timeout = \"2s\"", "timeout = \"10m\"");
    std::fs::write(&b, patient).expect("a file");
    let (stop, serving) = serve(s.homes());
    s.share("b");
    gate.wait_until_shut();
    // B hangs. C hears of its share, and tells its people.
    s.share("c");
    s.told("c", SOON);
    assert!(s.server.messages("people-b@p.example", "INBOX").is_empty());
    // Once the store speaks again it has what it missed.
    gate.open();
    s.told("b", SOON);
    let _ = stop.send(());
    serving.join().expect("no panic").expect("a clean end");
}

#[test]
fn one_households_database_that_is_held_keeps_no_other_waiting() {
    let mut s = scene();
    s.share("b");
    let homes = s.homes();
    let album = s.config("b").with_file_name("data").join("album.sqlite");
    let mut other = Connection::open(album).expect("opens");
    let held = other
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .expect("held");
    let (stop, serving) = serve(homes);
    // B waits for the other program. C hears of its share, and tells its people, long before that wait is over.
    s.share("c");
    s.told("c", BEFORE_LONG);
    assert!(s.server.messages("people-b@p.example", "INBOX").is_empty());
    // Once it is let go B has what it missed.
    drop(held);
    s.told("b", SOON);
    let _ = stop.send(());
    serving.join().expect("no panic").expect("a clean end");
}
