//! Reading requests.
fn main() {}
