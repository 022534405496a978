//! A household whose store is silent is waited for by nobody else in the same process.

use std::path::PathBuf;
use std::time::Duration;

use crate::store::{Gate, Store, keep_in};
use hearthpost::daemon::serve_all;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::share::Order;
use hearthpost::sharing::{Household, NewHousehold};
use tempfile::TempDir;
use testmail::{Account, Options, Server};
use tokio::sync::oneshot;

const SOON: Duration = Duration::from_secs(60);

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

#[test]
fn one_households_silent_store_keeps_no_other_waiting() {
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
    // B keeps in a store that takes the first part and says nothing any more, for longer than this test waits.
    let store = Store::start();
    let gate = Gate::before(&store, &["PUT /", "/parts/"]);
    keep_in(b.parent().expect("a folder"), gate.port);
    let text = std::fs::read_to_string(&b).expect("a file");
    let patient = text.replace("timeout = \"2s\"", "timeout = \"10m\"");
    std::fs::write(&b, patient).expect("a file");
    let share = |sender: &mut Household, x: &str| {
        let file = a.with_file_name("a.txt");
        std::fs::write(&file, format!("for {x}")).expect("a file");
        let order = Order {
            what: vec![file.to_str().expect("text").to_owned()],
            to: vec![address(x)],
            rules: Some(hearthpost::rules::parse_rules("store=full").expect("rules")),
            yes: true,
            ..Order::default()
        };
        sender.share(&order, now, &mut |_| {}).expect("shared");
        runtime()
            .block_on(sender.sync(&Reading::take()))
            .expect("a pass");
    };
    let homes = [&b, &c].map(|config| Household::open(config).expect("opens"));
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = std::thread::spawn(move || {
        let stopped = async {
            // A test that failed drops the sender, and that stops as well.
            let _ = stopped.await;
        };
        runtime().block_on(serve_all(homes.into(), stopped))
    });
    share(&mut sender, "b");
    gate.wait_until_shut();
    // B hangs. C hears of its share, and tells its people.
    share(&mut sender, "c");
    let told = server.wait_for_messages("people-c@p.example", "INBOX", 1, SOON);
    told.expect("told");
    assert!(server.messages("people-b@p.example", "INBOX").is_empty());
    // Once the store speaks again it has what it missed.
    gate.open();
    let told = server.wait_for_messages("people-b@p.example", "INBOX", 1, SOON);
    told.expect("told");
    let _ = stop.send(());
    serving.join().expect("no panic").expect("a clean end");
}
