//! What may not be had now, though it was given: too early, over, spent, taken back. By every way there is, each with its
//! reason.

use super::*;

/// By none of these ways, and each says why.
fn all_refused(who: &mut Both, ways: &[(String, Of)], why: &str, words: &str) {
    for (path, of) in ways {
        refused(who, path, *of, why);
        if *of == Of::Share {
            let page = who.ask("GET", path, &[]);
            let text = page.text();
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}: {text}");
            assert!(text.contains(words), "{path}: {why}: {text}");
        }
    }
}

#[test]
fn nothing_goes_out_before_it_begins() {
    let mut s = scene();
    let mut fay = s.both("fay");
    let ways = s.ways_of(&fay);
    all_refused(&mut fay, &ways, "too early", "You can open this from");
    s.b.wait(5 * DAY - 1);
    s.clock();
    all_refused(&mut fay, &ways, "too early", "You can open this from");
    s.b.wait(1);
    s.clock();
    for (path, of) in &ways {
        let page = fay.ask("GET", path, &[]);
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        let listed = page.text().contains(&s.item) || page.text().contains(MARK);
        assert!(*of == Of::Share || listed, "{path}: {}", page.text());
    }
}

#[test]
fn nothing_goes_out_once_it_is_over_or_when_the_clock_is_wound_back() {
    let mut s = scene();
    let mut bob = s.both("bob");
    let ways = s.ways_of(&bob);
    s.b.wait(8 * DAY);
    s.clock();
    all_refused(&mut bob, &ways, "over", "until");
    s.b.wall -= 20 * DAY as i64;
    s.b.uptime += 60;
    s.b.synchronised = false;
    s.clock();
    all_refused(&mut bob, &ways, "wound back", "until");
}

#[test]
fn a_look_that_is_spent_is_spent_on_every_way() {
    let mut s = scene();
    let mut bea = s.both("bea");
    let ways = s.ways_of(&bea);
    for item in s.b.items(&s.share) {
        let show = format!("/api/v1/received/items/{}/show", item.reference);
        let page = bea.ask("GET", &show, &[]);
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    }
    // A sound is nothing to look at: what could count a look at it is only its being played, which does not.
    let sound = s.b.items(&s.whole.0).remove(0).id;
    let (station, now) = ("bea".parse().expect("a station"), s.b.now());
    let counted =
        s.b.home
            .album
            .commit(|rows| rows.count_view(sound, &station, now));
    counted.expect("rows");
    s.b.wait(601);
    s.clock();
    all_refused(
        &mut bea,
        &ways,
        "spent",
        "You could open this once, and have",
    );
}

#[test]
fn nothing_goes_out_once_it_is_taken_back() {
    let mut s = scene();
    let mut bob = s.both("bob");
    let ways = s.ways_of(&bob);
    for share in [s.share.clone(), s.whole.0.clone()] {
        s.a.revoke(&share, None).expect("taken back");
    }
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    all_refused(
        &mut bob,
        &ways,
        "taken back",
        "does not share this any more",
    );
}
