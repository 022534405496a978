//! A grant on its way, to be bent, and the door that must refuse it.

use hearthpost::album::ShareState;
use hearthpost::message::{Code, ReceiptState};

use super::{House, Village, order, picture};

pub struct Scene {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub c: House,
    pub share: String,
    pub letter: Vec<u8>,
    pub parts: Vec<Vec<u8>>,
}

/// A share for looking on its way from `a` to `b`; `c` is known to both.
pub fn scene() -> Scene {
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

pub fn refuse(scene: &mut Scene, mail: &[u8], code: Code) {
    let before = scene.b.visible();
    scene.village.deliver(&scene.b, mail);
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.refused.len(), 1, "{:?}", done.refused);
    assert_eq!(scene.b.visible(), before);
    let receipts = scene.village.receipts(&scene.a);
    assert_eq!(receipts, [(ReceiptState::Refused, Some(code))]);
    scene.village.sync(&mut scene.a);
}

pub fn take(scene: &mut Scene, letter: &[u8]) {
    scene.village.deliver(&scene.b, letter);
    for mail in &scene.parts {
        scene.village.deliver(&scene.b, mail);
    }
    scene.village.sync(&mut scene.b);
    let state = scene.b.share_named(&scene.share).state;
    assert_eq!(state, ShareState::Complete);
}
