//! The lamp that says how far a card is, and the light of a box: on meanwhile, and out with who held it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::house::picture;
use crate::reader::scene;
use hearthpost::album::Lamp;
use hearthpost::encoding::Timestamp;
use hearthpost::sharing::Household;
use hearthpost::sharing::own::import::Adding;

#[test]
fn the_lamp_is_on_while_a_card_is_read_and_others_see_it() {
    let mut s = scene();
    assert_eq!(s.lamp(), Lamp::Off);
    let config = s.house.folder.join("hearthpost.toml");
    let mut other = Household::open(&config).expect("opens");
    other.config.import.cards = vec![s.reader.clone()];
    let now = s.house.now();
    let mut seen = Vec::new();
    let brought = s.bring_in_as(&Adding::default(), &mut |_| {
        seen.push(other.lamp(now));
        let second = other.bring_in(None, &Adding::default(), now, &mut |_| {});
        assert_eq!(second.expect_err("one at a time").code, "busy");
    });
    brought.expect("it is read");
    let on = |lamp: &Lamp| matches!(lamp, Lamp::Reading { total: 4, .. });
    assert!(!seen.is_empty() && seen.iter().all(on), "{seen:?}");
    let last = seen.last().expect("some");
    assert!(matches!(last, Lamp::Reading { done: 3, file, .. } if file.ends_with("00001.MTS")));
    assert!(matches!(other.lamp(now), Lamp::Done { total: 4, .. }));
    let later = Timestamp::from_unix(now.unix() + 3600);
    assert_eq!(other.lamp(later), Lamp::Off);
}

#[test]
fn the_lamp_goes_out_with_who_held_it() {
    let s = scene();
    let reading = s.house.home.begin_card(None, &Adding::default());
    let reading = reading.expect("in hand");
    assert_eq!(reading.files(), 4);
    assert!(matches!(
        s.lamp(),
        Lamp::Reading {
            done: 0,
            total: 4,
            ..
        }
    ));
    // As when the process is killed.
    drop(reading);
    // A program that another test has just started holds what this one held, until it begins.
    let end = Instant::now() + Duration::from_secs(20);
    while s.lamp() != Lamp::Off {
        assert!(Instant::now() < end, "{:?}", s.lamp());
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_light_blinks_meanwhile_and_is_out_then_and_left_to_what_lit_it_before() {
    let mut s = scene();
    let led = s.house.folder.join("led");
    fs::create_dir(&led).expect("a folder");
    let files = [
        ("brightness", "3\n"),
        ("max_brightness", "255\n"),
        ("trigger", "none timer [mmc0]\n"),
    ];
    for (name, text) in files {
        fs::write(led.join(name), text).expect("a file");
    }
    s.house.home.config.import.led = Some(led.clone());
    let read = |name: &str| fs::read_to_string(led.join(name)).expect("a file");
    let mut lit = Vec::new();
    s.bring_in_as(&Adding::default(), &mut |_| {
        lit.push((read("brightness"), read("trigger")));
    })
    .expect("it is read");
    assert_eq!(lit[0], ("255".to_owned(), "none".to_owned()));
    assert_eq!(
        (read("brightness"), read("trigger")),
        ("0".to_owned(), "mmc0".to_owned())
    );
    // One that cannot be had stops nobody.
    s.house.home.config.import.led = Some(s.house.folder.join("none"));
    picture(&s.card.join("DCIM/100CANON/IMG_0004.JPG"), 350, 200);
    assert_eq!(s.bring_in().expect("it is read").items.len(), 1);
    fs::set_permissions(&led, fs::Permissions::from_mode(0o500)).expect("closed");
}

#[test]
fn a_light_that_was_left_shining_is_put_out_and_left_to_what_lit_it_before() {
    let mut s = scene();
    let led = s.house.folder.join("led");
    fs::create_dir(&led).expect("a folder");
    let write = |name: &str, text: &str| fs::write(led.join(name), text).expect("a file");
    let read = |name: &str| fs::read_to_string(led.join(name)).expect("a file");
    write("brightness", "0");
    write("max_brightness", "255");
    write("trigger", "none timer [mmc0]");
    s.house.home.config.import.led = Some(led.clone());
    let lamp = s.house.folder.join("data/card.lamp");
    let config = s.house.folder.join("hearthpost.toml");
    let mut amid = Vec::new();
    s.bring_in_as(&Adding::default(), &mut |_| {
        // No other than the one who reads puts it out.
        Household::open(&config).expect("opens").put_out_lamp();
        amid = fs::read(&lamp).expect("the lamp");
        assert_eq!(read("trigger"), "none");
    })
    .expect("it is read");
    // As when the process is killed amid it; and a start after that.
    let killed = || {
        fs::write(&lamp, &amid).expect("the lamp");
        write("brightness", "255");
        write("trigger", "[none] timer mmc0");
    };
    killed();
    s.house.home.put_out_lamp();
    assert_eq!(
        (read("brightness"), read("trigger")),
        ("0".to_owned(), "mmc0".to_owned())
    );
    write("brightness", "7");
    s.house.home.put_out_lamp();
    assert_eq!(read("brightness"), "7", "nobody left it");
    // Or the next card.
    killed();
    picture(&s.card.join("DCIM/100CANON/IMG_0004.JPG"), 350, 200);
    assert_eq!(s.bring_in().expect("it is read").items.len(), 1);
    assert_eq!(read("brightness"), "0");
}
