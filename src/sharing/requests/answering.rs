//! The answer to a request, as it is noted and sent.

use crate::album::{Request, RequestState, Rows};
use crate::message::{Body, GrantAnswer, YesNo};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;

/// An answer, to be noted in the commit of what it grants: of two, one grants, and none that was noted lacks its grant.
pub(in crate::sharing) struct Answering<'a> {
    pub request: &'a Request,
    pub yes: bool,
    /// With which words.
    pub message: &'a str,
}

impl Answering<'_> {
    /// Notes it and sends it. Another program of the house may have answered meanwhile.
    pub fn note(&self, rows: Rows<'_>, writer: &Writer<'_>) -> Result<(), Fault> {
        let request = open_request(rows, &self.request.reference)?;
        let (state, answer) = match self.yes {
            true => (RequestState::Yes, YesNo::Yes),
            false => (RequestState::No, YesNo::No),
        };
        if let Some(contact) = heard(rows, request.contact)? {
            let body = Body::GrantAnswer(GrantAnswer {
                request: request.letter,
                answer,
                message: self.message.to_owned(),
            });
            writer.send_of(rows, Some(request.share), &body, &contact)?;
        }
        Ok(rows.answer_request(&request.reference, state, self.message)?)
    }
}

/// The request of another household that waits for an answer.
pub(super) fn open_request(rows: Rows<'_>, reference: &str) -> Result<Request, Fault> {
    let request = rows.request(reference)?.filter(|request| request.incoming);
    let request = request.ok_or_else(|| {
        let words = format!("there is no request {reference:?} to answer");
        Fault::usage("unknown_request", words).hint("`hearthpost requests` shows them")
    })?;
    match request.state {
        RequestState::Open => Ok(request),
        state => {
            let words = format!("{reference} was answered already: {}", state.as_str());
            Err(Fault::new("answered", words))
        }
    }
}
