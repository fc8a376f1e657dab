//! What was changed on members of extensions and on system objects, as DDL: the changes, never the objects.

use crate::ddl::context::Context;
use crate::ddl::privileges::{self, Target};
use crate::ddl::render::{Part, Render, Script};
use crate::ddl::shared;
use crate::ident::{Name, ident, qualified};
use crate::model::{ExtensionMember, ObjectKey, ObjectKind, Privilege};

impl Render for ExtensionMember {
    fn target(&self) -> String {
        address(&self.object)
    }

    fn grant_target(&self) -> String {
        let identity = self.object.identity();
        match self.object.kind {
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::ForeignTable => {
                format!("TABLE {identity}")
            }
            ObjectKind::Aggregate => format!("FUNCTION {identity}"),
            ObjectKind::Server => format!("FOREIGN SERVER {identity}"),
            _ => self.target(),
        }
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if cx.options.privileges {
            let on = self.grant_target();
            let all = privileges::all(self.object.kind, cx.model.server_version_num);
            let owner = self.object_owner.as_ref();
            let target = Target { on: &on, columns: "", prefix: "", owner };
            if let Some(change) = &self.privilege_change {
                privileges::changes(target, &all, &change.initial, &change.current, out);
            }
            let of_column = |privilege: &Privilege| {
                matches!(privilege, Privilege::Insert | Privilege::Select | Privilege::Update | Privilege::References)
            };
            let all = all.into_iter().filter(of_column).collect();
            for column in &self.columns {
                if let Some(change) = &column.privilege_change {
                    let columns = format!("({})", ident(&column.name));
                    let target = Target { columns: &columns, ..target };
                    privileges::changes(target, &all, &change.initial, &change.current, out);
                }
            }
        }
        for (on, word) in [(self.row_security, "ENABLE"), (self.force_row_security, "FORCE")] {
            if on {
                out.statement(format_args!("ALTER {} {word} ROW LEVEL SECURITY", self.target()));
            }
        }
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        for column in &self.columns {
            let target = format!("COLUMN {}.{}", self.object.identity(), ident(&column.name));
            shared::comment(cx, &target, column.comment.as_deref(), out);
            shared::labels(cx, &target, &column.security_labels, out);
        }
    }

    fn requires(&self) -> Vec<ObjectKey> {
        self.extension.iter().map(|name| ObjectKey::global(ObjectKind::Extension, name)).collect()
    }

    /// The object goes with its extension.
    fn undo(&self, _part: Part, _cx: &Context<'_>) -> Option<String> {
        None
    }
}

/// Returns how COMMENT ON addresses an object of any kind that can be a member of an extension.
fn address(key: &ObjectKey) -> String {
    let identity = key.identity();
    let name = |at: usize| key.names.get(at).map_or("", |name: &Name| name);
    match key.kind {
        ObjectKind::Aggregate if key.args.is_empty() => {
            format!("AGGREGATE {}(*)", qualified(name(0), name(1)))
        }
        ObjectKind::Operator => match &*key.args {
            [right] => format!("OPERATOR {}.{} (NONE, {right})", ident(name(0)), name(1)),
            args => format!("OPERATOR {}.{} ({})", ident(name(0)), name(1), args.join(", ")),
        },
        ObjectKind::Transform => {
            let language = key.args.first().map_or_else(String::new, |name| ident(name));
            format!("TRANSFORM FOR {} LANGUAGE {language}", name(0))
        }
        ObjectKind::ForeignDataWrapper => format!("FOREIGN DATA WRAPPER {identity}"),
        ObjectKind::StatisticsObject => format!("STATISTICS {identity}"),
        kind => format!("{} {identity}", kind.word().to_uppercase()),
    }
}
