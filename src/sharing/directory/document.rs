//! How what the directory answered is written as JSON, by the command line and by the interface for programs.

use serde::Serialize;
use utoipa::ToSchema;

use super::Found;
use super::answer::Answer;
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::sharing::listing::clean_line;

/// The households that the directory has for something.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = InDirectory)]
pub struct AnswerDocument {
    /// The households.
    pub households: Vec<FoundDocument>,
    /// Of when that is, where the directory does not answer now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, required = false)]
    pub as_of: Option<Timestamp>,
}

/// A household of the directory, by what its certificates say.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FoundHousehold)]
pub struct FoundDocument {
    /// Where mail for it goes.
    #[schema(value_type = String)]
    pub mailbox: Mailbox,
    /// What it calls itself.
    pub name: String,
    /// Of its identity.
    pub fingerprint: String,
    /// The same in words, to compare.
    pub comparing_words: String,
    /// The key words that the directory has for it.
    pub words: Vec<String>,
    /// It is known here.
    pub known: bool,
    /// Another household is known here at that mailbox: the directory is wrong, or somebody means ill.
    pub differs: bool,
}

impl From<Answer> for AnswerDocument {
    fn from(answer: Answer) -> Self {
        AnswerDocument {
            households: answer.found.into_iter().map(FoundDocument::from).collect(),
            as_of: answer.as_of,
        }
    }
}

impl From<Found> for FoundDocument {
    fn from(found: Found) -> Self {
        let who = found.card.identity.fingerprint();
        FoundDocument {
            mailbox: found.mailbox,
            name: clean_line(&found.name),
            fingerprint: who.to_string(),
            comparing_words: who.words(),
            words: found.words,
            known: found.known,
            differs: found.differs,
        }
    }
}
