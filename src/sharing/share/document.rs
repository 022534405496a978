//! How what was recorded is written as JSON, by the command line and by the interface for programs.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Foreseen, Left, Line, Recorded};
use crate::address::{Mailbox, StationAddress};

/// What was recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Recorded)]
pub struct RecordedDocument {
    /// The share's short name.
    pub share: String,
    /// The households that it goes to.
    pub destinations: Vec<DestinationDocument>,
    /// What belongs to a picture and stays at home.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub left: Vec<LeftDocument>,
}

/// What would be recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Foreseen)]
pub struct ForeseenDocument {
    /// The households that it would go to.
    pub destinations: Vec<DestinationDocument>,
    /// Somebody would be given something for ever.
    pub no_end: bool,
    /// What would be asked before it is recorded: `yes` answers it.
    pub asks: Vec<String>,
    /// For whom the directory would be asked before it is recorded. A dry run asks nobody: what the directory says of them
    /// may make them known, or show that another household is there.
    pub looked_for: Vec<String>,
    /// What belongs to a picture and would stay at home, as far as that is known without opening files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub left: Vec<LeftDocument>,
}

/// Something that belongs to a picture and stays at home.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Left)]
pub struct LeftDocument {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// A household to which something goes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Destination)]
pub struct DestinationDocument {
    /// Where.
    #[schema(value_type = String)]
    pub mailbox: Mailbox,
    /// What it calls itself.
    pub name: String,
    /// Who there, and what each may do.
    pub stations: Vec<StationDocument>,
    /// How far it is: `waiting`, `queued`, `delivered`.
    pub state: &'static str,
    /// Nobody here knows it: it is asked for its card, and what waits goes once that has come.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub unknown: bool,
    /// By way of which household it goes, if not straight.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    pub via: Option<Mailbox>,
}

/// What somebody may do, as a sentence.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Sentence)]
pub struct StationDocument {
    /// Who.
    #[schema(value_type = String)]
    pub address: StationAddress,
    /// The sentence.
    pub words: String,
}

impl RecordedDocument {
    /// Of a share and its destinations.
    pub fn new(share: String, lines: Vec<Line>) -> Self {
        RecordedDocument {
            share,
            destinations: lines.into_iter().map(DestinationDocument::from).collect(),
            left: Vec::new(),
        }
    }
}

impl From<Recorded> for RecordedDocument {
    fn from(recorded: Recorded) -> Self {
        RecordedDocument {
            left: left(recorded.left),
            ..RecordedDocument::new(recorded.share, recorded.destinations)
        }
    }
}

impl From<Foreseen> for ForeseenDocument {
    fn from(foreseen: Foreseen) -> Self {
        let destinations = foreseen.destinations.into_iter();
        ForeseenDocument {
            destinations: destinations.map(DestinationDocument::from).collect(),
            no_end: foreseen.no_end,
            asks: foreseen.asks,
            looked_for: foreseen.looked_for,
            left: left(foreseen.left),
        }
    }
}

fn left(all: Vec<Left>) -> Vec<LeftDocument> {
    let one = |left: Left| LeftDocument {
        reason: left.words(),
        name: left.name,
    };
    all.into_iter().map(one).collect()
}

impl From<Line> for DestinationDocument {
    fn from(line: Line) -> Self {
        let station = |(station, words)| StationDocument {
            address: StationAddress {
                mailbox: line.mailbox.clone(),
                station,
            },
            words,
        };
        DestinationDocument {
            stations: line.stations.into_iter().map(station).collect(),
            mailbox: line.mailbox,
            name: line.name,
            state: line.state.as_str(),
            via: line.via,
            unknown: line.unknown,
        }
    }
}
