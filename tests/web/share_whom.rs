//! With whom: what somebody types is understood as people write it, and what is not stays there to be mended.

use crate::share::scene;
use axum::http::StatusCode;

#[test]
fn part_of_a_name_and_addresses_with_commas_are_understood() {
    let mut s = scene();
    for (typed, labels) in [
        ("house", &[">House B<"][..]),
        ("hou b", &[">House B<"]),
        ("bob, house", &["bob, House B"]),
        (
            "home-b+bob@b.example, home-b+bea@b.example",
            &["bob, House B", "bea, House B"],
        ),
        (
            "home-b+bob@b.example home-b+bea@b.example",
            &["bob, House B", "bea, House B"],
        ),
        (
            "House B, home-b+bea@b.example",
            &[">House B<", "bea, House B"],
        ),
    ] {
        let page = s.share(&[("who", typed)]).text();
        for label in labels {
            assert!(page.contains(label), "{typed}: {page}");
        }
        assert!(!page.contains("role=\"alert\""), "{typed}: {page}");
        assert!(
            page.contains("name=\"who\" list=\"known\" value=\"\""),
            "{typed}: {page}"
        );
    }
    let mut c = s.village.house("c", &["carol"]);
    s.village.introduce(&mut s.a, &mut c);
    let page = s.share(&[("who", "house")]).text();
    assert!(
        page.contains("several households are called house"),
        "{page}"
    );
}

#[test]
fn what_is_not_understood_stays_and_is_said_whatever_else_is_wrong() {
    let mut s = scene();
    let typed = ("who", "home-b+bob@b.example, smiths; <i>");
    for more in [
        &[][..],
        &[("pages", "none")],
        &[("do", "share"), ("pages", "none")],
        &[("do", "share")],
    ] {
        let page = s.share(&[&[typed], more].concat());
        let text = page.text();
        assert!(
            text.contains("value=\"smiths; &lt;i&gt;\""),
            "{more:?}: {text}"
        );
        assert!(
            text.contains("nobody here is known as smiths"),
            "{more:?}: {text}"
        );
        assert_eq!(
            text.matches("nobody here is known as smiths").count(),
            1,
            "{more:?}: {text}"
        );
        assert!(text.contains("bob, House B"), "{more:?}: {text}");
        let other = text.contains("is no number of at least one");
        assert_eq!(other, more.contains(&("pages", "none")), "{more:?}: {text}");
        let done = more.contains(&("do", "share"));
        assert_eq!(page.status == StatusCode::BAD_REQUEST, done, "{more:?}");
    }
    assert!(s.a.home.sent().expect("rows").is_empty());
}
