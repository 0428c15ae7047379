//! The fields of a body, held against the table of operations.

use std::collections::HashSet;

use super::base64::Base64;
use super::json::{Document, Kind, Value, shown};
use super::link;
use super::operation::{Field, Operation, Type};
use crate::bytes::len64;
use crate::defect::{Defect, Defects, Id};
use crate::lang::{Lang, Text};

/// Something that the request carries, or points to, and that has a verdict of its own.
pub(super) struct Item<'b> {
    pub(super) pointer: String,
    pub(super) media: Media<'b>,
}

pub(super) enum Media<'b> {
    /// The file itself.
    Base64(Base64<'b>),
    /// One address of several; what is wrong with it.
    Address(Defects),
}

/// Longer strings hold a file or a mistake; none of them is on a list of values.
const MAX_WORD: usize = 64 << 10;

/// The operation whose fields are most like those of `root`: those that it knows count for it,
/// others against it. `None` if there is nothing to tell by.
pub(super) fn operation_of<'o>(
    root: Value<'_, '_>,
    among: impl Iterator<Item = &'o Operation>,
) -> Option<&'o Operation> {
    let paths = paths(root);
    let mut best: Option<(i64, &Operation)> = None;
    for operation in among.filter(|operation| operation.has_body()) {
        let known = |path: &&String| operation.fields.contains_key(path.as_str());
        let hits = i64::try_from(paths.iter().filter(known).count()).unwrap_or(i64::MAX);
        let misses = i64::try_from(paths.len()).unwrap_or(i64::MAX).saturating_sub(hits);
        let score = hits.saturating_mul(2).saturating_sub(misses);
        if hits > 0 && best.is_none_or(|(so_far, _)| score > so_far) {
            best = Some((score, operation));
        }
    }
    best.map(|(_, operation)| operation)
}

/// The paths of the fields of an object and of the objects in it.
fn paths(root: Value<'_, '_>) -> HashSet<String> {
    /// Enough for any operation.
    const MAX_FIELDS: usize = 100;
    let mut paths = HashSet::new();
    for field in root.children().take(MAX_FIELDS) {
        let name = field.name().unwrap_or_default().into_owned();
        let (inner, objects) = match field.kind() {
            Kind::Object => (format!("{name}."), Some(field)),
            Kind::Array => (format!("{name}[]."), field.children().find(|item| item.kind() == Kind::Object)),
            _ => (String::new(), None),
        };
        for member in objects.iter().flat_map(Value::children).take(MAX_FIELDS) {
            paths.insert(format!("{inner}{}", member.name().unwrap_or_default()));
        }
        paths.insert(name);
    }
    paths
}

/// Holds the fields of one body against one operation.
pub(super) struct Check<'c, 'd, 'b> {
    operation: &'c Operation,
    context: &'c link::Context<'c>,
    root: Value<'d, 'b>,
    /// Whether the whole body was read, so that what is not found is missing.
    complete: bool,
    defects: &'c mut Defects,
    items: Vec<Item<'b>>,
    /// The values of fields that must differ between items.
    seen: HashSet<(&'c str, String)>,
}

/// Notes what is wrong with the fields of `document`, and returns what it carries.
pub(super) fn check<'b>(
    document: &Document<'b>,
    operation: &Operation,
    context: &link::Context<'_>,
    defects: &mut Defects,
) -> Vec<Item<'b>> {
    let Some(root) = document.root() else {
        return Vec::new();
    };
    let complete = document.complete;
    let mut check = Check { operation, context, root, complete, defects, items: Vec::new(), seen: HashSet::new() };
    check.object(root, "");
    check.either();
    check.items
}

impl<'c, 'd, 'b> Check<'c, 'd, 'b> {
    fn lang(&self) -> Lang {
        self.context.lang
    }

    /// The members of an object whose fields have paths that begin with `prefix`.
    fn object(&mut self, object: Value<'d, 'b>, prefix: &str) {
        let operation = self.operation;
        for member in object.children() {
            let name = member.name().unwrap_or_default();
            match operation.fields.get_key_value(&format!("{prefix}{name}")) {
                Some((path, field)) => self.field(member, path, field),
                None => self.unknown(member, &name, prefix),
            }
        }
        if !self.complete {
            return;
        }
        for (path, field) in &operation.fields {
            let Some(name) = path.strip_prefix(prefix).filter(|name| !name.contains('.')) else {
                continue;
            };
            let is_needed = field.always() || field.unless().is_some_and(|other| !is_given(self.root.member(other)));
            if is_needed && object.member(name).is_none() {
                let defect = Defect::at(Id::FieldMissing, object.offset()).pointing(object.pointer());
                self.defects.note(defect.with("field", dotted(path)));
            }
        }
    }

    /// Fields of which just one has to be there.
    fn either(&mut self) {
        let names = &self.operation.either;
        let given: Vec<_> = names.iter().filter(|name| is_given(self.root.member(name))).collect();
        match given.as_slice() {
            [] if !names.is_empty() && self.complete => {
                let there = names.iter().find_map(|name| self.root.member(name));
                let (id, at) = match there {
                    Some(empty) => (Id::FieldEmpty, empty),
                    None => (Id::FieldMissing, self.root),
                };
                let defect = Defect::at(id, at.offset()).pointing(at.pointer());
                let joint = Text { en: " or ", zh: " 或 " }.get(self.lang());
                self.defects.note(defect.with("field", names.join(joint)));
            }
            [first, second, ..] => {
                let at = self.root.member(second).unwrap_or(self.root);
                let defect = Defect::at(Id::FieldsBoth, at.offset()).pointing(at.pointer());
                self.defects.note(defect.with("field", first.as_str()).with("other", second.as_str()));
            }
            _ => {}
        }
    }

    fn unknown(&mut self, member: Value<'_, '_>, name: &str, prefix: &str) {
        if self.defects.only_count(Id::FieldUnknown) {
            return;
        }
        let known = self.operation.fields.keys().filter_map(|path| path.strip_prefix(prefix));
        let short = shown(name);
        let nearest = known
            .filter(|known| !known.contains('.'))
            .min_by_key(|known| strsim::osa_distance(known, &short))
            .unwrap_or_default();
        let defect = self.at(Id::FieldUnknown, member).with("field", dotted(&format!("{prefix}{short}")));
        self.defects.note(defect.with("nearest", dotted(&format!("{prefix}{nearest}"))));
    }

    fn field(&mut self, value: Value<'d, 'b>, path: &'c str, field: &'c Field) {
        let is_needed = field.always() || field.unless().is_some_and(|other| !is_given(self.root.member(other)));
        let in_either = self.operation.either.iter().any(|name| name == path);
        if let Some(other) = field.unless().filter(|other| is_given(self.root.member(other))) {
            let defect = self.at(Id::FieldIgnored, value).with("field", dotted(path));
            self.defects.note(defect.with("other", other));
        }
        if !is_given(Some(value)) {
            // Of a body that was not read to its end, nothing is known to be empty.
            if is_needed && !in_either && self.complete {
                self.defects.note(self.at(Id::FieldEmpty, value).with("field", dotted(path)));
                return;
            }
            // Null stands for a field that is not there, and so does what is empty in its own type.
            if value.kind() == Kind::Null || value.kind() == kind_of(field.r#type) || field.lenient {
                return;
            }
        }
        match field.r#type {
            Type::String | Type::Language => self.word(value, path, field),
            Type::Strings => self.words(value, path, field),
            Type::Integer | Type::Number => self.number(value, path, field),
            Type::Boolean => drop(self.of_kind(value, path, Kind::Bool)),
            Type::Object => {
                if self.of_kind(value, path, Kind::Object) {
                    self.object(value, &format!("{path}."));
                }
            }
            Type::Objects => self.objects(value, path, field),
            Type::Base64 => {
                if self.of_kind(value, path, Kind::String) {
                    let text = Base64 { text: value.raw(), offset: value.offset(), escaped: true };
                    self.items.push(Item { pointer: value.pointer(), media: Media::Base64(text) });
                }
            }
            Type::Url => self.url(value, path, field),
            Type::Urls => {
                if self.of_kind(value, path, Kind::Array) {
                    self.count(value, path, field);
                    for item in value.children() {
                        self.url(item, path, field);
                    }
                }
            }
            Type::Callback => self.callback(value, path, field),
            Type::Text => self.text(value, path, field),
        }
    }

    /// Whether the value is of that kind; notes if not.
    fn of_kind(&mut self, value: Value<'_, '_>, path: &str, kind: Kind) -> bool {
        self.typed(value, path, value.kind() == kind, kind.label())
    }

    fn typed(&mut self, value: Value<'_, '_>, path: &str, fits: bool, expected: Text) -> bool {
        if !fits {
            let lang = self.lang();
            let defect = self.at(Id::FieldTypeWrong, value).with("field", dotted(path));
            let found = value.kind().label().get(lang);
            self.defects.note(defect.with("found", found).with("expected", expected.get(lang)));
        }
        fits
    }

    /// A string that may have to be on a list, of some length, and of certain characters.
    fn word(&mut self, value: Value<'_, '_>, path: &'c str, field: &'c Field) {
        if !self.of_kind(value, path, Kind::String) {
            return;
        }
        if value.raw().len() > MAX_WORD {
            if let Some(limit) = field.max {
                let defect = self.at(Id::FieldTooLong, value).with("field", dotted(path));
                self.defects.note(defect.with("length", value.raw().len()).with("limit", limit));
            } else if !field.values.is_empty() {
                self.not_on_list(value, path, field);
            }
            return;
        }
        let text = value.text();
        if !field.values.is_empty() && !field.open && !field.values.iter().any(|known| *known == text) {
            self.not_on_list(value, path, field);
        }
        let length = text.chars().count();
        if let Some(limit) = field.max.filter(|limit| len64(length) > u64::from(*limit)) {
            let defect = self.at(Id::FieldTooLong, value).with("field", dotted(path));
            self.defects.note(defect.with("length", length).with("limit", limit));
        }
        let foreign =
            |c: &char| !field.characters.is_empty() && !field.characters.iter().any(|range| covers(range, *c));
        if let Some(foreign) = text.chars().find(foreign) {
            let defect = self.at(Id::FieldCharacters, value).with("field", dotted(path));
            let allowed = field.characters.join(", ");
            self.defects.note(defect.with("found", foreign.to_string()).with("allowed", allowed));
        }
        if field.unique && !self.seen.insert((path, text.clone().into_owned())) {
            let defect = self.at(Id::FieldRepeated, value).with("field", dotted(path));
            self.defects.note(defect.with("value", shown(&text).into_owned()));
        }
    }

    fn not_on_list(&mut self, value: Value<'_, '_>, path: &str, field: &Field) {
        let raw = value.raw();
        let text = super::json::unescape(raw.get(..256).unwrap_or(raw));
        let disputed = field.disputed.iter().any(|known| *known == text);
        let id = match (field.r#type, disputed) {
            (Type::Language, false) => Id::LanguageUnsupported,
            (Type::Language, true) => Id::LanguageDisputed,
            (_, false) => Id::FieldValueUnknown,
            (_, true) => Id::FieldValueDisputed,
        };
        let defect = self.at(id, value).with("field", dotted(path));
        self.defects.note(defect.with("value", shown(&text).into_owned()).with("allowed", field.values.join(", ")));
    }

    fn words(&mut self, value: Value<'d, 'b>, path: &'c str, field: &'c Field) {
        let expected = Text { en: "an array of strings", zh: "字符串数组" };
        if !self.typed(value, path, value.kind() == Kind::Array, expected) {
            return;
        }
        for item in value.children() {
            // A limit of the field is one of the array; each item is a word without one.
            if self.of_kind(item, path, Kind::String)
                && !field.values.is_empty()
                && !field.open
                && (item.raw().len() > MAX_WORD || !field.values.iter().any(|known| *known == item.text()))
            {
                self.not_on_list(item, path, field);
            }
        }
        self.count(value, path, field);
    }

    /// Holds the number of items against the limit.
    fn count(&mut self, value: Value<'_, '_>, path: &str, field: &Field) {
        let count = value.children().count();
        if let Some(limit) = field.max.filter(|limit| len64(count) > u64::from(*limit)) {
            let defect = self.at(Id::ItemsTooMany, value).with("field", dotted(path));
            self.defects.note(defect.with("count", count).with("limit", limit));
        }
    }

    fn number(&mut self, value: Value<'_, '_>, path: &str, field: &Field) {
        let whole = field.r#type == Type::Integer;
        let expected = if whole { Text { en: "a whole number", zh: "整数" } } else { Kind::Number.label() };
        let raw = value.raw();
        let text = std::str::from_utf8(raw.get(..40).unwrap_or(raw)).unwrap_or_default();
        let parsed = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        match (value.kind(), parsed) {
            (Kind::Number, Some(number)) => {
                let fits = !whole || number.fract() == 0.0;
                if !self.typed(value, path, fits, expected) {
                    return;
                }
            }
            (Kind::String, Some(_)) => {
                let defect = self.at(Id::FieldNumberQuoted, value).with("field", dotted(path));
                let expected = expected.get(self.lang());
                self.defects.note(defect.with("expected", expected));
            }
            (Kind::Number, None) => {}
            _ => {
                self.typed(value, path, false, expected);
                return;
            }
        }
        // A number that is too long to be read is beyond any bound.
        let number = parsed.unwrap_or(f64::INFINITY);
        let (min, max) = (field.min.unwrap_or_default(), field.max.unwrap_or(u32::MAX));
        if (field.min.is_some() || field.max.is_some()) && !(f64::from(min)..=f64::from(max)).contains(&number) {
            let defect = self.at(Id::FieldOutOfRange, value).with("field", dotted(path));
            self.defects.note(defect.with("value", shown(text).into_owned()).with("min", min).with("max", max));
        }
    }

    fn objects(&mut self, value: Value<'d, 'b>, path: &'c str, field: &Field) {
        let expected = Text { en: "an array of objects", zh: "对象数组" };
        if !self.typed(value, path, value.kind() == Kind::Array, expected) {
            return;
        }
        for item in value.children() {
            if self.of_kind(item, path, Kind::Object) {
                self.object(item, &format!("{path}[]."));
            }
        }
        self.count(value, path, field);
    }

    /// An address of a file; of several, each is an item of its own.
    fn url(&mut self, value: Value<'_, '_>, path: &str, field: &Field) {
        if !self.of_kind(value, path, Kind::String) {
            return;
        }
        let text = value.text();
        let (pointer, offset) = (value.pointer(), value.offset());
        let mut defects = Defects::default();
        link::judge(&text, field, self.context, &mut |defect| {
            defects.note(Defect { offset: Some(offset), ..defect }.pointing(pointer.as_str()));
        });
        if path.contains("[]") || field.r#type == Type::Urls {
            self.items.push(Item { pointer, media: Media::Address(defects) });
        } else {
            self.defects.append(defects);
        }
    }

    fn callback(&mut self, value: Value<'_, '_>, path: &str, field: &Field) {
        if !self.of_kind(value, path, Kind::String) {
            return;
        }
        let mut worst = None;
        link::judge(&value.text(), field, self.context, &mut |defect| {
            let info = defect.id.info();
            let of_address = !matches!(defect.id, Id::UrlExtension | Id::UrlExpired | Id::ObsUrlExpired);
            if worst.is_none() && of_address && info.grade == crate::defect::Grade::Broken {
                worst = Some(info.name);
            }
        });
        if let Some(fault) = worst {
            let defect = self.at(Id::CallbackUnusable, value).with("field", dotted(path));
            self.defects.note(defect.with("fault", fault));
        }
    }

    fn text(&mut self, value: Value<'_, '_>, path: &str, field: &Field) {
        if !self.of_kind(value, path, Kind::String) {
            return;
        }
        let length = value.text().chars().count();
        if let Some(limit) = field.max.filter(|limit| len64(length) > u64::from(*limit)) {
            let defect = self.at(Id::TextTooLong, value).with("field", dotted(path));
            self.defects.note(defect.with("length", length).with("limit", limit));
        }
    }

    fn at(&self, id: Id, value: Value<'_, '_>) -> Defect {
        Defect::at(id, value.offset()).pointing(value.pointer())
    }
}

/// Whether a field is there with a value: not null, and nothing that is empty.
fn is_given(value: Option<Value<'_, '_>>) -> bool {
    value.is_some_and(|value| match value.kind() {
        Kind::Null => false,
        Kind::String => !value.raw().trim_ascii().is_empty(),
        Kind::Array | Kind::Object => value.children().next().is_some(),
        Kind::Number | Kind::Bool | Kind::Word => true,
    })
}

/// What a value of that type is in JSON.
const fn kind_of(r#type: Type) -> Kind {
    match r#type {
        Type::Integer | Type::Number => Kind::Number,
        Type::Boolean => Kind::Bool,
        Type::Object => Kind::Object,
        Type::Strings | Type::Objects | Type::Urls => Kind::Array,
        Type::String | Type::Base64 | Type::Url | Type::Callback | Type::Text | Type::Language => Kind::String,
    }
}

/// The path of a field as people write it.
fn dotted(path: &str) -> String {
    path.replace("[]", "")
}

/// Whether a range such as `a-z`, or a single character, covers `c`.
fn covers(range: &str, c: char) -> bool {
    let mut ends = range.chars();
    match (ends.next(), ends.next(), ends.next()) {
        (Some(first), Some('-'), Some(last)) => (first..=last).contains(&c),
        (Some(only), None, None) => only == c,
        _ => false,
    }
}
