//! Tables, their partitions and children.

use pgmeta_core::ident::ident;
use serde_json::{Map, Value, json};

use super::Maker;
use super::names::unused;
use super::types::ColumnType;

/// What is known of a table that was made.
#[derive(Clone, Default)]
pub struct MadeTable {
    pub schema: String,
    pub name: String,
    /// The first column, an integer.
    pub number: String,
    pub columns: Vec<(String, ColumnType)>,
    /// The columns that a key takes: no generated ones, and of a type that is sorted.
    pub key_columns: Vec<(String, ColumnType)>,
    /// The keys that foreign keys can refer to, and whether each is the primary one.
    pub targets: Vec<(Vec<String>, bool)>,
    pub has_primary_key: bool,
    pub is_unlogged: bool,
    pub is_partition: bool,
    pub is_child: bool,
    /// How it is partitioned: RANGE, LIST or HASH.
    pub partitioned: Option<&'static str>,
}

impl Maker<'_> {
    pub fn table(&mut self) -> Map<String, Value> {
        let (schema, name, mut object) = self.named();
        let mut made = MadeTable { schema, name, ..MadeTable::default() };
        let parents: Vec<MadeTable> = self.tables.iter().filter(|own| own.partitioned.is_none()).cloned().collect();
        match self.choices.below(10) {
            8 => made.partitioned = Some(*self.choices.pick(&["RANGE", "LIST", "HASH"])),
            9 if !parents.is_empty() => {
                let parent = self.choices.pick(&parents).clone();
                self.inherit(&parent, &made, &mut object);
                made.is_child = true;
                made.columns = parent.columns;
            }
            _ => {}
        }
        made.is_unlogged = made.partitioned.is_none() && self.choices.chance(10);
        let mut columns = Vec::new();
        for at in 0..1 + self.choices.below(5) {
            columns.push(Value::Object(self.column(&mut made, at == 0)));
        }
        object.insert("columns".to_owned(), Value::Array(columns));
        if let Some(strategy) = made.partitioned {
            object.insert("partition_by".to_owned(), json!(format!("{strategy} ({})", ident(&made.number))));
        }
        if made.is_unlogged {
            object.insert("unlogged".to_owned(), json!(true));
        }
        self.add_keys(&mut made, &mut object);
        self.list(2, &mut object, "checks", |own| own.check(&made));
        self.add_exclusion(&made, &mut object);
        self.list(2, &mut object, "indexes", |own| own.index(&made));
        self.tables.push(made.clone());
        self.list(2, &mut object, "foreign_keys", |own| own.foreign_key(&made));
        self.add_security(&made, &mut object);
        self.list(2, &mut object, "triggers", |own| own.trigger(&made));
        if made.partitioned.is_none() {
            self.maybe(15, &mut object, "options", |_| json!({"fillfactor": "70", "parallel_workers": "3"}));
        }
        self.maybe(15, &mut object, "replica_identity", |own| json!(*own.choices.pick(&["full", "nothing"])));
        self.describe(&mut object, &["SELECT", "INSERT", "UPDATE", "TRUNCATE", "REFERENCES"]);
        self.maybe(10, &mut object, "labels", |own| own.labels());
        self.maybe(10, &mut object, "position", |_| json!({"x": 10, "y": 2.5}));
        object
    }

    fn inherit(&mut self, parent: &MadeTable, own: &MadeTable, object: &mut Map<String, Value>) {
        object.insert("inherits".to_owned(), json!([reference(parent, &own.schema)]));
    }

    /// Adds partitions of the tables that are partitioned.
    pub fn add_partitions(&mut self, out: &mut Map<String, Value>) {
        let parents: Vec<MadeTable> = self.tables.iter().filter(|own| own.partitioned.is_some()).cloned().collect();
        for parent in parents {
            let bounds: &[&str] = match parent.partitioned {
                Some("RANGE") => &["FOR VALUES FROM (1) TO (10)", "DEFAULT", "FOR VALUES FROM (10) TO (MAXVALUE)"],
                Some("LIST") => &["FOR VALUES IN (1, 2)", "DEFAULT", "FOR VALUES IN (3)"],
                _ => &["FOR VALUES WITH (modulus 3, remainder 0)", "FOR VALUES WITH (modulus 3, remainder 1)"],
            };
            let count = self.choices.below(bounds.len() + 1);
            for bound in &bounds[..count] {
                let partition = self.partition(&parent, bound);
                if let Some(Value::Array(tables)) = out.get_mut("tables") {
                    tables.push(Value::Object(partition));
                }
            }
        }
    }

    fn partition(&mut self, parent: &MadeTable, bound: &str) -> Map<String, Value> {
        let (schema, name, mut object) = self.named();
        let mut of = reference(parent, &schema);
        of.insert("bound".to_owned(), json!(bound));
        object.insert("partition_of".to_owned(), Value::Object(of));
        let made =
            MadeTable { schema, name, is_partition: true, targets: Vec::new(), partitioned: None, ..parent.clone() };
        self.list(1, &mut object, "checks", |own| own.check(&made));
        self.list(1, &mut object, "indexes", |own| own.index(&made));
        self.maybe(15, &mut object, "options", |_| json!({"fillfactor": "60"}));
        self.describe(&mut object, &["SELECT", "INSERT"]);
        self.tables.push(made);
        object
    }

    /// Adds what row-level security needs.
    fn add_security(&mut self, own: &MadeTable, object: &mut Map<String, Value>) {
        self.maybe(15, object, "row_security", |_| json!(true));
        self.maybe(10, object, "force_row_security", |_| json!(true));
        let mut names: Vec<String> = Vec::new();
        self.list(2, object, "policies", |maker| {
            let name = unused(&mut maker.choices, |name| names.iter().any(|own| own == name));
            names.push(name.clone());
            maker.policy(own, &name)
        });
    }

    fn policy(&mut self, own: &MadeTable, name: &str) -> Map<String, Value> {
        let condition = format!("({} < 3)", ident(&own.number));
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(name));
        self.maybe(30, &mut object, "restrictive", |_| json!(true));
        let command = *self.choices.pick(&["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]);
        if command != "ALL" {
            object.insert("command".to_owned(), json!(command));
        }
        let roles: Vec<&str> = self.server.roles.iter().copied().filter(|role| *role != "PUBLIC").collect();
        if !roles.is_empty() {
            self.maybe(30, &mut object, "roles", |_| json!(roles));
        }
        if command != "INSERT" {
            self.maybe(70, &mut object, "using", |_| json!(condition));
        }
        if command != "SELECT" && command != "DELETE" {
            self.maybe(40, &mut object, "with_check", |_| json!(condition));
        }
        self.maybe(20, &mut object, "comment", |own| json!(own.text()));
        object
    }
}

/// Returns a table as an object of another schema refers to it.
pub fn reference(of: &MadeTable, from: &str) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("table".to_owned(), json!(of.name));
    if of.schema != from {
        out.insert("schema".to_owned(), json!(of.schema));
    }
    out
}
