//! Sequences as DDL, with the options that identity columns have as well.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ident::{ident, qualified};
use crate::model::{Part, Sequence};

/// Returns the options that differ from the defaults of the type and direction, each after a blank.
pub(crate) fn clauses(sequence: &Sequence) -> String {
    let (low, high) = match &*sequence.data_type {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    let (min, max) = if sequence.increment > 0 { (1, high) } else { (low, -1) };
    let mut text = String::new();
    let start = if sequence.increment > 0 { sequence.min } else { sequence.max };
    if sequence.start != start {
        let _ = write!(text, " START WITH {}", sequence.start);
    }
    if sequence.increment != 1 {
        let _ = write!(text, " INCREMENT BY {}", sequence.increment);
    }
    if sequence.min != min {
        let _ = write!(text, " MINVALUE {}", sequence.min);
    }
    if sequence.max != max {
        let _ = write!(text, " MAXVALUE {}", sequence.max);
    }
    if sequence.cache != 1 {
        let _ = write!(text, " CACHE {}", sequence.cache);
    }
    if sequence.cycle {
        text.push_str(" CYCLE");
    }
    text
}

impl Render for Sequence {
    fn target(&self) -> String {
        format!("SEQUENCE {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if self.identity {
            return;
        }
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let name = qualified(&self.schema, &self.name);
        let data_type = match &*self.data_type {
            "bigint" => String::new(),
            other => format!(" AS {other}"),
        };
        let clauses = clauses(self);
        out.statement(format_args!("CREATE {unlogged}SEQUENCE {}{name}{data_type}{clauses}", cx.if_not_exists()));
    }

    /// The sequence of an identity column always has the owner of its table.
    fn has_owner(&self) -> bool {
        !self.identity
    }

    fn part(&self, _part: Part, _cx: &Context<'_>, out: &mut Script) {
        if let Some(owned) = &self.owned_by {
            let column = format!("{}.{}", qualified(&owned.schema, &owned.table), ident(&owned.column));
            out.statement(format_args!("ALTER {} OWNED BY {column}", self.target()));
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        match part {
            // DROP TABLE would drop it, and another table may need it.
            Part::OwnedBy => {
                Some(format!("ALTER SEQUENCE IF EXISTS {} OWNED BY NONE", qualified(&self.schema, &self.name)))
            }
            Part::Main if self.identity => None,
            _ => Some(drop_if_exists(&self.target())),
        }
    }
}
