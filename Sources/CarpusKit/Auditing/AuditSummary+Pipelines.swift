import CarpusReporting
import CarpusScoring
import CarpusStore

/// The verdicts for programs that run tests and watch over code.
extension AuditSummary {
  /// A test suite for each model, a test case for each rule, as JUnit writes them.
  var junit: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"carpus audit\">\n"
    for model in models {
      let name = Self.xml(model.model.name)
      func count(_ outcome: Verdict.Outcome) -> Int { model.verdicts.count { $0.outcome == outcome } }
      text += "  <testsuite name=\"\(name)\" tests=\"\(model.verdicts.count)\" failures=\"\(count(.failed))\" errors=\"0\" skipped=\"\(count(.skipped))\">\n"
      for verdict in model.verdicts {
        let sentence = Self.xml(verdict.sentence)
        let body = switch verdict.outcome {
        case .passed: "<system-out>\(sentence)</system-out>"
        case .failed: "<failure message=\"\(sentence)\"/>"
        case .skipped: "<skipped message=\"\(sentence)\"/>"
        }
        text += "    <testcase classname=\"\(name)\" name=\"\(verdict.rule.rawValue)\">\(body)</testcase>\n"
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  /// SARIF 2.1.0, a result for each verdict.
  var sarif: String {
    let rules = VerdictRule.allCases
    return JSONText.object([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", .string("2.1.0")),
      ("runs", .array([
        .object([
          ("tool", .object([
            ("driver", .object([
              ("name", .string("carpus audit")), ("version", .string(Version.number)),
              ("rules", .array(rules.map { .object([("id", .string($0.rawValue))]) })),
            ])),
          ])),
          ("results", .array(models.flatMap { model in model.verdicts.map { Self.result($0, of: model.model.file) } })),
        ]),
      ])),
    ]).text
  }

  private static func result(_ verdict: Verdict, of file: String) -> JSONText {
    let (kind, level) = switch verdict.outcome {
    case .passed: ("pass", "none")
    case .failed: ("fail", "error")
    case .skipped: ("notApplicable", "none")
    }
    return .object([
      ("ruleId", .string(verdict.rule.rawValue)), ("kind", .string(kind)), ("level", .string(level)),
      ("message", .object([("text", .string("\(file): \(verdict.sentence)"))])),
    ])
  }

  private static func xml(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\0"..<" ", "\u{7f}", "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
