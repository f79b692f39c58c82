import CarpusAnatomy
import CarpusImaging
import CarpusScoring

/// What lies on or beside the hands of an image.
struct Nuisances {
  let marker: MarkerNuisance?
  let border: BorderNuisance?
  let ring: RingNuisance?
  let cast: CastNuisance?
  let text: TextNuisance?

  /// Each from its own stream; those that are switched off are left out.
  init(
    of hands: [Hand], at layout: Layout, score: Int, options: PhantomOptions, stream: (String) -> RandomStream
  ) {
    let on = options.nuisances, size = options.size
    marker =
      on.contains(.marker)
      ? MarkerNuisance(of: hands, at: layout, size: size, score: score, habit: options.markerHabit, stream: stream("marker")) : nil
    border = on.contains(.border) ? BorderNuisance(layout: layout, size: size, stream: stream("border")) : nil
    ring = on.contains(.ring) ? RingNuisance(of: hands, at: layout, size: size, stream: stream("ring")) : nil
    cast = on.contains(.cast) ? CastNuisance(of: hands, at: layout, size: size, stream: stream("cast")) : nil
    text = on.contains(.text) ? TextNuisance(size: size, stream: stream("text")) : nil
  }

  /// What takes radiation out of the beam, in nepers.
  var attenuations: [Layer] { [cast?.layer, ring?.layer, marker?.layer, border?.attenuation].compactMap { $0 } }

  var present: Set<Nuisance> { Set(masks.map(\.0)) }

  var regions: [PhantomRegion] {
    masks.map {
      PhantomRegion(
        .nuisance, Region(id: $0.rawValue, name: $0.rawValue, laterality: .unspecified, source: .label(1), mask: $1))
    }
  }

  private var masks: [(Nuisance, Mask)] {
    let all: [(Nuisance, Mask?)] = [
      (.marker, marker?.layer.mask), (.border, border?.mask), (.ring, ring?.layer.mask), (.cast, cast?.layer.mask),
      (.text, text?.layer.mask),
    ]
    return all.compactMap { nuisance, mask in mask.flatMap { $0.isEmpty ? nil : (nuisance, $0) } }
  }
}
