//! Own items that are no pictures decoded here: what of them is seen and heard on the pages of the album.

use crate::alone::alone;
use crate::house::{House, Village, order};
use crate::site::{Browser, Site};
use crate::tool::{film, is_here};
use axum::http::StatusCode;

struct Scene {
    village: Village,
    b: House,
    bob: Browser,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let mut b = village.house("b", &["bob"]);
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    Scene { village, b, bob }
}

const HEIC: &[u8] = include_bytes!("../fixtures/pictures/place.heic");
const AVIF: &[u8] = include_bytes!("../fixtures/pictures/place.avif");

impl Scene {
    fn add(&mut self, name: &str, bytes: &[u8]) -> String {
        let path = self.b.folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        self.b.import(&[path]).remove(0).reference
    }

    /// What its page leads to of that kind.
    fn leads_to(&mut self, page: &str, kind: &str, item: &str) -> Option<String> {
        let links = self.bob.get(page).links("/m/").into_iter();
        let end = format!("/{kind}/{item}");
        links.into_iter().find(|link| link.ends_with(&end))
    }

    fn edges(&mut self, path: &str) -> (u32, u32) {
        let shown = self.bob.get(path);
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
        assert_eq!(shown.header("content-type"), "image/jpeg");
        assert!(!shown.body.windows(4).any(|at| at == b"Exif"), "its place");
        let picture = image::load_from_memory(&shown.body).expect("a picture");
        (picture.width(), picture.height())
    }
}

#[test]
fn pictures_of_telephones_and_films_are_seen_in_grid_and_viewer() {
    let mut s = scene();
    let mut added = Vec::new();
    if is_here("heif-convert") {
        for (name, bytes) in [("phone.heic", HEIC), ("phone.avif", AVIF)] {
            added.push((s.add(name, bytes), false));
        }
    }
    if is_here("ffmpeg") {
        added.push((s.add("film.mov", &film("mov", 2)), true));
    }
    for (item, moves) in added {
        let thumb = s.leads_to("/", "own-thumb", &item).expect("a tile");
        let page = format!("/album/{item}");
        let (width, height) = s.edges(&thumb);
        assert!(width <= 320 && height <= 320);
        let marked = s.bob.get("/").text().matches(">Film</span>").count();
        assert!(marked > 0 || !moves, "a film is marked");
        let shown = s.leads_to(&page, "own-show", &item).expect("seen");
        let (wide, high) = s.edges(&shown);
        assert!(wide >= width && high >= height);
        let text = s.bob.get(&page).text();
        assert!(!text.contains("not a picture that can be shown"), "{text}");
    }
}

#[test]
fn what_cannot_be_converted_is_a_file_once_that_is_known() {
    if !is_here("heif-convert") {
        return;
    }
    let mut s = scene();
    let broken = s.add("broken.heic", &HEIC[..HEIC.len() / 3]);
    let good = s.add("phone.heic", HEIC);
    let tile = s.leads_to("/", "own-thumb", &broken).expect("it is tried");
    assert!(s.bob.get(&tile).status.is_client_error());
    assert_eq!(s.leads_to("/", "own-thumb", &broken), None);
    assert!(s.leads_to("/", "own-thumb", &good).is_some());
    let page = s.bob.get(&format!("/album/{broken}")).text();
    assert!(page.contains("not a picture that can be shown"), "{page}");
}

#[test]
fn without_a_program_a_picture_of_a_telephone_is_a_file() {
    let test = "own_media::without_a_program_a_picture_of_a_telephone_is_a_file";
    if alone(test, "", |_| {}).is_none() {
        return;
    }
    let mut s = scene();
    let item = s.add("phone.heic", HEIC);
    assert_eq!(s.leads_to("/", "own-thumb", &item), None);
    let page = format!("/album/{item}");
    let text = s.bob.get(&page).text();
    assert!(text.contains("not a picture that can be shown"), "{text}");
    assert_eq!(s.leads_to(&page, "own-show", &item), None);
    let keep = s.leads_to(&page, "own-keep", &item).expect("its file");
    assert_eq!(s.bob.get(&keep).body, HEIC);

    // The same in what came, which nobody could make a picture of over there either.
    let mut a = s.village.house("a", &[]);
    s.village.introduce(&mut a, &mut s.b);
    let path = a.folder.join("theirs.heic");
    std::fs::write(&path, HEIC).expect("a file");
    let theirs = a.import(&[path]).remove(0);
    let order = order(
        &[&theirs],
        &["home-b+bob@b.example"],
        "display=full,store=full",
    );
    let share = a.share(&order).expect("recorded").share;
    s.village.settle(&mut [&mut a, &mut s.b]);
    let item = s.b.items(&share).remove(0).reference;
    let viewer = format!("/received/{share}/{item}");
    let text = s.bob.get(&viewer).text();
    assert!(
        text.contains("theirs.heic") && !text.contains("<img"),
        "{text}"
    );
    for kind in ["show", "thumb"] {
        assert_eq!(s.leads_to(&viewer, kind, &item), None, "{kind}");
    }
    let keep = s.leads_to(&viewer, "keep", &item).expect("its file");
    let kept = s.bob.get(&keep).body;
    assert_eq!((kept.len(), &kept[..32]), (HEIC.len(), &HEIC[..32]));
}

#[test]
fn own_sounds_and_films_are_played_on_their_pages_from_any_place_on() {
    let mut s = scene();
    let sound = include_bytes!("../fixtures/sounds/mill.mp3").to_vec();
    let mut added = vec![("mill.mp3", sound, "<audio src=", "audio/mpeg")];
    if is_here("ffmpeg") {
        added.push(("film.mp4", film("mp4", 2), "<video src=", "video/mp4"));
    }
    for (name, bytes, player, media_type) in added {
        let item = s.add(name, &bytes);
        let page = format!("/album/{item}");
        let text = s.bob.get(&page).text();
        assert!(text.contains(player), "{text}");
        let path = s.leads_to(&page, "own-keep", &item).expect("its file");
        let request = s.bob.request("GET", &path).header("range", "bytes=100-");
        let piece = s.bob.ask(request.body(axum::body::Body::empty()));
        assert_eq!(piece.status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(piece.header("content-type"), media_type);
        assert_eq!(piece.body, bytes[100..], "{name}");
        let whole = s.bob.get(&path);
        assert_eq!(
            (whole.status, &whole.body[..]),
            (StatusCode::OK, &bytes[..])
        );
        // As a page of its own it is kept, not opened.
        let disposition = whole.header("content-disposition").to_owned();
        assert!(disposition.starts_with("attachment"), "{disposition}");
    }
}

#[test]
fn what_only_calls_itself_a_sound_is_a_file() {
    let mut s = scene();
    let item = s.add("mill.mp3", b"<html><script>alert(1)</script></html>");
    let page = format!("/album/{item}");
    assert!(!s.bob.get(&page).text().contains("<audio"));
    let path = s.leads_to(&page, "own-keep", &item).expect("its file");
    let request = s.bob.request("GET", &path).header("range", "bytes=0-9");
    let file = s.bob.ask(request.body(axum::body::Body::empty()));
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
}

#[test]
fn the_same_bytes_under_another_name_are_the_same_item() {
    let mut s = scene();
    let mut tiff = std::io::Cursor::new(Vec::new());
    let plain = image::RgbImage::new(40, 30);
    let written = plain.write_to(&mut tiff, image::ImageFormat::Tiff);
    written.expect("it is well formed");
    let adding = hearthpost::sharing::own::import::Adding {
        person: Some("bob".parse().expect("a station")),
        ..Default::default()
    };
    let now = s.b.now();
    let mut add = |name: &str| {
        let added = s.b.home.add_file(&adding, name, &tiff.get_ref()[..], now);
        let (item, known) = added.expect("added");
        (item.reference, known)
    };
    let (first, known) = add("plain.tiff");
    assert!(!known);
    assert_eq!(add("P1000.DNG"), (first, true));
}
