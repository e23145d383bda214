// swift-tools-version: 6.2

import PackageDescription

// The settings of the main package, for the same reasons.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// A package of its own, because swift-syntax takes minutes to build and nobody who uses the maps and caches needs it.
let package = Package(
    name: "strata-advisor",
    products: [
        .executable(name: "strata-advise", targets: ["strata-advise"]),
        .plugin(name: "AdvisePlugin", targets: ["AdvisePlugin"]),
    ],
    dependencies: [
        .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(
            name: "AdvisorCore",
            dependencies: [
                .product(name: "SwiftSyntax", package: "swift-syntax"),
                .product(name: "SwiftParser", package: "swift-syntax"),
                .product(name: "SwiftOperators", package: "swift-syntax"),
            ]
        ),
        .target(
            name: "AdvisorLayout",
            dependencies: ["AdvisorCore", .product(name: "SwiftSyntax", package: "swift-syntax")]
        ),
        .target(
            name: "AdvisorRules",
            dependencies: ["AdvisorCore", "AdvisorLayout", .product(name: "SwiftSyntax", package: "swift-syntax")]
        ),
        .target(
            name: "AdvisorReports",
            dependencies: ["AdvisorCore", "AdvisorRules", "AdvisorLayout", .product(name: "Yams", package: "Yams")]
        ),
        .executableTarget(
            name: "strata-advise",
            dependencies: [
                "AdvisorCore", "AdvisorRules", "AdvisorLayout", "AdvisorReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .plugin(
            name: "AdvisePlugin",
            capability: .command(
                intent: .custom(
                    verb: "advise", description: "Reads the package's Swift source and says where it pays to change it."
                )
            ),
            dependencies: ["strata-advise"]
        ),
        .testTarget(
            name: "AdvisorTests",
            dependencies: [
                "AdvisorCore", "AdvisorRules", "AdvisorLayout", "AdvisorReports",
                .product(name: "SwiftSyntax", package: "swift-syntax"),
            ]
        ),
    ]
)

// The command plugin runs on the machine that builds, so SwiftPM builds swift-syntax for that once more when everything is built. The tests
// do without it.
if Context.environment["STRATA_ADVISOR_WITHOUT_PLUGIN"] != nil {
    package.targets.removeAll { $0.type == .plugin }
    package.products.removeAll { $0.name == "AdvisePlugin" }
}

for target in package.targets where target.type != .plugin {
    target.swiftSettings = settings
}
