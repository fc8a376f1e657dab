//! Rows of types other than domains.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{
    Alignment, Attribute, BaseType, Multirange, Object, ObjectKey, ObjectKind, QualifiedName, RangeType, Storage, Type,
};

row! {
    pub struct TypeRow = "types" of TYPE {
        oid: u32, schema: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, kind: u8, defined: bool,
        array_type: u32, relation: u32, enum_labels: Option<Vec<Name>>,
        attribute_numbers: Option<Vec<i16>>, attribute_names: Option<Vec<Name>>, attribute_types: Option<Vec<Name>>,
        attribute_collation_schemas: Option<Vec<u32>>, attribute_collation_names: Option<Vec<Name>>,
        subtype: Option<Name>, operator_class_schema: Option<u32>, operator_class: Option<Name>,
        collation_schema: Option<u32>, collation: Option<Name>, canonical: Option<Name>, subtype_diff: Option<Name>,
        multirange: Option<u32>, multirange_array: Option<u32>, multirange_schema: Option<u32>,
        multirange_name: Option<Name>, multirange_acl: Option<Vec<AclItem>>,
        input: Name, output: Name, receive: Option<Name>, send: Option<Name>, typmod_in: Option<Name>,
        typmod_out: Option<Name>, analyze: Option<Name>, subscript: Option<Name>, length: i16, passed_by_value: bool,
        alignment: u8, storage: u8, category: u8, preferred: bool, default: Option<String>, element: Option<Name>,
        delimiter: u8, collatable: bool,
    }
}

/// Returns a name, if both halves exist.
pub(super) fn qualified_name(
    builder: &Builder,
    schema: Option<u32>,
    name: Option<Name>,
) -> Result<Option<QualifiedName>, RowError> {
    let (Some(schema), Some(name)) = (schema, name) else {
        return Ok(None);
    };
    Ok(Some(QualifiedName { schema: builder.names.schema(schema)?, name }))
}

impl Ingest for TypeRow {
    fn ingest(mut self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::TYPE, self.oid) {
            return Ok(());
        }
        let mut object =
            Type { schema: builder.names.schema(self.schema)?, name: self.name.clone(), ..Type::default() };
        match self.kind {
            b'e' => object.enum_labels = Some(self.enum_labels.take().unwrap_or_default()),
            b'c' => object.attributes = Some(self.attributes(builder)?),
            b'r' => object.range = Some(self.range(builder)?),
            b'b' if self.defined => object.base = Some(self.base()?),
            _ => {}
        }
        let acl = self.acl.take();
        builder.describe(&mut object, Address::of(class::TYPE, self.oid), Some(self.owner), acl)?;
        let key = object.key();
        self.provide(builder, &key);
        builder.model.types.push(object);
        Ok(())
    }
}

impl TypeRow {
    /// Registers the type and the types that the server creates with it: array, relation, multirange, and the multirange's array.
    fn provide(&self, builder: &mut Builder, key: &ObjectKey) {
        builder.provide(class::TYPE, self.oid, key.clone());
        for oid in [Some(self.array_type), self.multirange, self.multirange_array].into_iter().flatten() {
            if oid != 0 {
                builder.provide(class::TYPE, oid, key.clone());
            }
        }
        // The dependencies of a composite type belong to its relation.
        if key.kind == ObjectKind::Type && self.relation != 0 {
            builder.provide(class::CLASS, self.relation, key.clone());
        }
    }

    fn attributes(&mut self, builder: &mut Builder) -> Result<Vec<Attribute>, RowError> {
        let numbers = self.attribute_numbers.take().unwrap_or_default();
        let names = self.attribute_names.take().unwrap_or_default();
        let types = self.attribute_types.take().unwrap_or_default();
        let schemas = self.attribute_collation_schemas.take().unwrap_or_default();
        let collations = self.attribute_collation_names.take().unwrap_or_default();
        let columns = numbers.into_iter().zip(names).zip(types).zip(schemas.into_iter().zip(collations));
        columns
            .map(|(((number, name), data_type), (schema, collation))| {
                let address = Address { class: class::CLASS, oid: self.relation, sub: number.into() };
                Ok(Attribute {
                    name,
                    data_type,
                    collation: qualified_name(builder, (schema != 0).then_some(schema), Some(collation))?,
                    comment: builder.take_comment(address),
                    security_labels: builder.take_labels(address),
                })
            })
            .collect()
    }

    fn range(&mut self, builder: &mut Builder) -> Result<RangeType, RowError> {
        let missing = RowError::Vanished("range", self.oid);
        let (Some(subtype), Some(multirange), Some(schema), Some(name)) =
            (self.subtype.take(), self.multirange, self.multirange_schema, self.multirange_name.take())
        else {
            return Err(missing);
        };
        let address = Address::of(class::TYPE, multirange);
        let acl = self.multirange_acl.take();
        Ok(RangeType {
            subtype,
            multirange: Multirange {
                schema: builder.names.schema(schema)?,
                name,
                comment: builder.take_comment(address),
                privileges: acl.map(|acl| builder.names.grants(&acl)).transpose()?,
                security_labels: builder.take_labels(address),
            },
            subtype_operator_class: qualified_name(builder, self.operator_class_schema, self.operator_class.take())?,
            collation: qualified_name(builder, self.collation_schema, self.collation.take())?,
            canonical: self.canonical.take(),
            subtype_diff: self.subtype_diff.take(),
        })
    }

    fn base(&mut self) -> Result<BaseType, RowError> {
        Ok(BaseType {
            input: self.input.clone(),
            output: self.output.clone(),
            receive: self.receive.take(),
            send: self.send.take(),
            typmod_in: self.typmod_in.take(),
            typmod_out: self.typmod_out.take(),
            analyze: self.analyze.take(),
            subscript: self.subscript.take(),
            internal_length: (self.length >= 0).then_some(self.length),
            passed_by_value: self.passed_by_value,
            alignment: Alignment::from_code(self.alignment)?,
            storage: Storage::from_code(self.storage)?,
            category: (self.category != b'U').then_some(char::from(self.category)),
            preferred: self.preferred,
            default: self.default.take(),
            element: self.element.take(),
            delimiter: (self.delimiter != b',').then_some(char::from(self.delimiter)),
            collatable: self.collatable,
        })
    }
}
