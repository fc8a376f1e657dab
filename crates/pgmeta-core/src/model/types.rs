//! Types that CREATE TYPE makes: enum, composite, range, base, shell. Domains have a file of their own.
//! Row types, array types and multiranges are part of what they come with.

use crate::ident::{Name, qualified};
use crate::model::{Grant, ObjectKey, ObjectKind, SecurityLabel, Storage, Structure};

part! {
    /// The name of something that lives in a schema, where the attribute determines its kind.
    pub struct QualifiedName { schema: Name, name: Name; }
}

part! {
    /// A column of a composite type.
    pub struct Attribute {
        name: Name,
        /// As `format_type` prints it.
        data_type: Name;
        /// Where it is not the type's own.
        collation: Option<QualifiedName>,
        comment: Option<String>,
        security_labels: Vec<SecurityLabel>,
    }
}

part! {
    /// The multirange type that comes with a range type.
    pub struct Multirange {
        schema: Name,
        name: Name;
        comment: Option<String>,
        privileges: Option<Vec<Grant>>,
        security_labels: Vec<SecurityLabel>,
    }
}

part! {
    pub struct RangeType {
        subtype: Name,
        multirange: Multirange;
        /// Where it is not the subtype's default.
        subtype_operator_class: Option<QualifiedName>,
        /// Where it is not the subtype's own.
        collation: Option<QualifiedName>,
        /// A function, as SQL.
        canonical: Option<Name>,
        subtype_diff: Option<Name>,
    }
}

choice! {
    pub enum Alignment { Int4 b'i' "int4", Char b'c' "char", Int2 b's' "int2", Double b'd' "double" }
}

part! {
    /// A base type; its functions are SQL.
    pub struct BaseType {
        input: Name,
        output: Name;
        receive: Option<Name>,
        send: Option<Name>,
        typmod_in: Option<Name>,
        typmod_out: Option<Name>,
        analyze: Option<Name>,
        subscript: Option<Name>,
        /// Absent: variable.
        internal_length: Option<i16>,
        passed_by_value: bool,
        alignment: Alignment,
        storage: Storage,
        /// Absent: `U`, user-defined.
        category: Option<char>,
        preferred: bool,
        default: Option<String>,
        /// The type of what a subscript yields.
        element: Option<Name>,
        /// Absent: a comma.
        delimiter: Option<char>,
        collatable: bool,
    }
}

object! {
    /// One of the groups is there; none of a shell type that was never completed.
    pub struct Type {
        schema: Name,
        name: Name;
        enum_labels: Option<Vec<Name>>,
        attributes: Option<Vec<Attribute>>,
        range: Option<RangeType>,
        base: Option<BaseType>,
    }
}

impl QualifiedName {
    pub fn sql(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    pub fn key(&self, kind: ObjectKind) -> ObjectKey {
        ObjectKey::in_schema(kind, &self.schema, &self.name)
    }
}

impl Type {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Type, &self.schema, &self.name)
    }

    /// Returns whether `CREATE TYPE x;` can stand for it until it is complete.
    pub fn has_shell(&self) -> bool {
        self.base.is_some() || self.range.as_ref().is_some_and(|range| range.canonical.is_some())
    }
}

impl Structure for Type {
    fn requires(&self) -> Vec<ObjectKey> {
        let mut keys = vec![ObjectKey::global(ObjectKind::Schema, &self.schema)];
        if let Some(range) = &self.range {
            keys.push(ObjectKey::global(ObjectKind::Schema, &range.multirange.schema));
            keys.extend(range.collation.iter().map(|name| name.key(ObjectKind::Collation)));
        }
        let collations = self.attributes.iter().flatten().filter_map(|attribute| attribute.collation.as_ref());
        keys.extend(collations.map(|name| name.key(ObjectKind::Collation)));
        keys
    }
}
