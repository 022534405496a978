//! A manifest, a key or a part in the place of another: nobody is ever shown one thing for another, whoever lied.

use std::collections::BTreeMap;

use crate::house::forge::{Handmade, OpenGrant, signed};
use crate::house::road::{A, B, C, Road};
use crate::house::{House, Village};
use hearthpost::album::ShareState;
use hearthpost::envelope::{ContentKey, Id};
use hearthpost::message::manifest::{Item, Manifest};
use hearthpost::message::{Code, Keys, ReceiptState, SignedManifest};
use hearthpost::rules::{Action, Kind, Tier};

const RED: image::Rgb<u8> = image::Rgb([220, 20, 20]);
const GREEN: image::Rgb<u8> = image::Rgb([20, 200, 20]);
const NOBODYS: &str = "no grant here opens this part";

struct Scene {
    village: Village,
    a: House,
    b: House,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    Scene { village, a, b }
}

/// A JPEG of one colour, with nothing in it that tells one size from another by its length.
fn plain(colour: image::Rgb<u8>, width: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, width, colour)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .expect("a picture");
    bytes.into_inner()
}

/// A red picture and a green one; what `lie` makes of their places in the manifest is signed by the origin.
fn red_and_green(from: &House, lie: impl FnOnce(&mut [Item])) -> Handmade {
    let content = ContentKey::random();
    let [mut made, green] = [("red", RED), ("green", GREEN)].map(|(name, colour)| {
        let about = format!(
            r#"{{"name":"{name}","media_type":null,"caption":null,"taken":null,"width":null,"height":null,"duration_ms":null,"goes_with":null}}"#
        );
        let [original, preview, thumb] = [96, 64, 32].map(|width| plain(colour, width));
        let tiers: [(Tier, &[u8]); 4] = [
            (Tier::Original, &original),
            (Tier::Preview, &preview),
            (Tier::Thumb, &thumb),
            (Tier::About, about.as_bytes()),
        ];
        Handmade::keyed(from, content.clone(), &tiers)
    });
    let mut items = made.manifest.items.clone();
    items.extend(green.manifest.items);
    for item in &mut items {
        item.kind = Kind::Picture;
    }
    lie(&mut items);
    let (share, origin) = (made.manifest.share, made.manifest.origin);
    let manifest = Manifest::new(share, origin, made.manifest.created, items);
    made.manifest = manifest.expect("a manifest");
    made.parts.extend(green.parts);
    made
}

/// Exchanges two tiers, of one item or of two.
fn exchange(items: &mut [Item], one: (usize, Tier), other: (usize, Tier)) {
    let first = items[one.0].tiers[&one.1].clone();
    let second = items[other.0].tiers.insert(other.1, first);
    items[one.0].tiers.insert(one.1, second.expect("a tier"));
}

/// The grant of it up to a tier, in a mail.
fn letter(s: &Scene, made: &Handmade, tier: Tier, bend: impl FnOnce(&mut OpenGrant)) -> Vec<u8> {
    let mut grant = OpenGrant::of(made, &s.a, &s.b, "display=full,print=full,store=full");
    if tier < Tier::Original {
        let ids = made.manifest.items.iter().map(|item| item.id);
        let keys = ids.map(|id| (id, made.content.item(id, tier)));
        grant.grant.keys = Keys::Items(keys.collect());
        let mut permit = grant.permit();
        permit.tier = tier;
        grant.chain(vec![signed(permit, &s.a)]);
    }
    bend(&mut grant);
    grant.mail(&s.a, &s.b)
}

/// What Bob gets of a share by each action, as long as it is the right thing.
fn right(b: &mut House, made: &Handmade) -> BTreeMap<(usize, Action), u32> {
    let rows = b.home.album.rows();
    let (origin, wire) = (made.manifest.origin, made.manifest.share);
    let share = rows.share_by_wire(origin, wire).expect("rows");
    let mut seen = BTreeMap::new();
    for item in b.items(&share.expect("taken").reference) {
        let n = made.manifest.items.iter().position(|i| i.id == item.wire);
        let n = n.expect("an item of it");
        let name = ["red", "green"][n];
        assert!(item.name.as_deref().is_none_or(|shown| shown == name));
        for action in [Action::Display, Action::Print, Action::Store] {
            let Ok((_, bytes)) = b.view(&item.reference, "bob", action) else {
                continue;
            };
            let picture = image::load_from_memory(&bytes)
                .expect("a picture")
                .to_rgb8();
            let [r, g, _] = picture.get_pixel(picture.width() / 2, 5).0;
            assert_eq!(r > g, n == 0, "{name} is not {name}");
            seen.insert((n, action), picture.width());
        }
    }
    seen
}

/// The parts that stand in the wrong place are refused, nobody is told, and what is shown is right.
fn lie_shows_nothing_wrong(tier: Tier, wrong: usize, lie: impl FnOnce(&mut [Item])) {
    let mut s = scene();
    let made = red_and_green(&s.a, lie);
    s.village.deliver(&s.b, &letter(&s, &made, tier, |_| ()));
    s.village.deliver(&s.b, &made.mail(&s.a));
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.refused, vec![NOBODYS; wrong]);
    assert_eq!(done.notified, 0);
    let shares = s.b.home.album.rows().shares().expect("rows");
    assert_eq!(shares[0].state, ShareState::Arriving);
    assert_eq!(s.village.receipts(&s.a), []);
    right(&mut s.b, &made);
    // An honest share by the same household is none the worse.
    let honest = red_and_green(&s.a, |_| ());
    s.village
        .deliver(&s.b, &letter(&s, &honest, Tier::Original, |_| ()));
    s.village.deliver(&s.b, &honest.mail(&s.a));
    assert_eq!(s.village.sync(&mut s.b).notified, 1);
    let seen = right(&mut s.b, &honest);
    assert_eq!(seen.len(), 6, "two pictures, three actions");
    assert!(seen.values().all(|&width| width == 96), "{seen:?}");
}

#[test]
fn originals_exchanged_between_two_items() {
    lie_shows_nothing_wrong(Tier::Original, 2, |items| {
        exchange(items, (0, Tier::Original), (1, Tier::Original));
    });
}

#[test]
fn previews_exchanged_between_two_items() {
    lie_shows_nothing_wrong(Tier::Preview, 2, |items| {
        exchange(items, (0, Tier::Preview), (1, Tier::Preview));
    });
}

#[test]
fn thumbs_exchanged_between_two_items() {
    lie_shows_nothing_wrong(Tier::Original, 2, |items| {
        exchange(items, (0, Tier::Thumb), (1, Tier::Thumb));
    });
}

#[test]
fn names_exchanged_between_two_items() {
    lie_shows_nothing_wrong(Tier::Original, 2, |items| {
        exchange(items, (0, Tier::About), (1, Tier::About));
    });
}

#[test]
fn original_and_thumb_of_one_item_exchanged() {
    lie_shows_nothing_wrong(Tier::Original, 2, |items| {
        exchange(items, (0, Tier::Original), (0, Tier::Thumb));
    });
}

#[test]
fn original_in_place_of_the_preview() {
    // The preview's key does not lead up to the original.
    lie_shows_nothing_wrong(Tier::Preview, 1, |items| {
        exchange(items, (0, Tier::Original), (0, Tier::Preview));
    });
}

#[test]
fn preview_of_one_and_thumb_of_the_other_exchanged() {
    lie_shows_nothing_wrong(Tier::Preview, 2, |items| {
        exchange(items, (0, Tier::Preview), (1, Tier::Thumb));
    });
}

#[test]
fn part_of_another_share_in_the_place_of_the_own() {
    for arrived in [false, true] {
        let mut s = scene();
        let first = red_and_green(&s.a, |_| ());
        let second = red_and_green(&s.a, |items| {
            let green = &first.manifest.items[1].tiers[&Tier::Original];
            items[0].tiers.insert(Tier::Original, green.clone());
        });
        let letters = [&first, &second].map(|made| letter(&s, made, Tier::Original, |_| ()));
        s.village.deliver(&s.b, &letters[0]);
        if arrived {
            s.village.deliver(&s.b, &first.mail(&s.a));
            s.village.sync(&mut s.b);
        }
        s.village.deliver(&s.b, &letters[1]);
        for made in [&first, &second] {
            s.village.deliver(&s.b, &made.mail(&s.a));
        }
        s.village.sync(&mut s.b);
        let seen = right(&mut s.b, &first);
        assert_eq!(seen.len(), 6, "the share to which it belongs has it");
        let seen = right(&mut s.b, &second);
        assert!(!seen.contains_key(&(0, Action::Store)), "{seen:?}");
        let share = (second.manifest.origin, second.manifest.share);
        let share = s.b.home.album.rows().share_by_wire(share.0, share.1);
        let state = share.expect("rows").expect("taken").state;
        assert_eq!(state, ShareState::Arriving, "arrived: {arrived}");
    }
}

#[test]
fn keys_exchanged_between_two_items_and_a_right_grant_afterwards() {
    let mut s = scene();
    let made = red_and_green(&s.a, |_| ());
    let [red, green] = [0, 1].map(|n| made.manifest.items[n].id);
    let key = |of: Id| made.content.item(of, Tier::Preview);
    let mail = letter(&s, &made, Tier::Preview, |grant| {
        grant.grant.keys = Keys::Items([(red, key(green)), (green, key(red))].into());
    });
    s.village.deliver(&s.b, &mail);
    s.village.deliver(&s.b, &made.mail(&s.a));
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.refused, [NOBODYS; 6]);
    assert_eq!(right(&mut s.b, &made), BTreeMap::new());
    s.a.wait(5);
    s.village
        .deliver(&s.b, &letter(&s, &made, Tier::Preview, |_| ()));
    s.village.deliver(&s.b, &made.mail(&s.a));
    let done = s.village.sync(&mut s.b);
    assert_eq!((done.refused.len(), done.notified), (0, 1));
    assert_eq!(right(&mut s.b, &made).len(), 4, "looked at and printed");
    assert_eq!(s.village.receipts(&s.a), [(ReceiptState::Complete, None)]);
}

/// A forwarder sends on what `bend` made of the manifest; the door refuses it and takes the honest one afterwards.
fn forwarder_changes(code: Code, bend: impl FnOnce(&Road) -> SignedManifest) {
    let mut road = Road::new();
    let honest = road.manifest.clone();
    let draft = road.draft();
    road.manifest = bend(&road);
    let mail = road.mail(draft);
    road.refuses("bent", &mail, code);
    road.manifest = honest;
    road.honest_is_taken();
}

fn with_previews_exchanged(road: &Road) -> Manifest {
    let mut manifest = road.made.manifest.clone();
    exchange(&mut manifest.items, (0, Tier::Preview), (1, Tier::Preview));
    manifest
}

#[test]
fn forwarder_signs_a_manifest_of_its_own_in_the_origins_name() {
    forwarder_changes(Code::Signature, |road| {
        let manifest = with_previews_exchanged(road);
        SignedManifest::sign(manifest, road.houses[B].identity()).expect("signed")
    });
}

#[test]
fn forwarder_sends_another_manifest_that_the_origin_did_sign() {
    forwarder_changes(Code::Manifest, |road| {
        let manifest = with_previews_exchanged(road);
        SignedManifest::sign(manifest, road.houses[A].identity()).expect("signed")
    });
}

#[test]
fn forwarder_sends_the_manifest_of_another_share_of_the_origin() {
    forwarder_changes(Code::Manifest, |road| {
        let mut manifest = road.made.manifest.clone();
        manifest.share = Id::random();
        SignedManifest::sign(manifest, road.houses[A].identity()).expect("signed")
    });
}

#[test]
fn forwarder_exchanges_the_keys_of_two_items() {
    let mut road = Road::new();
    let mut draft = road.draft();
    let keys = [0, 1].map(|n| road.key(n, Tier::Preview).1);
    let [first, second] = keys;
    draft.keys = Keys::Items([(road.item(0), second), (road.item(1), first)].into());
    let mail = road.mail(draft);
    let parts = road.made.mail(&road.houses[A]);
    for mail in [&mail, &parts] {
        road.village.deliver(&road.houses[C], mail);
    }
    let done = road.village.sync(&mut road.houses[C]);
    assert_eq!(done.refused, [NOBODYS; 4]);
    assert_eq!(done.notified, 0);
    assert!(road.houses[C].blobs().is_empty());
}
