//! The people of the house are told when another household wants something: within the quiet time, and of strangers once
//! a day at most.

use crate::house::{House, Village, order, picture};
use hearthpost::sharing::accounts::Password;

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
}

/// Ann and Al of `a` shared with bob of `b`; `c`, `d` and `e` are strangers.
fn scene() -> Scene {
    let village = Village::new("abcde");
    let (mut a, mut b) = (village.house("a", &["ann", "al"]), village.house("b", &[]));
    keep(&mut a, &["ann", "al"]);
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let to = ["home-b+bob@b.example"];
    let share = a.share(&order(&[&items[0]], &to, "display=100"));
    let share = share.expect("recorded").share;
    let now = b.now();
    let station = "bob".parse().expect("a station");
    let mail = "bob@b.example".parse().expect("a mailbox");
    b.home.add_person(station, mail, now).expect("added");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(told(&village), Vec::<String>::new());
    Scene {
        village,
        a,
        b,
        share,
    }
}

/// They keep the house.
fn keep(house: &mut House, people: &[&str]) {
    let now = house.now();
    for name in people {
        let station = name.parse().expect("a station");
        let password = Password::new("correct horse battery".to_owned());
        let set = house.home.set_password(&station, &password, now);
        set.expect("a password");
        house.home.set_keeper(&station, true).expect("a keeper");
    }
}

/// The subjects of what the people of `a` were told.
fn told(village: &Village) -> Vec<String> {
    let mails = village.server.messages("people@p.example", "INBOX");
    let subject = |mail: &[u8]| {
        let text = String::from_utf8_lossy(mail).into_owned();
        let line = text.lines().find(|line| line.starts_with("Subject:"));
        line.expect("a subject")["Subject: ".len()..].to_owned()
    };
    mails.iter().map(|mail| subject(&mail.bytes)).collect()
}

impl Scene {
    /// Bob asks, and A reads it.
    fn ask(&mut self, rules: &str) {
        let reading = self.b.reading();
        let now = self.b.home.tick(&reading, &[]).expect("time");
        let bob = "bob".parse().expect("a station");
        let rules = hearthpost::rules::parse_rules(rules).expect("rules");
        let asked = self
            .b
            .home
            .ask(&self.share, &bob, Some(rules), "please", now);
        asked.expect("asked");
        self.village.sync(&mut self.b);
        self.village.sync(&mut self.a);
    }

    /// A stranger asks A to introduce itself, and A reads it.
    fn stranger(&mut self, x: &str) {
        let mut house = self.village.house(x, &[]);
        house.wall = self.a.wall;
        let now = house.now();
        let asked = house.home.request_card(&self.a.mailbox, now);
        asked.expect("queued");
        self.village.sync(&mut house);
        self.village.sync(&mut self.a);
    }

    fn wait(&mut self, seconds: u64) {
        self.a.wait(seconds);
        self.b.wait(seconds);
        self.village.sync(&mut self.a);
    }
}

#[test]
fn who_asks_for_more_is_told_to_all_once() {
    let mut s = scene();
    s.ask("print=full");
    let words = "Somebody of House B asks for more";
    assert_eq!(told(&s.village), [words, words], "Ann and Al");
    for _ in 0..3 {
        s.wait(3_600);
    }
    assert_eq!(told(&s.village).len(), 2, "nothing comes twice");
}

#[test]
fn within_the_quiet_time_it_waits_and_what_was_answered_meanwhile_is_not_told() {
    let mut s = scene();
    s.ask("print=full");
    s.ask("store=full");
    assert_eq!(told(&s.village).len(), 2);
    s.wait(600);
    assert_eq!(told(&s.village).len(), 4);
    s.ask("display=full");
    let requests = s.a.home.album.rows().requests().expect("rows");
    let reading = s.a.reading();
    let now = s.a.home.tick(&reading, &[]).expect("time");
    for request in requests.iter().filter(|request| request.incoming) {
        let answered = s.a.home.answer(&request.reference, false, "", now);
        // An older one of the same person was replaced.
        answered.expect("answered");
    }
    s.wait(600);
    assert_eq!(told(&s.village).len(), 4);
}

#[test]
fn who_asks_all_day_is_told_of_so_often_and_listed_all_the_same() {
    let mut s = scene();
    for _ in 0..15 {
        s.ask("print=full");
        s.wait(601);
    }
    assert_eq!(told(&s.village).len(), 2 * 10);
    let requests = s.a.home.album.rows().requests().expect("rows");
    assert_eq!(requests.len(), 1);
}

#[test]
fn strangers_are_told_of_without_their_name_and_once_a_day() {
    let mut s = scene();
    s.stranger("c");
    let words = "A household waits to be accepted";
    assert_eq!(told(&s.village), [words, words]);
    let mails = s.village.server.messages("people@p.example", "INBOX");
    let text = String::from_utf8_lossy(&mails[0].bytes).into_owned();
    assert!(!text.contains("House C"), "{text}");
    s.wait(3_600);
    s.stranger("d");
    s.stranger("e");
    s.wait(3_600);
    assert_eq!(told(&s.village).len(), 2);
    // Accepted meanwhile, it waits no more.
    let (d, now) = ("home-d@d.example".parse().expect("a mailbox"), s.a.now());
    s.a.home.accept_contact(&d, now).expect("accepted");
    s.wait(86_400);
    assert_eq!(told(&s.village)[2..], [words, words]);
    s.wait(86_400);
    assert_eq!(told(&s.village).len(), 4);
}

#[test]
fn who_cannot_accept_a_household_is_not_told_of_it() {
    let mut s = scene();
    let al = "al".parse().expect("a station");
    s.a.home.set_keeper(&al, false).expect("a member");
    s.stranger("c");
    assert_eq!(told(&s.village), ["A household waits to be accepted"]);
}

#[test]
fn pictures_that_come_after_are_told_at_once() {
    let mut s = scene();
    let bob_asks = "Somebody of House B asks for more";
    s.ask("print=full");
    let path = s.b.folder.join("hill.jpg");
    picture(&path, 320, 200);
    let items = s.b.import(&[path]);
    let to = ["home-a+ann@a.example"];
    let shared = s.b.share(&order(&[&items[0]], &to, "display=100"));
    shared.expect("recorded");
    s.village.settle(&mut [&mut s.b, &mut s.a]);
    let words = "House B shared 1 picture with you";
    assert_eq!(told(&s.village), [bob_asks, bob_asks, words]);
    // After that Ann is left alone, and Al is not.
    s.ask("store=full");
    s.wait(599);
    assert_eq!(told(&s.village).len(), 3);
    s.wait(1);
    assert_eq!(told(&s.village).len(), 5);
}

#[test]
fn both_at_once_are_one_mail() {
    let mut s = scene();
    s.ask("print=full");
    s.stranger("c");
    s.ask("store=full");
    s.wait(600);
    let both = "Somebody of House B asks for more; a household waits to be accepted";
    assert_eq!(told(&s.village)[2..], [both, both]);
}
