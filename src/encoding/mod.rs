//! Text forms of bytes, times and JSON fields, each with exactly one way to write it (PROTOCOL 1).
//!
//! Everything that goes over the wire is signed as bytes, so a reader that accepts two spellings of one value is a
//! hole. Nothing here knows what the values mean.

mod binary;
mod field;
mod json;
mod time;

pub use binary::{
    BodyDecoder, base32_of, base64_body, base64_of, hex_of, parse_base32, parse_base64, parse_hex,
};
pub use binary::{decode_base64_body, encoded_body_len};
pub(crate) use field::serde_as_text;
pub use field::{
    bounded_text, empty, name_text, non_empty, non_empty_up_to, nullable, nullable_list, present,
    short, truth, unique, unique_map, unique_map_or_empty, unique_up_to,
};
pub use json::{Integer, JsonError, parse_object};
pub use time::{Period, TimeError, Timestamp};
