import CarpusAnatomy
import CarpusImaging
import CarpusReporting
import Foundation
import Testing

@Suite struct ExplanationPageTests {
  @Test func saysTheNumbers() throws {
    let page = try ExplanationPage.html(of: try SampleReports.small())
    for part in [
      "<span id=\"score\" data-points=\"12.0\">12.00</span>", "data-part=\"intercept\" data-points=\"5.0\"",
      "data-part=\"inRegions\" data-points=\"5.0\"", "data-part=\"elsewhere\" data-points=\"0.5\"",
      "data-part=\"residual\" data-points=\"1.5\"",
      "<bdi>MCP3</bdi>", ">7.38<", "Research use, not for diagnosis.", "✗ failed", "✓ passed", "not proof of reasoning",
      "carpus explain model.onnx", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "it was reduced to luminance",
      "everything that leads from the input", "Draelos", "Read 40×30 pixels of 8-bit grey",
    ] { #expect(page.contains(part), "\(part)") }
    #expect(!page.contains("data-part=\"padding\""))
  }

  /// Nothing that a browser would fetch: every address is in the page or is data.
  @Test func fetchesNothing() throws {
    for report in [try SampleReports.small(), try SampleReports.batch(), try SampleReports.tensor()] {
      // Without the comments of the scripts, which begin with two slashes.
      let page = try ExplanationPage.html(of: report).split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("// ") }.joined(separator: "\n")
      #expect(page.contains("default-src &#39;none&#39;"))
      let words = page.components(separatedBy: "\"").filter { !$0.hasPrefix("data:image/png;base64,") }
      for word in words { #expect(!word.contains("//") && !word.contains("@import"), "\(word)") }
      for attribute in ["href=\"", "src=\""] {
        for piece in page.components(separatedBy: attribute).dropFirst() {
          #expect(piece.hasPrefix("#") || piece.hasPrefix("data:image/png;base64,"))
        }
      }
    }
  }

  @Test func namesCannotBreakOut() throws {
    let hostile = SampleReports.hostile
    var report = try SampleReports.small(names: [hostile, "{{json}}", "wrist"])
    report.model = hostile
    report.image = hostile
    report.outputs[0].name = hostile
    report.scores[0].output = hostile
    report.warnings = [hostile]
    report.checks[0].sentence = hostile
    report.provenance = ExplanationReport.Provenance([(hostile, hostile), ("command", hostile)])
    let page = try ExplanationPage.html(of: report)
    #expect(!page.contains("<img") && !page.contains("</script><"))
    #expect(page.components(separatedBy: "<script").count == 4 && page.components(separatedBy: "</script>").count == 4)
    #expect(page.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"))
    #expect(page.contains("<bdi>{{json}}</bdi>"))
    let json = try #require(page.components(separatedBy: "id=\"data\">").last?.components(separatedBy: "</script>").first)
    let read = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(read["model"] as? String == hostile)
  }

  @Test func sectionsThatHaveNothingAreAbsent() throws {
    let tensor = try ExplanationPage.html(of: try SampleReports.tensor())
    for id in ["picture-title", "regions-title", "images-title"] { #expect(!tensor.contains("id=\"\(id)\""), "\(id)") }
    #expect(tensor.contains("id=\"budget-title\""))
    let batch = try ExplanationPage.html(of: try SampleReports.batch())
    #expect(!batch.contains("id=\"budget-title\"") && batch.contains("id=\"images-title\""))
    #expect(batch.contains("data-image=\"20.0\""))
    var unmeasured = try SampleReports.small()
    unmeasured.measurement = nil
    unmeasured.warnings = []
    unmeasured.checks = []
    let page = try ExplanationPage.html(of: unmeasured)
    for id in ["regions-title", "show-outlines", "warnings-title", "checks-title"] { #expect(!page.contains("id=\"\(id)\""), "\(id)") }
    #expect(page.contains("id=\"picture-title\""))
  }

  @Test func whatDoesNotExistIsADash() throws {
    var report = try SampleReports.small(values: [Double](repeating: -1, count: 12))
    #expect(try ExplanationPage.html(of: report).contains("no positive evidence"))
    report.scores[0].value = .nan
    let page = try ExplanationPage.html(of: report)
    #expect(page.contains("not a number") && !page.contains("chart waterfall"))
    let zero = try ExplanationPage.html(of: try SampleReports.small(values: [Double](repeating: 0, count: 12)))
    #expect(zero.contains("The map is zero everywhere."))
  }

  /// On the view of 1200×900 a pixel of the radiograph is 30 wide.
  @Test func outlinesAreWalkedWithTheRegionAtTheRight() throws {
    let size = PixelSize(width: 40, height: 30)
    func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Mask {
      Mask(PixelRectangle(minX: x, minY: y, maxX: x + width, maxY: y + height), size: size)
    }
    func path(_ boxes: [Mask]) throws -> String {
      let region = Region(id: "one", name: "one", laterality: .left, source: .box, mask: Mask.union(of: boxes, size: size))
      let report = try SampleReports.measured(
        radiograph: Radiograph(size: size, bitDepth: 8, samples: [UInt16](repeating: 7, count: size.count)),
        map: SampleReports.smallValues, height: 3, width: 4, input: size, regions: try RegionSet(size: size, regions: [region]))
      let page = try ExplanationPage.html(of: report)
      return try #require(page.components(separatedBy: "<path id=\"shape-1\" d=\"").dropFirst().first?.components(separatedBy: "\"").first)
    }
    #expect(try path([box(30, 0, 10, 10)]) == "M900 0h300v300h-300z")
    #expect(try path([box(1, 1, 2, 1), box(1, 2, 1, 1)]) == "M30 30h60v30h-30v30h-30z")
    // A ring has an inner border, which runs the other way.
    let ring = [box(1, 1, 3, 1), box(1, 2, 1, 1), box(3, 2, 1, 1), box(1, 3, 3, 1)]
    #expect(try path(ring) == "M30 30h90v90h-90zM60 60v30h30v-30z")
    // Pixels that touch at a corner only are two.
    #expect(try path([box(0, 0, 1, 1), box(1, 1, 1, 1)]) == "M0 0h30v30h-30zM30 30h30v30h-30z")
    #expect(try path([box(1, 0, 1, 1), box(0, 1, 1, 1)]) == "M30 0h30v30h-30zM0 30h30v30h-30z")
  }

  /// Noise does not compress, and the outline of a chessboard has no end.
  @Test func staysSmallForTheWorstPicture() throws {
    let size = PixelSize(width: 1000, height: 1200)
    var state: UInt32 = 1
    let samples = (0..<size.count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt16(state >> 24)
    }
    var squares: [Mask] = []
    for y in 0..<100 {
      for x in stride(from: y % 2, to: 1000, by: 2) {
        squares.append(Mask(PixelRectangle(minX: Double(x), minY: Double(y), maxX: Double(x + 1), maxY: Double(y + 1)), size: size))
      }
    }
    let chessboard = Region(id: "chess", name: "chess", laterality: .left, source: .box, mask: Mask.union(of: squares, size: size))
    let report = try SampleReports.measured(
      radiograph: Radiograph(size: size, bitDepth: 8, samples: samples),
      map: SampleReports.bumps(height: 60, width: 50), height: 60, width: 50,
      input: PixelSize(width: 100, height: 120), regions: try RegionSet(size: size, regions: [chessboard]))
    let page = try ExplanationPage.html(of: report)
    #expect(page.utf8.count < 5_000_000)
    #expect(page.utf8.count > 1_200_000)
    let outline = page.components(separatedBy: "<path id=\"shape-1\" d=\"")[1].prefix { $0 != "\"" }
    #expect(outline.utf8.count <= 600_000 && outline.hasPrefix("M0 0"))
  }

  @Test func theSameReportGivesTheSameBytes() throws {
    #expect(try ExplanationPage.html(of: try SampleReports.small()) == (try ExplanationPage.html(of: try SampleReports.small())))
  }
}
