//! When the expressions of a query are null. What is not known here may be null.

use super::functions::{Rule, rule};
use super::node::Item;
use super::nullness::Nullness;
use super::scope::Scope;

/// Kinds of subqueries in expressions (SubLinkType).
const EXISTS: i64 = 0;
const ARRAY: i64 = 6;

/// The SQL function CURRENT_SCHEMA, which is null if the search path has no schema (SQLValueFunctionOp).
const CURRENT_SCHEMA: i64 = 14;

/// The types whose input functions return a value or an error: boolean, name, the integers, text, json, real, double precision,
/// character, character varying, date, the timestamps, numeric, uuid and jsonb.
const TYPES_READ_FROM_TEXT: [i64; 17] =
    [16, 19, 20, 21, 23, 25, 114, 700, 701, 1042, 1043, 1082, 1114, 1184, 1700, 2950, 3802];

impl Scope<'_> {
    /// Returns when an expression is null.
    pub fn nullness(&self, expression: Item<'_>) -> Nullness {
        self.tracer.deeper(|| self.nullness_of(expression)).unwrap_or(Nullness::Unknown)
    }

    fn nullness_of(&self, own: Item<'_>) -> Nullness {
        let any = |name: &str| Nullness::any(own.list(name).map(|item| self.nullness(item)));
        let argument = || own.field("arg").map_or(Nullness::Unknown, |item| self.nullness(item));
        match own.tag() {
            "AGGREF" => return self.aggregate(own),
            "GROUPINGFUNC" => return Nullness::NEVER,
            "WINDOWFUNC" => {
                let known = own.number_of("winfnoid").and_then(rule);
                return Nullness::never_if(matches!(known, Some(Rule::Count | Rule::Window)));
            }
            // Any other expression may be one that GROUP BY leaves out.
            _ if self.has_grouping_sets => return Nullness::Unknown,
            _ => {}
        }
        match own.tag() {
            "VAR" => self.variable(own),
            "CONST" => Nullness::never_if(!own.flag("constisnull")),
            "FUNCEXPR" if !own.flag("funcretset") => match own.number_of("funcid").and_then(rule) {
                Some(Rule::Strict) => any("args"),
                Some(Rule::Always) => Nullness::never_if(!own.flag("funcvariadic")),
                Some(Rule::Count | Rule::Window | Rule::Aggregate) | None => Nullness::Unknown,
            },
            "OPEXPR" if self.is_strict(own) && !own.flag("opretset") => any("args"),
            "SCALARARRAYOPEXPR" if self.is_strict(own) => self.comparison_with_list(own),
            "BOOLEXPR" => any("args"),
            "COALESCEEXPR" | "COALESCE" | "MINMAXEXPR" | "MINMAX" => {
                Nullness::all(own.list("args").map(|item| self.nullness(item)))
            }
            "CASEEXPR" | "CASE" => {
                let results = own.list("args").map(|when| when.field("result"));
                let results = results.chain([own.field("defresult")]);
                Nullness::any(results.map(|result| result.map_or(Nullness::Unknown, |item| self.nullness(item))))
            }
            "DISTINCTEXPR" | "NULLTEST" | "BOOLEANTEST" | "ARRAYEXPR" | "ARRAY" => Nullness::NEVER,
            "SQLVALUEFUNCTION" => Nullness::never_if(own.number_of("op").is_some_and(|op| op != CURRENT_SCHEMA)),
            "SUBLINK" => Nullness::never_if(matches!(own.number_of("subLinkType"), Some(EXISTS | ARRAY))),
            "RELABELTYPE" | "COLLATEEXPR" | "COERCETODOMAIN" | "ARRAYCOERCEEXPR" => argument(),
            "COERCEVIAIO" if own.number_of("resulttype").is_some_and(|oid| TYPES_READ_FROM_TEXT.contains(&oid)) => {
                argument()
            }
            _ => Nullness::Unknown,
        }
    }

    fn is_strict(&self, operator: Item<'_>) -> bool {
        operator.number_of("opfuncid").and_then(rule) == Some(Rule::Strict)
    }

    /// An aggregate has a value if there is a row, which a group has and a table may not, and no value of it is null.
    fn aggregate(&self, own: Item<'_>) -> Nullness {
        match own.number_of("aggfnoid").and_then(rule) {
            Some(Rule::Count) => Nullness::NEVER,
            Some(Rule::Aggregate) if self.is_grouped && own.field("aggfilter").is_none() => {
                let values = own.list("args").filter(|target| !target.flag("resjunk"));
                let mut values = values.map(|target| target.field("expr"));
                let is_never = |value: Option<Item<'_>>| value.is_some_and(|item| self.nullness(item).is_never());
                Nullness::never_if(own.number_of("agglevelsup") == Some(0) && values.all(is_never))
            }
            _ => Nullness::Unknown,
        }
    }

    /// `x IN (…)`: of a list that is written out, no element may be null.
    fn comparison_with_list(&self, own: Item<'_>) -> Nullness {
        let mut operands = own.list("args");
        let (Some(value), Some(list)) = (operands.next(), operands.next()) else { return Nullness::Unknown };
        if !matches!(list.tag(), "ARRAYEXPR" | "ARRAY") || list.flag("multidims") {
            return Nullness::Unknown;
        }
        Nullness::any(list.list("elements").chain([value]).map(|item| self.nullness(item)))
    }
}
