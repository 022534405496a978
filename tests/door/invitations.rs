//! Invitations in wrong hands, too late, changed on their way or in the eye of the mail provider: each fault alone, with
//! the stage at which it must fail, and the true household let in all the same.

mod floods;

use crate::house::{House, Village};
use crate::invited::{CHECKED, followed, given, houses, invite, join, subjects, told, trust};
use hearthpost::album::{JoiningState, Trust};
use hearthpost::envelope::{Id, Identity, InvitationSecret};
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::Outer;
use hearthpost::message::{
    Answer, Body, CardLetter, Header, Invitation, Join, JoinAnswer, SignedCard, seal_letter_mail,
};
use hearthpost::sharing::invite::GivenState;

const NOTHING: &str = "An invitation led to nothing";
const FITS_NONE: &str = "a join whose code fits no invitation of this house";

/// `b` followed the invitation of `a`, whose card came; its join lies in the mailbox of `a`, in our hands.
struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    link: String,
    mail: Vec<u8>,
    header: Header,
    join: Join,
}

fn scene() -> Scene {
    let (village, [mut a, mut b, c]) = houses();
    let (_, link, _) = invite(&mut a, Some("ann"));
    join(&mut b, &link);
    for turn in 0..3 {
        village.sync(if turn % 2 == 0 { &mut b } else { &mut a });
    }
    let mail = village.take_mail(&a).remove(0);
    let letter = a.read(&mail);
    let Body::Join(join) = letter.body else {
        panic!("not a join");
    };
    Scene {
        village,
        a,
        b,
        c,
        link,
        mail,
        header: letter.header,
        join,
    }
}

fn own_card(house: &House, mailbox: &str) -> CardLetter {
    let card = house.home.keys.card();
    CardLetter {
        versions: vec![hearthpost::encoding::Integer::new(1).expect("one")],
        name: "Mallory".to_owned(),
        mailbox: mailbox.parse().expect("a mailbox"),
        certificates: card.ders().map(|der| Bytes(der.to_vec())).collect(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce: None,
    }
}

fn secret_of(link: &str) -> Invitation {
    link.parse().expect("a link")
}

impl Scene {
    /// Gives a join by `c` to `a`, and says why it was refused.
    fn refused_of_c(&mut self, body: Join) -> Vec<String> {
        let header = self.c.header(&self.a);
        let mail = self.c.letter(&self.a, &header, &Body::Join(body));
        self.village.deliver(&self.a, &mail);
        self.village.sync(&mut self.a).refused
    }

    /// The true one still comes in.
    fn assert_open(&mut self) {
        assert_eq!(given(&self.a).state, GivenState::Open);
        assert_eq!(trust(&self.a, &self.b), None);
        self.village.deliver(&self.a, &self.mail);
        let (a, b) = (&mut self.a, &mut self.b);
        self.village.settle(&mut [a, b]);
        let (a, b) = (&self.a, &self.b);
        assert_eq!((trust(a, b), trust(b, a)), (CHECKED, CHECKED));
    }

    /// How many mails went to that mailbox.
    fn mails_to(&self, at: &str) -> usize {
        let all = self.village.server.transactions();
        let sent = all
            .iter()
            .filter(|one| one.recipients.iter().any(|(to, _)| to == at));
        sent.count()
    }
}

#[test]
fn a_link_that_was_used_lets_nobody_else_in_and_both_sides_are_told() {
    let mut s = scene();
    s.assert_open();
    join(&mut s.c, &s.link);
    s.village.settle(&mut [&mut s.c, &mut s.a]);
    assert_eq!((trust(&s.a, &s.c), trust(&s.c, &s.a)), (None, None));
    let given = given(&s.a);
    assert_eq!(given.state, GivenState::Used);
    assert_eq!(given.household.map(|(_, who)| who), Some(s.b.home.me()));
    let words =
        "House C (home-c@c.example) came with an invitation that another household had used before";
    assert_eq!(given.trouble.as_deref(), Some(words));
    let c = followed(&s.c);
    assert_eq!(c.state, JoiningState::Refused);
    let why = "another household came in with this invitation before";
    assert_eq!((c.reason.as_deref(), c.secret.len()), (Some(why), 0));
    s.a.wait(86_400);
    s.village.sync(&mut s.a);
    let told = told(&s.village);
    let of = |words: &str| told.iter().filter(|(_, text)| text.contains(words)).count();
    assert_eq!((of(words), of(why)), (1, 1), "{told:#?}");
}

#[test]
fn of_two_that_race_the_first_is_let_in() {
    let (village, [mut a, mut b, mut c]) = houses();
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    join(&mut c, &link);
    village.settle(&mut [&mut b, &mut c, &mut a]);
    let (first, second) = match trust(&a, &b) {
        Some(_) => (&b, &c),
        None => (&c, &b),
    };
    assert_eq!((trust(&a, first), trust(first, &a)), (CHECKED, CHECKED));
    assert_eq!((trust(&a, second), trust(second, &a)), (None, None));
    let states = [followed(first).state, followed(second).state];
    assert_eq!(states, [JoiningState::Joined, JoiningState::Refused]);
}

#[test]
fn an_invitation_ends_by_the_clock_of_the_inviter() {
    let mut s = scene();
    s.a.wait(7 * 86_400);
    s.village.deliver(&s.a, &s.mail);
    let done = s.village.sync(&mut s.a);
    assert_eq!(done.refused, ["a join with an invitation that was over"]);
    assert_eq!(given(&s.a).state, GivenState::Ended);
    s.village.settle(&mut [&mut s.b, &mut s.a]);
    assert_eq!((trust(&s.a, &s.b), trust(&s.b, &s.a)), (None, None));
    let reason = followed(&s.b).reason;
    assert_eq!(
        reason.as_deref(),
        Some("the invitation is over, or was withdrawn")
    );
    assert_eq!(subjects(&s.village), [NOTHING, NOTHING]);
}

#[test]
fn a_later_end_in_the_link_makes_it_last_no_longer() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, None);
    let mut longer = secret_of(&link);
    longer.named.as_mut().expect("named").ends = a.time().plus_seconds(10 * 365 * 86_400);
    let link = longer.link("http://a.example").expect("a link");
    join(&mut b, &link);
    for house in [&mut a, &mut b] {
        house.wait(8 * 86_400);
    }
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (None, None));
    assert_eq!(followed(&b).state, JoiningState::Refused);
}

#[test]
fn a_withdrawn_invitation_lets_nobody_in() {
    let mut s = scene();
    let reference = given(&s.a).reference;
    s.a.home.withdraw_invitation(&reference).expect("open");
    s.village.deliver(&s.a, &s.mail);
    let done = s.village.sync(&mut s.a);
    assert_eq!(
        done.refused,
        ["a join with an invitation that was withdrawn"]
    );
    assert_eq!(trust(&s.a, &s.b), None);
    s.village.sync(&mut s.b);
    assert_eq!(followed(&s.b).state, JoiningState::Refused);
}

#[test]
fn a_changed_secret_is_refused_by_the_inviter_and_told() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, None);
    let mut changed = secret_of(&link);
    changed.secret = InvitationSecret::from_bytes([7; 16]);
    let link = changed.link("http://a.example").expect("a link");
    join(&mut b, &link);
    village.sync(&mut b);
    village.sync(&mut a);
    village.sync(&mut b);
    let done = village.sync(&mut a);
    assert_eq!(done.refused, [FITS_NONE]);
    assert_eq!(
        trust(&a, &b),
        Some((Trust::Pending, false)),
        "a stranger's question"
    );
    assert_eq!(trust(&b, &a), None);
    let stranger = "A household waits to be accepted";
    a.wait(86_400);
    village.sync(&mut a);
    assert_eq!(subjects(&village), [stranger, NOTHING]);
    assert!(
        !told(&village)[1].1.contains("House B"),
        "its name is its own choice"
    );
}

#[test]
fn a_changed_fingerprint_is_found_by_the_joiner_and_no_join_goes_out() {
    let (village, [mut a, mut b, c]) = houses();
    let (_, link, _) = invite(&mut a, None);
    let mut changed = secret_of(&link);
    changed.named.as_mut().expect("named").inviter = c.home.me();
    let link = changed.link("http://a.example").expect("a link");
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    let b_has = followed(&b);
    assert_eq!((b_has.state, b_has.sent), (JoiningState::Asked, None));
    let reason = b_has.reason.expect("a reason");
    assert!(
        reason.contains("is not who the invitation names"),
        "{reason}"
    );
    assert_eq!((trust(&a, &b), trust(&b, &a)), (None, None));
    assert_eq!(given(&a).state, GivenState::Open);
    assert_eq!(subjects(&village), [NOTHING]);
}

#[test]
fn a_changed_mailbox_leads_to_somebody_else_who_is_not_taken_for_the_inviter() {
    let (village, [mut a, mut b, mut c]) = houses();
    let (_, link, _) = invite(&mut a, None);
    let mut changed = secret_of(&link);
    changed.mailbox = c.mailbox.clone();
    let link = changed.link("http://a.example").expect("a link");
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut c, &mut a]);
    assert!(followed(&b).reason.is_some());
    assert_eq!((trust(&b, &c), trust(&b, &a)), (None, None));
}

#[test]
fn a_stranger_that_races_is_refused_and_uses_nothing_up() {
    let mut s = scene();
    let card = own_card(&s.c, "home-c@c.example");
    let (card, digest) = SignedCard::write(card, s.c.identity(), s.c.time()).expect("signed");
    let guess = InvitationSecret::random().join(s.a.home.me(), digest);
    let with = |mac| Join {
        card: card.clone(),
        mac,
    };
    // A guess, and the code of another's card.
    let codes = [guess, s.join.mac];
    for mac in codes {
        assert_eq!(s.refused_of_c(with(mac)), [FITS_NONE]);
    }
    assert_eq!(s.mails_to("home-c@c.example"), 0, "nobody is answered");
    assert_eq!(subjects(&s.village), [NOTHING], "told once a day");
    assert_eq!(trust(&s.a, &s.c), None);
    s.assert_open();
}

#[test]
fn a_join_that_another_household_hands_in_is_not_that_household() {
    let mut s = scene();
    let stolen = s.join.clone();
    let words = "a card that is signed by another than its letter";
    assert_eq!(s.refused_of_c(stolen), [words]);
    assert_eq!(trust(&s.a, &s.c), None);
    s.assert_open();
}

#[test]
fn the_same_join_again_changes_nothing() {
    let mut s = scene();
    s.assert_open();
    let before = (s.a.visible(), s.mails_to("home-b@b.example"));
    for _ in 0..2 {
        s.village.deliver(&s.a, &s.mail.clone());
        assert_eq!(s.village.sync(&mut s.a).refused, Vec::<String>::new());
    }
    assert_eq!((s.a.visible(), s.mails_to("home-b@b.example")), before);
    // Nor after the household was forgotten.
    let b = s.b.mailbox.clone();
    s.a.home.remove_contact(&b, s.a.time()).expect("forgotten");
    s.village.deliver(&s.a, &s.mail.clone());
    s.village.sync(&mut s.a);
    assert_eq!(trust(&s.a, &s.b), None);
}

#[test]
fn an_open_join_and_one_that_is_too_old_are_refused() {
    let mut s = scene();
    let outer = Outer::new(s.b.mailbox.clone(), None, s.b.time());
    let header = Header {
        to: None,
        ..s.header.clone()
    };
    let body = Body::Join(s.join.clone());
    let open = seal_letter_mail(&outer, &header, &body, s.b.identity(), None).expect("signed");
    s.village.deliver(&s.a, &open);
    assert_eq!(
        s.village.sync(&mut s.a).refused,
        ["a join that is not enveloped"]
    );
    let header = Header {
        id: Id::random(),
        issued: s.b.time().minus_seconds(91 * 86_400),
        ..s.header.clone()
    };
    let old = s.b.letter(&s.a, &header, &body);
    s.village.deliver(&s.a, &old);
    assert_eq!(s.village.sync(&mut s.a).refused.len(), 1);
    s.assert_open();
}

#[test]
fn a_blocked_household_does_not_come_in_by_an_invitation() {
    let (village, [mut a, mut b]) = houses();
    village.introduce(&mut a, &mut b);
    a.home.block_contact(&b.mailbox, true).expect("blocked");
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(given(&a).state, GivenState::Open);
    assert!(a.home.contact_at(&b.mailbox).expect("known").blocked);
}

#[test]
fn another_identity_at_a_known_mailbox_is_a_claim_though_it_was_invited() {
    let (village, [mut a, mut b, c]) = houses();
    village.introduce(&mut a, &mut b);
    // The household of `b` began anew: `c` has its mailbox now.
    let (reference, link, _) = invite(&mut a, None);
    let secret = secret_of(&link).secret;
    let card = own_card(&c, "home-b@b.example");
    let (card, digest) = SignedCard::write(card, c.identity(), c.time()).expect("signed");
    let body = Body::Join(Join {
        card,
        mac: secret.join(a.home.me(), digest),
    });
    village.deliver(&a, &c.letter(&a, &c.header(&a), &body));
    let done = village.sync(&mut a);
    let words = "a join with an invitation, from a mailbox at which another household is known";
    assert_eq!(done.refused, [words]);
    let listed = Some((Trust::Pending, false));
    assert_eq!((trust(&a, &b), trust(&a, &c)), (CHECKED, listed));
    let claims = a.home.album.rows().claims(&b.mailbox).expect("rows");
    assert_eq!(claims, [c.home.me()]);
    let given = given(&a);
    assert_eq!(
        (given.reference, given.state),
        (reference, GivenState::Open)
    );
}

/// The provider of both sees every mail, and answers in the place of `a` with an identity of its own.
#[test]
fn a_provider_that_answers_in_the_place_of_the_inviter_gains_nothing() {
    let (village, [mut a, mut b, mallory]) = houses();
    let (_, _, words) = invite(&mut a, None);
    join(&mut b, &words);
    village.sync(&mut b);
    let asked = village.take_mail(&a).remove(0);
    let Body::CardRequest(request) = a.read(&asked).body else {
        panic!("not a card-request");
    };
    let mut card = own_card(&mallory, "home-a@a.example");
    card.nonce = Some(request.nonce);
    let mail = mallory.letter(&b, &mallory.header(&b), &Body::Card(card));
    village.deliver(&b, &mail);
    village.sync(&mut b);
    // `b` cannot know better yet, and writes to it. What it writes is good for nobody.
    let mail = village.take_mail(&a).remove(0);
    let letter = mallory.read(&mail);
    let Body::Join(taken) = &letter.body else {
        panic!("not a join");
    };
    let card = own_card(&mallory, "mallory@m.example");
    let (card, digest) =
        SignedCard::write(card, mallory.identity(), mallory.time()).expect("signed");
    let again = Join {
        card: card.clone(),
        mac: taken.mac,
    };
    for (join, words) in [
        (again, FITS_NONE),
        (
            taken.clone(),
            "a card that is signed by another than its letter",
        ),
    ] {
        let mail = mallory.letter(&a, &mallory.header(&a), &Body::Join(join));
        village.deliver(&a, &mail);
        assert_eq!(village.sync(&mut a).refused, [words]);
    }
    // Nor can it welcome: by a code of its own, by that of the join, or by none.
    let guess = InvitationSecret::random().welcome(b.home.me(), digest);
    for mac in [guess, taken.mac] {
        let body = Body::JoinAnswer(JoinAnswer {
            join: letter.header.id,
            answer: Answer::Welcome,
            card: Some(card.clone()),
            mac: Some(mac),
        });
        village.deliver(&b, &mallory.letter(&b, &mallory.header(&b), &body));
        let words = "a welcome whose code is not that of the invitation";
        assert_eq!(village.sync(&mut b).refused, [words]);
    }
    assert_eq!((trust(&b, &mallory), trust(&a, &mallory)), (None, None));
    assert_eq!(given(&a).state, GivenState::Open);
    // The next day `b` asks again, and the true one answers.
    for house in [&mut a, &mut b] {
        house.wait(86_400);
    }
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
    assert_eq!(trust(&b, &mallory), None);
}

#[test]
fn an_answer_by_another_than_was_asked_and_one_of_no_form_are_refused() {
    let mut s = scene();
    let answer = |join, answer, card: Option<Bytes>| {
        Body::JoinAnswer(JoinAnswer {
            join,
            answer,
            card,
            mac: None,
        })
    };
    let asked = s.header.id;
    for (from, join) in [(&s.c, asked), (&s.a, Id::random())] {
        let body = answer(join, Answer::Used, None);
        let mail = from.letter(&s.b, &from.header(&s.b), &body);
        s.village.deliver(&s.b, &mail);
        let done = s.village.sync(&mut s.b);
        assert_eq!(done.refused, ["an answer to what was not asked"]);
    }
    for body in [
        answer(asked, Answer::Welcome, None),
        answer(asked, Answer::Welcome, Some(s.join.card.clone())),
        answer(asked, Answer::Used, Some(s.join.card.clone())),
    ] {
        let mail = s.a.letter(&s.b, &s.a.header(&s.b), &body);
        s.village.deliver(&s.b, &mail);
        let done = s.village.sync(&mut s.b);
        let words = "a welcome without card and code, or another answer with them";
        assert_eq!(done.refused, [words]);
    }
    assert_eq!(followed(&s.b).state, JoiningState::Sent);
    s.assert_open();
}
