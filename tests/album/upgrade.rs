//! An album of an older version is brought to this one: the same tables and columns as a new one, and nothing lost.

use std::collections::BTreeMap;
use std::path::Path;

use hearthpost::album::{Album, Filter};
use hearthpost::envelope::{Digest, Id};
use rusqlite::Connection;

fn columns(database: &Connection) -> BTreeMap<String, Vec<(String, String)>> {
    let mut tables = database
        .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'index', 'trigger') AND name NOT LIKE 'sqlite%'")
        .expect("tables");
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .expect("tables")
        .collect::<Result<_, _>>()
        .expect("tables");
    let of = |table: &String| {
        let mut info = database
            .prepare(&format!("PRAGMA table_info({table})"))
            .expect("columns");
        let mut columns: Vec<(String, String)> = info
            .query_map([], |row| Ok((row.get("name")?, row.get("type")?)))
            .expect("columns")
            .collect::<Result<_, _>>()
            .expect("columns");
        columns.sort();
        columns
    };
    tables
        .iter()
        .map(|table| (table.clone(), of(table)))
        .collect()
}

fn triggers(database: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name";
    let mut triggers = database.prepare(sql).expect("triggers");
    let rows = triggers.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let rows = rows.expect("triggers").collect::<Result<Vec<_>, _>>();
    rows.expect("triggers")
}

/// Each brings an album from the version before to its own, from the second on.
const UPGRADES: [&str; 12] = [
    include_str!("../../src/album/upgrade_2.sql"),
    include_str!("../../src/album/upgrade_3.sql"),
    include_str!("../../src/album/upgrade_4.sql"),
    include_str!("../../src/album/upgrade_5.sql"),
    include_str!("../../src/album/upgrade_6.sql"),
    include_str!("../../src/album/upgrade_7.sql"),
    include_str!("../../src/album/upgrade_8.sql"),
    include_str!("../../src/album/upgrade_9.sql"),
    include_str!("../../src/album/upgrade_10.sql"),
    include_str!("../../src/album/upgrade_11.sql"),
    include_str!("../../src/album/upgrade_12.sql"),
    include_str!("../../src/album/upgrade_13.sql"),
];

/// An album of that version, with rows, opened by this one; and a new one.
fn brought_up(folder: &Path, version: usize, rows: &str) -> [Connection; 2] {
    let [old, new] = ["old", "new"].map(|name| folder.join(name));
    for path in [&old, &new] {
        std::fs::create_dir(path).expect("a folder");
    }
    Connection::open(old.join("album.sqlite"))
        .and_then(|database| {
            database.execute_batch(include_str!("../fixtures/album/1.sql"))?;
            database.execute_batch("PRAGMA foreign_keys = OFF;")?;
            for upgrade in &UPGRADES[..version - 1] {
                database.execute_batch(upgrade)?;
            }
            database.execute_batch(rows)?;
            database.execute_batch(&format!("PRAGMA user_version = {version};"))
        })
        .expect("an old album");
    drop(Album::open(&old).expect("opens"));
    drop(Album::create(&new).expect("made"));
    [old, new].map(|path| Connection::open(path.join("album.sqlite")).expect("opens"))
}

#[test]
fn an_album_of_any_version_becomes_one_of_today() {
    for version in 1..=UPGRADES.len() + 1 {
        let folder = tempfile::tempdir().expect("a folder");
        let [old, new] = brought_up(folder.path(), version, "");
        assert_eq!(columns(&old), columns(&new), "from version {version}");
        assert_eq!(
            triggers(&old),
            triggers(&new),
            "from version {version}, word for word: a backup is held against them"
        );
    }
}

#[test]
fn what_waits_in_an_album_of_version_6_still_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "INSERT INTO knock (station, contact, kind, at) VALUES ('bob', 'f', 'request', 1);
                INSERT INTO awaited (share, mailbox, stations, state, begun, changed)
                VALUES (1, 'home-d@d.example', '[]', 'waiting', 7, 8);";
    let [old, _] = brought_up(folder.path(), 6, rows);
    let told = old.query_row("SELECT station FROM knock", [], |row| {
        row.get::<_, String>(0)
    });
    assert_eq!(told.expect("still to be told"), "bob");
    let waits = "SELECT mailbox FROM awaited
                 WHERE state = 'waiting' AND begun = 7 AND items IS NULL AND person = ''";
    let waits = old.query_row(waits, [], |row| row.get::<_, String>(0));
    assert_eq!(waits.expect("still waits"), "home-d@d.example");
}

#[test]
fn who_may_know_an_identity_of_before_in_an_album_of_version_10_is_still_to_be_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "INSERT INTO setting (name, value) VALUES ('identity', 'now')
                    ON CONFLICT (name) DO UPDATE SET value = 'now';
                INSERT INTO former_identity (fingerprint) VALUES ('before');
                INSERT INTO card_request (nonce, mailbox, sent) VALUES ('n', 'home-z@z.example', 7);";
    let [old, _] = brought_up(folder.path(), 10, rows);
    let sql = "SELECT identity FROM introduced
               WHERE mailbox = 'home-z@z.example' AND at = 7 AND word IS NULL ORDER BY identity";
    let mut query = old.prepare(sql).expect("rows");
    let ours = query.query_map([], |row| row.get(0)).expect("rows");
    let ours: Vec<String> = ours.collect::<Result<_, _>>().expect("rows");
    assert_eq!(ours, ["before", "now"]);
}

#[test]
fn why_something_goes_out_of_an_album_of_version_7_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "DELETE FROM outbox_recipient; DELETE FROM outbox_part; DELETE FROM outbox; DELETE FROM holding;
        INSERT INTO holding (id, share, granter, letter, issued, permit, passed_on, state)
            VALUES (5, 1, 'g', 'l', 1, 'p', 0, 'live');
        INSERT INTO relay_job (holding, household, mailbox, entry, state, changed)
            VALUES (5, 'f', 'home-c@c.example', x'', 'passed', 1);
        INSERT INTO outbox (id, kind, message_id, date, size, share) VALUES
            (1, 'letter', 'a', 1, 1, NULL), (2, 'letter', 'b', 1, 1, 1), (3, 'parts', 'c', 1, 1, 1), (4, 'parts', 'd', 1, 1, 1);
        INSERT INTO outbox_recipient (message, mailbox, destination, state) VALUES
            (1, 'home-c@c.example', NULL, 'queued'), (2, 'home-c@c.example', NULL, 'queued'),
            (3, 'home-d@d.example', NULL, 'queued'), (4, 'home-b@b.example', 1, 'queued');";
    let [old, _] = brought_up(folder.path(), 7, rows);
    let mut reasons = old
        .prepare(
            "SELECT carried IS NOT NULL, asked IS NOT NULL FROM outbox_recipient ORDER BY message",
        )
        .expect("rows");
    let reasons = reasons.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let reasons: Vec<(bool, bool)> = reasons
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("rows");
    let (itself, carried, asked, given) =
        ((false, false), (true, false), (false, true), (false, false));
    assert_eq!(reasons, [itself, carried, asked, given]);
}

#[test]
fn words_of_a_share_of_version_7_stand_with_what_they_came_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "UPDATE share SET title = 'The lake', message = 'For all of you';
        DELETE FROM holding;
        INSERT INTO holding (share, granter, letter, issued, permit, passed_on, state)
            SELECT max(id), 'g', 'l', 1, 'p', 0, 'live' FROM share;";
    let [old, _] = brought_up(folder.path(), 7, rows);
    let words = old.query_row("SELECT title, message FROM holding", [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    });
    let words = words.expect("a holding");
    assert_eq!((&*words.0, &*words.1), ("The lake", "For all of you"));
}

#[test]
fn what_was_passed_on_in_an_album_of_version_7_is_of_who_did() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "INSERT INTO person (station, mail, added) VALUES ('bea', 'bea@b.example', 1);
        UPDATE destination SET passed_by = 'bea', ancestors = x'3000';
        INSERT INTO destination (id, share, contact, mailbox, letter, issued, permit, stations, state, changed, passed_by)
            VALUES (99, 1, 'other', 'm', 'l', 1, x'', '[]', 'sent', 1, 'ann');";
    let [old, _] = brought_up(folder.path(), 7, rows);
    let mut given = old
        .prepare("SELECT person FROM given_by WHERE items IS NULL AND ended IS NULL")
        .expect("rows");
    let given = given.query_map([], |row| row.get::<_, String>(0));
    let given: Vec<String> = given
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("rows");
    assert_eq!(given, ["bea"], "an own share is of the house");
}

#[test]
fn every_share_is_looked_at_once_more_for_who_came_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let [old, _] = brought_up(folder.path(), 7, "UPDATE share SET look = NULL;");
    let of = |sql: &str| old.query_row(sql, [], |row| row.get::<_, i64>(0));
    let (all, to_look_at) = (
        of("SELECT count(*) FROM share"),
        of("SELECT count(*) FROM share WHERE look = 0"),
    );
    assert!(all.as_ref().is_ok_and(|count| *count > 0));
    assert_eq!(all, to_look_at);
}

#[test]
fn what_people_left_who_had_left_the_house_is_nobodys() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "INSERT INTO person (station, mail, added) VALUES ('ann', 'ann@a.example', 1);
        INSERT OR REPLACE INTO shared_by (share, station) VALUES (1, 'bob'), (2, 'ann');
        INSERT INTO local_grant (id, holding, station, passed_by, rules, issued)
        VALUES (1, 1, 'everyone', 'ann', '{}', 1), (2, 1, 'ann', 'bob', '{}', 1), (3, 1, 'bob', 'ann', '{}', 1);
        INSERT INTO local_grant_item (local_grant, item) VALUES (1, 1), (2, 1), (3, 1);
        INSERT INTO seen (share, station) VALUES (1, 'bob'), (1, 'ann');";
    let [old, _] = brought_up(folder.path(), 7, rows);
    let list = |sql: &str| {
        let mut query = old.prepare(sql).expect("a query");
        let rows = query.query_map([], |row| row.get::<_, String>(0));
        let rows = rows.expect("rows").collect::<Result<Vec<_>, _>>();
        rows.expect("rows")
    };
    let by = list("SELECT station FROM shared_by WHERE share < 3 ORDER BY share");
    assert_eq!(by, ["", "ann"]);
    assert_eq!(list("SELECT station FROM local_grant"), ["everyone"]);
    assert_eq!(
        list("SELECT CAST(local_grant AS TEXT) FROM local_grant_item"),
        ["1"]
    );
    assert_eq!(list("SELECT station FROM seen"), ["ann"]);
}

#[test]
fn an_album_of_version_1_becomes_one_of_today_with_all_it_held() {
    let folder = tempfile::tempdir().expect("a folder");
    let [old, _] = brought_up(folder.path(), 1, "");
    let waiting: String = old
        .query_row(
            "SELECT destination.mailbox FROM outbox_recipient JOIN destination ON destination.id = destination
             WHERE outbox_recipient.state = 'queued' AND destination.state = 'queued'",
            [],
            |row| row.get(0),
        )
        .expect("what waited still waits");
    assert_eq!(waiting, "home-b@b.example");
    let broken: i64 = old
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })
        .expect("checked");
    assert_eq!(broken, 0);
}

#[test]
fn items_of_version_3_stand_where_they_were_taken_and_are_found() {
    let item = |reference: &str, name: &str, taken: &str| {
        let (file, sha256) = (Id::random(), Digest::of(name.as_bytes()));
        format!(
            "INSERT INTO item (ref, file, sha256, size, kind, name, media_type, taken, source, added)
             VALUES ({reference}, '{file}', '{sha256}', 1, 'picture', {name}, 'image/jpeg', {taken}, '', 1800000000);"
        )
    };
    let folder = tempfile::tempdir().expect("a folder");
    let old = [
        include_str!("../fixtures/album/1.sql"),
        "PRAGMA foreign_keys = OFF;",
        include_str!("../../src/album/upgrade_2.sql"),
        include_str!("../../src/album/upgrade_3.sql"),
        "DELETE FROM share_item; DELETE FROM collection_item; DELETE FROM item;",
        &item("'a'", "'ÄRGER.JPG'", "'2024-05-03T10:11:12+02:00'"),
        &item("'b'", "'b'", "NULL"),
        "PRAGMA user_version = 3;",
    ];
    Connection::open(folder.path().join("album.sqlite"))
        .and_then(|database| old.iter().try_for_each(|sql| database.execute_batch(sql)))
        .expect("an old album");
    let album = Album::open(folder.path()).expect("opens");
    let found = |words: &[&str]| {
        let filter = Filter {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            ..Filter::default()
        };
        let items = album.rows().find_items(&filter, None, 10).expect("rows");
        let items = items
            .iter()
            .map(|item| format!("{} {}", item.reference, item.shown));
        items.collect::<Vec<_>>()
    };
    let (a, b) = ("a 2024-05-03T10:11:12", "b 2027-01-15T08:00:00");
    assert_eq!(found(&[]), [b, a]);
    assert_eq!(found(&["ärger"]), [a]);
}
