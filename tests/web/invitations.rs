//! Invitations and suggested names in the browser: who keeps the house invites and follows, and nobody else learns of it.

use crate::house::{House, Village};
use crate::invited;
use crate::invited::{CHECKED, followed, given, houses, invite, keeper, trust};
use crate::site;
use crate::site::{Browser, Site, code_of};
use axum::http::StatusCode;
use hearthpost::sharing::invite::GivenState;

struct Scene {
    village: Village,
    a: House,
    b: House,
    site: Site,
    ann: Browser,
    al: Browser,
}

/// Ann keeps `a`, and Al lives there too.
fn scene() -> Scene {
    let (village, [mut a, b]) = houses();
    keeper(&mut a, "al");
    let al = "al".parse().expect("a station");
    a.home.set_keeper(&al, false).expect("a member");
    for name in ["ann", "al"] {
        let station = name.parse().expect("a station");
        let password = hearthpost::sharing::accounts::Password::new(site::PASSWORD.to_owned());
        let now = a.now();
        let set = a.home.set_password(&station, &password, now);
        set.expect("a password");
    }
    let site = Site::of(&a);
    let ann = site.signed_in(&mut a, "ann");
    let al = site.signed_in(&mut a, "al");
    Scene {
        village,
        a,
        b,
        site,
        ann,
        al,
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before}: {text}"))
        .1;
    rest.split_once(after).expect("an end").0
}

/// As a browser reads it.
fn plain(text: &str) -> String {
    text.replace("&#x2f;", "/")
}

#[test]
fn an_invitation_is_made_shown_and_used_and_its_page_is_gone_then() {
    let mut s = scene();
    let made = s.ann.post("/households/invite", &[]);
    let page = made.header("location").to_owned();
    assert!(page.starts_with("/households/invitations/"), "{page}");
    let shown = s.ann.get(&page);
    let text = shown.text();
    let link = plain(between(&text, "value=\"", "\""));
    assert!(text.contains("<div class=\"qr field\"><svg"));
    assert!(text.contains(&code_of(&link)), "a code to scan");
    assert!(link.contains("/join#1."), "{link}");
    assert!(text.matches("<li>").count() >= 12);
    assert_eq!(shown.header("cache-control"), "no-store");
    // The list says that there is one, and not what it holds.
    let list = plain(&s.ann.get("/households").text());
    assert!(list.contains(&page));
    assert!(!list.contains(link.split_once('#').expect("a fragment").1));
    invited::join(&mut s.b, &link);
    s.village.settle(&mut [&mut s.b, &mut s.a]);
    assert_eq!((trust(&s.a, &s.b), trust(&s.b, &s.a)), (CHECKED, CHECKED));
    assert_eq!(s.ann.get(&page).status, StatusCode::CONFLICT);
    assert!(
        s.ann
            .get("/households")
            .text()
            .contains("House B came in with it")
    );
    let by = given(&s.a).person.expect("somebody");
    assert_eq!(by.as_str(), "ann");
    // Somebody else comes with it: that is told in a block of its own.
    let mut c = s.village.house("c", &["carol"]);
    invited::join(&mut c, &link);
    s.village.settle(&mut [&mut c, &mut s.a]);
    let list = s.ann.get("/households").text();
    let told = between(&list, "<p class=\"small trouble\">", "</p>");
    assert!(told.contains("another household had used before"), "{told}");
}

#[test]
fn an_invitation_is_withdrawn() {
    let mut s = scene();
    let page = s
        .ann
        .post("/households/invite", &[])
        .header("location")
        .to_owned();
    s.ann.post(&format!("{page}/withdraw"), &[]);
    assert_eq!(given(&s.a).state, GivenState::Withdrawn);
    assert_eq!(s.ann.get(&page).status, StatusCode::CONFLICT);
}

#[test]
fn an_invitation_is_followed_from_the_link_and_what_is_none_is_said_so() {
    let mut s = scene();
    let (_, link, words) = invite(&mut s.b, None);
    for text in ["nonsense", &link[..link.len() - 4]] {
        let page = s.ann.post("/households/join", &[("invitation", text)]);
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text().contains("role=\"alert\""), "{}", page.text());
    }
    for text in [words.as_str(), link.split_once('#').expect("a fragment").1] {
        let page = s.ann.post("/households/join", &[("invitation", text)]);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    }
    assert_eq!(followed(&s.a).person.expect("somebody").as_str(), "ann");
    let list = s.ann.get("/households").text();
    assert!(
        list.contains("You have followed their invitation since"),
        "{list}"
    );
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!((trust(&s.a, &s.b), trust(&s.b, &s.a)), (CHECKED, CHECKED));
    let list = s.ann.get("/households").text();
    assert!(
        !list.contains("You have followed their invitation"),
        "{list}"
    );
}

#[test]
fn only_who_keeps_the_house_invites_follows_and_sees_invitations() {
    let mut s = scene();
    let (reference, link, _) = invite(&mut s.a, None);
    let page = format!("/households/invitations/{reference}");
    for browser in [&mut s.al, &mut s.site.browser()] {
        assert_ne!(browser.get(&page).status, StatusCode::OK);
        browser.post("/households/invite", &[]);
        browser.post(&format!("{page}/withdraw"), &[]);
        browser.post("/households/join", &[("invitation", link.as_str())]);
        assert!(!browser.get("/households").text().contains(&reference));
    }
    assert_eq!(given(&s.a).state, GivenState::Open);
    assert!(s.a.home.joinings().expect("listed").is_empty());
}

#[test]
fn a_link_leads_whoever_opens_it_to_their_own_box() {
    let mut s = scene();
    let anyone = s.site.browser().get("/join");
    assert_eq!(anyone.status, StatusCode::OK);
    let text = plain(&anyone.text());
    // Who signs in from there comes back.
    assert!(text.contains("href=\"/sign-in?next=/join\""), "{text}");
    assert!(
        text.contains("open your own box") && !text.contains("<textarea"),
        "{text}"
    );
    assert!(!s.al.get("/join").text().contains("<textarea"));
    let text = s.ann.get("/join").text();
    assert!(
        text.contains("<textarea") && text.contains("data-fragment"),
        "{text}"
    );
    let invitations = ["/households/join", "/sign-in"].map(|page| text.contains(page));
    assert_eq!(invitations, [true, false]);
}

#[test]
fn the_right_address_takes_the_place_of_a_slip_and_that_is_said() {
    let mut s = scene();
    let (_, _, words) = invite(&mut s.b, None);
    let wrong = words.replace("home-b@", "hom-b@");
    let list = s.ann.post("/households/join", &[("invitation", &wrong)]);
    assert_eq!(list.header("location"), "/households");
    let done = s.ann.post("/households/join", &[("invitation", &words)]);
    let to = done.header("location").to_owned();
    let list = s.ann.get(&to).text();
    assert!(list.contains("The first try with the same words"), "{list}");
    assert_eq!(followed(&s.a).mailbox, s.b.mailbox);
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!((trust(&s.a, &s.b), trust(&s.b, &s.a)), (CHECKED, CHECKED));
}

#[test]
fn a_member_who_is_signed_in_is_not_sent_to_the_sign_in() {
    let mut s = scene();
    let page = s.al.get("/join").text();
    assert!(!page.contains("sign-in"), "{page}");
}
