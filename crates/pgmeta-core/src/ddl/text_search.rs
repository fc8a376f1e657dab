//! Text searchs as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::{
    TextSearchConfiguration, TextSearchDictionary, TextSearchParser, TextSearchTemplate,
};

impl Render for TextSearchParser {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}

impl Render for TextSearchTemplate {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}

impl Render for TextSearchDictionary {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}

impl Render for TextSearchConfiguration {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}
