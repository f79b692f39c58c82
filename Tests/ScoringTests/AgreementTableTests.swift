import CarpusScoring
import Testing

@Suite struct AgreementTableTests {
  private func table(_ text: String) throws(CSVError) -> CSVTable { try CSVTable(Array(text.utf8)) }

  private func rows(_ text: String) throws -> [[String]] {
    let table = try table(text)
    return try (0..<table.rowCount).map { row in try table.header.indices.map { try table.field(row, $0) } }
  }

  @Test func fieldsAreThoseOfTheStandard() throws {
    #expect(try rows("a,b\r\n1,2\r\n") == [["1", "2"]])
    #expect(try rows("\u{feff}a,b\n1,2") == [["1", "2"]])
    #expect(try rows("a,b\n\"x, y\",\"say \"\"no\"\"\"\n,\n") == [["x, y", "say \"no\""], ["", ""]])
    #expect(try rows("a,b\n\"two\r\nlines\",\"\"\n") == [["two\r\nlines", ""]])
    #expect(try rows("a,b\n\n\r\n1,\" 2\t\"\n\n") == [["1", "2"]])
    #expect(try rows("a\nü\n") == [["ü"]])
    #expect(try table("a,b\n\n1,2\n\n3,4\n").rowNumbers == [3, 5])
  }

  @Test(arguments: [
    ("", "The table is empty; its first row names the columns."),
    ("\n\n", "The table is empty; its first row names the columns."),
    ("a,b\n1\n", "row 2: has 1 field, and the header 2."),
    ("a,b\n1,2\n1,2,3\n", "row 3: has 3 fields, and the header 2."),
    ("a,b\n1,\"2\n", "row 2, column 2: the quote that opens this field is never closed."),
    ("a,b\n1,\"2\"3\n", "row 2, column 2: something stands behind the closing quote."),
    ("a,b\n1,2\"3\n", "row 2, column 2: a quote stands inside a field that does not begin with one; RFC 4180 has it doubled, in a field in quotes."),
    ("a,b\r1,2\r", "row 1, column 2: a carriage return stands without a line feed."),
    ("a,b\n1,\0\n", "row 2, column 2: holds a zero byte, which no text does."),
    ("a, a\n1,2\n", "row 1, column 2: two columns are called 'a'."),
    ("image;score\nx;1\n", "row 1, column 1: the columns are separated by semicolons; commas belong there."),
  ])
  func whatIsNoTableIsRefused(_ text: String, _ sentence: String) {
    #expect(failure { () throws(CSVError) in _ = try table(text) } == sentence)
  }

  @Test func bytesThatAreNoTextAreRefused() {
    let utf16: [UInt8] = [0xff, 0xfe, 0x61, 0]
    #expect(failure { () throws(CSVError) in _ = try CSVTable(utf16) } == "The table is in UTF-16; it is read in UTF-8.")
    let latin: [UInt8] = [0x61, 0x0a, 0xfc, 0x0a]
    #expect(failure { () throws(CSVError) in _ = try CSVTable(latin).field(0, 0) } == "row 2, column a: is not text in UTF-8.")
    #expect(failure { () throws(CSVError) in _ = try CSVTable([0xfc]) } == "row 1, column 1: is not text in UTF-8.")
  }

  @Test func sizesAreLimited() {
    let wide = String(repeating: ",", count: CSVTable.maximumColumnCount)
    #expect(failure { () throws(CSVError) in _ = try table(wide) } == "row 1: has more than 4096 fields.")
    let long = "a\n" + String(repeating: "x", count: CSVTable.maximumFieldByteCount + 1)
    #expect(failure { () throws(CSVError) in _ = try table(long) } == "row 2, column 1: has more than 65536 bytes.")
    let big = [UInt8](repeating: 0x78, count: CSVTable.maximumByteCount + 1)
    #expect(failure { () throws(CSVError) in _ = try CSVTable(big) } == "The table has 64000001 bytes; at most 64000000 are read.")
  }

  @Test(arguments: ["nan", "inf", "-Infinity", "1e999", "0x10", "1,5", "1.5.2", "12 points", "--1", "1e10", "e", "+"])
  func onlyFiniteDecimalsAreNumbers(_ text: String) throws {
    let table = try table("score\n\"\(text)\"\n")
    #expect(failure { () throws(CSVError) in _ = try table.number(0, 0) }
      == "row 2, column score: '\(text)' is no number; a decimal such as 12.5, at most 1e9 in size, belongs here.")
  }

  @Test func decimalsAreRead() throws {
    let table = try table("score\n 12.5\n-3e2\n+1E-3\n.5\n")
    #expect(try (0..<4).map { try table.number($0, 0) } == [12.5, -300, 0.001, 0.5])
  }

  @Test func nothingThatATerminalObeysGetsIntoAMessage() throws {
    let table = try table("score\n\u{1b}[31mred\u{202e}\n" + String(repeating: "9", count: 500) + "\n")
    #expect(failure { () throws(CSVError) in _ = try table.number(0, 0) }?.hasPrefix("row 2, column score: '\u{fffd}[31mred\u{fffd}' is") == true)
    #expect(failure { () throws(CSVError) in _ = try table.number(1, 0) }?.contains(String(repeating: "9", count: 40) + "…'") == true)
  }

  /// Cut anywhere, and with any byte changed, a table is read or refused.
  @Test func damagedTablesDoNotTrap() throws {
    let text = Array("\u{feff}image,score,class\r\n\"a,\"\"b\",1.5,0-2\r\n\nc,2e1,5\r\n".utf8)
    var stream = RandomStream(seed: 1, index: 0, "damage")
    for end in 0...text.count { attempt(Array(text[..<end])) }
    for _ in 0..<5000 {
      var bytes = text
      for _ in 0...stream.whole(0...3) {
        let interesting: [UInt8] = [0, 0x0a, 0x0d, 0x22, 0x2c, 0x27, 0x2f, 0xff, UInt8(stream.whole(0...255))]
        bytes[stream.whole(0...bytes.count - 1)] = interesting[stream.whole(0...interesting.count - 1)]
      }
      attempt(bytes)
    }
  }

  private func attempt(_ bytes: [UInt8]) {
    do throws(CSVError) { _ = try PredictionTable(CSVTable(bytes), scale: .tenClasses) } catch { #expect(!error.description.isEmpty) }
  }
}

@Suite struct AgreementJoinTests {
  private let scale = SeverityScale.tenClasses

  private func predictions(_ text: String) throws(CSVError) -> PredictionTable {
    try PredictionTable(CSVTable(Array(text.utf8)), scale: scale)
  }

  private func reference(_ text: String, predictionsBeside: Bool = false) throws(CSVError) -> ReferenceTable {
    try ReferenceTable(CSVTable(Array(text.utf8)), scale: scale, predictionsBeside: predictionsBeside)
  }

  @Test func rowsMeetByTheNameOfTheImage() throws {
    let pairs = try PairedReadings(
      predictions("image,score,class,member:a,member:b\nc.png,3,2-5,1,\na.png,12,3,2,\nx.png,0,0,3,\n'-d.png,1,0,4,\n"),
      reference("image,patient,visit,hands,total,class\nimages/a.png,P1,1,B,11,10-15\n-d.png,P2,1,B,1,0\nimages/c.png,P1,2,B,4,1\ny.png,P3,1,B,0,0\n"))
    #expect(pairs.images == ["c.png", "a.png", "-d.png"])
    #expect(pairs.totals == [4, 11, 1] && pairs.classes == [1, 3, 0] && pairs.patients == ["P1", "P1", "P2"])
    #expect(pairs.unread == ["x.png"] && pairs.unpredicted == ["y.png"])
    // An empty column is no member.
    #expect(pairs.predictors.map(\.name) == ["score", "member:a"])
    #expect(pairs.predictors[0].scores == [3, 12, 1] && pairs.predictors[0].classes == [1, 3, 0])
    #expect(pairs.predictors[1].scores == [1, 2, 4] && pairs.predictors[1].classes == [0, 1, 1])
  }

  @Test func oneTableMayHoldBoth() throws {
    let text = "image,score,class,total,patient\na,3,0-2,7,P\nb,8,5-10,9,Q\n"
    let pairs = try PairedReadings(predictions(text), reference(text, predictionsBeside: true))
    // The column `class` is the prediction's, right or wrong; the reader's comes from the total.
    #expect(pairs.predictors[0].classes == [0, 2] && pairs.classes == [2, 2])
  }

  @Test func classesAloneHaveNoPoints() throws {
    let pairs = try PairedReadings(predictions("image,class\na,0-2\nb,9\n"), reference("image,class\na,1\nb,110-280\n"))
    let study = AgreementStudy(pairs, scale: scale, resamples: 10, seed: 1)
    #expect(study.agreements[0].points == nil && study.agreements[0].bands.isEmpty && study.comparisons.isEmpty)
    #expect(try study.agreements[0].classes[0].value.get() == 0.5)
    #expect(study.unit == .image && study.unitCount == 2)
  }

  @Test(arguments: [
    ("name,score\na,1\n", "A column 'image' is needed; the columns are name, score."),
    ("image,points\na,1\n", "A column 'score' or 'class' with predictions is needed; the columns are image, points."),
    ("image,score\na,\n", "A column 'score' or 'class' with predictions is needed; the columns are image, score."),
    ("image,score\n", "The table has no rows below its header."),
    ("image,score\na,1\nb,2\nx/a,3\n", "row 4, column image: a stands in row 2 too; an image counts once."),
    ("image,score\na,1\n,2\n", "row 3, column image: is empty; the name of an image belongs here."),
    ("image,score\na,1\nb,\n", "row 3, column score: is empty; a number such as 12.5 belongs here."),
    ("image,class\na,10\n", "row 2, column class: '10' is no class; 0 to 9, or its edges, such as 0-2, belong here."),
    ("image,class\na,-1\n", "row 2, column class: '-1' is no class; 0 to 9, or its edges, such as 0-2, belong here."),
    ("image,class\na,1\nb,\n", "row 3, column class: is empty; the class, 0 to 9, or its edges, such as 0-2, belong here."),
    ("image,score,member:x\na,1,2\nb,1,?\n", "row 3, column member:x: '?' is no number; a decimal such as 12.5, at most 1e9 in size, belongs here."),
  ])
  func whatIsNoPredictionIsRefused(_ text: String, _ sentence: String) {
    #expect(failure { () throws(CSVError) in _ = try predictions(text) } == sentence)
  }

  @Test func membersAreLimited() {
    let members = (0...PredictionTable.maximumMemberCount).map { ",member:\($0)" }.joined()
    #expect(failure { () throws(CSVError) in _ = try predictions("image,score\(members)\na,1" + String(repeating: ",1", count: 65) + "\n") }
      == "There are 65 columns of members; at most 64 are read.")
  }

  @Test func whatIsNoReferenceIsRefused() {
    #expect(failure { () throws(CSVError) in _ = try reference("image,total,class\na,7,2-5\n") }
      == "row 2, column class: the class is 2-5, and a total of 7.0 belongs to 5-10: the table was made with other edges.")
    #expect(failure { () throws(CSVError) in _ = try reference("image,score\na,7\n") }
      == "A column 'total' or 'class' with the readers' scores is needed; the columns are image, score.")
    #expect(failure { () throws(CSVError) in _ = try reference("image,class\na,7\n", predictionsBeside: true) }
      == "A column 'total' with the readers' scores, or a reference of its own, is needed; the columns are image, class.")
    #expect(failure { () throws(CSVError) in _ = try reference("image,total,patient\na,7,P\nb,1,\n") }
      == "row 3, column patient: is empty, and other rows are not.")
    #expect(failure { () throws(CSVError) in _ = try PairedReadings(predictions("image,score\na,1\n"), reference("image,total\nb,1\n")) }
      == "No image is in both tables: the predictions begin with a, the reference with b.")
  }
}

private func failure(_ body: () throws(CSVError) -> Void) -> String? {
  do throws(CSVError) {
    try body()
    return nil
  } catch { return error.description }
}
