//! Rules about the file as a whole: its size, its type, its name.

use super::{Case, Content};
use crate::defect::{Defect, Defects, Id};
use crate::format::Format;
use crate::profile::{SizeLimits, Via, mb};

/// Formats, and what each is so alike that programs for the one often take the other.
const KIN: &[(Format, Format)] = &[
    (Format::ThreeGp, Format::Mp4),
    (Format::Mov, Format::Mp4),
    (Format::Mp4, Format::Mov),
    (Format::MpegTs, Format::MpegPs),
    (Format::Avif, Format::Heif),
];

pub(super) fn judge(case: &Case<'_>, defects: &mut Defects) {
    if case.size == 0 {
        let id = if case.via == Some(Via::Obs) { Id::ObsFileEmpty } else { Id::FileEmpty };
        defects.note(Defect::at(id, 0));
        return;
    }
    kind(case, defects);
    extension(case, defects);
    if let Some(limits) = &case.profile.size {
        size(case, limits, defects);
    }
}

/// Is the content in a format that the operation accepts?
fn kind(case: &Case<'_>, defects: &mut Defects) {
    let label = match case.content {
        Content::Unknown => {
            let begins = case.begins.get(..8).unwrap_or(case.begins);
            let begins = begins.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
            defects.note(Defect::at(Id::FormatUnknown, 0).with("begins", begins).with("accepted", case.listed()));
            return;
        }
        Content::Foreign(foreign) if foreign.stand_in => {
            defects.note(Defect::at(Id::StandIn, 0).with("label", foreign.label.get(case.lang)));
            return;
        }
        Content::Foreign(foreign) => foreign.label,
        Content::Known(format) => {
            let Some(accepted) = case.profile.accepted.as_ref().filter(|accepted| !accepted.formats.contains(&format))
            else {
                return;
            };
            let kin = KIN.iter().find(|(of, kin)| *of == format && accepted.formats.contains(kin));
            if let Some((_, kin)) = kin {
                let listed = kin.info().label.get(case.lang);
                defects.note(Defect::new(Id::FormatResemblesListed).with("listed", listed));
            }
            format.info().label
        }
    };
    defects
        .note(Defect::at(Id::FormatNotAccepted, 0).with("label", label.get(case.lang)).with("accepted", case.listed()));
}

/// Does the name say what the content is?
fn extension(case: &Case<'_>, defects: &mut Defects) {
    let Some(extension) = case.extension else {
        return;
    };
    let (label, expected) = match case.content {
        Content::Known(format) => (format.info().label, format.info().extensions),
        Content::Foreign(foreign) => (foreign.label, foreign.extensions),
        Content::Unknown => return,
    };
    let extension = extension.to_ascii_lowercase();
    let claims_a_format = Format::from_extension(&extension).is_some();
    if let Some(usual) = expected.first()
        && claims_a_format
        && !expected.contains(&extension.as_str())
    {
        defects.note(
            Defect::new(Id::ExtensionMismatch)
                .with("extension", extension)
                .with("label", label.get(case.lang))
                .with("expected", *usual),
        );
    }
}

/// Is the file small enough for the way it is sent?
fn size(case: &Case<'_>, limits: &SizeLimits, defects: &mut Defects) {
    // The base64 text has four characters for every three bytes that are begun.
    let encoded = case.size.div_ceil(3).saturating_mul(4);
    let raw_mb = |encoded_mb: f64| encoded_mb * 3.0 / 4.0;
    let by_base64 = limits.base64_mb.map(|mb| (encoded, mb, raw_mb(mb)));
    let by_url = limits.url_mb.map(|mb| (case.size, mb, mb));
    let defect = |id, limit_mb: f64| Defect::new(id).with("bytes", case.size).with("limit_mb", limit_mb);
    let over = |(size, limit, _): (u64, f64, f64), unit: u64| size > mb(limit, unit);

    // Without a word on how it is sent, the wider way counts and the narrower one is a risk.
    let (widest, narrower) = match (case.via, by_base64, by_url) {
        (Some(Via::Base64), Some(base64), _) | (None | Some(Via::Url | Via::Obs), Some(base64), None) => {
            (Some(base64), None)
        }
        (None, base64, Some(url)) => (Some(url), base64),
        (Some(Via::Url | Via::Obs), _, url) | (Some(Via::Base64) | None, None, url) => (url, None),
    };
    let Some(widest) = widest else {
        return;
    };
    if over(widest, limits.unit.large) {
        let id = if case.via == Some(Via::Obs) { Id::ObsFileTooLarge } else { Id::FileTooLarge };
        defects.note(defect(id, widest.2));
        return;
    }
    if over(widest, limits.unit.small) {
        defects.note(defect(Id::FileSizeAmbiguous, widest.2));
    }
    if let Some(base64) = narrower
        && over(base64, limits.unit.small)
    {
        defects.note(defect(Id::FileTooLargeForBase64, base64.2).with("encoded_mb", base64.1));
    }
}
