import CCarpusKernels

/// A function of one number, as ONNX defines the operator of the same name.
///
/// float32 results of `exp`, `sigmoid`, `tanh` and `erf` are within 3 units in the last place; the others are those of the C
/// library or follow from one or two roundings.
public enum UnaryFunction: Sendable, Hashable {
  /// max(x, 0); NaN stays NaN.
  case relu
  /// x, times `alpha` where x < 0.
  case leakyRelu(alpha: Double)
  /// min(max(x, low), high); NaN stays NaN. Where `low` > `high`, `high`.
  case clip(low: Double, high: Double)
  /// 1 / (1 + exp -x)
  case sigmoid
  /// min(max(alpha x + beta, 0), 1)
  case hardSigmoid(alpha: Double, beta: Double)
  /// x min(max(x / 6 + 1/2, 0), 1)
  case hardSwish
  /// x / (1 + exp -x)
  case silu
  case tanh
  case erf
  /// x Φ(x) with the normal distribution function Φ, by erf.
  case gelu
  /// log(1 + exp x)
  case softplus
  case exp, log, sqrt
  /// 1 / x
  case reciprocal
  case negative, absolute
  case sin, cos
  case floor, ceil
  /// To the nearest integer, halves to the even one.
  case round
  /// scale x + offset
  case affine(scale: Double, offset: Double)

  var code: (ck_unary_function, p: Double, q: Double) {
    switch self {
    case .relu: (ck_unary_relu, 0, 0)
    case .leakyRelu(let alpha): (ck_unary_leaky_relu, alpha, 0)
    case .clip(let low, let high): (ck_unary_clip, low, high)
    case .sigmoid: (ck_unary_sigmoid, 0, 0)
    case .hardSigmoid(let alpha, let beta): (ck_unary_hard_sigmoid, alpha, beta)
    case .hardSwish: (ck_unary_hard_swish, 0, 0)
    case .silu: (ck_unary_silu, 0, 0)
    case .tanh: (ck_unary_tanh, 0, 0)
    case .erf: (ck_unary_erf, 0, 0)
    case .gelu: (ck_unary_gelu, 0, 0)
    case .softplus: (ck_unary_softplus, 0, 0)
    case .exp: (ck_unary_exp, 0, 0)
    case .log: (ck_unary_log, 0, 0)
    case .sqrt: (ck_unary_sqrt, 0, 0)
    case .reciprocal: (ck_unary_reciprocal, 0, 0)
    case .negative: (ck_unary_neg, 0, 0)
    case .absolute: (ck_unary_abs, 0, 0)
    case .sin: (ck_unary_sin, 0, 0)
    case .cos: (ck_unary_cos, 0, 0)
    case .floor: (ck_unary_floor, 0, 0)
    case .ceil: (ck_unary_ceil, 0, 0)
    case .round: (ck_unary_round, 0, 0)
    case .affine(let scale, let offset): (ck_unary_affine, scale, offset)
    }
  }
}

/// The derivative of a function, multiplied by a seed: the vector-Jacobian product of an elementwise operator.
public enum UnaryGradient: Sendable, Hashable {
  /// seed where x > 0, else 0.
  case relu
  /// seed where x > 0, else alpha seed.
  case leakyRelu(alpha: Double)
  /// seed where low < x < high, else 0.
  case clip(low: Double, high: Double)
  /// alpha seed where 0 < alpha x + beta < 1, else 0.
  case hardSigmoid(alpha: Double, beta: Double)
  /// 0 up to -3, seed from 3, both ends included, (x/3 + 1/2) seed between.
  case hardSwish
  /// seed sign(x); 0 at 0.
  case absolute
  /// (Φ(x) + x φ(x)) seed
  case gelu
  /// σ (1 + x (1 - σ)) seed with σ = sigmoid(x)
  case silu
  /// y (1 - y) seed; the second operand is the result y, not x.
  case sigmoidOfResult
  /// (1 - y²) seed; the second operand is the result y, not x.
  case tanhOfResult

  var code: (ck_gradient_function, p: Double, q: Double) {
    switch self {
    case .relu: (ck_gradient_relu, 0, 0)
    case .leakyRelu(let alpha): (ck_gradient_leaky_relu, alpha, 0)
    case .clip(let low, let high): (ck_gradient_clip, low, high)
    case .hardSigmoid(let alpha, let beta): (ck_gradient_hard_sigmoid, alpha, beta)
    case .hardSwish: (ck_gradient_hard_swish, 0, 0)
    case .absolute: (ck_gradient_abs, 0, 0)
    case .gelu: (ck_gradient_gelu, 0, 0)
    case .silu: (ck_gradient_silu, 0, 0)
    case .sigmoidOfResult: (ck_gradient_sigmoid_result, 0, 0)
    case .tanhOfResult: (ck_gradient_tanh_result, 0, 0)
    }
  }
}
