//! Finds passwords in options and connection strings, and masks them.

use std::fmt::Write;

use crate::model::Setting;

/// The text that replaces a secret.
pub const MASK: &str = "********";

/// Masks the values of options with a secret's name, and secrets inside of other values.
pub fn mask_settings(settings: &mut [Setting]) {
    for setting in settings {
        setting.value = if is_secret(&setting.name) { MASK.to_owned() } else { mask_value(&setting.value) };
    }
}

/// Returns whether the name of an option, parameter or member is that of a secret.
fn is_secret(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "credential",
        "bearer",
        "authorization",
        "signature",
        "privatekey",
        "accesskey",
        "accountkey",
        "sharedkey",
        "masterkey",
        "encryptionkey",
        "apikey",
        "saskey",
        // libpq's names for the keys of a SCRAM password.
        "scramclientkey",
        "scramserverkey",
    ];
    // The names in signed URLs.
    const NAMES: &[&str] = &["sig", "pass", "pw"];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    // `password_required` and the like are Booleans.
    !plain.ends_with("required") && (WORDS.iter().any(|word| plain.contains(word)) || NAMES.contains(&&*plain))
}

/// Masks secrets inside of a value that is a connection string of any kind, a URI, a signed query, JSON or a PEM key. In doubt, masks
/// more.
pub fn mask_value(value: &str) -> String {
    if value.contains("PRIVATE KEY-----") && !value.trim_start().starts_with(['{', '[']) {
        return MASK.to_owned();
    }
    // In a text of pairs only, a value extends to the next blank.
    let pairs = if value.contains("://") { None } else { mask_pairs(value) };
    mask_members(&mask_authorities(pairs.as_deref().unwrap_or(value)))
}

/// `…://user:password@…`, anywhere.
fn mask_authorities(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (scheme, after) = rest.split_at(at + 3);
        masked.push_str(scheme);
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>');
        let (authority, after) = after.split_at(after.find(ends).unwrap_or(after.len()));
        match authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
            Some((user, host)) => masked.extend([user, ":", MASK, "@", host]),
            None => masked.push_str(authority),
        }
        rest = after;
    }
    masked.push_str(rest);
    masked
}

/// `name=value`, `name: value` and `"name": "value"`, anywhere.
fn mask_members(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['=', ':']) {
        let (before, after) = rest.split_at(at);
        let named = before.trim_end().trim_end_matches(['"', '\'', '\\']);
        let start = named
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .map_or(0, |at| at + named[at..].chars().next().map_or(0, char::len_utf8));
        let (name, value) = (&named[start..], &after[1..]);
        masked.push_str(before);
        masked.push_str(&after[..1]);
        rest = value;
        if !is_secret(name) {
            continue;
        }
        let blank = value.len() - value.trim_start().len();
        let length = member_length(&value[blank..], name);
        if length > 0 {
            masked.push_str(&value[..blank]);
            let quote = value[blank..].chars().next().filter(|c| matches!(c, '"' | '\''));
            masked.extend(quote);
            masked.push_str(MASK);
            masked.extend(quote);
            rest = &value[blank + length..];
        }
    }
    masked.push_str(rest);
    masked
}

/// Returns the length of the value at the beginning of the text, including quotes and brackets.
fn member_length(text: &str, name: &str) -> usize {
    let end_of = |c: char| text.find(c).unwrap_or(text.len());
    let mut chars = text.char_indices();
    match chars.next() {
        None => 0,
        Some((_, quote @ ('"' | '\''))) => {
            let mut escaped = false;
            let end = chars.find(|&(_, c)| {
                let ends = c == quote && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(text.len(), |(at, _)| at + 1)
        }
        // With all its contents.
        Some((_, open @ ('{' | '['))) => {
            let close = if open == '{' { '}' } else { ']' };
            let mut depth = 0_usize;
            let end = text.char_indices().find(|&(_, c)| {
                if c == open {
                    depth += 1;
                } else if c == close {
                    depth -= 1;
                }
                depth == 0
            });
            end.map_or(text.len(), |(at, _)| at + 1)
        }
        // `Authorization: Bearer …`
        Some(_) if name.to_ascii_lowercase().contains("authorization") => end_of('\n'),
        Some(_) => {
            let mut escaped = false;
            for (at, c) in text.char_indices() {
                let ends = c.is_whitespace()
                    || c == '"'
                    || (matches!(c, '&' | ';' | ',') && begins_member(&text[at + 1..]))
                    || (matches!(c, '}' | ']') && !text[at + 1..].contains(['=', ':']));
                if ends && !escaped {
                    return at;
                }
                escaped = c == '\\' && !escaped;
            }
            text.len()
        }
    }
}

/// Returns whether the text continues with a name and an equals sign, or ends.
fn begins_member(text: &str) -> bool {
    let rest =
        text.trim_start().trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'));
    text.trim().is_empty() || (rest.len() < text.trim_start().len() && rest.trim_start().starts_with(['=', ':']))
}

/// Masks the passwords in a libpq connection string in either form, or all of any other text.
pub fn mask_connection(connection: &str) -> String {
    if connection.starts_with("postgresql://") || connection.starts_with("postgres://") {
        return mask_uri(connection);
    }
    mask_pairs(connection).unwrap_or_else(|| MASK.to_owned())
}

/// `scheme://user:password@hosts/database?name=value&…`
fn mask_uri(uri: &str) -> String {
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    let (base, query) = rest.split_once('?').map_or((rest, None), |(base, query)| (base, Some(query)));
    let (authority, path) = base.split_at(base.find('/').unwrap_or(base.len()));
    let authority = match authority.rsplit_once('@') {
        Some((user, hosts)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:{MASK}@{hosts}"),
            None => authority.to_owned(),
        },
        None => authority.to_owned(),
    };
    let mut masked = format!("{scheme}://{authority}{path}");
    for (at, pair) in query.iter().flat_map(|query| query.split('&')).enumerate() {
        masked.push(if at == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => {
                let _ = write!(masked, "{name}={MASK}");
            }
            _ => masked.push_str(pair),
        }
    }
    masked
}

/// `name = value name='quoted \' value'`
fn mask_pairs(text: &str) -> Option<String> {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let start = rest.trim_start();
        masked.push_str(&rest[..rest.len() - start.len()]);
        if start.is_empty() {
            return Some(masked);
        }
        let (name, after) = start.split_once('=')?;
        let value = after.trim_start();
        let length = value_length(value)?;
        masked.push_str(&start[..start.len() - value.len()]);
        let name = name.trim_end();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return None;
        }
        masked.push_str(if is_secret(name) { MASK } else { &value[..length] });
        rest = &value[length..];
    }
}

/// Returns the length of the value at the beginning of the text, including quotes.
fn value_length(text: &str) -> Option<usize> {
    let quoted = text.starts_with('\'');
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(usize::from(quoted)) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' if quoted => return Some(at + 1),
            c if !quoted && c.is_ascii_whitespace() => return Some(at),
            _ => {}
        }
    }
    (!quoted).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_strings_are_masked() {
        let cases = [
            ("host=a password=b user=c", "host=a password=******** user=c"),
            (r"password = 'it\'s = x' host=a", "password = ******** host=a"),
            (r"password=a\ b host=c", "password=******** host=c"),
            ("sslpassword=x", "sslpassword=********"),
            ("passfile=x password=", "passfile=x password=********"),
            ("", ""),
            ("nonsense", "********"),
            ("password='open", "********"),
            ("host=a b c=d", "********"),
            ("postgresql://u:p@h:1,i:2/db?password=x&a=b", "postgresql://u:********@h:1,i:2/db?password=********&a=b"),
            ("postgres://h/db", "postgres://h/db"),
            ("postgres://u@h", "postgres://u@h"),
        ];
        for (text, masked) in cases {
            assert_eq!(mask_connection(text), masked);
        }
    }

    #[test]
    fn secret_option_names_are_recognized() {
        for (name, secret) in [
            ("password", true),
            ("Access_Key_Id", true),
            ("password_required", false),
            ("host", false),
            ("key", false),
            ("sig", true),
            ("AccountKey", true),
            ("PRIVATE KEY", true),
            ("design", false),
            ("sslkey", false),
            ("passfile", false),
        ] {
            assert_eq!(is_secret(name), secret, "{name}");
        }
    }

    const NAMES: &[&str] = &[
        "password",
        "PassWord",
        "sslpassword",
        "pwd",
        "PWD",
        "passwd",
        "passphrase",
        "secret",
        "client_secret",
        "admin-secret",
        "token",
        "session_token",
        "sas_token",
        "bearer",
        "api_key",
        "apiKey",
        "api-key",
        "access_key",
        "secret_access_key",
        "AccountKey",
        "SharedAccessKey",
        "account_key",
        "private_key",
        "privateKey",
        "credentials",
        "sig",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "signature",
        "encryption_key",
        "aws.secretKey",
        "scram_client_key",
    ];

    /// Forms of a value that contain a name and a secret. The rest must stay.
    const FORMS: &[&str] = &[
        "host=x NAME=SECRET user=u",
        "NAME=SECRET",
        "host = x NAME = 'SECRET' user=u",
        "host=x NAME='SEC\\'SECRET SECRET' user=u",
        "host=x NAME=SEC\\ SECRET user=u",
        "host=x NAME=SEC&SECRET user=u",
        "Server=x;NAME=SECRET;Database=d",
        "Server=x;NAME=SECRET",
        "Driver={x};NAME={SECRET;x};Server=y",
        "Endpoint=https://h.example/;NAME=SECRET=;x=y",
        "https://h/p?a=b&NAME=SECRET&c=d",
        "https://h/p?NAME=SECRET",
        "?sv=1&NAME=SECRET%3D&se=2",
        "jdbc:postgresql://h/d?user=u&NAME=SECRET",
        "{\"a\": \"x\", \"NAME\": \"SECRET\", \"b\": 1}",
        "{\"a\":{\"NAME\":\"SEC\\\"SECRET\"},\"b\":[1]}",
        "{\"NAME\": {\"x\": \"SECRET\", \"y\": {\"z\": \"SECRET\"}}, \"b\": 1}",
        "{\"NAME\": [\"SECRET\", \"SECRET\"], \"b\": 1}",
        "{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nSECRET\\n-----END PRIVATE KEY-----\\n\", \"NAME\": \"SECRET\"}",
        "{\"conn\": \"host=x NAME=SECRET\"}",
        "{\"NAME\": \"SECRET",
        "NAME: SECRET",
        "user: u\nNAME: SECRET\nhost: h",
        "['NAME': 'SECRET']",
        "Authorization: Bearer SECRET",
        "program --NAME=SECRET --x",
    ];

    const WITHOUT_NAME: &[&str] = &[
        "postgresql://u:SECRET@h/d",
        "postgresql://u:SECRET@h:1,i:2/d?a=b",
        "mongodb+srv://u:SEC%40SECRET@h",
        "host=x options='postgres://u:SECRET@h'",
        "amqp://u:SECRET@h and redis://:SECRET@i",
        "-----BEGIN RSA PRIVATE KEY-----\nSECRET\n-----END RSA PRIVATE KEY-----",
        "sv=2022-11-02&ss=b&sig=SECRET%2B%3D&se=x",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=SECRET==;EndpointSuffix=core.windows.net",
    ];

    #[test]
    fn secrets_are_masked_in_every_attribute() {
        for name in NAMES {
            for form in FORMS {
                let masked = mask_value(&form.replace("NAME", name));
                assert!(!masked.contains("SECRET") && masked.contains(MASK), "{name} {form}: {masked}");
                assert_eq!(mask_value(&masked), masked, "{name} {form}");
            }
        }
        for form in WITHOUT_NAME {
            let masked = mask_value(form);
            assert!(!masked.contains("SECRET") && masked.contains(MASK), "{form}: {masked}");
        }
        let both = |option: &str| {
            let mut settings = [Setting { name: option.into(), value: "host=x password=SECRET".into() }];
            mask_settings(&mut settings);
            settings[0].value.clone()
        };
        assert_eq!(both("conn"), "host=x password=********");
        assert_eq!(both("api_key"), MASK);
    }

    #[test]
    fn only_the_secret_part_is_masked() {
        let cases = [
            ("Server=x;Password=y;Database=d", "Server=x;Password=********;Database=d"),
            ("https://h:1/p?a=b&sig=x%3D&c=d", "https://h:1/p?a=b&sig=********&c=d"),
            ("{\"a\": \"x\", \"token\": \"y\", \"b\": 1}", "{\"a\": \"x\", \"token\": \"********\", \"b\": 1}"),
            ("https://u:p@h/x", "https://u:********@h/x"),
        ];
        for (value, masked) in cases {
            assert_eq!(mask_value(value), masked);
        }
        for value in [
            "",
            "x",
            "host=x dbname=y",
            "https://h:443/p?a=b",
            "postgres://u@h/d",
            "s3://bucket/prefix",
            "{\"a\": [1, {\"b\": null}]}",
            "12:30:00",
            "a=b",
            "SELECT a FROM t WHERE b = 'c'",
            "::1",
            "/srv/x",
            "design=1 keyword=2",
            "-c search_path=a,b",
        ] {
            assert_eq!(mask_value(value), value);
        }
    }
}
