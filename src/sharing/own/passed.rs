//! Items of which no picture came for a reason that may be over another time: no memory, a program that was ended or took
//! too long, a file that the disk did not give. Nothing of that is noted of them; this process makes none of them again
//! while nobody waits for it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::convert::ConvertError;

/// By reference, which no two households share; with the words of what took too long, for whoever asks again.
static PASSED: Mutex<BTreeMap<String, Option<String>>> = Mutex::new(BTreeMap::new());

/// Passes over an item.
pub(super) fn pass_over(reference: &str, why: Option<&ConvertError>) {
    let slow = why.filter(|error| matches!(error, ConvertError::TooSlow(_)));
    let words = slow.map(ConvertError::to_string);
    passed().insert(reference.to_owned(), words);
}

/// Whether an item was passed over.
pub(super) fn is_passed_over(reference: &str) -> bool {
    passed().contains_key(reference)
}

/// How many were.
pub(super) fn count() -> usize {
    passed().len()
}

/// Why a program is not asked again even where somebody waits: it took too long.
pub(super) fn too_slow(reference: &str) -> Option<String> {
    passed().get(reference).cloned().flatten()
}

fn passed() -> MutexGuard<'static, BTreeMap<String, Option<String>>> {
    // Each is as good after a panic as before.
    PASSED.lock().unwrap_or_else(|broken| broken.into_inner())
}
