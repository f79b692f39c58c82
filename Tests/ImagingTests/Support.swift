import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Foundation

/// The bytes of a reference file.
func fixture(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: Fixtures.url("Imaging/\(name)"))) }

/// The numbers of a reference array.
func numbers(_ name: String) throws -> [Double] { try NPY.read(fixture(name)).doubles }

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}
