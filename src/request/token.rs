//! The token of Identity and Access Management, by its shape alone. It is never part of a message.
//!
//! A token is the base64 text of a signed message (CMS, RFC 5652), which begins with its own length,
//! so that one that was cut is seen. Only the issuer knows whether a whole one is valid.

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;

use crate::defect::{Defect, Id};

/// Shorter than any that was ever issued.
const SHORTEST: usize = 32;
/// The object identifier of signed data, as it stands behind the length of the message: RFC 5652, 5.1.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// Notes what is wrong with the value of X-Auth-Token.
pub(super) fn judge(value: &str, note: &mut dyn FnMut(Defect)) {
    let token = value.trim_matches([' ', '\t']);
    if token.is_empty() {
        note(Defect::new(Id::TokenMissing));
        return;
    }
    if is_placeholder(token) {
        note(Defect::new(Id::TokenPlaceholder));
        return;
    }
    let token = unprefixed(token, note);
    let mut bare = token.to_owned();
    if bare.contains(['"', '\'']) {
        note(Defect::new(Id::TokenQuoted));
        bare.retain(|c| !matches!(c, '"' | '\''));
    }
    if bare.contains(char::is_whitespace) || bare.contains("\\n") || bare.contains("\\r") {
        note(Defect::new(Id::TokenBroken));
        bare = bare.replace("\\n", "").replace("\\r", "");
        bare.retain(|c| !c.is_whitespace());
    }
    let length = bare.chars().count();
    match stated_length(&bare) {
        Some(stated) if length < stated => {
            note(Defect::new(Id::TokenTruncated).with("length", length).with("stated", stated));
        }
        Some(stated) if length > stated.saturating_add(2) => {
            note(Defect::new(Id::TokenTooLong).with("length", length).with("stated", stated));
        }
        Some(_) => {}
        None => {
            let is_text = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=' | '.');
            if length < SHORTEST || !bare.chars().all(is_text) {
                note(Defect::new(Id::TokenOdd).with("length", length));
            }
        }
    }
}

/// The token without the name of another way of authentication, or of its own header.
fn unprefixed<'t>(token: &'t str, note: &mut dyn FnMut(Defect)) -> &'t str {
    for prefix in ["Bearer", "Basic", "Token", "X-Auth-Token:", "X-Subject-Token:"] {
        let Some(rest) = token
            .get(prefix.len()..)
            .filter(|_| token.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
        else {
            continue;
        };
        if prefix.ends_with(':') || rest.starts_with([' ', ':']) {
            note(Defect::new(Id::TokenPrefixed).with("prefix", prefix));
            return rest.trim_start_matches([' ', ':']);
        }
    }
    token
}

/// Whether the value is one that a template or an example holds in the place of a token.
fn is_placeholder(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let wrapped = [("{", "}"), ("<", ">"), ("${", "}"), ("%", "%"), ("[", "]")]
        .iter()
        .any(|(start, end)| token.starts_with(start) && token.ends_with(end));
    let is_variable = lower.starts_with('$') && token.len() < 64;
    let is_word = matches!(
        lower.as_str(),
        "token"
            | "your_token"
            | "your-token"
            | "yourtoken"
            | "your token"
            | "xxx"
            | "xxxx"
            | "xxxxxx"
            | "null"
            | "none"
            | "undefined"
            | "todo"
    );
    wrapped || is_variable || is_word
}

/// How many characters a whole token has that begins like this one.
fn stated_length(token: &str) -> Option<usize> {
    // The slash of base64 is written as a hyphen; neither occurs this early.
    let mut head = [0; 15];
    BASE64_STANDARD_NO_PAD.decode_slice(token.get(..20)?, &mut head).ok()?;
    let (content, rest) = match head.split_first_chunk()? {
        ([0x30, 0x82, high, low], rest) => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    if !rest.starts_with(SIGNED_DATA.get(..rest.len().min(SIGNED_DATA.len()))?) {
        return None;
    }
    let bytes = content.checked_add(4)?;
    Some(bytes.checked_mul(4)?.div_ceil(3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;

    fn token() -> String {
        let content = [SIGNED_DATA, &[0xa0; 1000]].concat();
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        BASE64_STANDARD.encode([&[0x30, 0x82][..], &length, &content].concat()).replace('/', "-")
    }

    fn faults(token: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        judge(token, &mut |defect| {
            for (_, value) in &defect.values {
                assert!(value.to_string().len() < 20, "a token must not be shown: {value}");
            }
            found.push(defect.id.name());
        });
        found
    }

    #[test]
    fn a_whole_token_passes() {
        assert!(token().starts_with("MII"));
        for good in [token(), token().trim_end_matches('=').to_owned(), "gAAAAABl".repeat(20)] {
            assert!(faults(&good).is_empty());
        }
    }

    #[test]
    fn what_is_wrong_by_its_shape_is_named() {
        let token = token();
        for (wrong, name) in [
            (String::new(), "token-missing"),
            (" ".to_owned(), "token-missing"),
            (format!("Bearer {token}"), "token-prefixed"),
            (format!("X-Subject-Token: {token}"), "token-prefixed"),
            (format!("\"{token}\""), "token-quoted"),
            (format!("{}\n{}", &token[..500], &token[500..]), "token-broken"),
            (format!("{}\\n{}", &token[..500], &token[500..]), "token-broken"),
            (token[..1000].to_owned(), "token-truncated"),
            (format!("{token}{token}"), "token-too-long"),
            ("{{token}}".to_owned(), "token-placeholder"),
            ("$TOKEN".to_owned(), "token-placeholder"),
            ("<your token>".to_owned(), "token-placeholder"),
            ("secret".to_owned(), "token-odd"),
            ("图".repeat(100), "token-odd"),
        ] {
            assert_eq!(faults(&wrong), [name]);
        }
    }
}
