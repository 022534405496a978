//! What looking at a household comes to, thing by thing.

use serde::Serialize;

use crate::sharing::Fault;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// Whether it is as it should be.
    pub good: bool,
    /// What was found.
    pub words: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    pub(super) fn good(what: &'static str, words: impl Into<String>) -> Self {
        Finding {
            what,
            good: true,
            words: words.into(),
            hint: None,
        }
    }

    pub(super) fn bad(
        what: &'static str,
        words: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Finding {
            what,
            good: false,
            words: words.into(),
            hint: Some(hint.into()),
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Something that failed.
    pub fn of_fault(what: &'static str, fault: &Fault) -> Self {
        Finding {
            what,
            good: false,
            words: fault.message.clone(),
            hint: fault.hint.clone(),
        }
    }
}
