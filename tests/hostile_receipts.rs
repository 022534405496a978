//! Receipts by those whom they do not concern: another's chain, a chain that was made up, a forwarder that answers for
//! another. What is known of each copy stays as it is, and nobody is written to.

mod house;

use hearthpost::album::{AlbumError, CopyState, OnwardCopy};
use hearthpost::envelope::{Digest, Id, sign};
use hearthpost::message::grant::Bytes;
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{
    Body, Code, Onward, Receipt, ReceiptState, SignedPermit, SignedRevocation,
};
use hearthpost::rules::Tier;
use house::forge::signed;
use house::passed::{A, B, C, D, Passed, passed_on, shared, stranger};
use house::road::rules;

const NOT_THERE: &str = "the chain does not lead to whom it is signed by";
const NOTHING: &str = "a receipt from a household that was granted nothing";

fn receipt(s: &Passed, state: ReceiptState, chain: Vec<Bytes>) -> Body {
    let share = s.houses[A].share_named(&s.share);
    Body::Receipt(Receipt {
        share: share.wire,
        origin: share.origin,
        state,
        reason: None,
        letter: None,
        chain,
    })
}

fn refusal(s: &Passed, letter: Id) -> Body {
    let Body::Receipt(receipt) = receipt(s, ReceiptState::Refused, Vec::new()) else {
        unreachable!("it is a receipt");
    };
    Body::Receipt(Receipt {
        reason: Some(Code::Quota),
        letter: Some(letter),
        ..receipt
    })
}

/// All that a house knows, and how much it has written to anyone.
fn all(s: &Passed, at: usize) -> (String, String, usize, usize) {
    let house = &s.houses[at];
    let mails = s.village.server.transactions().len();
    (house.visible(), house.given(), house.queued(), mails)
}

/// `from` tells `at`, which is as before; gives what it refused.
fn changes_nothing(s: &mut Passed, from: usize, at: usize, body: &Body) -> Vec<String> {
    let before = all(s, at);
    let refused = s.tells(from, at, body);
    assert_eq!(all(s, at), before);
    refused
}

/// A permit by one to another, standing on the last of a chain.
fn next(
    s: &Passed,
    by: usize,
    to: usize,
    onto: &[Bytes],
    bend: impl FnOnce(&mut NewPermit),
) -> SignedPermit {
    let last = SignedPermit::verify(&onto.last().expect("a permit").0).expect("good");
    let mut new = NewPermit {
        share: last.permit().share,
        origin: last.permit().origin,
        manifest: last.permit().manifest,
        to: s.me(to),
        parent: Some(last.digest()),
        items: None,
        tier: Tier::Thumb,
        onward: None,
        issued: s.houses[by].time(),
    };
    bend(&mut new);
    signed(new, &s.houses[by])
}

fn with(chain: &[Bytes], permit: &SignedPermit) -> Vec<Bytes> {
    let mut chain = chain.to_vec();
    chain.push(Bytes(permit.der().to_vec()));
    chain
}

#[test]
fn of_anothers_copy_by_a_household_that_has_none() {
    let mut s = passed_on();
    for (at, owner) in [(A, B), (A, C), (B, C)] {
        for state in [ReceiptState::Complete, ReceiptState::Deleted] {
            let body = receipt(&s, state, s.chain(owner));
            assert_eq!(changes_nothing(&mut s, D, at, &body), [NOT_THERE]);
        }
    }
    // Those whose copies they are may say so.
    let body = receipt(&s, ReceiptState::Deleted, s.chain(C));
    for at in [A, B] {
        let before = s.houses[at].given();
        assert_eq!(s.tells(C, at, &body), Vec::<String>::new());
        assert_ne!(s.houses[at].given(), before);
    }
}

#[test]
fn of_a_copy_further_on_by_the_forwarder_that_answers_for_it() {
    let mut s = passed_on();
    for state in [ReceiptState::Complete, ReceiptState::Deleted] {
        let body = receipt(&s, state, s.chain(C));
        assert_eq!(changes_nothing(&mut s, B, A, &body), [NOT_THERE]);
    }
}

#[test]
fn of_a_copy_further_on_by_the_origin() {
    let mut s = passed_on();
    let body = receipt(&s, ReceiptState::Deleted, s.chain(C));
    assert_eq!(changes_nothing(&mut s, A, B, &body), [NOT_THERE]);
}

#[test]
fn of_the_copy_that_it_is_told_to() {
    // `b` itself has this one; nothing of it is from `b`.
    let mut s = passed_on();
    let body = receipt(&s, ReceiptState::Deleted, s.chain(B));
    let refused = changes_nothing(&mut s, C, B, &body);
    assert_eq!(refused, ["no permit of the chain is from here"]);
}

#[test]
fn with_a_chain_that_was_made_up() {
    let mut s = passed_on();
    let own = |by: usize, to: usize, parent: bool| {
        let permit = next(&s, by, to, &s.chain(B), |new| {
            new.parent = new.parent.filter(|_| parent);
        });
        Bytes(permit.der().to_vec())
    };
    let first = s.chain(B)[0].clone();
    let made_up = [
        // A share that begins elsewhere than at its origin.
        vec![own(D, C, false)],
        // A permit that stands on another's, which is not for whom it is from.
        vec![first.clone(), own(D, C, true)],
        vec![first.clone(), own(C, D, true)],
        // The same twice, and from the middle on.
        vec![first.clone(), first.clone()],
        vec![s.chain(C)[1].clone()],
        Vec::new(),
    ];
    for (n, chain) in made_up.into_iter().enumerate() {
        for state in [ReceiptState::Complete, ReceiptState::Forwarded] {
            let body = receipt(&s, state, chain.clone());
            let refused = changes_nothing(&mut s, D, A, &body);
            assert_eq!(refused.len(), 1, "{n} {state:?}");
        }
    }
}

#[test]
fn with_a_permit_in_the_name_of_the_origin() {
    let mut s = passed_on();
    let (a, d) = (s.me(A).to_string(), s.me(D).to_string());
    let permit = next(&s, D, D, &s.chain(B), |new| new.parent = None);
    let json = serde_json::to_string(permit.permit()).expect("JSON");
    let json = json.replace(&format!("\"from\":\"{d}\""), &format!("\"from\":\"{a}\""));
    let house = &s.houses[D];
    let der = sign(house.identity(), json.as_bytes(), house.time()).expect("signed");
    let body = receipt(&s, ReceiptState::Complete, vec![Bytes(der)]);
    let refused = changes_nothing(&mut s, D, A, &body);
    assert_eq!(refused, ["a permit is not signed by whom it is from"]);
}

#[test]
fn with_the_chain_of_another_share() {
    let mut s = passed_on();
    let items = {
        let path = s.houses[A].folder.join("hill.jpg");
        house::picture(&path, 200, 320);
        s.houses[A].import(&[path])
    };
    let order = house::order(&[&items[0]], &["home-d@d.example"], "display=200");
    let other = s.houses[A].share(&order).expect("recorded").share;
    s.settle();
    let this = std::mem::replace(&mut s.share, other);
    let chain = s.chain(D);
    s.share = this;
    for state in [
        ReceiptState::Complete,
        ReceiptState::Deleted,
        ReceiptState::Forwarded,
    ] {
        let body = receipt(&s, state, chain.clone());
        let refused = changes_nothing(&mut s, D, A, &body);
        assert_eq!(refused, ["the chain is of another share"]);
    }
}

#[test]
fn that_tells_of_a_copy_by_one_who_did_not_pass_it_on() {
    let mut s = passed_on();
    let body = receipt(&s, ReceiptState::Forwarded, s.chain(C));
    // `c` is where it ends, `d` stands nowhere in it.
    for from in [C, D] {
        assert_eq!(changes_nothing(&mut s, from, A, &body), [NOT_THERE]);
    }
    // A chain that goes no further than the one who tells.
    let body = receipt(&s, ReceiptState::Forwarded, s.chain(B));
    assert_eq!(changes_nothing(&mut s, B, A, &body), [NOT_THERE]);
}

#[test]
fn that_tells_of_a_copy_that_may_not_be() {
    let mut s = passed_on();
    // `c` may not pass it on at all; `b` gives more than it may.
    let chain = s.chain(C);
    let further = with(&chain, &next(&s, C, D, &chain, |_| ()));
    let chain = s.chain(B);
    let more = with(
        &chain,
        &next(&s, B, D, &chain, |new| {
            new.tier = Tier::Original;
            new.onward = Some(Onward {
                tier: Tier::Original,
                rules: rules("display=full,print=full,store=full,forward=yes"),
                to: None,
            });
        }),
    );
    let round = with(&s.chain(C), &next(&s, C, A, &s.chain(C), |_| ()));
    for (from, at, chain) in [
        (C, A, further.clone()),
        (C, B, further),
        (B, A, more),
        (C, A, round),
    ] {
        let body = receipt(&s, ReceiptState::Forwarded, chain);
        let refused = changes_nothing(&mut s, from, at, &body);
        assert_eq!(refused.len(), 1);
    }
}

#[test]
fn refusal_of_a_letter_that_was_written_to_another() {
    let mut s = passed_on();
    let letter = s.houses[A].destinations(&s.share).remove(0).letter;
    for from in [C, D] {
        let body = refusal(&s, letter);
        assert_eq!(changes_nothing(&mut s, from, A, &body), [NOTHING]);
    }
    // Its own, and of a letter that was not the last: there is a newer one with a receipt of its own.
    let body = refusal(&s, Id::random());
    assert_eq!(changes_nothing(&mut s, B, A, &body), Vec::<String>::new());
}

#[test]
fn by_a_stranger_and_by_a_household_that_is_blocked() {
    let mut s = passed_on();
    let stranger = stranger(&s.village, "e");
    let body = receipt(&s, ReceiptState::Deleted, s.chain(B));
    s.houses.push(stranger);
    let refused = changes_nothing(&mut s, D + 1, A, &body);
    assert_eq!(refused, ["a receipt from a household that is not known"]);
    let b = s.houses[B].mailbox.clone();
    s.houses[A].home.block_contact(&b, true).expect("blocked");
    let refused = changes_nothing(&mut s, B, A, &body);
    assert_eq!(refused, ["a letter from a blocked household"]);
}

#[test]
fn another_cannot_end_the_telling_of_a_revocation() {
    let mut s = passed_on();
    // `b` is away while it is told.
    let chains = [s.chain(B), s.chain(C)];
    s.houses[A].revoke(&s.share, None).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    for (from, chain) in [(D, &chains[0]), (C, &chains[0]), (D, &chains[1])] {
        let body = receipt(&s, ReceiptState::Deleted, chain.clone());
        assert_eq!(changes_nothing(&mut s, from, A, &body).len(), 1);
    }
    // That it was complete crossed the revocation on the way, and revives nothing.
    let body = receipt(&s, ReceiptState::Complete, chains[0].clone());
    assert_eq!(changes_nothing(&mut s, B, A, &body), Vec::<String>::new());
    s.village.take_mail(&s.houses[B]);
    s.houses[A].wait(86_400);
    s.village.sync(&mut s.houses[A]);
    assert_eq!(s.village.inbox(&s.houses[B]).len(), 1, "told again");
    let body = receipt(&s, ReceiptState::Deleted, chains[0].clone());
    s.tells(B, A, &body);
    s.houses[A].wait(86_400);
    s.village.sync(&mut s.houses[A]);
    assert_eq!(s.village.inbox(&s.houses[B]).len(), 1, "it has said so");
}

#[test]
fn of_more_copies_than_there_can_be() {
    const MOST: usize = 1_000;
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let chain = s.chain(B);
    let share = s.houses[A].share_named(&s.share);
    let branch = s.houses[B].home.me();
    // Each to a household that never was.
    let copy = |s: &Passed, n: usize| {
        let permit = next(s, B, D, &chain, |new| {
            let nobody = Digest::of(format!("nobody {n}").as_bytes());
            new.to = nobody.to_string().parse().expect("a fingerprint");
        });
        with(&chain, &permit)
    };
    let before: Vec<Vec<Bytes>> = (0..MOST - 10).map(|n| copy(&s, n)).collect();
    let noted = s.houses[A].home.album.commit(|rows| {
        for chain in &before {
            let permit = SignedPermit::verify(&chain[1].0).expect("good");
            rows.put_onward_copy(&OnwardCopy {
                permit: permit.digest(),
                share: share.id,
                branch,
                holder: permit.permit().to,
                chain: chain.iter().map(|der| der.0.clone()).collect(),
                state: CopyState::Forwarded,
                changed: share.arrived,
            })?;
        }
        Ok::<_, AlbumError>(())
    });
    noted.expect("rows");
    for n in MOST - 10..MOST + 30 {
        let body = receipt(&s, ReceiptState::Forwarded, copy(&s, n));
        s.write(B, A, &body);
    }
    let done = s.village.sync(&mut s.houses[A]);
    assert_eq!(done.refused, vec!["too many copies of one share"; 30]);
    assert_eq!(done.submitted, 0, "nobody is answered");
    let rows = s.houses[A].home.album.rows();
    assert_eq!(rows.onward_copies(share.id).expect("rows").len(), MOST);
    // To whom it was given is told all the same when it is taken back.
    s.houses[A].revoke(&s.share, None).expect("taken back");
    s.settle();
    assert!(s.houses[B].blobs().is_empty());
}

#[test]
fn of_copies_at_a_household_that_is_to_be_flooded() {
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let chain = s.chain(B);
    let share = s.houses[A].share_named(&s.share);
    let before = s.mailed(D).0;
    for n in 0..30 {
        let permit = next(&s, B, D, &chain, |new| {
            new.issued = new.issued.plus_seconds(n);
        });
        let body = receipt(&s, ReceiptState::Forwarded, with(&chain, &permit));
        s.write(B, A, &body);
        let of = (share.origin, share.wire);
        let time = s.houses[B].time();
        let signed =
            SignedRevocation::sign(of, Some(permit.digest()), time, s.houses[B].identity());
        let signed = signed
            .map_err(|refused| refused.to_string())
            .expect("signed");
        s.write(B, A, &Body::Revocation(Bytes(signed.der().to_vec())));
    }
    s.village.sync(&mut s.houses[A]);
    assert!(s.mailed(D).0 - before <= 10, "{}", s.mailed(D).0 - before);
}

/// A permit by `by` with its JSON changed, signed all the same.
fn bent(
    s: &Passed,
    by: usize,
    to: usize,
    onto: &[Bytes],
    bend: impl FnOnce(String) -> String,
) -> Vec<Bytes> {
    let permit = next(s, by, to, onto, |_| ());
    let json = bend(serde_json::to_string(permit.permit()).expect("JSON"));
    let house = &s.houses[by];
    let der = sign(house.identity(), json.as_bytes(), house.time()).expect("signed");
    let mut chain = onto.to_vec();
    chain.push(Bytes(der));
    chain
}

#[test]
fn of_copies_whose_permits_are_larger_than_any_can_be() {
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let chain = s.chain(B);
    let items: Vec<String> = (0..2_001)
        .map(|_| format!("\"{}\"", Id::random()))
        .collect();
    let items = format!("\"items\":[{}]", items.join(","));
    let many = bent(&s, B, C, &chain, |json| {
        json.replacen("\"items\":null", &items, 1)
    });
    let wide = bent(&s, B, C, &chain, |json| {
        json.replacen('{', &format!("{{{}", " ".repeat(3_000_000)), 1)
    });
    for (chain, words) in [
        (many, "a permit for 2001 items; 2000 at most"),
        (wide, "a permit of more than 128 KiB"),
    ] {
        let body = receipt(&s, ReceiptState::Forwarded, chain);
        assert_eq!(changes_nothing(&mut s, B, A, &body), [words]);
    }
}

#[test]
fn of_a_copy_of_items_that_the_share_does_not_have() {
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let chain = s.chain(B);
    let wire = s.houses[A].items(&s.share)[0].wire;
    let of = |s: &Passed, items| {
        let permit = next(s, B, C, &chain, |new| new.items = Some(items));
        receipt(s, ReceiptState::Forwarded, with(&chain, &permit))
    };
    let body = of(&s, vec![wire, Id::random()]);
    let words = "a permit names an item that the manifest does not have";
    assert_eq!(changes_nothing(&mut s, B, A, &body), [words]);
    let body = of(&s, vec![wire]);
    assert_eq!(s.tells(B, A, &body), Vec::<String>::new());
    let share = s.houses[A].share_named(&s.share);
    let rows = s.houses[A].home.album.rows();
    assert_eq!(rows.onward_copies(share.id).expect("rows").len(), 1);
}

#[test]
fn of_copies_whose_permits_are_together_too_large() {
    const MOST: usize = 16 * 1024 * 1024;
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let chain = s.chain(B);
    let share = s.houses[A].share_named(&s.share);
    let branch = s.houses[B].home.me();
    let copy = |s: &Passed, n: usize, wide: usize| {
        bent(s, B, D, &chain, |json| {
            let nobody = Digest::of(format!("nobody {n}").as_bytes());
            let json = json.replace(&s.me(D).to_string(), &nobody.to_string());
            json.replacen('{', &format!("{{{}", " ".repeat(wide)), 1)
        })
    };
    let (mut sum, mut n) = (0, 0);
    let mut before = Vec::new();
    loop {
        let one = copy(&s, n, 120_000);
        let len = one.iter().map(|der| der.0.len()).sum::<usize>();
        if sum + 2 * len > MOST {
            break;
        }
        sum += len;
        before.push(one);
        n += 1;
    }
    let noted = s.houses[A].home.album.commit(|rows| {
        for chain in &before {
            let permit = SignedPermit::verify(&chain[1].0).expect("good");
            rows.put_onward_copy(&OnwardCopy {
                permit: permit.digest(),
                share: share.id,
                branch,
                holder: permit.permit().to,
                chain: chain.iter().map(|der| der.0.clone()).collect(),
                state: CopyState::Forwarded,
                changed: share.arrived,
            })?;
        }
        Ok::<_, AlbumError>(())
    });
    noted.expect("rows");
    // There is room for one more and a small one, not for two.
    for (n, wide) in [(n, 120_000), (n + 1, 120_000)] {
        let body = receipt(&s, ReceiptState::Forwarded, copy(&s, n, wide));
        s.write(B, A, &body);
    }
    let body = receipt(&s, ReceiptState::Forwarded, copy(&s, n + 2, 0));
    s.write(B, A, &body);
    let done = s.village.sync(&mut s.houses[A]);
    assert_eq!(done.refused, ["too many copies of one share"]);
    let rows = s.houses[A].home.album.rows();
    let copies = rows.onward_copies(share.id).expect("rows");
    let bytes = |copy: &OnwardCopy| copy.chain.iter().map(Vec::len).sum::<usize>();
    assert!(copies.iter().map(bytes).sum::<usize>() <= MOST);
    assert_eq!(copies.len(), n + 2);
}

/// The last byte is of the signature.
fn spoiled(der: &[u8]) -> Vec<u8> {
    let mut der = der.to_vec();
    *der.last_mut().expect("bytes") ^= 1;
    der
}

#[test]
fn thousand_copies_are_not_verified_again_with_each_letter() {
    const MANY: usize = 1_000;
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let chain = s.chain(B);
    let share = s.houses[A].share_named(&s.share);
    let branch = s.houses[B].home.me();
    let permits: Vec<SignedPermit> = (0..MANY)
        .map(|n| {
            next(&s, B, D, &chain, |new| {
                let nobody = Digest::of(format!("nobody {n}").as_bytes());
                new.to = nobody.to_string().parse().expect("a fingerprint");
            })
        })
        .collect();
    // Nothing that would be verified is good any more: whoever reads these rows reads what they say.
    let noted = s.houses[A].home.album.commit(|rows| {
        for permit in &permits[1..] {
            rows.put_onward_copy(&OnwardCopy {
                permit: permit.digest(),
                share: share.id,
                branch,
                holder: permit.permit().to,
                chain: vec![spoiled(&chain[0].0), spoiled(permit.der())],
                state: CopyState::Forwarded,
                changed: share.arrived,
            })?;
        }
        Ok::<_, AlbumError>(())
    });
    noted.expect("rows");
    let by = |s: &Passed, who: usize, permit: Digest| {
        let (of, house) = ((share.origin, share.wire), &s.houses[who]);
        let signed = SignedRevocation::sign(of, Some(permit), house.time(), house.identity());
        signed.expect("signed")
    };
    let ended = |s: &Passed| {
        let copies = s.houses[A].home.album.rows().onward_copies(share.id);
        let over = |copy: &&OnwardCopy| copy.state == CopyState::Revoked;
        copies.expect("rows").iter().filter(over).count()
    };
    let told = |signed: &[u8]| Body::Revocation(Bytes(signed.to_vec()));
    // One who may not, and one who may.
    let body = told(by(&s, D, permits[5].digest()).der());
    assert_eq!(s.tells(D, A, &body), Vec::<String>::new());
    assert_eq!(ended(&s), 0);
    let revoked = by(&s, B, permits[5].digest());
    assert_eq!(s.tells(B, A, &told(revoked.der())), Vec::<String>::new());
    assert_eq!(ended(&s), 1);
    // A revocation that is remembered counts for a copy that is told of later.
    let early = by(&s, B, permits[0].digest());
    let kept = s.houses[A].home.album.commit(|rows| {
        let signed = spoiled(early.der());
        let of = (share.origin, share.wire);
        rows.put_revocation(of, (early.digest(), &signed), branch, share.arrived)
    });
    kept.expect("rows");
    let late = with(&chain, &permits[0]);
    let body = receipt(&s, ReceiptState::Forwarded, late);
    assert_eq!(s.tells(B, A, &body), Vec::<String>::new());
    assert_eq!(ended(&s), 2);
    // What comes by mail is verified as before.
    let spoiled = spoiled(by(&s, B, permits[7].digest()).der());
    assert_eq!(s.tells(B, A, &told(&spoiled)).len(), 1);
    let late = vec![chain[0].clone(), Bytes(self::spoiled(permits[8].der()))];
    let body = receipt(&s, ReceiptState::Forwarded, late);
    assert_eq!(s.tells(B, A, &body).len(), 1);
    assert_eq!(ended(&s), 2);
}
