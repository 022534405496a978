//! What a household may keep of another: parts, and what is written down of its grants.

use crate::house::forge::{Handmade, OpenGrant, tier_of};
use crate::house::granted::{Scene, refuse, scene};
use crate::house::{order, picture};
use hearthpost::album::DestinationState;
use hearthpost::envelope::{Digest, Id};
use hearthpost::message::grant::Bytes;
use hearthpost::message::manifest::{Item, Manifest};
use hearthpost::message::{Body, Code, Keys, SignedRevocation};
use hearthpost::rules::Tier;

#[test]
fn more_than_the_quota_is_refused_and_the_sender_sees_why() {
    let mut scene = scene();
    scene.b.home.config.limits.quota_per_contact = 1_000;
    let letter = scene.letter.clone();
    refuse(&mut scene, &letter, Code::Quota);
    let destination = scene.a.destinations(&scene.share).remove(0);
    assert_eq!(destination.state, DestinationState::Refused);
    let words = "that household has no more room for this, or only carries for others";
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
