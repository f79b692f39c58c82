public import CarpusImaging

/// What lies between tube and detector, pixel by pixel, as thicknesses in millimetres.
public struct Projection: Sendable {
  public let size: PixelSize
  /// Millimetres of soft tissue, bone's volume not taken away.
  public var softTissue: [Float]
  /// Millimetres of compact bone of the same mass.
  public var bone: [Float]

  /// Air.
  public init(size: PixelSize) {
    self.size = size
    softTissue = [Float](repeating: 0, count: size.count)
    bone = [Float](repeating: 0, count: size.count)
  }
}

/// From millimetres in a hand's own frame to pixels.
///
/// The frame: origin in the middle of the wrist (between lunate and capitate), y towards the finger tips, x towards the thumb.
/// On a radiograph (hands palm down, seen from the back, finger tips upwards) the thumb of the left hand points to the right.
public struct Placement: Sendable, Hashable {
  /// Where the frame's origin lies, in pixels: x to the right, y downwards.
  public var origin: SIMD2<Double>
  public var pixelsPerMillimetre: Double
  /// Clockwise turn on the picture, in radians; 0 has the fingers upwards.
  public var angle: Double
  /// For a right hand: the thumb then points to the left.
  public var isMirrored: Bool

  public init(origin: SIMD2<Double>, pixelsPerMillimetre: Double, angle: Double, isMirrored: Bool) {
    self.origin = origin
    self.pixelsPerMillimetre = pixelsPerMillimetre
    self.angle = angle
    self.isMirrored = isMirrored
  }
}
