//! What the demonstration says, line after line.

use std::io::Write;

use crate::sharing::Fault;

/// Says things, or fails as one.
pub(super) struct Voice<'o>(pub &'o mut dyn Write);

impl Voice<'_> {
    pub fn say(&mut self, text: impl std::fmt::Display) -> Result<(), Fault> {
        let done = writeln!(self.0, "{text}").and_then(|()| self.0.flush());
        done.map_err(|error| Fault::new("output", format!("the output ended: {error}")))
    }
}
