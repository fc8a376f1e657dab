//! The kinds for which PostgreSQL has no ALTER, or one with too many exceptions: any change recreates the object.

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
