//! From a fault to what a browser is told: in one place, in plain words, and never the cause inside.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use serde::Serialize;

use super::fault::{FaultToTell, hint_for_program, is_for_people, is_ours, status, words_of};
use super::guard::{Speaks, language};
use super::station::App;
use crate::sharing::Fault;
use crate::words::{Language, retell};

/// RFC 9457.
#[derive(Serialize)]
struct Problem<'p> {
    #[serde(rename = "type")]
    kind: String,
    title: &'p str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'p str>,
}

/// Makes the page or the document of a fault; the log has the cause of what is ours.
pub(super) async fn tell(State(app): State<App>, request: Request, next: Next) -> Response {
    let for_program = request.uri().path().starts_with("/api/");
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    let for_script = accept == Some("application/json");
    let wants_page = !request.uri().path().starts_with("/m/") && !for_script;
    let asked = language(request.headers(), &app);
    let mut response = next.run(request).await;
    let (fault, status) = match response.extensions_mut().remove::<FaultToTell>() {
        Some(FaultToTell(fault)) => {
            let status = status(&fault);
            (fault, status)
        }
        None if for_program && is_plain_trouble(&response) => return problem_of_plain(&response),
        None if is_foreign_text(&response) => {
            let status = response.status();
            (Fault::usage("request", words_of_plain(status)), status)
        }
        None => return response,
    };
    let chosen = response.extensions_mut().remove::<Speaks>();
    let language = chosen.map_or(asked, |Speaks(language)| language);
    let allowed = response.headers_mut().remove(header::ALLOW);
    if status.is_server_error() {
        tracing::error!(code = fault.code, trouble = %fault, "a request failed");
    }
    let ours = is_ours(&fault);
    let words = words_of(&fault);
    if for_program {
        let detail = hint_for_program(&fault).filter(|_| !ours);
        let mut response = problem(status, fault.code, words, detail);
        if let Some(allowed) = allowed {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        return response;
    }
    let chosen = Language::accepted(&language);
    let words = retell(chosen, words);
    if !wants_page {
        return (status, words).into_response();
    }
    let hint = fault.hint.filter(|hint| !ours && is_for_people(hint));
    let hint = hint.map(|hint| retell(chosen, &hint));
    let values = context! { words, code => fault.code, hint };
    match app.pages.render("fault.html", &language, values) {
        Ok(page) => (status, page).into_response(),
        Err(_) => (status, words).into_response(),
    }
}

/// The document of a fault, for a program.
fn problem(status: StatusCode, code: &str, title: &str, detail: Option<&str>) -> Response {
    let problem = Problem {
        kind: format!("urn:hearthpost:{code}"),
        title,
        status: status.as_u16(),
        detail,
    };
    let mut response = (status, Json(&problem)).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/problem+json");
    headers.insert(header::CONTENT_TYPE, kind);
    if status == StatusCode::UNAUTHORIZED {
        let how = HeaderValue::from_static("Bearer realm=\"hearthpost\"");
        headers.insert(header::WWW_AUTHENTICATE, how);
    }
    response
}

/// Whether a part of the web framework refused the request, in a text of its own.
fn is_plain_trouble(response: &Response) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}

/// The same where it would be shown to a person, in English.
fn is_foreign_text(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    response.status().is_client_error() && kind.is_some_and(|kind| kind.starts_with("text/plain"))
}

fn problem_of_plain(response: &Response) -> Response {
    let status = response.status();
    problem(status, "request", words_of_plain(status), None)
}

fn words_of_plain(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is no such page.",
        StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than is taken here.",
        _ => "The request cannot be read.",
    }
}
