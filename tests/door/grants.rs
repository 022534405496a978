//! Grants that are signed by a known household and wrong all the same: refused, with a receipt that says why, and
//! nothing else changes.

use crate::house::forge::{Handmade, OpenGrant, bend_json, signed, tier_of};
use crate::house::granted::{Scene, refuse, scene, take};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{ContentKey, Digest, Id};
use hearthpost::message::manifest::Manifest;
use hearthpost::message::{Code, Keys, Onward, SignedManifest};
use hearthpost::rules::{Action, Tier, parse_rules};

/// Bends the grant; `b` must refuse it with `code`, tell `a`, and take the honest one afterwards all the same.
fn refused_with(code: Code, bend: impl FnOnce(&mut OpenGrant, &Scene)) {
    let mut scene = scene();
    let mut grant = scene.b.read_grant(&scene.letter);
    bend(&mut grant, &scene);
    let mail = grant.mail(&scene.a, &scene.b);
    refuse(&mut scene, &mail, code);
    let destination = scene.a.destinations(&scene.share).remove(0);
    assert_eq!(destination.state, DestinationState::Refused);
    assert!(destination.error.is_some_and(|words| !words.is_empty()));
    let mut honest = scene.b.read_grant(&scene.letter);
    honest.header.id = Id::random();
    let honest = honest.mail(&scene.a, &scene.b);
    take(&mut scene, &honest);
}

/// As [`refused_with`], for what cannot even be read: the sender learns it all the same.
fn unread_is_told(bend: impl FnOnce(String) -> String) {
    let mut scene = scene();
    let mail = bend_json(&scene.letter, &scene.a, &scene.b, bend);
    refuse(&mut scene, &mail, Code::Unsupported);
    let destination = scene.a.destinations(&scene.share).remove(0);
    assert_eq!(destination.state, DestinationState::Refused);
    // The same again is not answered twice.
    scene.village.take_mail(&scene.a);
    scene.village.deliver(&scene.b, &mail);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.village.receipts(&scene.a), []);
}

#[test]
fn grant_of_a_newer_version() {
    unread_is_told(|json| json.replacen("\"version\":1", "\"version\":2", 1));
}

#[test]
fn grant_with_a_field_that_is_not_known() {
    unread_is_told(|json| json.replacen('{', "{\"colour\":1,", 1));
}

#[test]
fn last_permit_for_another_server() {
    refused_with(Code::Addressee, |grant, scene| {
        let mut permit = grant.permit();
        permit.to = scene.c.home.me();
        grant.chain(vec![signed(permit, &scene.a)]);
    });
}

#[test]
fn permit_signed_by_another_than_the_letter() {
    refused_with(Code::Signature, |grant, scene| {
        let mut permit = grant.permit();
        permit.origin = scene.c.home.me();
        grant.grant.origin = scene.c.home.me();
        grant.chain(vec![signed(permit, &scene.c)]);
        // The receipt can only be matched where share and origin are those that were sent.
        grant.grant.origin = scene.a.home.me();
    });
}

#[test]
fn empty_chain() {
    refused_with(Code::Chain, |grant, _| grant.chain(Vec::new()));
}

#[test]
fn chain_that_does_not_begin_at_the_origin() {
    refused_with(Code::Chain, |grant, scene| {
        let mut permit = grant.permit();
        permit.parent = Some(Digest::of(b"nothing"));
        grant.chain(vec![signed(permit, &scene.a)]);
    });
}

#[test]
fn chain_that_comes_back_to_its_origin() {
    refused_with(Code::Chain, |grant, scene| {
        let onward = Onward {
            tier: Tier::Preview,
            rules: parse_rules("display=full,forward=yes").expect("rules"),
            to: None,
        };
        let mut first = grant.permit();
        (first.to, first.onward) = (scene.c.home.me(), Some(onward.clone()));
        let first = signed(first, &scene.a);
        let mut second = grant.permit();
        (second.to, second.onward) = (scene.a.home.me(), Some(onward));
        second.parent = Some(first.digest());
        let second = signed(second, &scene.c);
        let mut third = grant.permit();
        third.parent = Some(second.digest());
        let third = signed(third, &scene.a);
        grant.chain(vec![first, second, third]);
    });
}

#[test]
fn more_may_travel_on_than_is_given() {
    refused_with(Code::Wider, |grant, scene| {
        let mut permit = grant.permit();
        permit.onward = Some(Onward {
            tier: Tier::Original,
            rules: parse_rules("display=full").expect("rules"),
            to: None,
        });
        grant.chain(vec![signed(permit, &scene.a)]);
    });
}

#[test]
fn key_of_a_better_tier_than_the_permit() {
    refused_with(Code::Wider, |grant, _| {
        assert_eq!(grant.tier_of_key(), Some(Tier::Preview));
        let item = grant.manifest.manifest().items[0].id;
        let key = ContentKey::random().item(item, Tier::Original);
        grant.grant.keys = Keys::Items([(item, key)].into());
    });
}

#[test]
fn key_of_the_whole_share_where_the_permit_gives_less() {
    refused_with(Code::Wider, |grant, _| {
        grant.grant.keys = Keys::Share(ContentKey::random());
    });
}

#[test]
fn item_that_the_manifest_does_not_have() {
    refused_with(Code::Manifest, |grant, scene| {
        let mut permit = grant.permit();
        permit.items = Some(vec![Id::random()]);
        grant.chain(vec![signed(permit, &scene.a)]);
    });
}

#[test]
fn manifest_that_the_permit_does_not_name() {
    refused_with(Code::Manifest, |grant, scene| {
        let mut permit = grant.permit();
        permit.manifest = Digest::of(b"another");
        grant.chain(vec![signed(permit, &scene.a)]);
    });
}

#[test]
fn letter_of_a_quarter_of_a_year_ago() {
    refused_with(Code::Stale, |grant, scene| {
        grant.header.issued = Timestamp::from_unix(scene.a.wall - 91 * 86_400);
    });
}

#[test]
fn letter_of_the_day_after_tomorrow() {
    refused_with(Code::Stale, |grant, scene| {
        grant.header.issued = Timestamp::from_unix(scene.a.wall + 2 * 86_400);
    });
}

#[test]
fn refused_grant_is_answered_once_also_after_the_folder_was_made_anew() {
    let mut scene = scene();
    let mut grant = scene.b.read_grant(&scene.letter);
    grant.chain(Vec::new());
    let mail = grant.mail(&scene.a, &scene.b);
    refuse(&mut scene, &mail, Code::Chain);
    let folder = ("home-b@b.example", "INBOX");
    let changed = scene.village.server.change_uidvalidity(folder.0, folder.1);
    changed.expect("a folder");
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.village.receipts(&scene.a), []);
}

#[test]
fn letter_for_another_server_is_refused_though_it_opens_here() {
    let mut scene = scene();
    let mut grant = scene.b.read_grant(&scene.letter);
    grant.header.to = Some(scene.c.home.me());
    let before = scene.b.visible();
    let mail = grant.mail(&scene.a, &scene.b);
    scene.village.deliver(&scene.b, &mail);
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.refused, ["a letter for another server"]);
    assert_eq!(scene.b.visible(), before);
    let letter = scene.letter.clone();
    take(&mut scene, &letter);
}

#[test]
fn second_manifest_of_a_share_is_refused() {
    let mut scene = scene();
    let letter = scene.letter.clone();
    take(&mut scene, &letter);
    scene.village.take_mail(&scene.a);
    let mut grant = scene.b.read_grant(&letter);
    let old = grant.manifest.manifest();
    let created = Timestamp::from_unix(old.created.unix() + 1);
    let items = old.items.clone();
    let other = Manifest::new(old.share, old.origin, created, items).expect("a manifest");
    grant.manifest = SignedManifest::sign(other, scene.a.identity()).expect("signed");
    let mut permit = grant.permit();
    permit.manifest = grant.manifest.digest();
    grant.chain(vec![signed(permit, &scene.a)]);
    grant.header = scene.a.header(&scene.b);
    let mail = grant.mail(&scene.a, &scene.b);
    refuse(&mut scene, &mail, Code::Manifest);
}

#[test]
fn older_and_equal_grants_are_passed_over_and_a_newer_one_replaces() {
    let mut scene = scene();
    let letter = scene.letter.clone();
    take(&mut scene, &letter);
    scene.village.take_mail(&scene.a);
    let before = scene.b.visible();
    for (seconds, replaces) in [(-10, false), (0, false), (1, true)] {
        let mut grant = scene.b.read_grant(&letter);
        let issued = grant.header.issued.unix() + seconds;
        grant.header.id = Id::random();
        grant.header.issued = Timestamp::from_unix(issued);
        grant.grant.title = format!("{seconds} later");
        let mail = grant.mail(&scene.a, &scene.b);
        scene.village.deliver(&scene.b, &mail);
        let done = scene.village.sync(&mut scene.b);
        assert_eq!(done.refused, Vec::<String>::new());
        assert_eq!(scene.b.visible() != before, replaces, "{seconds}");
        assert_eq!(done.notified, 0, "nobody is told twice");
    }
    assert_eq!(scene.b.share_named(&scene.share).title, "1 later");
}

#[test]
fn share_that_names_the_parts_of_another_neither_stops_nor_deletes_them() {
    for claimed_first in [true, false] {
        let mut scene = scene();
        let known = scene.b.read_grant(&scene.letter);
        let item = &known.manifest.manifest().items[0];
        let about = br#"{"name":null,"media_type":null,"caption":null,"taken":null,"width":null,"height":null,
            "duration_ms":null,"goes_with":null}"#;
        // `c` was given the share too, so it knows the digests, and claims them for a share of its own.
        let lie = |tier, truth| match tier {
            Tier::Original => item.tiers[&Tier::Thumb].clone(),
            _ => truth,
        };
        let made = Handmade::new(
            &scene.c,
            &[(Tier::Original, b"x"), (Tier::About, about)],
            lie,
        );
        let claim = OpenGrant::of(&made, &scene.c, &scene.b, "store=full");
        let claim = claim.mail(&scene.c, &scene.b);
        let letter = scene.letter.clone();
        if claimed_first {
            scene.village.deliver(&scene.b, &claim);
            scene.village.sync(&mut scene.b);
        }
        take(&mut scene, &letter);
        scene.village.deliver(&scene.b, &claim);
        for mail in &scene.parts {
            scene.village.deliver(&scene.b, mail);
        }
        scene.village.sync(&mut scene.b);
        let item = scene.b.items(&scene.share).remove(0);
        assert!(scene.b.held_tiers(&scene.share).contains(&Tier::Thumb));
        let thumb = scene.b.blobs().iter().any(|blob| {
            let parts = &known.manifest.manifest().items[0].tiers[&Tier::Thumb].parts;
            blob.ends_with(parts[0].to_string())
        });
        assert!(thumb, "claimed first: {claimed_first}");
        let seen = scene.b.view(&item.reference, "bob", Action::Display);
        seen.expect("bob looks");
        let other = scene.b.home.album.rows().shares().expect("rows");
        let other = other.iter().find(|share| share.origin == scene.c.home.me());
        assert_eq!(
            other.map(|share| share.state),
            Some(ShareState::Arriving),
            "its own key opens nothing"
        );
    }
}

#[test]
fn part_longer_than_declared_is_refused() {
    let mut scene = scene();
    let made = Handmade::new(
        &scene.a,
        &[(Tier::Original, &[7; 300_000]), (Tier::About, b"{}")],
        |tier, truth| match tier {
            Tier::Original => tier_of(1, truth.parts[0]),
            _ => truth,
        },
    );
    let letter = OpenGrant::of(&made, &scene.a, &scene.b, "store=full");
    let letter = letter.mail(&scene.a, &scene.b);
    scene.village.deliver(&scene.b, &letter);
    scene.village.deliver(&scene.b, &made.mail(&scene.a));
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.refused, ["a part is not as long as was declared"]);
    assert_eq!(scene.b.blobs().len(), 1, "the about alone");
}

/// A part that is what the manifest says, and is wrong in itself.
fn refuses_part(reason: &str, bend: impl Fn(&mut Vec<u8>)) {
    let mut scene = scene();
    let made = Handmade::bent(
        &scene.a,
        &[(Tier::Original, &[7; 3_000]), (Tier::About, b"{}")],
        |_, truth| truth,
        |tier, mut der| {
            if tier == Tier::Original {
                bend(&mut der);
            }
            der
        },
    );
    let letter = OpenGrant::of(&made, &scene.a, &scene.b, "store=full");
    let letter = letter.mail(&scene.a, &scene.b);
    scene.village.deliver(&scene.b, &letter);
    scene.village.deliver(&scene.b, &made.mail(&scene.a));
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.refused, [reason]);
    assert_eq!((done.notified, scene.b.blobs().len()), (0, 1));
    let share = scene.b.home.album.rows().shares().expect("rows").remove(0);
    assert_eq!(share.state, ShareState::Arriving);
    let item = scene.b.items(&share.reference).remove(0).reference;
    let fault = scene.b.view(&item, "bob", Action::Store);
    assert_eq!(fault.expect_err("nothing is there").code, "arriving");
    assert!(scene.village.inbox(&scene.a).is_empty(), "no answer");
}

const CLOSED: &str = "a part does not open with the key that was granted";

#[test]
fn last_byte_of_a_tag() {
    refuses_part(CLOSED, |der| *der.last_mut().expect("a tag") ^= 1);
}

#[test]
fn one_byte_of_the_content() {
    refuses_part(CLOSED, |der| der[1_500] ^= 1);
}

#[test]
fn part_cut_short() {
    refuses_part("a part is outside the profile", |der| {
        der.truncate(2_000);
    });
}

#[test]
fn short_tag() {
    refuses_part("a part is outside the profile", |der| {
        let length = [0x02, 0x01, 0x10];
        let at = der.windows(3).position(|w| w == length);
        der[at.expect("the length of the tag") + 2] = 4;
    });
}

#[test]
fn wrong_key_identifier() {
    refuses_part("no grant here opens this part", |der| {
        let at = der.windows(2).position(|w| w == [0x04, 0x10]);
        der[at.expect("a key identifier") + 2] ^= 1;
    });
}
