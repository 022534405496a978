//! The other form of a signature.

use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;

use super::tree::Node;

/// The position of the signature in a SignedData of the profile.
const SIGNATURE: &[usize] = &[1, 0, 4, 0, 5];

/// (r, n-s), which verifies wherever (r, s) does.
pub fn turn_signature(tree: &mut Node) {
    let signature = EcdsaSig::from_der(tree.at(SIGNATURE).bytes()).expect("a signature");
    let order =
        BigNum::from_hex_str("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    let order = order.expect("the order of P-256");
    let r = signature.r().to_owned().expect("r");
    let mut s = BigNum::new().expect("a number");
    s.checked_sub(&order, signature.s()).expect("n - s");
    let turned = EcdsaSig::from_private_components(r, s).expect("a signature");
    *tree.at(SIGNATURE).bytes() = turned.to_der().expect("DER");
}
