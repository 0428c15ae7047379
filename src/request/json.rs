//! JSON (RFC 8259) as it comes: every value with its place in the body, and every fault on the way.
//!
//! A walker of its own, since no library at hand does what a check needs. `serde_json` gives no
//! offsets and recurses; `jiter` and `struson` end at the first fault; `json-event-parser`, the
//! nearest, goes on after a fault, but drops the string that has it, tells faults apart by English
//! sentences only, and copies each string that has an escape, which with bodies made by PHP (`\/`)
//! is the whole picture. Here nothing is copied: a string is a stretch of the body.
//!
//! The walk is a loop, not a recursion. It goes on where the meaning is plain in spite of a fault
//! (a comma too many, single quotes, NaN, a line break in a string), and ends where it is not.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use memchr::memchr2;

use crate::bytes::len64;
use crate::defect::{Defect, Defects, Id};
use crate::lang::{Lang, Text};

/// Deeper than any operation goes, and about where common readers (Jackson, Python) give up.
const MAX_DEPTH: usize = 1000;
/// More than any operation takes; keeps the memory for values small beside the body.
const MAX_VALUES: usize = 1 << 16;
/// Longer names and values are cut where they are shown.
const SHOWN: usize = 60;
/// Longer pointers are cut at their beginning.
const STEPS: usize = 12;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
    /// A bare word that JSON has not.
    Word,
}

impl Kind {
    /// For people, with an article.
    pub(crate) const fn label(self) -> Text {
        match self {
            Self::Object => Text { en: "an object", zh: "对象" },
            Self::Array => Text { en: "an array", zh: "数组" },
            Self::String => Text { en: "a string", zh: "字符串" },
            Self::Number => Text { en: "a number", zh: "数字" },
            Self::Bool => Text { en: "true or false", zh: "布尔值" },
            Self::Null => Text { en: "null", zh: "空值 null" },
            Self::Word => Text { en: "a bare word", zh: "未加引号的单词" },
        }
    }
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// The name in its object, between the quotes.
    name: Option<Range<usize>>,
    /// The text of the value; of a string what is between the quotes.
    text: Range<usize>,
    parent: Option<usize>,
    /// The place among its siblings.
    index: usize,
    first_child: Option<usize>,
    last_child: Option<usize>,
    next: Option<usize>,
}

/// The values of a body.
#[derive(Debug)]
pub(crate) struct Document<'b> {
    body: &'b [u8],
    nodes: Vec<Node>,
    /// Whether the walk came to the end, so that what was not found is not there.
    pub(crate) complete: bool,
}

/// One value of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'d, 'b> {
    document: &'d Document<'b>,
    at: usize,
}

impl<'b> Document<'b> {
    /// Walks through `body` from byte `start` on, noting what is wrong with it.
    pub(crate) fn read(body: &'b [u8], start: usize, lang: Lang, defects: &mut Defects) -> Self {
        let document = Self { body, nodes: Vec::new(), complete: false };
        let mut reader =
            Reader { body, at: start, document, open: Vec::new(), name: None, names: HashSet::new(), lang, defects };
        let walked = reader.walk();
        let mut document = reader.document;
        document.complete = walked.is_ok();
        document
    }

    /// The outermost value.
    pub(crate) fn root(&self) -> Option<Value<'_, 'b>> {
        (!self.nodes.is_empty()).then_some(Value { document: self, at: 0 })
    }

    fn slice(&self, range: &Range<usize>) -> &'b [u8] {
        self.body.get(range.clone()).unwrap_or_default()
    }

    /// The JSON pointer (RFC 6901) to a value, long names cut.
    fn pointer(&self, at: usize) -> String {
        let mut steps = Vec::new();
        let mut place = self.nodes.get(at);
        while let Some(node) = place {
            let Some(parent) = node.parent else {
                break;
            };
            steps.push(match &node.name {
                Some(name) => step(&unescape(self.slice(name))),
                None => node.index.to_string(),
            });
            // A longer way says nothing to anybody.
            if steps.len() > STEPS {
                steps.push("…".to_owned());
                break;
            }
            place = self.nodes.get(parent);
        }
        steps.iter().rev().fold(String::new(), |pointer, step| pointer + "/" + step)
    }
}

/// A name as a step of a JSON pointer.
fn step(name: &str) -> String {
    shown(name).replace('~', "~0").replace('/', "~1")
}

/// `text`, cut to what people read.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

impl<'d, 'b> Value<'d, 'b> {
    fn node(&self) -> Option<&'d Node> {
        self.document.nodes.get(self.at)
    }

    pub(crate) fn kind(&self) -> Kind {
        self.node().map_or(Kind::Null, |node| node.kind)
    }

    /// Its name in the object that it is in.
    pub(crate) fn name(&self) -> Option<Cow<'b, str>> {
        let name = self.node()?.name.as_ref()?;
        Some(unescape(self.document.slice(name)))
    }

    /// The members of an object, the items of an array.
    pub(crate) fn children(&self) -> impl Iterator<Item = Self> + use<'d, 'b> {
        let document = self.document;
        let first = self.node().and_then(|node| node.first_child);
        std::iter::successors(first, |at| document.nodes.get(*at)?.next).map(move |at| Self { document, at })
    }

    /// The last member of an object that has that name: the one that most readers take.
    pub(crate) fn member(&self, name: &str) -> Option<Self> {
        if self.kind() != Kind::Object {
            return None;
        }
        self.children().filter(|child| child.name().is_some_and(|known| known == name)).last()
    }

    /// The text of the value as it is in the body; of a string what is between the quotes.
    pub(crate) fn raw(&self) -> &'b [u8] {
        self.node().map(|node| self.document.slice(&node.text)).unwrap_or_default()
    }

    /// The text with its escapes resolved.
    pub(crate) fn text(&self) -> Cow<'b, str> {
        unescape(self.raw())
    }

    /// The byte of the body at which the text of the value begins.
    pub(crate) fn offset(&self) -> u64 {
        self.node().map_or(0, |node| len64(node.text.start))
    }

    pub(crate) fn pointer(&self) -> String {
        self.document.pointer(self.at)
    }
}

/// The text of a string with its escapes resolved. What cannot be resolved stays or is replaced.
pub(crate) fn unescape(raw: &[u8]) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\\', raw) else {
        return String::from_utf8_lossy(raw);
    };
    let (plain, mut rest) = raw.split_at_checked(first).unwrap_or((raw, &[]));
    let mut text = String::from_utf8_lossy(plain).into_owned();
    while !rest.is_empty() {
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        text.push_str(&String::from_utf8_lossy(rest.get(..plain).unwrap_or_default()));
        rest = rest.get(plain..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        let (escape, length) = Escape::read(rest);
        match escape {
            Escape::Character(character) => text.push(character),
            Escape::Half(_) => text.push(char::REPLACEMENT_CHARACTER),
            Escape::Bad => text.push('\\'),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Cow::Owned(text)
}

/// What an escape in a string stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    Character(char),
    /// Half of a surrogate pair, alone.
    Half(u16),
    /// Not an escape of JSON.
    Bad,
}

impl Escape {
    /// The escape at the beginning of `text`, which is at a backslash, and its length.
    pub(crate) fn read(text: &[u8]) -> (Self, usize) {
        let character = match text.get(1) {
            Some(quoted @ (b'"' | b'\\' | b'/')) => char::from(*quoted),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some(first) = hex4(text.get(2..)) else {
                    return (Self::Bad, 1);
                };
                let second = text.get(6..).and_then(|rest| rest.strip_prefix(b"\\u")).and_then(|rest| hex4(Some(rest)));
                let units = [first, second.unwrap_or_default()];
                return match char::decode_utf16(units).next() {
                    Some(Ok(character)) => (Self::Character(character), if first & 0xf800 == 0xd800 { 12 } else { 6 }),
                    _ => (Self::Half(first), 6),
                };
            }
            _ => return (Self::Bad, 1),
        };
        (Self::Character(character), 2)
    }
}

/// Four hexadecimal digits.
fn hex4(text: Option<&[u8]>) -> Option<u16> {
    let digits = text?.get(..4)?;
    digits.iter().try_fold(0_u16, |sum, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some((sum << 4) | u16::try_from(digit).ok()?)
    })
}

/// The walk ended before the end of the text, and the reason is noted.
struct Halt;

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    Value,
    /// An item of an array, or its end.
    Item {
        first: bool,
    },
    /// A name in an object, or its end.
    Name {
        first: bool,
    },
    Colon,
    /// A comma, or the end of the array or object.
    Comma,
    Nothing,
}

impl Want {
    const fn label(self) -> Text {
        match self {
            Self::Value | Self::Item { .. } => Text { en: "a value", zh: "一个值" },
            Self::Name { .. } => Text { en: "a name in double quotes", zh: "双引号括起的名称" },
            Self::Colon => Text { en: "a colon", zh: "冒号" },
            Self::Comma => Text { en: "a comma or the matching bracket", zh: "逗号或匹配的括号" },
            Self::Nothing => Text { en: "nothing", zh: "结束" },
        }
    }
}

struct Reader<'b, 'd> {
    body: &'b [u8],
    at: usize,
    document: Document<'b>,
    /// The arrays and objects that are not closed yet.
    open: Vec<usize>,
    /// The name that the next value has.
    name: Option<Range<usize>>,
    /// The names there were in each object.
    names: HashSet<(usize, Cow<'b, str>)>,
    lang: Lang,
    defects: &'d mut Defects,
}

impl Reader<'_, '_> {
    fn walk(&mut self) -> Result<(), Halt> {
        let mut want = Want::Value;
        loop {
            self.skip_space();
            let Some(byte) = self.peek() else {
                if want == Want::Nothing {
                    return Ok(());
                }
                return Err(self.truncated());
            };
            want = match (want, byte) {
                (Want::Nothing, _) => {
                    let bytes = self.body.len().saturating_sub(self.at);
                    self.note(self.at, Id::JsonTrailingData, |defect| defect.with("bytes", bytes));
                    return Ok(());
                }
                (Want::Item { first }, b']') | (Want::Name { first }, b'}') => {
                    if !first {
                        self.note(self.at, Id::JsonTrailingComma, |defect| defect);
                    }
                    self.close()
                }
                (Want::Value | Want::Item { .. }, _) => self.value(byte)?,
                (Want::Name { .. }, _) => {
                    self.name(byte)?;
                    Want::Colon
                }
                (Want::Colon, b':') => {
                    self.step();
                    Want::Value
                }
                (Want::Comma, b',') => {
                    self.step();
                    self.inside(false)
                }
                (Want::Comma, b'}' | b']') if self.closes(byte) => self.close(),
                (Want::Comma, b'"' | b'{' | b'[' | b'0'..=b'9' | b'-') => {
                    self.syntax(want);
                    self.inside(false)
                }
                (Want::Colon | Want::Comma, _) => {
                    self.syntax(want);
                    return Err(Halt);
                }
            };
        }
    }

    fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Passes over white space and, with a note, over comments.
    fn skip_space(&mut self) {
        loop {
            let rest = self.body.get(self.at..).unwrap_or_default();
            let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
            let rest = rest.get(space..).unwrap_or_default();
            self.at = self.at.saturating_add(space);
            let length = match rest {
                [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map(|end| end.saturating_add(2)),
                [b'/', b'/', ..] | [b'#', ..] => memchr::memchr(b'\n', rest),
                _ => return,
            };
            self.note(self.at, Id::JsonComment, |defect| defect);
            self.at = self.at.saturating_add(length.unwrap_or(rest.len()));
        }
    }

    fn value(&mut self, byte: u8) -> Result<Want, Halt> {
        match byte {
            b'{' | b'[' => {
                let kind = if byte == b'{' { Kind::Object } else { Kind::Array };
                if self.open.len() >= MAX_DEPTH {
                    self.note(self.at, Id::JsonNestingDeep, |defect| defect.with("limit", MAX_DEPTH));
                    return Err(Halt);
                }
                let at = self.push(kind, self.at..self.at.saturating_add(1))?;
                self.open.push(at);
                self.step();
                return Ok(self.inside(true));
            }
            b'"' => {
                let text = self.string()?;
                self.push(Kind::String, text)?;
            }
            b'\'' => {
                let text = self.single_quoted()?;
                self.push(Kind::String, text)?;
            }
            b'0'..=b'9' | b'-' | b'+' | b'.' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
                let word = self.word();
                let text = self.body.get(word.clone()).unwrap_or_default();
                let kind = match text {
                    b"true" | b"false" => Kind::Bool,
                    b"null" => Kind::Null,
                    _ if text.iter().any(u8::is_ascii_digit) && !text.first().is_some_and(u8::is_ascii_alphabetic) => {
                        if !is_number(text) {
                            self.note(word.start, Id::JsonNumberBad, |defect| {
                                let number = String::from_utf8_lossy(text);
                                defect.with("number", shown(&number).into_owned())
                            });
                        }
                        Kind::Number
                    }
                    _ => {
                        self.note(word.start, Id::JsonWordUnknown, |defect| {
                            let word = String::from_utf8_lossy(text);
                            defect.with("word", shown(&word).into_owned())
                        });
                        Kind::Word
                    }
                };
                self.at = word.end;
                self.push(kind, word)?;
            }
            _ => {
                self.syntax(Want::Value);
                return Err(Halt);
            }
        }
        Ok(self.after_value())
    }

    /// A name in an object.
    fn name(&mut self, byte: u8) -> Result<(), Halt> {
        let start = self.at;
        let name = match byte {
            b'"' => self.string()?,
            b'\'' => self.single_quoted()?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
                let word = self.word();
                self.at = word.end;
                self.quotes_wrong(&word);
                word
            }
            _ => {
                self.syntax(Want::Name { first: true });
                return Err(Halt);
            }
        };
        let object = self.open.last().copied().unwrap_or_default();
        let text = unescape(self.body.get(name.clone()).unwrap_or_default());
        self.name = Some(name);
        if !self.names.insert((object, text.clone())) {
            self.note(start, Id::JsonKeyDuplicate, |defect| defect.with("field", shown(&text).into_owned()));
        }
        Ok(())
    }

    /// The run of characters that numbers and words are made of, from here on.
    fn word(&self) -> Range<usize> {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'$');
        let rest = self.body.get(self.at..).unwrap_or_default();
        self.at..self.at.saturating_add(rest.iter().take_while(is_part).count())
    }

    /// A string; what is between its quotes.
    fn string(&mut self) -> Result<Range<usize>, Halt> {
        let start = self.at.saturating_add(1);
        let mut at = start;
        let end = loop {
            let rest = self.body.get(at..).unwrap_or_default();
            let Some(found) = memchr2(b'"', b'\\', rest) else {
                self.characters(start..self.body.len());
                return Err(self.truncated());
            };
            at = at.saturating_add(found);
            if self.body.get(at) == Some(&b'"') {
                break at;
            }
            at = self.escape(at);
        };
        self.characters(start..end);
        self.at = end.saturating_add(1);
        Ok(start..end)
    }

    /// Looks at the escape at `at` and returns where it ends.
    fn escape(&mut self, at: usize) -> usize {
        let rest = self.body.get(at..).unwrap_or_default();
        let (escape, length) = Escape::read(rest);
        let end = at.saturating_add(length);
        match escape {
            Escape::Character('\0') => self.note(at, Id::JsonNul, |defect| defect),
            Escape::Character(_) => {}
            Escape::Half(unit) => {
                self.note(at, Id::JsonSurrogateLone, |defect| defect.with("escape", format!("U+{unit:04X}")))
            }
            Escape::Bad => {
                self.note(at, Id::JsonEscapeBad, |defect| {
                    let shown: String =
                        String::from_utf8_lossy(rest.get(..8).unwrap_or(rest)).chars().take(2).collect();
                    defect.with("escape", shown)
                });
                // The character behind the backslash is passed over too, lest a quote end the string.
                return end.saturating_add(1).min(self.body.len());
            }
        }
        end
    }

    /// Looks for control characters and bytes that are not UTF-8.
    fn characters(&mut self, range: Range<usize>) {
        /// Few enough to find the place again quickly, enough for the compiler to look at many at once.
        const BLOCK: usize = 1024;
        let text = self.body.get(range.clone()).unwrap_or_default();
        let mut base = range.start;
        for block in text.chunks(BLOCK) {
            if block.iter().fold(false, |bad, byte| bad | (*byte < 0x20)) {
                for (at, byte) in block.iter().enumerate().filter(|(_, byte)| **byte < 0x20) {
                    self.note(base.saturating_add(at), Id::JsonControlCharacter, |defect| {
                        defect.with("code", format!("U+{byte:04X}"))
                    });
                }
            }
            base = base.saturating_add(block.len());
        }
        if let Err(error) = std::str::from_utf8(text) {
            self.note(range.start.saturating_add(error.valid_up_to()), Id::BodyNotUtf8, |defect| defect);
        }
    }

    /// What is between single quotes.
    fn single_quoted(&mut self) -> Result<Range<usize>, Halt> {
        let start = self.at.saturating_add(1);
        let mut at = start;
        loop {
            let rest = self.body.get(at..).unwrap_or_default();
            let Some(found) = memchr2(b'\'', b'\\', rest) else {
                return Err(self.truncated());
            };
            at = at.saturating_add(found);
            if self.body.get(at) == Some(&b'\'') {
                break;
            }
            at = at.saturating_add(2);
        }
        self.quotes_wrong(&(start..at));
        self.characters(start..at);
        self.at = at.saturating_add(1);
        Ok(start..at)
    }

    fn quotes_wrong(&mut self, range: &Range<usize>) {
        let text = self.body.get(range.clone()).unwrap_or_default();
        self.note(range.start, Id::JsonQuotesWrong, |defect| {
            let text = String::from_utf8_lossy(text.get(..256).unwrap_or(text));
            defect.with("found", shown(&text).into_owned())
        });
    }

    /// Adds a value to the array or object it is in.
    fn push(&mut self, kind: Kind, text: Range<usize>) -> Result<usize, Halt> {
        let nodes = &mut self.document.nodes;
        let at = nodes.len();
        if at >= MAX_VALUES {
            self.note(text.start, Id::BodyValuesMany, |defect| defect.with("limit", MAX_VALUES));
            return Err(Halt);
        }
        let parent = self.open.last().copied();
        let mut index = 0;
        if let Some(last) =
            parent.and_then(|parent| nodes.get_mut(parent)).and_then(|parent| parent.last_child.replace(at))
        {
            if let Some(before) = nodes.get_mut(last) {
                before.next = Some(at);
                index = before.index.saturating_add(1);
            }
        } else if let Some(parent) = parent.and_then(|parent| nodes.get_mut(parent)) {
            parent.first_child = Some(at);
        }
        let name = self.name.take();
        nodes.push(Node { kind, name, text, parent, index, first_child: None, last_child: None, next: None });
        Ok(at)
    }

    /// Whether `byte` is the end of the innermost array or object.
    fn closes(&self, byte: u8) -> bool {
        (byte == b'}') == self.in_object()
    }

    fn in_object(&self) -> bool {
        let open = self.open.last().and_then(|at| self.document.nodes.get(*at));
        open.is_some_and(|node| node.kind == Kind::Object)
    }

    fn close(&mut self) -> Want {
        self.step();
        if let Some(node) = self.open.pop().and_then(|at| self.document.nodes.get_mut(at)) {
            node.text.end = self.at;
        }
        self.after_value()
    }

    fn after_value(&self) -> Want {
        if self.open.is_empty() { Want::Nothing } else { Want::Comma }
    }

    fn inside(&self, first: bool) -> Want {
        if self.in_object() { Want::Name { first } } else { Want::Item { first } }
    }

    fn truncated(&mut self) -> Halt {
        let open = self.open.len().max(1);
        self.note(self.body.len(), Id::JsonTruncated, |defect| defect.with("open", open));
        Halt
    }

    fn syntax(&mut self, want: Want) {
        let rest = self.body.get(self.at..).unwrap_or_default();
        let found = String::from_utf8_lossy(rest.get(..8).unwrap_or(rest)).chars().next().unwrap_or_default();
        let wanted = want.label().get(self.lang);
        self.note(self.at, Id::JsonSyntax, |defect| defect.with("found", found.to_string()).with("wanted", wanted));
    }

    /// The pointer to where the walk is.
    fn pointer(&self) -> String {
        let mut pointer = self.open.last().map(|at| self.document.pointer(*at)).unwrap_or_default();
        if let Some(name) = &self.name {
            pointer.push('/');
            pointer.push_str(&step(&unescape(self.body.get(name.clone()).unwrap_or_default())));
        }
        pointer
    }

    fn note(&mut self, at: usize, id: Id, fill: impl FnOnce(Defect) -> Defect) {
        if !self.defects.only_count(id) {
            let defect = Defect::at(id, len64(at)).pointing(self.pointer());
            self.defects.note(fill(defect));
        }
    }
}

/// Whether `text` is a number of JSON.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.starts_with(b"0")) {
        return false;
    }
    let mut rest = text.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The faults of a text: id, pointer, offset.
    fn faults(text: impl AsRef<[u8]>) -> Vec<(&'static str, String, u64)> {
        let mut defects = Defects::default();
        Document::read(text.as_ref(), 0, Lang::En, &mut defects);
        defects
            .into_findings()
            .map(|(defect, _)| {
                (defect.id.name(), defect.pointer.unwrap_or_default(), defect.offset.unwrap_or_default())
            })
            .collect()
    }

    fn fault(text: impl AsRef<[u8]>) -> (&'static str, String, u64) {
        let text = text.as_ref();
        let faults = faults(text);
        assert_eq!(faults.len(), 1, "{}: {faults:?}", String::from_utf8_lossy(text));
        faults.into_iter().next().unwrap()
    }

    fn at(id: &'static str, pointer: &str, offset: u64) -> (&'static str, String, u64) {
        (id, pointer.to_owned(), offset)
    }

    #[test]
    fn sound_json_is_read_with_places_and_without_a_word() {
        let text = r#" {"a":{"b~/":[1,-2.5e+3,true,null,"x\u00e9\ud83d\ude00\/"]},"a2":""} "#;
        let mut defects = Defects::default();
        let document = Document::read(text.as_bytes(), 0, Lang::En, &mut defects);
        assert!(defects.is_empty() && document.complete);
        let root = document.root().unwrap();
        let list = root.member("a").unwrap().member("b~/").unwrap();
        assert_eq!((list.kind(), list.pointer().as_str()), (Kind::Array, "/a/b~0~1"));
        let tail = list.children().last().unwrap();
        assert_eq!((tail.text().as_ref(), tail.pointer().as_str()), ("xé😀/", "/a/b~0~1/4"));
        assert_eq!(text.as_bytes()[usize::try_from(tail.offset()).unwrap()], b'x');
        assert_eq!(list.children().nth(1).unwrap().raw(), b"-2.5e+3");
        assert_eq!(root.member("a2").unwrap().raw(), b"");
    }

    #[test]
    fn every_fault_has_its_place() {
        assert_eq!(fault(r#"{"a":[1,2"#), at("json-truncated", "/a", 9));
        assert_eq!(fault(r#"{"a":"x"#), at("json-truncated", "/a", 7));
        assert_eq!(fault(r#"{"a":1,}"#), at("json-trailing-comma", "", 7));
        assert_eq!(fault(r#"{"a":[1,]}"#), at("json-trailing-comma", "/a", 8));
        assert_eq!(fault(r#"{"a":1}x"#), at("json-trailing-data", "", 7));
        assert_eq!(fault(r#"{"a":1 "b":2}"#), at("json-syntax", "", 7));
        assert_eq!(fault(r#"{"a" 1}"#), at("json-syntax", "/a", 5));
        assert_eq!(fault(r#"{"a":}"#), at("json-syntax", "/a", 5));
        assert_eq!(fault(r#"{"a":[1}"#), at("json-syntax", "/a", 7));
        assert_eq!(fault("{“a”:1}"), at("json-syntax", "", 1));
        assert_eq!(fault(r#"{"a":NaN}"#), at("json-word-unknown", "/a", 5));
        assert_eq!(fault(r#"{"a":-Infinity}"#), at("json-word-unknown", "/a", 5));
        assert_eq!(fault(r#"{"a":None}"#), at("json-word-unknown", "/a", 5));
        for number in ["01", "+1", ".5", "1.", "1e", "0x10", "1_000", "-"] {
            let expected = if number == "-" { "json-word-unknown" } else { "json-number-bad" };
            assert_eq!(fault(format!("{{\"a\":{number}}}")), at(expected, "/a", 5), "{number}");
        }
        assert_eq!(fault("{\"a\":\"x\ny\"}"), at("json-control-character", "/a", 7));
        assert_eq!(fault("{\"a\":\"\0\"}"), at("json-control-character", "/a", 6));
        assert_eq!(fault(r#"{"a":"\u0000"}"#), at("json-nul", "/a", 6));
        assert_eq!(fault(r#"{"a":"\x41"}"#), at("json-escape-bad", "/a", 6));
        assert_eq!(fault(r#"{"a":"\u12g4"}"#), at("json-escape-bad", "/a", 6));
        assert_eq!(fault(r#"{"a":"\ud83d"}"#), at("json-surrogate-lone", "/a", 6));
        assert_eq!(fault(r#"{"a":"\ude00\ud83d\ude00"}"#), at("json-surrogate-lone", "/a", 6));
        assert_eq!(fault(b"{\"a\":\"\xff\"}"), at("body-not-utf8", "/a", 6));
        assert_eq!(fault(r#"{"a":1,"\u0061":2}"#), at("json-key-duplicate", "/a", 7));
        assert_eq!(fault("{\"a\":1 // one\n}"), at("json-comment", "", 7));
        assert_eq!(fault("{\"a\":1 /* one */}"), at("json-comment", "", 7));
    }

    #[test]
    fn all_faults_are_found_at_once() {
        let found: Vec<_> =
            faults("{'a': True, b: [1,2,], \"b\": 007, \"c\": \"\t\",}").into_iter().map(|f| f.0).collect();
        assert_eq!(
            found,
            [
                "json-quotes-wrong",
                "json-word-unknown",
                "json-quotes-wrong",
                "json-trailing-comma",
                "json-key-duplicate",
                "json-number-bad",
                "json-control-character",
                "json-trailing-comma"
            ]
        );
    }

    #[test]
    fn a_million_brackets_or_values_end_in_a_word() {
        for open in ["[", "{\"a\":"] {
            let deep = open.repeat(1_000_000);
            assert_eq!(fault(&deep).0, "json-nesting-deep");
        }
        let wide = format!("[{}1]", "1,".repeat(1_000_000));
        assert_eq!(fault(wide).0, "body-values-many");
        let many: Vec<_> = faults(format!("\"{}\"", "\\x".repeat(1_000_000)));
        assert_eq!(many.len(), 4);
    }

    #[test]
    fn escapes_are_resolved_as_far_as_they_go() {
        assert_eq!(unescape(br"a\/\u0041\n\ud800x\q\"), "a/A\n\u{fffd}x\\q\\");
        assert_eq!(unescape(b"\xff"), "\u{fffd}");
    }
}
