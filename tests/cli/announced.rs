//! What other households tell of, at the command line: people and key words, each a suggestion with where it comes from.

use crate::command::House;
use testmail::{Account, Options, Server};

/// `b` tells of Ada, by her name alone, and of Bea by a key word; `a` has heard it.
fn scene() -> (Server, House, House) {
    let accounts = ["home-a@a.example", "home-b@b.example", "people@p.example"];
    let server = Server::start(Options {
        accounts: accounts.map(|name| Account::new(name, "secret")).to_vec(),
        ..Options::default()
    })
    .expect("testmail starts");
    let [a, b] = ["a", "b"].map(|x| {
        let imap = format!("imap+plain://127.0.0.1:{}", server.imap_port());
        let smtp = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
        House::at(x, &imap, &smtp)
    });
    a.add(&b);
    b.add(&a);
    for name in ["ada", "bea"] {
        b.run(["user", "add", name, "--mail", "people@p.example"])
            .done();
    }
    b.run(["user", "announce", "ada", "on"]).done();
    b.run(["user", "announce", "bea", "on", "--word", "granny"])
        .done();
    b.run(["sync"]).done();
    a.run(["sync"]).done();
    (server, a, b)
}

#[test]
fn who_is_told_of_stands_with_the_household_and_in_what_is_refused() {
    let (_server, a, b) = scene();
    let (ada, bea) = ("home-b+ada@b.example", "home-b+bea@b.example");
    let shown = a.run(["contact", "show", &b.mailbox]).done();
    assert_eq!(shown["people"], serde_json::json!([ada, bea]));
    let suggests = serde_json::json!([{"word": "granny", "address": bea}]);
    assert_eq!(shown["suggests"], suggests);
    let listed = a.run(["contact", "list"]).done();
    assert_eq!(listed["contacts"][0]["people"], shown["people"]);
    let said = a.say(["contact", "show", &b.mailbox]).stdout;
    let taken = format!("hearthpost keyword set granny {bea}");
    for part in [ada, bea, &taken] {
        assert!(said.contains(part), "{part}: {said}");
    }
    crate::command::picture(&a.path("lake.jpg"), 64, 48);
    let share = |to: &str| a.run(["share", "lake.jpg", "--to", to]).failed(2);
    let (code, message) = share("ada");
    assert_eq!(code, "announced_person");
    assert!(
        message.contains(&format!("ada, House B: {ada}")),
        "{message}"
    );
    assert_eq!(share("granny").0, "suggested_word");
    assert_eq!(share("nobody").0, "unknown_word");
    // Blocked, it tells of nobody.
    let blocked = a.run(["contact", "block", &b.mailbox]).done();
    assert_eq!(blocked.get("people"), None);
}
