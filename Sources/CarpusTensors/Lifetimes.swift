/// Ties the lifetime of a view to the value that owns its memory. The standard library has the same function
/// under its own roof only.
@_lifetime(borrow source)
@_unsafeNonescapableResult
func _overrideLifetime<Result: ~Copyable & ~Escapable, Source: ~Copyable & ~Escapable>(
  _ dependent: consuming Result, borrowing source: borrowing Source
) -> Result { dependent }

/// Lends a view as long as `owner` is being changed, so that two views of one owner cannot be held at a time.
@_lifetime(&owner)
@_unsafeNonescapableResult
package func lend<View: ~Copyable & ~Escapable, Owner: ~Copyable>(_ view: consuming View, from owner: inout Owner) -> View { view }
