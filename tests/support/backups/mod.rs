//! Two houses of which backups are made and brought back.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};

use hearthpost::sharing::backup::{BackedUp, Restored, restore};
use hearthpost::sharing::{Fault, Household};

use crate::house::state::files_below;
use crate::house::{House, Plot, Village, order, picture};

pub struct Scene {
    pub village: Village,
    pub a: House,
    pub b: House,
}

/// A house that shared one picture and has another, and one that received it.
pub fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let paths = ["lake.jpg", "hill.jpg"].map(|name| a.folder.join(name));
    picture(&paths[0], 900, 600);
    picture(&paths[1], 300, 200);
    let items = a.import(&paths);
    let order = order(
        &[&items[0]],
        &["home-b@b.example"],
        "display=full,store=full",
    );
    a.share(&order).expect("recorded");
    village.settle(&mut [&mut a, &mut b]);
    Scene { village, a, b }
}

pub fn config(house: &House) -> PathBuf {
    house.folder.join("hearthpost.toml")
}

pub fn back_up(house: &mut House, file: &Path) -> BackedUp {
    let now = house.now();
    let config = config(house);
    let done = house.home.backup(&config, file, now, &mut |_| {});
    done.expect("a backup")
}

pub fn bring_back(house: &House, file: &Path, replace: bool) -> Result<Restored, Fault> {
    restore(&config(house), file, replace, &house.reading(), &mut |_| {})
}

/// Closes the house while `deed` is done to its folder, and opens it again.
pub fn while_closed<T>(mut house: House, deed: impl FnOnce(&House) -> T) -> (House, T) {
    let aside = tempfile::tempdir().expect("a folder");
    let other = stand_in(aside.path());
    drop(std::mem::replace(&mut house.home, other));
    let done = deed(&house);
    house.home = Household::open(&config(&house)).expect("opens");
    (house, done)
}

/// A household that stands in while the real one is closed.
fn stand_in(folder: &Path) -> Household {
    let plot = Plot {
        mailbox: "home-x@x.example",
        name: "House X",
        imap_url: "imaps://localhost:1",
        smtp_url: "smtps://localhost:1",
        password: "secret",
        ca_file: None,
        people_at: "people@p.example",
    };
    plot.build(&folder.join("x"), &[]).home
}

pub fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = files_below(folder).into_iter();
    let kept = files.filter(|path| path.extension().is_none_or(|end| end != "lock"));
    kept.map(|path| (path.clone(), fs::read(path).expect("a file")))
        .collect()
}
