//! More is asked of whoever passed a copy on, beyond what that household may give: what is promised is what a yes gives.

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Site};
use axum::http::StatusCode;
use hearthpost::rules::Action;
use hearthpost::sharing::forward::narrow::Narrowing;

/// `a` shared with `b`, where bea passed it on to eve of `c`. Kim keeps the house of `b`.
struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    kim: Browser,
    share: String,
}

fn scene(rules: &str) -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["kim", "bea"]);
    let mut c = village.house("c", &["eve"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 600, 400);
    let items = a.import(&[path]);
    let shared = a.share(&order(&[&items[0]], &["home-b+bea@b.example"], rules));
    let share = shared.expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    b.forward(&share, "bea", &["home-c+eve@c.example"], "display=320")
        .expect("passed on");
    village.settle(&mut [&mut a, &mut b, &mut c]);
    let site = Site::of(&b);
    let kim = site.signed_in(&mut b, "kim");
    Scene {
        village,
        a,
        b,
        c,
        kim,
        share,
    }
}

impl Scene {
    /// Eve asks, and what the page of `b` says of it is given.
    fn asked(&mut self, rules: &str) -> String {
        let now = self.c.home.tick(&self.c.reading(), &[]).expect("time");
        let rules = Narrowing::parse(rules).expect("rules");
        let eve = "eve".parse().expect("a station");
        let asked = self.c.home.ask(&self.share, &eve, Some(rules), "", now);
        asked.expect("asked");
        self.village
            .settle(&mut [&mut self.a, &mut self.b, &mut self.c]);
        self.kim.get("/households").text()
    }

    fn answer(&mut self, answer: &str) -> StatusCode {
        let request = self.b.home.requests().expect("rows").remove(0).request;
        let path = format!("/households/requests/{request}");
        let status = self.kim.post(&path, &[("answer", answer)]).status;
        self.village
            .settle(&mut [&mut self.a, &mut self.b, &mut self.c]);
        status
    }

    fn eve_may(&mut self, action: Action) -> bool {
        let item = self.c.items(&self.share).remove(0).reference;
        self.c.view(&item, "eve", action).is_ok()
    }
}

const YES: &str = "name=\"answer\" value=\"yes\"";

#[test]
fn what_may_not_be_given_is_left_out_and_said_to_be() {
    let mut s = scene("display=1280,print=1280,forward=yes,period=P30D");
    let page = s.asked("print=full,store=full,forward=yes");
    assert!(page.contains(YES), "{page}");
    assert!(page.contains("What you may not give yourself is left out."));
    let (_, promised) = page
        .split_once("If you say yes: ")
        .expect("what comes of it");
    let (promised, _) = promised.split_once("So far: ").expect("what there is");
    assert!(
        promised.contains("print") && promised.contains("until"),
        "{promised}"
    );
    for never in ["keep", "pass", "without an end"] {
        assert!(!promised.contains(never), "{promised}");
    }
    let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
    let offer =
        s.b.home
            .requests_foreseen(now)
            .expect("rows")
            .remove(0)
            .offer;
    let offer = offer.expect("it waits for an answer");
    assert!(offer.less && offer.why_not.is_none());
    assert_eq!(s.answer("yes"), StatusCode::SEE_OTHER);
    assert!(s.eve_may(Action::Print) && s.eve_may(Action::Display));
    assert!(!s.eve_may(Action::Store));
    let given =
        s.b.destinations(&s.share)
            .remove(0)
            .stations
            .remove(0)
            .rules;
    assert_eq!(Some(given), offer.rules);
}

#[test]
fn where_nothing_of_it_may_be_given_no_yes_is_offered() {
    let mut s = scene("display=320,forward=yes,period=P30D");
    let page = s.asked("store=full,forward=yes");
    assert!(!page.contains(YES), "{page}");
    assert!(page.contains("nothing of what is asked for may be given from here"));
    assert!(!page.contains("If you say yes"), "{page}");
    s.kim.headers = vec![("accept-language".to_owned(), "de".to_owned())];
    let german = s.kim.get("/households").text();
    assert!(
        german.contains("Nichts von dem, worum gebeten wird"),
        "{german}"
    );
    // Whoever says it all the same is told the same, and it still waits.
    assert!(s.answer("yes").is_client_error());
    assert!(s.eve_may(Action::Display));
    assert_eq!(s.answer("no"), StatusCode::SEE_OTHER);
}

#[test]
fn where_the_share_is_over_here_no_yes_is_offered() {
    let mut s = scene("display=320,forward=yes,period=P30D");
    s.asked("print=320");
    s.a.revoke(&s.share.clone(), None).expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let page = s.kim.get("/households").text();
    assert!(!page.contains(YES), "{page}");
    assert!(page.contains("does not share this any more"), "{page}");
}

#[test]
fn who_is_shut_out_is_offered_no_yes_and_the_page_stands() {
    let mut s = scene("display=1280,print=1280,forward=yes,period=P30D");
    assert!(s.asked("print=320").contains(YES));
    let c = s.c.mailbox.clone();
    s.b.home.block_contact(&c, true).expect("blocked");
    let page = s.kim.get("/households");
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let page = page.text();
    assert!(!page.contains(YES), "{page}");
    assert!(page.contains("home-c@c.example is blocked"), "{page}");
    // Whatever is posted comes back to that page.
    let form = [("word", "Not A Word"), ("addresses", "home-a@a.example")];
    let wrong = s.kim.post("/households/words", &form);
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
    assert_eq!(s.answer("yes"), StatusCode::CONFLICT);
    assert_eq!(s.answer("no"), StatusCode::SEE_OTHER);
    let page = s.kim.get("/households").text();
    assert!(!page.contains("home-c@c.example is blocked"), "{page}");
    assert!(s.village.inbox(&s.c).is_empty(), "nothing is answered");
}

#[test]
fn the_page_stands_whatever_identity_ends() {
    for own in [false, true] {
        let mut s = scene("display=1280,print=1280,forward=yes,period=P30D");
        assert!(s.asked("print=320").contains(YES));
        let whose = if own { &s.b } else { &s.c };
        let file = whose.folder.join("data/ended.pem");
        let now = s.b.time();
        let ended = s.b.home.send_ended(&file, &[], true, now);
        ended.expect("ended");
        let page = s.kim.get("/households");
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let page = page.text();
        assert!(!page.contains(YES), "{page}");
        let open = page.contains("name=\"answer\" value=\"no\"");
        assert_eq!(open, own, "nobody is left to be answered: {page}");
        if own {
            assert!(page.contains("the identity of this household has ended"));
            assert_eq!(s.answer("no"), StatusCode::SEE_OTHER);
        }
    }
}
