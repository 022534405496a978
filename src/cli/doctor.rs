//! `doctor`: what is well and what is not, each with the way out.

use std::path::{Path, PathBuf};

use futures::{StreamExt, stream};
use serde::Serialize;

use super::context::Context;
use super::host::not_named;
use super::sync::runtime;
use super::words::{retold, tell};
use super::{Done, Fault};
use crate::config::configurations;
use crate::sharing::Household;
use crate::sharing::clock::Reading;
use crate::sharing::doctor::{Finding, Neighbours, without_keys};

/// So many households are looked at side by side: most of it is waiting for their mail servers.
const AT_ONCE: usize = 16;

#[derive(Serialize)]
struct Document {
    good: bool,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Many {
    good: bool,
    households: Vec<OneOfMany>,
}

#[derive(Serialize)]
struct OneOfMany {
    config: PathBuf,
    #[serde(flatten)]
    found: Document,
}

/// All households of a folder of configurations.
pub fn of_all(context: &Context, folder: &Path) -> Result<Done, Fault> {
    not_named(context)?;
    let found = configurations(folder).map_err(|error| Fault::of_households(folder, &error))?;
    let mut neighbours = Neighbours::default();
    let opened = found.into_iter().map(|found| {
        let home = Household::open(&found.file);
        let beside = home.as_ref().ok();
        let beside = beside.map(|home| neighbours.look_at(&found.file, home));
        (found.file, home, beside.unwrap_or_default())
    });
    let looked = opened.map(|(config, home, beside)| async move {
        let mut findings = match home {
            Ok(home) => home.doctor(&Reading::take()).await,
            Err(fault) => vec![Finding::of_fault("household", &fault)],
        };
        findings.extend(beside);
        let found = Document::of(findings);
        OneOfMany { config, found }
    });
    let all = stream::iter(looked).buffered(AT_ONCE);
    let households: Vec<_> = runtime()?.block_on(all.collect());
    let good = households.iter().all(|house| house.found.good);
    let document = Many { good, households };
    context.output.print(&document, |many| {
        let house = |house: &OneOfMany| {
            let name = house.config.display();
            format!("{name}\n{}\n", words(&house.found))
        };
        many.households.iter().map(house).collect()
    })?;
    Ok(if good { Done::Wholly } else { Done::Partly })
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
    let document = Document::of(findings);
    context.output.print(&document, words)?;
    Ok(if document.good {
        Done::Wholly
    } else {
        Done::Partly
    })
}

impl Document {
    fn of(findings: Vec<Finding>) -> Self {
        Document {
            good: findings.iter().all(|finding| finding.good),
            findings,
        }
    }
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
