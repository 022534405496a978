//! Matroska and WebM (RFC 9559): everything but pictures and sound is looked through for a place.

use std::io::{Read, Seek, SeekFrom};

use super::super::loose::{Signs, in_all, speaks_from_here};
use super::boxes::Stopped;
use super::{Fault, MAX_PIECES};

const HEAD: u32 = 0x1A45_DFA3;
const SEGMENT: u32 = 0x1853_8067;
const CLUSTER: u32 = 0x1F43_B675;
/// Tables of places in the file.
const CUES: u32 = 0x1C53_BB6B;
/// An element of more than this is not looked into: we then say that it may hold a place.
const MOST: u64 = 64 << 20;

/// Does it hold a place, or something of which we cannot tell?
pub(in super::super) fn survey(file: &mut (impl Read + Seek)) -> Result<bool, Stopped> {
    let end = file.seek(SeekFrom::End(0))?;
    let (mut at, mut elements) = (0, 0);
    while at < end {
        file.seek(SeekFrom::Start(at))?;
        let (id, size, head) = element(file)?;
        let begin = at + head;
        at = match (id, size) {
            // What lies in it follows.
            (SEGMENT, _) => begin,
            // Written while it was recorded: where it ends, nobody noted.
            (_, None) => return Ok(speaks_from_here(file, Signs::AmongTags)?),
            (_, Some(size)) => {
                let behind = begin.checked_add(size).filter(|behind| *behind <= end);
                let behind = behind.ok_or(Fault::Truncated)?;
                match id {
                    HEAD | CLUSTER | CUES => {}
                    _ if size > MOST => return Ok(true),
                    _ => {
                        let mut body = vec![0; size as usize];
                        file.read_exact(&mut body)?;
                        if in_all(&body, Signs::AmongTags) {
                            return Ok(true);
                        }
                    }
                }
                behind
            }
        };
        elements += 1;
        if elements > MAX_PIECES {
            return Err(Fault::Malformed("it has too many elements").into());
        }
    }
    Ok(false)
}

/// Its kind, how long it says its content is, and how long its head is (RFC 8794, 4 and 5).
fn element(file: &mut impl Read) -> Result<(u32, Option<u64>, u64), Stopped> {
    let (id, id_len, _) = number(file, true)?;
    let (size, size_len, unknown) = number(file, false)?;
    let id = u32::try_from(id).map_err(|_| Fault::Malformed("an element has no proper name"))?;
    Ok((id, (!unknown).then_some(size), id_len + size_len))
}

/// A number of its own length; whether all its bits are set. A kind keeps the mark of its length.
fn number(file: &mut impl Read, marked: bool) -> Result<(u64, u64, bool), Stopped> {
    let mut first = [0];
    file.read_exact(&mut first)?;
    let len = u64::from(first[0].leading_zeros()) + 1;
    if len > 8 {
        return Err(Fault::Malformed("an element has no length").into());
    }
    let mask = (0xFFu16 >> len) as u8;
    let mut value = u64::from(first[0] & if marked { 0xFF } else { mask });
    let mut all = first[0] & mask == mask;
    for _ in 1..len {
        file.read_exact(&mut first)?;
        value = value << 8 | u64::from(first[0]);
        all &= first[0] == 0xFF;
    }
    Ok((value, len, all))
}
