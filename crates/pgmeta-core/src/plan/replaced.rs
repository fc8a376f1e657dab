//! The kinds that PostgreSQL has no ALTER for, or none worth its exceptions: what changes of them is recreated.

use crate::model::*;
use crate::plan::alter::{Alter, How, Sides};

macro_rules! replaced {
    ($($kind:ident),* $(,)?) => {
        $(impl Alter for $kind {
            fn how(&self, _new: &Self, _sides: &Sides<'_>) -> How {
                How::Replace
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
    fn how(&self, _new: &Self, _sides: &Sides<'_>) -> How {
        How::Swap
    }
}
