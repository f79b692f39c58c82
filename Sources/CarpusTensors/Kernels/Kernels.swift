import CCarpusKernels

/// A type that kernels compute in: `Float` and `Double`. (float16 and bfloat16 are converted to float32 first.)
public protocol KernelScalar: TensorElement, BinaryFloatingPoint {}
extension Float: KernelScalar {}
extension Double: KernelScalar {}

/// The only safe door to the C kernels.
///
/// Every function reads spans, writes a span that overlaps none of them, and shares its work among the threads of a
/// team. How each element is computed does not depend on where the work is cut, so results are the same bits for any
/// number of threads. NaN and infinities propagate as in IEEE 754 arithmetic.
public enum Kernels {}

extension KernelScalar {
  static var kernelType: ck_type { elementType == .float32 ? ck_float32 : ck_float64 }
}

extension ThreadTeam {
  var isa: ck_isa { ck_isa(rawValue: instructionSet.rawValue) }
}
