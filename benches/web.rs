//! The page of the house over an album of 10,000 photos, and over a share of 60 that another household sent: server time of
//! each page and picture, as a browser that is signed in asks for them, one after another and twenty at once; and how long
//! a pass of the poller takes meanwhile. No socket and no browser: the router itself, in a thread with the threads for the
//! disk that `serve` gives it.
//!
//! `cargo bench --bench web`. Goals: 95 of 100 pages under 20 ms, small pictures under 10 ms, the first view of the grid under
//! 300 KB. `HEARTHPOST_PHOTOS=500` for a shorter look.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hearthpost::address::{StationAddress, StationName};
use hearthpost::encoding::Timestamp;
use hearthpost::rules::parse_rules;
use hearthpost::sharing::accounts::Password;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::share::Order;
use hearthpost::sharing::{Household, NewHousehold, Now};
use hearthpost::web::Station;
use testmail::{Account, Options, Server};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const PHOTOS: usize = 10_000;
const SHARED: usize = 60;
const ASKED: usize = 400;
const AT_ONCE: usize = 20;
const PASSES: usize = 40;
const PASSWORD: &str = "correct horse battery";
const HERE: &str = "home@a.example";
const THERE: &str = "home@b.example";

fn main() {
    let photos = std::env::var("HEARTHPOST_PHOTOS").ok();
    let photos = photos.map_or(PHOTOS, |count| count.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(Options {
        accounts: vec![Account::new(HERE, "x"), Account::new(THERE, "x")],
        ..Options::default()
    });
    let server = server.expect("a mail server");
    let mut home = household(folder.path(), "here", HERE, &server);
    let mut other = household(folder.path(), "there", THERE, &server);
    let begun = Instant::now();
    fill(&mut home, folder.path(), photos, 640);
    println!(
        "{photos} photos of 640 by 480 imported in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    fill(&mut other, folder.path(), SHARED, 2400);
    receive(&mut home, &mut other);
    use_it(&mut home);
    let router = Station::new(&folder.path().join("here.toml"), &home).router();
    let web = runtime(16);
    let cookie = Arc::new(web.block_on(sign_in(&router)));
    let seen = web.block_on(pages(&router, &cookie));
    let load = |paths: &[String]| web.block_on(at_once(&router, &cookie, paths));
    print_times("small picture, 20 stations at once", load(&seen.own));
    print_times(
        "small picture of a share, 20 at once",
        load(&seen.shared_thumbs),
    );
    print_times("a pass of the poller", passes(&mut home, PASSES));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let stations = scope.spawn(|| {
            let mut times = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                times.extend(load(&seen.own));
            }
            times
        });
        print_times(
            "a pass, while 20 stations look at small pictures",
            passes(&mut home, PASSES),
        );
        stop.store(true, Ordering::Relaxed);
        print_times("their small pictures", stations.join().expect("asked"));
    });
}

/// As `serve` makes them.
fn runtime(threads: usize) -> Runtime {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(threads)
        .build();
    runtime.expect("a runtime")
}

fn household(folder: &Path, name: &str, mailbox: &str, server: &Server) -> Household {
    let password_file = folder.join("password");
    std::fs::write(&password_file, "x\n").expect("a file");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&password_file, mode).expect("private");
    let now = Reading::take().wall;
    let new = NewHousehold {
        mailbox: mailbox.parse().expect("a mailbox"),
        name: "The Benchers".to_owned(),
        imap_url: format!("imap+plain://127.0.0.1:{}", server.imap_port()),
        smtp_url: format!("smtp+plain://127.0.0.1:{}", server.smtp_port()),
        username: mailbox.to_owned(),
        password_file,
        data: Some(folder.join(name)),
        ca_file: None,
    };
    let config = folder.join(format!("{name}.toml"));
    Household::init(&config, &new, now).expect("init");
    let mut home = Household::open(&config).expect("opens");
    let ann: StationName = "ann".parse().expect("a name");
    let mail = "ann@a.example".parse().expect("a mailbox");
    home.add_person(ann.clone(), mail, now).expect("added");
    let password = Password::new(PASSWORD.to_owned());
    home.set_password(&ann, &password, now).expect("a password");
    home
}

fn now(home: &mut Household) -> Now {
    home.tick(&Reading::take(), &[]).expect("a clock")
}

/// All photos of one household arrive at the other, small and with a watermark, to be passed on.
fn receive(home: &mut Household, other: &mut Household) {
    let (here, there) = (now(home).now, now(other).now);
    let cards = [home.own_card_pem(), other.own_card_pem()].map(|card| card.expect("a card"));
    let [here_is, there_is] = [HERE, THERE].map(|one| one.parse().expect("a mailbox"));
    home.add_contact_file(&there_is, cards[1].as_bytes(), here)
        .expect("a contact");
    other
        .add_contact_file(&here_is, cards[0].as_bytes(), there)
        .expect("a contact");
    let all = other.album.rows().items().expect("items");
    let ann = StationAddress {
        mailbox: here_is,
        station: "ann".parse().expect("a name"),
    };
    let rules = parse_rules("display=1280,watermark=yes,forward=yes").expect("rules");
    let order = Order {
        what: all.into_iter().map(|item| item.reference).collect(),
        stations: vec![(ann, rules)],
        title: "Summer".to_owned(),
        ..Order::default()
    };
    let time = now(other);
    other.share(&order, time, &mut |_| {}).expect("shared");
    for home in [other, home] {
        passes(home, 1);
    }
}

/// A named album, a bin with something in it, and a share that went out.
fn use_it(home: &mut Household) {
    let items = home.album.rows().items().expect("items").into_iter();
    let items: Vec<String> = items.map(|item| item.reference).collect();
    let (few, rest) = items.split_at(items.len() / 50);
    let time = now(home);
    home.gather(None, "Spain", rest, time.now)
        .expect("an album");
    home.delete_items(None, few, time.now).expect("in the bin");
    let order = Order {
        what: rest.iter().take(SHARED).cloned().collect(),
        to: vec![THERE.to_owned()],
        rules: Some(parse_rules("display=1280").expect("rules")),
        title: "Spain".to_owned(),
        ..Order::default()
    };
    home.share(&order, time, &mut |_| {}).expect("shared");
    passes(home, 1);
}

/// How long so many passes take.
fn passes(home: &mut Household, count: usize) -> Vec<Duration> {
    let poller = runtime(1);
    let pass = |_| {
        let begun = Instant::now();
        let done = poller
            .block_on(home.sync(&Reading::take()))
            .expect("a pass");
        assert!(done.trouble.is_empty(), "{:?}", done.trouble);
        begun.elapsed()
    };
    (0..count).map(pass).collect()
}

/// Each photo another one: a number is written into its pixels.
fn fill(home: &mut Household, folder: &Path, photos: usize, width: u32) {
    let card = folder.join("card");
    let height = width * 3 / 4;
    let numbers: Vec<usize> = (0..photos).collect();
    for (hundred, numbers) in numbers.chunks(100).enumerate() {
        std::fs::create_dir_all(&card).expect("a folder");
        for number in numbers {
            let picture = image::RgbImage::from_fn(width, height, |x, y| {
                let shade = (x * 255 / width) as u8;
                match y < 8 && (number >> (x / 40).min(31)) & 1 == 1 {
                    true => image::Rgb([255, 255, 255]),
                    false => image::Rgb([shade, (y * 255 / height) as u8, (number % 256) as u8]),
                }
            });
            picture
                .save(card.join(format!("{number:05}.jpg")))
                .expect("a photo");
        }
        let day = Timestamp::from_unix(1_600_000_000 + hundred as i64 * 600_000);
        home.import(std::slice::from_ref(&card), None, day, &mut |_| {})
            .expect("imported");
        std::fs::remove_dir_all(&card).expect("removed");
    }
}

async fn ask(router: &Router, cookie: &str, path: &str) -> (Duration, Vec<u8>) {
    let request = Request::get(path)
        .header("host", "localhost")
        .header("accept", "text/html")
        .header("cookie", cookie)
        .body(Body::empty());
    let begun = Instant::now();
    let answer = router.clone().oneshot(request.expect("a request")).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    (begun.elapsed(), body.expect("a body").to_vec())
}

async fn sign_in(router: &Router) -> String {
    let request = Request::post("/sign-in")
        .header("host", "localhost")
        .header("origin", "http://localhost")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("name=ann&password=correct+horse+battery"));
    let answer = router.clone().oneshot(request.expect("a request")).await;
    let answer = answer.expect("an answer");
    let cookies = answer.headers().get_all("set-cookie").iter();
    let pairs = cookies.map(|one| {
        one.to_str()
            .expect("text")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    pairs.collect::<Vec<_>>().join("; ")
}

/// Pictures to ask for.
struct Seen {
    own: Vec<String>,
    shared_thumbs: Vec<String>,
}

/// The paths in a page that begin with `mark`.
fn paths(page: &[u8], mark: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(page)
        .replace("&#x2f;", "/")
        .replace("&amp;", "&");
    let all = text.split('"').filter(|one| one.starts_with(mark));
    all.map(str::to_owned).collect()
}

/// Each page and picture by itself.
async fn pages(router: &Router, cookie: &str) -> Seen {
    let (_, grid) = ask(router, cookie, "/").await;
    println!(
        "first view of the grid: {} KB without pictures",
        grid.len() / 1000
    );
    let thumbs = paths(&grid, "/m/");
    let name = "/album/".len() + 8;
    let mut items = paths(&grid, "/album/");
    items.retain(|path| path.len() == name);
    let older = paths(&grid, "/?");
    let older = older.into_iter().find(|path| path.contains("after="));
    let chosen: Vec<String> = items
        .iter()
        .take(10)
        .map(|path| path.replace("/album/", "picture="))
        .collect();
    let (_, received) = ask(router, cookie, "/received").await;
    let share = paths(&received, "/received/").remove(0);
    let (_, page) = ask(router, cookie, &share).await;
    let shared_thumbs = paths(&page, "/m/");
    let mut viewed = paths(&page, &format!("{share}/"));
    viewed.retain(|path| {
        let last = path.rsplit('/').next().unwrap_or_default();
        path.matches('/').count() == 3 && !["ask", "pass-on", "passed-on"].contains(&last)
    });
    let (_, viewer) = ask(router, cookie, &viewed[0]).await;
    let shown = paths(&viewer, "/m/");
    let shown: Vec<String> = shown
        .into_iter()
        .filter(|path| path.contains("/show/"))
        .collect();
    let (_, sent) = ask(router, cookie, "/sent").await;
    let (_, households) = ask(router, cookie, "/households").await;
    let mut known = paths(&households, "/households/");
    known.retain(|path| path.len() == "/households/".len() + 64);
    let one = |path: &str| vec![path.to_owned()];
    let first = |page: &[u8], mark: &str| paths(page, mark).into_iter().take(1).collect();
    for (name, paths) in [
        ("album", one("/")),
        ("older pictures", older.into_iter().collect()),
        ("search", one("/?q=04217")),
        ("a named album", first(&grid, "/?album=")),
        ("the bin", one("/?bin=yes")),
        ("one picture", items),
        (
            "share, ten chosen",
            vec![format!("/share?{}", chosen.join("&"))],
        ),
        ("received", one("/received")),
        ("a share", one(&share)),
        ("a shared picture", viewed),
        ("passing on", vec![format!("{share}/pass-on")]),
        ("the frame", one("/frame")),
        ("the frame with own pictures", one("/frame?own=yes")),
        ("all that go round in it", one("/frame/pictures?own=yes")),
        ("sent", one("/sent")),
        ("a share that was sent", first(&sent, "/sent/")),
        ("households", one("/households")),
        ("a household", known),
        ("settings", one("/settings")),
        ("programs", one("/settings/programs")),
        ("the identity", one("/settings/identity")),
        ("small picture", thumbs.clone()),
        ("small picture of a share", shared_thumbs.clone()),
        ("shared picture, 1280 with a watermark", shown),
    ] {
        if paths.is_empty() {
            println!("{name}: none");
            continue;
        }
        let mut times = Vec::new();
        for number in 0..ASKED {
            times.push(ask(router, cookie, &paths[number % paths.len()]).await.0);
        }
        print_times(name, times);
    }
    Seen {
        own: thumbs,
        shared_thumbs,
    }
}

/// Twenty browsers, each asking for one after another.
async fn at_once(router: &Router, cookie: &Arc<String>, paths: &[String]) -> Vec<Duration> {
    let paths = Arc::new(paths.to_vec());
    let station = |station: usize| {
        let (router, cookie, paths) = (router.clone(), Arc::clone(cookie), Arc::clone(&paths));
        tokio::spawn(async move {
            let mut times = Vec::new();
            for number in 0..ASKED / 4 {
                let path = &paths[(number + station * 7) % paths.len()];
                times.push(ask(&router, &cookie, path).await.0);
            }
            times
        })
    };
    let stations: Vec<_> = (0..AT_ONCE).map(station).collect();
    let mut times = Vec::new();
    for one in stations {
        times.extend(one.await.expect("asked"));
    }
    times
}

fn print_times(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{name}: median {:.1} ms, p95 {:.1} ms, most {:.1} ms",
        at(0.5),
        at(0.95),
        at(1.0)
    );
}
