//! Cards and card-requests by a household that is known and turns on us: it writes through us to nobody, uses up nothing
//! of what our provider lets us send, and takes over no mailbox.

use crate::house;
use crate::house::{House, Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::encoding::{Integer, Timestamp};
use hearthpost::envelope::Id;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, CardLetter, CardRequest};

/// How many mails a day the cards of one household may cost.
const A_DAY: usize = 10;

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
}

fn scene() -> Scene {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    Scene { village, a, b, c }
}

impl Scene {
    /// A letter of `b` to `a`, dated so many seconds after the start.
    fn writes(&self, body: &Body, later: i64) {
        let mut header = self.b.header(&self.a);
        header.issued = Timestamp::from_unix(house::START + later);
        let mail = self.b.letter(&self.a, &header, body);
        self.village.deliver(&self.a, &mail);
    }

    fn certificates(&self) -> Vec<Bytes> {
        let card = self.b.home.keys.card();
        card.ders().map(|der| Bytes(der.to_vec())).collect()
    }

    fn card(&self, mailbox: &str) -> Body {
        Body::Card(CardLetter {
            versions: vec![Integer::new(1).expect("one")],
            name: "House B".to_owned(),
            mailbox: mailbox.parse().expect("a mailbox"),
            certificates: self.certificates(),
            stations: Vec::new(),
            words: Vec::new(),
            nonce: None,
        })
    }

    fn request(&self) -> Body {
        Body::CardRequest(CardRequest {
            mailbox: self.b.mailbox.clone(),
            certificates: self.certificates(),
            nonce: Id::random(),
        })
    }

    /// Recipients to whom `a` has written so far.
    fn written(&self) -> Vec<String> {
        let by_a = self.village.server.transactions().into_iter();
        by_a.filter(|mail| mail.account == self.a.mailbox.as_str())
            .flat_map(|mail| mail.recipients.into_iter().map(|(to, _)| to))
            .collect()
    }

    fn mailbox_of(&self, other: &House) -> String {
        let rows = self.a.home.album.rows();
        let contact = rows.contact(other.home.me()).expect("rows");
        contact.expect("known").mailbox.to_string()
    }

    /// Own mail still gets through.
    fn assert_alive(&mut self) {
        let path = self.a.folder.join("lake.jpg");
        picture(&path, 320, 200);
        let items = self.a.import(&[path]);
        let order = order(&[&items[0]], &["home-c@c.example"], "display=200");
        let share = self.a.share(&order).expect("recorded").share;
        self.village.sync(&mut self.a);
        self.village.sync(&mut self.c);
        let state = self.c.share_named(&share).state;
        assert_eq!(state, ShareState::Complete);
    }
}

#[test]
fn a_storm_of_card_requests_is_answered_a_few_times_a_day() {
    let mut s = scene();
    for _ in 0..3 {
        for _ in 0..60 {
            s.writes(&s.request(), 0);
        }
        s.village.sync(&mut s.a);
        s.a.wait(3_600);
    }
    let sent = s.written().len();
    assert!((1..=A_DAY).contains(&sent), "{sent} cards");
    s.assert_alive();
    s.a.wait(86_400);
    let before = s.written().len();
    s.writes(&s.request(), 86_400);
    s.village.sync(&mut s.a);
    assert_eq!(s.written().len(), before + 1, "the next day it is answered");
}

#[test]
fn cards_that_name_one_mailbox_after_the_other_make_us_write_to_few() {
    let mut s = scene();
    for n in 0..120 {
        let card = s.card(&format!("victim-{n}@v.example"));
        s.writes(&card, n - 1_000);
    }
    s.village.sync(&mut s.a);
    let victims = s.written();
    assert!((1..=A_DAY).contains(&victims.len()), "{}", victims.len());
    assert_eq!(s.mailbox_of(&s.b), "home-b@b.example");
    s.assert_alive();
}

#[test]
fn a_card_with_the_mailbox_of_another_known_household_moves_nothing_and_asks_nobody() {
    let mut s = scene();
    for mailbox in ["home-c@c.example", "home-c@C.EXAMPLE"] {
        let card = s.card(mailbox);
        s.writes(&card, 5);
        s.village.sync(&mut s.a);
    }
    assert_eq!(s.written(), Vec::<String>::new());
    assert_eq!(s.mailbox_of(&s.b), "home-b@b.example");
    assert_eq!(s.mailbox_of(&s.c), "home-c@c.example");
    // What is for the one goes to the one.
    s.assert_alive();
    assert!(s.village.inbox(&s.b).is_empty());
}
