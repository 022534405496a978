//! No way leads round the password of the identity pages: not by a link that lets a keeper choose another one.

use super::*;

#[test]
fn whoever_finds_a_keepers_browser_makes_no_password_that_confirms() {
    let mut s = scene();
    // A new password for oneself takes the one until now.
    let words = "Your own password is changed";
    for fields in [&[][..], &[("password", PASSWORD)]] {
        let page = s.link("bob", fields);
        is_trouble(&page, StatusCode::BAD_REQUEST, words);
        assert_eq!(opens(&page), 0);
    }
    let form = [("old", "not that one"), ("new", OTHER), ("again", OTHER)];
    let page = s.bob.post("/settings/password", &form);
    is_trouble(&page, StatusCode::BAD_REQUEST, "The password until now");

    // A link made for somebody before they came to keep the house opens nothing afterwards.
    let early = s.link("bea", &[]);
    assert_eq!(early.status, StatusCode::OK, "{}", early.text());
    s.set_keeper("bea");
    assert_eq!(s.come_in(&early).1, StatusCode::GONE);

    // One for another keeper takes one's own password.
    let page = s.link("bea", &[]);
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("bea keeps this house too"));
    assert_eq!(opens(&page), 0);
    assert!(!page.text().contains("role=\"alert\""));
    let wrong = [("password", "not that one")];
    let page = s.link("bea", &wrong);
    is_trouble(&page, StatusCode::FORBIDDEN, "That is not your password.");
    assert_eq!(opens(&page), 0);
    let page = s.link("bea", &[("password", PASSWORD)]);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let (mut bea, status) = s.come_in(&page);
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(bea.get(HERE).status, StatusCode::OK);

    // Somebody who is named anew keeps nothing, and lets nobody else keep it.
    let remove = "/settings/people/bea/remove";
    let sure = ("sure", "yes");
    let page = s.bob.post(remove, &[sure]);
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text());
    assert!(page.text().contains(&format!("action=\"{remove}\"")));
    let page = s.bob.post(remove, &[sure, wrong[0]]);
    is_trouble(&page, StatusCode::FORBIDDEN, "That is not your password.");
    assert_eq!(bea.get(HERE).status, StatusCode::OK, "she is there still");
    let page = s.bob.post(remove, &[sure, ("password", PASSWORD)]);
    assert_eq!(page.header("location"), "/settings?done=people");
    assert_ne!(bea.get(HERE).status, StatusCode::OK);
    let anew = [("name", "bea"), ("mail", "people@p.example")];
    s.bob.post("/settings/people", &anew);
    let page = s.link("bea", &[]);
    let (mut bea, status) = s.come_in(&page);
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(bea.get(HERE).status, StatusCode::FORBIDDEN);
    assert_eq!(
        bea.post("/settings/people/bob/link", &[]).status,
        StatusCode::FORBIDDEN
    );

    // Nor does a program act for a keeper here.
    let mut program = s.site.program(&mut s.b, "bob", "read album share").0;
    let all = [("passphrase", WORDS), ("again", WORDS), ("password", OTHER)];
    for (path, form) in [
        (format!("{HERE}/export"), &all[..]),
        ("/settings/people/bea/link".to_owned(), &[]),
    ] {
        let page = program.post(&path, form);
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[test]
fn password_is_not_guessed_by_way_of_a_link_for_another_keeper() {
    let mut s = scene();
    s.set_keeper("bea");
    let wrong = [("password", "not that one")];
    for _ in 0..10 {
        assert_eq!(s.link("bea", &wrong).status, StatusCode::FORBIDDEN);
    }
    let page = s.link("bea", &[("password", PASSWORD)]);
    let words = "There were too many wrong passwords";
    is_trouble(&page, StatusCode::TOO_MANY_REQUESTS, words);
    let page = s.export(WORDS, WORDS, PASSWORD);
    is_trouble(&page, StatusCode::TOO_MANY_REQUESTS, words);
}
