//! The parts of an expression. Knows no dialect.

/// What `IS` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Null,
    True,
    False,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Null,
    Boolean(bool),
    /// As it is written.
    Number(String),
    /// A string; its type is that of the cast around it.
    Text(String),
    /// A column, with its relation if that is written.
    Column(Vec<String>),
    /// A value and the name of a type.
    Cast(Box<Expr>, String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// An operator and its operands.
    Binary(String, Box<Expr>, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    /// The last is whether the test is negated.
    Is(Box<Expr>, Test, bool),
    /// The last is whether it is NOT DISTINCT.
    Distinct(Box<Expr>, Box<Expr>, bool),
    /// The last is whether it is NOT IN.
    In(Box<Expr>, Vec<Expr>, bool),
    Case {
        of: Option<Box<Expr>>,
        branches: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    /// A function by its name without schema.
    Call(String, Vec<Expr>),
    /// A function without parentheses: CURRENT_DATE.
    Keyword(String),
    Array(Vec<Expr>),
    /// `extract`: a field of a moment.
    Extract(String, Box<Expr>),
    AtTimeZone(Box<Expr>, Box<Expr>),
}

impl Expr {
    /// Calls `each` with the operands of an expression.
    pub fn each_part<'e>(&'e self, each: &mut dyn FnMut(&'e Expr)) {
        match self {
            Expr::Null | Expr::Boolean(_) | Expr::Number(_) | Expr::Text(_) | Expr::Column(_) | Expr::Keyword(_) => {}
            Expr::Cast(of, _) | Expr::Not(of) | Expr::Negate(of) | Expr::Is(of, _, _) | Expr::Extract(_, of) => {
                each(of);
            }
            Expr::Binary(_, left, right) | Expr::Distinct(left, right, _) | Expr::AtTimeZone(left, right) => {
                each(left);
                each(right);
            }
            Expr::And(all) | Expr::Or(all) | Expr::Call(_, all) | Expr::Array(all) => all.iter().for_each(each),
            Expr::In(of, list, _) => {
                each(of);
                list.iter().for_each(each);
            }
            Expr::Case { of, branches, otherwise } => {
                of.iter().for_each(|of| each(of));
                for (when, then) in branches {
                    each(when);
                    each(then);
                }
                otherwise.iter().for_each(|otherwise| each(otherwise));
            }
        }
    }
}

/// Returns the columns that an expression names.
pub(crate) fn columns_of(expression: &Expr) -> Vec<&str> {
    let (mut found, mut waiting) = (Vec::new(), vec![expression]);
    while let Some(expression) = waiting.pop() {
        if let Expr::Column(path) = expression {
            found.extend(path.last().map(String::as_str));
        }
        expression.each_part(&mut |part| waiting.push(part));
    }
    found
}
