//! `doctor`: what is well and what is not, each with the way out.

use serde::Serialize;

use super::context::Context;
use super::sync::runtime;
use super::words::{retold, tell};
use super::{Done, Fault};
use crate::sharing::clock::Reading;
use crate::sharing::doctor::{Finding, without_keys};

#[derive(Serialize)]
struct Document {
    good: bool,
    findings: Vec<Finding>,
}

pub fn doctor(context: &Context) -> Result<Done, Fault> {
    let findings = match context.open() {
        Ok(home) => runtime()?.block_on(home.doctor(&Reading::take())),
        Err(fault) => {
            let mut findings = vec![Finding::of_fault("household", &fault)];
            if fault.code == "keys" {
                findings.extend(without_keys(&context.config()));
            }
            findings
        }
    };
    let document = Document {
        good: findings.iter().all(|finding| finding.good),
        findings,
    };
    context.output.print(&document, words)?;
    Ok(if document.good {
        Done::Wholly
    } else {
        Done::Partly
    })
}

fn words(document: &Document) -> String {
    let mut text = String::new();
    for finding in &document.findings {
        let mark = match finding.good {
            true => tell!("doctor-good"),
            false => tell!("doctor-bad"),
        };
        let (what, words) = (retold(finding.what), retold(&finding.words));
        text += &format!("{mark:3}  {what}: {words}\n");
        if let Some(hint) = &finding.hint {
            text += &format!("     → {}\n", retold(hint));
        }
    }
    text
}
