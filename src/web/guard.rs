//! What stands before every handler: the name the browser asks for, where a change comes from, who is signed in; and the
//! headers that bind the page.

use std::net::IpAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::fault::Failed;
use super::line::{Peer, Way};
use super::manifest::SHARE_TARGET;
use super::route::Who;
use super::spoken::speaking;
use super::station::App;
use crate::address::StationName;
use crate::sharing::Fault;
use crate::sharing::accounts::{Scope, Visitor};
use crate::words::Language;

/// All that is allowed to a page: its own style, script and pictures. Nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What a phone needs before it can believe this site: there as plain text too.
const VOUCHERS: [&str; 2] = ["/ca", "/ca.crt"];

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

/// Refuses a name that is not this site's, plain text where there is TLS, and a change that another site asks for.
pub(super) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    // A request without a name for the site is no browser's; it is refused as one of no name.
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !app.hosts.has(host) {
        let words = "This box does not go by that name.";
        let fault = Fault::new("host", words)
            .hint("Whoever runs it can add the name to web.hosts in its settings.");
        return Failed::from(fault).into_response();
    }
    let secure = is_secure(&app, request.extensions(), request.headers());
    let path = request.uri().path();
    let to_all = VOUCHERS.contains(&path) || path.starts_with("/assets/");
    if way(request.extensions()) == Way::PlainWhereTls && !secure && !to_all {
        return sent_on(&request, host);
    }
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if !safe && !same_site(&request, host, secure) {
        let words = "That came from another page than one of this box, and was not done.";
        return Failed::from(Fault::new("cross_site", words)).into_response();
    }
    let strict = app.strict && way(request.extensions()) == Way::Tls;
    let mut response = next.run(request).await;
    if strict {
        let half_a_year = HeaderValue::from_static("max-age=15552000");
        response
            .headers_mut()
            .insert(header::STRICT_TRANSPORT_SECURITY, half_a_year);
    }
    response
}

/// Whether all of the way to the browser is TLS: here, or at the proxy that stands before.
fn is_secure(app: &App, extensions: &Extensions, headers: &HeaderMap) -> bool {
    let forwarded = headers.get("x-forwarded-proto");
    way(extensions) == Way::Tls || app.proxy && forwarded.is_some_and(|proto| proto == "https")
}

fn way(extensions: &Extensions) -> Way {
    let peer = extensions.get::<ConnectInfo<Peer>>();
    peer.map_or(Way::Plain, |peer| peer.0.way)
}

/// What came in plain text where TLS is to be had. To look at a page, the browser is sent there; what it has sent was sent
/// in plain text, and is not answered as if that were well.
fn sent_on(request: &Request, host: &str) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        let path = request.uri().path_and_query();
        let path = path.map_or("/", |path| path.as_str());
        // Not for good: whoever runs the box may do without TLS again.
        return Redirect::temporary(&format!("https://{host}{path}")).into_response();
    }
    let words =
        "That came unprotected and was not done: the address of this box begins with https://.";
    Failed::from(Fault::usage("plain", words)).into_response()
}

/// Whether a page of this site asks. A browser always says where a form was, in one header or the other; what is no
/// browser says neither and has no cookie to abuse.
///
/// `Sec-Fetch-Site: none` is of no page at all: the person themselves asked, as by choosing this house where the system
/// shares a file. No page can bring that about or write that header, and it is taken where it is to be expected, alone.
fn same_site(request: &Request, host: &str, secure: bool) -> bool {
    let headers = request.headers();
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        let system = site == "none" && request.uri().path() == SHARE_TARGET;
        return system || site == "same-origin";
    }
    match text(&header::ORIGIN) {
        // A page in plain text may be anybody's on the way, whatever name it has.
        Some(origin) => origin.split_once("://").is_some_and(|(scheme, from)| {
            from.eq_ignore_ascii_case(host) && (scheme == "https" || !secure)
        }),
        None => !headers.contains_key(header::COOKIE),
    }
}

/// Lets in whom the route is for.
pub(super) async fn admit(
    State((app, who)): State<(App, Who)>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(shown) = token_wanted(who, &request) {
        let scope = match who {
            Who::Program(scope) => scope,
            _ => Scope::Read,
        };
        return match bearer(&app, shown, scope).await {
            Ok(visitor) => {
                request.extensions_mut().insert(visitor);
                next.run(request).await
            }
            Err(fault) => Failed::from(fault).into_response(),
        };
    }
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
        (None, _) => Some(signed_out().hint("Come in, then do it again.")),
        (Some(visitor), Who::Keeper) if !visitor.keeper => {
            let words = "That is for whoever keeps this house.";
            Some(Fault::new("not_keeper", words))
        }
        _ => None,
    };
    let speaks = visitor.as_ref().and_then(|one| one.language.clone());
    let wished = speaks.clone();
    let wished = wished.unwrap_or_else(|| language(request.headers(), &app));
    let mut response = match fault {
        Some(fault) => Failed::from(fault).into_response(),
        None => {
            if let Some(visitor) = visitor {
                request.extensions_mut().insert(visitor);
            }
            speaking(Language::accepted(&wished), next.run(request)).await
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

/// The token that a request shows, where the route takes one: cookies do not count there, so that no page of another site
/// can have a browser ask.
fn token_wanted(who: Who, request: &Request) -> Option<String> {
    let shown = request.headers().get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok());
    match who {
        Who::Program(_) => Some(shown.unwrap_or_default().to_owned()),
        Who::Listener => shown.map(str::to_owned),
        Who::Anyone | Who::Person | Who::Keeper => None,
    }
}

/// For whom the program acts that shows that (RFC 6750, 2.1).
async fn bearer(app: &App, shown: String, scope: Scope) -> Result<Visitor, Fault> {
    let no_token = || {
        let words = "This is for programs with a token, which this one has not shown.";
        Fault::new("token", words)
            .hint("send the header \"Authorization: Bearer …\" with a token from the settings")
    };
    let (scheme, token) = shown.split_once(' ').ok_or_else(no_token)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(no_token());
    }
    let token = token.trim().to_owned();
    let asked = app.house.ask(move |home, now| home.bearer(&token, now.now));
    let bearer = asked.await?.ok_or_else(|| {
        Fault::new("token", "That token is none of this house, or is over.")
            .hint("make another one, in the settings of the person")
    })?;
    bearer.check(scope)?;
    Ok(bearer.visitor)
}

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
        let peer = parts.extensions.get::<ConnectInfo<Peer>>();
        let address = peer.map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.0.address.ip());
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
            address: forwarded.filter(|_| app.proxy).unwrap_or(address),
            browser: text("user-agent").unwrap_or_default().to_owned(),
            language: chosen.unwrap_or_else(|| language(&parts.headers, app)),
            secure: is_secure(app, &parts.extensions, &parts.headers),
            visitor,
        })
    }
}

impl Caller {
    /// Who is signed in.
    pub fn person(&self) -> Result<&Visitor, Fault> {
        self.visitor.as_ref().ok_or_else(signed_out)
    }
}

/// What is told whoever would have to be signed in.
pub(super) fn signed_out() -> Fault {
    Fault::new("signed_out", "You are not signed in.")
}

/// Who is signed in, or for whom a program acts, by name alone.
pub(super) struct Person(pub StationName);

impl FromRequestParts<App> for Person {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failed> {
        let visitor = parts.extensions.get::<Visitor>();
        let name = visitor.map(|visitor| visitor.station.clone());
        Ok(Person(name.ok_or_else(signed_out)?))
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
