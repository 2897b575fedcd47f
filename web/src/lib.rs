//! Record to screen and JSON: the router, the views, the REST API, accounts. The only room that speaks HTTP.

pub mod address;
pub mod assets;
pub mod screens;
pub mod text;
