//! Until when: the day, and the minute too where it is soon.

use crate::house::{Village, order, picture};
use crate::site::Site;
use hearthpost::sharing::listing::{show_day, show_time};
use hearthpost::words::Language;

#[test]
fn what_ends_soon_says_the_minute() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = a.import(&[path]).remove(0);
    for (hours, soon) in [(1, true), (47, true), (72, false)] {
        let end = a.now().plus_seconds(hours * 3_600);
        let rules = format!("display=1280,forward=yes,until={end}");
        let order = order(&[&item], &["home-b+bob@b.example"], &rules);
        let share = a.share(&order).expect("recorded").share;
        village.settle(&mut [&mut a, &mut b]);
        let site = Site::of(&b);
        let mut bob = site.signed_in(&mut b, "bob");
        let item = b.items(&share).remove(0).reference;
        let said = match soon {
            true => show_time(Language::En, end),
            false => show_day(Language::En, end),
        };
        for page in [
            "/received".to_owned(),
            format!("/received/{share}"),
            format!("/received/{share}/{item}"),
            format!("/received/{share}/pass-on"),
        ] {
            let text = bob.get(&page).text();
            assert!(
                text.contains(&format!("until {said}")),
                "{hours} {page}: {text}"
            );
        }
    }
}
