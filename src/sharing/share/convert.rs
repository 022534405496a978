//! What is made beside an original that is not decoded here: the excerpt of a sound, film or document, the poster of a
//! film, the picture of a telephone as JPEG. Which program is asked, and what is said where it is missing.

use std::io::{Cursor, Read};

use zeroize::Zeroizing;

use super::outgoing::{Outgoing, is_cut_by_program};
use super::plan::Shown;
use crate::album::Blobs;
use crate::convert::{self, Container, ConvertError, Input, Program};
use crate::envelope::StorageKey;
use crate::rendition::{self, Cleaned, ExcerptError, Format, Lengths};
use crate::rules::Kind;
use crate::sharing::Fault;

/// The lower tiers of such an item, as far as it has them.
#[derive(Default)]
pub(in crate::sharing) struct Beside {
    pub preview: Option<Vec<u8>>,
    pub thumb: Option<Vec<u8>>,
    /// Pixels as seen.
    pub dimensions: Option<(u32, u32)>,
}

/// Out of what they are made, and how.
pub(in crate::sharing) struct Means<'h> {
    pub blobs: &'h Blobs,
    pub storage: &'h StorageKey,
    /// Leave the place in originals.
    pub keep_location: bool,
    /// How much of what is no picture is cut as its excerpt, where anyone is given one.
    pub excerpt: Option<Lengths>,
}

/// Makes them.
pub(in crate::sharing) fn beside(means: &Means<'_>, item: &Outgoing) -> Result<Beside, Fault> {
    if item.shown() == Shown::Converted {
        return telephone_picture(means, item);
    }
    let mut made = Beside::default();
    if item.kind == Kind::Picture {
        return Ok(made);
    }
    if let Some(lengths) = &means.excerpt {
        made.preview = Some(excerpt(means, item, lengths)?);
    }
    if item.kind == Kind::Video
        && let Some(poster) = poster(means, item)
    {
        made.thumb = Some(poster.thumb);
    }
    Ok(made)
}

/// The formats of which another program that is here makes a picture.
pub(in crate::sharing) fn converted() -> impl Iterator<Item = Format> {
    const BY: [(Format, Program); 7] = [
        (Format::Heic, Program::HeifConvert),
        (Format::Avif, Program::HeifConvert),
        (Format::Mp4, Program::Ffmpeg),
        (Format::Mov, Program::Ffmpeg),
        (Format::Matroska, Program::Ffmpeg),
        (Format::Avi, Program::Ffmpeg),
        (Format::MpegTs, Program::Ffmpeg),
    ];
    let here = BY.into_iter().filter(|(_, program)| program.is_here());
    here.map(|(format, _)| format)
}

/// Whether an excerpt of such a file can be cut with what is here.
pub(super) fn is_cut(format: Format) -> bool {
    match is_cut_by_program(format) {
        true => Program::Ffmpeg.is_here(),
        false => format.cut_by().is_some(),
    }
}

/// The picture that another program makes of such a file; it may carry more than a picture.
pub(in crate::sharing) fn as_jpeg(
    format: Format,
    input: &Input,
) -> Result<Zeroizing<Vec<u8>>, ConvertError> {
    let made = match container(format) {
        Some(container) => convert::poster(input, container)?,
        None => {
            let mut made = convert::heif_to_jpeg(input)?;
            // It is turned already, and some of these programs leave the word for it there.
            rendition::set_upright(&mut made);
            made
        }
    };
    Ok(Zeroizing::new(made))
}

/// All of a picture of a telephone as JPEG, with what the picture carried.
pub(super) fn in_full(means: &Means<'_>, item: &Outgoing) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let input = item.input(means.blobs, means.storage)?;
    as_jpeg(Format::Heic, &input).map_err(|error| Fault::of_conversion(&item.name, &error))
}

fn telephone_picture(means: &Means<'_>, item: &Outgoing) -> Result<Beside, Fault> {
    let jpeg = in_full(means, item)?;
    let tiers = rendition::tiers(&jpeg)
        .map_err(|error| Fault::new("broken", format!("{}: {error}", item.name)))?;
    Ok(Beside {
        preview: Some(tiers.preview),
        thumb: Some(tiers.thumb),
        dimensions: Some((tiers.width, tiers.height)),
    })
}

/// A film without one is shared all the same.
fn poster(means: &Means<'_>, item: &Outgoing) -> Option<rendition::Tiers> {
    converted().find(|format| *format == item.format)?;
    let input = item.input(means.blobs, means.storage).ok()?;
    let picture = as_jpeg(item.format, &input).ok()?;
    rendition::tiers(&picture).ok()
}

fn excerpt(means: &Means<'_>, item: &Outgoing, lengths: &Lengths) -> Result<Vec<u8>, Fault> {
    let refused = |error: ExcerptError| Fault::usage("excerpt", format!("{}: {error}", item.name));
    let mut start = Zeroizing::new(Vec::new());
    item.open(means.blobs, means.storage)?
        .take(rendition::MAX_EXCERPT_SOURCE as u64)
        .read_to_end(&mut start)
        .map_err(|error| Fault::new("read", format!("{}: {error}", item.name)))?;
    let outside = match rendition::excerpt(&start, lengths) {
        Ok(cut) if means.keep_location => return Ok(cut),
        Ok(cut) => return cleaned(cut, &item.name),
        Err(ExcerptError::Outside { format }) => format,
        Err(error) => return Err(refused(error)),
    };
    drop(start);
    let (Some(container), Some(seconds)) = (container(outside), lengths.seconds) else {
        return Err(refused(ExcerptError::not_cut(outside)));
    };
    let input = item.input(means.blobs, means.storage)?;
    let cut = convert::cut(&input, container, seconds)
        .map_err(|error| Fault::of_conversion(&item.name, &error))?;
    if cut.is_empty() {
        return Err(refused(ExcerptError::not_cut(outside)));
    }
    let cut = match means.keep_location {
        true => cut,
        false => cleaned(cut, &item.name)?,
    };
    // Only now: in MP4 nobody looks between the pictures.
    let played = (outside == Format::MpegTs).then(|| as_played(&cut));
    Ok(played.flatten().unwrap_or(cut))
}

/// An excerpt as browsers play it, where it can be packed so.
fn as_played(stream: &[u8]) -> Option<Vec<u8>> {
    let input = Input::in_memory(&mut &stream[..]).ok()?;
    let packed = convert::as_mp4(&input).ok()?;
    (!packed.is_empty()).then_some(packed)
}

/// Whoever cut it, its place must be gone.
fn cleaned(cut: Vec<u8>, name: &str) -> Result<Vec<u8>, Fault> {
    match rendition::clean(&cut) {
        Ok(Cleaned::Unchanged) => Ok(cut),
        Ok(Cleaned::Changed(cleaned)) => Ok(cleaned),
        Err(_) => {
            let words = format!("{name}: its place could not be taken out of its excerpt");
            Err(Fault::usage("place", words).hint("share it with its place: --location keep"))
        }
    }
}

/// A film without its place, where it can be taken out; nothing of what is seen and heard changes.
pub(super) fn stripped(
    format: Format,
    input: impl FnOnce() -> Result<Input, Fault>,
) -> Option<Zeroizing<Vec<u8>>> {
    let container = container(format).filter(|_| Program::Ffmpeg.is_here())?;
    let film = Zeroizing::new(convert::strip(&input().ok()?, container).ok()?);
    let place = rendition::has_place_reader(&mut Cursor::new(&film), format);
    (!film.is_empty() && matches!(place, Ok(false))).then_some(film)
}

fn container(format: Format) -> Option<Container> {
    match format {
        Format::Mp4 => Some(Container::Mp4),
        Format::Mov => Some(Container::Mov),
        Format::M4a => Some(Container::M4a),
        Format::Matroska => Some(Container::Matroska),
        Format::Avi => Some(Container::Avi),
        Format::MpegTs => Some(Container::MpegTs),
        Format::Ogg => Some(Container::Ogg),
        _ => None,
    }
}
