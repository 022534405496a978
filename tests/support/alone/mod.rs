//! A test that is run once more by itself, where the programs are those of a folder of its own: what lies in `PATH` is the
//! whole process's.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Tells the test that it runs so.
const FOLDER: &str = "HEARTHPOST_TEST_ALONE";

/// The folder, which `fill` filled, and behind which these others stand; `None`: the test ran, and was well.
pub fn alone(test: &str, others: &str, fill: impl FnOnce(&Path)) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(folder.into());
    }
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path());
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "--nocapture", test])
        .env(FOLDER, folder.path())
        .env("PATH", format!("{}:{others}", folder.path().display()))
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{why}");
    assert!(said.contains("1 passed"), "{said}");
    None
}
