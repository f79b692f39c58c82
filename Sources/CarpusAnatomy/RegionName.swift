/// Rules for names that come from files.
package enum RegionName {
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
  package static func cleaned(_ text: String) -> String {
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

  /// The side that a name says, and the rest: `L:MCP2`, `left_wrist`, `right wrist`, `wrist, left`. A letter is a side only beside a name
  /// of the hand's vocabulary: `R_MCP2` and `ulna-R`; `PIP-R` is the ring finger, `R` the radius, `L` the lunate.
  static func laterality(of name: String) -> (Laterality, rest: String)? {
    if name.count > 2, let side = Laterality(rawValue: name.prefix(1).uppercased()), isSide(side), name.dropFirst().first == ":" {
      return (side, String(name.dropFirst(2)))
    }
    let separators: Set<Character> = [" ", "_", "-"]
    func side(_ word: Substring) -> (Laterality, isLetter: Bool)? {
      switch word.lowercased() {
      case "left": (.left, false)
      case "right": (.right, false)
      case "l": (.left, true)
      case "r": (.right, true)
      default: nil
      }
    }
    func isKnown(_ rest: Substring) -> Bool { HandVocabulary.standard.term(named: String(rest)) != nil }
    if let end = name.firstIndex(where: separators.contains), let (side, isLetter) = side(name[..<end]) {
      let rest = name[name.index(after: end)...]
      if !rest.isEmpty, !isLetter || isKnown(rest) { return (side, String(rest)) }
    }
    if let start = name.lastIndex(where: separators.contains), let (side, isLetter) = side(name[name.index(after: start)...]) {
      let rest = name[..<start]
      if !rest.isEmpty, isKnown(rest) || !isLetter { return (side, String(rest.last == "," ? rest.dropLast() : rest)) }
    }
    return nil
  }

  private static func isSide(_ side: Laterality) -> Bool { side == .left || side == .right }
}
