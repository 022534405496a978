//! The one table of all routes, with who may call each. A router is made from it and from nothing else, so that a route
//! without a rule cannot be.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::fault::Failed;
use super::guard::{admit, around, bound};
use super::route::{Route, carrying, keeper, open, person};
use super::station::{App, Station};
use super::tell::tell;
use super::{
    album, api, asking, assets, ca, card, door, frame, households, identity, keep_all, language,
    manifest, media, pass_on, people, programs, received, sent, settings, share, the_box, viewer,
};
use crate::sharing::Fault;

/// Forms are small; what carries files says so itself.
const FORM: usize = 64 * 1024;
/// A form that names a thousand pictures.
const CHOICE: usize = 1024 * 1024;

/// All of them.
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        open("/assets/{name}", get(assets::get)),
        open("/manifest.webmanifest", get(manifest::get)),
        open("/ca", get(ca::page)),
        open("/ca.crt", get(ca::certificate)),
        open("/sign-in", get(door::form).post(door::sign_in)),
        open("/welcome/{secret}", get(door::welcome).post(door::come_in)),
        open("/language", post(language::choose)),
        person("/sign-out", post(door::sign_out)),
        carrying("/", get(album::grid)),
        carrying(
            "/album/{item}",
            get(album::picture_page).post(album::caption),
        ),
        person(
            "/album/delete",
            post(album::delete).layer(DefaultBodyLimit::max(CHOICE)),
        ),
        person(
            "/album/undelete",
            post(album::undelete).layer(DefaultBodyLimit::max(CHOICE)),
        ),
        person(
            "/album/add",
            post(album::add).layer(DefaultBodyLimit::max(CHOICE)),
        ),
        person(
            "/album/hide",
            post(album::hide).layer(DefaultBodyLimit::max(CHOICE)),
        ),
        person(
            "/albums/{album}/take",
            post(album::take).layer(DefaultBodyLimit::max(CHOICE)),
        ),
        person("/albums/{album}/rename", post(album::rename)),
        person("/albums/{album}/remove", post(album::remove)),
        person(
            manifest::SHARE_TARGET,
            post(album::several).layer(DefaultBodyLimit::disable()),
        ),
        person("/album/uploads", post(album::begin)),
        person(
            "/album/uploads/{id}",
            get(album::state)
                .put(album::chunk)
                .post(album::finish)
                .layer(DefaultBodyLimit::max(album::MOST_OF_CHUNK)),
        ),
        person("/card", get(card::page).post(card::bring_in)),
        person("/card/lamp", get(card::lamp)),
        carrying(
            "/share",
            get(share::page)
                .post(share::share)
                .layer(DefaultBodyLimit::max(CHOICE)),
        ),
        carrying("/sent", get(sent::list)),
        carrying("/sent/{share}", get(sent::share)),
        person("/sent/{share}/stop", post(sent::stop)),
        person("/sent/{share}/again", post(sent::again)),
        carrying("/received", get(received::list)),
        carrying("/received/{share}", get(received::share)),
        carrying("/received/{share}/{item}", get(viewer::page)),
        carrying("/frame", get(frame::page)),
        carrying("/frame/pictures", get(frame::list)),
        person("/frame/choose", get(frame::choose)),
        person("/received/{share}/ask", post(asking::ask)),
        carrying(
            "/received/{share}/pass-on",
            get(pass_on::page)
                .post(pass_on::choose)
                .layer(DefaultBodyLimit::max(pass_on::LARGEST)),
        ),
        carrying("/received/{share}/passed-on", get(pass_on::done)),
        carrying("/m/{seal}/{kind}/{item}", get(media::get)),
        carrying("/m/{seal}/keep-all/{share}", get(keep_all::get)),
        person("/households", get(households::list)),
        person("/households/introduction", get(households::introduction)),
        open("/join", get(households::invitations::arrive)),
        keeper("/households/join", post(households::invitations::join)),
        keeper("/households/invite", post(households::invitations::invite)),
        keeper(
            "/households/invitations/{invitation}",
            get(households::invitations::show),
        ),
        keeper(
            "/households/invitations/{invitation}/withdraw",
            post(households::invitations::withdraw),
        ),
        person("/households/{who}", get(households::one)),
        keeper("/households/ask", post(households::ask)),
        keeper("/households/file", post(households::file)),
        keeper("/households/forget", post(households::forget)),
        keeper(
            "/households/directory",
            get(households::look_up::find).post(households::publish),
        ),
        keeper("/households/directory/add", post(households::look_up::add)),
        keeper("/households/words", post(households::set_word)),
        keeper("/households/words/remove", post(households::remove_word)),
        keeper("/households/requests/{request}", post(households::answer)),
        keeper("/households/{who}/accept", post(households::accept)),
        keeper("/households/{who}/verify", post(households::verify)),
        keeper("/households/{who}/block", post(households::block)),
        keeper("/households/{who}/unblock", post(households::unblock)),
        keeper("/households/{who}/relay", post(households::relay)),
        keeper("/households/{who}/remove", post(households::remove)),
        person("/settings", get(settings::page)),
        person("/settings/password", post(settings::password)),
        person("/settings/elsewhere", post(settings::elsewhere)),
        person("/settings/notices", post(settings::notices)),
        person("/settings/mail", post(people::own_mail)),
        keeper("/settings/check", post(the_box::check)),
        keeper("/settings/people", post(people::add_person)),
        keeper("/settings/people/mail", post(people::mail_of)),
        keeper("/settings/announce", post(settings::announce)),
        keeper("/settings/people/{name}/link", post(people::link)),
        keeper(
            "/settings/people/{name}/remove",
            get(people::leaving).post(people::remove_person),
        ),
        keeper("/settings/identity", get(identity::page)),
        keeper("/settings/identity/export", post(identity::export)),
        keeper("/settings/identity/rekey", post(identity::rekey)),
        keeper("/settings/identity/ended", post(identity::ended)),
        keeper("/settings/identity/end", post(identity::end)),
        keeper("/settings/identity/end/send", post(identity::send)),
        person(
            "/settings/programs",
            get(programs::page).post(programs::make),
        ),
        person("/settings/programs/end", post(programs::end)),
    ];
    routes.extend(api::routes());
    routes
}

impl Station {
    /// All that it answers.
    pub fn router(self: &Arc<Self>) -> Router {
        router(self, routes())
    }
}

/// The site.
fn router(app: &App, routes: Vec<Route>) -> Router {
    let mut router = Router::new();
    for route in routes {
        let admitted = from_fn_with_state((Arc::clone(app), route.who), admit);
        router = router.route(route.path, route.answers.layer(admitted));
    }
    router
        .fallback(no_page)
        .method_not_allowed_fallback(no_method)
        .layer(DefaultBodyLimit::max(FORM))
        .layer(CatchPanicLayer::custom(broken))
        .layer(from_fn_with_state(Arc::clone(app), around))
        .layer(from_fn_with_state(Arc::clone(app), tell))
        .layer(from_fn(bound))
        .with_state(Arc::clone(app))
}

async fn no_page() -> Failed {
    Fault::new("no_page", "There is no such page.").into()
}

async fn no_method() -> Failed {
    Fault::new("method", "That cannot be done with this page.").into()
}

/// Our own fault: what it was is in the log, not in the answer.
fn broken(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse;
    Failed::from(Fault::new("bug", "a fault of Hearthpost itself")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::State;
    use axum::http::{Request, StatusCode, header};
    use tower::ServiceExt;

    use super::*;
    use crate::sharing::Household;
    use crate::web::house::tests::household;

    /// Nobody but the log is to read that.
    const WORDS: &str = "the key is in the teapot";

    async fn panics() {
        panic!("{WORDS}");
    }

    /// While it has the household.
    async fn panics_within(State(app): State<App>) -> Result<(), Failed> {
        Ok(app.house.ask(|_, _| panic!("{WORDS}")).await?)
    }

    fn station(folder: &std::path::Path) -> App {
        let config = household(folder);
        Station::new(&config, &Household::open(&config).expect("opens"))
    }

    #[test]
    fn a_panic_is_told_without_its_words_and_the_next_is_answered() {
        let folder = tempfile::tempdir().expect("a folder");
        let app = station(folder.path());
        let mut all = routes();
        for (at, for_programs) in [("/panics", "/api/v1/panics"), ("/in", "/api/v1/in")] {
            let answers = || match at {
                "/in" => get(panics_within),
                _ => get(panics),
            };
            all.extend([at, for_programs].map(|path| open(path, answers())));
        }
        let router = router(&app, all);
        let ask = async |path: &str| {
            let request = Request::get(path).header(header::HOST, "localhost");
            let request = request.body(Body::empty()).expect("a request");
            let answer = router.clone().oneshot(request).await.expect("an answer");
            let (head, body) = answer.into_parts();
            let body = to_bytes(body, usize::MAX).await.expect("a body");
            let kind = head.headers[header::CONTENT_TYPE].to_str().expect("text");
            let text = String::from_utf8_lossy(&body).into_owned();
            (head.status, kind.to_owned(), text)
        };
        let runtime = super::super::answer::runtime().expect("a runtime");
        runtime.block_on(async {
            for (path, kind) in [
                ("/panics", "text/html; charset=utf-8"),
                ("/api/v1/panics", "application/problem+json"),
                // More often than households are lent at once: none is lost by it.
                ("/in", "text/html; charset=utf-8"),
                ("/api/v1/in", "application/problem+json"),
                ("/in", "text/html; charset=utf-8"),
                ("/in", "text/html; charset=utf-8"),
                ("/in", "text/html; charset=utf-8"),
            ] {
                let (status, shown, text) = ask(path).await;
                assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
                assert_eq!(shown, kind, "{path}");
                assert!(text.contains("Something went wrong in this box"), "{text}");
                for inside in ["teapot", "panic", "src/", ".rs", "backtrace"] {
                    assert!(!text.contains(inside), "{path}: {text}");
                }
                let (status, _, text) = ask("/sign-in").await;
                assert_eq!(status, StatusCode::OK, "{text}");
            }
        });
    }
}
