//! What a program sends: JSON documents and queries, read with words where they cannot be; and what is to be done once.

use std::fmt;
use std::marker::PhantomData;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::super::fault::Failed;
use super::super::station::App;
use crate::address::StationName;
use crate::envelope::Digest;
use crate::sharing::{Fault, Household, Now};

/// The header by which a program says that a request is one that it made before.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What the web framework says before what was wrong with a query.
const ITS_OWN: &str = "Failed to deserialize query string: ";

/// A JSON document.
pub(super) struct Sent<T> {
    pub value: T,
    pub request: Asked,
}

/// What identifies a request: its key, and a digest of all that it asks for.
pub(super) struct Asked {
    key: Option<String>,
    digest: Digest,
}

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failed> {
        if !is_json(request.headers()) {
            let words = "The body is to be a JSON document, of Content-Type application/json.";
            return Err(Fault::new("media_type", words).into());
        }
        let key = key_of(request.headers())?;
        let about = format!("{}\n{}\n", request.method(), request.uri());
        let bytes = content(request, app).await?;
        let read: Result<Object<T>, _> = serde_json::from_slice(&bytes);
        let Object(value) = read
            .map_err(|error| Fault::usage("json", format!("The body cannot be read: {error}.")))?;
        let mut all = about.into_bytes();
        all.extend_from_slice(&bytes);
        Ok(Sent {
            value,
            request: Asked {
                key,
                digest: Digest::of(&all),
            },
        })
    }
}

/// A document with names in it: a list of the values in their order, which would do otherwise, is none.
pub(super) struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Named<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Named<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(Named(PhantomData))
    }
}

/// The bytes of a body, no more than the route takes.
pub(super) async fn content(request: Request, app: &App) -> Result<Bytes, Failed> {
    let read = Bytes::from_request(request, app).await;
    read.map_err(|rejection| {
        let words = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than is taken here.",
            _ => return Fault::usage("body", "The body broke off.").into(),
        };
        Fault::new("too_large", words).into()
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let unreadable = |_| Fault::usage("key", "The Idempotency-Key is not plain text.");
    let key = headers.get(KEY).map(|value| value.to_str());
    Ok(key.transpose().map_err(unreadable)?.map(str::to_owned))
}

/// A query.
pub(super) struct Wants<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Wants<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failed> {
        let read = Query::from_request_parts(parts, app).await;
        let Query(value) = read.map_err(|error| {
            // Beside the name of the parameter stands what the framework calls itself.
            let text = error.body_text();
            let why = text.strip_prefix(ITS_OWN).unwrap_or(&text);
            Fault::usage("query", format!("The query cannot be read: {why}."))
        })?;
        Ok(Wants(value))
    }
}

/// A document that was made before, or just now.
pub(super) struct Made(Box<RawValue>);

impl Made {
    fn read(text: String) -> Result<Self, Fault> {
        let read = RawValue::from_string(text);
        read.map(Made)
            .map_err(|error| Fault::new("bug", format!("an answer that is no JSON: {error}")))
    }

    pub fn created(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }

    pub fn ok(self) -> Response {
        Json(self.0).into_response()
    }
}

/// Does what was asked for once, and tells the box.
pub(super) async fn once<T: Serialize>(
    app: &App,
    person: StationName,
    asked: Asked,
    work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
) -> Result<Made, Fault> {
    Made::read(app.house.change(asked.once(person, work)).await?)
}

/// The same for what takes as long as files are large: it takes no place of the quick ones.
pub(super) async fn once_slowly<T: Serialize>(
    app: &App,
    person: StationName,
    asked: Asked,
    work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
) -> Result<Made, Fault> {
    Made::read(app.house.slowly_change(asked.once(person, work)).await?)
}

impl Asked {
    /// The work, done once; its answer as text.
    fn once<T: Serialize>(
        self,
        person: StationName,
        work: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
    ) -> impl FnOnce(&mut Household, Now) -> Result<String, Fault> + Send + 'static {
        move |home, now| {
            home.once(&person, self.key.as_deref(), self.digest, now, |home| {
                let document = work(home, now)?;
                let text = serde_json::to_string(&document);
                Ok(text.expect("documents have only string keys"))
            })
        }
    }
}
