//! The page as an app on a phone (W3C Web Application Manifest, Web Share Target): how it is called, how it looks, and that
//! pictures can be shared with it. Phones take it over TLS alone. There is no service worker: nothing of the house is kept
//! on the phone.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::assets;
use super::station::App;

/// Where files go that the system of a phone shares with the house: the form of the album, which the page uses too.
pub(super) const SHARE_TARGET: &str = "/album/files";
/// What may be shared or chosen: what the album takes, for systems that go by media type and those that go by name.
pub(super) const FILES: [&str; 9] = [
    "image/*",
    "video/*",
    "audio/*",
    "application/pdf",
    "text/plain",
    ".heic",
    ".heif",
    ".dng",
    ".mov",
];

/// `GET /manifest.webmanifest`
pub(super) async fn get(State(app): State<App>) -> Response {
    let icon = |name: &str, sizes: &str, kind: &str, purpose: &str| json!({ "src": assets::path(name), "sizes": sizes, "type": kind, "purpose": purpose });
    let manifest = json!({
        "id": "/",
        "name": app.name,
        "short_name": "Hearthpost",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf9f6",
        "theme_color": "#fbf9f6",
        "icons": [
            icon("icon-192.png", "192x192", "image/png", "any maskable"),
            icon("icon-512.png", "512x512", "image/png", "any maskable"),
            icon("mark.svg", "any", "image/svg+xml", "any"),
        ],
        "share_target": {
            "action": SHARE_TARGET,
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": { "files": [{ "name": "files", "accept": FILES }] },
        },
    });
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    (kind, manifest.to_string()).into_response()
}
