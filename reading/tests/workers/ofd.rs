//! OFD through the real workers. The files in `tests/ofd` were made by `tests/python/make_ofd.py`.

use super::{file, first_page, with_pool};
use libtest_mimic::Failed;
use reading::layout::{PixelArea, Turn};
use reading::limits::PoolLimits;
use reading::media::MediaType;
use reading::page::{BesidePages, TextVerdict, ViewRequest};
use reading::reason::PoolError;
use reading::worker::Pool;
use std::path::Path;
use vocabulary::detail::DetailCode;
use vocabulary::{Language, Reason};

/// Dots per inch of a written page.
const DPI: f32 = 200.0;

fn made(name: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ofd").join(name))
}

/// What an invoice says stands where it is shown, and its signature is said to fit or not.
pub fn invoice() -> Result<(), Failed> {
    with_pool(PoolLimits::default(), async |pool| {
        let page = first_page(&pool, made("invoice.ofd")?, MediaType::Ofd).await?.page;
        assert_eq!((page.width, page.height), (1654, 1102));
        // The picture and the stamp are looked at.
        assert_eq!((page.verdict, page.is_rest), (TextVerdict::Partial, true));
        assert!(page.lost.is_empty(), "{:?}", page.lost);
        let text = page.text.ok_or("no text")?;
        let at = |words: &str, left: f32, top: f32| {
            let line = text.lines.iter().find(|line| line.text.contains(words));
            let area = line.ok_or(format!("no {words} in {}", text.plain()))?.area;
            let mm = |value: f32| value * DPI / 25.4;
            let PixelArea { x, y, .. } = area;
            let near = (x - mm(left)).abs() < 12.0 && (y - mm(top)).abs() < 16.0;
            if near {
                Ok(())
            } else {
                Err(format!("{words} at {area:?}"))
            }
        };
        at("电子发票样张", 70.0, 8.0)?;
        at("43464097", 150.0, 8.0)?;
        at("购买方名称： 清河水泵有限公司", 14.0, 44.0)?;
        at("价税合计 4526.00", 14.0, 56.0)?;
        at("已报销", 60.0, 80.0)?;
        at("记账凭证", 203.0, 75.0)?;
        let plain = text.plain();
        assert!(plain.contains("Margin 5512"), "{plain}");

        let beside = beside(&pool, &made("invoice.ofd")?).await?;
        assert_eq!(beside.said, [DetailCode::SignatureDigestsFit.with("1")]);
        assert_eq!(
            (beside.attached.join(" ").as_str(), beside.attachments),
            ("original_invoice", 1)
        );
        let changed = self::beside(&pool, &made("changed.ofd")?).await?;
        let broken = DetailCode::SignatureBroken
            .with("1")
            .with("/Doc_0/Pages/Page_0/Content.xml");
        assert_eq!(changed.said, [broken]);

        let request = ViewRequest {
            widths: vec![800],
            turn: Turn::None,
        };
        let pictures = pool
            .view(file(&made("invoice.ofd")?)?, MediaType::Ofd, 0, request)
            .await?;
        assert_eq!((pictures[0].width, pictures[0].height), (800, 533));
        Ok(())
    })
}

async fn beside(pool: &Pool, bytes: &[u8]) -> Result<BesidePages, Failed> {
    Ok(pool.open(file(bytes)?, MediaType::Ofd).await?.beside().clone())
}

/// What is refused is told apart by what is wrong with it, and always called an OFD.
pub fn broken() -> Result<(), Failed> {
    let whole = made("invoice.ofd")?;
    let half = whole[..whole.len() / 2].to_vec();
    let mut damaged = whole.clone();
    // The content of the second file, the description of the document.
    let second = damaged
        .windows(18)
        .position(|w| w == b"Doc_0/Document.xml")
        .ok_or("a name")?
        + 18;
    damaged[second..second + 40].fill(0xAA);
    with_pool(PoolLimits::default(), async |pool| {
        for (what, bytes) in [("half of it", half), ("damaged", damaged)] {
            let refused = pool.open(file(&bytes)?, MediaType::Ofd).await;
            let Err(PoolError::Refused(refusal)) = refused else {
                return Err(format!("{what} was opened").into());
            };
            let said = refusal.as_detail().text(Language::English);
            assert_eq!(refusal.reason, Reason::Unreadable, "{what}: {said}");
            assert!(
                said.contains("OFD") && said.contains("print it to PDF"),
                "{what}: {said}"
            );
        }
        Ok(())
    })
}
