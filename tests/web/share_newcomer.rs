//! Somebody new: their household is brought in, and what was to be shared is still there.

use crate::households_page::upload;
use crate::share::scene;
use axum::http::StatusCode;
use hearthpost::rules::Action;

const B: &str = "home-b@b.example";

#[test]
fn a_household_is_brought_in_and_the_share_comes_back_with_it() {
    let mut s = scene();
    let mut c = s.village.house("c", &["carol"]);
    let mut abe = s.site.signed_in(&mut s.a, "abe");
    let items = s.items.clone();
    let pictures = items.iter().map(|id| ("picture", id.as_str()));
    let fields = [
        ("to", B),
        ("may", "keep"),
        ("offered", "look"),
        ("title", "Lake"),
    ];
    let form: Vec<_> = pictures.chain(fields).collect();
    let away = abe.post("/share", &[&form[..], &[("do", "new")]].concat());
    assert_eq!(away.header("location"), "/households");
    let households = abe.get("/households");
    let back = households.links("/share?draft=").remove(0);
    let kept = |text: &str| {
        assert!(
            text.contains("value=\"Lake\"") && text.contains("value=\"keep\" checked"),
            "{text}"
        );
        let all = items
            .iter()
            .all(|id| text.contains(&format!("name=\"picture\" value=\"{id}\"")));
        assert!(
            all && text.contains(&format!("value=\"{B}\" checked")),
            "{text}"
        );
    };
    kept(&abe.get(&back).text());
    // The link is there until it is shared, and nobody else has it.
    let mut other = s.site.browser();
    assert_eq!(other.get(&back).status, StatusCode::SEE_OTHER);
    assert!(!s.ann.get(&back).text().contains("Lake"));
    let pem = c.home.own_card_pem().expect("a card");
    let brought = upload(&mut abe, pem.as_bytes());
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.text());
    let page = abe.get(brought.header("location"));
    kept(&page.text());
    assert!(
        page.text().contains("value=\"home-c@c.example\" checked"),
        "{}",
        page.text()
    );
    let told = page.hidden("checked");
    let done = [
        ("to", "home-c@c.example"),
        ("do", "share"),
        ("checked", &told),
    ];
    let done = abe.post("/share", &[&form[..], &done].concat());
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(abe.get("/households").links("/share?draft=").is_empty());
    let a = s.a.home.own_card_pem().expect("a card");
    let now = c.now();
    c.home
        .add_contact_file(&s.a.mailbox, a.as_bytes(), now)
        .expect("added");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut c]);
    let to = done.header("location");
    let share = to
        .trim_start_matches("/sent/")
        .split('?')
        .next()
        .expect("a share");
    let item = c.items(share).remove(0).reference;
    c.view(&item, "carol", Action::Store).expect("kept");
}

#[test]
fn a_member_is_told_who_can_bring_in_a_household() {
    let mut s = scene();
    let page = s.share(&[]).text();
    assert!(!page.contains("value=\"new\""), "{page}");
    assert!(page.contains("ask whoever keeps this house"), "{page}");
    let mut abe = s.site.signed_in(&mut s.a, "abe");
    let page = abe.get(&format!("/share?picture={}", s.items[0])).text();
    assert!(
        page.contains("value=\"new\"") && !page.contains("whoever keeps"),
        "{page}"
    );
}
