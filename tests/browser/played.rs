//! Sounds are played where they stand, within what the page's own policy allows.

use crate::browser::Browser;
use crate::house::Village;
use crate::open::Open;

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
