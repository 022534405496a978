//! The description of all this (OpenAPI 3.1), made from the code: shapes and sentences from the handlers, whom each is for
//! from the table of routes.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::super::route::Who;
use super::{
    albums, directory, events, items, people, received, requests, routes, selections, shares,
    uploads,
};
use crate::sharing::accounts::Scope;

/// What is done once for one `Idempotency-Key`.
const ONCE: [&str; 6] = [
    "/api/v1/shares",
    "/api/v1/shares/{share}/forward",
    "/api/v1/shares/{share}/revoke",
    "/api/v1/shares/{share}/resend",
    "/api/v1/requests",
    "/api/v1/selections",
];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hearthpost",
        version = "1",
        description = "What programs do for a person of the house, as far as their token goes.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        description,
        people::me,
        people::list,
        people::contacts,
        directory::find,
        items::list,
        items::get,
        items::thumb,
        items::screen,
        items::original,
        items::change,
        items::delete,
        items::restore,
        uploads::list,
        uploads::begin,
        uploads::get,
        uploads::piece,
        uploads::cancel,
        uploads::finish,
        albums::list,
        albums::create,
        albums::rename,
        albums::remove,
        albums::add,
        albums::take,
        selections::select,
        received::list,
        received::get,
        received::thumb,
        received::show,
        received::print,
        received::keep,
        requests::list,
        requests::ask,
        shares::sent,
        shares::share,
        shares::forward,
        shares::revoke,
        shares::resend,
        events::listen,
    )
)]
struct Description;

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description", responses((status = 200, body = Object)))]
pub(super) async fn description() -> impl IntoResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| made().to_string());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str())
}

fn made() -> Value {
    let described = serde_json::to_value(Description::openapi());
    let mut described = described.expect("a description has only string keys");
    for route in routes() {
        let method = route.method.unwrap_or_default().to_lowercase();
        let operation = &mut described["paths"][route.path][&method];
        if operation.is_null() {
            // The tests say which.
            continue;
        }
        spell_out(operation);
        let name = route.path.replace("/api/v1/", "").replace(['{', '}'], "");
        operation["operationId"] = json!(format!("{method}_{}", name.replace(['/', '.'], "_")));
        operation["responses"]["default"] = json!({
            "description": "What was wrong (RFC 9457).",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        });
        let scope = match route.who {
            Who::Program(scope) => scope,
            Who::Listener => Scope::Read,
            _ => continue,
        };
        operation["security"] = json!([{"token": []}]);
        operation["x-scope"] = json!(scope.as_str());
        if method == "post" && ONCE.contains(&route.path) {
            let key = json!({
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "With the same key and the same request it is done once, and answered the same, for a day.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
            });
            match operation["parameters"].as_array_mut() {
                Some(parameters) => parameters.push(key),
                None => operation["parameters"] = json!([key]),
            }
        }
    }
    let components = &mut described["components"];
    components["schemas"]["Problem"] = json!({
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string", "description": "`urn:hearthpost:` and a short stable name."},
            "title": {"type": "string", "description": "What was wrong, for people."},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What to do, where this interface has a way."}
        }
    });
    components["securitySchemes"] = json!({
        "token": {"type": "http", "scheme": "bearer", "description": "Made in a person's settings, or by `hearthpost user token`."}
    });
    described
}

/// What the description has to say, and the handlers do not: words for each answer, and that bytes are bytes.
fn spell_out(operation: &mut Value) {
    if let Some(contents) = operation.pointer_mut("/requestBody/content") {
        each_as_bytes(contents);
    }
    let responses = operation.pointer_mut("/responses");
    let Some(responses) = responses.and_then(Value::as_object_mut) else {
        return;
    };
    for (status, response) in responses {
        if response["description"].as_str().is_none_or(str::is_empty) {
            response["description"] = json!(match status.as_str() {
                "201" => "It is made.",
                "202" => "It is recorded, and goes out by itself.",
                "204" => "It is done.",
                _ => "What was asked for.",
            });
        }
        if let Some(contents) = response.get_mut("content") {
            each_as_bytes(contents);
        }
    }
}

fn each_as_bytes(contents: &mut Value) {
    let contents = contents.as_object_mut().into_iter().flatten();
    for schema in contents.filter_map(|(_, content)| content.get_mut("schema")) {
        if schema["type"] == "array" && schema["items"]["format"] == "int32" {
            *schema = json!({"type": "string", "format": "binary"});
        }
    }
}
