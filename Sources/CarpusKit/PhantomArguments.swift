import CarpusAnatomy
public import CarpusPhantom
public import CarpusImaging
public import CarpusScoring

/// What is typed behind the options of `carpus phantom`.
public enum PhantomArguments {
  /// `WIDTHxHEIGHT`.
  ///
  /// - Throws: `CarpusError` 64.
  public static func size(_ text: String) throws(CarpusError) -> PixelSize {
    let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1] else {
      throw CarpusError(.usage, "--size is WIDTHxHEIGHT in pixels, e.g. 1024x768, not '\(text)'")
    }
    return PixelSize(width: width, height: height)
  }

  /// `all`, `none`, or names with commas between.
  ///
  /// - Throws: `CarpusError` 64.
  public static func nuisances(_ text: String) throws(CarpusError) -> Set<Nuisance> {
    switch text {
    case "all": return Set(Nuisance.allCases)
    case "none": return []
    default:
      var nuisances: Set<Nuisance> = []
      for name in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let nuisance = Nuisance(rawValue: String(name)) else {
          throw CarpusError(.usage, "--nuisances: there is no '\(name)'; there are \(Nuisance.allCases.map(\.rawValue).joined(separator: ", ")), or all, or none")
        }
        nuisances.insert(nuisance)
      }
      return nuisances
    }
  }

  /// `L:MCP2.erosion=3` and the like.
  ///
  /// - Throws: `CarpusError` 64.
  public static func grades(_ texts: [String]) throws(CarpusError) -> [SvdHItem: Int] {
    var grades: [SvdHItem: Int] = [:]
    for text in texts {
      let (item, grade) = try grade(text)
      guard grades.updateValue(grade, forKey: item) ?? grade == grade else {
        throw CarpusError(.usage, "--set \(item): two grades are given; one is needed")
      }
    }
    return grades
  }

  private static func grade(_ text: String) throws(CarpusError) -> (SvdHItem, Int) {
    func error(_ problem: String) -> CarpusError { CarpusError(.usage, "--set \(text): \(problem)") }
    let halves = text.split(separator: "=", omittingEmptySubsequences: false)
    guard halves.count == 2 else { throw error("it is SIDE:SITE.KIND=GRADE, e.g. L:MCP2.erosion=3") }
    guard let item = SvdHItem(String(halves[0])) else { throw error(reason(against: halves[0])) }
    guard let grade = Int(halves[1]), (0...item.damage.maximum).contains(grade) else {
      throw error("the grade of \(item.damage == .erosion ? "an erosion" : "a narrowing") is a whole number, 0 to \(item.damage.maximum)")
    }
    return (item, grade)
  }

  /// Why a text names nothing that is scored, and what would.
  private static func reason(against text: Substring) -> String {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, ["L", "R"].contains(parts[0].uppercased()) else { return "the side is L or R, with a colon behind it, e.g. L:MCP2.erosion=3" }
    let words = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    guard let site = SvdHSite.allCases.first(where: { $0.regionID == words[0].lowercased() }) else {
      return "there is no site '\(words[0])'; there are \(SvdHSite.allCases.map(\.rawValue).joined(separator: ", "))"
    }
    return "what is scored at \(site.rawValue) is \(site.damages.map { "\(site.rawValue).\($0.rawValue)" }.joined(separator: " and "))"
  }
}
