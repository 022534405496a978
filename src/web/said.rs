//! What one page has to say on the next one, by way of its address: a link that anybody writes could put words into the
//! mouth of the box, so they carry a seal made from the session.

use openssl::memcmp;

use super::form::encoded;
use super::media::seal;
use crate::sharing::Fault;
use crate::sharing::accounts::Visitor;

/// So many characters go into an address at most.
const MOST: usize = 1_500;
/// What the seal is for; no kind of picture is called so.
const WORDS: &str = "words";

/// Lines for the next page of this visitor, as a query; more than an address holds are cut off.
pub(super) fn query(visitor: &Visitor, lines: &[String]) -> Result<String, Fault> {
    let said: String = lines.join("\n").chars().take(MOST).collect();
    if said.is_empty() {
        return Ok(String::new());
    }
    let seal = seal(visitor, WORDS, &said)?;
    Ok(encoded(&[("said", &said), ("by", &seal)]))
}

/// The lines of such a query, if this site wrote them for this visitor.
pub(super) fn lines<'s>(visitor: &Visitor, said: &'s str, by: &str) -> Result<Vec<&'s str>, Fault> {
    let right = seal(visitor, WORDS, said)?;
    if right.len() != by.len() || !memcmp::eq(right.as_bytes(), by.as_bytes()) {
        return Ok(Vec::new());
    }
    Ok(said.split('\n').filter(|line| !line.is_empty()).collect())
}
