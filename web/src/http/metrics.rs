//! Counts of what the web did since it started, in the text format of Prometheus. Nothing in here names a person,
//! a document or a query.

use std::{
    fmt::Write,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::Duration,
};

/// Upper edges in milliseconds of the buckets of answer times.
const EDGES_MS: [u64; 10] = [1, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

#[derive(Default)]
pub struct Metrics {
    by_class: [AtomicU64; 5],
    in_flight: AtomicI64,
    pub searches: Times,
    pub answers: Times,
    pub page_images: AtomicU64,
    pub sign_ins_refused: AtomicU64,
}

#[derive(Default)]
pub struct Times {
    buckets: [AtomicU64; EDGES_MS.len()],
    count: AtomicU64,
    sum_us: AtomicU64,
}

impl Metrics {
    pub fn began(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    pub fn ended(&self, status: u16, took: Duration) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.by_class[class].fetch_add(1, Ordering::Relaxed);
        self.answers.note(took);
    }

    pub fn text(&self, gauges: &[(&str, i64)]) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "# TYPE dossier_http_requests_total counter");
        for (class, count) in self.by_class.iter().enumerate() {
            let _ = writeln!(
                text,
                "dossier_http_requests_total{{class=\"{}xx\"}} {}",
                class + 1,
                count.load(Ordering::Relaxed)
            );
        }
        for (name, value) in [
            ("dossier_page_images_total", self.page_images.load(Ordering::Relaxed)),
            (
                "dossier_sign_ins_refused_total",
                self.sign_ins_refused.load(Ordering::Relaxed),
            ),
        ] {
            let _ = writeln!(text, "# TYPE {name} counter\n{name} {value}");
        }
        let _ = writeln!(
            text,
            "# TYPE dossier_http_in_flight gauge\ndossier_http_in_flight {}",
            self.in_flight.load(Ordering::Relaxed)
        );
        for (name, value) in gauges {
            let _ = writeln!(text, "# TYPE {name} gauge\n{name} {value}");
        }
        self.answers.write("dossier_http_answer_seconds", &mut text);
        self.searches.write("dossier_search_seconds", &mut text);
        text
    }
}

impl Times {
    pub fn note(&self, took: Duration) {
        for (bucket, edge) in self.buckets.iter().zip(EDGES_MS) {
            if took <= Duration::from_millis(edge) {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum_us
            .fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn write(&self, name: &str, text: &mut String) {
        let _ = writeln!(text, "# TYPE {name} histogram");
        for (bucket, edge) in self.buckets.iter().zip(EDGES_MS) {
            let _ = writeln!(
                text,
                "{name}_bucket{{le=\"{}\"}} {}",
                edge as f64 / 1000.0,
                bucket.load(Ordering::Relaxed)
            );
        }
        let count = self.count.load(Ordering::Relaxed);
        let sum = self.sum_us.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(
            text,
            "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum {sum}\n{name}_count {count}"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative() {
        let metrics = Metrics::default();
        metrics.began();
        metrics.ended(200, Duration::from_millis(7));
        let text = metrics.text(&[("dossier_index_lag_changes", 3)]);
        for line in [
            "dossier_http_requests_total{class=\"2xx\"} 1",
            "dossier_http_answer_seconds_bucket{le=\"0.005\"} 0",
            "dossier_http_answer_seconds_bucket{le=\"0.01\"} 1",
            "dossier_http_answer_seconds_bucket{le=\"+Inf\"} 1",
            "dossier_index_lag_changes 3",
            "dossier_http_in_flight 0",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
    }
}
