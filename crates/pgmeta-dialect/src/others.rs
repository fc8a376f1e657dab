//! What happens to objects other than tables and their parts. A new kind of object does not compile until it is here.

use pgmeta_core::ident::qualified;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, Index, ObjectRef, Persistence, ReplicaIdentity, Table, Type};
use rustc_hash::FxHashSet;

use crate::loss::{Action, Losses, Place};
use crate::pointer::placed;
use crate::table::World;

/// The tables that come along, by schema and name.
pub(crate) type Tables<'m> = FxHashSet<(&'m str, &'m str)>;

/// Reports all that is not in the statements.
pub(crate) fn report(world: World<'_, '_>, tables: &Tables<'_>, losses: &mut Losses) {
    let mut owners = 0;
    for (place, object) in placed(world.model) {
        check();
        let shared = object.object().shared();
        owners += usize::from(shared.owner.is_some());
        let identity = || object.object().key().to_string();
        for (feature, is) in [
            ("privileges", shared.privileges.is_some()),
            ("security label", !shared.security_labels.is_empty()),
            ("dependency on an extension", !shared.depends_on_extensions.is_empty()),
        ] {
            if is {
                losses.add(&place, feature, Action::Dropped, format!("{}: {feature}", identity()));
            }
        }
        kind(world, tables, &place, object, losses);
    }
    if owners > 0 {
        losses.add(&Place::default(), "owner", Action::Dropped, format!("the owners of {owners} objects"));
    }
}

fn kind(world: World<'_, '_>, tables: &Tables<'_>, place: &Place, object: ObjectRef<'_>, losses: &mut Losses) {
    let identity = object.object().key().to_string();
    let mut drop = |feature: &str| losses.add(place, feature, Action::Dropped, identity.clone());
    match object {
        ObjectRef::Role(_) | ObjectRef::RoleMembership(_) => drop("role"),
        ObjectRef::Tablespace(_) => drop("tablespace"),
        ObjectRef::Database(_) => drop("database"),
        ObjectRef::ParameterPrivileges(_) | ObjectRef::DefaultPrivileges(_) => drop("privileges"),
        ObjectRef::Schema(own) => schema(world, place, &own.name, losses),
        ObjectRef::Extension(_) => drop("extension"),
        ObjectRef::ExtensionMember(_) => drop("extension member"),
        ObjectRef::AccessMethod(_) => drop("access method"),
        ObjectRef::Language(_) => drop("language"),
        ObjectRef::Collation(_) => drop("collation"),
        ObjectRef::Conversion(_) => drop("conversion"),
        ObjectRef::Type(own) => data_type(place, &identity, own, losses),
        ObjectRef::Domain(_) => {
            let detail = format!("{identity}: its base type and its checks are in the columns of the domain");
            losses.add(place, "domain", Action::Emulated, detail);
        }
        ObjectRef::Function(own) => drop(own.kind.word()),
        ObjectRef::Aggregate(_) => drop("aggregate"),
        ObjectRef::Operator(_) => drop("operator"),
        ObjectRef::OperatorFamily(_) => drop("operator family"),
        ObjectRef::OperatorClass(_) => drop("operator class"),
        ObjectRef::Cast(_) => drop("cast"),
        ObjectRef::Transform(_) => drop("transform"),
        ObjectRef::TextSearchParser(_)
        | ObjectRef::TextSearchTemplate(_)
        | ObjectRef::TextSearchDictionary(_)
        | ObjectRef::TextSearchConfiguration(_) => drop("text search"),
        ObjectRef::ForeignDataWrapper(_) => drop("foreign-data wrapper"),
        ObjectRef::Server(_) => drop("server"),
        ObjectRef::UserMapping(_) => drop("user mapping"),
        // Sequences, views and the rest of tables are reported where they are printed.
        ObjectRef::Sequence(_) | ObjectRef::View(_) | ObjectRef::MaterializedView(_) => {}
        ObjectRef::Table(own) => table(world, place, &identity, own, tables, losses),
        ObjectRef::Constraint(own) => constraint(place, &identity, own, tables, losses),
        ObjectRef::Index(own) => index(place, &identity, own, tables, losses),
        ObjectRef::StatisticsObject(_) => drop("statistics object"),
        ObjectRef::Trigger(_) => drop("trigger"),
        ObjectRef::Rule(_) => drop("rule"),
        ObjectRef::Policy(_) => drop("policy"),
        ObjectRef::Publication(_) => drop("publication"),
        ObjectRef::Subscription(_) => drop("subscription"),
        ObjectRef::LargeObject(_) => drop("large object"),
        ObjectRef::EventTrigger(_) => drop("event trigger"),
    }
}

fn schema(world: World<'_, '_>, place: &Place, name: &str, losses: &mut Losses) {
    match world.target.schema(name) {
        Some(own) if own == name => {}
        Some(own) => losses.add(place, "schema", Action::Emulated, format!("schema {name} is {own}")),
        None => {
            let detail = format!("schema {name}: tables of all schemas are in one");
            losses.add(place, "schema", Action::Dropped, detail);
        }
    }
}

fn data_type(place: &Place, identity: &str, own: &Type, losses: &mut Losses) {
    let (feature, action, detail) = match own {
        own if own.enum_labels.is_some() => {
            ("enum type", Action::Emulated, "its labels are in the columns of the type")
        }
        own if own.attributes.is_some() => ("composite type", Action::Emulated, "its values are JSON objects"),
        own if own.range.is_some() => ("range type", Action::Emulated, "its values are texts"),
        own if own.base.is_some() => ("base type", Action::Dropped, "its values are texts"),
        _ => ("shell type", Action::Dropped, "it has no values"),
    };
    losses.add(place, feature, action, format!("{identity}: {detail}"));
}

fn table(world: World<'_, '_>, place: &Place, identity: &str, own: &Table, tables: &Tables<'_>, losses: &mut Losses) {
    let mut add = |feature: &str, action: Action, detail: String| losses.add(place, feature, action, detail);
    if own.row_security || own.force_row_security {
        add("row security", Action::Dropped, format!("{identity}: all rows can be read and written"));
    }
    if own.replica_identity != ReplicaIdentity::Default {
        add("replica identity", Action::Dropped, format!("{identity}: replica identity"));
    }
    if let Some(method) = &own.access_method {
        add("access method", Action::Dropped, format!("{identity}: access method {method}"));
    }
    if let Some(space) = &own.tablespace {
        add("tablespace", Action::Dropped, format!("{identity}: tablespace {space}"));
    }
    if !own.options.is_empty() || !own.toast_options.is_empty() {
        add("storage parameters", Action::Dropped, format!("{identity}: storage parameters"));
    }
    if !tables.contains(&(&*own.schema, &*own.name)) {
        let dialect = world.target.facts().name;
        if own.comment.is_some() {
            add("comment", Action::Dropped, format!("{identity}: its comment, as {dialect} has no such table"));
        }
        return;
    }
    match own.persistence {
        Persistence::Permanent => {}
        Persistence::Unlogged => add("unlogged", Action::Dropped, format!("{identity}: it is logged")),
        Persistence::Temporary => add("temporary", Action::Dropped, format!("{identity}: it is permanent")),
    }
    if let Some(of_type) = &own.of_type {
        add("typed table", Action::Emulated, format!("{identity}: it has the columns of {of_type}"));
    }
    if own.partition_by.is_some() {
        let detail = format!("{identity}: it is one table with the rows of all partitions");
        add("partitioning", Action::Emulated, detail);
    }
    if let Some(partition) = &own.partition_of {
        let parent = qualified(&partition.parent.schema, &partition.parent.name);
        add("partition", Action::Emulated, format!("{identity}: a table of its own, without {parent}"));
    }
    for parent in &own.inherits {
        let parent = qualified(&parent.schema, &parent.name);
        let detail = format!("{identity}: it has the columns of {parent}, whose queries do not see its rows");
        add("inheritance", Action::Emulated, detail);
    }
}

fn constraint(place: &Place, identity: &str, own: &Constraint, tables: &Tables<'_>, losses: &mut Losses) {
    if tables.contains(&(&*own.schema, &*own.table)) {
        return;
    }
    let attached = own.index.as_ref().is_some_and(|index| index.attached_to.is_some());
    if own.inherited || attached {
        losses.add(place, own.kind.word(), Action::Emulated, format!("{identity}: that of the parent"));
    } else {
        losses.add(place, own.kind.word(), Action::Dropped, format!("{identity}: its table does not come along"));
    }
}

fn index(place: &Place, identity: &str, own: &Index, tables: &Tables<'_>, losses: &mut Losses) {
    if tables.contains(&(&*own.schema, &*own.table)) {
        return;
    }
    if own.attached_to.is_some() {
        losses.add(place, "index", Action::Emulated, format!("{identity}: that of the parent"));
    } else {
        losses.add(place, "index", Action::Dropped, format!("{identity}: its relation does not come along"));
    }
}
