//! An album that another program holds is told from one that is damaged: the first is waited for, the second is not.

use std::time::Duration;

use hearthpost::album::AlbumError;
use hearthpost::sharing::Fault;
use rusqlite::{Connection, Error, TransactionBehavior};

fn code(error: Error) -> &'static str {
    Fault::from(AlbumError::from(error)).code
}

#[test]
fn an_album_that_is_held_is_not_a_damaged_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("album.sqlite");
    let mut one = Connection::open(&path).expect("opens");
    one.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE a (b INTEGER) STRICT;")
        .expect("a table");
    let other = Connection::open(&path).expect("opens");
    other.busy_timeout(Duration::ZERO).expect("set");
    let write = "INSERT INTO a (b) VALUES (1)";
    let held = one
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .expect("held");
    assert_eq!(code(other.execute(write, []).expect_err("held")), "held");
    drop(held);
    other.execute(write, []).expect("free");
    drop((one, other));
    // What stands at its beginning says nothing to SQLite any more.
    let mut bytes = std::fs::read(&path).expect("a file");
    bytes[..100].fill(0x55);
    std::fs::write(&path, bytes).expect("written");
    let damaged = Connection::open(&path).expect("opens");
    let error = damaged.execute(write, []).expect_err("damaged");
    assert_eq!(code(error), "database");
}
