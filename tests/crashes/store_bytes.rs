//! A household that is killed while it writes into a store: nothing is lost, and nothing of what came to nothing stays there.

use crate::store;
use std::process::Stdio;

use crate::command::{House, command, picture};
use crate::store::{Gate, SECRET, Store, keep_in};
use hearthpost::sharing::Household;

/// A household that keeps what is sealed in the store behind a port, and a file too large for one request.
fn house(port: u16) -> House {
    let house = House::new("a");
    let ann = ["user", "add", "ann", "--mail", "ann@p.example"];
    house.run(ann).done();
    let bytes: Vec<u8> = (0..20_000_000u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(house.path("large.bin"), bytes).expect("a file");
    keep_in(house.folder.path(), port);
    house
}

/// Stops the command at a point, as by a power cut.
fn stopped_at(house: &House, point: &str, arguments: &[&str]) {
    let mut run = command(house.folder.path());
    run.args(["--config", "hearthpost.toml"]).args(arguments);
    run.env("HEARTHPOST_CRASH_AT", point);
    let status = run.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status = status.expect("it starts");
    assert_eq!(status.code(), None, "{point} was met");
}

/// A pass. The provider is nowhere, which keeps nothing else from being done.
fn sync(house: &House) {
    let ran = house.run(["sync"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(!ran.stdout.contains("store"), "{ran:?}");
}

fn import(house: &House) {
    let done = house.run(["import", "large.bin"]).done();
    assert_eq!(done["items"].as_array().expect("a list").len(), 1, "{done}");
}

/// The file is there once, whole, and nothing else.
fn assert_whole(house: &House, store: &Store) {
    assert_eq!(store.begun(), 0);
    assert_eq!(store.names().len(), 1, "{:?}", store.names());
    let home = Household::open(&house.path("hearthpost.toml")).expect("opens");
    let item = home.album.rows().items().expect("rows").remove(0);
    let mut original = home.own_original(None, &item.reference).expect("there");
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut original, &mut bytes).expect("read");
    assert!(bytes == std::fs::read(house.path("large.bin")).expect("a file"));
}

#[test]
fn import_that_is_stopped_at_any_point_leaves_nothing_and_is_done_again() {
    let store = Store::start();
    let house = house(store.port);
    for (point, begun, whole) in [
        ("store.piece", 1, 0),
        ("store.piece:2", 1, 0),
        ("store.pieces", 1, 0),
        ("import.stored", 0, 1),
    ] {
        stopped_at(&house, point, &["import", "large.bin"]);
        assert_eq!(
            (store.begun(), store.names().len()),
            (begun, whole),
            "{point}"
        );
        sync(&house);
        assert_eq!((store.begun(), store.names().len()), (0, 0), "{point}");
    }
    import(&house);
    assert_whole(&house, &store);
}

#[test]
fn import_that_is_killed_while_the_store_is_silent_leaves_nothing() {
    let store = Store::start();
    let gate = Gate::before(&store, &["PUT /", "partNumber=2"]);
    let house = house(gate.port);
    let mut run = command(house.folder.path());
    run.args(["--config", "hearthpost.toml", "import", "large.bin"]);
    let child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("it starts");
    gate.wait_until_shut();
    child.kill().expect("killed");
    child.wait().expect("ended");
    gate.open();
    assert_eq!(store.begun(), 1);
    sync(&house);
    assert_eq!((store.begun(), store.names().len()), (0, 0));
    import(&house);
    assert_whole(&house, &store);
}

#[test]
fn what_was_in_the_folder_is_brought_over_once_also_when_that_is_stopped() {
    let store = Store::start();
    let house = house(store.port);
    // Before there was a store.
    let config = house.path("hearthpost.toml");
    let with = std::fs::read_to_string(&config).expect("a file");
    std::fs::write(&config, store::without_store(&config)).expect("a file");
    import(&house);
    assert_eq!(store.names().len(), 0);
    std::fs::write(&config, with).expect("a file");
    let files = || {
        std::fs::read_dir(house.path("data/files"))
            .expect("a folder")
            .count()
    };
    for point in ["store.piece", "store.pieces", "store.brought"] {
        stopped_at(&house, point, &["sync"]);
        assert_eq!(files(), 1, "{point}");
    }
    assert_eq!(store.names().len(), 1);
    sync(&house);
    assert_eq!(files(), 0);
    assert_whole(&house, &store);
}

#[test]
fn secret_of_the_store_is_told_to_nobody() {
    let mut store = Store::start();
    let house = house(store.port);
    let config = house.path("hearthpost.toml");
    let text = std::fs::read_to_string(&config).expect("a file");
    std::fs::write(&config, format!("{text}\n[log]\nlevel = \"trace\"\n")).expect("a file");
    picture(&house.path("lake.jpg"), 320, 200);
    let mut ran = vec![house.run(["import", "lake.jpg"]), house.run(["doctor"])];
    store.kill();
    ran.extend([house.run(["doctor"]), house.run(["sync"])]);
    for one in ran {
        let said = format!("{one:?}");
        assert!(!said.contains(SECRET), "{said}");
        assert!(!said.contains("id-of-the-house"), "{said}");
    }
}
