/// Which of a file's images is the radiograph.
struct ImageNames {
  private let names: [String?]

  init(_ names: [String?]) { self.names = names }

  /// The image whose path is `name`; else the one whose last component is that of `name`; else the one that differs from
  /// it in the extension only (radiographs get converted); else the only one.
  func choose(_ name: String?) throws(RegionError) -> (index: Int, isOtherName: Bool) {
    if let name {
      for part in [{ Substring($0) }, ImageNames.last, ImageNames.stem] as [(String) -> Substring] {
        let matches = names.indices.filter { names[$0].map(part) == part(name) }
        if matches.count == 1 { return (matches[0], false) }
        if matches.count > 1 { throw .imageNotUnique(RegionName.cleaned(String(part(name)))) }
      }
    }
    if names.count == 1 { return (0, name != nil) }
    let choices = names.indices.prefix(3).map { RegionName.cleaned(names[$0] ?? "image \($0 + 1)") }
    throw .imageNotFound(name.map { RegionName.cleaned(String(ImageNames.last($0))) }, choices: choices, count: names.count)
  }

  static func last(_ path: String) -> Substring { path.split { $0 == "/" || $0 == "\\" }.last ?? "" }

  static func stem(_ path: String) -> Substring {
    let name = last(path)
    return name.lastIndex(of: ".").map { name[..<$0] } ?? name
  }
}
