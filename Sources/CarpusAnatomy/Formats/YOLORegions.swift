import CarpusImaging

/// YOLO's text: a line for each region, the number of its class and, as shares of width and height, the box's centre and extent, or the
/// points of a polygon. The classes' names are lines of `classes.txt`, `labels.txt` or `obj.names` beside it. A sixth number behind a box is a
/// confidence, which is not used.
///
/// Source: docs.ultralytics.com, the page on data sets for detection and segmentation.
enum YOLORegions {
  /// The lines, where the first is one of this format.
  static func lines(of text: String) -> [Substring]? {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }) else { return nil }
    let words = first.split { $0 == " " || $0 == "\t" }
    return words.count >= 5 && words.allSatisfy { Double($0) != nil } ? lines : nil
  }

  static func read(_ lines: [Substring], source: RegionSource) throws(RegionError) -> RegionSet {
    let classes = try classes(try source.document.first(of: ["classes.txt", "labels.txt", "obj.names"]))
    var assembly = RegionAssembly(size: source.imageSize)
    assembly.dialect = NameDialect(of: classes)
    for (index, line) in lines.enumerated() {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard !words.isEmpty else { continue }
      let place = "line \(index + 1)"
      guard let number = Int(words[0]), classes.indices.contains(number) else {
        throw .malformed(at: place, "a class is a number from 0 to \(classes.count - 1), a line of classes.txt")
      }
      var numbers: [Double] = []
      for word in words.dropFirst() {
        guard let value = Double(word), value.isFinite else { throw .malformed(at: place, "‘\(RegionName.cleaned(String(word)))’ is no number") }
        numbers.append(value)
      }
      let isBox = numbers.count == 4 || numbers.count == 5
      guard isBox || numbers.count >= 6 && numbers.count % 2 == 0 else {
        throw .malformed(at: place, "behind the class stand four numbers of a box, or x and y of at least three points, not \(numbers.count) numbers")
      }
      let scale = isBox ? Array(numbers.prefix(4)) : numbers
      guard scale.allSatisfy({ (-1...2).contains($0) }) else {
        throw .malformed(at: place, "coordinates are shares of width and height, from 0 to 1; those in pixels are read from CSV")
      }
      let identity = assembly.identity(classes[number], nil)
      let (width, height) = (Double(source.imageSize.width), Double(source.imageSize.height))
      if isBox {
        guard numbers[2] > 0, numbers[3] > 0 else { throw .invalid(region: identity.name, "its box has no positive width and height") }
        func edge(_ value: Double, _ extent: Double) -> Double { snapped(value * extent) }
        try assembly.add(
          identity,
          box: PixelRectangle(
            minX: edge(numbers[0] - numbers[2] / 2, width), minY: edge(numbers[1] - numbers[3] / 2, height),
            maxX: edge(numbers[0] + numbers[2] / 2, width), maxY: edge(numbers[1] + numbers[3] / 2, height)))
      } else {
        let points = stride(from: 0, to: numbers.count, by: 2).map { PixelPoint(x: numbers[$0] * width, y: numbers[$0 + 1] * height) }
        try assembly.add(identity, polygons: [points])
      }
    }
    return try assembly.set()
  }

  /// The names of the classes in the bytes of `classes.txt`.
  static func classes(_ bytes: [UInt8]) throws(RegionError) -> [String] {
    guard bytes.count <= RegionLimits.bytes, let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed(at: "classes.txt", "the text is not UTF-8")
    }
    var classes = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { String($0) }
    while classes.last?.allSatisfy(\.isWhitespace) == true { classes.removeLast() }
    return classes
  }

  /// Shares are written with few digits: what comes within a hundredth of a pixel of half a pixel is meant to be there.
  private static func snapped(_ value: Double) -> Double {
    let half = (value * 2).rounded() / 2
    return abs(value - half) < 0.01 ? half : value
  }

  static func write(_ set: RegionSet, named name: String, classes: [String]) throws(RegionError) -> [RegionFile] {
    guard name.lowercased() != "classes.txt" else { throw .notHeld("YOLO's format", "its regions in classes.txt, where the names are") }
    var classes = classes
    var text = ""
    for region in set.regions {
      guard let box = region.mask.bounds else { continue }
      let title = try RegionName.sided(region, in: "YOLO's format")
      let (width, height) = (Double(set.size.width), Double(set.size.height))
      let numbers = [(box.minX + box.maxX) / 2 / width, (box.minY + box.maxY) / 2 / height, (box.maxX - box.minX) / width, (box.maxY - box.minY) / height]
      let number = classes.firstIndex(of: title) ?? classes.count
      if number == classes.count { classes.append(title) }
      text += "\(number) \(numbers.map { "\($0)" }.joined(separator: " "))\n"
    }
    return [
      RegionFile(name: name, bytes: Array(text.utf8)),
      RegionFile(name: "classes.txt", bytes: Array((classes.joined(separator: "\n") + "\n").utf8)),
    ]
  }
}
