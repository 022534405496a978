//! What people bring in: it leaves as a file, its name is a name, and an upload is its owner's.

use super::*;

#[test]
fn whatever_is_brought_in_leaves_as_a_file_that_no_browser_opens() {
    let (_village, mut house, site) = home();
    let mut bob = site.signed_in(&mut house, "bob");
    let jpeg = picture(&house.folder.join("made.jpg"), 64, 48);
    let mut polyglot = jpeg.clone();
    polyglot.extend_from_slice(b"<html><script>alert(1)</script></html>");
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let html = b"<!doctype html><script>alert(1)</script>".to_vec();
    let other = b"<html><body onload=alert(1)></html>".to_vec();
    let script = b"self.addEventListener('fetch', () => {})".to_vec();
    for (name, bytes, kind) in [
        ("a.svg", &svg, "application/octet-stream"),
        ("b.html", &html, "application/octet-stream"),
        ("worker.js", &script, "application/octet-stream"),
        ("c.thing", &other, "application/octet-stream"),
        ("d.html", &polyglot, "image/jpeg"),
    ] {
        let page = bring(&mut bob, name, bytes);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{name}");
        let page = items(&mut bob).remove(0);
        let keep = media(&mut bob, &page, "own-keep").expect("may be kept");
        let kept = bob.get(&keep);
        assert_eq!(kept.body.as_ref(), &bytes[..], "{name}");
        assert_eq!(kept.header("content-type"), kind, "{name}");
        assert_eq!(kept.header("x-content-type-options"), "nosniff", "{name}");
        assert!(
            kept.header("content-disposition")
                .starts_with("attachment; ")
        );
        let policy = kept.header("content-security-policy");
        assert!(policy.starts_with("sandbox; default-src 'none'"), "{name}");
        assert!(kept.headers.get("service-worker-allowed").is_none());
        // On the screen there are pixels alone.
        let shown = media(&mut bob, &page, "own-show").map(|path| bob.get(&path));
        assert_eq!(shown.is_some(), kind == "image/jpeg", "{name}");
        if let Some(shown) = shown {
            let text = shown.text();
            assert!(!text.contains("script"), "{name}");
        }
    }
}

#[test]
fn a_files_name_is_a_name_and_neither_a_path_nor_a_header() {
    let (_village, mut house, site) = home();
    let mut bob = site.signed_in(&mut house, "bob");
    let long = "x".repeat(4_000);
    let hostile = [
        "../../../etc/passwd",
        "..\\..\\boot.ini",
        "..",
        ".",
        "/",
        "a;b=c",
        "%0d%0aSet-Cookie: a=b",
        "\u{202e}gpj.exe",
        "caf\u{e9} \u{1f600}.txt",
        "CON",
        long.as_str(),
    ];
    for (at, name) in hostile.into_iter().enumerate() {
        let page = bring(&mut bob, name, format!("text number {at}").as_bytes());
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{name}");
        let page = items(&mut bob).remove(0);
        let keep = media(&mut bob, &page, "own-keep").expect("may be kept");
        let kept = bob.get(&keep);
        assert_eq!(kept.body.as_ref(), format!("text number {at}").as_bytes());
        let disposition = kept.header("content-disposition").to_owned();
        let plain = disposition
            .strip_prefix("attachment; filename=\"")
            .and_then(|rest| rest.split_once("\"; filename*=UTF-8''"));
        let (plain, encoded) = plain.expect(&disposition);
        assert!(!plain.is_empty() && plain.len() <= 1_000, "{disposition}");
        assert!(!["..", "."].contains(&plain), "{disposition}");
        for part in [plain, encoded] {
            assert!(
                !part.contains(['/', '\\', '"', ';', '\r', '\n']),
                "{disposition}"
            );
        }
        assert!(!encoded.contains("%E2%80%AE"), "{disposition}");
        assert!(kept.headers.get("set-cookie").is_none());
        assert!(!bob.get(&page).text().contains('\u{202e}'), "{name}");
    }
    // Nothing of it lies anywhere but where items lie.
    let names = crate::house::state::files_below(&house.folder);
    assert!(names.iter().all(|path| {
        let name = path.file_name().expect("a file").to_string_lossy();
        !name.contains("passwd") && !name.contains("boot.ini")
    }));
}

#[test]
fn an_upload_is_its_owners_and_takes_no_more_and_nowhere_else_than_was_said() {
    let (_village, mut house, site) = home();
    let (mut bob, mut bea) = (
        site.signed_in(&mut house, "bob"),
        site.signed_in(&mut house, "bea"),
    );
    let mut program = site.program(&mut house, "bea", "read album share");
    for size in ["0", "-1", "x", "", "18446744073709551615", "1e3"] {
        let form = [("name", "a.txt"), ("size", size)];
        let status = bob.post("/album/uploads", &form).status;
        assert!(status.is_client_error(), "{size:?}: {status}");
    }
    let begun = bob.post("/album/uploads", &[("name", "a.txt"), ("size", "5")]);
    let id: serde_json::Value = serde_json::from_slice(&begun.body).expect("json");
    let id = id["id"].as_str().expect("an id").to_owned();
    let (page, api) = (
        format!("/album/uploads/{id}"),
        format!("/api/v1/uploads/{id}"),
    );
    let put = |browser: &mut Browser, path: &str, bytes: &[u8]| {
        let request = browser
            .request("PUT", path)
            .header("origin", "http://localhost:8480");
        browser.ask(request.body(Body::from(bytes.to_vec()))).status
    };
    // Bea finds none, by page and by token.
    assert_eq!(bea.get(&page).status, StatusCode::NOT_FOUND);
    assert_eq!(
        put(&mut bea, &format!("{page}?offset=0"), b"hello"),
        StatusCode::NOT_FOUND
    );
    assert_eq!(bea.post(&page, &[]).status, StatusCode::NOT_FOUND);
    let tries = |method: &str, path: &str, document: &serde_json::Value| {
        let page: Page = Program(program.0.clone()).send(method, path, document);
        page.status
    };
    let none = serde_json::json!({});
    assert_eq!(tries("DELETE", &api, &none), StatusCode::NOT_FOUND);
    assert_eq!(
        tries("POST", &format!("{api}/finish"), &none),
        StatusCode::NOT_FOUND
    );
    assert_eq!(put(&mut program.0, &api, b"hello"), StatusCode::NOT_FOUND);
    assert_eq!(program.get(&api).status, StatusCode::NOT_FOUND);
    let own = program.get("/api/v1/uploads").done(200);
    assert_eq!(own["uploads"], serde_json::json!([]));
    // Nowhere but at its end, with no hole in it.
    for offset in ["1", "5", "4194304", "18446744073709551615"] {
        let path = format!("{page}?offset={offset}");
        assert_eq!(
            put(&mut bob, &path, b"hello"),
            StatusCode::CONFLICT,
            "{offset}"
        );
    }
    for offset in ["-1", "x", "18446744073709551616", ""] {
        let path = format!("{page}?offset={offset}");
        assert_eq!(
            put(&mut bob, &path, b"hello"),
            StatusCode::BAD_REQUEST,
            "{offset}"
        );
    }
    // More than was said: it is over, and nothing of it is kept.
    assert_eq!(
        put(&mut bob, &format!("{page}?offset=0"), b"hello!"),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(bob.get(&page).status, StatusCode::NOT_FOUND);
    assert!(items(&mut bob).is_empty());
}
