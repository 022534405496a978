//! What households have and know of each other around the end of an identity.

use hearthpost::album::Trust;
use hearthpost::envelope::{ContentKey, Identity};
use hearthpost::rules::{Action, Tier};
use hearthpost::sharing::Fault;
use hearthpost::sharing::identity::{Passphrase, Rekeyed};

use super::forge::{Handmade, OpenGrant};
use super::{House, Village, order, picture};

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

/// The household in another box, at the mailbox of `x`; nobody has heard of that yet.
pub fn moves(village: &Village, house: &House, x: &str, people: &[&str]) -> House {
    let file = house.folder.join("moved.identity");
    let words = Passphrase::new("four ducks on a pond".to_owned());
    let done = house.home.export_identity(&file, &words, house.time());
    done.expect("exported");
    let mut new = village.house(x, people);
    let now = new.clock();
    let done = new.home.import_identity(&file, &words, now);
    done.expect("imported");
    new
}

/// Four households of which the first wrote to the others: `b` asked for its card and was let in nowhere, `c` is blocked
/// since, and `d` is forgotten.
pub fn strangers_blocked_and_forgotten() -> (Village, [House; 4]) {
    let village = Village::new("abcd");
    let [mut a, mut b, mut c, mut d] = ["a", "b", "c", "d"].map(|x| village.house(x, &[]));
    let now = b.now();
    b.home.request_card(&a.mailbox, now).expect("asked");
    for other in [&mut c, &mut d] {
        village.introduce(&mut a, other);
        village.settle(&mut [&mut a, other]);
        let now = a.now();
        a.home.request_card(&other.mailbox, now).expect("asked");
    }
    village.settle(&mut [&mut a, &mut b, &mut c, &mut d]);
    a.home.block_contact(&c.mailbox, true).expect("blocked");
    a.home
        .remove_contact(&d.mailbox, a.time())
        .expect("forgotten");
    (village, [a, b, c, d])
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
