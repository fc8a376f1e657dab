//! Measures how long each rule takes for a snapshot: `cargo run --release -p pgmeta-lint --example time_rules SNAPSHOT`.

use std::time::Instant;

use pgmeta_core::model::Model;
use pgmeta_lint::{Options, RULES, lint};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let model = Model::from_json(&std::fs::read_to_string(path)?)?;
    let measure = |rules: &[&str]| -> Result<(f64, usize), Box<dyn std::error::Error>> {
        let options = Options::from_value(&serde_json::json!({ "rules": rules }))?;
        let start = Instant::now();
        let found = lint(&model, None, &options).findings.len();
        Ok((start.elapsed().as_secs_f64(), found))
    };
    let mut times = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.judges_schema()) {
        let (seconds, found) = measure(&[rule.name])?;
        times.push((seconds, rule.name, found));
    }
    times.sort_by(|one, other| other.0.total_cmp(&one.0));
    for profile in ["default", "all"] {
        let (seconds, found) = measure(&[profile])?;
        println!("{profile}: {seconds:.2} s, {found} findings");
    }
    for (seconds, name, found) in times.iter().take(15) {
        println!("{name}: {seconds:.3} s, {found} findings");
    }
    Ok(())
}
