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
  products: [
    .library(name: "CarpusKit", targets: ["CarpusKit"]),
    .executable(name: "carpus", targets: ["CarpusCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
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
    // 4
    library("CarpusScoring", ["CarpusAnatomy", "CarpusImaging"]),
    library("CarpusPhantom", ["CarpusScoring", "CarpusAnatomy", "CarpusImaging"]),
    library("CarpusStore", [.product(name: "GRDB", package: "GRDB.swift")]),
    // 5
    library(
      "CarpusReporting",
      ["CarpusAnatomy", "CarpusExplanation", "CarpusImaging", "CarpusTensors", .product(name: "Mustache", package: "swift-mustache")]),
    // 6
    library(
      "CarpusKit",
      [
        "CarpusTensors", "CarpusGraphs", "CarpusImaging", "CarpusONNX", "CarpusExplanation", "CarpusAnatomy", "CarpusScoring",
        "CarpusPhantom", "CarpusReporting", "CarpusStore",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // 7
    .executableTarget(
      name: "CarpusCLI",
      dependencies: ["CarpusAnatomy", "CarpusImaging", "CarpusKit", "CarpusPhantom", "CarpusReporting", "CarpusScoring", "CarpusTensors", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: swiftSettings),
    // tests
    .target(name: "CarpusTestSupport", dependencies: ["CarpusTensors", "CarpusGraphs"], path: "Tests/CarpusTestSupport", swiftSettings: swiftSettings),
    tests("TensorsTests", ["CarpusTensors", "CarpusTestSupport"]),
    tests("GraphsTests", ["CarpusGraphs", "CarpusTensors", "CarpusTestSupport"]),
    tests("ImagingTests", ["CarpusImaging", "CarpusTensors", "CarpusTestSupport"]),
    tests("ONNXTests", ["CarpusONNX", "CarpusGraphs", "CarpusTensors", "CarpusTestSupport"]),
    tests("ExplanationTests", ["CarpusExplanation", "CarpusGraphs", "CarpusONNX", "CarpusTensors", "CarpusTestSupport"]),
    tests("AnatomyTests", ["CarpusAnatomy", "CarpusImaging", "CarpusTensors", "CarpusTestSupport"]),
    tests("ScoringTests", ["CarpusScoring", "CarpusAnatomy", "CarpusImaging", "CarpusTestSupport"]),
    tests("StoreTests", ["CarpusStore"]),
    tests("PhantomTests", ["CarpusPhantom", "CarpusScoring", "CarpusAnatomy", "CarpusImaging", "CarpusTestSupport"]),
    tests(
      "ReportingTests", ["CarpusReporting", "CarpusAnatomy", "CarpusExplanation", "CarpusImaging", "CarpusTensors", "CarpusTestSupport"]),
    tests(
      "KitTests",
      [
        "CarpusKit", "CarpusCLI", "CarpusAnatomy", "CarpusExplanation", "CarpusImaging", "CarpusONNX", "CarpusPhantom", "CarpusReporting", "CarpusScoring",
        "CarpusStore", "CarpusTensors",
        "CarpusTestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
