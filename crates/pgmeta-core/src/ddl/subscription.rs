//! Subscriptions as DDL: created without a connection to the publisher, and so disabled.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, unless_missing};
use crate::ident::{ident, ident_list, literal};
use crate::model::{Part, Subscription};

impl Render for Subscription {
    fn target(&self) -> String {
        format!("SUBSCRIPTION {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let slot = self.slot_name.as_ref().map_or_else(|| "NONE".to_owned(), |name| literal(name));
        let mut options = vec!["connect = false".to_owned(), format!("slot_name = {slot}")];
        // Always printed, because PostgreSQL 18 has another default.
        options.push(format!("streaming = {}", self.streaming.word()));
        let switches = [
            (self.binary, "binary = true"),
            (self.two_phase, "two_phase = true"),
            (self.disable_on_error, "disable_on_error = true"),
            (self.no_password_required, "password_required = false"),
            (self.run_as_owner, "run_as_owner = true"),
            (self.failover, "failover = true"),
        ];
        options.extend(switches.iter().filter(|(on, _)| *on).map(|(_, sql)| (*sql).to_owned()));
        options
            .extend(self.synchronous_commit.as_ref().map(|value| format!("synchronous_commit = {}", literal(value))));
        options.extend(self.origin.as_ref().map(|value| format!("origin = {}", literal(value))));
        out.create(
            cx,
            format_args!(
                "CREATE {} CONNECTION {} PUBLICATION {} WITH ({})",
                self.target(),
                literal(self.connection.as_deref().unwrap_or_default()),
                ident_list(&self.publications),
                options.join(", "),
            ),
        );
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        // A subscription with a slot cannot be dropped in a transaction. The slot remains on the publisher.
        let target = self.target();
        let sql = format!("ALTER {target} DISABLE;\n    ALTER {target} SET (slot_name = NONE);\n    DROP {target}");
        (part == Part::Main).then(|| unless_missing(&sql))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Model, Streaming};

    #[test]
    fn subscription_ddl_never_connects() {
        let mut subscription = Subscription {
            name: "s".into(),
            publications: vec!["p".into(), "Q".into()],
            connection: Some("host=h password=x".into()),
            slot_name: Some("o".into()),
            streaming: Streaming::Parallel,
            no_password_required: true,
            origin: Some("none".into()),
            ..Subscription::default()
        };
        subscription.mask_secrets();
        let model = Model { subscriptions: vec![subscription], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "CREATE SUBSCRIPTION s CONNECTION 'host=h password=********' PUBLICATION p, \"Q\" WITH (connect = false, \
             slot_name = 'o', streaming = parallel, password_required = false, origin = 'none');\n"
        );
    }
}
