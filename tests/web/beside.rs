//! What belongs to a picture that came is heard, seen and kept beside it; and a GIF moves where its file may be kept.

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Site};
use crate::tool::is_here;
use hearthpost::album::OwnItem;
use image::{AnimationDecoder, codecs::gif::GifDecoder};

struct Scene {
    village: Village,
    a: House,
    b: House,
    bob: Browser,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    Scene { village, a, b, bob }
}

impl Scene {
    /// What bob is given of these, by its share and the pages of its items.
    fn given(&mut self, items: &[&OwnItem], rules: &str) -> (String, Vec<String>) {
        let mut order = order(items, &["home-b+bob@b.example"], rules);
        order.excerpt = "1s".parse().expect("lengths");
        let share = self.a.share(&order).expect("recorded").share;
        self.village.settle(&mut [&mut self.a, &mut self.b]);
        let page = format!("/received/{share}");
        let mut pages = self.bob.get(&page).links(&format!("{page}/"));
        let items = self.b.items(&share);
        pages.retain(|page| items.iter().any(|item| page.ends_with(&item.reference)));
        (page, pages)
    }

    fn leads_to(&mut self, page: &str, kind: &str) -> Vec<String> {
        let mut links = self.bob.get(page).links("/m/");
        links.retain(|link| link.contains(&format!("/{kind}/")));
        links
    }
}

#[test]
fn the_sound_of_a_picture_is_heard_beside_it() {
    let mut s = scene();
    let card = s.a.folder.join("card");
    std::fs::create_dir_all(&card).expect("a folder");
    let mill = include_bytes!("../fixtures/sounds/mill.wav");
    picture(&card.join("IMG_1.JPG"), 320, 240);
    std::fs::write(card.join("IMG_1.WAV"), mill).expect("a file");
    picture(&card.join("IMG_2.JPG"), 320, 200);
    let items = s.a.import(&[card]);
    let named = |name: &str| items.iter().find(|item| item.name == name).expect("it");
    let pictures = [named("IMG_1.JPG"), named("IMG_2.JPG")];
    for (rules, kind) in [
        ("display=full,store=full", "play"),
        ("display=2048,excerpt=yes", "show"),
    ] {
        let (share, pages) = s.given(&pictures, rules);
        let [first, sound, second] = pages.as_slice() else {
            panic!("{rules}: {pages:?}");
        };
        let text = s.bob.get(first).text();
        assert!(text.contains("IMG_1.WAV</a>"), "{rules}: {text}");
        let item = sound.rsplit('/').next().expect("its name");
        let heard = s.leads_to(first, kind);
        let heard = heard.iter().find(|link| link.ends_with(item));
        let heard = s.bob.get(heard.expect("a player"));
        assert_eq!(heard.header("content-type"), "audio/wav");
        assert_eq!(*heard.body == *mill, kind == "play", "{rules}");
        // The sound leads back, and to nobody else does it belong.
        let text = s.bob.get(sound).text();
        assert!(
            text.contains("It belongs to") && text.contains("IMG_1.JPG</a>"),
            "{text}"
        );
        assert!(s.bob.get(sound).links(first).contains(first), "{share}");
        let text = s.bob.get(second).text();
        assert!(
            !text.contains("<audio") && !text.contains("It belongs to"),
            "{text}"
        );
    }
}

/// Of two pictures; so many bytes longer by what it says.
fn gif(longer: usize) -> Vec<u8> {
    let mut gif = Vec::new();
    let frame = |shade: [u8; 4]| {
        image::Frame::new(image::RgbaImage::from_pixel(20, 20, image::Rgba(shade)))
    };
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
    let frames = [[0, 0, 0, 255], [255; 4]].map(frame);
    encoder.encode_frames(frames).expect("it is well formed");
    drop(encoder);
    let end = gif.pop();
    for _ in 0..longer.div_ceil(255) {
        gif.extend([&b"\x21\xFE\xFF"[..], &[b'x'; 255], b"\0"].concat());
    }
    gif.extend(end);
    gif
}

fn pictures_in(gif: &[u8]) -> usize {
    let decoder = GifDecoder::new(std::io::Cursor::new(gif)).expect("a GIF");
    decoder.into_frames().count()
}

#[test]
fn a_gif_moves_where_its_file_may_be_kept_and_nowhere_else() {
    let mut s = scene();
    let path = s.a.folder.join("moves.gif");
    std::fs::write(&path, gif(0)).expect("a file");
    let item = s.a.import(&[path]).remove(0);
    for (rules, moves) in [
        ("display=full,print=full,store=full", true),
        ("display=full", false),
        ("display=640,store=full", false),
        ("display=full,store=full,watermark=yes", false),
        ("display=full,store=full,views=3", false),
    ] {
        let (_, pages) = s.given(&[&item], rules);
        let page = s.bob.get(&pages[0]);
        let text = page.text();
        assert_eq!(
            !text.contains("only the first picture"),
            moves,
            "{rules}: {text}"
        );
        let shown = s.bob.get(&page.picture());
        match moves {
            true => {
                assert_eq!(shown.header("content-type"), "image/gif");
                assert_eq!(shown.header("x-content-type-options"), "nosniff");
                assert!(shown.header("content-security-policy").contains("sandbox"));
                assert_eq!(pictures_in(&shown.body), 2);
                // On paper it stands still.
                let text = s.bob.get(&format!("{}?print=yes", pages[0])).text();
                assert!(
                    text.contains("/print/") || text.contains("print&#x2f;"),
                    "{text}"
                );
            }
            false => assert_eq!(shown.header("content-type"), "image/jpeg", "{rules}"),
        }
    }
}

#[test]
fn an_own_gif_moves_unless_it_is_very_large() {
    let mut s = scene();
    for (name, longer, moves) in [("small.gif", 0, true), ("large.gif", 17 << 20, false)] {
        let path = s.b.folder.join(name);
        std::fs::write(&path, gif(longer)).expect("a file");
        let item = s.b.import(&[path]).remove(0).reference;
        let page = s.bob.get(&format!("/album/{item}"));
        let text = page.text();
        assert_eq!(
            !text.contains("only the first picture"),
            moves,
            "{name}: {text}"
        );
        let shown = s.bob.get(&page.picture());
        let kind = if moves { "image/gif" } else { "image/jpeg" };
        assert_eq!(shown.header("content-type"), kind, "{name}");
        assert_eq!(moves && pictures_in(&shown.body) == 2, moves, "{name}");
    }
}

#[test]
fn a_telephone_picture_that_may_be_kept_is_seen_and_printed_in_full() {
    if !is_here("heif-convert") {
        return;
    }
    let mut s = scene();
    let path = s.a.folder.join("turned.heic");
    let turned = include_bytes!("../fixtures/pictures/turned.heic");
    std::fs::write(&path, turned).expect("a file");
    let item = s.a.import(&[path]).remove(0);
    let (_, pages) = s.given(&[&item], "display=full,print=full,store=full");
    for (kind, page) in [
        ("show", pages[0].clone()),
        ("print", format!("{}?print=yes", pages[0])),
    ] {
        let shown = s.leads_to(&page, kind).remove(0);
        let shown = s.bob.get(&shown);
        assert_eq!(shown.header("content-type"), "image/jpeg");
        let seen = image::load_from_memory(&shown.body).expect("a picture");
        assert_eq!((seen.width(), seen.height()), (3000, 1500), "{kind}");
        assert_eq!(
            crate::make::seen(&crate::make::decoded(&shown.body)),
            "RGBw",
            "{kind}"
        );
    }
}
