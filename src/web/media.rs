//! The only ways by which a picture or a file leaves: each asks the gate in `sharing` for this person, now.
//!
//! A path carries a seal made from the session, so that it is worth nothing in another browser, and cannot be guessed.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use openssl::hash::MessageDigest;
use openssl::memcmp;
use openssl::pkey::PKey;
use openssl::sign::Signer;

use super::fault::Failed;
use super::guard::Caller;
use super::house::House;
use super::ranged::{Bounded, Part};
use super::station::App;
use super::stream::{Nothing, Pieces, Whole, read_through};
use crate::address::StationName;
use crate::rendition::{Format, SNIFF_LENGTH};
use crate::rules::Action;
use crate::sharing::accounts::Visitor;
use crate::sharing::listing::file_name;
use crate::sharing::own::Size;
use crate::sharing::view::Handed;
use crate::sharing::{Fault, Household, Now};

/// No page that is opened from a file may do anything.
const SANDBOX: &str = "sandbox; default-src 'none'";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The small picture of a shared item.
    Thumb,
    /// A shared picture on the screen.
    Show,
    /// A shared picture for paper.
    Print,
    /// A shared sound or film, played whole where it lies by whoever may keep it so.
    Play,
    /// A shared item as a file.
    Keep,
    /// The small picture of an own item.
    OwnThumb,
    /// An own picture on the screen.
    OwnShow,
    /// An own item as a file.
    OwnKeep,
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Thumb,
        Kind::Show,
        Kind::Print,
        Kind::Play,
        Kind::Keep,
        Kind::OwnThumb,
        Kind::OwnShow,
        Kind::OwnKeep,
    ];

    /// What is done with a shared item by it, where the rules say how far. What is played whole leaves as it would be kept.
    fn action(self) -> Option<Action> {
        match self {
            Kind::Show => Some(Action::Display),
            Kind::Print => Some(Action::Print),
            Kind::Play | Kind::Keep => Some(Action::Store),
            Kind::Thumb | Kind::OwnThumb | Kind::OwnShow | Kind::OwnKeep => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Kind::Thumb => "thumb",
            Kind::Show => "show",
            Kind::Print => "print",
            Kind::Play => "play",
            Kind::Keep => "keep",
            Kind::OwnThumb => "own-thumb",
            Kind::OwnShow => "own-show",
            Kind::OwnKeep => "own-keep",
        }
    }
}

/// The path to that in the browser of this visitor.
pub(super) fn path(visitor: &Visitor, kind: Kind, item: &str) -> Result<String, Fault> {
    let seal = seal(visitor, kind.as_str(), item)?;
    Ok(format!("/m/{seal}/{}/{item}", kind.as_str()))
}

/// What only this site can have written for the session of that visitor.
pub(super) fn seal(visitor: &Visitor, kind: &str, item: &str) -> Result<String, Fault> {
    let sign = || {
        let key = PKey::hmac(visitor.session.as_bytes())?;
        let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
        signer.update(format!("media\n{kind}\n{item}").as_bytes())?;
        signer.sign_to_vec()
    };
    let mac = sign().map_err(|error| Fault::new("system", error.to_string()))?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&mac[..16]))
}

/// Whether that is the seal of this visitor.
pub(super) fn is_sealed(
    visitor: &Visitor,
    kind: &str,
    item: &str,
    shown: &str,
) -> Result<bool, Fault> {
    let right = seal(visitor, kind, item)?;
    Ok(right.len() == shown.len() && memcmp::eq(right.as_bytes(), shown.as_bytes()))
}

/// `GET /m/{seal}/{kind}/{item}`
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    method: Method,
    headers: HeaderMap,
    Path((shown, kind, item)): Path<(String, String, String)>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let no_page = || Fault::new("no_page", "There is no such page.");
    let same = is_sealed(&visitor, &kind, &item, &shown)?;
    let kind = Kind::ALL.into_iter().find(|one| one.as_str() == kind);
    let kind = kind.filter(|_| same).ok_or_else(no_page)?;
    let range = headers.get(header::RANGE);
    let range = range.and_then(|range| range.to_str().ok());
    let wish = match kind {
        Kind::Keep => Wish::AsFile,
        _ => Wish::ToPlay(range.map(str::to_owned)),
    };
    handed(&app, &visitor, &method, kind, item, wish).await
}

/// How sounds and films are wanted.
pub(super) enum Wish {
    /// As a file like any other.
    AsFile,
    /// Such that a browser plays them, or that range of them.
    ToPlay(Option<String>),
}

/// What the gate hands this person of an item now; where only the head of that is asked for, whether it would, which is no
/// look.
pub(super) async fn handed(
    app: &App,
    visitor: &Visitor,
    method: &Method,
    kind: Kind,
    item: String,
    wish: Wish,
) -> Result<Response, Failed> {
    let visitor = visitor.clone();
    if let (&Method::HEAD, Some(action)) = (method, kind.action()) {
        let person = visitor.station;
        let would = app.house.ask(move |home, now| match kind {
            Kind::Play => home.would_play(&item, &person, now),
            _ => home.would_hand(&item, &person, action, now),
        });
        would.await?;
        return Ok(StatusCode::OK.into_response());
    }
    if let Kind::OwnThumb | Kind::OwnShow = kind {
        let size = match kind {
            Kind::OwnThumb => Size::Thumb,
            _ => Size::Screen,
        };
        let jpeg = own_picture(app, visitor.station, item, size).await?;
        return Ok(picture(jpeg, None, true));
    }
    let slow = match kind {
        Kind::Show | Kind::Print | Kind::Keep => {
            let asked = item.clone();
            app.house
                .ask(move |home, _| home.is_by_program(&asked))
                .await?
        }
        _ => false,
    };
    let hand = move |home: &mut Household, now: Now| hand(home, kind, &item, &visitor, &wish, now);
    let handed = match slow {
        true => app.house.by_program(hand).await?,
        false => app.house.ask(hand).await?,
    };
    match handed {
        Given::Picture { jpeg, name } => Ok(picture(jpeg, name.as_deref(), false)),
        Given::File(file) => Ok(file.response(app.house.clone())),
    }
}

enum Given {
    Picture {
        jpeg: Vec<u8>,
        /// Where it is to be kept.
        name: Option<String>,
    },
    File(Box<File>),
}

struct File {
    first: Vec<u8>,
    rest: Box<dyn Pieces>,
    name: String,
    /// As what it may be named to a browser.
    media_type: &'static str,
    /// Bytes in all and what is sent of them, of what is played.
    part: Option<(u64, Part)>,
    /// It is to be played where it stands, not kept.
    inline: bool,
}

/// A picture of an own item. Those that another program has to make first are made one after the other.
pub(super) async fn own_picture(
    app: &App,
    person: StationName,
    item: String,
    size: Size,
) -> Result<Vec<u8>, Fault> {
    let (viewer, asked) = (person.clone(), item.clone());
    let at_hand =
        move |home: &mut Household, _: Now| home.own_picture_at_hand(Some(&viewer), &asked, size);
    let picture = match app.house.ask(at_hand).await? {
        Some(picture) => picture,
        None => {
            let make =
                move |home: &mut Household, _: Now| home.own_picture(Some(&person), &item, size);
            app.house.by_program(make).await?
        }
    };
    Ok(picture.jpeg)
}

fn hand(
    home: &mut Household,
    kind: Kind,
    item: &str,
    visitor: &Visitor,
    wish: &Wish,
    now: Now,
) -> Result<Given, Fault> {
    let person = &visitor.station;
    let (name, handed) = match kind {
        Kind::Thumb => {
            let jpeg = home.hand_thumb(item, person, now)?.jpeg;
            return Ok(Given::Picture { jpeg, name: None });
        }
        Kind::OwnThumb | Kind::OwnShow | Kind::OwnKeep => {
            let reader = home.own_original(Some(person), item)?;
            let name = reader.name.clone();
            let file = File::read(Box::new(reader), name, wish, false)?;
            return Ok(Given::File(Box::new(file)));
        }
        Kind::Show => home.hand(item, person, Action::Display, now)?,
        Kind::Print => home.hand(item, person, Action::Print, now)?,
        Kind::Play => home.hand_to_play(item, person, now)?,
        Kind::Keep => home.hand(item, person, Action::Store, now)?,
    };
    match handed {
        Handed::Picture(rendered) => Ok(Given::Picture {
            jpeg: rendered.jpeg,
            name: (kind == Kind::Keep).then(|| jpeg_name(&name)),
        }),
        Handed::Original(original) => {
            let inline = matches!(kind, Kind::Show | Kind::Play);
            let file = File::read(original, name, wish, inline)?;
            Ok(Given::File(Box::new(file)))
        }
    }
}

/// What is made for a person is a JPEG, whatever it was.
pub(super) fn jpeg_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.jpg")
}

/// A picture, to look at or to keep under a name; `own`: this house's own, which a browser may hold for a while.
pub(super) fn picture(jpeg: Vec<u8>, keep_as: Option<&str>, own: bool) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response();
    if own {
        let a_day = HeaderValue::from_static("private, max-age=86400");
        response.headers_mut().insert(header::CACHE_CONTROL, a_day);
    }
    if let Some(name) = keep_as {
        attach(&mut response, name);
    }
    response
}

impl File {
    /// Of what is played only the range that is wished for; `inline`: where it may be, it stands in the page.
    fn read(
        mut whole: Box<dyn Whole>,
        name: String,
        wish: &Wish,
        inline: bool,
    ) -> Result<Self, Fault> {
        let first = whole.next()?;
        let format = Format::sniff(&first[..first.len().min(SNIFF_LENGTH)]);
        // Some browsers play WebM and no other Matroska.
        let is_webm = format == Format::Matroska && says_webm(&first);
        let range = match wish {
            // By our own look at its first bytes, never by what a sender says of it. Nothing in such a file is ever read as a
            // page, for it is named by that and not to be looked at otherwise (`nosniff`).
            Wish::ToPlay(range) if format.is_played() => Some(range.as_deref()),
            _ => None,
        };
        let played = range.is_some();
        let mut file = File {
            first,
            rest: Box::new(Nothing),
            name,
            media_type: match format.decodable() || played {
                true if is_webm => "video/webm",
                true => format.media_type(),
                false => "application/octet-stream",
            },
            part: None,
            inline: inline && played,
        };
        let Some(range) = range else {
            file.rest = whole;
            return Ok(file);
        };
        let size = whole.size()?;
        let part = Part::asked(range, size);
        let mut rest = match part {
            Part::All => Bounded::of(whole, 0, size)?,
            Part::From(from, to) => Bounded::of(whole, from, to - from + 1)?,
            Part::Nothing => Bounded::of(whole, size, 0)?,
        };
        file.first = rest.next()?;
        (file.rest, file.part) = (Box::new(rest), Some((size, part)));
        Ok(file)
    }

    fn response(self, house: House) -> Response {
        let body = Body::from_stream(read_through(house, self.first, self.rest));
        let mut response = ([(header::CONTENT_TYPE, self.media_type)], body).into_response();
        if let Some((size, part)) = self.part {
            ranged(&mut response, size, part);
        }
        match self.inline {
            true => sandbox(&mut response),
            false => attach(&mut response, &self.name),
        }
        response
    }
}

/// Whether a file of Matroska names itself WebM: its DocType (RFC 8794, 11.2.6).
fn says_webm(first: &[u8]) -> bool {
    let head = &first[..first.len().min(64)];
    head.windows(7).any(|at| at == b"\x42\x82\x84webm")
}

/// Says what of it is sent.
fn ranged(response: &mut Response, size: u64, part: Part) {
    let (status, length, said) = match part {
        Part::All => (StatusCode::OK, size, None),
        Part::From(from, to) => {
            let said = format!("bytes {from}-{to}/{size}");
            (StatusCode::PARTIAL_CONTENT, to - from + 1, Some(said))
        }
        Part::Nothing => {
            let said = format!("bytes */{size}");
            (StatusCode::RANGE_NOT_SATISFIABLE, 0, Some(said))
        }
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let said = said.and_then(|said| HeaderValue::from_str(&said).ok());
    headers.extend(said.map(|said| (header::CONTENT_RANGE, said)));
}

/// To be kept as a file of that name, and never opened as a page of this site (RFC 6266, RFC 8187).
pub(super) fn attach(response: &mut Response, name: &str) {
    let name = &file_name(name);
    let plain = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' | ' ' => c,
        _ => '_',
    };
    let ascii: String = name.chars().map(plain).collect();
    let encoded = super::form::encoded(&[("", name)]);
    let encoded = encoded.trim_start_matches('=');
    let text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    sandbox(response);
}

fn sandbox(response: &mut Response) {
    let policy = HeaderValue::from_static(SANDBOX);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
}
