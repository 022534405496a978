//! stub
use crate::sharing::Fault;
use std::path::PathBuf;
/// stub
pub fn run(_: Option<PathBuf>, _: bool) -> Result<(), Fault> {
    Err(Fault::new("not_yet", "stub"))
}
