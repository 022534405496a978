//! Passing on in the browser: only what may be, said before it is done, and never to be seen by who may not.

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Page, Site};
use axum::http::StatusCode;
use hearthpost::album::{Contact, Trust};
use hearthpost::rules::{Action, Rules};

const DAY: u64 = 86_400;
const C: &str = "home-c@c.example";

/// `a` shared two pictures with bob of `b`, who may pass them on; `b` knows `c` and `d`.
struct Scene {
    village: Village,
    b: House,
    c: House,
    site: Site,
    bob: Browser,
    share: String,
    items: Vec<String>,
}

fn scene(rules: &str) -> Scene {
    let village = Village::new("abcd");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bob", "bea", "cid"]);
    let mut c = village.house("c", &["carol"]);
    let mut d = village.house("d", &[]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut b, &mut d);
    let paths = [("lake.jpg", 600), ("hut.jpg", 500)].map(|(name, width)| {
        let path = a.folder.join(name);
        picture(&path, width, 400);
        path
    });
    let items = a.import(&paths);
    let items: Vec<_> = items.iter().collect();
    let share = a
        .share(&order(&items, &["home-b+bob@b.example"], rules))
        .expect("recorded")
        .share;
    village.settle(&mut [&mut a, &mut b]);
    let items = b.items(&share);
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    Scene {
        village,
        items: items.into_iter().map(|item| item.reference).collect(),
        b,
        c,
        site,
        bob,
        share,
    }
}

impl Scene {
    fn path(&self) -> String {
        format!("/received/{}/pass-on", self.share)
    }

    fn post(&mut self, form: &[(&str, &str)]) -> Page {
        let path = self.path();
        self.bob.press(&path, form)
    }

    /// Both pictures, with that.
    fn all<'f>(&self, more: &[(&'f str, &'f str)], items: &'f [String]) -> Vec<(&'f str, &'f str)> {
        let items = items.iter().map(|item| ("item", item.as_str()));
        items.chain(more.iter().copied()).collect()
    }

    /// Shows what will happen, and then does it.
    fn pass_on(&mut self, form: &[(&str, &str)]) -> Page {
        let page = self.post(form);
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let checked = checked(&page);
        let mut form = form.to_vec();
        form.extend([("checked", checked.as_str()), ("do", "send")]);
        self.post(&form)
    }

    fn given(&self) -> Vec<(String, Rules)> {
        let rows = self.b.home.album.rows();
        let share = self.b.share_named(&self.share);
        let all = rows.destinations(share.id).expect("rows");
        let each = all.into_iter().flat_map(|one| {
            let mailbox = one.mailbox.to_string();
            let stations = one.stations.into_iter();
            stations.map(move |station| (format!("{} {mailbox}", station.name), station.rules))
        });
        each.collect()
    }
}

fn checked(page: &Page) -> String {
    let text = page.text();
    let (_, rest) = text
        .split_once("name=\"checked\" value=\"")
        .expect("a mark");
    rest.split('"').next().expect("a value").to_owned()
}

#[test]
fn what_was_said_is_what_is_passed_on_and_the_others_see_it() {
    let mut s = scene("display=1280,print=1280,forward=yes");
    let items = s.items.clone();
    let form = [
        ("item", items[1].as_str()),
        ("to", C),
        ("look", "yes"),
        ("until", "2027-02-01"),
    ];
    let page = s.post(&form);
    assert!(
        page.text()
            .contains("Everyone there can look at these until"),
        "{}",
        page.text()
    );
    assert!(s.given().is_empty(), "nothing is done before it is said");
    let page = s.pass_on(&form);
    let result = format!("/received/{}/passed-on", s.share);
    assert_eq!(page.header("location"), result);
    let given = s.given();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].0, "everyone home-c@c.example");
    let rules = &given[0].1;
    assert_eq!(rules.display.and_then(|limits| limits.max_edge), Some(1280));
    assert!(rules.print.is_none() && !rules.forward);
    assert!(
        rules
            .not_after
            .is_some_and(|end| end.to_string().starts_with("2027-02-0"))
    );
    let text = s.bob.get(&result).text();
    assert!(
        text.contains("House C") && text.contains("Everyone there can look"),
        "{text}"
    );
    s.village.settle(&mut [&mut s.b, &mut s.c]);
    let share = s.c.home.received().expect("rows").remove(0);
    let item = &share.items[..];
    let looks: Vec<bool> = item
        .iter()
        .map(|item| s.c.view(&item.id, "carol", Action::Display).is_ok())
        .collect();
    assert_eq!(
        looks.iter().filter(|looks| **looks).count(),
        1,
        "one of the two"
    );
}

#[test]
fn a_choice_that_was_changed_is_said_again_before_it_is_done() {
    let mut s = scene("display=1280,print=1280,forward=yes");
    let items = s.items.clone();
    let form = s.all(&[("to", C), ("look", "yes")], &items);
    let checked = checked(&s.post(&form));
    let mut changed = form.clone();
    changed.extend([
        ("print", "yes"),
        ("checked", checked.as_str()),
        ("do", "send"),
    ]);
    let page = s.post(&changed);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("print them"), "{}", page.text());
    assert!(s.given().is_empty());
    let mut unsaid = form.clone();
    unsaid.push(("do", "send"));
    s.post(&unsaid);
    assert!(s.given().is_empty());
}

/// A browser cannot go back to the answer to a form.
#[test]
fn what_was_checked_has_an_address_of_its_own_which_is_nobody_elses() {
    let mut s = scene("display=1280,forward=yes");
    let items = s.items.clone();
    let form = s.all(&[("to", C), ("look", "yes")], &items);
    let path = s.path();
    let posted = s.bob.post(&path, &form);
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.text());
    let there = posted.header("location").to_owned();
    let mark = checked(&s.bob.get(&there));
    let mut send = form.clone();
    send.extend([("checked", mark.as_str()), ("do", "send")]);
    assert_eq!(s.post(&send).status, StatusCode::SEE_OTHER);
    let back = s.bob.get(&there).text();
    let chosen = format!("value=\"{C}\" checked");
    assert!(back.contains(&chosen), "{back}");
    let mut again = s.site.signed_in(&mut s.b, "bob");
    let text = again.get(&there).text();
    assert!(!text.contains(&chosen), "another browser: {text}");
    // What is pressed there is kept there.
    for _ in 0..5 {
        again.post(&path, &form);
    }
    assert!(s.bob.get(&there).text().contains(&chosen));
}

#[test]
fn where_a_choice_is_not_kept_any_more_that_is_said_and_no_other_one_is_made() {
    let mut s = scene("display=1280,forward=yes");
    let page = s.bob.get(&format!("{}?sent=nothing", s.path()));
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let text = page.text();
    assert!(text.contains("What was chosen is not kept any more."));
    let item = &s.items[0];
    assert!(text.contains(item) && !text.contains(" checked"), "{text}");
}

#[test]
fn only_what_may_be_given_is_offered_and_more_is_refused_in_words() {
    let mut s = scene("display=1280,forward=yes,period=P7D");
    let page = s.bob.get(&s.path());
    let text = page.text();
    let offered = |name: &str| text.contains(&format!("name=\"{name}\""));
    assert!(offered("look"));
    for name in ["print", "keep", "further", "small"] {
        assert!(!offered(name), "{name}");
    }
    let items = s.items.clone();
    for more in [
        vec![("print", "yes")],
        vec![("keep", "yes")],
        vec![("look", "yes"), ("further", "yes")],
        vec![("look", "yes"), ("until", "2030-01-01")],
    ] {
        let mut form = s.all(&[("to", C)], &items);
        form.extend(more.iter().copied());
        let page = s.post(&form);
        // Not 403: the page stands, and what was typed with it.
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{more:?}");
        assert!(page.text().contains("role=\"alert\""), "{more:?}");
    }
    for form in [
        s.all(&[("to", C)], &items),
        s.all(&[("look", "yes")], &items),
        vec![("to", C), ("look", "yes")],
        vec![("item", "none"), ("to", C), ("look", "yes")],
        s.all(&[("also", "unheard"), ("look", "yes")], &items),
        s.all(&[("also", "home-a@a.example"), ("look", "yes")], &items),
        s.all(&[("to", C), ("look", "yes"), ("views", "0")], &items),
        s.all(&[("to", C), ("look", "yes"), ("until", "soon")], &items),
    ] {
        assert_eq!(s.post(&form).status, StatusCode::BAD_REQUEST, "{form:?}");
    }
    assert!(s.given().is_empty());
}

#[test]
fn it_is_passed_on_by_names_and_within_the_house() {
    let mut s = scene("display=1280,forward=yes");
    let addresses = ["home-c+carol@c.example", "home-d@d.example"];
    let addresses = addresses.map(|one| one.parse().expect("an address"));
    s.b.home.set_keyword("choir", &addresses).expect("set");
    let back = "home-a+ann@a.example".parse().expect("an address");
    s.b.home.set_keyword("ann", &[back]).expect("set");
    let text = s.bob.get(&s.path()).text();
    assert!(!text.contains("value=\"ann\""));
    // Where it came from it is not offered, nor to the person that passes it on.
    assert!(text.contains("value=\"choir\"") && !text.contains("home-a@a.example"));
    assert!(text.contains("value=\"bea\"") && !text.contains("value=\"bob\""));
    let items = s.items.clone();
    let form = s.all(
        &[
            ("to", "choir"),
            ("inside", "bea"),
            ("look", "yes"),
            ("views", "2"),
        ],
        &items,
    );
    let page = s.pass_on(&form);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let names: Vec<String> = s.given().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        ["carol home-c@c.example", "everyone home-d@d.example"]
    );
    let mut bea = s.site.signed_in(&mut s.b, "bea");
    assert_eq!(
        bea.get(&format!("/received/{}", s.share)).status,
        StatusCode::OK
    );
    let text = bea.get(&format!("/received/{}/passed-on", s.share)).text();
    assert!(!text.contains("House C"), "what bob did is bob's");
}

#[test]
fn others_are_meant_by_whatever_people_call_them() {
    let mut s = scene("display=1280,forward=yes");
    let items = s.items.clone();
    let also = ("also", "House D; home-c+carol@c.example");
    let form = s.all(&[also, ("look", "yes")], &items);
    s.pass_on(&form);
    let mut given: Vec<String> = s.given().into_iter().map(|(to, _)| to).collect();
    given.sort();
    assert_eq!(
        given,
        ["carol home-c@c.example", "everyone home-d@d.example"]
    );
}

/// Households call themselves what they want, and may do so between the page and its button.
#[test]
fn nothing_goes_to_whom_a_name_means_only_since_it_was_said() {
    let mut s = scene("display=1280,forward=yes");
    let items = s.items.clone();
    let named = |s: &mut Scene, mailbox: &str, name: &str| {
        let home = &mut s.b.home;
        let contact = home.contact_at(&mailbox.parse().expect("a mailbox"));
        let contact = Contact {
            name: name.to_owned(),
            ..contact.expect("known")
        };
        let put = home.album.commit(|rows| rows.put_contact(&contact));
        put.expect("noted");
    };
    named(&mut s, "home-d@d.example", "The Brooks family");
    let form = s.all(&[("also", "brooks"), ("look", "yes")], &items);
    let said = s.post(&form);
    assert!(said.text().contains("home-d@d.example"), "{}", said.text());
    let mark = checked(&said);
    named(&mut s, C, "brooks");
    let send = [&form[..], &[("checked", mark.as_str()), ("do", "send")]].concat();
    let page = s.post(&send).text();
    assert!(page.contains(C), "it is said anew: {page}");
    assert!(s.given().is_empty());
}

#[test]
fn it_is_passed_on_by_way_of_a_household_that_is_chosen_under_more() {
    let mut s = scene("display=full,forward=yes");
    let items = s.items.clone();
    let first = s.bob.get(&s.path()).text();
    assert!(
        first.contains("<option value=\"home-d@d.example\">"),
        "{first}"
    );
    let form = s.all(
        &[("to", C), ("look", "yes"), ("via", "home-d@d.example")],
        &items,
    );
    let said = s.post(&form).text();
    assert!(said.contains("<option value=\"home-d@d.example\" selected>"));
    assert!(said.contains("By way of home-d@d.example."), "{said}");
    s.pass_on(&form);
    let result = format!("/received/{}/passed-on", s.share);
    let done = s.bob.get(&result).text();
    assert!(done.contains("By way of home-d@d.example."), "{done}");
    let sent = s.b.home.sent().expect("listed").remove(0);
    let way = sent.destinations.iter().find(|to| to.mailbox.as_str() == C);
    let via = way.and_then(|to| to.via.as_ref()).map(ToString::to_string);
    assert_eq!(via.as_deref(), Some("home-d@d.example"));
    // What is not a household, or not one to which it may go, is said.
    for (via, words) in [
        ("nobody", "nobody"),
        ("home-a@a.example", "it came from there"),
    ] {
        let form = s.all(&[("to", C), ("look", "yes"), ("via", via)], &items);
        let page = s.post(&form);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{via}");
        assert!(page.text().contains(words), "{via}: {}", page.text());
    }
}

#[test]
fn a_household_whose_words_were_not_compared_is_asked_about_first() {
    let mut s = scene("display=1280,store=full,forward=yes");
    let mailbox = C.parse().expect("a mailbox");
    let mut contact = s.b.home.contact_at(&mailbox).expect("known");
    contact.trust = Trust::Seen;
    let put = s.b.home.album.commit(|rows| rows.put_contact(&contact));
    put.expect("rows");
    let items = s.items.clone();
    let form = s.all(&[("to", C), ("look", "yes"), ("keep", "yes")], &items);
    let page = s.post(&form);
    assert!(page.text().contains("never compared"), "{}", page.text());
    assert!(!page.text().contains("value=\"send\""), "first the answer");
    let mut yes = form.clone();
    yes.push(("yes", "yes"));
    assert_eq!(s.pass_on(&yes).status, StatusCode::SEE_OTHER);
    assert_eq!(s.given().len(), 1);
}

#[test]
fn who_may_not_pass_on_gets_nothing_of_it() {
    let mut s = scene("display=1280,forward=yes,period=P7D");
    let items = s.items.clone();
    let form = s.all(&[("to", C), ("look", "yes")], &items);
    let (path, result) = (s.path(), format!("/received/{}/passed-on", s.share));
    let nothing = |page: &Page, why: &str| {
        assert!(
            page.status.is_client_error() || page.status.is_redirection(),
            "{why}"
        );
        assert!(
            !page.text().contains("lake") && !page.text().contains("/m/"),
            "{why}"
        );
    };
    let mut cid = s.site.signed_in(&mut s.b, "cid");
    let mut nobody = s.site.browser();
    for (why, browser) in [("another person", &mut cid), ("signed out", &mut nobody)] {
        for page in [
            browser.get(&path),
            browser.get(&result),
            browser.post(&path, &form),
        ] {
            nothing(&page, why);
        }
    }
    assert_eq!(cid.get(&path).status, StatusCode::NOT_FOUND);
    s.b.wait(8 * DAY);
    s.site.set_clock(&s.b);
    for path in [&path, &result] {
        let page = s.bob.get(path);
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        nothing(&page, "over");
    }
    nothing(&s.post(&form), "over");
    s.b.wall -= 20 * DAY as i64;
    s.b.uptime += 60;
    s.b.synchronised = false;
    s.site.set_clock(&s.b);
    nothing(&s.bob.get(&path), "wound back");
    assert!(s.given().is_empty());
}

#[test]
fn who_may_only_look_is_told_whom_to_ask() {
    let mut s = scene("display=1280");
    let share = s.bob.get(&format!("/received/{}", s.share));
    assert!(share.links(&s.path()).is_empty());
    let page = s.bob.get(&s.path());
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.links(&format!("/received/{}/ask", s.share)).len(), 1);
    assert!(!page.text().contains("lake"));
}

#[test]
fn each_of_them_may_be_given_something_else_and_nobody_more_than_may_be() {
    let mut s = scene("display=1280,print=1280,forward=yes");
    let items = s.items.clone();
    let names = [
        ("look", format!("look {C}")),
        ("print", format!("print {C}")),
        ("views", format!("views {C}")),
        ("keep", format!("keep {C}")),
    ];
    let name = |of: &str| {
        let found = names.iter().find(|(short, _)| *short == of);
        found.expect("a field").1.as_str()
    };
    let both = [
        ("to", C),
        ("to", "home-d@d.example"),
        ("look", "yes"),
        ("each", "yes"),
    ];
    // Who was not asked about yet gets a part of the form, filled in as for all.
    let form = s.all(&both, &items);
    let page = s.post(&form);
    let text = page.text();
    for field in ["look", "print"] {
        assert!(
            text.contains(&format!("name=\"{}\"", name(field))),
            "{field}"
        );
    }
    assert!(!text.contains(&format!("name=\"{}\"", name("keep"))));

    let more = [("for", C), (name("look"), "yes"), (name("keep"), "yes")];
    let form = s.all(&[&both[..], &more].concat(), &items);
    let refused = s.post(&form);
    assert!(refused.status.is_client_error(), "keeping is not for them");

    let less = [("for", C), (name("print"), "yes"), (name("views"), "2")];
    let form = s.all(&[&both[..], &less].concat(), &items);
    let done = s.pass_on(&form);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let given = s.given();
    let of = |mailbox: &str| {
        let found = given.iter().find(|(who, _)| who.ends_with(mailbox));
        found.expect("given").1.clone()
    };
    let (c, d) = (of(C), of("home-d@d.example"));
    assert_eq!((c.display, c.views), (None, Some(2)));
    assert!(c.print.is_some());
    assert!(d.display.is_some() && d.print.is_none() && d.views.is_none());

    // As for all is as if nobody had asked: it is said and done at once.
    let same = [("for", C), (name("look"), "yes")];
    let form = s.all(&both, &items);
    let page = s.post(&form);
    let mark = checked(&page);
    let form = s.all(&[&both[..], &same].concat(), &items);
    let form = [&form[..], &[("checked", mark.as_str()), ("do", "send")]].concat();
    assert_eq!(s.post(&form).status, StatusCode::SEE_OTHER);
}

#[test]
fn to_a_household_that_nobody_knows_it_goes_once_that_has_introduced_itself() {
    let mut s = scene("display=1280,forward=yes");
    s.b.home
        .remove_contact(&s.c.mailbox.clone(), s.b.time())
        .expect("forgotten");
    let items = s.items.clone();
    let form = [("item", items[0].as_str()), ("also", C), ("look", "yes")];
    let asks = "Nobody here knows this household yet. It is asked to introduce itself";
    let text = s.post(&form).text();
    assert!(text.contains(asks), "{text}");
    assert!(
        s.b.home.asked().expect("rows").is_empty(),
        "not before it is said"
    );
    let page = s.pass_on(&form);
    let result = format!("/received/{}/passed-on", s.share);
    assert_eq!(page.header("location"), result);
    let text = s.bob.get(&result).text();
    assert!(text.contains(C) && text.contains(asks), "{text}");
    assert!(s.given().is_empty());
    s.village.settle(&mut [&mut s.b, &mut s.c]);
    assert_eq!(s.given()[0].0, format!("everyone {C}"));
    let text = s.bob.get(&result).text();
    assert!(text.contains("House C") && !text.contains(asks), "{text}");
    assert_eq!(s.c.home.received().expect("listed").len(), 1);
}
