//! Where moved messages went: the response code COPYUID (RFC 4315 §3).

/// What one COPYUID says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copied {
    /// UIDVALIDITY of the folder they went to.
    pub(super) uid_validity: u32,
    /// UID before and after, in the order told.
    pub(super) uids: Vec<(u32, u32)>,
}

impl Copied {
    /// Reads the code out of a status answer that tells of at most `most` messages; anything else is nothing. A set such
    /// as `1:4294967295` takes nine bytes to write, so it is counted before it is spelt out.
    pub(super) fn read(line: &[u8], most: usize) -> Option<Self> {
        let text = std::str::from_utf8(line).ok()?;
        // Its place is right behind the status; later it is only words.
        let (_, code) = text
            .split_once(" [COPYUID ")
            .or(text.split_once(" [copyuid "))?;
        let mut words = code.split_once(']')?.0.split(' ');
        let uid_validity = number(words.next()?)?;
        let (from, to) = (set(words.next()?, most)?, set(words.next()?, most)?);
        let whole = words.next().is_none() && from.len() == to.len();
        whole.then(|| Copied {
            uid_validity,
            uids: from.into_iter().zip(to).collect(),
        })
    }
}

fn set(text: &str, most: usize) -> Option<Vec<u32>> {
    let mut uids = Vec::new();
    for run in text.split(',') {
        let (a, b) = run.split_once(':').unwrap_or((run, run));
        let (a, b) = (number(a)?, number(b)?);
        let run = a.min(b)..=a.max(b);
        if run.end() - run.start() >= u32::try_from(most - uids.len()).ok()? {
            return None;
        }
        uids.extend(run);
    }
    Some(uids)
}

/// RFC 3501 §9 `nz-number`.
fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|&n| plain && n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_is_paired_with_where_it_went() {
        let read = |text: &str| Copied::read(text.as_bytes(), 5).map(|c| (c.uid_validity, c.uids));
        let told = Some((7, vec![(1, 11), (2, 12), (5, 20)]));
        assert_eq!(read("* OK [COPYUID 7 1:2,5 11:12,20] moved\r\n"), told);
        assert_eq!(read("h5 OK [COPYUID 7 2:1,5 12:11,20] done\r\n"), told);
        for wrong in [
            "* OK moved\r\n",
            "* OK [COPYUID 7 1 2:3] uneven\r\n",
            "* OK [COPYUID 7 1:6 1:6] more than asked\r\n",
            "* OK [COPYUID 7 1:4294967295 1:4294967295]\r\n",
            "* OK [COPYUID 7 1,1,1,1,1,1 1,1,1,1,1,1]\r\n",
            "* OK [COPYUID 0 1 1]\r\n",
            "* OK [COPYUID 7 0 1]\r\n",
            "* OK [COPYUID 7 +1 1]\r\n",
            "* OK [COPYUID 7 1 1 1]\r\n",
            "* OK [COPYUID 7  ]\r\n",
            "* OK [COPYUID 7 1 1\r\n",
            "* OK [COPYUID 7 \u{fc} 1]\r\n",
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
