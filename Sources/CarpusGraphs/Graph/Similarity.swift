/// Names that look like a misspelt one.
package enum Similarity {
  /// The `limit` names with the smallest edit distance, nearest first.
  package static func nearest(to name: String, among names: some Sequence<String>, limit: Int) -> [String] {
    names.map { (distance(name, $0), $0) }.sorted { $0 < $1 }.prefix(limit).map(\.1)
  }

  /// Number of bytes to insert, delete or replace (Levenshtein), over the first 200 bytes.
  private static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8.prefix(200)), b = Array(b.utf8.prefix(200))
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
