import CarpusReporting
import Testing

@Suite struct RegionTableTests {
  @Test func rows() throws {
    let lines = RegionTable.csv(of: try SampleReports.small(names: ["MCP2, \"index\"", "=HYPERLINK(1)", "wrist"])).split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0] == "kind,id,name,laterality,points,pointsPositive,pointsNegative,mass,areaShare,enrichment,rankAccuracy,peakInside,auc,ceiling,pixels,boundsX,boundsY,boundsWidth,boundsHeight")
    #expect(lines[1].hasPrefix("region,mcp2,\"MCP2, \"\"index\"\"\",L,4.0,4.0,0.0,0.6153846153846154,0.08333333333333333,"))
    #expect(lines[1].hasSuffix(",true,1.0,1.0,100,0,0,10,10"))
    #expect(lines[2].hasPrefix("region,mcp3,'=HYPERLINK(1),L,4.0,"))
    #expect(lines[4].hasPrefix("overall,inRegions,,,5.0,6.0,-1.0,"))
    #expect(lines[5].hasPrefix("overall,elsewhere,,,0.5,"))
    #expect(lines[6] == "overall,padding,,,0.0,0.0,0.0,0.0,0.0,,,,,,,,,,")
  }

  @Test func absentStatisticsAreEmpty() throws {
    let lines = RegionTable.csv(of: try SampleReports.small(values: [Double](repeating: -1, count: 12))).split(separator: "\n")
    // Without positive evidence: neither mass nor enrichment nor peak.
    #expect(lines[1].hasPrefix("region,mcp2,MCP2,L,-1.0,0.0,-1.0,,0.08333333333333333,,"))
  }

  @Test func quoting() {
    #expect(CSVText.text([["a", "b,c", "d\"e", "f\ng", ""], ["1"]]) == "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n1\n")
    #expect(CSVText.field(Double.nan) == "" && CSVText.field(nil) == "" && CSVText.field(0.1) == "0.1")
    #expect(["=1", "+1", "-1", "@a", "MCP2"].map { CSVText.field(foreign: $0) } == ["'=1", "'+1", "'-1", "'@a", "MCP2"])
  }

  @Test func theTerminalTableIsOrderedAndAddsUp() throws {
    #expect(
      RegionTable.lines(of: try SampleReports.small()) == [
        "hand.png: 12.00 points (score:0 of model.onnx)",
        "hirescam at /features/Relu_output_0, 3×4 cells",
        "",
        "#  region   points     +      -   mass  area share  enrichment",
        "1  L:mcp2     4.00  4.00   0.00  0.615       0.083        7.38",
        "2  L:mcp3     4.00  4.00   0.00  0.615       0.250        2.46",
        "3  L:wrist   -1.00  0.00  -1.00  0.000       0.083        0.00",
        "",
        "Intercept                     5.00",
        "In regions (overlaps once)    5.00",
        "Elsewhere on the radiograph   0.50",
        "Residual                      1.50",
        "Score                        12.00",
      ])
  }

  @Test func aBatchHasOneRowForEachImage() throws {
    #expect(
      RegionTable.lines(of: try SampleReports.batch()).suffix(3) == [
        "image  intercept  the map  residual  score", "    0       5.00     5.50      1.50  12.00",
        "    1       5.00    11.00      4.00  20.00",
      ])
  }

  @Test func numbersForPeople() {
    #expect([0.005, -0.004, 1234.5678, -2.5, 0].map { NumberText.fixed($0, places: 2) } == ["0.01", "0.00", "1234.57", "-2.50", "0.00"])
    #expect(NumberText.fixed(-2.5, places: 0) == "-3")
    #expect(
      [0, 280, 0.012345, 1.5e-7, -1234.56, 9.9999e-5, 1e300, Double.leastNonzeroMagnitude, .nan, -.infinity]
        .map { NumberText.significant($0, digits: 4) }
        == ["0", "280", "0.01235", "1.5e-07", "-1235", "1e-04", "1e+300", "4.941e-324", "not a number", "-infinite"])
  }
}
