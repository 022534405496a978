//! What a relay makes of what it was asked, at the door of who does not know it; and word of arrival, at its own. Each is
//! wrong in one thing, is refused with its code or waits unseen, and nothing else changes.

use crate::house::House;
use crate::house::by_way::{B_TOO, RULES, Scene, on_its_way, shared};
use crate::house::forge::OpenGrant;
use crate::house::passed::{A, B, C, D};
use hearthpost::album::{RelayJob, RelayState};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::ContentKey;
use hearthpost::message::grant::Bytes;
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{Code, Keys, Onward, ReceiptState, SignedPermit};
use hearthpost::rules::{Tier, parse_rules};

/// By way of `b` to `c` and `d`, as far as their mailboxes.
fn relayed() -> (Scene, OpenGrant, Vec<Vec<u8>>) {
    let mut scene = shared(&B_TOO, RULES);
    scene.pass(&[A, B]);
    let (grant, parts) = on_its_way(&scene, C);
    (scene, grant, parts)
}

/// The last permit of a grant, signed anew by `by`.
fn permit(grant: &mut OpenGrant, by: &House, bend: impl FnOnce(&mut NewPermit)) {
    let last = grant.grant.chain.pop().expect("a permit");
    let permit = SignedPermit::verify(&last.0)
        .expect("good")
        .permit()
        .clone();
    let mut new = NewPermit {
        share: permit.share,
        origin: permit.origin,
        manifest: permit.manifest,
        to: permit.to,
        parent: permit.parent,
        items: permit.items,
        tier: permit.tier,
        onward: permit.onward,
        issued: permit.issued,
    };
    bend(&mut new);
    let signed = SignedPermit::sign(new, by.identity()).expect("signed");
    grant.grant.chain.push(Bytes(signed.der().to_vec()));
}

/// The door of `c` refuses what `b` made of it; the origin learns that, and the honest letter is taken all the same.
fn refused_at_the_end(code: Code, bend: impl FnOnce(&mut OpenGrant, &Scene)) {
    let (mut scene, mut grant, parts) = relayed();
    let honest = OpenGrant {
        header: grant.header.clone(),
        grant: grant.grant.clone(),
        manifest: grant.manifest.clone(),
    };
    grant.header.id = hearthpost::envelope::Id::random();
    bend(&mut grant, &scene);
    let mail = grant.mail(&scene.houses[B], &scene.houses[C]);
    let before = scene.houses[C].visible();
    scene.village.take_mail(&scene.houses[A]);
    scene.village.deliver(&scene.houses[C], &mail);
    let done = scene.village.sync(&mut scene.houses[C]);
    assert_eq!(done.refused.len(), 1, "{:?}", done.refused);
    assert_eq!(scene.houses[C].visible(), before);
    let told = scene.village.receipts(&scene.houses[A]);
    assert_eq!(told, [(ReceiptState::Refused, Some(code))]);
    scene.pass(&[A]);
    assert_eq!(scene.state("c"), "refused");
    let mail = honest.mail(&scene.houses[B], &scene.houses[C]);
    for mail in std::iter::once(&mail).chain(&parts) {
        scene.village.deliver(&scene.houses[C], mail);
    }
    scene.settle();
    assert!(scene.opens(C, "carol"));
    assert_eq!(scene.state("c"), "delivered");
}

/// Nobody at `at` sees it, nobody is answered, and whoever sent it waits to be accepted.
fn waits_unseen(scene: &mut Scene, at: usize, mail: &[u8]) {
    scene.village.take_mail(&scene.houses[A]);
    scene.village.take_mail(&scene.houses[at]);
    scene.village.deliver(&scene.houses[at], mail);
    let done = scene.village.sync(&mut scene.houses[at]);
    assert_eq!((done.ingested, done.refused.len()), (0, 0));
    let home = &scene.houses[at].home;
    assert!(home.received().expect("listed").is_empty());
    assert!(
        home.contacts()
            .expect("listed")
            .iter()
            .any(|one| !one.accepted)
    );
    assert!(scene.village.receipts(&scene.houses[A]).is_empty());
}

#[test]
fn relay_widens_the_rules_of_a_person() {
    refused_at_the_end(Code::Wider, |grant, _| {
        grant.grant.stations[0].rules =
            parse_rules("display=1281,until=2027-06-01T00:00:00Z").expect("rules");
    });
}

#[test]
fn relay_widens_the_end() {
    refused_at_the_end(Code::Wider, |grant, _| {
        grant.grant.stations[0].rules =
            parse_rules("display=1280,until=2027-06-01T00:00:01Z").expect("rules");
    });
}

#[test]
fn relay_raises_the_tier() {
    refused_at_the_end(Code::Wider, |grant, scene| {
        permit(grant, &scene.houses[B], |new| new.tier = Tier::Original);
    });
}

#[test]
fn relay_gives_a_key_above_its_permit() {
    refused_at_the_end(Code::Wider, |grant, _| {
        let content = ContentKey::random();
        let id = grant.manifest.manifest().items[0].id;
        grant.grant.keys = Keys::Items([(id, content.item(id, Tier::Original))].into());
    });
}

#[test]
fn relay_adds_an_item() {
    refused_at_the_end(Code::Manifest, |grant, scene| {
        let other = hearthpost::envelope::Id::random();
        permit(grant, &scene.houses[B], |new| new.items = Some(vec![other]));
        let key = ContentKey::random().item(other, Tier::Preview);
        grant.grant.keys = Keys::Items([(other, key)].into());
    });
}

#[test]
fn relay_lets_it_go_further() {
    refused_at_the_end(Code::Wider, |grant, scene| {
        permit(grant, &scene.houses[B], |new| {
            new.onward = Some(Onward {
                tier: Tier::Thumb,
                rules: parse_rules("display=320").expect("rules"),
                to: None,
            });
        });
    });
}

#[test]
fn relay_writes_of_long_ago_or_of_days_to_come() {
    for days in [-91, 2] {
        refused_at_the_end(Code::Stale, |grant, scene| {
            let issued = scene.houses[C].wall + days * 86_400;
            grant.header.issued = Timestamp::from_unix(issued);
        });
    }
}

#[test]
fn relay_redirects_it_to_a_household_that_is_not_named() {
    let mut scene = shared(&B_TOO[..2], RULES);
    scene.pass(&[A, B]);
    let (mut grant, _) = on_its_way(&scene, C);
    let d = scene.houses[D].home.me();
    permit(&mut grant, &scene.houses[B], |new| new.to = d);
    grant.header = scene.houses[B].header(&scene.houses[D]);
    // Whoever is not named takes nothing from somebody unknown, though it knows the origin.
    let mail = grant.mail(&scene.houses[B], &scene.houses[D]);
    waits_unseen(&mut scene, D, &mail);
}

#[test]
fn somebody_else_plays_the_relay() {
    let (mut scene, mut grant, _) = relayed();
    permit(&mut grant, &scene.houses[D], |_| ());
    grant.header = scene.houses[D].header(&scene.houses[C]);
    let mail = grant.mail(&scene.houses[D], &scene.houses[C]);
    waits_unseen(&mut scene, C, &mail);
}

#[test]
fn relay_makes_the_naming_permit_up() {
    // The first permit is signed by the relay, in the name of the origin.
    let (mut scene, mut grant, _) = relayed();
    let last = grant.grant.chain.pop().expect("a permit");
    permit(&mut grant, &scene.houses[B], |_| ());
    grant.grant.chain.push(last);
    let mail = grant.mail(&scene.houses[B], &scene.houses[C]);
    waits_unseen(&mut scene, C, &mail);
}

#[test]
fn origin_that_is_not_known_or_blocked_vouches_for_nobody() {
    let (mut scene, grant, _) = relayed();
    let a = scene.houses[A].mailbox.clone();
    let blocked = scene.houses[C].home.block_contact(&a, true);
    blocked.expect("blocked");
    let mail = grant.mail(&scene.houses[B], &scene.houses[C]);
    waits_unseen(&mut scene, C, &mail);
}

#[test]
fn relay_that_is_blocked_is_not_heard_though_it_is_named() {
    let (mut scene, grant, _) = relayed();
    let (before, rest) = scene.houses.split_at_mut(C);
    scene.village.introduce(&mut before[B], &mut rest[0]);
    let b = scene.houses[B].mailbox.clone();
    let blocked = scene.houses[C].home.block_contact(&b, true);
    blocked.expect("blocked");
    let mail = grant.mail(&scene.houses[B], &scene.houses[C]);
    scene.village.deliver(&scene.houses[C], &mail);
    let done = scene.village.sync(&mut scene.houses[C]);
    assert_eq!(done.refused, ["a letter from a blocked household"]);
}

#[test]
fn letter_that_is_handed_on_is_no_use_to_anybody_else() {
    // A relay that is given nothing hands the letter for `c` to `d`: it does not open there.
    let mut scene = shared(&B_TOO[1..], RULES);
    scene.pass(&[A, B]);
    let mails = scene.village.take_mail(&scene.houses[C]);
    scene.village.take_mail(&scene.houses[D]);
    for mail in &mails {
        scene.village.deliver(&scene.houses[D], mail);
    }
    scene.pass(&[D]);
    assert!(scene.houses[D].home.received().expect("listed").is_empty());
}

#[test]
fn word_of_arrival_counts_from_the_origin_alone() {
    let (mut scene, _, _) = relayed();
    let (before, rest) = scene.houses.split_at_mut(D);
    scene.village.introduce(&mut before[B], &mut rest[0]);
    let chain = scene.chain(B);
    let share = scene.houses[B].share_named(&scene.share);
    let receipt = hearthpost::message::Receipt {
        share: share.wire,
        origin: share.origin,
        state: ReceiptState::Complete,
        reason: None,
        letter: None,
        chain,
    };
    let body = hearthpost::message::Body::Receipt(receipt);
    let header = scene.houses[D].header(&scene.houses[B]);
    let mail = scene.houses[D].letter(&scene.houses[B], &header, &body);
    scene.village.deliver(&scene.houses[B], &mail);
    let refused = scene.village.sync(&mut scene.houses[B]).refused;
    assert_eq!(refused.len(), 1);
}

#[test]
fn word_of_arrival_of_a_copy_that_somebody_else_gave_settles_nothing() {
    let (mut scene, grant, _) = relayed();
    let given = SignedPermit::verify(&grant.grant.chain[0].0).expect("good");
    let permit = |to: usize, parent, onward| NewPermit {
        share: given.permit().share,
        origin: given.permit().origin,
        manifest: given.permit().manifest,
        to: scene.houses[to].home.me(),
        parent,
        items: None,
        tier: Tier::Preview,
        onward,
        issued: scene.houses[A].time(),
    };
    let onward = Onward {
        tier: Tier::Preview,
        rules: parse_rules(RULES).expect("rules"),
        to: None,
    };
    let sign = |new, by: usize| SignedPermit::sign(new, scene.houses[by].identity());
    let first = sign(permit(D, None, Some(onward)), A).expect("signed");
    let second = sign(permit(C, Some(first.digest()), None), D).expect("signed");
    let body = hearthpost::message::Body::Receipt(hearthpost::message::Receipt {
        share: grant.grant.share,
        origin: grant.grant.origin,
        state: ReceiptState::Complete,
        reason: None,
        letter: None,
        chain: [first, second].map(|one| Bytes(one.der().to_vec())).into(),
    });
    let (a, b) = (&scene.houses[A], &scene.houses[B]);
    let mail = a.letter(b, &a.header(b), &body);
    scene.village.deliver(b, &mail);
    let refused = scene.village.sync(&mut scene.houses[B]).refused;
    assert_eq!(refused.len(), 1);
    let share = scene.houses[B].share_named(&scene.share);
    let rows = scene.houses[B].home.album.rows();
    let jobs = rows.relay_jobs(share.id).expect("rows");
    let passed = |job: &RelayJob| job.state == RelayState::Passed;
    assert!(jobs.len() == 2 && jobs.iter().all(passed));
}
