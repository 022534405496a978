//! What stands before every handler: the name the browser asks for, where a change comes from, who is signed in; and the
//! headers that bind the page.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::fault::Failed;
use super::routes::{App, Who};
use crate::sharing::Fault;
use crate::sharing::accounts::Visitor;

/// All that is allowed to a page: its own style, script and pictures. Nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Of this site, so that a form still says where it comes from, which `no-referrer` hides.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// Adds the headers, whatever the answer is.
pub(super) async fn bound(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses a name that is not this site's, and a change that another site asks for.
pub(super) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    match refused(&app, &request) {
        Some(fault) => Failed::from(fault).into_response(),
        None => next.run(request).await,
    }
}

fn refused(app: &App, request: &Request) -> Option<Fault> {
    let headers = request.headers();
    // A request without a name for the site is no browser's; it is refused below as one of no name.
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default();
    if !app.hosts.has(host) {
        let words = "This box does not go by that name.";
        return Some(
            Fault::new("host", words)
                .hint("Whoever runs it can add the name to web.hosts in its settings."),
        );
    }
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if !safe && !same_site(headers, host) {
        let words = "That came from another page than one of this box, and was not done.";
        return Some(Fault::new("cross_site", words));
    }
    None
}

/// Whether a page of this site asks. A browser always says where a form was, in one header or the other; what is no
/// browser says neither and has no cookie to abuse.
fn same_site(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match text(&header::ORIGIN) {
        Some(origin) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)),
        None => !headers.contains_key(header::COOKIE),
    }
}

/// Lets in whom the route is for.
pub(super) async fn admit(
    State((app, who)): State<(App, Who)>,
    mut request: Request,
    next: Next,
) -> Response {
    let held = cookie(request.headers(), &app.cookie).map(str::to_owned);
    let visitor = match held {
        Some(held) => {
            let asked = app.house.ask(move |home, now| home.visitor(&held, now.now));
            match asked.await {
                Ok(visitor) => visitor,
                Err(fault) => return Failed::from(fault).into_response(),
            }
        }
        None => None,
    };
    let fault = match (&visitor, who) {
        (_, Who::Anyone) => None,
        (None, _) if request.method() == Method::GET && wants_page(&request) => {
            let next = request
                .uri()
                .path_and_query()
                .map_or("/", |uri| uri.as_str());
            let next = super::form::encoded(&[("next", next)]);
            return Redirect::to(&format!("/sign-in?{next}")).into_response();
        }
        (None, _) => Some(Fault::new("signed_out", "You are not signed in.")),
        (Some(visitor), Who::Keeper) if !visitor.keeper => {
            let words = "That is for whoever keeps this house.";
            Some(Fault::new("not_keeper", words))
        }
        _ => None,
    };
    let speaks = visitor.as_ref().and_then(|one| one.language.clone());
    let mut response = match fault {
        Some(fault) => Failed::from(fault).into_response(),
        None => {
            if let Some(visitor) = visitor {
                request.extensions_mut().insert(visitor);
            }
            next.run(request).await
        }
    };
    if let Some(language) = speaks {
        response.extensions_mut().insert(Speaks(language));
    }
    response
}

/// The language of a person, for what is told of a fault.
#[derive(Clone)]
pub(super) struct Speaks(pub String);

fn wants_page(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// A cookie by its name (RFC 6265, 4.2).
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The language that was chosen in a browser, or those that it asks for, the dearest first (RFC 9110, 12.5.4).
pub(super) fn language(headers: &HeaderMap, app: &App) -> String {
    if let Some(chosen) = cookie(headers, &app.language_cookie()) {
        return chosen.chars().take(20).collect();
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().chars().take(200).collect()
}

/// What a handler wants to know of who asks, and how.
pub(super) struct Caller {
    pub address: IpAddr,
    pub browser: String,
    pub language: String,
    /// Whether the way to the browser is TLS.
    pub secure: bool,
    /// Who is signed in; of a route for people, always somebody.
    pub visitor: Option<Visitor>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failed> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.0.ip());
        let text = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        // The last one is what the proxy itself has seen; those before anybody can write.
        let forwarded =
            text("x-forwarded-for").and_then(|all| all.rsplit(',').next()?.trim().parse().ok());
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let chosen = visitor.as_ref().and_then(|one| one.language.clone());
        Ok(Caller {
            address: forwarded.filter(|_| app.proxy).unwrap_or(peer),
            browser: text("user-agent").unwrap_or_default().to_owned(),
            language: chosen.unwrap_or_else(|| language(&parts.headers, app)),
            secure: app.proxy && text("x-forwarded-proto") == Some("https"),
            visitor,
        })
    }
}

impl Caller {
    /// Who is signed in.
    pub fn person(&self) -> Result<&Visitor, Fault> {
        let signed_out = || Fault::new("signed_out", "You are not signed in.");
        self.visitor.as_ref().ok_or_else(signed_out)
    }
}

/// What this browser was given when somebody signed in with it before.
pub(super) struct KnownBrowser(pub Option<String>);

impl FromRequestParts<App> for KnownBrowser {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failed> {
        let known = cookie(&parts.headers, &app.known_cookie());
        Ok(KnownBrowser(known.map(str::to_owned)))
    }
}
