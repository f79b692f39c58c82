extension MutableSpan where Element: ~Copyable {
  /// The elements of a range, to be written while the whole is left alone.
  @_lifetime(&self)
  mutating func part(_ range: Range<Int>) -> MutableSpan<Element> { _mutatingExtracting(range) }
}
