//! PostgreSQL's types, taken apart: what a column's type is under its domains. Knows no dialect.

mod parse;

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Domain, ModelIndex, ObjectRef};

use parse::Written;

/// A type without its domains and array brackets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Base<'m> {
    Smallint,
    Integer,
    Bigint,
    Real,
    Double,
    /// Precision and scale.
    Numeric(Option<(u32, i32)>),
    Money,
    Boolean,
    Char(u32),
    Varchar(Option<u32>),
    Text,
    Name,
    /// `"char"`, one byte.
    Byte,
    Citext,
    Bytea,
    Date,
    Time(Option<u32>),
    TimeTz(Option<u32>),
    Timestamp(Option<u32>),
    TimestampTz(Option<u32>),
    Interval,
    Uuid,
    Json,
    Xml,
    /// inet and cidr.
    Network,
    /// The number of characters of a MAC address.
    Macaddr(u32),
    Bit(u32),
    Varbit(Option<u32>),
    /// tsvector and tsquery.
    TextSearch,
    Point,
    /// lseg, box, path and polygon.
    Shape,
    /// line and circle.
    Geometric,
    Range,
    Multirange,
    Enum(&'m [Name]),
    Composite,
    Hstore,
    Vector,
    /// PostGIS.
    Geometry,
    /// oid, xid and cid.
    Oid,
    /// Types whose values have a short text form: ltree, pg_lsn, regclass.
    ShortText,
    /// Types that only their text form is known of.
    Other,
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DataType<'m> {
    /// The type under all domains.
    pub base: Base<'m>,
    /// Whether it is an array of it.
    pub is_array: bool,
    /// The domains, the outermost first. A domain of the elements of an array is not among them.
    pub domains: Vec<&'m Domain>,
    /// The collation of one of the domains.
    pub has_collation: bool,
}

/// How many domains may stand on each other.
const DEEPEST: usize = 32;

impl<'m> DataType<'m> {
    /// Returns the type with a name, as `format_type` prints it.
    pub fn of(index: &ModelIndex<'m>, name: &str) -> Self {
        let (mut name, mut domains, mut is_array) = (name.to_owned(), Vec::new(), false);
        for _ in 0..DEEPEST {
            check();
            let Written { base, modifier, is_array: brackets } = Written::parse(&name);
            let found = index.type_named(&base);
            let Some(ObjectRef::Domain(domain)) = found else {
                let is_array = is_array || brackets;
                let base = if let Some(ObjectRef::Type(own)) = found {
                    Self::own(own)
                } else {
                    parse::base(&base, modifier.as_deref()).unwrap_or_else(|| Self::unknown(index, &base))
                };
                let has_collation = domains.iter().any(|domain: &&Domain| domain.collation.is_some());
                return Self { base, is_array, domains, has_collation };
            };
            is_array |= brackets;
            if !is_array {
                domains.push(domain);
            }
            name = domain.base_type.to_string();
        }
        Self { base: Base::Other, is_array, domains, has_collation: false }
    }

    /// A type of the model.
    fn own(own: &'m pgmeta_core::model::Type) -> Base<'m> {
        match own {
            own if own.enum_labels.is_some() => Base::Enum(own.enum_labels.as_deref().unwrap_or_default()),
            own if own.attributes.is_some() => Base::Composite,
            own if own.range.is_some() => Base::Range,
            _ => Base::Other,
        }
    }

    /// A type that is in no list: that of a relation's rows, a multirange, or one of an extension.
    fn unknown(index: &ModelIndex<'m>, name: &str) -> Base<'m> {
        if index.is_row_type(name) {
            return Base::Composite;
        }
        let ranges = index.model().types.iter().filter_map(|own| own.range.as_ref());
        let mut multiranges = ranges.map(|range| {
            check();
            pgmeta_core::ident::qualified(&range.multirange.schema, &range.multirange.name)
        });
        if multiranges.any(|own| own == name) {
            return Base::Multirange;
        }
        // An extension's types are in the schema of the extension.
        parse::of_extension(name.rsplit('.').next().unwrap_or(name)).unwrap_or(Base::Other)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use pgmeta_core::model::Model;
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_found_under_domains() {
        let model = json!({
            "format_version": 1, "server_version_num": 150000,
            "types": [
                {"schema": "app", "name": "mood", "enum_labels": ["ok", "Ok"]},
                {"schema": "app", "name": "pair", "attributes": [{"name": "a", "data_type": "text"}]},
            ],
            "domains": [
                {"schema": "app", "name": "email", "base_type": "app.line"},
                {"schema": "app", "name": "line", "base_type": "character varying(40)"},
                {"schema": "app", "name": "list", "base_type": "app.line[]"},
                {"schema": "app", "name": "loop", "base_type": "app.loop"},
            ],
        });
        let model = Model::from_value(model).unwrap();
        let index = ModelIndex::of(&model);
        let of = |name: &str| DataType::of(&index, name);
        assert_eq!(of("app.email").base, Base::Varchar(Some(40)));
        assert_eq!(of("app.email").domains.len(), 2);
        let list = of("app.list");
        assert!(list.is_array && list.base == Base::Varchar(Some(40)) && list.domains.len() == 1);
        let mails = of("app.email[]");
        assert!(mails.is_array && mails.base == Base::Varchar(Some(40)) && mails.domains.is_empty());
        assert!(matches!(of("app.mood").base, Base::Enum([_, _])));
        assert_eq!(of("app.pair").base, Base::Composite);
        assert_eq!(of("public.citext").base, Base::Citext);
        assert_eq!(of("app.none").base, Base::Other);
        assert_eq!(of("app.loop").base, Base::Other);
    }
}
