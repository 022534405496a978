//! An identity that was given up before anybody knew it: whoever has its keys is nobody, wherever the one before it was known.

use hearthpost::album::Trust;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Fingerprint, Id, Identity};
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::{Outer, letter_message};
use hearthpost::message::{Body, CardRequest, Ended, Header, seal_letter_mail, write_letter};
use hearthpost::sharing::contacts::households::Standing;

use crate::house::identity::{
    moves, received, rekey, share, strangers_blocked_and_forgotten, thief_grant, trust_of,
};
use crate::house::{House, Village};

/// Two identities in a row are given up in the house of A before any mail goes: B knew the first one. Gives both.
fn scene() -> (Village, House, House, Identity, Identity) {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    let first = a.identity().clone();
    rekey(&mut a);
    let between = a.identity().clone();
    rekey(&mut a);
    for house in [&mut a, &mut b] {
        house.wait(60);
    }
    (village, a, b, first, between)
}

/// An open letter of whoever has the keys.
fn open_letter(by: &Identity, body: &Body, issued: Timestamp) -> Vec<u8> {
    let header = Header {
        id: Id::random(),
        from: by.fingerprint(),
        to: None,
        issued,
    };
    let outer = Outer::new(
        "carrier@p.example".parse().expect("a mailbox"),
        None,
        issued,
    );
    seal_letter_mail(&outer, &header, body, by, None).expect("sealed")
}

/// It says that it is at that mailbox, and asks for a card.
fn asks(by: &Identity, mailbox: &str, now: Timestamp) -> Vec<u8> {
    let key = by.issue_encryption_key(now).expect("a key");
    let ders = [by.certificate().der(), key.certificate().der()];
    let body = Body::CardRequest(CardRequest {
        mailbox: mailbox.parse().expect("a mailbox"),
        certificates: ders.map(|der| Bytes(der.to_vec())).to_vec(),
        nonce: Id::random(),
    });
    open_letter(by, &body, now)
}

/// Its last word.
fn ends(by: &Identity, mailbox: &str, now: Timestamp) -> Vec<u8> {
    let body = Body::Ended(Ended {
        mailbox: mailbox.parse().expect("a mailbox"),
    });
    open_letter(by, &body, now)
}

fn has_ended(house: &House, who: Fingerprint) -> bool {
    house.home.ended(who).expect("rows").is_some()
}

/// Who is known at any mailbox, and how.
fn standings(house: &House) -> Vec<(Fingerprint, Standing)> {
    let all = house.home.households().expect("a list").into_iter();
    all.map(|one| (one.fingerprint, one.standing)).collect()
}

/// What comes of a letter.
fn refused(village: &Village, to: &mut House, mail: &[u8]) -> Vec<String> {
    village.deliver(to, mail);
    village.sync(to).refused
}

const ENDED: &str = "a letter from a household whose identity has ended";

#[test]
fn who_has_the_keys_of_one_that_nobody_met_is_nobody_where_the_one_before_was_known() {
    let (village, mut a, mut b, first, between) = scene();
    let me = a.home.me();
    village.sync(&mut a);
    assert_eq!(village.sync(&mut b).refused, Vec::<String>::new());
    assert!(has_ended(&b, first.fingerprint()) && has_ended(&b, between.fingerprint()));
    let now = b.time();
    let asked = asks(&between, "home-a@a.example", now);
    assert_eq!(refused(&village, &mut b, &asked), [ENDED]);
    let (before, grant) = (received(&b), thief_grant(&mut a, &b, &between));
    assert_eq!(refused(&village, &mut b, &grant), [ENDED]);
    assert_eq!(received(&b), before);
    // It is no alarm: the new one alone says that it is there.
    let claims = b.home.album.rows().claims(&a.mailbox).expect("rows");
    assert_eq!(claims, [me]);
    let known = standings(&b);
    assert_eq!(
        known,
        [
            (me, Standing::Claims),
            (first.fingerprint(), Standing::Ended)
        ]
    );
    // Its words do not fit anybody, whoever reads them out.
    let words = between.fingerprint();
    let fault = b.home.verify_contact(&a.mailbox, &words, now);
    assert_eq!(fault.expect_err("for good").code, "ended");
    b.home
        .verify_contact(&a.mailbox, &me, now)
        .expect("compared");
    share(&mut a, "again.jpg", &b).expect("shared");
    village.settle(&mut [&mut b, &mut a]);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(received(&b), before + 1);
}

#[test]
fn alarm_of_one_that_wrote_first_is_over_once_the_word_of_its_end_comes() {
    let (village, mut a, mut b, first, between) = scene();
    let asked = asks(&between, "home-a@a.example", b.time());
    assert_eq!(refused(&village, &mut b, &asked), Vec::<String>::new());
    let thief = between.fingerprint();
    assert!(
        b.home
            .household(first.fingerprint())
            .expect("known")
            .is_claimed
    );
    assert_eq!(
        b.home.household(thief).expect("known").standing,
        Standing::Claims
    );
    village.sync(&mut a);
    village.sync(&mut b);
    let standing = |who| b.home.household(who).expect("known").standing;
    assert_eq!(standing(thief), Standing::Ended);
    assert_eq!(standing(first.fingerprint()), Standing::Ended);
    let claims = b.home.album.rows().claims(&a.mailbox).expect("rows");
    assert_eq!(claims, [a.home.me()]);
}

#[test]
fn one_that_was_taken_for_the_household_itself_has_ended_once_the_word_comes() {
    let (village, mut a, mut b, _, between) = scene();
    let asked = asks(&between, "home-a@a.example", b.time());
    assert_eq!(refused(&village, &mut b, &asked), Vec::<String>::new());
    let (thief, now) = (between.fingerprint(), b.time());
    // Somebody at B compares words with the thief.
    let compared = b.home.verify_contact(&a.mailbox, &thief, now);
    compared.expect("compared");
    let before = received(&b);
    assert_eq!(trust_of(&b, thief), (Trust::Verified, true, false));
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(trust_of(&b, thief), (Trust::Pending, false, true));
    let grant = thief_grant(&mut a, &b, &between);
    assert_eq!(refused(&village, &mut b, &grant), [ENDED]);
    assert_eq!(received(&b), before);
}

#[test]
fn word_of_its_end_counts_also_before_that_of_the_one_that_was_known() {
    let (village, mut a, mut b, first, between) = scene();
    village.sync(&mut a);
    let mut mails = village.take_mail(&b);
    assert_eq!(mails.len(), 3, "two ends, and who is there now");
    let of_first = mails.remove(0);
    for mail in &mails {
        village.deliver(&b, mail);
    }
    village.sync(&mut b);
    assert!(!has_ended(&b, first.fingerprint()));
    let asked = asks(&between, "home-a@a.example", b.time());
    assert_eq!(refused(&village, &mut b, &asked), [ENDED]);
    assert_eq!(refused(&village, &mut b, &of_first), Vec::<String>::new());
    assert_eq!(refused(&village, &mut b, &asked), [ENDED]);
    let known = standings(&b);
    assert!(known.iter().all(|(who, _)| *who != between.fingerprint()));
    // The same word once more, as when it was lost for a while.
    let again = ends(&between, "home-a@a.example", b.time());
    assert_eq!(refused(&village, &mut b, &again), Vec::<String>::new());
}

#[test]
fn household_that_moved_between_tells_of_every_identity_from_where_it_is() {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let first = a.identity().clone();
    rekey(&mut a);
    let mut new = moves(&village, &a, "n", &[]);
    let between = new.identity().clone();
    rekey(&mut new);
    village.sync(&mut new);
    village.sync(&mut b);
    assert!(has_ended(&b, first.fingerprint()) && has_ended(&b, between.fingerprint()));
    for mailbox in ["home-a@a.example", "home-n@n.example"] {
        let asked = asks(&between, mailbox, b.time());
        assert_eq!(refused(&village, &mut b, &asked), [ENDED], "{mailbox}");
    }
}

#[test]
fn who_is_told_of_one_end_is_told_of_all_whether_it_is_heard_or_not() {
    let (village, [mut a, mut b, mut c, mut d]) = strangers_blocked_and_forgotten();
    let first = a.home.me();
    rekey(&mut a);
    let between = a.home.me();
    assert_eq!(rekey(&mut a).contacts, 3);
    village.settle(&mut [&mut a, &mut b, &mut c, &mut d]);
    for house in [&b, &c, &d] {
        assert!(has_ended(house, first) && has_ended(house, between));
    }
}

#[test]
fn word_of_both_ends_goes_again_to_who_writes_to_the_one_that_it_knew() {
    let (village, mut a, mut b, first, between) = scene();
    village.sync(&mut a);
    village.take_mail(&b);
    for house in [&mut a, &mut b] {
        house.wait(60);
    }
    share(&mut b, "lake.jpg", &a).expect("shared");
    village.sync(&mut b);
    village.sync(&mut a);
    village.sync(&mut b);
    assert!(has_ended(&b, first.fingerprint()) && has_ended(&b, between.fingerprint()));
}

#[test]
fn who_is_elsewhere_by_now_still_knows_whose_end_it_was() {
    let (village, mut a, b, _, between) = scene();
    village.sync(&mut a);
    let mut b = b;
    village.sync(&mut b);
    assert!(has_ended(&b, between.fingerprint()));
    let mut new = moves(&village, &b, "n", &[]);
    new.wait(60);
    let asked = asks(&between, "home-a@a.example", new.time());
    assert_eq!(refused(&village, &mut new, &asked), [ENDED]);
}

#[test]
fn who_met_the_house_after_it_was_replaced_has_an_alarm_of_the_one_before() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    let before = a.identity().clone();
    rekey(&mut a);
    village.settle(&mut [&mut a, &mut b]);
    assert!(has_ended(&b, before.fingerprint()));
    village.introduce(&mut a, &mut c);
    village.settle(&mut [&mut a, &mut c]);
    assert!(!has_ended(&c, before.fingerprint()));
    let asked = asks(&before, "home-a@a.example", c.time());
    assert_eq!(refused(&village, &mut c, &asked), Vec::<String>::new());
    let now = c.home.household(a.home.me()).expect("known");
    assert!(now.is_claimed);
    assert_eq!(
        (now.trust, now.standing),
        (Trust::Verified, Standing::Heard)
    );
    let before = c.home.household(before.fingerprint()).expect("known");
    assert_eq!(before.standing, Standing::Claims);
}

#[test]
fn ends_of_strangers_are_kept_of_mailboxes_that_are_known_alone_and_not_without_end() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let was = a.home.me();
    let stranger = |at: &str, now| {
        let mailbox = at.parse().expect("a mailbox");
        Identity::generate("Mallory", &mailbox, now).expect("an identity")
    };
    let now = b.time();
    let elsewhere = stranger("m@s.example", now);
    let mail = ends(&elsewhere, "m@s.example", now);
    let words = "the end of a household that is not known";
    assert_eq!(refused(&village, &mut b, &mail), [words]);
    assert!(!has_ended(&b, elsewhere.fingerprint()));
    // Whoever it is, it ends itself alone, and is counted with what strangers write in a day.
    let known = ends(&elsewhere, "home-a@a.example", now);
    assert_eq!(refused(&village, &mut b, &known), Vec::<String>::new());
    assert!(has_ended(&b, elsewhere.fingerprint()));
    assert_eq!(trust_of(&b, was), (Trust::Verified, true, false));
    assert_eq!(standings(&b), [(was, Standing::Heard)]);
    let many: Vec<Identity> = (0..210).map(|_| stranger("m@s.example", now)).collect();
    for one in &many {
        village.deliver(&b, &ends(one, "home-a@a.example", now));
    }
    village.sync(&mut b);
    let kept = |b: &House| {
        many.iter()
            .filter(|one| has_ended(b, one.fingerprint()))
            .count()
    };
    assert!(kept(&b) < 200, "{}", kept(&b));
    b.wait(86_400);
    village.sync(&mut b);
    assert_eq!(kept(&b), many.len(), "the others wait for another day");
    // A thousand of one mailbox, however many days somebody has.
    let later = b.time().plus_seconds(1);
    let fill = b.home.album.commit(|rows| {
        for n in 0..1_000u32 {
            let who = Fingerprint::of_key(&n.to_be_bytes());
            rows.put_ended_unmet(who, &a.mailbox, later)?;
        }
        Ok::<_, hearthpost::album::AlbumError>(())
    });
    fill.expect("rows");
    assert!(!has_ended(&b, elsewhere.fingerprint()));
    assert_eq!(kept(&b), 0);
    // Of one that was known here that is never forgotten.
    let end = ends(a.identity(), "home-a@a.example", later);
    assert_eq!(refused(&village, &mut b, &end), Vec::<String>::new());
    let more = Fingerprint::of_key(b"one more");
    let one = b
        .home
        .album
        .commit(|rows| rows.put_ended_unmet(more, &a.mailbox, later));
    one.expect("rows");
    assert!(has_ended(&b, was));
}

#[test]
fn keeper_of_another_house_ends_by_the_file_whom_nobody_here_knows() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    rekey(&mut a);
    let between = a.identity().clone();
    let file = b.folder.join("ended.pem");
    let now = b.time();
    a.home.write_ended(&file, now).expect("written");
    b.home.send_ended(&file, &[], true, now).expect("sent");
    let asked = asks(&between, "home-a@a.example", now);
    assert_eq!(refused(&village, &mut b, &asked), [ENDED]);
    let header = Header {
        id: Id::random(),
        from: between.fingerprint(),
        to: None,
        issued: now,
    };
    let body = Body::Ended(Ended {
        mailbox: a.mailbox.clone(),
    });
    let der = write_letter(&header, &body, &between).expect("signed");
    let outer = Outer::new(a.mailbox.clone(), None, now);
    let again = letter_message(&outer, "signed-data", &der);
    assert_eq!(refused(&village, &mut b, &again), Vec::<String>::new());
}
