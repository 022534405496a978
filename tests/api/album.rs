//! The household's own album for programs: found, brought in by pieces, changed; and what is another's alone stays so.

use crate::site::Program;
use crate::two_pictures::{album, sent};
use axum::http::StatusCode;
use hearthpost::web::all_routes;
use serde_json::{Value, json};

const PART: usize = 4 * 1024 * 1024;

fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("a list");
    let id = |item: &Value| item["id"].as_str().expect("a text").to_owned();
    items.iter().map(id).collect()
}

fn bring(program: &mut Program, name: &str, content: &[u8]) -> Value {
    let new = json!({"name": name, "size": content.len()});
    let begun = program.send("POST", "/api/v1/uploads", &new);
    let place = begun.header("location").to_owned();
    begun.done(201);
    let sent = program.send_bytes("PUT", &place, content.to_vec(), &[]);
    assert_eq!(sent.done(200)["received"], content.len());
    let finish = format!("{place}/finish");
    program
        .send("POST", &finish, &json!({"album": "Brought"}))
        .done(201)
}

#[test]
fn an_item_is_changed_as_a_whole_or_not_at_all() {
    let mut a = album();
    let mut bea = a.site.program(&mut a.house, "bea", "read album");
    let mut bob = a.site.program(&mut a.house, "bob", "read album");
    let gift = format!("/api/v1/items/{}", a.gift);
    let too_long = json!({"private": false, "caption": "x".repeat(2_001)});
    assert_eq!(bea.send("PATCH", &gift, &too_long).problem(400), "caption");
    assert_eq!(bob.get(&gift).problem(404), "unknown_item");
    assert_eq!(bea.get(&gift).done(200)["private"], true);
    let lake = format!("/api/v1/items/{}", a.lake);
    let not_hers = json!({"private": true, "caption": "Mine"});
    assert_eq!(
        bea.send("PATCH", &lake, &not_hers).problem(409),
        "not_yours"
    );
    assert_eq!(bea.get(&lake).done(200).get("caption"), None);
    let both = json!({"private": false, "caption": "For all"});
    let changed = bea.send("PATCH", &gift, &both).done(200);
    assert_eq!(
        (&changed["private"], &changed["caption"]),
        (&json!(false), &json!("For all"))
    );
    assert_eq!(bob.get(&gift).done(200)["caption"], "For all");
}

#[test]
fn items_are_found_page_after_page_and_shown_in_two_sizes() {
    let mut a = album();
    let mut bob = a.site.program(&mut a.house, "bob", "read");
    let mut bea = a.site.program(&mut a.house, "bea", "read");
    let first = bea.get("/api/v1/items?limit=1").done(200);
    let next = first["next"].as_str().expect("there is more").to_owned();
    let second = bea
        .get(&format!("/api/v1/items?limit=1&after={next}"))
        .done(200);
    assert_eq!(second.get("next"), None);
    let mut both = [ids(&first), ids(&second)].concat();
    both.sort();
    let mut wanted = [a.lake.clone(), a.gift.clone()];
    wanted.sort();
    assert_eq!(both, wanted);
    assert_eq!(
        ids(&bea.get("/api/v1/items?text=LAKE").done(200)),
        [a.lake.clone()]
    );
    assert_eq!(ids(&bob.get("/api/v1/items").done(200)), [a.lake.clone()]);
    for (size, width) in [("thumb", 320), ("screen", 2048)] {
        let page = bob.get(&format!("/api/v1/items/{}/{size}", a.lake));
        let made = image::load_from_memory(&page.body).expect("a picture");
        assert_eq!(made.width(), width);
        assert!(!page.body.windows(4).any(|four| four == b"Exif"));
    }
    for query in [
        "limit=0",
        "limit=1001",
        "limit=x",
        "after=x",
        "from=May",
        "deleted=maybe",
    ] {
        let page = bob.get(&format!("/api/v1/items?{query}"));
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        page.problem(400);
    }
}

#[test]
fn every_route_that_carries_an_item_refuses_whoever_should_not_have_it() {
    let mut a = album();
    let paths: Vec<String> = all_routes()
        .iter()
        .filter(|route| route.carries && route.path.starts_with("/api/v1/items/"))
        .map(|route| route.path.replace("{item}", &a.gift))
        .collect();
    assert_eq!(paths.len(), 4);
    let mut bea = a.site.program(&mut a.house, "bea", "read");
    let mut none = a.site.bearer("");
    let mut other = a.site.program(&mut a.house, "bea", "album share");
    let mut bob = a.site.program(&mut a.house, "bob", "read album share");
    for path in &paths {
        let page = bea.get(path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.header("cache-control"), "no-store");
        none.get(path).problem(401);
        other.get(path).problem(403);
        assert_eq!(bob.get(path).problem(404), "unknown_item");
    }
    let original = bea.get(&format!("/api/v1/items/{}/original", a.gift));
    let file = std::fs::read(a.house.folder.join("gift.jpg")).expect("a file");
    assert_eq!(original.body.as_ref(), file);
    assert!(
        original
            .header("content-disposition")
            .starts_with("attachment")
    );
    assert!(
        original
            .header("content-security-policy")
            .starts_with("sandbox")
    );
    // What bob does not see he changes, deletes and shares as little.
    let gift = format!("/api/v1/items/{}", a.gift);
    for (method, path, document) in [
        ("PATCH", gift.clone(), json!({"caption": "x"})),
        ("DELETE", gift.clone(), json!({})),
        ("POST", format!("{gift}/restore"), json!({})),
        (
            "POST",
            "/api/v1/albums/Secrets/add".to_owned(),
            json!({"items": [a.gift]}),
        ),
        (
            "POST",
            "/api/v1/selections".to_owned(),
            json!({"items": [a.gift]}),
        ),
        (
            "POST",
            "/api/v1/shares".to_owned(),
            json!({"items": [a.gift], "to": ["home-a@a.example"], "dry_run": true}),
        ),
    ] {
        let page = bob.send(method, &path, &document);
        assert!(page.status.is_client_error(), "{method} {path}");
        assert!(!page.text().contains("gift"), "{}", page.text());
    }
    let kept = a.house.home.album_item(None, &a.gift).expect("there");
    assert!(kept.deleted.is_none() && kept.caption.is_empty());
}

#[test]
fn an_item_is_described_deleted_and_taken_back() {
    let mut a = album();
    let mut bob = a.site.program(&mut a.house, "bob", "read album");
    let lake = format!("/api/v1/items/{}", a.lake);
    let shown = bob
        .send("PATCH", &lake, &json!({"caption": "Anna at the Steg"}))
        .done(200);
    assert_eq!(shown["caption"], "Anna at the Steg");
    assert_eq!(
        bob.send("DELETE", &lake, &json!({})).status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        ids(&bob.get("/api/v1/items").done(200)),
        Vec::<String>::new()
    );
    assert_eq!(
        ids(&bob.get("/api/v1/items?deleted=true").done(200)),
        [a.lake.clone()]
    );
    let restored = bob.send("POST", &format!("{lake}/restore"), &json!({}));
    assert_eq!(restored.status, StatusCode::NO_CONTENT);
    assert_eq!(ids(&bob.get("/api/v1/items").done(200)), [a.lake.clone()]);
    let made = bob
        .send("POST", "/api/v1/albums", &json!({"name": "Summer"}))
        .done(201);
    let album = format!("/api/v1/albums/{}", made["id"].as_str().expect("a text"));
    let add = bob.send("POST", &format!("{album}/add"), &json!({"items": [a.lake]}));
    assert_eq!(add.status, StatusCode::NO_CONTENT);
    assert_eq!(bob.get(&lake).done(200)["albums"], json!(["Summer"]));
    assert_eq!(
        ids(&bob.get("/api/v1/items?album=Summer").done(200)),
        [a.lake.clone()]
    );
    bob.send("PATCH", &album, &json!({"name": "Winter"}));
    bob.send(
        "POST",
        &format!("{album}/take"),
        &json!({"items": [a.lake]}),
    );
    let albums = bob.get("/api/v1/albums").done(200);
    let named = |name: &str| {
        let all = albums["albums"].as_array().expect("a list").iter();
        all.filter(|one| one["name"] == name)
            .map(|one| one["items"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(named("Winter"), [json!(0)]);
    assert_eq!(
        bob.send("DELETE", &album, &json!({})).status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        bob.send("DELETE", &album, &json!({})).problem(404),
        "unknown_album"
    );
}

#[test]
fn a_file_comes_in_by_pieces_and_goes_on_where_it_broke_off() {
    let mut a = album();
    let mut bob = a.site.program(&mut a.house, "bob", "read album");
    let mut bea = a.site.program(&mut a.house, "bea", "read album");
    let content: Vec<u8> = (0..PART + 1000).map(|n| (n % 251) as u8).collect();
    let new = json!({"name": "../film.bin", "size": content.len(), "private": true});
    let begun = bob.send("POST", "/api/v1/uploads", &new);
    let place = begun.header("location").to_owned();
    assert_eq!(begun.done(201)["received"], 0);
    // Another person's is not there.
    assert_eq!(bea.get(&place).problem(404), "unknown_upload");
    assert_eq!(
        bea.send_bytes("PUT", &place, content.clone(), &[])
            .problem(404),
        "unknown_upload"
    );
    let finish = format!("{place}/finish");
    assert_eq!(
        bob.send("POST", &finish, &json!({})).problem(409),
        "incomplete"
    );
    let short = bob.send_bytes("PUT", &place, content[..1000].to_vec(), &[]);
    assert_eq!(short.problem(400), "short");
    let first = bob.send_bytes("PUT", &place, content[..PART + 10].to_vec(), &[]);
    assert_eq!(first.done(200)["received"], PART);
    let wrong = bob.send_bytes(
        "PUT",
        &format!("{place}?offset=7"),
        content[7..].to_vec(),
        &[],
    );
    assert_eq!(wrong.problem(409), "offset");
    let range = format!("bytes {PART}-{}/{}", content.len() - 1, content.len());
    let headers = [("content-range", range.as_str())];
    let rest = bob.send_bytes("PUT", &place, content[PART..].to_vec(), &headers);
    assert_eq!(rest.done(200)["received"], content.len());
    let listed = bob.get("/api/v1/uploads").done(200);
    assert_eq!(listed["uploads"][0]["name"], "film.bin");
    let done = bob.send("POST", &finish, &json!({})).done(201);
    assert_eq!(
        (&done["known"], &done["item"]["private"]),
        (&json!(false), &json!(true))
    );
    let id = done["item"]["id"].as_str().expect("a text");
    let original = bob.get(&format!("/api/v1/items/{id}/original"));
    assert!(original.body.as_ref() == content, "bit for bit");
    assert_eq!(bob.get(&place).problem(404), "unknown_upload");
    // The same again is the same item; one that is given up is gone.
    let known = bring(&mut bob, "again.bin", &content);
    assert_eq!(
        (&known["known"], &known["item"]["id"]),
        (&json!(true), &json!(id))
    );
    let begun = bob.send("POST", "/api/v1/uploads", &new);
    let place = begun.header("location").to_owned();
    assert_eq!(
        bob.send("DELETE", &place, &json!({})).status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(bob.get(&place).problem(404), "unknown_upload");
}

#[test]
fn what_cannot_be_read_is_refused_with_words() {
    let mut a = album();
    let mut bob = a.site.program(&mut a.house, "bob", "read album share");
    let json = [("content-type", "application/json")];
    let mut send = |path: &str, body: &[u8], headers: &[(&str, &str)]| {
        bob.send_bytes("POST", path, body.to_vec(), headers)
    };
    let uploads = "/api/v1/uploads";
    assert_eq!(send(uploads, b"{", &json).problem(400), "json");
    assert_eq!(send(uploads, b"\xff\xfe", &json).problem(400), "json");
    assert_eq!(send(uploads, b"", &json).problem(400), "json");
    assert_eq!(
        send(uploads, br#"{"name":"x","size":1,"more":1}"#, &json).problem(400),
        "json"
    );
    assert_eq!(
        send(uploads, br#"["x",1,false]"#, &json).problem(400),
        "json"
    );
    assert_eq!(
        send(uploads, br#"{"name":"x","size":-1}"#, &json).problem(400),
        "json"
    );
    assert_eq!(
        send(uploads, br#"{"name":"x","size":0}"#, &json).problem(400),
        "empty"
    );
    assert_eq!(
        send(uploads, br#"{"name":"x","size":1}"#, &[]).problem(415),
        "media_type"
    );
    let large = vec![b' '; 200 * 1024];
    assert_eq!(send(uploads, &large, &json).problem(413), "too_large");
    let long = "x".repeat(201);
    for key in [long.as_str(), "", "a b"] {
        let headers = [json[0], ("idempotency-key", key)];
        let share = br#"{"items":["x"],"to":["y@z.example"]}"#;
        assert_eq!(send("/api/v1/shares", share, &headers).problem(400), "key");
    }
    assert_eq!(
        send("/api/v1/uploads/%ff/finish", b"{}", &json).problem(400),
        "request"
    );
}

#[test]
fn what_became_of_an_upload_is_told_to_nobody_else_and_not_once_it_is_gone() {
    let mut a = album();
    let mut bob = a.site.program(&mut a.house, "bob", "read album");
    let mut bea = a.site.program(&mut a.house, "bea", "read album");
    let upload = sent(&mut bob, "one.txt", 3, b"one");
    let finish = format!("/api/v1/uploads/{upload}/finish");
    let item = bob.send("POST", &finish, &json!({})).done(201)["item"]["id"].clone();
    assert_eq!(
        bea.send("POST", &finish, &json!({})).problem(404),
        "unknown_upload"
    );
    let again = bob.send("POST", &finish, &json!({"album": "Texts"}));
    assert_eq!(again.done(201)["item"]["id"], item);
    let found = bob.get("/api/v1/albums").done(200);
    assert!(found.to_string().contains("Texts"), "{found}");
    let (item, now) = (item.as_str().expect("a text").to_owned(), a.house.now());
    let deleted = a.house.home.delete_items(None, &[item], now);
    deleted.expect("deleted");
    let chosen = json!({"uploads": [upload]});
    let binned = bob.send("POST", "/api/v1/selections", &chosen);
    assert_eq!(binned.problem(400), "in_bin");
}
