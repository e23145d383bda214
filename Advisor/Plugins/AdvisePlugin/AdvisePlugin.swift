import Foundation
import PackagePlugin

/// `swift package advise`: runs the advisor over the package.
///
/// Arguments are passed on.
@main
struct AdvisePlugin: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) async throws {
        let tool = try context.tool(named: "strata-advise")
        let process = Process()
        process.executableURL = tool.url
        process.arguments = ["source"] + arguments + [context.package.directoryURL.path]
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            Diagnostics.error("The advisor ended with status \(process.terminationStatus).")
        }
    }
}
