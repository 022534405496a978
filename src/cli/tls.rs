//! `tls`: a certificate of the house's own, and how its phones come to know it.

use std::io::{self, IsTerminal};

use serde::Serialize;

use super::context::Context;
use super::output::write_out;
use super::reach::only_here;
use super::sync::for_a_phone;
use super::words::{shown_day, tell};
use super::{Done, Fault};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::SiteName;
use crate::sharing::site::addresses;

#[derive(Serialize)]
struct Document {
    names: Vec<String>,
    ends: String,
    fingerprint: String,
    new_authority: bool,
    /// Where phones are told of it; absent while no browser is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
}

pub fn tls(context: &Context, hosts: &[String], new: bool) -> Result<Done, Fault> {
    let name = |host: &String| {
        host.parse::<SiteName>().map_err(|_| {
            let words = format!("{host:?} is no name or address of a machine");
            Fault::usage("host", words).hint("write it without http:// and without a port")
        })
    };
    let hosts = hosts.iter().map(name).collect::<Result<Vec<_>, _>>()?;
    let (mut home, now) = context.open_now()?;
    if home.config.web.certificate.is_some() {
        let words = "web.certificate names a certificate of yours already, which is the one in use";
        return Err(Fault::usage("certificate", words)
            .hint("take web.certificate and web.key out of the settings first"));
    }
    let made = home.certify(&hosts, new, now.now)?;
    let first = made.names.first().map(ToString::to_string);
    let page = page(&home.config, first.as_deref());
    let document = Document {
        names: made.names.iter().map(ToString::to_string).collect(),
        ends: made.ends.to_string(),
        fingerprint: made.fingerprint,
        new_authority: made.new_authority,
        page,
    };
    let config = &home.config;
    context
        .output
        .print(&document, |document| words(document, made.ends, config))?;
    if let Some(page) = &document.page
        && !context.output.is_json()
        && io::stdout().is_terminal()
    {
        // Where nobody reads, nobody is to be told.
        let _ = write_out(&for_a_phone(page));
    }
    Ok(Done::Wholly)
}

/// By an address, for not every phone finds a machine by its name.
fn page(config: &Config, first: Option<&str>) -> Option<String> {
    let port = config.web.listen?.port();
    let address = addresses(config).into_iter().next();
    let address = address.map(|address| SiteName::Address(address).to_string());
    let host = address.or(first.map(str::to_owned))?;
    Some(format!("http://{host}:{port}/ca"))
}

fn words(made: &Document, ends: Timestamp, config: &Config) -> String {
    let mut text = tell!("tls-names", day = shown_day(ends)) + "\n";
    for name in &made.names {
        text += &format!("  {name}\n");
    }
    text += &(tell!("tls-running") + "\n");
    let listen = config.web.listen;
    if listen.is_some_and(|address| address.ip().is_loopback()) {
        text += &only_here(config, true);
    }
    let Some(page) = &made.page else {
        return text + &tell!("tls-off") + "\n";
    };
    text += &match made.new_authority {
        true => tell!(
            "tls-tell",
            page = page.as_str(),
            fingerprint = made.fingerprint.as_str()
        ),
        false => tell!("tls-go-on", page = page.as_str()),
    };
    text.push('\n');
    let told = config.notify.url.as_deref();
    if told.is_some_and(|told| told.starts_with("http://")) {
        let name = made.names.first().map_or("", String::as_str);
        let port = listen.map_or(8480, |address| address.port());
        text += &(tell!("tls-links", name = name, port = port.to_string()) + "\n");
    }
    text
}
