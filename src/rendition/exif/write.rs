//! A directory of TIFF, written big-endian. It only ever holds a few short fields.

use super::tag;

/// One entry to be written, big-endian.
pub(super) struct Field {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

impl Field {
    pub fn text(tag: u16, text: &str) -> Self {
        let value: Vec<u8> = text.bytes().chain([0]).collect();
        Self {
            tag,
            kind: 2,
            count: value.len() as u32,
            value,
        }
    }

    pub fn pointer(tag: u16, at: usize) -> Self {
        Self {
            tag,
            kind: 4,
            count: 1,
            value: (at as u32).to_be_bytes().to_vec(),
        }
    }

    pub fn orientation(value: u8) -> Self {
        Self {
            tag: tag::ORIENTATION,
            kind: 3,
            count: 1,
            value: vec![0, value, 0, 0],
        }
    }
}

/// How long [`write_ifd`] makes it, without what it is given to point to.
pub(super) fn size_of_ifd(fields: &[Field]) -> usize {
    let beside: usize = fields
        .iter()
        .map(|f| f.value.len())
        .filter(|len| *len > 4)
        .map(|len| len + len % 2)
        .sum();
    2 + fields.len() * 12 + 4 + beside
}

/// Appends a directory, the last of its chain, and its longer values right behind it.
pub(super) fn write_ifd(block: &mut Vec<u8>, fields: &[Field]) {
    let mut beside = Vec::new();
    let base = block.len() + 2 + fields.len() * 12 + 4;
    block.extend_from_slice(&(fields.len() as u16).to_be_bytes());
    for field in fields {
        block.extend_from_slice(&field.tag.to_be_bytes());
        block.extend_from_slice(&field.kind.to_be_bytes());
        block.extend_from_slice(&field.count.to_be_bytes());
        if field.value.len() <= 4 {
            let mut inside = field.value.clone();
            inside.resize(4, 0);
            block.extend_from_slice(&inside);
        } else {
            block.extend_from_slice(&((base + beside.len()) as u32).to_be_bytes());
            beside.extend_from_slice(&field.value);
            beside.resize(beside.len() + field.value.len() % 2, 0);
        }
    }
    block.extend_from_slice(&[0; 4]);
    block.append(&mut beside);
}
