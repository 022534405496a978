//! A sound or film that a person may keep whole is played in the page before it is kept: by the decision that lets it be kept,
//! piece after piece, and to nobody who may only look.

use crate::house::forge::{Handmade, OpenGrant};
use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Page, Site};
use crate::tool::{film, is_here};
use axum::body::Body;
use axum::http::StatusCode;
use hearthpost::envelope::{ContentKey, PART_SIZE};
use hearthpost::message::manifest::Manifest;
use hearthpost::rules::{Action, Kind, Tier};

const DAY: u64 = 86_400;
const WHOLE: &str = "display=full,store=full";

/// What `a` shared with bob of `b`.
struct Scene {
    village: Village,
    a: House,
    b: House,
    site: Site,
    bob: Browser,
    share: String,
    item: String,
}

fn houses() -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    (village, a, b)
}

/// The share that came, of one item.
fn arrived(village: Village, a: House, mut b: House) -> Scene {
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    let shares = b.home.album.rows().shares().expect("rows");
    let share = shares[0].reference.clone();
    let item = b.items(&share).remove(0).reference;
    Scene {
        village,
        a,
        b,
        site,
        bob,
        share,
        item,
    }
}

fn scene(name: &str, bytes: &[u8], rules: &str) -> Scene {
    let (village, mut a, mut b) = houses();
    let path = a.folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    let items = a.import(&[path]);
    a.share(&order(&[&items[0]], &["home-b+bob@b.example"], rules))
        .expect("recorded");
    village.settle(&mut [&mut a, &mut b]);
    arrived(village, a, b)
}

/// The same from a box that says what it likes of what it sends; a picture lies beside it.
fn made(kind: Kind, bytes: &[u8], rules: &str) -> (Scene, Handmade) {
    given(kind, bytes, rules, true)
}

fn given(kind: Kind, bytes: &[u8], rules: &str, beside: bool) -> (Scene, Handmade) {
    let (village, a, mut b) = houses();
    let lake = picture(&a.folder.join("lake.jpg"), 320, 200);
    let key = ContentKey::random();
    let [one, picture] = [(bytes, kind), (&lake, Kind::Picture)].map(|(bytes, kind)| {
        let tiers = [(Tier::Original, bytes), (Tier::About, b"{}")];
        let mut made = Handmade::keyed(&a, key.clone(), &tiers);
        made.manifest.items[0].kind = kind;
        made
    });
    let Manifest {
        share,
        origin,
        created,
        items,
        ..
    } = one.manifest;
    let mut all = vec![(items, one.parts)];
    if beside {
        all.push((picture.manifest.items, picture.parts));
    }
    let (items, parts): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let manifest = Manifest::new(share, origin, created, items.concat());
    let made = Handmade {
        content: key,
        manifest: manifest.expect("a manifest"),
        parts: parts.concat(),
    };
    let grant = OpenGrant::of(&made, &a, &b, rules);
    village.deliver(&b, &grant.mail(&a, &b));
    village.deliver(&b, &made.mail(&a));
    village.sync(&mut b);
    (arrived(village, a, b), made)
}

/// Two parts and some of a third.
fn long_sound() -> Vec<u8> {
    let samples = (0u32..2_400_000).flat_map(u32::to_le_bytes);
    let samples: Vec<u8> = samples.collect();
    let size = samples.len() as u32;
    let mut wav = b"RIFF".to_vec();
    wav.extend((size + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(48_000u32.to_le_bytes());
    wav.extend(96_000u32.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(size.to_le_bytes());
    wav.extend(samples);
    wav
}

fn mill() -> &'static [u8] {
    include_bytes!("../fixtures/sounds/mill.mp3")
}

impl Scene {
    fn page(&mut self) -> Page {
        self.bob
            .get(&format!("/received/{}/{}", self.share, self.item))
    }

    /// What the page leads to of that kind.
    fn leads_to(&mut self, kind: &str) -> Option<String> {
        let mut links = self.page().links("/m/").into_iter();
        links.find(|link| link.contains(&format!("/{kind}/")))
    }

    fn plays(&mut self) -> String {
        self.leads_to("play").expect("it is played")
    }

    fn piece(&mut self, path: &str, range: &str) -> Page {
        let request = self.bob.request("GET", path).header("range", range);
        self.bob.ask(request.body(Body::empty()))
    }

    /// What the use case itself says, whatever way leads there.
    fn refusal(&mut self) -> Option<&'static str> {
        let (reading, bob) = (self.b.reading(), "bob".parse().expect("a station"));
        let now = self.b.home.tick(&reading, &[]).expect("time");
        let handed = self.b.home.hand_to_play(&self.item, &bob, now);
        handed.err().map(|fault| fault.code)
    }

    fn wait(&mut self, seconds: u64) {
        self.b.wait(seconds);
        self.site.set_clock(&self.b);
    }

    /// Begins to play it, and hears the first of its parts.
    fn begin(&mut self, path: &str) -> crate::site::Begun {
        let request = self.bob.request("GET", path).body(Body::empty());
        let mut begun = self.bob.begin(request);
        let first = begun.next().expect("more").expect("whole so far");
        assert_eq!(first.len(), PART_SIZE);
        begun
    }
}

/// What of it still comes ends before its end.
fn breaks_off(mut begun: crate::site::Begun) {
    let mut rest = std::iter::from_fn(|| begun.next());
    assert!(rest.any(|piece| piece.is_err()), "nobody takes it for all");
}

#[test]
fn what_may_be_kept_whole_is_played_in_any_piece_before_it_is() {
    let sound = long_sound();
    let mut s = scene("mill.wav", &sound, WHOLE);
    let text = s.page().text();
    assert!(text.contains("<audio src="), "{text}");
    assert!(text.contains("If it does not play in this browser"));
    let path = s.plays();
    let whole = s.bob.get(&path);
    assert_eq!(whole.status, StatusCode::OK, "{}", whole.text());
    assert!(whole.body == sound, "bit for bit");
    let size = sound.len();
    assert_eq!(whole.header("content-length"), size.to_string());
    for (name, value) in [
        ("content-type", "audio/wav"),
        ("content-disposition", ""),
        ("accept-ranges", "bytes"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
    ] {
        assert_eq!(whole.header(name), value, "{name}");
    }
    let border = PART_SIZE;
    for (range, from, to) in [
        ("bytes=0-".to_owned(), 0, size),
        ("bytes=0-1".to_owned(), 0, 2),
        (
            format!("bytes={}-{}", border - 3, border + 4),
            border - 3,
            border + 5,
        ),
        (format!("bytes={}-", 2 * border), 2 * border, size),
        ("bytes=-7".to_owned(), size - 7, size),
    ] {
        let piece = s.piece(&path, &range);
        assert_eq!(piece.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert!(piece.body == sound[from..to], "{range}");
        assert_eq!(
            piece.header("content-range"),
            format!("bytes {from}-{}/{size}", to - 1)
        );
    }
    let behind = s.piece(&path, &format!("bytes={size}-"));
    assert_eq!(behind.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert!(behind.body.is_empty());
    // Whoever asks for its head alone learns that it would be played, and nothing of it.
    let request = s.bob.request("HEAD", &path).body(Body::empty());
    let head = s.bob.ask(request);
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    // What is kept is a file, as before.
    let keep = s.leads_to("keep").expect("it may be kept");
    let kept = s.piece(&keep, "bytes=0-1");
    assert_eq!(kept.status, StatusCode::OK);
    assert!(kept.body == sound);
    assert!(
        kept.header("content-disposition")
            .starts_with("attachment; filename=\"mill.wav\"")
    );
    let mut again = s.site.signed_in(&mut s.b, "bob");
    assert_eq!(again.get(&path).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_piece_opens_those_parts_alone_in_which_it_lies() {
    let sound = long_sound();
    let mut s = scene("mill.wav", &sound, WHOLE);
    let path = s.plays();
    let item = s.b.items(&s.share).remove(0).id;
    let parts = s.b.home.album.rows().tier_parts(item, Tier::Original);
    let second = parts.expect("rows")[1].digest.to_string();
    let blobs = s.b.blobs();
    let blob = blobs.iter().find(|blob| blob.ends_with(&second));
    std::fs::remove_file(blob.expect("it is here")).expect("gone");
    let behind = 2 * PART_SIZE;
    for (from, to) in [(10, 20), (behind, behind + 10)] {
        let piece = s.piece(&path, &format!("bytes={from}-{}", to - 1));
        assert_eq!(piece.status, StatusCode::PARTIAL_CONTENT);
        assert!(piece.body == sound[from..to], "{from}");
    }
    let gone = s.piece(&path, &format!("bytes={}-", PART_SIZE + 5));
    assert_eq!(gone.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[test]
fn to_look_alone_gives_no_file_away_and_to_keep_alone_is_no_look() {
    for (rules, kind, says) in [
        (WHOLE, Kind::Sound, "If it does not play"),
        (
            "display=full",
            Kind::Video,
            "which you may not keep. Under “Allowed”",
        ),
        ("store=full", Kind::Video, "You may not look at this"),
        ("display=full,store=640", Kind::Video, "not be kept whole"),
        (
            "display=full,store=full,watermark=yes",
            Kind::Sound,
            "not be kept whole",
        ),
        (
            "display=full,store=full,excerpt=yes",
            Kind::Sound,
            "Only an excerpt",
        ),
    ] {
        let (mut s, _) = made(kind, mill(), rules);
        let text = s.page().text();
        let stage = text.split("</figure>").next().unwrap_or_default();
        let stage = stage.split("<figure").nth(1).unwrap_or_default();
        assert!(stage.contains(says), "{rules}: {stage}");
        let plays = rules == WHOLE;
        assert_eq!(s.leads_to("play").is_some(), plays, "{rules}");
        let refusal = s.refusal();
        match plays {
            true => assert_eq!(refusal, None),
            false => assert!(
                ["denied", "no_excerpt"].contains(&refusal.unwrap_or_default()),
                "{rules}: {refusal:?}"
            ),
        }
        // Nor is it shown.
        let program = s.site.program(&mut s.b, "bob", "read");
        let shown = format!("/api/v1/received/items/{}/show", s.item);
        assert!(program.clone().get(&shown).status.is_client_error());
    }
}

#[test]
fn a_film_that_may_only_be_looked_at_is_there_and_more_of_it_can_be_asked_for() {
    let (mut s, _) = given(Kind::Video, mill(), "display=full,period=P7D", false);
    let (share, item) = (s.share.clone(), s.item.clone());
    let listed = s.bob.get("/received").text();
    assert!(listed.contains(&share), "{listed}");
    let listed = s.bob.get(&format!("/received/{share}"));
    assert!(
        !listed
            .links(&format!("/received/{share}/{item}"))
            .is_empty()
    );
    let asked = s.bob.post(
        &format!("/received/{share}/ask"),
        &[("wish", "keep"), ("words", "")],
    );
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    s.wait(8 * DAY);
    assert_eq!(s.page().status, StatusCode::FORBIDDEN);
    assert!(!s.bob.get("/received").text().contains(&share));
}

#[test]
fn what_only_calls_itself_a_film_is_a_file() {
    let page = b"<html><script>alert(1)</script></html>";
    let (mut s, _) = made(Kind::Video, page, WHOLE);
    let path = s.plays();
    let file = s.piece(&path, "bytes=0-5");
    assert_eq!((file.status, &file.body[..]), (StatusCode::OK, &page[..]));
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(
        file.header("content-security-policy")
            .starts_with("sandbox")
    );
}

#[test]
fn a_web_film_is_named_one() {
    for (doc_type, media_type) in [("webm", "video/webm"), ("else", "video/x-matroska")] {
        let head = b"\x1a\x45\xdf\xa3\x9b\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84";
        let film = [&head[..], doc_type.as_bytes(), &[0; 99]].concat();
        let (mut s, _) = made(Kind::Video, &film, WHOLE);
        let path = s.plays();
        assert_eq!(s.bob.get(&path).header("content-type"), media_type);
    }
}

#[test]
fn to_play_is_no_look_as_to_keep_is_none_and_goes_no_further_than_that() {
    let mut s = scene("mill.mp3", mill(), &format!("{WHOLE},views=1"));
    let path = s.plays();
    // What is bounded so is fetched when somebody wants it.
    assert!(s.page().text().contains("preload=\"none\""));
    let (_, kept) = s.b.view(&s.item, "bob", Action::Store).expect("kept");
    for _ in 0..2 {
        assert!(s.bob.get(&path).body == kept);
        s.wait(601);
    }
    let (item, now) = (s.b.items(&s.share).remove(0).id, s.b.now());
    let bob = "bob".parse().expect("a station");
    let counted =
        s.b.home
            .album
            .commit(|rows| rows.count_view(item, &bob, now));
    counted.expect("counted");
    let refused = s.bob.get(&path);
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(s.b.view(&s.item, "bob", Action::Store).is_err());
}

#[test]
fn what_is_over_while_it_is_played_goes_no_further() {
    let mut s = scene("mill.wav", &long_sound(), &format!("{WHOLE},period=P7D"));
    let path = s.plays();
    let begun = s.begin(&path);
    s.wait(8 * DAY);
    let piece = s.piece(&path, "bytes=0-9");
    assert_eq!(piece.status, StatusCode::FORBIDDEN);
    assert!(piece.text().contains("until"), "{}", piece.text());
    s.village.sync(&mut s.b);
    breaks_off(begun);
}

#[test]
fn what_is_taken_back_while_it_is_played_goes_no_further() {
    let mut s = scene("mill.wav", &long_sound(), WHOLE);
    let path = s.plays();
    let begun = s.begin(&path);
    s.a.revoke(&s.share, None).expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let piece = s.piece(&path, "bytes=0-9");
    assert_eq!(piece.status, StatusCode::FORBIDDEN);
    assert!(piece.text().contains("does not share this any more"));
    breaks_off(begun);
}

#[test]
fn a_way_to_it_is_worth_nothing_once_it_may_be_looked_at_alone() {
    let (mut s, made) = made(Kind::Sound, mill(), WHOLE);
    let path = s.plays();
    assert!(s.bob.get(&path).body == mill());
    s.a.wait(60);
    s.wait(60);
    let less = OpenGrant::of(&made, &s.a, &s.b, "display=full");
    s.village.deliver(&s.b, &less.mail(&s.a, &s.b));
    s.village.sync(&mut s.b);
    let refused = s.piece(&path, "bytes=0-9");
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    let request = s.bob.request("HEAD", &path).body(Body::empty());
    assert_eq!(s.bob.ask(request).status, StatusCode::FORBIDDEN);
    assert_eq!(s.leads_to("play"), None);
}

#[test]
fn films_of_telephones_are_played_below_their_picture_and_stand_in_no_frame() {
    if !is_here("ffmpeg") {
        return;
    }
    for (name, media_type) in [
        ("film.mp4", "video/mp4"),
        ("film.mov", "video/quicktime"),
        ("film.mkv", "video/x-matroska"),
    ] {
        let end = name.rsplit('.').next().expect("an end");
        let mut s = scene(name, &film(end, 2), WHOLE);
        let (poster, path) = (s.leads_to("thumb").expect("a poster"), s.plays());
        let text = s.page().text().replace("&#x2f;", "/");
        let player = format!("<video src=\"{path}\"");
        assert!(text.contains(&player), "{text}");
        assert!(text.contains(&format!(" poster=\"{poster}\"")), "{text}");
        let (_, kept) = s.b.view(&s.item, "bob", Action::Store).expect("kept");
        let piece = s.piece(&path, "bytes=100-");
        assert_eq!(piece.header("content-type"), media_type);
        assert!(piece.body == kept[100..], "{name}");
        let list = s.bob.get(&format!("/received/{}", s.share)).text();
        assert_eq!(list.matches(">Film</span>").count(), 1, "it is marked");
        assert!(!s.bob.get("/frame/pictures").text().contains(&s.item));
    }
}

#[test]
fn a_film_that_no_browser_plays_is_one_to_keep() {
    if !is_here("ffmpeg") {
        return;
    }
    let mut s = scene("00002.MTS", &film("ts", 2), WHOLE);
    assert_eq!(s.leads_to("play"), None);
    assert!(s.leads_to("thumb").is_some(), "it has a picture");
    let text = s.page().text();
    assert!(text.contains("No browser plays a film"), "{text}");
    let keep = s.leads_to("keep").expect("it may be kept");
    let kept = s.bob.get(&keep);
    assert_eq!(kept.header("content-type"), "application/octet-stream");
    assert!(kept.header("content-disposition").starts_with("attachment"));
}

#[test]
fn the_sound_that_goes_with_a_picture_is_played_beside_it_and_on_its_own_page() {
    let (village, mut a, mut b) = houses();
    let (photo, sound) = (a.folder.join("IMG_1.jpg"), a.folder.join("IMG_1.mp3"));
    picture(&photo, 320, 200);
    std::fs::write(&sound, mill()).expect("a file");
    let items = a.import(&[photo, sound]);
    let order = order(&[&items[0]], &["home-b+bob@b.example"], WHOLE);
    a.share(&order).expect("recorded");
    village.settle(&mut [&mut a, &mut b]);
    let mut s = arrived(village, a, b);
    let items = s.b.items(&s.share);
    assert_eq!(items.len(), 2);
    let beside = s.plays();
    s.item = items[1].reference.clone();
    let path = s.plays();
    assert_eq!(beside, path);
    let (_, kept) = s.b.view(&s.item, "bob", Action::Store).expect("kept");
    assert!(s.bob.get(&path).body == kept);
}
