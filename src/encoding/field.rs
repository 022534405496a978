//! How single JSON fields are read: `null` only where named, no doubled keys, bounded texts, no empty lists.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A field that must be present and may be `null`.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// A field that may be absent (`#[serde(default)]`) and, where it is present, is not `null`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A mark that is `true` or absent.
pub fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match bool::deserialize(deserializer)? {
        true => Ok(true),
        false => Err(D::Error::custom("only true may stand here")),
    }
}

/// A mark that is `{}` or absent.
pub fn empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Empty {}
    Empty::deserialize(deserializer).map(|Empty {}| true)
}

/// A list that is not empty and says nothing twice.
pub fn non_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Ord>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list: Vec<T> = unique(deserializer)?;
    if list.is_empty() {
        return Err(D::Error::custom("an empty list"));
    }
    Ok(list)
}

/// A list that may be null, but neither is empty nor says anything twice.
pub fn nullable_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Ord,
{
    #[derive(Deserialize)]
    #[serde(bound(deserialize = "T: Deserialize<'de> + Ord"))]
    struct List<T>(#[serde(deserialize_with = "non_empty")] Vec<T>);
    Ok(nullable::<D, List<T>>(deserializer)?.map(|List(list)| list))
}

/// A list, perhaps empty, that says nothing twice.
pub fn unique<'de, D: Deserializer<'de>, T: Deserialize<'de> + Ord>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(deserializer)?;
    let mut sorted: Vec<&T> = list.iter().collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(D::Error::custom("a list entry stands twice"));
    }
    Ok(list)
}

/// As [`non_empty`], with at most so many entries.
pub fn non_empty_up_to<'de, const MOST: usize, D: Deserializer<'de>, T: Deserialize<'de> + Ord>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    short(non_empty(deserializer)?, MOST)
}

/// As [`unique`], with at most so many entries.
pub fn unique_up_to<'de, const MOST: usize, D: Deserializer<'de>, T: Deserialize<'de> + Ord>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    short(unique(deserializer)?, MOST)
}

/// The list, where it has at most so many entries.
pub fn short<T, E: Error>(list: Vec<T>, most: usize) -> Result<Vec<T>, E> {
    match list.len() > most {
        true => Err(E::custom(format!("a list of more than {most} entries"))),
        false => Ok(list),
    }
}

/// A text of at most 200 characters: a name or a title.
pub fn name_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    bounded(deserializer, 200)
}

/// A text of at most 4,000 characters: a message or a caption.
pub fn bounded_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    bounded(deserializer, 4_000)
}

fn bounded<'de, D: Deserializer<'de>>(deserializer: D, limit: usize) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.chars().count() > limit {
        return Err(D::Error::custom(format!(
            "a text of more than {limit} characters"
        )));
    }
    Ok(text)
}

/// An object used as a map: no key stands twice, and it is not empty.
pub fn unique_map<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    let map = unique_map_or_empty(deserializer)?;
    match map.is_empty() {
        true => Err(D::Error::custom("an empty object")),
        false => Ok(map),
    }
}

/// An object used as a map, perhaps an empty one: no key stands twice.
pub fn unique_map_or_empty<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    struct Unique<K, V>(PhantomData<(K, V)>);

    impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Unique<K, V> {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object without doubled keys")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = access.next_entry()? {
                if map.insert(key, value).is_some() {
                    return Err(A::Error::custom("a key stands twice"));
                }
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Unique(PhantomData))
}

// Serde by the text form, for a type that parses and prints itself.
macro_rules! serde_as_text {
    ($($type:ty),*) => {$(
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    )*};
}
pub(crate) use serde_as_text;
