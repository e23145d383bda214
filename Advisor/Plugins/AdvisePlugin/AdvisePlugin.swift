import Foundation
import PackagePlugin

/// `swift package advise`: runs the advisor over the package.
///
/// Arguments are passed on; `layout` and `rules` as the first word are what they are for `strata-advise`, and a path that is named is read instead of the whole
/// package.
@main
struct AdvisePlugin: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) async throws {
        let tool = try context.tool(named: "strata-advise")
        let package = context.package.directoryURL
        let process = Process()
        process.executableURL = tool.url
        // Settings are read from the package's folder, and paths are relative to it.
        process.currentDirectoryURL = package
        if let first = arguments.first, ["source", "layout", "rules"].contains(first) {
            process.arguments = arguments
        } else {
            let namesPath = arguments.contains {
                !$0.hasPrefix("-") && FileManager.default.fileExists(atPath: package.appending(path: $0).path)
            }
            process.arguments = ["source"] + arguments + (namesPath ? [] : ["."])
        }
        try process.run()
        process.waitUntilExit()
        switch process.terminationStatus {
        case 0: break
        case 1: Diagnostics.error("There are findings that count.")
        default: Diagnostics.error("The advisor ended with status \(process.terminationStatus).")
        }
    }
}
