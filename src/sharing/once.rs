//! What a program asks for with a key of its own is done once, however often it asks.
//!
//! That it is begun is on disk before it is: where the machine dies between deed and note, nobody knows, and what is asked
//! again is refused with words rather than done twice.

use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::envelope::Digest;

/// How long an answer is kept, in seconds.
const KEPT: u64 = 86_400;
/// The longest key, in characters.
const LONGEST: usize = 200;

impl Household {
    /// Does `work` and keeps its answer, a JSON document; or gives the answer that was kept for that key of the person's
    /// programs. `request` is of all that is asked for: the same key with another one is refused. Without a key it is done.
    pub fn once(
        &mut self,
        station: &StationName,
        key: Option<&str>,
        request: Digest,
        now: Now,
        work: impl FnOnce(&mut Household) -> Result<String, Fault>,
    ) -> Result<String, Fault> {
        let Some(key) = key else {
            return work(self);
        };
        let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || !(1..=LONGEST).contains(&key.len()) {
            let words = "an Idempotency-Key has 1 to 200 of the signs from ! to ~";
            return Err(Fault::usage("key", words));
        }
        let before = self.album.commit(|rows| {
            rows.forget_asked_once(now.floor.minus_seconds(KEPT))?;
            let before = rows.asked_once(station, key)?;
            if before.is_none() {
                rows.begin_once(station, key, request, now.now)?;
            }
            Ok::<_, Fault>(before)
        })?;
        if let Some(before) = before {
            if before.request != request {
                let words = "This Idempotency-Key was used for something else.";
                return Err(Fault::new("another_request", words)
                    .hint("give each new request a key of its own"));
            }
            return before.answer.ok_or_else(|| {
                let words = "This was begun before, and has not ended yet.";
                Fault::new("begun", words)
                    .hint("ask again in a while; if it stays so, look whether it was done, and use another key")
            });
        }
        let done = work(self);
        self.album.commit(|rows| match &done {
            Ok(answer) => rows.answer_once(station, key, answer),
            // Nothing of it was done, or what was is found when it is asked for again.
            Err(_) => rows.forget_once(station, key),
        })?;
        done
    }
}
