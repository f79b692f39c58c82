import CarpusReporting
import Foundation
import Testing
#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page is read as a browser without script would show it, and compared with the JSON beside it, number by number.
@Suite struct PageNumbersTests {
  typealias Object = [String: Any]

  private struct Page {
    let body: String
    let json: Object

    init(_ report: ExplanationReport) throws {
      let html = try ExplanationPage.html(of: report)
      let halves = html.components(separatedBy: "<script type=\"application/json\" id=\"data\">")
      body = try #require(halves.first?.components(separatedBy: "<body>").last)
      let text = try #require(halves.last?.components(separatedBy: "</script>").first)
      json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
    }

    /// The elements of a tag that have an attribute, whole.
    func elements(_ tag: String, with attribute: String) -> [String] {
      body.components(separatedBy: "<\(tag) ").dropFirst().compactMap { piece in
        let element = piece.components(separatedBy: "</\(tag)>")[0]
        return (element.components(separatedBy: ">").first ?? "").contains(attribute) ? element : nil
      }
    }
  }

  /// What stands between tags: the cells of a row.
  private func cells(_ row: String) -> [String] {
    row.components(separatedBy: "</td>").dropLast().map { cell in
      var text = "", isTag = false
      for character in cell.components(separatedBy: "<td").last ?? "" {
        if character == "<" { isTag = true } else if character == ">" { (isTag, text) = (false, isTag ? text : "") } else if !isTag { text.append(character) }
      }
      return text.replacingOccurrences(of: "−", with: "-").trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  private func attribute(_ name: String, of element: String) -> String? {
    element.components(separatedBy: "\(name)=\"").dropFirst().first?.components(separatedBy: "\"").first
  }

  /// Whether a text is the number, rounded to the places that it has.
  private func shows(_ text: String, _ value: Any?) -> Bool {
    guard let value = value as? Double else { return text == "–" && (value == nil || value is NSNull) }
    guard let number = Double(text) else { return false }
    let places = text.contains("e") ? 12 : text.components(separatedBy: ".").dropFirst().first?.count ?? 0
    return abs(number - value) <= 0.5000001 * pow(10, -Double(places)) + 1e-12 * abs(value)
  }

  /// Foundation's reader of JSON is exact to 16 digits, not to the last bit.
  func agrees(_ shown: Double?, _ written: Double?) -> Bool {
    guard let shown, let written else { return shown == written }
    return abs(shown - written) <= 1e-15 * abs(written)
  }

  @Test func everyRowOfARegionHasItsNumbers() throws {
    let page = try Page(try SampleReports.full())
    let rows = page.elements("tr", with: "data-region=")
    let regions = try #require(page.json["regions"] as? [Object]), covered = try #require((page.json["covering"] as? Object)?["items"] as? [Object])
    #expect(rows.count == 8 && regions.count == 8)
    for region in regions {
      let id = try #require(region["id"] as? String), side = try #require(region["laterality"] as? String)
      let sideText = ["L": "left", "R": "right", "unspecified": "–"][side]
      let row = try #require(rows.first { attribute("data-region", of: $0) == id && cells($0).dropFirst().first == sideText }, "\(id)")
      #expect(agrees(attribute("data-points", of: row).flatMap(Double.init), region["points"] as? Double))
      let own = cells(row), chance = region["chance"] as? Object
      let item = covered.first { $0["id"] as? String == id && $0["laterality"] as? String == side }
      // #, side, points, bar, positive, negative, covered, mass, area, enrichment, chance, p, Holm, ceiling, peak, rank, AUC, pixels
      #expect(own.count == 18)
      for (column, value) in [
        (2, region["points"]), (4, region["pointsPositive"]), (5, region["pointsNegative"]), (6, item?["difference"]), (7, region["mass"]), (8, region["areaShare"]),
        (9, region["enrichment"]), (11, chance?["p"]), (12, chance?["adjustedP"]), (13, region["ceiling"]), (15, region["rankAccuracy"]), (16, region["auc"]),
        (17, region["pixels"]),
      ] { #expect(shows(own[column], value), "\(id), column \(column): \(own[column])") }
      let parts = own[10].components(separatedBy: " ± ")
      #expect(shows(parts[0], chance?["mean"]) && (chance == nil || shows(parts[1], chance?["deviation"])))
      #expect(own[14] == ((region["peakInside"] as? Bool).map { $0 ? "yes" : "no" } ?? "–"))
    }
  }

  @Test func verdictsChecksCoveringsGroupsAndPartsAreThoseOfTheJSON() throws {
    let page = try Page(try SampleReports.full())
    func exact(_ tag: String, _ name: String) -> [Double] { page.elements(tag, with: name + "=").compactMap { attribute(name, of: $0).flatMap(Double.init) } }
    func numbers(_ key: String, _ list: Any?) throws -> [Double] { try #require(list as? [Object]).compactMap { $0[key] as? Double } }
    #expect(exact("div", "data-value") + exact("li", "data-value") == (try numbers("value", page.json["verdicts"])))
    #expect(exact("tr", "data-check") == (try numbers("value", page.json["checks"])))
    let covering = try #require(page.json["covering"] as? Object)
    #expect(exact("tr", "data-covered").sorted() == (try numbers("difference", covering["items"])).sorted())
    #expect(exact("b", "data-agreement") == [0.625])
    let landmarks = try #require(page.json["landmarks"] as? Object)
    let groups = page.elements("tr", with: "data-group=")
    for group in try #require(landmarks["groups"] as? [Object]) {
      let row = try #require(groups.first { attribute("data-group", of: $0) == group["id"] as? String })
      let own = cells(row)
      for (column, key) in [(0, "points"), (2, "pointsPositive"), (3, "pointsNegative"), (5, "mass"), (6, "areaShare"), (7, "enrichment"), (11, "ceiling"), (13, "rankAccuracy"), (14, "auc"), (15, "pixels")] {
        #expect(shows(own[column], group[key]), "\(key): \(own)")
      }
    }
    let budget = try #require(page.json["budget"] as? [String: Double]), parts = try numbers("points", landmarks["parts"])
    #expect(exact("tr", "data-points").contains(parts[0]))
    let shown = page.elements("tr", with: "data-part=").compactMap { attribute("data-points", of: $0).flatMap(Double.init) }
    let expected = [try #require(budget["intercept"])] + parts + [try #require(budget["residual"])]
    #expect(shown.count == expected.count && zip(shown, expected).allSatisfy(agrees))
    #expect(exact("span", "data-reference") == [61.5] && exact("span", "data-error") == [33.75])
    #expect((page.json["reference"] as? Object)?["error"] as? Double == 33.75)
  }

  /// Every number anywhere in the JSON stands somewhere on the page, exactly or rounded. Other maps are shown with their sums and extremes; what was measured on
  /// them is left to the JSON.
  @Test func noNumberIsMissing() throws {
    for report in [try SampleReports.full(), try SampleReports.small()] {
      let page = try Page(report)
      let text = page.body.replacingOccurrences(of: "−", with: "-").replacingOccurrences(of: "data-values=\"[^\"]*\"", with: "", options: .regularExpression)
        .replacingOccurrences(of: "data:image/png;base64,[^\"]*", with: "", options: .regularExpression)
      let expression = try NSRegularExpression(pattern: "-?[0-9]+(\\.[0-9]+)?(e[-+][0-9]+)?")
      let tokens = Set(expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap { Range($0.range, in: text).map { String(text[$0]) } })
      var missing: [String] = []
      func visit(_ value: Any, _ path: String) {
        switch value {
        case let object as Object:
          for (key, member) in object where !(path.hasPrefix("otherMaps") || path.hasPrefix("members")) || !["landmarks", "budget", "sumPositive", "sumNegative"].contains(key) {
            visit(member, path.isEmpty ? key : "\(path).\(key)")
          }
        case let list as [Any]: for member in list { visit(member, path) }
        case let number as NSNumber where !isTruth(number):
          if !tokens.contains(where: { shows($0, number.doubleValue) }) { missing.append("\(path): \(number)") }
        default: break
        }
      }
      visit(page.json, "")
      #expect(missing.isEmpty, "\(missing)")
    }
  }

  private func isTruth(_ number: NSNumber) -> Bool { number is Bool && "\(number)".first.map { $0 == "t" || $0 == "f" } ?? false }

  @Test func figuresAreSoundFilesAndTheSameEveryTime() throws {
    let report = try SampleReports.full(marker: SampleReports.hostile)
    let figures = try ReportFigure.all(of: report)
    #expect(figures.map(\.name) == ["budget.svg", "budget.png", "hand-1.svg", "hand-1.png", "hand-2.svg", "hand-2.png", "covering.svg", "covering.png", "map.svg"])
    for figure in figures {
      if figure.name.hasSuffix(".svg") {
        let parser = XMLParser(data: Data(figure.bytes))
        #expect(parser.parse(), "\(figure.name): \(String(describing: parser.parserError))")
        let text = String(decoding: figure.bytes, as: UTF8.self)
        #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("onerror=\""))
      } else {
        #expect(figure.bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]))
      }
    }
    #expect(try ReportFigure.all(of: report).map(\.bytes) == figures.map(\.bytes))
  }

  @Test func theDiagramTellsWhatIsScoredAndWhatIsTooSmall() throws {
    let page = try Page(try SampleReports.full())
    #expect(page.body.contains("Left hand, metacarpophalangeal joint 2: ") && page.body.contains("scored for erosion and narrowing"))
    #expect(page.body.contains("Left hand, carpometacarpal joint 3: ") && page.body.contains("scored for narrowing; smaller than the map&#39;s cells"))
    #expect(page.body.contains("Left hand, distal ulna: ") && page.body.contains("scored for erosion\""))
  }

  @Test func aFailedVerdictStandsFirst() throws {
    let page = try Page(try SampleReports.full())
    let verdict = try #require(page.body.range(of: "class=\"verdict bad\"")), budget = try #require(page.body.range(of: "id=\"budget-title\""))
    #expect(verdict.lowerBound < budget.lowerBound)
    #expect(page.body[verdict.upperBound...].prefix(200).contains("The score depends on the marker"))
  }

  @Test func anOutputThatIsNoScoreIsNotCalledPoints() throws {
    var report = try SampleReports.small()
    report.unit = .output("the logit of class ‘30-45’ as the network gives it: not points of a score")
    let page = try Page(report)
    #expect(page.body.contains("Explained output") && page.body.contains("not points of a score") && page.body.contains("units per cell"))
    #expect((page.json["target"] as? Object)?["unit"] as? String == "units")
  }
}
