//! What a command could not do, as `--json` prints it on standard error.

use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct CommandProblemJson {
    /// A stable word, the same as in the problems of the API.
    pub code: &'static str,
    pub message: String,
    /// What to do now; empty where nobody can say.
    pub next_step: String,
    /// The exit code of the command.
    pub exit_code: u8,
}
