import CarpusReporting
import Foundation
import Testing

@Suite(.serialized) struct CohortPageTests {
  private typealias Object = [String: Any]

  private func parts(_ html: String) throws -> (body: String, json: Object) {
    let halves = html.components(separatedBy: "<script type=\"application/json\" id=\"data\">")
    let text = try #require(halves.last?.components(separatedBy: "</script>").first)
    return (try #require(halves.first?.components(separatedBy: "<body>").last), try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object))
  }

  private func attributes(_ name: String, in text: String) -> [String] {
    text.components(separatedBy: " \(name)=\"").dropFirst().compactMap { $0.components(separatedBy: "\"").first }
  }

  @Test func everyNumberOfThePageIsInItsData() throws {
    let html = try CohortPage.html(of: SampleCohorts.two())
    #expect(html == (try CohortPage.html(of: SampleCohorts.two())))
    let (body, json) = try parts(html)
    var numbers: Set<Double> = []
    func visit(_ value: Any) {
      switch value {
      case let object as Object: object.values.forEach(visit)
      case let list as [Any]: list.forEach(visit)
      case let number as Double: numbers.insert(number)
      default: break
      }
    }
    visit(json)
    let exact = attributes("data-exact", in: body).filter { !$0.isEmpty }
    #expect(exact.count > 60)
    for text in exact { #expect(Double(text).map(numbers.contains) == true, "\(text)") }
    // The verdicts stand before everything else, and a failed one in words.
    let head = try #require(body.components(separatedBy: "maps-title").first)
    #expect(head.contains("1 of 2 models should not be relied on; nothing was found against the other."))
    #expect(head.contains("do not rely on it") && head.contains("covering the letter alone changes the score by 34.4 points") && head.contains("nothing was found against it"))
    #expect(attributes("data-failed", in: head) == ["marker", "agreement"])
  }

  @Test func outliersComeFirst() throws {
    let report = SampleCohorts.two(images: 20)
    let rows = CohortReport.outliersFirst(report.rows, report.models.map(\.trust))
    let kinds = rows.map { $0.kind(report.models[$0.model].trust) }
    let deceptive = kinds.count { $0 == .deceptive }
    #expect(deceptive == 8 && kinds.prefix(deceptive).allSatisfy { $0 == .deceptive })
    #expect(rows.count == 40)
    let errors = rows.dropFirst(deceptive).map { abs($0.error ?? 0) }
    #expect(errors == errors.sorted(by: >))
    let table = try #require(try parts(CohortPage.html(of: report)).json["rows"] as? Object)
    #expect(try #require(table["score"] as? [Double]) == rows.map(\.score))
    let files = try #require(table["files"] as? [String]), places = try #require(table["file"] as? [Int])
    #expect(places.map { files[$0] } == rows.map(\.file))
  }

  @Test(.enabled(if: PageInBrowserTests.browser != nil, "no browser is installed"), arguments: ["plain", "hostile", "ten thousand"])
  func passesItsOwnTest(_ name: String) throws {
    let report = switch name {
    case "hostile": SampleCohorts.two(names: [SampleReports.hostile, "\u{202e}b"], page: "images/1_000000.bad.html")
    case "ten thousand": SampleCohorts.two(images: 10_000)
    default: SampleCohorts.two()
    }
    let page = try CohortPage.html(of: report)
    #expect(page.utf8.count < 2_000_000 * max(1, report.images / 1000))
    let result = try PageInBrowserTests().selftest(of: page)
    #expect(result.hasSuffix(" passed, 0 failed"), "\(result)")
    #expect((Int(result.prefix { $0 != " " }) ?? 0) >= 25)
  }

  @Test(.enabled(if: PageInBrowserTests.browser != nil, "no browser is installed"))
  func noticesAWrongPage() throws {
    let page = try CohortPage.html(of: SampleCohorts.two())
    let wrong = page.replacingOccurrences(of: "data-exact=\"34.375\"", with: "data-exact=\"33.375\"")
    #expect(wrong != page)
    #expect(try PageInBrowserTests().selftest(of: wrong).contains("failed: every number is in the data"))
    #expect(try PageInBrowserTests().selftest(of: page.replacingOccurrences(of: "data-failed=\"marker\"", with: "data-failed=\"none\"")).contains("failed: a failed verdict is never hidden"))
  }

  @Test func thePolicyKnowsTheScript() throws {
    let output = String(decoding: try PageInBrowserTests().run("/usr/bin/env", ["sha256sum"], input: Data(cohortScript.utf8)), as: UTF8.self)
    let digits = Array(output.prefix(64))
    let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    #expect(cohortScriptHash == "sha256-" + Data(bytes).base64EncodedString())
  }

  @Test func theCardInventsNothing() throws {
    let card = AuditCard.markdown(of: SampleCohorts.two(names: ["a|b*", "<b>"]))
    #expect(card.contains("## a\\|b\\*: nothing was found against it") && card.contains("## &lt;b&gt;: do not rely on it"))
    #expect(card.contains("| Correlation (Pearson) | 0.984 | 0.938 to 0.992 |") && card.contains("| marker | 6 | 35.5 | 21.5 to 51.5 |"))
    for title in ["CLAIM, as updated in 2024", "MI-CLAIM", "EU AI Act, Article 13(3)"] { #expect(card.contains("## \(title)")) }
    for item in ["(b)(i) intended purpose", "De-identification", "1 Study design"] { #expect(card.contains("| \(item) | *to be filled by the author* |")) }
    // Every row of a table has the columns of its head.
    var columns = 0
    for line in card.split(separator: "\n", omittingEmptySubsequences: false) {
      let count = line.replacingOccurrences(of: "\\|", with: "").count { $0 == "|" }
      if count == 0 { columns = 0 } else if columns == 0 { columns = count } else { #expect(count == columns, "\(line)") }
    }
  }
}
