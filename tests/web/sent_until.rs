//! What is out, and until when: a period that has begun is told with its day, and what is over is not called stopped.

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Site};
use hearthpost::sharing::listing::show_time;
use hearthpost::words::Language;

const WEEK: u64 = 7 * 86_400;

/// `a` shared a picture for a week with that address of `b`, where it is.
fn scene(to: &str) -> (Village, House, House, String) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = a.import(&[path]).remove(0);
    let order = order(&[&item], &[to], "display=1280,period=P7D");
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    (village, a, b, share)
}

fn pages(ann: &mut Browser, share: &str) -> [String; 2] {
    ["/sent".to_owned(), format!("/sent/{share}")].map(|page| ann.get(&page).text())
}

#[test]
fn a_period_that_has_begun_is_told_with_its_day() {
    for (to, more) in [
        ("home-b+bob@b.example", ""),
        (
            "home-b@b.example",
            "; for somebody who comes to that house later, the time begins when they come",
        ),
    ] {
        let (_village, mut a, _b, share) = scene(to);
        let end = show_time(Language::En, a.now().plus_seconds(WEEK));
        let site = Site::of(&a);
        let mut ann = site.signed_in(&mut a, "ann");
        for text in pages(&mut ann, &share) {
            let words = format!("That is until {end} at the latest{more}.");
            assert!(text.contains(&words), "{words} in {text}");
        }
        let sent = a.home.sent().expect("rows").remove(0);
        let station = &sent.destinations[0].stations[0];
        assert_eq!(station.expires, Some(a.now().plus_seconds(WEEK)));
    }
}

#[test]
fn what_is_over_has_ended_and_was_not_stopped() {
    for stopped in [false, true] {
        let (village, mut a, mut b, share) = scene("home-b+bob@b.example");
        match stopped {
            true => {
                a.revoke(&share, None).expect("stopped");
            }
            false => {
                a.wait(WEEK + 60);
                b.wait(WEEK + 60);
            }
        }
        village.settle(&mut [&mut a, &mut b]);
        let site = Site::of(&a);
        let mut ann = site.signed_in(&mut a, "ann");
        for text in pages(&mut ann, &share) {
            assert_eq!(text.contains("Stopped; deleted there"), stopped, "{text}");
            assert_eq!(text.contains("Ended; deleted there"), !stopped, "{text}");
            assert!(!text.contains("at the latest"), "{text}");
        }
    }
}
