//! A picture that bob of `b` was given, who may ask for more of it, be given it again, or pass it on.

use hearthpost::rules::Action;

use super::{House, Village, order, picture};

/// `a` shared a picture with bob of `b`, who knows `c`.
pub struct Scene {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub c: House,
    pub share: String,
}

/// A picture large enough for every size.
pub fn scene(rules: &str) -> Scene {
    scene_of((2400, 1600), rules)
}

/// One that is smaller than most of them.
pub fn small(rules: &str) -> Scene {
    scene_of((600, 400), rules)
}

fn scene_of((width, height): (u32, u32), rules: &str) -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bob", "bea"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, width, height);
    let items = a.import(&[path]);
    let share = a
        .share(&order(&[&items[0]], &["home-b+bob@b.example"], rules))
        .expect("recorded")
        .share;
    village.settle(&mut [&mut a, &mut b]);
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

pub fn may(house: &mut House, share: &str, person: &str, action: Action) -> bool {
    let item = house.items(share).remove(0).reference;
    house.view(&item, person, action).is_ok()
}
