public import CarpusAnatomy
public import CarpusScoring

extension PhantomOptions.Hands {
  /// The sides in the picture, the left first.
  public var sides: [Laterality] {
    switch self {
    case .left: [.left]
    case .right: [.right]
    case .both: [.left, .right]
    }
  }

  /// What is scored in the picture.
  public var items: [SvdHItem] { sides.flatMap(SvdHItem.all(of:)) }
}

/// One patient of a cohort.
public struct PhantomPatient: Sendable {
  /// Counted from 1.
  public let number: Int
  public let options: PhantomOptions
  public let person: Person
  /// Of both hands: as drawn for the seed and the number, with `options.grades` put over them.
  public let grades: SvdHGrades

  public init(_ number: Int, options: PhantomOptions) {
    self.number = number
    self.options = options
    person = Person(seed: options.seed, patient: number)
    var grades = SvdHGrades(seed: options.seed, patient: number)
    for (item, grade) in options.grades { grades[item] = grade }
    self.grades = grades
  }

  /// The sum of what is in the picture: 0…280 for both hands, 0…140 for one.
  public var total: Int { options.hands.sides.reduce(0) { $0 + grades.total(of: $1) } }

  /// The class of the total.
  public var severity: String {
    let scale = SeverityScale.tenClasses
    return scale.name(of: scale.index(of: Double(total)))
  }

  /// The radiograph, and where everything lies in it.
  public func image() -> PhantomImage {
    // Osteoarthritis comes with age: one in ten at 40, six in ten at 80.
    var stream = RandomStream(seed: options.seed, index: number, "sclerosis")
    let isArthrotic = stream.chance(min(0.6, max(0.05, 0.1 + (person.age - 40) * 0.0125)))
    let hands = options.hands.sides.map { side in
      Hand(
        of: person, side: side, grades: grades, hasSclerosis: isArthrotic && options.nuisances.contains(.sclerosis), seed: options.seed,
        patient: number)
    }
    return PhantomImage(of: hands, score: total, number: number, options: options)
  }
}
