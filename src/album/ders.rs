//! DERs that stand one after another in a column. Each was checked when it was stored.

/// Puts them one after another.
pub(super) fn join<D: AsRef<[u8]>>(ders: &[D]) -> Vec<u8> {
    let mut joined = Vec::new();
    for der in ders {
        joined.extend_from_slice(der.as_ref());
    }
    joined
}

/// Takes them apart again; what is not DER ends the list.
pub(super) fn split(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut ders = Vec::new();
    while let Some((der, rest)) = whole_len(bytes).and_then(|len| bytes.split_at_checked(len)) {
        ders.push(der.to_vec());
        bytes = rest;
    }
    ders
}

/// Tag, length and content of the first element, in bytes (X.690 §8.1.3).
fn whole_len(bytes: &[u8]) -> Option<usize> {
    let (&first, rest) = bytes.get(1..)?.split_first()?;
    match first {
        0..=0x7f => Some(2 + usize::from(first)),
        0x81..=0x84 => {
            let octets = rest.get(..usize::from(first & 0x7f))?;
            let content = octets.iter().fold(0usize, |n, &o| n << 8 | usize::from(o));
            (2 + octets.len()).checked_add(content)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ders_of_any_length_are_found_again() {
        let der = |content: usize| {
            let len = content.to_be_bytes();
            match content {
                0..0x80 => vec![0x30, len[7]],
                0x80..0x100 => vec![0x30, 0x81, len[7]],
                0x100..0x1_0000 => vec![0x30, 0x82, len[6], len[7]],
                _ => vec![0x30, 0x83, len[5], len[6], len[7]],
            }
            .into_iter()
            .chain(std::iter::repeat_n(7, content))
            .collect::<Vec<u8>>()
        };
        let ders = [0, 5, 127, 128, 255, 256, 65_535, 65_536, 200_000].map(der);
        assert_eq!(split(&join(&ders)), ders);
        assert_eq!(split(&[]), Vec::<Vec<u8>>::new());
        assert_eq!(split(&[0x30, 0x82, 1]), Vec::<Vec<u8>>::new());
    }
}
