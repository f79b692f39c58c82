internal import GRDB

/// A row whose values are taken with care: a file may hold anything.
struct StoreRow {
  let row: Row

  private func storage(_ column: String) -> DatabaseValue.Storage {
    let value: DatabaseValue = row[column]
    return value.storage
  }

  private func wrong(_ column: String) -> StoreError { .damaged("a value of the column ‘\(column)’") }

  func optionalInteger(_ column: String) throws -> Int? {
    switch storage(column) {
    case .null: return nil
    case .int64(let value): return Int(value)
    default: throw wrong(column)
    }
  }

  func optionalReal(_ column: String) throws -> Double? {
    switch storage(column) {
    case .null: return nil
    case .double(let value) where value.isFinite: return value
    case .int64(let value): return Double(value)
    default: throw wrong(column)
    }
  }

  func optionalText(_ column: String) throws -> String? {
    switch storage(column) {
    case .null: return nil
    case .string(let value): return value
    default: throw wrong(column)
    }
  }

  func integer(_ column: String) throws -> Int {
    guard let value = try optionalInteger(column) else { throw wrong(column) }
    return value
  }

  func real(_ column: String) throws -> Double {
    guard let value = try optionalReal(column) else { throw wrong(column) }
    return value
  }

  func text(_ column: String) throws -> String {
    guard let value = try optionalText(column) else { throw wrong(column) }
    return value
  }

  /// The cells of a map, of four bytes each, little-endian.
  func cells(_ column: String, height: String, width: String) throws -> [Float] {
    let rows = try integer(height), columns = try integer(width)
    guard case .blob(let data) = storage(column), (1...1 << 14).contains(rows), (1...1 << 14).contains(columns), data.count == 4 * rows * columns else {
      throw wrong(column)
    }
    let bytes = [UInt8](data)
    let numbers = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
    guard numbers.allSatisfy(\.isFinite) else { throw wrong(column) }
    return numbers
  }

  /// Numbers of eight bytes each, little-endian.
  func optionalNumbers(_ column: String) throws -> [Double]? {
    switch storage(column) {
    case .null: return nil
    case .blob(let data) where data.count % 8 == 0 && data.count <= 1 << 20:
      let bytes = [UInt8](data)
      let numbers = stride(from: 0, to: bytes.count, by: 8).map { start in
        Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
      }
      guard numbers.allSatisfy(\.isFinite) else { throw wrong(column) }
      return numbers
    default: throw wrong(column)
    }
  }
}
