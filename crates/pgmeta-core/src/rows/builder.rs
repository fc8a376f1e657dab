//! The model under construction: what the rows have told so far, by OID. Knows no object kind.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::Name;
use crate::model::{FORMAT_VERSION, Grant, Model, Object, ObjectKey, ObjectKind, SecurityLabel};
use crate::rows::cells::{AclItem, RowError};

/// The OIDs of the system catalogs whose rows are objects or parts of objects.
pub mod class {
    pub const AM: u32 = 2601;
    pub const AMOP: u32 = 2602;
    pub const AMPROC: u32 = 2603;
    pub const ATTRDEF: u32 = 2604;
    pub const AUTHID: u32 = 1260;
    pub const AUTH_MEMBERS: u32 = 1261;
    pub const CAST: u32 = 2605;
    pub const CLASS: u32 = 1259;
    pub const COLLATION: u32 = 3456;
    pub const CONSTRAINT: u32 = 2606;
    pub const CONVERSION: u32 = 2607;
    pub const DATABASE: u32 = 1262;
    pub const DEFAULT_ACL: u32 = 826;
    pub const EVENT_TRIGGER: u32 = 3466;
    pub const EXTENSION: u32 = 3079;
    pub const FOREIGN_DATA_WRAPPER: u32 = 2328;
    pub const FOREIGN_SERVER: u32 = 1417;
    pub const LANGUAGE: u32 = 2612;
    pub const LARGE_OBJECT: u32 = 2613;
    pub const NAMESPACE: u32 = 2615;
    pub const OPCLASS: u32 = 2616;
    pub const OPERATOR: u32 = 2617;
    pub const OPFAMILY: u32 = 2753;
    pub const PARAMETER_ACL: u32 = 6243;
    pub const POLICY: u32 = 3256;
    pub const PROC: u32 = 1255;
    pub const PUBLICATION: u32 = 6104;
    pub const REWRITE: u32 = 2618;
    pub const STATISTIC_EXT: u32 = 3381;
    pub const SUBSCRIPTION: u32 = 6100;
    pub const TABLESPACE: u32 = 1213;
    pub const TRANSFORM: u32 = 3576;
    pub const TRIGGER: u32 = 2620;
    pub const TS_CONFIG: u32 = 3602;
    pub const TS_DICT: u32 = 3600;
    pub const TS_PARSER: u32 = 3601;
    pub const TS_TEMPLATE: u32 = 3764;
    pub const TYPE: u32 = 1247;
    pub const USER_MAPPING: u32 = 1418;
}

/// Where an object or a part of one lives: catalog, row, and column number (0: the whole).
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

/// What OIDs are called; read before everything else, and never filtered.
#[derive(Debug, Default)]
pub struct Names {
    pub roles: FxHashMap<u32, Name>,
    pub schemas: FxHashMap<u32, Name>,
    pub relations: FxHashMap<u32, Relation>,
    /// Type OID and typmod to what `format_type` prints.
    pub types: FxHashMap<(u32, i32), Name>,
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

    pub fn data_type(&self, oid: u32, typmod: i32) -> Result<Name, RowError> {
        self.types.get(&(oid, typmod)).cloned().ok_or(RowError::Vanished("type", oid))
    }

    /// Decodes an access privilege list. A grantee that was dropped is gone from it.
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

/// The model as far as it has been read, and what later rows look up in it.
#[derive(Debug, Default)]
pub struct Builder {
    pub model: Model,
    pub names: Names,
    pub(super) comments: FxHashMap<Address, String>,
    pub(super) labels: FxHashMap<Address, Vec<SecurityLabel>>,
    pub(super) initial_privileges: FxHashMap<Address, Vec<AclItem>>,
    /// Members of extensions: catalog and OID to the extension's name.
    pub(super) members: FxHashMap<(u32, u32), Name>,
    /// Extensions that an object depends on without being a member: catalog and OID to their names.
    pub(super) extension_dependencies: FxHashMap<(u32, u32), Vec<Name>>,
    /// Position in `model.tables`, `views` and `materialized_views` by OID, for the rows of their columns.
    pub(super) table_at: FxHashMap<u32, usize>,
    pub(super) view_at: FxHashMap<u32, usize>,
    pub(super) matview_at: FxHashMap<u32, usize>,
    pub(super) type_at: FxHashMap<u32, usize>,
    pub(super) domain_at: FxHashMap<u32, usize>,
    pub(super) operator_family_at: FxHashMap<u32, usize>,
    pub(super) operator_class_at: FxHashMap<u32, usize>,
    keys: Vec<ObjectKey>,
    /// Which object an address belongs to; several addresses (row type, rule of a view) belong to one.
    owner_of: FxHashMap<(u32, u32), usize>,
    addresses: FxHashMap<ObjectKey, Address>,
    edges: Vec<(usize, usize)>,
    /// The attribute numbers of a relation's columns, in the order of the model's.
    pub(super) column_numbers: FxHashMap<u32, Vec<i16>>,
    /// A default's or generated column's dependencies, by table OID and column.
    pub(super) default_columns: FxHashMap<u32, (u32, i16)>,
    pub(super) default_edges: Vec<(u32, i16, usize)>,
}

/// A finished model, with the address of every object for callers that speak OID.
#[derive(Debug, Default)]
pub struct Reading {
    pub model: Model,
    pub addresses: FxHashMap<ObjectKey, Address>,
    /// Members of extensions: catalog and OID to the extension's name.
    pub members: FxHashMap<(u32, u32), Name>,
}

impl Builder {
    pub fn new(server_version_num: u32) -> Self {
        let model = Model { format_version: FORMAT_VERSION, server_version_num, ..Model::default() };
        Self { model, ..Self::default() }
    }

    /// Returns the extension that the object is a member of; members are made by CREATE EXTENSION.
    pub fn extension_of(&self, class: u32, oid: u32) -> Option<&Name> {
        self.members.get(&(class, oid))
    }

    pub fn is_member(&self, class: u32, oid: u32) -> bool {
        self.members.contains_key(&(class, oid))
    }

    pub fn take_comment(&mut self, address: Address) -> Option<String> {
        self.comments.remove(&address)
    }

    /// Fills in what every object has, and registers the object under its address.
    pub fn describe<O: Object>(
        &mut self,
        object: &mut O,
        address: Address,
        owner: Option<u32>,
        acl: Option<Vec<AclItem>>,
    ) -> Result<(), RowError> {
        let shared = object.shared_mut();
        if let Some(oid) = owner {
            *shared.owner = Some(self.names.role(oid)?);
        }
        if let Some(acl) = acl {
            *shared.privileges = Some(self.names.grants(&acl)?);
        }
        *shared.comment = self.comments.remove(&address);
        if let Some(labels) = self.labels.remove(&address) {
            *shared.security_labels = labels;
        }
        if let Some(extensions) = self.extension_dependencies.remove(&(address.class, address.oid)) {
            *shared.depends_on_extensions = extensions;
        }
        let key = object.key();
        self.provide(address.class, address.oid, key.clone());
        self.addresses.insert(key, address);
        Ok(())
    }

    /// Notes that whatever depends on the address depends on `key`.
    pub fn provide(&mut self, class: u32, oid: u32, key: ObjectKey) {
        self.owner_of.insert((class, oid), self.keys.len());
        self.keys.push(key);
    }

    /// Notes that the address is part of the object at another address.
    pub fn alias(&mut self, class: u32, oid: u32, of: (u32, u32)) {
        if let Some(&at) = self.owner_of.get(&of) {
            self.owner_of.insert((class, oid), at);
        }
    }

    /// Notes a row of pg_depend; what is not in the model does not count.
    pub fn depend(&mut self, from: (u32, u32), on: (u32, u32)) {
        let Some(&to) = self.owner_of.get(&on) else { return };
        if from.0 == class::ATTRDEF {
            if let Some(&(table, column)) = self.default_columns.get(&from.1) {
                self.default_edges.push((table, column, to));
                return;
            }
        }
        if let Some(&at) = self.owner_of.get(&from) {
            self.edges.push((at, to));
        }
    }

    /// Returns the names of a relation's columns by their numbers, which must be plain columns of the model.
    pub fn column_names(&self, relation: u32, numbers: &[i16]) -> Result<Vec<Name>, RowError> {
        let at = self.table_at.get(&relation).map(|&at| &self.model.tables[at].columns);
        let at = at.or_else(|| self.matview_at.get(&relation).map(|&at| &self.model.materialized_views[at].columns));
        let at = at.or_else(|| self.view_at.get(&relation).map(|&at| &self.model.views[at].columns));
        let (Some(columns), Some(known)) = (at, self.column_numbers.get(&relation)) else {
            return Err(RowError::Vanished("relation", relation));
        };
        numbers
            .iter()
            .map(|number| {
                let at = known.iter().position(|other| other == number);
                let column = at.and_then(|at| columns.get(at)).ok_or(RowError::Vanished("column of relation", relation))?;
                Ok(column.name.clone())
            })
            .collect()
    }

    /// Resolves the dependencies and sorts the lists.
    pub fn finish(mut self) -> Reading {
        let mut depends_on: FxHashMap<&ObjectKey, Vec<&ObjectKey>> = FxHashMap::default();
        self.edges.sort_unstable();
        self.edges.dedup();
        for &(from, to) in &self.edges {
            if self.keys[from] != self.keys[to] {
                depends_on.entry(&self.keys[from]).or_default().push(&self.keys[to]);
            }
        }
        let resolved = |keys: Vec<&ObjectKey>| {
            let unique: FxHashSet<&ObjectKey> = keys.into_iter().collect();
            let mut keys: Vec<ObjectKey> = unique.into_iter().cloned().collect();
            keys.sort();
            keys
        };
        self.model.for_each_mut(|object| {
            if let Some(keys) = depends_on.remove(&object.key()) {
                *object.shared_mut().depends_on = resolved(keys);
            }
        });
        let mut of_columns: FxHashMap<(u32, i16), Vec<&ObjectKey>> = FxHashMap::default();
        for &(table, column, to) in &self.default_edges {
            of_columns.entry((table, column)).or_default().push(&self.keys[to]);
        }
        for ((oid, number), keys) in of_columns {
            if let Some(&at) = self.table_at.get(&oid) {
                let own = self.model.tables[at].key();
                let table = &mut self.model.tables[at];
                let position = self.column_numbers[&oid].iter().position(|&other| other == number);
                if let Some(column) = position.and_then(|at| table.columns.get_mut(at)) {
                    column.default_depends_on = resolved(keys.into_iter().filter(|key| **key != own).collect());
                }
            }
        }
        self.model.sort();
        Reading { model: self.model, addresses: self.addresses, members: self.members }
    }
}
