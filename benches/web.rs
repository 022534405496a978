//! The page of the house over an album of 10,000 photos: server time of each page and of a small picture, as a browser
//! that is signed in asks for them, one after another and twenty at once. No socket and no browser: the router itself.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hearthpost::address::StationName;
use hearthpost::encoding::Timestamp;
use hearthpost::sharing::accounts::Password;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::{Household, NewHousehold};
use hearthpost::web::Station;
use tower::ServiceExt;

const PHOTOS: usize = 10_000;
const ASKED: usize = 400;
const AT_ONCE: usize = 20;
const PASSWORD: &str = "correct horse battery";

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("hearthpost.toml");
    let mut home = household(&config);
    let begun = Instant::now();
    fill(&mut home, folder.path());
    println!(
        "{PHOTOS} photos of 640 by 480 imported in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    let router = Station::new(&config, &home).router();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(measure(router));
}

fn household(config: &Path) -> Household {
    let folder = config.parent().expect("a folder");
    std::fs::write(folder.join("password"), "none").expect("a file");
    let now = Reading::take().wall;
    let new = NewHousehold {
        mailbox: "home@a.example".parse().expect("a mailbox"),
        name: "The Benchers".to_owned(),
        imap_url: "imaps://a.example".to_owned(),
        smtp_url: "smtps://a.example".to_owned(),
        username: "home".to_owned(),
        password_file: folder.join("password"),
        data: None,
        ca_file: None,
    };
    Household::init(config, &new, now).expect("init");
    let mut home = Household::open(config).expect("opens");
    let ann: StationName = "ann".parse().expect("a name");
    let mail = "ann@a.example".parse().expect("a mailbox");
    home.add_person(ann.clone(), mail, now).expect("added");
    let password = Password::new(PASSWORD.to_owned());
    home.set_password(&ann, &password, now).expect("a password");
    home
}

/// Each photo another one: a number is written into its pixels.
fn fill(home: &mut Household, folder: &Path) {
    let card = folder.join("card");
    for hundred in 0..PHOTOS / 100 {
        std::fs::create_dir_all(&card).expect("a folder");
        for number in hundred * 100..hundred * 100 + 100 {
            let picture = image::RgbImage::from_fn(640, 480, |x, y| {
                let shade = (x * 255 / 640) as u8;
                match y < 8 && (number >> (x / 40)) & 1 == 1 {
                    true => image::Rgb([255, 255, 255]),
                    false => image::Rgb([shade, (y * 255 / 480) as u8, (number % 256) as u8]),
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

async fn measure(router: Router) {
    let cookie = sign_in(&router).await;
    let (_, grid) = ask(&router, &cookie, "/").await;
    println!(
        "first view of the grid: {} KB without pictures",
        grid.len() / 1000
    );
    let text = String::from_utf8_lossy(&grid)
        .replace("&#x2f;", "/")
        .replace("&amp;", "&");
    let all: Vec<&str> = text.split('"').collect();
    let begins = |mark: &str| {
        let found = all.iter().filter(|one| one.starts_with(mark));
        found.map(|one| (*one).to_owned()).collect::<Vec<_>>()
    };
    let thumbs = begins("/m/");
    let items = begins("/album/");
    let items: Vec<String> = items
        .into_iter()
        .filter(|path| path.len() == "/album/".len() + 8)
        .collect();
    let older = begins("/?")
        .into_iter()
        .find(|path| path.contains("after="))
        .expect("older ones");
    let chosen: Vec<String> = items
        .iter()
        .take(10)
        .map(|path| path.replace("/album/", "picture="))
        .collect();
    let share = format!("/share?{}", chosen.join("&"));
    let shown = |path: &str| path.to_owned();
    for (name, paths) in [
        ("album", vec![shown("/")]),
        ("older pictures", vec![older]),
        ("search", vec![shown("/?q=04217")]),
        ("one picture", items),
        ("share, ten chosen", vec![share]),
        ("received", vec![shown("/received")]),
        ("sent", vec![shown("/sent")]),
        ("households", vec![shown("/households")]),
        ("settings", vec![shown("/settings")]),
        ("small picture", thumbs.clone()),
    ] {
        let mut times = Vec::new();
        for number in 0..ASKED {
            times.push(ask(&router, &cookie, &paths[number % paths.len()]).await.0);
        }
        print_times(name, times);
    }
    let (router, cookie, thumbs) = (router, Arc::new(cookie), Arc::new(thumbs));
    let mut tasks = Vec::new();
    for station in 0..AT_ONCE {
        let (router, cookie, thumbs) = (router.clone(), Arc::clone(&cookie), Arc::clone(&thumbs));
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for number in 0..ASKED {
                let path = &thumbs[(number + station * 7) % thumbs.len()];
                times.push(ask(&router, &cookie, path).await.0);
            }
            times
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("asked"));
    }
    print_times("small picture, 20 stations at once", times);
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
