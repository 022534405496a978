//! What goes on, as it happens: Server-Sent Events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

use super::super::fault::Failed;
use super::super::guard::Caller;
use super::super::station::App;
use crate::sharing::accounts::Visitor;
use crate::sharing::pulse::{Happened, Pulse};

/// After so long it ends, and the program comes again: what is over by then is noticed.
const LASTS: Duration = Duration::from_secs(3_600);

/// What an event says; which fields there are depends on its name.
#[derive(Serialize, ToSchema, Default)]
pub(super) struct EventData {
    /// A share: of `arrived`, `ended`, `sent` and `copy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<String>,
    /// Whether all of it is here: of `arrived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    complete: Option<bool>,
    /// To whom: of `sent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    mailbox: Option<String>,
    /// How far: of `sent` and `copy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    /// A file: of `upload` and `upload-ended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<String>,
    /// Bytes that are here: of `upload`.
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<u64>,
    /// Bytes in all: of `upload`.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
}

struct Listening {
    app: App,
    visitor: Visitor,
    changed: watch::Receiver<u64>,
    /// How things stood when something was said last.
    before: Pulse,
    waiting: VecDeque<Event>,
    until: Instant,
}

/// Events, beginning with `ready`: `arrived`, `ended`, `sent`, `copy`, `upload`, `upload-ended`, `album`. They name shares
/// and files and how far they are; what that means is for the lists to say. `album` names nothing: something changed of what the
/// person sees there. After an hour the stream ends: listen again.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    responses((status = 200, content_type = "text/event-stream", body = EventData)))]
pub(super) async fn listen(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let changed = app.pulses.listen()?;
    let mut listening = Listening {
        app,
        visitor,
        changed,
        before: Pulse::default(),
        waiting: VecDeque::from([Event::default().event("ready").data("{}")]),
        until: Instant::now() + LASTS,
    };
    if let Some(now) = listening.pulse().await {
        listening.before = now;
    }
    let events = stream::unfold(listening, |mut listening| async move {
        let event = listening.next().await?;
        Some((Ok::<_, Infallible>(event), listening))
    });
    let events = Sse::new(events).keep_alive(KeepAlive::default());
    Ok(([(header::CACHE_CONTROL, "no-store")], events).into_response())
}

impl Listening {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            timeout_at(self.until, self.changed.changed())
                .await
                .ok()?
                .ok()?;
            let now = self.pulse().await?;
            self.waiting = now.since(&self.before).iter().map(event).collect();
            self.before = now;
        }
    }

    /// `None`: nobody is signed in any more, or it cannot be told.
    async fn pulse(&self) -> Option<Pulse> {
        let visitor = self.visitor.clone();
        let asked = self
            .app
            .house
            .ask(move |home, now| home.pulse(&visitor, now.now));
        asked.await.ok().flatten()
    }
}

fn event(happened: &Happened) -> Event {
    let none = EventData::default;
    let (name, data) = match happened.clone() {
        Happened::Arrived { share, complete } => {
            let (share, complete) = (Some(share), Some(complete));
            (
                "arrived",
                EventData {
                    share,
                    complete,
                    ..none()
                },
            )
        }
        Happened::Ended { share } => (
            "ended",
            EventData {
                share: Some(share),
                ..none()
            },
        ),
        Happened::Sent {
            share,
            mailbox,
            state,
        } => {
            let (share, mailbox, state) = (Some(share), Some(mailbox), Some(state));
            (
                "sent",
                EventData {
                    share,
                    mailbox,
                    state,
                    ..none()
                },
            )
        }
        Happened::Copy { share, state } => {
            let (share, state) = (Some(share), Some(state));
            (
                "copy",
                EventData {
                    share,
                    state,
                    ..none()
                },
            )
        }
        Happened::Upload {
            upload,
            received,
            size,
        } => {
            let (upload, received, size) = (Some(upload), Some(received), Some(size));
            (
                "upload",
                EventData {
                    upload,
                    received,
                    size,
                    ..none()
                },
            )
        }
        Happened::UploadEnded { upload } => (
            "upload-ended",
            EventData {
                upload: Some(upload),
                ..none()
            },
        ),
        Happened::Album => ("album", none()),
    };
    let text = serde_json::to_string(&data).expect("documents have only string keys");
    Event::default().event(name).data(text)
}
