//! The kinds that PostgreSQL has no ALTER for, or none worth its exceptions: what changes of them is recreated.

use crate::model::*;
use crate::plan::alter::{Alter, Sides, Strategy};

macro_rules! replaced {
    ($($kind:ident),* $(,)?) => {
        $(impl Alter for $kind {
            fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
                Strategy::Replace
            }
        })*
    };
}

replaced! {
    RoleMembership, Tablespace, ParameterPrivileges, AccessMethod, Language, Conversion, Aggregate, Operator,
    OperatorFamily, OperatorClass, Cast, Transform, TextSearchParser, TextSearchTemplate, TextSearchConfiguration,
    Rule, LargeObject, StatisticsObject,
}

impl Alter for Collation {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::RecreateType
    }
}
