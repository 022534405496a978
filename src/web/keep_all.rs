//! All that a person may keep of a share, in one ZIP file. Each item asks the gate when its turn comes, as it would alone,
//! and is written as fast as the browser reads: a part of one item is in memory, and nothing on disk. Of what cannot be made
//! the last file of it tells.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::fault::Failed;
use super::guard::{Caller, signed_out};
use super::house::House;
use super::media::{attach, is_sealed, jpeg_name, seal};
use super::spoken::spoken;
use super::station::App;
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::rules::Action;
use crate::sharing::accounts::Visitor;
use crate::sharing::listing::{clean_name, file_name};
use crate::sharing::view::{Handed, Original};
use crate::sharing::{Fault, Household, Now};
use crate::words::{Language, retell, told};

/// From so many sealed bytes on an item is written with long lengths, which some old programs do not read.
const LONG: u64 = 0xf000_0000;

/// Why an item alone is left out, and the others are not: it is what it is, whoever asks and whenever.
const NOT_TO_BE_MADE: [&str; 4] = ["broken", "not_shown", "too_large", "no_excerpt"];

/// What its seal is for; no kind of picture is called so.
const KIND: &str = "keep-all";

/// The path to that in the browser of this visitor.
pub(super) fn path(visitor: &Visitor, share: &str) -> Result<String, Fault> {
    let seal = seal(visitor, KIND, share)?;
    Ok(format!("/m/{seal}/{KIND}/{share}"))
}

/// `GET /m/{seal}/keep-all/{share}`; where only the head of that is asked for, whether there would be something.
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    method: Method,
    Path((shown, share)): Path<(String, String)>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    if !is_sealed(&visitor, KIND, &share, &shown)? {
        return Err(Fault::new("no_page", "There is no such page.").into());
    }
    let person = visitor.station.clone();
    let look = move |home: &mut Household, now: Now| to_keep(home, &share, &person, now);
    let (name, items) = app.house.ask(look).await?;
    if method == Method::HEAD {
        return Ok(StatusCode::OK.into_response());
    }
    let all = All {
        house: app.house.clone(),
        visitor,
        language: spoken(),
        items: items.into_iter(),
        under_way: Some(UnderWay::new()),
    };
    // Whoever is refused the first one is told so, and gets no archive.
    let first = all.next().await?;
    let body = first.map_or_else(Body::empty, |first| Body::from_stream(read(first)));
    let mut response = ([(header::CONTENT_TYPE, "application/zip")], body).into_response();
    attach(&mut response, &name);
    Ok(response)
}

/// An item that may be kept.
struct Kept {
    id: String,
    /// As the page names it.
    name: String,
}

/// The name of the archive, and the items that may be kept now.
fn to_keep(
    home: &Household,
    share: &str,
    person: &StationName,
    now: Now,
) -> Result<(String, Vec<Kept>), Fault> {
    let share = home.opened_by(share, person, now)?;
    let kept = share.items.iter().filter(|item| item.may.keep);
    let kept = kept.map(|item| Kept {
        id: item.id.clone(),
        name: item.name.clone(),
    });
    let kept: Vec<Kept> = kept.collect();
    if kept.is_empty() {
        for item in &share.items {
            home.would_hand(&item.id, person, Action::Store, now)?;
        }
    }
    let name = clean_name(&share.title.replace(['/', '\\'], "-"), &share.share);
    Ok((format!("{name}.zip"), kept))
}

/// The archive, piece by piece. Where it cannot be made to its end it breaks off, so that nobody takes it for the whole.
fn read((first, rest): (Bytes, All)) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    stream::try_unfold((Some(first), rest), |(ready, rest)| async move {
        if let Some(piece) = ready {
            return Ok(Some((piece, (None, rest))));
        }
        let next = rest.next().await.inspect_err(|fault| {
            tracing::error!(code = fault.code, trouble = %fault, "an archive broke off");
        });
        Ok(next?.map(|(piece, rest)| (piece, (None, rest))))
    })
}

/// What is still to be written.
struct All {
    house: House,
    /// Asked for again with each item: who was signed out gets no more.
    visitor: Visitor,
    language: Language,
    items: std::vec::IntoIter<Kept>,
    /// `None` once all is written.
    under_way: Option<UnderWay>,
}

impl All {
    /// The next piece, a few megabytes at most; `None` after the last.
    async fn next(self) -> Result<Option<(Bytes, Self)>, Fault> {
        let All {
            house,
            visitor,
            language,
            mut items,
            under_way,
        } = self;
        let Some(mut under_way) = under_way else {
            return Ok(None);
        };
        let (piece, under_way) = loop {
            if let Some(original) = under_way.original.take() {
                under_way = house.piece(move || under_way.go_on(original)).await?;
            } else if let Some(item) = items.next() {
                let (visitor, asked) = (visitor.clone(), item.id.clone());
                let slow = house.ask(move |home, _| home.is_by_program(&asked)).await?;
                let begin = move |home: &mut Household, now: Now| {
                    let visitor = home.current(&visitor, now.now)?.ok_or_else(signed_out)?;
                    match home.hand(&item.id, &visitor.station, Action::Store, now) {
                        Ok((name, handed)) => under_way.begin(&name, handed, now.now),
                        Err(fault) if NOT_TO_BE_MADE.contains(&fault.code) => {
                            let why = retell(language, &fault.message);
                            Ok(under_way.leave_out(&item.name, &why, now.now))
                        }
                        Err(fault) => Err(fault),
                    }
                };
                under_way = match slow {
                    true => house.by_program(begin).await?,
                    false => house.ask(begin).await?,
                };
            } else {
                break (under_way.finish(language)?, None);
            }
            let piece = under_way.written.take();
            if !piece.is_empty() {
                break (piece, Some(under_way));
            }
        };
        let rest = All {
            house,
            visitor,
            language,
            items,
            under_way,
        };
        Ok(Some((Bytes::from(piece), rest)))
    }
}

/// The archive as far as it is written.
struct UnderWay {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    /// In small letters: some systems take large ones for the same.
    names: BTreeSet<String>,
    /// What of the item that was begun is still to come.
    original: Option<Original>,
    /// A line for each item that could not be made, and when that was.
    left_out: Option<(String, Timestamp)>,
}

impl UnderWay {
    fn new() -> Self {
        let written = Written::default();
        UnderWay {
            zip: ZipWriter::new_stream(written.clone()),
            written,
            names: BTreeSet::new(),
            original: None,
            left_out: None,
        }
    }

    /// Begins an item; what is made for a person is there at once.
    fn begin(mut self, name: &str, handed: Handed, now: Timestamp) -> Result<Self, Fault> {
        let options = options(now);
        match handed {
            Handed::Picture(rendered) => {
                let name = self.other_than_before(&jpeg_name(name));
                let begun = self.zip.start_file(name, options);
                begun.map_err(|error| broken(&error))?;
                self.put(&rendered.jpeg)?;
            }
            Handed::Original(original) => {
                let name = self.other_than_before(name);
                let options = options.large_file(original.sealed_size() >= LONG);
                let begun = self.zip.start_file(name, options);
                begun.map_err(|error| broken(&error))?;
                self.original = Some(*original);
            }
        }
        Ok(self)
    }

    /// The next part of an item.
    fn go_on(mut self, mut original: Original) -> Result<Self, Fault> {
        let more = match original.next_part()? {
            Some(content) => {
                self.put(content)?;
                true
            }
            None => false,
        };
        self.original = Some(original).filter(|_| more);
        Ok(self)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.zip.write_all(bytes).map_err(|error| broken(&error))
    }

    /// Goes on without an item that cannot be made.
    fn leave_out(mut self, name: &str, why: &str, now: Timestamp) -> Self {
        let (lines, _) = self.left_out.get_or_insert_with(|| (String::new(), now));
        lines.push_str(&format!("{name}: {why}\n"));
        self
    }

    /// What was left out, for whoever opens the archive, and the list of all, which stands at the end.
    fn finish(mut self, language: Language) -> Result<Vec<u8>, Fault> {
        if let Some((lines, at)) = self.left_out.take() {
            let name = self.other_than_before(&told!(language, "keep-all-left-out-name"));
            let begun = self.zip.start_file(name, options(at));
            begun.map_err(|error| broken(&error))?;
            let words = told!(language, "keep-all-left-out");
            self.put(format!("{words}\n\n{lines}").as_bytes())?;
        }
        let UnderWay { zip, written, .. } = self;
        zip.finish().map_err(|error| broken(&error))?;
        Ok(written.take())
    }

    /// That name as a file can have it, with a number where another item has it.
    fn other_than_before(&mut self, name: &str) -> String {
        let name = file_name(name);
        let name = name.as_str();
        let (stem, end) = match name.rsplit_once('.') {
            Some((stem, end)) => (stem, format!(".{end}")),
            None => (name, String::new()),
        };
        let numbered = (2u64..).map(|number| format!("{stem} ({number}){end}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| self.names.insert(name.to_lowercase()));
        free.unwrap_or_else(|| name.to_owned())
    }
}

fn options(now: Timestamp) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(local(now))
}

fn broken(error: &dyn std::error::Error) -> Fault {
    Fault::new("bug", error.to_string())
}

/// The local time, which is what stands in such a file.
fn local(now: Timestamp) -> DateTime {
    let at = jiff::Timestamp::from_second(now.unix()).unwrap_or_default();
    let at = at.to_zoned(jiff::tz::TimeZone::system());
    let number = |of: i8| u8::try_from(of).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let (month, day) = (number(at.month()), number(at.day()));
    let (hour, minute, second) = (number(at.hour()), number(at.minute()), number(at.second()));
    let time = DateTime::from_date_and_time(year, month, day, hour, minute, second);
    time.unwrap_or_default()
}

/// What was written and not taken yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Vec<u8> {
        // Bytes are as good after a panic as before.
        let mut bytes = self.0.lock().unwrap_or_else(|broken| broken.into_inner());
        std::mem::take(&mut *bytes)
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(|broken| broken.into_inner());
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
