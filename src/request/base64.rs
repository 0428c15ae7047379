//! Base64 (RFC 4648): what is wrong with the text, and the bytes it stands for as a [`Source`].
//!
//! The bytes are decoded where they are read, straight from the text, which may lie in a JSON body
//! with its escapes in it; no copy of the whole is ever made. A text that is base64 from end to end
//! is addressed by arithmetic. In any other, places are kept every few KiB, and what does not belong
//! there is passed over, so that the file behind a mistake is looked at all the same.

use std::io;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::json::{Escape, shown, unescape};
use crate::bytes::{index, len64};
use crate::defect::{Defect, Defects, Id};
use crate::format::{Format, HEAD_LEN, Head, foreign};
use crate::lang::{Lang, Text};
use crate::source::Source;

/// Padding is looked at here, not by the decoder, and left-over bits say nothing.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Digits that are decoded at once: small enough to stay in the nearest cache.
const BLOCK: usize = 16 << 10;
/// The bytes they make.
const DECODED: usize = BLOCK / 4 * 3;
/// As much of the text as is looked at to tell a mistake from base64.
const BEGINNING: usize = 1024;

/// A base64 text in a body, or by itself.
#[derive(Clone, Copy)]
pub(crate) struct Base64<'t> {
    /// The text as it is there.
    pub(crate) text: &'t [u8],
    /// Where in the body it begins.
    pub(crate) offset: u64,
    /// Whether the text is that of a JSON string, so that a backslash begins an escape.
    pub(crate) escaped: bool,
}

/// What base64 text decodes to.
pub(crate) struct Decoded<'t> {
    text: Base64<'t>,
    /// How many bytes from the start are base64 and nothing else.
    regular: usize,
    /// Places behind the regular part: the position in the text, and how many digits precede it.
    places: Vec<(usize, u64)>,
    digits: u64,
}

/// One character of the text, whatever it is written as.
enum Symbol {
    Digit(u8),
    /// A digit of the alphabet for URLs, as the one it should be.
    UrlSafe(u8),
    Break,
    Space,
    Padding,
    Percent(u8),
    Html(u8),
    Other,
}

impl<'t> Base64<'t> {
    /// Notes what is wrong with the text; the bytes behind it, unless it stands for something else
    /// than a file.
    pub(crate) fn examine(
        self,
        lang: Lang,
        defects: &mut Defects,
        place: &dyn Fn(Defect) -> Defect,
    ) -> Option<Decoded<'t>> {
        let beginning = self.beginning();
        if let Some(defect) = self.instead(beginning.trim(), lang) {
            defects.note(place(Defect { offset: Some(self.offset), ..defect }));
            return None;
        }
        let bare = self.unwrap(&beginning, &mut |defect| defects.note(place(defect)));
        let (decoded, survey) = bare.survey();
        survey.report(&decoded, &mut |defect| defects.note(place(defect)));
        if decoded.size() == 0 {
            return None;
        }
        if let Some(label) = decoded.is_base64_again() {
            defects.note(place(Defect::at(Id::Base64Twice, bare.offset).with("label", label.get(lang))));
            return None;
        }
        Some(decoded)
    }

    /// The beginning of the text, its escapes resolved.
    fn beginning(&self) -> String {
        let beginning = self.text.get(..BEGINNING).unwrap_or(self.text);
        if self.escaped { unescape(beginning).into_owned() } else { String::from_utf8_lossy(beginning).into_owned() }
    }

    /// Whether the text is not base64 at all, but an address, a file name, or hexadecimal.
    fn instead(&self, beginning: &str, lang: Lang) -> Option<Defect> {
        let lower = beginning.to_ascii_lowercase();
        if ["http://", "https://", "ftp://", "obs://", "s3://"].iter().any(|scheme| lower.starts_with(scheme)) {
            return Some(Defect::new(Id::Base64Url));
        }
        // None of these signs is a digit of base64, so nothing that is base64 is taken for a name.
        let drive = matches!(lower.as_bytes(), [b'a'..=b'z', b':', b'\\' | b'/', ..]);
        let leads = ["./", "../", "~/", "@", "file:", "\\\\"].iter().any(|lead| lower.starts_with(lead));
        let extension = lower.rsplit_once('.').map(|(_, extension)| extension);
        let ends = extension
            .is_some_and(|extension| Format::from_extension(extension).is_some() || foreign::has_extension(extension));
        if self.text.len() < BEGINNING && (drive || leads || ends) {
            return Some(Defect::new(Id::Base64Path).with("name", shown(beginning).into_owned()));
        }
        let digits = lower.strip_prefix("0x").unwrap_or(&lower).as_bytes();
        let bytes: Option<Vec<u8>> = digits.chunks_exact(2).map(hex_byte).collect();
        let size = len64(self.text.len()) / 2;
        let label = bytes.and_then(|bytes| label_of(&Head { bytes: &bytes, size }))?;
        Some(Defect::new(Id::Base64Hex).with("label", label.get(lang)))
    }

    /// The text without what it is wrapped in: a data URI, quotation marks.
    fn unwrap(self, beginning: &str, note: &mut dyn FnMut(Defect)) -> Self {
        let mut bare = self;
        let lead = beginning.trim_start();
        let quoted = lead.strip_prefix('b').unwrap_or(lead);
        if quoted.starts_with(['\'', '"']) {
            note(Defect::at(Id::Base64Quoted, self.offset));
            let is_wrap = |byte: &u8| matches!(byte, b'b' | b'\'' | b'"' | b'\\' | b' ' | b'\n');
            let start = bare.text.iter().take(4).take_while(|byte| is_wrap(byte)).count();
            let end = bare.text.iter().rev().take(4).take_while(|byte| is_wrap(byte) && **byte != b'b').count();
            bare = bare.part(start, bare.text.len().saturating_sub(end));
        }
        let prefix = lead.get(..lead.find(',').unwrap_or_default()).unwrap_or_default();
        let names_base64 = prefix.to_ascii_lowercase().contains(";base64");
        if names_base64 || prefix.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
            let prefix = prefix.trim_start_matches(['b', '\'', '"']);
            note(Defect::at(Id::Base64DataUri, self.offset).with("prefix", shown(&format!("{prefix},")).into_owned()));
            let comma = memchr::memchr(b',', bare.text).unwrap_or_default();
            bare = bare.part(comma.saturating_add(1), bare.text.len());
        }
        bare
    }

    fn part(self, start: usize, end: usize) -> Self {
        let text = self.text.get(start..end).unwrap_or_default();
        Self { text, offset: self.offset.saturating_add(len64(start)), ..self }
    }

    /// Goes once through the whole text.
    fn survey(self) -> (Decoded<'t>, Survey) {
        // In whole groups of four, so that what follows begins with one.
        let regular = run_of_digits(self.text) / 4 * 4;
        let mut decoded = Decoded { text: self, regular, places: Vec::new(), digits: len64(regular) };
        let mut survey = Survey { offset: self.offset, ..Survey::default() };
        let mut at = regular;
        let mut next_place = decoded.digits;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            if decoded.digits >= next_place {
                decoded.places.push((at, decoded.digits));
                next_place = decoded.digits.saturating_add(len64(BLOCK));
            }
            let run = run_of_digits(rest.get(..BLOCK).unwrap_or(rest));
            let digits = if run > 0 {
                at = at.saturating_add(run);
                survey.sees_digits(run)
            } else {
                let (symbol, length) = self.symbol(rest);
                let is_digit = survey.sees(&symbol, rest, at);
                at = at.saturating_add(length);
                u64::from(is_digit)
            };
            decoded.digits = decoded.digits.saturating_add(digits);
        }
        (decoded, survey)
    }

    /// The character at the start of `rest`, and how many bytes it is written in.
    fn symbol(&self, rest: &[u8]) -> (Symbol, usize) {
        match rest {
            [b'\\', ..] if self.escaped => match Escape::read(rest) {
                (Escape::Character(character), length) => {
                    let byte = u8::try_from(character).unwrap_or(0);
                    (plain(byte), length)
                }
                (_, length) => (Symbol::Other, length),
            },
            [b'%', digits @ ..] => match digits.get(..2).and_then(hex_byte).map(plain) {
                Some(Symbol::Digit(digit)) => (Symbol::Percent(digit), 3),
                Some(Symbol::Padding) => (Symbol::Percent(b'='), 3),
                _ => (Symbol::Other, 1),
            },
            [b'&', ..] => HTML
                .iter()
                .find(|(name, _)| rest.get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name)))
                .map_or((Symbol::Other, 1), |(name, digit)| (Symbol::Html(*digit), name.len())),
            [byte, ..] if !byte.is_ascii() => {
                // The whole of a character beyond ASCII.
                let more = rest.iter().skip(1).take(3).take_while(|byte| **byte & 0xc0 == 0x80).count();
                (Symbol::Other, if *byte < 0xc0 { 1 } else { more.saturating_add(1) })
            }
            [byte, ..] => (plain(*byte), 1),
            [] => (Symbol::Other, 1),
        }
    }
}

/// The ways in which HTML writes the three signs of base64.
const HTML: &[(&[u8], u8)] = &[
    (b"&#43;", b'+'),
    (b"&#x2b;", b'+'),
    (b"&plus;", b'+'),
    (b"&#47;", b'/'),
    (b"&#x2f;", b'/'),
    (b"&sol;", b'/'),
    (b"&#61;", b'='),
    (b"&#x3d;", b'='),
    (b"&equals;", b'='),
];

/// An unescaped character.
fn plain(byte: u8) -> Symbol {
    match byte {
        _ if is_digit(byte) => Symbol::Digit(byte),
        b'-' => Symbol::UrlSafe(b'+'),
        b'_' => Symbol::UrlSafe(b'/'),
        b'=' => Symbol::Padding,
        b'\n' | b'\r' | b'\t' => Symbol::Break,
        b' ' => Symbol::Space,
        _ => Symbol::Other,
    }
}

/// How many digits of the standard alphabet `text` begins with.
fn run_of_digits(text: &[u8]) -> usize {
    /// Digits that are looked at together, for the compiler to compare many at once.
    const STRETCH: usize = 64;
    let stretches = text.chunks_exact(STRETCH);
    let whole = stretches.take_while(|stretch| stretch.iter().fold(true, |all, byte| all & is_digit(*byte))).count();
    let whole = whole.saturating_mul(STRETCH);
    let rest = text.get(whole..).unwrap_or_default();
    whole.saturating_add(rest.iter().take_while(|byte| is_digit(**byte)).count())
}

/// Whether `byte` is a digit of the standard alphabet. Without branches, so that it is fast in bulk.
const fn is_digit(byte: u8) -> bool {
    (byte.wrapping_sub(b'A') < 26)
        | (byte.wrapping_sub(b'a') < 26)
        | (byte.wrapping_sub(b'0') < 10)
        | (byte == b'+')
        | (byte == b'/')
}

/// The byte of two hexadecimal digits.
fn hex_byte(pair: &[u8]) -> Option<u8> {
    let digit = |at: usize| pair.get(at).and_then(|digit| char::from(*digit).to_digit(16));
    u8::try_from((digit(0)? << 4) | digit(1)?).ok()
}

/// What a picture or video begins like that.
fn label_of(head: &Head<'_>) -> Option<Text> {
    Format::sniff(head).map(|format| format.info().label)
}

/// How often something was seen, and where first.
#[derive(Clone, Copy, Default)]
struct Seen {
    count: u64,
    first: u64,
}

impl Seen {
    fn at(&mut self, offset: u64) {
        if self.count == 0 {
            self.first = offset;
        }
        self.count = self.count.saturating_add(1);
    }
}

/// What there was in a text beside digits.
#[derive(Default)]
struct Survey {
    offset: u64,
    url_safe: Seen,
    breaks: Seen,
    spaces: Seen,
    padding: Seen,
    percent: Seen,
    html: Seen,
    others: Seen,
    first_other: Option<char>,
    /// Anything but white space behind the padding.
    behind_padding: bool,
}

impl Survey {
    /// Takes account of plain digits; how many of them stand for six bits.
    fn sees_digits(&mut self, count: usize) -> u64 {
        if self.padding.count > 0 {
            self.behind_padding = true;
            return 0;
        }
        len64(count)
    }

    /// Takes account of a symbol; whether it stands for six bits.
    fn sees(&mut self, symbol: &Symbol, rest: &[u8], at: usize) -> bool {
        let offset = self.offset.saturating_add(len64(at));
        let (digit, seen) = match symbol {
            Symbol::Digit(_) => (true, None),
            Symbol::UrlSafe(_) => (true, Some(&mut self.url_safe)),
            Symbol::Space => (true, Some(&mut self.spaces)),
            Symbol::Percent(digit) => (*digit != b'=', Some(&mut self.percent)),
            Symbol::Html(digit) => (*digit != b'=', Some(&mut self.html)),
            Symbol::Break => (false, Some(&mut self.breaks)),
            Symbol::Padding => (false, None),
            Symbol::Other => {
                let text = String::from_utf8_lossy(rest.get(..8).unwrap_or(rest));
                self.first_other = self.first_other.or(text.chars().next());
                (false, Some(&mut self.others))
            }
        };
        if let Some(seen) = seen {
            seen.at(offset);
        }
        if matches!(symbol, Symbol::Padding | Symbol::Percent(b'=') | Symbol::Html(b'=')) {
            self.padding.at(offset);
        } else if self.padding.count > 0 && !matches!(symbol, Symbol::Break) {
            self.behind_padding = true;
        }
        digit && self.padding.count == 0
    }

    fn report(&self, decoded: &Decoded<'_>, note: &mut dyn FnMut(Defect)) {
        for (seen, id) in [
            (self.url_safe, Id::Base64UrlSafe),
            (self.breaks, Id::Base64LineBreaks),
            (self.percent, Id::Base64PercentEscaped),
            (self.html, Id::Base64HtmlEscaped),
            (self.spaces, Id::Base64PlusLost),
        ] {
            if seen.count > 0 {
                note(Defect::at(id, seen.first).with("count", seen.count));
            }
        }
        if self.others.count > 0 {
            let character = self.first_other.unwrap_or(char::REPLACEMENT_CHARACTER).to_string();
            note(
                Defect::at(Id::Base64Characters, self.others.first)
                    .with("count", self.others.count)
                    .with("character", character),
            );
            // With characters lost, the number of those that are left says nothing.
            return;
        }
        let missing = 4_u64.saturating_sub(decoded.digits % 4) % 4;
        let end = self.offset.saturating_add(len64(decoded.text.text.len()));
        if missing == 3 {
            note(Defect::at(Id::Base64Cut, end).with("count", decoded.digits));
        } else if self.padding.count == 0 && missing > 0 {
            note(Defect::at(Id::Base64PaddingMissing, end).with("missing", missing));
        } else if self.padding.count != missing || self.behind_padding {
            note(Defect::at(Id::Base64PaddingWrong, self.padding.first));
        }
    }
}

impl Decoded<'_> {
    fn size(&self) -> u64 {
        self.digits.saturating_mul(6) / 8
    }

    /// What picture or video the bytes would be if they were decoded once more.
    fn is_base64_again(&self) -> Option<Text> {
        let mut bytes = [0; 4096];
        let n = self.decode(0, &mut bytes);
        let text = bytes.get(..n)?;
        let text = match memchr::memchr(b',', text.get(..100)?) {
            Some(comma) if text.starts_with(b"data:") => text.get(comma.saturating_add(1)..)?,
            _ => text,
        };
        let inner = Base64 { text, offset: 0, escaped: false };
        let (inner, survey) = inner.survey();
        if survey.others.count > 0 || survey.spaces.count > 0 {
            return None;
        }
        let mut head = [0; 3072];
        let n = inner.decode(0, &mut head);
        label_of(&Head { bytes: head.get(..n)?, size: HEAD_LEN.max(self.size()) })
    }

    /// Decodes into `buffer` from byte `offset` on; fewer bytes than there is room for where that
    /// is quicker, none only at the end.
    fn decode(&self, offset: u64, buffer: &mut [u8]) -> usize {
        let room = index(self.size().saturating_sub(offset)).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..room).filter(|buffer| !buffer.is_empty()) else {
            return 0;
        };
        let group = offset / 3;
        let skip = index(offset % 3);
        let first = group.saturating_mul(4);
        let regular = self.text.text.get(index(first)..self.regular).unwrap_or_default();
        if skip == 0 && buffer.len() >= 3 && !regular.is_empty() {
            let groups = (buffer.len() / 3).min(regular.len() / 4);
            let text = regular.get(..groups.saturating_mul(4)).unwrap_or_default();
            return ENGINE.decode_slice(text, buffer).unwrap_or_default();
        }
        let mut bytes = [0; DECODED];
        let n = if regular.is_empty() {
            let mut digits = [0; BLOCK];
            let wanted = skip.saturating_add(buffer.len()).div_ceil(3).saturating_mul(4).min(BLOCK);
            let found = self.gather(first, digits.get_mut(..wanted).unwrap_or_default());
            // A digit by itself at the end makes no byte.
            let whole = if found % 4 == 1 { found.saturating_sub(1) } else { found };
            ENGINE.decode_slice(digits.get(..whole).unwrap_or_default(), &mut bytes)
        } else {
            ENGINE.decode_slice(regular.get(..BLOCK).unwrap_or(regular), &mut bytes)
        }
        .unwrap_or_default();
        let bytes = bytes.get(skip..n).unwrap_or_default();
        let n = bytes.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..n), bytes.get(..n)) {
            to.copy_from_slice(from);
        }
        n
    }

    /// Collects the digits from the one numbered `first` on, which is behind the regular part.
    fn gather(&self, first: u64, digits: &mut [u8]) -> usize {
        let before = self.places.partition_point(|(_, number)| *number <= first);
        let Some((mut at, mut number)) = before.checked_sub(1).and_then(|place| self.places.get(place)).copied() else {
            return 0;
        };
        let mut found = 0_usize;
        while let Some(rest) = self.text.text.get(at..).filter(|rest| !rest.is_empty()) {
            let run = run_of_digits(rest.get(..BLOCK).unwrap_or(rest));
            if run > 0 {
                let skip = index(first.saturating_sub(number)).min(run);
                let wanted = digits.get_mut(found..).unwrap_or_default();
                let n = run.saturating_sub(skip).min(wanted.len());
                if let (Some(to), Some(from)) = (wanted.get_mut(..n), rest.get(skip..skip.saturating_add(n))) {
                    to.copy_from_slice(from);
                }
                found = found.saturating_add(n);
                number = number.saturating_add(len64(run));
                at = at.saturating_add(run);
                if found == digits.len() {
                    break;
                }
                continue;
            }
            let (symbol, length) = self.text.symbol(rest);
            at = at.saturating_add(length);
            let digit = match symbol {
                Symbol::Digit(digit) | Symbol::UrlSafe(digit) | Symbol::Percent(digit) | Symbol::Html(digit) => digit,
                Symbol::Space => b'+',
                Symbol::Padding => b'=',
                Symbol::Break | Symbol::Other => continue,
            };
            if digit == b'=' {
                break;
            }
            if number >= first {
                let Some(place) = digits.get_mut(found) else {
                    break;
                };
                *place = digit;
                found = found.saturating_add(1);
            }
            number = number.saturating_add(1);
        }
        found
    }
}

impl Source for Decoded<'_> {
    fn size(&self) -> io::Result<u64> {
        Ok(Decoded::size(self))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        Ok(self.decode(offset, buf))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;

    fn examine(text: &[u8], escaped: bool) -> (Vec<(&'static str, u64)>, Option<Vec<u8>>) {
        let mut defects = Defects::default();
        let decoded = Base64 { text, offset: 0, escaped }.examine(Lang::En, &mut defects, &|defect| defect);
        let bytes = decoded.map(|decoded| read(&decoded));
        let found =
            defects.into_findings().map(|(defect, _)| (defect.id.name(), defect.offset.unwrap_or_default())).collect();
        (found, bytes)
    }

    /// All bytes, read in uneven steps, each held against a read from another place.
    fn read(decoded: &Decoded<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut room = 1;
        loop {
            let mut buffer = vec![0; room];
            let n = decoded.read_at(len64(bytes.len()), &mut buffer).unwrap();
            if n == 0 {
                break;
            }
            bytes.extend_from_slice(&buffer[..n]);
            room = room * 7 % 100_003 + 1;
        }
        assert_eq!(len64(bytes.len()), decoded.size());
        for at in [0, 1, bytes.len() / 2, bytes.len().saturating_sub(2)] {
            let mut buffer = [0; 5];
            let n = decoded.read_at(len64(at), &mut buffer).unwrap();
            assert_eq!(buffer[..n], bytes[at..at + n]);
        }
        bytes
    }

    /// Bytes that are no format and hold every digit of base64.
    fn noise(length: usize) -> Vec<u8> {
        (0..length).map(|at| u8::try_from(at * 7 % 251).unwrap() ^ u8::try_from(at / 251 % 256).unwrap()).collect()
    }

    #[test]
    fn sound_text_decodes_whatever_its_length() {
        for length in (1..40).chain([DECODED - 1, DECODED, DECODED + 1, 3 * DECODED + 2, 200_000]) {
            let bytes = noise(length);
            let text = BASE64_STANDARD.encode(&bytes);
            assert_eq!(examine(text.as_bytes(), true), (vec![], Some(bytes.clone())), "{length}");
            let by_php = text.replace('/', "\\/");
            assert_eq!(examine(by_php.as_bytes(), true), (vec![], Some(bytes)), "{length}, escaped");
        }
    }

    #[test]
    fn every_mistake_has_its_name_and_the_bytes_are_had_all_the_same() {
        let bytes = noise(100_000);
        let text = BASE64_STANDARD.encode(&bytes);
        let lines: Vec<_> = text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        for (wrong, name) in [
            (format!("data:image/jpeg;base64,{text}"), "base64-data-uri"),
            (format!("image/png;base64,{text}"), "base64-data-uri"),
            (format!("data:,{text}"), "base64-data-uri"),
            (text.replace('+', "-").replace('/', "_"), "base64-url-safe"),
            (lines.join("\\n"), "base64-line-breaks"),
            (lines.join("\\r\\n"), "base64-line-breaks"),
            (lines.join("\n"), "base64-line-breaks"),
            (text.trim_end_matches('=').to_owned(), "base64-padding-missing"),
            (format!("{text}=="), "base64-padding-wrong"),
            (format!("{text}AAAA"), "base64-padding-wrong"),
            (text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"), "base64-percent-escaped"),
            (text.replace('+', "&#43;").replace('/', "&#x2F;").replace('=', "&#61;"), "base64-html-escaped"),
            (text.replace('+', " "), "base64-plus-lost"),
            (format!("b'{text}'"), "base64-quoted"),
            (format!("\\\"{text}\\\""), "base64-quoted"),
            (text.replace("AA", "A\u{e9}A"), "base64-characters"),
        ] {
            let (found, had) = examine(wrong.as_bytes(), true);
            assert_eq!(found.len(), 1, "{name}: {found:?}");
            assert_eq!(found[0].0, name);
            assert!(had.as_ref() == Some(&bytes), "{name}: the bytes differ");
        }
    }

    #[test]
    fn what_is_no_file_is_told_apart() {
        for (wrong, name) in [
            ("https://example.com/a.jpg", "base64-url"),
            ("obs://bucket/a.jpg", "base64-url"),
            ("/home/me/a.jpg", "base64-path"),
            ("C:\\\\me\\\\a", "base64-path"),
            ("@a.jpg", "base64-path"),
            ("photo.HEIC", "base64-path"),
            ("report.pdf", "base64-path"),
            ("ffd8ffe000104a46494600010100", "base64-hex"),
            ("0x89504e470d0a1a0a0000000d49484452", "base64-hex"),
        ] {
            let (found, had) = examine(wrong.as_bytes(), true);
            assert_eq!((found, had), (vec![(name, 0)], None), "{wrong}");
        }
        let picture = [b"\xff\xd8\xff\xe0\0\x10JFIF\0".as_slice(), &noise(500)].concat();
        for once in
            [BASE64_STANDARD.encode(&picture), format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(&picture))]
        {
            let (found, had) = examine(BASE64_STANDARD.encode(once).as_bytes(), true);
            assert_eq!((found, had), (vec![("base64-twice", 0)], None));
        }
    }

    #[test]
    fn a_cut_text_says_so() {
        assert_eq!(examine(b"/9j/4AAQS", true), (vec![("base64-cut", 9)], Some(b"\xff\xd8\xff\xe0\0\x10".to_vec())));
        assert_eq!(examine(b"/", true), (vec![("base64-cut", 1)], None));
        assert_eq!(examine(b"=", true), (vec![("base64-padding-wrong", 0)], None));
        assert_eq!(examine(b"\\", true), (vec![("base64-characters", 0)], None));
    }
}
