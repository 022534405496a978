//! Sounds and films are played where they stand, within what the page's own policy allows.

use crate::browser::{Browser, checks};
use crate::house::{Village, order};
use crate::open::Open;
use crate::tool::{browser_film, is_here};

/// Goes to its end, as somebody does who drags the player there; says how long it is. To play it a browser wants a hand.
const GO: &str = "
    const [done, player] = [arguments[0], document.querySelector('audio')];
    const failed = () => done(`trouble ${player.error?.message}`);
    player.addEventListener('error', failed);
    player.addEventListener('seeked', () => done(player.duration));
    const go = () => { player.currentTime = player.duration - 0.2; };
    if (player.error) failed();
    else if (player.readyState > 0) go();
    else player.addEventListener('loadedmetadata', go);";
/// Whether the player can be touched at both of its ends.
const TOUCHED: &str = "
    const box = document.querySelector('audio').getBoundingClientRect();
    const at = (x) => document.elementFromPoint(x, box.y + box.height / 2).localName;
    return at(box.left + 20) === 'audio' && at(box.right - 20) === 'audio';";

#[test]
fn an_own_sound_is_heard_from_any_place_on() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let sound = format!(
        "{}/tests/fixtures/sounds/mill.mp3",
        env!("CARGO_MANIFEST_DIR")
    );
    // One on each side, so that the page can be turned.
    let item = {
        let ann = &mut open.houses[0];
        for name in ["before.txt", "after.txt"] {
            std::fs::write(ann.folder.join(name), name).expect("a file");
        }
        ann.import(&[ann.folder.join("before.txt")]);
        let item = ann.import(&[sound.into()]).remove(0);
        ann.import(&[ann.folder.join("after.txt")]);
        item.reference
    };
    let browser = Browser::start();
    let base = open.base(0);
    browser.sign_in(&base, "ann");
    for width in [1280, 390] {
        browser.look_at(width, "light");
        browser.goto(&format!("{base}/album/{item}"));
        assert_eq!(browser.run(TOUCHED, vec![]), true, "{width}");
        let long = browser.run_until_done(GO, vec![]);
        assert!(long.as_f64().is_some_and(|long| long > 1.0), "{long}");
    }
    let said = browser.complaints();
    assert!(said.is_empty(), "{said:?}");
}

/// Plays it, once a hand was on the page; says where it is when it goes on.
const PLAY: &str = "
    const [done, player] = [arguments[0], document.querySelector('audio, video')];
    player.addEventListener('error', () => done(`trouble ${player.error?.message}`));
    player.addEventListener('timeupdate', () => { if (player.currentTime > 0.2) done(player.currentTime); });
    player.play().catch((error) => done(`trouble ${error}`));";
/// Then goes to its end.
const GO_ON: &str = "
    const [done, player] = [arguments[0], document.querySelector('audio, video')];
    player.addEventListener('ended', () => done(player.currentTime));
    player.currentTime = player.duration - 0.2;";
/// Whether all of the film lies in the window and can be touched.
const SEEN: &str = "
    const box = document.querySelector('video').getBoundingClientRect();
    const at = (x) => document.elementFromPoint(x, box.y + box.height / 2).localName;
    const within = box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
    return within && at(box.left + 20) === 'video' && at(box.right - 20) === 'video';";

#[test]
fn what_came_and_may_be_kept_whole_is_played_before_it_is() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let sound = include_bytes!("../fixtures/sounds/mill.mp3").to_vec();
    let mut files = vec![("mill.mp3", sound)];
    if is_here("ffmpeg") {
        let films = ["film.mp4", "film.mov", "film.webm"];
        files.extend(films.map(|name| (name, browser_film(name))));
    }
    let browser = Browser::start();
    let (base, axe) = (open.base(1), checks::axe());
    browser.sign_in(&base, "bob");
    for (name, bytes) in &files {
        let ann = &mut open.houses[0];
        let path = ann.folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        let item = ann.import(&[path]).remove(0);
        let whole = order(
            &[&item],
            &["home-b+bob@b.example"],
            "display=full,store=full",
        );
        let share = ann.share(&whole).expect("recorded").share;
        let mut houses: Vec<_> = open.houses.iter_mut().collect();
        village.settle(&mut houses);
        let item = open.houses[1].items(&share).remove(0).reference;
        for width in [1280, 390] {
            browser.look_at(width, "light");
            browser.goto(&format!("{base}/received/{share}/{item}"));
            // What is refused of the film before may come late.
            browser.complaints();
            browser.click("#cap");
            let at = browser.run_until_done(PLAY, vec![]);
            assert!(at.as_f64().is_some_and(|at| at > 0.2), "{name}: {at}");
            let end = browser.run_until_done(GO_ON, vec![]);
            assert!(end.as_f64().is_some_and(|end| end > 1.0), "{name}: {end}");
            let film = browser.has("video");
            assert!(!film || browser.run(SEEN, vec![]) == true, "{name} {width}");
        }
        browser.run(&axe, vec![]);
        assert_eq!(browser.barriers(), Vec::<String>::new(), "{name}");
        let said = browser.complaints();
        assert!(said.is_empty(), "{name}: {said:?}");
        // Taken back, it is gone from the page that lies open.
        open.houses[0].revoke(&share, None).expect("taken back");
        let mut houses: Vec<_> = open.houses.iter_mut().collect();
        village.settle(&mut houses);
        browser.until("the end", || !browser.has("audio, video"));
    }
}
