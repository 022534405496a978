//! What a phone needs once, to know this house by its own certificate: there for everybody, in plain text too.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use minijinja::context;

use super::fault::Failed;
use super::guard::Caller;
use super::page::qr;
use super::station::App;
use crate::sharing::Fault;
use crate::sharing::site::Voucher;

async fn voucher(app: &App) -> Result<Voucher, Fault> {
    let voucher = app.house.ask(|home, _| home.voucher()).await?;
    voucher.ok_or_else(|| Fault::new("no_page", "There is no such page."))
}

/// `GET /ca`
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let voucher = voucher(&app).await?;
    // `guard` has seen that it is a name of this site.
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let here = format!("http://{host}/ca");
    let values = context! {
        house => app.name,
        name => voucher.name,
        fingerprint => voucher.fingerprint,
        qr => qr(&here)?,
        inside => format!("https://{host}/"),
    };
    app.page("ca.html", &caller.language, values)
}

/// `GET /ca.crt`
pub(super) async fn certificate(State(app): State<App>) -> Result<Response, Failed> {
    let der = voucher(&app).await?.der;
    let kind = [(header::CONTENT_TYPE, "application/x-x509-ca-cert")];
    let mut response = (kind, der).into_response();
    let name = HeaderValue::from_static("attachment; filename=\"hearthpost.crt\"");
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
