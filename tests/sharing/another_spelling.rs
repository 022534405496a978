//! A mailbox that differs from that of a known household in capitals alone: who says that it is there claims that
//! household's place, and is not who people mean.

use crate::house::identity::trust_of;
use crate::house::{House, Village, order, picture, stranger};
use crate::invited::{given, houses, invite};
use hearthpost::album::Trust;
use hearthpost::encoding::Integer;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, CardLetter, Invitation, Join, SignedCard};
use hearthpost::sharing::contacts::households::Standing;

const B: &str = "home-b@b.example";
const SPELLED: &str = "Home-b@b.example";

/// `a` and `b`, and somebody else whose mailbox is spelled almost like that of `b`.
fn three() -> (Village, [House; 3]) {
    let (village, [a, b]) = houses();
    let other = village.house_at("other", SPELLED, &["carol"]);
    (village, [a, b, other])
}

/// `from` comes with an invitation of `to`.
fn comes(village: &Village, from: &House, to: &mut House, link: &str) -> Vec<String> {
    let invitation: Invitation = link.parse().expect("a link");
    let own = from.home.keys.card();
    let card = CardLetter {
        versions: vec![Integer::new(1).expect("small")],
        name: "House B".to_owned(),
        mailbox: from.mailbox.clone(),
        certificates: own.ders().map(|der| Bytes(der.to_vec())).collect(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce: None,
    };
    let (card, digest) = SignedCard::write(card, from.identity(), to.time()).expect("signed");
    let mac = invitation.secret.join(to.home.me(), digest);
    let mail = from.letter(to, &from.header(to), &Body::Join(Join { card, mac }));
    village.deliver(to, &mail);
    let refused = village.sync(to).refused;
    refused.into_iter().map(|one| format!("{one:?}")).collect()
}

/// `from` asks for the card of `to`, as a stranger.
fn asks(village: &Village, from: &House, to: &mut House) {
    let mail = stranger::asks(from.identity(), to);
    village.deliver(to, &mail);
    village.sync(to);
}

/// To which mailbox a picture goes that is shared with this one.
fn goes_to(a: &mut House, typed: &str) -> String {
    let path = a.folder.join("lake.jpg");
    if !path.exists() {
        picture(&path, 320, 200);
    }
    let items = a.import(&[path]);
    let shared = a.share(&order(&[&items[0]], &[typed], "display=1280"));
    let share = shared.expect("recorded").share;
    a.destinations(&share)[0].mailbox.to_string()
}

/// It is an alarm, and the other one is neither let in by a button nor meant by anybody.
fn assert_claims(a: &mut House, b: &House, other: &House) {
    assert!(a.home.household(b.home.me()).expect("known").is_claimed);
    let one = a.home.household(other.home.me()).expect("listed");
    assert_eq!(one.standing, Standing::Claims);
    let now = a.time();
    let let_in = a.home.accept_contact(other.home.me(), now);
    let fault = let_in.expect_err("words first");
    assert_eq!(fault.code, "second_identity");
    assert!(fault.message.contains(B), "{fault}");
    a.home.meet(&other.mailbox, now).expect_err("nor by name");
    assert_eq!(goes_to(a, SPELLED), B);
}

#[test]
fn who_comes_by_an_invitation_under_another_spelling_of_a_known_mailbox_claims_it() {
    let (village, [mut a, mut b, other]) = three();
    village.introduce(&mut a, &mut b);
    let (_, link, _) = invite(&mut a, Some("ann"));
    let refused = comes(&village, &other, &mut a, &link);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(given(&a).household.is_none());
    assert!(given(&a).trouble.is_some(), "who invited is told");
    assert_claims(&mut a, &b, &other);
    // The keeper who compared words with the one that is known has said it.
    let (who, now) = (b.home.me(), a.time());
    let compared = a.home.verify_contact(&b.mailbox, &who, now);
    compared.expect("compared");
    assert!(!a.home.household(who).expect("known").is_claimed);
    let (_, _, blocked) = trust_of(&a, other.home.me());
    assert!(blocked);
}

#[test]
fn stranger_under_another_spelling_of_a_known_mailbox_claims_it() {
    let (village, [mut a, mut b, other]) = three();
    village.introduce(&mut a, &mut b);
    asks(&village, &other, &mut a);
    assert_claims(&mut a, &b, &other);
    // There may be two whose mailboxes differ so: words tell, and neither takes the place of the other.
    let (who, now) = (other.home.me(), a.time());
    let compared = a.home.verify_contact(&other.mailbox, &who, now);
    compared.expect("compared");
    for (house, at) in [(&b, B), (&other, SPELLED)] {
        let known = trust_of(&a, house.home.me());
        assert_eq!(known, (Trust::Verified, true, false));
        assert_eq!(goes_to(&mut a, at), at);
    }
    assert!(!a.home.household(b.home.me()).expect("known").is_claimed);
}

#[test]
fn stranger_under_another_spelling_of_one_that_has_ended_is_let_in_by_no_button() {
    let (village, [mut a, mut b, other]) = three();
    village.introduce(&mut a, &mut b);
    let (file, now) = (b.folder.join("data/ended.pem"), a.time());
    let ended = a.home.send_ended(&file, &[], true, now);
    ended.expect("ended");
    asks(&village, &other, &mut a);
    let fault = a.home.accept_contact(other.home.me(), now);
    assert_eq!(fault.expect_err("words first").code, "asks_first");
}

#[test]
fn whose_mailbox_has_not_answered_is_not_meant_before_who_is_known() {
    let (village, [mut a, mut b, other]) = three();
    let (_, link, _) = invite(&mut a, Some("ann"));
    // Nobody is known there yet.
    assert_eq!(comes(&village, &other, &mut a, &link), Vec::<String>::new());
    assert!(a.home.contact_of(other.home.me()).expect("in").unproven);
    assert_eq!(goes_to(&mut a, SPELLED), SPELLED);
    village.introduce(&mut a, &mut b);
    assert_eq!(goes_to(&mut a, SPELLED), B);
    let bob = "Home-b+bob@b.example".parse().expect("an address");
    a.home.set_keyword("uncle", &[bob]).expect("set");
    let words = a.home.keywords().expect("rows");
    assert_eq!(words[0].1.to_string(), "home-b+bob@b.example");
}
