//! The statements that create objects, in the form that fits the use of their tables.

use rustc_hash::FxHashSet;

use crate::ddl::{Part, Printable, Script, Step};
use crate::ident::{Name, ident, literal, qualified};
use crate::interrupt::check;
use crate::model::{
    Column, Constraint, ConstraintKind, DefaultPrivilegesOn, MASK, Object, ObjectKey, ObjectKind, ObjectRef, Table,
};
use crate::plan::alter::Sides;
use crate::plan::column_facts::sets_default;
use crate::plan::print::render_create;
use crate::plan::step::{Hazard, LockLevel, Statement};
use crate::plan::{constraint, index};

/// Appends the statements of a step of the new model. `old`: the former state of the object, if it had one.
pub fn statements(
    step: &Step<'_>,
    old: Option<ObjectRef<'_>>,
    online: &dyn Fn(&ObjectKey) -> bool,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    let object = step.object;
    let render = object.render();
    let key = render.key();
    if !render.is_selected(sides.new) {
        return;
    }
    if step.part != Part::Main {
        let mut script = Script::default();
        if step.part != Part::Refresh {
            render.part(step.part, sides.new, &mut script);
        }
        out.extend(script.into_statements().into_iter().map(|sql| Statement::new(&key, sql)));
        return;
    }
    let on_used = render.parent().is_some_and(|parent| online(&parent));
    let is_online = on_used && !leaves_gap(object, &key, sides);
    if is_online && create_online(object, old, sides, out) {
        return;
    }
    let (created, granted) = (created(object, sides), granted(object, old, sides));
    use ObjectKind::{Function, MaterializedView, Procedure, View};
    // The server may not let the owner of a function in another language create it.
    let is_other = |language: &str| !matches!(language, "sql" | "plpgsql");
    let untrusted = matches!(object, ObjectRef::Function(function) if is_other(&function.language));
    let with_code = !untrusted && matches!(key.kind, View | MaterializedView | Function | Procedure);
    let owner = old.and_then(|old| old.render().shared().owner).filter(|_| with_code);
    for (at, sql) in created.into_iter().enumerate() {
        let mut statement = masked(creation_hazards(object, Statement::new(&key, sql)));
        statement.former_owner = owner.cloned();
        // The other statements set attributes of the created index: `locks` notes their locks.
        out.push(if at == 0 { claimed(object, statement) } else { statement });
    }
    out.extend(without_defaults(object, &key, sides));
    out.extend(granted.into_iter().map(|sql| Statement::new(&key, sql)));
    if let (ObjectRef::MaterializedView(_), Some(ObjectRef::MaterializedView(old))) = (object, old)
        && old.populated
    {
        let sql = format!("REFRESH {}", render.target());
        let statement = Statement::new(&key, sql).hazard(Hazard::FullTableScan).slow();
        let statement = statement.hazard(Hazard::ImpactsDatabasePerformance);
        out.push(statement.reason("the materialized view held rows before"));
    }
}

/// Appends the statements that create a constraint or an index while others use its table. Returns false if there are none.
fn create_online(
    object: ObjectRef<'_>,
    old: Option<ObjectRef<'_>>,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) -> bool {
    if let ObjectRef::Constraint(own) = object {
        constraint::create_online(own, old.is_some(), sides, out)
    } else if let ObjectRef::Index(own) = object {
        index::create_online(own, sides, out)
    } else {
        false
    }
}

/// Returns whether the object, or its successor, cannot be created online without a gap.
fn leaves_gap(object: ObjectRef<'_>, key: &ObjectKey, sides: &Sides<'_>) -> bool {
    let torn = |key: &ObjectKey| sides.forced.in_one_transaction.contains(key);
    if sides.forced.in_one_transaction.is_empty() {
        return false;
    }
    let successor_torn = |own: &Constraint| {
        let successor = constraint::successor(own);
        torn(&successor.key()) || torn(&successor.index_key())
    };
    torn(key) || matches!(object, ObjectRef::Constraint(own) if successor_torn(own))
}

/// A snapshot without secrets cannot restore those of the object.
fn masked(statement: Statement) -> Statement {
    let kinds = [ObjectKind::UserMapping, ObjectKind::Server, ObjectKind::ForeignDataWrapper, ObjectKind::Subscription];
    if kinds.contains(&statement.key.kind) && statement.sql.contains(MASK) {
        return statement.hazard(Hazard::Correctness).reason("the secrets of the target are masked: replace the masks");
    }
    statement
}

/// Notes the effects of a plain CREATE of a constraint or an index on its table.
fn claimed(object: ObjectRef<'_>, statement: Statement) -> Statement {
    let reads = |statement: Statement| statement.hazard(Hazard::FullTableScan).hazard(Hazard::MayFailOnData).slow();
    let builds = |statement: Statement| statement.hazard(Hazard::IndexBuild).slow();
    if let ObjectRef::Index(own) = object {
        let statement = statement.lock(LockLevel::Share);
        let statement = if own.on_partitioned { return statement } else { builds(statement) };
        return if own.unique { statement.hazard(Hazard::MayFailOnData) } else { statement };
    }
    let ObjectRef::Constraint(own) = object else { return statement };
    let unchecked = own.not_valid || own.not_enforced || own.on_foreign;
    match own.kind {
        ConstraintKind::ForeignKey => {
            let statement = statement.lock(LockLevel::ShareRowExclusive);
            if unchecked { statement } else { reads(statement) }
        }
        ConstraintKind::Check => {
            let statement = statement.lock(LockLevel::AccessExclusive);
            if unchecked { statement } else { reads(statement) }
        }
        // The statement has the word ONLY; the indexes of partitions are attached.
        ConstraintKind::PrimaryKey | ConstraintKind::Unique if own.on_partitioned => {
            statement.lock(LockLevel::AccessExclusive)
        }
        ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion => {
            builds(statement.lock(LockLevel::AccessExclusive)).hazard(Hazard::MayFailOnData)
        }
    }
}

fn created(object: ObjectRef<'_>, sides: &Sides<'_>) -> Vec<String> {
    let mut statements = render_create(object.render(), sides);
    // An export creates any version that the server has, but a plan must create the target's.
    if let (ObjectRef::Extension(extension), Some(first)) = (object, statements.first_mut()) {
        *first += &format!(" VERSION {}", literal(&extension.version));
    }
    statements
}

/// Returns the statements after CREATE: owner, privileges, comments.
fn granted(object: ObjectRef<'_>, old: Option<ObjectRef<'_>>, sides: &Sides<'_>) -> Vec<String> {
    let mut script = Script::default();
    let render = object.render();
    // The option `owner` is about new objects. A recreated object must not belong to the role that runs the plan: a view would read
    // with the rights of that role.
    if let Some(owner) = old.and_then(|old| old.render().shared().owner)
        && !sides.options.owner
        && render.has_owner()
    {
        script.statement(format_args!("ALTER {} OWNER TO {}", render.target(), ident(owner)));
    }
    crate::ddl::shared::after(render, sides.new, &mut script);
    render.finish(sides.new, &mut script);
    script.into_statements()
}

/// Revokes privileges that default privileges grant on the new object and the target does not.
pub fn without_defaults(object: ObjectRef<'_>, key: &ObjectKey, sides: &Sides<'_>) -> Vec<Statement> {
    let Some(of) = key.kind.facts().defaults else { return Vec::new() };
    if !sides.options.privileges {
        return Vec::new();
    }
    let mut grantees: Vec<Option<&Name>> = Vec::new();
    let mut known: FxHashSet<Option<&Name>> = FxHashSet::default();
    let schema = key.schema().filter(|_| key.kind != ObjectKind::Schema);
    for defaults in sides.old.defaults_in(of, schema.map(|schema| &**schema)) {
        for grant in &defaults.grants {
            check();
            let own = grant.grantee.as_ref() == Some(&defaults.role);
            let built_in =
                grant.grantee.is_none() && matches!(of, DefaultPrivilegesOn::Functions | DefaultPrivilegesOn::Types);
            if !own && !built_in && known.insert(grant.grantee.as_ref()) {
                grantees.push(grant.grantee.as_ref());
            }
        }
    }
    let on = object.render().grant_target();
    let revoke = |grantee: Option<&Name>| {
        let grantee = grantee.map_or_else(|| "PUBLIC".to_owned(), |name| ident(name));
        let statement = Statement::new(key, format!("REVOKE ALL ON {on} FROM {grantee}"));
        statement.reason("default privileges grant more than the target")
    };
    grantees.into_iter().map(revoke).collect()
}

/// Returns the statement that restores a suspended default, in the part of the table that contains the default.
pub fn restore_default(table: &Table, old: &Column, part: Part, sides: &Sides<'_>) -> Option<Statement> {
    let position = sides.new.position(table, &old.name)?;
    let column = &table.columns[position];
    let default = column.default.as_ref().filter(|_| column.generated.is_none())?;
    let separate = sides.new.plan.is_separate_default(|| table.object_key(), position);
    if separate != (part == Part::Default(position)) || sets_default(old, column) {
        return None;
    }
    let name = qualified(&table.schema, &table.name);
    let sql = format!("ALTER TABLE ONLY {name} ALTER COLUMN {} SET DEFAULT {default}", ident(&column.name));
    Some(Statement::new(&table.object_key(), sql).lock(LockLevel::AccessExclusive))
}

/// Notes the effects of a statement that `ddl` prints.
fn creation_hazards(object: ObjectRef<'_>, statement: Statement) -> Statement {
    if matches!(object, ObjectRef::Trigger(_)) {
        statement.lock(LockLevel::ShareRowExclusive)
    } else if matches!(object, ObjectRef::Policy(_) | ObjectRef::Rule(_)) {
        statement.lock(LockLevel::AccessExclusive).hazard(Hazard::AuthzUpdate)
    } else {
        statement
    }
}
