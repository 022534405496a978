//! What an honest server shows, word for word where a client depends on it.

mod support;

use support::{ALICE, ALICE_PLAIN, BOB, Imap, SEALED, server};
use testmail::Server;

/// Alice's INBOX with so many small messages, UIDs from 1.
fn with_messages(count: u32) -> (Server, Imap) {
    let server = server();
    for number in 1..=count {
        let message =
            format!("Subject: number {number}\r\nHearthpost: letter\r\n\r\ntext {number}\r\n");
        server
            .deliver(ALICE, "INBOX", message.as_bytes())
            .expect("an account");
    }
    let imap = Imap::inbox(&server, ALICE);
    (server, imap)
}

#[test]
fn signing_in_works_in_every_form() {
    let server = server();
    let mut imap = Imap::greeted(&server);
    assert_eq!(imap.ask("SELECT INBOX"), [". BAD sign in first"]);
    assert!(
        imap.ask(&format!("LOGIN {ALICE} wrong"))[0].starts_with(". NO [AUTHENTICATIONFAILED]")
    );
    imap.ok(&format!("LOGIN \"{ALICE}\" \"secret\""));
    let capabilities = "* CAPABILITY IMAP4rev1 BINARY IDLE UIDPLUS MOVE LITERAL+ SASL-IR ID SPECIAL-USE \
        CHILDREN UNSELECT";
    assert_eq!(imap.one("CAPABILITY"), capabilities);

    let mut imap = Imap::greeted(&server);
    imap.ok(&format!("AUTHENTICATE PLAIN {ALICE_PLAIN}"));
    let mut imap = Imap::greeted(&server);
    imap.wire.send("t1 AUTHENTICATE PLAIN\r\n");
    assert_eq!(imap.wire.line(), "+");
    imap.wire.send(format!("{ALICE_PLAIN}\r\n"));
    assert!(imap.wire.line().starts_with("t1 OK [CAPABILITY IMAP4rev1 "));
    let mut imap = Imap::greeted(&server);
    imap.wire.send(format!("t1 LOGIN {{{}}}\r\n", ALICE.len()));
    assert_eq!(imap.wire.line(), "+ go on");
    imap.wire.send(format!("{ALICE} {{6+}}\r\nsecret\r\n"));
    assert!(imap.wire.line().starts_with("t1 OK "));
    let log = server.imap_log();
    assert!(
        log.iter().all(|command| !command.text.contains("secret")),
        "{log:?}"
    );
    assert!(
        log.iter()
            .any(|command| command.text == format!("LOGIN {ALICE} ***"))
    );
}

// `user=home-a@a.example ^A auth=Bearer secret ^A ^A`, and the same with another token.
#[test]
fn a_token_signs_in_and_a_refused_one_is_challenged_first() {
    let good = "dXNlcj1ob21lLWFAYS5leGFtcGxlAWF1dGg9QmVhcmVyIHNlY3JldAEB";
    let bad = "dXNlcj1ob21lLWFAYS5leGFtcGxlAWF1dGg9QmVhcmVyIG90aGVyAQE=";
    let server = server();
    Imap::greeted(&server).ok(&format!("AUTHENTICATE XOAUTH2 {good}"));
    let mut imap = Imap::greeted(&server);
    imap.wire.send("t1 AUTHENTICATE XOAUTH2\r\n");
    assert_eq!(imap.wire.line(), "+");
    imap.wire.send(format!("{bad}\r\n"));
    assert!(imap.wire.line().starts_with("+ eyJ"));
    imap.wire.send("\r\n");
    assert!(imap.wire.line().starts_with("t1 NO [AUTHENTICATIONFAILED]"));
    imap.wire
        .send(format!("t2 AUTHENTICATE XOAUTH2 {good}\r\n"));
    assert!(imap.wire.line().starts_with("t2 OK "));
}

#[test]
fn binary_is_decoded_and_cut() {
    let server = server();
    server
        .deliver(ALICE, "INBOX", SEALED.as_bytes())
        .expect("an account");
    let mut imap = Imap::inbox(&server, ALICE);
    let decoded = imap.one("UID FETCH 1 (BINARY.PEEK[2])");
    assert_eq!(
        decoded.as_bytes()[..34],
        *b"* 1 FETCH (UID 1 BINARY[2] ~{6}\r\n\x04"
    );
    let cut = imap.one("UID FETCH 1 (BINARY.PEEK[1]<1.9>)");
    assert_eq!(cut, "* 1 FETCH (UID 1 BINARY[1]<1> ~{2}\r\n\0\0)");
    let size = imap.one("UID FETCH 1 (BINARY.SIZE[2])");
    assert_eq!(size, "* 1 FETCH (UID 1 BINARY.SIZE[2] 6)");
    let nothing = imap.one("UID FETCH 1 (BINARY.PEEK[9])");
    assert_eq!(nothing, "* 1 FETCH (UID 1 BINARY[9] NIL)");
    assert!(server.messages(ALICE, "INBOX")[0].flags.is_empty());
}

#[test]
fn gmail_keeps_what_is_expunged_anywhere_but_in_its_trash() {
    let server = server();
    for _ in 0..2 {
        server
            .deliver(ALICE, "INBOX", SEALED.as_bytes())
            .expect("an account");
    }
    server.make_gmail(ALICE).expect("an account");
    let mut imap = Imap::inbox(&server, ALICE);
    assert!(imap.one("CAPABILITY").ends_with(" X-GM-EXT-1"));
    imap.ok("UID STORE 1 +FLAGS.SILENT (\\Deleted)");
    imap.ok("UID EXPUNGE 1");
    let count = |folder| server.messages(ALICE, folder).len();
    assert_eq!((count("INBOX"), count("[Gmail]/All Mail")), (1, 1));
    imap.ok("UID MOVE 2 [Gmail]/Trash");
    imap.ok("SELECT [Gmail]/Trash");
    imap.ok("UID STORE 1 +FLAGS.SILENT (\\Deleted)");
    imap.ok("UID EXPUNGE 1");
    assert_eq!((count("[Gmail]/Trash"), count("[Gmail]/All Mail")), (0, 1));
}

#[test]
fn select_tells_the_state_of_the_folder() {
    let (_server, mut imap) = with_messages(2);
    let expected = [
        "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
        "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] flags permitted",
        "* 2 EXISTS",
        "* 0 RECENT",
        "* OK [UNSEEN 1] first unseen",
        "* OK [UIDVALIDITY 1] UIDs valid",
        "* OK [UIDNEXT 3] next UID",
        ". OK [READ-WRITE] done",
    ];
    assert_eq!(imap.ask("SELECT inbox"), expected);
    assert_eq!(imap.ask("EXAMINE INBOX")[7], ". OK [READ-ONLY] done");
    assert_eq!(
        imap.ask("SELECT Nope"),
        [". NO [NONEXISTENT] no such folder"]
    );
    assert!(imap.ask("FETCH 1 FLAGS")[0].starts_with(". BAD"));
    let status = imap.one("STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)");
    assert_eq!(
        status,
        "* STATUS \"INBOX\" (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 1 UNSEEN 2 RECENT 0)"
    );
}

#[test]
fn folders_are_listed_with_their_use() {
    let (_server, mut imap) = with_messages(0);
    imap.ok("CREATE Hearthpost/done");
    let all = imap.ok("LIST \"\" \"*\"");
    let expected = [
        "* LIST (\\HasNoChildren) \"/\" \"Hearthpost/done\"",
        "* LIST (\\HasNoChildren) \"/\" \"INBOX\"",
        "* LIST (\\HasNoChildren \\Junk) \"/\" \"Junk\"",
        "* LIST (\\HasNoChildren \\Trash) \"/\" \"Trash\"",
    ];
    assert_eq!(all, expected);
    assert_eq!(imap.ok("LIST \"\" %").len(), 3);
    assert_eq!(imap.ok("LSUB \"\" \"Tr%\"").len(), 1);
    assert_eq!(imap.one("LIST \"\" \"\""), "* LIST (\\Noselect) \"/\" \"\"");
    assert_eq!(
        imap.ask("CREATE Junk"),
        [". NO [ALREADYEXISTS] there is such a folder"]
    );
}

#[test]
fn body_parts_are_fetched_as_stored() {
    let server = server();
    server
        .deliver(ALICE, "INBOX", SEALED.as_bytes())
        .expect("an account");
    let mut imap = Imap::inbox(&server, ALICE);
    let structure = "* 1 FETCH (UID 1 BODYSTRUCTURE ((\"application\" \"pkcs7-mime\" (\"name\" \
        \"smime.p7m\") \"<one@hearthpost.invalid>\" NIL \"base64\" 6 NIL NIL NIL NIL)(\"application\" \
        \"pkcs7-mime\" (\"name\" \"smime.p7m\") \"<two@hearthpost.invalid>\" NIL \"base64\" 10 NIL NIL \
        NIL NIL) \"mixed\" (\"boundary\" \"=_a\") NIL NIL NIL))";
    assert_eq!(imap.one("UID FETCH 1 BODYSTRUCTURE"), structure);
    let cases = [
        ("BODY.PEEK[2]", "BODY[2] {10}\r\nBBBBCCCC\r\n"),
        ("BODY.PEEK[2]<4.3>", "BODY[2]<4> {3}\r\nCCC"),
        ("BODY.PEEK[2]<40.3>", "BODY[2]<40> {0}\r\n"),
        ("BODY.PEEK[3]", "BODY[3] {0}\r\n"),
        (
            "BODY.PEEK[HEADER.FIELDS (hearthpost \"MESSAGE-ID\")]",
            "BODY[HEADER.FIELDS (HEARTHPOST MESSAGE-ID)] {48}\r\n\
          Message-ID: <1@a.example>\r\nHearthpost: parts\r\n\r\n",
        ),
        ("RFC822.SIZE", &format!("RFC822.SIZE {}", SEALED.len())),
        (
            "BODY.PEEK[]",
            &format!("BODY[] {{{}}}\r\n{SEALED}", SEALED.len()),
        ),
    ];
    for (item, expected) in cases {
        let expected = format!("* 1 FETCH ({expected})");
        assert_eq!(imap.one(&format!("FETCH 1 {item}")), expected);
    }
    let mime = imap.one("FETCH 1 BODY.PEEK[1.MIME]");
    assert!(
        mime.ends_with("Content-ID: <one@hearthpost.invalid>\r\n\r\n)"),
        "{mime}"
    );
    assert!(!imap.one("FETCH 1 FLAGS").contains("\\Seen"));
}

#[test]
fn reading_without_peek_marks_as_seen_unless_examined() {
    let (server, mut imap) = with_messages(1);
    imap.ok("EXAMINE INBOX");
    imap.ok("FETCH 1 BODY[]");
    assert!(server.messages(ALICE, "INBOX")[0].flags.is_empty());
    imap.ok("SELECT INBOX");
    assert_eq!(
        imap.one("FETCH 1 BODY[TEXT]<0.4>"),
        "* 1 FETCH (FLAGS (\\Seen) BODY[TEXT]<0> {4}\r\ntext)"
    );
    assert_eq!(server.messages(ALICE, "INBOX")[0].flags, ["\\Seen"]);
}

#[test]
fn search_finds_what_it_says() {
    let (_server, mut imap) = with_messages(5);
    imap.ok("UID STORE 2 +FLAGS.SILENT (\\Deleted)");
    imap.ok("UID EXPUNGE 2");
    imap.ok("STORE 1 +FLAGS (\\Seen Keyword)");
    // UIDs 1, 3, 4, 5 are the messages 1 to 4.
    let cases = [
        ("UID SEARCH ALL", "1 3 4 5"),
        ("SEARCH ALL", "1 2 3 4"),
        ("UID SEARCH UID 4:*", "4 5"),
        ("UID SEARCH UID 6:*", "5"),
        ("UID SEARCH UID 99:*", "5"),
        ("UID SEARCH UID *:4", "4 5"),
        ("UID SEARCH UID 2", ""),
        ("UID SEARCH 2:3", "3 4"),
        ("UID SEARCH *", "5"),
        ("UID SEARCH SEEN", "1"),
        ("UID SEARCH UNSEEN NOT SUBJECT \"number 3\"", "4 5"),
        ("UID SEARCH OR KEYWORD keyword UID 5", "1 5"),
        ("UID SEARCH HEADER hearthpost LETTER UID 3:4", "3 4"),
        ("UID SEARCH HEADER Hearthpost \"\" 1", "1"),
        ("UID SEARCH HEADER Missing \"\"", ""),
        ("UID SEARCH SMALLER 10", ""),
        ("UID SEARCH LARGER 10 (UID 3 ALL)", "3"),
        (
            "UID SEARCH SINCE 1-Jan-2020 NOT BEFORE 2-Jan-2020 UID 1",
            "1",
        ),
        ("UID SEARCH CHARSET UTF-8 BODY \"TEXT 4\"", "4"),
    ];
    for (command, expected) in cases {
        assert_eq!(
            imap.one(command),
            format!("* SEARCH {expected}").trim_end(),
            "{command}"
        );
    }
    imap.ok("SELECT Trash");
    assert_eq!(imap.one("UID SEARCH UID 1:*"), "* SEARCH");
}

#[test]
fn internal_date_is_searched_by_day_and_kept_by_copies() {
    let server = server();
    let date = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_793_610_000);
    server
        .deliver_at(ALICE, "INBOX", b"A: b\n\n", date)
        .expect("an account");
    let mut imap = Imap::inbox(&server, ALICE);
    assert_eq!(imap.one("SEARCH ON 2-Nov-2026"), "* SEARCH 1");
    assert_eq!(imap.one("SEARCH BEFORE 2-Nov-2026"), "* SEARCH");
    assert_eq!(imap.one("SEARCH SINCE 2-Nov-2026"), "* SEARCH 1");
    imap.ok("COPY 1 Trash");
    imap.ok("SELECT Trash");
    let date = "* 1 FETCH (INTERNALDATE \"02-Nov-2026 09:00:00 +0000\")";
    assert_eq!(imap.one("FETCH 1 INTERNALDATE"), date);
}

#[test]
fn store_changes_flags_and_answers_unless_silent() {
    let (server, mut imap) = with_messages(2);
    let told = imap.one("UID STORE 2 +FLAGS (\\Seen $Key)");
    assert_eq!(told, "* 2 FETCH (UID 2 FLAGS ($Key \\Seen \\Recent))");
    assert_eq!(imap.ok("STORE 2 -FLAGS.SILENT ($KEY)"), [""; 0]);
    imap.ok("STORE 1 FLAGS (\\Flagged)");
    let flags: Vec<_> = server
        .messages(ALICE, "INBOX")
        .into_iter()
        .map(|mail| mail.flags)
        .collect();
    assert_eq!(flags, [["\\Flagged"], ["\\Seen"]]);
    assert_eq!(
        imap.ask("STORE 3 FLAGS (\\Seen)"),
        [". BAD no such message number"]
    );
    assert_eq!(imap.ask("UID STORE 3 FLAGS (\\Seen)"), [". OK done"]);
    imap.ok("EXAMINE INBOX");
    assert!(imap.ask("STORE 1 FLAGS (\\Seen)")[0].starts_with(". NO [READ-ONLY]"));
}

#[test]
fn expunge_by_uid_leaves_other_deleted_mail() {
    let (server, mut imap) = with_messages(4);
    imap.ok("STORE 1,3:4 +FLAGS.SILENT (\\Deleted)");
    assert_eq!(imap.ok("UID EXPUNGE 3:4"), ["* 3 EXPUNGE", "* 3 EXPUNGE"]);
    assert_eq!(server.messages(ALICE, "INBOX").len(), 2);
    imap.ok("CLOSE");
    let left: Vec<u32> = server
        .messages(ALICE, "INBOX")
        .iter()
        .map(|mail| mail.uid)
        .collect();
    assert_eq!(left, [2]);
}

#[test]
fn copy_and_move_tell_the_new_uids() {
    let (server, mut imap) = with_messages(4);
    assert_eq!(
        imap.ask("UID COPY 1:2,4 Trash"),
        [". OK [COPYUID 3 1:2,4 1:3] done"]
    );
    let moved = imap.ask("UID MOVE 2,4 Trash");
    assert_eq!(
        moved,
        [
            "* OK [COPYUID 3 2,4 4:5] moved",
            "* 2 EXPUNGE",
            "* 3 EXPUNGE",
            ". OK done"
        ]
    );
    assert_eq!(
        imap.ask("UID MOVE 1 Nope"),
        [". NO [TRYCREATE] no such folder"]
    );
    assert_eq!(imap.ask("UID MOVE 99 Trash"), [". OK done"]);
    assert_eq!(server.messages(ALICE, "Trash").len(), 5);
    assert_eq!(server.messages(ALICE, "INBOX").len(), 2);
}

#[test]
fn append_takes_literals_of_both_kinds() {
    let (server, mut imap) = with_messages(0);
    imap.wire
        .send("t2 APPEND INBOX (\\Seen) \"02-Nov-2026 10:00:00 +0100\" {8}\r\n");
    assert_eq!(imap.wire.line(), "+ go on");
    imap.wire.send("A: b\r\n\r\n\r\n");
    assert_eq!(imap.wire.line(), "* 1 EXISTS");
    assert_eq!(imap.wire.line(), "* 1 RECENT");
    assert_eq!(imap.wire.line(), "t2 OK [APPENDUID 1 1] done");
    let answer = imap.ask("APPEND Trash {8+}\r\nA: b\r\n\r\n");
    assert_eq!(answer, [". OK [APPENDUID 3 1] done"]);
    let mail = &server.messages(ALICE, "INBOX")[0];
    assert_eq!(
        (&mail.bytes[..], &mail.flags[..]),
        (&b"A: b\r\n\r\n"[..], &["\\Seen".to_owned()][..])
    );
    imap.wire.send("t9 APPEND INBOX {99999999}\r\n");
    assert_eq!(
        imap.wire.line(),
        "t9 NO [TOOBIG] literal exceeds the size limit"
    );
}

#[test]
fn idle_wakes_for_deliveries_removals_and_flags_of_others() {
    let (server, mut idle) = with_messages(2);
    let mut other = Imap::inbox(&server, ALICE);
    idle.wire.send("t9 IDLE\r\n");
    assert_eq!(idle.wire.line(), "+ idling");
    server
        .deliver(ALICE, "INBOX", b"A: b\r\n\r\n")
        .expect("an account");
    assert_eq!(idle.wire.line(), "* 3 EXISTS");
    assert_eq!(idle.wire.line(), "* 3 RECENT");
    other.ok("UID STORE 1:2 +FLAGS (\\Deleted)");
    assert_eq!(
        idle.wire.line(),
        "* 1 FETCH (UID 1 FLAGS (\\Deleted \\Recent))"
    );
    assert_eq!(
        idle.wire.line(),
        "* 2 FETCH (UID 2 FLAGS (\\Deleted \\Recent))"
    );
    other.ok("UID EXPUNGE 2");
    assert_eq!(idle.wire.line(), "* 2 EXPUNGE");
    idle.wire.send("DONE\r\n");
    assert_eq!(idle.wire.line(), "t9 OK done");
}

#[test]
fn numbers_stay_until_the_removal_is_told() {
    let (server, mut imap) = with_messages(3);
    server.remove_messages(ALICE, "INBOX").expect("an account");
    // FETCH by number may not tell removals, so 3 still names the third message, now gone.
    assert_eq!(imap.ok("FETCH 3 FLAGS"), [""; 0]);
    assert_eq!(
        imap.ok("NOOP"),
        ["* 1 EXPUNGE", "* 1 EXPUNGE", "* 1 EXPUNGE"]
    );
}

#[test]
fn log_shows_what_was_asked_and_how_much_was_sent() {
    let (server, mut imap) = with_messages(1);
    let line = imap.one("UID FETCH 1 BODY.PEEK[HEADER]");
    let command = server.imap_log().pop().expect("a command");
    assert_eq!(command.text, "UID FETCH 1 BODY.PEEK[HEADER]");
    assert_eq!(command.account.as_deref(), Some(ALICE));
    let tagged = "t3 OK done\r\n".len();
    assert_eq!(
        usize::try_from(command.bytes_sent),
        Ok(line.len() + "\r\n".len() + tagged)
    );
}

#[test]
fn rubbish_is_answered() {
    let server = server();
    let mut imap = Imap::inbox(&server, BOB);
    for rubbish in [
        "",
        "FOO",
        "UID",
        "FETCH",
        "FETCH 0 FLAGS",
        "SEARCH",
        "STORE 1",
        "LIST",
        "BINARY",
    ] {
        let answer = imap.ask(rubbish);
        assert!(answer[0].starts_with(". BAD"), "{rubbish}: {answer:?}");
    }
    let nested = format!("SEARCH {}ALL{}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(imap.ask(&nested)[0].starts_with(". BAD"));
    imap.wire.send(b"\xff\x00\r\n");
    assert!(imap.wire.line().contains("BAD"));
    imap.wire.send(vec![b'x'; 200_000]);
    imap.wire.send("\r\n");
    assert_eq!(imap.wire.line(), "* BAD line too long");
    imap.ok("NOOP");
    assert_eq!(imap.one("LOGOUT"), "* BYE bye");
    assert_eq!(imap.wire.line(), "");
}
