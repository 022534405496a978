//! A known household that floods us with letters gets so many answers a day, and no more; another one gets its own.

use crate::house::granted::{Scene, scene, take};
use hearthpost::album::ShareState;
use hearthpost::envelope::Id;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, ReceiptState, SignedRevocation};

/// Answers to one household a day.
const MOST: usize = 50;

/// Grants that must be refused, each with an id of its own.
fn flood(scene: &mut Scene, count: usize) {
    for _ in 0..count {
        let mut grant = scene.b.read_grant(&scene.letter);
        grant.header.id = Id::random();
        grant.chain(Vec::new());
        let mail = grant.mail(&scene.a, &scene.b);
        scene.village.deliver(&scene.b, &mail);
    }
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.refused.len(), count);
}

/// How many receipts of that state came to `a` since the last look.
fn answers(scene: &Scene, state: ReceiptState) -> usize {
    let all = scene.village.receipts(&scene.a);
    scene.village.take_mail(&scene.a);
    all.iter().filter(|(one, _)| *one == state).count()
}

#[test]
fn refusals_of_a_day_are_bounded_and_the_next_day_begins_anew() {
    let mut scene = scene();
    flood(&mut scene, MOST - 1);
    assert_eq!(answers(&scene, ReceiptState::Refused), MOST - 1);
    flood(&mut scene, 5);
    assert_eq!(answers(&scene, ReceiptState::Refused), 1);
    flood(&mut scene, 5);
    assert_eq!(answers(&scene, ReceiptState::Refused), 0);
    // What is right is taken, and its receipt goes out.
    let mut honest = scene.b.read_grant(&scene.letter);
    honest.header.id = Id::random();
    let honest = honest.mail(&scene.a, &scene.b);
    take(&mut scene, &honest);
    assert_eq!(answers(&scene, ReceiptState::Complete), 1);
    for house in [&mut scene.a, &mut scene.b] {
        house.wait(86_400);
    }
    flood(&mut scene, 5);
    assert_eq!(answers(&scene, ReceiptState::Refused), 5);
}

#[test]
fn revocations_told_again_and_again_are_answered_so_often() {
    let mut scene = scene();
    let letter = scene.letter.clone();
    take(&mut scene, &letter);
    scene.village.take_mail(&scene.a);
    let share = scene.a.share_named(&scene.share);
    let identity = &scene.a.home.keys.identity;
    let of = (share.origin, share.wire);
    let signed = SignedRevocation::sign(of, None, scene.a.time(), identity).expect("signed");
    for _ in 0..MOST + 20 {
        let body = Body::Revocation(Bytes(signed.der().to_vec()));
        let header = scene.a.header(&scene.b);
        let mail = scene.a.letter(&scene.b, &header, &body);
        scene.village.deliver(&scene.b, &mail);
    }
    scene.village.sync(&mut scene.b);
    let state = scene.b.share_named(&scene.share).state;
    assert_eq!(state, ShareState::Revoked);
    // The word that it is gone, and that it is so already.
    assert_eq!(answers(&scene, ReceiptState::Deleted), 1 + MOST);
}
