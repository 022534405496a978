//! Sharing, passing on and taking back.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::directory::look_for_unknown;
use super::super::fault::Failed;
use super::super::guard::{Caller, Person};
use super::super::station::App;
use super::body::{Object, Sent, once, once_slowly};
use crate::address::{AddressError, Mailbox, StationAddress};
use crate::encoding::parse_object;
use crate::rendition::Lengths;
use crate::rules::Rules;
use crate::sharing::Fault;
use crate::sharing::forward::ForwardOrder;
use crate::sharing::forward::narrow::{Narrowing, parse_exactly};
use crate::sharing::listing::SentShare;
use crate::sharing::share::Order;
use crate::sharing::share::document::{ForeseenDocument, RecordedDocument};

/// What may be done, as people type it (`display=1280,print=no,period=P7D`), or as the object that lists show.
#[derive(Deserialize, ToSchema)]
#[serde(untagged, try_from = "Value")]
pub(super) enum WrittenRules {
    /// As people type it.
    Words(String),
    /// As lists show it.
    Object(Box<RulesObject>),
}

/// Rules as lists show them.
#[derive(ToSchema)]
#[schema(value_type = Object, example = json!({"display": {"max_edge": 1280}, "period": "P7D"}))]
pub(super) struct RulesObject(Rules);

/// What one person there may do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StationOrder {
    /// Who.
    address: String,
    /// What.
    rules: WrittenRules,
}

/// What is to be shared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewShare {
    /// Items of the album, by their ids.
    #[schema(min_items = 1, max_items = 2000)]
    items: Vec<String>,
    /// Addresses of people or of all of a household, or key words.
    #[serde(default)]
    #[schema(required = false)]
    to: Vec<String>,
    /// What those may do; to look at for 30 days without.
    rules: Option<WrittenRules>,
    /// What belongs to a picture, such as its sound, stays at home.
    #[serde(default)]
    #[schema(required = false)]
    alone: bool,
    /// Of sounds and films, how much an excerpt is, where a rule allows no more.
    #[schema(minimum = 1)]
    excerpt_seconds: Option<u32>,
    /// The same of a PDF.
    #[schema(minimum = 1)]
    excerpt_pages: Option<u32>,
    /// The same of a text.
    #[schema(minimum = 1)]
    excerpt_lines: Option<u32>,
    /// Who may do something else.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<StationOrder>)]
    stations: Vec<Object<StationOrder>>,
    /// What those may do to whom it is passed on.
    onward: Option<WrittenRules>,
    /// The title.
    #[serde(default)]
    #[schema(required = false, max_length = 200)]
    title: String,
    /// A message to the people.
    #[serde(default)]
    #[schema(required = false)]
    message: String,
    /// The certificate file of a household that is not known yet, as PEM. It counts as one whose words nobody compared.
    certificate: Option<String>,
    /// Leave the place in originals.
    #[serde(default)]
    #[schema(required = false)]
    keep_location: bool,
    /// The mailbox of a household to which it is sent once, and which passes it on to the others.
    relay_via: Option<String>,
    /// What would be asked is answered yes.
    #[serde(default)]
    #[schema(required = false)]
    yes: bool,
    /// Record nothing, and say what each could do.
    #[serde(default)]
    #[schema(required = false)]
    dry_run: bool,
}

/// To whom a share is to be passed on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Forward {
    /// Only these items; all that may be passed on without.
    #[serde(default)]
    #[schema(required = false)]
    items: Vec<String>,
    /// Addresses of people or of all of a household, or key words.
    #[serde(default)]
    #[schema(required = false)]
    to: Vec<String>,
    /// What those may do; as far as the person may without.
    rules: Option<WrittenRules>,
    /// Who may do something else.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<StationOrder>)]
    stations: Vec<Object<StationOrder>>,
    /// What those may do to whom it is passed on further.
    onward: Option<WrittenRules>,
    /// The mailbox of a household to which it is sent once, and which passes it on to the others.
    relay_via: Option<String>,
    /// What would be asked is answered yes.
    #[serde(default)]
    #[schema(required = false)]
    yes: bool,
    /// Record nothing, and say what each could do.
    #[serde(default)]
    #[schema(required = false)]
    dry_run: bool,
}

/// From whom a share is to be taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Revoke {
    /// One household, by its mailbox or fingerprint; all without.
    from: Option<String>,
}

/// What was taken back.
#[derive(Serialize, ToSchema)]
pub(super) struct Revoked {
    /// The share.
    share: String,
    /// Who is asked to delete.
    households: Vec<String>,
    /// Whose identity is no more, and who is told once words are compared with the one that took its place.
    unreached: Vec<String>,
    /// Who may have kept files, which nothing recalls.
    may_have_kept: Vec<String>,
    /// To whom a household that is asked was to pass it on, and who has not confirmed it: what it has not passed on by now
    /// does not go there. Sent again it goes straight.
    not_passed_on: Vec<String>,
}

/// To whom a share is to go once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resend {
    /// One household, by its mailbox; without, all where it went wrong.
    to: Option<String>,
}

/// What goes once more.
#[derive(Serialize, ToSchema)]
pub(super) struct Resent {
    /// The share.
    share: String,
    /// To whom.
    households: Vec<String>,
}

/// What the household shared or passed on.
#[derive(Serialize, ToSchema)]
pub(super) struct SentShares {
    /// The newest first.
    shares: Vec<SentShare>,
}

impl TryFrom<Value> for WrittenRules {
    type Error = String;

    fn try_from(written: Value) -> Result<Self, String> {
        match written {
            Value::String(words) => Ok(WrittenRules::Words(words)),
            // As strictly as in a letter.
            Value::Object(_) => parse_object(written.to_string().as_bytes())
                .map(|rules| WrittenRules::Object(Box::new(RulesObject(rules))))
                .map_err(|error| format!("rules: {error}")),
            _ => Err("rules are a text or an object".to_owned()),
        }
    }
}

impl WrittenRules {
    /// What they say; what they leave open is filled in as on the command line.
    pub fn read(self) -> Result<Narrowing, Fault> {
        match self {
            WrittenRules::Words(words) => Narrowing::parse(&words),
            WrittenRules::Object(rules) => Ok(rules.0.into()),
        }
    }

    fn exactly(self) -> Result<Rules, Fault> {
        match self {
            WrittenRules::Words(words) => parse_exactly(&words),
            WrittenRules::Object(rules) => Ok(rules.0),
        }
    }
}

fn read(rules: Option<WrittenRules>) -> Result<Option<Narrowing>, Fault> {
    rules.map(WrittenRules::read).transpose()
}

fn exactly(rules: Option<WrittenRules>) -> Result<Option<Rules>, Fault> {
    rules.map(WrittenRules::exactly).transpose()
}

fn stations(orders: Vec<Object<StationOrder>>) -> Result<Vec<(StationAddress, Narrowing)>, Fault> {
    let station = |Object(order): Object<StationOrder>| {
        let address = order.address.parse();
        let wrong = |error: AddressError| Fault::usage("address", error.to_string());
        Ok((address.map_err(wrong)?, order.rules.read()?))
    };
    orders.into_iter().map(station).collect()
}

/// Shares items. With `dry_run` nothing is recorded and nobody is asked, and the answer says in sentences what each could do.
#[utoipa::path(post, path = "/api/v1/shares", tag = "shares", request_body = NewShare, responses(
    (status = 201, body = RecordedDocument), (status = 200, description = "of a dry run", body = ForeseenDocument)))]
pub(super) async fn share(
    State(app): State<App>,
    Person(person): Person,
    sent: Sent<NewShare>,
) -> Result<Response, Failed> {
    let new = sent.value;
    let each = stations(new.stations)?.into_iter();
    let each = each.map(|(address, asked)| (address, asked.of_new_share()));
    let order = Order {
        relay_via: new.relay_via.as_deref().map(mailbox).transpose()?,
        what: new.items,
        to: new.to,
        rules: read(new.rules)?.map(|asked| asked.of_new_share()),
        stations: each.collect(),
        onward: exactly(new.onward)?,
        title: new.title,
        message: new.message,
        certificate: new.certificate.map(String::into_bytes),
        keep_location: new.keep_location,
        yes: new.yes,
        viewer: Some(person.clone()),
        alone: new.alone,
        excerpt: Lengths {
            seconds: new.excerpt_seconds,
            pages: new.excerpt_pages,
            lines: new.excerpt_lines,
        },
    };
    if new.dry_run {
        let foreseen = app
            .house
            .ask(move |home, now| home.foresee(&order, now))
            .await?;
        let document = ForeseenDocument::from(foreseen);
        return Ok(axum::response::IntoResponse::into_response(Json(document)));
    }
    look_for_unknown(&app, order.addressees()).await?;
    // Sealing takes as long as the files are large.
    let recorded = once_slowly(&app, person, sent.request, move |home, now| {
        let recorded = home.share(&order, now, &mut |_| {})?;
        Ok(RecordedDocument::from(recorded))
    });
    Ok(recorded.await?.created())
}

/// What the person shared or passed on, and the house at the command line; and how far it is.
#[utoipa::path(get, path = "/api/v1/sent", tag = "shares", responses((status = 200, body = SentShares)))]
pub(super) async fn sent(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<SentShares>, Failed> {
    let visitor = caller.person()?.clone();
    let shares = app.house.ask(move |home, _| home.sent_by(&visitor)).await?;
    Ok(Json(SentShares { shares }))
}

/// Passes a share on, as far as the person may. With `dry_run` nothing is recorded and nobody is asked, and the answer says in
/// sentences what each could do.
#[utoipa::path(post, path = "/api/v1/shares/{share}/forward", tag = "shares", params(("share" = String, Path)),
    request_body = Forward, responses(
    (status = 201, body = RecordedDocument), (status = 200, description = "of a dry run", body = ForeseenDocument)))]
pub(super) async fn forward(
    State(app): State<App>,
    caller: Caller,
    Path(share): Path<String>,
    sent: Sent<Forward>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let person = visitor.station.clone();
    let new = sent.value;
    let order = ForwardOrder {
        share,
        items: new.items,
        person: None,
        to: new.to,
        rules: read(new.rules)?,
        stations: stations(new.stations)?,
        onward: exactly(new.onward)?,
        relay_via: new.relay_via.as_deref().map(mailbox).transpose()?,
        yes: new.yes,
    };
    if new.dry_run {
        let foreseen = app
            .house
            .ask(move |home, now| home.foresee_forward_as(&visitor, order, now));
        let document = ForeseenDocument::from(foreseen.await?);
        return Ok(axum::response::IntoResponse::into_response(Json(document)));
    }
    look_for_unknown(&app, order.addressees()).await?;
    let forwarded = once(&app, person, sent.request, move |home, now| {
        let forwarded = home.forward_as(&visitor, order, now)?;
        Ok(RecordedDocument::new(
            forwarded.share,
            forwarded.destinations,
        ))
    });
    Ok(forwarded.await?.created())
}

/// Takes a share back. What was kept as a file cannot be recalled; the answer says by whom.
#[utoipa::path(post, path = "/api/v1/shares/{share}/revoke", tag = "shares", params(("share" = String, Path)),
    request_body = Revoke, responses((status = 200, body = Revoked)))]
pub(super) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(share): Path<String>,
    sent: Sent<Revoke>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let person = visitor.station.clone();
    let from = sent.value.from;
    let revoked = once(&app, person, sent.request, move |home, now| {
        let revoked = home.stop_sharing(&share, from.as_deref(), &visitor, now)?;
        Ok(Revoked {
            share: revoked.share,
            households: revoked.households,
            unreached: revoked.unreached,
            may_have_kept: revoked.may_have_kept,
            not_passed_on: revoked.not_passed_on,
        })
    });
    Ok(revoked.await?.ok())
}

/// Sends a share once more, as it was given: where it failed, came back or is missing, or to one household. Nobody is
/// given more by it.
#[utoipa::path(post, path = "/api/v1/shares/{share}/resend", tag = "shares", params(("share" = String, Path)),
    request_body = Resend, responses((status = 200, body = Resent)))]
pub(super) async fn resend(
    State(app): State<App>,
    caller: Caller,
    Path(share): Path<String>,
    sent: Sent<Resend>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let person = visitor.station.clone();
    let to = sent.value.to.map(|to| mailbox(&to)).transpose()?;
    let resent = once(&app, person, sent.request, move |home, now| {
        let resent = home.resend_as(&share, to.as_ref(), &visitor, now)?;
        Ok(Resent {
            share: resent.share,
            households: resent.households.iter().map(ToString::to_string).collect(),
        })
    });
    Ok(resent.await?.ok())
}

fn mailbox(text: &str) -> Result<Mailbox, Fault> {
    let parsed = text.parse();
    parsed.map_err(|error: AddressError| Fault::usage("address", error.to_string()))
}
