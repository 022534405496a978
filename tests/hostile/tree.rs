//! DER as a tree, to bend one field of a good structure and write it again with lengths that fit.

/// One element: its tag, and what is in it.
#[derive(Clone, PartialEq)]
pub struct Node {
    pub tag: u8,
    pub content: Content,
}

#[derive(Clone, PartialEq)]
pub enum Content {
    Bytes(Vec<u8>),
    Nodes(Vec<Node>),
}

/// How the lengths are written.
#[derive(Clone, Copy, PartialEq)]
pub enum Lengths {
    Shortest,
    /// Every constructed element ends with two zeros instead (BER).
    Indefinite,
    /// Every length has a leading octet more than it needs (BER).
    Long,
}

pub fn leaf(tag: u8, bytes: &[u8]) -> Node {
    Node {
        tag,
        content: Content::Bytes(bytes.to_vec()),
    }
}

pub fn branch(tag: u8, nodes: Vec<Node>) -> Node {
    Node {
        tag,
        content: Content::Nodes(nodes),
    }
}

pub fn oid(text: &str) -> Node {
    let oid = const_oid::ObjectIdentifier::new_unwrap(text);
    leaf(6, oid.as_bytes())
}

/// AlgorithmIdentifier without parameters.
pub fn bare(text: &str) -> Node {
    branch(0x30, vec![oid(text)])
}

pub fn parse(der: &[u8]) -> Node {
    let (node, rest) = element(der);
    assert!(rest.is_empty(), "a good structure ends at its end");
    node
}

fn element(der: &[u8]) -> (Node, &[u8]) {
    let (start, length) = match der[1] {
        short @ ..0x80 => (2, usize::from(short)),
        long => {
            let start = 2 + usize::from(long & 0x7f);
            (
                start,
                der[2..start]
                    .iter()
                    .fold(0, |n, &b| n << 8 | usize::from(b)),
            )
        }
    };
    let (mut body, rest) = der[start..].split_at(length);
    if der[0] & 0x20 == 0 {
        return (leaf(der[0], body), rest);
    }
    let mut nodes = Vec::new();
    while !body.is_empty() {
        let (node, after) = element(body);
        nodes.push(node);
        body = after;
    }
    (branch(der[0], nodes), rest)
}

impl Node {
    pub fn encode(&self) -> Vec<u8> {
        self.encode_with(Lengths::Shortest)
    }

    pub fn encode_with(&self, lengths: Lengths) -> Vec<u8> {
        let body = match &self.content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::Nodes(nodes) => nodes
                .iter()
                .flat_map(|node| node.encode_with(lengths))
                .collect(),
        };
        if lengths == Lengths::Indefinite && matches!(self.content, Content::Nodes(_)) {
            return [&[self.tag, 0x80], body.as_slice(), &[0, 0]].concat();
        }
        let octets = body.len().to_be_bytes();
        let skip = octets.iter().take_while(|&&b| b == 0).count().min(7);
        let head = match (lengths, body.len()) {
            (Lengths::Long, _) => [&[0x80 | (9 - skip) as u8, 0], &octets[skip..]].concat(),
            (_, short @ ..0x80) => vec![short as u8],
            _ => [&[0x80 | (8 - skip) as u8], &octets[skip..]].concat(),
        };
        [&[self.tag], head.as_slice(), &body].concat()
    }

    /// The element at the end of a path of positions.
    pub fn at(&mut self, path: &[usize]) -> &mut Node {
        path.iter().fold(self, |node, &n| &mut node.nodes()[n])
    }

    pub fn nodes(&mut self) -> &mut Vec<Node> {
        match &mut self.content {
            Content::Nodes(nodes) => nodes,
            Content::Bytes(_) => panic!("tag {:#x} holds bytes, no elements", self.tag),
        }
    }

    pub fn bytes(&mut self) -> &mut Vec<u8> {
        match &mut self.content {
            Content::Bytes(bytes) => bytes,
            Content::Nodes(_) => panic!("tag {:#x} holds elements, no bytes", self.tag),
        }
    }
}

/// A good structure with one fault.
pub fn bent(good: &[u8], fault: impl FnOnce(&mut Node)) -> Vec<u8> {
    let mut tree = parse(good);
    assert!(tree.encode() == good, "the tree writes what it read");
    fault(&mut tree);
    let bad = tree.encode();
    assert!(bad != good, "a fault changes something");
    bad
}

/// SEQUENCEs in one another, each with its right length.
pub fn nested(depth: usize) -> Vec<u8> {
    // Written from the inside out, back to front.
    let mut reversed = Vec::new();
    for _ in 0..depth {
        let length = reversed.len();
        let octets: Vec<u8> = length
            .to_le_bytes()
            .into_iter()
            .take(length.ilog2_octets())
            .collect();
        reversed.extend_from_slice(&octets);
        if length >= 0x80 {
            reversed.push(0x80 | octets.len() as u8);
        }
        reversed.push(0x30);
    }
    reversed.reverse();
    reversed
}

trait Octets {
    fn ilog2_octets(self) -> usize;
}

impl Octets for usize {
    /// Octets that the shortest form of this length needs.
    fn ilog2_octets(self) -> usize {
        (usize::BITS - self.leading_zeros()).div_ceil(8).max(1) as usize
    }
}

/// An attribute outside the signature, in a SignedData of the profile.
pub fn add_unsigned_attribute(tree: &mut Node) {
    let values = branch(0x31, vec![leaf(4, b"unsigned")]);
    let attribute = branch(0x30, vec![oid("1.2.840.113549.1.9.6"), values]);
    let signer = tree.at(&[1, 0, 4, 0]).nodes();
    signer.push(branch(0xa1, vec![attribute]));
}
