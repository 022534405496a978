//! One JSON object, read strictly: UTF-8, integers only, depth at most 8, no doubled or unknown field (PROTOCOL 1).

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The deepest nesting a letter may have.
const MAX_DEPTH: usize = 8;

/// A whole number from 0 to 2^53 - 1, the range every JSON reader holds exactly (RFC 8259 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Integer(u64);

/// Why bytes are not the object that was expected; the text names the field and the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Nested more than eight levels deep.
    #[error("nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// An array or object where another form is written: a list for an object, an object for a word.
    #[error("an array or object where another form is written")]
    Form,
    /// Anything else; `serde_json` says what and where.
    #[error("{0}")]
    Wrong(String),
}

impl Integer {
    /// The largest one.
    pub const MAX: u64 = (1 << 53) - 1;

    /// `None` where `value` is above 2^53 - 1.
    pub fn new(value: u64) -> Option<Self> {
        (value <= Self::MAX).then_some(Integer(value))
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Integer::new(u64::deserialize(deserializer)?)
            .ok_or_else(|| serde::de::Error::custom("an integer above 2^53 - 1"))
    }
}

/// Reads one object and nothing after it.
///
/// Unknown and doubled fields are refused by the types themselves (`deny_unknown_fields`, [`super::unique_map`]).
///
/// Serde also takes an array for a struct and `{"word": null}` for a word of an enum. Both would be a second spelling,
/// so what was read is written again, and must have arrays and objects in the same places.
pub fn parse_object<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, JsonError> {
    if depth(bytes) > MAX_DEPTH {
        return Err(JsonError::TooDeep);
    }
    if bytes.first() != Some(&b'{') || bytes.last() != Some(&b'}') {
        return Err(JsonError::Wrong("not one JSON object".to_owned()));
    }
    let wrong = |error: serde_json::Error| JsonError::Wrong(error.to_string());
    let read: T = serde_json::from_slice(bytes).map_err(wrong)?;
    let again = serde_json::to_value(&read).map_err(wrong)?;
    if !same_form(&serde_json::from_slice(bytes).map_err(wrong)?, &again) {
        return Err(JsonError::Form);
    }
    Ok(read)
}

/// Whether two values have the same arrays and objects. Leaves are the types' own matter: `P1W` is written `P7D`.
/// Recursion is bounded by [`MAX_DEPTH`].
fn same_form(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_form(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| same_form(a, b)))
        }
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// The deepest bracket nesting, counted without recursion so that a hostile letter costs no stack.
fn depth(bytes: &[u8]) -> usize {
    let (mut deepest, mut open, mut in_string, mut escaped) = (0usize, 0usize, false, false);
    for &b in bytes {
        match b {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct One {
        n: Integer,
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        Thumb,
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Two {
        one: One,
        word: Word,
    }

    #[test]
    fn an_array_for_an_object_and_an_object_for_a_word_are_refused() {
        let read = |text: &str| parse_object::<Two>(text.as_bytes()).map(|_| ());
        assert_eq!(read(r#"{"one":{"n":7},"word":"thumb"}"#), Ok(()));
        assert_eq!(read(r#"{"one":[7],"word":"thumb"}"#), Err(JsonError::Form));
        assert_eq!(
            read(r#"{"one":{"n":7},"word":{"thumb":null}}"#),
            Err(JsonError::Form)
        );
    }

    #[test]
    fn anything_but_one_plain_object_is_refused() {
        assert_eq!(
            parse_object::<One>(br#"{"n":7}"#)
                .expect("an object")
                .n
                .get(),
            7
        );
        for text in [
            r#"{"n":7} "#,
            r#" {"n":7}"#,
            r#"{"n":7}{"n":8}"#,
            r#"{"n":7,"n":8}"#,
            r#"{"n":7,"m":8}"#,
            r#"{}"#,
            r#"{"n":7.0}"#,
            r#"{"n":-1}"#,
            r#"{"n":1e3}"#,
            r#"{"n":9007199254740992}"#,
            r#"{"n":null}"#,
            r#"{"n":"7"}"#,
            r#"[7]"#,
            "",
        ] {
            assert!(parse_object::<One>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse_object::<One>(b"{\"n\":7,\"\xff\":1}").is_err());
    }

    #[test]
    fn deep_nesting_is_refused_without_recursion() {
        let deep = format!("{{\"n\":{}7{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(
            parse_object::<One>(deep.as_bytes()).expect_err("too deep"),
            JsonError::TooDeep
        );
    }
}
