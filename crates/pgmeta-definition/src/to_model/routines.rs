//! Functions and procedures of the model.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Argument, Function, FunctionKind, ObjectKind};

use crate::function::{ArgumentDefinition, has_columns, result_of};
use crate::to_model::Maker;

impl Maker<'_> {
    pub fn add_functions(&mut self) {
        for given in &self.definition.functions {
            check();
            let argument = |own: &ArgumentDefinition| Argument {
                data_type: self.names.data_type(&own.r#type),
                name: own.name.clone(),
                mode: own.mode.0,
                default: own.default.as_ref().map(|own| own.0.clone()),
            };
            let kind = match given.kind {
                FunctionKind::Procedure => ObjectKind::Procedure,
                FunctionKind::Function | FunctionKind::Window => ObjectKind::Function,
            };
            let arguments: Vec<Argument> = given.arguments.iter().map(argument).collect();
            let said = result_of(&arguments).filter(|_| given.kind != FunctionKind::Procedure);
            self.model.functions.push(Function {
                schema: self.schema(given.schema.as_ref()),
                name: given.name.clone(),
                language: given.language.clone(),
                kind: given.kind,
                returns: given.returns.as_ref().map(|own| self.names.data_type(own)).or(said),
                returns_set: given.returns_set || has_columns(&arguments),
                arguments,
                volatility: given.volatility.0,
                parallel: given.parallel.0,
                strict: given.strict,
                security_definer: given.security_definer,
                leakproof: given.leakproof,
                cost: given.cost,
                rows: given.rows,
                settings: given.settings.0.clone(),
                definition: given.body.clone(),
                sql_body: given.sql_body.clone(),
                owner: self.owner(),
                comment: given.comment.clone(),
                privileges: self.privileges(given.grants.as_ref(), kind),
                ..Function::default()
            });
        }
    }
}
