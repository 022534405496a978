//! Pages from templates, which the operator may replace; every value in them is escaped.

use std::path::PathBuf;

use axum::response::Html;
use fluent_bundle::FluentArgs;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, context};
use qrcode::QrCode;
use qrcode::render::svg;

use super::{assets, icons};
use crate::sharing::Fault;
use crate::words::{self, Language};

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        /// The templates of the program.
        const BUILT_IN: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../templates/web/", $name)))),*
        ];
    };
}

templates![
    "base.html",
    "bare.html",
    "ca.html",
    "icons.html",
    "album.html",
    "card.html",
    "lamp.html",
    "frame.html",
    "frame-choose.html",
    "picture.html",
    "sign-in.html",
    "welcome.html",
    "language.html",
    "fault.html",
    "received.html",
    "share.html",
    "sharing.html",
    "sent.html",
    "sent-share.html",
    "denied.html",
    "ask.html",
    "stays.html",
    "ask-again.html",
    "pass-on.html",
    "passed-on.html",
    "viewer.html",
    "settings.html",
    "check.html",
    "choice.html",
    "link.html",
    "remove-person.html",
    "households.html",
    "invitation.html",
    "join.html",
    "household.html",
    "identity.html",
    "identity-end.html",
    "programs.html",
];

/// The templates, each read once, when it is first used.
pub(super) struct Pages {
    pages: Environment<'static>,
    languages: Vec<(String, String)>,
}

impl Pages {
    /// Those of the program; a file of the same name below `web` in `folder` replaces one.
    pub fn new(folder: PathBuf) -> Self {
        let mut pages = Environment::new();
        pages.set_undefined_behavior(UndefinedBehavior::Strict);
        pages.set_trim_blocks(true);
        pages.set_lstrip_blocks(true);
        pages.set_loader(move |name| {
            let Some((name, built_in)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
                return Ok(None);
            };
            let own = std::fs::read_to_string(folder.join("web").join(name));
            Ok(Some(own.unwrap_or_else(|_| (*built_in).to_owned())))
        });
        let languages = Language::ALL.map(|one| (one.tag().to_owned(), one.name()));
        let languages = languages.to_vec();
        pages.add_function("t", say);
        pages.add_function("drawn", icons::drawn);
        pages.add_function("speaks", |accepted: &str| {
            Language::accepted(accepted).tag()
        });
        pages.add_function("asset", |name: &str| {
            assets::path(name)
                .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no such asset"))
        });
        let listed: Vec<Value> = languages
            .iter()
            .map(|(id, name)| context! { id, name })
            .collect();
        pages.add_function("languages", move || listed.clone());
        Pages { pages, languages }
    }

    /// The languages that pages speak, each with what it calls itself.
    pub fn languages(&self) -> &[(String, String)] {
        &self.languages
    }

    /// A page for a browser that accepts these languages.
    pub fn render(&self, name: &str, accepted: &str, values: Value) -> Result<Html<String>, Fault> {
        let fault = |error: Error| Fault::new("template", format!("{name}: {error}"));
        let template = self.pages.get_template(name).map_err(fault)?;
        let about = context! { accepted, template => name.trim_end_matches(".html") };
        let page = template.render(context! { ..values, ..about });
        page.map(Html).map_err(fault)
    }
}

/// `t(key, name=value)`: the words of a key in the page's language.
fn say(state: &State<'_, '_>, key: &str, values: Kwargs) -> Result<Value, Error> {
    let accepted = state.lookup("accepted").unwrap_or_default();
    let mut args = FluentArgs::new();
    for name in values.args() {
        let value: Value = values.get(name)?;
        let value = match (i64::try_from(value.clone()), value.as_str()) {
            (_, Some(text)) => words::Value::from(text.to_owned()),
            (Ok(number), None) => words::Value::from(number),
            (Err(_), None) => words::Value::from(value.to_string()),
        };
        args.set(name.to_owned(), value);
    }
    let language = Language::accepted(accepted.as_str().unwrap_or_default());
    let said = words::look_up(language, key, &args);
    said.map(Value::from)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no words for {key}")))
}

/// Digits as they are best read.
pub(super) fn in_groups(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups = digits
        .chunks(8)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// A QR code as an SVG that stands in a page.
pub(super) fn qr(text: &str) -> Result<Value, Fault> {
    let code = QrCode::new(text).map_err(|error| Fault::new("qr", error.to_string()))?;
    let svg = code
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    let start = svg.find("<svg").unwrap_or(0);
    // Pages draw icons with lines; a line around each square would make them run together.
    let svg = svg[start..].replace("<rect ", "<rect stroke=\"none\" ");
    let svg = svg.replace("<path ", "<path stroke=\"none\" ");
    // Made here, of digits alone.
    Ok(Value::from_safe_string(svg))
}
