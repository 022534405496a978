//! What is printed, and where: results on standard output, as text or as one JSON document; everything else on
//! standard error. A reader that went away is no fault.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use serde::Serialize;

use super::words::{retold, tell};
use crate::sharing::Fault;

/// So many bytes of a document are written at once.
const BUFFER: usize = 64 << 10;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

#[derive(Serialize)]
struct Failure<'a> {
    error: Reason<'a>,
}

#[derive(Serialize)]
struct Reason<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

impl Output {
    /// As JSON, or in words.
    pub fn new(json: bool) -> Self {
        Output { json }
    }

    /// Whether a program reads the results.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints a result: the document itself, or the text that `words` makes of it.
    pub fn print<T: Serialize>(
        self,
        document: &T,
        words: impl FnOnce(&T) -> String,
    ) -> Result<(), Fault> {
        let written = match self.json {
            true => write_document(document),
            false => write_out(&words(document)),
        };
        written
            .map_err(|error| Fault::new("output", format!("the result cannot be written: {error}")))
    }

    /// Says something beside the result.
    pub fn note(self, line: &str) {
        // Where standard error is closed nobody is left to be told.
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// Says what could not be done and what to do, and gives the exit code.
    pub fn fault(self, fault: &Fault) -> ExitCode {
        let words = tell!("cli-error", words = retold(&fault.message));
        self.note(&words);
        if let Some(hint) = &fault.hint {
            self.note(&tell!("cli-hint", words = retold(hint)));
        }
        self.failure(fault.code, &fault.message, fault.hint.as_deref());
        ExitCode::from(if fault.usage { 2 } else { 1 })
    }

    /// The document of an error, for a program.
    pub fn failure(self, code: &str, message: &str, hint: Option<&str>) {
        let error = Reason {
            code,
            message,
            hint,
        };
        if self.json {
            let text = serde_json::to_string(&Failure { error });
            // The exit code tells of the error too.
            let _ = write_out(&(text.expect("documents have only string keys") + "\n"));
        }
    }
}

/// Writes a document as it is made: of a large one there is no copy.
fn write_document(document: &impl Serialize) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let written = serde_json::to_writer(&mut out, document).map_err(io::Error::from);
    let written = written.and_then(|()| out.write_all(b"\n"));
    unless_gone(written.and_then(|()| out.flush()))
}

/// Writes to standard output. That the reader went away (`hearthpost album list | head`) is no error.
pub fn write_out(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    unless_gone(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

fn unless_gone(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
