//! Three households of which the first shares by a program: it knows the second, and that knows the third.

use crate::house::{House, Village, picture};
use crate::site::{Program, Site};
use hearthpost::album::{Contact, Trust};
use serde_json::{Value, json};

pub const SHARES: &str = "/api/v1/shares";

pub struct Three {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub c: House,
    pub site: Site,
    pub lake: String,
}

/// Ann's house with a picture, which knows Bob's; and that knows Cleo's.
pub fn three() -> Three {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann", "ben"]);
    let mut b = village.house("b", &["bob", "bea"]);
    let mut c = village.house("c", &["cleo"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 480);
    let lake = a.import(&[path]).remove(0).reference;
    // Known by mail alone: its words were never compared.
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    let seen = Contact {
        trust: Trust::Seen,
        ..contact
    };
    let put = a.home.album.commit(|rows| rows.put_contact(&seen));
    put.expect("noted");
    let site = Site::of(&a);
    Three {
        village,
        a,
        b,
        c,
        site,
        lake,
    }
}

impl Three {
    pub fn ann(&mut self) -> Program {
        self.site.program(&mut self.a, "ann", "read share")
    }

    pub fn order(&self) -> Value {
        json!({
            "items": [self.lake], "to": ["home-b+bob@b.example"], "rules": "display=full,forward=yes,period=P7D",
            "title": "At the lake", "message": "Look!", "yes": true
        })
    }

    pub fn settle(&mut self) {
        let mut houses = [&mut self.a, &mut self.b, &mut self.c];
        self.village.settle(&mut houses);
    }
}

pub fn sent(program: &mut Program) -> Vec<Value> {
    let list = program.get("/api/v1/sent").done(200);
    list["shares"].as_array().expect("a list").clone()
}
