// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where the environment says CI; a user's newer compiler may warn without failing.
let strict = Context.environment["CI"] != nil

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .strictMemorySafety(),
] + (strict ? [.treatAllWarnings(as: .error)] : [])
let cSettings: [CSetting] = strict ? [.treatAllWarnings(as: .error)] : []

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func cLibrary(_ name: String, _ dependencies: [Target.Dependency] = [], linking: [LinkerSetting] = []) -> Target {
  .target(name: name, dependencies: dependencies, cSettings: cSettings, linkerSettings: linking)
}

func systemLibrary(_ name: String, package: String, debian: String) -> Target {
  .systemLibrary(name: name, pkgConfig: package, providers: [.apt([debian])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
  name: "Carpus",
  targets: [
    // 0: C
    systemLibrary("CProtobufC", package: "libprotobuf-c", debian: "libprotobuf-c-dev"),
    systemLibrary("CLibPNG", package: "libpng", debian: "libpng-dev"),
    cLibrary("CCarpusKernels", linking: [.linkedLibrary("m")]),
    cLibrary("CCarpusONNX", ["CProtobufC"]),
    cLibrary("CCarpusPNG", ["CLibPNG"]),
    // 1
    library("CarpusTensors", ["CCarpusKernels"]),
    // 2
    library("CarpusGraphs", ["CarpusTensors"]),
    library("CarpusImaging", ["CarpusTensors", "CCarpusPNG"]),
    // 3
    library("CarpusONNX", ["CarpusGraphs", "CarpusTensors", "CCarpusONNX"]),
    library("CarpusExplanation", ["CarpusGraphs", "CarpusImaging", "CarpusTensors"]),
    library("CarpusAnatomy", ["CarpusImaging", "CarpusTensors"]),
    // tests
    .target(name: "CarpusTestSupport", dependencies: ["CarpusTensors", "CarpusGraphs"], path: "Tests/CarpusTestSupport", swiftSettings: swiftSettings),
    tests("TensorsTests", ["CarpusTensors", "CarpusTestSupport"]),
    tests("GraphsTests", ["CarpusGraphs", "CarpusTensors", "CarpusTestSupport"]),
    tests("ImagingTests", ["CarpusImaging", "CarpusTensors", "CarpusTestSupport"]),
    tests("ONNXTests", ["CarpusONNX", "CarpusGraphs", "CarpusTensors", "CarpusTestSupport"]),
    tests("ExplanationTests", ["CarpusExplanation", "CarpusGraphs", "CarpusONNX", "CarpusTensors", "CarpusTestSupport"]),
    tests("AnatomyTests", ["CarpusAnatomy", "CarpusImaging", "CarpusTensors", "CarpusTestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
