import Foundation
import PackagePlugin

/// Links the C sources of the probe as a shared library and turns its bytes into a Swift source.
///
/// A library product of the package wouldn't do: it would need the Swift runtime, and what is preloaded into a program that has its own must not
/// bring a second one.
@main
struct EmbedProbe: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let sources = context.package.directoryURL.appending(path: "Sources/CStrataProbe")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).sorted()
            .map { sources.appending(path: $0) }
        let parts = files.filter { $0.pathExtension == "c" && $0.lastPathComponent.hasPrefix("probe_") }
        let headers = files.filter { $0.pathExtension == "h" }
        let script = context.package.directoryURL.appending(path: "Plugins/EmbedProbe/embed.sh")
        let output = context.pluginWorkDirectoryURL.appending(path: "ProbeImage.swift")
        let clang = try context.tool(named: "clang").url
        return [
            .buildCommand(
                displayName: "Linking the probe that is preloaded", executable: URL(filePath: "/bin/sh"),
                arguments: [script.path, clang.path, output.path, sources.appending(path: "include").path]
                    + parts.map(\.path),
                inputFiles: parts + headers + [script], outputFiles: [output])
        ]
    }
}
