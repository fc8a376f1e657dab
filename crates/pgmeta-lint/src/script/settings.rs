//! The settings of a session that rules ask for, as SET and SET LOCAL change them. Judges nothing.

use std::rc::Rc;

/// The schema of a search path that has the name of the role.
const USER: &str = "$user";

/// Which limits and which search path apply.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Values {
    pub lock_timeout: bool,
    pub statement_timeout: bool,
    /// The schemas of SET search_path; absent: the session's default.
    pub search_path: Option<Rc<[String]>>,
}

impl Values {
    fn set(&mut self, name: &str, value: Option<&str>, user: &str) {
        // Zero in any unit does not limit.
        let is_limit = || value.is_some_and(|value| value.chars().any(|c| matches!(c, '1'..='9')));
        match name {
            "lock_timeout" => self.lock_timeout = is_limit(),
            "statement_timeout" => self.statement_timeout = is_limit(),
            "search_path" => self.search_path = value.map(|path| read_path(path, user).into()),
            "all" => *self = Self::default(),
            _ => {}
        }
    }
}

/// Returns the schemas of a search path of a role. Names in double quotes are as they are written, others in lower case.
pub(crate) fn read_path(path: &str, user: &str) -> Vec<String> {
    let (mut all, mut rest) = (Vec::new(), path.trim_start());
    while !rest.is_empty() {
        let name;
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut own = String::new();
            let mut characters = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((at, character)) = characters.next() {
                if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
                    end = at + 1;
                    break;
                }
                own.push(character);
            }
            (name, rest) = (own, &quoted[end..]);
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            (name, rest) = (rest[..end].trim_end().to_lowercase(), &rest[end..]);
        }
        if !name.is_empty() {
            all.push(if name == USER { user.to_owned() } else { name });
        }
        rest = rest.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    all
}

/// The settings of a session: those of the transaction, and those that stay after it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub current: Values,
    session: Values,
    /// The name of the role.
    user: String,
}

impl Settings {
    pub fn of_user(user: &str) -> Self {
        Self { user: user.to_owned(), ..Self::default() }
    }

    /// Outside of a transaction, SET LOCAL has no effect.
    pub fn set(&mut self, name: &str, value: Option<&str>, local: bool, in_transaction: bool) {
        if local && !in_transaction {
            return;
        }
        self.current.set(name, value, &self.user);
        if !local {
            self.session.set(name, value, &self.user);
        }
    }

    /// Returns the schemas in which names are looked up; `default` is the path of a session that sets none.
    pub fn search_path<'a>(&'a self, default: &'a [String]) -> &'a [String] {
        self.current.search_path.as_deref().unwrap_or(default)
    }

    pub fn end_transaction(&mut self) {
        self.current = self.session.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_path_is_read_as_the_server_does() {
        for (path, expected) in [
            ("", vec![]),
            ("App, public", vec!["app", "public"]),
            ("\"$user\", \"My \"\"own\"\", schema\",x", vec!["joe", "My \"own\", schema", "x"]),
            ("\"\"", vec![]),
            ("\"open", vec!["open"]),
        ] {
            assert_eq!(read_path(path, "joe"), expected, "{path}");
        }
    }
}
