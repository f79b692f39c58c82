import CarpusTensors

/// Gives each text a number, 0 being that of the empty text.
struct TextTable {
  private var texts = [""]
  /// By the bytes of the text: strings that only look alike are equal to Swift.
  private var numbers: [[UInt8]: Int64] = [[]: 0]

  /// The numbers of a tensor of text, as `int64`; any other value as it is.
  mutating func numbered(_ value: RunValue) -> RunValue {
    guard let tensor = value.tensor, let texts = tensor.texts else { return value }
    var result: [Int64] = []
    result.reserveCapacity(texts.count)
    for text in texts { result.append(number(of: text)) }
    return .tensor(Tensor(result, shape: tensor.shape))
  }

  /// - Precondition: the elements are numbers of this table.
  /// - Throws: `OperatorError.tooLarge` when there is no memory for them.
  func texts(_ numbers: Tensor) throws(OperatorError) -> Tensor {
    let result = numbers.array(of: Int64.self).map { texts[Int($0)] }
    try MemoryLimit.check(result)
    return Tensor(result, shape: numbers.shape)
  }

  private mutating func number(of text: String) -> Int64 {
    let key = Array(text.utf8)
    if let number = numbers[key] { return number }
    let number = Int64(texts.count)
    texts.append(text)
    numbers[key] = number
    return number
  }
}
