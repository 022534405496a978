//! Servers that one test has for itself, so that it can stop them.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::Pair;

/// A pair of its own, which ends with it.
pub struct OwnPair {
    pub pair: Pair,
    folder: TempDir,
}

impl OwnPair {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // The servers' own users go in there.
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).expect("an open folder");
        let said = script("start", &folder);
        let pair = Pair(serde_json::from_str(&said).expect("JSON"));
        OwnPair { pair, folder }
    }

    /// Both end, and nobody answers any more.
    pub fn stop(&self) {
        script("stop", &self.folder);
    }

    /// Starts again what was stopped, at the same ports and with all the mail.
    pub fn again(&self) {
        script("again", &self.folder);
    }
}

impl Drop for OwnPair {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What it says.
fn script(verb: &str, folder: &TempDir) -> String {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testmail/pair");
    let mut command = Command::new(script);
    let ran = command.arg(verb).arg(folder.path()).arg("1").output();
    let ran = ran.expect("a shell");
    let trouble = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success(),
        "Dovecot and Postfix are needed, as root: {trouble}"
    );
    String::from_utf8_lossy(&ran.stdout).into_owned()
}
