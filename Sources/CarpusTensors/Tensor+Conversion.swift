extension Tensor {
  /// The elements as another type, by the rules of `Kernels.convert`. The same tensor if it has that type.
  ///
  /// A number becomes the nearest of a compact floating-point type, and an integer of less than 8 bits by the low bits of its whole part.
  ///
  /// - Parameters:
  ///   - overflow: what becomes of numbers beyond those of a floating-point type of 8 bits.
  ///   - scaleRounding: how a number becomes a power of two, float8e8m0.
  /// - Precondition: neither type is text or complex.
  public func converted(
    to target: ElementType, overflow: CompactFloat.Overflow = .saturates, scaleRounding: CompactFloat.ScaleRounding = .up,
    team: ThreadTeam = .single
  ) -> Tensor {
    guard target != elementType else { return self }
    guard !elementType.isCompact else {
      return widened.converted(to: target, overflow: overflow, scaleRounding: scaleRounding, team: team)
    }
    if let format = CompactFloat(target) {
      let numbers = converted(to: .float64, team: team)
      return numbers.mapped(to: target) { format.code($0 as Double, overflow: overflow, scaleRounding: scaleRounding) }
    }
    if let bits = target.bitCount, target.isCompact {
      let isSigned = target == .int4 || target == .int2
      return converted(to: .int64, team: team).mapped(to: target) { Self.low(bits, of: UInt8(truncatingIfNeeded: $0 as Int64), isSigned) }
    }
    let storage = TensorStorage(byteCount: shape.count * target.byteCount)
    var bytes = storage.mutableRawSpan(offset: 0, byteCount: storage.byteCount)
    Kernels.convert(self.bytes, of: elementType, into: &bytes, as: target, team: team)
    return Tensor(elementType: target, shape: shape, storage: storage)
  }

  /// The elements of a compact type as the plain type that holds them all.
  private var widened: Tensor {
    if let format = CompactFloat(elementType) {
      let numbers = (0...255).map { Float(format.number($0)) }
      let codes = byteArray
      return Tensor(codes.map { numbers[Int($0)] }, shape: shape)
    }
    // Signed ones are kept with their sign extended.
    return reinterpreted(as: elementType == .int4 || elementType == .int2 ? .int8 : .uint8)
  }

  private func mapped<Element: TensorElement>(to target: ElementType, _ code: (Element) -> UInt8) -> Tensor {
    let elements = elements(Element.self)
    return Tensor(elements.indices.map { code(elements[$0]) }, shape: shape).reinterpreted(storedAs: target)
  }

  /// The low bits of a byte, the highest of them repeated if they have a sign.
  static func low(_ bits: Int, of byte: UInt8, _ isSigned: Bool) -> UInt8 {
    let spare = 8 - bits
    return isSigned ? UInt8(bitPattern: Int8(bitPattern: byte << spare) >> spare) : (byte << spare) >> spare
  }
}

extension Tensor {
  /// The same bits as another type. A truth value has one bit that matters: every other bit pattern than 0 becomes true.
  ///
  /// - Precondition: both types occupy as many bytes in memory, and neither is text.
  public func reinterpreted(as target: ElementType) -> Tensor {
    let isSigned = target == .int4 || target == .int2
    if let bits = target.bitCount, bits < 8, bits == elementType.bitCount {
      return Tensor(byteArray.map { Self.low(bits, of: $0, isSigned) }, shape: shape).reinterpreted(storedAs: target)
    }
    precondition(target.byteCount == elementType.byteCount && target != .string && elementType != .string)
    if target == .bool { return Tensor(byteArray.map { $0 != 0 }, shape: shape) }
    return reinterpreted(storedAs: target)
  }

  private func reinterpreted(storedAs target: ElementType) -> Tensor {
    Tensor(elementType: target, shape: shape, storage: storage, offset: offset)
  }

  /// Copies the elements of a tensor of the same type and count into this one's memory. Only for whoever is filling it.
  package func overwrite(with other: Tensor) {
    precondition(other.elementType == elementType && other.shape.count == shape.count)
    storage.fill(from: other.bytes, at: offset)
  }
}

extension Tensor {
  /// A tensor whose bytes are written by `fill`; they are zero before.
  package init(elementType: ElementType, shape: Shape, filledBy fill: (inout MutableRawSpan) -> Void) {
    let storage = TensorStorage(byteCount: shape.count * elementType.byteCount)
    var bytes = storage.mutableRawSpan(offset: 0, byteCount: storage.byteCount)
    fill(&bytes)
    self.init(elementType: elementType, shape: shape, storage: storage)
  }
}
