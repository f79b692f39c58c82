import CarpusStore
import Foundation
import Testing

@Suite struct AuditStoreTests {
  private let folder: URL
  private let study = StoredStudy(
    settings: ["seed": "1", "rules": "agreement=0.0"],
    models: [.init(name: "a", file: "a.onnx", sha256: "0a", cardSHA256: ""), .init(name: "b", file: "b.onnx", sha256: "0b", cardSHA256: "1b")],
    imageCount: 5)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "carpus-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }
  private func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  private func image(_ index: Int, total: Double? = 3) -> StoredImage {
    let region = StoredRegion(
      key: "L:mcp2", kind: "site", pixels: 7, points: 0.1 + Double(index), pointsPositive: 1e-300, pointsNegative: -0.0, mass: nil, areaShare: 1 / 3,
      enrichment: .pi, peakInside: index % 2 == 0, p: 0.5, draws: [0, -1.5, .greatestFiniteMagnitude])
    let map = StoredMap(
      method: "hirescam", layer: "/features/…'\"", height: 2, width: 3, intercept: 1, inRegions: 2, elsewhere: 3, residual: 1e-17, sumPositive: 5,
      sumNegative: -1, slope: 1, entropy: 3, gini: 0.5, paddingMass: 0, cells: [0, -1, .pi, 1e-30, .greatestFiniteMagnitude, 6],
      frame: StoredMap.Frame(x: -1.5, y: 0, width: 515, height: 256.25), regions: [region, region])
    let prediction = StoredPrediction(
      score: 12.5, classIndex: 3, className: "0-30", maps: [map, map], coverings: [.init(key: "marker", pixels: 9, score: 11)], memberAgreement: 0.25)
    let other = StoredPrediction(score: -1, classIndex: nil, className: nil, maps: [], coverings: [])
    return StoredImage(
      index: index, file: "images/\(index).png", sha256: "ff", patient: "P\(index)", visit: nil, total: total, width: 512, height: 256,
      grades: [.init(item: "L:MCP2.erosion", grade: 3), .init(item: "R:Ulna.erosion", grade: 0)], predictions: [prediction, other])
  }

  private func store(_ name: String, _ indices: [Int]) throws -> AuditStore {
    let store = try AuditStore(writing: path(name), study: study)
    for index in indices { try store.append(image(index)) }
    return store
  }

  @Test func whatIsWrittenIsRead() throws {
    let store = try store("a", [2, 0])
    #expect(try store.images() == [0, 2])
    #expect(try store.image(2) == image(2) && store.image(0) == image(0))
    try store.close()
    let again = try AuditStore(reading: path("a"))
    #expect(again.study == study)
    var read: [StoredImage] = []
    try again.forEachImage { read.append($0) }
    #expect(read == [image(0), image(2)])
  }

  @Test func theBytesOfTheWholeDependOnItsContentAlone() throws {
    try AuditStore.rewrite([store("whole", [0, 1, 2, 3, 4])], to: path("1"))
    try AuditStore.rewrite([store("odd", [3, 1]), store("even", [4, 0, 2])], to: path("2"))
    let first = try store("first", [4, 1])
    try first.close()
    // Continued, and with an image that another store has too.
    try AuditStore.rewrite([store("last", [0, 1]), store("first", [2, 3])], to: path("3"))
    let rewritten = try AuditStore(reading: path("1"))
    try AuditStore.rewrite([rewritten], to: path("4"))
    for name in ["2", "3", "4"] { #expect(try bytes(name) == bytes("1"), "\(name)") }
    #expect(try AuditStore(reading: path("2")).images() == [0, 1, 2, 3, 4])
  }

  @Test func anotherStudyIsRefused() throws {
    try store("a", [0]).close()
    for change in [
      { (study: inout StoredStudy) in study.settings["seed"] = "2" }, { $0.settings["more"] = "" }, { $0.models[1].sha256 = "0c" },
      { $0.models.removeLast() }, { $0.imageCount = 6 },
    ] as [(inout StoredStudy) -> Void] {
      var other = study
      change(&other)
      let error = #expect(throws: StoreError.self) { _ = try AuditStore(writing: path("a"), study: other) }
      guard case .otherStudy = error else { Issue.record("\(String(describing: error))"); continue }
    }
    #expect(try AuditStore(writing: path("a"), study: study).images() == [0])
  }

  @Test func storesThatAreNotOneAreRefused() throws {
    let some = try store("some", [0, 1]), other = try AuditStore(writing: path("other"), study: study)
    #expect(throws: StoreError.notOne("3 of 5 images are missing, the first is image 3 of the study")) {
      try AuditStore.rewrite([some], to: path("x"))
    }
    try other.append(image(1, total: 4))
    #expect(throws: StoreError.notOne("two stores have different results for image 2 of the study")) {
      try AuditStore.rewrite([some, other], to: path("x"))
    }
  }

  @Test func anImageIsThereWholeOrNotAtAll() throws {
    let store = try store("a", [0])
    // The second row of an image of that number is refused, after other rows were written.
    #expect(throws: StoreError.self) { try store.append(image(0)) }
    #expect(try store.images() == [0] && store.image(0) == image(0))
    try store.append(image(1))
    #expect(try store.images() == [0, 1])
  }

  @Test func checksBelongToTheWholeStudy() throws {
    let checks = [
      StoredCheck(name: "weights", member: "", value: -0.25, images: 20, sentence: "They forget"),
      StoredCheck(name: "weights-1/4", member: "", value: 0.5, images: 20, sentence: "A step"),
    ]
    let one = try store("one", [0, 1, 2]), other = try store("other", [3, 4])
    #expect(try one.checks(of: 0).isEmpty)
    try one.append(checks, of: 0)
    #expect(try one.checks(of: 0) == checks && one.checks(of: 1).isEmpty)
    // Made by one shard and not by the other.
    #expect(throws: StoreError.self) { try AuditStore.rewrite([one, other], to: path("whole")) }
    try other.append(checks, of: 0)
    try AuditStore.rewrite([one, other], to: path("whole"))
    #expect(try AuditStore(reading: path("whole")).checks(of: 0) == checks)
  }

  @Test func nobodyElseWritesMeanwhile() throws {
    let store = try store("a", [0])
    #expect(throws: StoreError.busy) { _ = try AuditStore(writing: path("a"), study: study) }
    try store.close()
    #expect(try AuditStore(writing: path("a"), study: study).images() == [0])
  }

  @Test func filesThatAreNoStoresAreRefused() throws {
    try Data("no database at all, but long enough to be looked at as if it were one, which takes a hundred bytes or more".utf8)
      .write(to: folder.appending(path: "text"))
    #expect(throws: StoreError.self) { _ = try AuditStore(reading: path("text")) }
    #expect(throws: StoreError.self) { _ = try AuditStore(reading: path("none")) }
    try Data().write(to: folder.appending(path: "empty"))
    #expect(throws: StoreError.self) { _ = try AuditStore(reading: path("empty")) }
    try store("cut", [0, 1, 2]).close()
    let whole = try bytes("cut")
    for length in stride(from: 100, to: whole.count, by: 3001) {
      try whole.prefix(length).write(to: folder.appending(path: "part"))
      do throws(StoreError) {
        let store = try AuditStore(reading: path("part"))
        try store.forEachImage { _ in }
      } catch { #expect(!error.description.isEmpty) }
    }
  }
}
