//! The dependencies of an object: from its attributes, its parts, and the catalog.

use crate::model::{ObjectKey, ObjectRef};

/// Calls `each` with the dependencies of an object as a whole.
pub fn each_need_of_whole(object: ObjectRef<'_>, mut each: impl FnMut(ObjectKey)) {
    each_of_main(object, &mut each);
    object.parts().into_iter().flat_map(|part| part.requires).for_each(&mut each);
}

/// Calls `each` with the dependencies of an object as a whole, without its parts that are separate steps.
fn each_of_main(object: ObjectRef<'_>, mut each: impl FnMut(ObjectKey)) {
    object.requires().into_iter().for_each(&mut each);
    object.object().shared().depends_on.iter().cloned().for_each(&mut each);
}

/// Calls `each` with all dependencies of an object, including those of its defaults and checks.
pub fn each_need(object: ObjectRef<'_>, each: &mut dyn FnMut(ObjectKey)) {
    each_need_of_whole(object, &mut *each);
    each_of_defaults(object, each);
}

/// The same, without the needs of its parts that are separate steps.
pub fn each_need_of_main(object: ObjectRef<'_>, each: &mut dyn FnMut(ObjectKey)) {
    each_of_main(object, &mut *each);
    each_of_defaults(object, each);
}

fn each_of_defaults(object: ObjectRef<'_>, each: &mut dyn FnMut(ObjectKey)) {
    object.each_expression(&mut |_, needs| needs.iter().cloned().for_each(&mut *each));
}
