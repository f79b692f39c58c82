import Foundation
internal import GRDB

/// The results of an audit in one SQLite file.
///
/// All rows of an image are written in one transaction, with SQLite's rollback journal and full synchronisation: whenever the process or the
/// machine stops, the file holds whole images only. While it is open for writing nobody else writes.
public final class AuditStore {
  private let queue: DatabaseQueue
  public let study: StoredStudy

  /// Opens a store to be continued, or makes one.
  ///
  /// - Throws: `StoreError`; `.otherStudy` where there is one that was made from something else.
  public init(writing path: String, study: StoredStudy) throws(StoreError) {
    let queue = try Self.queue(path)
    self.queue = queue
    let found = try StoreError.located {
      try queue.inTransaction(.exclusive) { database in
        if try Self.isEmpty(database) {
          try StoreSchema.make(in: database)
          try StoreWriting.write(study, to: database)
        }
        return .commit
      }
      return try queue.read(StoreReading.study)
    }
    if let difference = Self.difference(found, study) { throw .otherStudy(difference) }
    self.study = study
  }

  /// Opens a store to be read.
  public init(reading path: String) throws(StoreError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .cannotOpen("there is no such file") }
    // Where a process was killed its journal has to be played back, which is writing.
    let queue = try Self.queue(path)
    self.queue = queue
    study = try StoreError.located { try queue.read(StoreReading.study) }
  }

  private static func isEmpty(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
  }

  private static func queue(_ path: String, isFresh: Bool = false) throws(StoreError) -> DatabaseQueue {
    try StoreError.located {
      var configuration = Configuration()
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA trusted_schema = OFF")
        try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        try database.execute(sql: isFresh ? "PRAGMA journal_mode = OFF" : "PRAGMA journal_mode = DELETE")
        try database.execute(sql: "PRAGMA synchronous = FULL")
      }
      return try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  /// Why results of the two cannot stand in one store.
  static func difference(_ found: StoredStudy, _ wanted: StoredStudy) -> String? {
    for name in Set(found.settings.keys).union(wanted.settings.keys).sorted() where found.settings[name] != wanted.settings[name] {
      return "this audit was begun with another ‘\(name)’ (\(found.settings[name] ?? "none") then, \(wanted.settings[name] ?? "none") now); continue with the same, or take another folder"
    }
    if found.models != wanted.models {
      return "this audit was begun with other models (\(found.models.map(\.name).joined(separator: ", ")) then, \(wanted.models.map(\.name).joined(separator: ", ")) now, or other files of these names); continue with the same, or take another folder"
    }
    return found.imageCount == wanted.imageCount ? nil
      : "this audit was begun with \(found.imageCount) images, not \(wanted.imageCount); continue with the same, or take another folder"
  }

  /// The images that are in it, by their places in the study.
  public func images() throws(StoreError) -> [Int] {
    let indices = try StoreError.located { try queue.read { try Int64.fetchAll($0, sql: "SELECT image FROM image ORDER BY image") } }.map { Int($0) }
    guard indices.allSatisfy({ (0..<study.imageCount).contains($0) }) else { throw .damaged("it has images that the study does not have") }
    return indices
  }

  /// The checks of a model; empty while they are not made.
  public func checks(of model: Int) throws(StoreError) -> [StoredCheck] {
    try StoreError.located { try queue.read { try StoreReading.checks(of: model, from: $0) } }
  }

  /// Writes the checks of a model.
  ///
  /// - Throws: `StoreError`; then none is in the store.
  public func append(_ checks: [StoredCheck], of model: Int) throws(StoreError) {
    try StoreError.located { try queue.inTransaction(.immediate) { database in
      try StoreWriting.write(checks, of: model, to: database)
      return .commit
    } }
  }

  /// Writes an image with everything that belongs to it.
  ///
  /// - Throws: `StoreError`; then nothing of the image is in the store.
  public func append(_ image: StoredImage) throws(StoreError) {
    try StoreError.located { try queue.inTransaction(.immediate) { database in
      try StoreWriting.write(image, to: database)
      return .commit
    } }
  }

  /// An image with everything that belongs to it.
  public func image(_ index: Int) throws(StoreError) -> StoredImage {
    try StoreError.located { try queue.read { try StoreReading.image(index, modelCount: study.models.count, from: $0) } }
  }

  /// Gives every image in the order of the study, one at a time.
  public func forEachImage(_ body: (StoredImage) -> Void) throws(StoreError) {
    for index in try images() { body(try image(index)) }
  }

  /// Ends its use; what was written is on the disk.
  public func close() throws(StoreError) { try StoreError.located { try queue.close() } }

  /// Writes the images of several stores into a new file, in the order of the study: the same bytes however many stores there were, in
  /// whichever order they are given, and in whichever order and how often interrupted their images were written.
  ///
  /// - Parameters:
  ///   - path: of a file that is not there.
  ///   - isWhole: whether every image of the study must be there.
  /// - Throws: `StoreError.otherStudy`, `.notOne` where the stores do not make one whole; then there is no file that could be used.
  public static func rewrite(_ stores: [AuditStore], to path: String, isWhole: Bool = true) throws(StoreError) {
    guard let first = stores.first else { throw .notOne("there is no store to be joined") }
    for store in stores.dropFirst() {
      if let difference = difference(first.study, store.study) { throw .otherStudy("the stores do not belong together: \(difference)") }
    }
    var owners: [Int: AuditStore] = [:]
    for store in stores {
      for index in try store.images() {
        if let other = owners[index], try other.image(index) != (try store.image(index)) {
          throw .notOne("two stores have different results for image \(index + 1) of the study")
        }
        owners[index] = store
      }
    }
    var checks: [[StoredCheck]] = []
    for model in first.study.models.indices {
      let own = try first.checks(of: model)
      for store in stores.dropFirst() where try store.checks(of: model) != own {
        throw .notOne("two stores have different checks of the model \(first.study.models[model].name)")
      }
      checks.append(own)
    }
    let missing = (0..<first.study.imageCount).filter { owners[$0] == nil }
    guard missing.isEmpty || !isWhole else {
      throw .notOne("\(missing.count) of \(first.study.imageCount) images are missing, the first is image \(missing[0] + 1) of the study")
    }
    let target = try queue(path, isFresh: true)
    try StoreError.located {
      try target.inTransaction(.exclusive) { database in
        try StoreSchema.make(in: database)
        try StoreWriting.write(first.study, to: database)
        for (model, own) in checks.enumerated() { try StoreWriting.write(own, of: model, to: database) }
        for (index, store) in owners.sorted(by: { $0.key < $1.key }) { try StoreWriting.write(try store.image(index), to: database) }
        return .commit
      }
      try target.close()
    }
  }
}
