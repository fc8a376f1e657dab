//! The words that changes and uses have in common: a use contains them in braces, and a change defines them. Runs nothing.

/// What a use requires of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A table with a column of the type.
    Column,
    /// A type with a name.
    Type,
    /// A composite type.
    Composite,
    /// The properties that a composite type's attribute and a domain may have.
    Attribute,
    /// An immutable expression.
    Expression,
    /// An expression of a query.
    Query,
    /// An expression that a row filter may contain.
    Filter,
    /// A function with its former arguments.
    Call,
    /// A server.
    Server,
}

impl Need {
    /// Returns why a use is not applicable if a change does not provide this.
    pub fn reason(self) -> &'static str {
        match self {
            Need::Column => "it is no matter of a table's column",
            Need::Type => "it is no type",
            Need::Composite => "it is no composite type",
            Need::Attribute => "no attribute has it",
            Need::Expression => "an expression of a column cannot have it",
            Need::Query => "no query has it",
            Need::Filter => "no row filter may have it",
            Need::Call => "it is no function that keeps its arguments and result",
            Need::Server => "it is no server",
        }
    }
}

/// In pairs, the first is for the old side and the second for the new one.
#[derive(Clone, Copy)]
pub struct Words {
    /// `{t}`, `{t:more columns}`: creates the table m.t with a row.
    pub table: [&'static str; 2],
    /// `{type}`: the text after a column's name.
    pub data_type: [&'static str; 2],
    /// `{value}`
    pub value: [&'static str; 2],
    /// `{result}`: the type of the expression.
    pub result: [&'static str; 2],
    /// `{e:x}`: an expression of x.
    pub expression: &'static str,
    /// `{c:x}`: a condition on x.
    pub condition: &'static str,
    /// `{low}`, `{high}`: bounds of a partition that accepts the value.
    pub bound: [[&'static str; 2]; 2],
}

impl Words {
    /// Returns a text with its words replaced, for one side.
    pub fn say(&self, text: &str, side: usize) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(begin) = rest.find('{') {
            out += &rest[..begin];
            let inner = &rest[begin + 1..];
            let end = closing(inner).unwrap_or(inner.len());
            let (name, argument) = inner[..end].split_once(':').unwrap_or((&inner[..end], ""));
            let argument = &*self.say(argument, side);
            let said = match name {
                "t" => {
                    let more = if argument.is_empty() { String::new() } else { format!(", {argument}") };
                    Some(self.say(&self.table[side].replace("{more}", &more), side))
                }
                "type" => Some(self.data_type[side].to_owned()),
                "value" => Some(self.value[side].to_owned()),
                "result" => Some(self.result[side].to_owned()),
                "e" => Some(self.expression.replace("{x}", argument)),
                "c" => Some(self.condition.replace("{x}", argument)),
                "low" => Some(self.bound[side][0].to_owned()),
                "high" => Some(self.bound[side][1].to_owned()),
                _ => None,
            };
            match said {
                Some(said) => {
                    out += &said;
                    rest = inner.get(end + 1..).unwrap_or_default();
                }
                None => {
                    out.push('{');
                    rest = inner;
                }
            }
        }
        out + rest
    }
}

/// Returns the position of the brace that closes the one before the text.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}
