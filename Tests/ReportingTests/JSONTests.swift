import CarpusReporting
import Foundation
import Testing

@Suite struct JSONTests {
  @Test func writesWhatReadersExpect() {
    let value = JSONText.object([
      ("schema", .string("carpus-example/1")), ("zebra", .integer(-3)), ("apple", .number(0.1)),
      ("grid", .array([.array([.number(1), .number(2.5)]), .array([])])), ("names", .array([.string("a"), .string("b")])),
      ("nothing", .object([])), ("flag", .bool(true)),
    ])
    #expect(
      value.text == """
        {
          "schema": "carpus-example/1",
          "zebra": -3,
          "apple": 0.1,
          "grid": [
            [1.0, 2.5],
            []
          ],
          "names": [
            "a",
            "b"
          ],
          "nothing": {},
          "flag": true
        }
        """)
  }

  @Test(arguments: [0.1, -0.0, 1.0 / 3, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 1e16, 123_456_789.125, -2.5e-7])
  func numbersReadBackAsTheSame(_ number: Double) {
    #expect(Double(JSONText.number(number).text)?.bitPattern == number.bitPattern)
  }

  @Test func whatIsNoNumberIsNull() {
    let nothing: [JSONText] = [.number(.nan), .number(.infinity), .number(-.infinity), JSONText(Double?.none)]
    #expect(JSONText.array(nothing).text == "[null, null, null, null]")
    #expect(JSONText(Bool?.some(false)).text == "false")
    #expect(JSONText(String?.none).text == "null")
  }

  @Test func escapes() throws {
    let text = "\"\\\n\r\t\0\u{1f}\u{7f}\u{2028}\u{2029}</script>ü𝛑"
    let json = JSONText.string(text).text
    #expect(json == #""\"\\\n\r\t\u0000\u001f\u007f\u2028\u2029\u003c/script>ü𝛑""#)
    let read = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String
    #expect(read == text)
  }

  @Test func theFirstOfEqualKeysStays() {
    // The last two look alike and are other bytes, so both are kept.
    let value = JSONText.object([("a", .integer(1)), ("a", .integer(2)), ("\u{e9}", .integer(3)), ("e\u{301}", .integer(4))])
    #expect(value.text == "{\n  \"a\": 1,\n  \"\u{e9}\": 3,\n  \"e\u{301}\": 4\n}")
  }
}
