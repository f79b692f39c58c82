import CarpusImaging
import Foundation
import Testing

@Suite struct FileTests {
  /// Runs `body` with an empty folder that goes away afterwards.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "carpus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func names(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

  @Test func writesThenReads() throws {
    try withFolder { folder in
      let path = folder + "/ä map.npy"
      let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicWriting.write([1, 2], to: path)
      try AtomicWriting.write(bytes, to: path)
      #expect(try FileReading.read(path) == bytes)
      #expect(try names(folder).count == 1)
      try AtomicWriting.write([], to: path)
      #expect(try FileReading.read(path) == [])
    }
  }

  @Test func refusesWhatIsNoRegularFile() throws {
    try withFolder { folder in
      #expect(throws: FileReadingError.notFound) { try FileReading.read(folder + "/none") }
      #expect(throws: FileReadingError.notFound) { try FileReading.read("") }
      #expect(throws: FileReadingError.unreadable(reason: "it is not a regular file")) { try FileReading.read(folder) }
      #expect(throws: FileReadingError.unreadable(reason: "it is not a regular file")) { try FileReading.read("/dev/zero") }
      let pipe = folder + "/pipe"
      let isMade = unsafe mkfifo(pipe, 0o600)
      #expect(isMade == 0)
      #expect(throws: FileReadingError.unreadable(reason: "it is not a regular file")) { try FileReading.read(pipe) }
      try AtomicWriting.write([1], to: folder + "/a")
      #expect(throws: FileReadingError.notFound) { try FileReading.read(folder + "/a\0b") }
      #expect(throws: FileReadingError.notFound) { try FileReading.read(folder + "/a/b") }
    }
  }

  @Test func refusesLargeFiles() throws {
    try withFolder { folder in
      try AtomicWriting.write([UInt8](repeating: 0, count: 11), to: folder + "/a")
      #expect(throws: FileReadingError.tooLarge(byteCount: 11, maximum: 10)) {
        try FileReading.read(folder + "/a", maximumByteCount: 10)
      }
      #expect(try FileReading.read(folder + "/a", maximumByteCount: 11).count == 11)
    }
  }

  @Test func aFailureLeavesNothingBehind() throws {
    try withFolder { folder in
      #expect(throws: FileWritingError.cannotCreate(reason: "No such file or directory")) {
        try AtomicWriting.write([1], to: folder + "/none/a")
      }
      let target = folder + "/target"
      try FileManager.default.createDirectory(atPath: target + "/inside", withIntermediateDirectories: true)
      #expect(throws: FileWritingError.self) { try AtomicWriting.write([1], to: target) }
      #expect(throws: FileWritingError.self) { try AtomicWriting.write([1], to: "") }
      #expect(throws: FileWritingError.self) { try AtomicWriting.write([1], to: folder + "/a\0") }
      #expect(try names(folder) == ["target"])
    }
  }
}
