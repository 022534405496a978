//! What a handler could not do, and the status that tells it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::sharing::Fault;

/// What is said where the box itself is at fault.
const OURS: &str = "Something went wrong in this box. Nothing was lost; its log says what.";

/// What a handler could not do. It becomes a page, or a document of RFC 9457 where a program asks.
pub(super) struct Failed(Fault);

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Failed(fault)
    }
}

/// A fault on its way out, for [`tell`](super::tell::tell).
#[derive(Clone)]
pub(super) struct FaultToTell(pub Fault);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(FaultToTell(self.0));
        response
    }
}

/// The status of an answer that tells it.
pub(super) fn status(fault: &Fault) -> StatusCode {
    match fault.code {
        "denied" | "cannot_yet" | "wider" | "not_keeper" | "cross_site" | "counted" | "scope" => {
            StatusCode::FORBIDDEN
        }
        "no_page" | "unknown_item" | "unknown_share" | "unknown_album" | "unknown_upload"
        | "unknown_person" | "unknown_request" | "unknown_contact" | "unknown_token"
        | "unknown_selection" | "unknown_card" => StatusCode::NOT_FOUND,
        "signed_out" | "token" => StatusCode::UNAUTHORIZED,
        "sign_in" => StatusCode::FORBIDDEN,
        "too_many" => StatusCode::TOO_MANY_REQUESTS,
        "link_over" => StatusCode::GONE,
        "offset" => StatusCode::CONFLICT,
        "another_request" => StatusCode::UNPROCESSABLE_ENTITY,
        "media_type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not_shown" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "host" => StatusCode::MISDIRECTED_REQUEST,
        "method" => StatusCode::METHOD_NOT_ALLOWED,
        "arriving" | "busy" | "held" | "store" => StatusCode::SERVICE_UNAVAILABLE,
        "disk_full" => StatusCode::INSUFFICIENT_STORAGE,
        _ if fault.usage => StatusCode::BAD_REQUEST,
        "bug" | "database" | "disk" | "keys" | "no_album" | "grant" | "system" | "template" => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        // The world did not let us: what it says is meant for people.
        _ => StatusCode::CONFLICT,
    }
}

/// Whether the box itself is at fault, of which its log tells.
pub(super) fn is_ours(fault: &Fault) -> bool {
    status(fault) == StatusCode::INTERNAL_SERVER_ERROR
}

/// What a program may do about it, in the words of its own interface; `None` where only the command line has a way.
pub(super) fn hint_for_program(fault: &Fault) -> Option<&str> {
    let hint = fault.hint.as_deref()?;
    if is_for_people(hint) {
        return Some(hint);
    }
    match fault.code {
        "asks_first" => Some("with `yes` it is done all the same"),
        "nothing_wrong" => Some("with `to` it goes to that household again all the same"),
        "unknown_item" if hint.contains("hearthpost show") => {
            Some("`GET /api/v1/received/{share}` lists its items")
        }
        "unknown_item" => Some("`GET /api/v1/items` lists what there is"),
        "unknown_album" => Some("`GET /api/v1/albums` lists them"),
        "unknown_share" => Some("`GET /api/v1/received` and `GET /api/v1/sent` list what there is"),
        "unknown_word" | "unknown_contact" => {
            Some("`GET /api/v1/contacts` lists the households and key words")
        }
        "nobody" => Some("name addresses or key words in `to`"),
        "relay" => Some("leave out `relay_via` to share it straight"),
        _ => None,
    }
}

/// What is told of it: never the cause inside, where the box itself is at fault.
pub(super) fn words_of(fault: &Fault) -> &str {
    match is_ours(fault) {
        true => OURS,
        false => &fault.message,
    }
}

/// Whether a hint speaks of what can be done in a browser, and not of the command line.
pub(super) fn is_for_people(hint: &str) -> bool {
    !hint.contains('`') && !hint.contains("--")
}
