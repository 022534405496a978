//! All of a share in one file: each item as it would be handed alone, and counted the same.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use crate::house::forge::{Handmade, OpenGrant};
use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Page, Site};
use axum::body::Body;
use axum::http::StatusCode;
use hearthpost::envelope::ContentKey;
use hearthpost::message::manifest::Manifest;
use hearthpost::rules::{Action, Kind, Tier};
use zip::ZipArchive;

const DAY: u64 = 86_400;

/// `a` shared three pictures with bob of `b`, two of them of the same name.
struct Scene {
    _village: Village,
    b: House,
    site: Site,
    bob: Browser,
    share: String,
    originals: Vec<Vec<u8>>,
}

fn scene(rules: &str) -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let (mut items, mut originals) = (Vec::new(), Vec::new());
    for (name, width) in [("lake.jpg", 800), ("two/LAKE.jpg", 700), ("hut.jpg", 600)] {
        let path = a.folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        picture(&path, width, 400);
        originals.push(std::fs::read(&path).expect("it is there"));
        items.push(a.import(&[path]).remove(0));
    }
    let all: Vec<_> = items.iter().collect();
    let mut order = order(&all, &["home-b+bob@b.example"], rules);
    order.title = "Lake/hut".to_owned();
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    Scene {
        _village: village,
        b,
        site,
        bob,
        share,
        originals,
    }
}

impl Scene {
    fn page(&mut self) -> Page {
        self.bob.get(&format!("/received/{}", self.share))
    }

    /// Where all is kept, if the page offers that.
    fn path(&mut self) -> Option<String> {
        let mut links = self.page().links("/m/").into_iter();
        links.find(|link| link.contains("/keep-all/"))
    }

    /// Each item as it is kept alone.
    fn alone(&mut self) -> Vec<Vec<u8>> {
        let items = self.b.items(&self.share);
        let viewers = items
            .iter()
            .map(|item| format!("/received/{}/{}", self.share, item.reference));
        let viewers: Vec<String> = viewers.collect();
        let keep = |viewer: &String| {
            let mut links = self.bob.get(viewer).links("/m/").into_iter();
            let keep = links.find(|link| link.contains("/keep/"));
            self.bob.get(&keep.expect("may be kept")).body.to_vec()
        };
        viewers.iter().map(keep).collect()
    }

    fn wait(&mut self, seconds: u64) {
        self.b.wait(seconds);
        self.site.set_clock(&self.b);
    }
}

/// The files of an archive, by their names.
fn files(page: &Page) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let mut archive = ZipArchive::new(Cursor::new(page.body.as_ref())).expect("an archive");
    let mut all = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("whole");
        all.insert(file.name().expect("a name").into_owned(), bytes);
    }
    all
}

fn in_order(files: &BTreeMap<String, Vec<u8>>) -> Vec<Vec<u8>> {
    let names = ["lake.jpg", "LAKE (2).jpg", "hut.jpg"];
    names.map(|name| files[name].clone()).into()
}

#[test]
fn all_that_may_be_kept_comes_as_one_file_with_a_name_for_each() {
    let mut s = scene("display=1280,store=full");
    let path = s.path().expect("offered");
    assert!(s.page().text().contains("Keep all 3"));
    let page = s.bob.get(&path);
    let said = page.header("content-disposition");
    assert!(
        said.starts_with("attachment; filename=\"Lake-hut.zip\""),
        "{said}"
    );
    assert_eq!(page.header("content-type"), "application/zip");
    assert_eq!(page.header("cache-control"), "no-store");
    let files = files(&page);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["LAKE (2).jpg", "hut.jpg", "lake.jpg"]);
    assert!(s.originals == in_order(&files));
    // It is worth nothing in another browser, even of the same person.
    let mut again = s.site.signed_in(&mut s.b, "bob");
    assert_eq!(again.get(&path).status, StatusCode::NOT_FOUND);
}

#[test]
fn each_is_what_it_would_be_alone() {
    let mut s = scene("display=1280,store=300,watermark=yes");
    let path = s.path().expect("offered");
    let files = files(&s.bob.get(&path));
    let alone = s.alone();
    assert!(alone == in_order(&files));
    let kept = image::load_from_memory(&files["lake.jpg"]).expect("a picture");
    assert_eq!((kept.width(), kept.height()), (300, 150));
}

#[test]
fn it_is_not_offered_where_nothing_may_be_kept() {
    let mut s = scene("display=1280");
    assert_eq!(s.path(), None);
}

#[test]
fn what_was_looked_at_as_often_as_it_may_is_left_out_and_keeping_is_no_look() {
    let mut s = scene("display=1280,store=full,views=1");
    let path = s.path().expect("offered");
    let request = s.bob.request("HEAD", &path).body(Body::empty());
    assert_eq!(s.bob.ask(request).status, StatusCode::OK);
    assert_eq!(files(&s.bob.get(&path)).len(), 3);
    let first = s.b.items(&s.share).remove(0).reference;
    s.b.view(&first, "bob", Action::Display).expect("once");
    s.wait(601);
    let names: Vec<String> = files(&s.bob.get(&path)).into_keys().collect();
    assert_eq!(names, ["LAKE.jpg", "hut.jpg"]);
}

#[test]
fn what_is_over_while_it_is_read_is_not_handed_over_and_nobody_takes_the_rest_for_the_whole() {
    let mut s = scene("display=1280,store=full,period=P7D");
    let path = s.path().expect("offered");
    let request = s.bob.request("GET", &path).body(Body::empty());
    let mut answer = s.bob.begin(request);
    let mut read = Vec::new();
    while !read.ends_with(&s.originals[0]) {
        let piece = answer.next().expect("more").expect("whole so far");
        read.extend_from_slice(&piece);
    }
    s.wait(8 * DAY);
    let rest = answer.next().expect("not the end");
    assert!(rest.is_err(), "it breaks off");
    assert_eq!(s.bob.get(&path).status, StatusCode::FORBIDDEN);
}

#[test]
fn who_is_signed_out_while_it_is_read_gets_no_item_more() {
    let mut s = scene("display=1280,store=full");
    let path = s.path().expect("offered");
    let request = s.bob.request("GET", &path).body(Body::empty());
    let mut answer = s.bob.begin(request);
    let mut read = Vec::new();
    while !read.ends_with(&s.originals[0]) {
        let piece = answer.next().expect("more").expect("whole so far");
        read.extend_from_slice(&piece);
    }
    let out = s.bob.post("/sign-out", &[]);
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
    let rest = answer.next().expect("not the end");
    assert!(rest.is_err(), "it breaks off");
}

#[test]
fn what_cannot_be_made_is_left_out_and_named_at_the_end() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let good = picture(&a.folder.join("good.jpg"), 640, 400);
    let key = ContentKey::random();
    let [cut, whole] = [&good[..good.len() / 2], &good[..]].map(|bytes| {
        let tiers = [(Tier::Original, bytes), (Tier::About, b"{}")];
        Handmade::keyed(&a, key.clone(), &tiers)
    });
    let mut items = [cut.manifest.items, whole.manifest.items].concat();
    for item in &mut items {
        item.kind = Kind::Picture;
    }
    let (share, origin) = (whole.manifest.share, whole.manifest.origin);
    let manifest = Manifest::new(share, origin, whole.manifest.created, items);
    let made = Handmade {
        content: key,
        manifest: manifest.expect("a manifest"),
        parts: [cut.parts, whole.parts].concat(),
    };
    let grant = OpenGrant::of(&made, &a, &b, "display=1280,store=300");
    village.deliver(&b, &grant.mail(&a, &b));
    village.deliver(&b, &made.mail(&a));
    village.sync(&mut b);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let rows = b.home.album.rows();
    let share = rows.shares().expect("rows").remove(0).reference;
    for (language, left_out, words) in [
        ("en", "left out.txt", "You may keep these too"),
        ("de", "Ausgelassen.txt", "Auch dies darf behalten werden"),
    ] {
        bob.headers = vec![("accept-language".to_owned(), language.to_owned())];
        let links = bob.get(&format!("/received/{share}")).links("/m/");
        let all = links.iter().find(|link| link.contains("/keep-all/"));
        let mut files = files(&bob.get(all.expect("offered")));
        let said = files.remove(left_out).expect("it says what is not there");
        let said = String::from_utf8(said).expect("text");
        assert!(said.starts_with(words), "{said}");
        let lines: Vec<&str> = said.lines().skip(2).collect();
        let [line] = lines[..] else {
            panic!("{said}");
        };
        let why = line.split_once(": ").expect("a name and why").1;
        assert!(why.len() > 10, "{said}");
        let kept: Vec<_> = files.into_values().collect();
        assert_eq!(kept.len(), 1, "the other is there");
        let kept = image::load_from_memory(&kept[0]).expect("a picture");
        assert_eq!(kept.width(), 300);
    }
}

#[test]
fn names_are_such_that_any_system_can_keep_the_files() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let paths = ["Grüße & <b>Öl.jpg", "con.jpg"].map(|name| a.folder.join(name));
    for (path, width) in paths.iter().zip([400, 500]) {
        picture(path, width, 300);
    }
    let items = a.import(&paths);
    let mut order = order(
        &items.iter().collect::<Vec<_>>(),
        &["home-b+bob@b.example"],
        "display=1280,store=full",
    );
    order.title = "Lake: what?".to_owned();
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let links = bob.get(&format!("/received/{share}")).links("/m/");
    let all = links.iter().find(|link| link.contains("/keep-all/"));
    let page = bob.get(all.expect("offered"));
    let said = page.header("content-disposition");
    assert!(said.ends_with("UTF-8''Lake_%20what_.zip"), "{said}");
    let names: Vec<String> = files(&page).into_keys().collect();
    assert_eq!(names, ["Grüße & _b_Öl.jpg", "con_.jpg"]);
    let mut alone = Vec::new();
    for item in b.items(&share) {
        let viewer = format!("/received/{share}/{}", item.reference);
        let links = bob.get(&viewer).links("/m/");
        let keep = links.iter().find(|link| link.contains("/keep/"));
        let page = bob.get(keep.expect("may be kept"));
        alone.push(page.header("content-disposition").to_owned());
    }
    assert!(
        alone[0].contains("filename=\"Gr__e _ _b__l.jpg\""),
        "{alone:?}"
    );
    assert!(alone[1].contains("filename=\"con_.jpg\""), "{alone:?}");
}
