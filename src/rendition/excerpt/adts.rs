//! AAC that is a row of frames: whole frames, and nothing around them.

use super::super::container::Fault;
use super::super::container::adts::Frame;

pub(super) fn cut(bytes: &[u8], seconds: u32) -> Result<Vec<u8>, Fault> {
    let (mut at, mut samples) = (0, 0);
    while let Some(frame) = bytes.get(at..).and_then(Frame::read) {
        samples += frame.samples;
        let enough = samples > u64::from(frame.hertz) * u64::from(seconds);
        if bytes.len() - at < frame.length || at > 0 && enough {
            break;
        }
        at += frame.length;
    }
    match at {
        0 => Err(Fault::Truncated),
        at => Ok(bytes[..at].to_vec()),
    }
}
