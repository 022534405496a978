//! Two households meet by an invitation: a link or words from hand to hand, and nobody compares anything.

use crate::house;
use crate::house::{order, picture};
use crate::invited::{CHECKED, followed, given, houses, invite, join, subjects, trust};
use hearthpost::album::{JoiningState, ShareState, Trust};
use hearthpost::sharing::identity::Passphrase;
use hearthpost::sharing::invite::GivenState;

#[test]
fn a_link_makes_both_households_checked_and_both_are_told() {
    let (village, [mut a, mut b]) = houses();
    let (reference, link, _) = invite(&mut a, Some("ann"));
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
    assert_eq!(
        subjects(&village),
        [
            "House A and your household have met",
            "House B and your household have met"
        ]
    );
    let given = given(&a);
    assert_eq!(
        (given.reference, given.state),
        (reference, GivenState::Used)
    );
    assert_eq!(given.household, Some(("House B".to_owned(), b.home.me())));
    let followed = followed(&b);
    assert_eq!(followed.state, JoiningState::Joined);
    assert!(followed.secret.is_empty(), "it has served");
    assert_eq!(b.home.asked().expect("rows"), []);
    // And they share.
    let path = b.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = b.import(&[path]);
    let order = order(&[&items[0]], &["home-a@a.example"], "store=full");
    let share = b.share(&order).expect("recorded").share;
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(a.share_named(&share).state, ShareState::Complete);
}

#[test]
fn words_that_are_read_out_do_the_same() {
    let (village, [mut a, mut b]) = houses();
    let (_, _, words) = invite(&mut a, None);
    join(
        &mut b,
        &words
            .to_uppercase()
            .replace("HOME-A@A.EXAMPLE", "home-a@a.example"),
    );
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
}

#[test]
fn an_address_with_the_capitals_of_a_phone_is_the_one_that_was_read_out() {
    for typed in ["HOME-A@A.EXAMPLE", "Home-a@a.example"] {
        let (village, [mut a, mut b]) = houses();
        let (_, _, words) = invite(&mut a, None);
        join(&mut b, &words.replace("home-a@a.example", typed));
        village.settle(&mut [&mut b, &mut a]);
        assert_eq!(
            (trust(&a, &b), trust(&b, &a)),
            (CHECKED, CHECKED),
            "{typed}"
        );
        let followed = followed(&b);
        assert_eq!(
            (followed.state, &followed.mailbox),
            (JoiningState::Joined, &a.mailbox)
        );
        assert_eq!(
            b.home.contact_at(&a.mailbox).expect("known").mailbox,
            a.mailbox
        );
        assert_eq!(b.home.asked().expect("rows"), []);
        let told = subjects(&village);
        assert_eq!(told.len(), 2, "no alarm: {told:?}");
    }
}

#[test]
fn own_invitation_is_known_by_its_address_in_capitals_too() {
    let (_village, [mut a]) = houses();
    let (_, _, words) = invite(&mut a, None);
    let now = a.clock();
    let fault = a.home.join(&words.to_uppercase(), None, now);
    assert_eq!(fault.expect_err("its own").code, "self");
}

/// The mailbox that was typed is one that passes mail on to another household's.
#[test]
fn who_has_another_address_than_the_one_that_was_read_out_is_said_to() {
    let (village, [mut a, mut b, mut c]) = houses();
    let (_, _, words) = invite(&mut a, None);
    join(
        &mut b,
        &words.replace("home-a@a.example", "home-d@d.example"),
    );
    village.sync(&mut b);
    let asked = village.server.messages("home-d@d.example", "INBOX");
    village.deliver(&c, &asked[0].bytes);
    village.settle(&mut [&mut c, &mut b]);
    let reason = followed(&b).reason.expect("a reason");
    assert_eq!(
        reason,
        "who answered at home-d@d.example has another address, home-c@c.example: have the address read out once more"
    );
    assert_eq!(trust(&b, &c), None);
}

#[test]
fn who_asks_with_an_invitation_is_no_stranger_and_leaves_nothing_before_it_comes_in() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    village.sync(&mut b);
    let done = village.sync(&mut a);
    assert_eq!((done.ingested, done.notified), (1, 0));
    assert_eq!(trust(&a, &b), None);
    let given = given(&a);
    assert_eq!(
        (given.state, given.asked),
        (GivenState::Open, Some(a.time()))
    );
    // Nor does the joiner take anybody in before the welcome.
    village.sync(&mut b);
    assert_eq!(trust(&b, &a), None);
    assert_eq!(followed(&b).state, JoiningState::Sent);
}

#[test]
fn a_household_that_waited_or_was_only_seen_is_checked_by_an_invitation() {
    let (village, [mut a, mut b]) = houses();
    let now = b.now();
    b.home.request_card(&a.mailbox, now).expect("asked");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(trust(&a, &b), Some((Trust::Pending, false)));
    assert_eq!(trust(&b, &a), Some((Trust::Seen, true)));
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
}

#[test]
fn a_box_that_is_off_for_days_is_asked_again_and_welcomes_once_it_runs() {
    let (village, [mut a, mut b]) = houses();
    let now = a.now();
    let link = a.home.invite(None, 14, now).expect("made").link.to_string();
    join(&mut b, &link);
    for _ in 0..5 {
        village.sync(&mut b);
        for house in [&mut a, &mut b] {
            house.wait(86_400);
        }
    }
    assert_eq!(village.inbox(&a).len(), 5);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
    let (met, mails) = (subjects(&village), village.inbox(&a).len());
    assert_eq!((met.len(), mails), (2, 0), "{met:?}");
}

#[test]
fn a_lost_welcome_comes_again_without_anybody_doing_anything() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    for turn in 0..4 {
        village.sync(if turn % 2 == 0 { &mut b } else { &mut a });
    }
    assert_eq!(trust(&a, &b), CHECKED);
    let lost = village.take_mail(&b).len();
    assert_eq!(
        lost, 2,
        "the welcome is lost, and the question whether b answers"
    );
    for house in [&mut a, &mut b] {
        house.wait(86_400);
    }
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(trust(&b, &a), CHECKED);
    let b_there = a.home.contact_at(&b.mailbox).expect("known");
    assert!(!b_there.unproven, "it was asked once more, and answered");
    let given = given(&a);
    assert_eq!(given.trouble, None);
}

#[test]
fn an_inviter_that_never_answers_is_given_up_and_that_is_told() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    village.sync(&mut b);
    for _ in 0..31 {
        b.wait(86_400);
        village.sync(&mut b);
    }
    let followed = b.home.joinings().expect("listed");
    assert!(followed.is_empty() || followed[0].state == JoiningState::Refused);
    assert_eq!(subjects(&village), ["An invitation led to nothing"]);
    let sent = village.inbox(&a).len();
    b.wait(86_400);
    village.sync(&mut b);
    assert_eq!(village.inbox(&a).len(), sent, "nobody is asked any more");
    assert!(sent <= 31, "{sent}");
}

#[test]
fn an_invitation_is_shown_again_until_it_is_used_or_withdrawn() {
    let (village, [mut a, mut b]) = houses();
    let (reference, link, _) = invite(&mut a, None);
    let again = a.home.invitation(&reference, a.time()).expect("open");
    assert_eq!(again.link.as_str(), link);
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    let over = a.home.invitation(&reference, a.time()).err().expect("used");
    assert_eq!(over.code, "invitation_over");
    let used = a.home.withdraw_invitation(&reference).expect_err("used");
    assert_eq!(used.code, "used");
    let (other, _, _) = invite(&mut a, None);
    a.home.withdraw_invitation(&other).expect("open");
    assert!(a.home.invitation(&other, a.time()).is_err());
    assert!(a.home.withdraw_invitation("nothing").is_err());
}

#[test]
fn own_invitations_and_those_of_other_identities_are_not_followed() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, words) = invite(&mut a, None);
    let now = a.clock();
    for text in [&link, &words] {
        let fault = a.home.join(text, None, now).expect_err("its own");
        assert_eq!(fault.code, "self");
    }
    for text in [
        "",
        "come and see us",
        "http://a.example/join",
        &link[..link.len() - 3],
    ] {
        let fault = b.home.join(text, None, now).expect_err("none");
        assert_eq!(fault.code, "invitation");
        assert!(!fault.message.contains("see us"), "nothing is repeated");
    }
    village.introduce(&mut a, &mut b);
    let mut other = village.house("c", &[]);
    other.home.config.mailbox = a.mailbox.clone();
    let (_, false_link, _) = invite(&mut other, None);
    let fault = b
        .home
        .join(&false_link, None, now)
        .expect_err("another one");
    assert_eq!(fault.code, "second_identity");
    b.home.block_contact(&a.mailbox, true).expect("blocked");
    let fault = b.home.join(&link, None, now).expect_err("blocked");
    assert_eq!(fault.code, "blocked");
}

#[test]
fn nothing_of_the_secret_lies_open_in_the_album_or_in_any_mail() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, words) = invite(&mut a, None);
    join(&mut b, &link);
    let invitation: hearthpost::message::Invitation = link.parse().expect("a link");
    let secret = invitation.secret;
    let words = words.split_once(' ').expect("words").1.to_owned();
    let payload = link.split_once('#').expect("a fragment").1.to_owned();
    let mut mails = Vec::new();
    for turn in 0..4 {
        village.sync(if turn % 2 == 0 { &mut b } else { &mut a });
        mails.extend(village.inbox(&a));
        mails.extend(village.inbox(&b));
    }
    let mut places = mails;
    for house in [&a, &b] {
        for file in house::state::files_below(&house.folder.join("data")) {
            places.push(std::fs::read(file).expect("a file"));
        }
    }
    assert!(places.len() > 6);
    let holds = |place: &[u8], what: &[u8]| place.windows(what.len()).any(|part| part == what);
    for place in &places {
        assert!(!holds(place, secret.as_bytes()));
        assert!(!holds(place, words.as_bytes()));
        assert!(!holds(place, payload.as_bytes()));
    }
}

/// `b` came by an invitation to `a`, which asked whether its mailbox answers; that did not arrive.
fn unproven() -> (house::Village, [house::House; 3]) {
    let (village, [mut a, mut b, c]) = houses();
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    for turn in 0..4 {
        village.sync(if turn % 2 == 0 { &mut b } else { &mut a });
    }
    village.take_mail(&b);
    let known = a.home.contact_at(&b.mailbox).expect("known");
    assert!(known.unproven && known.is_heard());
    (village, [a, b, c])
}

#[test]
fn whose_mailbox_has_not_answered_is_asked_again_and_gets_what_waits_for_it() {
    let (village, [mut a, mut b, _]) = unproven();
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let share = a.share(&order(&[&items[0]], &["home-b@b.example"], "display=1280"));
    let share = share.expect("recorded").share;
    village.sync(&mut a);
    village.take_mail(&b);
    let three_days = 3 * 86_400;
    a.wait(three_days);
    b.wait(three_days);
    village.sync(&mut a);
    let inbox = village.inbox(&b);
    assert_eq!(inbox.len(), 1, "it is asked again");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}

#[test]
fn whose_mailbox_has_not_answered_is_told_all_the_same_that_an_identity_ends() {
    let (village, [mut a, b, _]) = unproven();
    let ending = a.home.own_ending(a.time()).expect("signed");
    assert_eq!(a.home.whose_end(&ending).expect("rows").tells, 1);
    let reading = a.reading();
    let now = a.home.tick(&reading, &[]).expect("time");
    let done = a.home.rekey(true, now).expect("replaced");
    assert_eq!(done.contacts, 1);
    village.sync(&mut a);
    let inbox = village.inbox(&b);
    let kinds = inbox.iter().map(|mail| b.read(mail).body.kind());
    let kinds: Vec<_> = kinds.collect();
    assert_eq!(kinds, ["ended", "card-request"], "it has our card");
}

#[test]
fn whose_mailbox_has_not_answered_does_not_move_along_unless_blocked() {
    let (_village, [mut a, b, mut c]) = unproven();
    let passphrase = || Passphrase::new("four ducks on a pond".to_owned());
    let file = a.folder.join("identity.txt");
    let exported = a.home.export_identity(&file, &passphrase(), a.time());
    assert_eq!(exported.expect("exported").contacts, 0);
    a.home.block_contact(&b.mailbox, true).expect("blocked");
    std::fs::remove_file(&file).expect("it was there");
    let exported = a.home.export_identity(&file, &passphrase(), a.time());
    assert_eq!(exported.expect("exported").contacts, 1);
    let reading = c.reading();
    let now = c.home.tick(&reading, &[]).expect("time");
    let imported = c.home.import_identity(&file, &passphrase(), now);
    imported.expect("imported");
    let known = c.home.contact_at(&b.mailbox).expect("known");
    assert_eq!((known.blocked, known.trust), (true, Trust::Pending));
}
