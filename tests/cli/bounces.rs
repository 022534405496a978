//! A mail that came back, and what else a pass says, as the commands show it.

use crate::command::{House, picture};
use testmail::{Account, Options, Reply, Server, Times};

fn scene() -> (Server, [House; 2]) {
    let accounts = ["home-a@a.example", "home-b@b.example"];
    let server = Server::start(Options {
        accounts: accounts.map(|name| Account::new(name, "secret")).to_vec(),
        ..Options::default()
    })
    .expect("testmail starts");
    let houses = ["a", "b"].map(|x| {
        let imap = format!("imap+plain://127.0.0.1:{}", server.imap_port());
        let smtp = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
        House::at(x, &imap, &smtp)
    });
    houses[0].add(&houses[1]);
    picture(&houses[0].path("lake.jpg"), 60, 40);
    (server, houses)
}

#[test]
fn bounce_is_shown_by_sent_and_show_in_words_and_as_json() {
    let (server, [a, b]) = scene();
    a.run(["share", "lake.jpg", "--to", &b.mailbox]).done();
    a.run(["sync"]).done();
    let sent = server.messages(&b.mailbox, "INBOX");
    let text = String::from_utf8_lossy(&sent[0].bytes).into_owned();
    let id = text.lines().find(|line| line.starts_with("Message-ID:"));
    let bounce = format!(
        "Subject: returned\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; a.example\r\n\r\nFinal-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.2.2\r\n\
         Diagnostic-Code: smtp; 552 5.2.2 full\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\n{}\r\n--x--\r\n",
        b.mailbox,
        id.expect("an id")
    );
    server
        .deliver(&a.mailbox, "INBOX", bounce.as_bytes())
        .expect("a folder");
    a.run(["sync"]).done();
    let document = a.run(["sent"]).done();
    let share = &document["shares"][0];
    let to = &share["destinations"][0];
    let said = to["bounce"].as_str().expect("a doubt");
    assert!(said.starts_with("mailbox full (552 5.2.2 full); it is sent again after "));
    assert!(to["again"].is_string(), "{to}");
    assert_eq!(share["destinations"][0]["state"], "sent");
    let reference = share["share"].as_str().expect("a short name");
    let shown = a.run(["show", reference]).done();
    assert_eq!(shown["destinations"][0], *to);
    for ran in [a.say(["sent"]), a.say(["show", reference])] {
        let words = format!("perhaps not arrived: {said}");
        assert!(ran.stdout.contains(&words), "{ran:?}");
    }
}

#[test]
fn sync_says_what_waits_and_why() {
    let (server, [a, b]) = scene();
    let later = Reply::new(450, "4.7.1 greylisted, come again");
    server.faults().smtp_rcpt(&b.mailbox, later, Times::Always);
    a.run(["share", "lake.jpg", "--to", &b.mailbox]).done();
    let done = a.run(["sync"]).done();
    let [waits] = done["waiting"].as_array().expect("a list").as_slice() else {
        panic!("one reason: {done}");
    };
    assert!(waits["count"].as_u64() > Some(0), "{waits}");
    let why = waits["why"].as_str().expect("a reason");
    assert!(why.contains("450 4.7.1 greylisted, come again"), "{why}");
    // Not tried again before its time, and said all the same.
    let said = a.say(["sync"]).stdout;
    assert!(
        said.contains("wait: ") || said.contains("waits: "),
        "{said}"
    );
    assert!(said.contains("450 4.7.1 greylisted, come again"), "{said}");
    assert!(!said.contains("Nothing new."), "{said}");
}

#[test]
fn sync_says_what_the_provider_refused_and_for_whom() {
    let (server, [a, b]) = scene();
    let no = Reply::new(550, "5.1.1 no such user");
    server.faults().smtp_rcpt(&b.mailbox, no, Times::Always);
    let share = a.run(["share", "lake.jpg", "--to", &b.mailbox]).done();
    let share = share["share"].as_str().expect("a short name");
    let done = a.run(["sync"]).done();
    let unsent = done["unsent"].as_array().expect("a list");
    assert_eq!(
        unsent.len(),
        1,
        "once, however many letters it takes: {done}"
    );
    assert_eq!(unsent[0]["share"], share);
    assert_eq!(unsent[0]["to"], b.mailbox.as_str());
    let reason = unsent[0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("550 5.1.1 no such user"), "{reason}");

    let again = a
        .run(["share", "lake.jpg", "--to", &b.mailbox, "--title", "Again"])
        .done();
    let again = again["share"].as_str().expect("a short name");
    let said = a.say(["sync"]).stdout;
    let line = format!("{again} is refused for {}: ", b.mailbox);
    assert!(said.contains(&line), "{said}");
    assert!(!said.contains("Nothing new."), "{said}");
    assert_eq!(a.say(["sync"]).stdout, "Nothing new.\n");
}

#[test]
fn sync_says_that_a_household_waits_to_be_accepted() {
    let (_server, [a, b]) = scene();
    b.run(["contact", "add", &a.mailbox]).done();
    b.run(["sync"]).done();
    a.run(["contact", "remove", &b.mailbox]).done();
    for _ in 0..2 {
        let said = a.say(["sync"]).stdout;
        assert!(said.contains("A household waits to be accepted"), "{said}");
        assert!(!said.contains("Nothing new."), "{said}");
    }
    assert_eq!(a.run(["sync"]).done()["to_accept"], 1);
    a.run(["contact", "accept", &b.mailbox]).done();
    let said = a.say(["sync"]).stdout;
    assert!(!said.contains("waits to be accepted"), "{said}");
}
