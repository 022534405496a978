//! Sealed bytes in a bucket: what lies there, and what does not; killed half-way, away, and lying.

mod house;
mod store;

use std::path::PathBuf;

use hearthpost::album::ShareState;
use hearthpost::rules::Action;
use house::state::files_below;
use house::{House, Village, order, picture};
use store::{BUCKET, Gate, Store, Way, keep_in, own_name};

const DAY: u64 = 86_400;

/// Two houses that know each other and keep what is sealed in the store behind a port.
fn houses(port: u16) -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    keep_in(&mut a, port);
    keep_in(&mut b, port);
    (village, a, b)
}

fn lake(a: &House) -> PathBuf {
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    path
}

/// Shared by `a` for a week; its mails lie in the mailbox of `b`.
fn share_lake(village: &Village, a: &mut House) -> String {
    let path = lake(a);
    let items = a.import(&[path]);
    let order = order(
        &[&items[0]],
        &["home-b@b.example"],
        "display=full,period=P7D",
    );
    let share = a.share(&order).expect("recorded").share;
    village.sync(a);
    share
}

/// Sealed bytes in the data folder: parts and own files.
fn in_folder(house: &House) -> usize {
    let below = |name: &str| files_below(&house.folder.join("data").join(name)).len();
    below("parts") + below("files")
}

/// A file that is no picture, too large for one request.
fn large(house: &House) -> PathBuf {
    let path = house.folder.join("large.bin");
    let bytes: Vec<u8> = (0..20_000_000u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&path, bytes).expect("a file");
    path
}

#[test]
fn share_lies_in_the_bucket_alone_and_leaves_nothing_there_when_it_is_over() {
    let store = Store::start();
    let (village, mut a, mut b) = houses(store.port);
    let share = share_lake(&village, &mut a);
    village.settle(&mut [&mut a, &mut b]);
    let of = |house: &House, kind: &str| {
        let names = store.names_of(house);
        names.iter().filter(|name| name.starts_with(kind)).count()
    };
    assert_ne!(own_name(&a), own_name(&b), "two that share one bucket");
    assert_eq!(of(&a, "files/"), 1);
    assert!(of(&b, "parts/") >= 3, "{:?}", store.names_of(&b));
    assert_eq!((in_folder(&a), in_folder(&b)), (0, 0));
    for name in store.names() {
        assert!(name.starts_with("some/where/"), "{name}");
        let lies_open = store
            .read(&name)
            .windows(3)
            .any(|three| three == [0xff, 0xd8, 0xff]);
        assert!(!lies_open, "{name} is no sealed picture");
    }
    let item = b.items(&share).remove(0).reference;
    let (_, shown) = b.view(&item, "bob", Action::Display).expect("shown");
    assert!(shown.starts_with(&[0xff, 0xd8]));
    // The share ends there, the item goes here.
    let reference = a
        .home
        .album
        .rows()
        .items()
        .expect("rows")
        .remove(0)
        .reference;
    let now = a.now();
    a.home
        .delete_items(None, &[reference], now)
        .expect("in the bin");
    for house in [&mut a, &mut b] {
        house.wait(40 * DAY);
        village.sync(house);
    }
    assert_eq!(b.share_named(&share).state, ShareState::Expired);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(store.names(), Default::default());
}
