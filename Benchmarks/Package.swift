// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that users of Strata never resolve or build it.
let package = Package(
    name: "strata-benchmarks",
    dependencies: [
        .package(name: "strata", path: "..")
    ],
    targets: [
        // ConcurrentMap beside Dictionary + Mutex, and Cache: `swift run -c release map-benchmark`.
        .executableTarget(
            name: "map-benchmark",
            dependencies: [.product(name: "Strata", package: "strata")],
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    ]
)
