import CarpusKit
import CarpusTestSupport
import Foundation
import Testing

@Suite struct OperatorListingTests {
  /// `carpus operators --markdown > Docs/Operators.md` makes it.
  @Test func theDocumentIsTheList() throws {
    let path = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/Operators.md")
    #expect(try String(contentsOf: path, encoding: .utf8) == OperatorListing.markdown.map { $0 + "\n" }.joined())
  }

  @Test func rowsSayWhatOneAsksFor() throws {
    let rows = OperatorListing.rows
    #expect(rows[0] == ["operator", "domain", "opsets", "elements", "gradient"])
    #expect(rows.contains(["Conv", "ai.onnx", "1–", "calculates", "yes"]))
    #expect(rows.contains(["Reshape", "ai.onnx", "1–", "moves", "yes"]))
    // Two types share a name where the meaning changed.
    let scans = rows.filter { $0[0] == "Scan" }.map { $0[2] }
    #expect(scans == ["8", "9–"])
    #expect(rows.allSatisfy { ["yes", "stops", "no", "gradient"].contains($0[4]) })
  }

  @Test func theCommandPrintsThem() throws {
    #expect(try Command.run("operators", "--markdown").output == OperatorListing.markdown.map { $0 + "\n" }.joined())
    struct Listing: Decodable {
      struct Entry: Decodable { let name: String, domain: String, since: Int, until: Int?, elements: String, gradient: String }
      let schema: String
      let operators: [Entry]
    }
    let listing = try JSONDecoder().decode(Listing.self, from: Data(try Command.run("operators", "--json").output.utf8))
    #expect(listing.schema == "carpus-operators/1" && listing.operators.count == OperatorListing.rows.count - 1)
    #expect(listing.operators.first { $0.name == "Scan" }?.until == 8)
    #expect(try Command.run("operators", "--json", "--markdown").code == 64)
  }
}
