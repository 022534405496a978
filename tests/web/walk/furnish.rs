//! The house that is walked through, with all that is shown there.

use super::*;
use hearthpost::sharing::share::Order;

/// Five days after it was shared.
const BEGINS: &str = "2027-01-20T08:00:00Z";

pub fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea", "cid", "dan", "eve", "fay", "ida"]),
    );
    village.introduce(&mut a, &mut b);
    let say = Say {
        orientation: 1,
        place: true,
        thumbnail: true,
        comment: true,
    };
    let taken = app1(&exif(say));
    let original = with_segments(&jpeg(&quadrants(1800, 1200), false), &[(0xe1, &taken)]);
    let path = a.folder.join(format!("{MARK}.jpg"));
    std::fs::write(&path, &original).expect("a picture");
    let picture = a.import(&[path]).remove(0);
    let path = a.folder.join(format!("{MARK}-too.jpg"));
    std::fs::write(&path, jpeg(&quadrants(900, 600), false)).expect("a picture");
    let beside = a.import(&[path]).remove(0);
    let ann = "ann".parse().expect("a station");
    a.home
        .set_caption(Some(&ann), &picture.reference, MARK)
        .expect("written");
    let mut first = order(
        &[&picture, &beside],
        &["home-b+bob@b.example"],
        "display=1280,print=640,store=500,forward=yes,period=P7D",
    );
    let much = "display=1280,print=640,store=500,forward=yes";
    also(
        &mut first,
        &[
            ("bea", &format!("{much},views=1")),
            ("fay", &format!("{much},from={BEGINS}")),
            ("ida", "display=800,print=640,store=500,watermark=yes"),
            ("cid", "display=800,print=640,store=500"),
        ],
    );
    (first.title, first.message) = (MARK.to_owned(), MARK.to_owned());
    let share = a.share(&first).expect("recorded").share;
    let wav = format!(
        "{}/tests/fixtures/sounds/mill.wav",
        env!("CARGO_MANIFEST_DIR")
    );
    let path = a.folder.join("mill.wav");
    std::fs::copy(&wav, &path).expect("the fixture is there");
    let sound = a.import(&[path]).remove(0);
    let mut second = order(
        &[&sound],
        &["home-b+bob@b.example"],
        "display=full,store=full,excerpt=yes",
    );
    second.excerpt = "2s".parse().expect("lengths");
    let sounds = a.share(&second).expect("recorded").share;
    let mut third = order(
        &[&sound],
        &["home-b+bob@b.example"],
        "display=full,store=full,period=P7D",
    );
    also(
        &mut third,
        &[
            ("bea", "display=full,store=full,views=1"),
            ("fay", &format!("display=full,store=full,from={BEGINS}")),
        ],
    );
    let whole = a.share(&third).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let whole = (whole.clone(), b.items(&whole).remove(0).reference);
    let item = b.items(&share).remove(0).reference;
    let sound = b.items(&sounds).remove(0).reference;
    let (own, sent) = owned(&mut b, &original);
    let site = Site::of(&b);
    site.signed_in(&mut b, "eve");
    let mut bob = site.signed_in(&mut b, "bob");
    // So that there is a request of his.
    let asked = bob.post(
        &format!("/received/{share}/ask"),
        &[("wanted", "print"), ("message", MARK)],
    );
    assert!(!asked.status.is_server_error(), "{}", asked.text());
    Scene {
        village,
        a,
        b,
        site,
        bob,
        share,
        item,
        sound,
        whole,
        wav: std::fs::read(wav).expect("the fixture is there"),
        own,
        sent,
        original,
    }
}

/// Others of the house are given it too, as they may.
fn also(order: &mut Order, each: &[(&str, &str)]) {
    for (name, rules) in each {
        let address = format!("home-b+{name}@b.example").parse();
        let rules = parse_rules(rules).expect("rules");
        order.stations.push((address.expect("an address"), rules));
    }
}

/// A picture that bob has alone, and what he shared of it.
fn owned(b: &mut House, original: &[u8]) -> (String, String) {
    let path = b.folder.join(format!("{MARK}.jpg"));
    std::fs::write(&path, original).expect("a picture");
    let adding = hearthpost::sharing::own::import::Adding {
        person: Some("bob".parse().expect("a station")),
        private: true,
        ..Default::default()
    };
    let now = b.now();
    let imported = b.home.import_as(&[path], &adding, now, &mut |_| {});
    let own = imported.expect("import").items.remove(0);
    let mut wish = order(&[&own], &["home-a+ann@a.example"], "display=640");
    wish.title = MARK.to_owned();
    wish.viewer = adding.person;
    let sent = b.share(&wish).expect("recorded").share;
    (own.reference, sent)
}
