//! Types of CREATE TYPE: enum, composite, range, base, shell. Domains have a file of their own. Row types, array types and
//! multiranges belong to the objects with which the server creates them.

use crate::ident::{Name, qualified};
use crate::model::{Grant, ObjectKey, ObjectKind, SecurityLabel, Storage, Structure};

part! {
    /// The name of an object in a schema, if the attribute determines its kind.
    pub struct QualifiedName {
        /// The schema of the object.
        schema: Name,
        /// The name of the object.
        name: Name;
    }
}

part! {
    /// A column of a composite type.
    pub struct Attribute {
        /// The name of the attribute.
        name: Name,
        /// The type of the attribute, as `format_type` prints it.
        data_type: Name;
        /// The collation. Absent: that of the type.
        collation: Option<QualifiedName>,
        /// The comment on the attribute.
        comment: Option<String>,
        /// The security labels of the attribute, one for each provider.
        security_labels: Vec<SecurityLabel>,
    }
}

part! {
    /// The multirange type of a range type.
    pub struct Multirange {
        /// The schema of the multirange type.
        schema: Name,
        /// The name of the multirange type.
        name: Name;
        /// The comment on the multirange type.
        comment: Option<String>,
        /// The privileges on the multirange type. Absent: PostgreSQL's default.
        privileges: Option<Vec<Grant>>,
        /// The security labels of the multirange type, one for each provider.
        security_labels: Vec<SecurityLabel>,
    }
}

part! {
    /// The attributes of a range type.
    pub struct RangeType {
        /// The type of the bounds, as `format_type` prints it.
        subtype: Name,
        /// The multirange type.
        multirange: Multirange;
        /// The operator class of the subtype. Absent: the subtype's default.
        subtype_operator_class: Option<QualifiedName>,
        /// The collation of the bounds. Absent: that of the subtype.
        collation: Option<QualifiedName>,
        /// The canonicalization function, as SQL. Absent: none.
        canonical: Option<Name>,
        /// The function that returns the difference of two bounds, as SQL. Absent: none.
        subtype_diff: Option<Name>,
    }
}

choice! {
    /// The storage alignment of a base type.
    pub enum Alignment {
        /// 4 bytes.
        Int4 b'i' "int4",
        /// 1 byte.
        Char b'c' "char",
        /// 2 bytes.
        Int2 b's' "int2",
        /// 8 bytes.
        Double b'd' "double",
    }
}

part! {
    /// The attributes of a base type. Its functions are SQL.
    pub struct BaseType {
        /// The function that reads the text format.
        input: Name,
        /// The function that writes the text format.
        output: Name;
        /// The function that reads the binary format. Absent: none.
        receive: Option<Name>,
        /// The function that writes the binary format. Absent: none.
        send: Option<Name>,
        /// The function that reads type modifiers. Absent: none.
        typmod_in: Option<Name>,
        /// The function that prints type modifiers. Absent: the default format.
        typmod_out: Option<Name>,
        /// The function that collects statistics. Absent: the default one.
        analyze: Option<Name>,
        /// The function that handles subscripts. Absent: none.
        subscript: Option<Name>,
        /// The length in bytes. Absent: variable.
        internal_length: Option<i16>,
        /// Whether values are passed by value, not by reference.
        passed_by_value: bool,
        /// The storage alignment. The default is int4.
        alignment: Alignment,
        /// How large values are stored. The default is PLAIN.
        storage: Storage,
        /// The category, one character. Absent: `U`, user-defined.
        category: Option<char>,
        /// Whether it is a preferred type of its category for implicit casts.
        preferred: bool,
        /// The default value, as text. Absent: null.
        default: Option<String>,
        /// The type of the elements of an array type.
        element: Option<Name>,
        /// The character between the elements of arrays of the type. Absent: a comma.
        delimiter: Option<char>,
        /// Whether its columns and expressions can have a collation.
        collatable: bool,
    }
}

object! {
    /// A type: enum, composite, range, base or shell. One of the four groups is present, or none for a shell type.
    pub struct Type {
        /// The schema of the type.
        schema: Name,
        /// The name of the type.
        name: Name;
        /// The labels of an enum type, in order.
        enum_labels: Option<Vec<Name>>,
        /// The attributes of a composite type, in order.
        attributes: Option<Vec<Attribute>>,
        /// The attributes of a range type.
        range: Option<RangeType>,
        /// The attributes of a base type.
        base: Option<BaseType>,
    }
}

impl QualifiedName {
    /// Returns the name as SQL.
    pub fn sql(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Returns the address of an object with the name.
    pub fn key(&self, kind: ObjectKind) -> ObjectKey {
        ObjectKey::in_schema(kind, &self.schema, &self.name)
    }
}

impl Type {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Type, &self.schema, &self.name)
    }

    /// Returns whether `CREATE TYPE x;` can create a shell of it.
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
