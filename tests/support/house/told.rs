//! What households say of copies, bent: permits, chains and receipts beside those that are true.

use hearthpost::album::{AlbumError, CopyState, OnwardCopy, Share};
use hearthpost::message::grant::Bytes;
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{Body, Receipt, ReceiptState, SignedPermit};
use hearthpost::rules::Tier;

use super::forge::signed;
use super::passed::{A, Passed};

pub fn receipt(s: &Passed, state: ReceiptState, chain: Vec<Bytes>) -> Body {
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

/// All that a house knows, and how much it has written to anyone.
pub fn all(s: &Passed, at: usize) -> (String, String, usize, usize) {
    let house = &s.houses[at];
    let mails = s.village.server.transactions().len();
    (house.visible(), house.given(), house.queued(), mails)
}

/// `from` tells `at`, which is as before; gives what it refused.
pub fn changes_nothing(s: &mut Passed, from: usize, at: usize, body: &Body) -> Vec<String> {
    let before = all(s, at);
    let refused = s.tells(from, at, body);
    assert_eq!(all(s, at), before);
    refused
}

/// A permit by one to another, standing on the last of a chain.
pub fn next(
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

pub fn with(chain: &[Bytes], permit: &SignedPermit) -> Vec<Bytes> {
    let mut chain = chain.to_vec();
    chain.push(Bytes(permit.der().to_vec()));
    chain
}

/// `a` knows these copies: the last permit of each, and its chain.
pub fn know(s: &mut Passed, share: &Share, below: usize, copies: &[(SignedPermit, Vec<Vec<u8>>)]) {
    let branch = s.me(below);
    let noted = s.houses[A].home.album.commit(|rows| {
        for (permit, chain) in copies {
            rows.put_onward_copy(&OnwardCopy {
                permit: permit.digest(),
                share: share.id,
                branch,
                holder: permit.permit().to,
                chain: chain.clone(),
                state: CopyState::Forwarded,
                changed: share.arrived,
                never_went: false,
                confirmed: false,
            })?;
        }
        Ok::<_, AlbumError>(())
    });
    noted.expect("rows");
}

/// A copy by its chain, as [`know`] takes it.
pub fn by_chain(chain: &[Bytes]) -> (SignedPermit, Vec<Vec<u8>>) {
    let last = SignedPermit::verify(&chain.last().expect("a permit").0);
    let ders = chain.iter().map(|der| der.0.clone());
    (last.expect("good"), ders.collect())
}
