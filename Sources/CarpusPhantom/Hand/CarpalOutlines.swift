/// Outlines of the mean wrist, in millimetres in the hand's frame: points on the bones' edges, drawn from the arrangement of the carpus on
/// dorsopalmar radiographs.
enum CarpalOutlines {
  static let capitate: [Point] = [
    Point(0.5, 0.6), Point(3.1, 1.4), Point(4.8, 3.7), Point(5.4, 6.5), Point(4.9, 9.4), Point(5.5, 12.5), Point(6.9, 15.4), Point(7.1, 19.2),
    Point(5.4, 20.7), Point(0.8, 20.9), Point(-3.6, 20.5), Point(-4.5, 18.2), Point(-3.8, 14), Point(-4.5, 10), Point(-5.2, 6.2),
    Point(-4.4, 3), Point(-2.2, 1.1),
  ]
  static let hamate: [Point] = [
    Point(-6.3, 19.7), Point(-5.9, 16.5), Point(-5.5, 12.6), Point(-6.5, 8), Point(-7.4, 4.8), Point(-8.8, 3.9), Point(-10.6, 5.7),
    Point(-13.3, 9.3), Point(-16.8, 12.2), Point(-19.8, 14.9), Point(-20.3, 17.4), Point(-18.4, 18.6), Point(-14.3, 19.4), Point(-10, 20.3),
  ]
  /// The hamate's hook, seen from its end.
  static let hook: [Point] = [
    Point(-12.2, 17.6), Point(-11.0, 15.4), Point(-11.6, 12.6), Point(-13.6, 11.8), Point(-15.2, 13.4), Point(-15.0, 16.4), Point(-13.8, 17.8),
  ]
  static let lunate: [Point] = [
    Point(-6.8, 1.7), Point(-4.8, -0.3), Point(-2.0, -1.0), Point(0.4, -1.1), Point(1.4, -2.6), Point(1.3, -5.6), Point(-0.1, -8.4),
    Point(-3, -10.3), Point(-7, -10.8), Point(-11, -9.5), Point(-14.3, -7.3), Point(-15.4, -5.7), Point(-13.5, -2.8), Point(-10.2, 0.4),
    Point(-8.2, 1.8),
  ]
  static let triquetrum: [Point] = [
    Point(-18.3, 11.4), Point(-16.0, 8.8), Point(-13.0, 5.8), Point(-11.0, 3.1), Point(-12.5, 0.5), Point(-15.0, -2.3), Point(-17.0, -4.5),
    Point(-19.0, -4.2), Point(-21.6, -1.6), Point(-23.4, 2.6), Point(-23.2, 6.6), Point(-21.8, 10.2), Point(-20.2, 11.8),
  ]
  static let pisiform: [Point] = [
    Point(-19.4, 12.2), Point(-15.9, 10.6), Point(-14.8, 6.8), Point(-16.4, 3.0), Point(-19.6, 1.6), Point(-22.4, 3.4), Point(-23.6, 7.2),
    Point(-22.4, 10.8),
  ]
  static let scaphoid: [Point] = [
    Point(4.0, -0.7), Point(2.9, -2.9), Point(3.0, -5.6), Point(5.0, -7.0), Point(8.4, -6.2), Point(12, -3.7), Point(15.5, -0.6),
    Point(17.4, 2.9), Point(16.6, 6.2), Point(15.7, 8.2), Point(13.6, 10.3), Point(11.0, 11.0), Point(8.7, 10.0), Point(7.5, 6.8), Point(7.0, 4.0),
    Point(5.7, 1.2),
  ]
  static let trapezoid: [Point] = [
    Point(8.9, 18.6), Point(8.3, 15.8), Point(8.9, 13.2), Point(11.4, 12.9), Point(14.6, 11.8), Point(17.4, 13.2), Point(18.4, 16.2),
    Point(16.8, 18.6), Point(13.8, 19.2), Point(11.2, 19.6),
  ]
  static let trapezium: [Point] = [
    Point(14.2, 13.6), Point(15.2, 11.6), Point(17.8, 9.4), Point(21.2, 9.8), Point(24.2, 11.8), Point(25.4, 14.4), Point(24.0, 17.6),
    Point(21.8, 20.6), Point(19.2, 21.2), Point(16.4, 19.8), Point(14.4, 17.0),
  ]
  /// From the radial side of the shaft around the wrist's surface to its ulnar side; both sides run on along the forearm.
  static let radius: [Point] = [
    Point(14.4, -58), Point(14.7, -48), Point(15.4, -39), Point(16.7, -31), Point(18.6, -24.5), Point(20.5, -18),
    Point(21.7, -12.5), Point(22.2, -8), Point(21.8, -4.4), Point(20.4, -2.0), Point(18.4, -1.5), Point(15.6, -3.5), Point(12, -6.2), Point(8.6, -8.4),
    Point(5, -9.4), Point(1.6, -10.6), Point(-2.4, -12.5), Point(-6.0, -13.0), Point(-7.6, -13.9), Point(-7.5, -16.5), Point(-7.2, -19.5),
    Point(-6.0, -23), Point(-3.4, -29), Point(-1.6, -36), Point(-0.8, -46), Point(-0.6, -58),
  ]
  static let ulna: [Point] = [
    Point(-12.6, -58), Point(-12.8, -44), Point(-13.0, -34), Point(-12.4, -28), Point(-10.6, -22.5), Point(-9.6, -18.8),
    Point(-9.7, -15.8), Point(-11.4, -14.2), Point(-15.6, -14.2), Point(-18.6, -14.0), Point(-20.1, -12.0), Point(-21.2, -9.4),
    Point(-22.5, -9.0), Point(-23.6, -10.6), Point(-24.7, -14.0), Point(-24.8, -18), Point(-23.7, -23), Point(-22.9, -30), Point(-22.6, -40),
    Point(-22.6, -58),
  ]
}
