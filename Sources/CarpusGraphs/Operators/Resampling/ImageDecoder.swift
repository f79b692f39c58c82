import CarpusTensors

/// `Y` is the pixels of an image file, `[height, width, channels]`: RGB, BGR, or `Grayscale`, `(19595 R + 38470 G + 7471 B + 32768) / 65536` as
/// in Pillow (ITU-R BT.601).
///
/// BMP, portable images (PBM, PGM, PPM) and TIFF are read, all of them uncompressed with 8 bits per sample; other formats need libraries
/// that graphs do without. Decode those beforehand.
///
/// - Operands: the bytes of the file, uint8 `[n]`.
/// - Throws: when the format is another one, or the file is damaged.
public struct ImageDecoder: Operator {
  public static let signature = OperatorSignature("ImageDecoder", since: 20, operands: 1...1, gradient: .stops)

  private enum Format: String, CaseIterable { case rgb = "RGB", bgr = "BGR", gray = "Grayscale" }
  private let format: Format

  public init(_ node: inout NodeReader) throws(OperatorError) { format = try node.choice("pixel_format", default: .rgb) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let stream = try operands.tensor(0, of: [.uint8])
    guard stream.shape.rank ?? 1 == 1 else { throw .operands("an image file is a vector of bytes, not \(stream.shape)") }
    let channels = format == .gray ? 1 : 3
    guard let bytes = operands[0].value else { return [ValueType(.uint8, [nil, nil, channels])] }
    let image = try EncodedImage(bytes.array(of: UInt8.self))
    return [try Movement.resultType(.uint8, [image.height, image.width, channels])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let image = try EncodedImage(operands[0].array(of: UInt8.self))
    var y = results.elements(0, as: UInt8.self)
    for row in 0..<image.height {
      for column in 0..<image.width {
        let (r, g, b) = image.pixel(row, column), place = row * image.width + column
        switch format {
        case .gray: y[place] = UInt8(truncatingIfNeeded: (19595 * Int(r) + 38470 * Int(g) + 7471 * Int(b) + 32768) >> 16)
        case .rgb: (y[3 * place], y[3 * place + 1], y[3 * place + 2]) = (r, g, b)
        case .bgr: (y[3 * place], y[3 * place + 1], y[3 * place + 2]) = (b, g, r)
        }
      }
    }
  }

  // MARK: Gradient

  /// Pixels have no derivative with respect to the bytes of a file.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
