//! Sharing from the browser: what was chosen is what is recorded, what was said is what they get; and stopping it.

use crate::house::{House, Village, picture};
use crate::site::{Browser, Page, Site};
use axum::http::StatusCode;
use hearthpost::message::SignedPermit;
use hearthpost::rules::{Action, parse_rules};

pub struct Scene {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub site: Site,
    pub ann: Browser,
    pub items: Vec<String>,
}

pub fn scene() -> Scene {
    let village = Village::new("abc");
    let (mut a, mut b) = (
        village.house("a", &["ann", "abe"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let mut items = Vec::new();
    for number in 0..3 {
        let path = a.folder.join(format!("picture-{number}.jpg"));
        // One is larger than some are to see it.
        let (width, height) = if number == 0 {
            (1500, 1000)
        } else {
            (200 + number, 150)
        };
        picture(&path, width, height);
        items.push(a.import(&[path]).remove(0).reference);
    }
    let site = Site::of(&a);
    // The keeper is somebody else: Ann has no more than her own.
    site.signed_in(&mut a, "abe");
    let ann = site.signed_in(&mut a, "ann");
    Scene {
        village,
        a,
        b,
        site,
        ann,
        items,
    }
}

#[test]
fn what_goes_by_way_of_a_household_is_chosen_under_more_and_said() {
    let mut s = scene();
    let mut c = s.village.house("c", &["carol"]);
    s.village.introduce(&mut s.a, &mut c);
    let fields = [("to", "home-c@c.example"), ("via", "home-b@b.example")];
    let page = s.share(&fields).text();
    assert!(
        page.contains("<option value=\"home-b@b.example\" selected>"),
        "{page}"
    );
    let share = s.recorded(&fields);
    let sent = s.a.home.sent().expect("listed").remove(0);
    let via = sent.destinations.iter().find(|to| to.via.is_some());
    assert_eq!(via.expect("by way of").mailbox.as_str(), "home-c@c.example");
    let shown = s.ann.get(&format!("/sent/{share}")).text();
    assert!(shown.contains("By way of home-b@b.example."), "{shown}");
    // A household by way of itself is no way.
    let alone = [
        ("to", "home-b@b.example"),
        ("via", "home-b@b.example"),
        ("do", "share"),
    ];
    let refused = s.share(&alone);
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("role=\"alert\""));
}

impl Scene {
    /// The chosen pictures, with these fields besides.
    pub fn share(&mut self, fields: &[(&str, &str)]) -> Page {
        let pictures = self.items.iter().map(|id| ("picture", id.as_str()));
        let form: Vec<(&str, &str)> = pictures.chain(fields.iter().copied()).collect();
        self.ann.press("/share", &form)
    }

    pub fn recorded(&mut self, fields: &[(&str, &str)]) -> String {
        let told = self.share(fields).hidden("checked");
        let page = self.share(&[&[("do", "share"), ("checked", &told)], fields].concat());
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        let to = page.header("location");
        let share = to.strip_prefix("/sent/").expect("on to what was recorded");
        share.split('?').next().expect("a share").to_owned()
    }

    pub fn arrive(&mut self) {
        self.village.settle(&mut [&mut self.a, &mut self.b]);
    }

    fn gets(&mut self, share: &str, person: &str, action: Action) -> Option<(u32, u32)> {
        let item = self.b.items(share).remove(0).reference;
        let (_, bytes) = self.b.view(&item, person, action).ok()?;
        let pixels = image::load_from_memory(&bytes).expect("a picture");
        Some((pixels.width(), pixels.height()))
    }
}

#[test]
fn the_first_preset_is_to_look_for_30_days() {
    let mut s = scene();
    let share = s.recorded(&[
        ("to", "home-b+bob@b.example"),
        ("may", "look"),
        ("title", "Lake"),
    ]);
    let page = s.ann.get(&format!("/sent/{share}?new=yes"));
    assert!(page.text().contains("Recorded, and on its way") && page.text().contains("Lake"));
    s.arrive();
    let page = s.ann.get(&format!("/sent/{share}?new=yes")).text();
    assert!(page.contains("All of it has arrived") && page.contains("Lake"));
    assert!(!page.contains("on its way") && !page.contains("goes on by itself"));
    assert_eq!(s.gets(&share, "bob", Action::Display), Some((1500, 1000)));
    assert_eq!(s.gets(&share, "bob", Action::Store), None);
    assert_eq!(s.gets(&share, "bea", Action::Display), None);
    assert!(
        s.ann
            .get(&format!("/sent/{share}"))
            .text()
            .contains("Arrived")
    );
    s.b.wait(31 * 86_400);
    assert_eq!(s.gets(&share, "bob", Action::Display), None);
}

#[test]
fn each_person_gets_what_was_chosen_for_them_and_the_page_says_it_before() {
    let mut s = scene();
    let (bob, bea) = ("home-b+bob@b.example", "home-b+bea@b.example");
    let field = |name: &str, who: &str| format!("{name} {who}");
    let fields = [
        ("to".to_owned(), bob),
        ("to".to_owned(), bea),
        ("may".to_owned(), "each"),
        ("for".to_owned(), bob),
        ("for".to_owned(), bea),
        (field("look", bob), "on"),
        (field("size", bob), "small"),
        (field("long", bob), "7"),
        (field("look", bea), "on"),
        (field("keep", bea), "on"),
        (field("size", bea), "full"),
        (field("long", bea), "none"),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let page = s.share(&fields).text();
    assert!(
        page.contains("bob can look at these for 7 days after they arrive"),
        "{page}"
    );
    assert!(page.contains("keep the originals"), "{page}");
    assert!(
        s.a.home.sent().expect("rows").is_empty(),
        "looking records nothing"
    );
    let share = s.recorded(&fields);
    s.arrive();
    assert_eq!(s.gets(&share, "bob", Action::Display), Some((1280, 853)));
    assert_eq!(s.gets(&share, "bob", Action::Store), None);
    assert_eq!(s.gets(&share, "bea", Action::Store), Some((1500, 1000)));
}

#[test]
fn every_rule_there_is_can_be_chosen_for_a_person() {
    let mut s = scene();
    let bob = "home-b+bob@b.example";
    let mine = [
        ("look", "on"),
        ("print", "on"),
        ("keep", "on"),
        ("pass-on", "on"),
        ("size", "small"),
        ("paper", "full"),
        ("file", "copy"),
        ("name", "on"),
        ("part", "on"),
        ("from", "2026-01-02"),
        ("long", "days"),
        ("days", "12"),
        ("times", "7"),
    ]
    .map(|(name, value)| (format!("{name} {bob}"), value));
    let common = [
        ("to", bob),
        ("may", "each"),
        ("for", bob),
        ("onward", "same"),
        ("seconds", "9"),
    ];
    let mine = mine.iter().map(|(name, value)| (name.as_str(), *value));
    let mut fields: Vec<(&str, &str)> = common.into_iter().chain(mine).collect();
    let share = s.recorded(&fields);
    let share = s.a.share_named(&share);
    let rows = s.a.home.album.rows();
    let given = rows.destinations(share.id).expect("rows").remove(0);
    let all = "display=1280,print=full,store=1280,forward=yes,watermark=yes,excerpt=yes,\
        period=P12D,views=7";
    let mut rules = parse_rules(all).expect("rules");
    rules.not_before = given.stations[0].rules.not_before;
    assert!(
        rules
            .not_before
            .is_some_and(|first| first.to_string().starts_with("2026-01-0"))
    );
    assert_eq!(given.stations[0].rules, rules);
    let permit = SignedPermit::of_stored(&given.permit).expect("a permit");
    // As much may travel on as bob may.
    let onward = permit.permit().onward.clone().expect("it may travel on");
    assert!(
        onward
            .rules
            .print
            .is_some_and(|limits| limits.max_edge.is_none())
    );
    // What cannot be read is said, and nothing is recorded.
    fields.push(("pages", "none"));
    let page = s.share(&fields);
    assert!(
        page.text().contains("is no number of at least one"),
        "{}",
        page.text()
    );
    assert_eq!(s.a.home.sent().expect("rows").len(), 1);
}

#[test]
fn every_rule_there_is_can_be_chosen_once_for_all() {
    let mut s = scene();
    let (bob, bea) = ("home-b+bob@b.example", "home-b+bea@b.example");
    let bobs = format!("long {bob}");
    let fields = [
        ("to", bob),
        ("to", bea),
        ("may", "own"),
        ("for", "all"),
        ("look all", "on"),
        ("print all", "on"),
        ("keep all", "on"),
        ("size all", "small"),
        ("paper all", "full"),
        ("file all", "copy"),
        ("name all", "on"),
        ("part all", "on"),
        ("from all", "2026-01-02"),
        ("long all", "days"),
        ("days all", "12"),
        ("times all", "7"),
        // What was chosen for one of them before does not count.
        ("for", bob),
        (&bobs, "none"),
    ];
    let page = s.share(&fields).text();
    for name in ["bob", "bea"] {
        let sentence = format!("<li>{name} can look at these for 12 days");
        assert!(page.contains(&sentence), "{page}");
    }
    let share = s.recorded(&fields);
    let share = s.a.share_named(&share);
    let rows = s.a.home.album.rows();
    let given = rows.destinations(share.id).expect("rows").remove(0);
    let all = "display=1280,print=full,store=1280,watermark=yes,excerpt=yes,period=P12D,views=7";
    let mut rules = parse_rules(all).expect("rules");
    rules.not_before = given.stations[0].rules.not_before;
    assert!(rules.not_before.is_some());
    let given: Vec<_> = given.stations.iter().map(|one| &one.rules).collect();
    assert_eq!(given, [&rules, &rules]);
}

#[test]
fn what_was_chosen_for_all_is_where_choosing_for_each_begins() {
    let mut s = scene();
    let (bob, bea) = ("home-b+bob@b.example", "home-b+bea@b.example");
    let all = [("for", "all"), ("print all", "on"), ("long all", "none")];
    let form = [&[("to", bob), ("to", bea), ("may", "own")][..], &all].concat();
    let page = s.share(&form).text();
    let printed = |who: &str| format!("name=\"print {who}\" checked");
    for who in ["all", bob, bea] {
        assert!(page.contains(&printed(who)), "{who}: {page}");
    }
    assert!(page.contains("value=\"own\" id=\"own\" checked"));
    // Then one of them is given less.
    let looks = format!("look {bob}");
    let form = [("to", bob), ("to", bea), ("may", "each"), ("for", bob)];
    let form = [&form[..], &[(looks.as_str(), "on")], &all].concat();
    let page = s.share(&form).text();
    assert!(!page.contains(&printed(bob)) && page.contains(&printed(bea)));
}

#[test]
fn nobody_is_told_that_they_may_pass_on_where_nothing_may_travel() {
    let mut s = scene();
    let bob = "home-b+bob@b.example";
    let field = |name: &str| format!("{name} {bob}");
    let (keep, pass_on, look) = (field("keep"), field("pass-on"), field("look"));
    let mut fields = vec![("to", bob), ("may", "each"), ("for", bob)];
    fields.extend([(keep.as_str(), "on"), (pass_on.as_str(), "on")]);
    let page = s.share(&fields).text();
    assert!(page.contains("may pass it on, but nothing"), "{page}");
    fields.push((look.as_str(), "on"));
    let page = s.share(&fields).text();
    assert!(page.contains("households, who may only look"), "{page}");
    fields.pop();
    fields.push(("do", "share"));
    assert_eq!(s.share(&fields).status, StatusCode::BAD_REQUEST);
    assert!(s.a.home.sent().expect("rows").is_empty());
}

#[test]
fn somebody_is_meant_by_address_by_key_word_and_by_name() {
    let mut s = scene();
    let address = "home-b+bea@b.example".parse().expect("an address");
    s.a.home.set_keyword("sister", &[address]).expect("set");
    for (typed, label) in [
        ("home-b+bob@b.example", "bob, House B"),
        ("Sister", "bea, House B"),
        ("house b", ">House B<"),
        ("bob, House B; sister", "bea, House B"),
    ] {
        let page = s.share(&[("who", typed), ("may", "look")]).text();
        assert!(page.contains(label), "{typed}: {page}");
        assert!(page.contains("can look at these"), "{typed}");
    }
    for typed in ["nobody", "bob, Elsewhere", "x@y@nowhere.example", "<b>"] {
        let page = s.share(&[("who", typed), ("do", "share")]);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{typed}");
        assert!(page.text().contains("role=\"alert\""), "{typed}");
        assert!(!page.text().contains("<b></p>"), "{typed}");
    }
    let page = s.share(&[("do", "share")]);
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "nobody");
}

#[test]
fn what_is_not_seen_in_the_album_cannot_be_shared_nor_a_file_of_the_box() {
    let mut s = scene();
    let secret = s.a.folder.join("password");
    let secret = secret.to_str().expect("text").to_owned();
    for what in ["nothere2", secret.as_str()] {
        let form = [
            ("picture", what),
            ("to", "home-b@b.example"),
            ("may", "keep"),
            ("do", "share"),
        ];
        let page = s.ann.press("/share", &form);
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{what}");
    }
    let form = [("picture", s.items[0].as_str())];
    s.ann.post("/album/delete", &form);
    let page = s.share(&[("to", "home-b@b.example"), ("may", "look"), ("do", "share")]);
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "it lies in the bin");
    assert!(s.a.home.sent().expect("rows").is_empty());
}

#[test]
fn everything_may_be_passed_on_to_look_at_only() {
    let mut s = scene();
    let share = s.recorded(&[("to", "home-b+bob@b.example"), ("may", "all")]);
    s.arrive();
    let passed = s.b.forward(&share, "bob", &["home-b+bea@b.example"], "");
    passed.expect("passed on");
    assert_eq!(s.gets(&share, "bea", Action::Display), Some((1500, 1000)));
    assert_eq!(
        s.gets(&share, "bea", Action::Store),
        None,
        "others may look, but not keep"
    );
}

#[test]
fn stopping_reaches_them_and_names_what_nothing_recalls() {
    let mut s = scene();
    let share = s.recorded(&[("to", "home-b+bob@b.example"), ("may", "keep")]);
    s.arrive();
    let page = s.ann.post(
        &format!("/sent/{share}/stop"),
        &[("from", "home-b@b.example")],
    );
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let after = page.header("location").to_owned();
    assert!(s.ann.get(&after).text().contains("bob of home-b@b.example"));
    s.arrive();
    assert_eq!(s.gets(&share, "bob", Action::Display), None);
    assert!(
        s.ann
            .get(&format!("/sent/{share}"))
            .text()
            .contains("deleted there")
    );
    let again = s.ann.post(&format!("/sent/{share}/stop"), &[]);
    assert!(!again.status.is_server_error());
}

#[test]
fn before_it_is_stopped_it_is_said_who_loses_it_too() {
    let mut s = scene();
    let share = s.recorded(&[("to", "home-b+bob@b.example"), ("may", "all")]);
    s.arrive();
    let page = s.ann.get(&format!("/sent/{share}")).text();
    assert!(
        page.contains("Whoever House B passes it on to loses it as well."),
        "{page}"
    );
    let mut c = s.village.house("c", &["carol"]);
    s.village.introduce(&mut s.b, &mut c);
    let passed =
        s.b.forward(&share, "bob", &["home-c+carol@c.example"], "display=1280");
    passed.expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut c]);
    let page = s.ann.get(&format!("/sent/{share}")).text();
    let (_, stop) = page.split_once("id=\"stop\"").expect("it can be stopped");
    let (_, told) = stop
        .split_once("It ends as well for those who have it by way of House B:")
        .unwrap_or_else(|| panic!("{stop}"));
    let whom = told.split("</ul>").next().expect("a list");
    assert_eq!(whom.matches("<li>").count(), 1, "{whom}");
    // It is as the page said.
    let item = c.items(&share).remove(0).reference;
    c.view(&item, "carol", Action::Display).expect("so far");
    let from = [("from", "home-b@b.example")];
    s.ann.post(&format!("/sent/{share}/stop"), &from);
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut c]);
    assert!(c.view(&item, "carol", Action::Display).is_err());
    // Where nothing may be passed on, nothing is said of it.
    let share = s.recorded(&[("to", "home-b+bob@b.example"), ("may", "look")]);
    let page = s.ann.get(&format!("/sent/{share}")).text();
    assert!(!page.contains("loses it as well"), "{page}");
}

#[test]
fn a_person_sees_and_stops_what_they_shared_and_the_keeper_all() {
    let mut s = scene();
    let share = s.recorded(&[
        ("to", "home-b+bob@b.example"),
        ("may", "look"),
        ("title", "Surprise"),
    ]);
    let mut abe = s.site.signed_in(&mut s.a, "abe");
    let now = s.a.now();
    s.a.home
        .add_person(
            "amy".parse().expect("a name"),
            "people@p.example".parse().expect("mail"),
            now,
        )
        .expect("added");
    let mut amy = s.site.signed_in(&mut s.a, "amy");
    assert!(s.ann.get("/sent").text().contains("Surprise"));
    assert!(abe.get("/sent").text().contains("Surprise"), "the keeper");
    assert!(!amy.get("/sent").text().contains("Surprise"));
    let page = format!("/sent/{share}");
    assert_eq!(amy.get(&page).status, StatusCode::NOT_FOUND);
    for deed in ["stop", "again"] {
        let page = amy.post(&format!("{page}/{deed}"), &[]);
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{deed}");
    }
    // Nothing went wrong with it.
    let again = s.ann.post(&format!("{page}/again"), &[]);
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    let away = [("to", "home-c@c.example")];
    let again = s.ann.post(&format!("{page}/again"), &away);
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    s.arrive();
    assert_eq!(s.gets(&share, "bob", Action::Display), Some((1500, 1000)));
    assert_eq!(
        abe.post(&format!("{page}/stop"), &[]).status,
        StatusCode::SEE_OTHER
    );
}

#[test]
fn a_document_is_called_one_and_several_kinds_are_things() {
    let mut s = scene();
    let path = s.a.folder.join("bread.txt");
    std::fs::write(&path, "Flour, water, salt and a night.\n").expect("a file");
    let document = s.a.import(&[path]).remove(0).reference;
    let theirs = Site::of(&s.b);
    let mut bob = theirs.signed_in(&mut s.b, "bob");
    let mixed = vec![document.clone(), s.items[0].clone()];
    for (items, what) in [(vec![document], "1 document"), (mixed, "2 things")] {
        s.items = items;
        let fields = [("to", "home-b@b.example"), ("may", "keep")];
        let before = s.share(&fields).text();
        let button = format!("Share {what} with House B");
        assert!(before.contains(&button), "{before}");
        let share = s.recorded(&fields);
        s.arrive();
        for page in [
            s.ann.get("/sent"),
            s.ann.get(&format!("/sent/{share}")),
            bob.get("/received"),
            bob.get(&format!("/received/{share}")),
        ] {
            assert!(page.text().contains(what), "{what}: {}", page.text());
        }
    }
}
