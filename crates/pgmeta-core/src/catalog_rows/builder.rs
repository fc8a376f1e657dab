//! The model under construction, and the objects of all rows so far by OID. Knows no object kind.

mod finish;

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::catalog_rows::class;
use crate::catalog_rows::row::FromRow;
use crate::catalog_rows::row_buffer::RowBuffer;
use crate::catalog_rows::type_names::{SpelledTypes, Speller, TypeName};
use crate::cells::{AclItem, Cells, RowError};
use crate::ident::Name;
use crate::model::{Columns, FORMAT_VERSION, Grant, Model, Object, ObjectKey, ObjectKind, SecurityLabel, Setting};

/// A row that adds itself to the model under construction, possibly on another thread than the reader.
pub trait Ingest: FromRow + Send + 'static {
    /// Passes the types and expressions of a row to the speller before the builder gets the row.
    fn show(_cells: &mut dyn Cells, _speller: &mut Speller) -> Result<(), RowError> {
        Ok(())
    }

    fn ingest(self, builder: &mut Builder) -> Result<(), RowError>;
}

/// The address of an object or a part of one: catalog, row, and column number (0: the whole).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    pub class: u32,
    pub oid: u32,
    pub sub: i32,
}

impl Address {
    pub fn of(class: u32, oid: u32) -> Self {
        Self { class, oid, sub: 0 }
    }
}

/// A relation's name and `relkind`.
#[derive(Clone, Debug)]
pub struct Relation {
    pub schema: Name,
    pub name: Name,
    pub kind: u8,
}

impl Relation {
    /// Returns the relation's key.
    pub fn key(&self) -> ObjectKey {
        let kind = match self.kind {
            b'v' => ObjectKind::View,
            b'm' => ObjectKind::MaterializedView,
            b'S' => ObjectKind::Sequence,
            b'f' => ObjectKind::ForeignTable,
            b'c' => ObjectKind::Type,
            b'i' | b'I' => ObjectKind::Index,
            _ => ObjectKind::Table,
        };
        ObjectKey::in_schema(kind, &self.schema, &self.name)
    }
}

/// Names of OIDs, read before everything else and never filtered.
#[derive(Debug, Default)]
pub struct Names {
    pub roles: FxHashMap<u32, Name>,
    pub schemas: FxHashMap<u32, Name>,
    pub relations: FxHashMap<u32, Relation>,
    pub access_methods: FxHashMap<u32, Name>,
    pub tablespaces: FxHashMap<u32, Name>,
    /// Options of TOAST tables that have any.
    pub toast_options: FxHashMap<u32, Vec<Setting>>,
}

impl Names {
    pub fn role(&self, oid: u32) -> Result<Name, RowError> {
        self.roles.get(&oid).cloned().ok_or(RowError::Vanished("role", oid))
    }

    pub fn schema(&self, oid: u32) -> Result<Name, RowError> {
        self.schemas.get(&oid).cloned().ok_or(RowError::Vanished("schema", oid))
    }

    pub fn relation(&self, oid: u32) -> Result<&Relation, RowError> {
        self.relations.get(&oid).ok_or(RowError::Vanished("relation", oid))
    }

    pub fn access_method(&self, oid: u32) -> Option<Name> {
        self.access_methods.get(&oid).cloned()
    }

    /// Returns the tablespace, unless it is the database's default, with OID 0.
    pub fn tablespace(&self, oid: u32) -> Option<Name> {
        self.tablespaces.get(&oid).cloned()
    }

    pub fn toast_options(&self, oid: u32) -> Vec<Setting> {
        self.toast_options.get(&oid).cloned().unwrap_or_default()
    }

    /// Decodes an access privilege list, without dropped grantees.
    pub fn grants(&self, acl: &[AclItem]) -> Result<Vec<Grant>, RowError> {
        acl.iter()
            .filter(|item| item.grantee == 0 || self.roles.contains_key(&item.grantee))
            .map(|item| {
                Ok(Grant {
                    grantee: if item.grantee == 0 { None } else { Some(self.role(item.grantee)?) },
                    grantor: self.role(item.grantor)?,
                    privileges: Grant::decode(item.privileges)?,
                    grantable: Grant::decode(item.grantable)?,
                })
            })
            .collect()
    }
}

/// A column, for look-ups of later rows.
#[derive(Clone, Debug)]
pub struct KnownColumn {
    pub number: i16,
    pub name: Name,
    pub data_type: u32,
    pub collation: u32,
    pub not_null: bool,
    pub not_null_valid: bool,
    pub has_default: bool,
    pub generated: bool,
}

/// An operator class, with its name for an index.
#[derive(Clone, Debug)]
pub struct OperatorClassName {
    /// As SQL, without pg_catalog.
    pub name: Name,
    pub method: u32,
    pub input: u32,
    pub default: bool,
}

/// The model so far, and the look-ups of later rows.
#[derive(Debug, Default)]
pub struct Builder {
    pub model: Model,
    pub names: Names,
    /// Types with their modifiers, as the server printed them.
    types: FxHashMap<(u32, i32), TypeName>,
    pub(super) comments: FxHashMap<Address, String>,
    pub(super) labels: FxHashMap<Address, Vec<SecurityLabel>>,
    pub(super) initial_privileges: FxHashMap<Address, Vec<AclItem>>,
    /// The extension of each member, by catalog and OID.
    pub(super) members: FxHashMap<(u32, u32), Name>,
    /// The extensions that an object depends on without being a member, by catalog and OID.
    pub(super) extension_dependencies: FxHashMap<(u32, u32), Vec<Name>>,
    left_out: FxHashSet<(u32, u32)>,
    /// Position in `model.tables`, `views` and `materialized_views` by OID, for the rows of their columns.
    pub(super) table_at: FxHashMap<u32, usize>,
    pub(super) view_at: FxHashMap<u32, usize>,
    pub(super) matview_at: FxHashMap<u32, usize>,
    pub(super) domain_at: FxHashMap<u32, usize>,
    pub(super) operator_family_at: FxHashMap<u32, usize>,
    pub(super) operator_class_at: FxHashMap<u32, usize>,
    pub(super) publication_at: FxHashMap<u32, usize>,
    /// Relations among `model.extension_members`.
    pub(super) member_at: FxHashMap<u32, usize>,
    pub(super) role_at: FxHashMap<u32, usize>,
    pub(super) database_at: FxHashMap<u32, usize>,
    keys: Vec<ObjectKey>,
    /// The object of an address. Several addresses (row type, rule of a view) may belong to one object.
    owner_of: FxHashMap<(u32, u32), usize>,
    /// The addresses of the objects in `keys`.
    described: Vec<(usize, Address)>,
    edges: Vec<(usize, usize)>,
    /// Objects that depend on themselves: functions whose body calls them.
    recursive: FxHashSet<usize>,
    /// The columns of every relation, also outside of the model, in the order of the rows.
    pub(super) known_columns: FxHashMap<u32, Vec<KnownColumn>>,
    /// Parents of tables, in order.
    pub(super) parents: FxHashMap<u32, Vec<u32>>,
    /// Position in `model.constraints` by the OID of the constraint's index.
    pub(super) constraint_indexes: FxHashMap<u32, usize>,
    /// The indexes of constraints on relations outside of the model.
    pub(super) member_constraint_indexes: FxHashSet<u32>,
    pub(super) operator_classes: FxHashMap<u32, OperatorClassName>,
    pub(super) collations: FxHashMap<u32, Name>,
    pub(super) domain_bases: FxHashMap<u32, u32>,
    /// The column of a default or generation expression: table OID and column number.
    pub(super) default_columns: FxHashMap<u32, (u32, i16)>,
    pub(super) default_edges: Vec<(u32, i16, usize)>,
}

/// The address of every object. Few callers need it.
#[derive(Debug, Default)]
pub struct Addresses {
    entries: Vec<(ObjectKey, Address)>,
    by_key: OnceCell<FxHashMap<ObjectKey, Address>>,
}

impl Addresses {
    pub fn get(&self, key: &ObjectKey) -> Option<&Address> {
        self.by_key.get_or_init(|| self.entries.iter().cloned().collect()).get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = &(ObjectKey, Address)> {
        self.entries.iter()
    }
}

impl FromIterator<(ObjectKey, Address)> for Addresses {
    fn from_iter<I: IntoIterator<Item = (ObjectKey, Address)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect(), by_key: OnceCell::new() }
    }
}

/// Members of extensions: catalog and OID to the extension's name.
pub type Members = FxHashMap<(u32, u32), Name>;

/// A finished model, with the address of every object for callers that use OIDs.
#[derive(Debug, Default)]
pub struct Reading {
    pub model: Model,
    pub addresses: Addresses,
    pub members: Members,
    /// The number of comments and security labels without an object in the model, by catalog and OID of their target.
    pub unclaimed: FxHashMap<(u32, u32), i64>,
}

impl Builder {
    pub fn new(server_version_num: u32) -> Self {
        let model = Model { format_version: FORMAT_VERSION, server_version_num, ..Model::default() };
        Self { model, ..Self::default() }
    }

    /// Adds rows, and the types that occur in them for the first time.
    pub fn add<R: Ingest>(&mut self, rows: &RowBuffer, types: SpelledTypes) -> Result<(), RowError> {
        self.types.extend(types);
        rows.unpack::<R>().try_for_each(|row| row?.ingest(self))
    }

    /// Reserves room for the usual contents of this number of relations: growth in steps would touch the memory twice. Unused room costs
    /// nothing.
    pub(super) fn reserve(&mut self) {
        let relations = self.names.relations.len();
        self.model.tables.reserve(relations);
        self.model.sequences.reserve(relations);
        self.model.constraints.reserve(4 * relations);
        self.model.indexes.reserve(4 * relations);
        self.keys.reserve(8 * relations);
        self.described.reserve(8 * relations);
    }

    /// Returns the printed name of a type with its modifier.
    pub(super) fn type_name(&self, oid: u32, typmod: i32) -> Result<&TypeName, RowError> {
        self.types.get(&(oid, typmod)).ok_or(RowError::Vanished("type", oid))
    }

    /// Returns the extension that the object is a member of; CREATE EXTENSION creates members.
    pub fn extension_of(&self, class: u32, oid: u32) -> Option<&Name> {
        self.members.get(&(class, oid))
    }

    /// Returns whether the object is not part of the model: it is a member, or could not be read.
    pub fn is_member(&self, class: u32, oid: u32) -> bool {
        self.members.contains_key(&(class, oid)) || self.left_out.contains(&(class, oid))
    }

    /// Leaves out an object and its parts.
    pub fn leave_out(&mut self, class: u32, oid: u32) {
        self.left_out.insert((class, oid));
    }

    pub fn is_left_out(&self, class: u32, oid: u32) -> bool {
        self.left_out.contains(&(class, oid))
    }

    pub fn take_comment(&mut self, address: Address) -> Option<String> {
        self.comments.remove(&address)
    }

    pub fn take_labels(&mut self, address: Address) -> Vec<SecurityLabel> {
        self.labels.remove(&address).unwrap_or_default()
    }

    /// Sets the attributes that every object has, and registers the object's address.
    pub fn describe<O: Object>(
        &mut self,
        object: &mut O,
        address: Address,
        owner: Option<u32>,
        acl: Option<Vec<AclItem>>,
    ) -> Result<(), RowError> {
        let key = object.key();
        let shared = object.shared_mut();
        let owner = owner.map(|oid| self.names.role(oid)).transpose()?;
        if let Some(acl) = acl {
            let grants = self.names.grants(&acl)?;
            // A revoked grant leaves a list that equals the default.
            let version = self.model.server_version_num;
            let default = owner.as_ref().map(|owner| key.kind.default_privileges(owner, version));
            let is_default =
                default.is_some_and(|list| list.len() == grants.len() && list.iter().all(|own| grants.contains(own)));
            *shared.privileges = (!is_default).then_some(grants);
        }
        *shared.owner = owner;
        *shared.comment = self.comments.remove(&address);
        if let Some(labels) = self.labels.remove(&address) {
            *shared.security_labels = labels;
        }
        if let Some(extensions) = self.extension_dependencies.remove(&(address.class, address.oid)) {
            *shared.depends_on_extensions = extensions;
        }
        self.described.push((self.keys.len(), address));
        self.provide(address.class, address.oid, key);
        Ok(())
    }

    /// Registers `key` as the object at an address, for dependents.
    pub fn provide(&mut self, class: u32, oid: u32, key: ObjectKey) {
        self.owner_of.insert((class, oid), self.keys.len());
        self.keys.push(key);
    }

    /// Registers an address as a part of the object at another address.
    pub fn alias(&mut self, class: u32, oid: u32, of: (u32, u32)) {
        if let Some(&at) = self.owner_of.get(&of) {
            self.owner_of.insert((class, oid), at);
        }
    }

    /// Registers a relation's row type and its array type.
    pub(super) fn row_type(&mut self, relation: u32, row_type: u32, array_type: u32) {
        for oid in [row_type, array_type] {
            self.alias(class::TYPE, oid, (class::CLASS, relation));
        }
    }

    /// Adds a dependency of pg_depend. Objects outside of the model are ignored.
    pub fn depend(&mut self, from: (u32, u32), on: (u32, u32)) {
        let Some(&to) = self.owner_of.get(&on) else {
            return;
        };
        if from.0 == class::ATTRDEF
            && let Some(&(table, column)) = self.default_columns.get(&from.1)
        {
            self.default_edges.push((table, column, to));
            return;
        }
        if let Some(&at) = self.owner_of.get(&from) {
            if from == on && from.0 == class::PROC {
                self.recursive.insert(at);
            }
            self.edges.push((at, to));
        }
    }

    /// Returns whether the relation is in the model: not a member of an extension, and not filtered out.
    pub fn has_relation(&self, oid: u32) -> bool {
        self.table_at.contains_key(&oid) || self.view_at.contains_key(&oid) || self.matview_at.contains_key(&oid)
    }

    pub fn columns_mut(&mut self, relation: u32) -> Option<&mut Columns> {
        if let Some(&at) = self.table_at.get(&relation) {
            Some(&mut self.model.tables[at].columns)
        } else if let Some(&at) = self.view_at.get(&relation) {
            Some(&mut self.model.views[at].columns)
        } else {
            let &at = self.matview_at.get(&relation)?;
            Some(&mut self.model.materialized_views[at].columns)
        }
    }

    pub fn known_column(&self, relation: u32, number: i16) -> Result<&KnownColumn, RowError> {
        let columns = self.known_columns.get(&relation).ok_or(RowError::Vanished("relation", relation))?;
        let found = columns.iter().find(|column| column.number == number);
        found.ok_or(RowError::Vanished("column of relation", relation))
    }

    /// Returns the names of a relation's columns by their numbers.
    pub fn column_names(&self, relation: u32, numbers: &[i16]) -> Result<Vec<Name>, RowError> {
        numbers.iter().map(|&number| Ok(self.known_column(relation, number)?.name.clone())).collect()
    }

    pub fn operator_class_name(&self, oid: u32) -> Result<Name, RowError> {
        self.operator_classes.get(&oid).map(|class| class.name.clone()).ok_or(RowError::Vanished("operator class", oid))
    }

    /// Returns the collation as SQL; `None` for a type without collations.
    pub fn collation_name(&self, oid: u32) -> Option<Name> {
        self.collations.get(&oid).cloned()
    }

    /// Returns whether the server would choose the operator class for the type (its `GetDefaultOpClass`). False if that is not certain: an
    /// explicit default class changes nothing.
    pub fn is_default_operator_class(&self, oid: u32, data_type: u32) -> bool {
        const TEXT: u32 = 25;
        const VARCHAR: u32 = 1043;
        // anyarray, anyenum, anyrange, anymultirange, record
        const POLYMORPHIC: [u32; 5] = [2277, 3500, 3831, 4537, 2249];
        let Some(class) = self.operator_classes.get(&oid) else {
            return false;
        };
        let mut base = data_type;
        while let Some(&next) = self.domain_bases.get(&base) {
            base = next;
        }
        if !class.default || class.input == base {
            return class.default;
        }
        let coercible = (base == VARCHAR && class.input == TEXT) || POLYMORPHIC.contains(&class.input);
        let exact = |other: &OperatorClassName| other.default && other.method == class.method && other.input == base;
        coercible && !self.operator_classes.values().any(exact)
    }
}
