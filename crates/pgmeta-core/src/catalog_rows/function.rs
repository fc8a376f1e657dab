//! Rows of functions, procedures and window functions.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{Argument, ArgumentMode, Function, FunctionKind, Parallel, Setting, Volatility};

row! {
    pub struct FunctionRow = "functions" of PROC {
        oid: u32, schema: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, kind: u8,
        argument_types: Vec<Name>, argument_modes: Option<Vec<u8>>, argument_names: Option<Vec<Name>>,
        argument_defaults: Option<Vec<Option<String>>>,
        returns: Name, returns_set: bool, language: Name, transforms: Vec<Name>,
        volatility: u8, parallel: u8, strict: bool, security_definer: bool, leakproof: bool, cost: f64, rows: f64,
        support: Option<Name>, settings: Option<Vec<String>>,
        definition: String, object_file: Option<String>, has_sql_body: bool, sql_body: Option<String>,
        part_of_class: Option<u32>, part_of: Option<u32>,
    }
}

impl Ingest for FunctionRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if let (Some(class), Some(oid)) = (self.part_of_class, self.part_of) {
            builder.alias(class::PROC, self.oid, (class, oid));
            return Ok(());
        }
        if builder.is_member(class::PROC, self.oid) {
            return Ok(());
        }
        if self.has_sql_body && self.sql_body.is_none() {
            return Err(RowError::ConcurrentChange(format!("function {}", self.name)));
        }
        let kind = FunctionKind::from_code(self.kind)?;
        let default_cost = if matches!(&*self.language, "internal" | "c") { 1.0 } else { 100.0 };
        let mut function = Function {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            arguments: arguments(
                self.argument_types,
                self.argument_modes,
                self.argument_names,
                self.argument_defaults,
            )?,
            kind,
            returns: (kind != FunctionKind::Procedure).then_some(self.returns),
            returns_set: self.returns_set,
            volatility: Volatility::from_code(self.volatility)?,
            parallel: Parallel::from_code(self.parallel)?,
            strict: self.strict,
            security_definer: self.security_definer,
            leakproof: self.leakproof,
            // The catalog's type is float4, so this loses nothing.
            cost: (self.cost != default_cost).then(|| shortest(self.cost)),
            rows: (self.returns_set && self.rows != 1000.0).then(|| shortest(self.rows)),
            support: self.support,
            transforms: self.transforms,
            settings: Setting::parse_all(self.settings),
            definition: (!self.has_sql_body).then_some(self.definition),
            object_file: self.object_file,
            sql_body: self.sql_body,
            language: self.language,
            ..Function::default()
        };
        builder.describe(&mut function, Address::of(class::PROC, self.oid), Some(self.owner), self.acl)?;
        builder.model.functions.push(function);
        Ok(())
    }
}

/// Combines the four argument arrays of the catalog, some of which may be null. Defaults belong to the last arguments.
pub(super) fn arguments(
    types: Vec<Name>,
    modes: Option<Vec<u8>>,
    names: Option<Vec<Name>>,
    defaults: Option<Vec<Option<String>>>,
) -> Result<Vec<Argument>, RowError> {
    let mut defaults = defaults.unwrap_or_default();
    let without = types.len().saturating_sub(defaults.len());
    let argument = |(at, data_type): (usize, Name)| {
        Ok(Argument {
            data_type,
            name: names.as_ref().and_then(|names| names.get(at)).filter(|name| !name.is_empty()).cloned(),
            mode: match modes.as_ref().and_then(|modes| modes.get(at)) {
                Some(&code) => ArgumentMode::from_code(code)?,
                None => ArgumentMode::In,
            },
            default: at.checked_sub(without).and_then(|at| defaults.get_mut(at)).and_then(Option::take),
        })
    };
    types.into_iter().enumerate().map(argument).collect()
}

/// Returns the number that a `float4` prints as: 0.1 instead of 0.10000000149.
fn shortest(float4: f64) -> f64 {
    (float4 as f32).to_string().parse().unwrap_or(float4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_the_last_arguments() -> Result<(), RowError> {
        let types = vec!["integer".into(), "text".into(), "date".into()];
        let modes = Some(b"iob".to_vec());
        let names = Some(vec!["".into(), "b".into(), "c".into()]);
        let found = arguments(types, modes, names, Some(vec![None, Some("now()".into())]))?;
        let told: Vec<_> = found.iter().map(|a| (a.name.as_deref(), a.mode.word(), a.default.as_deref())).collect();
        assert_eq!(told, [(None, "IN", None), (Some("b"), "OUT", None), (Some("c"), "INOUT", Some("now()"))]);
        Ok(())
    }
}
