//! What households do with a directory, and what comes of it at another one.

use hearthpost::sharing::directory::Answer;

use crate::house::{House, Plot, Village, order, picture};

pub const B: &str = "home-b@b.example";

/// What there is to say of an address that is looked for.
pub fn notes(village: &Village, house: &mut House, to: &str) -> Vec<String> {
    let now = house.time();
    let looked = village.run(house.home.look_for_unknown(&[to.to_owned()], now));
    looked.expect("looked for").notes
}

pub fn answer(village: &Village, house: &mut House, what: &str) -> Answer {
    let now = house.time();
    let answer = village.run(house.home.look_in_directory(what, now));
    answer.expect("an answer")
}

pub fn publish(village: &Village, house: &mut House, words: &[&str]) {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    village.run(house.home.publish(&words)).expect("published");
}

/// Another household that says it is at the mailbox of B.
pub fn impostor(village: &Village) -> House {
    let plot = Plot {
        mailbox: B,
        name: "House of B",
        imap_url: &format!("imap+plain://127.0.0.1:{}", village.server.imap_port()),
        smtp_url: &format!("smtp+plain://127.0.0.1:{}", village.server.smtp_port()),
        password: "secret",
        ca_file: None,
        people_at: "people@p.example",
    };
    plot.build(&village.folder.path().join("other"), &[])
}

pub fn shared(house: &mut House) -> String {
    let path = house.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = house.import(&[path]).remove(0);
    let recorded = house.share(&order(&[&item], &[B], "display=1280"));
    recorded.expect("recorded").share
}

/// State and reason at B.
pub fn at_b(house: &House, share: &str) -> (&'static str, Option<String>) {
    let sent = house.home.sent().expect("rows");
    let mut sent = sent.into_iter().filter(|one| one.share == share);
    let to = sent.next().expect("a share").destinations.remove(0);
    (to.state, to.error)
}
