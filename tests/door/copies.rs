//! Word of copies further on that is too much: in their number, in bytes, in what is to be told of them, in the work that
//! each letter makes.

use crate::house::passed::{A, B, C, D, Passed, shared};
use crate::house::told::{by_chain, changes_nothing, know, next, receipt, with};
use hearthpost::album::{CopyState, OnwardCopy};
use hearthpost::envelope::{Digest, Id, sign};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, ReceiptState, SignedPermit, SignedRevocation};

#[test]
fn of_more_copies_than_there_can_be() {
    const MOST: usize = 1_000;
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let chain = s.chain(B);
    let share = s.houses[A].share_named(&s.share);
    // Each to a household that never was.
    let copy = |s: &Passed, n: usize| {
        let permit = next(s, B, D, &chain, |new| {
            let nobody = Digest::of(format!("nobody {n}").as_bytes());
            new.to = nobody.to_string().parse().expect("a fingerprint");
        });
        with(&chain, &permit)
    };
    let before: Vec<Vec<Bytes>> = (0..MOST - 10).map(|n| copy(&s, n)).collect();
    let before: Vec<_> = before.iter().map(|chain| by_chain(chain)).collect();
    know(&mut s, &share, B, &before);
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
    let before: Vec<_> = before.iter().map(|chain| by_chain(chain)).collect();
    know(&mut s, &share, B, &before);
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
    let permits: Vec<SignedPermit> = (0..MANY)
        .map(|n| {
            next(&s, B, D, &chain, |new| {
                let nobody = Digest::of(format!("nobody {n}").as_bytes());
                new.to = nobody.to_string().parse().expect("a fingerprint");
            })
        })
        .collect();
    // Nothing that would be verified is good any more: whoever reads these rows reads what they say.
    let rows_of = permits[1..].iter().map(|permit| {
        let chain = vec![spoiled(&chain[0].0), spoiled(permit.der())];
        (permit.clone(), chain)
    });
    know(&mut s, &share, B, &rows_of.collect::<Vec<_>>());
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
    let (early, by_b) = (by(&s, B, permits[0].digest()), s.me(B));
    let kept = s.houses[A].home.album.commit(|rows| {
        let signed = spoiled(early.der());
        let of = (share.origin, share.wire);
        rows.put_revocation(of, (early.digest(), &signed), by_b, share.arrived)
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
