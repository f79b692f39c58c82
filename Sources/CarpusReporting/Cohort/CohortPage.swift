import CarpusAnatomy
package import CarpusImaging
import Mustache

/// `index.html` of an audit: verdicts first, then what they rest on, then the images.
package enum CohortPage {
  /// Rows of the table of images that stand in the page itself, for browsers without script; the script has all.
  static let staticRows = 200

  /// The same text for the same report.
  ///
  /// - Throws: `PNGError` when a mean map cannot be drawn.
  package static func html(of report: CohortReport) throws(PNGError) -> String {
    let body = templates.render(try context(of: report), withTemplate: "page") ?? ""
    return PageFrame(
      title: report.title, subtitle: "audit of models on a cohort", json: CohortJSON.value(of: report).text, script: (cohortScript, cohortScriptHash)
    ).html(body: body)
  }

  private static let templates = PageFrame.library(cohortTemplates)

  private static func context(of report: CohortReport) throws(PNGError) -> [String: Any] {
    let rows = CohortReport.outliersFirst(report.rows, report.models.map(\.trust))
    var maps: [[String: Any]] = []
    for model in report.models { if let map = try meanMap(model) { maps.append(map) } }
    let models = report.models.map(model)
    let members = report.models.compactMap { model in
      model.methods.first?.members.map { cell($0).merging(["name": model.name]) { first, _ in first } }
    }
    let rules = report.models.first?.verdicts.map(\.name) ?? []
    let statistics = report.models.first { !$0.agreement.isEmpty }?.agreement ?? []
    return [
      "title": report.title, "images": report.images, "patients": report.patients.map { ["count": $0] as Any } ?? false, "modelCount": report.models.count,
      "isSeveral": report.models.count > 1, "models": models, "cards": ["bad", "look", "open", "good"].flatMap { state in models.filter { $0["state"] as? String == state } },
      "bottomLine": bottomLine(report), "names": report.models.map { ["name": $0.name] },
      "rules": rules.map { rule in ruleRow(rule, report) },
      "hasAgreement": !statistics.isEmpty,
      "statistics": statistics.map { statistic in
        [
          "title": statistic.title, "unit": statistic.unit,
          "cells": report.models.map { model in cell(model.agreement.first { $0.name == statistic.name }?.measure ?? CohortReport.Measure(nil)) },
        ] as [String: Any]
      },
      "hasMaps": !maps.isEmpty, "maps": maps, "hasPairs": !report.comparisons.isEmpty, "comparisons": report.comparisons.map(comparison),
      "hasComparisons": !report.comparisons.isEmpty || !members.isEmpty, "memberRows": members,
      "imageRows": rows.prefix(staticRows).map { row in imageRow(row, report.models) }, "rowCount": rows.count, "shownCount": min(rows.count, staticRows),
      "hasMore": rows.count > staticRows, "pageCount": rows.count { $0.page != nil }, "hasPages": rows.contains { $0.page != nil },
      "settings": report.settings.map { ["name": $0.name, "value": $0.value] },
    ]
  }

  /// The whole page in one sentence.
  private static func bottomLine(_ report: CohortReport) -> String {
    let states = report.models.map { CohortFindings.summary($0).state }, count = states.count
    let order = ["bad", "look", "open", "good"]
    var parts: [String] = []
    for state in order {
      let own = states.count { $0 == state }
      guard own > 0 else { continue }
      let isLast = states.allSatisfy { order.firstIndex(of: $0) ?? 0 <= order.firstIndex(of: state) ?? 0 }
      let which = count == 1 ? "this model" : own == count ? (own == 2 ? "both models" : "all \(own) models")
        : isLast ? (own == 1 ? "the other" : "the other \(own)") : "\(own) of \(count) models"
      let part = switch state {
      case "bad": "\(which) should not be relied on"
      case "look": "\(which) \(own == 1 ? "needs" : "need") a closer look"
      case "open": "\(which) could not be judged"
      default: "nothing was found against \(which)"
      }
      parts.append(part)
    }
    let sentence = parts.joined(separator: "; ") + "."
    return sentence.prefix(1).uppercased() + sentence.dropFirst()
  }

  // MARK: - Models

  private static func model(_ model: CohortReport.Model) -> [String: Any] {
    let summary = CohortFindings.summary(model)
    let method = model.methods.first
    var context: [String: Any] = [
      "name": model.name, "file": model.file, "sha256": model.sha256, "card": model.cardSHA256.isEmpty ? "none" : model.cardSHA256,
      "state": summary.state, "mark": summary.mark, "head": summary.head, "rest": summary.rest,
      "findings": summary.findings.map { ["rule": $0.rule, "sentence": $0.sentence] }, "hasFindings": !summary.findings.isEmpty,
      "verdicts": model.verdicts.map { verdict in
        ["rule": verdict.name, "result": verdict.outcome.rawValue, "mark": mark(verdict.outcome), "sentence": verdict.sentence]
      },
      "trust": trust(model.trust), "residual": significant(model.residual), "residualExact": model.residual.description,
      "checks": model.checks.map(check), "hasChecks": !model.checks.isEmpty,
      "coverings": model.coverings.map { covering in
        [
          "id": covering.id == "sites" ? "scored joints" : covering.id, "key": covering.id, "images": covering.images, "change": cell(covering.change),
          "size": cell(covering.size),
        ] as [String: Any]
      }, "hasCoverings": !model.coverings.isEmpty,
      "coveringChart": CoveringChart.drawing(model.coverings, model: model.name, limit: model.coveringLimit).map { $0.inlineSVG() } ?? "",
      "methods": model.methods.map { self.method($0, model) },
    ]
    if let method {
      context["evidenceChart"] = EvidenceBars.drawing(method, model: model.name).map { [$0.inlineSVG()] } ?? []
      context["focused"] = [rate(method.focused)]
      context["peaks"] = method.peaks.map { [rate($0)] } ?? []
    }
    if let damage = model.damage {
      context["damage"] = [
        "images": damage.images, "leftOut": damage.leftOut, "difference": cell(damage.difference), "p": damage.p.map(probability) ?? "–",
        "exactP": damage.p?.description ?? "",
      ] as [String: Any]
    }
    return context
  }

  private static func method(_ method: CohortReport.Method, _ model: CohortReport.Model) -> [String: Any] {
    let chart = PlacesChart.drawing(method, model: model.name)
    return [
      "name": method.name, "modelName": model.name, "withoutEvidence": method.withoutEvidence, "hasWithout": method.withoutEvidence > 0,
      "hasChart": chart != nil, "chart": chart.map { $0.inlineSVG() } ?? "",
      "hasUnresolvable": method.places.contains { $0.isResolvable == false },
      "unresolvable": method.places.filter { $0.isResolvable == false && $0.id.contains(":") }.map { title($0.id) }.joined(separator: ", "),
      "numbers": [
        ("spread", "Share of the radiograph that would hold the evidence evenly", method.spread), ("gini", "Gini coefficient of the cells", method.gini),
        ("padding", "Share of the positive evidence in the padding", method.paddingMass),
        ("centre", "Enrichment of the scored joints in a map that knows only the middle of the hands", method.centreEnrichment),
      ].compactMap { key, title, value in value.map { ["key": key, "title": title, "value": significant($0), "exact": $0.description] } },
      "measures": [("occlusion", "Rank agreement of the joints’ points with covering them", method.occlusion), ("members", "Rank agreement of the members’ maps", method.members)]
        .compactMap { key, title, value in value.map { ["key": key, "title": title, "cell": cell($0)] as [String: Any] } },
      "places": method.places.map(place),
    ]
  }

  private static func place(_ place: CohortReport.Place) -> [String: Any] {
    [
      "id": place.id, "title": title(place.id), "images": place.images, "without": place.withoutEvidence, "enrichment": cell(place.enrichment),
      "chance": significant(place.chance), "chanceExact": place.chance.description, "chanceBy": place.isChanceMoved ? "moved" : "area",
      "deviation": place.chanceDeviation.map { ["value": significant($0)] as Any } ?? false, "p": place.p.map(probability) ?? "–",
      "adjusted": place.adjustedP.map(probability) ?? "–", "isUnresolvable": place.isResolvable == false,
      "points": place.points.map(significant) ?? "–", "mass": place.mass.map(Percent.text) ?? "–", "area": place.areaShare.map(Percent.text) ?? "–",
      "massExact": place.mass?.description ?? "", "pointsExact": place.points?.description ?? "",
    ]
  }

  private static func check(_ check: CohortReport.Check) -> [String: Any] {
    [
      "name": check.name, "member": check.member, "hasMember": !check.member.isEmpty, "value": significant(check.value), "exact": check.value.description,
      "images": check.images, "sentence": check.sentence,
    ]
  }

  private static func trust(_ trust: CohortReport.Trust) -> [String: Any] {
    [
      "trustworthy": trust.trustworthy, "deceptive": trust.deceptive, "mistaken": trust.mistaken, "unreliable": trust.unreliable, "leftOut": trust.leftOut,
      "tolerance": significant(trust.tolerance), "level": significant(trust.level), "hasLeftOut": trust.leftOut > 0,
    ]
  }

  private static func rate(_ rate: CohortReport.Rate) -> [String: Any] {
    [
      "hits": rate.hits, "images": rate.images, "share": rate.share.value.map(Percent.text) ?? "–", "exact": rate.share.value?.description ?? "",
      "interval": rate.share.interval.map { "\(Percent.text($0.lowerBound)) to \(Percent.text($0.upperBound))" } ?? "no interval",
      "chance": rate.chance.map(Percent.text) ?? "–", "p": rate.p.map(probability) ?? "–", "leftOut": rate.leftOut, "hasLeftOut": rate.leftOut > 0,
    ]
  }

  private static func ruleRow(_ rule: String, _ report: CohortReport) -> [String: Any] {
    [
      "rule": rule, "question": CohortFindings.question(rule),
      "cells": report.models.map { model -> [String: Any] in
        guard let verdict = model.verdicts.first(where: { $0.name == rule }) else { return ["mark": "–", "result": "skipped", "value": "–", "limit": "–", "exact": ""] }
        return [
          "mark": mark(verdict.outcome), "result": verdict.outcome.rawValue, "value": verdict.value.map(significant) ?? "–", "exact": verdict.value?.description ?? "",
          "limit": significant(verdict.limit),
        ]
      },
    ]
  }

  private static func meanMap(_ model: CohortReport.Model) throws(PNGError) -> [String: Any]? {
    let limit = MeanHandPicture.limit(model.meanMaps)
    guard let pair = try MeanHandPicture.pair(model.meanMaps, .all, limit: limit, label: "Mean map of \(model.name) on both hands, all radiographs") else { return nil }
    var bands: [[String: Any]] = []
    for band in MeanHands.Band.allCases where band != .all {
      if let svg = try MeanHandPicture.pair(model.meanMaps, band, limit: limit, label: "Mean map of \(model.name), readers’ total \(band.rawValue)") {
        bands.append(["title": band.rawValue, "svg": svg])
      }
    }
    var context: [String: Any] = ["name": model.name, "pair": pair, "limit": significant(limit), "exact": limit.description, "bands": bands, "hasBands": !bands.isEmpty]
    if let difference = try MeanHandPicture.difference(model.meanMaps, label: "Left less right hand, mean map of \(model.name)") {
      context["difference"] = ["svg": difference.svg, "limit": significant(difference.limit)]
    }
    return context
  }

  private static func comparison(_ comparison: CohortReport.Comparison) -> [String: Any] {
    [
      "first": comparison.first, "second": comparison.second, "images": comparison.images, "places": cell(comparison.places), "cells": cell(comparison.cells),
      "difference": cell(comparison.difference), "distance": cell(comparison.distance),
    ]
  }

  private static func imageRow(_ row: CohortReport.Row, _ models: [CohortReport.Model]) -> [String: Any] {
    let kind = row.kind(models[row.model].trust)
    var context: [String: Any] = [
      "file": row.file, "patient": row.patient ?? "–", "visit": row.visit ?? "–", "model": models[row.model].name, "total": row.total.map(significant) ?? "–",
      "score": points(row.score), "scoreExact": row.score.description, "error": row.error.map(points) ?? "–", "class": row.className ?? "–",
      "enrichment": row.enrichment.map(significant) ?? "–", "chance": row.chance.map(significant) ?? "–", "p": row.p.map(probability) ?? "–",
      "sites": row.sites.map(Percent.text) ?? "–", "confounders": row.confounders.map(Percent.text) ?? "–", "background": row.background.map(Percent.text) ?? "–",
      "kind": kind == .open ? "–" : kind.rawValue, "isDeceptive": kind == .deceptive,
    ]
    if let page = row.page { context["page"] = page }
    return context
  }

  // MARK: - Numbers

  /// `L:mcp2` as a reader says it.
  private static func title(_ id: String) -> String {
    let parts = id.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return ["sites": "scored joints", "hands": "hands", "confounders": "markers, borders and the like"][id] ?? HandVocabulary.standard.term(id: id)?.title ?? id }
    let side = parts[0] == "L" ? "left" : parts[0] == "R" ? "right" : parts[0]
    return "\(parts[1] == "sites" ? "scored joints" : HandVocabulary.standard.term(id: parts[1])?.title ?? parts[1]), \(side)"
  }

  private static func cell(_ measure: CohortReport.Measure) -> [String: Any] {
    var context: [String: Any] = ["value": measure.value.map(significant) ?? "–", "exact": measure.value?.description ?? ""]
    if let interval = measure.interval { context["interval"] = ["lower": significant(interval.lowerBound), "upper": significant(interval.upperBound)] }
    return context
  }

  private static func significant(_ value: Double) -> String { readable(NumberText.significant(value, digits: 3)) }
  private static func points(_ value: Double) -> String { readable(NumberText.fixed(value, places: 1)) }
  private static func probability(_ value: Double) -> String { value < 0.001 ? "< 0.001" : NumberText.fixed(value, places: 3) }

  private static func mark(_ outcome: CohortReport.Verdict.Outcome) -> String {
    switch outcome {
    case .passed: "✓"
    case .failed: "✗"
    case .skipped: "–"
    }
  }
}
