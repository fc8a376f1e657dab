//! Aggregates as DDL.

use crate::ddl::arguments;
use crate::ddl::context::Context;
use crate::ddl::operator::reference;
use crate::ddl::render::{Render, Script};
use crate::ident::{literal, qualified};
use crate::model::{Accumulation, Aggregate, AggregateKind, Argument, ArgumentMode, FunctionKind, Parallel};

impl Render for Aggregate {
    fn target(&self) -> String {
        let signature = signature(self, |argument| match argument.mode {
            ArgumentMode::Variadic => format!("VARIADIC {}", argument.data_type),
            _ => argument.data_type.to_string(),
        });
        format!("AGGREGATE {}({signature})", qualified(&self.schema, &self.name))
    }

    /// There is no GRANT ON AGGREGATE, and FUNCTION does not know ORDER BY or `*`.
    fn grant_target(&self) -> String {
        let arguments = arguments::identifying(FunctionKind::Function, &self.arguments);
        format!("FUNCTION {}({arguments})", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        out.statement(statement(self, cx.options.if_not_exists));
    }
}

fn statement(aggregate: &Aggregate, replace: bool) -> String {
    let replace = if replace { "OR REPLACE " } else { "" };
    let signature = signature(aggregate, |argument| arguments::declaration(FunctionKind::Function, argument));
    let name = qualified(&aggregate.schema, &aggregate.name);
    format!("CREATE {replace}AGGREGATE {name}({signature}) (\n    {}\n)", definition(aggregate).join(",\n    "))
}

fn signature(aggregate: &Aggregate, mut print: impl FnMut(&Argument) -> String) -> String {
    let Some(last) = aggregate.arguments.last() else {
        return "*".to_owned();
    };
    if aggregate.kind == AggregateKind::Normal {
        return arguments::join(aggregate.arguments.iter().map(print));
    }
    let direct = usize::try_from(aggregate.direct_arguments).unwrap_or(0).min(aggregate.arguments.len());
    let (direct, aggregated) = aggregate.arguments.split_at(direct);
    let direct = arguments::join(direct.iter().map(&mut print));
    // If all arguments are direct, the last one is variadic and also represents the aggregated ones.
    let aggregated = if aggregated.is_empty() { std::slice::from_ref(last) } else { aggregated };
    let aggregated = arguments::join(aggregated.iter().map(&mut print));
    let space = if direct.is_empty() { "" } else { " " };
    format!("{direct}{space}ORDER BY {aggregated}")
}

fn definition(aggregate: &Aggregate) -> Vec<String> {
    let mut lines = accumulation("", &aggregate.accumulation);
    let functions = [
        ("COMBINEFUNC", &aggregate.combine_function),
        ("SERIALFUNC", &aggregate.serialization_function),
        ("DESERIALFUNC", &aggregate.deserialization_function),
    ];
    lines.extend(functions.iter().filter_map(|(word, function)| Some(format!("{word} = {}", function.as_ref()?))));
    if let Some(moving) = &aggregate.moving {
        lines.extend(accumulation("M", moving));
    }
    if let Some(operator) = &aggregate.sort_operator {
        lines.push(format!("SORTOP = {}", reference(operator)));
    }
    if aggregate.kind == AggregateKind::Hypothetical {
        lines.push("HYPOTHETICAL".to_owned());
    }
    if aggregate.parallel != Parallel::Unsafe {
        lines.push(format!("PARALLEL = {}", aggregate.parallel.word()));
    }
    lines
}

/// Returns the options of one mode. Those of the moving mode begin with an M.
fn accumulation(m: &str, of: &Accumulation) -> Vec<String> {
    let mut lines = vec![format!("{m}SFUNC = {}", of.transition_function)];
    if let Some(function) = &of.inverse_function {
        lines.push(format!("{m}INVFUNC = {function}"));
    }
    lines.push(format!("{m}STYPE = {}", of.state_type));
    if let Some(bytes) = of.state_space {
        lines.push(format!("{m}SSPACE = {bytes}"));
    }
    if let Some(function) = &of.final_function {
        lines.push(format!("{m}FINALFUNC = {function}"));
    }
    if of.final_function_extra {
        lines.push(format!("{m}FINALFUNC_EXTRA"));
    }
    if let Some(modify) = of.final_function_modify {
        lines.push(format!("{m}FINALFUNC_MODIFY = {}", modify.word()));
    }
    if let Some(value) = &of.initial_condition {
        lines.push(format!("{m}INITCOND = {}", literal(value)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{FinalFunctionModify, Model, QualifiedName};

    fn aggregate(kind: AggregateKind, arguments: &[(&str, ArgumentMode)], direct_arguments: i16) -> Aggregate {
        let argument = |&(data_type, mode): &(&str, ArgumentMode)| Argument {
            data_type: data_type.into(),
            mode,
            ..Argument::default()
        };
        Aggregate {
            schema: "s".into(),
            name: "a".into(),
            kind,
            direct_arguments,
            arguments: arguments.iter().map(argument).collect(),
            accumulation: Accumulation {
                transition_function: "int8inc".into(),
                state_type: "bigint".into(),
                ..Accumulation::default()
            },
            ..Aggregate::default()
        }
    }

    #[test]
    fn aggregate_prints_signatures() {
        use AggregateKind::{Hypothetical, Normal, OrderedSet};
        let (plain, variadic) = (ArgumentMode::In, ArgumentMode::Variadic);
        let cases = [
            (aggregate(Normal, &[], 0), "(*)", "()"),
            (
                aggregate(Normal, &[("text", plain), ("date[]", variadic)], 0),
                "(text, VARIADIC date[])",
                "(text, date[])",
            ),
            (aggregate(OrderedSet, &[("text", plain), ("date", plain)], 1), "(text ORDER BY date)", "(text, date)"),
            (aggregate(OrderedSet, &[("date", plain)], 0), "(ORDER BY date)", "(date)"),
            (
                aggregate(Hypothetical, &[("\"any\"", variadic)], 1),
                "(VARIADIC \"any\" ORDER BY VARIADIC \"any\")",
                "(\"any\")",
            ),
        ];
        for (aggregate, signature, as_function) in cases {
            assert_eq!(aggregate.target(), format!("AGGREGATE s.a{signature}"));
            assert_eq!(aggregate.grant_target(), format!("FUNCTION s.a{as_function}"));
        }
    }

    #[test]
    fn aggregate_prints_every_option() {
        let mut object = aggregate(AggregateKind::Hypothetical, &[("integer", ArgumentMode::In)], 0);
        object.accumulation = Accumulation {
            state_space: Some(128),
            initial_condition: Some("it's".into()),
            final_function: Some("s.f".into()),
            final_function_extra: true,
            final_function_modify: Some(FinalFunctionModify::ReadOnly),
            ..object.accumulation
        };
        object.moving = Some(Accumulation { inverse_function: Some("s.i".into()), ..object.accumulation.clone() });
        object.combine_function = Some("s.c".into());
        object.serialization_function = Some("s.s".into());
        object.deserialization_function = Some("s.d".into());
        object.sort_operator = Some(QualifiedName { schema: "S".into(), name: "<".into() });
        object.parallel = Parallel::Safe;
        assert_eq!(
            print_script(&Model { aggregates: vec![object], ..Model::default() }, &Options::default()),
            "CREATE AGGREGATE s.a(ORDER BY integer) (\n    SFUNC = int8inc,\n    STYPE = bigint,\n    SSPACE = 128,\n    \
             FINALFUNC = s.f,\n    FINALFUNC_EXTRA,\n    FINALFUNC_MODIFY = READ_ONLY,\n    INITCOND = 'it''s',\n    \
             COMBINEFUNC = s.c,\n    SERIALFUNC = s.s,\n    DESERIALFUNC = s.d,\n    MSFUNC = int8inc,\n    \
             MINVFUNC = s.i,\n    MSTYPE = bigint,\n    MSSPACE = 128,\n    MFINALFUNC = s.f,\n    MFINALFUNC_EXTRA,\n    \
             MFINALFUNC_MODIFY = READ_ONLY,\n    MINITCOND = 'it''s',\n    SORTOP = OPERATOR(\"S\".<),\n    HYPOTHETICAL,\n    \
             PARALLEL = SAFE\n);\n"
        );
    }
}
