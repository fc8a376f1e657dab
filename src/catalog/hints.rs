//! Builds the calls that hints propose: one for each object that the caller may mean, unambiguous and allowed for the
//! caller. Does not find objects by name; `lookup` does.

use pgmeta_core::catalog_rows::class;
use pgmeta_core::cells::take;
use pgmeta_core::ident::literal;

use crate::catalog::place::{Place, candidates};
use crate::error::Error;
use crate::spi::{Arg, Connection};

/// Maximum number of calls in a hint.
pub const MOST: usize = 8;

/// Returns the maximum number of wrong characters in a suggested name.
fn tolerance(name: &str) -> usize {
    let length = name.chars().count();
    (1 + length / 4).min(length.saturating_sub(1))
}

fn distance(a: &str, b: &str) -> usize {
    strsim::damerau_levenshtein(&a.to_lowercase(), &b.to_lowercase())
}

/// The names and address of an object.
struct Described {
    oid: u32,
    kind: String,
    identity: String,
    names: Vec<String>,
    args: Vec<String>,
    /// Whether the caller may use the schema: otherwise casts and addresses raise an error.
    usable: bool,
}

impl Described {
    fn call(&self, connection: &Connection) -> Result<String, Error> {
        if !self.usable {
            return self.call_without_usage(connection);
        }
        let name = literal(&self.identity);
        Ok(match self.kind.as_str() {
            "schema" => format!("pgmeta_ddl({name}::regnamespace)"),
            "role" => format!("pgmeta_ddl({name}::regrole)"),
            "type" | "composite type" => format!("pgmeta_ddl({name}::regtype)"),
            "collation" => format!("pgmeta_ddl({name}::regcollation)"),
            "text search configuration" => format!("pgmeta_ddl({name}::regconfig)"),
            "text search dictionary" => format!("pgmeta_ddl({name}::regdictionary)"),
            "function" | "procedure" | "aggregate" => format!("pgmeta_ddl({name}::regprocedure)"),
            "operator" => format!("pgmeta_ddl({name}::regoperator)"),
            kind if is_relation(kind) => format!("pgmeta_ddl({name}::regclass)"),
            kind => {
                let names = literal(&array(&self.names));
                let args =
                    if self.args.is_empty() { String::new() } else { format!(", {}", literal(&array(&self.args))) };
                format!("pgmeta_object_ddl({}, {names}{args})", literal(kind))
            }
        })
    }

    /// If the caller lacks USAGE on the schema, the call has the name as plain text, which the server does not resolve, or
    /// the OID.
    fn call_without_usage(&self, connection: &Connection) -> Result<String, Error> {
        if let [schema, name] = self.names.as_slice()
            && is_relation(&self.kind)
            && candidates(connection, Some(schema), name, &[])?.len() == 1
        {
            return Ok(format!("pgmeta_ddl({})", literal(&self.identity)));
        }
        let said = format!("{} {}", self.kind, self.identity).replace("*/", "* /");
        Ok(format!("pgmeta_ddl({}) /* {said} */", self.oid))
    }
}

fn is_relation(kind: &str) -> bool {
    kind.ends_with("table") || kind.ends_with("view") || kind == "sequence" || kind == "index"
}

/// Writes an array as `array_out` does.
fn array(items: &[String]) -> String {
    let plain = |item: &str| {
        !item.is_empty()
            && !item.eq_ignore_ascii_case("null")
            && item.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '$'))
    };
    let quoted = |item: &String| match plain(item) {
        true => item.clone(),
        false => format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\"")),
    };
    format!("{{{}}}", items.iter().map(quoted).collect::<Vec<_>>().join(","))
}

/// Returns the call for each object that still exists.
pub fn calls(connection: &Connection, places: &[Place]) -> Result<Vec<String>, Error> {
    let mut described = Vec::new();
    let sql = include_str!("queries/described.sql");
    let classes: Vec<u32> = places.iter().map(|place| place.class).collect();
    let oids: Vec<u32> = places.iter().map(|place| place.oid).collect();
    let columns = ["class", "oid", "type", "identity", "names", "args", "usable"];
    connection.read_marked(sql, &[Arg::Oids(&classes), Arg::Oids(&oids)], &columns, |cells| {
        let _: u32 = take(cells, "class")?;
        described.push(Described {
            oid: take(cells, "oid")?,
            kind: take(cells, "type")?,
            identity: take(cells, "identity")?,
            names: take(cells, "names")?,
            // Most kinds have no arguments.
            args: take::<Option<Vec<String>>>(cells, "args")?.unwrap_or_default(),
            usable: take(cells, "usable")?,
        });
        Ok(())
    })?;
    described.iter().map(|one| one.call(connection)).collect()
}

/// Returns a hint for an unknown name: parts of objects with this name, or else objects with similar names.
pub fn suggestions(connection: &Connection, parts: &[String], path: &[u32]) -> Result<String, Error> {
    let (mut places, columns) = parts_named(connection, parts)?;
    if let [schema, rest @ ..] = parts
        && !rest.is_empty()
    {
        // The caller may have omitted the quotes of a name with dots.
        places.extend(candidates(connection, None, &parts.join("."), path)?);
        places.extend(candidates(connection, Some(schema), &rest.join("."), &[])?);
    }
    let perhaps = |calls: Vec<String>| format!("Perhaps you mean: {}.", calls.join(", "));
    if !places.is_empty() {
        return Ok(perhaps(calls(connection, places.get(..MOST).unwrap_or(&places))?));
    }
    if !columns.is_empty() {
        let calls = calls(connection, columns.get(..MOST).unwrap_or(&columns))?;
        return Ok(format!("It is a column, which has no DDL of its own. Call {}.", calls.join(" or ")));
    }
    let near = nearby(connection, parts.last().map_or("", String::as_str))?;
    let near: Vec<Place> = near.into_iter().map(|(_, place)| place).collect();
    let calls = calls(connection, near.get(..MOST).unwrap_or(&near))?;
    Ok(match calls.as_slice() {
        [] => "SELECT type, identity FROM pgmeta_objects() lists the objects that there are.".into(),
        _ => perhaps(calls),
    })
}

/// Returns the parts of relations and domains that `[[schema.]relation.]name` may mean, and the relations with such a
/// column.
fn parts_named(connection: &Connection, parts: &[String]) -> Result<(Vec<Place>, Vec<Place>), Error> {
    let (schema, relation, name) = match parts {
        [name] => ("", "", name),
        [relation, name] => ("", relation.as_str(), name),
        [schema, relation, name] => (schema.as_str(), relation.as_str(), name),
        _ => return Ok((Vec::new(), Vec::new())),
    };
    let (mut places, mut columns) = (Vec::new(), Vec::new());
    let args = [Arg::Text(name), Arg::Text(relation), Arg::Text(schema)];
    connection.read_marked(include_str!("queries/parts.sql"), &args, &["class", "oid", "is_column"], |cells| {
        let place = Place { class: take(cells, "class")?, oid: take(cells, "oid")? };
        if take(cells, "is_column")? {
            columns.push(place)
        } else {
            places.push(place)
        }
        Ok(())
    })?;
    places.sort_unstable();
    columns.sort_unstable();
    Ok((places, columns))
}

/// Returns the user's objects with the most similar names, each with its distance.
fn nearby(connection: &Connection, name: &str) -> Result<Vec<(usize, Place)>, Error> {
    let mut near: Vec<(usize, String, Place)> = Vec::new();
    connection.read_marked(include_str!("queries/nearby.sql"), &[], &["class", "oid", "name"], |cells| {
        let place = Place { class: take(cells, "class")?, oid: take(cells, "oid")? };
        let own: String = take(cells, "name")?;
        let distance = distance(&own, name);
        if distance <= tolerance(name) {
            near.push((distance, own, place));
        }
        Ok(())
    })?;
    near.sort();
    Ok(near.into_iter().map(|(distance, _, place)| (distance, place)).collect())
}

/// Returns a hint for unknown schemas: schemas with similar names, and calls for objects with the given name.
pub fn suggest_schemas(connection: &Connection, missing: &[&String], known: &[String]) -> Result<String, Error> {
    let mut near = Vec::new();
    let mut objects = Vec::new();
    for name in missing.iter().take(MOST) {
        near.extend(known.iter().filter(|own| distance(own, name) <= tolerance(name)).cloned());
        match name.split_once('.') {
            Some((schema, name)) => objects.extend(candidates(connection, Some(schema), name, &[])?),
            None => {
                objects.extend(nearby(connection, name)?.into_iter().filter_map(|(distance, place)| {
                    (distance == 0 && place.class != class::NAMESPACE).then_some(place)
                }))
            }
        }
    }
    near.truncate(MOST);
    let calls = calls(connection, objects.get(..MOST).unwrap_or(&objects))?;
    let mut hint = Vec::new();
    if !near.is_empty() {
        hint.push(format!("Perhaps you mean: {}.", near.join(", ")));
    }
    if !calls.is_empty() {
        hint.push(format!("For the DDL of one object call {}.", calls.join(" or ")));
    }
    if hint.is_empty() {
        hint.push("SELECT nspname FROM pg_namespace lists the schemas; NULL stands for all.".to_owned());
    }
    Ok(hint.join(" "))
}

/// Returns a hint for a part of another object: that object, and the call for it.
pub fn whole(connection: &Connection, place: Place) -> Result<Option<String>, Error> {
    let mut whole = None;
    let args = [Arg::Oids(&[place.class]), Arg::Oids(&[place.oid])];
    connection.read_marked(include_str!("queries/whole.sql"), &args, &["class", "oid", "description"], |cells| {
        let place = Place { class: take(cells, "class")?, oid: take(cells, "oid")? };
        whole = Some((place, take::<String>(cells, "description")?));
        Ok(())
    })?;
    let Some((place, description)) = whole else { return Ok(None) };
    let call = calls(connection, &[place])?;
    Ok(Some(match call.first() {
        Some(call) => format!("It belongs to {description}. Call {call}."),
        None => format!("It belongs to {description}."),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_printed_like_array_out() {
        let array_of = |items: &[&str]| array(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!(array_of(&["app", "orders", "orders_pkey"]), "{app,orders,orders_pkey}");
        assert_eq!(array_of(&["a b", "", "NULL", "c\"d\\e", "{f}"]), r#"{"a b","","NULL","c\"d\\e","{f}"}"#);
    }

    #[test]
    fn short_names_match_few_suggestions() {
        assert_eq!(tolerance("a"), 0);
        assert_eq!(tolerance("app"), 1);
        assert_eq!(tolerance("customers"), 3);
    }
}
