//! Addresses as accounts are found by them.

/// Domains are compared without regard to case; the local part stays as it is.
pub(crate) fn normalised(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
        None => address.to_owned(),
    }
}
