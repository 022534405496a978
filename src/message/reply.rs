//! What a mail server means by its words. Codes alone do not tell (CASES O-09): providers put a full mailbox under 452
//! and 552, a daily limit under 550 5.4.5, greylisting under 450 and 451, and each has words of its own.

/// The reason behind a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Our own provider takes no more from us for now, whoever it is for.
    SendingLimit,
    /// More recipients than one transaction may have.
    TooManyRecipients,
    /// Tried for the first time; it is taken a little later.
    Greylisted,
    /// The mailbox is full.
    MailboxFull,
    /// There is no such mailbox, or it is closed.
    NoSuchMailbox,
    /// The mail is too large.
    TooLarge,
    /// It looks like spam to them, or breaks a rule of theirs.
    Spam,
    /// Anything else.
    Other,
}

/// What `code` and the words behind it mean; the words may begin with an enhanced code (RFC 3463).
pub fn meaning(code: u16, text: &str) -> Meaning {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let enhanced = enhanced(&text);
    let detail = enhanced.map(|(_, subject, detail)| (subject, detail));
    if says(&["greylist", "graylist", "grey list", "grey-list", "postgrey"]) {
        return Meaning::Greylisted;
    }
    if says(SENDING_LIMIT) && !says(&["mailbox full", "mailbox is full"]) {
        return Meaning::SendingLimit;
    }
    match detail {
        Some((2, 2)) => return Meaning::MailboxFull,
        Some((1, 1..=4 | 6 | 10) | (2, 1)) => return Meaning::NoSuchMailbox,
        Some((2 | 3, 3 | 4)) if !says(&["rate"]) => return Meaning::TooLarge,
        Some((5, 3)) => return Meaning::TooManyRecipients,
        // RFC 7505 calls 5.7.27 a sender without a mailbox; Gmail's 5.4.5 is the daily limit.
        Some((4, 5)) if code >= 500 => return Meaning::SendingLimit,
        _ => {}
    }
    if says(&["too many recipients"]) {
        return Meaning::TooManyRecipients;
    }
    if says(&[
        "mailbox full",
        "mailbox is full",
        "over quota",
        "quota exceeded",
        "overquota",
        "exceeded storage",
    ]) {
        return Meaning::MailboxFull;
    }
    let rate = [
        "rate",
        "throttl",
        "too many",
        "too fast",
        "too much mail",
        "limit",
        "exceeded",
    ];
    let turned_away = matches!(detail, Some((7, _))) && code < 500;
    if turned_away && (code == 421 || says(&rate)) {
        return Meaning::SendingLimit;
    }
    if says(&[
        "no such user",
        "user unknown",
        "unknown user",
        "does not exist",
        "no mailbox",
        "mailbox unavailable",
        "recipient not found",
        "address rejected",
    ]) && code >= 500
    {
        return Meaning::NoSuchMailbox;
    }
    if says(&["message size", "message too large", "too big", "size limit"]) {
        return Meaning::TooLarge;
    }
    if matches!(detail, Some((7, _)))
        || says(&[
            "spam",
            "blocked",
            "blacklist",
            "blocklist",
            "reputation",
            "policy",
        ])
    {
        return Meaning::Spam;
    }
    Meaning::Other
}

/// What providers say when it is us who sent too much.
const SENDING_LIMIT: &[&str] = &[
    "sending limit",
    "daily user sending",
    "sending quota",
    "daily limit",
    "hourly limit",
    "per hour",
    "per day",
    "per minute",
    "rate limit",
    "ratelimit",
    "rate exceeded",
    "too many messages",
    "too many emails",
    "too many mails",
    "message limit exceeded",
    "outbound limit",
    "submission quota",
];

/// The first enhanced code in a text (RFC 3463 §2).
pub fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.into_iter().find_map(|word| {
        let mut numbers = word.split('.');
        let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let short = |text: &str| (1..=3).contains(&text.len()).then(|| text.parse().ok())?;
        let all = (short(class)?, short(subject)?, short(detail)?);
        // An address such as 192.0.2.1 has a fourth number.
        (numbers.next().is_none() && matches!(all.0, 2 | 4 | 5)).then_some(all)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn providers_words_are_understood() {
        use Meaning::*;
        for (code, text, means) in [
            (
                550,
                "5.4.5 Daily user sending limit exceeded. For more information",
                SendingLimit,
            ),
            (
                421,
                "4.7.0 Try again later, closing connection. (EHLO)",
                SendingLimit,
            ),
            (
                421,
                "4.7.28 Our system has detected an unusual rate of mail",
                SendingLimit,
            ),
            (451, "4.7.1 Rate limit exceeded", SendingLimit),
            (
                450,
                "4.7.1 Error: too much mail from 192.0.2.1",
                SendingLimit,
            ),
            (
                454,
                "4.7.0 Too many login attempts, please try again later",
                SendingLimit,
            ),
            (
                452,
                "4.5.3 You have sent too many messages per hour",
                SendingLimit,
            ),
            (
                550,
                "5.7.1 Sending quota for this account exceeded",
                SendingLimit,
            ),
            (452, "4.5.3 Too many recipients", TooManyRecipients),
            (452, "4.5.3 Error: too many recipients", TooManyRecipients),
            (550, "5.5.3 Too many recipients", TooManyRecipients),
            (
                450,
                "4.2.0 <b@b.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch",
                Greylisted,
            ),
            (
                451,
                "4.7.1 Greylisting in action, please come back later",
                Greylisted,
            ),
            (
                452,
                "4.2.2 The recipient's inbox is out of storage space",
                MailboxFull,
            ),
            (
                552,
                "5.2.2 The email account that you tried to reach is over quota",
                MailboxFull,
            ),
            (554, "mailbox full", MailboxFull),
            (
                422,
                "Quota exceeded (mailbox for user is full)",
                MailboxFull,
            ),
            (
                550,
                "5.1.1 <b@b.example>: Recipient address rejected: User unknown",
                NoSuchMailbox,
            ),
            (
                550,
                "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
                NoSuchMailbox,
            ),
            (
                550,
                "Requested action not taken: mailbox unavailable",
                NoSuchMailbox,
            ),
            (552, "5.3.4 Message size exceeds fixed limit", TooLarge),
            (
                552,
                "5.2.3 Your message exceeded Google's message size limits",
                TooLarge,
            ),
            (
                550,
                "5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail",
                Spam,
            ),
            (
                554,
                "5.7.1 Service unavailable; Client host blocked using a blocklist",
                Spam,
            ),
            (451, "4.3.0 Temporary lookup failure", Other),
            (450, "4.1.8 Domain of sender address not found", Other),
            (550, "I do not like you", Other),
        ] {
            assert_eq!(meaning(code, text), means, "{code} {text}");
        }
    }

    #[test]
    fn addresses_of_machines_are_no_codes() {
        assert_eq!(
            enhanced("[192.0.2.1] said 5.7.26, and 5.1.1"),
            Some((5, 7, 26))
        );
        assert_eq!(enhanced("550-5.1.1 x"), Some((5, 1, 1)));
        assert_eq!(enhanced("1.2.3 250 9999.1.1 4.1 "), None);
    }

    proptest! {
        #[test]
        fn junk_means_something(code in 0u16..1000, text in "\\PC{0,200}") {
            meaning(code, &text);
        }
    }
}
