//! Asking for more in the browser, on both sides: what is asked, what the keeper there sees, and what comes of it.

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Page, Site};
use axum::http::StatusCode;
use hearthpost::album::RequestState;
use hearthpost::rules::{Action, Rules, parse_rules};

const DAY: u64 = 86_400;

/// `a` shared a picture with bob of `b`; bea of `b` was given nothing. Both have a site, with ann as keeper of `a`.
struct Scene {
    village: Village,
    a: House,
    b: House,
    at_a: Site,
    at_b: Site,
    ann: Browser,
    bob: Browser,
    share: String,
}

fn scene(rules: &str) -> Scene {
    titled("By the lake", rules)
}

fn titled(title: &str, rules: &str) -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann", "abe"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 600, 400);
    let items = a.import(&[path]);
    let mut order = order(&[&items[0]], &["home-b+bob@b.example"], rules);
    order.title = title.to_owned();
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let (at_a, at_b) = (Site::of(&a), Site::of(&b));
    let ann = at_a.signed_in(&mut a, "ann");
    let bob = at_b.signed_in(&mut b, "bob");
    Scene {
        village,
        a,
        b,
        at_a,
        at_b,
        ann,
        bob,
        share,
    }
}

impl Scene {
    fn wait(&mut self, seconds: u64) {
        for (house, site) in [(&mut self.a, &self.at_a), (&mut self.b, &self.at_b)] {
            house.wait(seconds);
            site.set_clock(house);
        }
    }

    fn settle(&mut self) {
        self.village.settle(&mut [&mut self.a, &mut self.b]);
    }

    fn ask(&mut self, form: &[(&str, &str)]) -> Page {
        let path = format!("/received/{}/ask", self.share);
        self.bob.post(&path, form)
    }

    /// What was asked of `a`.
    fn asked(&self) -> Option<Rules> {
        let all = self.a.home.requests().expect("rows");
        let mut open = all.into_iter().filter(|one| one.state == "open");
        open.next().map(|one| one.rules)
    }

    fn answer(&mut self, answer: &str, words: &str) -> Page {
        let request = self.a.home.requests().expect("rows").remove(0).request;
        let path = format!("/households/requests/{request}");
        let form = [("answer", answer), ("words", words)];
        self.ann.post(&path, &form)
    }

    /// Of what came last: what was gone is shared anew.
    fn may(&mut self, action: Action) -> bool {
        let share = self.b.home.received().expect("rows").remove(0).share;
        let item = self.b.items(&share).remove(0).reference;
        self.b.view(&item, "bob", action).is_ok()
    }
}

#[test]
fn what_is_over_is_asked_for_from_its_page_and_comes_again() {
    let mut s = scene("display=1280,period=P7D");
    s.wait(8 * DAY);
    let page = s.bob.get(&format!("/received/{}", s.share));
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let form = format!("/received/{}/ask", s.share);
    assert_eq!(page.links(&form).len(), 1, "{}", page.text());
    let page = s.ask(&[("wish", "longer"), ("words", "I was away.")]);
    assert_eq!(page.header("location"), "/received#asked");
    assert!(s.bob.get("/received").text().contains("I was away."));
    s.settle();
    let asked = s.asked().expect("asked");
    assert_eq!(Some(asked), parse_rules("display=1280,period=P30D").ok());
    let households = s.ann.get("/households").text();
    assert!(households.contains("I was away.") && households.contains("By the lake"));
    assert!(s.ann.get("/received").text().contains("class=\"new\""));
    assert!(!s.may(Action::Display));
    let page = s.answer("yes", "With pleasure!");
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    assert!(
        s.ann
            .get(page.header("location"))
            .text()
            .contains("You said yes.")
    );
    s.settle();
    assert!(s.may(Action::Display));
    assert!(s.bob.get("/received").text().contains("With pleasure!"));
    assert!(!s.ann.get("/households").text().contains("I was away."));
    s.wait(29 * DAY);
    assert!(s.may(Action::Display));
    s.wait(2 * DAY);
    assert!(!s.may(Action::Display));
}

#[test]
fn more_is_asked_for_beside_what_may_be_done_and_no_is_an_answer() {
    let mut s = scene("display=1280,print=1280");
    let item = s.b.items(&s.share).remove(0).reference;
    let page = s.bob.get(&format!("/received/{}/{item}", s.share)).text();
    for (wish, offered) in [
        ("longer", false),
        ("print", false),
        ("keep", true),
        ("pass-on", true),
    ] {
        let field = format!("value=\"{wish}\"");
        assert_eq!(page.contains(&field), offered, "{wish}");
    }
    let again = "What you ask for now takes the place of that.";
    assert!(!page.contains(again), "nothing was asked");
    s.ask(&[("wish", "keep"), ("wish", "pass-on")]);
    let viewer = format!("/received/{}/{item}", s.share);
    assert!(s.bob.get(&viewer).text().contains(again));
    s.settle();
    let asked = s.asked().expect("asked");
    assert_eq!(Some(asked), parse_rules("store=full,forward=yes").ok());
    let page = s.answer("no", "These are for looking.");
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    s.settle();
    assert!(!s.bob.get(&viewer).text().contains(again), "it is answered");
    assert!(!s.may(Action::Store) && s.may(Action::Display));
    assert!(
        s.bob
            .get("/received")
            .text()
            .contains("These are for looking.")
    );
    // Once answered it cannot be answered otherwise.
    assert_eq!(s.answer("yes", "").status, StatusCode::CONFLICT);
    assert!(s.asked().is_none());
}

/// For a yes to 'keep' the originals have to be sealed, by a share of their own.
#[test]
fn what_had_to_be_sealed_anew_is_seen_once_as_long_as_it_is_the_better() {
    let mut s = scene("display=1280");
    s.wait(60);
    s.ask(&[("wish", "keep")]);
    s.settle();
    s.answer("yes", "");
    s.settle();
    let all = s.b.home.received().expect("rows");
    assert_eq!(all.len(), 2, "a share of its own");
    let (old, new) = (s.share.clone(), all[0].share.clone());
    let listed = |s: &mut Scene, share: &str| {
        let page = s.bob.get("/received").text();
        page.contains(&format!("/received/{share}"))
    };
    assert!(listed(&mut s, &new) && !listed(&mut s, &old));
    // Who has its page open goes on.
    let page = s.bob.get(&format!("/received/{old}"));
    assert_eq!(page.status, StatusCode::OK);
    let now = s.a.clock();
    s.a.home.revoke(&new, None, now).expect("taken back");
    s.settle();
    assert!(listed(&mut s, &old) && !listed(&mut s, &new));
}

#[test]
fn what_nothing_tells_apart_is_hidden_by_nothing() {
    // No title, no date, and a name as all screenshots have it.
    let mut s = titled("", "display=1280");
    s.wait(60);
    s.ask(&[("wish", "keep")]);
    s.settle();
    s.answer("yes", "");
    s.settle();
    let all = s.b.home.received().expect("rows");
    let page = s.bob.get("/received").text();
    assert_eq!(all.len(), 2);
    for one in all {
        let link = format!("/received/{}", one.share);
        assert!(page.contains(&link), "{link} in {page}");
    }
}

#[test]
fn what_was_opened_as_often_as_allowed_is_asked_for_as_often_again() {
    let mut s = scene("display=1280,views=1");
    let item = s.b.items(&s.share).remove(0).reference;
    s.b.view(&item, "bob", Action::Display).expect("once");
    s.wait(601);
    assert!(!s.may(Action::Display));
    s.settle();
    s.ask(&[("wish", "looks")]);
    s.settle();
    s.answer("yes", "");
    s.settle();
    assert!(s.may(Action::Display));
    s.wait(601);
    assert!(!s.may(Action::Display));
}

#[test]
fn what_is_offered_is_more_of_what_runs_short() {
    let counted = "display=1280,views=2";
    for (rules, longer, looks) in [
        ("display=1280", false, false),
        ("display=1280,period=P7D", true, false),
        (counted, false, true),
        ("display=1280,views=2,period=P7D", true, true),
    ] {
        let mut s = scene(rules);
        let item = s.b.items(&s.share).remove(0).reference;
        let page = s.bob.get(&format!("/received/{}/{item}", s.share)).text();
        for (wish, offered) in [("longer", longer), ("looks", looks)] {
            let field = format!("value=\"{wish}\"");
            assert_eq!(page.contains(&field), offered, "{rules}: {wish}");
        }
        if rules != counted {
            continue;
        }
        // What a yes gives is neither more nor less than what it says.
        s.b.view(&item, "bob", Action::Display).expect("once");
        s.ask(&[("wish", "looks")]);
        s.settle();
        let households = s.ann.get("/households").text();
        let more = "That is twice more than so far; what was used of it stays used.";
        for told in ["4 times", more] {
            assert!(households.contains(told), "{households}");
        }
        s.answer("yes", "");
        s.settle();
        let given = s.a.home.sent().expect("rows").remove(0);
        let rules = given.destinations[0].stations[0].rules.clone();
        assert_eq!(Some(rules), parse_rules("display=1280,views=4").ok());
        for _ in 0..3 {
            s.wait(601);
            assert!(s.may(Action::Display));
        }
        s.wait(601);
        assert!(!s.may(Action::Display));
        // More looks are what is chosen once they are used up.
        let page = s.bob.get(&format!("/received/{}", s.share)).text();
        assert!(page.contains("value=\"looks\" checked"), "{page}");
        assert!(!page.contains("value=\"longer\""), "{page}");
    }
}

#[test]
fn longer_takes_no_name_off_and_makes_nothing_larger() {
    let mut s = scene("display=300,views=3,watermark=yes,period=P1D");
    s.ask(&[("wish", "longer"), ("wish", "looks")]);
    s.settle();
    let same = "display=300,watermark=yes,period=P31D,views=6";
    assert_eq!(s.asked(), parse_rules(same).ok());
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    let request = s.a.home.requests_foreseen(now).expect("rows").remove(0);
    let words = request.offer.expect("it waits for an answer").words;
    let more = "That is three times more than so far";
    for said in [
        "at 300 pixels",
        "with their name",
        "6 times",
        more,
        "So far: bob",
    ] {
        assert!(words.contains(said), "{words}");
    }
    let given = |s: &Scene| {
        let share = s.a.home.sent().expect("rows").remove(0);
        share.destinations[0].stations[0].rules.clone()
    };
    assert_eq!(s.answer("yes", "").status, StatusCode::SEE_OTHER);
    assert_eq!(
        given(&s).display.and_then(|limits| limits.max_edge),
        Some(300)
    );
    s.settle();
    let item = s.b.items(&s.share).remove(0).reference;
    let (viewed, _) = s.b.view(&item, "bob", Action::Display).expect("looks");
    assert_eq!(viewed.width, Some(300));
    s.wait(60);
    s.ask(&[("wish", "longer"), ("wish", "print")]);
    s.settle();
    let asked = s.asked().expect("asked");
    assert_eq!(asked.print, asked.display);
    assert_eq!(s.answer("yes", "").status, StatusCode::SEE_OTHER);
    let limits = given(&s).print.expect("may print");
    assert_eq!((limits.max_edge, limits.watermark), (Some(300), true));
}

#[test]
fn what_travels_on_is_not_widened_by_a_yes_to_something_else() {
    let mut s = scene("display=1280,forward=yes");
    let onward = parse_rules("display=320,views=1").expect("rules");
    let order = hearthpost::sharing::forward::ForwardOrder {
        share: s.share.clone(),
        to: vec!["home-b+bob@b.example".to_owned()],
        rules: Some(
            parse_rules("display=1280,forward=yes")
                .expect("rules")
                .into(),
        ),
        onward: Some(onward.clone()),
        yes: true,
        ..Default::default()
    };
    s.a.forward_order(order).expect("narrowed");
    s.settle();
    s.ask(&[("wish", "keep")]);
    s.settle();
    assert_eq!(s.answer("yes", "").status, StatusCode::SEE_OTHER);
    // The original was not sealed before: it is shared anew.
    let share = s.a.home.sent().expect("rows").remove(0).share;
    let shown = s.a.home.show(&share).expect("shown");
    let travels = shown.permits.into_iter().filter_map(|permit| permit.onward);
    let travels: Vec<Rules> = travels.map(|onward| onward.rules).collect();
    assert_eq!(travels, [onward]);
    assert_eq!(
        shown.stations[0].rules.store,
        parse_rules("store=full").expect("rules").store
    );
    let words = &shown.stations[0].words;
    assert!(
        words.contains("who may only look, once, at 320 pixels"),
        "{words}"
    );
}

#[test]
fn nobody_asks_for_what_was_not_for_them_nor_learns_that_it_is_there() {
    let mut s = scene("display=1280");
    let path = format!("/received/{}/ask", s.share);
    let mut bea = s.at_b.signed_in(&mut s.b, "bea");
    let form = [("wish", "longer")];
    let page = bea.post(&path, &form);
    let none = bea.post("/received/nothing/ask", &form);
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.text(), none.text());
    assert_eq!(
        s.at_b.browser().post(&path, &form).status,
        StatusCode::UNAUTHORIZED
    );
    // An own share is nothing to ask for.
    let own = format!("/received/{}/ask", s.a.home.sent().expect("rows")[0].share);
    assert_eq!(s.ann.post(&own, &form).status, StatusCode::NOT_FOUND);
    s.ask(&[("wish", "print")]);
    assert!(!bea.get("/received").text().contains("By the lake"));
    assert_eq!(s.b.home.requests().expect("rows").len(), 1);
}

#[test]
fn a_yes_to_what_is_not_here_any_more_says_what_can_be_done() {
    let mut s = scene("display=1280");
    let items = s.a.home.sent().expect("rows").remove(0).made_from;
    let now = s.a.now();
    s.a.home.delete_items(None, &items, now).expect("deleted");
    s.wait(31 * DAY);
    s.settle();
    s.ann = s.at_a.signed_in(&mut s.a, "ann");
    s.bob = s.at_b.signed_in(&mut s.b, "bob");
    let page = s.ask(&[("wish", "keep")]);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    s.settle();
    let page = s.answer("yes", "");
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text());
    let told = page.text();
    assert!(told.contains("not kept any more"), "{told}");
    assert!(told.contains("can be shared anew from there"), "{told}");
    // It still waits for an answer, and a no is one.
    assert!(s.asked().is_some());
    assert_eq!(
        s.answer("no", "It comes anew.").status,
        StatusCode::SEE_OTHER
    );
    assert!(
        !s.ann
            .get("/households")
            .text()
            .contains("can be shared anew")
    );
}

#[test]
fn a_wish_must_be_one_and_words_are_bounded() {
    let mut s = scene("display=1280");
    let long = "x".repeat(4_001);
    for form in [
        vec![],
        vec![("wish", "everything")],
        vec![("wish", "keep"), ("words", long.as_str())],
    ] {
        assert_eq!(s.ask(&form).status, StatusCode::BAD_REQUEST);
    }
    s.settle();
    assert!(s.asked().is_none());
    // Asked anew it is one request.
    s.ask(&[("wish", "keep")]);
    s.ask(&[("wish", "print")]);
    s.settle();
    assert_eq!(s.asked(), parse_rules("print=1280").ok());
    let rows = s.a.home.album.rows();
    let all = rows.requests().expect("rows");
    assert!(all.len() == 1 && all[0].state == RequestState::Open);
}

#[test]
fn who_forgets_what_they_wish_loses_no_word() {
    let mut s = scene("display=1280");
    let page = s.ask(&[("words", "For the <wall>.")]);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let shown = page.text();
    assert!(shown.contains("Say what you would like to do with it."));
    assert!(
        shown.contains(">For the &lt;wall&gt;.</textarea>"),
        "{shown}"
    );
    assert!(!shown.contains(" checked"), "{shown}");
    let form = format!("/received/{}/ask", s.share);
    assert_eq!(page.links(&form).len(), 1, "{shown}");
    // What was ticked stays so where it is something else that is wrong.
    let long = "x".repeat(4_001);
    let page = s.ask(&[("wish", "print"), ("words", long.as_str())]);
    let shown = page.text();
    assert!(shown.contains("value=\"print\" checked"), "{shown}");
    assert!(!shown.contains("value=\"keep\" checked") && shown.contains(&long));
    s.settle();
    assert!(s.asked().is_none());
    // Of what is over, too.
    s.wait(8 * DAY);
    s.a.revoke(&s.share.clone(), None).expect("taken back");
    s.settle();
    let page = s.ask(&[("words", "I was away.")]);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(
        page.text().contains(">I was away.</textarea>"),
        "{}",
        page.text()
    );
}

#[test]
fn a_request_is_answered_by_the_keeper_alone() {
    let mut s = scene("display=1280");
    s.ask(&[("wish", "keep")]);
    s.settle();
    let request = s.a.home.requests().expect("rows").remove(0).request;
    let path = format!("/households/requests/{request}");
    let mut abe = s.at_a.signed_in(&mut s.a, "abe");
    assert!(!abe.get("/households").text().contains(&request));
    assert_eq!(
        abe.post(&path, &[("answer", "yes")]).status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        s.ann.post(&path, &[("answer", "maybe")]).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        s.ann
            .post("/households/requests/none", &[("answer", "no")])
            .status,
        StatusCode::NOT_FOUND
    );
    assert!(s.asked().is_some());
}
