//! What belongs to a picture and stays at home all the same.

use super::plan::CannotYet;
use crate::rendition::ExcerptError;

/// Something that belongs to a picture and stays at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The name of its file; of a clip inside a picture, that of the picture.
    pub name: String,
    pub(in crate::sharing) why: WhyLeft,
}

/// Why it stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sharing) enum WhyLeft {
    /// The rules cannot be carried out for it.
    Rules(CannotYet),
    /// Its place cannot be taken out, in words.
    Place(String),
    /// It is a clip that goes only where the file of its picture is kept, and nobody may.
    Clip,
}

impl Left {
    /// Why, as a sentence, with the way out at the command line.
    pub fn words(&self) -> String {
        let name = &self.name;
        match &self.why {
            WhyLeft::Rules(cannot) => cannot.words(name),
            WhyLeft::Place(words) => format!("{name}: {words}"),
            WhyLeft::Clip => format!(
                "the clip inside {name} can only be given as a file to keep whole, and nobody this goes to may keep files whole"
            ),
        }
    }

    /// Whether it would go to somebody who may keep its file whole, so that what stands in the way is how that file is made.
    pub fn would_go_whole(&self) -> bool {
        match &self.why {
            WhyLeft::Rules(CannotYet::Excerpt(error)) => {
                matches!(error, ExcerptError::NoLength { .. })
            }
            WhyLeft::Rules(_) => true,
            WhyLeft::Place(_) | WhyLeft::Clip => false,
        }
    }
}
