//! Grants that are signed by a known household and wrong all the same: refused, with a receipt that says why, and
//! nothing else changes.

mod house;

use hearthpost::album::{DestinationState, ShareState};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{ContentKey, Digest, Id};
use hearthpost::message::grant::Bytes;
use hearthpost::message::manifest::{Item, Manifest};
use hearthpost::message::{
    Body, Code, Keys, Onward, ReceiptState, SignedManifest, SignedRevocation,
};
use hearthpost::rules::{Action, Tier, parse_rules};
use house::forge::{Handmade, OpenGrant, bend_json, signed, tier_of};
use house::{House, Village, order, picture};

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
    letter: Vec<u8>,
    parts: Vec<Vec<u8>>,
}

/// A share for looking on its way from `a` to `b`; `c` is known to both.
fn scene() -> Scene {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    let mut c = village.house("c", &[]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "display=1280");
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    let mut mails = village.take_mail(&b);
    let letter = mails.remove(0);
    Scene {
        village,
        a,
        b,
        c,
        share,
        letter,
        parts: mails,
    }
}

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

fn refuse(scene: &mut Scene, mail: &[u8], code: Code) {
    let before = scene.b.visible();
    scene.village.deliver(&scene.b, mail);
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.refused.len(), 1, "{:?}", done.refused);
    assert_eq!(scene.b.visible(), before);
    let receipts = scene.village.receipts(&scene.a);
    assert_eq!(receipts, [(ReceiptState::Refused, Some(code))]);
    scene.village.sync(&mut scene.a);
}

fn take(scene: &mut Scene, letter: &[u8]) {
    scene.village.deliver(&scene.b, letter);
    for mail in &scene.parts {
        scene.village.deliver(&scene.b, mail);
    }
    scene.village.sync(&mut scene.b);
    let state = scene.b.share_named(&scene.share).state;
    assert_eq!(state, ShareState::Complete);
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
fn more_than_the_quota_is_refused_and_the_sender_sees_why() {
    let mut scene = scene();
    scene.b.home.config.limits.quota_per_contact = 1_000;
    let letter = scene.letter.clone();
    refuse(&mut scene, &letter, Code::Quota);
    let destination = scene.a.destinations(&scene.share).remove(0);
    assert_eq!(destination.state, DestinationState::Refused);
    let words = "that household has no more room for this";
    assert_eq!(destination.error.as_deref(), Some(words));
    // The same mail again, as after a connection lost behind the final dot: no second receipt.
    scene.village.deliver(&scene.b, &letter);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.village.receipts(&scene.a), []);
}

/// A grant of one tiny file, in a share of many that nobody here is granted: little to fetch, much to write down.
fn wide(scene: &Scene, items: usize) -> OpenGrant {
    let tiers: [(Tier, &[u8]); 2] = [(Tier::Original, b"x"), (Tier::About, b"{}")];
    let mut made = Handmade::new(&scene.a, &tiers, |_, truth| truth);
    let first = made.manifest.items[0].clone();
    let other = |_| {
        let tiers = first.tiers.keys();
        let part = || tier_of(1, Digest::of(Id::random().to_string().as_bytes()));
        Item {
            id: Id::random(),
            kind: first.kind,
            tiers: tiers.map(|tier| (*tier, part())).collect(),
        }
    };
    let all = [first.clone()].into_iter().chain((1..items).map(other));
    let old = &made.manifest;
    let manifest = Manifest::new(old.share, old.origin, old.created, all.collect());
    made.manifest = manifest.expect("a manifest");
    let mut grant = OpenGrant::of(&made, &scene.a, &scene.b, "store=full");
    let key = made.content.item(first.id, Tier::Original);
    grant.grant.keys = Keys::Items([(first.id, key)].into());
    grant
}

/// What `b` refuses of it.
fn tells(scene: &mut Scene, body: &Body) -> Vec<String> {
    let header = scene.a.header(&scene.b);
    let mail = scene.a.letter(&scene.b, &header, body);
    scene.village.deliver(&scene.b, &mail);
    scene.village.sync(&mut scene.b).refused
}

#[test]
fn rows_of_a_grant_count_where_there_is_little_to_fetch() {
    let mut scene = scene();
    let grant = wide(&scene, 500);
    let bytes = grant.manifest.der().len() as u64;
    scene.b.home.config.limits.quota_per_contact = bytes;
    let mail = grant.mail(&scene.a, &scene.b);
    refuse(&mut scene, &mail, Code::Quota);
    scene.village.take_mail(&scene.a);
    scene.b.home.config.limits.quota_per_contact = 20_000_000;
    scene.b.home.config.limits.quota_total = bytes;
    let mail = wide(&scene, 500).mail(&scene.a, &scene.b);
    refuse(&mut scene, &mail, Code::Quota);
}

#[test]
fn ever_new_shares_are_bounded_by_the_quota_also_when_they_are_over() {
    for over in [false, true] {
        let mut scene = scene();
        scene.b.home.config.limits.quota_per_contact = 800_000;
        let mut taken = 0;
        for n in 0..20 {
            let grant = wide(&scene, 50);
            let of = (grant.grant.origin, grant.grant.share);
            let body = Body::Grant(Box::new(grant.grant), Box::new(grant.manifest));
            let refused = tells(&mut scene, &body);
            if refused.is_empty() {
                taken = n + 1;
            } else {
                assert!(refused[0].contains("quota_per_contact"), "{refused:?}");
            }
            if over && refused.is_empty() {
                let signed = SignedRevocation::sign(of, None, scene.a.time(), scene.a.identity());
                let signed = Bytes(signed.expect("signed").der().to_vec());
                assert!(tells(&mut scene, &Body::Revocation(signed)).is_empty());
            }
        }
        let shares = scene.b.home.album.rows().shares().expect("rows");
        assert_eq!(shares.len(), taken, "over: {over}");
        assert!((4..10).contains(&taken), "over: {over}: {taken}");
        let (_, mine) = reserved(&scene);
        assert!((600_000..=800_000).contains(&mine), "over: {over}: {mine}");
        // Another household has as much room as before.
        assert!(
            scene
                .b
                .home
                .album
                .rows()
                .reserved(scene.c.home.me(), scene.b.home.me())
                .expect("rows")
                .1
                == 0
        );
    }
}

/// What `b` keeps or may yet fetch: of all, and of `a`.
fn reserved(scene: &Scene) -> (u64, u64) {
    let rows = scene.b.home.album.rows();
    let (a, me) = (scene.a.home.me(), scene.b.home.me());
    rows.reserved(a, me).expect("rows")
}

#[test]
fn a_grant_that_replaces_another_takes_its_room() {
    let mut scene = scene();
    let first = wide(&scene, 50);
    let (grant, manifest) = (first.grant.clone(), first.manifest.clone());
    let body = || Body::Grant(Box::new(grant.clone()), Box::new(manifest.clone()));
    assert!(tells(&mut scene, &body()).is_empty());
    let (_, before) = reserved(&scene);
    // Room for not one byte more than some for the other length of a signature.
    scene.b.home.config.limits.quota_per_contact = before + 100;
    scene.a.wall += 10;
    assert_eq!(tells(&mut scene, &body()), Vec::<String>::new());
    let (all, after) = reserved(&scene);
    assert!(after.abs_diff(before) <= 100, "{before} {after}");
    assert_eq!(all, after);
}

#[test]
fn own_shares_do_not_count() {
    let mut scene = scene();
    let path = scene.b.folder.join("hill.jpg");
    picture(&path, 64, 40);
    let items = scene.b.import(&[path]);
    let order = order(&[&items[0]], &["home-a@a.example"], "display=1280");
    scene.b.share(&order).expect("recorded");
    assert_eq!(reserved(&scene), (0, 0));
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
