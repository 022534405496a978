//! Revocations at the door of a household that has a copy: what their signer may not take back stays, and what it may
//! goes, whoever carries the word.

use crate::house;
use crate::house::road::{A, B, C, D, Road, rules};
use crate::tree;
use crate::tree::bent;
use crate::turned::turn_signature;
use hearthpost::album::ShareState;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Digest, Id, sign};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, SignedRevocation};

const E: usize = 4;

/// `c` has its copy.
fn holding() -> Road {
    let mut road = Road::new();
    road.honest_is_taken();
    road
}

fn body(der: Vec<u8>) -> Body {
    Body::Revocation(Bytes(der))
}

fn state(road: &Road) -> Option<ShareState> {
    let shares = road.houses[C].home.album.rows().shares().expect("rows");
    shares.first().map(|share| share.state)
}

/// `c` is as before; gives what it refused.
fn ends_nothing(road: &mut Road, from: usize, der: Vec<u8>) -> Vec<String> {
    let before = (road.houses[C].visible(), road.houses[C].queued());
    let refused = road.tells(from, &body(der));
    assert_eq!((road.houses[C].visible(), road.houses[C].queued()), before);
    assert_eq!(state(road), Some(ShareState::Complete));
    refused
}

/// The copy of `c` is gone, and nothing of it is on disk.
fn ends_it(road: &mut Road, from: usize, der: Vec<u8>) {
    let refused = road.tells(from, &body(der));
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!(state(road), Some(ShareState::Revoked));
    assert!(road.houses[C].blobs().is_empty());
}

#[test]
fn by_a_stranger_of_any_permit() {
    let mut road = holding();
    let digests = road.digests();
    for permit in digests {
        let der = road.revocation(E, Some(permit));
        assert_eq!(
            ends_nothing(&mut road, E, der),
            ["a stranger's revocation that ends nothing here"]
        );
    }
    let der = road.revocation(B, Some(digests[1]));
    ends_it(&mut road, B, der);
}

#[test]
fn by_a_known_household_of_a_permit_that_it_did_not_give() {
    let mut road = holding();
    let [origins, forwarders] = road.digests();
    for (by, permit) in [(B, origins), (D, origins), (D, forwarders)] {
        let der = road.revocation(by, Some(permit));
        ends_nothing(&mut road, by, der);
    }
    let der = road.revocation(A, Some(origins));
    ends_it(&mut road, B, der);
}

/// The JSON of a revocation, changed and signed anew.
fn written(road: &Road, by: usize, bend: impl FnOnce(String) -> String) -> Vec<u8> {
    let der = road.revocation(by, Some(road.digests()[1]));
    let signed = SignedRevocation::verify(&der).expect("good");
    let json = serde_json::to_string(signed.revocation()).expect("JSON");
    let house = &road.houses[by];
    sign(house.identity(), bend(json).as_bytes(), house.time()).expect("signed")
}

#[test]
fn of_the_whole_share_by_any_but_its_origin() {
    let mut road = holding();
    let permit = format!("\"{}\"", road.digests()[1]);
    let der = written(&road, B, |json| json.replace(&permit, "null"));
    assert_eq!(
        ends_nothing(&mut road, B, der),
        ["only the origin can end a whole share"]
    );
    let der = road.revocation(A, None);
    ends_it(&mut road, D, der);
}

#[test]
fn in_the_name_of_the_origin() {
    let mut road = holding();
    let (a, b) = (road.me(A).to_string(), road.me(B).to_string());
    let der = written(&road, B, |json| {
        json.replace(&format!("\"from\":\"{b}\""), &format!("\"from\":\"{a}\""))
    });
    assert_eq!(
        ends_nothing(&mut road, B, der),
        ["a revocation is not signed by whom it is from"]
    );
}

#[test]
fn that_names_this_permit_and_another_share() {
    let mut road = holding();
    let of = (road.me(A), Id::random());
    let time = road.houses[A].time();
    for permit in road.digests() {
        let signed = SignedRevocation::sign(of, Some(permit), time, road.houses[A].identity());
        let der = signed.expect("signed").der().to_vec();
        ends_nothing(&mut road, B, der);
    }
}

#[test]
fn with_a_byte_flipped_or_unsigned_attributes() {
    let mut road = holding();
    let good = road.revocation(A, None);
    let at = good
        .windows(8)
        .position(|w| w == b"\"issued\"")
        .expect("it")
        + 12;
    let mut flipped = good.clone();
    flipped[at] ^= 1;
    assert_eq!(ends_nothing(&mut road, B, flipped).len(), 1);
    let more = bent(&good, tree::add_unsigned_attribute);
    assert_eq!(ends_nothing(&mut road, B, more).len(), 1);
    ends_it(&mut road, B, good);
}

#[test]
fn the_other_form_of_its_signature_is_the_same_revocation() {
    let mut road = holding();
    let good = road.revocation(A, None);
    let turned = bent(&good, turn_signature);
    ends_it(&mut road, B, turned);
    road.tells(D, &body(good));
    let rows = road.houses[C].home.album.rows();
    let kept = rows.revocations(road.me(A), road.made.manifest.share);
    assert_eq!(kept.expect("rows").len(), 1);
}

#[test]
fn of_a_permit_whose_signature_was_turned() {
    let mut road = Road::new();
    let mail = road.mail_bent(road.draft(), |chain| {
        for permit in chain {
            *permit = bent(permit, turn_signature);
        }
    });
    road.takes(&mail);
    let der = road.revocation(A, Some(road.digests()[0]));
    ends_it(&mut road, B, der);
}

#[test]
fn before_its_grant_by_those_who_may_not() {
    let mut road = Road::new();
    let [origins, forwarders] = road.digests();
    let stranger = road.revocation(E, Some(forwarders));
    assert_eq!(
        road.tells(E, &body(stranger)),
        ["a stranger's revocation that ends nothing here"]
    );
    let known = road.revocation(D, Some(forwarders));
    road.tells(D, &body(known));
    let middle = road.revocation(B, Some(origins));
    road.tells(B, &body(middle));
    road.honest_is_taken();
}

#[test]
fn before_its_grant_by_those_who_may() {
    for (by, which) in [(B, 1), (A, 0)] {
        let mut road = Road::new();
        let der = road.revocation(by, Some(road.digests()[which]));
        road.tells(B, &body(der));
        let mail = road.mail(road.draft());
        road.village.deliver(&road.houses[C], &mail);
        let parts = road.made.mail(&road.houses[A]);
        road.village.deliver(&road.houses[C], &parts);
        road.village.sync(&mut road.houses[C]);
        assert_eq!(state(&road), None);
        assert!(road.houses[C].blobs().is_empty());
    }
}

#[test]
fn by_the_origin_that_is_a_stranger_here() {
    let mut road = holding();
    let der = road.revocation(A, None);
    ends_it(&mut road, A, der);
}

#[test]
fn by_a_household_that_was_blocked_since() {
    let mut road = holding();
    let b = road.houses[B].mailbox.clone();
    road.houses[C]
        .home
        .block_contact(&b, true)
        .expect("blocked");
    // What it says of others' permits counts as little as a stranger's.
    let der = road.revocation(B, Some(Digest::of(b"another")));
    assert_eq!(ends_nothing(&mut road, B, der).len(), 1);
    let der = road.revocation(B, Some(road.digests()[1]));
    ends_it(&mut road, B, der);
    // It is taken back, and still nobody writes there.
    assert_eq!(road.houses[C].queued(), 0);
}

#[test]
fn sent_again_after_a_new_grant() {
    let mut road = holding();
    let der = road.revocation(B, Some(road.digests()[1]));
    ends_it(&mut road, B, der.clone());
    let mut draft = road.draft();
    let later = Timestamp::from_unix(draft.header.issued.unix() + 5);
    draft.header.issued = later;
    draft.steps[1].permit.issued = later;
    let again = road.mail(draft);
    road.takes(&again);
    ends_nothing(&mut road, B, der);
    let der = road.revocation(A, None);
    ends_it(&mut road, B, der);
    // What the origin took back stays so, whatever is granted on it.
    let mut draft = road.draft();
    draft.header.issued = Timestamp::from_unix(later.unix() + 5);
    draft.steps[1].permit.issued = draft.header.issued;
    let mail = road.mail(draft);
    road.village.deliver(&road.houses[C], &mail);
    road.village.sync(&mut road.houses[C]);
    assert_eq!(state(&road), Some(ShareState::Revoked));
}

#[test]
fn permit_that_was_taken_back_carries_no_new_grant() {
    let mut road = holding();
    let der = road.revocation(A, Some(road.digests()[0]));
    ends_it(&mut road, B, der);
    // The forwarder keeps the old permit and writes a new letter on it, narrower or not.
    let mut draft = road.draft();
    draft.header.issued = Timestamp::from_unix(draft.header.issued.unix() + 60);
    draft.steps[1].permit.issued = draft.header.issued;
    draft.stations[0].rules = rules(&house::road::RULES.replace("display=1280", "display=64"));
    let mail = road.mail_bent(draft, |chain| chain[0] = bent(&chain[0], turn_signature));
    road.village.deliver(&road.houses[C], &mail);
    road.village.sync(&mut road.houses[C]);
    assert_eq!(state(&road), Some(ShareState::Revoked));
}

#[test]
fn more_than_a_household_has_reason_to_send() {
    const MOST: usize = 1_000;
    let mut road = holding();
    for known in [true, false] {
        for n in 0..MOST + 20 {
            let named = Digest::of(format!("{known} {n}").as_bytes());
            let share = if known {
                road.made.manifest.share
            } else {
                Id::random()
            };
            let of = (road.me(A), share);
            let time = road.houses[D].time();
            let signed = SignedRevocation::sign(of, Some(named), time, road.houses[D].identity());
            let header = road.houses[D].header(&road.houses[C]);
            let body = body(signed.expect("signed").der().to_vec());
            let mail = road.houses[D].letter(&road.houses[C], &header, &body);
            road.village.deliver(&road.houses[C], &mail);
        }
    }
    let done = road.village.sync(&mut road.houses[C]);
    assert_eq!(done.refused.len(), MOST + 40);
    assert_eq!(state(&road), Some(ShareState::Complete));
    let rows = road.houses[C].home.album.rows();
    let kept = rows.revocations(road.me(A), road.made.manifest.share);
    assert_eq!(kept.expect("rows").len(), MOST);
    // Who may take it back is heard all the same.
    let der = road.revocation(B, Some(road.digests()[1]));
    ends_it(&mut road, B, der);
}

#[test]
fn longer_than_any_can_be() {
    let mut road = holding();
    let wide = |road: &Road, by| {
        written(road, by, |json| {
            json.replacen('{', &format!("{{{}", " ".repeat(16 * 1024)), 1)
        })
    };
    for by in [B, D] {
        let der = wide(&road, by);
        let refused = ends_nothing(&mut road, by, der);
        assert_eq!(refused, ["a revocation of more than 16 KiB"]);
    }
    let rows = road.houses[C].home.album.rows();
    let kept = rows.revocations(road.me(A), road.made.manifest.share);
    assert!(kept.expect("rows").is_empty());
}
