//! Chinese numerals as dates use them.

/// `二〇二四` as digits; the circle is drawn in several ways. Anything else is refused.
pub(crate) fn han_digits(text: &str) -> Option<String> {
    text.chars()
        .map(|c| han_digit(c).and_then(|digit| char::from_digit(digit, 10)))
        .collect()
}

fn han_digit(c: char) -> Option<u32> {
    if matches!(c, '○' | '零' | 'O' | 'o' | '0' | '◯' | 'Ｏ') {
        return Some(0);
    }
    let at = "〇一二三四五六七八九".chars().position(|digit| digit == c)?;
    u32::try_from(at).ok()
}

/// A number below a hundred in Chinese numerals: `五`, `十二`, `二十八`, `廿八`, `〇五`.
pub(crate) fn han_number(text: &str) -> Option<i32> {
    let value = |c| match c {
        '十' => Some(10),
        '廿' => Some(20),
        '卅' => Some(30),
        other => han_digit(other).and_then(|digit| i32::try_from(digit).ok()),
    };
    let values = text.chars().map(value).collect::<Option<Vec<i32>>>()?;
    match values.as_slice() {
        [v] => Some(*v),
        [0, v] if *v < 10 => Some(*v),
        [tens @ (10 | 20 | 30), v] if *v < 10 => Some(tens + v),
        [v, 10] if *v < 10 => Some(v * 10),
        [v, 10, w] if *v < 10 && *w < 10 => Some(v * 10 + w),
        [v, w] if *v < 10 && *w < 10 => Some(v * 10 + w),
        _ => None,
    }
}
