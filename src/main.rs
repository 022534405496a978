//! The `hearthpost` command: hands its arguments to [`hearthpost::cli`], and the exit code back.

use std::process::ExitCode;

fn main() -> ExitCode {
    hearthpost::cli::run(std::env::args_os())
}
