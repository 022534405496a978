//! MPEG transport streams (ISO/IEC 13818-1), as camcorders write them (AVCHD): packets of 188 bytes, or of 192 with a time
//! before each. What goes together is put together again and looked through for a place: a camcorder writes its position
//! between the pictures, cut in two wherever a packet ends.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};

use super::super::loose::{Look, Signs, in_all};
use super::be16;
use super::boxes::Stopped;

/// The first byte of each packet.
const SYNC: u8 = 0x47;
const PACKET: usize = 188;
/// Where the first packet begins, and how far it is to the next.
const LAYOUTS: [(usize, usize); 2] = [(0, PACKET), (4, 192)];
/// So many packets in a row are chance no more.
const LEAST: usize = 5;
/// From how many bytes at the beginning it is told where packets lie.
const FIRST: u64 = 4096;
/// Packets that are read at once.
const AT_ONCE: usize = 4096;
/// More streams than that are not told apart.
const MOST_STREAMS: usize = 64;

/// The table of programs.
const PROGRAMS: u16 = 0;
/// Tables of the standards, and packets of nothing (13818-1, table 2-3; ETSI EN 300 468, table 1).
const TABLES: std::ops::RangeInclusive<u16> = 0..=0x1F;
const NOTHING: u16 = 0x1FFF;

/// What a stream holds that is a picture or sound (13818-1, table 2-34; those of ATSC and of discs, whose writing is drawn).
const SEEN_AND_HEARD: [u8; 28] = [
    0x01, 0x02, 0x03, 0x04, 0x0F, 0x10, 0x11, 0x1B, 0x1C, 0x20, 0x21, 0x24, 0x33, 0x42, 0x80, 0x81,
    0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x90, 0xA1, 0xA2, 0xD1, 0xD2, 0xEA,
];

/// Where its packets lie, if it is one: where the first begins, and how far it is to the next.
pub(in super::super) fn layout(first_bytes: &[u8]) -> Option<(usize, usize)> {
    let is_so = |(offset, step): &(usize, usize)| {
        let marks = || first_bytes.iter().skip(*offset).step_by(*step);
        marks().count() >= LEAST && marks().all(|mark| *mark == SYNC)
    };
    LAYOUTS.into_iter().find(is_so)
}

/// Does it hold a place, or something of which we cannot tell?
pub(in super::super) fn survey(file: &mut (impl Read + Seek)) -> Result<bool, Stopped> {
    file.seek(SeekFrom::Start(0))?;
    let mut held = Vec::new();
    file.by_ref().take(FIRST).read_to_end(&mut held)?;
    let Some((offset, step)) = layout(&held) else {
        return Ok(true);
    };
    let mut streams = Streams::default();
    loop {
        let mut packets = held.chunks_exact(step);
        if packets.any(|packet| streams.take(&packet[offset..]).is_none()) {
            return Ok(true);
        }
        let whole = held.len() - held.len() % step;
        held.drain(..whole);
        let before = held.len();
        let more = (AT_ONCE * step) as u64;
        file.by_ref().take(more).read_to_end(&mut held)?;
        if held.len() == before {
            return Ok(in_all(&held, Signs::Anywhere) || streams.tell());
        }
    }
}

/// The streams of one file.
#[derive(Default)]
struct Streams {
    /// What is carried, of each by its number.
    looks: BTreeMap<u16, Look>,
    /// The tables that say what the others are, as far as they have come.
    tables: BTreeMap<u16, Vec<u8>>,
    /// What is known to be a table, a picture or sound.
    known: BTreeSet<u16>,
}

impl Streams {
    /// One packet; `None`: it tells a place, or what it is cannot be told.
    fn take(&mut self, packet: &[u8]) -> Option<()> {
        let (head, rest) = packet.split_at_checked(4)?;
        // Under a key, it cannot be looked into.
        (head[0] == SYNC && head[3] & 0xC0 == 0).then_some(())?;
        let stream = be16(head, 1)? & 0x1FFF;
        let (has_more, has_payload) = (head[3] & 0x20 != 0, head[3] & 0x10 != 0);
        let payload = match has_more {
            true => {
                let (adapted, payload) = rest[1..].split_at_checked(usize::from(rest[0]))?;
                // Bytes of a maker.
                let private = adapted.first().is_some_and(|flags| flags & 0x02 != 0);
                (!private).then_some(payload)?
            }
            false => rest,
        };
        if !has_payload {
            return Some(());
        }
        if self.looks.len() >= MOST_STREAMS && !self.looks.contains_key(&stream) {
            return None;
        }
        let look = self.looks.entry(stream);
        let look = look.or_insert_with(|| Look::new(Signs::Anywhere));
        (!look.more(payload)).then_some(())?;
        if stream == PROGRAMS || self.tables.contains_key(&stream) {
            self.read_table(stream, payload, head[1] & 0x40 != 0)?;
        }
        Some(())
    }

    /// A piece of a table; `begins`: a section begins in it.
    fn read_table(&mut self, stream: u16, payload: &[u8], begins: bool) -> Option<()> {
        let table = self.tables.entry(stream).or_default();
        match begins {
            true => {
                let (before, rest) = payload.split_first()?;
                *table = rest.get(usize::from(*before)..)?.to_vec();
            }
            // In the middle of one whose beginning was not seen.
            false if table.is_empty() => return Some(()),
            false => table.extend(payload),
        }
        let length = usize::from(be16(table, 1)? & 0x0FFF);
        let Some(section) = table.get(..3 + length) else {
            return Some(());
        };
        // The last four bytes are a sum of the others.
        let body = section.get(8..section.len().checked_sub(4)?)?.to_vec();
        match section[0] {
            0x00 => {
                for program in body.chunks_exact(4) {
                    let stream = be16(program, 2)? & 0x1FFF;
                    self.tables.entry(stream).or_default();
                }
            }
            0x02 => self.read_program(&body)?,
            _ => {}
        }
        Some(())
    }

    /// What the streams of a program are.
    fn read_program(&mut self, body: &[u8]) -> Option<()> {
        self.known.insert(be16(body, 0)? & 0x1FFF);
        let described = usize::from(be16(body, 2)? & 0x0FFF);
        let mut rest = body.get(4 + described..)?;
        while !rest.is_empty() {
            let stream = be16(rest, 1)? & 0x1FFF;
            let described = usize::from(be16(rest, 3)? & 0x0FFF);
            // What anything else is, a track of positions it may be.
            SEEN_AND_HEARD.contains(&rest[0]).then_some(())?;
            self.known.insert(stream);
            rest = rest.get(5 + described..)?;
        }
        Some(())
    }

    /// Whether there is a place in what has come, or a stream of which nobody says what it is.
    fn tell(self) -> bool {
        let Streams {
            looks,
            tables,
            known,
        } = self;
        looks.into_iter().any(|(stream, look)| {
            let is_known = TABLES.contains(&stream)
                || stream == NOTHING
                || tables.contains_key(&stream)
                || known.contains(&stream);
            !is_known || look.end()
        })
    }
}
