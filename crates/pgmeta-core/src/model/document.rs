//! The model as a whole: a list for every kind, in the order of the JSON document.

use crate::model::*;

/// The format that this code writes, and the latest that it reads.
pub const FORMAT_VERSION: u32 = 1;

for_each_kind! { model }

impl Model {
    /// Replaces possible secrets: options of user mappings and the like, connection strings, passwords.
    pub fn mask_secrets(&mut self) {
        self.roles.iter_mut().for_each(Role::mask_secrets);
        self.foreign_data_wrappers.iter_mut().for_each(ForeignDataWrapper::mask_secrets);
        self.servers.iter_mut().for_each(Server::mask_secrets);
        self.user_mappings.iter_mut().for_each(UserMapping::mask_secrets);
        self.subscriptions.iter_mut().for_each(Subscription::mask_secrets);
    }
    /// Returns whether no secret in it is shown: masking would change nothing.
    pub fn is_masked(&self) -> bool {
        let shown = Model {
            roles: self.roles.clone(),
            foreign_data_wrappers: self.foreign_data_wrappers.clone(),
            servers: self.servers.clone(),
            user_mappings: self.user_mappings.clone(),
            subscriptions: self.subscriptions.clone(),
            ..Model::default()
        };
        let mut masked = shown.clone();
        masked.mask_secrets();
        masked == shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_masked_detects_visible_secrets() {
        let options = vec![Setting { name: "password".into(), value: "secret".into() }];
        let mapping = UserMapping { user: "u".into(), server: "s".into(), options, ..UserMapping::default() };
        let mut model = Model { user_mappings: vec![mapping], ..Model::default() };
        assert!(!model.is_masked());
        model.mask_secrets();
        assert!(model.is_masked() && Model::default().is_masked());
    }
}
