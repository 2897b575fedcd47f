//! Screens and API by call, without a browser: one program, so that the harness is built once.

mod audit;
mod batches;
mod factor;
mod gallery;
mod harness;
mod history;
mod holdings;
mod imports;
mod keeping;
mod loans;
mod maps;
mod matrix;
mod office;
mod one_field;
mod openapi;
mod own_searches;
mod placements;
mod reading;
mod routes;
mod safety;
mod sealing;
mod sight;
mod stocktakes;
mod subject;
mod today;
mod uploads;
