//! Each fault on the reading side, seen from outside.

mod support;

use support::{ALICE, BOB, Imap, SEALED, server};
use testmail::{NoSuchFolder, Times};

#[test]
fn changed_uidvalidity_ends_the_session_and_renumbers() {
    let server = server();
    for _ in 0..3 {
        server
            .deliver(ALICE, "INBOX", SEALED.as_bytes())
            .expect("an account");
    }
    let mut imap = Imap::inbox(&server, ALICE);
    imap.ok("UID STORE 1 +FLAGS.SILENT (\\Deleted)");
    imap.ok("UID EXPUNGE 1");
    let fresh = server
        .change_uidvalidity(ALICE, "INBOX")
        .expect("an account");
    imap.wire.send("t9 NOOP\r\n");
    assert!(imap.wire.line().starts_with("* BYE "));
    assert_eq!(imap.wire.line(), "");

    let mut imap = Imap::inbox(&server, ALICE);
    assert_eq!(imap.one("UID SEARCH ALL"), "* SEARCH 1 2");
    let status = imap.one("STATUS INBOX (UIDVALIDITY UIDNEXT)");
    assert_eq!(
        status,
        format!("* STATUS \"INBOX\" (UIDVALIDITY {fresh} UIDNEXT 3)")
    );
    assert_eq!(server.change_uidvalidity(ALICE, "Nope"), Err(NoSuchFolder));
}

#[test]
fn changed_uidvalidity_wakes_and_ends_idle() {
    let server = server();
    let mut imap = Imap::inbox(&server, ALICE);
    imap.wire.send("t9 IDLE\r\n");
    assert_eq!(imap.wire.line(), "+ idling");
    server
        .change_uidvalidity(ALICE, "INBOX")
        .expect("an account");
    assert!(imap.wire.line().starts_with("* BYE "));
}

#[test]
fn withheld_capability_is_neither_told_nor_done() {
    let server = server();
    server
        .deliver(ALICE, "INBOX", SEALED.as_bytes())
        .expect("an account");
    for capability in ["uidplus", "MOVE", "IDLE"] {
        server.faults().imap_withhold(capability);
    }
    let mut imap = Imap::inbox(&server, ALICE);
    let told = imap.one("CAPABILITY");
    assert!(
        !["UIDPLUS", "MOVE", "IDLE"]
            .iter()
            .any(|name| told.contains(name)),
        "{told}"
    );
    for command in ["UID EXPUNGE 1", "UID MOVE 1 Trash", "MOVE 1 Trash", "IDLE"] {
        assert_eq!(imap.ask(command), [". BAD unknown command"], "{command}");
    }
    assert_eq!(imap.ask("UID COPY 1 Trash"), [". OK done"]);
    server.faults().clear();
    assert_eq!(imap.ask("UID COPY 1 Trash"), [". OK [COPYUID 3 1 2] done"]);
}

#[test]
fn commands_are_refused_by_name_and_by_account() {
    let server = server();
    let faults = server.faults();
    faults.of(BOB).imap_refuse(
        "LOGIN",
        "[ALERT] Too many simultaneous connections",
        Times::Next(1),
    );
    faults.imap_refuse("uid search", "[UNAVAILABLE] later", Times::Next(1));
    faults.imap_refuse("FETCH", "no", Times::Next(2));
    let mut imap = Imap::inbox(&server, ALICE);
    let refused = Imap::greeted(&server).ask(&format!("LOGIN {BOB} secret"));
    assert_eq!(refused, [". NO [ALERT] Too many simultaneous connections"]);
    assert_eq!(imap.ok("SEARCH ALL"), ["* SEARCH"]);
    assert_eq!(imap.ask("UID SEARCH ALL"), [". NO [UNAVAILABLE] later"]);
    assert_eq!(imap.ask("FETCH 1 FLAGS"), [". NO no"]);
    assert_eq!(imap.ask("UID FETCH 1 FLAGS"), [". NO no"]);
    assert_eq!(imap.ask("UID FETCH 1 FLAGS"), [". OK done"]);
    assert_eq!(faults.outstanding(), 0);
}

#[test]
fn long_answer_is_cut_and_short_ones_pass() {
    let server = server();
    let long = format!("A: b\r\n\r\n{}", "0123456789\r\n".repeat(50_000));
    server
        .deliver(ALICE, "INBOX", long.as_bytes())
        .expect("an account");
    server
        .faults()
        .of(ALICE)
        .imap_cut_answer(100_000, Times::Next(1));
    let mut imap = Imap::inbox(&server, ALICE);
    imap.ok("FETCH 1 (UID BODYSTRUCTURE)");
    imap.wire.send("t9 FETCH 1 BODY.PEEK[]\r\n");
    assert_eq!(imap.wire.rest().len(), 100_000);
    let cut = server.imap_log().pop().expect("a command");
    assert_eq!(cut.bytes_sent, 100_000);
    let mut imap = Imap::inbox(&server, ALICE);
    assert_eq!(
        imap.one("FETCH 1 BODY.PEEK[]").len(),
        long.len() + "* 1 FETCH (BODY[] {600008}\r\n)".len()
    );
}

#[test]
fn flipped_byte_is_in_that_copy_alone() {
    let server = server();
    server
        .deliver(ALICE, "INBOX", b"A: b\r\n\r\nbody")
        .expect("an account");
    let mut imap = Imap::inbox(&server, ALICE);
    imap.ok("COPY 1 Trash");
    server
        .flip_byte(ALICE, "INBOX", 1, 8)
        .expect("a message of more bytes");
    assert_eq!(
        imap.one("FETCH 1 BODY.PEEK[1]"),
        "* 1 FETCH (BODY[1] {4}\r\ncody)"
    );
    assert_eq!(
        &server.messages(ALICE, "Trash")[0].bytes[..],
        b"A: b\r\n\r\nbody"
    );
    assert_eq!(server.flip_byte(ALICE, "INBOX", 1, 12), Err(NoSuchFolder));
}
