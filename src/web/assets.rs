//! The style sheet, the script and the mark: part of the program, named by their content, so that a browser may keep them.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::fault::Failed;
use crate::envelope::Digest;
use crate::sharing::Fault;

struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

const ASSETS: [Asset; 5] = [
    Asset {
        name: "style.css",
        media_type: "text/css; charset=utf-8",
        bytes: include_bytes!("../../templates/web/style.css"),
    },
    Asset {
        name: "script.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../templates/web/script.js"),
    },
    Asset {
        name: "mark.svg",
        media_type: "image/svg+xml",
        bytes: include_bytes!("../../templates/web/mark.svg"),
    },
    // The mark for phones, which want pixels: so far from the edge that any shape can be cut of it.
    Asset {
        name: "icon-192.png",
        media_type: "image/png",
        bytes: include_bytes!("../../templates/web/icon-192.png"),
    },
    Asset {
        name: "icon-512.png",
        media_type: "image/png",
        bytes: include_bytes!("../../templates/web/icon-512.png"),
    },
];

/// The paths of all of them.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let path = |asset: &Asset| {
        let digest = Digest::of(asset.bytes).to_string();
        format!("{}-{}", &digest[..16], asset.name)
    };
    ASSETS.iter().map(path).collect()
});

/// Where a browser finds an asset.
pub(super) fn path(name: &str) -> Option<String> {
    let at = ASSETS.iter().position(|asset| asset.name == name)?;
    Some(format!("/assets/{}", PATHS[at]))
}

/// `GET /assets/{name}`
pub(super) async fn get(Path(name): Path<String>) -> Result<Response, Failed> {
    let at = PATHS.iter().position(|path| *path == name);
    let asset = at.map(|at| &ASSETS[at]);
    let asset = asset.ok_or_else(|| Fault::new("no_page", "There is no such page."))?;
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.bytes).into_response())
}
