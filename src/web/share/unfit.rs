//! What cannot be shared as it was chosen, told all at once and without the words of the command line.

use minijinja::{Value, context};

use super::draft::Draft;
use crate::address::StationName;
use crate::sharing::share::{Left, Unfit, WhyUnfit};
use crate::sharing::{Fault, Household};

/// All that of a form.
pub(super) fn of(
    home: &Household,
    draft: &Draft,
    person: &StationName,
) -> Result<Vec<Unfit>, Fault> {
    let items = home.still_here(Some(person), &draft.pictures)?;
    let meant = draft.understood(home)?.meant;
    home.unfit(&draft.order(&meant, person, &items)?)
}

/// Why something that belongs to a picture stays at home. Of what would only go whole the sentence names options of the
/// command line, or how its file is made, and is another one here.
pub(super) fn stays(left: Left) -> String {
    match left.would_go_whole() {
        true => format!(
            "{} can only be given as a file to keep whole, and nobody this goes to may keep files whole",
            left.name
        ),
        false => left.words(),
    }
}

/// One line for each reason, with the names.
pub(super) fn shown(unfit: &[Unfit]) -> Vec<Value> {
    let reasons = [
        WhyUnfit::Whole,
        WhyUnfit::Name,
        WhyUnfit::Program,
        WhyUnfit::Larger,
        WhyUnfit::Large,
    ];
    let lines = reasons.into_iter().filter_map(|why| {
        let names = unfit.iter().filter(|one| one.why == why);
        let names: Vec<&str> = names.map(|one| one.name.as_str()).collect();
        let words = context! { why => why.as_str(), names => names.join(", ") };
        (!names.is_empty()).then_some(words)
    });
    lines.collect()
}
