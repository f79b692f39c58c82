import CarpusGraphs
import CarpusTensors

/// One case as ONNX's backend test suite keeps them: `model.onnx`, and folders `test_data_set_0` … with values for its inputs,
/// `input_0.pb` …, and the outputs that it must give, `output_0.pb` ….
package struct ConformanceCase {
  /// |actual − expected| ≤ absolute + relative · |expected| for every element of a floating-point output; everything else must be equal.
  ///
  /// The defaults are the suite's own. bfloat16 is allowed a relative difference of 2⁻⁶.
  package struct Tolerance: Sendable {
    package var absolute: Double
    package var relative: Double

    package init(absolute: Double = 1e-7, relative: Double = 1e-3) {
      self.absolute = absolute
      self.relative = relative
    }
  }

  /// Why a case is not passed, in a sentence.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let model: ONNXModel
  private let graph: Graph
  private let folder: String

  /// - Throws: when the model cannot be imported.
  package init(folder: String) throws(ImportError) {
    self.folder = folder
    do { model = try ONNXFile.read(at: folder + "/model.onnx") } catch { throw .file(error) }
    graph = try ONNXDocument(model).graph()
  }

  /// Runs all data sets.
  ///
  /// - Throws: at the first output that is not as it must be.
  package func check(_ tolerance: Tolerance, threads: Int) throws(Failure) {
    let workspace: Workspace
    do { workspace = Workspace(try Plan(graph), threads: threads) } catch { throw Failure(description: error.description) }
    var set = 0
    while let inputs = try values("test_data_set_\(set)/input", model.inputsToFeed) {
      // A model without inputs has a set only where there are outputs.
      guard let expected = try values("test_data_set_\(set)/output", model.graph.outputs), !(inputs.isEmpty && expected.isEmpty) else { break }
      var named: [String: RunValue] = [:]
      for (info, value) in zip(model.inputsToFeed, inputs) { named[info.name] = value }
      let actual: [RunValue]
      do { actual = try workspace.run(values: named) } catch { throw Failure(description: error.description) }
      for (index, (value, wanted)) in zip(actual, expected).enumerated() {
        if let problem = Self.disagreement(value, wanted, tolerance) {
          throw Failure(description: "output \(index) (\(model.graph.outputs[index].name)): \(problem)")
        }
      }
      set += 1
    }
    guard set > 0 else { throw Failure(description: "the case has no test_data_set_0") }
  }

  /// The values `PREFIX_0.pb` …, as many as there are, of the types that the model declares.
  private func values(_ prefix: String, _ declared: [ONNXValueInfo]) throws(Failure) -> [RunValue]? {
    var values: [RunValue] = []
    for (index, info) in declared.enumerated() {
      do { values.append(try ONNXFile.readValue(at: "\(folder)/\(prefix)_\(index).pb", as: info.type ?? .unsupported("no type"))) } catch {
        if error.kind == .notFound { return index == 0 && !declared.isEmpty ? nil : values }
        throw Failure(description: "\(prefix)_\(index).pb: \(error)")
      }
    }
    return values
  }

  // MARK: Comparison

  /// What is wrong with `actual`; `nil` if nothing is.
  static func disagreement(_ actual: RunValue, _ expected: RunValue, _ tolerance: Tolerance) -> String? {
    switch (actual, expected) {
    case (.tensor(let a), .tensor(let b)): return disagreement(a, b, tolerance)
    case (.sequence(let a, _), .sequence(let b, _)):
      guard a.count == b.count else { return "\(a.count) elements instead of \(b.count)" }
      for (index, (x, y)) in zip(a, b).enumerated() {
        if let problem = disagreement(x, y, tolerance) { return "element \(index): \(problem)" }
      }
      return nil
    case (.optional(nil, _), .optional(nil, _)): return nil
    case (.optional(let a?, _), .optional(let b?, _)): return disagreement(a, b, tolerance)
    case (.map(let keys, let values), .map(let wantedKeys, let wantedValues)):
      return disagreement(keys, wantedKeys, tolerance) ?? disagreement(values, wantedValues, tolerance)
    default: return "\(actual.type) instead of \(expected.type)"
    }
  }

  private static func disagreement(_ actual: Tensor, _ expected: Tensor, _ tolerance: Tolerance) -> String? {
    guard actual.elementType == expected.elementType, actual.shape == expected.shape else {
      return "\(actual.elementType) \(actual.shape) instead of \(expected.elementType) \(expected.shape)"
    }
    if let a = actual.texts, let b = expected.texts {
      return zip(a, b).contains { !$0.utf8.elementsEqual($1.utf8) } ? "other texts than expected" : nil
    }
    guard actual.elementType.isFloatingPoint else { return actual.byteArray == expected.byteArray ? nil : integerDifference(actual, expected) }
    let relative = actual.elementType == .bfloat16 ? max(tolerance.relative, 1.0 / 64) : tolerance.relative
    let a = actual.doubles, b = expected.doubles
    let wrong = a.indices.filter { index in
      if a[index] == b[index] || (a[index].isNaN && b[index].isNaN) { return false }
      return !(abs(a[index] - b[index]) <= tolerance.absolute + relative * abs(b[index]))
    }
    return wrong.first.map { "\(wrong.count) of \(a.count) elements differ, the first at \($0): \(a[$0]) instead of \(b[$0])" }
  }

  private static func integerDifference(_ actual: Tensor, _ expected: Tensor) -> String {
    let a = actual.byteArray, b = expected.byteArray, size = actual.elementType.byteCount
    let first = (a.indices.first { a[$0] != b[$0] } ?? 0) / size
    guard let x = actual.integers, let y = expected.integers else { return "element \(first) differs" }
    return "element \(first) is \(x[first]) instead of \(y[first])"
  }
}

extension ONNXModel {
  /// The inputs that a run must bring: those that have no initializer.
  var inputsToFeed: [ONNXValueInfo] { graph.inputs.filter { graph.initializers[$0.name] == nil } }
}
