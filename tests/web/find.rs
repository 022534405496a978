//! What came is found again: by whom it is from, by words, names and dates, each as far as one sees it.

use crate::house;
use crate::placed::placed;

#[test]
fn what_came_is_found_by_household_words_name_and_date_and_by_nobody_for_whom_it_is_not() {
    let mut s = placed(&["bob", "bea"], &[("bob", "display=1280")]);
    let (mut bob, mut bea) = (
        s.site.signed_in(&mut s.b, "bob"),
        s.site.signed_in(&mut s.b, "bea"),
    );
    let link = format!("/received/{}\"", s.share);
    let list = bob.get("/received").text();
    assert!(list.contains("type=\"search\"") && list.contains(&link));
    let from = list.split("class=\"from\"><a href=\"/received?q=").nth(1);
    let from = from.expect("a card").split('"').next().expect("a name");
    let from = from.to_owned();
    // What came from a household is a link away where one looks at it.
    let household = format!("/households/{}", s.a.home.me());
    let household = bob.get(&household).text();
    assert!(
        household.contains(&format!("href=\"/received?q={from}\"")),
        "{household}"
    );
    // It came on 15 January 2027; the picture is of July 2024.
    let found = [
        from.as_str(),
        "LAKE",
        "at+the+lake",
        "lake.jpg",
        "2027",
        "January+2027",
        "15.01.2027",
        "Juli+2024",
        "2024-07-01+lake",
    ];
    for text in found {
        let page = bob.get(&format!("/received?q={text}")).text();
        assert!(page.contains(&link), "{text}: {page}");
        let page = bea.get(&format!("/received?q={text}")).text();
        assert!(!page.contains(&link) && page.contains("Nothing found."));
    }
    for text in ["hill", "2025", "lake+hill", "lake+July+2025"] {
        let page = bob.get(&format!("/received?q={text}")).text();
        assert!(!page.contains(&link), "{text}");
        assert!(page.contains("Nothing found."), "{text}");
    }
}

#[test]
fn more_of_what_is_found_is_asked_for_with_the_same_words() {
    let mut s = placed(&["bob"], &[("bob", "display=1280")]);
    let path = s.a.folder.join("small-lake.jpg");
    house::picture(&path, 64, 40);
    let items = s.a.import(&[path]);
    for number in 0..40 {
        let mut order = house::order(&[&items[0]], &["home-b@b.example"], "display=640");
        order.title = format!("Hill {number}");
        s.a.share(&order).expect("recorded");
    }
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let mut bob = s.site.signed_in(&mut s.b, "bob");
    assert!(!bob.get("/received?q=hill").text().contains("?q=hill"));
    let page = bob.get("/received?q=lake").text();
    let more = page.split("href=\"/received?q=lake&amp;after=").nth(1);
    let more = more
        .expect("there is more")
        .split('"')
        .next()
        .expect("a share");
    let page = bob.get(&format!("/received?q=lake&after={more}")).text();
    assert!(page.contains("At the lake") && !page.contains("Hill 3"));
}
