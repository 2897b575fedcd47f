//! Code 128 (ISO/IEC 15417), set B: letters, digits and signs of ASCII as bars. It does not know what the content means.

/// Widths of bar, gap, bar, gap, bar, gap of each symbol, in modules; the stop sign has one bar more.
const SYMBOLS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

const START_B: usize = 104;
const STOP: usize = 106;
/// The check sign is a remainder of this.
const MODULUS: usize = 103;

/// White modules on each side, as the standard asks for.
pub(crate) const QUIET_MODULES: usize = 10;

/// Bars from the left, each with where it begins and how wide it is, in modules, without the quiet zones.
pub(crate) struct Bars {
    pub bars: Vec<(usize, usize)>,
    pub modules: usize,
}

/// The bars of a text; nothing for a text that has a character beyond the printable ones of ASCII.
pub(crate) fn bars(text: &str) -> Option<Bars> {
    let mut symbols = vec![START_B];
    for c in text.chars() {
        symbols.push(usize::try_from(u32::from(c).checked_sub(32)?).ok()?);
    }
    if text.is_empty() || symbols.iter().any(|symbol| *symbol > START_B) || text.contains('\u{7f}') {
        return None;
    }
    let sum: usize = symbols.iter().enumerate().map(|(at, symbol)| at.max(1) * symbol).sum();
    symbols.extend([sum % MODULUS, STOP]);
    let (mut bars, mut modules) = (Vec::new(), 0);
    for symbol in symbols {
        for (at, width) in SYMBOLS[symbol].bytes().enumerate() {
            let width = usize::from(width - b'0');
            if at % 2 == 0 {
                bars.push((modules, width));
            }
            modules += width;
        }
    }
    Some(Bars { bars, modules })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_symbol_is_eleven_modules_wide_and_like_no_other() {
        let wide = |symbol: &str| symbol.bytes().map(|width| usize::from(width - b'0')).sum::<usize>();
        let black = |symbol: &str| {
            symbol
                .bytes()
                .step_by(2)
                .map(|width| usize::from(width - b'0'))
                .sum::<usize>()
        };
        for symbol in &SYMBOLS[..STOP] {
            assert_eq!((wide(symbol), black(symbol) % 2), (11, 0), "{symbol}");
        }
        assert_eq!(wide(SYMBOLS[STOP]), 13);
        assert_eq!(SYMBOLS.iter().collect::<HashSet<_>>().len(), SYMBOLS.len());
    }

    /// The standard's own check: 104 + 1 x 48 ("P") + 2 x 42 ("J") + ... for `PJJ123C` is 879, and 879 mod 103 is 55.
    #[test]
    fn the_check_sign_is_that_of_the_standard() {
        let bars = bars("PJJ123C").expect("is ASCII");
        assert_eq!(bars.modules, 11 * 9 + 13);
        let check = SYMBOLS[55].bytes().map(|width| usize::from(width - b'0'));
        let from = 11 * 8;
        let mut at = from;
        let mut expected = Vec::new();
        for (n, width) in check.enumerate() {
            if n % 2 == 0 {
                expected.push((at, width));
            }
            at += width;
        }
        let found: Vec<_> = bars
            .bars
            .iter()
            .filter(|(at, _)| (from..from + 11).contains(at))
            .copied()
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_beyond_ascii_has_no_bars() {
        for none in ["", "盒-1", "H\n1", "H\u{7f}"] {
            assert!(bars(none).is_none(), "{none:?}");
        }
    }
}
