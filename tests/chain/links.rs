//! Checks 1, 2 and 5: who signed what and to whom, the length of the chain, its age. One fault each.

use hearthpost::envelope::{Digest, Id};
use hearthpost::message::check::check_outgoing;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, Code, SignedPermit, SignedRevocation, check_chain};
use hearthpost::rules::Tier;

use crate::households::draft::{Draft, SHARE, item_keys, looking, manifest_of, station};
use crate::households::{anna, bob, home, now};
use crate::{named, onward_of, refused, three, unknown_item};

#[test]
fn chains_of_one_to_four_pass() {
    for steps in 1..=4 {
        let letter = Draft::whole(steps).check().expect("passes");
        assert_eq!(letter.chain.len(), steps);
        assert!(letter.passed_on());
    }
    named().check().expect("passes");
}

#[test]
fn a_sender_asks_the_same_check() {
    let outgoing = |draft: &Draft| match draft.body() {
        Body::Grant(grant, manifest) => check_outgoing(&grant, &manifest),
        _ => unreachable!("a draft is a grant"),
    };
    outgoing(&three()).expect("passes");
    let mut wide = three();
    wide.stations = vec![station("bob", looking(4000))];
    assert_eq!(outgoing(&wide).expect_err("refused").code, Code::Wider);
    let mut other = three();
    other.share = Id::random();
    assert_eq!(outgoing(&other).expect_err("refused").code, Code::Chain);
}

#[test]
fn grant_for_another_server() {
    refused(
        &three(),
        |d| d.to = 4,
        Code::Addressee,
        "for another server",
    );
}

#[test]
fn grant_read_by_another_server() {
    refused(
        &three(),
        |d| d.me = 4,
        Code::Addressee,
        "for another server",
    );
}

#[test]
fn last_permit_for_another_server() {
    refused(
        &three(),
        |d| d.steps[2].to = 4,
        Code::Addressee,
        "last permit",
    );
}

#[test]
fn grant_signed_by_another_than_its_last_permit() {
    refused(
        &three(),
        |d| d.from = 1,
        Code::Signature,
        "not signed by whom its last permit is from",
    );
}

#[test]
fn grant_of_another_share() {
    refused(
        &three(),
        |d| d.share = Id::random(),
        Code::Chain,
        "of another share",
    );
}

#[test]
fn grant_of_another_origin() {
    refused(
        &three(),
        |d| d.origin = bob().fingerprint(),
        Code::Chain,
        "of another share",
    );
}

#[test]
fn permit_of_another_share_at_step_2() {
    refused(
        &three(),
        |d| d.steps[1].share = Id::random(),
        Code::Chain,
        "step 2 of the chain is of another share",
    );
}

#[test]
fn permit_of_another_origin_at_step_3() {
    refused(
        &three(),
        |d| d.steps[2].origin = bob().fingerprint(),
        Code::Chain,
        "step 3 of the chain is of another share",
    );
}

#[test]
fn permit_of_another_manifest_at_step_2() {
    refused(
        &three(),
        |d| d.steps[1].manifest = Digest::of(b"x"),
        Code::Chain,
        "step 2 of the chain is of another share",
    );
}

#[test]
fn manifest_not_the_one_that_the_permits_name() {
    let fault = |d: &mut Draft| {
        for step in &mut d.steps {
            step.manifest = Digest::of(b"x");
        }
    };
    refused(
        &three(),
        fault,
        Code::Manifest,
        "not the one that the permits name",
    );
    refused(
        &three(),
        |d| d.manifest = manifest_of(SHARE.id, &SHARE.items[..3]),
        Code::Manifest,
        "not the one",
    );
}

#[test]
fn manifest_of_another_share() {
    refused(
        &three(),
        |d| d.manifest = manifest_of(Id::random(), &SHARE.items),
        Code::Manifest,
        "of another share",
    );
}

#[test]
fn chain_that_does_not_begin_at_the_origin() {
    refused(
        &three(),
        |d| drop(d.steps.remove(0)),
        Code::Chain,
        "begin at the origin",
    );
    refused(
        &three(),
        |d| d.steps[0].parent = Some(Some(Digest::of(b"x"))),
        Code::Chain,
        "begin at the origin",
    );
}

#[test]
fn chain_with_a_gap() {
    refused(
        &three(),
        |d| drop(d.steps.remove(1)),
        Code::Chain,
        "step 2 of the chain does not follow",
    );
}

#[test]
fn signer_that_was_not_granted_at_step_2() {
    refused(
        &three(),
        |d| d.steps[1].signer = 5,
        Code::Chain,
        "step 2 of the chain does not follow",
    );
}

#[test]
fn parent_of_another_permit_at_step_3() {
    refused(
        &three(),
        |d| d.steps[2].parent = Some(Some(Digest::of(b"x"))),
        Code::Chain,
        "step 3 of the chain does not follow",
    );
    refused(
        &three(),
        |d| d.steps[2].parent = Some(None),
        Code::Chain,
        "step 3 of the chain does not follow",
    );
}

#[test]
fn permit_swapped_for_another_grant_of_the_same_step() {
    // Bob's wider permit beside the one that Carla's names: the digest of the parent tells.
    let mut chain = three().chain();
    let mut wide = three();
    onward_of(&mut wide, 0).rules = looking(9000);
    chain[0] = wide.chain().swap_remove(0);
    let ders: Vec<Bytes> = chain
        .iter()
        .map(|permit| Bytes(permit.der().to_vec()))
        .collect();
    assert_eq!(check_chain(&ders).expect_err("refused").code, Code::Chain);
}

#[test]
fn permit_tampered() {
    let mut ders: Vec<Bytes> = three()
        .chain()
        .iter()
        .map(|permit| Bytes(permit.der().to_vec()))
        .collect();
    let at = ders[1]
        .0
        .windows(7)
        .position(|w| w == b"preview")
        .expect("its tier");
    ders[1].0[at..at + 7].copy_from_slice(b"thumb  ");
    assert_eq!(
        check_chain(&ders).expect_err("refused").code,
        Code::Signature
    );
}

#[test]
fn permit_signed_by_another_than_its_from() {
    let permit = &three().chain()[0];
    let json = serde_json::to_vec(permit.permit()).expect("JSON");
    let forged = hearthpost::envelope::sign(&bob().identity, &json, now()).expect("signed");
    let refusal = SignedPermit::verify(&forged).expect_err("refused");
    assert_eq!(refusal.code, Code::Signature);
}

#[test]
fn permit_of_an_item_that_the_manifest_does_not_have() {
    let fault = |d: &mut Draft| {
        for step in &mut d.steps {
            step.items = Some(vec![SHARE.items[0], unknown_item()]);
        }
        d.keys = item_keys(&SHARE.items[..1], Tier::Preview);
    };
    refused(&three(), fault, Code::Manifest, "a permit names an item");
}

#[test]
fn key_of_an_item_that_the_manifest_does_not_have() {
    refused(
        &three(),
        |d| d.keys = item_keys(&[unknown_item()], Tier::Thumb),
        Code::Manifest,
        "a key is for an item",
    );
}

// 2: short, and nobody met twice.

#[test]
fn chain_of_five() {
    refused(
        &Draft::whole(4),
        |d| *d = Draft::whole(5),
        Code::Chain,
        "a chain of 5 permits",
    );
}

#[test]
fn chain_of_none() {
    refused(
        &three(),
        |d| d.steps.clear(),
        Code::Chain,
        "a chain of 0 permits",
    );
}

#[test]
fn chain_back_to_the_origin() {
    let fault = |d: &mut Draft| {
        (d.steps[1].to, d.steps[2].signer) = (0, 0);
        d.from = 0;
    };
    refused(
        &three(),
        fault,
        Code::Chain,
        "step 2 of the chain comes back",
    );
}

#[test]
fn chain_back_to_a_household_it_met() {
    refused(
        &three(),
        |d| (d.steps[2].to, d.to, d.me) = (1, 1, 1),
        Code::Chain,
        "step 3 of the chain comes back",
    );
}

#[test]
fn permit_to_its_own_signer() {
    refused(
        &Draft::whole(1),
        |d| (d.steps[0].to, d.to, d.me) = (0, 0, 0),
        Code::Chain,
        "step 1 of the chain comes back",
    );
}

#[test]
fn grant_of_90_days_ago() {
    let mut draft = three();
    draft.issued = now().minus_seconds(90 * 86_400 - 1);
    refused(
        &draft,
        |d| d.issued = now().minus_seconds(90 * 86_400),
        Code::Stale,
        "too long ago",
    );
}

#[test]
fn grant_from_the_day_after_tomorrow() {
    let mut draft = three();
    draft.issued = now().plus_seconds(86_400);
    refused(
        &draft,
        |d| d.issued = now().plus_seconds(25 * 3_600),
        Code::Stale,
        "in the future",
    );
}

#[test]
fn staleness_never_hides_another_fault() {
    // Stale alone may wait until the clock is confirmed, so that it is judged last.
    let mut draft = three();
    draft.issued = now().plus_seconds(25 * 3_600);
    draft.steps[1].tier = Tier::Original;
    assert_eq!(draft.check().expect_err("refused").code, Code::Wider);
}

#[test]
fn a_revocation_ends_what_its_signer_gave_and_nothing_else() {
    let chain = three().chain();
    let revoke = |by: usize, permit: Option<Digest>| {
        let share = (anna().fingerprint(), SHARE.id);
        let signed = SignedRevocation::sign(share, permit, now(), &home(by).identity);
        signed.expect("signed")
    };
    let step = |n: usize| Some(chain[n].digest());
    // The origin ends the share, or any permit of it; others the permit that they gave.
    for (by, permit) in [
        (0, None),
        (0, step(0)),
        (0, step(2)),
        (1, step(1)),
        (2, step(2)),
    ] {
        assert!(revoke(by, permit).ends(&chain), "{by} ends {permit:?}");
    }
    let elsewhere = Some(Digest::of(b"x"));
    for (by, permit) in [
        (1, step(0)),
        (1, step(2)),
        (3, step(2)),
        (2, step(1)),
        (0, elsewhere),
    ] {
        assert!(!revoke(by, permit).ends(&chain), "{by} ends {permit:?}");
    }
    // What lies above an ended permit stays, and so does another share.
    assert!(!revoke(1, step(1)).ends(&chain[..1]));
    let of_other = SignedRevocation::sign(
        (anna().fingerprint(), Id::random()),
        None,
        now(),
        &home(0).identity,
    );
    assert!(!of_other.expect("signed").ends(&chain));
    assert!(!revoke(0, None).ends(&[]));
}
