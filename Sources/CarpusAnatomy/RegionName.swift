/// Rules for names that come from files.
enum RegionName {
  static let lengthLimit = 64
  private static let idLimit = 32

  static func isID(_ text: String) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= idLimit else { return false }
    return text.utf8.allSatisfy(isIDByte)
  }

  private static func isIDByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte) || byte == 95 || byte == 45
  }

  /// At most 64 scalars, without control, format and separator characters other than the plain space, and trimmed.
  static func cleaned(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard scalars.count < lengthLimit else { break }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .surrogate, .unassigned:
        if let last = scalars.last, last != " " { scalars.append(" ") }
      default: scalars.append(scalar)
      }
    }
    while scalars.last == " " { scalars.removeLast() }
    return scalars.isEmpty ? "unnamed" : String(scalars)
  }

  /// The id made from a name: lower case, everything else than letters and digits of ASCII, `_` and `-` becomes `-`.
  /// A name without such letters in front gets `region-`.
  static func id(from name: String) -> String {
    var bytes: [UInt8] = []
    for byte in name.lowercased().utf8 {
      if isIDByte(byte) { bytes.append(byte) } else if bytes.last != 45 { bytes.append(45) }
    }
    while bytes.last == 45 { bytes.removeLast() }
    while bytes.first == 45 { bytes.removeFirst() }
    let text = String(decoding: bytes, as: UTF8.self)
    let id = bytes.first.map { (97...122).contains($0) } == true ? text : text.isEmpty ? "region" : "region-\(text)"
    return String(id.prefix(idLimit))
  }

  /// `id`, or with `-2`, `-3`, … behind it, whichever is the first that `isTaken` denies; and the number.
  static func unique(_ id: String, isTaken: (String) -> Bool) -> (id: String, number: Int) {
    var number = 1
    var candidate = id
    while isTaken(candidate) {
      number += 1
      let suffix = "-\(number)"
      candidate = id.prefix(idLimit - suffix.utf8.count) + suffix
    }
    return (candidate, number)
  }

  /// The side that a name begins with, and the rest: `L:MCP2`, `R:MCP2`, `left_wrist`, `right wrist`. A name that ends
  /// in a letter says nothing: `PIP-R` is the ring finger, `R` the radius, `L` the lunate.
  static func laterality(of name: String) -> (Laterality, rest: String)? {
    let prefixes: [(String, Laterality)] = [
      ("l:", .left), ("r:", .right), ("left_", .left), ("right_", .right), ("left ", .left), ("right ", .right),
      ("left-", .left), ("right-", .right),
    ]
    for (prefix, laterality) in prefixes where name.count > prefix.count && name.prefix(prefix.count).lowercased() == prefix {
      return (laterality, String(name.dropFirst(prefix.count)))
    }
    return nil
  }
}
