// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that users of Strata never resolve or build it. Measurements are made by `strata bench`.
let package = Package(
    name: "strata-benchmarks",
    dependencies: [
        .package(name: "strata", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // What `check-read-path` disassembles.
        .executableTarget(
            name: "read-path",
            dependencies: [.product(name: "Strata", package: "strata")],
            swiftSettings: [.treatAllWarnings(as: .error)]
        ),
        // What a hit of the first tier costs beside the hash store.
        .executableTarget(
            name: "peek-cost",
            dependencies: [
                .product(name: "Strata", package: "strata"), .product(name: "StrataTiering", package: "strata"),
                .product(name: "StrataTesting", package: "strata"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]
        ),
    ]
)
