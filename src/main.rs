//! The command `ais-preflight`.

fn main() -> std::process::ExitCode {
    ais_preflight::cli::run()
}
