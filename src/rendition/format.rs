//! Which format do these bytes have? Answered from the first bytes alone, never from a name or a
//! sender's claim.

use std::fmt;

use super::SNIFF_LENGTH;
use super::container::adts;
use super::container::mpegts;
use super::container::tiff::Tiff;

/// A file format, as far as it matters here. [`Other`](Format::Other) is everything we know nothing
/// about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG, the only picture format we write.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// WebP, lossy, lossless or animated.
    WebP,
    /// GIF; only its first frame is rendered.
    Gif,
    /// TIFF with 32-bit offsets.
    Tiff,
    /// A camera's raw file, or another relative of TIFF that we do not render (BigTIFF).
    Raw,
    /// HEIF with HEVC; not rendered here.
    Heic,
    /// HEIF with AV1; not rendered here.
    Avif,
    /// JPEG XL; not rendered here.
    Jxl,
    /// MP4 and its relatives, such as 3GP.
    Mp4,
    /// QuickTime.
    Mov,
    /// MPEG-4 with sound alone.
    M4a,
    /// Matroska and WebM.
    Matroska,
    /// Audio Video Interleave, as older cameras write it.
    Avi,
    /// A transport stream, as camcorders write it.
    MpegTs,
    /// MPEG audio.
    Mp3,
    /// AAC in frames of its own (ADTS); in boxes it is [`M4a`](Format::M4a).
    Aac,
    /// Ogg: Vorbis, Opus.
    Ogg,
    /// FLAC.
    Flac,
    /// RIFF WAVE.
    Wav,
    /// PDF.
    Pdf,
    /// Text without control characters: UTF-8, UTF-16 that says so, or one byte a letter.
    Text,
    /// None of these.
    Other,
}

impl Format {
    const ALL: [Format; 23] = [
        Format::Jpeg,
        Format::Png,
        Format::WebP,
        Format::Gif,
        Format::Tiff,
        Format::Raw,
        Format::Heic,
        Format::Avif,
        Format::Jxl,
        Format::Mp4,
        Format::Mov,
        Format::M4a,
        Format::Matroska,
        Format::Avi,
        Format::MpegTs,
        Format::Mp3,
        Format::Aac,
        Format::Ogg,
        Format::Flac,
        Format::Wav,
        Format::Pdf,
        Format::Text,
        Format::Other,
    ];

    /// Names the format of a file by its first bytes; up to [`SNIFF_LENGTH`] of them help.
    pub fn sniff(first_bytes: &[u8]) -> Format {
        let b = &first_bytes[..first_bytes.len().min(SNIFF_LENGTH)];
        let at = |offset: usize, magic: &[u8]| {
            b.get(offset..).is_some_and(|rest| rest.starts_with(magic))
        };
        match () {
            _ if at(0, b"\xFF\xD8\xFF") => Format::Jpeg,
            _ if at(0, b"\x89PNG\r\n\x1A\n") => Format::Png,
            _ if at(0, b"RIFF") && at(8, b"WEBP") => Format::WebP,
            _ if at(0, b"RIFF") && at(8, b"WAVE") => Format::Wav,
            _ if at(0, b"RIFF") && at(8, b"AVI ") => Format::Avi,
            _ if at(0, b"GIF87a") || at(0, b"GIF89a") => Format::Gif,
            _ if at(0, b"II*\0") || at(0, b"MM\0*") => tiff_or_raw(b),
            _ if [
                &b"II+\0"[..],
                b"MM\0+",
                b"IIU\0",
                b"IIRO",
                b"IIRS",
                b"MMOR",
                b"FUJIFILMCCD-RAW",
                // Canon's of before TIFF, Minolta's, Sigma's.
                b"II\x1A\0\0\0HEAPCCDR",
                b"\0MRM",
                b"FOVb",
            ]
            .iter()
            .any(|m| at(0, m)) =>
            {
                Format::Raw
            }
            _ if at(4, b"ftyp") => by_brand(b),
            _ if at(0, b"\0\0\0\x0CJXL \r\n\x87\n") || at(0, b"\xFF\x0A") => Format::Jxl,
            // QuickTime from before `ftyp` starts with one of its other boxes.
            _ if [&b"moov"[..], b"mdat", b"wide", b"pnot"]
                .iter()
                .any(|kind| at(4, kind)) =>
            {
                Format::Mov
            }
            _ if at(0, b"\x1A\x45\xDF\xA3") => Format::Matroska,
            _ if at(0, b"ID3") || mpeg_audio(b) => Format::Mp3,
            _ if adts::Frame::begins(b) => Format::Aac,
            _ if at(0, b"OggS") => Format::Ogg,
            _ if at(0, b"fLaC") => Format::Flac,
            _ if at(0, b"%PDF-") => Format::Pdf,
            _ if text(b) => Format::Text,
            _ if mpegts::layout(b).is_some() => Format::MpegTs,
            _ => Format::Other,
        }
    }

    /// The media type under which such bytes may be named to a browser.
    pub fn media_type(&self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::WebP => "image/webp",
            Format::Gif => "image/gif",
            Format::Tiff => "image/tiff",
            Format::Raw => "image/x-raw",
            Format::Heic => "image/heic",
            Format::Avif => "image/avif",
            Format::Jxl => "image/jxl",
            Format::Mp4 => "video/mp4",
            Format::Mov => "video/quicktime",
            Format::M4a => "audio/mp4",
            Format::Matroska => "video/x-matroska",
            Format::Avi => "video/x-msvideo",
            Format::MpegTs => "video/mp2t",
            Format::Mp3 => "audio/mpeg",
            Format::Aac => "audio/aac",
            Format::Ogg => "audio/ogg",
            Format::Flac => "audio/flac",
            Format::Wav => "audio/wav",
            Format::Pdf => "application/pdf",
            Format::Text => "text/plain",
            Format::Other => "application/octet-stream",
        }
    }

    /// The format whose files are named so by [`media_type`](Format::media_type).
    pub fn of_media_type(name: &str) -> Format {
        Self::ALL
            .into_iter()
            .find(|format| format.media_type() == name)
            .unwrap_or(Format::Other)
    }

    /// Do browsers play it, as far as the format alone tells?
    pub fn is_played(&self) -> bool {
        matches!(
            self,
            Format::Mp3
                | Format::Aac
                | Format::M4a
                | Format::Ogg
                | Format::Flac
                | Format::Wav
                | Format::Mp4
                | Format::Mov
                | Format::Matroska
        )
    }

    /// Is it a film that no browser plays?
    pub fn is_unplayed_film(&self) -> bool {
        matches!(self, Format::Avi | Format::MpegTs)
    }

    /// Is this a picture that [`render`](super::render) and [`tiers`](super::tiers) can make?
    pub fn decodable(&self) -> bool {
        matches!(
            self,
            Format::Jpeg | Format::Png | Format::WebP | Format::Gif | Format::Tiff
        )
    }

    /// Is it a picture in boxes, whose place can be written over?
    pub fn boxed_picture(&self) -> bool {
        matches!(self, Format::Heic | Format::Avif)
    }

    /// Is its place taken out by [`clean`](super::clean), though it is no picture that is decoded?
    pub fn cleaned(&self) -> bool {
        self.boxed_picture()
            || matches!(self, Format::Mp3 | Format::Flac | Format::Wav | Format::Pdf)
    }

    /// Is it made of ISO media boxes, so that [`has_place_reader`](super::has_place_reader) can
    /// look into it?
    pub fn boxed(&self) -> bool {
        matches!(
            self,
            Format::Heic | Format::Avif | Format::Jxl | Format::Mp4 | Format::Mov | Format::M4a
        )
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Jpeg => "JPEG",
            Format::Png => "PNG",
            Format::WebP => "WebP",
            Format::Gif => "GIF",
            Format::Tiff => "TIFF",
            Format::Raw => "camera raw",
            Format::Heic => "HEIC",
            Format::Avif => "AVIF",
            Format::Jxl => "JPEG XL",
            Format::Mp4 => "MP4",
            Format::Mov => "QuickTime",
            Format::M4a => "M4A",
            Format::Matroska => "Matroska",
            Format::Avi => "AVI",
            Format::MpegTs => "MPEG-TS",
            Format::Mp3 => "MP3",
            Format::Aac => "AAC",
            Format::Ogg => "Ogg",
            Format::Flac => "FLAC",
            Format::Wav => "WAV",
            Format::Pdf => "PDF",
            Format::Text => "text",
            Format::Other => "unknown",
        })
    }
}

/// The format, where the first bytes alone cannot tell a TIFF from a camera's raw file.
pub(super) fn whole_format(bytes: &[u8]) -> Format {
    match Format::sniff(bytes) {
        Format::Tiff if Tiff::parse(bytes).is_ok_and(|tiff| tiff.is_raw()) => Format::Raw,
        format => format,
    }
}

/// Raw files of several makers are TIFF whose first picture is only a small preview.
fn tiff_or_raw(b: &[u8]) -> Format {
    if b.get(8..10) == Some(b"CR") {
        return Format::Raw;
    }
    // The directory may lie beyond what we were given: then `examine` and `clean` look again at the
    // whole file.
    match Tiff::parse(b) {
        Ok(tiff) if tiff.is_raw() => Format::Raw,
        _ => Format::Tiff,
    }
}

fn by_brand(b: &[u8]) -> Format {
    let size = b
        .first_chunk()
        .map_or(0, |size| u32::from_be_bytes(*size) as usize);
    let brands = b.get(8..size.min(b.len())).unwrap_or_default();
    let major = brands.get(..4).unwrap_or_default();
    let compatible = |wanted: &[u8]| brands.chunks_exact(4).skip(2).any(|brand| brand == wanted);
    match major {
        b"avif" | b"avis" => Format::Avif,
        b"mif1" | b"msf1" if compatible(b"avif") || compatible(b"avis") => Format::Avif,
        b"mif1" | b"msf1" | b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif2" => {
            Format::Heic
        }
        b"crx " => Format::Raw,
        b"qt  " => Format::Mov,
        b"M4A " | b"M4B " | b"M4P " => Format::M4a,
        _ => Format::Mp4,
    }
}

/// A frame header of MPEG audio, layer 3, with nothing reserved in it.
fn mpeg_audio(b: &[u8]) -> bool {
    let Some(&[sync, layer, rate, _]) = b.first_chunk::<4>() else {
        return false;
    };
    sync == 0xFF
        && layer & 0xE6 == 0xE2
        && layer & 0x18 != 0x08
        && rate & 0xF0 != 0xF0
        && rate & 0x0C != 0x0C
}

fn text(b: &[u8]) -> bool {
    match (b, std::str::from_utf8(b)) {
        ([], _) => false,
        (_, Ok(whole)) => whole.chars().all(is_written),
        // The last character may be cut in two where the first bytes end.
        (_, Err(e)) if e.error_len().is_none() && e.valid_up_to() > 0 => {
            std::str::from_utf8(&b[..e.valid_up_to()])
                .unwrap_or_default()
                .chars()
                .all(is_written)
        }
        ([0xFF, 0xFE, pairs @ ..], _) => wide_text(pairs, u16::from_le_bytes),
        ([0xFE, 0xFF, pairs @ ..], _) => wide_text(pairs, u16::from_be_bytes),
        // One byte a letter: above ASCII each of them is one, in this table or that.
        _ => b
            .iter()
            .all(|&byte| byte >= 0x80 || is_written(char::from(byte))),
    }
}

/// UTF-16; the last character may be cut in two.
fn wide_text(bytes: &[u8], pair: fn([u8; 2]) -> u16) -> bool {
    let pairs = bytes.chunks_exact(2).map(|two| pair([two[0], two[1]]));
    let count = bytes.len() / 2;
    let mut read = char::decode_utf16(pairs).enumerate().peekable();
    read.peek().is_some()
        && read.all(|(at, character)| match character {
            Ok(character) => is_written(character),
            Err(_) => at + 1 == count,
        })
}

fn is_written(c: char) -> bool {
    !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\x0C')
}
