//! Sequences as DDL; the options are those of identity columns too.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::options::Section;
use crate::ddl::render::{Part, Render, Script, drop_if_exists};
use crate::ident::{ident, qualified};
use crate::model::{ObjectKey, Sequence};

impl Sequence {
    /// Returns the options that differ from the defaults of the type and direction, each after a blank.
    pub(crate) fn clauses(&self) -> String {
        let (low, high) = match &*self.data_type {
            "smallint" => (i16::MIN.into(), i16::MAX.into()),
            "integer" => (i32::MIN.into(), i32::MAX.into()),
            _ => (i64::MIN, i64::MAX),
        };
        let (min, max) = if self.increment > 0 { (1, high) } else { (low, -1) };
        let mut text = String::new();
        let start = if self.increment > 0 { self.min } else { self.max };
        if self.start != start {
            let _ = write!(text, " START WITH {}", self.start);
        }
        if self.increment != 1 {
            let _ = write!(text, " INCREMENT BY {}", self.increment);
        }
        if self.min != min {
            let _ = write!(text, " MINVALUE {}", self.min);
        }
        if self.max != max {
            let _ = write!(text, " MAXVALUE {}", self.max);
        }
        if self.cache != 1 {
            let _ = write!(text, " CACHE {}", self.cache);
        }
        if self.cycle {
            text.push_str(" CYCLE");
        }
        text
    }
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
        let clauses = self.clauses();
        out.statement(format_args!("CREATE {unlogged}SEQUENCE {}{name}{data_type}{clauses}", cx.if_not_exists()));
    }

    /// An identity column's sequence has its table's owner, and cannot have another.
    fn has_owner(&self) -> bool {
        !self.identity
    }

    fn parts(&self) -> Vec<(Part, Section, Vec<ObjectKey>)> {
        if self.identity || self.owned_by.is_none() {
            return Vec::new();
        }
        vec![(Part::OwnedBy, Section::PreData, self.table_keys())]
    }

    fn part(&self, _part: Part, _cx: &Context<'_>, out: &mut Script) {
        if let Some(owned) = &self.owned_by {
            let column = format!("{}.{}", qualified(&owned.schema, &owned.table), ident(&owned.column));
            out.statement(format_args!("ALTER {} OWNED BY {column}", self.target()));
        }
    }

    fn undo(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        match part {
            // Else its table would take it along, which another table may need.
            Part::OwnedBy => {
                Some(format!("ALTER SEQUENCE IF EXISTS {} OWNED BY NONE", qualified(&self.schema, &self.name)))
            }
            Part::Main if self.identity => None,
            _ => Some(drop_if_exists(&self.target())),
        }
    }
}
