//! Files form layers: no file uses another one that uses it, directly or indirectly.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Outcome, repository};

use super::{code, sources};

/// The roots of the crates.
const CRATES: &[&str] = &["crates/pgmeta-core/src", "crates/pgmeta-archive/src", "src"];

/// Tests may use anything; the text of a macro is used where the macro is called.
const EXEMPT: &[&str] = &["tests", "hostile", "macros"];

/// Folders that count as one file: the choice of a format is beside the formats.
const WHOLE: &[&str] = &["plan/format"];

/// The path of a module in its crate.
type Module = Vec<String>;

/// The parts of a file that these rules check.
#[derive(Default)]
struct File {
    /// The code without tests.
    code: String,
    /// The names that it exports.
    declared: BTreeSet<String>,
    /// Its re-exports: the name, `*` for all, and the path.
    passed_on: Vec<(String, Module)>,
}

struct Files(BTreeMap<Module, File>);

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty())
}

/// Returns the texts that follow each occurrence of a path's first word.
fn beginnings<'t>(text: &'t str, start: &str) -> Vec<&'t str> {
    let places = text.match_indices(start).filter(|(at, _)| !text[..*at].ends_with(|c: char| is_word(c) || c == ':'));
    places.map(|(at, _)| &text[at + start.len()..]).collect()
}

/// Adds the paths at the start of a text, each with its name: `a::{b, c::D as E}` has `a::b` as `b` and `a::c::D` as `E`.
/// Returns the rest.
fn add_paths<'t>(text: &'t str, before: &[String], found: &mut Vec<(String, Module)>) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            let after = add_paths(rest, before, found);
            let end = after.find([',', '}']).unwrap_or(after.len());
            rest = after[end..].strip_prefix(',').unwrap_or(&after[end..]);
            if rest.is_empty() {
                return rest;
            }
        }
    }
    let (word, rest) = text.split_at(text.find(|c: char| !is_word(c)).unwrap_or(text.len()));
    let mut path = before.to_vec();
    match word {
        "" | "self" => {}
        "super" => drop(path.pop()),
        word => path.push(word.to_owned()),
    }
    if let Some(rest) = rest.strip_prefix("::") {
        return add_paths(rest, &path, found);
    }
    if let Some(rest) = rest.strip_prefix('*') {
        found.push(("*".to_owned(), path));
        return rest;
    }
    let other = rest.strip_prefix(" as ").and_then(|rest| words(rest).next());
    found.push((other.or(path.last().map(String::as_str)).unwrap_or_default().to_owned(), path));
    rest
}

/// Returns the paths at the start of a text, each with its name.
fn paths(text: &str, before: &[String]) -> Vec<(String, Module)> {
    let mut found = Vec::new();
    add_paths(text, before, &mut found);
    found
}

/// Returns the names that a source exports: types, traits, functions, constants.
fn declared(code: &str) -> BTreeSet<String> {
    let all = ["struct", "enum", "trait", "type", "fn", "const", "static"];
    let mut found = BTreeSet::new();
    for line in code.lines().filter(|line| line.trim_start().starts_with("pub")) {
        // Inside of a macro only types count; other functions are methods.
        let kinds = if line.starts_with("pub") { &all[..] } else { &all[..2] };
        let mut rest = words(line);
        if rest.any(|word| kinds.contains(&word)) {
            found.extend(rest.next().map(str::to_owned));
        }
    }
    found
}

/// Returns the paths of a `pub use`, including one for the crate only.
fn passing_on(statement: &str) -> Option<&str> {
    let rest = statement.trim_start().strip_prefix("pub")?;
    let rest = rest.strip_prefix("(crate)").or_else(|| rest.strip_prefix("(super)")).unwrap_or(rest);
    rest.strip_prefix(" use ")
}

impl Files {
    fn read(root: &str) -> Result<Self> {
        let base = repository().join(root);
        let mut texts = BTreeMap::new();
        for path in sources(root)? {
            let inner = path.strip_prefix(&base)?.with_extension("");
            let mut module: Module = inner.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if module.last().is_some_and(|name| name == "mod") || module == ["lib"] {
                module.pop();
            }
            if module.last().is_none_or(|name| !EXEMPT.contains(&name.as_str())) {
                let text = code(&path)?.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                texts.insert(module, text);
            }
        }
        let modules: BTreeSet<Module> = texts.keys().cloned().collect();
        let files = texts.into_iter().map(|(module, text)| {
            let mut passed_on = Vec::new();
            let mut code = String::new();
            for statement in text.split_inclusive(';') {
                let Some(rest) = passing_on(statement) else {
                    code.push_str(statement);
                    continue;
                };
                let first: Module = words(rest).take(1).map(str::to_owned).collect();
                match rest.strip_prefix("crate::") {
                    Some(rest) => passed_on.extend(paths(rest, &[])),
                    None if modules.contains(&[module.clone(), first].concat()) => {
                        passed_on.extend(paths(rest, &module));
                    }
                    None => {}
                }
            }
            let mut declared = declared(&code);
            if module == ["model", "document"] {
                // The macro `model!` declares these.
                declared.extend(["Model", "ObjectRef"].map(str::to_owned));
            }
            (module, File { declared, passed_on, code })
        });
        Ok(Self(files.collect()))
    }

    /// Returns the file that declares the item of a path, or the module itself if the path names one.
    fn home(&self, path: &[String]) -> Option<(Module, bool)> {
        let length = (0..=path.len()).rev().find(|&length| self.0.contains_key(&path[..length]))?;
        let (module, rest) = path.split_at(length);
        let Some(name) = rest.first() else { return Some((module.to_vec(), true)) };
        let file = self.0.get(module)?;
        if !file.declared.contains(name) {
            for (passed, target) in &file.passed_on {
                if passed == name {
                    return self.home(target).map(|(home, is_module)| (home, is_module && rest.len() == 1));
                }
                if passed == "*" && self.0.get(target).is_some_and(|file| file.declared.contains(name)) {
                    return Some((target.clone(), false));
                }
            }
        }
        Some((module.to_vec(), false))
    }

    /// Returns the files that a file uses.
    fn used_by(&self, module: &Module) -> BTreeSet<Module> {
        let Some(file) = self.0.get(module) else { return BTreeSet::new() };
        let mut found = Vec::new();
        for (start, base) in
            [("crate::", &[][..]), ("self::", module), ("super::", &module[..module.len().saturating_sub(1)])]
        {
            for rest in beginnings(&file.code, start) {
                found.extend(paths(rest, base));
            }
        }
        let mut used = BTreeSet::new();
        // Modules have the name under which they were imported; child modules have their own names.
        let mut modules: BTreeMap<String, Module> = self
            .0
            .keys()
            .filter(|other| other.len() == module.len() + 1 && other.starts_with(module))
            .filter_map(|other| Some((other.last()?.clone(), other.clone())))
            .collect();
        for (name, path) in &found {
            if name == "*" {
                let names: BTreeSet<&str> = words(&file.code).collect();
                used.extend(names.iter().filter_map(|name| {
                    let (home, _) = self.home(&[path.clone(), vec![(*name).to_owned()]].concat())?;
                    self.0.get(&home).is_some_and(|file| file.declared.contains(*name)).then_some(home)
                }));
                continue;
            }
            match self.home(path) {
                Some((home, true)) => drop(modules.insert(name.clone(), home)),
                Some((home, false)) => drop(used.insert(home)),
                None => {}
            }
        }
        for (name, target) in modules {
            for rest in beginnings(&file.code, &format!("{name}::")) {
                let inner = paths(rest, &target);
                used.extend(inner.iter().filter_map(|(_, path)| Some(self.home(path)?.0)));
            }
        }
        // A module can use its re-exports by name.
        let own: BTreeSet<&str> = words(&file.code).collect();
        for (name, target) in file.passed_on.iter().filter(|(name, _)| own.contains(name.as_str())) {
            if !file.declared.contains(name) {
                used.extend(self.home(target).map(|(home, _)| home));
            }
        }
        used
    }

    /// Returns the file of a module for these rules: a file and the folder with its name count as one.
    fn whole(&self, root: &Path, module: &Module) -> Module {
        let parents = (1..module.len()).map(|length| &module[..length]);
        let is_file = |parent: &&[String]| {
            let path = parent.iter().fold(root.to_owned(), |path, part| path.join(part));
            path.with_extension("rs").exists() || WHOLE.contains(&parent.join("/").as_str())
        };
        parents.filter(is_file).map(<[String]>::to_vec).next().unwrap_or_else(|| module.clone())
    }
}

/// Returns the files that can be reached from a file.
fn reached<'e>(edges: &'e BTreeMap<Module, BTreeSet<Module>>, start: &'e Module) -> BTreeSet<&'e Module> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(module) = waiting.pop() {
        for next in edges.get(module).into_iter().flatten() {
            if reached.insert(next) {
                waiting.push(next);
            }
        }
    }
    reached
}

/// A file can be read and tested without the files that use it.
#[test]
fn files_have_no_cycle() -> Outcome {
    let mut wrong = Vec::new();
    for root in CRATES {
        let files = Files::read(root)?;
        let base = repository().join(root);
        let mut edges: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for module in files.0.keys() {
            let own = files.whole(&base, module);
            let used =
                files.used_by(module).into_iter().map(|used| files.whole(&base, &used)).filter(|used| *used != own);
            edges.entry(own.clone()).or_default().extend(used);
        }
        let count: usize = edges.values().map(BTreeSet::len).sum();
        ensure!(count > edges.len(), "{root}: only {count} uses");
        for (user, used) in edges.iter().flat_map(|(user, all)| all.iter().map(move |used| (user, used))) {
            if reached(&edges, used).contains(user) {
                wrong.push(format!("{root}: {} -> {}", user.join("/"), used.join("/")));
            }
        }
    }
    ensure!(wrong.is_empty(), "files that use each other, or what does:\n{}", wrong.join("\n"));
    Ok(())
}
