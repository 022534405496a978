//! What a program made of a received picture is of that picture alone, and takes no more room than that picture allows.

use std::fs::{self, File};

use hearthpost::encoding::Integer;
use hearthpost::envelope::{ContentKey, Digest, Id, PART_SIZE, PartBuffer};
use hearthpost::message::manifest::{Manifest, TierParts};
use hearthpost::rules::{Action, Kind, Tier};

use crate::converted::{alone, is_to, kept, runs};
use crate::house::forge::{Handmade, OpenGrant};
use crate::house::{House, Village, order, picture};

const DAY: u64 = 86_400;
const PLACE: &[u8] = include_bytes!("../fixtures/pictures/place.heic");

const ABOUT: &[u8] = br#"{"name":"mill.heic","media_type":"image/heic","caption":null,"taken":null,"width":null,"height":null,"duration_ms":null,"goes_with":null}"#;

/// The one item of a share made by hand, in `b`.
fn arrived(village: &Village, a: &House, b: &mut House, made: &Handmade, rules: &str) -> String {
    let grant = OpenGrant::of(made, a, b, rules);
    village.deliver(b, &grant.mail(a, b));
    village.deliver(b, &made.mail(a));
    let done = village.sync(b);
    assert_eq!(done.refused, Vec::<String>::new());
    let (origin, share) = (made.manifest.origin, made.manifest.share);
    let share = b.home.album.rows().share_by_wire(origin, share);
    let share = share.expect("rows").expect("taken");
    b.items(&share.reference).remove(0).reference
}

/// Two shares, each of a telephone's picture of two parts: the first part is the same, and what follows is not.
fn alike(a: &House) -> [Handmade; 2] {
    let mut whole = PLACE.to_vec();
    // A box that says nothing, behind the picture.
    let rest = PART_SIZE as u32;
    whole.extend(rest.to_be_bytes());
    whole.extend(b"free");
    whole.resize(PLACE.len() + PART_SIZE, 0);
    let (first, rest) = whole.split_at(PART_SIZE);
    let mut other = rest.to_vec();
    other[0] = 1;
    let content = ContentKey::random();
    let tiers: [(Tier, &[u8]); 2] = [(Tier::Original, b"x"), (Tier::About, ABOUT)];
    let made = Handmade::keyed(a, content.clone(), &tiers);
    let item = &made.manifest.items[0];
    let about = item.tiers[&Tier::About].parts[0];
    let about = made.parts.iter().find(|(digest, _)| *digest == about);
    let about = about.expect("it is sealed").clone();
    let sealed = |plain: &[u8]| {
        let mut buffer = PartBuffer::default();
        buffer.fill(&mut &*plain).expect("it fits");
        let part = buffer.seal(&content.item(item.id, Tier::Original));
        let der = part.expect("sealed").der.to_vec();
        (Digest::of(&der), der)
    };
    let first = sealed(first);
    [rest, &other].map(|rest| {
        let rest = sealed(rest);
        let mut item = item.clone();
        item.kind = Kind::Picture;
        let original = TierParts {
            size: Integer::new(whole.len() as u64).expect("a size"),
            parts: vec![first.0, rest.0],
        };
        item.tiers.insert(Tier::Original, original);
        let (origin, created) = (made.manifest.origin, made.manifest.created);
        let manifest = Manifest::new(Id::random(), origin, created, vec![item]);
        Handmade {
            content: content.clone(),
            manifest: manifest.expect("a manifest"),
            parts: vec![first.clone(), rest, about.clone()],
        }
    })
}

#[test]
fn what_is_made_of_a_picture_is_not_shown_for_one_that_begins_alike() {
    let test = "converted_apart::what_is_made_of_a_picture_is_not_shown_for_one_that_begins_alike";
    let Some(folder) = alone(test) else {
        return;
    };
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let [one, other] = alike(&a);
    let rules = "display=full,store=full,period=P30D";
    let one = arrived(&village, &a, &mut b, &one, rules);
    let rules = "display=full,store=full";
    let other = arrived(&village, &a, &mut b, &other, rules);
    let before = runs(&folder);
    b.view(&one, "bob", Action::Display).expect("looks");
    assert_eq!(runs(&folder), before + 1);
    assert!(b.home.is_by_program(&other).expect("rows"));
    b.view(&other, "bob", Action::Display).expect("looks");
    assert_eq!(runs(&folder), before + 2, "it is another picture");
    b.view(&one, "bob", Action::Display).expect("looks");
    assert_eq!(runs(&folder), before + 2);
    // A run that was killed costs nothing of it, but what no row knows goes.
    let stray = b.folder.join("data/made").join(Id::random().to_string());
    fs::write(&stray, b"of nothing").expect("written");
    fs::write(b.folder.join("data/temporary/unfinished.x"), b"").expect("a mark");
    b.home.album.sweep().expect("swept");
    assert!(!stray.exists());
    assert_eq!(kept(&b).len(), 2);
    // It goes with its own picture, and with no other.
    b.wait(31 * DAY);
    village.sync(&mut b);
    assert!(b.view(&one, "bob", Action::Display).is_err());
    assert_eq!(kept(&b).len(), 1);
    let before = runs(&folder);
    b.view(&other, "bob", Action::Display).expect("looks");
    assert_eq!(runs(&folder), before);
    // One of which nothing comes says nothing of the other either.
    let [one, other] = alike(&a);
    let one = arrived(&village, &a, &mut b, &one, rules);
    let other = arrived(&village, &a, &mut b, &other, rules);
    let good = folder.join("good.jpg");
    picture(&good, 320, 200);
    is_to(&folder, "exit 1");
    assert!(b.view(&one, "bob", Action::Display).is_err());
    is_to(&folder, &format!("cat '{}' > \"$4\"", good.display()));
    assert!(!b.home.is_by_program(&one).expect("rows"));
    b.view(&other, "bob", Action::Display).expect("looks");
}

#[test]
fn no_more_is_kept_of_what_is_made_than_is_shown_and_than_its_picture_allows() {
    let test = "converted_apart::no_more_is_kept_of_what_is_made_than_is_shown_and_than_its_picture_allows";
    let Some(folder) = alone(test) else {
        return;
    };
    let real = fs::read_to_string(folder.join("heif-convert")).expect("a script");
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("mill.heic");
    fs::write(&path, PLACE).expect("a file");
    let item = a.import(&[path]).remove(0);
    let order = order(
        &[&item],
        &["home-b+bob@b.example"],
        "display=full,store=full",
    );
    let mut given = |b: &mut House| {
        fs::write(folder.join("heif-convert"), &real).expect("written");
        let share = a.share(&order).expect("recorded").share;
        village.settle(&mut [&mut a, b]);
        b.items(&share).remove(0).reference
    };
    let made = folder.join("made.jpg");
    let gives = format!("cat '{}' > \"$4\"", made.display());

    // What is refused is not kept, nor asked for again: the small picture that came with it is shown.
    let item = given(&mut b);
    fs::write(&made, b"no picture").expect("written");
    is_to(&folder, &gives);
    let before = runs(&folder);
    for _ in 0..2 {
        b.view(&item, "bob", Action::Display)
            .expect("the small one");
        assert_eq!(runs(&folder), before + 1);
        assert!(kept(&b).is_empty());
    }

    // What is much longer than the picture of which it was made is shown, and not kept.
    let item = given(&mut b);
    let mut long = picture(&folder.join("good.jpg"), 320, 200);
    let good = long.clone();
    long.resize(2 << 20, 0);
    fs::write(&made, long).expect("written");
    is_to(&folder, &gives);
    let (viewed, _) = b.view(&item, "bob", Action::Display).expect("looks");
    assert_eq!(viewed.width, Some(320));
    assert!(kept(&b).is_empty());

    // All together take no more than a part of the disk: the oldest goes.
    fs::write(&made, good).expect("written");
    let old = b.folder.join("data/made").join(Id::random().to_string());
    let file = File::create(&old).expect("a file");
    file.set_len(3 << 30).expect("it takes no room");
    b.view(&item, "bob", Action::Display).expect("looks");
    assert!(!old.exists());
    assert_eq!(kept(&b).len(), 1);
}

#[test]
fn what_an_older_version_kept_among_the_own_pictures_is_swept() {
    let village = Village::new("a");
    let mut a = village.house("a", &["ann"]);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    a.import(&[path]);
    let pictures = a.folder.join("data/pictures");
    let old = pictures.join(Id::random().to_string());
    fs::write(&old, b"sealed").expect("written");
    fs::remove_dir(a.folder.join("data/made")).expect("there was none");
    let again = a.twin();
    again.home.album.sweep().expect("swept");
    assert!(!old.exists());
    let left = fs::read_dir(pictures).expect("a folder").count();
    assert_eq!(left, 1, "that of the own item");
}
