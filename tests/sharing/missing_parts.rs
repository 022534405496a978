//! What is missing is asked for and comes from any household of the chain that has it, and nobody sends more than the
//! chain that is shown permits.

use std::time::Duration;

use crate::house::{House, Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::envelope::Digest;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, Letter, PartRequest};
use hearthpost::rules::Tier;

const PATIENCE: u64 = 3_600;

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

/// `a` granted to `b`, which passed on to `c`; all know each other. `c` has the grant, and its parts were lost.
fn lost_on_the_way() -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let mut b = village.house("b", &["bea"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 2400, 1600);
    let items = a.import(&[path]);
    let rules = "display=full,store=full,forward=yes";
    let share = a
        .share(&order(&[&items[0]], &["home-b+bea@b.example"], rules))
        .expect("recorded")
        .share;
    village.sync(&mut a);
    village.sync(&mut b);
    b.forward(&share, "bea", &["home-c+carol@c.example"], "display=1280")
        .expect("passed on");
    village.sync(&mut b);
    let mails = village.take_mail(&c);
    village.deliver(&c, &mails[0]);
    village.sync(&mut c);
    assert_eq!(c.share_named(&share).state, ShareState::Arriving);
    for house in [&mut a, &mut b, &mut c] {
        house.home.config.limits.patience = Duration::from_secs(PATIENCE);
    }
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

fn letters(village: &Village, house: &House) -> Vec<Letter> {
    let inbox = village.inbox(house);
    inbox.iter().map(|mail| house.read(mail)).collect()
}

fn part_requests(village: &Village, house: &House) -> usize {
    letters(village, house)
        .iter()
        .filter(|letter| matches!(letter.body, Body::PartRequest(_)))
        .count()
}

#[test]
fn the_granter_is_asked_first_and_sends_what_is_missing_once() {
    let mut s = lost_on_the_way();
    assert_eq!(part_requests(&s.village, &s.b), 0, "not at once");
    s.c.wait(PATIENCE);
    s.village.sync(&mut s.c);
    assert_eq!(part_requests(&s.village, &s.b), 1);
    assert_eq!(part_requests(&s.village, &s.a), 0);
    s.village.settle(&mut [&mut s.b, &mut s.c]);
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Complete);
    let tiers = s.c.held_tiers(&s.share);
    assert_eq!(tiers, [Tier::Preview, Tier::Thumb, Tier::About]);
}

#[test]
fn a_silent_granter_is_passed_by_after_a_while_and_the_origin_sends_it() {
    let mut s = lost_on_the_way();
    s.c.wait(PATIENCE);
    s.village.sync(&mut s.c);
    s.c.wait(PATIENCE - 1);
    s.village.sync(&mut s.c);
    assert_eq!(part_requests(&s.village, &s.a), 0);
    s.c.wait(1);
    s.village.sync(&mut s.c);
    assert_eq!(part_requests(&s.village, &s.a), 1);
    s.village.settle(&mut [&mut s.a, &mut s.c]);
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Complete);
}

#[test]
fn a_part_that_came_damaged_is_asked_for_at_once() {
    let village = Village::new("ab");
    let mut a = village.house("a", &[]);
    let mut b = village.house("b", &["bea"]);
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "display=full");
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    let mails = village.take_mail(&b);
    for (n, mail) in mails.iter().enumerate() {
        let mut mail = String::from_utf8(mail.clone()).expect("text");
        if n == 1 {
            let at = mail.find("\r\n\r\nMI").expect("a body") + 400;
            let bent = if &mail[at..=at] == "A" { "B" } else { "A" };
            mail.replace_range(at..=at, bent);
        }
        village.deliver(&b, mail.as_bytes());
    }
    village.sync(&mut b);
    assert_eq!(part_requests(&village, &a), 1);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}

/// A request of `c` for all parts of the share, with this chain.
fn request(s: &Scene, chain: Vec<Bytes>) -> Vec<u8> {
    let share = s.a.share_named(&s.share);
    let parts = s.a.home.album.rows().parts(share.id).expect("rows");
    let body = Body::PartRequest(PartRequest {
        share: share.wire,
        origin: share.origin,
        parts: parts
            .iter()
            .map(|part| part.digest)
            .collect::<Vec<Digest>>(),
        chain,
    });
    s.c.letter(&s.b, &s.c.header(&s.b), &body)
}

fn chain_of(house: &House, share: &str) -> Vec<Bytes> {
    let rows = house.home.album.rows();
    let share = rows.share(share).expect("rows").expect("known");
    let holding = rows.holdings(share.id).expect("rows").remove(0);
    holding.chain.into_iter().map(Bytes).collect()
}

#[test]
fn nobody_is_sent_more_than_the_chain_permits_nor_more_often_than_three_times_a_week() {
    let mut s = lost_on_the_way();
    let mail = request(&s, chain_of(&s.c, &s.share));
    for round in 1..=4 {
        // Each time another letter.
        let again = match round {
            1 => mail.clone(),
            _ => request(&s, chain_of(&s.c, &s.share)),
        };
        s.village.deliver(&s.b, &again);
        s.village.take_mail(&s.c);
        s.village.sync(&mut s.b);
        let sent = s.village.inbox(&s.c);
        assert_eq!(sent.is_empty(), round == 4, "round {round}");
        for mail in &sent {
            let text = String::from_utf8_lossy(mail).into_owned();
            let rows = s.b.home.album.rows();
            let share = s.b.share_named(&s.share);
            for part in rows.parts(share.id).expect("rows") {
                let named = text.contains(&format!("<{}@", part.digest));
                assert!(!named || part.tier < Tier::Original, "an original went out");
            }
        }
    }
    s.b.wait(8 * 86_400);
    s.village
        .deliver(&s.b, &request(&s, chain_of(&s.c, &s.share)));
    s.village.sync(&mut s.b);
    assert!(!s.village.inbox(&s.c).is_empty(), "another week");
}

#[test]
fn somebody_elses_chain_opens_no_door() {
    let mut s = lost_on_the_way();
    let chain = chain_of(&s.b, &s.share);
    let before = (s.b.visible(), s.b.queued());
    s.village.deliver(&s.b, &request(&s, chain));
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.refused.len(), 1);
    assert_eq!((s.b.visible(), s.b.queued()), before);
    assert!(s.village.inbox(&s.c).is_empty());
}

#[test]
fn what_was_taken_back_is_not_sent_to_one_who_asks() {
    let mut s = lost_on_the_way();
    let mail = request(&s, chain_of(&s.c, &s.share));
    s.b.revoke(&s.share, Some("home-c@c.example"))
        .expect("taken back");
    s.village.sync(&mut s.b);
    s.village.take_mail(&s.c);
    s.village.deliver(&s.b, &mail);
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.refused.len(), 1);
    assert!(s.village.inbox(&s.c).is_empty());
}

#[test]
fn a_permit_that_was_replaced_by_a_narrower_one_opens_no_door() {
    let mut s = lost_on_the_way();
    let chain = chain_of(&s.c, &s.share);
    s.b.forward(&s.share, "bea", &["home-c+carol@c.example"], "display=200")
        .expect("narrowed");
    s.village.sync(&mut s.b);
    s.village.take_mail(&s.c);
    s.village.deliver(&s.b, &request(&s, chain));
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.refused.len(), 1);
    assert!(s.village.inbox(&s.c).is_empty());
}
