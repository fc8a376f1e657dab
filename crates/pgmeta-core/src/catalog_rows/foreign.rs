//! Rows of foreign-data wrappers, servers and user mappings.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{ForeignDataWrapper, Server, Setting, UserMapping};

row! {
    pub struct ForeignDataWrapperRow = "foreign_data_wrappers" of FOREIGN_DATA_WRAPPER {
        oid: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, handler: Option<Name>, validator: Option<Name>,
        options: Option<Vec<String>>,
    }
}
row! {
    pub struct ServerRow = "servers" of FOREIGN_SERVER {
        oid: u32, name: Name, wrapper: Name, owner: u32, acl: Option<Vec<AclItem>>, server_type: Option<String>,
        version: Option<String>, options: Option<Vec<String>>,
    }
}
row! {
    pub struct UserMappingRow = "user_mappings" of USER_MAPPING {
        oid: u32, user: Name, server: Name, options: Option<Vec<String>>, options_hidden: bool,
    }
}

/// Foreign-data options are a set: they are sorted by name.
fn options(texts: Option<Vec<String>>) -> Vec<Setting> {
    let mut options = Setting::parse_all(texts);
    options.sort_by(|a, b| a.name.cmp(&b.name));
    options
}

impl Ingest for ForeignDataWrapperRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::FOREIGN_DATA_WRAPPER, self.oid) {
            return Ok(());
        }
        let mut wrapper = ForeignDataWrapper {
            name: self.name,
            handler: self.handler,
            validator: self.validator,
            options: options(self.options),
            ..ForeignDataWrapper::default()
        };
        let address = Address::of(class::FOREIGN_DATA_WRAPPER, self.oid);
        builder.describe(&mut wrapper, address, Some(self.owner), self.acl)?;
        builder.model.foreign_data_wrappers.push(wrapper);
        Ok(())
    }
}

impl Ingest for ServerRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::FOREIGN_SERVER, self.oid) {
            return Ok(());
        }
        let mut server = Server {
            name: self.name,
            foreign_data_wrapper: self.wrapper,
            server_type: self.server_type,
            version: self.version,
            options: options(self.options),
            ..Server::default()
        };
        builder.describe(&mut server, Address::of(class::FOREIGN_SERVER, self.oid), Some(self.owner), self.acl)?;
        builder.model.servers.push(server);
        Ok(())
    }
}

impl Ingest for UserMappingRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::USER_MAPPING, self.oid) {
            return Ok(());
        }
        let mut mapping = UserMapping {
            user: self.user,
            server: self.server,
            options: options(self.options),
            options_hidden: self.options_hidden,
            ..UserMapping::default()
        };
        builder.describe(&mut mapping, Address::of(class::USER_MAPPING, self.oid), None, None)?;
        builder.model.user_mappings.push(mapping);
        Ok(())
    }
}
