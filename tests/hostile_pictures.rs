//! Bombs that come by mail as real shared items, and are looked at: each is one clear error of its own, costs no view and
//! little memory, and the picture beside it is shown.

#[path = "support/house/mod.rs"]
mod house;
#[path = "rendition/make.rs"]
#[allow(dead_code, reason = "of the pictures only some are bombs")]
mod make;
#[path = "support/peak.rs"]
mod peak;

use std::sync::{Mutex, MutexGuard, PoisonError};

use hearthpost::album::ShareState;
use hearthpost::envelope::ContentKey;
use hearthpost::message::Keys;
use hearthpost::message::manifest::Manifest;
use hearthpost::rules::{Action, Kind, Tier};
use house::forge::{Handmade, OpenGrant, signed};
use house::{House, Village};
use image::DynamicImage;
use make::{chunk, jpeg, png, quadrants};
use peak::measured;

/// What looking at a bomb may add to the peak of this program.
const LITTLE: u64 = 120 << 20;

/// Memory is measured for the whole program: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

struct Scene {
    _alone: MutexGuard<'static, ()>,
    village: Village,
    a: House,
    b: House,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    Scene {
        _alone: ALONE.lock().unwrap_or_else(PoisonError::into_inner),
        village,
        a,
        b,
    }
}

/// One item with these tiers and one with a good picture in each, shared up to `tier`: the short names of both, in `b`.
fn shared(
    s: &mut Scene,
    bomb: &[(Tier, &[u8])],
    kind: Kind,
    tier: Tier,
    rules: &str,
) -> [String; 2] {
    let content = ContentKey::random();
    let good = jpeg(&quadrants(64, 48), false);
    let good: [(Tier, &[u8]); 4] = [
        (Tier::Original, &good),
        (Tier::Preview, &good),
        (Tier::Thumb, &good),
        (Tier::About, b"{}"),
    ];
    let [mut made, other] =
        [bomb, &good].map(|tiers| Handmade::keyed(&s.a, content.clone(), tiers));
    let mut items = made.manifest.items.clone();
    items.extend(other.manifest.items);
    (items[0].kind, items[1].kind) = (kind, Kind::Picture);
    let (share, origin) = (made.manifest.share, made.manifest.origin);
    let manifest = Manifest::new(share, origin, made.manifest.created, items);
    made.manifest = manifest.expect("a manifest");
    made.parts.extend(other.parts);
    let mut grant = OpenGrant::of(&made, &s.a, &s.b, rules);
    if tier < Tier::Original {
        let ids = made.manifest.items.iter().map(|item| item.id);
        grant.grant.keys = Keys::Items(ids.map(|id| (id, content.item(id, tier))).collect());
        let mut permit = grant.permit();
        permit.tier = tier;
        grant.chain(vec![signed(permit, &s.a)]);
    }
    s.village.deliver(&s.b, &grant.mail(&s.a, &s.b));
    s.village.deliver(&s.b, &made.mail(&s.a));
    let done = s.village.sync(&mut s.b);
    assert_eq!(
        done.refused,
        Vec::<String>::new(),
        "sealed, it is like any other"
    );
    let rows = s.b.home.album.rows();
    let share = rows
        .share_by_wire(origin, share)
        .expect("rows")
        .expect("taken");
    assert_eq!(share.state, ShareState::Complete);
    let items = s.b.items(&share.reference);
    [0, 1].map(|n| {
        let id = made.manifest.items[n].id;
        let item = items.iter().find(|item| item.wire == id);
        item.expect("an item of it").reference.clone()
    })
}

fn views(b: &House, item: &str) -> u64 {
    let rows = b.home.album.rows();
    let item = rows.share_item(item).expect("rows").expect("known");
    let bob = "bob".parse().expect("a station");
    rows.usage(item.share, item.id, &bob).expect("rows").views
}

/// A PNG that claims a size, with these bits for each of so many channels.
fn claims(width: u32, height: u32, bits: u8, colour: u8) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = [&size[..], &[bits, colour, 0, 0, 0]].concat();
    [
        &b"\x89PNG\r\n\x1A\n"[..],
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]),
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

/// A JPEG that claims a size: `marker` begins its frame.
fn claiming_jpeg(progressive: bool, side: u16) -> Vec<u8> {
    let mut file = jpeg(&quadrants(64, 48), progressive);
    let marker = [0xFF, if progressive { 0xC2 } else { 0xC0 }];
    let frame = file.windows(2).position(|w| w == marker).expect("a frame");
    let side = side.to_be_bytes();
    file[frame + 5..frame + 9].copy_from_slice(&[side, side].concat());
    file
}

/// A lossless WebP that claims 16,384 by 16,384.
fn claiming_webp() -> Vec<u8> {
    let mut file = make::webp(&DynamicImage::ImageRgb8(quadrants(64, 48)), None);
    let at = file
        .windows(4)
        .position(|w| w == b"VP8L")
        .expect("lossless");
    file[at + 9..at + 13].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    file
}

/// Each with the words that say what is wrong with it.
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let large_frame = include_bytes!("fixtures/pictures/large-frame.gif");
    let cut = jpeg(&quadrants(320, 200), false);
    let mut broken = png(&DynamicImage::ImageRgb8(quadrants(64, 48)), None, None);
    let at = broken
        .windows(4)
        .position(|w| w == b"IDAT")
        .expect("pixels");
    broken[at + 12..at + 20].fill(0xff);
    vec![
        (
            "PNG of 65,000 by 65,000",
            claims(65_000, 65_000, 8, 6),
            "65000",
        ),
        (
            "PNG of 1 by 4,294,967,295",
            claims(1, u32::MAX, 1, 0),
            "4294967295",
        ),
        (
            "PNG of 16 bits and four channels",
            claims(19_000, 10_000, 16, 6),
            "MiB",
        ),
        ("PNG of no pixels", claims(0, 0, 8, 6), ""),
        (
            "PNG whose pixels are missing",
            claims(13_000, 13_000, 1, 0),
            "",
        ),
        ("PNG that is broken inside", broken, ""),
        (
            "JPEG of 65,535 by 65,535",
            claiming_jpeg(false, u16::MAX),
            "65535",
        ),
        (
            "progressive JPEG of 14,000 by 14,000",
            claiming_jpeg(true, 14_000),
            "progressive",
        ),
        ("JPEG cut short", cut[..cut.len() / 2].to_vec(), ""),
        (
            "GIF with a frame larger than its screen",
            large_frame.to_vec(),
            "",
        ),
        ("WebP of 16,384 by 16,384", claiming_webp(), "16384"),
    ]
}

#[test]
fn a_bomb_is_one_clear_error_in_whatever_quality_it_lies() {
    let mut s = scene();
    let good = jpeg(&quadrants(64, 48), false);
    let places = [
        (Tier::Original, "display=full,views=1"),
        (Tier::Preview, "display=1000,views=1"),
        (Tier::Thumb, "display=100,views=1"),
    ];
    for (name, bomb, words) in bombs() {
        for (tier, rules) in places {
            let what = format!("{name} as {}", tier.as_str());
            let mut tiers: Vec<(Tier, &[u8])> = vec![(Tier::About, b"{}")];
            for one in [Tier::Original, Tier::Preview, Tier::Thumb] {
                tiers.push((one, if one == tier { &bomb } else { &good }));
            }
            let [item, beside] = shared(&mut s, &tiers, Kind::Picture, tier, rules);
            for _ in 0..2 {
                let look = || s.b.view(&item, "bob", Action::Display);
                let (looked, more) = measured(look);
                let fault = looked.expect_err(&what);
                let message = fault.message;
                assert_eq!(fault.code, "broken", "{what}: {message}");
                assert!(message.contains(words), "{what}: {message}");
                assert!(!message.contains('\n'), "{what}: {message}");
                assert!((10..250).contains(&message.len()), "{what}: {message}");
                assert!(more < LITTLE, "{what} took {} MiB", more >> 20);
            }
            assert_eq!(views(&s.b, &item), 0, "{what}: nothing was seen");
            let (viewed, _) = s.b.view(&beside, "bob", Action::Display).expect(&what);
            assert_eq!(viewed.width, Some(64), "{what}");
            assert_eq!(views(&s.b, &beside), 1);
        }
    }
}

#[test]
fn a_profile_that_inflates_costs_little_beside_pixels_that_are_fine() {
    let mut s = scene();
    let profile = vec![0; 300 << 20];
    let picture = DynamicImage::ImageRgb8(quadrants(64, 48));
    let file = png(&picture, Some(profile), None);
    let tiers: [(Tier, &[u8]); 2] = [(Tier::Original, &file), (Tier::About, b"{}")];
    let rules = "display=full";
    let [item, _] = shared(&mut s, &tiers, Kind::Picture, Tier::Original, rules);
    let (looked, more) = measured(|| s.b.view(&item, "bob", Action::Display));
    let (viewed, _) = looked.expect("shown");
    assert_eq!(viewed.width, Some(64));
    assert!(more < LITTLE, "{} MiB", more >> 20);
}

#[test]
fn what_is_packed_is_never_unpacked_whatever_it_is_said_to_be() {
    let mut s = scene();
    for kind in [Kind::Document, Kind::Picture, Kind::Video, Kind::Sound] {
        for bytes in packed() {
            let tiers: [(Tier, &[u8]); 2] = [(Tier::Original, &bytes), (Tier::About, b"{}")];
            let rules = "display=full,store=full";
            let [item, _] = shared(&mut s, &tiers, kind, Tier::Original, rules);
            let (looked, more) = measured(|| s.b.view(&item, "bob", Action::Display));
            let fault = looked.expect_err("nothing to look at");
            assert_eq!(fault.code, "not_shown", "{kind:?}: {}", fault.message);
            assert!(more < LITTLE, "{kind:?} took {} MiB", more >> 20);
            let (_, kept) = s.b.view(&item, "bob", Action::Store).expect("kept");
            assert!(kept == bytes, "kept as it came");
        }
    }
}

/// An archive that says it holds 4 GiB, what begins like a gzip stream, and a drawing whose words are ten to the ninth.
fn packed() -> [Vec<u8>; 3] {
    let mut zip = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    zip.extend([0x10, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, b'a']);
    zip.extend([0x4b; 16]);
    let zeros = [
        0xec, 0xc1, 1, 1, 0, 0, 0, 0x80, 0x90, 0xfe, 0xaf, 0xee, 8, 0x0a,
    ];
    let mut gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    for _ in 0..1_000 {
        gzip.extend(zeros);
    }
    let entities = (1..10).map(|n| {
        let uses = format!("&e{};", n - 1).repeat(10);
        format!("<!ENTITY e{n} \"{uses}\">")
    });
    let entities: String = entities.collect();
    let svg = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY e0 \"ha\">{entities}]>\
         <svg xmlns=\"http://www.w3.org/2000/svg\"><text>&e9;</text></svg>"
    );
    [zip, gzip, svg.into_bytes()]
}
