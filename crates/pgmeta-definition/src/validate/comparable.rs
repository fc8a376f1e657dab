//! Which types a foreign key may compare: those that the server compares with the operators of the referenced key's index.

/// Types that one family of operators compares in both directions.
const FAMILIES: [&[&str]; 5] = [
    &["smallint", "integer", "bigint"],
    &["real", "double precision"],
    &["text", "character varying", "character", "name"],
    &["date", "timestamp without time zone", "timestamp with time zone"],
    &["inet", "cidr"],
];

/// Types that the server converts by itself to those of a referenced key, and those.
const CONVERTED: [(&[&str], &[&str]); 3] = [
    (&["smallint", "integer", "bigint"], &["numeric", "real", "double precision"]),
    (&["numeric"], &["real", "double precision"]),
    (&["citext"], &["text", "character varying", "character", "name"]),
];

/// Returns whether a column may refer to one of another type.
pub(super) fn may_refer(from: &str, to: &str) -> bool {
    let (from, to) = (base(from), base(to));
    from == to
        || FAMILIES.iter().any(|family| family.contains(&&*from) && family.contains(&&*to))
        || CONVERTED.iter().any(|(these, those)| these.contains(&&*from) && those.contains(&&*to))
}

/// Returns a type without modifiers and schema.
fn base(name: &str) -> String {
    let open = name.find('(').zip(name.find(')'));
    let bare = open.map_or_else(|| name.to_owned(), |(open, close)| format!("{}{}", &name[..open], &name[close + 1..]));
    bare.rsplit('.').next().unwrap_or_default().to_owned()
}
