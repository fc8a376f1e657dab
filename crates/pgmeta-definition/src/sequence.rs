//! Sequences of a definition, by themselves and of identity columns.

use pgmeta_core::ident::Name;
use pgmeta_core::model::Sequence;

use crate::grant::GrantDefinition;

definition! {
    /// The options of a sequence. Absent ones are those of CREATE SEQUENCE.
    pub struct SequenceOptions {
        ;
        /// The first value.
        start: Option<i64>,
        /// The step from one value to the next.
        increment: Option<i64>,
        /// The smallest value.
        min: Option<i64>,
        /// The largest value.
        max: Option<i64>,
        /// The number of values that a session reserves at once.
        cache: Option<i64>,
        /// Whether it starts again after its last value.
        cycle: bool,
    }
}

definition! {
    /// A sequence that belongs to no serial or identity column.
    pub struct SequenceDefinition {
        /// The name of the sequence.
        name: Name;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// The type of its values. Absent: bigint.
        r#type: Option<Name>,
        /// Its options.
        options: SequenceOptions,
        /// The column whose drop also drops the sequence: `table.column`, or `schema.table.column`.
        owned_by: Option<String>,
        /// The comment on the sequence.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
    }
}

/// Returns the bounds of a type: the smallest and the largest value.
fn bounds(data_type: &str) -> (i64, i64) {
    match data_type {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

impl SequenceOptions {
    /// Returns the sequence of the model with these options.
    pub(crate) fn to_model(&self, schema: &Name, name: &Name, data_type: &Name) -> Sequence {
        let (smallest, largest) = bounds(data_type);
        let increment = self.increment.unwrap_or(1);
        let (min, max) = if increment < 0 { (smallest, -1) } else { (1, largest) };
        let (min, max) = (self.min.unwrap_or(min), self.max.unwrap_or(max));
        Sequence {
            schema: schema.clone(),
            name: name.clone(),
            data_type: data_type.clone(),
            start: self.start.unwrap_or(if increment < 0 { max } else { min }),
            increment,
            min,
            max,
            cache: self.cache.unwrap_or(1),
            cycle: self.cycle,
            ..Sequence::default()
        }
    }

    /// Returns the options of a sequence, without those that CREATE SEQUENCE chooses itself.
    pub(crate) fn from_model(own: &Sequence) -> Self {
        let plain = Self { increment: Some(own.increment), ..Self::default() };
        let plain = plain.to_model(&own.schema, &own.name, &own.data_type);
        let (min, max) = ((own.min != plain.min).then_some(own.min), (own.max != plain.max).then_some(own.max));
        let first = Self { increment: Some(own.increment), min, max, ..Self::default() };
        let first = first.to_model(&own.schema, &own.name, &own.data_type).start;
        Self {
            start: (own.start != first).then_some(own.start),
            increment: (own.increment != 1).then_some(own.increment),
            min,
            max,
            cache: (own.cache != 1).then_some(own.cache),
            cycle: own.cycle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_back() {
        for options in [
            SequenceOptions::default(),
            SequenceOptions { increment: Some(-2), ..SequenceOptions::default() },
            SequenceOptions { min: Some(5), max: Some(9), cycle: true, cache: Some(3), ..SequenceOptions::default() },
            SequenceOptions { start: Some(100), increment: Some(10), ..SequenceOptions::default() },
        ] {
            let model = options.to_model(&"s".into(), &"n".into(), &"integer".into());
            assert_eq!(SequenceOptions::from_model(&model), options, "{model:?}");
        }
    }
}
