//! JUnit XML for CI systems: each file a test case; a file that is predicted to be refused fails,
//! one that could not be checked is skipped, a risk stands in the output of a case that passes.
//!
//! The counts stand before the cases, so the cases wait in a temporary file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::text::harmless;
use super::{Renderer, Reported, Summary};
use crate::report::{Report, Verdict};

/// The test cases so far.
#[derive(Default)]
pub(super) struct Suite {
    cases: Option<BufWriter<File>>,
}

impl Renderer for Suite {
    fn report(&mut self, result: &Reported, _: &mut dyn Write) -> io::Result<()> {
        let cases = match &mut self.cases {
            Some(cases) => cases,
            none => none.insert(BufWriter::new(tempfile::tempfile()?)),
        };
        let report = result.report()?;
        test_case(&report, cases)
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let mut xml = quick_xml::Writer::new(&mut *out);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let counts = [
            ("name", "ais-preflight".to_owned()),
            ("tests", summary.files.to_string()),
            ("failures", summary.count(Verdict::Reject).to_string()),
            ("errors", "0".to_owned()),
            ("skipped", summary.count(Verdict::Unchecked).to_string()),
            ("time", format!("{:.3}", summary.time.as_secs_f64())),
        ];
        let counts = || counts.iter().map(|(name, value)| (*name, value.as_str()));
        // Not every reader knows skipped tests of all suites together.
        let of_all = counts().filter(|(name, _)| *name != "skipped");
        let (all, suite) = (BytesStart::new("testsuites"), BytesStart::new("testsuite"));
        line(&mut xml, Event::Start(all.with_attributes(of_all)))?;
        line(&mut xml, Event::Start(suite.with_attributes(counts())))?;
        if let Some(cases) = self.cases.take() {
            let mut cases = cases.into_inner()?;
            cases.rewind()?;
            io::copy(&mut BufReader::new(cases), xml.get_mut())?;
        }
        line(&mut xml, Event::End(BytesEnd::new("testsuite")))?;
        line(&mut xml, Event::End(BytesEnd::new("testsuites")))?;
        xml.get_mut().write_all(b"\n")
    }
}

fn line(xml: &mut quick_xml::Writer<&mut dyn Write>, event: Event<'_>) -> io::Result<()> {
    xml.get_mut().write_all(b"\n")?;
    xml.write_event(event)
}

fn test_case(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let name = clean(report.path.as_deref().unwrap_or("-"));
    let named = [("classname", report.profile.as_str()), ("name", &name)];
    out.write_all(b"\n")?;
    let mut xml = quick_xml::Writer::new(out);
    let Some(cause) = report.cause() else {
        return xml.create_element("testcase").with_attributes(named).write_empty().map(drop);
    };
    let message = clean(&cause.message);
    let mut body = String::new();
    for finding in &report.findings {
        let code = finding.code.as_deref().unwrap_or("-");
        let offset = finding.offset.map(|offset| format!(" @{offset}")).unwrap_or_default();
        let _ = writeln!(body, "{code} {}{offset}: {}", finding.defect, clean(&finding.message));
        if !finding.remedy.is_empty() {
            let _ = writeln!(body, "  -> {}", clean(&finding.remedy));
        }
    }
    let kind = match &cause.code {
        Some(code) => format!("{code} {}", cause.defect),
        None => cause.defect.to_owned(),
    };
    xml.create_element("testcase").with_attributes(named).write_inner_content(|xml| {
        let text = BytesText::new(&body);
        match report.verdict {
            Verdict::Reject => {
                let about = [("type", kind.as_str()), ("message", &message)];
                xml.create_element("failure").with_attributes(about).write_text_content(text)?
            }
            Verdict::Unchecked => {
                xml.create_element("skipped").with_attribute(("message", message.as_str())).write_text_content(text)?
            }
            Verdict::Pass | Verdict::Risk => xml.create_element("system-out").write_text_content(text)?,
        };
        Ok(())
    })?;
    Ok(())
}

/// Text that may stand in XML, which besides controls excludes two other characters.
fn clean(text: &str) -> String {
    harmless(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
