//! A house that was sent 100,000 items: what `received`, `show` and a `sync` with nothing new take, each a run of the
//! release binary.
//!
//! `cargo bench --bench many`. Goals: under 100 ms each. The album is made by the same code that takes grants in; only the
//! sealed blobs are left out, which none of these commands opens.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use hearthpost::album::{Contact, Keys, NewHolding, NewShare, ShareState};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Digest, Id};
use hearthpost::message::manifest::{Item, Manifest, TierParts};
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{About, SignedManifest, SignedPermit, Station};
use hearthpost::rules::{Kind, Tier, parse_rules};
use hearthpost::sharing::{Fault, Household, NewHousehold};
use testmail::{Account, Options, Server};

const SHARES: usize = 1_000;
const ITEMS: usize = 100;
const RUNS: usize = 9;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailbox = "home-b@b.example";
    let server = Server::start(Options {
        accounts: vec![Account::new(mailbox, "x")],
        ..Options::default()
    })
    .expect("a mail server");
    let config = folder.path().join("hearthpost.toml");
    let mut home = household(folder.path(), mailbox, &server);
    let made = Instant::now();
    let share = fill(&mut home);
    drop(home);
    println!(
        "{} items in {SHARES} shares, made in {} s",
        SHARES * ITEMS,
        made.elapsed().as_secs()
    );
    let run = |words: &[&str]| {
        let begun = Instant::now();
        let done = Command::new(env!("CARGO_BIN_EXE_hearthpost"))
            .arg("--config")
            .arg(&config)
            .arg("--json")
            .args(words)
            .output()
            .expect("it runs");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stdout)
        );
        (begun.elapsed().as_secs_f64() * 1_000.0, done.stdout.len())
    };
    // The first pass looks at every share once, and remembers when the next end is.
    run(&["sync"]);
    run(&["sync"]);
    for words in [&["received"][..], &["show", &share], &["sync"]] {
        let mut times: Vec<(f64, usize)> = (0..RUNS).map(|_| run(words)).collect();
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (middle, bytes) = times[RUNS / 2];
        let least = times[0].0;
        println!(
            "{:9} {middle:6.1} ms, at least {least:.1}, {bytes} bytes (goal: under 100 ms)",
            words[0]
        );
    }
}

/// Takes in grants by one household; gives the short name of the last share.
fn fill(home: &mut Household) -> String {
    let now = Timestamp::from_unix(1_795_000_000);
    let mailbox = "home-a@a.example".parse().expect("a mailbox");
    let from = Keys::generate("The Andersons", &mailbox, now).expect("keys");
    let me = home.me();
    let stations = [Station {
        name: "bob".parse().expect("a station"),
        rules: parse_rules("display=1280,until=2040-01-01T00:00:00Z").expect("rules"),
    }];
    let mut last = String::new();
    home.album
        .commit(|rows| {
            let mut contact = Contact::stranger(from.identity.certificate(), now);
            contact.accepted = true;
            rows.put_contact(&contact)?;
            for n in 0..SHARES {
                let manifest = manifest(&from, now);
                let manifest = SignedManifest::sign(manifest, &from.identity).expect("signed");
                let share = rows.add_share(
                    &NewShare {
                        manifest: &manifest,
                        title: &format!("Holiday number {n}"),
                        message: "From all of us",
                        state: ShareState::Complete,
                    },
                    now,
                )?;
                let permit = SignedPermit::sign(permit(&from, &manifest, me), &from.identity);
                let permit = permit.expect("signed");
                let items = rows.share_items(share.id)?;
                for (n, item) in items.iter().enumerate() {
                    rows.describe_item(item.id, &about(n))?;
                }
                let items: Vec<(i64, Tier)> =
                    items.iter().map(|item| (item.id, Tier::Preview)).collect();
                let chain = [permit.der().to_vec()];
                let holding = rows.put_holding(&NewHolding {
                    share: share.id,
                    granter: from.identity.fingerprint(),
                    letter: Id::random(),
                    issued: now,
                    permit: permit.digest(),
                    passed_on: false,
                    grant_der: &[0; 60_000],
                    chain: &chain,
                    title: &format!("Holiday number {n}"),
                    message: "From all of us",
                    stations: &stations,
                    items: &items,
                })?;
                rows.set_receipted(holding)?;
                for part in rows.parts(share.id)? {
                    if part.tier < Tier::Original {
                        rows.want_parts(share.id, [&part.digest])?;
                        rows.hold_part(share.id, part.digest, true)?;
                    }
                }
                rows.set_viewable(share.id, &stations[0].name, now)?;
                last = share.reference;
            }
            Ok::<_, Fault>(())
        })
        .expect("stored");
    last
}

fn manifest(from: &Keys, now: Timestamp) -> Manifest {
    let tier = |size: u64| {
        let digest = Digest::of(Id::random().to_string().as_bytes());
        TierParts {
            size: hearthpost::encoding::Integer::new(size).expect("a size"),
            parts: vec![digest],
        }
    };
    let item = |_| Item {
        id: Id::random(),
        kind: Kind::Picture,
        tiers: [
            (Tier::Original, tier(4_000_000)),
            (Tier::Preview, tier(300_000)),
            (Tier::Thumb, tier(10_000)),
            (Tier::About, tier(200)),
        ]
        .into(),
    };
    let items = (0..ITEMS).map(item).collect();
    Manifest::new(Id::random(), from.identity.fingerprint(), now, items).expect("a manifest")
}

fn permit(
    from: &Keys,
    manifest: &SignedManifest,
    to: hearthpost::envelope::Fingerprint,
) -> NewPermit {
    NewPermit {
        share: manifest.manifest().share,
        origin: from.identity.fingerprint(),
        manifest: manifest.digest(),
        to,
        parent: None,
        items: None,
        tier: Tier::Preview,
        onward: None,
        issued: manifest.manifest().created,
    }
}

fn about(n: usize) -> About {
    let text = format!(
        r#"{{"name":"IMG_{n:04}.JPG","media_type":"image/jpeg","caption":null,"taken":"2026-07-0{}T10:00:00",
        "width":4000,"height":3000,"duration_ms":null,"goes_with":null}}"#,
        n % 9 + 1
    );
    hearthpost::encoding::parse_object(text.as_bytes()).expect("an about")
}

fn household(folder: &Path, mailbox: &str, server: &Server) -> Household {
    let config = folder.join("hearthpost.toml");
    let password_file = folder.join("password");
    std::fs::write(&password_file, "x\n").expect("a file");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&password_file, mode).expect("private");
    let new = NewHousehold {
        mailbox: mailbox.parse().expect("a mailbox"),
        name: "House B".to_owned(),
        imap_url: format!("imap+plain://127.0.0.1:{}", server.imap_port()),
        smtp_url: format!("smtp+plain://127.0.0.1:{}", server.smtp_port()),
        username: mailbox.to_owned(),
        password_file,
        data: Some(folder.join("data")),
        ca_file: None,
    };
    let now = Timestamp::from_unix(1_795_000_000);
    Household::init(&config, &new, now).expect("made");
    let mut home = Household::open(&config).expect("opens");
    let mail = "bob@b.example".parse().expect("a mailbox");
    home.add_person("bob".parse().expect("a station"), mail, now)
        .expect("a person");
    home
}
