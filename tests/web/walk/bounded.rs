//! A look that is spent, and an excerpt: no way leads round them.

use super::*;

#[test]
fn a_look_that_is_spent_is_spent_on_every_way_and_has_a_name_across_it() {
    let mut s = scene();
    let (mut bea, mut cid) = (s.both("bea"), s.both("cid"));
    let of_item = |kind: &str| format!("/api/v1/received/items/{}/{kind}", s.item);
    let viewer = format!("/received/{}/{}", s.share, s.item);
    let beside = s.b.items(&s.share).remove(1).reference;
    let beside = format!("/received/{}/{beside}", s.share);
    let shown_at = |who: &mut Both, viewer: &str| {
        let page = who.ask("GET", viewer, &[]);
        let links = page.links("/m/").into_iter();
        links
            .filter(|link| link.contains("/show/"))
            .collect::<Vec<_>>()
    };
    let shown = |who: &mut Both| shown_at(who, &viewer);
    let path = shown(&mut bea).remove(0);
    let other = shown_at(&mut bea, &beside).remove(0);
    assert_eq!(bea.ask("GET", &other, &[]).status, StatusCode::OK);
    let marked = bea.ask("GET", &path, &[]);
    let of_cid = shown(&mut cid).remove(0);
    let plain = cid.ask("GET", &of_cid, &[]);
    assert_eq!((pixels(&marked), pixels(&plain)), ((800, 533), (800, 533)));
    let raw = |page: &Page| {
        image::load_from_memory(&page.body)
            .expect("a picture")
            .to_rgb8()
    };
    let (marked, plain) = (raw(&marked), raw(&plain));
    let pairs = marked.as_raw().iter().zip(plain.as_raw());
    let other = pairs.filter(|(one, two)| one.abs_diff(**two) > 30).count();
    assert!(other > 3_000, "a name is across it: {other}");
    s.b.wait(601);
    s.clock();
    let share = format!("/received/{}", s.share);
    for (path, of) in [
        (path, Of::Share),
        (of_item("show"), Of::Share),
        (of_item("thumb"), Of::Share),
        (of_item("print"), Of::Share),
        (of_item("keep"), Of::Share),
        (viewer.clone(), Of::Share),
        (share.clone(), Of::Share),
        (format!("{share}/pass-on"), Of::Share),
        (format!("/api/v1{share}"), Of::Share),
        ("/received".to_owned(), Of::List),
        ("/api/v1/received".to_owned(), Of::List),
        ("/frame".to_owned(), Of::List),
        ("/frame/pictures".to_owned(), Of::List),
    ] {
        refused(&mut bea, &path, of, "spent");
    }
}

#[test]
fn of_an_excerpt_no_range_reaches_beyond_it() {
    let s = scene();
    let mut bob = s.bob.clone();
    let list = bob.get("/received").links("/received/");
    let viewer = list
        .into_iter()
        .find_map(|share| {
            let share = share.split('#').next().unwrap_or_default().to_owned();
            let links = bob.get(&share).links(&format!("{share}/{}", s.sound));
            links.into_iter().next()
        })
        .expect("a page of the sound");
    let links = bob.get(&viewer).links("/m/");
    let whole = links.iter().find(|link| link.contains("/play/"));
    assert_eq!(whole, None, "nothing leads to the whole");
    for (kind, answers) in [
        // What is kept is one file, whatever piece of it is wished for.
        ("/keep/", vec![StatusCode::OK]),
        (
            "/show/",
            vec![
                StatusCode::OK,
                StatusCode::PARTIAL_CONTENT,
                StatusCode::RANGE_NOT_SATISFIABLE,
            ],
        ),
    ] {
        let link = links.iter().find(|link| link.contains(kind));
        let link = link.expect("may be kept and heard");
        assert_eq!(no_range_reaches_beyond(&mut bob, link), answers, "{link}");
    }
}

/// With which answers there were.
fn no_range_reaches_beyond(bob: &mut Browser, keep: &str) -> Vec<StatusCode> {
    let mut answers = std::collections::BTreeSet::new();
    let excerpt = bob.get(keep);
    assert_eq!(
        (excerpt.status, excerpt.body.len()),
        (StatusCode::OK, EXCERPT)
    );
    for range in [
        "bytes=0-",
        "bytes=0-15",
        "bytes=16000-99999",
        "bytes=16044-",
        "bytes=-99999",
        "bytes=99999-",
        "bytes=0-1,16000-99999",
        "bytes=18446744073709551615-",
    ] {
        let request = bob.request("GET", keep).header("range", range);
        let page = bob.ask(request.body(Body::empty()));
        answers.insert(page.status);
        match page.status {
            StatusCode::OK => assert_eq!(page.body, excerpt.body, "{range}"),
            StatusCode::PARTIAL_CONTENT => {
                let said = page.header("content-range");
                assert!(said.ends_with(&format!("/{EXCERPT}")), "{range}: {said}");
                let len = page.body.len();
                let within = excerpt.body.windows(len.max(1)).any(|at| at == page.body);
                assert!(within, "{range}");
            }
            StatusCode::RANGE_NOT_SATISFIABLE => nothing(&page, range),
            status => panic!("{range}: {status}"),
        }
    }
    answers.into_iter().collect()
}
