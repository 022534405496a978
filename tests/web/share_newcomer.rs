//! Somebody new: their household is brought in, and what was to be shared is still there.

use crate::households_page::upload;
use crate::share::scene;
use axum::http::StatusCode;
use hearthpost::rules::Action;

const B: &str = "home-b@b.example";
const WAITED_FOR: &str = "It has been asked who it is, and its answer is waited for. This goes out when the answer comes.";

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

/// Its address was typed as a telephone writes it, with what they may do.
#[test]
fn a_household_that_was_invited_to_is_chosen_as_it_is_known_and_not_as_it_was_typed() {
    let mut s = scene();
    let mut c = s.village.house("c", &["carol"]);
    let mut abe = s.site.signed_in(&mut s.a, "abe");
    let pictures = s.items.clone();
    let pictures = pictures.iter().map(|id| ("picture", id.as_str()));
    let form: Vec<_> = pictures.chain([("may", "each")]).collect();
    let away = abe.post("/share", &[&form[..], &[("do", "new")]].concat());
    assert_eq!(away.header("location"), "/households");
    let now = c.now();
    let invited = c.home.invite(None, 7, now).expect("an invitation");
    let typed = "Home-C@c.example";
    let words = format!("{typed} {}", *invited.words);
    let joined = abe.post("/households/join", &[("invitation", words.as_str())]);
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    let back = joined.header("location").to_owned();
    let page = abe.get(&back).text();
    assert!(page.contains(WAITED_FOR), "{page}");
    assert!(page.contains("asked, no answer yet"), "{page}");
    assert!(!page.contains("Nobody here knows"), "{page}");
    assert!(!page.contains("words not compared"), "{page}");
    s.village.settle(&mut [&mut s.a, &mut c]);
    let page = abe.get(&back).text();
    assert!(
        page.contains("value=\"home-c@c.example\" checked") && !page.contains(typed),
        "{page}"
    );
    for untrue in ["Nobody here knows", WAITED_FOR, "words not compared"] {
        assert!(!page.contains(untrue), "{page}");
    }
    // What was chosen on a page from before is chosen for the same.
    let each = [
        ("to", typed),
        ("for", typed),
        ("look Home-C@c.example", "on"),
        ("print Home-C@c.example", "on"),
        ("long Home-C@c.example", "7"),
    ];
    let page = abe.post("/share", &[&form[..], &each].concat());
    let text = page.text();
    assert!(
        text.contains("look at these for 7 days") && text.contains("print them, at screen size"),
        "{text}"
    );
    let told = page.hidden("checked");
    let done = [("do", "share"), ("checked", told.as_str())];
    let done = abe.post("/share", &[&form[..], &each, &done].concat());
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let sent = s.a.home.sent().expect("listed").remove(0);
    assert_eq!(sent.destinations.len(), 1);
    let to = &sent.destinations[0];
    assert_eq!(
        (to.mailbox.as_str(), to.state),
        ("home-c@c.example", "queued")
    );
    assert_eq!(s.a.home.asked().expect("rows"), []);
}

/// The page lies open while the answer of who was invited to comes.
#[test]
fn one_press_shares_with_who_answered_meanwhile_and_with_who_did_not_yet() {
    for answers_first in [true, false] {
        let mut s = scene();
        let mut c = s.village.house("c", &["carol"]);
        let mut abe = s.site.signed_in(&mut s.a, "abe");
        let picture = s.items[0].clone();
        let form = [("picture", picture.as_str()), ("may", "look")];
        abe.post("/share", &[&form[..], &[("do", "new")]].concat());
        let now = c.now();
        let invited = c.home.invite(None, 7, now).expect("an invitation");
        let typed = "Home-C@c.example";
        let words = format!("{typed} {}", *invited.words);
        let joined = abe.post("/households/join", &[("invitation", words.as_str())]);
        let page = abe.get(joined.header("location"));
        assert!(page.text().contains(WAITED_FOR), "{}", page.text());
        if answers_first {
            s.village.settle(&mut [&mut s.a, &mut c]);
        }
        let told = page.hidden("checked");
        let done = [("to", typed), ("do", "share"), ("checked", &told)];
        let done = abe.post("/share", &[&form[..], &done].concat());
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        s.village.settle(&mut [&mut s.a, &mut c]);
        let share = s.a.home.sent().expect("listed").remove(0).share;
        let item = c.items(&share).remove(0).reference;
        c.view(&item, "carol", Action::Display).expect("seen");
    }
}

#[test]
fn whoever_types_a_known_address_with_a_capital_means_that_household() {
    let mut s = scene();
    let page = s
        .share(&[("who", "Home-B+Bob@B.example"), ("may", "look")])
        .text();
    assert!(
        page.contains("value=\"home-b+bob@b.example\" checked"),
        "{page}"
    );
    assert!(
        page.contains("bob can look at these") && !page.contains("Nobody here knows"),
        "{page}"
    );
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
