//! What must hold of anything that was accepted, said a second time and in other words than the code under test.

use hearthpost::envelope::{Card, Fingerprint};
use hearthpost::message::check::{GrantLetter, MAX_CHAIN};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{
    Body, Letter, ReceiptState, SignedPermit, Standing, check_grant, check_standing, read_letter,
    write_letter,
};
use hearthpost::rules::Tier;

use crate::homes::{Home, me, now};

/// A letter that was read says who signed it, travels as it may, and reads back when it is written again.
pub fn check_letter(letter: &Letter) {
    let header = &letter.header;
    assert_eq!(header.from, letter.signer.fingerprint(), "the signer");
    if !letter.enveloped {
        assert!(header.to.is_none(), "an open letter to somebody");
        assert!(
            matches!(
                letter.body,
                Body::Card(_) | Body::CardRequest(_) | Body::Ended(_)
            ),
            "an open {}",
            letter.body.kind()
        );
    }
    match &letter.body {
        Body::Grant(..) => {
            if let Ok(verified) = check_grant(letter.clone(), me().identity.fingerprint(), now()) {
                check_verified(&verified);
            }
        }
        Body::Receipt(receipt) => {
            let standing = match receipt.state {
                ReceiptState::Forwarded => Standing::PassedOn,
                _ => Standing::Holds,
            };
            let of = (receipt.origin, receipt.share);
            check_stands(&receipt.chain, of, (header.from, standing));
        }
        Body::PartRequest(request) => {
            let of = (request.origin, request.share);
            check_stands(&request.chain, of, (header.from, Standing::Holds));
        }
        Body::Card(card) => {
            let ders: Vec<&[u8]> = card.certificates.iter().map(|der| &der.0[..]).collect();
            if let Ok(card) = Card::from_ders(&ders) {
                assert!(
                    card.to_pem()
                        .is_ok_and(|pem| Card::from_pem(pem.as_bytes()).is_ok())
                );
            }
        }
        _ => {}
    }
}

/// Written again by whom it is from, it says the same.
pub fn check_again(letter: &Letter, from: &Home) {
    let Ok(again) = write_letter(&letter.header, &letter.body, &from.identity) else {
        return;
    };
    let again = read_letter(&again, letter.enveloped).expect("what was read can be written");
    assert_eq!(again.header, letter.header);
    assert_eq!(format!("{:?}", again.body), format!("{:?}", letter.body));
}

/// Checks 1 to 4 of a grant for B.
pub fn check_verified(grant: &GrantLetter) {
    let me = me().identity.fingerprint();
    assert_eq!(grant.header.to, Some(me), "a grant for another server");
    let (first, last) = check_links(&grant.chain);
    assert_eq!(
        (last.permit().from, last.permit().to),
        (grant.header.from, me)
    );
    let manifest = grant.manifest.manifest();
    assert_eq!(
        (manifest.origin, manifest.share),
        (first.permit().origin, first.permit().share)
    );
    assert_eq!(
        (grant.grant.origin, grant.grant.share),
        (manifest.origin, manifest.share)
    );
    assert_eq!(first.permit().manifest, grant.manifest.digest());
    for item in &manifest.items {
        // By the keys themselves: none opens what no permit of the chain gives.
        for permit in grant.chain.iter().map(SignedPermit::permit) {
            let opened = grant.grant.keys.tier(item.id);
            assert!(opened.is_none_or(|tier| tier <= permit.tier && permit.covers(item.id)));
        }
        for tier in Tier::ALL {
            let key = grant.grant.keys.key(item.id, tier);
            assert!(key.is_none() || grant.grant.keys.tier(item.id) >= Some(tier));
        }
    }
    for station in &grant.grant.stations {
        let (_, above) = grant.chain.split_last().expect("checked above");
        for permit in above {
            let onward = permit.permit().onward.as_ref().expect("checked above");
            assert!(
                station.rules.within(&onward.rules),
                "wider rules than a step allows"
            );
        }
    }
}

/// A chain begins at its origin, each step follows from the one before and is no wider, and nobody is met twice.
pub fn check_links(chain: &[SignedPermit]) -> (&SignedPermit, &SignedPermit) {
    assert!(
        (1..=MAX_CHAIN).contains(&chain.len()),
        "{} permits",
        chain.len()
    );
    let (first, last) = (&chain[0], &chain[chain.len() - 1]);
    assert_eq!(first.permit().from, first.permit().origin);
    let mut met = vec![first.permit().origin];
    for signed in chain {
        let again = SignedPermit::verify(signed.der()).expect("its signature is good");
        assert_eq!(again.permit(), signed.permit());
        assert!(!met.contains(&signed.permit().to), "a loop");
        met.push(signed.permit().to);
    }
    for pair in chain.windows(2) {
        let (above, below) = (pair[0].permit(), pair[1].permit());
        assert_eq!(below.from, above.to);
        assert_eq!(below.parent, Some(pair[0].digest()));
        assert_eq!(below.manifest, above.manifest);
        let onward = above.onward.as_ref().expect("it may be passed on");
        assert!(below.tier <= onward.tier && onward.tier <= above.tier);
        assert!(onward.to.as_ref().is_none_or(|to| to.contains(&below.to)));
        match (&below.items, &above.items) {
            (_, None) => {}
            (None, Some(_)) => panic!("more items than the step before"),
            (Some(inner), Some(_)) => assert!(inner.iter().all(|&item| above.covers(item))),
        }
        if let Some(next) = &below.onward {
            assert!(onward.rules.forward && next.rules.within(&onward.rules));
        }
    }
    (first, last)
}

fn check_stands(
    chain: &[Bytes],
    of: (Fingerprint, hearthpost::envelope::Id),
    by: (Fingerprint, Standing),
) {
    let me = me().identity.fingerprint();
    let Ok(chain) = check_standing(chain, of, by, me) else {
        return;
    };
    let (first, last) = check_links(&chain);
    assert_eq!((first.permit().origin, first.permit().share), of);
    let mine = chain.iter().position(|permit| permit.permit().from == me);
    let mine = mine.expect("a permit from here");
    match by.1 {
        Standing::Holds => assert_eq!(last.permit().to, by.0),
        Standing::PassedOn => assert!(chain[mine + 1..].iter().any(|p| p.permit().from == by.0)),
    }
}
