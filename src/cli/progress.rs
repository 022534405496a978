//! A bar while files are read, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::Output;
use super::words::{retold, tell};
use crate::sharing::listing::clean_line;
use crate::sharing::own::import::Progress;

/// The bar; it is gone from the terminal when it is dropped.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar on standard error, or none where that is no terminal or a program reads the results.
    pub fn new(output: Output) -> Self {
        let target = if output.is_json() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let of = tell!("cli-bar");
        let style = ProgressStyle::with_template(&format!(
            "{{bar:30}} {{bytes}} {of} {{total_bytes}}  {{msg}}"
        ));
        let bar = ProgressBar::with_draw_target(None, target);
        Bar(match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    /// Shows how far the work is.
    pub fn show(&mut self, progress: &Progress) {
        self.0.set_length(progress.total);
        self.0.set_position(progress.done);
        // What is no file, such as a second reading, is said in words.
        self.0.set_message(retold(&clean_line(&progress.file)));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
