import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusReporting
import CarpusScoring
import CarpusStore
import CarpusTensors

/// Tests of a model itself, on the first radiographs of a study that are of different patients: the same for every shard.
struct AuditChecks {
  private let plan: AuditPlan
  private let model: AuditedModel
  private let threads: Int
  /// Of one image for each patient.
  private let images: [Study.Image]

  /// Unrelated images for drawing weights again; of fewer the baseline means little.
  private static let weightImages = 6...20
  private static let fewImages = 8

  init(of model: AuditedModel, in plan: AuditPlan, threads: Int) {
    (self.plan, self.model, self.threads) = (plan, model, threads)
    var seen: Set<String> = []
    images = Array(plan.study.images.filter { $0.patient.map { seen.insert($0).inserted } ?? true }.prefix(Self.weightImages.upperBound))
  }

  /// In the order of `StudyCheck.allCases`, member by member.
  func measured() throws(CarpusError) -> [StoredCheck] {
    let asked = plan.study.checks
    guard !asked.isDisjoint(with: [.weights, .withoutGradient, .repeatability]) else { return [] }
    let drawsWeights = asked.contains(.weights) && images.count >= Self.weightImages.lowerBound
    let isMany = drawsWeights || asked.contains(.repeatability)
    let subjects = try (isMany ? images : Array(images.prefix(Self.fewImages))).map { image throws(CarpusError) in try subject(image) }
    var checks: [StoredCheck] = []
    for member in model.members {
      let tensors = drawsWeights || asked.contains(.withoutGradient)
        ? try subjects.map { subject throws(CarpusError) in try member.preprocessing.prepared(subject.radiograph, name: subject.name).tensor } : []
      do throws(ExplanationError) {
        if drawsWeights { checks += try weights(of: member, tensors) }
        if asked.contains(.withoutGradient) { checks.append(try withoutGradient(of: member, Array(tensors.prefix(Self.fewImages)))) }
      } catch { throw CarpusError(error).about(member.name) }
      if asked.contains(.repeatability) { checks.append(try repeatability(of: member, subjects)) }
    }
    return checks
  }

  private struct Subject {
    let name: String
    let radiograph: Radiograph
    /// Where they matter.
    let sites: [Mask]
  }

  private func subject(_ image: Study.Image) throws(CarpusError) -> Subject {
    let name = lastComponent(image.path), radiograph: Radiograph
    do { radiograph = try Radiograph.read(at: plan.folder + image.path) } catch { throw CarpusError(error, file: name) }
    let regions = plan.study.checks.contains(.repeatability) ? try plan.regions(of: image, radiograph) : nil
    return Subject(name: name, radiograph: radiograph, sites: regions?.sites.map(\.mask) ?? [])
  }

  private func check(_ rule: VerdictRule, _ member: AuditedMember, _ value: Double, images: Int, _ sentence: String, step: String = "") -> StoredCheck {
    StoredCheck(
      name: rule.rawValue + step, member: model.isEnsemble ? member.name : "", value: value, images: images,
      sentence: sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence)
  }

  /// The value of the rule, then the agreement of each step on the way.
  private func weights(of member: AuditedMember, _ tensors: [Tensor]) throws(ExplanationError) -> [StoredCheck] {
    let test = try WeightRandomization(of: member.explainer, plan.methods[0], tensors: tensors, seed: plan.study.seed, threads: threads)
    let rule = check(.weights, member, test.check.value - test.check.limit, images: tensors.count, test.check.sentence)
    return [rule] + test.stages.enumerated().map { index, stage in
      check(
        .weights, member, stage.agreement, images: tensors.count,
        "Size of the rank correlation with the maps of the network as it is, the last \(stage.layers) layers drawn again", step: "-\(index + 1)/\(test.stages.count)")
    }
  }

  private func withoutGradient(of member: AuditedMember, _ tensors: [Tensor]) throws(ExplanationError) -> StoredCheck {
    let workspace = member.explainer.workspace(threads: threads)
    var worst: ExplanationReport.Check?
    for tensor in tensors {
      let evidence = try member.explainer.evidence(for: tensor, in: workspace)
      let maps = try member.explainer.maps(plan.methods[0], from: evidence)
      let own = try ExplanationReport.Check.withoutGradient(member.explainer, evidence, maps: maps, input: tensor, threads: threads)
      if own.value < worst?.value ?? .infinity { worst = own }
    }
    return check(.withoutGradient, member, worst?.value ?? 0, images: tensors.count, worst?.sentence ?? "")
  }

  /// Points of the scored places, all radiographs together: where a radiograph has none, its map is compared cell by cell. The lowest of the changes.
  private func repeatability(of member: AuditedMember, _ subjects: [Subject]) throws(CarpusError) -> StoredCheck {
    var before: [[Double]] = [], after: [[Double]] = [], asks = true
    for subject in subjects {
      let own = try Repeatability(
        of: member.explainer, plan.methods[0], radiograph: subject.radiograph, name: subject.name, preprocessing: member.preprocessing, regions: subject.sites,
        threads: threads)
      asks = asks && subject.sites.count >= 3
      for (index, outcome) in own.outcomes.enumerated() {
        if before.count == index {
          before.append([])
          after.append([])
        }
        before[index] += outcome.before
        after[index] += outcome.after
      }
    }
    let value = zip(before, after).map { RankAgreement.pearson($0, $1).value ?? 0 }.min() ?? 0
    return check(.repeatability, member, value, images: subjects.count, Repeatability.check(value, ofRegions: asks).sentence)
  }
}
