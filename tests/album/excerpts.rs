//! Excerpts: what the sender cut is all that comes, where no more is allowed; and names across pictures.

use crate::house::{House, Village, order, picture};
use crate::own::rows;
use crate::tool::{film, is_here, played};
use hearthpost::rendition::{Format, Lengths};
use hearthpost::rules::{Action, Tier};
use hearthpost::sharing::Fault;
use hearthpost::sharing::own::Size;
use hearthpost::sharing::share::Order;

struct Scene {
    village: Village,
    a: House,
    b: House,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob", "bea"]));
    village.introduce(&mut a, &mut b);
    Scene { village, a, b }
}

fn sound(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/tests/fixtures/sounds/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).expect("the fixture is there")
}

impl Scene {
    fn order(&mut self, name: &str, file: &[u8], rules: &str, lengths: &str) -> Order {
        let path = self.a.folder.join(name);
        std::fs::write(&path, file).expect("a file");
        let items = self.a.import(&[path]);
        let mut order = order(&[&items[0]], &["home-b+bob@b.example"], rules);
        order.excerpt = match lengths {
            "" => Lengths::default(),
            lengths => lengths.parse().expect("lengths"),
        };
        order
    }

    /// The short name of the item as it is over there, and its share.
    fn travels(&mut self, order: &Order) -> Result<(String, String), Fault> {
        let share = self.a.share(order)?.share;
        self.village.sync(&mut self.a);
        self.village.sync(&mut self.b);
        Ok((self.b.items(&share).remove(0).reference, share))
    }

    fn shared(&mut self, name: &str, file: &[u8], rules: &str, lengths: &str) -> String {
        let order = self.order(name, file, rules, lengths);
        self.travels(&order).expect("shared").0
    }

    fn refused(&mut self, name: &str, file: &[u8], rules: &str, lengths: &str) -> Fault {
        let order = self.order(name, file, rules, lengths);
        self.a.share(&order).expect_err("refused")
    }
}

#[test]
fn the_excerpt_of_a_sound_arrives_and_nothing_more() {
    let mut scene = scene();
    let whole = sound("mill.wav");
    let item = scene.shared(
        "mill.wav",
        &whole,
        "display=full,store=full,excerpt=yes",
        "2s",
    );
    for action in [Action::Display, Action::Store] {
        let (viewed, part) = scene.b.view(&item, "bob", action).expect("allowed");
        assert_eq!(viewed.media_type, "audio/wav");
        // Two seconds of 8,000 samples of a byte, and 44 bytes of head.
        assert_eq!(part.len(), 16_044);
        assert!(whole.windows(16_000).any(|at| at == &part[44..]));
    }
    assert!(scene.b.view(&item, "bob", Action::Print).is_err());
    assert_eq!(tiers_held(&scene.b, &item), [Tier::Preview, Tier::About]);
}

/// What of an item is here.
fn tiers_held(house: &House, item: &str) -> Vec<Tier> {
    let rows = house.home.album.rows();
    let item = rows.share_item(item).expect("read").expect("an item");
    let held = |tier: &Tier| {
        let parts = rows.tier_parts(item.id, *tier).expect("read");
        !parts.is_empty() && parts.iter().all(|part| part.held)
    };
    Tier::ALL.into_iter().filter(held).collect()
}

#[test]
fn one_may_have_the_whole_and_another_of_the_house_the_excerpt() {
    let mut scene = scene();
    let whole = b"one\ntwo\nthree\nfour\n".to_vec();
    let mut order = scene.order(
        "poem.txt",
        &whole,
        "display=full,store=full,excerpt=yes",
        "2l",
    );
    let bea = "home-b+bea@b.example".parse().expect("an address");
    let rules = hearthpost::rules::parse_rules("display=full,store=full").expect("rules");
    order.stations.push((bea, rules));
    let (item, _) = scene.travels(&order).expect("shared");
    let kept = |scene: &mut Scene, who| scene.b.view(&item, who, Action::Store).expect("kept").1;
    assert_eq!(kept(&mut scene, "bea"), whole);
    assert_eq!(kept(&mut scene, "bob"), b"one\ntwo\n");
}

#[test]
fn what_cannot_be_cut_or_marked_is_refused_before_anything_is_sent() {
    let mut scene = scene();
    let rules = "display=full,excerpt=yes";
    for (name, file, rules, lengths, words) in [
        ("a.txt", &b"text\n"[..], rules, "", "--excerpt 20l"),
        ("b.txt", b"other text\n", rules, "30s", "--excerpt 20l"),
        (
            "c.zip",
            b"PK\x03\x04\0\0\0\0",
            rules,
            "30s",
            "cannot be cut",
        ),
        ("d.pdf", b"%PDF-1.4\nbroken", rules, "2p", "damaged"),
        (
            "e.mp3",
            &sound("mill.mp3"),
            "display=full,store=full,watermark=yes",
            "",
            "watermark",
        ),
    ] {
        let fault = scene.refused(name, file, rules, lengths);
        assert!(fault.message.starts_with(name), "{}", fault.message);
        assert!(fault.message.contains(words), "{}", fault.message);
    }
    assert!(scene.a.home.sent().expect("listed").is_empty());
}

#[test]
fn a_film_is_cut_and_has_a_poster_and_its_place_stays_at_home() {
    if !is_here("ffmpeg") {
        return;
    }
    let mut scene = scene();
    let whole = film("mp4", 6);
    // The whole says where it was, which is no reason to refuse where the whole stays at home.
    let item = scene.shared("mill.mp4", &whole, "display=full,excerpt=yes", "2s");
    let (viewed, part) = scene
        .b
        .view(&item, "bob", Action::Display)
        .expect("allowed");
    assert_eq!(viewed.media_type, "video/mp4");
    let plays = played(&part);
    assert!((1.8..2.2).contains(&plays), "{plays}");
    assert!(!part.windows(5).any(|at| at == b"+48.1"));
    assert_eq!(
        tiers_held(&scene.b, &item),
        [Tier::Preview, Tier::Thumb, Tier::About]
    );
    let now = scene.b.now();
    let now = hearthpost::sharing::Now {
        now,
        floor: now,
        confirmed: true,
    };
    let bob = "bob".parse().expect("a station");
    let thumb = scene.b.home.hand_thumb(&item, &bob, now).expect("a poster");
    assert_eq!((thumb.width, thumb.height), (320, 180));
}

#[test]
fn the_excerpt_of_a_film_of_a_camcorder_is_one_that_browsers_play() {
    if !is_here("ffmpeg") {
        return;
    }
    let mut scene = scene();
    let whole = film("ts", 6);
    let item = scene.shared("00002.MTS", &whole, "display=full,excerpt=yes", "2s");
    let (viewed, part) = scene
        .b
        .view(&item, "bob", Action::Display)
        .expect("allowed");
    assert_eq!(viewed.media_type, "video/mp4");
    let plays = played(&part);
    assert!((1.8..2.3).contains(&plays), "{plays}");
    assert_eq!(
        tiers_held(&scene.b, &item),
        [Tier::Preview, Tier::Thumb, Tier::About]
    );
}

#[test]
fn a_film_goes_whole_without_its_place() {
    if !is_here("ffmpeg") {
        return;
    }
    let mut scene = scene();
    let whole = film("mov", 4);
    let rules = "display=full,store=full";
    let item = scene.shared("mill.mov", &whole, rules, "");
    let (_, kept) = scene.b.view(&item, "bob", Action::Store).expect("kept");
    let holds = |bytes: &[u8], words: &[u8]| bytes.windows(words.len()).any(|at| at == words);
    assert!(holds(&whole, b"+48.1") && !holds(&kept, b"+48.1"));
    assert!((played(&whole) - played(&kept)).abs() < 0.05);
    let mut order = scene.order("kept.mov", &whole, rules, "");
    order.keep_location = true;
    let (item, _) = scene.travels(&order).expect("shared");
    assert!(scene.b.view(&item, "bob", Action::Store).expect("kept").1 == whole);
}

#[test]
fn a_picture_of_a_telephone_is_shown_and_its_place_stays_at_home() {
    if !is_here("heif-convert") {
        return;
    }
    let mut scene = scene();
    let whole = include_bytes!("../fixtures/pictures/place.heic");
    let item = scene.shared("mill.heic", whole, "display=2048", "");
    let (viewed, shown) = scene
        .b
        .view(&item, "bob", Action::Display)
        .expect("allowed");
    assert_eq!((viewed.width, viewed.height), (Some(640), Some(480)));
    assert_eq!(Format::sniff(&shown), Format::Jpeg);
    let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&shown));
    assert!(exif.is_err(), "nothing is told beside the picture");
    assert_eq!(
        tiers_held(&scene.b, &item),
        [Tier::Preview, Tier::Thumb, Tier::About]
    );
    let share_item = scene
        .b
        .home
        .album
        .rows()
        .share_item(&item)
        .expect("read")
        .expect("it");
    assert_eq!(
        (share_item.width, share_item.height),
        (Some(640), Some(480))
    );
    assert_eq!(share_item.taken.as_deref(), Some("2024-07-01T10:11:12"));
    let rules = "display=2048,store=full";
    let item = scene.shared("kept.heic", whole, rules, "");
    let (_, kept) = scene.b.view(&item, "bob", Action::Store).expect("kept");
    assert_eq!(
        (Format::sniff(&kept), kept.len()),
        (Format::Heic, whole.len())
    );
    let facts = hearthpost::rendition::examine(&kept).expect("it is whole");
    assert!(!facts.has_place);
    // Who may keep it is sent no preview, and sees what a program there makes of the file.
    let (shown, bytes) = scene.b.view(&item, "bob", Action::Display).expect("shown");
    assert_eq!((shown.width, shown.height), (Some(640), Some(480)));
    let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&bytes));
    assert!(exif.is_err(), "nothing is told beside the picture");
}

/// It is 3000 by 1500, and its Exif says that it lies on its side, which a HEIC says otherwise.
const TURNED: &[u8] = include_bytes!("../fixtures/pictures/turned.heic");

#[test]
fn a_picture_of_a_telephone_is_turned_once() {
    if !is_here("heif-convert") {
        return;
    }
    let mut scene = scene();
    let item = scene.shared("a.heic", TURNED, "display=2048", "");
    let (shown, bytes) = scene.b.view(&item, "bob", Action::Display).expect("shown");
    assert_eq!((shown.width, shown.height), (Some(2048), Some(1024)));
    let seen = crate::make::seen(&crate::make::decoded(&bytes));
    assert_eq!(seen, "RGBw");
    let own = scene.a.home.album.rows().items().expect("rows").remove(0);
    let picture = scene.a.home.own_picture(None, &own.reference, Size::Screen);
    let picture = picture.expect("a picture");
    assert_eq!((picture.width, picture.height), (2048, 1024));
}

#[test]
fn where_nobody_may_keep_it_a_picture_of_a_telephone_goes_as_a_jpeg_in_full() {
    if !is_here("heif-convert") {
        return;
    }
    let mut scene = scene();
    for (rules, action, edge) in [
        ("display=full", Action::Display, 3000),
        ("display=2048,print=full", Action::Print, 3000),
        ("display=2048,store=2500,watermark=yes", Action::Store, 2500),
    ] {
        let item = scene.shared("a.heic", TURNED, rules, "");
        let (shown, bytes) = scene.b.view(&item, "bob", action).expect(rules);
        assert_eq!(
            (shown.width, shown.height),
            (Some(edge), Some(edge / 2)),
            "{rules}"
        );
        assert_eq!(Format::sniff(&bytes), Format::Jpeg);
        let item = scene.b.home.album.rows().share_item(&item).expect("rows");
        let item = item.expect("it");
        assert_eq!(
            (item.name.as_deref(), item.width),
            (Some("a.jpg"), Some(3000)),
            "{rules}"
        );
    }
    // One may keep the file and another look at all of it: one item is not two.
    let mut order = scene.order("c.heic", TURNED, "store=full", "");
    let bea = "home-b+bea@b.example".parse().expect("an address");
    order.stations = vec![(
        bea,
        hearthpost::rules::parse_rules("display=full").expect("rules"),
    )];
    let fault = scene.a.share(&order).expect_err("refused");
    assert!(
        fault.message.contains("--display 2048"),
        "{}",
        fault.message
    );
}

#[test]
fn the_viewers_name_stands_across_what_each_sees_and_keeps() {
    let mut scene = scene();
    let path = scene.a.folder.join("lake.jpg");
    picture(&path, 640, 480);
    let items = scene.a.import(&[path]);
    let plain = order(&[&items[0]], &["home-b+everyone@b.example"], "display=640");
    let marked = order(
        &[&items[0]],
        &["home-b+everyone@b.example"],
        "display=640,store=640,watermark=yes",
    );
    let (plain, _) = scene.travels(&plain).expect("shared");
    let (marked, _) = scene.travels(&marked).expect("shared");
    let mut look = |item: &str, who, action| scene.b.view(item, who, action).expect("allowed").1;
    let without = look(&plain, "bob", Action::Display);
    let bob = look(&marked, "bob", Action::Display);
    let pixels = |jpeg: &[u8]| image::load_from_memory(jpeg).expect("a picture").to_rgb8();
    assert_eq!(pixels(&bob).dimensions(), (640, 480));
    let far = |a: &[u8], b: &[u8]| {
        let (a, b) = (pixels(a), pixels(b));
        let pairs = a.as_raw().iter().zip(b.as_raw());
        pairs.filter(|(a, b)| a.abs_diff(**b) > 30).count()
    };
    assert!(far(&without, &bob) > 3_000, "a name is across it");
    let bea = look(&marked, "bea", Action::Display);
    assert!(far(&bob, &bea) > 500, "each has their own");
    assert!(
        far(&bob, &look(&marked, "bob", Action::Store)) == 0,
        "what is kept has it too"
    );
}

#[test]
fn telephone_pictures_and_films_are_seen_in_the_own_album_too() {
    let mut scene = scene();
    let mut add = |name: &str, bytes: &[u8]| {
        let path = scene.a.folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        scene.a.import(&[path]).remove(0).reference
    };
    let mut made = Vec::new();
    if is_here("heif-convert") {
        let picture = add(
            "mill.heic",
            include_bytes!("../fixtures/pictures/place.heic"),
        );
        made.push((picture, (320, 240)));
    }
    if is_here("ffmpeg") {
        made.push((add("film.mov", &film("mov", 2)), (320, 180)));
    }
    add("mill.txt", b"no picture at all\n");
    // The newest is one that cannot be read; those behind it are made all the same.
    rows(&mut scene.a, &[("gone.jpg", Some("2199-07-01T00:00:00"))]);
    let missing = scene.a.home.own_pictures_missing(10).expect("a list");
    assert_eq!(missing.len(), made.len() + 1);
    let gone = Ok(missing[..1].to_vec());
    // Without a moment for it nothing is made, and there is more to do; with one, all of it.
    let mut meanwhile = |seconds| {
        let most = std::time::Duration::from_secs(seconds);
        scene.a.home.make_pictures_meanwhile(most)
    };
    assert_eq!(meanwhile(0), Ok(Some(30)));
    assert_eq!(meanwhile(600), Ok(None));
    // Nothing is left that would be tried again.
    assert_eq!(meanwhile(0), Ok(None));
    assert_eq!(scene.a.home.own_pictures_missing(10), gone);
    for (item, edges) in made {
        let shown = scene
            .a
            .home
            .own_picture(None, &item, Size::Thumb)
            .expect("a picture");
        assert_eq!((shown.width, shown.height), edges);
    }
    assert_eq!(scene.a.home.own_pictures_missing(10), gone);
}
