//! Other programs that make more possible; that one is missing is no fault.

use super::finding::Finding;
use crate::card::find_gphoto;
use crate::convert::Program;

pub(super) fn look_at_gphoto() -> Finding {
    let what = "cameras that do not mount";
    match find_gphoto() {
        Some(place) => Finding::good(what, format!("{}", place.display())),
        None => Finding::good(
            what,
            "gphoto2 is not installed: memory cards alone are read",
        )
        .hint("apt install gphoto2"),
    }
}

pub(super) fn look_at_program(program: Program) -> Finding {
    let (what, without) = match program {
        Program::Ffmpeg => ("films", "no excerpts of films, and no pictures of them"),
        Program::HeifConvert => (
            "HEIC pictures",
            "they are files that can be kept, not shown",
        ),
    };
    match program.find() {
        Some(place) => Finding::good(what, format!("{}", place.display())),
        None => {
            let words = format!("{} is not installed: {without}", program.name());
            Finding::good(what, words).hint(format!("apt install {}", program.package()))
        }
    }
}
