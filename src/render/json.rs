//! Reports for programs: the contract of [`crate::report`], as an array or one a line.

use std::io::{self, Write};

use super::{Renderer, Reported, Summary};

/// One object a line, each whole and flushed before the next.
pub(super) struct Lines;

impl Renderer for Lines {
    fn report(&mut self, result: &Reported, out: &mut dyn Write) -> io::Result<()> {
        let mut line = result.json().into_owned();
        line.push('\n');
        out.write_all(line.as_bytes())
    }

    fn finish(&mut self, _: &Summary, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// One array.
#[derive(Default)]
pub(super) struct Array {
    begun: bool,
}

impl Renderer for Array {
    fn report(&mut self, result: &Reported, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b",\n" } else { b"[\n" })?;
        self.begun = true;
        out.write_all(result.json().as_bytes())
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}
