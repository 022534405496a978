//! A house that vouches for itself, and what phones make of it.

use super::*;
use crate::site::shows_code_of;

/// The house's own certificate as curl wants it, by what a phone is given in plain text.
fn trusted(scene: &Scene) -> &'static str {
    let taken = scene.curl("http", "/ca.crt", &["-o", "ca.der"]);
    assert!(taken.good);
    // With `-i` the head is in the file too, and is cut off here.
    let all = std::fs::read(scene.path("ca.der")).expect("taken");
    let head = String::from_utf8_lossy(&all).into_owned();
    assert!(head.contains("application/x-x509-ca-cert"), "{head}");
    let end = all.windows(4).position(|four| four == b"\r\n\r\n");
    let der = &all[end.expect("a head") + 4..];
    let pem = openssl::x509::X509::from_der(der).and_then(|one| one.to_pem());
    std::fs::write(scene.path("ca.pem"), pem.expect("a certificate")).expect("a file");
    "ca.pem"
}

#[test]
fn a_house_vouches_for_itself_and_phones_come_to_know_it() {
    let house = house();
    let made = house.run(["tls", "--host", "192.168.77.1", "--host", "Box.example"]);
    let made = made.done();
    let names = made["names"].as_array().expect("names");
    for name in [
        "hearthpost.local",
        "localhost",
        "127.0.0.1",
        "192.168.77.1",
        "box.example",
    ] {
        assert!(names.iter().any(|one| one == name), "{name}: {names:?}");
    }
    for name in ["site.pem", "ca.crt", "keys.toml"] {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(house.path("data").join(name)).expect("there");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let scene = serve(house);
    let page = scene.curl("http", "/ca", &[]);
    assert_eq!(page.status(), "200", "{}", page.text);
    let fingerprint = made["fingerprint"].as_str().expect("text");
    assert!(page.text.contains(fingerprint) && page.text.contains("/ca.crt"));
    let here = format!("http://localhost:{}/ca", scene.port());
    assert!(shows_code_of(&page.text, &here), "a phone reads it");
    let ca = trusted(&scene);
    let inside = scene.curl("https", "/sign-in", &["--cacert", ca]);
    assert_eq!(inside.status(), "200", "{}", inside.text);
    assert_eq!(
        inside.all("strict-transport-security"),
        [""; 0],
        "a house that loses its authority must not be out of reach"
    );
    let named = scene.curl(
        "https",
        "/sign-in",
        &["--cacert", ca, "-H", "host: box.example"],
    );
    assert_eq!(
        named.status(),
        "200",
        "a name of the certificate is one of the site"
    );
    assert_eq!(scene.curl("http", "/sign-in", &[]).status(), "307");
}

#[test]
fn a_certificate_made_while_the_box_runs_is_used_at_once() {
    let scene = serve(house());
    assert_eq!(scene.curl("http", "/sign-in", &[]).status(), "200");
    assert_eq!(scene.curl("http", "/ca", &[]).status(), "404");
    assert_eq!(scene.curl("http", "/ca.crt", &[]).status(), "404");
    scene.house.run(["tls"]).done();
    let ca = trusted(&scene);
    let inside = scene.curl("https", "/sign-in", &["--cacert", ca]);
    assert_eq!(inside.status(), "200", "{}", inside.text);
}

#[test]
fn the_authority_stays_until_a_new_one_is_asked_for() {
    let house = house();
    let first = house.run(["tls", "--host", "box.example"]).done();
    let key = || std::fs::read_to_string(house.path("data/keys.toml")).expect("keys");
    let keys = key();
    let again = house.run(["tls", "--host", "10.1.2.3"]).done();
    assert_eq!(again["fingerprint"], first["fingerprint"]);
    assert_eq!(
        (&first["new_authority"], &again["new_authority"]),
        (&true.into(), &false.into())
    );
    let names = again["names"].to_string();
    assert!(
        names.contains("box.example") && names.contains("10.1.2.3"),
        "{names}"
    );
    assert_eq!(key(), keys, "no key is touched");
    let (code, words) = house.run(["tls", "--host", "elsewhere.example"]).failed(2);
    assert_eq!(code, "name");
    assert!(words.contains("elsewhere.example"), "{words}");
    let new = house
        .run(["tls", "--new", "--host", "elsewhere.example"])
        .done();
    assert_ne!(new["fingerprint"], first["fingerprint"]);
    let names = new["names"].to_string();
    assert!(
        names.contains("elsewhere.example") && !names.contains("box.example"),
        "{names}"
    );
    assert_eq!(house.run(["tls", "--host", "http://x"]).failed(2).0, "host");
    let other_keys = |text: &str| text.split("[authority]").next().map(str::to_owned);
    assert_eq!(
        other_keys(&key()),
        other_keys(&keys),
        "the others are as they were"
    );
    certify(house.folder.path(), "box.pem", "box.key");
    with_settings(&house, "certificate = \"box.pem\"\nkey = \"box.key\"");
    assert_eq!(house.run(["tls"]).failed(2).0, "certificate");
}

#[test]
fn no_browser_believes_the_authority_about_others() {
    let house = house();
    let folder = house.folder.path();
    let now = Reading::take().wall;
    let own: [SiteName; 1] = ["box.local".parse().expect("a name")];
    let authority = Authority::generate("House A", &own, now).expect("made");
    let ca = openssl::x509::X509::from_der(&authority.certificate_der().expect("DER"));
    let pem = ca.and_then(|ca| ca.to_pem()).expect("PEM");
    std::fs::write(folder.join("ca.pem"), pem).expect("a file");
    for (name, good) in [
        ("box.local", true),
        ("192.168.1.20", true),
        ("bank.example", false),
        ("8.8.8.8", false),
    ] {
        let names: [SiteName; 1] = [name.parse().expect("a name")];
        let issued = authority.issue(&names, now).expect("issued");
        std::fs::write(folder.join("it.pem"), &*issued).expect("a file");
        let judged = Command::new("openssl")
            .args([
                "verify",
                "-x509_strict",
                "-purpose",
                "sslserver",
                "-CAfile",
                "ca.pem",
                "it.pem",
            ])
            .current_dir(folder)
            .output()
            .expect("openssl runs");
        let words = String::from_utf8_lossy(&judged.stderr);
        assert_eq!(judged.status.success(), good, "{name}: {words}");
        assert!(
            good || words.contains("permitted subtree violation"),
            "{name}: {words}"
        );
    }
}

#[test]
fn the_box_renews_its_certificate_in_time_and_by_a_sure_clock() {
    let house = house();
    house.run(["tls", "--host", "box.example"]).done();
    let mut home = Household::open(&house.path("hearthpost.toml")).expect("opens");
    let begun = Reading::take().wall;
    let at = |days: u64, confirmed: bool| {
        let now = begun.plus_seconds(days * 86_400);
        Now {
            now,
            floor: Timestamp::from_unix(0),
            confirmed,
        }
    };
    let pem = || std::fs::read(house.path("data/site.pem")).expect("there");
    let mut renewed = |now: Now| home.renew_certificate(now).expect("no trouble");
    let first = pem();
    assert!(!renewed(at(0, true)));
    assert!(!renewed(at(360, true)));
    assert!(!renewed(at(380, false)));
    assert_eq!(pem(), first);
    assert!(renewed(at(380, true)));
    assert_ne!(pem(), first);
    assert!(!renewed(at(380, true)));
    let ca = std::fs::read(house.path("data/ca.crt")).expect("there");
    // As after a backup was restored.
    for name in ["data/site.pem", "data/ca.crt"] {
        std::fs::remove_file(house.path(name)).expect("removed");
    }
    assert!(renewed(at(380, true)));
    assert_eq!(std::fs::read(house.path("data/ca.crt")).expect("there"), ca);
    let names = home.certified_names().expect("readable");
    let local: SiteName = "hearthpost.local".parse().expect("a name");
    assert!(names.contains(&local));
}
