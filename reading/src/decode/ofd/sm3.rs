//! The digest SM3 (GB/T 32905-2016), which Chinese signatures use.

const START: [u32; 8] = [
    0x7380_166F,
    0x4914_B2B9,
    0x1724_42D7,
    0xDA8A_0600,
    0xA96F_30BC,
    0x1631_38AA,
    0xE38D_EE4D,
    0xB0FB_0E4E,
];

/// The digest of the bytes.
pub(super) fn sm3(bytes: &[u8]) -> [u8; 32] {
    let mut state = START;
    let mut blocks = bytes.chunks_exact(64);
    for block in &mut blocks {
        compress(&mut state, block);
    }
    let mut last = blocks.remainder().to_vec();
    last.push(0x80);
    while last.len() % 64 != 56 {
        last.push(0);
    }
    last.extend((bytes.len() as u64 * 8).to_be_bytes());
    for block in last.chunks_exact(64) {
        compress(&mut state, block);
    }
    let mut digest = [0; 32];
    for (part, word) in digest.chunks_exact_mut(4).zip(state) {
        part.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

fn compress(state: &mut [u32; 8], block: &[u8]) {
    let mut words = [0u32; 68];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    for j in 16..68 {
        let mixed = words[j - 16] ^ words[j - 9] ^ words[j - 3].rotate_left(15);
        let mixed = mixed ^ mixed.rotate_left(15) ^ mixed.rotate_left(23);
        words[j] = mixed ^ words[j - 13].rotate_left(7) ^ words[j - 6];
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for j in 0..64 {
        let constant: u32 = if j < 16 { 0x79CC_4519 } else { 0x7A87_9D8A };
        let first = a
            .rotate_left(12)
            .wrapping_add(e)
            .wrapping_add(constant.rotate_left(j as u32 % 32));
        let first = first.rotate_left(7);
        let second = first ^ a.rotate_left(12);
        let (of_abc, of_efg) = if j < 16 {
            (a ^ b ^ c, e ^ f ^ g)
        } else {
            (a & b | a & c | b & c, e & f | !e & g)
        };
        let one = of_abc
            .wrapping_add(d)
            .wrapping_add(second)
            .wrapping_add(words[j] ^ words[j + 4]);
        let two = of_efg.wrapping_add(h).wrapping_add(first).wrapping_add(words[j]);
        (d, c, b, a) = (c, b.rotate_left(9), a, one);
        (h, g, f, e) = (g, f.rotate_left(19), e, two ^ two.rotate_left(9) ^ two.rotate_left(17));
    }
    for (part, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *part ^= word;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    fn check(bytes: &[u8], expected: &str) {
        let digest = sm3(bytes).iter().fold(String::new(), |mut all, byte| {
            let _ = write!(all, "{byte:02x}");
            all
        });
        assert_eq!(digest, expected);
    }

    #[test]
    fn the_examples_of_the_standard_come_out() {
        check(
            b"abc",
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        );
        check(
            &b"abcd".repeat(16),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        );
    }
}
