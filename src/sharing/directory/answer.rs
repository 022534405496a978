//! What the directory has for one thing that was looked for.

use super::Found;
use crate::encoding::Timestamp;
use crate::sharing::Fault;
use crate::sharing::words::english_time;

/// The households for one of the things that were looked for.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was looked for.
    pub what: String,
    /// The households.
    pub found: Vec<Found>,
    /// Of when that is, where the directory is of no use now.
    pub as_of: Option<Timestamp>,
    /// Why it is of no use.
    pub trouble: Option<Fault>,
}

impl Answer {
    /// Of when it is, where the directory is of no use now.
    pub fn note(&self) -> Option<String> {
        let trouble = self.trouble.as_ref()?;
        Some(match self.as_of {
            Some(at) => format!(
                "{}; what it said {} is used",
                trouble.message,
                english_time(at)
            ),
            None => trouble.message.clone(),
        })
    }

    /// The answer, or why there is none at all.
    pub fn or_trouble(self) -> Result<Self, Fault> {
        match (self.as_of, &self.trouble) {
            (None, Some(trouble)) => Err(trouble.clone()),
            _ => Ok(self),
        }
    }
}
