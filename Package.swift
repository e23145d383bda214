// swift-tools-version: 6.2

import PackageDescription

// One list of settings for every Swift target, each with its reason.
let settings: [SwiftSetting] = [
    // Existential types cost a box and a dynamic call: they are to be seen where they are used.
    .enableUpcomingFeature("ExistentialAny"),
    // An import is part of a file's interface only where it says so.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // A member is visible only where its module is imported.
    .enableUpcomingFeature("MemberImportVisibility"),
    // A warning that is left standing hides the next one.
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "strata",
    products: [
        .library(name: "Strata", targets: ["Strata"]),
        .library(name: "StrataTiering", targets: ["StrataTiering"]),
        .library(name: "StrataRedis", targets: ["StrataRedis"]),
        .library(name: "StrataTesting", targets: ["StrataTesting"]),
        .library(name: "StrataFaultProxy", targets: ["StrataFaultProxy"]),
        .library(name: "StrataMonitor", targets: ["StrataMonitor"]),
        .library(name: "StrataProbe", targets: ["StrataProbe"]),
        .executable(name: "strata", targets: ["strata"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["JSON", "YAML", "CommandLineArguments", "Reloading"]
        ),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "CStrata"),
        .target(name: "Strata", dependencies: ["CStrata"]),
        .target(name: "StrataRESP"),
        .target(
            name: "StrataServer",
            dependencies: [
                "Strata", "StrataRESP", "StrataTiering", "StrataRedis", "StrataMonitor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ],
            // The dashboard works without a network, and the command as a lone file.
            resources: [.embedInCode("Dashboard/Assets")]
        ),
        .target(
            name: "StrataTiering",
            dependencies: [
                "Strata", "StrataMonitor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "StrataRedis",
            dependencies: [
                "StrataTiering", "StrataRESP", "StrataMonitor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "StrataTesting", dependencies: ["StrataTiering", .product(name: "Logging", package: "swift-log")]),
        .target(
            name: "StrataFaultProxy",
            dependencies: [
                "StrataTesting", "StrataTiering",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .target(
            name: "StrataMonitor",
            dependencies: ["Strata", .product(name: "Metrics", package: "swift-metrics")]
        ),
        .target(name: "CStrataProbe"),
        // Links the probe as a library of its own, which goes into the command as data: what is preloaded must not need a Swift runtime.
        .plugin(name: "EmbedProbe", capability: .buildTool()),
        .target(name: "StrataProbe", dependencies: ["CStrataProbe"], plugins: ["EmbedProbe"]),
        .target(name: "CStrataLab"),
        .target(
            name: "StrataLab",
            dependencies: [
                "Strata", "CStrataLab", "StrataRESP", "StrataTiering", "StrataRedis", "StrataMonitor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "strata",
            dependencies: [
                "StrataServer", "StrataLab", "StrataProbe", "StrataMonitor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "StrataTests", dependencies: ["Strata", "CStrata"]),
        .testTarget(name: "StrataRESPTests", dependencies: ["StrataRESP"]),
        .testTarget(
            name: "StrataMonitorTests",
            dependencies: ["StrataMonitor", "Strata", .product(name: "MetricsTestKit", package: "swift-metrics")]
        ),
        .testTarget(
            name: "StrataProbeTests", dependencies: ["StrataProbe", "CStrataProbe"], exclude: ["Fixtures"]),
        .testTarget(
            name: "StrataServerTests",
            dependencies: [
                "StrataServer", "StrataRESP", "Strata", "StrataMonitor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "StrataTieringTests",
            dependencies: [
                "StrataTiering", "StrataTesting", "Strata", "StrataMonitor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "StrataRedisTests",
            dependencies: [
                "StrataRedis", "StrataTiering", "StrataTesting", "StrataFaultProxy", "StrataRESP", "StrataMonitor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "StrataLabTests",
            dependencies: [
                "StrataLab", "StrataMonitor",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "StrataCommandTests",
            dependencies: ["strata", "StrataLab", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),
    ]
)

// The sanitizer builds and the simulation want a part alone, without the dependencies of the rest: those take minutes to build.
@MainActor func keep(targets names: [String], product: String, dependencies: [String]) {
    package.targets.removeAll { !names.contains($0.name) }
    package.products.removeAll { $0.name != product }
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return true }
        return !dependencies.contains { location.hasSuffix("/" + $0) }
    }
}
if Context.environment["STRATA_ENGINE_ONLY"] != nil {
    keep(
        targets: ["CStrata", "Strata", "StrataRESP", "StrataTests", "StrataRESPTests"], product: "Strata",
        dependencies: [])
}
if Context.environment["STRATA_TIERS_ONLY"] != nil {
    keep(
        targets: ["CStrata", "Strata", "StrataMonitor", "StrataTiering", "StrataTesting", "StrataTieringTests"],
        product: "StrataTiering",
        dependencies: ["swift-log", "swift-metrics", "swift-distributed-tracing", "swift-service-lifecycle"])
}
if Context.environment["STRATA_MONITOR_ONLY"] != nil {
    keep(
        targets: ["CStrata", "Strata", "StrataMonitor", "StrataMonitorTests"], product: "StrataMonitor",
        dependencies: ["swift-metrics"])
}
if Context.environment["STRATA_PROBE_ONLY"] != nil {
    keep(
        targets: ["CStrataProbe", "EmbedProbe", "StrataProbe", "StrataProbeTests"], product: "StrataProbe",
        dependencies: [])
}
if Context.environment["STRATA_REDIS_ONLY"] != nil {
    keep(
        targets: [
            "CStrata", "Strata", "StrataRESP", "StrataMonitor", "StrataTiering", "StrataTesting", "StrataFaultProxy",
            "StrataRedis",
            "StrataRedisTests", "StrataRESPTests",
        ], product: "StrataRedis",
        dependencies: [
            "swift-log", "swift-metrics", "swift-distributed-tracing", "swift-service-lifecycle", "swift-nio",
            "swift-nio-ssl",
        ])
}

for target in package.targets where !target.name.hasPrefix("CStrata") && target.type != .plugin {
    target.swiftSettings = settings
}
