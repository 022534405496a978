//! What households have and know of each other around the end of an identity.

use hearthpost::album::Trust;
use hearthpost::envelope::{ContentKey, Identity};
use hearthpost::rules::{Action, Tier};
use hearthpost::sharing::Fault;
use hearthpost::sharing::identity::Rekeyed;

use super::forge::{Handmade, OpenGrant};
use super::{House, order, picture};

pub fn share(from: &mut House, name: &str, to: &House) -> Result<String, Fault> {
    let path = from.folder.join(name);
    picture(&path, 300 + name.len() as u32, 200);
    let items = from.import(&[path]);
    let order = order(
        &[&items[0]],
        &[to.mailbox.as_str()],
        "display=full,forward=yes",
    );
    Ok(from.share(&order)?.share)
}

pub fn rekey(house: &mut House) -> Rekeyed {
    let reading = house.reading();
    let now = house.home.tick(&reading, &[]).expect("time");
    assert_eq!(
        house.home.rekey(false, now).expect_err("asks").code,
        "asks_first"
    );
    house.home.rekey(true, now).expect("replaced")
}

pub fn received(house: &House) -> usize {
    house.home.received().expect("a list").len()
}

/// All received pictures can still be looked at.
pub fn look_at_all(house: &mut House, person: &str) -> usize {
    let listed = house.home.received().expect("a list");
    let items: Vec<String> = listed
        .iter()
        .flat_map(|share| share.items.iter().map(|item| item.id.clone()))
        .collect();
    for item in &items {
        house.view(item, person, Action::Display).expect("shown");
    }
    items.len()
}

/// The other household as it was known before, and by its new identity.
pub fn trust_of(house: &House, who: hearthpost::envelope::Fingerprint) -> (Trust, bool, bool) {
    let one = house.home.album.rows().contact(who).expect("rows");
    let one = one.expect("known");
    (one.trust, one.accepted, one.blocked)
}

/// A grant of `a` to `b`, signed by whoever has the stolen keys.
pub fn thief_grant(a: &mut House, b: &House, stolen: &Identity) -> Vec<u8> {
    let new = std::mem::replace(&mut a.home.keys.identity, stolen.clone());
    let tiers: [(Tier, &[u8]); 2] = [(Tier::Original, b"bytes"), (Tier::About, b"{}")];
    let made = Handmade::keyed(a, ContentKey::random(), &tiers);
    let grant = OpenGrant::of(&made, a, b, "display=full").mail(a, b);
    a.home.keys.identity = new;
    grant
}
