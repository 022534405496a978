//! An excerpt: no way leads round it.

use super::*;

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
