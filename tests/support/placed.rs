//! A picture of 3000 by 2000 with a place in it, which `a` shares with people of `b`; complete there.

use crate::house::{House, Village, order};
use crate::make::{Say, app1, exif, jpeg, quadrants, with_segments};
use crate::site::Site;

pub struct Placed {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub share: String,
    pub item: String,
    /// Of `b`.
    pub site: Site,
}

/// Each of these people may that; others live there too.
pub fn placed(people: &[&str], stations: &[(&str, &str)]) -> Placed {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", people));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    let say = Say {
        orientation: 1,
        place: true,
        thumbnail: true,
        comment: true,
    };
    let taken = app1(&exif(say));
    let picture = with_segments(&jpeg(&quadrants(3000, 2000), false), &[(0xe1, &taken)]);
    std::fs::write(&path, picture).expect("a picture");
    let items = a.import(&[path]);
    let mut order = order(&[&items[0]], &[], "display=full");
    for (name, rules) in stations {
        let address = format!("home-b+{name}@b.example");
        let rules = hearthpost::rules::parse_rules(rules).expect("rules");
        order
            .stations
            .push((address.parse().expect("an address"), rules));
    }
    order.title = "At the lake".to_owned();
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let item = b.items(&share).remove(0).reference;
    let site = Site::of(&b);
    Placed {
        village,
        a,
        b,
        share,
        item,
        site,
    }
}
