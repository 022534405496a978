//! An album of two pictures for programs: one of all, one of bea's alone; and what is sent to it.

use crate::house::{House, Village, picture};
use crate::site::{Program, Site};
use serde_json::json;

pub struct Album {
    _village: Village,
    pub house: House,
    pub site: Site,
    pub lake: String,
    pub gift: String,
}

/// Two pictures: one of all, one of bea's alone.
pub fn album() -> Album {
    let village = Village::new("b");
    let mut house = village.house("b", &["bob", "bea"]);
    for (name, width) in [("lake.jpg", 3000), ("gift.jpg", 640)] {
        picture(&house.folder.join(name), width, 480);
    }
    let items = [house.folder.join("lake.jpg"), house.folder.join("gift.jpg")];
    let lake = house.import(&items[..1]).remove(0).reference;
    let adding = hearthpost::sharing::own::import::Adding {
        album: Some("Secrets".to_owned()),
        person: Some("bea".parse().expect("a station")),
        private: true,
    };
    let now = house.now();
    let imported = house
        .home
        .import_as(&items[1..], &adding, now, &mut |_| {})
        .expect("imported");
    let gift = imported.items[0].reference.clone();
    let site = Site::of(&house);
    Album {
        _village: village,
        house,
        site,
        lake,
        gift,
    }
}

/// Begins an upload of `size` bytes and sends so much of it; gives its id.
pub fn sent(program: &mut Program, name: &str, size: usize, content: &[u8]) -> String {
    let new = json!({"name": name, "size": size});
    let begun = program.send("POST", "/api/v1/uploads", &new);
    let place = begun.header("location").to_owned();
    begun.done(201);
    if !content.is_empty() {
        let sent = program.send_bytes("PUT", &place, content.to_vec(), &[]);
        sent.done(200);
    }
    place.rsplit('/').next().expect("an id").to_owned()
}
