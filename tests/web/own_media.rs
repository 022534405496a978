//! Own items that are no pictures decoded here: what of them is seen and heard on the pages of the album.

use crate::house::{House, Village};
use crate::site::{Browser, Site};
use crate::tool::{film, is_here};
use axum::http::StatusCode;

struct Scene {
    _village: Village,
    b: House,
    bob: Browser,
}

fn scene() -> Scene {
    let village = Village::new("b");
    let mut b = village.house("b", &["bob"]);
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    Scene {
        _village: village,
        b,
        bob,
    }
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
