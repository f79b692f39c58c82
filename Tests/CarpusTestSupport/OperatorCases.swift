public import CarpusGraphs
public import CarpusTensors
internal import Foundation
public import Testing

/// What a case expects of one result of an operator.
public enum OperatorCaseResult: Sendable {
  case tensor(Tensor)
  case sequence([Tensor])
  /// The node does not name this result.
  case omitted
}

/// One node with its operands and the results that it must give: an element of `cases` in `Fixtures/Operators/NAME.json`
/// or, with seeds and gradients, in `Fixtures/Gradients/NAME.json`.
public struct OperatorCase: Sendable, CustomTestStringConvertible {
  public let operatorName: String
  public let domain: String
  public let name: String
  /// The version of the domain's operator set that the node is to be read by.
  public let opset: Int
  public let attributes: [String: AttributeValue]
  /// `nil` where the operand is left out, or where it is a sequence.
  public let operands: [Tensor?]
  /// The operands that are sequences, by their index.
  public let sequenceOperands: [Int: [Tensor]]
  /// The indices of the operands that are initializers.
  public let constantOperands: Set<Int>
  public let results: [OperatorCaseResult]
  /// Allowed is |actual − expected| ≤ absolute + relative · |expected|.
  public let absoluteTolerance: Double
  public let relativeTolerance: Double
  /// ∂score/∂result, per result; empty in `Fixtures/Operators`.
  public let seeds: [Tensor?]
  /// ∂score/∂operand, per operand; `nil` where no gradient flows. Empty in `Fixtures/Operators`.
  public let gradients: [Tensor?]

  public var testDescription: String { "\(operatorName)-\(opset) \(name)" }

  /// The cases of an operator, in the order of the file.
  ///
  /// - Parameter folder: `Operators` or `Gradients`.
  public static func load(_ operatorName: String, from folder: String = "Operators") throws -> [OperatorCase] {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let data = try Data(contentsOf: Fixtures.url("\(folder)/\(operatorName).json"))
    return try decoder.decode(CaseFile.self, from: data).cases.map { OperatorCase($0, operatorName: operatorName) }
  }

  private init(_ written: WrittenCase, operatorName: String) {
    self.operatorName = written.operator ?? operatorName
    domain = written.domain ?? ""
    name = written.name
    opset = written.opset
    attributes = written.attributes.mapValues(\.value)
    operands = written.operands.map { $0?.tensor }
    sequenceOperands = [Int: [Tensor]](
      uniqueKeysWithValues: written.operands.enumerated().compactMap { index, value in value?.sequence.map { (index, $0) } })
    constantOperands = Set(written.constant_operands)
    results = written.results.map { value in
      switch value {
      case .tensor(let tensor): .tensor(tensor.tensor)
      case .sequence(let tensors): .sequence(tensors.map(\.tensor))
      case nil: .omitted
      }
    }
    absoluteTolerance = written.tolerance.absolute
    relativeTolerance = written.tolerance.relative
    seeds = (written.seeds ?? []).map { $0?.tensor }
    gradients = (written.gradients ?? []).map { $0?.tensor }
  }
}

// MARK: - The file

private struct CaseFile: Decodable {
  let cases: [WrittenCase]
}

private struct WrittenCase: Decodable {
  struct Tolerance: Decodable {
    let absolute: Double
    let relative: Double
  }

  let name: String
  /// Where the file holds cases of several operators.
  let `operator`: String?
  let domain: String?
  let opset: Int
  let attributes: [String: WrittenAttribute]
  let operands: [WrittenValue?]
  let constant_operands: [Int]
  let results: [WrittenValue?]
  let tolerance: Tolerance
  let seeds: [WrittenTensor?]?
  let gradients: [WrittenTensor?]?
}

private enum WrittenValue: Decodable {
  case tensor(WrittenTensor)
  case sequence([WrittenTensor])

  private enum Key: CodingKey { case sequence }

  init(from decoder: any Decoder) throws {
    if let tensors = try decoder.container(keyedBy: Key.self).decodeIfPresent([WrittenTensor].self, forKey: .sequence) {
      self = .sequence(tensors)
    } else {
      self = .tensor(try WrittenTensor(from: decoder))
    }
  }

  var tensor: Tensor? { if case .tensor(let tensor) = self { tensor.tensor } else { nil } }
  var sequence: [Tensor]? { if case .sequence(let tensors) = self { tensors.map(\.tensor) } else { nil } }
}

private struct WrittenTensor: Decodable {
  let tensor: Tensor

  private enum Key: CodingKey { case type, shape, values }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let typeName = try fields.decode(String.self, forKey: .type)
    guard let elementType = ElementType(rawValue: typeName) else {
      throw DecodingError.dataCorruptedError(forKey: .type, in: fields, debugDescription: "no element type is called \(typeName)")
    }
    let shape = Shape(try fields.decode([Int].self, forKey: .shape))

    func integers<Element: TensorElement & Decodable>(_ type: Element.Type) throws -> Tensor {
      Tensor(try fields.decode([Element].self, forKey: .values), shape: shape)
    }
    func reals<Element: TensorElement>(_ convert: (Double) -> Element) throws -> Tensor {
      Tensor(try fields.decode([Double].self, forKey: .values).map(convert), shape: shape)
    }
    tensor = switch elementType {
    case .float32: try reals { Float($0) }
    case .float64: try reals { $0 }
    case .float16: try reals { Float16($0) }
    case .bfloat16: try reals { BFloat16(Float($0)) }
    case .int8: try integers(Int8.self)
    case .int16: try integers(Int16.self)
    case .int32: try integers(Int32.self)
    case .int64: try integers(Int64.self)
    case .uint8: try integers(UInt8.self)
    case .uint16: try integers(UInt16.self)
    case .uint32: try integers(UInt32.self)
    case .uint64: try integers(UInt64.self)
    case .string: Tensor(try fields.decode([String].self, forKey: .values), shape: shape)
    case .bool: Tensor(try fields.decode([Int].self, forKey: .values).map { $0 != 0 }, shape: shape)
    default: throw DecodingError.dataCorruptedError(forKey: .type, in: fields, debugDescription: "no case is written with elements of \(typeName)")
    }
  }
}

private struct WrittenAttribute: Decodable {
  let value: AttributeValue

  private enum Key: CodingKey { case int, float, string, tensor, ints, floats, strings }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    value = switch fields.allKeys.first {
    case .int: .int(try fields.decode(Int.self, forKey: .int))
    case .float: .float(try fields.decode(Float.self, forKey: .float))
    case .string: .string(try fields.decode(String.self, forKey: .string))
    case .tensor: .tensor(try fields.decode(WrittenTensor.self, forKey: .tensor).tensor)
    case .ints: .ints(try fields.decode([Int].self, forKey: .ints))
    case .floats: .floats(try fields.decode([Float].self, forKey: .floats))
    case .strings: .strings(try fields.decode([String].self, forKey: .strings))
    case nil:
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "an attribute without a value"))
    }
  }
}
