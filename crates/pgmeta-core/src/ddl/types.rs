//! Types as DDL.

use crate::ddl::context::Context;
use crate::ddl::privileges::{self, Target};
use crate::ddl::render::{Render, Script};
use crate::ddl::shared;
use crate::ident::{ident, literal, qualified};
use crate::model::{Attribute, BaseType, ObjectKind, Part, RangeType, Storage, Type};

impl Render for Type {
    fn target(&self) -> String {
        format!("TYPE {}", qualified_name(self))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let name = qualified_name(self);
        if let Some(labels) = &self.enum_labels {
            let labels = labels.iter().map(|label| literal(label)).collect();
            out.create(cx, format_args!("CREATE TYPE {name} AS ENUM {}", list(labels)));
        } else if let Some(attributes) = &self.attributes {
            let attributes = attributes.iter().map(attribute).collect();
            out.create(cx, format_args!("CREATE TYPE {name} AS {}", list(attributes)));
        } else if let Some(range) = &self.range {
            out.create(cx, format_args!("CREATE TYPE {name} AS RANGE {}", list(range_options(range))));
        } else if let Some(base) = &self.base {
            out.create(cx, format_args!("CREATE TYPE {name} {}", list(base_options(base))));
        } else {
            out.create(cx, format_args!("CREATE TYPE {name}"));
        }
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        for attribute in self.attributes.iter().flatten() {
            let target = format!("COLUMN {}.{}", qualified_name(self), ident(&attribute.name));
            shared::comment(cx, &target, attribute.comment.as_deref(), out);
            shared::labels(cx, &target, &attribute.security_labels, out);
        }
        if let Some(RangeType { multirange, .. }) = &self.range {
            let target = format!("TYPE {}", qualified(&multirange.schema, &multirange.name));
            shared::comment(cx, &target, multirange.comment.as_deref(), out);
            shared::labels(cx, &target, &multirange.security_labels, out);
            if let (Some(grants), Some(owner), true) = (&multirange.privileges, &self.owner, cx.options.privileges) {
                let version = cx.model.server_version_num;
                let all = ObjectKind::Type.privileges(version);
                let defaults = ObjectKind::Type.default_privileges(owner, version);
                let on = Target { on: &target, columns: "", prefix: "", owner: Some(owner) };
                privileges::changes(on, &all, &defaults, grants, out);
            }
        }
    }

    fn part(&self, part: Part, cx: &Context<'_>, out: &mut Script) {
        if part == Part::Shell {
            out.create(cx, format_args!("CREATE TYPE {}", qualified_name(self)));
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        // The functions of such a type and the type depend on each other.
        let cascade = if self.has_shell() { " CASCADE" } else { "" };
        (part == Part::Main).then(|| format!("DROP TYPE IF EXISTS {}{cascade}", qualified_name(self)))
    }
}

fn qualified_name(object: &Type) -> String {
    qualified(&object.schema, &object.name)
}

/// Returns the items in parentheses, one on each line.
pub(super) fn list(items: Vec<String>) -> String {
    if items.is_empty() { "()".to_owned() } else { format!("(\n    {}\n)", items.join(",\n    ")) }
}

fn attribute(attribute: &Attribute) -> String {
    let mut sql = format!("{} {}", ident(&attribute.name), attribute.data_type);
    if let Some(collation) = &attribute.collation {
        sql += &format!(" COLLATE {}", collation.sql());
    }
    sql
}

fn range_options(range: &RangeType) -> Vec<String> {
    let mut options = vec![format!("SUBTYPE = {}", range.subtype)];
    if let Some(class) = &range.subtype_operator_class {
        options.push(format!("SUBTYPE_OPCLASS = {}", class.sql()));
    }
    if let Some(collation) = &range.collation {
        options.push(format!("COLLATION = {}", collation.sql()));
    }
    if let Some(function) = &range.canonical {
        options.push(format!("CANONICAL = {function}"));
    }
    if let Some(function) = &range.subtype_diff {
        options.push(format!("SUBTYPE_DIFF = {function}"));
    }
    let multirange = qualified(&range.multirange.schema, &range.multirange.name);
    options.push(format!("MULTIRANGE_TYPE_NAME = {multirange}"));
    options
}

fn base_options(base: &BaseType) -> Vec<String> {
    let mut options = vec![format!("INPUT = {}", base.input), format!("OUTPUT = {}", base.output)];
    let functions = [
        ("RECEIVE", &base.receive),
        ("SEND", &base.send),
        ("TYPMOD_IN", &base.typmod_in),
        ("TYPMOD_OUT", &base.typmod_out),
        ("ANALYZE", &base.analyze),
        ("SUBSCRIPT", &base.subscript),
    ];
    for (word, function) in functions {
        options.extend(function.as_ref().map(|function| format!("{word} = {function}")));
    }
    options.push(match base.internal_length {
        Some(length) => format!("INTERNALLENGTH = {length}"),
        None => "INTERNALLENGTH = VARIABLE".to_owned(),
    });
    if base.passed_by_value {
        options.push("PASSEDBYVALUE".to_owned());
    }
    options.push(format!("ALIGNMENT = {}", base.alignment.word()));
    if base.storage != Storage::Plain {
        options.push(format!("STORAGE = {}", base.storage.word().to_ascii_lowercase()));
    }
    options.extend(base.category.map(|category| format!("CATEGORY = {}", literal(&category.to_string()))));
    if base.preferred {
        options.push("PREFERRED = true".to_owned());
    }
    options.extend(base.default.as_ref().map(|text| format!("DEFAULT = {}", literal(text))));
    options.extend(base.element.as_ref().map(|element| format!("ELEMENT = {element}")));
    options.extend(base.delimiter.map(|delimiter| format!("DELIMITER = {}", literal(&delimiter.to_string()))));
    if base.collatable {
        options.push("COLLATABLE = true".to_owned());
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Function, Model, Multirange, Object, QualifiedName};

    fn named(name: &str) -> Type {
        Type { schema: "s".into(), name: name.into(), ..Type::default() }
    }

    fn print(object: Type) -> String {
        print_script(&Model { types: vec![object], ..Model::default() }, &Options::default())
    }

    #[test]
    fn enums_and_composites_are_printed() {
        let labels = Some(vec!["it's".into(), r"b\".into()]);
        let object = Type { enum_labels: labels, ..named("Mood") };
        assert_eq!(print(object), "CREATE TYPE s.\"Mood\" AS ENUM (\n    'it''s',\n    E'b\\\\'\n);\n");
        assert_eq!(print(Type { enum_labels: Some(vec![]), ..named("e") }), "CREATE TYPE s.e AS ENUM ();\n");
        let attribute = Attribute {
            name: "Z".into(),
            data_type: "text".into(),
            collation: Some(QualifiedName { schema: "pg_catalog".into(), name: "C".into() }),
            comment: Some("z".into()),
            ..Attribute::default()
        };
        assert_eq!(
            print(Type { attributes: Some(vec![attribute]), ..named("c") }),
            "CREATE TYPE s.c AS (\n    \"Z\" text COLLATE pg_catalog.\"C\"\n);\nCOMMENT ON COLUMN s.c.\"Z\" IS 'z';\n"
        );
    }

    #[test]
    fn ranges_name_their_multirange() {
        let multirange = Multirange { schema: "t".into(), name: "M".into(), ..Multirange::default() };
        let range = RangeType { subtype: "bigint".into(), multirange, ..RangeType::default() };
        assert_eq!(
            print(Type { range: Some(range), ..named("r") }),
            "CREATE TYPE s.r AS RANGE (\n    SUBTYPE = bigint,\n    MULTIRANGE_TYPE_NAME = t.\"M\"\n);\n"
        );
    }

    #[test]
    fn base_type_prints_only_non_defaults() {
        let base = BaseType { input: "s.i".into(), output: "s.o".into(), ..BaseType::default() };
        assert_eq!(
            print(Type { base: Some(base), ..named("b") }),
            "CREATE TYPE s.b (\n    INPUT = s.i,\n    OUTPUT = s.o,\n    INTERNALLENGTH = VARIABLE,\n    ALIGNMENT = int4\n);\n"
        );
        assert_eq!(print(named("lone")), "CREATE TYPE s.lone;\n");
    }

    #[test]
    fn a_shell_type_precedes_its_functions() {
        let base = BaseType { input: "s.i".into(), output: "s.o".into(), ..BaseType::default() };
        let mut object = Type { base: Some(base), ..named("b") };
        let mut function = Function { schema: "s".into(), name: "i".into(), ..Function::default() };
        object.depends_on = vec![function.key()];
        function.depends_on = vec![object.key()];
        let model = Model { types: vec![object], functions: vec![function], ..Model::default() };
        let text = print_script(&model, &Options::default());
        assert!(text.starts_with("CREATE TYPE s.b;\n"), "{text}");
        assert!(text.contains("CREATE TYPE s.b (\n"), "{text}");
    }
}
