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

/// The values of a part of the page, in their order.
fn values(page: &str, begins: &str, before: &str) -> Vec<String> {
    let (_, part) = page.split_once(begins).expect("there");
    let (part, _) = part.split_once("</div>").expect("its end");
    let all = part.split(before).skip(1);
    all.map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn with_whom_one_shared_last_stands_first_and_own_key_words_complete() {
    let mut s = scene();
    let mut c = s.village.house("c", &["carol"]);
    s.village.introduce(&mut s.a, &mut c);
    let (bob, carol) = ("home-b+bob@b.example", "home-c+carol@c.example");
    let of_carol = carol.parse().expect("an address");
    s.a.home.set_keyword("sister", &[of_carol]).expect("set");
    let houses = ["home-b@b.example", "home-c@c.example"];
    let mut lately: Vec<&str> = Vec::new();
    for whom in [bob, carol, bob] {
        s.recorded(&[("to", whom)]);
        s.a.wait(60);
        s.site.set_clock(&s.a);
        lately.retain(|one| *one != whom);
        lately.insert(0, whom);
        let page = s.share(&[]).text();
        let faces = values(&page, "data-part=\"faces\"", "name=\"to\" value=\"");
        assert_eq!(
            faces,
            [lately.as_slice(), &houses].concat(),
            "{whom}: {page}"
        );
    }
    let page = s.share(&[]).text();
    let known = values(&page, "<datalist id=\"known\"", "<option value=\"");
    let labels = ["bob, House B", "carol, House C", "House B", "House C"];
    assert_eq!(known, [&labels[..], &["sister"]].concat(), "{page}");
}
