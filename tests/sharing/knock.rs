//! The people of the house are told when another household wants something: within the quiet time, and of strangers once
//! a day at most. Who keeps the house is told what there is to know of identities.

use crate::house::{House, Village, order, picture};
use hearthpost::album::WhenTold;
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
        // A long one stands in several lines.
        let text = String::from_utf8_lossy(mail).replace("\r\n ", " ");
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
            .ask(&self.share, &bob, Some(rules.into()), "please", now);
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

    /// B gets a new identity, as after a theft, and A reads of it; `is_told`: also that the old one has ended. Gives the
    /// mail that says that.
    fn begin_anew(&mut self, is_told: bool) -> Vec<u8> {
        let reading = self.b.reading();
        let now = self.b.home.tick(&reading, &[]).expect("time");
        self.b.home.rekey(true, now).expect("replaced");
        self.village.sync(&mut self.b);
        let mut mails = self.village.take_mail(&self.a);
        for mail in &mails[usize::from(!is_told)..] {
            self.village.deliver(&self.a, mail);
        }
        self.village.sync(&mut self.a);
        mails.swap_remove(0)
    }

    /// Somebody with another identity writes to A from the mailbox of B.
    fn pretend(&mut self, folder: &str) {
        let mailbox = self.b.mailbox.to_string();
        let mut mallory = self.village.house_at(folder, &mailbox, &[]);
        mallory.wall = self.a.wall;
        let now = mallory.now();
        let asked = mallory.home.request_card(&self.a.mailbox, now);
        asked.expect("queued");
        self.village.sync(&mut mallory);
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

const ENDED: &str = "The identity of House B has ended";
const CLAIMED: &str = "Another household claims the mailbox of House B";

#[test]
fn who_keeps_the_house_is_told_once_that_an_identity_ended_and_that_another_takes_its_place() {
    let mut s = scene();
    let al = "al".parse().expect("a station");
    s.a.home.set_keeper(&al, false).expect("a member");
    s.begin_anew(true);
    let both = format!("{ENDED}; another household claims the mailbox of House B");
    assert_eq!(told(&s.village), [both], "Ann alone, and of no stranger");
    s.wait(3 * 86_400);
    assert_eq!(told(&s.village).len(), 1, "nothing comes twice");
}

#[test]
fn claim_is_told_and_the_end_of_the_old_identity_when_it_comes_late() {
    let mut s = scene();
    let end = s.begin_anew(false);
    assert_eq!(told(&s.village), [CLAIMED, CLAIMED], "Ann and Al");
    s.wait(3_600);
    for _ in 0..2 {
        s.village.deliver(&s.a, &end);
        s.wait(3_600);
    }
    assert_eq!(
        told(&s.village)[2..],
        [ENDED, ENDED],
        "however often it comes"
    );
}

#[test]
fn however_many_claim_a_mailbox_it_is_told_once_a_day() {
    let mut s = scene();
    for number in 0..4 {
        s.pretend(&format!("m{number}"));
        s.wait(3_600);
    }
    assert_eq!(told(&s.village), [CLAIMED, CLAIMED]);
    s.wait(86_400);
    assert_eq!(
        told(&s.village)[2..],
        [CLAIMED, CLAIMED],
        "the others, in one"
    );
    s.wait(86_400);
    assert_eq!(told(&s.village).len(), 4);
}

#[test]
fn claim_that_was_looked_into_or_shut_out_meanwhile_is_not_told() {
    let mut s = scene();
    // Within the quiet time.
    s.ask("print=full");
    s.begin_anew(false);
    let (me, now) = (s.b.home.me(), s.a.now());
    let verified = s.a.home.verify_contact(&s.b.mailbox, &me, now);
    verified.expect("compared");
    s.pretend("m");
    let claims = s.a.home.album.rows().claims(&s.b.mailbox).expect("rows");
    for who in claims {
        s.a.home.block_contact(who, true).expect("blocked");
    }
    s.wait(86_400);
    let words = told(&s.village);
    assert!(
        words.iter().all(|one| one.contains("asks for more")),
        "{words:?}"
    );
}

#[test]
fn end_of_who_was_never_let_in_or_is_shut_out_is_told_to_nobody() {
    let mut s = scene();
    s.a.home.block_contact(&s.b.mailbox, true).expect("blocked");
    let mut c = s.village.house("c", &[]);
    let now = c.now();
    c.home.request_card(&s.a.mailbox, now).expect("queued");
    s.village.sync(&mut c);
    s.village.sync(&mut s.a);
    let before = told(&s.village).len();
    for house in [&mut c, &mut s.b] {
        let (file, now) = (house.folder.join("data/ended.pem"), house.now());
        let to = [s.a.mailbox.clone()];
        house.home.send_ended(&file, &to, true, now).expect("sent");
        s.village.sync(house);
    }
    s.village.sync(&mut s.a);
    assert!(s.a.home.ended(c.home.me()).expect("rows").is_some());
    assert!(s.a.home.ended(s.b.home.me()).expect("rows").is_some());
    s.wait(3 * 86_400);
    assert_eq!(told(&s.village).len(), before);
}

#[test]
fn keeper_is_told_that_somebody_ended_the_identity_of_the_house_itself() {
    let mut s = scene();
    let (file, now) = (s.a.folder.join("data/ended.pem"), s.b.now());
    let to = [s.a.mailbox.clone()];
    s.b.home.send_ended(&file, &to, true, now).expect("sent");
    s.village.sync(&mut s.b);
    s.village.sync(&mut s.a);
    let own = "The identity of your own household has ended";
    assert_eq!(told(&s.village), [own, own]);
    s.wait(86_400);
    assert_eq!(told(&s.village).len(), 2);
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

/// A browser that somebody else has must not turn alarms away unseen.
#[test]
fn who_keeps_the_house_is_told_at_the_address_until_now_that_it_is_no_more() {
    let mut s = scene();
    let [ann, al] = ["ann", "al"].map(|name| name.parse().expect("a station"));
    s.a.home.set_keeper(&al, false).expect("no keeper");
    let before = s.a.home.people().expect("rows").remove(0).mail;
    let away = "secret@away.example".parse().expect("a mailbox");
    let now = s.a.now();
    s.a.home.set_mail(&ann, before.as_ref(), now).expect("set");
    s.a.home.set_mail(&al, Some(&away), now).expect("set");
    s.village.sync(&mut s.a);
    assert_eq!(told(&s.village), Vec::<String>::new(), "no news");
    s.a.home.set_mail(&ann, Some(&away), now).expect("set");
    s.a.home.set_mail(&ann, before.as_ref(), now).expect("set");
    s.a.home.set_mail(&ann, None, now).expect("set");
    s.village.sync(&mut s.a);
    let words = "Mail from your box does not come to this address any more";
    assert_eq!(told(&s.village), [words, words]);
    for mail in s.village.server.messages("people@p.example", "INBOX") {
        let text = String::from_utf8_lossy(&mail.bytes).into_owned();
        assert!(!text.contains("away.example"), "{text}");
    }
}

#[test]
fn who_keeps_the_house_hears_in_a_last_mail_that_there_are_no_more() {
    let mut s = scene();
    let [ann, al] = ["ann", "al"].map(|name| name.parse().expect("a station"));
    s.a.home.set_keeper(&al, false).expect("no keeper");
    let now = s.a.now();
    for (person, told) in [
        (&ann, WhenTold::Daily),
        (&al, WhenTold::Never),
        (&ann, WhenTold::Never),
        (&ann, WhenTold::Never),
    ] {
        s.a.home.set_when_told(person, told, now).expect("set");
    }
    s.village.sync(&mut s.a);
    let words = "Your box tells you nothing by mail any more";
    assert_eq!(told(&s.village), [words]);
}
