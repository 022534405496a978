//! In which language a request is answered: as the browser says, unless somebody chose one.

use crate::encoding::Timestamp;
use crate::sharing::listing::{show_day, show_day_taken, show_taken, show_time};
use crate::words;

tokio::task_local! {
    static SPOKEN: words::Language;
}

/// Answers a request in this language: what its handler asks of the household, and what it says itself.
pub(super) async fn speaking<F: Future>(language: words::Language, answer: F) -> F::Output {
    SPOKEN.scope(language, answer).await
}

/// The language in which this request is answered; English for a program.
pub(super) fn spoken() -> words::Language {
    SPOKEN.try_with(|language| *language).unwrap_or_default()
}

/// A time for whoever asks.
pub(super) fn shown_time(time: Timestamp) -> String {
    show_time(spoken(), time)
}

/// A day for whoever asks.
pub(super) fn shown_day(time: Timestamp) -> String {
    show_day(spoken(), time)
}

/// When something ends, for whoever asks: the day, and the minute too where less than two days are left.
pub(super) fn shown_end(end: Timestamp, now: Timestamp) -> String {
    match end <= now.plus_seconds(2 * 86_400) {
        true => shown_time(end),
        false => shown_day(end),
    }
}

/// The day of a picture's own time, and that time, for whoever asks.
pub(super) fn shown_taken(taken: Option<&str>) -> (Option<String>, Option<String>) {
    let day = taken.and_then(|taken| show_day_taken(spoken(), taken));
    let time = taken.and_then(|taken| show_taken(spoken(), taken));
    (day, time)
}

/// An English sentence of a fault for whoever asks.
pub(super) fn retold(english: &str) -> String {
    words::retell(spoken(), english)
}
