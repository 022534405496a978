//! The album in the browser: what comes in, what is seen by whom, and what leaves.

use crate::house::{House, Village, picture};
use crate::make::{Say, app1, exif, jpeg, quadrants, with_segments};
use crate::site::{Browser, Page, Site};
use axum::body::Body;
use axum::http::StatusCode;

struct Scene {
    _village: Village,
    b: House,
    site: Site,
    bob: Browser,
    bea: Browser,
}

fn scene() -> Scene {
    let village = Village::new("b");
    let mut b = village.house("b", &["bob", "bea"]);
    let site = Site::of(&b);
    let (bob, bea) = (site.signed_in(&mut b, "bob"), site.signed_in(&mut b, "bea"));
    Scene {
        _village: village,
        b,
        site,
        bob,
        bea,
    }
}

impl Scene {
    fn jpeg(&self, width: u32, height: u32) -> Vec<u8> {
        picture(&self.b.folder.join("made.jpg"), width, height)
    }
}

/// A form of files as browsers send it without script.
fn send(browser: &mut Browser, files: &[(&str, &[u8])]) -> Page {
    let files = files.iter();
    let files: Vec<_> = files
        .map(|(name, bytes)| (["files", name, "image/jpeg"], *bytes))
        .collect();
    browser.bring_all("/album/files", &files)
}

fn put(browser: &mut Browser, path: &str, bytes: &[u8]) -> Page {
    let request = browser
        .request("PUT", path)
        .header("origin", "http://localhost:8480");
    browser.ask(request.body(Body::from(bytes.to_vec())))
}

/// A picture that says when it was taken.
fn taken_in_july() -> Vec<u8> {
    let taken = app1(&exif(Say::default()));
    with_segments(&jpeg(&quadrants(64, 48), false), &[(0xe1, &taken)])
}

/// The short names of the items on the page.
fn items(browser: &mut Browser, path: &str) -> Vec<String> {
    let page = browser.get(path);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let links = page.links("/album/").into_iter();
    let links = links.filter_map(|link| link.strip_prefix("/album/").map(str::to_owned));
    links
        .filter(|id| {
            !["files", "delete", "undelete", "add", "hide", "uploads"].contains(&id.as_str())
        })
        .collect()
}

#[test]
fn a_form_of_files_goes_in_and_broken_ones_are_named() {
    let mut s = scene();
    let (good, other) = (s.jpeg(1200, 800), s.jpeg(300, 300));
    let files: [(&str, &[u8]); 5] = [
        ("page.jpg", b"<!DOCTYPE html><p>Not found"),
        ("lake.jpg", &good),
        ("broken.jpg", &good[..4000]),
        ("empty.jpg", b""),
        ("square.jpg", &other),
    ];
    let page = send(&mut s.bob, &files);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let target = page.header("location").to_owned();
    let told = s.bob.get(&target).text();
    assert!(told.contains("2 files are in"), "{told}");
    assert!(told.contains("page.jpg: by its name it is a picture"));
    assert!(told.contains("broken.jpg:") && told.contains("empty.jpg: the file is empty"));
    assert_eq!(items(&mut s.bob, "/").len(), 2);
    assert_eq!(items(&mut s.bea, "/").len(), 2, "the house's");
    assert_eq!(
        s.b.blobs(),
        Vec::<std::path::PathBuf>::new(),
        "no parts of shares"
    );
}

#[test]
fn what_was_just_added_stands_first_whenever_it_was_taken_and_is_chosen_at_once() {
    let mut s = scene();
    let path = s.b.folder.join("newer.jpg");
    picture(&path, 640, 400);
    let newer = s.b.import(&[path]).remove(0).reference;
    // Taken in July 2024, long before all others.
    let old = taken_in_july();
    let other = s.jpeg(300, 200);
    send(&mut s.bob, &[("old.jpg", &old)]);
    let files: [(&str, &[u8]); 3] = [("old.jpg", &old), ("a.jpg", &other), ("b.txt", b"words")];
    let page = send(&mut s.bob, &files);
    let told = s.bob.get(page.header("location")).text();
    assert!(told.contains("3 files are in") && told.contains("Show what was just added"));
    assert!(told.contains("href=\"/?new=2\""), "one was here: {told}");
    assert!(
        told.contains("1 file was here before; it is in the album once."),
        "{told}"
    );
    let page = s.bob.get("/?new=2").text();
    assert!(page.contains("<h1>Just added</h1>"), "{page}");
    let chosen: Vec<&str> = page
        .split("name=\"picture\" value=\"")
        .skip(1)
        .map(|one| one.split('"').next().expect("an id"))
        .collect();
    assert_eq!(chosen.len(), 4);
    assert_eq!(chosen[3], newer, "the first comes last");
    assert_eq!(page.matches(" checked").count(), 2);
    let first_two = page.split("<li class").skip(1).take(2);
    assert!(first_two.into_iter().all(|item| item.contains(" checked")));
    assert!(page.contains("15 January 2027"), "when they came: {page}");
    assert_eq!(s.bea.get("/?new=2").text().matches(" checked").count(), 0);
}

#[test]
fn when_a_picture_was_taken_is_said_as_people_read_it() {
    let mut s = scene();
    send(&mut s.bob, &[("july.jpg", &taken_in_july())]);
    let id = items(&mut s.bob, "/").remove(0);
    let page = s.bob.get(&format!("/album/{id}")).text();
    assert!(page.contains("<p>1 July 2024</p>"), "{page}");
    assert!(page.contains("1 July 2024, 10:11<br>"), "{page}");
    assert!(!page.contains("2024-07-01"), "{page}");
    let request = s.bob.request("GET", &format!("/album/{id}"));
    let request = request.header("accept-language", "de");
    let page = s.bob.ask(request.body(Body::empty())).text();
    assert!(page.contains("<p>1. Juli 2024</p>") && page.contains("1. Juli 2024, 10:11 Uhr<br>"));
}

#[test]
fn what_is_shown_of_an_own_picture_has_no_metadata_and_the_original_comes_bit_for_bit() {
    let mut s = scene();
    let original = s.jpeg(3000, 2000);
    send(&mut s.bob, &[("lake.jpg", &original)]);
    let grid = s.bob.get("/").links("/m/");
    let thumb = s.bob.get(&grid[0]);
    assert_eq!(thumb.header("content-type"), "image/jpeg");
    let pixels = image::load_from_memory(&thumb.body).expect("a picture");
    assert_eq!((pixels.width(), pixels.height()), (320, 213));
    let id = items(&mut s.bob, "/").remove(0);
    let links = s.bob.get(&format!("/album/{id}")).links("/m/");
    let show = links
        .iter()
        .find(|link| link.contains("/own-show/"))
        .expect("shown");
    let shown = s.bob.get(show);
    let pixels = image::load_from_memory(&shown.body).expect("a picture");
    assert_eq!((pixels.width(), pixels.height()), (2048, 1365));
    let keep = links
        .iter()
        .find(|link| link.contains("/own-keep/"))
        .expect("kept");
    let kept = s.bob.get(keep);
    assert_eq!(kept.body.as_ref(), original);
    assert!(kept.header("content-disposition").starts_with("attachment"));
    for path in [show, keep, &grid[0]] {
        assert_eq!(
            s.bea.get(path).status,
            StatusCode::NOT_FOUND,
            "another browser"
        );
        assert_ne!(s.site.browser().get(path).status, StatusCode::OK, "nobody");
    }
}

#[test]
fn what_is_for_me_alone_is_not_there_for_others() {
    let mut s = scene();
    let original = s.jpeg(600, 400);
    send(&mut s.bob, &[("lake.jpg", &original)]);
    let id = items(&mut s.bob, "/").remove(0);
    let hide = [("picture", id.as_str()), ("private", "yes"), ("back", "/")];
    assert_eq!(
        s.bea.post("/album/hide", &hide).status,
        StatusCode::CONFLICT,
        "not hers"
    );
    assert_eq!(
        s.bob.post("/album/hide", &hide).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(items(&mut s.bob, "/"), std::slice::from_ref(&id));
    assert!(items(&mut s.bea, "/").is_empty());
    let page = format!("/album/{id}");
    assert_eq!(s.bea.get(&page).status, StatusCode::NOT_FOUND);
    for (path, form) in [
        ("/album/delete".to_owned(), vec![("picture", id.as_str())]),
        (page.clone(), vec![("caption", "mine")]),
        (
            "/album/add".to_owned(),
            vec![("picture", id.as_str()), ("album-name", "Mine")],
        ),
    ] {
        assert_eq!(
            s.bea.post(&path, &form).status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    assert_eq!(s.bob.get(&page).status, StatusCode::OK);
}

#[test]
fn a_frame_shows_everybody_in_the_room_nothing_that_is_one_persons_alone() {
    let mut s = scene();
    for (name, width) in [("lake.jpg", 600), ("gift.jpg", 500)] {
        let jpeg = s.jpeg(width, 400);
        send(&mut s.bob, &[(name, &jpeg)]);
    }
    let own = "/frame/pictures?own=yes";
    let count = |browser: &mut Browser| {
        let list: serde_json::Value = serde_json::from_slice(&browser.get(own).body).expect("json");
        list.as_array().expect("a list").len()
    };
    assert_eq!(count(&mut s.bob), 2);
    let gift = items(&mut s.bob, "/?q=gift").remove(0);
    let hide = [("picture", gift.as_str()), ("private", "yes")];
    s.bob.post("/album/hide", &hide);
    assert_eq!(items(&mut s.bob, "/").len(), 2, "he sees it still");
    assert_eq!(count(&mut s.bob), 1);
    assert!(!s.bob.get(own).text().contains(&gift));
}

#[test]
fn an_album_is_renamed_emptied_and_removed_and_each_can_be_undone() {
    let mut s = scene();
    for width in [300, 400] {
        let jpeg = s.jpeg(width, 300);
        send(&mut s.bob, &[(&format!("{width}.jpg"), &jpeg)]);
    }
    let all = items(&mut s.bob, "/");
    let chosen: Vec<(&str, &str)> = all.iter().map(|id| ("picture", id.as_str())).collect();
    let gather = [&chosen[..], &[("album-name", "Wintr")]].concat();
    let page = s.bob.post("/album/add", &gather);
    let album = page.header("location").to_owned();
    let id = album.strip_prefix("/?album=").expect("its page").to_owned();
    // The buttons are on its page, and on no other.
    let rename = format!("/albums/{id}/rename");
    assert!(s.bob.get(&album).text().contains(&rename));
    assert!(!s.bob.get("/").text().contains("/albums/"));
    let page = s.bea.post(&rename, &[("name", "Winter")]);
    assert_eq!(page.header("location"), album);
    assert!(s.bob.get(&album).text().contains("<h1>Winter</h1>"));
    let page = s.bob.post(&rename, &[("name", "")]);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);

    // The pictures of a notice, as its button sends them.
    let undo = |browser: &mut Browser, page: &Page| {
        let after = page.header("location").to_owned();
        let told = browser.get(&after).text();
        let form = told.split("class=\"tell\"").nth(1).expect("a notice");
        let form = form.split("</form>").next().expect("its end");
        let fields: Vec<(String, String)> = form
            .split("type=\"hidden\" name=\"")
            .skip(1)
            .filter_map(|field| field.split_once("\" value=\""))
            .map(|(name, rest)| {
                let value = rest.split('"').next().unwrap_or_default();
                (name.to_owned(), value.to_owned())
            })
            .collect();
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let page = browser.post("/album/add", &fields);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{fields:?}: {form}");
        page.header("location").to_owned()
    };
    let taken = s.bob.post(&format!("/albums/{id}/take"), &chosen[..1]);
    assert_eq!(items(&mut s.bob, &album), all[1..]);
    assert_eq!(items(&mut s.bob, "/").len(), 2, "it is in the house still");
    assert_eq!(undo(&mut s.bob, &taken), album);
    assert_eq!(items(&mut s.bob, &album).len(), 2);

    let removed = s.bob.post(&format!("/albums/{id}/remove"), &[]);
    assert_eq!(s.bob.get(&album).status, StatusCode::NOT_FOUND);
    assert_eq!(items(&mut s.bob, "/").len(), 2, "its pictures stay");
    let again = undo(&mut s.bob, &removed);
    assert!(s.bob.get(&again).text().contains("<h1>Winter</h1>"));
    assert_eq!(items(&mut s.bob, &again).len(), 2);
}

#[test]
fn deleting_is_undone_by_the_button_right_after_it_or_from_the_bin() {
    let mut s = scene();
    for width in [300, 400, 500] {
        let jpeg = s.jpeg(width, 300);
        send(&mut s.bob, &[(&format!("{width}.jpg"), &jpeg)]);
    }
    let all = items(&mut s.bob, "/");
    let chosen: Vec<(&str, &str)> = all[..2].iter().map(|id| ("picture", id.as_str())).collect();
    let page = s.bob.post("/album/delete", &chosen);
    let after = page.header("location").to_owned();
    let told = s.bob.get(&after).text();
    assert!(told.contains("All 2 are in the bin"), "{told}");
    assert_eq!(items(&mut s.bob, "/"), all[2..]);
    assert_eq!(items(&mut s.bea, "/?bin=yes").len(), 2);
    s.bob.post("/album/undelete", &chosen[..1]);
    assert_eq!(items(&mut s.bob, "/").len(), 2);
    assert_eq!(
        s.bob.post("/album/delete", &[]).status,
        StatusCode::BAD_REQUEST
    );
    let unknown = [("picture", "nothere2")];
    assert_eq!(
        s.bob.post("/album/delete", &unknown).status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn pictures_are_found_by_words_gathered_into_albums_and_turned_over() {
    let mut s = scene();
    for name in ["lake.jpg", "hut.jpg"] {
        let jpeg = s.jpeg(if name == "lake.jpg" { 640 } else { 480 }, 360);
        send(&mut s.bob, &[(name, &jpeg)]);
    }
    let hut = items(&mut s.bob, "/?q=hut");
    assert_eq!(hut.len(), 1);
    let page = format!("/album/{}", hut[0]);
    let caption = [("caption", "Ida <b>& the stove</b>")];
    assert_eq!(s.bob.post(&page, &caption).status, StatusCode::SEE_OTHER);
    assert_eq!(items(&mut s.bea, "/?q=STOVE"), hut);
    let text = s.bob.get(&page).text();
    assert!(
        text.contains("Ida &lt;b&gt;&amp; the stove") && !text.contains("<b>&"),
        "{text}"
    );
    let gather = [("picture", hut[0].as_str()), ("album-name", "Winter")];
    let album = s
        .bob
        .post("/album/add", &gather)
        .header("location")
        .to_owned();
    assert_eq!(items(&mut s.bea, &album), hut);
    assert!(items(&mut s.bob, "/?q=nowhere").is_empty());
    assert_eq!(s.bob.get("/?album=nothere").status, StatusCode::NOT_FOUND);
    assert_eq!(s.bob.get("/?after=x").status, StatusCode::BAD_REQUEST);
    let (newest, oldest) = {
        let all = items(&mut s.bob, "/");
        (all[0].clone(), all[1].clone())
    };
    let next = |browser: &mut Browser, id: &str| {
        browser
            .get(&format!("/album/{id}"))
            .text()
            .replace("&#x2f;", "/")
    };
    assert!(next(&mut s.bob, &newest).contains(&format!("href=\"/album/{oldest}\" rel=\"next\"")));
    assert!(next(&mut s.bob, &oldest).contains(&format!("href=\"/album/{newest}\" rel=\"prev\"")));
}

#[test]
fn a_large_file_comes_in_pieces_and_goes_on_where_it_was() {
    let mut s = scene();
    let mut film = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom".to_vec();
    film.resize(11 << 20, 7);
    let size = film.len().to_string();
    let begun = s
        .bob
        .post("/album/uploads", &[("name", "film.bin"), ("size", &size)]);
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text());
    let id: serde_json::Value = serde_json::from_slice(&begun.body).expect("json");
    let path = format!("/album/uploads/{}", id["id"].as_str().expect("an id"));
    let piece = |from: usize, to: usize| &film[from..to];
    let first = put(&mut s.bob, &format!("{path}?offset=0"), piece(0, 5 << 20));
    let received: serde_json::Value = serde_json::from_slice(&first.body).expect("json");
    assert_eq!(received["received"], 4 << 20, "whole parts count");
    assert_eq!(
        put(&mut s.bob, &format!("{path}?offset=0"), piece(0, 5 << 20)).status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        put(
            &mut s.bea,
            &format!("{path}?offset=4194304"),
            piece(4 << 20, 8 << 20)
        )
        .status,
        StatusCode::NOT_FOUND,
        "not hers"
    );
    let state: serde_json::Value = serde_json::from_slice(&s.bob.get(&path).body).expect("json");
    assert_eq!(state["received"], 4 << 20);
    assert_eq!(
        s.bob.post(&path, &[]).status,
        StatusCode::CONFLICT,
        "not all of it"
    );
    put(
        &mut s.bob,
        &format!("{path}?offset=4194304"),
        piece(4 << 20, 11 << 20),
    );
    let done = s.bob.post(&path, &[("album", "Films")]);
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let id = items(&mut s.bob, "/").remove(0);
    let links = s.bob.get(&format!("/album/{id}")).links("/m/");
    let keep = links
        .iter()
        .find(|link| link.contains("/own-keep/"))
        .expect("kept");
    assert_eq!(s.bob.get(keep).body.as_ref(), film);
    let too_large = (17 << 20).to_string();
    let begun = s
        .bob
        .post("/album/uploads", &[("name", "x"), ("size", &too_large)]);
    let id: serde_json::Value = serde_json::from_slice(&begun.body).expect("json");
    let path = format!(
        "/album/uploads/{}?offset=0",
        id["id"].as_str().expect("an id")
    );
    let page = put(&mut s.bob, &path, &vec![0; 17 << 20]);
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn an_album_of_a_thousand_pictures_is_walked_page_by_page_each_once() {
    let mut s = scene();
    let folder = s.b.folder.join("many");
    std::fs::create_dir(&folder).expect("a folder");
    for number in 0..320 {
        let content = format!("not a picture, number {number}");
        std::fs::write(folder.join(format!("{number}.txt")), content).expect("a file");
    }
    s.b.import(&[folder]);
    let (mut path, mut seen) = ("/".to_owned(), Vec::new());
    for _ in 0..3 {
        let page = s.bob.get(&path);
        assert!(page.body.len() < 300_000, "a page is light");
        seen.extend(items(&mut s.bob, &path));
        let next = page.links("/?after=").into_iter().next();
        path = next.unwrap_or_default();
    }
    assert_eq!(path, "");
    let once: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), once.len()), (320, 320));
}

#[test]
fn nobody_who_is_signed_out_sees_anything_of_the_album() {
    let mut s = scene();
    let jpeg = s.jpeg(600, 400);
    send(&mut s.bob, &[("lake.jpg", &jpeg)]);
    let id = items(&mut s.bob, "/").remove(0);
    let share = format!("/share?picture={id}");
    for path in ["/", &format!("/album/{id}"), &share, "/sent", "/?bin=yes"] {
        assert_eq!(s.bob.get(path).status, StatusCode::OK, "{path}");
        let page = s.site.browser().get(path);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.body.is_empty(), "{path}");
        let mut program = s.site.browser();
        program.headers = vec![("accept".to_owned(), "*/*".to_owned())];
        let page = program.get(path);
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(!page.text().contains("lake"), "{path}");
    }
}
