//! Other programs that are asked about files: within bounds.

use std::os::unix::fs::PermissionsExt;

use crate::command::{House, command};

#[test]
fn a_program_that_reads_a_picture_has_bounds_of_memory_and_time() {
    let (a, b) = (House::new("a"), House::new("b"));
    a.add(&b);
    let picture = include_bytes!("../fixtures/pictures/place.heic");
    std::fs::write(a.path("lake.heic"), picture).expect("a file");
    // It waits for its bounds, says them, and takes more memory than it may.
    let (bin, said) = (a.path("bin"), a.path("said"));
    let program = format!(
        "#!/bin/sh\nuntil [ \"$(ulimit -t)\" != unlimited ]; do :; done\n\
         exec >{}\nulimit -v\nulimit -t\n\
         dd if=/dev/null of=/dev/null bs=5G count=1 && echo taken\nexit 1\n",
        said.display()
    );
    std::fs::create_dir(&bin).expect("a folder");
    let place = bin.join("heif-convert");
    std::fs::write(&place, program).expect("a file");
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&place, runs).expect("it may run");
    let mut share = command(a.folder.path());
    share.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    share.args(["--config", "hearthpost.toml", "share", "lake.heic"]);
    share.args(["--yes", "--display=640", "--to", &b.mailbox]);
    let shared = share.output().expect("it starts");
    let said = std::fs::read_to_string(said).unwrap_or_else(|_| panic!("{shared:?}"));
    let four_gib_of_kib = 4 << 20;
    assert_eq!(said, format!("{four_gib_of_kib}\n240\n"));
    // What it could not read is said, and nothing goes.
    assert_ne!(shared.status.code(), Some(0), "{shared:?}");
    let words = String::from_utf8_lossy(&shared.stderr).into_owned();
    assert!(words.contains("heif-convert"), "{words}");
}
