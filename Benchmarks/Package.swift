// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that users of Strata never resolve or build it. Measurements are made by `strata bench`.
let package = Package(
    name: "strata-benchmarks",
    dependencies: [
        .package(name: "strata", path: "..")
    ],
    targets: [
        // What `check-read-path` disassembles.
        .executableTarget(
            name: "read-path",
            dependencies: [.product(name: "Strata", package: "strata")],
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    ]
)
