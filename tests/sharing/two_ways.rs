//! A household is to get a share by two ways: `b` is asked to pass it on to `c`, and `d`, which was given it directly, passes
//! it on there too. What is said of the one copy is not said of the other.

use crate::house::by_way::{B_TOO, Scene, shared};
use crate::house::passed::{A, B, C, D};
use hearthpost::album::ShareState;
use hearthpost::message::grant::Bytes;
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{Body, Receipt, ReceiptState, SignedPermit, SignedRevocation};
use hearthpost::rules::Tier;
use testmail::{Reply, Times};

const TO_C: &str = "home-c@c.example";

/// What lies on the way to the relay; `d` has a copy of its own that it may pass on, and knows `c`.
fn given_to_d(to: &[&str]) -> Scene {
    let mut scene = shared(to, "display=1280");
    let [c, d] = scene.houses.get_disjoint_mut([C, D]).expect("two houses");
    scene.village.introduce(c, d);
    scene.give_d_a_copy();
    assert!(scene.opens(D, "dan"));
    scene
}

/// `d` passes it on to `c`, and takes that back; all but `b` hear of it.
fn passed_on_and_taken_back(scene: &mut Scene) {
    let share = scene.share.clone();
    let to = ["home-c+carol@c.example"];
    let passed = scene.houses[D].forward(&share, "dan", &to, "display=640");
    passed.expect("passed on");
    scene.pass(&[D, C, A]);
    assert_eq!(copies_by_d(scene), ["forwarded"], "the origin heard of it");
    let back = scene.houses[D].revoke(&share, Some(TO_C));
    back.expect("taken back");
    scene.pass(&[D, C, A, D]);
    assert_eq!(copies_by_d(scene), ["deleted"]);
}

/// `d` says that it passed it on to `c`, takes that back, and never wrote to `c` at all.
fn said_and_taken_back(scene: &mut Scene) {
    write_what_is_made_up(scene);
    scene.pass(&[A]);
    assert_eq!(copies_by_d(scene), ["revoked"], "the origin believes it");
}

fn write_what_is_made_up(scene: &Scene) {
    let (a, d) = (&scene.houses[A], &scene.houses[D]);
    let mut chain = scene.chain(D);
    let own = SignedPermit::verify(&chain[0].0).expect("good");
    let of = (own.permit().origin, own.permit().share);
    let new = NewPermit {
        share: of.1,
        origin: of.0,
        manifest: own.permit().manifest,
        to: scene.houses[C].home.me(),
        parent: Some(own.digest()),
        items: None,
        tier: Tier::Preview,
        onward: None,
        issued: d.time(),
    };
    let permit = SignedPermit::sign(new, d.identity()).expect("signed");
    chain.push(Bytes(permit.der().to_vec()));
    let forwarded = Body::Receipt(Receipt {
        share: of.1,
        origin: of.0,
        state: ReceiptState::Forwarded,
        reason: None,
        letter: None,
        chain,
    });
    let back = SignedRevocation::sign(of, Some(permit.digest()), d.time(), d.identity());
    let back = Body::Revocation(Bytes(back.expect("signed").der().to_vec()));
    for body in [forwarded, back] {
        let mail = d.letter(a, &d.header(a), &body);
        scene.village.deliver(a, &mail);
    }
}

/// How the copies stand that `d` gave `c`, as the origin lists them.
fn copies_by_d(scene: &Scene) -> Vec<&'static str> {
    let d = scene.houses[D].home.me();
    let sent = scene.houses[A].home.sent().expect("listed").remove(0);
    let copies = sent.copies.iter().filter(|copy| copy.by == d);
    copies.map(|copy| copy.state).collect()
}

/// Whether the origin knows a revocation by itself of anything of the share.
fn origin_took_back(scene: &Scene) -> bool {
    let share = scene.houses[A].share_named(&scene.share);
    let rows = scene.houses[A].home.album.rows();
    let known = rows.revocations(share.origin, share.wire).expect("rows");
    known.iter().any(|der| {
        let signed = SignedRevocation::verify(der).expect("good");
        signed.revocation().from == share.origin
    })
}

#[test]
fn what_one_household_takes_back_stays_where_a_relay_is_to_pass_it_on() {
    let ways: [fn(&mut Scene); 2] = [passed_on_and_taken_back, said_and_taken_back];
    for (way, what) in ways.into_iter().zip(["honest", "made up"]) {
        let mut scene = given_to_d(&B_TOO[..2]);
        way(&mut scene);
        assert_eq!(scene.state("c"), "sent", "{what}");
        // The relay comes back and does what it was asked.
        scene.settle();
        assert!(scene.opens(C, "carol"), "{what}");
        let share = scene.houses[C].share_named(&scene.share);
        assert_eq!(share.state, ShareState::Complete, "{what}");
        assert_eq!(scene.state("c"), "delivered", "{what}");
        assert!(!origin_took_back(&scene), "{what}");
        assert!(
            copies_by_d(&scene)
                .iter()
                .all(|state| *state != "forwarded")
        );
    }
}

#[test]
fn what_a_relay_passed_on_before_stays_as_well() {
    let ways: [fn(&mut Scene); 2] = [passed_on_and_taken_back, said_and_taken_back];
    for (way, what) in ways.into_iter().zip(["honest", "made up"]) {
        let mut scene = given_to_d(&B_TOO[..2]);
        scene.settle();
        assert_eq!(scene.state("c"), "delivered", "{what}");
        way(&mut scene);
        assert_eq!(scene.state("c"), "delivered", "{what}");
        scene.settle();
        assert!(scene.opens(C, "carol"), "{what}");
        assert!(!origin_took_back(&scene), "{what}");
        // Its own word still takes it back.
        let share = scene.share.clone();
        let back = scene.houses[A].revoke(&share, Some(TO_C));
        back.expect("taken back");
        scene.settle();
        assert_eq!(scene.state("c"), "deleted", "{what}");
    }
}

#[test]
fn taken_back_by_the_origin_it_goes_by_both_ways() {
    let mut scene = given_to_d(&B_TOO[..2]);
    let share = scene.share.clone();
    let to = ["home-c+carol@c.example"];
    let passed = scene.houses[D].forward(&share, "dan", &to, "display=640");
    passed.expect("passed on");
    scene.pass(&[D, C, A]);
    // The relay has not looked yet: there is no copy of its own to take back.
    let back = scene.houses[A].revoke(&share, Some(TO_C));
    assert_eq!(back.expect("taken back").households, [TO_C]);
    assert_eq!(scene.state("c"), "revoked");
    scene.settle();
    assert_eq!(
        scene.houses[C].share_named(&share).state,
        ShareState::Revoked
    );
    assert!(scene.houses[C].blobs().is_empty());
    assert_eq!(copies_by_d(&scene), ["deleted"]);
    assert_eq!(
        scene.state("c"),
        "untold",
        "by way of the relay nothing went"
    );
    assert!(!scene.written_to(B).contains(&TO_C.to_owned()));
}

#[test]
fn relay_does_not_forget_what_it_carries_because_another_copy_is_gone() {
    for to in [&B_TOO[..2], &B_TOO[1..2]] {
        let mut scene = given_to_d(to);
        let faults = scene.village.server.faults();
        let of = faults.of(scene.houses[B].mailbox.as_str());
        of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
        scene.village.try_sync(&mut scene.houses[B]).expect("sync");
        passed_on_and_taken_back(&mut scene);
        scene.village.try_sync(&mut scene.houses[B]).expect("sync");
        scene.village.server.faults().clear();
        scene.houses[B].wait(86_400);
        scene.settle();
        assert!(scene.opens(C, "carol"), "{to:?}");
        assert_eq!(scene.state("c"), "delivered", "{to:?}");
    }
}

#[test]
fn parts_that_were_asked_for_go_though_another_copy_is_taken_back() {
    let mut scene = given_to_d(&B_TOO[..2]);
    scene.pass(&[B]);
    // Only the letter gets there.
    let mails = scene.village.take_mail(&scene.houses[C]);
    scene.village.deliver(&scene.houses[C], &mails[0]);
    scene.pass(&[A, C]);
    scene.houses[C].wait(3_600);
    scene.pass(&[C]);
    let faults = scene.village.server.faults();
    let of = faults.of(scene.houses[A].mailbox.as_str());
    of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
    scene.village.try_sync(&mut scene.houses[A]).expect("sync");
    let waiting = scene.houses[A].queued();
    assert!(waiting > 0, "the parts wait");
    write_what_is_made_up(&scene);
    scene.village.try_sync(&mut scene.houses[A]).expect("sync");
    assert_eq!(copies_by_d(&scene), ["revoked"]);
    scene.village.server.faults().clear();
    scene.houses[A].wait(7_200);
    scene.settle();
    assert!(scene.opens(C, "carol"));
}
