//! What must not be shown: finds passwords in options and connection strings and covers them.

use std::fmt::Write;

use crate::model::Setting;

/// What stands for a secret.
pub const MASK: &str = "********";

/// Covers the values of options whose name says that they are secret.
pub fn mask_settings(settings: &mut [Setting]) {
    for setting in settings {
        if is_secret(&setting.name) {
            MASK.clone_into(&mut setting.value);
        }
    }
}

/// Returns whether the option's name says that its value is secret.
fn is_secret(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "password",
        "passwd",
        "pwd",
        "secret",
        "token",
        "credential",
        "private_key",
        "access_key",
        "api_key",
        "apikey",
    ];
    // libpq's names for the keys that stand for a SCRAM password.
    const KEYS: &[&str] = &["scram_client_key", "scram_server_key"];
    let name = name.to_ascii_lowercase();
    // `password_required` and the like are switches.
    !name.ends_with("_required") && (WORDS.iter().any(|word| name.contains(word)) || KEYS.contains(&&*name))
}

/// Covers the passwords of a libpq connection string, in either of its forms; all of it where it is neither.
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

/// Returns how long the value at the start of the text is, quotes included.
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
    fn connection_strings() {
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
    fn option_names() {
        for (name, secret) in
            [("password", true), ("Access_Key_Id", true), ("password_required", false), ("host", false), ("key", false)]
        {
            assert_eq!(is_secret(name), secret, "{name}");
        }
    }
}
