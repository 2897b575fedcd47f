//! Radicals of the Kangxi dictionary and of the CJK supplement, which fonts give for the characters that look the same: as
//! the characters that people type (Unicode, EquivalentUnifiedIdeograph).

/// U+2F00 and on.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓\
    彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳\
    聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿\
    麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";
/// U+2E81 and on; a space where no character looks the same.
const SUPPLEMENT: &str = "厂乛乚乙亻冂 刀刂卜㔾小小兀尣尢 巳幺彑彐忄㣺扌攵 旡日月歺母民氵氺灬爫爫丬牛犭王 目示礻竹糹纟罓罒㓁  羊  耂肀聿肉臼艹艹艹\
    虎衤覀西见角 讠贝 车辶辶辶阝钅長镸长门 阝雨青韦页风飞食 飠饣 马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

/// The character that is meant.
pub(super) fn as_typed(value: char) -> char {
    let (table, first) = match value {
        '\u{2E81}'..='\u{2EF3}' => (SUPPLEMENT, '\u{2E81}'),
        '\u{2F00}'..='\u{2FD5}' => (KANGXI, '\u{2F00}'),
        _ => return value,
    };
    let at = (u32::from(value) - u32::from(first)) as usize;
    table.chars().nth(at).filter(|meant| *meant != ' ').unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_are_the_characters_that_are_typed() {
        let typed: String = "⻓⻑⻧⺒⻱⿔⼀⿕⼯⺀公".chars().map(as_typed).collect();
        assert_eq!(typed, "长長卤巳龜龜一龠工⺀公");
        assert_eq!((KANGXI.chars().count(), SUPPLEMENT.chars().count()), (0xD6, 0x73));
    }
}
