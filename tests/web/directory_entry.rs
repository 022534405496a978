//! Who keeps the house puts it into the directory from its page; a real slapd, where another house finds it.

use crate::house::Village;
use crate::site::Site;
use crate::slapd::Slapd;
use axum::http::StatusCode;

#[test]
fn the_keeper_puts_the_house_into_the_directory_and_others_find_it() {
    let (village, slapd) = (Village::new("ab"), Slapd::start());
    let mut a = village.house("a", &["ann", "ben"]);
    let mut b = village.house("b", &["bob"]);
    let words = [("words", "the-andersons, grandma")];
    // Where none is set nothing is offered, and it is said.
    let without = Site::of(&b);
    let mut bob = without.signed_in(&mut b, "bob");
    let page = bob.get("/households").text();
    assert!(!page.contains("/households/directory"), "{page}");
    let none = bob.post("/households/directory", &words);
    assert!(none.status.is_client_error(), "{}", none.text());
    slapd.used_by(&mut a, "", true);
    slapd.used_by(&mut b, "", false);
    let site = Site::of(&a);
    let (mut ann, mut ben) = (site.signed_in(&mut a, "ann"), site.signed_in(&mut a, "ben"));
    let page = ann.get("/households").text();
    assert!(page.contains("Put this house in the directory"), "{page}");
    assert!(
        !ben.get("/households")
            .text()
            .contains("/households/directory")
    );
    let refused = ben.post("/households/directory", &words);
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = ann.post("/households/directory", &words);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = ann.get("/households").text();
    assert!(page.contains("This house stands there."), "{page}");
    assert!(page.contains("value=\"the-andersons grandma\""), "{page}");
    let now = b.now();
    let found = village.run(b.home.look_in_directory("the-andersons", now));
    let found = found.expect("an answer").found;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].mailbox, a.mailbox);
    // A directory that is down is said on the page.
    slapd.stop();
    let down = ann.post("/households/directory", &words);
    assert!(
        down.text().contains("no connection to the directory"),
        "{}",
        down.text()
    );
}
