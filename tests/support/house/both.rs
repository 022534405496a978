//! `a` knows `b` and `c`, which do not know each other, and has a picture for both.

use super::{House, Village, order, picture};

pub struct Both {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub c: House,
}

/// These people live there.
pub fn both(at_b: &[&str], at_c: &[&str]) -> Both {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let (mut b, mut c) = (village.house("b", at_b), village.house("c", at_c));
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    Both { village, a, b, c }
}

impl Both {
    /// The picture is shared with these; its mails lie in the outbox.
    pub fn share(&mut self, to: &[&str], rules: &str) -> String {
        let path = self.a.folder.join("lake.jpg");
        picture(&path, 640, 400);
        let items = self.a.import(&[path]);
        let order = order(&[&items[0]], to, rules);
        self.a.share(&order).expect("recorded").share
    }
}
