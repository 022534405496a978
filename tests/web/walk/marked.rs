//! A name across a picture: on every way by which one leaves.

use super::*;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The pictures in an answer: itself, or those of an archive.
fn pictures(page: &Page) -> Vec<image::RgbImage> {
    let decoded = |bytes: &[u8]| {
        let picture = image::load_from_memory(bytes);
        picture.expect("a picture").to_rgb8()
    };
    match page.header("content-type") {
        "image/jpeg" => vec![decoded(&page.body)],
        "application/zip" => {
            let mut archive = ZipArchive::new(Cursor::new(page.body.as_ref())).expect("an archive");
            let mut files = Vec::new();
            for at in 0..archive.len() {
                let mut bytes = Vec::new();
                let mut file = archive.by_index(at).expect("a file");
                file.read_to_end(&mut bytes).expect("whole");
                files.push(decoded(&bytes));
            }
            files
        }
        _ => Vec::new(),
    }
}

#[test]
fn whose_name_stands_across_it_has_it_there_on_every_way() {
    let mut s = scene();
    let (mut ida, mut cid) = (s.both("ida"), s.both("cid"));
    let ways = s.ways_of(&ida).into_iter().zip(s.ways_of(&cid));
    let mut by = Vec::new();
    for ((of_ida, _), (of_cid, _)) in ways {
        let marked = pictures(&ida.ask("GET", &of_ida, &[]));
        let plain = pictures(&cid.ask("GET", &of_cid, &[]));
        assert_eq!(marked.len(), plain.len(), "{of_ida}");
        for (marked, plain) in marked.iter().zip(&plain) {
            assert_eq!(marked.dimensions(), plain.dimensions(), "{of_ida}");
            let pairs = marked.as_raw().iter().zip(plain.as_raw());
            let other = pairs.filter(|(one, two)| one.abs_diff(**two) > 30).count();
            let enough = plain.as_raw().len() / 400;
            assert!(other > enough, "{of_ida}: a name is across it: {other}");
            let end = of_ida.rsplit('/').find(|piece| !piece.starts_with(&s.item));
            by.push(end.unwrap_or_default().to_owned());
        }
    }
    by.sort();
    let (all, each) = (s.share.clone(), ["keep", "print", "show", "thumb"]);
    let each = each.into_iter().flat_map(|kind| [kind; 2]);
    let mut ends: Vec<String> = each.map(str::to_owned).chain([all.clone(), all]).collect();
    ends.sort();
    assert_eq!(by, ends);
}
