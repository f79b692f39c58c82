import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusReporting
import CarpusScoring

extension Ensemble {
  /// The members' explanations, and as the ensemble's own their weighted sum: `score = intercept + Σ wᵢ · sᵢ`, and so for maps and intercepts.
  ///
  /// The weights of a median are those of the members in the middle for this radiograph.
  func explained(_ request: ExplanationRequest) throws(CarpusError) -> ExplanationReport {
    guard case .image(let imagePath, _) = request.subject else {
      throw CarpusError(.usage, "\(name) is an ensemble, whose members prepare their inputs each in its own way: give --image, not --tensor")
    }
    guard request.target == nil, request.layer == nil else {
      throw CarpusError(.usage, "\(name) is an ensemble: what is explained, and at which layer, stands in its members' cards; leave --target and --layer out")
    }
    var reports: [ExplanationReport] = []
    for member in members {
      var own = request
      own.detail.draws = 0
      own.target = member.score.map { $0.target.text }
      reports.append(try member.explained(own))
    }
    let scores = reports.map { $0.scores[0].value }
    let weights = file.combination.weights(for: scores)
    let score = file.combination.score(of: scores)
    let pictures = reports.compactMap(\.picture)
    let entries = zip(reports, pictures).map { (map: $0.maps[0], frame: $1.transform.backward(PixelRectangle($1.inputSize))) }
    let (map, grid) = CommonGrid.sum(of: entries, weights: weights)
    let picture = grid.picture(like: pictures[0])
    let intercept = zip(weights, reports).reduce(file.combination.intercept) { $0 + $1.0 * $1.1.budgets[0].intercept }
    var budget = ScoreBudget(score: score, intercept: intercept, explained: map.sum)
    var measurement: ExplanationReport.Measurement?
    var warnings = zip(file.members, reports).flatMap { member, report in report.warnings.map { "\(member.name): \($0)" } }
    if let first = reports[0].measurement {
      let measured = try ExplanationReport.Measurement.of(map, in: first.regions, picture, source: first.source)
      measurement = measured.measurement
      budget = measured.measurement.focus.budget(score: score, intercept: intercept)
      warnings += measured.warnings
      if !grid.isExact {
        warnings.append("the members see different parts of the radiograph, so that their maps were shared out over a grid of their union; points of regions differ a little from the weighted sum of the members' own")
      }
    }
    var landmarks: LandmarkRegions.Measured?
    if let known = reports[0].landmarks {
      landmarks = try LandmarkRegions(known.regions, isFound: known.isFound).measured(map, picture, request.detail)
      if let regions = measurement?.regions { measurement?.chance = landmarks?.chance(of: regions) ?? [] }
    }
    let files = TensorFiles.fileNames(for: file.members.map(\.name), prefix: "map.")
    let severities = Set(members.map { $0.score?.points.severity })
    let severity = severities.count == 1 ? severities.first ?? nil : nil
    let scoreClass = RadiographScore.Severity(of: score, in: severity)
    var report = ExplanationReport(
      model: name, image: lastComponent(imagePath),
      outputs: zip(file.members, reports).flatMap { member, report in
        report.outputs.map { ExplanationReport.Output(name: "\(member.name)/\($0.name)", shape: $0.shape, values: $0.values) }
      },
      scores: [ExplanationReport.Score(output: file.combination.name, index: 0, value: score, slope: 1)],
      method: request.method, methodTitle: reports[0].methodTitle, methodCitation: reports[0].methodCitation,
      layerIsComplete: reports.allSatisfy(\.layerIsComplete), layerChannels: reports.reduce(0) { $0 + $1.layerChannels }, maps: [map],
      budgets: [budget], measurement: measurement, picture: picture,
      checks: zip(file.members, reports).flatMap { member, report in
        report.checks.map { check in
          var named = check
          named.name = "\(member.name): \(check.name)"
          return named
        }
      },
      warnings: warnings, provenance: provenance(reports, request),
      prediction: ExplanationReport.Prediction(
        score: score, classIndex: scoreClass?.index, className: scoreClass?.name, classOrigin: severity?.origin, postProcessing: sentence(weights)),
      inputs: reports.flatMap(\.inputs),
      members: zip(file.members, reports).enumerated().map { index, pair in
        ExplanationReport.Member(
          name: pair.0.name, score: scores[index], weight: weights[index], map: pair.1.maps[0], budget: pair.1.budgets[0], file: files[index])
      })
    report.landmarks = landmarks?.landmarks
    for (index, member) in reports.enumerated() {
      report.members[index].picture = member.picture
      report.members[index].landmarks = member.landmarks
      report.members[index].agreement = report.regionAgreement(with: member)
    }
    return report
  }

  private func sentence(_ weights: [Double]) -> String {
    let terms = zip(weights, file.members).map { "\(NumberText.significant($0, digits: 4)) · \($1.name)" }.joined(separator: " + ")
    let intercept = file.combination.intercept
    return "\(file.combination.name): \(terms)\(intercept == 0 ? "" : " + \(intercept)")"
  }

  /// The ensemble's file, then what each member has of its own, then what all have in common.
  private func provenance(_ reports: [ExplanationReport], _ request: ExplanationRequest) -> ExplanationReport.Provenance {
    let own = ["model.", "card.", "input.", "layer", "convolutions"]
    var entries = [("carpus", Version.number), ("ensemble.file", name), ("ensemble.sha256", sha256)]
    for (member, report) in zip(file.members, reports) {
      entries += report.provenance.entries.filter { entry in own.contains { entry.key.hasPrefix($0) } }.map { ("\(member.name).\($0.key)", $0.value) }
    }
    return ExplanationReport.Provenance(
      entries + (reports.first?.provenance.entries ?? []).filter { entry in
        entry.key != "carpus" && !own.contains { entry.key.hasPrefix($0) }
      })
  }
}

extension CommonGrid {
  /// The radiograph with this grid in place of a network's input: one pixel for each cell.
  fileprivate func picture(like picture: ExplanationReport.Picture) -> ExplanationReport.Picture {
    let content = transform.forward(PixelRectangle(picture.radiograph.size))
    return ExplanationReport.Picture(
      radiograph: picture.radiograph, transform: transform, inputSize: size,
      contentRectangle: PixelRectangle(
        minX: max(0, content.minX), minY: max(0, content.minY), maxX: min(Double(width), content.maxX), maxY: min(Double(height), content.maxY)))
  }
}
