//! Addresses of files: whether the service could fetch from them (WHATWG URL, RFC 3986, RFC 6890).
//!
//! Nothing is looked up or fetched: a name that leads nowhere is not seen here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime};

use url::{Host, ParseError, Url};

use super::operation::{Field, Storage, table};
use crate::bytes::len64;
use crate::defect::{Defect, Id};
use crate::format::{Format, foreign};
use crate::lang::{Lang, Text};
use crate::profile::Profile;

/// What an address is held against.
pub(super) struct Context<'a> {
    pub(super) profile: &'a Profile,
    pub(super) lang: Lang,
    /// The region of the service that is called, if it is known.
    pub(super) region: Option<&'a str>,
    /// When the service is going to fetch; `None` if it is not known.
    pub(super) sent_at: Option<SystemTime>,
}

/// Longer texts are no address, and not read as one.
const MAX_READ: usize = 64 << 10;

/// Notes what is wrong with the address `text` in `field`.
pub(super) fn judge(text: &str, field: &Field, context: &Context<'_>, note: &mut dyn FnMut(Defect)) {
    let limit = table().limits.url_characters;
    let length = text.chars().count();
    if len64(length) > limit {
        note(Defect::new(Id::UrlTooLong).with("length", length).with("limit", limit));
    }
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.trim().to_ascii_lowercase()).unwrap_or_default();
    if !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
        let allowed: Vec<&str> = match field.schemes.as_slice() {
            [] => vec!["http", "https"],
            own => own.iter().map(String::as_str).collect(),
        };
        // `host:8080/path` has no scheme, though it looks as if it had one.
        let is_scheme =
            text.contains("://") || Url::parse(text).is_ok_and(|url| !url.has_host() && !scheme.contains('.'));
        if !allowed.contains(&scheme.as_str()) && is_scheme {
            note(if scheme == table().storage.scheme {
                Defect::new(Id::ObsUrlScheme)
            } else {
                Defect::new(Id::UrlScheme).with("scheme", scheme).with("allowed", allowed.join(", "))
            });
            return;
        }
    }
    if text.len() > MAX_READ {
        return;
    }
    if let Some(found) = unencoded(text) {
        note(Defect::new(Id::UrlUnencoded).with("found", found.get(context.lang)));
    }
    let url = match Url::parse(text) {
        // The parser completes "http:host" and "http:/host", as browsers do.
        Ok(_) if !text.contains("://") => Err(NO_SLASHES),
        Ok(url) if !url.has_host() => Err(fault(ParseError::EmptyHost)),
        Ok(url) => Ok(url),
        Err(error) => Err(fault(error)),
    };
    match url {
        Ok(url) => judge_parts(&url, field, context, note),
        Err(fault) => note(Defect::new(Id::UrlMalformed).with("fault", fault.get(context.lang))),
    }
}

fn judge_parts(url: &Url, field: &Field, context: &Context<'_>, note: &mut dyn FnMut(Defect)) {
    if !url.username().is_empty() || url.password().is_some() {
        note(Defect::new(Id::UrlCredentials));
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Some(Host::Domain(name)) => name.parse().ok(),
        None => None,
    };
    let host = url.host_str().unwrap_or_default();
    match address {
        Some(address) if !is_public(address) => note(Defect::new(Id::UrlHostPrivate).with("host", host)),
        Some(_) => note(Defect::new(Id::UrlHostNumeric).with("host", host)),
        None if !is_public_name(host) => note(Defect::new(Id::UrlHostPrivate).with("host", host)),
        None => {}
    }
    let object = StorageUrl::read(url, &table().storage);
    if let Some(object) = &object {
        if let Some(missing) = object.missing() {
            note(Defect::new(Id::ObsUrlIncomplete).with("missing", missing.get(context.lang)));
        }
        if let (Some(region), Some(endpoint)) = (&object.region, context.region)
            && region != endpoint
        {
            note(Defect::new(Id::ObsRegion).with("region", region.as_str()).with("endpoint", endpoint));
        }
    }
    if let (Some(end), Some(now)) = (expiry(url), context.sent_at)
        && end <= now
    {
        let id = if object.is_some() { Id::ObsUrlExpired } else { Id::UrlExpired };
        note(Defect::new(id).with("when", humantime::format_rfc3339_seconds(end).to_string()));
    }
    extension(url, field, context, note);
}

/// Why the parser does not take an address, in both languages.
fn fault(error: ParseError) -> Text {
    match error {
        ParseError::RelativeUrlWithoutBase | ParseError::RelativeUrlWithCannotBeABaseBase => {
            Text { en: "it does not begin with http:// or https://", zh: "未以 http:// 或 https:// 开头" }
        }
        ParseError::EmptyHost => Text { en: "it has no host", zh: "没有主机名" },
        ParseError::InvalidPort => Text { en: "its port is no number up to 65535", zh: "端口号无效" },
        ParseError::InvalidIpv4Address | ParseError::InvalidIpv6Address => {
            Text { en: "its IP address is invalid", zh: "IP 地址无效" }
        }
        ParseError::IdnaError | ParseError::InvalidDomainCharacter => {
            Text { en: "its host name is invalid", zh: "主机名无效" }
        }
        _ => Text { en: "it is malformed", zh: "格式错误" },
    }
}

const NO_SLASHES: Text = Text { en: "there is no // before the host", zh: "主机名前缺少 //" };

/// What there is in the text that an address may only have percent-encoded.
fn unencoded(text: &str) -> Option<Text> {
    if text.chars().any(|c| c.is_ascii_whitespace() || c.is_control()) {
        Some(Text { en: "white space", zh: "空白字符" })
    } else if !text.is_ascii() {
        Some(Text { en: "characters beyond ASCII", zh: "非 ASCII 字符" })
    } else {
        None
    }
}

/// Names that lead nowhere on the public network: RFC 6761, RFC 6762, RFC 8375, and what private
/// networks commonly use.
const PRIVATE_NAMES: &[&str] = &[
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "test",
    "invalid",
    "home.arpa",
];

fn is_public_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host.contains('.')
        && !PRIVATE_NAMES.iter().any(|name| host.strip_suffix(name).is_some_and(|before| before.ends_with('.')))
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// RFC 6890, 2.2.2.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let none = a == 0 || a >= 224;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || shared
        || none)
}

/// RFC 6890, 2.2.3.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(address) = address.to_ipv4_mapped() {
        return is_public_v4(address);
    }
    !(address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local())
}

/// The address of an object in storage, taken apart.
struct StorageUrl {
    bucket: bool,
    region: Option<String>,
    object: bool,
}

impl StorageUrl {
    /// `None` if the host is none of the storage.
    fn read(url: &Url, storage: &Storage) -> Option<Self> {
        let host = url.host_str()?.trim_end_matches('.');
        let mut path = url.path().trim_start_matches('/').splitn(2, '/');
        let first = path.next().is_some_and(|part| !part.is_empty());
        let second = path.next().is_some_and(|part| !part.is_empty());
        let inside = |suffix: &str| -> Option<String> {
            let before = host.strip_suffix(suffix)?;
            if before.is_empty() { Some(String::new()) } else { before.strip_suffix('.').map(str::to_owned) }
        };
        // The bucket is in front of the host, or the first part of the path.
        let made = |bucket: bool, region: Option<String>| Self {
            bucket: bucket || first,
            region,
            object: if bucket { first } else { second },
        };
        if let Some(before) = storage.regionless.iter().find_map(|host| inside(host)) {
            return Some(made(!before.is_empty(), None));
        }
        let before = storage.domains.iter().find_map(|domain| inside(domain))?;
        let labels: Vec<&str> = before.split('.').collect();
        match labels.as_slice() {
            [bucket @ .., service, region] if *service == storage.service => {
                Some(made(!bucket.is_empty(), Some((*region).to_owned())))
            }
            _ => None,
        }
    }

    fn missing(&self) -> Option<Text> {
        if !self.bucket {
            Some(Text { en: "the bucket and the object", zh: "桶名和对象名" })
        } else if !self.object {
            Some(Text { en: "the object", zh: "对象名" })
        } else {
            None
        }
    }
}

/// When a pre-signed link ends: `Expires` in seconds since 1970, or a date of signing and the
/// seconds it is good for.
fn expiry(url: &Url) -> Option<SystemTime> {
    let value = |name: &str| {
        url.query_pairs().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    };
    if let Some(seconds) = value("Expires").and_then(|value| value.parse::<u64>().ok()) {
        return SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
    }
    ["X-Amz", "X-Obs"].iter().find_map(|vendor| {
        let signed = date(&value(&format!("{vendor}-Date"))?)?;
        let seconds = value(&format!("{vendor}-Expires"))?.parse::<u64>().ok()?;
        signed.checked_add(Duration::from_secs(seconds))
    })
}

/// A date in the basic form of ISO 8601: `20250131T235900Z`.
fn date(text: &str) -> Option<SystemTime> {
    let part = |range| text.get(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second) = (part(9..11)?, part(11..13)?, part(13..15)?);
    humantime::parse_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")).ok()
}

/// Does the name of the file end like one of a format that the operation does not list?
fn extension(url: &Url, field: &Field, context: &Context<'_>, note: &mut dyn FnMut(Defect)) {
    let Some(extension) = url
        .path_segments()
        .and_then(Iterator::last)
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, extension)| extension.to_ascii_lowercase())
    else {
        return;
    };
    let known = Format::from_extension(&extension);
    let (accepted, listed) = match &context.profile.accepted {
        _ if !field.extensions.is_empty() => {
            (field.extensions.contains(&extension), field.extensions.join(", ").to_uppercase())
        }
        Some(accepted) => (known.is_some_and(|format| accepted.formats.contains(&format)), accepted.listed.clone()),
        None => return,
    };
    // An ending that names no format (.php, .do) says nothing about what is behind it.
    if !accepted && (known.is_some() || foreign::has_extension(&extension)) {
        note(Defect::new(Id::UrlExtension).with("extension", extension).with("accepted", listed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::operation::Operation;

    fn faults_at(text: &str, operation: &str, path: &str, region: Option<&str>) -> Vec<&'static str> {
        let operation = Operation::find(operation).unwrap();
        let profile = operation.profile();
        let sent_at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(1_750_000_000));
        let context = Context { profile: &profile, lang: Lang::En, region, sent_at };
        let mut found = Vec::new();
        judge(text, &operation.fields[path], &context, &mut |defect| found.push(defect.id.name()));
        found
    }

    fn faults(text: &str) -> Vec<&'static str> {
        faults_at(text, "image-v3", "url", Some("cn-north-4"))
    }

    #[test]
    fn good_addresses_pass() {
        for good in [
            "https://example.com/a.jpg",
            "http://example.com:8080/a?x=1#y",
            "HTTPS://EXAMPLE.COM/A.JPG",
            "https://example.com",
            "https://bucketname.obs.myhwclouds.com/ObjectName1",
            "https://bucket.obs.cn-north-4.myhuaweicloud.com/a/b.png?Expires=1800000000&Signature=x",
            "https://obs.cn-north-4.myhuaweicloud.com/bucket/a",
            "https://s3.amazonaws.com/b/a.png?X-Amz-Date=20250615T150000Z&X-Amz-Expires=604800",
            "https://example.com/%E5%9B%BE.jpg",
            "https://xn--fiq228c.com/picture.php",
            "https://example.com/a.jpeg/",
        ] {
            assert!(faults(good).is_empty(), "{good}: {:?}", faults(good));
        }
    }

    #[test]
    fn what_cannot_be_fetched_has_its_name() {
        for (wrong, name) in [
            ("", "url-malformed"),
            ("example.com/a.jpg", "url-malformed"),
            ("example.com:8080/a.jpg", "url-malformed"),
            ("//example.com/a.jpg", "url-malformed"),
            ("/9j/4AAQSkZJRg==", "url-malformed"),
            ("https:example.com/a.jpg", "url-malformed"),
            ("https://", "url-malformed"),
            ("https://example.com:99999/", "url-malformed"),
            ("https://exa%mple.com/", "url-malformed"),
            ("https://[::1/", "url-malformed"),
            ("ftp://example.com/a.jpg", "url-scheme"),
            ("file:///home/a.jpg", "url-scheme"),
            ("data:image/png;base64,AAAA", "url-scheme"),
            ("rtmp://example.com/live", "url-scheme"),
            ("obs://bucket/a.jpg", "obs-url-scheme"),
            ("http://localhost/a.jpg", "url-host-private"),
            ("http://files/a.jpg", "url-host-private"),
            ("http://nas.local/a.jpg", "url-host-private"),
            ("http://127.0.0.1/a.jpg", "url-host-private"),
            ("http://2130706433/a.jpg", "url-host-private"),
            ("http://0x7f.1/a.jpg", "url-host-private"),
            ("http://10.1.2.3/a.jpg", "url-host-private"),
            ("http://172.31.0.1/a.jpg", "url-host-private"),
            ("http://192.168.0.1/a.jpg", "url-host-private"),
            ("http://169.254.169.254/latest", "url-host-private"),
            ("http://100.64.0.1/a.jpg", "url-host-private"),
            ("http://[::1]/a.jpg", "url-host-private"),
            ("http://[fe80::1]/a.jpg", "url-host-private"),
            ("http://[fd00::1]/a.jpg", "url-host-private"),
            ("http://[::ffff:10.0.0.1]/a.jpg", "url-host-private"),
            ("http://8.8.8.8/a.jpg", "url-host-numeric"),
            ("http://[2001:4860:4860::8888]/a.jpg", "url-host-numeric"),
            ("https://me:secret@example.com/a.jpg", "url-credentials"),
            ("https://example.com/图片.jpg", "url-unencoded"),
            ("https://example.com/my photo.jpg", "url-unencoded"),
            (" https://example.com/a.jpg", "url-unencoded"),
            ("https://example.com/a.pdf", "url-extension"),
            ("https://example.com/a.avif", "url-extension"),
            ("https://example.com/a.mp4?x=.jpg", "url-extension"),
            ("https://example.com/a?Expires=1700000000", "url-expired"),
            ("https://example.com/a?X-Amz-Date=20240101T000000Z&X-Amz-Expires=3600", "url-expired"),
            ("https://obs.cn-north-4.myhuaweicloud.com/", "obs-url-incomplete"),
            ("https://bucket.obs.cn-north-4.myhuaweicloud.com/", "obs-url-incomplete"),
            ("https://bucket.obs.cn-east-3.myhuaweicloud.com/a", "obs-region"),
            (
                "https://b.obs.cn-north-4.myhuaweicloud.com/a?X-Obs-Date=20240101T000000Z&X-Obs-Expires=60",
                "obs-url-expired",
            ),
        ] {
            assert_eq!(faults(wrong), [name], "{wrong}");
        }
        assert_eq!(faults(&format!("https://example.com/{}", "a".repeat(9000))), ["url-too-long"]);
        assert_eq!(faults(&"a".repeat(1 << 20)), ["url-too-long"]);
    }

    #[test]
    fn formats_and_schemes_are_those_of_the_operation() {
        let video = |text| faults_at(text, "video-job-v3", "data.url", None);
        assert!(video("https://example.com/a.m3u8").is_empty());
        assert_eq!(video("https://example.com/a.jpg"), ["url-extension"]);
        assert!(video("https://bucket.obs.cn-east-3.myhuaweicloud.com/a").is_empty(), "no region is known");
        let audio = |text| faults_at(text, "audio-job-v3", "data.url", None);
        assert!(audio("https://example.com/a.mp3").is_empty());
        assert_eq!(audio("https://example.com/a.mp4"), ["url-extension"]);
        assert!(faults_at("rtmp://example.com/live", "video-stream-v3", "data.url", None).is_empty());
    }
}
