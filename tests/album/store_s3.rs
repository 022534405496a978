//! Sealed bytes in a bucket: what lies there, and what does not; killed half-way, away, and lying.

use std::path::PathBuf;

use crate::backups::{back_up, bring_back, config, while_closed};
use crate::house::state::files_below;
use crate::house::{House, Village, order, picture};
use crate::site::Site;
use crate::store::{Gate, Store, Way, keep_in, own_name, without_store};
use axum::http::StatusCode;
use hearthpost::album::ShareState;
use hearthpost::rules::Action;
use hearthpost::sharing::Household;
use hearthpost::sharing::doctor::Finding;

const DAY: u64 = 86_400;

/// The house keeps what is sealed in the store from now on.
fn keep(house: &mut House, port: u16) {
    keep_in(&house.folder, port);
    house.home = Household::open(&config(house)).expect("opens");
}

/// Two houses that know each other and keep what is sealed in the store behind a port.
fn houses(port: u16) -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    keep(&mut a, port);
    keep(&mut b, port);
    (village, a, b)
}

fn lake(a: &House) -> PathBuf {
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    path
}

/// Shared by `a` for a week; its mails lie in the mailbox of `b`.
fn share_lake(village: &Village, a: &mut House) -> String {
    let path = lake(a);
    let items = a.import(&[path]);
    let order = order(
        &[&items[0]],
        &["home-b@b.example"],
        "display=full,period=P7D",
    );
    let share = a.share(&order).expect("recorded").share;
    village.sync(a);
    share
}

/// Sealed bytes in the data folder: parts and own files.
fn in_folder(house: &House) -> usize {
    let below = |name: &str| files_below(&house.folder.join("data").join(name)).len();
    below("parts") + below("files")
}

#[test]
fn share_lies_in_the_bucket_alone_and_leaves_nothing_there_when_it_is_over() {
    let store = Store::start();
    let (village, mut a, mut b) = houses(store.port);
    let share = share_lake(&village, &mut a);
    village.settle(&mut [&mut a, &mut b]);
    let of = |house: &House, kind: &str| {
        let names = store.names_of(&house.home);
        names.iter().filter(|name| name.starts_with(kind)).count()
    };
    assert_ne!(
        own_name(&a.home),
        own_name(&b.home),
        "two that share one bucket"
    );
    assert_eq!(of(&a, "files/"), 1);
    assert!(of(&b, "parts/") >= 3, "{:?}", store.names_of(&b.home));
    assert_eq!((in_folder(&a), in_folder(&b)), (0, 0));
    for name in store.names() {
        assert!(name.starts_with("some/where/"), "{name}");
        let lies_open = store.read(&name).starts_with(&[0xff, 0xd8, 0xff]);
        assert!(!lies_open, "{name} is no sealed picture");
    }
    let item = b.items(&share).remove(0).reference;
    let (_, shown) = b.view(&item, "bob", Action::Display).expect("shown");
    assert!(shown.starts_with(&[0xff, 0xd8]));
    // The share ends there, the item goes here.
    let reference = a
        .home
        .album
        .rows()
        .items()
        .expect("rows")
        .remove(0)
        .reference;
    let now = a.now();
    a.home
        .delete_items(None, &[reference], now)
        .expect("in the bin");
    for house in [&mut a, &mut b] {
        house.wait(40 * DAY);
        village.sync(house);
    }
    assert_eq!(b.share_named(&share).state, ShareState::Expired);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(store.names(), Default::default());
}

#[test]
fn what_comes_waits_in_the_mailbox_while_the_store_dies_half_way() {
    let mut store = Store::start();
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let share = share_lake(&village, &mut a);
    let gate = Gate::before(&store, &["PUT /", "/parts/"]);
    keep(&mut b, gate.port);
    // It dies with the first part in hand.
    let (port, mut dying) = (store.port, std::mem::replace(&mut store, Store::start()));
    let death = std::thread::spawn(move || {
        gate.wait_until_shut();
        dying.kill();
        gate.open();
        gate
    });
    let before = village.inbox(&b).len();
    let done = village.try_sync(&mut b).expect("a pass");
    let gate = death.join().expect("no panic");
    assert!(done.trouble[0].contains("not reachable"), "{done:?}");
    assert_eq!(done.ingested, 1, "the letter, and no part");
    assert_eq!(b.share_named(&share).state, ShareState::Arriving);
    // What was judged may go; what has parts in it may not.
    let parts = village.inbox(&b).len();
    assert!((1..=before).contains(&parts));
    drop(store);
    let store = Store::start_at(port);
    // As after a while: what was out of reach a moment ago is not asked again at once.
    keep(&mut b, gate.port);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    assert!(village.inbox(&b).is_empty());
    let item = b.items(&share).remove(0).reference;
    b.view(&item, "bob", Action::Display).expect("shown");
    let held = b
        .home
        .album
        .rows()
        .parts(b.share_named(&share).id)
        .expect("rows");
    let held = held.iter().filter(|part| part.held).count();
    assert_eq!(store.names_of(&b.home).len(), held);
}

#[test]
fn what_ends_while_the_store_is_away_is_gone_here_at_once_and_there_later() {
    let store = Store::start();
    let gate = Gate::before(&store, &[]);
    let (village, mut a, mut b) = houses(store.port);
    keep(&mut b, gate.port);
    let share = share_lake(&village, &mut a);
    village.settle(&mut [&mut a, &mut b]);
    assert!(!store.names_of(&b.home).is_empty());
    gate.set(Way::Hangs);
    b.wait(8 * DAY);
    assert_eq!(village.sync(&mut b).expired, 1);
    assert_eq!(b.share_named(&share).state, ShareState::Expired);
    assert!(!store.names_of(&b.home).is_empty(), "it could not be told");
    gate.open();
    keep(&mut b, gate.port);
    village.sync(&mut b);
    assert_eq!(store.names_of(&b.home), [""; 0]);
}

#[test]
fn store_that_gives_other_bytes_is_not_believed() {
    let store = Store::start();
    let (village, mut a, mut b) = houses(store.port);
    let share = share_lake(&village, &mut a);
    village.settle(&mut [&mut a, &mut b]);
    let item = b.items(&share).remove(0).reference;
    let below = format!("some/where/{}", own_name(&b.home));
    let names: Vec<String> = store.names_of(&b.home);
    let whole: Vec<Vec<u8>> = names
        .iter()
        .map(|name| store.read(&format!("{below}/{name}")))
        .collect();
    let lie = |bytes: &dyn Fn(&[u8]) -> Vec<u8>| {
        for (name, whole) in names.iter().zip(&whole) {
            store.write(&format!("{below}/{name}"), &bytes(whole));
        }
    };
    let flipped = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    };
    let cut = |bytes: &[u8]| bytes[..bytes.len() - 1].to_vec();
    // More than is ever asked for at once: it is not read to its end.
    let endless = |_: &[u8]| vec![0; 9_000_000];
    for other in [&flipped as &dyn Fn(&[u8]) -> Vec<u8>, &cut, &endless] {
        lie(other);
        let fault = b.view(&item, "bob", Action::Display).expect_err("a lie");
        assert_eq!(fault.code, "store", "{fault}");
    }
    lie(&|whole| whole.to_vec());
    b.view(&item, "bob", Action::Display).expect("the truth");
    // An own file is opened by its seal.
    let own = format!(
        "some/where/{}/{}",
        own_name(&a.home),
        store.names_of(&a.home).remove(0)
    );
    let whole = store.read(&own);
    store.write(&own, &flipped(&whole));
    let reference = a
        .home
        .album
        .rows()
        .items()
        .expect("rows")
        .remove(0)
        .reference;
    let mut read = a
        .home
        .own_original(None, &reference)
        .expect("it is asked for later");
    let error = std::io::Read::read(&mut read, &mut [0; 10]).expect_err("a lie");
    assert!(error.to_string().contains("a stored file"), "{error}");
}

#[test]
fn nothing_goes_out_that_the_store_made_other_and_it_goes_once_it_is_right() {
    let store = Store::start();
    let (village, mut a, mut b) = houses(store.port);
    let path = lake(&a);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "display=full");
    let share = a.share(&order).expect("recorded").share;
    let below = format!("some/where/{}", own_name(&a.home));
    let parts: Vec<String> = store
        .names_of(&a.home)
        .into_iter()
        .filter(|name| name.starts_with("parts/"))
        .collect();
    let whole: Vec<Vec<u8>> = parts
        .iter()
        .map(|name| store.read(&format!("{below}/{name}")))
        .collect();
    for name in &parts {
        store.write(&format!("{below}/{name}"), b"something else");
    }
    let done = village.try_sync(&mut a).expect("a pass");
    assert!(!done.trouble.is_empty(), "{done:?}");
    village.try_sync(&mut b).expect("a pass");
    assert!(!b.knows(&share) || b.share_named(&share).state == ShareState::Arriving);
    for (name, bytes) in parts.iter().zip(&whole) {
        store.write(&format!("{below}/{name}"), bytes);
    }
    for house in [&mut a, &mut b] {
        house.wait(DAY);
    }
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}

#[test]
fn who_looks_while_the_store_is_away_is_told_so() {
    let mut store = Store::start();
    let (_village, mut a, _b) = houses(store.port);
    let path = lake(&a);
    let item = a.import(&[path]).remove(0);
    let site = Site::of(&a);
    let mut program = site.program(&mut a, "ann", "read");
    let original = format!("/api/v1/items/{}/original", item.reference);
    assert_eq!(program.0.get(&original).status, StatusCode::OK);
    store.kill();
    let page = program.0.get(&original);
    assert_eq!(
        page.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        page.text()
    );
    assert!(page.text().contains("not reachable"), "{}", page.text());
    assert!(
        page.text().contains("urn:hearthpost:store"),
        "{}",
        page.text()
    );
    // The small one lies here.
    let small = program
        .0
        .get(&format!("/api/v1/items/{}/thumb", item.reference));
    assert_eq!(small.status, StatusCode::OK, "{}", small.text());
}

#[test]
fn doctor_tries_the_store() {
    let mut store = Store::start();
    let (village, a, _b) = houses(store.port);
    let look = || {
        let findings = village.run(a.home.doctor(&a.reading()));
        let of_store = |finding: &Finding| finding.what == "store of sealed pictures";
        findings
            .into_iter()
            .find(of_store)
            .expect("it is looked at")
    };
    let found = look();
    assert!(found.good, "{found:?}");
    assert_eq!(store.names(), Default::default(), "it leaves nothing");
    store.kill();
    let found = look();
    assert!(
        !found.good && found.words.contains("not reachable"),
        "{found:?}"
    );
}

#[test]
fn backup_holds_what_lies_in_the_store_and_is_restored_to_where_the_settings_say() {
    let store = Store::start();
    let (village, mut a, mut b) = houses(store.port);
    let share = share_lake(&village, &mut a);
    village.settle(&mut [&mut a, &mut b]);
    let item = b.items(&share).remove(0).reference;
    let file = b.folder.join("b.backup");
    let done = back_up(&mut b, &file);
    let stored = store.names_of(&b.home);
    assert_eq!(done.parts as usize, stored.len());
    let first = own_name(&b.home);
    // Where the settings name no store, all lies in the folder.
    std::fs::write(config(&b), without_store(&config(&b))).expect("a file");
    let refused = Household::open(&config(&b)).err().expect("no store");
    assert_eq!(refused.code, "config", "{refused}");
    let (mut b, restored) =
        while_closed(b, |house| bring_back(house, &file, true).expect("restored"));
    assert_eq!((restored.missing.parts, restored.missing.items), (0, 0));
    assert_eq!(in_folder(&b), stored.len());
    b.view(&item, "bob", Action::Display).expect("shown");
    // Named again, it is brought there, below another name.
    keep(&mut b, store.port);
    b.view(&item, "bob", Action::Display)
        .expect("shown from the folder");
    village.sync(&mut b);
    assert_eq!(in_folder(&b), 0);
    assert_ne!(own_name(&b.home), first);
    assert_eq!(store.names_of(&b.home), stored);
    b.view(&item, "bob", Action::Display)
        .expect("shown from the store");
}

// The server computes each signature by itself, with the secret that it made.
#[test]
fn store_that_looks_at_signatures_takes_the_right_secret_and_refuses_another() {
    let store = Store::start();
    let village = Village::new("a");
    let mut a = village.house("a", &["ann"]);
    let (id, secret) = store.make_key();
    keep_in(&a.folder, store.port);
    let text = std::fs::read_to_string(config(&a)).expect("a file");
    std::fs::write(config(&a), text.replace("id-of-the-house", &id)).expect("a file");
    let mut open_with = |secret: &str| {
        std::fs::write(a.folder.join("store-secret"), secret).expect("a file");
        a.home = Household::open(&config(&a)).expect("opens");
        let path = a.folder.join("large.bin");
        std::fs::write(&path, vec![7; 9_000_000]).expect("a file");
        let now = a.now();
        let large = a.home.import(&[path, lake(&a)], None, now, &mut |_| {});
        large.map(|imported| imported.items.len())
    };
    let fault = open_with("another").expect_err("another secret");
    assert_eq!(fault.code, "store");
    assert!(fault.message.contains("SignatureDoesNotMatch"), "{fault}");
    assert_eq!(open_with(&secret).expect("the right one"), 2);
    let item = a.home.album.rows().items().expect("rows").remove(0);
    let mut original = a.home.own_original(None, &item.reference).expect("there");
    std::io::Read::read(&mut original, &mut [0; 10]).expect("read");
    // What is gone for good is deleted with that signature too, and what is listed is listed.
    assert!(a.home.album.try_bucket().expect("a bucket").is_ok());
}
